use std::collections::BTreeMap;

use crate::core::outcome::ConstantRecord;
use crate::core::unit::{Quantity, Unit};

use super::MethodError;

/// A constant that a measurement of some technique may state.
#[derive(Debug, Clone, Copy)]
pub struct ConstantInfo {
    /// Key in the study, in Python and in results.
    pub key: &'static str,
    /// Other spellings in the study, for instance `cantilever.k`.
    pub aliases: &'static [&'static str],
    /// Symbol.
    pub symbol: &'static str,
    /// Quantity with a unit, or a choice.
    pub kind: ConstantKind,
    /// What it is.
    pub description: &'static str,
    /// Where it is found when no file has it.
    pub found_by: &'static str,
}

impl ConstantInfo {
    /// A constant that is a quantity of the dimension of `unit` (`""` for plain numbers).
    pub const fn quantity(
        key: &'static str,
        aliases: &'static [&'static str],
        symbol: &'static str,
        unit: &'static str,
        description: &'static str,
        found_by: &'static str,
    ) -> Self {
        Self { key, aliases, symbol, kind: ConstantKind::Quantity(unit), description, found_by }
    }
}

/// What kind of value a constant has.
#[derive(Debug, Clone, Copy)]
pub enum ConstantKind {
    /// A quantity of the dimension of this unit (`""` for plain numbers).
    Quantity(&'static str),
    /// One of these words.
    Choice(&'static [Choice]),
}

/// A word that a constant may take.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// The word.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
}

/// The value of a constant.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstantValue {
    /// A quantity.
    Quantity(Quantity),
    /// A word.
    Choice(String),
}

/// A constant and who said so.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Its value.
    pub value: ConstantValue,
    /// `study`, or the place in the instrument file.
    pub origin: String,
}

/// The constants of one measurement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Constants {
    entries: BTreeMap<String, Constant>,
    placeholders: BTreeMap<String, String>,
}

/// A constant that a method needs and that nobody stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingConstant {
    /// Its key.
    pub key: &'static str,
    /// What it is and which values it may take.
    pub description: String,
    /// Where it is found.
    pub found_by: String,
}

impl ConstantKind {
    /// `N/m`, or the choices.
    pub fn describe(&self) -> String {
        match self {
            Self::Quantity("") => "a number".to_owned(),
            Self::Quantity(unit) => format!("in {unit}"),
            Self::Choice(choices) => choices.iter().map(|choice| choice.name).collect::<Vec<_>>().join(" | "),
        }
    }
}

impl Constants {
    /// States a constant; a later statement replaces an earlier one.
    pub fn insert(&mut self, key: &str, value: ConstantValue, origin: &str) {
        self.entries.insert(key.to_owned(), Constant { value, origin: origin.to_owned() });
    }

    /// States a quantity in the study's own words, for programs and tests.
    ///
    /// # Errors
    /// [`MethodError::Unit`] when the text is not a quantity.
    pub fn with_quantity(mut self, key: &str, text: &str) -> Result<Self, MethodError> {
        self.insert(key, ConstantValue::Quantity(Quantity::parse(text)?), "caller");
        Ok(self)
    }

    /// States a choice, for programs and tests.
    #[must_use]
    pub fn with_choice(mut self, key: &str, word: &str) -> Self {
        self.insert(key, ConstantValue::Choice(word.to_owned()), "caller");
        self
    }

    /// Remembers that a file holds only a manufacturer's default for this constant.
    pub fn insert_placeholder(&mut self, key: &str, reason: &str) {
        self.placeholders.insert(key.to_owned(), reason.to_owned());
    }

    /// The quantity under `info.key`, its dimension checked; `None` when nobody stated it.
    ///
    /// # Errors
    /// [`MethodError::Unit`] or [`MethodError::BadConstant`].
    pub fn quantity(&self, info: &ConstantInfo) -> Result<Option<&Quantity>, MethodError> {
        let ConstantKind::Quantity(unit) = info.kind else {
            return Err(self.bad(info, "is a choice, not a quantity"));
        };
        match self.entries.get(info.key).map(|constant| &constant.value) {
            None => Ok(None),
            Some(ConstantValue::Quantity(quantity)) => {
                quantity.unit.require(&Unit::of(unit)).map_err(|source| MethodError::ConstantUnit { key: info.key, source })?;
                Ok(Some(quantity))
            }
            Some(ConstantValue::Choice(_)) => Err(self.bad(info, "must be a quantity")),
        }
    }

    /// The quantity under `info.key` where it is stated, which must be finite and keep a rule; `reason` says the rule.
    ///
    /// # Errors
    /// As [`Constants::quantity`].
    pub fn checked(
        &self,
        info: &ConstantInfo,
        keeps: impl Fn(f64) -> bool,
        reason: &'static str,
    ) -> Result<Option<Quantity>, MethodError> {
        match self.quantity(info)? {
            Some(quantity) if !(quantity.value.is_finite() && keeps(quantity.value)) => Err(self.bad(info, reason)),
            stated => Ok(stated.cloned()),
        }
    }

    /// The quantity where it is stated, which must be greater than zero.
    ///
    /// # Errors
    /// As [`Constants::quantity`].
    pub fn positive(&self, info: &ConstantInfo) -> Result<Option<Quantity>, MethodError> {
        self.checked(info, |value| value > 0.0, "must be greater than zero")
    }

    /// Poisson's ratio of an isotropic solid where it is stated.
    ///
    /// # Errors
    /// As [`Constants::quantity`].
    pub fn poisson_ratio(&self, info: &ConstantInfo) -> Result<Option<Quantity>, MethodError> {
        self.checked(info, |value| value > -1.0 && value <= 0.5, "must lie between -1 and 0.5")
    }

    /// All of these, or one error that names every one that is missing.
    ///
    /// # Errors
    /// [`MethodError::MissingConstants`].
    pub fn required<const N: usize>(
        &self,
        method: &'static str,
        stated: [(&ConstantInfo, Option<Quantity>); N],
    ) -> Result<[Quantity; N], MethodError> {
        let missing = stated.iter().filter(|(_, found)| found.is_none()).map(|(info, _)| self.missing(info)).collect();
        let found: Vec<Quantity> = stated.into_iter().filter_map(|(_, found)| found).collect();
        <[Quantity; N]>::try_from(found).map_err(|_| MethodError::MissingConstants { method, missing })
    }

    /// The word under `info.key`; `None` when nobody stated it.
    ///
    /// # Errors
    /// [`MethodError::BadConstant`] for a word that is not among the choices.
    pub fn choice(&self, info: &ConstantInfo) -> Result<Option<&'static str>, MethodError> {
        let ConstantKind::Choice(choices) = info.kind else {
            return Err(self.bad(info, "is a quantity, not a choice"));
        };
        match self.entries.get(info.key).map(|constant| &constant.value) {
            None => Ok(None),
            Some(ConstantValue::Choice(word)) => {
                let known = choices.iter().find(|choice| choice.name == word);
                known.map(|choice| Some(choice.name)).ok_or_else(|| self.bad(info, "is not one of the choices"))
            }
            Some(ConstantValue::Quantity(_)) => Err(self.bad(info, "must be one of the choices")),
        }
    }

    /// Describes a constant that is needed and absent.
    pub fn missing(&self, info: &ConstantInfo) -> MissingConstant {
        let placeholder = self.placeholders.get(info.key);
        let found_by = match placeholder {
            Some(reason) => format!("the file holds only a placeholder ({reason}); {}", info.found_by),
            None => info.found_by.to_owned(),
        };
        MissingConstant { key: info.key, description: format!("{} ({})", info.description, info.kind.describe()), found_by }
    }

    /// For the provenance: the constants among `keys` that were stated.
    pub fn records(&self, keys: &[&str]) -> Vec<ConstantRecord> {
        let record = |(key, constant): (&String, &Constant)| ConstantRecord {
            key: key.clone(),
            value: constant.value.to_string(),
            origin: constant.origin.clone(),
        };
        self.entries.iter().filter(|(key, _)| keys.contains(&key.as_str())).map(record).collect()
    }

    /// All stated constants, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Constant)> {
        self.entries.iter().map(|(key, constant)| (key.as_str(), constant))
    }

    fn bad(&self, info: &ConstantInfo, reason: &'static str) -> MethodError {
        let found = self.entries.get(info.key).map(|constant| constant.value.to_string()).unwrap_or_default();
        MethodError::BadConstant { key: info.key, found, reason, expected: info.kind.describe() }
    }
}

impl std::fmt::Display for ConstantValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Choice(word) => f.write_str(word),
        }
    }
}
