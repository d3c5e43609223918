//! Card files: mistakes with their places, the example, and what is written is read again.

use std::path::Path;

use super::super::*;
use crate::study::StudyError;

const EV: f64 = 1.602_176_634e-19;

const CARD: &str = r#"
[card]
title = "test"
alloy = "Zr70Ni30"
state = "cast"
reading = "single"
attempt_frequency = "1.5e13 1/s"
glass_transition = "700 K"

[systematic.interaction_length]
value = "1 nm"
sigma = "10 %"

[[finding]]
id = "length"
quantity = "barrier"
length = "4.10 +- 0.05 nm"
interaction_length = "1 nm"
dimension = 3
frequency = "100 kHz"
temperature = "298 K"
technique = "afm"

[[finding]]
id = "duration"
quantity = "barrier"
duration = "1 ms"
temperature = "300 K"
bound = "upper"
technique = "resistance"

[[finding]]
id = "slow beta"
quantity = "slope_energy"
value = "26 +- 2 R Tg"
technique = "dma"

[[finding]]
id = "zone"
quantity = "event_volume"
range = ["1 nm^3", "2 nm^3"]
technique = "onchip"
"#;

fn read(text: &str) -> Result<Card, StudyError> {
    parse(Path::new("card.toml"), text.to_owned())
}

/// The text marked, the message and the hint of every mistake.
fn mistakes(from: &str, to: &str) -> Vec<(String, String, String)> {
    let text = CARD.replacen(from, to, 1);
    assert_ne!(text, CARD, "'{from}' is not in the card");
    let Err(StudyError::Invalid { problems, text, .. }) = read(&text) else { panic!("'{to}' was accepted") };
    let told = |problem: crate::study::Problem| {
        (text[problem.span].to_owned(), problem.kind.to_string(), problem.kind.hint().unwrap_or_default())
    };
    problems.into_iter().map(told).collect()
}

#[test]
fn a_card_is_read_and_its_barriers_computed() {
    let card = read(CARD).map_err(|error| error.to_string()).unwrap();
    let value = |id: &str| card.findings.iter().find(|finding| finding.id == id).unwrap();
    // papers.csv: L16.eps.asdep 0.325537 eV with a standard error of 0.00714593 eV; Y12.DG.debye 0.623666 eV.
    assert!((value("length").value / EV - 0.325537).abs() < 1e-5);
    assert!((value("length").std_error.unwrap() / EV - 0.00714593).abs() < 1e-6);
    let Change::Relative(per_sigma) = value("length").sensitivities[0].change else { panic!("absolute") };
    assert!((per_sigma + 0.18).abs() < 1e-12, "d ln ε = -1.8 d ln λ");
    assert!((value("duration").value / EV - 0.623666).abs() < 1e-5);
    assert_eq!(value("duration").bound, Some(Bound::Upper));
    assert!((value("slow beta").value / EV - 1.56835).abs() < 1e-4, "26 R Tg at 700 K");
    assert!((value("zone").value * 1e27 - 2f64.sqrt()).abs() < 1e-9);
    assert!(card.findings.iter().all(|finding| finding.alloy == "Zr70Ni30" && finding.state == "cast"));
}

#[test]
fn every_mistake_has_its_place_and_a_remedy() {
    let one = |from: &str, to: &str| mistakes(from, to).remove(0);
    let (place, message, hint) = one("quantity = \"slope_energy\"", "quantity = \"slope_enery\"");
    assert!(place == "\"slope_enery\"" && message.contains("not a quantity of a card") && hint.contains("slope_energy"));
    let (place, message, hint) = one("[\"1 nm^3\", \"2 nm^3\"]", "[\"1 nm\", \"2 nm\"]");
    assert!(place == "\"1 nm\"" && message.contains("nm") && message.contains("m^3"), "{message}");
    assert!(hint.contains("event_length"), "{hint}");
    let (_, message, _) = one("reading = \"single\"", "reading = \"both\"");
    assert!(message.contains("'both' is not a reading"));
    let (_, message, hint) = one("frequency = \"100 kHz\"", "frequncy = \"100 kHz\"");
    assert!(message.contains("unknown key 'frequncy'") && hint.contains("frequency"));
    let (_, message, hint) = one("dimension = 3\n", "");
    assert!(message.contains("has no 'value'") && hint.contains("interaction_length, dimension"), "{hint}");
    let (_, message, hint) = one("glass_transition = \"700 K\"\n", "");
    assert!(message.contains("glass_transition") && hint.contains("650 K"));
    let (_, message, _) = one("id = \"zone\"", "id = \"length\"");
    assert!(message.contains("defined twice"));
    let (place, message, _) = one("technique = \"dma\"", "technique = \"dna\"");
    assert!(place == "\"dna\"" && message.contains("not a technique"));
    let (_, message, hint) = one("temperature = \"298 K\"", "temperature = \"298 s\"");
    assert!(message.contains("temperature") && hint.contains("298 K"));
    let (_, message, _) = one("[card]", "[crad]");
    assert!(message.contains("crad") || message.contains("no 'card'"));
}

#[test]
fn sensitivities_name_systematics_of_the_card() {
    let with = |table: &str| format!("technique = \"dma\"\nsystematics = {{ {table} }}");
    let found = mistakes("technique = \"dma\"", &with("spring_constant = \"0.1 eV\""));
    assert!(found[0].1.contains("not a systematic of the card"));
    let found = mistakes("technique = \"dma\"", &with("interaction_length = \"0.1 nm\""));
    assert!(found[0].1.contains("nm") && found[0].2.contains("0.02 eV"), "{found:?}");
    let text = CARD.replacen("technique = \"dma\"", &with("interaction_length = \"-5 %\""), 1);
    let card = read(&text).map_err(|error| error.to_string()).unwrap();
    assert_eq!(card.findings[2].sensitivities[0].change, Change::Relative(-0.05));
}

#[test]
fn the_card_of_the_papers_gives_their_numbers() {
    let card = read(EXAMPLE).map_err(|error| format!("{error}")).unwrap();
    let assessment = assess(&card).unwrap();
    let value = |id: &str| {
        let index = card.findings.iter().position(|finding| finding.id == id).unwrap();
        (card.findings[index].value, assessment.rows[index].clone())
    };
    // X1, papers.csv: L16.eps.asdep, L16.eps.40mN, L16.eps.3N, L16.twostate.eps.40mN, Y12.DG.debye.
    for (id, ev) in [
        ("AFM length, as deposited, lambda 1 nm", 0.325537),
        ("AFM length, 40 mN, lambda 1 nm", 0.371608),
        ("AFM length, 3 N, lambda 1 nm", 0.392388),
        ("AFM, two states, lambda free", 0.484233),
        ("resistance spikes", 0.623666),
    ] {
        assert!((value(id).0 / EV - ev).abs() < 3e-4, "{id}: {}", value(id).0 / EV);
    }
    assert_eq!(value("cyclic indentation").1.status, Status::NotTested(NotTested::NoInterval));
    let link = |id: &str| assessment.links.iter().find(|result| result.link.id == id).unwrap();
    // X3, X4: 10 V of 100 to 200 Å³ is the 1 to 2 nm³ of the paper, and 1.24 to 1.56 nm (I19.STZ.*).
    let volume = assessment.tests.iter().find(|test| test.quantity.name == "event_volume").unwrap();
    assert!(volume.members.iter().all(|member| (1e-27..=2e-27).contains(&member.value)));
    let diameter = assessment.tests.iter().find(|test| test.quantity.name == "event_length").unwrap();
    assert!(diameter.members.iter().all(|member| (1.2407e-9..=1.5632e-9).contains(&member.value)));
    assert_eq!((link("X3").verdict, link("X10").verdict), (Verdict::Agree, Verdict::Agree));
    // X5 with D34: the nanoglass lies above the limit. X6: 50 to 170 R Tg is 21.7 to 73.8 (Q19.fragility.*).
    assert_eq!(link("X5").verdict, Verdict::Disagree);
    let fragility = assessment.tests.iter().find(|test| test.quantity.name == "fragility").unwrap();
    let ratio = fragility.members[0].value / fragility.members[1].value;
    assert!((ratio - 1.0).abs() < 2e-3, "{ratio}");
    // X9: N_c by two routes, 730 and 710. X16: 1.5. X17: one order. X18: 33 against 100 s (papers.csv: no).
    assert_eq!(link("X9").verdict, Verdict::Agree);
    assert_eq!(link("X16").verdict, Verdict::Agree);
    assert_eq!(link("X17").verdict, Verdict::Agree);
    assert_eq!(link("X18").verdict, Verdict::Disagree);
    assert!(link("X18").text.contains("3.00"), "{}", link("X18").text);
}

#[test]
fn what_is_written_is_read_again() {
    let card = SimulatedCard { seed: 5, ..SimulatedCard::default() }.draw();
    let again = read(&to_toml(&card)).map_err(|error| error.to_string()).unwrap();
    let (one, other) = (assess(&card).unwrap(), assess(&again).unwrap());
    for (a, b) in one.tests.iter().zip(&other.tests) {
        assert!((a.result.mean - b.result.mean).abs() < 1e-6 * a.result.mean.abs(), "{}", a.quantity.name);
        assert!((a.result.chi2 - b.result.chi2).abs() < 1e-4 * (1.0 + a.result.chi2));
    }
}

#[test]
fn a_card_shows_tables_and_figures() {
    let card = read(EXAMPLE).map_err(|error| error.to_string()).unwrap();
    let outcome = outcome(&card).unwrap();
    let keys: Vec<&str> = outcome.figures.iter().map(|figure| figure.key.as_str()).collect();
    assert_eq!(keys, ["card", "arrhenius_map", "parity"]);
    let titles: Vec<&str> = outcome.figures[0].panels.iter().map(|panel| panel.title.as_str()).collect();
    assert_eq!(titles, ["barrier", "length", "volume", "fraction", "time", "exponents and numbers"]);
    assert_eq!(outcome.table("findings").unwrap().n_rows(), card.findings.len());
    assert_eq!(outcome.table("cross_links").unwrap().n_rows(), 18);
}

#[test]
fn a_card_file_becomes_a_dossier() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.toml");
    std::fs::write(&path, EXAMPLE).unwrap();
    let dossier = card_dossier(&path, &Selection::default()).unwrap();
    assert_eq!(dossier.comparisons.len(), 1);
    assert!(card_dossier(&folder.path().join("none.toml"), &Selection::default()).is_err());
}
