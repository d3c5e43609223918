//! Coverage of the intervals, and levels of the tests.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::*;
use crate::core::stats::wilson_interval;
use crate::methods::afm::testing::setting;

const KEYS: [&str; 5] = ["hdr_mean_axis", "hdr_s2", "hdr_s4", "hdr_45_excess", "hdr_45_share"];
const TESTS: [&str; 6] = ["hdr_axial_order", "hdr_axis_chi_square", "hdr_s2", "hdr_s4", "hdr_45_excess", "hdr_45_share"];
/// Principal direction of all fields, rad.
const PRINCIPAL: f64 = 0.4;

/// What fields are drawn and how they are searched.
struct Case {
    name: &'static str,
    n: usize,
    model: FieldModel,
    min_pixels: u64,
}

impl Case {
    fn method(&self, surrogates: usize) -> Orientation {
        let principal_direction = Some(Quantity::si(PRINCIPAL, Unit::of("deg")));
        Orientation { surrogates, principal_direction, min_pixels: self.min_pixels, ..Orientation::default() }
    }

    fn outcomes(&self, what: &'static str, fields: usize, surrogates: usize) -> Vec<Outcome> {
        let sampler = FieldSampler::new(&self.model, (self.n, self.n), (NM, NM)).unwrap();
        let method = self.method(surrogates);
        // Fewer surrogates than a study may ask for.
        let checked = self.method(200);
        let run = |seed: &u64| {
            let dataset = Dataset::of_maps(vec![map_of(sampler.sample(*seed))], Constants::default());
            let input = checked.check(&dataset).unwrap();
            method.run(&input, &Ctx::new(*seed)).unwrap()
        };
        seeds(what, fields).par_iter().map(run).collect()
    }

    /// Ensemble means without surrogates: of the mean vectors, and of the share near 45 degrees. The excess needs that of noise, zero here.
    fn truth(&self, fields: usize) -> BTreeMap<&'static str, f64> {
        let sampler = FieldSampler::new(&self.model, (self.n, self.n), (NM, NM)).unwrap();
        let method = self.method(200);
        let sums = seeds("truth", fields)
            .par_iter()
            .map(|seed| {
                let dataset = Dataset::of_maps(vec![map_of(sampler.sample(*seed))], Constants::default());
                let input = method.check(&dataset).unwrap();
                let valid = input.map.valid();
                let valid = valid.view();
                let (found, ..) = input.rules.search(&valid, input.pitch, self.min_pixels).run(&input.map.values).unwrap();
                let axes = Axes::of_regions(&found, self.min_pixels, 0.0);
                let (second, fourth) = (axes.harmonic(2.0), axes.harmonic(4.0));
                let share = axes.share(|angle| near_diagonal(angle, PRINCIPAL)).value;
                [second.mean[0], second.mean[1], fourth.mean[0], fourth.mean[1], share]
            })
            .reduce(|| [0.0; 5], |a, b| std::array::from_fn(|i| a[i] + b[i]))
            .map(|sum| sum / fields as f64);
        let of = |order: f64, mean: [f64; 2]| Harmonic { order, mean, covariance: [0.0; 3] };
        let (second, fourth) = (of(2.0, [sums[0], sums[1]]), of(4.0, [sums[2], sums[3]]));
        BTreeMap::from([
            ("hdr_mean_axis", second.direction().to_degrees()),
            ("hdr_s2", second.along(PRINCIPAL).value),
            ("hdr_s4", fourth.along(PRINCIPAL).value),
            ("hdr_45_share", sums[4]),
        ])
    }

    fn is_isotropic(&self) -> bool {
        self.model.xi_major == self.model.xi_minor
    }

    /// Intervals that cover and intervals given.
    fn coverage(&self, outcomes: &[Outcome], fields: usize) -> BTreeMap<&'static str, (usize, usize)> {
        let mut truth = self.truth(fields);
        if self.is_isotropic() {
            truth.remove("hdr_mean_axis");
            truth.insert("hdr_45_excess", 0.0);
        }
        let one = |key: &'static str| {
            let truth = *truth.get(key)?;
            let intervals = outcomes.iter().filter_map(|outcome| outcome.estimate(key)?.interval);
            let given: Vec<_> = intervals.collect();
            // Axes are equal modulo 180 degrees.
            let near =
                |middle: f64| if key == "hdr_mean_axis" { truth + 180.0 * ((middle - truth) / 180.0).round() } else { truth };
            let covers = |lo: f64, hi: f64| (lo..=hi).contains(&near(0.5 * (lo + hi)));
            Some((key, (given.iter().filter(|i| covers(i.lo, i.hi)).count(), given.len())))
        };
        KEYS.into_iter().filter_map(one).collect()
    }
}

fn isotropic(n: usize) -> Case {
    Case { name: "isotropic", n, model: FieldModel::isotropic(1.0, 2.0 * NM, 0.75), min_pixels: 4 }
}

#[test]
fn the_intervals_cover_and_the_tests_keep_their_level() {
    let fields = 40;
    let case = isotropic(80);
    let outcomes = case.outcomes("field", fields, 40);
    for (key, (covered, given)) in case.coverage(&outcomes, 10 * fields) {
        assert!(given >= fields - 4, "{key}: only {given}");
        // 92 % of 40: fewer than 33 have a probability of 1 %.
        assert!(covered + fields - given >= 33, "{key}: {covered} of {given}");
    }
    let with_tests: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.table("tests").is_some()).collect();
    for key in TESTS {
        let small = with_tests.iter().filter(|outcome| tested(outcome, key, "p") < 0.1).count();
        // 10 % of 40: more than 9 have a probability of 1 %.
        assert!(small <= 9, "{key}: {small}");
    }
}

/// Prints the table of `docs/coverage.md`. `AMORPH_COVERAGE_FIELDS` sets the number of fields (500).
#[test]
#[ignore = "full coverage, run by make validate"]
fn the_intervals_cover_in_full() {
    let (fields, surrogates) = (setting("AMORPH_COVERAGE_FIELDS", 500), setting("AMORPH_COVERAGE_SURROGATES", 200));
    let stretched = |name, ratio: f64| Case { name, n: 160, model: ellipse(2.5 * ratio, 2.5, 0.5), min_pixels: 6 };
    let cases = [
        Case { n: 160, min_pixels: 6, ..isotropic(160) },
        stretched("anisotropic 1.3 : 1", 1.3),
        stretched("anisotropic 1.5 : 1", 1.5),
        stretched("anisotropic 2 : 1", 2.0),
    ];
    println!("| case | number | fields | given | covered or p < 0.05 | 95 % range of the rate |");
    println!("|---|---|---|---|---|---|");
    let mut failures = Vec::new();
    let mut line = |name: &'static str, number: &str, hits: usize, given: usize, allowed: (f64, f64)| {
        let (lo, hi) = wilson_interval(hits, given.max(1), 0.95).unwrap();
        let rate = 100.0 * hits as f64 / given as f64;
        println!("| {name} | {number} | {fields} | {given} | {rate:.1} % | {:.1}-{:.1} % |", 100.0 * lo, 100.0 * hi);
        if lo > allowed.1 || hi < allowed.0 {
            failures.push((name, number.to_owned()));
        }
    };
    for case in cases {
        let outcomes = case.outcomes("field", fields, surrogates);
        let axis = case.truth(10 * fields)["hdr_mean_axis"];
        let stretched = case.model.angle.to_degrees();
        println!("{}: mean axis over many fields {axis:.2} deg, of the field itself {stretched:.2} deg", case.name);
        for (key, (covered, given)) in case.coverage(&outcomes, 10 * fields) {
            line(case.name, key, covered, given, (0.92, 0.98));
        }
        if case.is_isotropic() {
            for key in TESTS {
                let small = outcomes.iter().filter(|outcome| tested(outcome, key, "p") < 0.05).count();
                line(case.name, &format!("p of {key}"), small, outcomes.len(), (0.03, 0.07));
            }
        }
    }
    assert!(failures.is_empty(), "outside the range: {failures:?}");
}
