use super::algorithm::{Bilinear, Elastic, Point, bilinear, elastic};
use super::{Input, StressStrain};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::unit::Unit;
use crate::methods::onchip::mechanics::{Chip, Loaded, systematic};
use crate::methods::onchip::records::{Reading, Specimen};

/// A reading with its stress and strain.
struct Row<'a> {
    specimen: &'a Specimen,
    reading: Reading,
    loaded: Loaded,
    point: Point,
}

fn rows<'a>(input: &'a Input, chip: &Chip) -> Vec<Row<'a>> {
    let of = |specimen: &'a Specimen, reading: &Reading| {
        let loaded = chip.state(&specimen.geometry, reading.displacement)?;
        let point = Point {
            stress: loaded.stress,
            strain: loaded.strain,
            error: reading.error,
            stiffness: loaded.stiffness,
            strain_per_displacement: 1.0 / (specimen.geometry.length + reading.displacement),
        };
        Some(Row { specimen, reading: *reading, loaded, point })
    };
    input
        .specimens
        .iter()
        .flat_map(|specimen| specimen.readings.iter().filter_map(move |reading| of(specimen, reading)))
        .collect()
}

/// Points of the first reading of every structure whose stress is known well enough.
fn first_points(rows: &[Row<'_>], largest_error: f64) -> Vec<Point> {
    let is_first = |row: &&Row<'_>| row.specimen.readings.first() == Some(&row.reading);
    let is_known = |row: &&Row<'_>| row.point.stress_error() <= largest_error * row.point.stress;
    rows.iter().filter(is_first).filter(is_known).map(|row| row.point).collect()
}

pub(super) fn outcome(method: &StressStrain, input: &Input, ctx: &Ctx) -> Outcome {
    let rows = rows(input, &input.chip);
    let points = first_points(&rows, method.largest_error);
    let draws: Vec<Chip> =
        (0..method.draws).map(|draw| input.chip.draw(derive_seed(ctx.seed, &["chip".into(), draw.into()]))).collect();
    let line = elastic(&points, method.elastic_below);
    let curve = bilinear(&points);
    let of_draw = |chip: &Chip| first_points(&self::rows(input, chip), method.largest_error);
    let mut estimates = Vec::new();
    if let Some(line) = &line {
        let common = systematic(&draws, |chip| elastic(&of_draw(chip), method.elastic_below).map(|line| line.modulus));
        estimates.extend(of_line(line, common, input));
    }
    if let Some(curve) = &curve {
        // The search for the yield point is slow: fewer draws suffice for a standard deviation.
        let few = &draws[..draws.len().min(40)];
        let common = systematic(few, |chip| bilinear(&of_draw(chip)).map(|curve| curve.yield_stress));
        estimates.extend(of_curve(curve, common, points.len()));
    }
    estimates.extend(ductility(&rows));
    Outcome {
        estimates,
        tables: vec![table(&rows, &draws, input)],
        figures: vec![figure(&rows, curve.as_ref(), line.as_ref())],
        notes: notes(method, input, &rows, line.as_ref(), curve.as_ref()),
        ..Outcome::default()
    }
}

fn of_line(line: &Elastic, common: f64, input: &Input) -> Vec<Estimate> {
    let n = line.n as f64;
    let half = crate::core::stats::student_t_quantile(0.975, n - 1.0).unwrap_or(1.96) * line.error;
    let modulus = line.modulus;
    let mut found = vec![
        Estimate::with_interval("youngs_modulus", "E", modulus, "Pa", (modulus - half, modulus + half), Basis::Replicate)
            .std_error(line.error)
            .systematic_error(common)
            .n(n),
    ];
    if let Some(ratio) = &input.poisson_ratio {
        let (nu, error) = (ratio.value, ratio.std_error.unwrap_or(0.0));
        let why = "from the modulus and a stated Poisson's ratio, whose error dominates";
        let relative = (line.error / modulus).hypot(common / modulus);
        let shear = modulus / (2.0 * (1.0 + nu));
        let bulk = modulus / (3.0 * (1.0 - 2.0 * nu));
        let moduli = [
            ("shear_modulus", "G", shear, relative.hypot(error / (1.0 + nu))),
            ("bulk_modulus", "B", bulk, relative.hypot(2.0 * error / (1.0 - 2.0 * nu))),
        ];
        for (key, symbol, value, relative) in moduli {
            found.push(Estimate::without_interval(key, symbol, value, "Pa", why).std_error(relative * value).n(n));
        }
    }
    found
}

fn of_curve(curve: &Bilinear, common: f64, n: usize) -> Vec<Estimate> {
    let why = "given for the curve; its error is not worked out";
    vec![
        Estimate::with_interval("yield_stress", "σ_y", curve.yield_stress, "Pa", curve.interval, Basis::Likelihood)
            .systematic_error(common)
            .n(n as f64),
        Estimate::without_interval("hardening_slope", "dσ/dε", curve.slope, "Pa", why).n(curve.beyond as f64),
        Estimate::without_interval(
            "elastic_strain_at_yield",
            "σ_y/E",
            curve.yield_stress / curve.modulus,
            "",
            "a ratio of two numbers with intervals",
        ),
    ]
}

fn ductility(rows: &[Row<'_>]) -> Option<Estimate> {
    let whole = rows.iter().filter(|row| !row.specimen.is_broken);
    let largest = whole.max_by(|a, b| a.loaded.strain.total_cmp(&b.loaded.strain))?;
    let why = "a lower bound: the structure is not broken";
    let error = largest.reading.error * largest.point.strain_per_displacement;
    Some(Estimate::without_interval("ductility_lower_bound", "ε_f", largest.loaded.strain, "", why).std_error(error))
}

fn notes(
    method: &StressStrain,
    input: &Input,
    rows: &[Row<'_>],
    line: Option<&Elastic>,
    curve: Option<&Bilinear>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(line) = line.filter(|line| line.intercept.abs() > 2.58 * line.intercept_error) {
        let message = format!(
            "the elastic line misses the origin by {:.0} +- {:.0} MPa: actuator_mismatch or specimen_mismatch is wrong",
            1e-6 * line.intercept,
            1e-6 * line.intercept_error
        );
        notes.push(Note::warning("intercept", message));
    }
    if line.is_none() {
        let message = format!("fewer than three structures below a strain of {}: no modulus", method.elastic_below);
        notes.push(Note::info("no_elastic_line", message));
    }
    if curve.is_none() {
        notes.push(Note::info("no_yield", "fewer than four structures on one side of a yield point: no yield stress"));
    }
    let names: Vec<&str> = rows
        .iter()
        .filter(|row| row.point.stress_error() > method.largest_error * row.point.stress)
        .map(|row| row.specimen.name.as_str())
        .collect();
    if !names.is_empty() {
        let message = format!(
            "the reading of {} displacements tells the stress to no better than {:.0} %; they are left out of fits (structures {})",
            names.len(),
            100.0 * method.largest_error,
            names.join(", ")
        );
        notes.push(Note::info("stress_unknown", message));
    }
    let broken = input.specimens.iter().filter(|specimen| specimen.is_broken).count();
    if broken > 0 {
        notes.push(Note::info("broken", format!("{broken} structures broke; their readings before that are kept")));
    }
    if input.chip.modulus.is_none() || input.chip.mismatch.is_none() {
        let message = "without specimen_modulus and specimen_mismatch there is no plastic strain, and strains start at zero";
        notes.push(Note::warning("no_plastic_strain", message));
    }
    if input.is_long {
        notes.push(Note::warning("long_specimen", "a specimen is longer than 1 mm: was a micro sign lost?"));
    }
    notes
}

fn table(rows: &[Row<'_>], draws: &[Chip], input: &Input) -> Table {
    let column = |value: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let draws = &draws[..draws.len().min(200)];
    let common =
        |row: &Row<'_>| systematic(draws, |chip| Some(chip.state(&row.specimen.geometry, row.reading.displacement)?.stress));
    let names = rows.iter().map(|row| row.specimen.name.clone()).collect();
    let table = Table::new("structures", "Stress and strain of every structure")
        .with_text("structure", names)
        .with_numbers("time", "s", column(&|row| row.reading.time))
        .with_numbers("displacement", "m", column(&|row| row.reading.displacement))
        .with_numbers("strain_true", "", column(&|row| row.loaded.strain))
        .with_numbers("stress_true", "Pa", column(&|row| row.loaded.stress))
        .with_numbers("stress_error", "Pa", column(&|row| row.point.stress_error()))
        .with_numbers("stress_common_error", "Pa", column(&common))
        .with_numbers("actuator_stiffness", "Pa/m", column(&|row| row.loaded.stiffness));
    match input.chip.modulus {
        Some(_) => table.with_numbers("strain_plastic", "", column(&|row| row.loaded.plastic)),
        None => table,
    }
}

/// Stress over strain at the first and the last time.
fn figure(rows: &[Row<'_>], curve: Option<&Bilinear>, line: Option<&Elastic>) -> Figure {
    let axes = (Axis::linear("true strain", Unit::of("%")), Axis::linear("true stress", Unit::of("GPa")));
    let mut panel = Panel::new("", axes.0, axes.1);
    let is_first = |row: &&Row<'_>| row.specimen.readings.first() == Some(&row.reading);
    let is_last = |row: &&Row<'_>| row.specimen.readings.last() == Some(&row.reading) && !is_first(row);
    let groups: [(&str, Vec<&Row<'_>>); 2] =
        [("first reading", rows.iter().filter(is_first).collect()), ("last reading", rows.iter().filter(is_last).collect())];
    for (number, (name, chosen)) in groups.iter().enumerate() {
        if chosen.is_empty() {
            continue;
        }
        let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
        panel = panel.with(Mark::Points {
            name: (*name).to_owned(),
            role: Role::Series(number as u16),
            x: chosen.iter().map(|row| row.loaded.strain).collect(),
            y: chosen.iter().map(|row| row.loaded.stress).collect(),
            x_interval: Vec::new(),
            y_interval: chosen.iter().map(|row| interval(row.loaded.stress, row.point.stress_error())).collect(),
        });
    }
    let largest = rows.iter().map(|row| row.loaded.strain).fold(0.0, f64::max);
    if let Some(curve) = curve {
        let at_yield = curve.yield_stress / curve.modulus;
        let end = curve.yield_stress + curve.slope * (largest - at_yield);
        panel = panel.with(Mark::line(
            "elastic line and hardening",
            Role::Model,
            vec![0.0, at_yield, largest],
            vec![0.0, curve.yield_stress, end],
        ));
    } else if let Some(line) = line {
        panel = panel.with(Mark::line("elastic line", Role::Model, vec![0.0, largest], vec![0.0, line.modulus * largest]));
    }
    Figure {
        key: "stress_strain".to_owned(),
        title: "Stress and strain".to_owned(),
        caption: "One point per structure, with 95 % intervals of the reading. The errors of the constants move all points together; the table has them."
            .to_owned(),
        panels: vec![panel],
    }
}
