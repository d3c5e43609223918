//! Files that take long to read.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use super::*;

/// A scan of zeros, 16 x 16 patterns of 256 x 256 pixels: 32 MiB that take no room.
fn scan(folder: &Path) -> PathBuf {
    let path = folder.join("scan.npy");
    let header = "{'descr': '<u2', 'fortran_order': False, 'shape': (16, 16, 256, 256), }";
    let mut file = std::fs::File::create(&path).unwrap();
    // Magic, version, length of the header; in all 128 bytes.
    file.write_all(b"\x93NUMPY\x01\x00\x76\x00").unwrap();
    file.write_all(format!("{header:117}\n").as_bytes()).unwrap();
    file.set_len(128 + 16 * 16 * 256 * 256 * 2).unwrap();
    path
}

fn study(folder: &Path, methods: &str) -> Study {
    let text = format!(
        "[study]\ntitle = \"Long\"\n\n[[sample]]\nid = \"film\"\n  [[sample.state]]\n  id = \"cast\"\n\n\
         [[measurement]]\nstate = \"cast\"\ntechnique = \"stem\"\nfiles = \"scan.npy\"\nmethods = [{methods}]\n\n\
         [method.\"stem.annular_sum\"]\ninner_radius = 20.0\nouter_radius = 24.0\n"
    );
    Study::parse(&folder.join("study.toml"), text, &[]).unwrap_or_else(|error| panic!("{error}"))
}

/// The summary, and what was told before the plan was made.
fn run_told(study: &Study) -> (RunSummary, Vec<String>) {
    let told = Arc::new(Mutex::new((Vec::new(), false)));
    let into = told.clone();
    let observer: Observer = Arc::new(move |event| {
        let mut told = into.lock().unwrap();
        match event {
            Event::Refused { failure } if !told.1 => told.0.push(failure.message),
            Event::Planned { .. } => told.1 = true,
            _ => {}
        }
    });
    let summary = run(study, &RunOptions { workers: 1, ..RunOptions::default() }, observer).unwrap();
    let early = told.lock().unwrap().0.clone();
    (summary, early)
}

const NO_RADIUS: &str = "the radius of a diffraction disk is not known; it is the matched filter";

#[test]
fn a_long_file_that_no_method_can_use_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = scan(folder.path());
    let study = study(folder.path(), "\"stem.bragg_detection\"");
    assert_eq!(Plan::of(&study).items[0].sha256, content::unread(std::slice::from_ref(&path)));
    assert_eq!(check(&study)[0].message, NO_RADIUS);
    let (summary, early) = run_told(&study);
    assert_eq!(early, [NO_RADIUS]);
    assert_eq!((summary.computed, summary.failures.len()), (0, 1));
    assert_eq!(summary.failures[0].message, NO_RADIUS);
    assert_eq!(dossier(&study, Content::Everything).unwrap().failures.len(), 1, "the report knows it too");
}

#[test]
fn what_a_method_lacks_is_told_before_a_long_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = scan(folder.path());
    let study = study(folder.path(), "\"stem.annular_sum\", \"stem.bragg_detection\"");
    let (summary, early) = run_told(&study);
    assert_eq!(early, [NO_RADIUS]);
    assert_eq!((summary.computed, summary.failures.len()), (1, 1));
    let digest = Plan::of(&study).items[0].sha256.clone();
    assert_ne!(digest, content::unread(std::slice::from_ref(&path)));
    // The digest is that of the file, and the source of the result has it.
    assert_eq!(digest, crate::io::open(&path).unwrap().source.sha256);
    let everything = dossier(&study, Content::Everything).unwrap();
    assert_eq!(everything.results[0].outcome.provenance.inputs[0].sha256, digest);
}

#[test]
fn a_cut_scan_is_refused_unless_the_study_takes_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = scan(folder.path());
    // The last frame is not whole.
    std::fs::File::options().write(true).open(&path).unwrap().set_len(128 + 255 * 256 * 256 * 2 + 8).unwrap();
    let whole = study(folder.path(), "\"stem.annular_sum\"");
    let failure = &check(&whole)[0];
    assert!(failure.message.contains("promises 256 frames, but holds 255"), "{}", failure.message);
    assert!(failure.hint.contains("amorph info --partial"), "{}", failure.hint);
    assert_eq!(run_told(&whole).0.failures.len(), 1);
    let text = whole.text.replace("technique = \"stem\"", "technique = \"stem\"\npartial = true");
    let partial = Study::parse(&folder.path().join("study.toml"), text, &[]).unwrap();
    assert_eq!(run_told(&partial).0.computed, 1);
    let everything = dossier(&partial, Content::Everything).unwrap();
    let notes = &everything.results[0].outcome.notes;
    assert!(notes.iter().any(|note| note.code == "frames_missing" && note.message.contains("255")), "{notes:?}");
}
