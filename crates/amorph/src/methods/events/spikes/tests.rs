use super::*;
use crate::core::data::{Channel, ColumnValues, Record, Recording, SegmentKind, TraceQuantity};
use crate::method::Constants;
use crate::sim::pillar::{EventLaw, LoadFunction, Pillar, PillarTest, TraceNoise};

fn pressed(events: &EventLaw, seed: u64) -> PillarTest {
    Pillar::default().press(&LoadFunction::default(), &TraceNoise::default(), events, seed).unwrap()
}

fn dataset(recording: Recording) -> Dataset {
    let constants = Constants::default().with_quantity("top_diameter", "2.074 um").unwrap();
    Dataset::of_record(Record::of_test("pillar 1", recording), constants)
}

fn run(method: &Spikes, recording: Recording) -> Result<Outcome, MethodError> {
    let dataset = dataset(recording);
    method.run(&method.check(&dataset)?, &Ctx::new(4))
}

fn texts<'a>(outcome: &'a Outcome, table: &str, column: &str) -> &'a [String] {
    let table = outcome.table(table).unwrap();
    let column = table.columns.iter().find(|known| known.name == column).unwrap();
    match &column.values {
        ColumnValues::Text(texts) => texts,
        ColumnValues::Numbers(_) => panic!("numbers"),
    }
}

fn numbers<'a>(outcome: &'a Outcome, table: &str, column: &str) -> &'a [f64] {
    outcome.table(table).unwrap().numbers(column).unwrap().1
}

#[test]
fn spikes_of_a_virtual_pillar_are_found_with_size_sign_segment_and_stress() {
    let test = pressed(&EventLaw::default(), 2);
    let method = Spikes { injections: 400, ..Spikes::default() };
    let outcome = run(&method, test.recording.clone()).unwrap();
    let (times, sizes) = (numbers(&outcome, "spikes", "time"), numbers(&outcome, "spikes", "size"));
    let (signs, stress) = (texts(&outcome, "spikes", "sign"), numbers(&outcome, "spikes", "stress"));
    let settled = outcome.estimate("settling_time").unwrap().value;
    // Seven standard deviations of the noise, and far enough from the next.
    let alone = |index: usize| test.spikes.iter().filter(|spike| spike.index.abs_diff(index) < 20).count() == 1;
    let clear: Vec<_> = test
        .spikes
        .iter()
        .filter(|spike| spike.size.abs() > 7e-4 && alone(spike.index) && spike.index as f64 * 1e-3 > settled + 0.01)
        .collect();
    let mut hits = 0;
    for spike in &clear {
        let place = times.iter().position(|time| (time - spike.index as f64 * 1e-3).abs() < 2.5e-3);
        let Some(place) = place else { continue };
        hits += 1;
        assert_eq!(signs[place] == "rising", spike.size > 0.0);
        assert!((sizes[place] / spike.size.abs() - 1.0).abs() < 0.5, "{} {spike:?}", sizes[place]);
        let expected = match spike.index {
            0..10_000 => 592e6 * spike.index as f64 / 1e4,
            10_000..20_000 => 592e6,
            _ => 592e6 * (3.0 - spike.index as f64 / 1e4),
        };
        assert!((stress[place] - expected).abs() < 2e6, "{} {expected}", stress[place]);
    }
    println!("{hits} of {} found, {} in all", clear.len(), times.len());
    assert!(hits as f64 > 0.97 * clear.len() as f64 && clear.len() > 50);
    assert_eq!(texts(&outcome, "segments", "segment"), ["load", "hold", "unload"]);
    assert_eq!(outcome.figures.len(), 3);
    assert!(outcome.notes.iter().any(|note| note.code == "contact_not_separated"));
}

#[test]
fn noise_alone_has_no_spikes() {
    let silent = EventLaw { rates: [[0.0; 2]; 3], pop_in_rate: 0.0, ..EventLaw::default() };
    let mut found = 0;
    let records = 12;
    for seed in 0..records {
        let method = Spikes { injections: 0, ..Spikes::default() };
        let outcome = run(&method, pressed(&silent, seed).recording).unwrap();
        found += outcome.estimate("spike_count").unwrap().value as usize;
    }
    // Three segments at 5 % each: 1.8 are expected, more than 7 in fewer than one of a thousand.
    println!("{found} false alarms in {records} tests");
    assert!(found <= 7, "{found}");
}

#[test]
fn of_many_events_a_known_share_is_false() {
    let law = EventLaw { rates: [[4.0; 2]; 3], smallest: 1e-4, cutoff: 4e-3, pop_in_rate: 0.0, ..EventLaw::default() };
    let (mut found, mut wrong, mut calibrated) = (0u32, 0u32, 0.0);
    for seed in 0..3 {
        let test = pressed(&law, 40 + seed);
        let method = Spikes { rule: Rule::FalseDiscovery, false_discovery: 0.1, injections: 0, ..Spikes::default() };
        let outcome = run(&method, test.recording.clone()).unwrap();
        let times = numbers(&outcome, "spikes", "time");
        let is_true = |time: &&f64| test.spikes.iter().any(|spike| (*time - spike.index as f64 * 1e-3).abs() < 4.5e-3);
        found += times.len() as u32;
        wrong += times.len() as u32 - times.iter().filter(is_true).count() as u32;
        assert!(numbers(&outcome, "spikes", "false_share").iter().all(|share| *share <= 0.1 + 1e-9));
        let strict = run(&Spikes { injections: 0, ..Spikes::default() }, test.recording).unwrap();
        calibrated += strict.estimate("spike_count").unwrap().value;
    }
    println!("{wrong} of {found} false, {calibrated} under the calibrated rule");
    // A tenth is allowed; the counts scatter by a third of that.
    assert!(f64::from(found) > 1.1 * calibrated && f64::from(wrong) < 0.15 * f64::from(found), "{wrong} of {found}");
}

#[test]
fn the_share_that_is_found_is_that_of_other_spikes() {
    let law = EventLaw { rates: [[5.0; 2]; 3], smallest: 2e-4, pop_in_rate: 0.0, longest: 1, ..EventLaw::default() };
    let (mut below, mut found_below, mut expected) = (0u32, 0u32, 0.0);
    for seed in 0..3 {
        let test = pressed(&law, 10 + seed);
        let outcome = run(&Spikes::default(), test.recording.clone()).unwrap();
        let half = outcome.estimate("detection_efficiency_50").unwrap().value;
        let share = |size: f64| {
            let (sizes, fit) = (numbers(&outcome, "efficiency", "size"), numbers(&outcome, "efficiency", "fit"));
            let place = sizes.partition_point(|known| *known < size).clamp(1, sizes.len() - 1);
            let weight = (size / sizes[place - 1]).ln() / (sizes[place] / sizes[place - 1]).ln();
            fit[place - 1] + weight.clamp(0.0, 1.0) * (fit[place] - fit[place - 1])
        };
        let times = numbers(&outcome, "spikes", "time");
        for spike in test.spikes.iter().filter(|spike| (0.5..2.0).contains(&(spike.size.abs() / half))) {
            below += 1;
            expected += share(spike.size.abs());
            found_below += u32::from(times.iter().any(|time| (time - spike.index as f64 * 1e-3).abs() < 2.5e-3));
        }
    }
    println!("{found_below} found of {below}, {expected:.0} expected");
    // Three and a half standard errors of the count, and the error of the fit.
    assert!((f64::from(found_below) - expected).abs() < 3.5 * (0.25 * f64::from(below)).sqrt() + 0.02 * f64::from(below));
}

#[test]
fn a_pop_in_is_a_step_and_no_spike() {
    let law = EventLaw { rates: [[0.0; 2]; 3], pop_in_rate: 0.6, pop_in_depth: 20e-9, ..EventLaw::default() };
    let (mut steps, mut pop_ins, mut spikes) = (0, 0, 0.0);
    for seed in 6..10 {
        let test = pressed(&law, seed);
        let outcome = run(&Spikes { injections: 0, ..Spikes::default() }, test.recording.clone()).unwrap();
        steps += texts(&outcome, "spikes", "class").iter().filter(|class| *class == "step").count();
        spikes += outcome.estimate("spike_count").unwrap().value;
        pop_ins += test.pop_ins.len();
    }
    println!("{steps} steps and {spikes} spikes of {pop_ins} pop-ins");
    // A slow one may show as two, a small one not at all.
    assert!(2 * steps > pop_ins && 3 * steps < 4 * pop_ins && spikes < 0.25 * pop_ins as f64, "{steps} {spikes} {pop_ins}");
}

#[test]
fn series_resistance_enlarges_the_change_of_the_pillar() {
    let pillar = Pillar { series_resistance: 7500.0, ..Pillar::default() };
    let quiet = TraceNoise { ln_current: 2e-5, drift: 0.0, ..TraceNoise::default() };
    let law = EventLaw { rates: [[0.0; 2], [2.0, 0.0], [0.0; 2]], smallest: 5e-3, pop_in_rate: 0.0, ..EventLaw::default() };
    let test = pillar.press(&LoadFunction::default(), &quiet, &law, 3).unwrap();
    let mut dataset = dataset(test.recording.clone());
    let method = Spikes { injections: 0, ..Spikes::default() };
    let size = |dataset: &Dataset| {
        let outcome = method.run(&method.check(dataset).unwrap(), &Ctx::new(1)).unwrap();
        let (times, sizes) = (numbers(&outcome, "spikes", "time").to_vec(), numbers(&outcome, "spikes", "size").to_vec());
        let spike = &test.spikes[0];
        let place = times.iter().position(|time| (time - spike.index as f64 * 1e-3).abs() < 2.5e-3).unwrap();
        sizes[place] / spike.size
    };
    // A quarter of the resistance is the pillar's.
    assert!((size(&dataset) - 0.25).abs() < 0.03);
    dataset.constants = Constants::default().with_quantity("series_resistance", "7500 ohm").unwrap();
    // The voltage is in the file.
    assert!((size(&dataset) - 1.0).abs() < 0.1);
    let crate::core::data::Data::Record(record) = &mut dataset.data[0] else { panic!("no record") };
    record.tests[0].tables[0].channels.retain(|channel| channel.quantity != TraceQuantity::Voltage);
    let missing = method.check(&dataset).unwrap_err().to_string();
    assert!(missing.contains("voltage"), "{missing}");
    dataset.constants = dataset.constants.with_quantity("voltage", "5 V").unwrap();
    assert!((size(&dataset) - 1.0).abs() < 0.1);
}

#[test]
fn bad_records_are_refused_with_what_to_do() {
    let test = pressed(&EventLaw::default(), 1);
    let without = |quantity: TraceQuantity| {
        let mut recording = test.recording.clone();
        recording.channels.retain(|channel| channel.quantity != quantity);
        Spikes::default().check(&dataset(recording)).unwrap_err()
    };
    let error = without(TraceQuantity::Current);
    assert!(error.to_string().contains("no channel of current") && error.hint().contains("columns"), "{error}");
    assert!(without(TraceQuantity::Time).to_string().contains("no channel of time"));
    let mut recording = test.recording.clone();
    let current = recording.channels.iter_mut().find(|channel| channel.quantity == TraceQuantity::Current).unwrap();
    current.values.iter_mut().enumerate().filter(|(t, _)| t % 3 == 0).for_each(|(_, value)| *value = -*value);
    let error = Spikes::default().check(&dataset(recording)).unwrap_err();
    assert!(error.to_string().contains("10000 of 30000") && error.hint().contains("offset"), "{error}");
    let channels = [(TraceQuantity::Time, 0), (TraceQuantity::Current, 3)]
        .map(|(quantity, place)| Channel::new(quantity, test.recording.channels[place].values[..50].to_vec()));
    let error = Spikes::default().check(&dataset(Recording::of_test(channels.to_vec()))).unwrap_err();
    assert!(error.to_string().contains("long enough"), "{error}");
    let error = Spikes { false_alarms: 0.0, ..Spikes::default() }.check(&dataset(test.recording.clone())).unwrap_err();
    assert!(error.to_string().contains("false_alarms = 0"), "{error}");
}

#[test]
fn segments_are_found_where_the_file_states_none() {
    let mut recording = pressed(&EventLaw::default(), 5).recording;
    recording.segments.clear();
    let outcome = run(&Spikes { injections: 0, ..Spikes::default() }, recording).unwrap();
    assert_eq!(
        texts(&outcome, "segments", "segment"),
        [SegmentKind::Load, SegmentKind::Hold, SegmentKind::Unload].map(SegmentKind::word)
    );
    assert!(outcome.notes.iter().any(|note| note.code == "segments_detected"));
}

#[test]
fn the_probability_of_an_imbalance_is_exact() {
    let balance = |a, b| super::report::Balance::of(a, b).unwrap();
    // Mid-p of 2 or fewer of 10: 2 (1 + 10)/1024 + 45/1024.
    assert!((balance(8, 2).p - 67.0 / 1024.0).abs() < 1e-12 && (balance(8, 2).value - 0.6).abs() < 1e-12);
    assert!((balance(5, 5).p - 1.0).abs() < 1e-12);
    assert!(super::report::Balance::of(0, 0).is_none());
}

#[test]
fn the_exponent_of_the_spikes_is_that_of_the_pillar() {
    use crate::method::Upstream;
    use crate::methods::events::size_distribution::SizeDistribution;
    use crate::methods::events::waiting_times::WaitingTimes;
    let law =
        EventLaw { rates: [[4.0; 2]; 3], smallest: 4e-4, cutoff: 2e-2, longest: 3, pop_in_rate: 0.0, ..EventLaw::default() };
    let load = LoadFunction { segment: 30.0, ..LoadFunction::default() };
    let test = Pillar::default().press(&load, &TraceNoise::default(), &law, 12).unwrap();
    let outcome = run(&Spikes { injections: 3000, ..Spikes::default() }, test.recording).unwrap();
    let upstream = Upstream {
        job: "spikes".to_owned(),
        method: "events.spikes".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: std::sync::Arc::new(outcome),
    };
    let dataset = Dataset { upstream: vec![upstream], ..Dataset::default() };
    let sizes = SizeDistribution { bootstrap: 100, ..SizeDistribution::default() };
    let fitted = sizes.run(&sizes.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let exponent = fitted.estimate("size_exponent").unwrap();
    println!("{exponent:?}");
    assert!((exponent.value - 1.5).abs() < 3.5 * exponent.std_error.unwrap(), "{exponent:?}");
    assert!(fitted.notes.iter().any(|note| note.code == "xmin_from_efficiency"));
    let waits = WaitingTimes::default();
    let waited = waits.run(&waits.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let shape = waited.estimate("weibull_shape").unwrap();
    println!("{shape:?} {:?}", waited.estimate("waiting_rate").unwrap());
    assert!((shape.value - 1.0).abs() < 0.12, "{shape:?}");
}
