//! Numbers, tests, notes and tables.

use std::f64::consts::PI;

use super::algorithm::{Axes, near_cross};
use super::sample::{Compared, Sample, Tested};
use super::{Input, Orientation, ScanAxes, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::axial_rayleigh_test;
use crate::method::MethodError;
use crate::methods::afm::regions::few_regions;
use crate::methods::afm::regions::null::{Comparison, NO_NULL, NullModel};
use crate::methods::afm::regions::statistics::Mean;

/// Level below which a preferred direction is stated.
const LEVEL: f64 = 0.05;

pub(super) fn outcome(method: &Orientation, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let search = input.rules.search(&valid, input.pitch, method.min_pixels);
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let measure = |values: &ndarray::Array2<f64>| {
        let (found, ..) = search.run(values)?;
        Some(Sample::new(Axes::of_regions(&found, method.min_pixels, input.scan_angle), method, input))
    };
    let nothing = || DataError::TooFewValues { map: input.map.quantity.clone(), valid: 0, total: values.len(), needed: 1 };
    let map = measure(&values).ok_or_else(nothing)?;
    let mut outcome = Outcome { tables: vec![axes_table(&map.axes)], notes: vec![frame_note(input)], ..Outcome::default() };
    if let Some(refusal) = few_regions(map.axes.len(), method.min_pixels) {
        outcome.notes.push(refusal);
        return Ok(outcome);
    }
    let Some(model) = NullModel::fit(&values, &valid, input.pitch) else {
        outcome.notes.push(Note::refused("no_null_model", NO_NULL));
        return Ok(outcome);
    };
    let null = model.each(method.surrogates, ctx, |mut field| {
        model.impose(&mut field);
        measure(&field)
    })?;
    let null: Vec<Sample> = null.into_iter().flatten().collect();
    outcome.notes.push(Note::info("null_model", model.describe(null.len())));
    let off_map = map.off_scan_axes(method, input);
    let off_null = null.iter().map(|sample| sample.off_scan_axes(method, input)).collect();
    let along_scan = scan_axes(&map, &null, input);
    let all = Compared::new(map, null, input.principal);
    let off = Compared::new(off_map, off_null, input.principal);
    let report = Report { method, input, all, off };
    report.fill(&mut outcome, along_scan);
    Ok(outcome)
}

/// Both sets of axes: all, and those off the scan axes.
struct Report<'a> {
    method: &'a Orientation,
    input: &'a Input<'a>,
    all: Compared,
    off: Compared,
}

impl Report<'_> {
    /// The set that the study asked for.
    fn chosen(&self) -> &Compared {
        match self.method.scan_axes {
            ScanAxes::Keep => &self.all,
            ScanAxes::Exclude => &self.off,
        }
    }

    fn fill(&self, outcome: &mut Outcome, along_scan: Option<Comparison>) {
        let chosen = self.chosen();
        let (all_tests, off_tests) = (self.all.tests(), self.off.tests());
        outcome.tables.push(tests_table(&[("all", &all_tests), ("off the scan axes", &off_tests)]));
        outcome.tables.push(harmonics_table(chosen, self.input));
        outcome.figures = vec![figures::rose(chosen, self.method, self.input)];
        outcome.notes.extend(along_scan.map(|comparison| self.scan_note(&comparison)));
        if let Some(refusal) = few_regions(chosen.map.axes.len(), self.method.min_pixels) {
            outcome.notes.push(refusal);
            return;
        }
        let tests = if self.method.scan_axes == ScanAxes::Keep { &all_tests } else { &off_tests };
        let n = chosen.map.axes.len() as f64;
        outcome.estimates = self.estimates(tests).into_iter().map(|estimate| estimate.n(n)).collect();
        outcome.notes.extend(tests.iter().map(test_note));
        outcome.notes.push(self.textbook_note());
        if self.input.principal.is_none() {
            let text = "no principal direction is given (principal_direction), so alignment at 45 deg to it is not tested";
            outcome.notes.push(Note::info("no_principal_direction", text));
        }
    }

    fn estimates(&self, tests: &[Tested]) -> Vec<Estimate> {
        let chosen = self.chosen();
        let why = "never negative, so compare it with its null band";
        let order = Estimate::without_interval("hdr_axial_order", "S", chosen.map.second.length(), "", why);
        let mut estimates = vec![order];
        let is_preferred = tests.iter().any(|test| test.key == "hdr_axial_order" && test.comparison.p < LEVEL);
        if is_preferred {
            estimates.push(self.mean_axis());
        }
        for (key, symbol) in [("hdr_s2", "S₂"), ("hdr_s4", "S₄"), ("hdr_45_excess", "ΔS₄₅"), ("hdr_45_share", "f₄₅")]
        {
            let Some(test) = tests.iter().find(|test| test.key == key) else { continue };
            let value = test.comparison.value;
            estimates.push(match test.interval {
                Some(interval) => Estimate::with_interval(key, symbol, value, "", interval, Basis::Bootstrap),
                None => Estimate::without_interval(key, symbol, value, "", "fewer than nine in ten surrogates have regions"),
            });
        }
        estimates
    }

    fn mean_axis(&self) -> Estimate {
        let (direction, interval) = self.chosen().direction();
        let (key, symbol, value) = ("hdr_mean_axis", "θ", direction.to_degrees());
        match interval {
            Some((lo, hi)) => {
                let ends = (lo.to_degrees(), hi.to_degrees());
                Estimate::with_interval(key, symbol, value, "deg", ends, Basis::Bootstrap)
            }
            None => Estimate::without_interval(key, symbol, value, "deg", "too weak an order to exclude any direction"),
        }
    }

    /// The textbook test beside that of the surrogates, which knows of the pixels.
    fn textbook_note(&self) -> Note {
        let text = match axial_rayleigh_test(&self.chosen().map.axes.angles) {
            Ok(test) => format!(
                "Rayleigh test of the {} axes by the book (independent, uniform angles): p = {:.3}; p from the null model takes pixels, \
                 mask and border into account",
                test.n, test.p_value
            ),
            Err(error) => format!("no Rayleigh test by the book: {error}"),
        };
        Note::info("rayleigh", text)
    }

    fn scan_note(&self, comparison: &Comparison) -> Note {
        let text = format!(
            "{:.1} % of the regions lie within {} of the fast or slow scan axis, against {:.1} % [{:.1}, {:.1}] in noise, p = {:.3}",
            100.0 * comparison.value,
            self.method.scan_axis_tolerance,
            100.0 * comparison.mean,
            100.0 * comparison.band.0,
            100.0 * comparison.band.1,
            comparison.p
        );
        if comparison.p >= LEVEL {
            return Note::info("scan_axes", text);
        }
        let advice = match self.method.scan_axes {
            ScanAxes::Keep => {
                "drift, line noise and feedback do this: trust only what also holds without them (table `tests`), or scan again \
                 rotated by 90 deg and state scan_angle"
            }
            ScanAxes::Exclude => "drift, line noise and feedback do this; they are left out",
        };
        Note::warning("scan_axes", format!("{text}: {advice}"))
    }
}

/// Share of the axes along the scan axes, among that of the surrogates.
fn scan_axes(map: &Sample, null: &[Sample], input: &Input<'_>) -> Option<Comparison> {
    let share = |sample: &Sample| -> Mean { sample.axes.share(|angle| near_cross(angle, input.scan_angle, input.tolerance)) };
    Comparison::upper(share(map).value, &null.iter().map(|sample| share(sample).value).collect::<Vec<f64>>())
}

fn frame_note(input: &Input<'_>) -> Note {
    let rotation = if input.scan_angle_stated {
        format!("the fast scan axis lies at {:.1} deg (scan_angle)", input.scan_angle.to_degrees())
    } else {
        "no scan_angle is stated, so x of the image counts as x of the sample".to_owned()
    };
    let text = format!(
        "angles are those of long axes on the sample, counter-clockwise from its x axis, folded to [0, 180) deg; {rotation}"
    );
    Note::info("frame", text)
}

fn test_note(test: &Tested) -> Note {
    let c = &test.comparison;
    let text = format!(
        "{}: {:.4} against {:.4} [{:.4}, {:.4}] in noise, p = {:.3}: {}",
        test.words,
        c.value,
        c.mean,
        c.band.0,
        c.band.1,
        c.p,
        c.verdict()
    );
    Note::info(test.key, text)
}

fn tests_table(sets: &[(&str, &[Tested])]) -> Table {
    let rows: Vec<(&str, &Tested)> = sets.iter().flat_map(|(set, tests)| tests.iter().map(move |test| (*set, test))).collect();
    let number = |read: fn(&Comparison) -> f64| rows.iter().map(|(_, test)| read(&test.comparison)).collect::<Vec<f64>>();
    Table::new("tests", "Directions of the regions against isotropic noise with the same correlation")
        .with_text("regions", rows.iter().map(|(set, _)| (*set).to_owned()).collect())
        .with_text("quantity", rows.iter().map(|(_, test)| test.key.to_owned()).collect())
        .with_numbers("value", "", number(|c| c.value))
        .with_numbers("null_mean", "", number(|c| c.mean))
        .with_numbers("null_lo", "", number(|c| c.band.0))
        .with_numbers("null_hi", "", number(|c| c.band.1))
        .with_numbers("p", "", number(|c| c.p))
        .with_text("verdict", rows.iter().map(|(_, test)| test.comparison.verdict().to_owned()).collect())
}

/// Mean vectors of the doubled and quadrupled angles on the sample, for the comparison of sites.
fn harmonics_table(compared: &Compared, input: &Input<'_>) -> Table {
    let (second, fourth) = (&compared.map.second, &compared.map.fourth);
    let null = [compared.null_mean(|sample| &sample.second), compared.null_mean(|sample| &sample.fourth)];
    Table::new("harmonics", "Mean cosine and sine of 2θ and 4θ, and their means in noise")
        .with_numbers("order", "", vec![2.0, 4.0])
        .with_numbers("cosine", "", vec![second.mean[0], fourth.mean[0]])
        .with_numbers("sine", "", vec![second.mean[1], fourth.mean[1]])
        .with_numbers("null_cosine", "", vec![null[0][0], null[1][0]])
        .with_numbers("null_sine", "", vec![null[0][1], null[1][1]])
        .with_numbers("regions", "", vec![compared.map.axes.len() as f64; 2])
        .with_numbers("scan_angle", "rad", vec![input.scan_angle.rem_euclid(2.0 * PI); 2])
}

fn axes_table(axes: &Axes) -> Table {
    Table::new("axes", "Long axes of the regions on the sample; those below the smallest number have no statistics")
        .with_numbers("angle", "rad", axes.angles.clone())
        .with_numbers("border_weight", "", axes.weights.clone())
}
