#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use super::algorithm::{Atoms, EdgeSpectrum, Fluctuation, NoSignal, PowerLaw, fluctuation, signal};
use super::*;
use crate::core::data::{AxisRole, Data, DataError, FrameSource, FrameStack, PixelType, Pixels, ScanAxis, Table};
use crate::core::unit::Unit;
use crate::method::Constants;
use crate::sim::haadf::{CoreLoss, SpectrumImage};

const WINDOWS: [[[f64; 2]; 2]; 2] = [[[727.0, 838.0], [855.0, 940.0]], [[1889.0, 2178.0], [2222.0, 2444.0]]];

#[derive(Debug)]
struct Frames(Vec<f64>, usize);

impl FrameSource for Frames {
    fn read(&self, frames: std::ops::Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        *pixels = Pixels::F64(self.0[frames.start * self.1..frames.end * self.1].to_vec());
        Ok(())
    }
}

fn dataset(instrument: &CoreLoss, image: &SpectrumImage, constants: Constants) -> Dataset {
    let (rows, columns, channels) = image.counts.dim();
    let place = |role, n| ScanAxis { step: Some(0.5), unit: Unit::of("nm"), ..ScanAxis::new(role, n) };
    let energy = ScanAxis {
        step: Some(instrument.step),
        offset: Some(instrument.first),
        unit: Unit::of("eV"),
        ..ScanAxis::new(AxisRole::Energy, channels)
    };
    let axes = vec![place(AxisRole::ScanY, rows), place(AxisRole::ScanX, columns), energy];
    let source = Arc::new(Frames(image.counts.iter().copied().collect(), columns * channels));
    let stack = FrameStack::new("image", axes, PixelType::F64, rows, source).unwrap();
    Dataset { label: "image".to_owned(), data: vec![Data::Stack(stack)], constants, ..Dataset::default() }
}

fn edges() -> Constants {
    Constants::default().with_quantity("edge_energy_a", "855 eV").unwrap().with_quantity("edge_energy_b", "2222 eV").unwrap()
}

fn known_mean() -> Constants {
    edges().with_quantity("mean_fraction_a", "0.35 +- 0.01").unwrap()
}

fn windows() -> Composition {
    let [[background_a, signal_a], [background_b, signal_b]] = WINDOWS.map(|of| of.map(Some));
    Composition {
        background_a_ev: background_a,
        signal_a_ev: signal_a,
        background_b_ev: background_b,
        signal_b_ev: signal_b,
        ..Composition::default()
    }
}

fn run(method: &Composition, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn has_note(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

/// The fluctuation of a virtual spectrum image with its true cross sections, and the fraction of the sum of its spectra with the variance.
fn fluctuation_of(instrument: &CoreLoss) -> (Fluctuation, (f64, f64)) {
    let image = instrument.record().unwrap();
    let energies = instrument.energies();
    let x: Vec<f64> = energies.iter().map(|e| (e / 855.0).ln()).collect();
    let channels = |[from, to]: [f64; 2]| {
        let first = energies.iter().position(|e| *e >= from).unwrap();
        first..energies.iter().rposition(|e| *e <= to).unwrap() + 1
    };
    let atoms = |spectrum: &[f64]| {
        let mut atoms = Atoms { number: [0.0; 2], variance: [0.0; 2] };
        for (element, [before, behind]) in WINDOWS.into_iter().enumerate() {
            let (b, s) = (channels(before), channels(behind));
            let of =
                EdgeSpectrum { before: &spectrum[b.clone()], ln_before: &x[b], behind: &spectrum[s.clone()], ln_behind: &x[s] };
            let found = signal(&of).unwrap();
            let section = instrument.cross_section(element, (behind[0], behind[1]));
            atoms.number[element] = found.counts / section;
            atoms.variance[element] = found.variance / (section * section);
        }
        atoms
    };
    let places: Vec<Atoms> = image.counts.lanes(ndarray::Axis(2)).into_iter().map(|lane| atoms(&lane.to_vec())).collect();
    let total: Vec<f64> = image.counts.axis_iter(ndarray::Axis(2)).map(|channel| channel.sum()).collect();
    (fluctuation(&places).unwrap(), atoms(&total).fraction().unwrap())
}

#[test]
fn the_fluctuation_of_a_film_is_found() {
    let instrument = CoreLoss { wedge: 0.2, ..CoreLoss::default() };
    let image = instrument.record().unwrap();
    let outcome = run(&Composition::default(), &dataset(&instrument, &image, known_mean())).unwrap();
    // The standard deviation over 4096 positions has an error of 1 %.
    assert!((value(&outcome, "at_excess_sd") / 0.08 - 1.0).abs() < 0.03, "{}", value(&outcome, "at_excess_sd"));
    assert!(value(&outcome, "at_observed_sd") > value(&outcome, "at_excess_sd"));
    assert!(value(&outcome, "p_fluctuation") < 1e-6 && has_note(&outcome, "composition_fluctuates"));
    let fraction = outcome.estimate("at_fraction").unwrap();
    assert!((fraction.value - 0.35).abs() < 1e-9 && fraction.interval.is_none());
    assert!((fraction.systematic_error.unwrap() - 0.01).abs() < 1e-9);
    assert!((value(&outcome, "background_exponent_a") - instrument.exponent).abs() < 0.05);
    let map = outcome.map("at_fraction").unwrap();
    assert!((map.size().unwrap().0 - 32e-9).abs() < 1e-15);
    let errors = &outcome.map("at_fraction_std_error").unwrap().values;
    let standard = (&map.values - &image.fraction) / errors;
    let mean_square = standard.iter().map(|z| z * z).sum::<f64>() / standard.len() as f64;
    assert!((mean_square - 1.0).abs() < 0.1, "{mean_square}");
    assert_eq!(outcome.figures.len(), 3);
}

/// A spectrum image of one composition is called so: 200 of them at the level of 1 % in the full test.
#[test]
fn one_composition_does_not_fluctuate() {
    let rejected = (0..20)
        .filter(|seed| {
            let one = CoreLoss { shape: (32, 32), fraction_sd: 0.0, wedge: 0.2, seed: 100 + seed, ..CoreLoss::default() };
            fluctuation_of(&one).0.p < 0.01
        })
        .count();
    // Three of 20 at 1 % have a probability of 0.1 %.
    assert!(rejected < 3, "{rejected}");
}

#[test]
fn cross_sections_give_the_mean_fraction_and_its_interval_covers() {
    let method = windows();
    let covered = (0..40)
        .filter(|seed| {
            let instrument = CoreLoss { shape: (6, 6), fraction_sd: 0.0, seed: 300 + seed, ..CoreLoss::default() };
            let image = instrument.record().unwrap();
            let section = |element: usize| {
                let [from, to] = WINDOWS[element][1];
                format!("{:e} m^2", 1e-28 * instrument.cross_section(element, (from, to)))
            };
            let constants = edges().with_quantity("cross_section_a", &section(0)).unwrap();
            let constants = constants.with_quantity("cross_section_b", &section(1)).unwrap();
            let outcome = run(&method, &dataset(&instrument, &image, constants)).unwrap();
            let interval = outcome.estimate("at_fraction").unwrap().interval.unwrap();
            (interval.lo..=interval.hi).contains(&0.35)
        })
        .count();
    // 40 of 95 %: below 34 with a probability of 0.3 %.
    assert!(covered >= 34, "{covered}");
}

#[test]
fn electrons_are_not_called_fractions() {
    let instrument = CoreLoss { shape: (6, 6), ..CoreLoss::default() };
    let image = instrument.record().unwrap();
    let outcome = run(&Composition::default(), &dataset(&instrument, &image, edges())).unwrap();
    assert!(has_note(&outcome, "no_fractions") && outcome.map("at_fraction").is_none());
    assert!(outcome.estimate("at_fraction").is_none() && outcome.estimate("k_factor").is_none());
    assert!(outcome.map("element_a").is_some() && outcome.estimate("edge_counts_a").unwrap().interval.is_some());
    // k from the counts of another field gives the composition of this one.
    let k = value(&outcome, "edge_counts_b") / value(&outcome, "edge_counts_a") * 0.35 / 0.65;
    let constants = edges().with_quantity("k_factor", &k.to_string()).unwrap();
    let outcome = run(&windows(), &dataset(&instrument, &image, constants)).unwrap();
    assert!((value(&outcome, "at_fraction") - 0.35).abs() < 0.02);
}

#[test]
fn scale_and_thickness_do_not_change_the_fractions() {
    let instrument = CoreLoss { shape: (8, 8), ..CoreLoss::default() };
    let image = instrument.record().unwrap();
    let reference = run(&Composition::default(), &dataset(&instrument, &image, known_mean())).unwrap();
    let scaled = SpectrumImage { counts: &image.counts * 8.0, ..image.clone() };
    let method = Composition { counts_per_electron: 8.0, ..Composition::default() };
    let scaled = run(&method, &dataset(&instrument, &scaled, known_mean())).unwrap();
    for key in ["at_excess_sd", "at_counting_sd", "p_fluctuation", "edge_counts_a"] {
        assert!((value(&scaled, key) - value(&reference, key)).abs() <= 1e-6 * value(&reference, key).abs(), "{key}");
    }
}

#[test]
fn positions_that_cannot_be_counted_are_flagged_and_not_clipped() {
    let instrument = CoreLoss { shape: (8, 8), ..CoreLoss::default() };
    let mut image = instrument.record().unwrap();
    image.counts[(2, 3, 10)] = -4.0;
    image.counts[(5, 5, 12)] = 0.0;
    image.counts[(6, 1, 9)] = f64::NAN;
    let outcome = run(&Composition::default(), &dataset(&instrument, &image, known_mean())).unwrap();
    assert!(has_note(&outcome, "flagged_positions"));
    let (fraction, flag) = (&outcome.map("at_fraction").unwrap().values, &outcome.map("pixel_flag").unwrap().values);
    for (at, expected) in [((2, 3), 2.0), ((5, 5), 3.0), ((6, 1), 2.0)] {
        assert!(fraction[at].is_nan() && flag[at] == expected, "{at:?}: {}", flag[at]);
    }
    assert!(fraction.iter().filter(|value| value.is_nan()).count() == 3);
    // Few counts: zeros by chance are kept.
    let faint = CoreLoss { shape: (12, 12), background: 3.0, ..CoreLoss::default() };
    let image = faint.record().unwrap();
    let outcome = run(&Composition::default(), &dataset(&faint, &image, known_mean())).unwrap();
    assert!(outcome.map("pixel_flag").unwrap().values.iter().any(|flag| *flag == 1.0));
    let none = SpectrumImage { counts: &image.counts * 0.0, ..image };
    let message = run(&Composition::default(), &dataset(&faint, &none, known_mean())).unwrap_err().to_string();
    assert!(message.contains("none of the 144 positions"), "{message}");
}

#[test]
fn a_power_law_is_found_with_its_error() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) * 0.005).collect();
    let exact: Vec<f64> = x.iter().map(|x| 300.0 * (-3.2 * x).exp()).collect();
    let law = PowerLaw::fit(&exact, &x).unwrap();
    assert!((law.exponent - 3.2).abs() < 1e-6 && (law.ln_height - 300f64.ln()).abs() < 1e-7);
    // By hand for two channels: the law goes through both, and each logarithm has the variance 1/n.
    let law = PowerLaw::fit(&[400.0, 100.0], &[0.0, 1.0]).unwrap();
    assert!((law.exponent - 4f64.ln()).abs() < 1e-7);
    let expected = [1.0 / 400.0, -1.0 / 400.0, 1.0 / 400.0 + 1.0 / 100.0];
    assert!(law.covariance.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{:?}", law.covariance);
    let (sum, variance) = law.sum(&[0.0, 1.0]);
    assert!((sum - 500.0).abs() < 1e-4 && (variance - 500.0).abs() < 1e-3);
    let nothing = EdgeSpectrum { before: &[0.0; 30], ln_before: &x, behind: &[1.0; 30], ln_behind: &x };
    assert_eq!(signal(&nothing).unwrap_err(), NoSignal::Dead);
}

#[test]
fn trouble_is_named() {
    let instrument = CoreLoss { shape: (3, 3), ..CoreLoss::default() };
    let image = instrument.record().unwrap();
    let refused = |method: &Composition, constants: Constants| {
        run(method, &dataset(&instrument, &image, constants)).unwrap_err().to_string()
    };
    assert!(refused(&Composition::default(), Constants::default()).contains("edge_energy_a is not stated"));
    let high = edges().with_quantity("edge_energy_b", "5000 eV").unwrap();
    assert!(refused(&Composition::default(), high).contains("the energy axis from 700.0 to 2495.0 eV"));
    let narrow = Composition { background_a_ev: Some([800.0, 810.0]), ..Composition::default() };
    assert!(refused(&narrow, edges()).contains("3 channels"));
    let behind = Composition { background_a_ev: Some([800.0, 900.0]), ..Composition::default() };
    assert!(refused(&behind, edges()).contains("before the background ends"));
    let twice = edges().with_quantity("edge_energy_b", "860 eV").unwrap();
    assert!(refused(&Composition::default(), twice).contains("overlap"));
    let one = edges().with_quantity("cross_section_a", "1e-25 m^2").unwrap();
    assert!(refused(&windows(), one.clone()).contains("cross_section_b is not"));
    let both = one.with_quantity("cross_section_b", "1e-25 m^2").unwrap();
    assert!(refused(&Composition::default(), both).contains("signal_a_ev is not stated"));
    let k = edges().with_quantity("k_factor", "1.3").unwrap();
    assert!(refused(&Composition::default(), k).contains("k_factor holds for one signal window"));
    let too_much = edges().with_quantity("mean_fraction_a", "1.2").unwrap();
    assert!(refused(&Composition::default(), too_much).contains("below 1"));
    let method = Composition { counts_per_electron: 0.0, ..Composition::default() };
    assert!(refused(&method, known_mean()).contains("counts_per_electron"));
    // One spectrum, with energies that fall.
    let energies: Vec<f64> = instrument.energies().iter().rev().map(|e| Unit::of("eV").to_si(*e)).collect();
    let counts = image.counts.lanes(ndarray::Axis(2)).into_iter().next().unwrap().to_vec();
    let table = Table::new("spectrum", "").with_numbers("energy", "J", energies).with_numbers("counts", "", counts);
    let falling = Dataset { constants: known_mean(), ..Dataset::of_table(table) };
    assert!(run(&Composition::default(), &falling).unwrap_err().to_string().contains("do not rise"));
}

/// The table of `docs/coverage.md`.
#[test]
#[ignore = "minutes"]
fn fluctuations_in_full() {
    for (background, counts, side) in [(1200.0, 6000.0, 64), (400.0, 6000.0, 64), (100.0, 1500.0, 64), (30.0, 500.0, 48)] {
        let instrument = |fraction_sd: f64, seed: u64| {
            let base = CoreLoss::default();
            let edges = base.edges.map(|edge| crate::sim::haadf::CoreEdge { counts, ..edge });
            CoreLoss { shape: (side, side), background, edges, wedge: 0.2, fraction_sd, seed, ..base }
        };
        let one: Vec<(Fluctuation, (f64, f64))> = (0..200).map(|seed| fluctuation_of(&instrument(0.0, 1000 + seed))).collect();
        let rejected = one.iter().filter(|(found, _)| found.p < 0.01).count();
        let covered = one.iter().filter(|(_, (mean, variance))| (mean - 0.35).abs() < 1.96 * variance.sqrt()).count();
        let excess: Vec<f64> = (0..20).map(|seed| fluctuation_of(&instrument(0.08, seed)).0.excess).collect();
        let mean = excess.iter().sum::<f64>() / 20.0;
        println!("{background} {counts} {side}: rejected {rejected} of 200, mean covered {covered} of 200, excess {mean:.4}");
        // 1 % of 200: above 6 with a probability of 0.4 %; 95 % of 200: outside 180 to 199 with 0.3 %.
        assert!(rejected <= 6 && (180..=199).contains(&covered));
        assert!((mean / 0.08 - 1.0).abs() < 0.03, "{mean}");
    }
}

#[test]
fn background_and_fluctuation_are_those_of_another_program() {
    #[derive(serde::Deserialize)]
    struct Golden {
        edge: Edge,
        fluctuation: Places,
    }
    #[derive(serde::Deserialize)]
    struct Edge {
        before_ev: Vec<f64>,
        before: Vec<f64>,
        behind_ev: Vec<f64>,
        behind: Vec<f64>,
        ln_height: f64,
        exponent: f64,
        covariance: [f64; 3],
        counts: f64,
        of_background: f64,
    }
    #[derive(serde::Deserialize)]
    struct Places {
        a: Vec<f64>,
        b: Vec<f64>,
        variance_a: Vec<f64>,
        variance_b: Vec<f64>,
        mean: f64,
        observed: f64,
        counting: f64,
        chi_squared: f64,
        n_effective: f64,
        p: f64,
    }
    let Golden { edge, fluctuation: places } = toml::from_str(include_str!("golden.toml")).unwrap();
    let near = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-4, "{found} {expected}");
    let ln = |energies: &[f64]| energies.iter().map(|e| (e / 800.0).ln()).collect::<Vec<f64>>();
    let (ln_before, ln_behind) = (ln(&edge.before_ev), ln(&edge.behind_ev));
    let of = EdgeSpectrum { before: &edge.before, ln_before: &ln_before, behind: &edge.behind, ln_behind: &ln_behind };
    let found = signal(&of).unwrap();
    near(found.background.ln_height, edge.ln_height);
    near(found.background.exponent, edge.exponent);
    found.background.covariance.iter().zip(edge.covariance).for_each(|(found, expected)| near(*found, expected));
    near(found.counts, edge.counts);
    near(found.of_background, edge.of_background);
    let atoms = |i: usize| Atoms { number: [places.a[i], places.b[i]], variance: [places.variance_a[i], places.variance_b[i]] };
    let found = fluctuation(&(0..places.a.len()).map(atoms).collect::<Vec<_>>()).unwrap();
    near(found.mean, places.mean);
    near(found.observed, places.observed);
    near(found.counting, places.counting);
    near(found.chi_squared, places.chi_squared);
    near(found.n_effective, places.n_effective);
    assert!((found.p - places.p).abs() < 1e-7, "{}", found.p);
}
