//! `scattering.structure_factor`: from the counts of a pattern of X-rays or electrons to S(Q).

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Counts;
use super::constants::{NUMBER_DENSITY, WAVELENGTH};
use super::form_factors::Alloy;
use super::patterns::{PatternError, is_plausible};
use crate::core::ctx::Ctx;
use crate::core::data::{Data, Table};
use crate::core::outcome::{Note, Outcome};
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// The structure factor of a pattern of X-rays or electrons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StructureFactor {
    /// The alloy in atomic per cent, for instance `Zr52.5Cu17.9Ni14.6Al10Ti5`; it must be stated.
    pub composition: String,
    /// What was scattered.
    pub radiation: Radiation,
    /// Column of the scattering vector, Q = 4π sin θ/λ.
    pub q: String,
    /// Column of 1/d = 2 sin θ/λ, where the table has no scattering vector.
    pub inverse_d: String,
    /// Column of sin θ/λ, where the table has none of these.
    pub sin_theta_over_lambda: String,
    /// Column of the scattering angle 2θ, where the table has none of these; it needs the wavelength.
    pub two_theta: String,
    /// Column of the counts.
    pub intensity: String,
    /// Column of their standard error; it may be absent.
    pub intensity_error: String,
    /// Column of the background; a second file of the item is taken where there is none.
    pub background: String,
    /// Factor on the background.
    pub background_scale: f64,
    /// Which rule sets the scale of the counts.
    pub normalisation: Normalisation,
    /// Share of the range of Q that counts as large.
    pub large_q_share: f64,
    /// Divide by the polarisation of an unpolarised source, (1 + cos² 2θ)/2; off where the reduction of the detector did it.
    pub unpolarised: bool,
    /// Form factors with anomalous scattering; it needs the wavelength.
    pub anomalous: bool,
    /// Smallest Q that is used; the first of the table where left out.
    pub smallest_q: Option<Quantity>,
    /// Largest Q that is used; the last of the table where left out.
    pub largest_q: Option<Quantity>,
}

/// What was scattered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Radiation {
    /// X-rays: form factors of Waasmaier and Kirfel, Compton scattering.
    #[default]
    XRay,
    /// Fast electrons: scattering factors of Kirkland, and a constant of unknown height below the counts.
    Electrons,
}

/// Rules for the scale of the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Normalisation {
    /// The integral over all Q, which fixes that no two atoms are at one place (Krogh-Moe 1956, Norman 1957).
    #[default]
    Integral,
    /// The mean at large Q.
    LargeQ,
}

impl Default for StructureFactor {
    fn default() -> Self {
        let [q, inverse_d, sin_theta_over_lambda, two_theta, intensity, intensity_error, background] =
            ["q", "inverse_d", "sin_theta_over_lambda", "two_theta", "intensity", "intensity_error", "background"]
                .map(str::to_owned);
        Self {
            composition: String::new(),
            radiation: Radiation::default(),
            q,
            inverse_d,
            sin_theta_over_lambda,
            two_theta,
            intensity,
            intensity_error,
            background,
            background_scale: 1.0,
            normalisation: Normalisation::default(),
            large_q_share: 0.3,
            unpolarised: false,
            anomalous: false,
            smallest_q: None,
            largest_q: None,
        }
    }
}

/// What [`StructureFactor`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) counts: Counts,
    /// The background times its factor, for the figure.
    pub(super) background: Option<Vec<f64>>,
    pub(super) error: Option<Vec<f64>>,
    pub(super) notes: Vec<Note>,
}

const OUTPUTS: &[OutputInfo] = &[
    output(
        "scale_integral",
        "α",
        "",
        "units of free atoms (electrons², or Å² for electrons) per count by the integral over all Q",
    ),
    output("scale_large_q", "α_∞", "", "the same from large Q alone"),
    output(
        "constant_share",
        "β",
        "",
        "for electrons, the constant below the counts over what free atoms scatter at the largest Q",
    ),
    output("first_peak_q", "Q₁", "1/m", "where the first halo of the structure factor lies"),
    output("first_peak_width", "ΔQ₁", "1/m", "its half width at half height"),
    output("first_peak_height", "S(Q₁)", "", "its height"),
    output("correlation_length", "π/ΔQ₁", "m", "how far the order of the first halo reaches: π over its half width"),
];

impl Method for StructureFactor {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.structure_factor",
        family: "scattering",
        version: 2,
        title: "Structure factor",
        summary: "S(Q) of an alloy from the counts of a pattern of X-rays or electrons: background, incoherent scattering, form factors, scale.",
        doc: include_str!("doc.md"),
        technique: "scattering",
        scope: Scope::Item,
        after: &[],
        constants: &[NUMBER_DENSITY.key, WAVELENGTH.key],
        outputs: OUTPUTS,
        covers: &["Q19-3.1-a"],
        references: &[
            "T. E. Faber, J. M. Ziman, Phil. Mag. 11, 153 (1965), doi:10.1080/14786436508211931",
            "J. Krogh-Moe, Acta Cryst. 9, 951 (1956), doi:10.1107/S0365110X56002655",
            "N. Norman, Acta Cryst. 10, 370 (1957), doi:10.1107/S0365110X57001085",
            "D. Waasmaier, A. Kirfel, Acta Cryst. A 51, 416 (1995), doi:10.1107/S0108767394013292",
            "L. Bewilogua, Phys. Z. 32, 740 (1931)",
            "E. J. Kirkland, Advanced Computing in Electron Microscopy, 2nd ed., Springer (2010), doi:10.1007/978-1-4419-6533-2",
            "D. J. H. Cockayne, D. R. McKenzie, Acta Cryst. A 44, 870 (1988), doi:10.1107/S0108767388004957",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let parameter = |name, found: f64, needed| -> MethodError { PatternError::Parameter { name, found, needed }.into() };
        if self.background_scale.is_nan() || self.background_scale < 0.0 {
            return Err(parameter("background_scale", self.background_scale, "zero or greater"));
        }
        if !(self.large_q_share > 0.0 && self.large_q_share <= 1.0) {
            return Err(parameter("large_q_share", self.large_q_share, "between 0 and 1"));
        }
        let is_electrons = self.radiation == Radiation::Electrons;
        if let Some((name, _)) = [("anomalous", self.anomalous), ("unpolarised", self.unpolarised)]
            .into_iter()
            .find(|(_, asked)| *asked && is_electrons)
        {
            return Err(PatternError::OnlyXRays { name }.into());
        }
        let wrong = |reason: String| PatternError::Composition { composition: self.composition.clone(), reason };
        let mut alloy = Alloy::parse(&self.composition).map_err(wrong)?;
        let wavelength = dataset.constants.positive(&WAVELENGTH)?;
        let [density] =
            dataset.constants.required(Self::INFO.id, [(&NUMBER_DENSITY, dataset.constants.positive(&NUMBER_DENSITY)?)])?;
        let mut tables = dataset.data.iter().filter_map(|data| match data {
            Data::Table(table) => Some(table),
            _ => None,
        });
        let table = match tables.next() {
            Some(table) => table,
            None => dataset.table()?,
        };
        let mut pattern = self.pattern(table, wavelength.as_ref(), dataset)?;
        pattern.cut(self.smallest_q.as_ref(), self.largest_q.as_ref())?;
        let mut notes = pattern.notes;
        let background = if table.has(&self.background) {
            Some(pattern.background)
        } else if let Some(second) = tables.next() {
            let other = self.pattern(second, wavelength.as_ref(), dataset)?;
            notes.extend(other.notes);
            let name = dataset.sources.get(1).map_or("the second file", |source| source.path.as_str());
            notes.push(Note::info("background_file", format!("{name} is the background, {} times", self.background_scale)));
            if other.q != pattern.q {
                notes.push(Note::info(
                    "background_interpolated",
                    "the background has other scattering vectors and was interpolated",
                ));
            }
            Some(interpolated(&other.q, &other.intensity, &pattern.q)?)
        } else {
            notes.push(Note::info(
                "no_background",
                "no background was taken off: the table has no such column, the item no second file",
            ));
            None
        };
        let taken = background.map(|values| values.iter().map(|value| self.background_scale * value).collect::<Vec<f64>>());
        let mut intensity = pattern.intensity;
        if let Some(taken) = &taken {
            intensity.iter_mut().zip(taken).for_each(|(value, taken)| *value -= taken);
        }
        let negative = intensity.iter().filter(|value| **value < 0.0).count();
        if negative > 0 {
            let message = format!("{negative} counts lie below the background; they were kept. Is background_scale too large?");
            notes.push(Note::warning("negative_counts", message));
        }
        let stated = wavelength.map(|wavelength| wavelength.value);
        let needed = |what: &str| PatternError::NeedsWavelength { what: what.to_owned() };
        if self.anomalous {
            let wavelength = stated.ok_or_else(|| needed("anomalous scattering"))?;
            alloy = alloy.with_anomalous(wavelength).map_err(wrong)?;
        }
        let mut error = pattern.error;
        if self.unpolarised {
            let wavelength = stated.ok_or_else(|| needed("the polarisation"))?;
            let factor = |q: &f64| {
                let sine = (q * wavelength / (4.0 * std::f64::consts::PI)).min(1.0);
                0.5 * (1.0 + (1.0 - 2.0 * sine * sine).powi(2))
            };
            let factors: Vec<f64> = pattern.q.iter().map(factor).collect();
            intensity.iter_mut().zip(&factors).for_each(|(value, factor)| *value /= factor);
            error.iter_mut().flatten().zip(&factors).for_each(|(value, factor)| *value /= factor);
        }
        let atoms = if is_electrons {
            alloy.of_electrons(&pattern.q).map_err(|error| wrong(error.to_string()))?
        } else {
            alloy.at(&pattern.q, stated).map_err(wrong)?
        };
        let counts = Counts { q: pattern.q, intensity, atoms, number_density: density.value, has_offset: is_electrons };
        // Counts of electrons are highest at the smallest Q.
        if !is_electrons && !is_plausible(&counts.q, &counts.intensity) {
            let message = "the highest value is not between 1 and 6 1/Å, where first halos of metallic glasses lie: is the axis what it is said to be?";
            notes.push(Note::warning("implausible_axis", message));
        }
        Ok(Input { counts, background: taken, error, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}

/// A pattern as the table has it, in order of Q.
struct Rows {
    q: Vec<f64>,
    intensity: Vec<f64>,
    error: Option<Vec<f64>>,
    background: Vec<f64>,
    notes: Vec<Note>,
}

impl StructureFactor {
    /// Scattering vectors, 1/m, from whichever quantity the table has.
    fn axis(&self, table: &Table, wavelength: Option<&Quantity>, dataset: &Dataset) -> Result<Vec<f64>, MethodError> {
        const PI: f64 = std::f64::consts::PI;
        let inverse = [(&self.q, 1.0), (&self.inverse_d, 2.0 * PI), (&self.sin_theta_over_lambda, 4.0 * PI)];
        if let Some((name, factor)) = inverse.into_iter().find(|(name, _)| table.has(name)) {
            return Ok(table.numbers_in(name, "1/m")?.iter().map(|value| factor * value).collect());
        }
        if !table.has(&self.two_theta) {
            let columns = [&self.q, &self.inverse_d, &self.sin_theta_over_lambda, &self.two_theta].map(Clone::clone).to_vec();
            return Err(PatternError::NoAxis { columns }.into());
        }
        let Some(wavelength) = wavelength else {
            let missing = vec![dataset.constants.missing(&WAVELENGTH)];
            return Err(MethodError::MissingConstants { method: Self::INFO.id, missing });
        };
        let angle = table.numbers_in(&self.two_theta, "rad")?;
        Ok(angle.iter().map(|angle| 4.0 * PI * (0.5 * angle).sin() / wavelength.value).collect())
    }

    fn pattern(&self, table: &Table, wavelength: Option<&Quantity>, dataset: &Dataset) -> Result<Rows, MethodError> {
        let q = self.axis(table, wavelength, dataset)?;
        let intensity = table.numbers(&self.intensity)?.1;
        let error = if table.has(&self.intensity_error) { Some(table.numbers(&self.intensity_error)?.1) } else { None };
        let background = if table.has(&self.background) { table.numbers(&self.background)?.1 } else { &[] };
        let good = |row: &usize| {
            let row = *row;
            q[row].is_finite()
                && q[row] > 0.0
                && intensity[row].is_finite()
                && error.is_none_or(|error| error[row] > 0.0 && error[row].is_finite())
                && background.get(row).is_none_or(|value| value.is_finite())
        };
        let rows: Vec<usize> = (0..q.len()).filter(good).collect();
        let mut notes = Vec::new();
        if rows.len() < q.len() {
            let message =
                format!("{} of {} rows hold no number, or no Q above zero, and were left out", q.len() - rows.len(), q.len());
            notes.push(Note::warning("rows_left_out", message));
        }
        if let Some(pair) = rows.windows(2).find(|pair| q[pair[1]] <= q[pair[0]]) {
            let (column, row) = (self.q.clone(), pair[1] + 1);
            return Err(PatternError::NotAscending { column, row, before: q[pair[0]], after: q[pair[1]] }.into());
        }
        if rows.len() < 30 {
            return Err(PatternError::TooFew { what: "values of the pattern", found: rows.len(), needed: 30 }.into());
        }
        let of = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        Ok(Rows {
            q: of(&q),
            intensity: of(intensity),
            error: error.map(of),
            background: if background.is_empty() { Vec::new() } else { of(background) },
            notes,
        })
    }
}

impl Rows {
    /// Keeps what lies between two scattering vectors.
    fn cut(&mut self, smallest: Option<&Quantity>, largest: Option<&Quantity>) -> Result<(), MethodError> {
        for limit in [smallest, largest].into_iter().flatten() {
            limit.unit.require(&crate::core::unit::Unit::of("1/m"))?;
        }
        let (lo, hi) = (smallest.map_or(0.0, |limit| limit.value), largest.map_or(f64::INFINITY, |limit| limit.value));
        let keep: Vec<bool> = self.q.iter().map(|q| (lo..=hi).contains(q)).collect();
        let kept =
            |values: &[f64]| values.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(value, _)| *value).collect::<Vec<f64>>();
        let (intensity, background) = (kept(&self.intensity), kept(&self.background));
        let error = self.error.as_deref().map(kept);
        let q = kept(&self.q);
        if q.len() < 30 {
            return Err(
                PatternError::TooFew { what: "values between smallest_q and largest_q", found: q.len(), needed: 30 }.into()
            );
        }
        (self.q, self.intensity, self.background, self.error) = (q, intensity, background, error);
        Ok(())
    }
}

/// A background on other scattering vectors, on straight lines between its own.
fn interpolated(from: &[f64], values: &[f64], to: &[f64]) -> Result<Vec<f64>, PatternError> {
    let (first, last) = (from[0], from[from.len() - 1]);
    // A step beyond the ends is rounding.
    let slack = 1e-6 * (last - first);
    if to[0] < first - slack || to[to.len() - 1] > last + slack {
        return Err(PatternError::NoOverlap { first, last, wanted: [to[0], to[to.len() - 1]] });
    }
    let at = |q: &f64| {
        let k = from.partition_point(|known| known <= q).clamp(1, from.len() - 1);
        let share = (q - from[k - 1]) / (from[k] - from[k - 1]);
        values[k - 1] + share * (values[k] - values[k - 1])
    };
    Ok(to.iter().map(at).collect())
}
