//! Every number of the four source papers, recomputed from the models.
//!
//! `claims.csv` holds what the papers print, the window within which a recomputed value agrees, and why one does not; nothing
//! computed is in it. The values come from [`theory`](crate::theory), one closure per claim, grouped by paper; whether a claim
//! holds follows from value and window. [`coverage`] says which method, model or virtual instrument covers each row of the
//! inventory of the papers, from what those declare.

mod claims;
mod coverage;
mod discrepancies;
mod dossier;
mod figures;
mod idrissi;
mod lu;
mod parity;
mod qiao;
mod table_one;
#[cfg(test)]
mod tests;
mod yang;

pub use claims::{Claim, claims};
pub use coverage::{Coverage, InventoryRow, coverage, inventory};
pub use discrepancies::{Discrepancy, Shown, discrepancies};
pub use dossier::{dossier, published_text};
pub use figures::figures;

use crate::core::unit::Unit;
use crate::theory::TheoryError;

/// What the papers take for granted; changed only to see what depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumptions {
    /// Room temperature of all experiments, K.
    pub temperature: f64,
    /// Exponent of the energy per particle (Lu et al.).
    pub size_exponent: f64,
    /// Interaction length (Lu et al.), m.
    pub interaction_length: f64,
    /// Shear strain at which a zone yields.
    pub critical_strain: f64,
    /// Confinement of a zone by the matrix.
    pub zeta: f64,
    /// Slow β energy over `R Tg`.
    pub beta_multiple: f64,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            temperature: 298.0,
            size_exponent: 0.4,
            interaction_length: 1e-9,
            critical_strain: 0.027,
            zeta: 3.0,
            beta_multiple: 26.0,
        }
    }
}

/// How the value of one claim is computed: SI.
type Compute = Box<dyn Fn(&Assumptions) -> Result<f64, TheoryError> + Send + Sync>;

/// The computations of one paper, by identifier of the claim.
struct Table(Vec<(String, Compute)>);

impl Table {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn add(
        &mut self,
        id: impl Into<String>,
        compute: impl Fn(&Assumptions) -> Result<f64, TheoryError> + Send + Sync + 'static,
    ) {
        self.0.push((id.into(), Box::new(compute)));
    }
}

fn computations() -> Vec<(String, Compute)> {
    let mut table = Table::new();
    lu::add(&mut table);
    yang::add(&mut table);
    idrissi::add(&mut table);
    qiao::add(&mut table);
    table_one::add(&mut table);
    table.0
}

/// A claim and what comes out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The claim.
    pub claim: &'static Claim,
    /// The value, in the unit of the claim.
    pub computed: f64,
    /// Whether it lies within the window.
    pub agrees: bool,
}

/// All claims with their values, in the order of the papers.
///
/// # Errors
/// [`TheoryError`] where assumptions leave the range of a model.
pub fn verdicts(assumptions: &Assumptions) -> Result<Vec<Verdict>, TheoryError> {
    let computations = computations();
    let mut verdicts = Vec::with_capacity(claims().len());
    for claim in claims() {
        let Some((_, compute)) = computations.iter().find(|(id, _)| *id == claim.id) else { continue };
        let computed = in_unit(compute(assumptions)?, &claim.unit);
        verdicts.push(Verdict { claim, computed, agrees: claim.accepts(computed) });
    }
    Ok(verdicts)
}

/// An SI value in the unit of a claim; `particles` and `decades` are plain numbers.
fn in_unit(value: f64, unit: &str) -> f64 {
    Unit::parse(unit).map_or(value, |unit| unit.convert_si(value))
}
