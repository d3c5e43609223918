use approx::assert_relative_eq;
use ndarray::Array2;
use serde::Deserialize;
use serde_json::json;

use super::algorithm::{Cantilever, wrap_degrees};
use super::*;
use crate::core::data::{Direction, Extent, Map};
use crate::core::random::standard_normals;
use crate::method::{ConstantValue, Constants, DynMethod, MapChoice, find};

const ELECTRONVOLT: f64 = 1.602_176_634e-19;

#[derive(Deserialize)]
struct Golden {
    lu2016: GoldenLu,
    asylum: GoldenAsylum,
}

#[derive(Deserialize)]
struct GoldenAsylum {
    relative_tolerance: f64,
    absolute: MeanSd,
    free_is_90_lu2016: MeanSd,
    free_is_90: MeanSd,
    free_is_model: MeanSd,
    absolute_lu2016: MeanSd,
}

#[derive(Deserialize)]
struct MeanSd {
    mean: f64,
    sd: f64,
}

#[derive(Deserialize)]
struct GoldenLu {
    prefactor_joule: f64,
    prefactor: f64,
    largest: f64,
    slope_per_degree_at_30_degrees: f64,
}

fn golden() -> Golden {
    toml::from_str(include_str!("golden.toml")).unwrap()
}

const LU: Cantilever = Cantilever { spring_constant: 40.0, quality_factor: 700.0, frequency_ratio: 1.0, free_amplitude: 20e-9 };

fn method() -> &'static dyn DynMethod {
    find("dafm.dissipation").unwrap()
}

fn constants() -> Constants {
    let quantities = [
        ("free_phase", "90 deg"),
        ("spring_constant", "40 N/m"),
        ("quality_factor", "700"),
        ("resonance_frequency", "300 kHz"),
        ("drive_frequency", "300 kHz"),
        ("free_amplitude", "20 nm"),
    ];
    let stated = Constants::default().with_choice("phase_convention", "lag").with_choice("phase_reference", "absolute");
    quantities.into_iter().fold(stated, |constants, (key, text)| constants.with_quantity(key, text).unwrap())
}

fn map(quantity: &str, unit: &str, values: Array2<f64>) -> Map {
    Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(500e-9, 500e-9)))
}

fn noise(seed: u64, mean: f64, sd: f64) -> Array2<f64> {
    let values = standard_normals(seed, 64 * 64).into_iter().map(|z| mean + sd * z).collect();
    Array2::from_shape_vec((64, 64), values).unwrap()
}

/// Lag 60 ± 1 deg, amplitude 3 ± 0.03 nm: repulsive, dissipative.
fn maps() -> Vec<Map> {
    vec![map("phase", "deg", noise(1, 60.0, 1.0)), map("amplitude", "m", noise(2, 3e-9, 3e-11))]
}

fn run(parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method().run(&parameters, dataset, &Ctx::new(1))
}

fn refusal(parameters: serde_json::Value, dataset: &Dataset) -> String {
    let error = run(parameters, dataset).unwrap_err();
    assert!(!error.hint().is_empty());
    error.to_string()
}

#[test]
fn numbers_of_lu_2016() {
    let golden = golden().lu2016;
    assert_relative_eq!(LU.energy_scale(3e-9), golden.prefactor_joule, max_relative = 5e-5);
    assert_relative_eq!(LU.energy_scale(3e-9) / ELECTRONVOLT, golden.prefactor, max_relative = 5e-5);
    assert_relative_eq!(LU.energy_by_lu_2016(3e-9, 90.0) / ELECTRONVOLT, golden.largest, max_relative = 1e-4);
    let energy = |shift: f64| LU.energy_by_lu_2016(3e-9, 90.0 - shift) / ELECTRONVOLT;
    let slope = (energy(30.0 - 1e-3) - energy(30.0 + 1e-3)) / 2e-3;
    assert_relative_eq!(slope, golden.slope_per_degree_at_30_degrees, max_relative = 1e-3);
}

#[test]
fn forms_agree_at_resonance_and_vanish_in_air() {
    for lag in [10.0, 60.0, 90.0, 150.0] {
        let reference = LU.energy_by_lu_2016(3e-9, lag);
        assert_relative_eq!(LU.energy_by_power_balance(3e-9, lag, 90.0), reference, max_relative = 1e-12);
        assert_relative_eq!(LU.energy_by_qiao_2019(3e-9, lag), reference, max_relative = 1e-12);
    }
    let detuned = Cantilever { frequency_ratio: 0.999, ..LU };
    let free_lag = detuned.free_lag();
    assert!(detuned.energy_by_power_balance(20e-9, free_lag, free_lag).abs() < 1e-12 * detuned.energy_scale(20e-9));
}

/// The energy that the tip force takes from a driven oscillator, integrated over a cycle, is the energy by the formula.
#[test]
fn power_balance_is_the_work_of_a_viscous_sample() {
    // A sample that adds the damping force -c v: the oscillator stays harmonic and can be solved in closed form.
    let (k, q, r, drive, added): (f64, f64, f64, f64, f64) = (40.0, 500.0, 0.9993, 1e-11, 0.003);
    let amplitude_and_lag = |damping: f64| {
        let (re, im) = (1.0 - r * r, r * damping);
        (drive / re.hypot(im), im.atan2(re).to_degrees())
    };
    let (free_amplitude, free_lag) = amplitude_and_lag(1.0 / q);
    let (amplitude, lag) = amplitude_and_lag(1.0 / q + added);
    let cantilever = Cantilever { spring_constant: k, quality_factor: q, frequency_ratio: r, free_amplitude };
    // ∮ c v² dt = π c ω A², with c ω = k r added in units of 1/ω0.
    let work = std::f64::consts::PI * k * r * added * amplitude * amplitude;
    assert_relative_eq!(cantilever.energy_by_power_balance(amplitude, lag, free_lag), work, max_relative = 1e-10);
    assert_relative_eq!(cantilever.free_lag(), free_lag, max_relative = 1e-12);
}

#[test]
fn angles_are_wrapped() {
    for (angle, expected) in [(190.0, -170.0), (-180.0, 180.0), (180.0, 180.0), (540.0, 180.0), (-190.0, 170.0), (0.0, 0.0)] {
        assert_relative_eq!(wrap_degrees(angle), expected);
    }
}

#[test]
fn recovers_the_energy_map() {
    let dataset = Dataset::of_maps(maps(), constants());
    let outcome = run(json!({}), &dataset).unwrap();
    let energy = outcome.map("dissipated_energy").unwrap();
    let (phase, amplitude) = (&dataset.maps().next().unwrap().values, &dataset.maps().nth(1).unwrap().values);
    for (pixel, value) in energy.values.indexed_iter() {
        assert_relative_eq!(*value, LU.energy_by_lu_2016(amplitude[pixel], phase[pixel]), max_relative = 1e-12);
    }
    let mean = outcome.estimate("dissipated_energy_mean").unwrap();
    assert_relative_eq!(mean.value, energy.values.mean().unwrap(), max_relative = 1e-12);
    assert!(mean.interval.is_some());
    assert_eq!(outcome.estimate("fraction_negative").unwrap().value, 0.0);
    let sd = outcome.estimate("dissipated_energy_sd").unwrap();
    assert_relative_eq!(sd.value, energy.values.std(0.0), max_relative = 1e-9);
    assert!(sd.interval.is_none() && sd.no_interval.is_some());
    let force = outcome.estimate("mean_elastic_force_qiao2019").unwrap().value;
    // F0 = k A0/Q = 1.143 nN (Lu et al.), times cos(60 deg)/2.
    assert_relative_eq!(force, 0.5 * 1.142857e-9 * 0.5, max_relative = 5e-3);
    assert!(outcome.estimate("mean_force_virial").unwrap().value < 0.0);
}

#[test]
fn conventions_of_one_lag_give_one_energy() {
    let stored = |convention: &str, free: &str, f: fn(f64) -> f64| {
        let mut maps = maps();
        maps[0].values.mapv_inplace(f);
        let constants = constants().with_choice("phase_convention", convention).with_quantity("free_phase", free).unwrap();
        run(json!({}), &Dataset::of_maps(maps, constants)).unwrap().estimate("dissipated_energy_mean").unwrap().value
    };
    let lag = stored("lag", "90 deg", |s| s);
    assert_relative_eq!(stored("shift_positive_repulsive", "0 deg", |s| 90.0 - s), lag, max_relative = 1e-12);
    assert_relative_eq!(stored("shift_negative_repulsive", "0 deg", |s| s - 90.0), lag, max_relative = 1e-12);
    assert_relative_eq!(stored("lag", "90 deg", |s| s - 360.0), lag, max_relative = 1e-12);
}

#[test]
fn offset_phase_is_repaired_by_the_reference() {
    let true_energy = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    let mut shifted = maps();
    shifted[0].values += 123.0;
    for reference in ["free_is_90", "free_is_model"] {
        let constants = constants().with_choice("phase_reference", reference).with_quantity("free_phase", "213 deg").unwrap();
        let found = run(json!({}), &Dataset::of_maps(shifted.clone(), constants)).unwrap();
        let value = |outcome: &Outcome| outcome.estimate("dissipated_energy_mean").unwrap().value;
        assert_relative_eq!(value(&found), value(&true_energy), max_relative = 1e-10);
    }
}

#[test]
fn units_of_the_maps_do_not_matter() {
    let reference = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    let mut other = maps();
    other[0].values.mapv_inplace(f64::to_radians);
    other[0].unit = Unit::of("rad");
    other[1].values /= 50e-9;
    other[1].unit = Unit::of("V");
    let constants = constants().with_quantity("amplitude_sensitivity", "50 nm/V").unwrap();
    let found = run(json!({}), &Dataset::of_maps(other, constants)).unwrap();
    for (a, b) in reference.estimates.iter().zip(&found.estimates) {
        assert_relative_eq!(a.value, b.value, max_relative = 1e-9);
    }
}

#[test]
fn set_point_and_error_make_the_amplitude() {
    let measured = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    let mut maps = maps();
    maps[1] = map("amplitude_error", "m", &maps[1].values - 3e-9);
    let constants = constants().with_quantity("setpoint_amplitude", "3 nm").unwrap();
    let dataset = Dataset::of_maps(maps, constants);
    let sum = run(json!({}), &dataset).unwrap();
    let sd = |outcome: &Outcome| outcome.estimate("dissipated_energy_sd").unwrap().value;
    assert_relative_eq!(sd(&sum), sd(&measured), max_relative = 1e-9);
    assert!(sum.notes.iter().any(|note| note.code == "amplitude_from_setpoint"));
    let alone = run(json!({"amplitude_error": "ignored"}), &dataset).unwrap();
    assert!(alone.notes.iter().any(|note| note.code == "feedback_error_becomes_dissipation"));
    assert!((sd(&alone) / sd(&measured) - 1.0).abs() > 1e-3);
}

#[test]
fn everything_missing_is_named_at_once() {
    let dataset = Dataset::of_maps(maps()[..1].to_vec(), Constants::default());
    let MethodError::MissingConstants { missing, .. } = run(json!({}), &dataset).unwrap_err() else { panic!("wrong error") };
    let keys: Vec<&str> = missing.iter().map(|missing| missing.key).collect();
    let expected = [
        "phase_convention",
        "phase_reference",
        "free_phase",
        "spring_constant",
        "quality_factor",
        "resonance_frequency",
        "drive_frequency",
        "free_amplitude",
        "setpoint_amplitude",
    ];
    assert_eq!(keys, expected);
    // The form of Lu et al. states the resonance itself.
    let error = run(json!({"form": "lu2016"}), &dataset).unwrap_err().to_string();
    assert!(!error.contains("drive_frequency") && error.contains("free_amplitude"), "{error}");
}

#[test]
fn impossible_constants_are_refused() {
    for (key, text) in
        [("quality_factor", "0"), ("spring_constant", "-1 N/m"), ("free_amplitude", "0 nm"), ("drive_frequency", "0 Hz")]
    {
        let constants = constants().with_quantity(key, text).unwrap();
        assert!(refusal(json!({}), &Dataset::of_maps(maps(), constants)).contains(key));
    }
    let constants = constants().with_quantity("free_phase", "180 deg").unwrap();
    assert!(refusal(json!({}), &Dataset::of_maps(maps(), constants)).contains("sin(lag) = 0"));
}

#[test]
fn maps_that_cannot_be_used_are_refused() {
    let refused = |phase: Array2<f64>, amplitude: Array2<f64>| {
        let maps = vec![map("phase", "deg", phase), map("amplitude", "m", amplitude)];
        refusal(json!({}), &Dataset::of_maps(maps, constants()))
    };
    let good = || noise(2, 3e-9, 3e-11);
    assert!(refused(Array2::from_elem((64, 64), f64::NAN), good()).contains("usable pixels"));
    assert!(refused(Array2::from_elem((64, 64), 60.0), good()).contains("constant"));
    assert!(refused(Array2::from_elem((1, 64), 60.0), good()).contains("8 x 8"));
    assert!(refused(noise(1, 60.0, 1.0), Array2::from_elem((64, 32), 3e-9)).contains("64 x 64"));
    assert!(refused(noise(1, 60.0, 1.0), Array2::zeros((64, 64))).contains("amplitude is zero"));
    assert!(refused(noise(1, 60.0, 1.0), Array2::from_elem((64, 64), f64::NAN)).contains("usable pixels"));
    let wrong = vec![map("phase", "V", noise(1, 60.0, 1.0)), map("amplitude", "m", good())];
    assert!(refusal(json!({}), &Dataset::of_maps(wrong, constants())).contains("'deg' is needed"));
}

#[test]
fn negative_energy_is_refused_with_its_cause() {
    let shifted =
        constants().with_choice("phase_convention", "shift_negative_repulsive").with_quantity("free_phase", "0 deg").unwrap();
    let mut maps = maps();
    maps[0].values += 120.0;
    let dataset = Dataset::of_maps(maps, shifted);
    let error = run(json!({}), &dataset).unwrap_err();
    assert!(error.to_string().contains("negative in 100.00 %"), "{error}");
    assert!(error.hint().contains("phase_convention"));
    let accepted = run(json!({"max_negative_fraction": 1.0}), &dataset).unwrap();
    assert_eq!(accepted.estimate("fraction_negative").unwrap().value, 1.0);
}

#[test]
fn drive_off_resonance_is_noticed() {
    let detuned =
        |drive: &str| constants().with_choice("phase_reference", "free_is_90").with_quantity("drive_frequency", drive).unwrap();
    // 1/(2 Q) = 7.1e-4 and 1/(10 Q) = 1.4e-4.
    assert!(refusal(json!({}), &Dataset::of_maps(maps(), detuned("300.3 kHz"))).contains("1/(2 Q)"));
    let warned = |drive: &str| {
        let outcome = run(json!({}), &Dataset::of_maps(maps(), detuned(drive))).unwrap();
        outcome.notes.iter().any(|note| note.code == "drive_off_resonance")
    };
    assert!(warned("300.1 kHz"));
    assert!(!warned("300.01 kHz"));
    let constants = constants().with_quantity("free_phase", "70 deg").unwrap();
    assert!(refusal(json!({"form": "qiao2019"}), &Dataset::of_maps(maps(), constants)).contains("assumes a lag of 90"));
}

#[test]
fn mixed_regimes_are_noticed() {
    let mixed = vec![map("phase", "deg", noise(1, 90.0, 5.0)), map("amplitude", "m", noise(2, 3e-9, 3e-11))];
    let outcome = run(json!({}), &Dataset::of_maps(mixed, constants())).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "bistable_or_mixed_regime"));
    assert!((outcome.estimate("fraction_attractive").unwrap().value - 0.5).abs() < 0.05);
    let pure = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    assert!(pure.notes.iter().all(|note| note.code != "bistable_or_mixed_regime"));
}

#[test]
fn calibration_errors_are_propagated() {
    let systematic = |key: &str, text: &str| {
        let constants = constants().with_quantity(key, text).unwrap();
        let outcome = run(json!({}), &Dataset::of_maps(maps(), constants)).unwrap();
        let mean = outcome.estimate("dissipated_energy_mean").unwrap();
        mean.systematic_error.unwrap() / mean.value
    };
    assert_relative_eq!(systematic("spring_constant", "40 +- 4 N/m"), 0.1, max_relative = 1e-9);
    assert_relative_eq!(systematic("free_amplitude", "20 +- 1 nm"), 0.1, max_relative = 1e-9);
    // 1/(1 ± 0.01): half the difference is 0.01/(1 - 0.01²).
    assert_relative_eq!(systematic("quality_factor", "700 +- 7"), 0.01 / (1.0 - 1e-4), max_relative = 1e-9);
    let free_is_90 =
        constants().with_choice("phase_reference", "free_is_90").with_quantity("free_phase", "90 +- 1 deg").unwrap();
    let outcome = run(json!({}), &Dataset::of_maps(maps(), free_is_90)).unwrap();
    // dE/dφ = (π k A A0/Q) cos φ at 60 deg.
    let expected = LU.energy_scale(3e-9) * 0.5 * 1f64.to_radians();
    let found = outcome.estimate("dissipated_energy_mean").unwrap().systematic_error.unwrap();
    assert_relative_eq!(found, expected, max_relative = 5e-3);
    let none = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    assert!(none.estimate("dissipated_energy_mean").unwrap().systematic_error.is_none());
    assert!(none.notes.iter().any(|note| note.code == "constants_without_error"));
}

#[test]
fn figures_show_maps_of_the_outcome() {
    use crate::core::figure::Mark;
    let mut maps = maps();
    maps.push(map("height", "m", noise(3, 0.0, 1e-9)));
    let outcome = run(json!({}), &Dataset::of_maps(maps, constants())).unwrap();
    let marks: Vec<&Mark> = outcome.figures.iter().flat_map(|figure| &figure.panels).flat_map(|panel| &panel.marks).collect();
    let images: Vec<&str> =
        marks.iter().filter_map(|mark| if let Mark::Image { map, .. } = mark { Some(map.as_str()) } else { None }).collect();
    assert_eq!(images, ["height", "phase_lag", "dissipated_energy"]);
    assert!(images.iter().all(|quantity| outcome.map(quantity).is_some()));
    assert!(outcome.figures.iter().any(|figure| figure.key == "energy_distribution"));
}

#[test]
fn masked_pixels_are_left_out() {
    let mut maps = maps();
    maps[0].values[[0, 0]] = 1e9;
    maps[0].mask = Some(Array2::from_shape_fn((64, 64), |pixel| pixel == (0, 0)));
    let outcome = run(json!({}), &Dataset::of_maps(maps, constants())).unwrap();
    assert!(outcome.map("dissipated_energy").unwrap().values[[0, 0]].is_nan());
    assert_eq!(outcome.estimate("fraction_negative").unwrap().value, 0.0);
}

#[test]
fn amplitude_and_lag_of_the_image_are_given() {
    let outcome = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    let ratio = outcome.estimate("amplitude_ratio").unwrap();
    assert_relative_eq!(ratio.value, 0.15, max_relative = 1e-3);
    assert!(ratio.interval.is_some() && outcome.notes.iter().any(|note| note.code == "higher_harmonics"));
    let lag = outcome.estimate("mean_lag").unwrap();
    // 1 deg of noise in 4096 pixels.
    assert!((lag.value - 60.0).abs() < 4.0 / 64.0 && lag.interval.is_some());
    let normalised = outcome.map("normalised_dissipation").unwrap();
    let energy = outcome.map("dissipated_energy").unwrap();
    let amplitude = &maps()[1].values;
    for (pixel, value) in normalised.values.indexed_iter() {
        assert_relative_eq!(*value, energy.values[pixel] / LU.energy_scale(amplitude[pixel]), max_relative = 1e-12);
    }
    let far = vec![map("phase", "deg", noise(1, 60.0, 1.0)), map("amplitude", "m", noise(2, 8e-9, 3e-11))];
    let outcome = run(json!({}), &Dataset::of_maps(far, constants())).unwrap();
    assert!(outcome.notes.iter().all(|note| note.code != "higher_harmonics"));
}

fn directed(mut map: Map, direction: Direction, index: usize) -> Map {
    map.direction = Some(direction);
    map.index = index;
    map
}

/// Trace and retrace of one surface, the retrace shifted by a pixel, each with its own noise of 0.5 deg.
fn both_directions() -> Vec<Map> {
    let signal = noise(1, 60.0, 1.0);
    let mut retrace = signal.clone();
    for (mut to, from) in retrace.rows_mut().into_iter().zip(signal.rows()) {
        (1..64).for_each(|column| to[column] = from[column - 1]);
    }
    let amplitude = || noise(5, 3e-9, 1e-14);
    vec![
        directed(map("phase", "deg", signal + noise(3, 0.0, 0.5)), Direction::Trace, 0),
        directed(map("phase", "deg", retrace + noise(4, 0.0, 0.5)), Direction::Retrace, 1),
        directed(map("amplitude", "m", amplitude()), Direction::Trace, 2),
        directed(map("amplitude", "m", amplitude()), Direction::Retrace, 3),
    ]
}

#[test]
fn trace_and_retrace_must_be_chosen_and_give_the_noise() {
    let mut dataset = Dataset::of_maps(both_directions(), constants());
    let error = run(json!({}), &dataset).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("[0]") && text.contains("[1]") && text.contains("retrace"), "{text}");
    assert!(error.hint().contains("channels"));
    dataset.channels = vec![("phase".to_owned(), MapChoice::parse("trace"))];
    let outcome = run(json!({}), &dataset).unwrap();
    // dE/dφ = (π k A A0/Q) cos φ: 0.5 deg at 60 deg; cos φ varies by 3 % over the noise, 4096 pixels scatter by 1.1 %.
    let expected = LU.energy_scale(3e-9) * 0.5 * 0.5f64.to_radians();
    let found = outcome.estimate("dissipated_energy_noise_sd").unwrap();
    assert_relative_eq!(found.value, expected, max_relative = 0.05);
    let material = outcome.estimate("dissipated_energy_material_sd").unwrap().value;
    // Twice the noise before it was added.
    assert_relative_eq!(material, 2.0 * expected, max_relative = 0.05);
    let note = outcome.notes.iter().find(|note| note.code == "noise_from_trace_and_retrace").unwrap();
    assert!(note.message.contains("of 1 pixels"), "{}", note.message);
    // The amplitude follows the direction of the phase; another choice is carried out and noticed.
    assert!(outcome.notes.iter().all(|note| note.code != "directions_differ"));
    dataset.channels.push(("amplitude".to_owned(), MapChoice::parse("retrace")));
    let outcome = run(json!({}), &dataset).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "directions_differ"));
    let single = run(json!({}), &Dataset::of_maps(maps(), constants())).unwrap();
    assert!(single.estimate("dissipated_energy_noise_sd").is_none());
}

/// The Asylum file with its own constants and the conventions that it does not hold; `None` where the data folder is absent.
fn asylum(reference: &str) -> Option<Dataset> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm/AR_20211011.ibw");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    let loaded = crate::io::open(&path).unwrap();
    let mut constants = Constants::default().with_choice("phase_convention", "lag").with_choice("phase_reference", reference);
    for found in loaded.constants {
        constants.insert(&found.key, ConstantValue::Quantity(found.quantity), &found.place);
    }
    let crate::core::data::Data::Maps(maps) = loaded.data else { panic!("no maps") };
    Some(Dataset::of_maps(maps, constants))
}

#[test]
fn readings_of_one_image() {
    let golden = golden().asylum;
    let cases = [
        ("absolute", json!({}), &golden.absolute),
        ("free_is_90", json!({"form": "lu2016"}), &golden.free_is_90_lu2016),
        ("free_is_90", json!({}), &golden.free_is_90),
        ("free_is_model", json!({}), &golden.free_is_model),
        (
            "absolute",
            json!({"form": "lu2016", "max_free_lag_offset": "30 deg", "max_negative_fraction": 0.5}),
            &golden.absolute_lu2016,
        ),
    ];
    for (reference, parameters, expected) in cases {
        let Some(dataset) = asylum(reference) else { return };
        let outcome = run(parameters.clone(), &dataset).unwrap();
        let electronvolts = |key: &str| outcome.estimate(key).unwrap().value / ELECTRONVOLT;
        let (mean, sd) = (electronvolts("dissipated_energy_mean"), electronvolts("dissipated_energy_sd"));
        assert_relative_eq!(mean, expected.mean, max_relative = golden.relative_tolerance);
        assert_relative_eq!(sd, expected.sd, max_relative = golden.relative_tolerance);
        let warned = outcome.notes.iter().any(|note| note.code == "drive_off_resonance");
        assert_eq!(warned, reference == "free_is_90", "{parameters}");
    }
    let Some(dataset) = asylum("absolute") else { return };
    assert!(refusal(json!({"form": "lu2016"}), &dataset).contains("assumes a lag of 90"));
    let ignored = json!({"form": "lu2016", "max_free_lag_offset": "30 deg"});
    assert!(refusal(ignored, &dataset).contains("negative in 31."));
}

/// A virtual film scanned with leaking topography: the true energy comes back, exactly without leakage, nearly after correction.
#[test]
fn virtual_microscope_gives_its_truth_back() {
    use crate::sim::afm::{CrossTalk, Microscope, Specimen};
    let specimen = Specimen { rows: 96, columns: 96, width: 94e-9, height: 94e-9, ..Specimen::default() };
    let surface = specimen.surface(3).unwrap();
    let detuned = Microscope { drive_frequency: 299.95e3, feedback_lag: 1e-9, ..Microscope::default() };
    let dataset = |microscope: &Microscope| {
        let words = ("phase_convention", microscope.phase_convention.name());
        let stated = Constants::default().with_choice(words.0, words.1).with_choice("phase_reference", "absolute");
        let add = |constants: Constants, (key, text): (&str, String)| constants.with_quantity(key, &text).unwrap();
        let constants = microscope.constants().into_iter().fold(stated, add);
        Dataset::of_maps(microscope.scan(&surface, 3).unwrap().maps(), constants)
    };
    let relative_error = |outcome: &Outcome| {
        let found = &outcome.map("dissipated_energy").unwrap().values;
        (found - &surface.energy).std(0.0) / surface.energy.std(0.0)
    };
    assert!(relative_error(&run(json!({}), &dataset(&detuned)).unwrap()) < 1e-6);

    // With a perfect feedback: its error is tied to the slope, and the correction would take that part of the lag as well.
    let cross_talk = CrossTalk { height: 3e9, slope_x: 10.0, ..CrossTalk::default() };
    let leaking = Microscope { cross_talk, feedback_lag: 0.0, ..detuned };
    let mut dataset = dataset(&leaking);
    let measured = run(json!({}), &dataset).unwrap();
    assert!(run(json!({"phase": "corrected"}), &dataset).unwrap_err().to_string().contains("no phase_corrected map"));
    let topography = find("dafm.topography").unwrap().run(&json!({}), &dataset, &Ctx::new(1)).unwrap();
    dataset.upstream.push(crate::method::Upstream {
        job: String::new(),
        method: "dafm.topography".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: std::sync::Arc::new(topography),
    });
    let corrected = run(json!({"phase": "corrected"}), &dataset).unwrap();
    assert!(relative_error(&corrected) < 0.5 * relative_error(&measured));
    assert!(corrected.map("height_levelled").is_some());
}
