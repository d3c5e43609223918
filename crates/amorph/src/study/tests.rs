use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ndarray::Array2;

use super::*;
use crate::core::data::{Extent, Map, Metadata};
use crate::core::dossier::Shown;
use crate::core::random::standard_normals;
use crate::core::unit::Unit;

/// A folder with small phase and amplitude images, written as Gwyddion files, and a study of them.
pub(super) struct Fixture {
    pub(super) folder: tempfile::TempDir,
}

pub(super) const HEAD: &str = r#"
[study]
title = "Test"
seed = 3

[[sample]]
id = "film"
alloy = "Zr70Ni30"
  [[sample.state]]
  id = "cast"
  [[sample.state]]
  id = "pressed"
  load = "3 N"
"#;

pub(super) const CAST: &str = r#"
[[measurement]]
state = "cast"
technique = "afm"
files = ["cast_*.gwy"]
phase_convention = "lag"
phase_reference = "absolute"
free_phase = "90 deg"
cantilever = { k = "40 +- 4 N/m", Q = 700 }
f0 = "300 kHz"
drive_frequency = "300 kHz"
free_amplitude = "20 nm"
methods = ["dafm.dissipation"]
"#;

pub(super) const PRESSED: &str = "
[[measurement]]
like = \"cast\"
state = \"pressed\"
files = \"pressed_*.gwy\"
";

impl Fixture {
    pub(super) fn new(n_sites: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (state, lag) in [("cast", 55.0), ("pressed", 60.0)] {
            for site in 0..n_sites {
                write_image(&folder.path().join(format!("{state}_{site}.gwy")), lag, site);
            }
        }
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("study.toml")
    }

    pub(super) fn study(&self, text: &str, overrides: &[&str]) -> Result<Study, StudyError> {
        let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
        Study::parse(&self.path(), text.to_owned(), &overrides)
    }

    fn problems(&self, text: &str, overrides: &[&str]) -> Vec<(String, String)> {
        let Err(StudyError::Invalid { problems, text, .. }) = self.study(text, overrides) else {
            panic!("the study was accepted");
        };
        problems.into_iter().map(|problem| (text[problem.span.clone()].to_owned(), problem.kind.to_string())).collect()
    }
}

fn write_image(path: &Path, lag: f64, seed: u64) {
    let noise = standard_normals(seed + 1, 16 * 16);
    let phase = Array2::from_shape_fn((16, 16), |(row, column)| lag + noise[16 * row + column]);
    let amplitude = Array2::from_elem((16, 16), 3e-9);
    let extent = || Some(Extent::metres(100e-9, 100e-9));
    let maps = [Map::new("amplitude", amplitude, Unit::of("m"), extent()), Map::new("phase", phase, Unit::of("deg"), extent())];
    crate::io::write_gwy(path, &maps, &Metadata::default()).unwrap();
}

fn quiet() -> Observer {
    Arc::new(|_| {})
}

pub(super) fn run_quietly(study: &Study, workers: usize) -> RunSummary {
    run(study, &RunOptions { workers, ..RunOptions::default() }, quiet()).unwrap()
}

fn digest(study: &Study) -> String {
    Store::open(&study.results_folder()).unwrap().digest().unwrap()
}

#[test]
fn a_method_over_a_state_sees_all_its_measurements() {
    let fixture = Fixture::new(2);
    // The images of both names belong to one state, at two set points.
    let cast = CAST.replace("[\"dafm.dissipation\"]", "[\"dafm.dissipation\", \"dafm.regime\"]");
    let second =
        "[[measurement]]\nlike = \"cast\"\nstate = \"cast\"\nfiles = \"pressed_*.gwy\"\nsetpoint_amplitude = \"6 nm\"\n";
    let study = fixture.study(&format!("{HEAD}{cast}{second}"), &[]).unwrap();
    let plan = Plan::of(&study);
    let over_state: Vec<&Job> = plan.jobs.iter().filter(|job| job.call.method.info().id == "dafm.regime").collect();
    assert_eq!(over_state.len(), 1);
    assert_eq!(over_state[0].upstream.len(), 4);
    // Another cantilever is another state of affairs for a method that uses its constants.
    let temperatures = |first: &str, second: &str| {
        let energy = CAST.replace("\"dafm.dissipation\"]", &format!("\"dafm.activation_energy\"]\ntemperature = \"{first}\""));
        let other = format!(
            "[[measurement]]\nlike = \"cast\"\nstate = \"cast\"\nfiles = \"pressed_*.gwy\"\ntemperature = \"{second}\"\n"
        );
        let study = fixture.study(&format!("{HEAD}{energy}{other}"), &[]).unwrap();
        Plan::of(&study).jobs.len()
    };
    assert_eq!((temperatures("300 K", "300 K"), temperatures("300 K", "310 K")), (1, 2));
}

#[test]
fn a_study_runs_is_stored_and_is_not_computed_twice() {
    let fixture = Fixture::new(3);
    let text = format!("{HEAD}{CAST}{PRESSED}[compare]\nacross = \"state\"\n");
    let study = fixture.study(&text, &[]).unwrap();
    let first = run_quietly(&study, 2);
    assert_eq!((first.jobs, first.computed, first.stored, first.failures.len()), (7, 7, 0, 0), "{:?}", first.failures);
    let again = run_quietly(&study, 2);
    assert_eq!((again.computed, again.stored), (0, 7));
    let dossier = dossier(&study, Content::Everything).unwrap();
    assert_eq!(dossier.results.len(), 6);
    assert_eq!(dossier.comparisons[0].method, "compare.states");
    let constants = &dossier.results[0].outcome.provenance.constants;
    assert!(constants.iter().any(|constant| constant.key == "spring_constant" && constant.value.starts_with("40")));
    assert!(dossier.results[0].outcome.maps[0].values.len() == 256, "pixels come back from the store");
}

#[test]
fn a_report_shows_one_item_of_each_state_in_full() {
    let fixture = Fixture::new(4);
    let study = fixture.study(&format!("{HEAD}{CAST}{PRESSED}"), &[]).unwrap();
    run_quietly(&study, 2);
    let everything = dossier(&study, Content::Everything).unwrap();
    assert!(everything.results.iter().all(|result| result.shown == Shown::InFull && !result.outcome.figures.is_empty()));
    let report = dossier(&study, Content::Report).unwrap();
    for state in ["cast", "pressed"] {
        let in_full: Vec<_> =
            report.results.iter().filter(|result| result.state == state && result.shown == Shown::InFull).collect();
        assert_eq!(in_full.len(), 1);
        assert_eq!(Some(in_full[0].item.as_str()), report.representative("film", state));
        assert!(!in_full[0].outcome.figures.is_empty());
    }
    for (whole, shown) in everything.results.iter().zip(&report.results) {
        assert_eq!(whole.outcome.estimates, shown.outcome.estimates);
        let short = shown.shown == Shown::InShort;
        assert!(!short || (shown.outcome.figures.is_empty() && shown.outcome.tables.is_empty()));
        assert!(!shown.outcome.maps.is_empty() && shown.outcome.maps.iter().all(|map| !map.values.is_empty()));
    }
}

#[test]
fn results_depend_neither_on_the_number_of_workers_nor_on_interruptions() {
    let text = format!("{HEAD}{CAST}{PRESSED}");
    let digests = [1, 4].map(|workers| {
        let fixture = Fixture::new(4);
        let study = fixture.study(&text, &[]).unwrap();
        run_quietly(&study, workers);
        digest(&study)
    });
    assert_eq!(digests[0], digests[1]);

    let fixture = Fixture::new(4);
    let study = fixture.study(&text, &[]).unwrap();
    let options = RunOptions { workers: 1, ..RunOptions::default() };
    let cancel = options.cancel.clone();
    let stop_after_two = Arc::new(move |event: Event| {
        if matches!(event, Event::Finished { job: 1, .. }) {
            cancel.store(true, Ordering::Relaxed);
        }
    });
    let stopped = run(&study, &options, stop_after_two).unwrap();
    assert!(stopped.cancelled && stopped.computed == 2, "{stopped:?}");
    run_quietly(&study, 2);
    assert_eq!(digest(&study), digests[0]);
}

#[test]
fn a_changed_parameter_recomputes_and_the_old_result_goes() {
    let fixture = Fixture::new(1);
    let text = format!("{HEAD}{CAST}");
    run_quietly(&fixture.study(&text, &[]).unwrap(), 1);
    let changed = fixture.study(&text, &["measurement.cast.free_amplitude=22 nm"]).unwrap();
    let summary = run_quietly(&changed, 1);
    assert_eq!(summary.computed, 1);
    let dossier = dossier(&changed, Content::Everything).unwrap();
    assert_eq!(dossier.results[0].outcome.provenance.overrides, ["measurement.cast.free_amplitude=22 nm"]);
    assert_eq!(Store::open(&changed.results_folder()).unwrap().keys().unwrap().len(), 1);
}

#[test]
fn missing_conventions_are_failures_that_name_the_keys() {
    let fixture = Fixture::new(1);
    let text = format!("{HEAD}{CAST}").replace("phase_convention = \"lag\"", "").replace("phase_reference = \"absolute\"", "");
    let study = fixture.study(&text, &[]).unwrap();
    let summary = run_quietly(&study, 1);
    let failure = &summary.failures[0];
    for key in ["phase_convention", "phase_reference"] {
        assert!(failure.message.contains(key) && failure.hint.contains(key), "{failure:?}");
    }
    assert_eq!(check(&study)[0].message, failure.message, "`check` finds it without running");
    assert_eq!(dossier(&study, Content::Everything).unwrap().failures.len(), 1, "the report knows it too");
}

#[test]
fn one_broken_file_does_not_stop_the_others() {
    let fixture = Fixture::new(2);
    std::fs::write(fixture.folder.path().join("cast_0.gwy"), b"GWYP cut short").unwrap();
    let study = fixture.study(&format!("{HEAD}{CAST}"), &[]).unwrap();
    let summary = run_quietly(&study, 2);
    assert_eq!((summary.computed, summary.failures.len()), (1, 1));
    assert!(summary.failures[0].message.contains("cast_0.gwy"), "{:?}", summary.failures);
}

#[test]
fn every_mistake_is_pointed_at() {
    let fixture = Fixture::new(1);
    let with = |from: &str, to: &str| format!("{HEAD}{CAST}").replace(from, to);
    for (text, place, message) in [
        (with("f0 = ", "resonance_freqency = "), "resonance_freqency", "unknown key 'resonance_freqency'"),
        (with("\"20 nm\"", "\"20 nN\""), "\"20 nN\"", "'nN' is a force, but a length is needed"),
        (with("\"lag\"", "\"lagg\""), "\"lagg\"", "'lagg' is not a phase_convention"),
        (with("dafm.dissipation", "dafm.disipation"), "\"dafm.disipation\"", "'dafm.disipation' is not a method"),
        (with("technique = \"afm\"", "technique = \"amf\""), "\"amf\"", "'amf' is not a technique"),
        (with("state = \"cast\"", "state = \"cats\""), "\"cats\"", "'cats' is not a state of a sample"),
        (with("cast_*.gwy", "none_*.gwy"), "\"none_*.gwy\"", "no file matches 'none_*.gwy'"),
        (with("seed = 3", "seed = -3"), "-3", "'seed' must be a whole number"),
        (with("title = \"Test\"", "titel = \"Test\""), "titel", "unknown key 'titel' in [study]"),
        (with("dafm.dissipation", "compare.states"), "\"compare.states\"", "compare.states belongs under [compare] methods"),
        (
            format!("{HEAD}{CAST}[compare]\nacross = \"state\"\nmethods = [\"dafm.regions\"]\n"),
            "\"dafm.regions\"",
            "dafm.regions belongs under [[measurement]] methods",
        ),
    ] {
        let problems = fixture.problems(&text, &[]);
        let found = problems.iter().any(|(at, what)| at == place && what.contains(message));
        assert!(found, "{place}: {problems:?}");
    }
    let problems = fixture.problems(&with("[study]", "[study"), &[]);
    assert!(problems[0].1.starts_with("this is not valid TOML"), "{problems:?}");
    let problems = fixture.problems(&with("", ""), &["measurement.7.k=1 N/m"]);
    assert!(problems[0].1.contains("--set measurement.7.k"), "{problems:?}");
}

#[test]
fn mistakes_come_with_a_suggestion() {
    let fixture = Fixture::new(1);
    let Err(StudyError::Invalid { problems, .. }) =
        fixture.study(&format!("{HEAD}{CAST}").replace("f0 =", "resonance_freqency ="), &[])
    else {
        panic!("the study was accepted");
    };
    assert_eq!(problems[0].kind.hint().unwrap(), "did you mean 'resonance_frequency'?");
}

#[test]
fn unknown_parameters_are_errors() {
    let fixture = Fixture::new(1);
    let text = format!("{HEAD}{CAST}[method.\"dafm.dissipation\"]\nfrom = \"paper\"\n");
    let problems = fixture.problems(&text, &[]);
    assert!(problems[0].1.contains("from"), "{problems:?}");
    let by_override = fixture.problems(&format!("{HEAD}{CAST}"), &["method.dafm.dissipation.form=nonsense"]);
    assert!(by_override[0].1.contains("nonsense"), "{by_override:?}");
}

#[test]
fn methods_of_another_technique_work_on_the_maps_of_this_one() {
    let fixture = Fixture::new(0);
    let specimen = crate::sim::beam::ContactSpecimen { rows: 32, columns: 32, ..Default::default() };
    let site = specimen.site(1).unwrap();
    let microscope = crate::sim::beam::ContactMicroscope::default();
    let scan = microscope.scan(&site, 1).unwrap();
    let maps: Vec<Map> = scan.maps().cloned().collect();
    crate::io::write_gwy(&fixture.folder.path().join("map.gwy"), &maps, &Metadata::default()).unwrap();
    let quoted = |(key, text): &(String, String)| format!("{key} = \"{text}\"\n");
    let constants: String = microscope.constants(&site, &scan).iter().map(quoted).collect();
    let measurement = format!(
        "[[measurement]]\nstate = \"cast\"\ntechnique = \"contact_resonance\"\nfiles = \"map.gwy\"\ncontact_geometry = \"sphere\"\n{constants}\
         methods = [\"dafm.distribution\", \"contact_resonance.modulus\"]\n\
         [method.\"dafm.distribution\"]\nmap = \"indentation_modulus\"\n"
    );
    let study = fixture.study(&format!("{HEAD}{measurement}"), &[]).unwrap();
    let summary = run_quietly(&study, 1);
    assert_eq!((summary.computed, summary.failures.len()), (2, 0), "{:?}", summary.failures);
    let dossier = dossier(&study, Content::Everything).unwrap();
    let of = |method: &str, key: &str| {
        let result = dossier.results.iter().find(|result| result.method == method).unwrap();
        result.outcome.estimate(key).unwrap().value
    };
    let (modulus, mean) =
        (of("contact_resonance.modulus", "indentation_modulus"), of("dafm.distribution", "distribution_mean"));
    assert!((modulus / mean - 1.0).abs() < 1e-9);
    let truth = site.modulus_map(crate::sim::beam::Geometry::Sphere).values.mean().unwrap();
    assert!((modulus / truth - 1.0).abs() < 1e-6);
    let foreign = measurement.replace("dafm.distribution", "dafm.dissipation").replace("map = \"indentation_modulus\"", "");
    assert!(fixture.problems(&format!("{HEAD}{foreign}"), &[])[0].1.contains("contact_resonance"));
}

#[test]
fn the_starter_studies_are_valid_but_for_their_files() {
    for technique in crate::method::techniques() {
        let Err(StudyError::Invalid { problems, .. }) =
            Study::parse(Path::new("study.toml"), technique.starter.to_owned(), &[])
        else {
            continue;
        };
        for problem in problems {
            let is_missing_file = matches!(problem.kind, ProblemKind::NoFiles { .. });
            assert!(is_missing_file, "{}: {}", technique.id, problem.kind);
        }
    }
}

#[test]
fn a_newer_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let connection = rusqlite::Connection::open(folder.path().join("results.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert!(matches!(Store::open(folder.path()), Err(StoreError::TooNew { found: 99, .. })));
}

#[test]
fn the_schema_knows_every_key() {
    let schema = json_schema();
    let measurement = &schema["properties"]["measurement"]["items"]["anyOf"][0]["properties"];
    assert!(measurement["phase_convention"]["oneOf"].is_array());
    assert!(measurement["cantilever"]["properties"]["k"].is_object());
    assert!(schema["properties"]["method"]["properties"]["dafm.dissipation"]["properties"].is_object());
}

/// Amplitude and phase of one scan as Park files, one channel each.
fn write_park_scan(folder: &Path, site: &str, time: &str, lag: f64) {
    let noise = standard_normals(7, 16 * 16);
    let phase = Array2::from_shape_fn((16, 16), |(row, column)| lag + noise[16 * row + column]);
    let extent = || Some(Extent::metres(100e-9, 100e-9));
    let scan = crate::io::testfiles::ParkScan { time: time.to_owned(), ..Default::default() };
    for (name, map) in [
        ("amplitude", Map::new("amplitude", Array2::from_elem((16, 16), 3e-9), Unit::of("m"), extent())),
        ("phase", Map::new("phase", phase, Unit::of("deg"), extent())),
    ] {
        crate::io::testfiles::write_park(&folder.join(format!("park_{site}_{name}.tiff")), &map, &scan).unwrap();
    }
}

fn park_study(files: &str) -> String {
    format!("{HEAD}{CAST}").replace("[\"cast_*.gwy\"]", files)
}

fn item_names(study: &Study) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    study.measurements[0].items.iter().map(|item| item.iter().map(name).collect::<Vec<_>>().join(" + ")).collect()
}

#[test]
fn channels_in_separate_files_become_one_item() {
    let fixture = Fixture::new(1);
    write_park_scan(fixture.folder.path(), "a", "2021:09:16 13:17:54", 55.0);
    write_park_scan(fixture.folder.path(), "b", "2021:09:16 13:31:02", 58.0);
    let study = fixture.study(&park_study("\"*.tiff\""), &[]).unwrap();
    assert_eq!(item_names(&study), ["park_a_amplitude.tiff + park_a_phase.tiff", "park_b_amplitude.tiff + park_b_phase.tiff"]);
    let summary = run_quietly(&study, 2);
    assert_eq!((summary.computed, summary.failures.len()), (2, 0), "{:?}", summary.failures);
    let dossier = dossier(&study, Content::Everything).unwrap();
    let result = &dossier.results[0];
    assert_eq!(result.item, "park_a_amplitude.tiff + park_a_phase.tiff");
    let sources: Vec<&str> = result.outcome.provenance.inputs.iter().map(|source| source.path.as_str()).collect();
    assert_eq!(sources, ["park_a_amplitude.tiff", "park_a_phase.tiff"]);
    // A drive frequency of the file gives way to that of the study.
    let frequency = result.outcome.provenance.constants.iter().find(|constant| constant.key == "drive_frequency").unwrap();
    assert!(frequency.value.starts_with("300"), "{frequency:?}");
}

#[test]
fn doubtful_companions_are_a_mistake_that_the_study_can_settle() {
    let fixture = Fixture::new(1);
    let folder = fixture.folder.path();
    write_park_scan(folder, "a", "2021:09:16 13:17:54", 55.0);
    std::fs::copy(folder.join("park_a_phase.tiff"), folder.join("park_a_phase_again.tiff")).unwrap();
    let problems = fixture.problems(&park_study("[\"*.tiff\"]"), &[]);
    assert_eq!(problems[0].0, "\"*.tiff\"");
    for word in ["doubtful", "more than once", "park_a_phase_again.tiff", "park_a_amplitude.tiff"] {
        assert!(problems[0].1.contains(word), "{problems:?}");
    }
    let stated = "[[\"park_a_amplitude.tiff\", \"park_a_phase_again.tiff\"]]";
    let study = fixture.study(&park_study(stated), &[]).unwrap();
    assert_eq!(item_names(&study), ["park_a_amplitude.tiff + park_a_phase_again.tiff"]);
    assert_eq!(run_quietly(&study, 1).computed, 1);
    // What is stated together is left out of what the pattern finds.
    let both = "[[\"park_a_amplitude.tiff\", \"park_a_phase_again.tiff\"], \"*.tiff\"]";
    let study = fixture.study(&park_study(both), &[]).unwrap();
    assert_eq!(item_names(&study), ["park_a_amplitude.tiff + park_a_phase_again.tiff", "park_a_phase.tiff"]);
    let problems = fixture.problems(&park_study("[[]]"), &[]);
    assert!(problems[0].1.contains("'files' must be a list"), "{problems:?}");
}

#[test]
fn files_of_another_size_are_not_one_item() {
    let fixture = Fixture::new(1);
    write_park_scan(fixture.folder.path(), "a", "2021:09:16 13:17:54", 55.0);
    let small = Map::new("phase", Array2::from_elem((8, 8), 50.0), Unit::of("deg"), Some(Extent::metres(50e-9, 50e-9)));
    let scan = crate::io::testfiles::ParkScan::default();
    crate::io::testfiles::write_park(&fixture.folder.path().join("other.tiff"), &small, &scan).unwrap();
    let study = fixture.study(&park_study("[[\"park_a_amplitude.tiff\", \"other.tiff\"]]"), &[]).unwrap();
    let summary = run_quietly(&study, 1);
    assert!(summary.failures[0].message.contains("16"), "{:?}", summary.failures);
    assert!(summary.failures[0].hint.contains("one scan"), "{:?}", summary.failures);
}

#[test]
fn a_study_names_its_own_published_values() {
    let fixture = Fixture::new(1);
    let text = format!("{HEAD}{CAST}").replacen("seed = 3", "seed = 3\nliterature = \"mine.csv\"", 1);
    let path = fixture.folder.path().join("mine.csv");
    let problem = &fixture.problems(&text, &[])[0];
    assert!(problem.1.contains("mine.csv"), "{problem:?}");
    std::fs::write(&path, "quantity,alloy,value,unit,paper\nlength,Zr50Cu50,4.4,nmm,Doe 2024\n").unwrap();
    let (_, message) = &fixture.problems(&text, &[])[0];
    assert!(message.contains("mine.csv, line 2, column unit: 'nmm'"), "{message}");
    std::fs::write(&path, "quantity,alloy,value,unit,paper\nlength,Zr50Cu50,4.4,nm,Doe 2024\n").unwrap();
    let study = Study::parse(&fixture.folder.path().join("study.toml"), text, &[]).map_err(|error| error.to_string()).unwrap();
    assert_eq!(study.literature.own().len(), 1);
}

#[test]
fn findings_of_a_study_meet_those_of_a_card_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let sizes = crate::sim::events::truncated_power_law(1.5, 1e-4, 1e-2, 800, 4).unwrap();
    let lines: String = sizes.iter().map(|size| format!("{size:e}\n")).collect();
    std::fs::write(at("sizes.csv"), format!("size\n{lines}")).unwrap();
    let card = "[card]\ntitle = \"published\"\n\n[[finding]]\nid = \"spikes elsewhere\"\nquantity = \"avalanche_exponent\"\n\
                value = 1.5\nstd_error = 0.1\ntechnique = \"resistance\"\nalloy = \"Zr70Ni30\"\n";
    std::fs::write(at("card.toml"), card).unwrap();
    let text = "[study]\ntitle = \"Spikes\"\n\n[[sample]]\nid = \"pillar\"\nalloy = \"Zr70Ni30\"\n  [[sample.state]]\n  id = \"cast\"\n\n\
                [[measurement]]\nstate = \"cast\"\ntechnique = \"events\"\nfiles = \"sizes.csv\"\n\
                methods = [\"events.size_distribution\"]\n\n\
                [method.\"events.size_distribution\"]\ncolumn = \"size\"\nxmin = 1e-4\nbootstrap = 50\n\n\
                [compare]\nacross = \"state\"\nmethods = [\"compare.synthesis\"]\ncard = \"card.toml\"\n";
    let parse = |text: &str| Study::parse(&at("study.toml"), text.to_owned(), &[]).map_err(|error| error.to_string());
    let study = parse(text).unwrap();
    let summary = run_quietly(&study, 1);
    // One state cannot be compared with itself.
    assert!(summary.failures.iter().all(|failure| failure.method == "compare.states"), "{:?}", summary.failures);
    let shown = dossier(&study, Content::Report).unwrap();
    let made = shown.comparisons.iter().find(|result| result.method == "compare.synthesis").unwrap();
    assert_eq!(made.outcome.table("findings").unwrap().n_rows(), 2);
    assert!(made.outcome.estimate("avalanche_exponent").is_some(), "{:?}", made.outcome.notes);
    let error = parse(&text.replace("card.toml", "cards.toml")).err().unwrap();
    assert!(error.contains("cards.toml"), "{error}");
}

#[test]
fn curves_beside_each_other_are_sets() {
    let folder = tempfile::tempdir().unwrap();
    let sample = crate::sim::relaxation::IsothermsOverTime::default();
    let temperatures = [465.0, 470.0, 475.0];
    let noise = standard_normals(7, 90);
    let mut text = "t,J,t,J,t,J\n".to_owned();
    for i in 0..30 {
        let time = 10f64.powf(4.0 * i as f64 / 29.0);
        let cell = |k: usize| format!("{time},{}", 1e9 * sample.value(time, temperatures[k]) * (1.0 + 0.01 * noise[3 * i + k]));
        text += &format!("{},{},{}\n", cell(0), cell(1), cell(2));
    }
    std::fs::write(folder.path().join("creep.csv"), text).unwrap();
    let set = |(k, kelvin): (usize, &f64)| {
        let (time, compliance) = (2 * k + 1, 2 * k + 2);
        format!(
            "{{ temperature = \"{kelvin} K\", columns = {{ time = {{ column = {time}, unit = \"s\" }}, creep_compliance = {{ column = {compliance}, unit = \"1/GPa\" }} }} }}"
        )
    };
    let sets: Vec<String> = temperatures.iter().enumerate().map(set).collect();
    let measurement = format!(
        "[[measurement]]\nstate = \"cast\"\ntechnique = \"dma\"\nfiles = [\"creep.csv\"]\nmodulus_kind = \"tensile\"\nsets = [{}]\nmethods = [\"relaxation.master_curve\"]\n",
        sets.join(", ")
    );
    let study = Study::parse(&folder.path().join("study.toml"), format!("{HEAD}{measurement}"), &[]).unwrap();
    let summary = run_quietly(&study, 1);
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    let dossier = dossier(&study, Content::Everything).unwrap();
    let (_, shifts) = dossier.results[0].outcome.tables[0].numbers("shift_factor_log10").unwrap();
    // 0.9 and 0.8 decades from one to the next, to some hundredths.
    assert!(shifts.len() == 3 && shifts.windows(2).all(|pair| pair[0] > pair[1]), "{shifts:?}");
}

#[test]
fn a_file_beside_others_may_name_its_columns_itself() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    let kelvins: Vec<f64> = (0..400).map(|i| 400.0 + 0.5 * f64::from(i)).collect();
    // J/(g K): 0.4 of the sample, 0.9 of sapphire; 10 mg each at 1/3 K/s give mW.
    for (name, heat) in [("sample.csv", 0.4), ("empty.csv", 0.0), ("sapphire.csv", 0.9)] {
        let rows = kelvins.iter().enumerate().map(|(i, kelvin)| {
            let ripple = 1e-4 * (i as f64 * 0.7).sin();
            format!("{},{kelvin},{}\n", 1.5 * i as f64, 10.0 * heat / 3.0 + 0.2 + ripple)
        });
        write(name, format!("a,b,c\n{}", rows.collect::<String>()));
    }
    let rows = kelvins.iter().map(|kelvin| format!("{kelvin},0.9\n"));
    write("table.csv", format!("temperature (K),specific_heat (J/(g K))\n{}", rows.collect::<String>()));
    let study = |table: &str| {
        let columns = "{ time = { column = \"a\", unit = \"s\" }, temperature = { column = \"b\", unit = \"K\" }, heat_flow = { column = \"c\", unit = \"mW\" } }";
        let measurement = format!(
            "[[measurement]]\nstate = \"cast\"\ntechnique = \"dsc\"\nfiles = [[\"sample.csv\", \"empty.csv\", \"sapphire.csv\", \"{table}\"]]\ncolumns = {columns}\nheat_flow_sign = \"endo_up\"\nsample_mass = \"10 mg\"\nsapphire_mass = \"10 mg\"\nmethods = [\"calorimetry.specific_heat\"]\n"
        );
        Study::parse(&folder.path().join("study.toml"), format!("{HEAD}{measurement}"), &[]).unwrap()
    };
    let summary = run_quietly(&study("table.csv"), 1);
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    let dossier = dossier(&study("table.csv"), Content::Everything).unwrap();
    let (_, values) = dossier.results[0].outcome.tables[0].numbers("specific_heat").unwrap();
    assert!(values.iter().all(|value| (value / 400.0 - 1.0).abs() < 1e-2), "{values:?}");
    // One that tells nothing itself is refused with the columns that were asked for.
    write("bare.csv", "x,y\n1,2\n3,4\n".to_owned());
    let refused = run_quietly(&study("bare.csv"), 1);
    let failure = &refused.failures[0];
    assert!(failure.item.contains("bare.csv") && failure.message.contains("temperature"), "{failure:?}");
}
