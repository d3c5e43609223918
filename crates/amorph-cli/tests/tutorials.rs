//! The tutorials do what they say: their commands are run, their files written, their results checked.
//!
//! In a tutorial, ```` ```sh run ```` blocks are run one after the other in an empty folder, ```` ```toml file=NAME ```` blocks are
//! written to it, and comments that the reader does not see say what must come out:
//! `<!-- quick: replace A with B -->` makes the commands smaller for the test that always runs,
//! `<!-- quick: STUDY STATE KEY LO .. HI UNIT -->` bounds a result of the small run,
//! `<!-- full: STUDY STATE KEY VALUE UNIT -->` is a number that the text quotes, true to its last digit in the full run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use amorph::core::unit::{Quantity, Unit};
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
    full: Vec<String>,
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
        if let Some(check) = comment("full") {
            tutorial.full.push(check.to_owned());
        }
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
/// `hi:KEY` are the ends of an interval, `sd:KEY` is the standard deviation between items.
fn found(dossier: &Value, state: &str, key: &str) -> f64 {
    let (part, key) = key.split_once(':').filter(|(part, _)| ["lo", "hi", "sd"].contains(part)).unwrap_or(("value", key));
    let list = if state == "-" { "comparisons" } else { "results" };
    let records: Vec<&Value> =
        dossier[list].as_array().unwrap().iter().filter(|record| state == "-" || record["state"] == state).collect();
    let number = |record: &&Value| -> Option<f64> {
        let estimates = record["outcome"]["estimates"].as_array()?;
        let estimate = estimates.iter().find(|estimate| estimate["key"] == key)?;
        let value = match part {
            "lo" | "hi" => estimate["interval"][part].as_f64()?,
            _ => estimate["value"].as_f64()?,
        };
        Some(Unit::of(estimate["unit"].as_str().unwrap()).to_si(value))
    };
    let of_state = |record: &&&Value| record["item"] == "";
    if let Some(value) = records.iter().filter(of_state).find_map(number).filter(|_| part != "sd") {
        return value;
    }
    let values: Vec<f64> = records.iter().filter_map(number).collect();
    assert!(!values.is_empty(), "no {key} in {state}");
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if part != "sd" {
        return mean;
    }
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// `STUDY STATE KEY` and what follows; underscores in the state stand for spaces.
fn parts(check: &str) -> (String, String, String, String) {
    let mut words = check.splitn(4, ' ').map(str::to_owned);
    let mut next = || words.next().unwrap_or_else(|| panic!("'{check}' is not STUDY STATE KEY VALUE"));
    let (study, state, key, rest) = (next(), next(), next(), next());
    (study, state.replace('_', " "), key, rest)
}

fn check_quick(place: &Path, check: &str) {
    let (study, state, key, bounds) = parts(check);
    let (lo, hi) = bounds.split_once(" .. ").unwrap();
    let hi = Quantity::parse(hi).unwrap();
    let lo = hi.unit.to_si(lo.parse().unwrap());
    let value = found(&results(place, &study), &state, &key);
    assert!((lo..=hi.value).contains(&value), "{check}: found {value:e}");
}

fn check_full(place: &Path, check: &str) {
    let (study, state, key, quoted) = parts(check);
    let number = quoted.split(' ').next().unwrap();
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let quantity = Quantity::parse(&quoted).unwrap();
    let last_digit = quantity.unit.scale() * 10f64.powi(-(decimals as i32));
    let value = found(&results(place, &study), &state, &key);
    assert!((value - quantity.value).abs() < 0.6 * last_digit, "{check}: found {value:e}");
}

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| name.ends_with(".md") && name != "index.md").collect();
    names.sort();
    names
}

fn quick(name: &str) {
    let tutorial = tutorial(name);
    assert!(!tutorial.steps.is_empty() && !tutorial.quick.is_empty() && !tutorial.full.is_empty());
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
    assert_eq!(names(), ["activation-energy.md", "one-image.md"], "a new tutorial needs a quick test of its own");
}

#[test]
fn from_phase_images_to_an_activation_energy() {
    quick("activation-energy.md");
}

#[test]
fn what_one_image_can_and_cannot_tell() {
    quick("one-image.md");
}

#[test]
#[ignore = "full size: tens of images of 512 x 512 pixels; make validate"]
fn quoted_numbers_come_from_the_runs() {
    for name in names() {
        let tutorial = tutorial(&name);
        let place = follow(&tutorial, false);
        tutorial.full.iter().for_each(|check| check_full(place.path(), check));
    }
}
