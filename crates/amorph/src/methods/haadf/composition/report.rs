//! Numbers, maps, notes and tables.

use ndarray::Array2;
use rayon::prelude::*;

use super::algorithm::{Atoms, EdgeSpectrum, Fluctuation, NoSignal, PowerLaw, Signal, fluctuation, signal};
use super::error::CompositionError;
use super::input::{Calibration, EdgeWindows};
use super::{Composition, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{NORMAL_95, chi_squared_tail};
use crate::core::unit::{Probability, Unit, format_significant};
use crate::method::MethodError;

/// Quantity of the map of fractions.
pub(super) const FRACTION_MAP: &str = "at_fraction";
/// Names of the elements.
pub(super) const ELEMENTS: [&str; 2] = ["A", "B"];
/// Probability of the fit of a background to the sum of all spectra below which a note is made.
const POOR_FIT: f64 = 1e-4;
/// Counting error over the mean number of atoms above which the variance of a fraction is not linear any more.
const FEW_COUNTS: f64 = 0.3;
/// Probability below which a composition is said to vary.
const SIGNIFICANT: f64 = 0.01;

/// One element at every position, and in the sum of all.
pub(super) struct Edge {
    /// Energies of the channels of the span, eV.
    pub energy: Vec<f64>,
    /// Sum of all spectra over the span.
    pub total: Vec<f64>,
    /// Channels of the background in the span.
    pub n_before: usize,
    /// Background of the sum; absent where nothing fits.
    pub background: Option<PowerLaw>,
    /// Logarithms of the energies.
    pub ln_energy: Vec<f64>,
    places: Vec<Result<Signal, NoSignal>>,
    whole: Option<Signal>,
    n_behind: usize,
    counts: Array2<f32>,
    shape: (usize, usize),
    extent: Option<Extent>,
}

/// A place by what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Flag {
    Good,
    Zero,
    Negative,
    Dead,
    NoFit,
    NoAtoms,
}

const FLAGS: [(Flag, &str); 6] = [
    (Flag::Good, "used"),
    (Flag::Zero, "used; a channel before an edge has no counts"),
    (Flag::Negative, "left out: a count before an edge is negative or missing"),
    (Flag::Dead, "left out: no counts before an edge, or a dead channel"),
    (Flag::NoFit, "left out: no power law fits before an edge"),
    (Flag::NoAtoms, "left out: no counts in the edges"),
];

pub(super) fn outcome(method: &Composition, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let [a, b] = &input.windows;
    let mut edges = [edge(method, input, a, ctx)?, edge(method, input, b, ctx)?];
    let pairs: Vec<Result<[Signal; 2], NoSignal>> =
        edges[0].places.iter().zip(&edges[1].places).map(|(a, b)| Ok([(*a)?, (*b)?])).collect();
    let good: Vec<[Signal; 2]> = pairs.iter().filter_map(|pair| pair.as_ref().ok().copied()).collect();
    if good.is_empty() {
        return Err(CompositionError::NoPlace { places: pairs.len(), reasons: reasons(&pairs) }.into());
    }
    let used: Vec<bool> = pairs.iter().map(Result::is_ok).collect();
    edges.iter_mut().for_each(|edge| edge.sum(&used, method.counts_per_electron));
    let edges = edges;
    let scale = input.calibration.as_ref().map(|calibration| per_atom(calibration, &good));
    let atoms = |pair: &[Signal; 2]| {
        scale.map(|[a, b]| Atoms {
            number: [pair[0].counts / a, pair[1].counts / b],
            variance: [pair[0].variance / (a * a), pair[1].variance / (b * b)],
        })
    };
    let all: Option<Vec<Atoms>> = good.iter().map(atoms).collect();
    let found = all.as_deref().and_then(fluctuation);
    let fraction = |pair: &Result<[Signal; 2], NoSignal>| {
        let (value, variance) = atoms(pair.as_ref().ok()?)?.fraction()?;
        Some((value, variance.sqrt()))
    };
    let flags: Vec<Flag> = pairs.iter().map(|pair| flag(pair, scale.is_some() && fraction(pair).is_none())).collect();
    let place = |value: &dyn Fn(usize) -> f64| Array2::from_shape_fn(edges[0].shape, |(y, x)| value(y * edges[0].shape.1 + x));
    let map =
        |quantity: &str, value: &dyn Fn(usize) -> f64| Map::new(quantity, place(value), Unit::one(), edges[0].extent.clone());
    let counts = |element: usize, at: usize| pairs[at].as_ref().map_or(f64::NAN, |pair| pair[element].counts);
    let mut maps = Vec::new();
    if scale.is_some() && pairs.len() > 1 {
        maps.push(map(FRACTION_MAP, &|at| fraction(&pairs[at]).map_or(f64::NAN, |(value, _)| value)));
        maps.push(map("at_fraction_std_error", &|at| fraction(&pairs[at]).map_or(f64::NAN, |(_, error)| error)));
    }
    if pairs.len() > 1 {
        maps.push(map("element_a", &|at| counts(0, at)));
        maps.push(map("element_b", &|at| counts(1, at)));
        maps.push(map("pixel_flag", &|at| {
            FLAGS.iter().position(|(flag, _)| *flag == flags[at]).map_or(f64::NAN, |i| i as f64)
        }));
    }
    let mut estimates = fractions(input, scale, &edges, found.as_ref());
    estimates.extend(scale.map(|[a, b]| k_factor(input, b / a)));
    estimates.extend(signals(&edges, good.len()));
    let values: Vec<f64> = pairs.iter().filter_map(|pair| fraction(pair).map(|(value, _)| value)).collect();
    Ok(Outcome {
        estimates,
        notes: notes(method, input, &edges, &flags, found.as_ref()),
        tables: vec![places(&flags)],
        figures: figures::all(&edges, &values, found.as_ref(), maps.first()),
        maps,
        ..Outcome::default()
    })
}

fn edge(method: &Composition, input: &Input<'_>, windows: &EdgeWindows, ctx: &Ctx) -> Result<Edge, MethodError> {
    let (span, axis) = (windows.span(), input.spectra.axis());
    let loaded = input.spectra.load(&span, ctx)?;
    let energy: Vec<f64> = span.clone().map(|channel| axis.at(channel as f64)).collect();
    let ln_energy: Vec<f64> = energy.iter().map(|e| (e / energy[0]).ln()).collect();
    let (n_before, first_behind) = (windows.before.len(), windows.behind.start - span.start);
    let rows: Vec<_> = loaded.counts.rows().into_iter().collect();
    let places = rows.par_iter().map(|row| {
        let electrons: Vec<f64> = row.iter().map(|count| f64::from(*count) / method.counts_per_electron).collect();
        signal(&EdgeSpectrum {
            before: &electrons[..n_before],
            ln_before: &ln_energy[..n_before],
            behind: &electrons[first_behind..],
            ln_behind: &ln_energy[first_behind..],
        })
    });
    let places: Vec<Result<Signal, NoSignal>> = places.collect();
    Ok(Edge {
        total: vec![0.0; span.len()],
        n_behind: span.len() - first_behind,
        background: None,
        whole: None,
        counts: loaded.counts,
        shape: loaded.shape,
        extent: loaded.extent,
        energy,
        n_before,
        ln_energy,
        places,
    })
}

/// Counts of A and B per atom, on one scale.
fn per_atom(calibration: &Calibration, good: &[[Signal; 2]]) -> [f64; 2] {
    let sum = |element: usize| good.iter().map(|pair| pair[element].counts).sum::<f64>();
    match calibration {
        Calibration::CrossSections(sections, _) => *sections,
        Calibration::KFactor(k, _) => [1.0, *k],
        Calibration::MeanFraction(mean, _) => [sum(0) / mean, sum(1) / (1.0 - mean)],
    }
}

fn flag(pair: &Result<[Signal; 2], NoSignal>, no_atoms: bool) -> Flag {
    match pair {
        Err(NoSignal::Negative) => Flag::Negative,
        Err(NoSignal::Dead) => Flag::Dead,
        Err(NoSignal::NoFit) => Flag::NoFit,
        Ok(_) if no_atoms => Flag::NoAtoms,
        Ok(pair) if pair.iter().any(|signal| signal.has_zero) => Flag::Zero,
        Ok(_) => Flag::Good,
    }
}

fn reasons(pairs: &[Result<[Signal; 2], NoSignal>]) -> String {
    let flags: Vec<Flag> = pairs.iter().map(|pair| flag(pair, false)).collect();
    let count = |wanted: Flag| flags.iter().filter(|flag| **flag == wanted).count();
    let named = FLAGS.iter().filter(|(flag, _)| count(*flag) > 0);
    named.map(|(flag, name)| format!("{} {name}", count(*flag))).collect::<Vec<_>>().join("; ")
}

fn fractions(input: &Input<'_>, scale: Option<[f64; 2]>, edges: &[Edge; 2], found: Option<&Fluctuation>) -> Vec<Estimate> {
    let Some((calibration, scale)) = input.calibration.as_ref().zip(scale) else { return Vec::new() };
    let part = |element: usize| {
        edges[element].whole.map(|signal| (signal.counts / scale[element], signal.variance / scale[element].powi(2)))
    };
    let whole = part(0).zip(part(1)).map(|((a, va), (b, vb))| Atoms { number: [a, b], variance: [va, vb] });
    let Some((mean, variance)) = whole.and_then(|whole| whole.fraction()) else { return Vec::new() };
    let error = variance.sqrt();
    let mut fraction = match calibration {
        Calibration::MeanFraction(mean, _) => {
            Estimate::without_interval("at_fraction", "c_A", *mean, "", "it is the stated mean_fraction_a")
        }
        _ => {
            let ends = (mean - NORMAL_95 * error, mean + NORMAL_95 * error);
            Estimate::with_interval("at_fraction", "c_A", mean, "", ends, Basis::Counting).std_error(error)
        }
    };
    if let Some(relative) = calibration.relative_error() {
        let at = fraction.value;
        fraction = fraction.systematic_error(at * (1.0 - at) * relative);
    }
    let mut estimates = vec![fraction];
    if let Some(found) = found {
        let n = found.n as f64;
        let field = "one field, whose neighbouring positions are alike";
        let given = [
            ("at_excess_sd", "σ_c", found.excess, field),
            ("at_observed_sd", "σ_obs", found.observed, field),
            ("at_counting_sd", "σ_count", found.counting, "from the counts themselves"),
            ("p_fluctuation", "p", found.p, "a probability"),
        ];
        estimates.extend(given.map(|(key, symbol, value, why)| Estimate::without_interval(key, symbol, value, "", why).n(n)));
    }
    estimates
}

fn k_factor(input: &Input<'_>, k: f64) -> Estimate {
    let estimate = Estimate::without_interval("k_factor", "k_AB", k, "", "as stated, or from the stated mean composition");
    match input.calibration.as_ref().and_then(Calibration::relative_error) {
        Some(relative) => estimate.systematic_error(k * relative),
        None => estimate,
    }
}

fn signals(edges: &[Edge; 2], places: usize) -> Vec<Estimate> {
    let n = places as f64;
    let mut estimates = Vec::new();
    for (element, suffix) in ["a", "b"].into_iter().enumerate() {
        if let Some(whole) = &edges[element].whole {
            let (counts, error) = (whole.counts / n, whole.variance.sqrt() / n);
            let (key, symbol) = (format!("edge_counts_{suffix}"), format!("I_{}", ELEMENTS[element]));
            let ends = (counts - NORMAL_95 * error, counts + NORMAL_95 * error);
            estimates.push(Estimate::with_interval(&key, &symbol, counts, "", ends, Basis::Counting).std_error(error).n(n));
        }
        if let Some(background) = &edges[element].background {
            let (key, symbol) = (format!("background_exponent_{suffix}"), format!("r_{}", ELEMENTS[element]));
            let why = "the exponent depends on the window as much as on counting";
            let estimate = Estimate::without_interval(&key, &symbol, background.exponent, "", why);
            estimates.push(estimate.std_error(background.covariance[2].sqrt()));
        }
    }
    estimates
}

fn places(flags: &[Flag]) -> Table {
    let count = |wanted: Flag| flags.iter().filter(|flag| **flag == wanted).count() as f64;
    Table::new("places", "Positions by what is known of them; the number is that of the map pixel_flag")
        .with_numbers("pixel_flag", "", (0..FLAGS.len()).map(|i| i as f64).collect())
        .with_text("finding", FLAGS.map(|(_, name)| name.to_owned()).to_vec())
        .with_numbers("positions", "", FLAGS.map(|(flag, _)| count(flag)).to_vec())
}

fn notes(method: &Composition, input: &Input<'_>, edges: &[Edge; 2], flags: &[Flag], found: Option<&Fluctuation>) -> Vec<Note> {
    let mut notes = Vec::new();
    for (element, windows) in ELEMENTS.into_iter().zip(&input.windows) {
        let [[b0, b1], [s0, s1]] = windows.energies;
        let message = format!(
            "{element}: background from {b0:.1} to {b1:.1} eV, signal from {s0:.1} to {s1:.1} eV; one electron is taken as {} counts",
            method.counts_per_electron
        );
        notes.push(Note::info("windows", message));
    }
    for (element, edge) in ELEMENTS.into_iter().zip(edges) {
        let Some(p) = edge.fit_probability().filter(|p| *p < POOR_FIT) else { continue };
        let message = format!(
            "the background of {element} is no power law over its window (p {}); move or narrow the window",
            Probability(p)
        );
        notes.push(Note::warning("background_not_a_power_law", message));
    }
    let left_out = flags.iter().filter(|flag| !matches!(flag, Flag::Good | Flag::Zero)).count();
    let zeros = flags.iter().filter(|flag| **flag == Flag::Zero).count();
    if left_out + zeros > 0 {
        let message = format!(
            "{left_out} of {} positions are left out for negative or missing counts before an edge; {zeros} have channels without counts, which are kept as counts of zero (map pixel_flag)",
            flags.len()
        );
        notes.push(Note::warning("flagged_positions", message));
    }
    match (&input.calibration, found) {
        (None, _) => notes.push(Note::refused(
            "no_fractions",
            "no atomic fractions without cross_section_a and cross_section_b, k_factor, or mean_fraction_a; signals are electrons",
        )),
        (Some(calibration), found) => {
            notes.push(Note::info("calibration", format!("fractions follow from {}", calibration.source())));
            if let Some(found) = found {
                notes.push(verdict(found));
                if found.counting > FEW_COUNTS * found.mean.min(1.0 - found.mean) {
                    notes.push(Note::warning(
                        "few_counts",
                        "counting alone moves a fraction by more than 30 % of the rarer element; bin positions before the excess is read",
                    ));
                }
            }
        }
    }
    notes
}

fn verdict(found: &Fluctuation) -> Note {
    let percent = |share: f64| format_significant(100.0 * share, 2);
    if found.p < SIGNIFICANT {
        let message =
            format!("the fraction of A varies by {} at.% beyond counting (p {})", percent(found.excess), Probability(found.p));
        Note::info("composition_fluctuates", message)
    } else {
        let message = format!(
            "no fluctuation of the composition is seen: {} at.% are measured, counting alone gives {} at.% (p {})",
            percent(found.observed),
            percent(found.counting),
            Probability(found.p)
        );
        Note::info("no_composition_fluctuation", message)
    }
}

impl Edge {
    /// The sum of the spectra of the positions that are used, and what it gives: a background fitted once to many counts does not have the small errors in
    /// one direction that fits to few counts share.
    fn sum(&mut self, used: &[bool], counts_per_electron: f64) {
        for (row, _) in self.counts.rows().into_iter().zip(used).filter(|(_, used)| **used) {
            self.total.iter_mut().zip(row).for_each(|(sum, count)| *sum += f64::from(*count) / counts_per_electron);
        }
        let first_behind = self.total.len() - self.n_behind;
        let spectrum = EdgeSpectrum {
            before: &self.total[..self.n_before],
            ln_before: &self.ln_energy[..self.n_before],
            behind: &self.total[first_behind..],
            ln_behind: &self.ln_energy[first_behind..],
        };
        self.whole = signal(&spectrum).ok();
        self.background = self.whole.map(|whole| whole.background);
    }

    /// Probability of the misfit of the background in the sum of all spectra.
    fn fit_probability(&self) -> Option<f64> {
        let law = self.background?;
        let before = self.total[..self.n_before].iter().zip(&self.ln_energy);
        let misfit: f64 = before.map(|(count, x)| (count - law.at(*x)).powi(2) / law.at(*x)).sum();
        chi_squared_tail(misfit, self.n_before as f64 - 2.0).ok()
    }
}
