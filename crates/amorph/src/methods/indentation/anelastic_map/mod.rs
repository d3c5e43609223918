//! `indentation.anelastic_map`: maps of modulus, relaxation time and viscosity, and what of their scatter is the sample's.

pub mod algorithm;
mod figures;
pub mod length;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// The scatter between the sites of a state after the error of measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnelasticMap {
    /// Permutations of the test for correlation between neighbours.
    #[schemars(range(min = 99))]
    pub permutations: usize,
}

impl Default for AnelasticMap {
    fn default() -> Self {
        Self { permutations: 999 }
    }
}

/// One quantity at the sites where it is identified.
#[derive(Debug, Clone)]
struct Field {
    quantity: &'static Quantity,
    values: Vec<f64>,
    errors: Vec<f64>,
    places: Vec<Option<[f64; 2]>>,
}

#[derive(Debug)]
struct Quantity {
    key: &'static str,
    symbol: &'static str,
    unit: &'static str,
    shown: &'static str,
    title: &'static str,
}

static QUANTITIES: [Quantity; 3] = [
    Quantity { key: "shear_modulus", symbol: "G", unit: "Pa", shown: "GPa", title: "shear modulus" },
    Quantity { key: "relaxation_time", symbol: "t_c", unit: "s", shown: "ms", title: "relaxation time" },
    Quantity { key: "viscosity", symbol: "η", unit: "Pa s", shown: "MPa s", title: "viscosity" },
];

/// What [`AnelasticMap`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    fields: Vec<Field>,
    /// Sites of all records, fitted or not.
    n_sites: usize,
    /// Site and why it has no value.
    lost: Vec<(String, String)>,
    several_records: bool,
}

const CONTACT: &str = "indentation.anelastic_contact";

/// Fewest sites for a statement about scatter.
const FEWEST: usize = 8;

impl Method for AnelasticMap {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.anelastic_map",
        family: "indentation",
        version: 1,
        title: "Maps of anelastic contact",
        summary: "Maps and histograms of modulus, relaxation time and viscosity, and the scatter of the sample after the error of measurement.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::State,
        after: &[CONTACT],
        constants: &[],
        outputs: &[
            output("shear_modulus_mean", "⟨G⟩", "Pa", "mean over the sites"),
            output("shear_modulus_measured_sd", "sd G", "Pa", "standard deviation between sites as measured"),
            output("shear_modulus_intrinsic_sd", "s_G", "Pa", "standard deviation between sites after measurement error"),
            output("shear_modulus_heterogeneity", "", "", "share of the observed variance that is the sample's"),
            output(
                "shear_modulus_correlation_length",
                "ξ_G",
                "m",
                "distance over which neighbouring sites are alike, error taken off",
            ),
            output("relaxation_time_mean", "⟨t_c⟩", "s", "mean over the sites"),
            output("relaxation_time_measured_sd", "sd t_c", "s", "standard deviation between sites as measured"),
            output("relaxation_time_intrinsic_sd", "s_tc", "s", "standard deviation between sites after measurement error"),
            output("relaxation_time_heterogeneity", "", "", "share of the observed variance that is the sample's"),
            output(
                "relaxation_time_correlation_length",
                "ξ_tc",
                "m",
                "distance over which neighbouring sites are alike, error taken off",
            ),
            output("viscosity_mean", "⟨η⟩", "Pa s", "mean over the sites"),
            output("viscosity_measured_sd", "sd η", "Pa s", "standard deviation between sites as measured"),
            output("viscosity_intrinsic_sd", "s_η", "Pa s", "standard deviation between sites after measurement error"),
            output("viscosity_heterogeneity", "", "", "share of the observed variance that is the sample's"),
            output(
                "viscosity_correlation_length",
                "ξ_η",
                "m",
                "distance over which neighbouring sites are alike, error taken off",
            ),
        ],
        covers: &["Q19-3.2-h", "Q19-3.2-i"],
        references: &[
            "Qiao et al. (2019), review, section 3.2",
            "J. Hartung, G. Knapp, Stat. Med. 20, 3875 (2001)",
            "P. A. P. Moran, Biometrika 37, 17 (1950)",
            "H. D. Patterson, R. Thompson, Biometrika 58, 545 (1971)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if self.permutations < 99 {
            let message = format!("permutations = {} is too few for a probability; at least 99 are needed", self.permutations);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let of_contact = dataset.upstream.iter().filter(|upstream| upstream.method == CONTACT);
        let tables: Vec<_> = of_contact.filter_map(|upstream| upstream.outcome.table("sites")).collect();
        if tables.is_empty() {
            return Err(IndentationError::NoSites.into());
        }
        let mut input = Input {
            fields: QUANTITIES.iter().map(Field::empty).collect(),
            n_sites: 0,
            lost: Vec::new(),
            several_records: tables.len() > 1,
        };
        for table in tables {
            input.add(table)?;
        }
        input.fields.retain(|field| !field.values.is_empty());
        let found = input.fields.iter().map(|field| field.values.len()).max().unwrap_or(0);
        if found < FEWEST {
            let what = "identified sites".to_owned();
            return Err(IndentationError::TooFewPoints { what, found, needed: FEWEST }.into());
        }
        input.fields.retain(|field| field.values.len() >= FEWEST);
        Ok(input)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl Field {
    fn empty(quantity: &'static Quantity) -> Self {
        Self { quantity, values: Vec::new(), errors: Vec::new(), places: Vec::new() }
    }

    /// Places of all values, where every one has one.
    fn positions(&self) -> Option<Vec<[f64; 2]>> {
        self.places.iter().copied().collect()
    }
}

impl Input {
    fn add(&mut self, table: &crate::core::data::Table) -> Result<(), MethodError> {
        let (x, y) = (table.numbers("x")?.1, table.numbers("y")?.1);
        self.n_sites += table.n_rows();
        for field in &mut self.fields {
            let values = table.numbers(field.quantity.key)?.1;
            let errors = table.numbers(&format!("{}_std", field.quantity.key))?.1;
            for (row, (value, error)) in values.iter().zip(errors).enumerate() {
                if value.is_finite() && *error > 0.0 && error.is_finite() {
                    field.values.push(*value);
                    field.errors.push(*error);
                    field.places.push((x[row].is_finite() && y[row].is_finite()).then(|| [x[row], y[row]]));
                }
            }
        }
        self.lost.extend(lost(table));
        Ok(())
    }
}

fn lost(table: &crate::core::data::Table) -> Vec<(String, String)> {
    let text = |name: &str| {
        let column = table.columns.iter().find(|column| column.name == name);
        column.and_then(|column| match &column.values {
            crate::core::data::ColumnValues::Text(values) => Some(values.clone()),
            crate::core::data::ColumnValues::Numbers(_) => None,
        })
    };
    let (Some(names), Some(models), Some(flags)) = (text("name"), text("model"), text("flags")) else { return Vec::new() };
    let rows = names.into_iter().zip(models).zip(flags);
    let bad = |model: &str, flags: &str| model.is_empty() || flags.contains("not_identified");
    rows.filter(|((_, model), flags)| bad(model, flags)).map(|((name, _), flags)| (name, flags)).collect()
}
