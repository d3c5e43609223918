use super::{LiteratureValue, Source};
use crate::method::nearest;

/// What is looked for; what is left empty does not narrow the search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Words that must all occur in material, property, condition, quantity or source; case does not matter.
    pub words: String,
    /// Material, as a composition in any order of the elements, or part of its name.
    pub alloy: Option<String>,
    /// Quantity, or key of an estimate.
    pub quantity: Option<String>,
    /// Paper, by its short name, or part of the reference.
    pub paper: Option<String>,
}

/// A name that nothing in the table has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no published value has the {what} '{found}'{}",
    if near.is_empty() { format!("; there are: {}", known.join(", ")) } else { format!("; did you mean {}?", near.join(" or ")) }
)]
pub struct NothingNamed {
    /// What it should name: alloy, quantity or paper.
    pub what: &'static str,
    /// The name.
    pub found: String,
    /// Names that are close.
    pub near: Vec<String>,
    /// All names there are.
    pub known: Vec<String>,
}

impl Query {
    /// The values that fit, in the order of the table.
    ///
    /// # Errors
    /// [`NothingNamed`] when no value has the alloy, the quantity or the paper asked for.
    pub fn among<'a>(&self, values: &[&'a LiteratureValue]) -> Result<Vec<&'a LiteratureValue>, NothingNamed> {
        let mut found: Vec<&LiteratureValue> = values.to_vec();
        let filters: [(&'static str, &Option<String>, Matches, Names); 3] = [
            ("alloy", &self.alloy, is_of_alloy, |value| value.alloy.clone()),
            ("quantity", &self.quantity, is_of_quantity, |value| value.quantity.clone()),
            ("paper", &self.paper, is_of_paper, |value| value.source.tag().to_owned()),
        ];
        for (what, wanted, matches, name) in filters {
            let Some(wanted) = wanted else { continue };
            if !values.iter().any(|value| matches(value, wanted)) {
                return Err(nothing_named(what, wanted, values.iter().map(|value| name(value)).collect()));
            }
            found.retain(|value| matches(value, wanted));
        }
        let words: Vec<String> = self.words.split_whitespace().map(str::to_lowercase).collect();
        found.retain(|value| has_words(value, &words));
        Ok(found)
    }
}

type Matches = fn(&LiteratureValue, &str) -> bool;
type Names = fn(&LiteratureValue) -> String;

fn is_of_alloy(value: &LiteratureValue, wanted: &str) -> bool {
    let same = |name: &str| composition(name).is_some_and(|named| composition(wanted).is_some_and(|asked| named == asked));
    value.alloy.to_lowercase().contains(&wanted.to_lowercase()) || value.alloy.split([' ', ',', '(', ')']).any(same)
}

fn is_of_quantity(value: &LiteratureValue, wanted: &str) -> bool {
    let wanted = wanted.trim().replace([' ', '-'], "_").to_lowercase();
    value.quantity == wanted || value.key == wanted
}

fn is_of_paper(value: &LiteratureValue, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    value.source.tag().to_lowercase() == wanted || value.source.reference().to_lowercase().contains(&wanted)
}

pub(super) fn has_words(value: &LiteratureValue, words: &[String]) -> bool {
    let source: &Source = &value.source;
    let texts =
        [&*value.alloy, &value.property, &value.condition, &value.key, &value.quantity, &value.symbol, source.reference()];
    let texts = texts.map(str::to_lowercase);
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// `Zr70Ni30` as elements with their amounts in thousandths, sorted; `None` for what is no composition.
fn composition(text: &str) -> Option<Vec<(String, u32)>> {
    let mut parts: Vec<(String, u32)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let first = rest.chars().next().filter(char::is_ascii_uppercase)?;
        let element: String =
            std::iter::once(first).chain(rest.chars().skip(1).take_while(char::is_ascii_lowercase).take(1)).collect();
        rest = &rest[element.len()..];
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let amount: f64 = if length == 0 { 1.0 } else { rest[..length].parse().ok()? };
        parts.push((element, (1000.0 * amount).round() as u32));
        rest = &rest[length..];
    }
    parts.sort();
    (parts.len() > 1).then_some(parts)
}

fn nothing_named(what: &'static str, wanted: &str, mut known: Vec<String>) -> NothingNamed {
    known.sort();
    known.dedup();
    let lower = wanted.to_lowercase();
    let part = |name: &&String| {
        let words = lower.split(['_', ' ', '-']).filter(|word| word.len() > 3);
        words.into_iter().any(|word| name.to_lowercase().contains(word))
    };
    let mut near: Vec<String> = known.iter().filter(part).take(3).cloned().collect();
    if let Some(close) = nearest(wanted, known.iter().map(String::as_str)).map(str::to_owned)
        && !near.contains(&close)
    {
        near.insert(0, close);
    }
    NothingNamed { what, found: wanted.to_owned(), near, known }
}
