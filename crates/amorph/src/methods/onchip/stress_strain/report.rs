use super::algorithm::{Bilinear, Elastic, Point, bilinear, elastic};
use super::fracture::{fates, fracture};
use super::session::{FirstSession, LEAST, first_session};
use super::{Input, StressStrain};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::unit::{Unit, format_significant};
use crate::methods::onchip::mechanics::{Chip, Loaded, Reading, Specimen, systematic};
use crate::methods::onchip::records::length_note;

/// Share of the strain at yield below which structures tell whether the first session is off.
const ELASTIC_SHARE: f64 = 0.8;

/// A reading with its stress and strain.
struct Row<'a> {
    specimen: &'a Specimen,
    reading: Reading,
    loaded: Loaded,
    point: Point,
    /// Standard error of the stress from the constants of the chip, Pa.
    common: f64,
}

fn rows<'a>(input: &'a Input, chip: &Chip) -> Vec<Row<'a>> {
    let of = |specimen: &'a Specimen, reading: &Reading| {
        let loaded = chip.state(&specimen.geometry, reading.displacement)?;
        let point = Point {
            stress: loaded.stress,
            strain: loaded.strain,
            error: reading.error,
            stiffness: loaded.stiffness,
            strain_per_displacement: 1.0 / (chip.free(&specimen.geometry).length + reading.displacement),
        };
        Some(Row { specimen, reading: *reading, loaded, point, common: 0.0 })
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
    let mut rows = rows(input, &input.chip);
    let points = first_points(&rows, method.largest_error);
    let draws: Vec<Chip> =
        (0..method.draws).map(|draw| input.chip.draw(derive_seed(ctx.seed, &["chip".into(), draw.into()]))).collect();
    for row in &mut rows {
        let stress = |chip: &Chip| Some(chip.state(&row.specimen.geometry, row.reading.displacement)?.stress);
        row.common = systematic(&draws, stress);
    }
    let line = elastic(&points, method.elastic_below);
    let curve = bilinear(&points);
    let below = curve.map_or(method.elastic_below, |curve| ELASTIC_SHARE * curve.yield_stress / curve.modulus);
    let session = first_session(&points, below);
    let off = session.filter(FirstSession::is_off);
    // What a shift that is not seen may do.
    let unseen = session.map(|session| without(method, input, session.error));
    let of_draw = |chip: &Chip| first_points(&self::rows(input, chip), method.largest_error);
    let mut estimates = Vec::new();
    if let Some(line) = &line {
        let common = systematic(&draws, |chip| elastic(&of_draw(chip), method.elastic_below).map(|line| line.modulus));
        let moved = unseen.as_ref().and_then(|points| elastic(points, method.elastic_below));
        let common = common.hypot(moved.map_or(0.0, |moved| moved.modulus - line.modulus));
        estimates.extend(of_line(line, common, input, off.is_some()));
    }
    if let Some(curve) = &curve {
        let common = systematic(&draws, |chip| curve.yield_stress_of(&of_draw(chip)));
        let moved = unseen.as_ref().and_then(|points| curve.yield_stress_of(points));
        let common = common.hypot(moved.map_or(0.0, |moved| moved - curve.yield_stress));
        estimates.extend(of_curve(curve, common, points.len(), off.is_some()));
        estimates.extend(of_fracture(input, curve));
    }
    estimates.extend(ductility(&rows));
    if let Some(session) = &session {
        let why = "its standard error knows the readings, not constants of the chip that are wrong";
        let shift = Estimate::without_interval("first_session_shift", "d", session.shift, "m", why);
        estimates.push(shift.std_error(session.error).n(session.n as f64));
    }
    let mut notes = notes(method, input, &rows, line.as_ref(), curve.as_ref());
    notes.push(length_note(&input.chip));
    let corrected = off.zip(curve.as_ref()).and_then(|(off, curve)| curve.yield_stress_of(&without(method, input, off.shift)));
    notes.push(of_session(session.as_ref(), corrected));
    Outcome {
        estimates,
        tables: vec![table(&rows, input)],
        figures: vec![figure(&rows, curve.as_ref(), line.as_ref())],
        notes,
        ..Outcome::default()
    }
}

/// Why numbers of a session that is off have no interval.
const OFF: &str = "the first session is off (see first_session_shift): the number is wrong by more than its scatter";

/// The points of the first readings had all been smaller by `shift`.
fn without(method: &StressStrain, input: &Input, shift: f64) -> Vec<Point> {
    let mut moved = input.clone();
    for specimen in &mut moved.specimens {
        specimen.readings.iter_mut().take(1).for_each(|reading| reading.displacement -= shift);
    }
    first_points(&rows(&moved, &input.chip), method.largest_error)
}

fn of_session(session: Option<&FirstSession>, corrected: Option<f64>) -> Note {
    let nanometres = |metres: f64| format_significant(1e9 * metres, 3);
    let Some(session) = session else {
        let message = format!(
            "fewer than {LEAST} elastic structures at the first time: a session that is off (charging, drift) would not be seen"
        );
        return Note::info("first_session_unknown", message);
    };
    let (shift, error) = (nanometres(session.shift), nanometres(session.error));
    if !session.is_off() {
        let message = format!("the first readings of {} elastic structures are off by {shift} +- {error} nm alike", session.n);
        return Note::info("first_session", message);
    }
    let taken = corrected.map_or(String::new(), |stress| {
        format!("; with that taken off the yield stress would be {} GPa", format_significant(1e-9 * stress, 4))
    });
    let message = format!(
        "all first readings are {shift} +- {error} nm off: {} elastic structures of different lengths miss one line from the origin by as much{taken}. Charging or drift of the microscope does so, or wrong lengths (underetch) or mismatch strains: measure the session again, or subtract the shift in the table. Modulus and yield stress have no interval",
        session.n
    );
    Note::warning("first_session_off", message)
}

fn of_line(line: &Elastic, common: f64, input: &Input, is_off: bool) -> Vec<Estimate> {
    let n = line.n as f64;
    let half = crate::core::stats::student_t_quantile(0.975, n - 1.0).unwrap_or(1.96) * line.error;
    let modulus = line.modulus;
    let estimate = if is_off {
        Estimate::without_interval("youngs_modulus", "E", modulus, "Pa", OFF)
    } else {
        Estimate::with_interval("youngs_modulus", "E", modulus, "Pa", (modulus - half, modulus + half), Basis::Replicate)
    };
    let mut found = vec![estimate.std_error(line.error).systematic_error(common).n(n)];
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

fn of_curve(curve: &Bilinear, common: f64, n: usize, is_off: bool) -> Vec<Estimate> {
    let why = "given for the curve; its error is not worked out";
    let yields = if is_off {
        Estimate::without_interval("yield_stress", "σ_y", curve.yield_stress, "Pa", OFF)
    } else {
        Estimate::with_interval("yield_stress", "σ_y", curve.yield_stress, "Pa", curve.interval, Basis::Likelihood)
    };
    vec![
        yields.systematic_error(common).n(n as f64),
        Estimate::without_interval(
            "offset_yield_stress",
            "σ_0.2",
            curve.offset_yield(0.002),
            "Pa",
            "follows from yield_stress and the slopes of the two lines",
        ),
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

/// Fracture strain from the structures that broke and those that did not.
fn of_fracture(input: &Input, curve: &Bilinear) -> Vec<Estimate> {
    let Some(found) = fracture(&fates(&input.specimens, &input.chip, curve)) else { return Vec::new() };
    let why = "where an actuator would have come to rest follows from the curve, whose error the likelihood does not know";
    let median = Estimate::without_interval("fracture_strain", "ε_f", found.median, "", why).n(found.n as f64);
    let modulus = Estimate::without_interval("fracture_modulus", "k", found.modulus, "", why).n(found.broken as f64);
    vec![median, modulus]
}

fn ductility(rows: &[Row<'_>]) -> Option<Estimate> {
    let whole = rows.iter().filter(|row| row.specimen.broken.is_none());
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
    let broken = input.specimens.iter().filter(|specimen| specimen.broken.is_some()).count();
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

fn table(rows: &[Row<'_>], input: &Input) -> Table {
    let column = |value: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let names = rows.iter().map(|row| row.specimen.name.clone()).collect();
    let table = Table::new("structures", "Stress and strain of every structure")
        .with_text("structure", names)
        .with_numbers("time", "s", column(&|row| row.reading.time))
        .with_numbers("displacement", "m", column(&|row| row.reading.displacement))
        .with_numbers("strain_true", "", column(&|row| row.loaded.strain))
        .with_numbers("stress_true", "Pa", column(&|row| row.loaded.stress))
        .with_numbers("stress_error", "Pa", column(&|row| row.point.stress_error()))
        .with_numbers("stress_common_error", "Pa", column(&|row| row.common))
        .with_numbers("actuator_stiffness", "Pa/m", column(&|row| row.loaded.stiffness));
    match input.chip.modulus {
        Some(_) => table.with_numbers("strain_plastic", "", column(&|row| row.loaded.plastic)),
        None => table,
    }
}

/// Stress over strain at every time, with the error of the readings and that of the constants.
fn figure(rows: &[Row<'_>], curve: Option<&Bilinear>, line: Option<&Elastic>) -> Figure {
    let axes = (Axis::linear("true strain", Unit::of("%")), Axis::linear("true stress", Unit::of("GPa")));
    let mut panel = Panel::new("", axes.0, axes.1);
    let place = |row: &Row<'_>| row.specimen.readings.iter().position(|reading| *reading == row.reading).unwrap_or(0);
    let longest = rows.iter().map(place).max().unwrap_or(0);
    // At most five readings: the first, the last, and some between.
    let shown: Vec<usize> = (0..=longest.min(4)).map(|k| k * longest / longest.clamp(1, 4)).collect();
    for (number, reading) in shown.into_iter().enumerate() {
        let chosen: Vec<&Row<'_>> = rows.iter().filter(|row| place(row) == reading).collect();
        let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
        panel = panel.with(Mark::Points {
            name: format!("reading {}", reading + 1),
            role: Role::Series(number as u16),
            x: chosen.iter().map(|row| row.loaded.strain).collect(),
            y: chosen.iter().map(|row| row.loaded.stress).collect(),
            x_interval: Vec::new(),
            y_interval: chosen.iter().map(|row| interval(row.loaded.stress, row.point.stress_error())).collect(),
        });
        if number == 0 {
            let mut sorted: Vec<&Row<'_>> = chosen.into_iter().filter(|row| row.common > 0.0).collect();
            sorted.sort_by(|a, b| a.loaded.strain.total_cmp(&b.loaded.strain));
            let at = |direction: f64| {
                let edge = |row: &&Row<'_>| row.loaded.stress + direction * 1.96 * row.common;
                sorted.iter().map(edge).collect::<Vec<f64>>()
            };
            panel = panel.with(Mark::Band {
                name: "errors common to the chip".to_owned(),
                role: Role::Reference,
                x: sorted.iter().map(|row| row.loaded.strain).collect(),
                lo: at(-1.0),
                hi: at(1.0),
            });
        }
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
        caption: "One point per structure and reading, with 95 % intervals of the reading. The band is that of the constants about the first readings: they move all points together."
            .to_owned(),
        panels: vec![panel],
    }
}
