//! The laws of the house: which crate may know which, and where things may be used. See `ARCHITECTURE.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// Source without comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_name().is_some_and(|name| name == "testing.rs" || name.to_string_lossy().starts_with("tests"))
}

/// Names under `[dependencies]` of a crate.
fn dependencies(name: &str) -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

const CRATES: [&str; 7] = ["amorph-core", "amorph-io", "amorph-sim", "amorph", "amorph-report", "amorph-cli", "amorph-py"];

#[test]
fn a_floor_knows_only_the_floors_below_it() {
    let allowed: [(&str, &[&str]); 7] = [
        ("amorph-core", &[]),
        ("amorph-io", &["amorph-core"]),
        ("amorph-sim", &["amorph-core"]),
        ("amorph", &["amorph-core", "amorph-io", "amorph-sim"]),
        ("amorph-report", &["amorph-core"]),
        ("amorph-cli", &["amorph", "amorph-report"]),
        ("amorph-py", &["amorph", "amorph-report"]),
    ];
    for (name, below) in allowed {
        for dependency in dependencies(name).iter().filter(|dependency| CRATES.contains(&dependency.as_str())) {
            assert!(below.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn special_dependencies_live_in_one_crate() {
    for (dependency, home) in [
        ("clap", "amorph-cli"),
        ("miette", "amorph-cli"),
        ("indicatif", "amorph-cli"),
        ("rusqlite", "amorph"),
        ("toml", "amorph"),
        ("maud", "amorph-report"),
        ("resvg", "amorph-report"),
        ("nalgebra", "amorph-core"),
        ("levenberg-marquardt", "amorph-core"),
        ("pyo3", "amorph-py"),
        ("numpy", "amorph-py"),
    ] {
        for name in CRATES.iter().filter(|name| **name != home) {
            assert!(!dependencies(name).iter().any(|found| found == dependency), "{dependency} belongs to {home}, not {name}");
        }
    }
}

#[test]
fn methods_read_no_file_no_clock_and_no_environment() {
    for (path, text) in sources(&root().join("crates/amorph/src/methods")).iter().filter(|(path, _)| !is_test(path)) {
        let code = code(text);
        for forbidden in ["std::fs", "std::env", "std::time", "File::", "crate::io", "amorph_io", "crate::study", "println!"] {
            assert!(!code.contains(forbidden), "{} uses {forbidden}", path.display());
        }
    }
}

#[test]
fn a_family_of_methods_knows_no_other_family() {
    let methods = root().join("crates/amorph/src/methods");
    let families: Vec<String> = std::fs::read_dir(&methods)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    for family in &families {
        for (path, text) in sources(&methods.join(family)).iter().filter(|(path, _)| !is_test(path)) {
            let code = code(text);
            for other in families.iter().filter(|other| *other != family) {
                let names = code.contains(&format!("methods::{other}::"));
                assert!(!names, "{} uses the family {other}", path.display());
            }
        }
    }
}

#[test]
fn the_report_names_no_method() {
    for (path, text) in sources(&root().join("crates/amorph-report/src")).iter().filter(|(path, _)| !is_test(path)) {
        let code = code(text).split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        for id in amorph::method::registry().iter().map(|method| method.info().id) {
            assert!(!code.contains(id), "{} names {id}", path.display());
        }
    }
}

#[test]
fn third_party_numeric_types_stay_out_of_public_signatures() {
    for name in CRATES {
        for (path, text) in sources(&root().join("crates").join(name).join("src")) {
            for line in code(&text).lines().filter(|line| line.trim_start().starts_with("pub fn")) {
                for foreign in ["nalgebra", "faer", "levenberg_marquardt", "DMatrix", "DVector", "rusqlite"] {
                    assert!(!line.contains(foreign), "{}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn every_crate_but_the_bindings_forbids_unsafe_code() {
    for name in CRATES.iter().filter(|name| **name != "amorph-py") {
        for (path, text) in sources(&root().join("crates").join(name).join("src")) {
            let code = code(&text);
            let is_unsafe = code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("unsafe impl");
            assert!(!is_unsafe || text.contains("SAFETY"), "{} has unsafe code without a SAFETY note", path.display());
        }
    }
}

#[test]
fn every_method_is_one_complete_folder() {
    let methods = root().join("crates/amorph/src/methods");
    for info in amorph::method::registry().iter().map(|method| method.info()) {
        let name = info.id.split('.').nth(1).unwrap();
        let folder = methods.join(info.family).join(name);
        for file in ["mod.rs", "doc.md", "tests.rs"] {
            assert!(folder.join(file).is_file(), "{} lacks {file}", folder.display());
        }
        assert!(info.doc.len() > 500, "{} has no page worth reading", info.id);
    }
}

/// Parameters and constants become arguments in Python.
#[test]
fn no_parameter_or_constant_is_a_python_keyword() {
    const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for from \
                            global if import in is lambda nonlocal not or pass raise return try while with yield self";
    let is_keyword = |name: &str| KEYWORDS.split_whitespace().any(|keyword| keyword == name);
    for method in amorph::method::registry() {
        let defaults = method.defaults();
        let found: Vec<&String> = defaults.as_object().unwrap().keys().filter(|name| is_keyword(name)).collect();
        assert!(found.is_empty(), "{}: {found:?}", method.info().id);
    }
    for technique in amorph::method::techniques() {
        let found: Vec<&str> = technique.constants.iter().map(|constant| constant.key).filter(|key| is_keyword(key)).collect();
        assert!(found.is_empty(), "{}: {found:?}", technique.id);
    }
}
