//! Files of mechanical spectrometers: TRIOS, RepTate and plain text, against the values stated for them (spec 42).

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph_core::data::{Data, Loaded, Record, TraceQuantity as Q};
use amorph_core::unit::Unit;
use amorph_io::{ColumnMapping, ColumnPlace, StatedSet, TraceOptions, open, open_bytes, open_with};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/relax").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

fn record(loaded: &Loaded) -> &Record {
    match &loaded.data {
        Data::Record(record) => record,
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-6, "{found} {expected}");
}

fn has(loaded: &Loaded, code: &str) -> bool {
    loaded.notes.iter().any(|note| note.code == code)
}

#[test]
fn trios_text_has_one_test_per_step() {
    let Some(path) = shared("trios_lims_ares_tts.txt") else { return };
    let loaded = open(&path).unwrap();
    assert_eq!(loaded.source.format, "trios");
    assert_eq!(loaded.metadata.get("Procedure name"), Some("TTS - 0000.00.00"));
    let tests = &record(&loaded).tests;
    assert!(tests.len() > 10 && tests[1].name.contains("140.0"), "{}", tests.len());
    let table = tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 17);
    let first = |quantity| table.values(quantity).unwrap()[0];
    close(first(Q::AngularFrequency), 0.628_318_548_202_515);
    close(first(Q::Frequency), 0.100_000_001_490_116);
    close(first(Q::StorageModulus), 10_044.287_109_375);
    close(first(Q::LossModulus), 3_285.563_720_703_13);
    close(first(Q::Temperature), 149.977_996_826_172 + 273.15);
    assert!(!has(&loaded, "points_missing") && !has(&loaded, "step_temperature"), "{:?}", loaded.notes);
}

const TEXT: &str = "[Version]\nTA Instruments LIMS export format version\t0\n[Header]\nInstrument name\tx\n[Step]\nStep name\tFrequency sweep (150.0 °C)\n\
Number of points\t3\nVariables\tTemperature\tAngular frequency\tStorage modulus\tLoss modulus\nUnits\t°C\trad/s\tPa\tPa\n\
Data point\t148\t1\t200\t100\nData point\t148\t2\t210\t90\n[Step]\nStep name\tempty\nNumber of points\t0\n";

#[test]
fn a_step_that_is_cut_or_misnamed_is_kept_with_a_warning() {
    let loaded = open_bytes("sweep.txt", TEXT.as_bytes(), None).unwrap();
    assert_eq!(record(&loaded).tests.len(), 1);
    for code in ["points_missing", "step_temperature", "no_data_rows"] {
        assert!(has(&loaded, code), "{code}: {:?}", loaded.notes);
    }
    let headless = open_bytes("sweep.txt", TEXT.split("Data point").next().unwrap().as_bytes(), None);
    assert!(headless.unwrap_err().to_string().contains("no [Step] holds data points"));
    let unitless = TEXT.replace("\t°C\trad/s", "\t°C\t");
    let error = open_bytes("sweep.txt", unitless.as_bytes(), None).unwrap_err().to_string();
    assert!(error.contains("Angular frequency") && error.contains("angular_frequency"), "{error}");
}

#[test]
fn damaged_trios_text_never_panics() {
    let bytes = TEXT.as_bytes();
    for cut in 0..bytes.len() {
        let _whatever = open_bytes("sweep.txt", &bytes[..cut], None);
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x15;
        let _whatever = open_bytes("sweep.txt", &flipped, None);
    }
}

#[test]
fn a_frequency_in_radians_is_an_angular_one() {
    let plain = "Freq [rad/s],G' [Pa],G'' [Pa]\n1,3,0.1\n2,3.1,0.1\n";
    let loaded = open_bytes("sweep.csv", plain.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert!(!table.has(Q::Frequency));
    close(table.values(Q::AngularFrequency).unwrap()[1], 2.0);
    close(table.values(Q::StorageModulus).unwrap()[1], 3.1);
    close(table.values(Q::LossModulus).unwrap()[1], 0.1);
}

/// Units that are no units (`N-m`, `Pa-s`) and blanks of both kinds: RepTate's files need a mapping by number.
#[test]
fn columns_by_number_read_what_names_do_not() {
    let Some(folder) = shared("reptate_PI88k") else { return };
    let by_number = |quantity, number, unit: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Number(number),
        unit: Some(Unit::of(unit)),
        scale: 1.0,
        offset: 0.0,
    };
    let columns = vec![
        by_number(Q::AngularFrequency, 1, "rad/s"),
        by_number(Q::StorageModulus, 2, "Pa"),
        by_number(Q::LossModulus, 3, "Pa"),
        by_number(Q::Temperature, 4, "degC"),
    ];
    let options = TraceOptions { columns, ..TraceOptions::default() };
    let loaded = open_with(&folder.join("PI88K-09_FS_-45C_PP-10.osc"), &options).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::AngularFrequency).unwrap()[1], 68.129);
    close(table.values(Q::StorageModulus).unwrap()[0], 3.3393e6);
    close(table.values(Q::LossModulus).unwrap()[0], 8.5878e6);
    close(table.values(Q::Temperature).unwrap()[0], 273.15 - 44.999);
}

#[test]
fn moduli_over_frequency_are_read_by_their_names_and_by_a_mapping() {
    let plain =
        "angular_frequency [rad/s],storage_modulus [GPa],loss_modulus [GPa],temperature [degC]\n1,3,0.1,20\n2,3.1,0.1,20\n";
    let loaded = open_bytes("sweep.csv", plain.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::StorageModulus).unwrap()[1], 3.1e9);
    close(table.values(Q::Temperature).unwrap()[0], 293.15);
    let Some(path) = shared("pyvisco_freq_user_raw.csv") else { return };
    let by_name = |quantity, name: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Name(name.to_owned()),
        unit: None,
        scale: 1.0,
        offset: 0.0,
    };
    let columns = vec![by_name(Q::Frequency, "f"), by_name(Q::Temperature, "T")];
    let loaded = open_with(&path, &TraceOptions { columns, ..TraceOptions::default() }).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 210);
    let first = |quantity| table.values(quantity).unwrap()[0];
    close(first(Q::Frequency), 0.1);
    close(first(Q::StorageModulus), 8_097.175_545e6);
    close(first(Q::LossModulus), 93.074_490_45e6);
    close(first(Q::Temperature), 273.15 - 49.9612);
}

#[test]
fn reptate_text_is_read_by_its_names_and_units() {
    let Some(folder) = shared("reptate_PI88k") else { return };
    let loaded = open(&folder.join("PI88K-09_FS_-45C_PP-10.osc")).unwrap();
    assert_eq!(loaded.source.format, "reptate");
    assert_eq!(loaded.metadata.get("Mw"), Some("94.9"));
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 22);
    let channel = |quantity| table.channels.iter().find(|channel| channel.quantity == quantity).unwrap();
    assert!(!table.has(Q::Frequency));
    close(channel(Q::AngularFrequency).values[1], 68.129);
    close(channel(Q::StorageModulus).values[0], 3.3393e6);
    close(channel(Q::LossModulus).values[0], 8.5878e6);
    close(channel(Q::Temperature).values[0], 273.15 - 44.999);
    assert!(!has(&loaded, "step_temperature"), "{:?}", loaded.notes);
}

const OSC: &str = "T=-10;Mw=94.9;chem=PI;\nFreq\tG'\tG\"\nrad/s\tPa\tPa\n 100  3.9E5  8E4\n 10  3E5  7E4\n";

#[test]
fn the_head_of_reptate_text_gives_the_temperature_that_no_column_has() {
    let loaded = open_bytes("sweep.osc", OSC.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 2);
    table.values(Q::Temperature).unwrap().iter().for_each(|kelvin| close(*kelvin, 263.15));
    let measured = OSC.replace("G\"\n", "G\"\tTemp\n").replace("Pa\n", "Pa\tdegC\n").replace("E4\n", "E4 20\n");
    let loaded = open_bytes("sweep.osc", measured.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::Temperature).unwrap()[0], 293.15);
    assert!(has(&loaded, "step_temperature"));
    let bare = OSC.replace("rad/s\tPa\tPa\n", "");
    let error = open_bytes("sweep.osc", bare.as_bytes(), None).unwrap_err().to_string();
    assert!(error.contains("Freq") && error.contains("unit"), "{error}");
}

const DLS: &str = "Mw=1;T=100;\nw e' e''\n1e-3 9.9 1e-2\n1 5 4.5\n";
const TTS: &str = "C1=8.8;C2=114;T=-35;Mw=94.9;\n 2E-5  43.5  2226.4  -7.9E-3  0 \n 3E-5  91.1  3207.5  -8.8E-3  0 \n";

#[test]
fn damaged_reptate_text_never_panics() {
    for text in [OSC, DLS, TTS] {
        for cut in 0..text.len() {
            let _whatever = open_bytes("sweep.osc", &text.as_bytes()[..cut], None);
            let mut flipped = text.as_bytes().to_vec();
            flipped[cut] ^= 0x15;
            let _whatever = open_bytes("sweep.osc", &flipped, None);
        }
    }
}

/// `w` is the angular frequency and permittivities have no unit: nothing is asked for.
#[test]
fn dielectric_text_of_reptate_says_what_its_columns_are() {
    let loaded = open_bytes("x.dls", DLS.as_bytes(), None).unwrap();
    assert_eq!(loaded.source.format, "reptate");
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::AngularFrequency).unwrap()[0], 1e-3);
    close(table.values(Q::Permittivity).unwrap()[1], 5.0);
    close(table.values(Q::DielectricLoss).unwrap()[1], 4.5);
    close(table.values(Q::Temperature).unwrap()[0], 373.15);
    let hertz = DLS.replace("e''\n", "e''\nHz - -\n");
    let wrong = open_bytes("x.dls", hertz.as_bytes(), None).unwrap();
    assert!(!record(&wrong).tests[0].measurement().unwrap().has(Q::AngularFrequency), "a unit that the file states counts");
    let Some(path) = shared("reptate_Debye.dls") else { return };
    let loaded = open(&path).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    // One Debye process: 10/(1 + i ω τ), τ = 1 ms.
    let columns = [Q::AngularFrequency, Q::Permittivity, Q::DielectricLoss].map(|quantity| table.values(quantity).unwrap());
    for ((omega, storage), loss) in columns[0].iter().zip(columns[1]).zip(columns[2]) {
        let x = 1e-3 * omega;
        close(*storage, 10.0 / (1.0 + x * x));
        close(*loss, 10.0 * x / (1.0 + x * x));
    }
}

/// A master curve without names: its constants are read, and what its columns are is asked for.
#[test]
fn a_master_curve_of_reptate_asks_for_its_columns() {
    let by_number = |quantity, number, unit: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Number(number),
        unit: Some(Unit::of(unit)),
        scale: 1.0,
        offset: 0.0,
    };
    let columns = vec![
        by_number(Q::AngularFrequency, 1, "rad/s"),
        by_number(Q::StorageModulus, 2, "Pa"),
        by_number(Q::LossModulus, 3, "Pa"),
    ];
    let stated = TraceOptions { columns, ..TraceOptions::default() };
    let file = shared("reptate_PI88k").map(|folder| std::fs::read(folder.join("PI_94.9k_T-35.tts")).unwrap());
    for (bytes, rows) in [(Some(TTS.as_bytes().to_vec()), 2), (file, 170)] {
        let Some(bytes) = bytes else { continue };
        let bare = open_bytes("master.tts", &bytes, None).unwrap();
        assert_eq!(bare.source.format, "reptate");
        let note = bare.notes.iter().find(|note| note.code == "columns_unnamed").unwrap();
        assert!(note.message.contains("storage_modulus = { column = 2, unit = \"Pa\" }"), "{}", note.message);
        assert_eq!(bare.metadata.get("T"), Some("-35"));
        let loaded = amorph_io::open_bytes_with("master.tts", &bytes, None, &stated).unwrap();
        assert!(!has(&loaded, "columns_unnamed"));
        let table = record(&loaded).tests[0].measurement().unwrap();
        assert_eq!(table.n_rows(), rows);
        assert!((table.values(Q::LossModulus).unwrap()[0] / 2226.4 - 1.0).abs() < 1e-3);
        close(table.values(Q::Temperature).unwrap()[0], 238.15);
    }
}

/// The workbook and the text beside it are two measurements of one plan: frequencies and steps agree, moduli do not.
#[test]
fn an_eplexor_workbook_is_read_as_its_text_is() {
    let (Some(xls), Some(csv)) = (shared("pyvisco_freq_Eplexor_raw.xls"), shared("pyvisco_freq_user_raw.csv")) else { return };
    let (xls, csv) = (open(&xls).unwrap(), open(&csv).unwrap());
    assert_eq!((xls.source.format.as_str(), csv.source.format.as_str()), ("workbook", "delimited"));
    let tables = [&xls, &csv].map(|loaded| record(loaded).tests[0].measurement().unwrap());
    let [book, text] = tables.map(|table| {
        [Q::Frequency, Q::StorageModulus, Q::LossModulus, Q::Temperature].map(|quantity| table.values(quantity).unwrap())
    });
    assert_eq!((book[0].len(), text[0].len()), (210, 210));
    for row in 0..210 {
        close(book[0][row], text[0][row]);
        assert!((book[3][row] - text[3][row]).abs() < 0.5, "{row}: {} {}", book[3][row], text[3][row]);
    }
    close(book[1][0], 4_956.183_187_381_401e6);
    close(book[2][0], 121.002_970_351_754_37e6);
    close(book[3][0], 273.15 - 50.0363);
    close(book[0][209], 100.0);
    close(book[1][209], 61_567_643.284_993_32);
    close(book[2][209], 52.889_091_050_078_34e6);
    close(book[3][209], 273.15 + 99.939);
    // The instrument's own loss tangent stands beside both moduli.
    let tangent = tables[0].values(Q::TanDelta).unwrap();
    (0..210).for_each(|row| close(book[2][row] / book[1][row], tangent[row]));
}

fn set(temperature: f64, time: usize, compliance: usize) -> StatedSet {
    let column = |quantity, number, unit: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Number(number),
        unit: Some(Unit::of(unit)),
        scale: 1.0,
        offset: 0.0,
    };
    StatedSet {
        name: format!("{temperature} K"),
        temperature: Some(temperature),
        columns: vec![column(Q::Time, time, "s"), column(Q::CreepCompliance, compliance, "cm^2/dyn")],
    }
}

const PAIRS: &str = "warm,,cold,\nX,Y,X,Y\n1,2e-8,1,1e-9\n2,3e-8,2,2e-9\n,,4,3e-9\n,,8,4e-9\n";

#[test]
fn curves_beside_each_other_become_tests_as_stated() {
    let sets = vec![set(380.0, 1, 2), set(370.0, 3, 4)];
    let options = TraceOptions { sets, ..TraceOptions::default() };
    let open = |options| amorph_io::open_bytes_with("creep.csv", PAIRS.as_bytes(), None, options);
    let loaded = open(&options).unwrap();
    let tests = &record(&loaded).tests;
    let rows: Vec<usize> = tests.iter().map(|test| test.measurement().unwrap().n_rows()).collect();
    assert_eq!(rows, [2, 4]);
    let cold = tests[1].measurement().unwrap();
    close(cold.values(Q::CreepCompliance).unwrap()[3], 4e-8);
    close(cold.values(Q::Time).unwrap()[3], 8.0);
    close(cold.values(Q::Temperature).unwrap()[0], 370.0);
    let absent = TraceOptions { sets: vec![set(380.0, 1, 7)], ..TraceOptions::default() };
    assert!(open(&absent).unwrap_err().to_string().contains("column 7"));
    let twice = TraceOptions { sets: vec![set(380.0, 1, 2), set(380.0, 3, 4)], ..TraceOptions::default() };
    assert!(open(&twice).unwrap_err().to_string().contains("the name of another"));
    let both = TraceOptions { columns: set(380.0, 1, 2).columns, ..options.clone() };
    assert!(open(&both).unwrap_err().to_string().contains("exclude each other"));
    let other = amorph_io::open_bytes_with("sweep.osc", OSC.as_bytes(), None, &options);
    assert!(other.unwrap_err().to_string().contains("sets"));
}

#[test]
fn published_creep_curves_open_as_stated() {
    let Some(path) = shared("plazek_ps_creep.csv") else { return };
    let temperatures = [144.9, 133.8, 125.0, 114.5, 109.6, 106.7, 104.5, 101.8, 100.6, 97.0];
    let sets = temperatures.iter().enumerate().map(|(k, celsius)| set(celsius + 273.15, 2 * k + 1, 2 * k + 2)).collect();
    let loaded = open_with(&path, &TraceOptions { sets, ..TraceOptions::default() }).unwrap();
    let tests = &record(&loaded).tests;
    assert_eq!(tests.len(), 10);
    let first = tests[0].measurement().unwrap();
    close(first.values(Q::Time).unwrap()[0], 49.659_232_145_033_606);
    close(first.values(Q::CreepCompliance).unwrap()[0], 8.566_758_762_583_878e-6);
    close(tests[9].measurement().unwrap().values(Q::Temperature).unwrap()[0], 370.15);
}
