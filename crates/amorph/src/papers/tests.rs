#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use super::*;
use crate::records::rows_below_header;

fn all() -> Vec<Verdict> {
    verdicts(&Assumptions::default()).unwrap()
}

#[test]
fn every_claim_has_one_computation_and_every_computation_a_claim() {
    assert_eq!(claims().len(), 175);
    let computed: Vec<String> = computations().into_iter().map(|(id, _)| id).collect();
    let unique: BTreeSet<&String> = computed.iter().collect();
    assert_eq!(unique.len(), computed.len(), "a claim is computed twice");
    let ids: BTreeSet<&String> = claims().iter().map(|claim| &claim.id).collect();
    assert_eq!(unique, ids);
    assert_eq!(all().len(), 175);
}

#[test]
fn what_disagrees_says_why_and_what_agrees_does_not() {
    for verdict in all() {
        let claim = verdict.claim;
        assert_eq!(
            verdict.agrees,
            claim.why_not.is_empty(),
            "{}: {} in [{}, {}]",
            claim.id,
            verdict.computed,
            claim.lo,
            claim.hi
        );
        assert!(claim.lo <= claim.hi, "{}", claim.id);
    }
}

/// Values of the reference table that cannot be met to their last digit, and how far they may be.
///
/// `Y12.eq4` is the rounding error of a quadrature: it must be below the window, not equal. `Q19.pan.Rroot` was computed from
/// 10.97 and 0.518, rounded: half a unit of their last digits is 0.05 and 0.1 %.
const LOOSE: &[(&str, f64)] = &[("Y12.eq4", f64::INFINITY), ("Q19.pan.Rroot", 0.0015)];

#[test]
fn values_and_verdicts_are_those_of_the_reference_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/papers.csv");
    let other = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/papers.csv");
    let Some(text) = [path, other].iter().find_map(|path| std::fs::read_to_string(path).ok()) else {
        println!("skipped: the reference table shared/data/papers.csv is not here");
        return;
    };
    let rows = rows_below_header(&text);
    assert_eq!(rows.len(), 175);
    let verdicts = all();
    let mut wrong = Vec::new();
    for row in &rows {
        let verdict = verdicts.iter().find(|verdict| verdict.claim.id == row[0]).unwrap();
        let expected: f64 = row[7].parse().unwrap();
        // Printed with six significant digits.
        let digit = 10f64.powf(expected.abs().log10().floor() - 5.0);
        let loose = LOOSE.iter().find(|(id, _)| *id == row[0]).map(|(_, relative)| relative * expected.abs());
        let allowed = loose.unwrap_or(0.501 * digit);
        let is_near = (verdict.computed - expected).abs() <= allowed;
        if !is_near || verdict.agrees != (row[10] == "yes") {
            wrong.push(format!("{}: {} for {} ({} for {})", row[0], verdict.computed, row[7], verdict.agrees, row[10]));
        }
        let claim = verdict.claim;
        assert_eq!((&claim.published, &claim.unit, &claim.why_not), (&row[4], &row[5], &row[11]), "{}", row[0]);
        assert_eq!((claim.lo, claim.hi), (row[8].parse().unwrap(), row[9].parse().unwrap()), "{}", row[0]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Verdicts follow from the numbers: other constants, other verdicts.
#[test]
fn another_constant_flips_a_verdict() {
    let flipped = |change: &dyn Fn(&mut Assumptions)| {
        let mut assumptions = Assumptions::default();
        change(&mut assumptions);
        let changed = verdicts(&assumptions).unwrap();
        all().iter().zip(&changed).filter(|(before, after)| before.agrees != after.agrees).count()
    };
    assert_eq!(flipped(&|_| {}), 0);
    // A Boltzmann constant 1 % larger is a temperature 1 % higher.
    assert!(flipped(&|a| a.temperature *= 1.01) > 0);
    assert!(flipped(&|a| a.size_exponent = 0.41) > 0);
    assert!(flipped(&|a| a.interaction_length = 1.01e-9) > 0);
    assert!(flipped(&|a| a.critical_strain = 0.03) > 0);
    assert!(flipped(&|a| a.beta_multiple = 24.0) > 0);
}

/// Windows of printed values without a sign of doubt are half a unit of the last printed digit, or wider.
#[test]
fn table_one_of_lu_is_tested_to_its_printed_digits() {
    for claim in claims().iter().filter(|claim| claim.id.starts_with("L16.table1")) {
        let printed: f64 = claim.published.parse().unwrap();
        assert!(
            (claim.hi - claim.lo - 0.02).abs() < 1e-9 && ((claim.hi + claim.lo) / 2.0 - printed).abs() < 1e-9,
            "{}",
            claim.id
        );
    }
}

#[test]
fn every_row_is_covered_or_says_why_not_and_never_both() {
    assert_eq!(inventory().len(), 354);
    let mut wrong = Vec::new();
    for row in coverage() {
        if row.is_covered() == row.absence.is_some() {
            wrong.push(format!("{} ({}): {:?} {:?}", row.row.id, row.row.title, row.covering(), row.absence));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let ids: BTreeSet<&str> = inventory().iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), inventory().len());
    for id in super::coverage::absences().keys() {
        assert!(ids.contains(id.as_str()), "{id} is no row");
    }
}

#[test]
fn everything_that_is_declared_covered_is_a_row() {
    let ids: BTreeSet<&str> = inventory().iter().map(|row| row.id.as_str()).collect();
    let methods = crate::method::registry().iter().map(|m| (m.info().id, m.info().covers));
    let models = crate::theory::models().map(|m| (m.id, m.covers));
    let simulators = crate::simulate::instruments().iter().map(|s| (s.id, s.covers));
    for (id, covers) in methods.chain(models).chain(simulators) {
        for row in covers {
            assert!(ids.contains(row), "{id} covers {row}, which is no row");
        }
    }
}

#[test]
fn all_discrepancies_are_seen_or_justified() {
    let ids: Vec<String> = (1..=36).map(|i| format!("D{i}")).collect();
    assert_eq!(discrepancies().iter().map(|d| d.id).collect::<Vec<_>>(), ids);
    let known: BTreeSet<&str> = claims().iter().map(|claim| claim.id.as_str()).collect();
    for d in discrepancies() {
        match d.shown {
            Shown::Claims(shown) => {
                assert!(!shown.is_empty());
                shown.iter().for_each(|id| assert!(known.contains(id), "{}: {id}", d.id));
            }
            Shown::Models(shown) => shown.iter().for_each(|id| assert!(crate::theory::find(id).is_some(), "{}: {id}", d.id)),
            Shown::Nowhere(why) => assert!(why.len() > 10),
        }
    }
    // A claim that names a discrepancy is where that one is seen.
    for claim in claims() {
        for id in claim.rows.iter().filter(|row| row.starts_with('D')) {
            let found = discrepancies().iter().find(|d| d.id == id).unwrap();
            assert!(matches!(found.shown, Shown::Claims(_)), "{}: {id}", claim.id);
        }
    }
}

#[test]
fn figures_have_lines_and_captions() {
    let figures = figures();
    assert!(figures.len() >= 6);
    for figure in figures {
        assert!(!figure.caption.is_empty() && !figure.panels.is_empty(), "{}", figure.key);
        assert!(figure.panels.iter().all(|panel| panel.marks.len() > 1), "{}", figure.key);
    }
}
