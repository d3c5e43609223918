//! A study of 50 maps, killed again and again, ends in the same store as one that was left alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use amorph::core::data::{Extent, Map, Metadata};
use amorph::core::random::{derive_seed, standard_normals};
use amorph::core::unit::Unit;
use amorph::study::Store;
use ndarray::Array2;

const SITES: u64 = 50;
const SIDE: usize = 64;
const KILLS: u64 = 20;

const STUDY: &str = r#"
[study]
title = "Fifty sites"
[[sample]]
id = "film"
  [[sample.state]]
  id = "cast"
[[measurement]]
state = "cast"
technique = "afm"
files = ["site_*.gwy"]
phase_convention = "lag"
phase_reference = "absolute"
free_phase = "90 deg"
cantilever = { k = "40 N/m", Q = 700 }
f0 = "300 kHz"
drive_frequency = "300 kHz"
free_amplitude = "20 nm"
methods = ["dafm.dissipation", "dafm.distribution"]
"#;

fn write_study(folder: &Path) {
    for site in 0..SITES {
        let noise = standard_normals(site + 1, SIDE * SIDE);
        let values = |base: f64, scale: f64| {
            Array2::from_shape_fn((SIDE, SIDE), |(row, column)| base + scale * noise[SIDE * row + column])
        };
        let extent = || Some(Extent::metres(1e-7, 1e-7));
        let maps = [
            Map::new("amplitude", values(3e-9, 0.0), Unit::of("m"), extent()),
            Map::new("phase", values(55.0, 1.0), Unit::of("deg"), extent()),
        ];
        amorph::io::write_gwy(&folder.join(format!("site_{site:02}.gwy")), &maps, &Metadata::default()).unwrap();
    }
    std::fs::write(folder.join("study.toml"), STUDY).unwrap();
}

fn start(folder: &Path) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_amorph"))
        .args(["run", "--no-report"])
        .arg(folder.join("study.toml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn digest(folder: &Path) -> String {
    Store::open(&folder.join("study.amorph")).unwrap().digest().unwrap()
}

fn arrays(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("study.amorph/arrays")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_killed_study_resumes_to_the_same_store() {
    let (calm, troubled) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_study(calm.path());
    write_study(troubled.path());
    let started = Instant::now();
    assert!(start(calm.path()).wait().unwrap().success());
    let undisturbed = started.elapsed();

    let mut killed = 0;
    for attempt in 0..KILLS {
        let mut child = start(troubled.path());
        // Anywhere from the first instant to a fifth of the whole run, so that most kills hit unfinished work.
        let fraction = (derive_seed(9, &[attempt.into()]) % 1000) as f64 / 1000.0;
        std::thread::sleep(undisturbed.mul_f64(0.2 * fraction).max(Duration::from_millis(1)));
        killed += usize::from(child.try_wait().unwrap().is_none());
        // SIGKILL: the process cannot clean up.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(killed >= 5, "only {killed} of {KILLS} kills came before the end");
    assert!(start(troubled.path()).wait().unwrap().success());
    assert_eq!(digest(troubled.path()), digest(calm.path()));
    assert_eq!(arrays(troubled.path()), arrays(calm.path()), "no array is lost or left over");
}
