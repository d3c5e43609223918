//! Table 1 of Qiao et al. 2019: cooperative numbers of four Pd-based glasses.

use super::Table;
use super::qiao::PRINTED_FACTOR;
use crate::theory::TheoryError;
use crate::theory::constants::CELSIUS_ZERO;
use crate::theory::cooperativity::{berthier_number, donth_berthier_ratio, donth_number, donth_slope};
use crate::theory::relaxation_rules::fragility_from_energy;

/// Standard atomic weights, g/mol: Pd, Ni, Cu, P.
const WEIGHTS: [f64; 4] = [106.42, 58.6934, 63.546, 30.973_762];
/// Width of the loss peak in ln ω times the stretching exponent, as the review takes it.
const WIDTH: f64 = 1.07;

/// A row of the table, in the units of its head but for the temperature, which is in degrees Celsius under a head that says K.
#[derive(Clone, Copy)]
struct Glass {
    name: &'static str,
    /// Atomic shares of Pd, Ni, Cu, P in per cent.
    composition: [f64; 4],
    celsius: f64,
    /// Width of the transition, K.
    width: f64,
    /// Heat capacities of glass and liquid, J/(g K).
    heat_capacities: (f64, f64),
    /// Printed difference of the reciprocal heat capacities, g K/J.
    reciprocal: f64,
    donth: f64,
    berthier: f64,
    /// Number from the mechanical loss.
    mechanical: f64,
    stretching: f64,
}

const GLASSES: [Glass; 4] = [
    Glass {
        name: "Pd40Ni10Cu30P20",
        composition: [40.0, 10.0, 30.0, 20.0],
        celsius: 294.5,
        width: 6.5,
        heat_capacities: (0.33, 0.55),
        reciprocal: 1.0,
        donth: 1040.0,
        berthier: 730.0,
        mechanical: 710.0,
        stretching: 0.61,
    },
    Glass {
        name: "Pd30Ni50P20",
        composition: [30.0, 50.0, 0.0, 20.0],
        celsius: 314.2,
        width: 7.6,
        heat_capacities: (0.40, 0.54),
        reciprocal: 0.65,
        donth: 570.0,
        berthier: 960.0,
        mechanical: 940.0,
        stretching: 0.62,
    },
    Glass {
        name: "Pd40Ni40P20",
        composition: [40.0, 40.0, 0.0, 20.0],
        celsius: 312.6,
        width: 7.5,
        heat_capacities: (0.39, 0.51),
        reciprocal: 0.60,
        donth: 590.0,
        berthier: 1100.0,
        mechanical: 1060.0,
        stretching: 0.61,
    },
    Glass {
        name: "Pd42.5Ni7.5Cu30P20",
        composition: [42.5, 7.5, 30.0, 20.0],
        celsius: 299.6,
        width: 6.5,
        heat_capacities: (0.38, 0.55),
        reciprocal: 0.82,
        donth: 1090.0,
        berthier: 970.0,
        mechanical: 1000.0,
        stretching: 0.59,
    },
];

impl Glass {
    fn kelvin(&self) -> f64 {
        self.celsius + CELSIUS_ZERO
    }

    /// Mean molar mass, kg/mol.
    fn molar_mass(&self) -> f64 {
        self.composition.iter().zip(WEIGHTS).map(|(share, weight)| share / 100.0 * weight).sum::<f64>() * 1e-3
    }

    /// SI.
    fn reciprocal_from_capacities(&self) -> f64 {
        (self.heat_capacities.0.recip() - self.heat_capacities.1.recip()) * 1e-3
    }

    /// SI.
    fn step(&self) -> f64 {
        (self.heat_capacities.1 - self.heat_capacities.0) * 1e3
    }

    fn slope(&self) -> Result<f64, TheoryError> {
        donth_slope(self.kelvin(), self.width, self.stretching, WIDTH)
    }
}

pub(super) fn add(table: &mut Table) {
    for g in GLASSES {
        let id = |what: &str| format!("Q19.T1.{}.{what}", g.name);
        table.add(id("Na.exact"), move |_| donth_number(g.kelvin(), g.width, g.reciprocal_from_capacities(), g.molar_mass()));
        table.add(id("Na.printed"), move |_| donth_number(g.kelvin(), g.width, g.reciprocal * 1e-3, g.molar_mass()));
        // The column head taken at its word.
        table.add(id("Na.kelvin"), move |_| donth_number(g.celsius, g.width, g.reciprocal * 1e-3, g.molar_mass()));
        table.add(id("Nc"), move |_| berthier_number(g.kelvin(), g.stretching, g.slope()?, g.step(), g.molar_mass()));
        table.add(id("Nc.415"), move |_| {
            let width = std::f64::consts::E / PRINTED_FACTOR.sqrt();
            Ok(g.donth / donth_berthier_ratio(g.step(), g.reciprocal * 1e-3, width)?)
        });
        // Ratios of printed numbers.
        table.add(id("NcG"), move |_| Ok(g.berthier / g.mechanical));
        table.add(id("ratio"), move |_| Ok(g.donth / g.berthier));
        table.add(id("m"), move |_| {
            // E = kB T² |d ln τ/dT|, and the fragility of that energy.
            let energy = crate::theory::constants::BOLTZMANN * g.kelvin().powi(2) * g.slope()?;
            fragility_from_energy(energy, g.kelvin())
        });
    }
}
