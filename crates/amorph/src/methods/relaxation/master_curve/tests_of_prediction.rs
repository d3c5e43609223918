//! Isotherms predicted by the others, and shifts by a law across a gap.

use serde_json::json;

use super::*;
use crate::core::data::TraceQuantity;
use crate::methods::relaxation::testing::{dataset, run};
use crate::sim::relaxation::{Dma, DmaNoise, Process, Shape, TimeLaw};

const ID: &str = MasterCurve::INFO.id;

fn column(outcome: &Outcome, name: &str) -> Vec<f64> {
    outcome.tables[0].numbers(name).unwrap().1.to_vec()
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

/// Six isotherms with errors of two sensors.
fn sweeps() -> Dma {
    let temperatures = (0..6).map(|i| 460.0 + 6.0 * f64::from(i)).collect();
    let noise = DmaNoise::ModulusAndPhase { modulus: 0.003, phase: 0.001 };
    Dma { temperatures, noise, points: 25, ..Dma::default() }
}

#[test]
fn isotherms_of_one_process_predict_each_other() {
    let parameters = json!({"leave_one_out": true, "reference_temperature": 478.0});
    for seed in 0..3 {
        let outcome = run(ID, parameters.clone(), &dataset(sweeps().measure(seed).unwrap().record)).unwrap();
        let ratios = column(&outcome, "left_out_rms");
        assert_eq!(ratios.len(), 6);
        // A ratio of some 40 readings errs by 0.11; the hottest and coldest also by the end of the curve of the others.
        assert!(ratios.iter().all(|ratio| (0.5..1.5).contains(ratio)), "{ratios:?}");
        assert!(has(&outcome, "isotherms_predicted"));
    }
    let plain = run(ID, json!({}), &dataset(sweeps().measure(0).unwrap().record)).unwrap();
    assert!(plain.tables[0].columns.iter().all(|column| column.name != "left_out_rms"));
}

#[test]
fn isotherms_of_two_processes_that_part_are_not_predicted() {
    let slow = Process { strength: 0.6, ..Dma::default().processes[0] };
    let time = TimeLaw::Arrhenius { prefactor: 1e-9, energy: 1.3e-19 };
    let fast = Process { strength: 0.4, shape: Shape::HavriliakNegami { alpha: 0.8, gamma: 1.0 }, time };
    let dma = Dma { processes: vec![slow, fast], ..sweeps() };
    let parameters = json!({"leave_one_out": true, "reference_temperature": 478.0});
    let outcome = run(ID, parameters, &dataset(dma.measure(1).unwrap().record)).unwrap();
    assert!(has(&outcome, "isotherm_not_predicted"), "{:?}", column(&outcome, "left_out_rms"));
}

/// One isotherm read 5 % too low is found, and a free factor takes it up.
#[test]
fn a_misread_isotherm_is_named() {
    let mut record = sweeps().measure(1).unwrap().record;
    let table = &mut record.tests[0].tables[0];
    let low: Vec<bool> =
        table.values(TraceQuantity::Temperature).unwrap().iter().map(|kelvin| (kelvin - 472.0).abs() < 1.0).collect();
    for channel in &mut table.channels {
        if matches!(channel.quantity, TraceQuantity::StorageModulus | TraceQuantity::LossModulus) {
            channel.values.iter_mut().zip(&low).filter(|(_, low)| **low).for_each(|(value, _)| *value *= 0.95);
        }
    }
    let of = |vertical: &str| {
        let parameters = json!({"leave_one_out": true, "reference_temperature": 478.0, "vertical": vertical});
        run(ID, parameters, &dataset(record.clone())).unwrap()
    };
    let ratios = column(&of("none"), "left_out_rms");
    let largest = (0..6).max_by(|a, b| ratios[*a].total_cmp(&ratios[*b])).unwrap();
    assert!(largest == 2 && ratios[2] > 5.0, "{ratios:?}");
    assert!(has(&of("free"), "isotherms_predicted"));
}

#[test]
fn a_law_bridges_a_gap_only_when_asked() {
    let noise = DmaNoise::ModulusAndPhase { modulus: 0.001, phase: 2e-4 };
    let mut dma = Dma { temperatures: vec![395.0, 460.0, 465.0, 470.0, 475.0, 480.0], noise, ..sweeps() };
    dma.processes[0].time = TimeLaw::Arrhenius { prefactor: 1e-30, energy: 4.4e-19 };
    let record = dma.measure(2).unwrap().record;
    let of =
        |bridge: &str| run(ID, json!({"bridge": bridge, "reference_temperature": 470.0}), &dataset(record.clone())).unwrap();
    let bridged = of("arrhenius");
    assert!(has(&bridged, "bridged_by_law") && has(&bridged, "unidentified"), "{:?}", bridged.notes);
    let (own, by_law) = (column(&bridged, "shift_factor_log10"), column(&bridged, "by_law_log10"));
    assert!(own[0].is_nan() && by_law[1..].iter().all(|shift| shift.is_nan()), "{own:?} {by_law:?}");
    let truth = 4.4e-19 / 1.380_649e-23 * (1.0 / 395.0 - 1.0 / 470.0) / std::f64::consts::LN_10;
    assert!((by_law[0] / truth - 1.0).abs() < 0.03, "{} {truth}", by_law[0]);
    let none = of("none");
    assert!(!has(&none, "bridged_by_law") && has(&none, "unidentified"));
    assert!(none.tables[0].columns.iter().all(|column| column.name != "by_law_log10"));
}
