//! The command as a user types it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

const ELECTRONVOLT: f64 = 1.602_176_634e-19;

fn amorph() -> Command {
    let mut command = Command::cargo_bin("amorph").unwrap();
    command.env("NO_COLOR", "1");
    command
}

/// A real instrument file, where the shared data are; says so where they are not.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm").join(name);
    if !path.is_file() {
        println!("skipped: {} is not here", path.display());
    }
    path.is_file().then_some(path)
}

/// A folder with a study of one file.
fn study_of(file: &Path, keys: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[study]\ntitle = \"Test\"\n[[sample]]\nid = \"film\"\n  [[sample.state]]\n  id = \"cast\"\n\
         [[measurement]]\nstate = \"cast\"\ntechnique = \"afm\"\nfiles = [\"{}\"]\nmethods = [\"dafm.dissipation\"]\n{keys}",
        file.display()
    );
    std::fs::write(folder.path().join("study.toml"), text).unwrap();
    folder
}

fn run(folder: &tempfile::TempDir, arguments: &[&str]) -> assert_cmd::assert::Assert {
    amorph().arg("run").arg(folder.path().join("study.toml")).args(arguments).assert()
}

fn estimate(output: &[u8], key: &str) -> f64 {
    let dossier: Value = serde_json::from_slice(output).unwrap();
    let estimates = dossier["results"][0]["outcome"]["estimates"].as_array().unwrap();
    let found = estimates.iter().find(|estimate| estimate["key"] == key).unwrap();
    found["value"].as_f64().unwrap()
}

#[test]
fn one_image_gives_four_energies_by_convention() {
    let Some(file) = shared("AR_20211011.ibw") else { return };
    // Spec of the method, section 2: the same image read in four ways, eV.
    for (reference, form, more, mean, sd) in [
        ("absolute", "power_balance", "", 79.0986, 22.038),
        ("free_is_90", "lu2016", "", 85.6996, 17.238),
        ("free_is_model", "power_balance", "", 71.0226, 42.651),
        ("absolute", "lu2016", "max_negative_fraction = 0.5\nmax_free_lag_offset = \"90 deg\"\n", 12.65, 22.03),
    ] {
        let keys = format!(
            "phase_convention = \"lag\"\nphase_reference = \"{reference}\"\n[method.\"dafm.dissipation\"]\nform = \"{form}\"\n{more}"
        );
        let folder = study_of(&file, &keys);
        let output = run(&folder, &["--json"]).success().get_output().stdout.clone();
        for (key, expected) in [("dissipated_energy_mean", mean), ("dissipated_energy_sd", sd)] {
            let value = estimate(&output, key) / ELECTRONVOLT;
            assert!((value / expected - 1.0).abs() < 1e-3, "{reference}, {form}: {key} = {value} eV, expected {expected}");
        }
        assert!(folder.path().join("study.html").is_file(), "the report is written");
    }
}

#[test]
fn without_conventions_it_refuses_and_names_the_keys() {
    let Some(file) = shared("AR_20211011.ibw") else { return };
    let folder = study_of(&file, "");
    for assert in [run(&folder, &[]), amorph().arg("check").arg(folder.path().join("study.toml")).assert()] {
        let output = assert.code(1).get_output().clone();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        for key in ["phase_convention", "phase_reference"] {
            assert!(told.contains(key), "{told}");
        }
    }
}

#[test]
fn an_image_without_constants_takes_them_from_the_study() {
    let Some(file) = shared("di-1.di") else { return };
    let keys = "phase_convention = \"shift_positive_repulsive\"\nphase_reference = \"absolute\"\nfree_phase = \"0 deg\"\n\
                cantilever = { k = \"40 +- 4 N/m\", Q = 700 }\nresonance_frequency = \"289.3 kHz\"\n\
                drive_frequency = \"289.3 kHz\"\nfree_amplitude = \"20 nm\"\nsetpoint_amplitude = \"3 nm\"\n\
                amplitude_sensitivity = \"10 nm/V\"\nchannels = { height = 0 }\n";
    let folder = study_of(&file, keys);
    let output = run(&folder, &["--json"]).success().get_output().clone();
    // cos of 20.7 to 60.3 deg less 0.15, times 67.23 eV.
    let mean = estimate(&output.stdout, "dissipated_energy_mean") / ELECTRONVOLT;
    assert!((20.0..45.0).contains(&mean), "{mean} eV");
    let without = study_of(&file, &keys.replace("cantilever = { k = \"40 +- 4 N/m\", Q = 700 }\n", ""));
    let told = run(&without, &[]).code(1).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&told).contains("spring_constant"));
}

#[test]
fn info_shows_channels_constants_and_what_is_missing() {
    let Some(file) = shared("AR_20211011.ibw") else { return };
    let output = amorph().arg("info").arg(&file).assert().success().get_output().stdout.clone();
    let text = String::from_utf8_lossy(&output);
    for word in ["PhaseRetrace", "27.952", "phase_convention"] {
        assert!(text.contains(word), "{text}");
    }
    let json = amorph().args(["info", "--json"]).arg(&file).assert().success().get_output().stdout.clone();
    let listed: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(listed[0]["channels"].as_array().unwrap().len(), 4);
}

#[test]
fn mistakes_end_with_code_2_and_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let study = folder.path().join("study.toml");
    std::fs::write(&study, "[study]\ntitel = \"x\"\n").unwrap();
    let told = amorph().arg("run").arg(&study).assert().code(2).get_output().stderr.clone();
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("study.toml:2") && told.contains("did you mean 'title'?"), "{told}");
    amorph().arg("run").arg(folder.path().join("none.toml")).assert().code(2);
    amorph().args(["method", "show", "dafm.disipation"]).assert().code(2);
    amorph().args(["info", "none.spm"]).assert().code(2);
    amorph().arg("frobnicate").assert().code(2);
}

#[test]
fn every_method_and_technique_can_be_shown() {
    let list = amorph().args(["method", "list", "--json"]).assert().success().get_output().stdout.clone();
    let list: Value = serde_json::from_slice(&list).unwrap();
    for method in list.as_array().unwrap() {
        amorph().args(["method", "show", method["id"].as_str().unwrap()]).assert().success();
    }
    for technique in ["afm", "events", "stem"] {
        amorph().args(["new", technique]).assert().success();
    }
    amorph().args(["completions", "bash"]).assert().success();
}

#[test]
fn a_virtual_measurement_is_written_and_passes_its_check() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("virtual");
    let options =
        ["--sites", "2", "--pixels", "32", "--size", "32 nm", "--xi", "2 nm", "--drift-x=-0.05 nm/s", "--turned", "--json"];
    let mut command = amorph();
    command.args(["simulate", "afm", "--out"]).arg(&out).args(options);
    let written: Value = serde_json::from_slice(&command.assert().success().get_output().stdout).unwrap();
    assert_eq!(written["scans"].as_array().unwrap().len(), 4);
    let study = written["study"].as_str().unwrap();
    amorph().args(["check", study]).assert().success();
    let truth: Value = serde_json::from_slice(&std::fs::read(written["truth"].as_str().unwrap()).unwrap()).unwrap();
    assert!((truth["scanning"]["drift_m_s"][0].as_f64().unwrap() + 0.05e-9).abs() < 1e-24);
    // A study is never overwritten, and a length is not a time.
    amorph().args(["simulate", "afm", "--out"]).arg(&out).assert().code(2);
    let wrong = amorph().args(["simulate", "afm", "--xi", "4 s"]).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&wrong).contains("'s'"));
}

/// Every virtual instrument writes a study that runs; what is known and has an interval is compared.
#[test]
fn virtual_instruments_are_analysed() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[&str], &str); 10] = [
        ("haadf", &["--rows", "96", "--columns", "96"], "length psd"),
        ("onchip", &[], "rate sensitivity m"),
        ("dsc", &[], "tnm enthalpy"),
        ("ageing", &["--interval", "600 s"], "adwp slope"),
        ("creep", &["--interval", "20 s"], "creep viscosity"),
        ("interstitial", &[], "interstitial concentration"),
        ("stress-relaxation", &[], "activation volume"),
        ("xpcs", &[], "xpcs exponent"),
        ("scattering", &["--points", "300", "--sectors", "24"], "affine fraction z"),
        ("tomography", &["--size", "48"], "volume fraction"),
    ];
    for (instrument, options, quantity) in cases {
        let out = folder.path().join(instrument);
        amorph().args(["simulate", instrument, "--out"]).arg(&out).args(options).assert().success();
        let run = amorph().arg("run").arg(out.join("study.toml")).assert().success();
        let told = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        assert!(told.contains(quantity) && (instrument == "tomography" || told.contains("inside")), "{instrument}: {told}");
        // A study is never overwritten.
        amorph().args(["simulate", instrument, "--out"]).arg(&out).assert().code(2);
    }
    // What cannot be is refused.
    amorph().args(["simulate", "dsc", "--coolings=-5", "--out"]).arg(folder.path().join("none")).assert().code(2);
    amorph().args(["simulate", "creep", "--stresses=-5", "--out"]).arg(folder.path().join("no creep")).assert().code(2);
    amorph()
        .args(["simulate", "stress-relaxation", "--volume=0 A^3", "--out"])
        .arg(folder.path().join("no law"))
        .assert()
        .code(2);
    amorph().args(["simulate", "haadf", "--phases", "2", "--out"]).arg(folder.path().join("no film")).assert().code(2);
}

#[test]
fn published_values_are_found_and_an_unknown_name_suggests_one() {
    let found = amorph().args(["literature", "--alloy", "Ni30Zr70", "--quantity", "activation_energy", "--json"]).assert();
    let values: Value = serde_json::from_slice(&found.success().get_output().stdout).unwrap();
    assert_eq!(values.as_array().unwrap().len(), 3);
    let unknown = amorph().args(["literature", "--quantity", "activation_enery"]).assert().code(2);
    let told = String::from_utf8(unknown.get_output().stderr.clone()).unwrap();
    assert!(told.contains("did you mean activation_energy"), "{told}");
}

#[test]
fn the_example_card_can_be_made_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let example = amorph().args(["card", "--example"]).assert().success().get_output().stdout.clone();
    std::fs::write(at("card.toml"), example).unwrap();
    let mut card = amorph();
    card.arg("card").arg(at("card.toml")).arg("--out").arg(at("card.html")).arg("--picture").arg(at("card.png"));
    let told = String::from_utf8(card.assert().success().get_output().stdout.clone()).unwrap();
    assert!(told.contains("Cross-links between techniques") && told.contains("X18"), "{told}");
    assert!(at("card.png").is_file() && std::fs::read_to_string(at("card.html")).unwrap().contains("X18"));
    let text = std::fs::read_to_string(at("card.toml")).unwrap().replacen("technique = \"afm\"", "technique = \"afn\"", 1);
    std::fs::write(at("wrong.toml"), text).unwrap();
    let wrong = amorph().arg("card").arg(at("wrong.toml")).assert().code(2);
    let told = String::from_utf8(wrong.get_output().stderr.clone()).unwrap();
    assert!(told.contains("wrong.toml:") && told.contains("did you mean 'afm'"), "{told}");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    use std::process::Stdio;
    let program = assert_cmd::cargo::cargo_bin("amorph");
    let mut command = std::process::Command::new(program);
    let mut child = command.args(["theory", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
