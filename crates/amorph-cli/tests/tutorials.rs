//! The tutorials do what they say: their commands are run, their files written, their results checked.
//!
//! In a tutorial, ```` ```sh run ```` blocks are run one after the other in an empty folder, ```` ```toml file=NAME ```` blocks are
//! written to it, and comments that the reader does not see say what must come out:
//! `<!-- quick: replace A with B -->` makes the commands smaller for the quicker tests,
//! `<!-- quick: STUDY STATE KEY LO .. HI UNIT -->` bounds a result of the small run, and
//! `<!--n:STUDY STATE KEY UNIT DIGITS-->4.07<!--/-->` is a number that the text quotes from the full run. `make tutorials` does the
//! full run and writes these numbers. In states and keys, `+` stands for a space.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use amorph::core::unit::{Quantity, Unit, format_significant};
use serde_json::Value;

/// What a tutorial does, in order.
#[derive(Debug)]
enum Step {
    Run(String),
    File { name: String, text: String },
}

#[derive(Debug, Default)]
struct Tutorial {
    steps: Vec<Step>,
    replacements: Vec<(String, String)>,
    quick: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tutorials")
}

fn tutorial(name: &str) -> Tutorial {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    let mut tutorial = Tutorial::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let body = body.join("\n") + "\n";
            match info.split_once(' ') {
                Some(("sh", "run")) => tutorial.steps.push(Step::Run(body)),
                Some((_, place)) if place.starts_with("file=") => {
                    tutorial.steps.push(Step::File { name: place["file=".len()..].to_owned(), text: body });
                }
                _ => {}
            }
        }
        let comment = |kind: &str| line.strip_prefix(&format!("<!-- {kind}: "))?.strip_suffix(" -->");
        if let Some(check) = comment("quick") {
            match check.strip_prefix("replace ").and_then(|pair| pair.split_once(" with ")) {
                Some((from, to)) => tutorial.replacements.push((from.to_owned(), to.to_owned())),
                None => tutorial.quick.push(check.to_owned()),
            }
        }
    }
    tutorial
}

/// Does what the tutorial says, in a folder of its own.
fn follow(tutorial: &Tutorial, is_quick: bool) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin("amorph");
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    for step in &tutorial.steps {
        match step {
            Step::File { name, text } => std::fs::write(place.path().join(name), text).unwrap(),
            Step::Run(commands) => {
                let commands = if is_quick { smaller(commands, &tutorial.replacements) } else { commands.clone() };
                let shell = ["-e", "-c", &commands];
                let output = Command::new("sh")
                    .args(shell)
                    .current_dir(&place)
                    .env("PATH", &path)
                    .env("NO_COLOR", "1")
                    .output()
                    .unwrap();
                assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    place
}

fn smaller(commands: &str, replacements: &[(String, String)]) -> String {
    replacements.iter().fold(commands.to_owned(), |commands, (from, to)| commands.replace(from, to))
}

/// The results of a study in the folder, taken from its store.
fn results(place: &Path, study: &str) -> Value {
    let output = Command::new(assert_cmd::cargo::cargo_bin("amorph"))
        .args(["run", study, "--json", "--no-report"])
        .current_dir(place)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A result in SI: of the state as a whole, else the mean over its items. `-` stands for comparisons of states; `lo:KEY` and
/// `hi:KEY` are the ends of an interval, `sd:KEY` is the standard deviation between items, `rel:KEY` that over the mean.
fn found(dossier: &Value, state: &str, key: &str) -> f64 {
    let (part, key) = key.split_once(':').unwrap_or(("value", key));
    let of_items = ["sd", "rel"].contains(&part);
    let list = if state == "-" { "comparisons" } else { "results" };
    let records = dossier[list].as_array().unwrap().iter().filter(|record| state == "-" || record["state"] == state);
    let (mut of_state, mut values) = (Vec::new(), Vec::new());
    for record in records {
        let estimates = record["outcome"]["estimates"].as_array().into_iter().flatten();
        for estimate in estimates.filter(|estimate| estimate["key"] == key) {
            let number = match part {
                "lo" | "hi" => &estimate["interval"][part],
                _ => &estimate["value"],
            };
            let Some(number) = number.as_f64() else { continue };
            let si = Unit::of(estimate["unit"].as_str().unwrap()).to_si(number);
            if record["item"] == "" { of_state.push(si) } else { values.push(si) }
        }
    }
    if let Some(value) = of_state.first().filter(|_| !of_items) {
        return *value;
    }
    assert!(!values.is_empty(), "no {part} of {key} in {state}");
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    match part {
        "sd" => sd,
        "rel" => sd / mean,
        _ => mean,
    }
}

/// Study, state, key and the rest of a check.
fn parts(check: &str) -> (String, String, String, String) {
    let mut words = check.splitn(4, ' ').map(|word| word.replace('+', " "));
    let mut next = || words.next().unwrap_or_else(|| panic!("'{check}' has fewer than four words"));
    (next(), next(), next(), next())
}

fn check_quick(place: &Path, check: &str) {
    let (study, state, key, bounds) = parts(check);
    let (lo, hi) = bounds.split_once(" .. ").unwrap();
    let hi = Quantity::parse(hi).unwrap();
    let lo = hi.unit.to_si(lo.parse().unwrap());
    let value = found(&results(place, &study), &state, &key);
    assert!((lo..=hi.value).contains(&value), "{check}: found {value:e}");
}

const OPEN: &str = "<!--n:";
const SHUT: &str = "<!--/-->";

/// The text with the numbers of the full run.
fn with_numbers(text: &str, place: &Path) -> String {
    let mut studies: BTreeMap<String, Value> = BTreeMap::new();
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (what, after) = after.split_once("-->").unwrap();
        let (_, after) = after.split_once(SHUT).unwrap();
        let (study, state, key, format) = parts(what);
        let (unit, digits) = format.split_once(' ').unwrap();
        let dossier = studies.entry(study.clone()).or_insert_with(|| results(place, &study));
        let unit = Unit::of(if unit == "1" { "" } else { unit });
        let number = format_significant(unit.convert_si(found(dossier, &state, &key)), digits.parse().unwrap());
        written.push_str(&format!("{before}{OPEN}{what}-->{number}{SHUT}"));
        rest = after;
    }
    written + rest
}

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| name.ends_with(".md") && name != "index.md").collect();
    names.sort();
    names
}

fn quick(name: &str) {
    let tutorial = tutorial(name);
    assert!(!tutorial.steps.is_empty() && !tutorial.quick.is_empty());
    let commands: String =
        tutorial.steps.iter().filter_map(|step| if let Step::Run(text) = step { Some(text.as_str()) } else { None }).collect();
    for (from, _) in &tutorial.replacements {
        assert!(commands.contains(from), "{name} replaces '{from}', which no command holds");
    }
    let place = follow(&tutorial, true);
    tutorial.quick.iter().for_each(|check| check_quick(place.path(), check));
}

#[test]
fn every_tutorial_is_listed_and_tested() {
    let index = std::fs::read_to_string(folder().join("index.md")).unwrap();
    for name in names() {
        assert!(index.contains(&format!("({name})")), "{name} is not in the index");
    }
    assert_eq!(
        names(),
        ["activation-energy.md", "modulus-map.md", "one-image.md", "order.md", "relaxations.md", "spikes.md"],
        "a new tutorial needs a quick test of its own"
    );
}

#[test]
fn from_phase_images_to_an_activation_energy() {
    quick("activation-energy.md");
}

#[test]
fn structure_or_noise_in_a_modulus_map() {
    quick("modulus-map.md");
}

#[test]
fn what_one_image_can_and_cannot_tell() {
    quick("one-image.md");
}

#[test]
fn whether_a_strained_glass_lost_order() {
    quick("order.md");
}

#[test]
fn how_many_relaxations_a_ribbon_has() {
    quick("relaxations.md");
}

#[test]
fn the_spikes_of_pillars_are_told_from_noise() {
    quick("spikes.md");
}

#[test]
#[ignore = "full size: tens of images of 512 x 512 pixels; make tutorials"]
fn quoted_numbers_come_from_the_runs() {
    let update = std::env::var_os("AMORPH_UPDATE_TUTORIALS").is_some();
    let only = std::env::var("AMORPH_TUTORIAL").ok();
    for name in names().into_iter().filter(|name| only.as_ref().is_none_or(|only| only == name)) {
        let path = folder().join(&name);
        let text = std::fs::read_to_string(&path).unwrap();
        let written = with_numbers(&text, follow(&tutorial(&name), false).path());
        if update {
            std::fs::write(path, written).unwrap();
        } else {
            assert_eq!(written, text, "`make tutorials` writes the numbers of {name}");
        }
    }
}
