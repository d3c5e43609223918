use super::*;
use crate::core::data::Table;
use crate::method::{Constants, Upstream};
use crate::methods::scattering::pair_distribution::PairDistribution;
use crate::sim::scattering::StrainedGlass;

const ALLOY: &str = "Cu50Zr50";
const DENSITY: f64 = 0.056e30;

/// Counts of a glass of known structure factor: electrons over a scale, on a background.
fn counts(scale: f64, background: f64) -> (Table, Vec<f64>) {
    let glass =
        StrainedGlass { strain: 0.0, sectors: 1, n_q: 1200, noise: 0.0, number_density: DENSITY, ..StrainedGlass::default() };
    let pattern = glass.measure(1).unwrap();
    let atoms = Alloy::parse(ALLOY).unwrap().at(&pattern.q, None).unwrap();
    let intensity: Vec<f64> = pattern
        .s
        .iter()
        .zip(&atoms)
        .map(|(s, free)| (s * free.square_mean + free.mean_square - free.square_mean + free.incoherent) / scale + background)
        .collect();
    let error = intensity.iter().map(|value| 1e-3 * value).collect();
    let table = Table::new("counts", "")
        .with_numbers("q", "1/m", pattern.q.clone())
        .with_numbers("intensity", "", intensity)
        .with_numbers("intensity_error", "", error);
    (table, pattern.s)
}

fn dataset(table: Table) -> Dataset {
    let mut dataset = Dataset::of_table(table);
    dataset.constants = Constants::default().with_quantity("number_density", "0.056 1/A^3").unwrap();
    dataset
}

fn method() -> StructureFactor {
    StructureFactor { composition: ALLOY.to_owned(), ..StructureFactor::default() }
}

fn run(method: &StructureFactor, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

#[test]
fn scale_and_structure_factor_come_back() {
    let (table, truth) = counts(0.37, 0.0);
    let outcome = run(&method(), &dataset(table)).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert!((value("scale_integral") / 0.37 - 1.0).abs() < 0.01, "{}", value("scale_integral"));
    assert!((value("scale_large_q") / 0.37 - 1.0).abs() < 0.01, "{}", value("scale_large_q"));
    let table = outcome.table("structure_factor").unwrap();
    let (_, s) = table.numbers("s_q").unwrap();
    // The toy structure factor is negative here and there at small Q, which no counts can be: these rows are left out.
    let (_, q) = table.numbers("q").unwrap();
    assert!(s.len() > 1000, "{}", s.len());
    let step = 24e10 / truth.len() as f64;
    for (q, s) in q.iter().zip(s) {
        let truth = truth[(q / step).round() as usize - 1];
        assert!((s - truth).abs() < 0.02 + 0.02 * truth.abs(), "{q:e}: {s} {truth}");
    }
    assert!(table.numbers("s_q_error").unwrap().1.iter().all(|error| *error > 0.0));
    assert!((2e10..4e10).contains(&value("first_peak_q")));
}

/// Counts of electrons of a glass of known structure factor, over a scale, on a constant: the table by an axis and its factor, and the truth by Q.
fn electrons(axis: &str, per_q: f64, constant: f64) -> (Table, Vec<f64>, Vec<f64>) {
    let glass = StrainedGlass {
        strain: 0.0,
        sectors: 1,
        n_q: 1200,
        q_max: 16e10,
        noise: 0.0,
        number_density: DENSITY,
        ..StrainedGlass::default()
    };
    let pattern = glass.measure(1).unwrap();
    let atoms = Alloy::parse(ALLOY).unwrap().of_electrons(&pattern.q).unwrap();
    let last = atoms[1199].mean_square;
    let counts = |k: usize| {
        let free = &atoms[k];
        (pattern.s[k] * free.square_mean + free.mean_square - free.square_mean + constant * last) / 0.01
    };
    // As behind a beam stop; below the halo the structure factor of the virtual glass touches zero.
    let rows: Vec<usize> = (0..1200).filter(|k| pattern.q[*k] > 1.5e10 && counts(*k) > 0.0).collect();
    let of = |value: &dyn Fn(usize) -> f64| rows.iter().map(|row| value(*row)).collect::<Vec<f64>>();
    let intensity = of(&counts);
    let error = intensity.iter().map(|value| value.sqrt()).collect();
    let table = Table::new("counts", "")
        .with_numbers(axis, "1/m", of(&|k| pattern.q[k] * per_q))
        .with_numbers("intensity", "", intensity)
        .with_numbers("intensity_error", "", error);
    (table, of(&|k| pattern.q[k]), of(&|k| pattern.s[k]))
}

#[test]
fn electrons_on_a_constant_give_the_structure_factor() {
    let method = StructureFactor { radiation: Radiation::Electrons, ..method() };
    let turn = std::f64::consts::TAU;
    for (axis, per_q) in [("q", 1.0), ("inverse_d", 1.0 / turn), ("sin_theta_over_lambda", 0.5 / turn)] {
        for constant in [0.0, 1.5] {
            let (table, q, truth) = electrons(axis, per_q, constant);
            let outcome = run(&method, &dataset(table)).unwrap();
            let value = |key: &str| outcome.estimate(key).unwrap().value;
            println!("{axis}, {constant}: {} {} {}", value("scale_integral"), value("scale_large_q"), value("constant_share"));
            assert!((value("scale_integral") / 0.01 - 1.0).abs() < 0.02, "{}", value("scale_integral"));
            assert!((value("constant_share") - constant).abs() < 0.05, "{}", value("constant_share"));
            let table = outcome.table("structure_factor").unwrap();
            let [found_q, s, phi] = ["q", "s_q", "phi"].map(|name| table.numbers(name).unwrap().1);
            assert_eq!(s.len(), q.len());
            for k in 0..q.len() {
                assert!((found_q[k] / q[k] - 1.0).abs() < 1e-9);
                assert!((s[k] - truth[k]).abs() < 0.02 + 0.02 * truth[k].abs(), "{:e}: {} {}", q[k], s[k], truth[k]);
                assert!((phi[k] - q[k] * (s[k] - 1.0)).abs() < 1e-3);
            }
            let error = table.numbers("s_q_error").unwrap().1;
            assert!(error.iter().all(|error| *error > 0.0));
            assert!(!outcome.notes.iter().any(|note| ["implausible_axis", "negative_constant"].contains(&note.code.as_str())));
        }
    }
    // 1/d taken for Q.
    let (table, ..) = electrons("q", 1.0 / turn, 0.0);
    let doubted = run(&method, &dataset(table)).unwrap_err();
    assert!(doubted.to_string().contains("which cannot be") && doubted.hint().contains("axis"), "{doubted}");
    let (table, ..) = electrons("q", 1.0, 0.0);
    let x_rays = StructureFactor { unpolarised: true, ..method };
    let error = run(&x_rays, &dataset(table)).unwrap_err();
    assert!(error.to_string().contains("unpolarised is a correction of X-rays") && !error.hint().is_empty(), "{error}");
}

#[test]
fn a_background_from_a_second_file_is_taken_off_and_the_pair_distribution_follows() {
    let (table, truth) = counts(1.0, 500.0);
    let n = truth.len();
    let (_, q) = table.numbers("q").unwrap();
    let mut both = dataset(table.clone());
    // On half as many scattering vectors, and at twice the counting time.
    let every = |values: Vec<f64>| values.into_iter().step_by(2).chain([1000.0]).take(n / 2 + 1).collect::<Vec<f64>>();
    let mut background_q: Vec<f64> = q.iter().copied().step_by(2).collect();
    background_q.push(q[n - 1]);
    let background =
        Table::new("empty", "").with_numbers("q", "1/m", background_q).with_numbers("intensity", "", every(vec![1000.0; n]));
    both.data.push(Data::Table(background));
    let outcome = run(&StructureFactor { background_scale: 0.5, ..method() }, &both).unwrap();
    assert!((outcome.estimate("scale_integral").unwrap().value - 1.0).abs() < 0.01);
    assert!(outcome.notes.iter().any(|note| note.code == "background_interpolated"));

    let mut next = dataset(table);
    next.upstream.push(Upstream {
        job: "1".to_owned(),
        method: "scattering.structure_factor".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: std::sync::Arc::new(outcome),
    });
    let pairs = PairDistribution::default();
    let found = pairs.run(&pairs.check(&next).unwrap(), &Ctx::new(1)).unwrap();
    let first = found.estimate("first_peak_r").unwrap().value;
    assert!((2.4e-10..3.1e-10).contains(&first), "{first}");
}

#[test]
fn an_angle_needs_the_wavelength_and_gives_the_same() {
    let (table, _) = counts(1.0, 0.0);
    let (_, q) = table.numbers("q").unwrap();
    let wavelength = 0.5e-10;
    let angle: Vec<f64> = q.iter().map(|q| 2.0 * (q * wavelength / (4.0 * std::f64::consts::PI)).asin().to_degrees()).collect();
    let (_, intensity) = table.numbers("intensity").unwrap();
    let by_angle = Table::new("", "").with_numbers("two_theta", "deg", angle).with_numbers("intensity", "", intensity.to_vec());
    let mut dataset = dataset(by_angle);
    assert!(matches!(run(&method(), &dataset), Err(MethodError::MissingConstants { .. })));
    dataset.constants = dataset.constants.with_quantity("wavelength", "0.05 nm").unwrap();
    let outcome = run(&method(), &dataset).unwrap();
    let (_, found) = outcome.table("structure_factor").unwrap().numbers("q").unwrap();
    assert!(found.iter().zip(q).all(|(a, b)| (a / b - 1.0).abs() < 1e-9));
    assert!(run(&StructureFactor { unpolarised: true, anomalous: true, ..method() }, &dataset).is_ok());
}

/// A laboratory pattern of a metallic glass film with peaks of crystals, as it comes from the diffractometer.
#[test]
fn the_first_halo_of_a_real_pattern_is_found_beside_crystals() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/stem/mg_xrd/P1_B7");
    if !path.is_file() {
        println!("skipped: {} is not there", path.display());
        return;
    }
    let column = |name: &str, number, unit: Option<&str>| crate::io::NamedColumn {
        name: name.to_owned(),
        column: crate::io::ColumnPlace::Number(number),
        unit: unit.map(crate::core::unit::Unit::of),
    };
    let named = vec![column("two_theta", 1, Some("deg")), column("intensity", 2, None)];
    let options = crate::io::TraceOptions { named, ..Default::default() };
    let Data::Table(table) = crate::io::open_with(&path, &options).unwrap().data else { panic!("not a table") };
    assert_eq!(table.n_rows(), 10_398);
    let mut dataset = dataset(table);
    dataset.constants = dataset.constants.with_quantity("wavelength", "0.15406 nm").unwrap();
    let outcome = run(&StructureFactor { unpolarised: true, ..method() }, &dataset).unwrap();
    let place = outcome.estimate("first_peak_q").unwrap().value;
    assert!((place / 2.548e10 - 1.0).abs() < 0.01, "{place:e}");
    assert!(outcome.notes.iter().any(|note| note.code == "sharp_peaks"));
}

/// A synchrotron pattern of two bare columns, from 3 to 25 of an unknown quantity, with its background (CPrescher/Glassure, MIT).
///
/// Nothing about the axis is guessed. As scattering vectors in 1/Å the numbers are those of the same equations in numpy, with the form
/// factors of the Python package xraydb 4.5; the highest value at 11.1 then says that the axis is another one.
#[test]
fn a_pattern_without_units_is_refused_until_they_are_stated() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/stem/pdf_glassure");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let open = |name: &str, unit: Option<&str>| {
        let column = |name: &str, number, unit: Option<&str>| crate::io::NamedColumn {
            name: name.to_owned(),
            column: crate::io::ColumnPlace::Number(number),
            unit: unit.map(crate::core::unit::Unit::of),
        };
        let named = vec![column("q", 1, unit), column("intensity", 2, None)];
        let options = crate::io::TraceOptions { named, ..Default::default() };
        let Data::Table(table) = crate::io::open_with(&folder.join(name), &options).unwrap().data else {
            panic!("not a table")
        };
        assert_eq!(table.n_rows(), 2500);
        table
    };
    let method =
        StructureFactor { composition: "Fe0.81S0.19".to_owned(), background_scale: 0.97, ..StructureFactor::default() };
    let both = |unit: Option<&str>| {
        let mut both = Dataset::of_table(open("Fe81S19.chi", unit));
        both.data.push(Data::Table(open("Fe81S19_bkg.chi", unit)));
        // 7.9 g/cm³ of 51.33 g/mol.
        both.constants = Constants::default().with_quantity("number_density", "0.0926902 1/A^3").unwrap();
        both
    };
    let refused = run(&method, &both(None)).unwrap_err();
    assert!(refused.to_string().contains('q') && !refused.hint().is_empty(), "{refused}");

    let data = both(Some("1/A"));
    let outcome = run(&method, &data).unwrap();
    let close = |found: f64, known: f64, within: f64| assert!((found - known).abs() < within, "{found} {known}");
    close(outcome.estimate("scale_integral").unwrap().value, 0.785_70, 0.002);
    close(outcome.estimate("scale_large_q").unwrap().value, 0.765_61, 0.002);
    let table = outcome.table("structure_factor").unwrap();
    let (q, s) = (table.numbers("q").unwrap().1, table.numbers("s_q").unwrap().1);
    for (at, known) in [(8.0, 0.1059), (10.0, 1.4244), (11.126, 3.287), (15.0, 0.4344), (20.0, 1.3167), (22.0, 1.1668)] {
        let place = q.partition_point(|q| *q < at * 1e10);
        let share = (at * 1e10 - q[place - 1]) / (q[place] - q[place - 1]);
        close(s[place - 1] + share * (s[place] - s[place - 1]), known, 0.01);
    }
    assert!(outcome.notes.iter().any(|note| note.code == "implausible_axis"), "{:?}", outcome.notes);

    let mut next = data;
    next.upstream.push(Upstream {
        job: "1".to_owned(),
        method: "scattering.structure_factor".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: std::sync::Arc::new(outcome),
    });
    let pairs = PairDistribution::default();
    let found = pairs.run(&pairs.check(&next).unwrap(), &Ctx::new(1)).unwrap();
    let (_, g) = found.table("g_r").unwrap().numbers("g").unwrap();
    for (row, known) in [(149, 1.7281), (199, 1.0322), (299, 0.9325)] {
        close(g[row], known, 0.01);
    }
}

#[test]
fn bad_input_is_refused() {
    let (table, _) = counts(1.0, 0.0);
    let refused = |method: StructureFactor, table: Table, says: &str| {
        let error = run(&method, &dataset(table)).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        assert!(!error.hint().is_empty());
    };
    refused(StructureFactor::default(), table.clone(), "no alloy");
    refused(StructureFactor { composition: "Qq12".to_owned(), ..method() }, table.clone(), "no alloy");
    refused(StructureFactor { anomalous: true, ..method() }, table.clone(), "needs the wavelength");
    refused(StructureFactor { background_scale: -1.0, ..method() }, table.clone(), "background_scale");
    let (_, q) = table.numbers("q").unwrap();
    let plain = |unit: &str, q: Vec<f64>| {
        let n = q.len();
        Table::new("", "").with_numbers("q", unit, q).with_numbers("intensity", "", vec![1.0; n])
    };
    refused(method(), plain("", q.to_vec()), "q");
    refused(
        method(),
        Table::new("", "").with_numbers("x", "1/m", q.to_vec()).with_numbers("intensity", "", q.to_vec()),
        "none of the columns",
    );
    refused(method(), plain("1/m", q.iter().rev().copied().collect()), "does not ascend");
    refused(method(), plain("1/m", q[..20].to_vec()), "at least 30");
    // The density is needed for the scale.
    assert!(matches!(run(&method(), &Dataset::of_table(table)), Err(MethodError::MissingConstants { .. })));
}
