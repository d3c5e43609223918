//! The study file as a tree in which every key and value knows its place, so that messages can point at it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// Where something stands: byte range in the study file, or in the text of an override.
pub type Span = Range<usize>;

/// A value of the study file.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A date, as written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its place.
    pub span: Span,
}

/// A table: keys in file order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One `key = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its place.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Table {
    /// Takes an entry out.
    pub fn take(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Sets `key`, replacing what was there.
    pub fn set(&mut self, key: &str, node: Node) {
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.node = node,
            None => self.entries.push(Entry { key: key.to_owned(), key_span: node.span.clone(), node }),
        }
    }

    /// The leaves below this table with dotted keys: `cantilever = { k = .. }` gives `cantilever.k`.
    pub fn flattened(&self) -> Vec<Entry> {
        let mut leaves = Vec::new();
        for entry in &self.entries {
            match &entry.node.value {
                Value::Table(inner) => leaves.extend(
                    inner.flattened().into_iter().map(|leaf| Entry { key: format!("{}.{}", entry.key, leaf.key), ..leaf }),
                ),
                _ => leaves.push(entry.clone()),
            }
        }
        leaves
    }
}

impl Node {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "text",
            Value::Integer(_) | Value::Number(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// As people wrote it, where it is a plain value.
    pub fn as_text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Date(text) => Some(text.clone()),
            Value::Integer(value) => Some(value.to_string()),
            Value::Number(value) => Some(value.to_string()),
            Value::Boolean(value) => Some(value.to_string()),
            Value::List(_) | Value::Table(_) => None,
        }
    }

    /// As JSON, for the parameters of a method.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Text(text) | Value::Date(text) => text.clone().into(),
            Value::Integer(value) => (*value).into(),
            Value::Number(value) => (*value).into(),
            Value::Boolean(value) => (*value).into(),
            Value::List(items) => items.iter().map(Node::to_json).collect::<Vec<_>>().into(),
            Value::Table(table) => {
                let pairs = table.entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json()));
                serde_json::Value::Object(pairs.collect())
            }
        }
    }
}

/// Reads TOML.
///
/// # Errors
/// What the TOML reader found, and where.
pub fn parse(text: &str) -> Result<Table, (String, Span)> {
    match DeTable::parse(text) {
        Ok(table) => Ok(convert_table(table.get_ref())),
        Err(error) => Err((error.message().to_owned(), error.span().unwrap_or(0..0))),
    }
}

/// Reads the value of an override: TOML where it is TOML, else plain text.
pub fn parse_value(text: &str) -> Node {
    let value = DeValue::parse(text).map(|value| convert(value.get_ref()));
    Node { value: value.unwrap_or_else(|_| Value::Text(text.to_owned())), span: 0..0 }
}

fn convert_table(table: &DeTable<'_>) -> Table {
    let entry = |(key, node): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| Entry {
        key: key.get_ref().to_string(),
        key_span: key.span(),
        node: Node { value: convert(node.get_ref()), span: node.span() },
    };
    Table { entries: table.iter().map(entry).collect() }
}

fn convert(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(value) => Value::Integer(value),
            Err(_) => Value::Text(integer.as_str().to_owned()),
        },
        DeValue::Float(float) => Value::Number(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| Node { value: convert(item.get_ref()), span: item.span() }).collect())
        }
        DeValue::Table(table) => Value::Table(convert_table(table)),
    }
}
