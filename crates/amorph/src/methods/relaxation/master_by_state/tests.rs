use std::sync::Arc;

use serde_json::json;

use crate::core::outcome::Outcome;
use crate::method::{Dataset, Upstream};
use crate::methods::relaxation::testing::{dataset, refusal, run};
use crate::sim::relaxation::{Dma, DmaNoise, Process, TimeLaw};

const ID: &str = "relaxation.master_by_state";

/// A glass whose times are longer by a factor.
fn glass(slower: f64) -> Dma {
    let base = Dma { noise: DmaNoise::Relative(0.01), ..Dma::default() };
    let alpha = base.processes[0];
    let TimeLaw::Vft { prefactor, b, t0 } = alpha.time else { panic!() };
    Dma { processes: vec![Process { time: TimeLaw::Vft { prefactor: prefactor * slower, b, t0 }, ..alpha }], ..base }
}

fn study(states: &[(&str, Dma, f64)]) -> Dataset {
    let of = |(seed, (state, dma, reference)): (usize, &(&str, Dma, f64))| {
        let record = dma.measure(seed as u64 + 1).unwrap().record;
        let outcome = run("relaxation.master_curve", json!({"reference_temperature": reference}), &dataset(record)).unwrap();
        Upstream {
            job: String::new(),
            method: "relaxation.master_curve".to_owned(),
            state: (*state).to_owned(),
            item: format!("{seed}"),
            outcome: Arc::new(outcome),
        }
    };
    Dataset { upstream: states.iter().enumerate().map(of).collect(), ..Dataset::default() }
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(&format!("{key}@aged-cast")).unwrap().value
}

#[test]
fn a_slower_state_is_slower_by_its_factor_whatever_its_reference() {
    for reference in [470.0, 480.0] {
        let data = study(&[("cast", glass(1.0), 470.0), ("aged", glass(8.0), reference)]);
        let outcome = run(ID, json!({}), &data).unwrap();
        // Shifts to 0.003 decades at 1 %; the peak of a smoothed spectrum to some hundredths.
        assert!((value(&outcome, "slowing_log10") - 8f64.log10()).abs() < 0.05, "{}", value(&outcome, "slowing_log10"));
        assert!(value(&outcome, "peak_width_change").abs() < 0.1 && (value(&outcome, "peak_height_ratio") - 1.0).abs() < 0.05);
        let shifts = outcome.tables[0].numbers("shift_factor_log10").unwrap().1;
        assert_eq!(shifts.iter().filter(|shift| shift.abs() < 1e-9).count(), 2);
        assert_eq!(outcome.figures.len(), 1);
    }
}

#[test]
fn the_reference_state_and_the_temperature_may_be_stated() {
    let data = study(&[("cast", glass(1.0), 470.0), ("aged", glass(8.0), 470.0)]);
    let outcome = run(ID, json!({"reference": "aged", "temperature": 477.0}), &data).unwrap();
    let found = outcome.estimate("slowing_log10@cast-aged").unwrap().value;
    assert!((found + 8f64.log10()).abs() < 0.05, "{found}");
    assert!(refusal(ID, json!({"reference": "rolled"}), &data).contains("none of the states cast, aged"));
    assert!(refusal(ID, json!({"temperature": 300.0}), &data).contains("outside the shifts of 'cast'"));
    assert!(refusal(ID, json!({"temperature": -3.0}), &data).contains("above 0 K"));
}

#[test]
fn one_state_is_refused() {
    assert!(refusal(ID, json!({}), &study(&[("cast", glass(1.0), 470.0)])).contains("relaxation.master_curve"));
    let mut cold = glass(1.0);
    cold.temperatures.iter_mut().for_each(|kelvin| *kelvin -= 60.0);
    cold.processes[0].time = TimeLaw::Vft { prefactor: 1e-12, b: 2800.0, t0: 320.0 };
    let data = study(&[("cast", glass(1.0), 470.0), ("other", cold, 410.0)]);
    assert!(refusal(ID, json!({}), &data).contains("no other state has a shift at 470.0 K"));
}
