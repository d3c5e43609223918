use super::algorithm::{Known, Pillars, Rates, Row};
use super::figures;
use super::input::Input;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::holm;
use crate::core::unit::Probability;

pub(super) fn outcome(input: &Input, found: &Rates) -> Outcome {
    let single: Vec<f64> = found.ratios.iter().map(|(_, p)| *p).collect();
    let corrected = holm(&single).unwrap_or(single);
    let mut notes = input.notes.clone();
    notes.push(Note::info(
        "meaning_of_signs",
        "that rising means disordering and falling ordering holds only for a glass whose resistivity falls on annealing",
    ));
    if let Some((alpha, p)) = found.dispersion.filter(|(_, p)| *p < 0.05) {
        let message = format!(
            "counts scatter more than chance (α = {alpha:.2}, p {p:.1e}): the intervals allow for it",
            p = Probability(p)
        );
        notes.push(Note::info("more_than_counting", message));
    }
    Outcome {
        estimates: estimates(input, found, &corrected),
        tables: vec![ratios(input, found, &corrected), rates(input, found), counts(input)],
        figures: figures::all(input, found),
        notes,
        ..Outcome::default()
    }
}

/// A coefficient with its interval, as a factor.
pub(super) fn factor(known: &Known) -> (f64, (f64, f64)) {
    (known.value.exp(), (known.interval.0.exp(), known.interval.1.exp()))
}

fn events(rows: &[Row], kind: usize, sign: usize) -> f64 {
    rows.iter().filter(|row| row.kind == kind).map(|row| row.found[sign] as f64).sum()
}

fn estimates(input: &Input, found: &Rates, corrected: &[f64]) -> Vec<Estimate> {
    let mut all = Vec::new();
    for (kind, (known, _)) in found.ratios.iter().enumerate() {
        let (value, interval) = factor(known);
        let n = events(&input.rows, kind, 0) + events(&input.rows, kind, 1);
        let key = format!("sign_ratio_{}", input.kinds[kind]);
        all.push(with_ends(&key, "λ₊/λ₋", value, interval).n(n));
    }
    let probability = |key: &str, p: f64| Estimate::without_interval(key, "p", p, "", "a probability");
    all.push(probability("smallest_p", corrected.iter().copied().fold(f64::NAN, f64::min)));
    all.extend(found.same_ratio_p.map(|p| probability("same_ratio_p", p)));
    let n = input.pillars as f64;
    all.extend(found.exponent.map(|known| with_ends("stress_rate_exponent", "γ", known.value, known.interval).n(n)));
    if let Some((scatter, _)) = found.scatter {
        let why = "the likelihood finds too small a scatter where pillars are few";
        all.push(Estimate::without_interval("pillar_scatter", "τ", scatter, "", why).n(n));
    }
    if let Some((alpha, p)) = found.dispersion {
        let why = "the likelihood finds too small an excess where counts are few; the test is beside it";
        all.push(Estimate::without_interval("overdispersion", "α", alpha, "", why).n(2.0 * input.rows.len() as f64));
        all.push(probability("overdispersion_p", p));
    }
    all
}

fn with_ends(key: &str, symbol: &str, value: f64, interval: (f64, f64)) -> Estimate {
    if interval.0.is_finite() && interval.1.is_finite() {
        return Estimate::with_interval(key, symbol, value, "", interval, Basis::Likelihood);
    }
    Estimate::without_interval(key, symbol, value, "", "the likelihood does not fall on one side: too few events")
}

fn ratios(input: &Input, found: &Rates, corrected: &[f64]) -> Table {
    let column = |value: &dyn Fn(usize) -> f64| (0..input.kinds.len()).map(value).collect::<Vec<f64>>();
    let of = |value: fn((f64, (f64, f64))) -> f64| column(&|kind| value(factor(&found.ratios[kind].0)));
    let verdict = |kind: usize| {
        let value = found.ratios[kind].0.value;
        if corrected[kind] >= 0.05 {
            "compatible with equal rates"
        } else if value > 0.0 {
            "more rising"
        } else {
            "more falling"
        }
    };
    Table::new("ratios", "Rates of rising over falling events")
        .with_text("segment", input.kinds.iter().map(|kind| (*kind).to_owned()).collect())
        .with_numbers("rising", "", column(&|kind| events(&input.rows, kind, 0)))
        .with_numbers("falling", "", column(&|kind| events(&input.rows, kind, 1)))
        .with_numbers("ratio", "", of(|known| known.0))
        .with_numbers("ratio_lo", "", of(|known| known.1.0))
        .with_numbers("ratio_hi", "", of(|known| known.1.1))
        .with_numbers("p", "", column(&|kind| found.ratios[kind].1))
        .with_numbers("p_holm", "", column(&|kind| corrected[kind]))
        .with_text("verdict", (0..input.kinds.len()).map(|kind| verdict(kind).to_owned()).collect())
}

fn rates(input: &Input, found: &Rates) -> Table {
    let places: Vec<(usize, usize)> = (0..input.kinds.len()).flat_map(|kind| [(kind, 0), (kind, 1)]).collect();
    let of = |value: fn((f64, (f64, f64))) -> f64| -> Vec<f64> {
        places.iter().map(|(kind, sign)| value(factor(&found.rates[*kind][*sign]))).collect()
    };
    let stress_rate = |kind: &str| if found.exponent.is_some() && kind != "hold" { input.reference } else { f64::NAN };
    let title = match input.plan.pillars {
        Pillars::Fixed => "Rates in the middle of these pillars; the intervals are not those of other pillars",
        _ => "Rates of a pillar in the middle",
    };
    Table::new("rates", title)
        .with_text("segment", places.iter().map(|(kind, _)| input.kinds[*kind].to_owned()).collect())
        .with_text("sign", places.iter().map(|(_, sign)| ["rising", "falling"][*sign].to_owned()).collect())
        .with_numbers("stress_rate", "Pa/s", places.iter().map(|(kind, _)| stress_rate(input.kinds[*kind])).collect())
        .with_numbers("rate", "1/s", of(|known| known.0))
        .with_numbers("rate_lo", "1/s", of(|known| known.1.0))
        .with_numbers("rate_hi", "1/s", of(|known| known.1.1))
}

fn counts(input: &Input) -> Table {
    let column = |value: &dyn Fn(&Row) -> f64| input.rows.iter().map(value).collect::<Vec<f64>>();
    let drive = |row: &Row| if input.kinds[row.kind] == "hold" { 0.0 } else { input.reference * row.ln_drive.exp() };
    let table = Table::new("counts", "Counts that the model is fitted to")
        .with_numbers("pillar", "", column(&|row| row.pillar as f64 + 1.0))
        .with_text("segment", input.rows.iter().map(|row| input.kinds[row.kind].to_owned()).collect())
        .with_numbers("exposure", "s", column(&|row| row.exposure))
        .with_numbers("rising", "", column(&|row| row.found[0] as f64))
        .with_numbers("falling", "", column(&|row| row.found[1] as f64))
        .with_numbers("expected_false_rising", "", column(&|row| row.background[0]))
        .with_numbers("expected_false_falling", "", column(&|row| row.background[1]));
    if input.plan.drive { table.with_numbers("stress_rate", "Pa/s", column(&drive)) } else { table }
}
