use super::node::{Entry, Node, Span, Table, Value};
use super::problem::{Problem, ProblemKind};
use crate::core::unit::{Quantity, Unit, UnitError};

/// An entry of a list of files.
pub(crate) enum Group {
    /// A name or a pattern.
    Pattern(String, Span),
    /// Names that belong together.
    Together(Vec<String>, Span),
}

/// Takes known keys out of a table and reports everything that is wrong or left over.
pub(crate) struct Reader<'p> {
    name: &'static str,
    table: Table,
    span: Span,
    known: Vec<&'static str>,
    problems: &'p mut Vec<Problem>,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(name: &'static str, table: Table, span: Span, problems: &'p mut Vec<Problem>) -> Self {
        Self { name, table, span, known: Vec::new(), problems }
    }

    fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.known.push(key);
        self.table.take(key)
    }

    fn wrong_kind(&mut self, entry: &Entry, expected: &'static str) {
        let kind = ProblemKind::WrongKind { key: entry.key.clone(), expected, found: entry.node.kind() };
        self.problems.push(Problem { span: entry.node.span.clone(), kind });
    }

    /// A text, with its place.
    pub(crate) fn word(&mut self, key: &'static str) -> Option<(String, Span)> {
        let entry = self.take(key)?;
        match &entry.node.value {
            Value::Text(text) => Some((text.clone(), entry.node.span.clone())),
            _ => {
                self.wrong_kind(&entry, "text in quotes");
                None
            }
        }
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let entry = self.take(key)?;
        match &entry.node.value {
            Value::Boolean(value) => Some(*value),
            _ => {
                self.wrong_kind(&entry, "true or false");
                None
            }
        }
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        self.word(key).map(|(text, _)| text)
    }

    /// A text or a list of texts, with their places.
    pub(crate) fn texts(&mut self, key: &'static str) -> Option<Vec<(String, Span)>> {
        let entry = self.take(key)?;
        let items = match &entry.node.value {
            Value::List(items) => items.clone(),
            _ => vec![entry.node.clone()],
        };
        let mut texts = Vec::new();
        for item in items {
            match item.value {
                Value::Text(text) => texts.push((text, item.span)),
                _ => self.wrong_kind(&entry, "a list of texts in quotes"),
            }
        }
        Some(texts)
    }

    /// A text or a list in which every entry is a text or a list of texts that belong together.
    pub(crate) fn groups(&mut self, key: &'static str) -> Option<Vec<Group>> {
        const EXPECTED: &str = "a list of texts in quotes, or of lists of texts that belong together";
        let entry = self.take(key)?;
        let items = match &entry.node.value {
            Value::List(items) => items.clone(),
            _ => vec![entry.node.clone()],
        };
        let mut groups = Vec::new();
        for item in items {
            match item.value {
                Value::Text(text) => groups.push(Group::Pattern(text, item.span)),
                Value::List(inner) => {
                    let texts: Option<Vec<String>> = inner.iter().map(super::node::Node::as_text).collect();
                    match texts.filter(|texts| !texts.is_empty()) {
                        Some(texts) => groups.push(Group::Together(texts, item.span)),
                        None => self.wrong_kind(&entry, EXPECTED),
                    }
                }
                _ => self.wrong_kind(&entry, EXPECTED),
            }
        }
        Some(groups)
    }

    /// A quantity of the dimension of `unit`.
    pub(crate) fn quantity(&mut self, key: &'static str, unit: &str, example: &str) -> Option<Quantity> {
        let node = self.node(key)?;
        let read = Quantity::parse_as(&node.as_text().unwrap_or_default(), &Unit::of(unit));
        self.understood(key, &node, read, example)
    }

    /// A quantity of any dimension.
    pub(crate) fn any_quantity(&mut self, key: &'static str, example: &str) -> Option<Quantity> {
        let node = self.node(key)?;
        let read = Quantity::parse(&node.as_text().unwrap_or_default());
        self.understood(key, &node, read, example)
    }

    fn understood(&mut self, key: &str, node: &Node, read: Result<Quantity, UnitError>, example: &str) -> Option<Quantity> {
        let reported = |error| ProblemKind::Quantity { key: key.to_owned(), error, expected: format!("as in {example}") };
        read.map_err(|error| self.report(node, reported(error))).ok()
    }

    /// Any value.
    pub(crate) fn node(&mut self, key: &'static str) -> Option<Node> {
        self.take(key).map(|entry| entry.node)
    }

    /// Reports something wrong at a value.
    pub(crate) fn report(&mut self, node: &Node, kind: ProblemKind) {
        self.problems.push(Problem { span: node.span.clone(), kind });
    }

    /// Where problems are reported.
    pub(crate) fn problems(&mut self) -> &mut Vec<Problem> {
        self.problems
    }

    /// A whole number that is not negative.
    pub(crate) fn whole_number(&mut self, key: &'static str) -> Option<u64> {
        let entry = self.take(key)?;
        match entry.node.value {
            Value::Integer(value) if value >= 0 => Some(value.unsigned_abs()),
            _ => {
                self.wrong_kind(&entry, "a whole number that is not negative");
                None
            }
        }
    }

    /// A table, with its place.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<(Table, Span)> {
        let entry = self.take(key)?;
        match entry.node.value {
            Value::Table(table) => Some((table, entry.node.span)),
            _ => {
                self.wrong_kind(&entry, "a table");
                None
            }
        }
    }

    /// A list of tables (`[[key]]`), with their places.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<(Table, Span)> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        let items = match &entry.node.value {
            Value::List(items) => items.clone(),
            _ => Vec::new(),
        };
        let count = items.len();
        let tables: Vec<_> = items
            .into_iter()
            .filter_map(|item| match item.value {
                Value::Table(table) => Some((table, item.span)),
                _ => None,
            })
            .collect();
        if tables.len() != count || count == 0 {
            self.wrong_kind(&entry, "a list of tables, written [[...]]");
        }
        tables
    }

    /// All remaining plain values as facts in the user's own words.
    pub(crate) fn facts(mut self) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        for entry in std::mem::take(&mut self.table).flattened() {
            match entry.node.as_text() {
                Some(text) => facts.push((entry.key, text)),
                None => self.wrong_kind(&entry, "a plain value"),
            }
        }
        facts
    }

    /// Reports a missing key.
    pub(crate) fn require(&mut self, key: &'static str, present: bool, example: &'static str) {
        let wrongly_written = self.problems.iter().any(|problem| match &problem.kind {
            ProblemKind::WrongKind { key: reported, .. } => reported == key,
            _ => false,
        });
        if !present && !wrongly_written {
            let kind = ProblemKind::MissingKey { key, table: self.name.to_owned(), example };
            self.problems.push(Problem { span: self.span.clone(), kind });
        }
    }

    /// The keys that were not taken.
    pub(crate) fn into_rest(self) -> Table {
        self.table
    }

    /// Reports the keys that were not taken.
    pub(crate) fn finish(self) {
        let known: Vec<String> = self.known.iter().map(|key| (*key).to_owned()).collect();
        for entry in self.table.entries {
            let kind = ProblemKind::UnknownKey { key: entry.key, table: self.name.to_owned(), known: known.clone() };
            self.problems.push(Problem { span: entry.key_span, kind });
        }
    }
}
