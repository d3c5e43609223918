use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ndarray::Array2;

use super::*;
use crate::core::data::{Extent, Map, Metadata};
use crate::core::random::standard_normals;
use crate::core::unit::Unit;

/// A folder with small phase and amplitude images, written as Gwyddion files, and a study of them.
struct Fixture {
    folder: tempfile::TempDir,
}

const HEAD: &str = r#"
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

const CAST: &str = r#"
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

const PRESSED: &str = "
[[measurement]]
like = \"cast\"
state = \"pressed\"
files = \"pressed_*.gwy\"
";

impl Fixture {
    fn new(n_sites: u64) -> Self {
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

    fn study(&self, text: &str, overrides: &[&str]) -> Result<Study, StudyError> {
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

fn run_quietly(study: &Study, workers: usize) -> RunSummary {
    run(study, &RunOptions { workers, ..RunOptions::default() }, quiet()).unwrap()
}

fn digest(study: &Study) -> String {
    Store::open(&study.results_folder()).unwrap().digest().unwrap()
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
        (with("technique = \"afm\"", "technique = \"dma\""), "\"dma\"", "'dma' is not a technique"),
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
