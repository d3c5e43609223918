//! Numbers per state, the comparison of the low tails, notes and tables.

use super::algorithm::{Pool, mean_of, tail_distance};
use super::input::{Input, State};
use super::noise::{self, FEWEST_SITES};
use super::{DistributionsByState, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{Moments, PermutationTest, holm, permutation_test_of_items, student_t_quantile};
use crate::method::MethodError;
use crate::methods::afm::distribution::levels::Levels;

/// Numbers of single images that are averaged over sites: key and symbol.
const AVERAGED: [(&str, &str); 6] = [
    ("distribution_mean", "⟨E⟩"),
    ("distribution_sd", "σ_E"),
    ("distribution_cv", "σ_E/⟨E⟩"),
    ("distribution_skewness", "γ₁"),
    ("distribution_excess_kurtosis", "γ₂"),
    ("phase_lag_cv", "σ_φ/⟨φ⟩"),
];

/// The low tails of a state and the reference.
struct Tails {
    state: usize,
    ks: PermutationTest,
    overlap: f64,
    overlap_test: PermutationTest,
    holm_p: [f64; 2],
}

pub(super) fn outcome(method: &DistributionsByState, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let sites: Vec<Vec<&Levels>> =
        input.states.iter().map(|state| state.sites.iter().map(|site| &site.levels).collect()).collect();
    let pool = Pool::of(&sites);
    let tails = compare_tails(method, input, &pool, ctx)?;
    let mut notes = Vec::new();
    let mut estimates: Vec<Estimate> = input.states.iter().flat_map(|state| averages(state, input)).collect();
    estimates.extend(material(input, &mut notes));
    estimates.extend(tails.iter().flat_map(|tails| tail_estimates(tails, input)));
    notes.extend(words(method, input, &tails));
    Ok(Outcome {
        estimates,
        tables: [Some(sites_table(input)), Some(pooled_table(input, &pool)), tail_table(input, &tails)]
            .into_iter()
            .flatten()
            .collect(),
        figures: figures::all(method, input, &pool),
        notes,
        ..Outcome::default()
    })
}

/// Mean over the sites with the interval of Student's t.
fn averages(state: &State, input: &Input) -> Vec<Estimate> {
    let average = |(key, symbol): &(&str, &str)| {
        let values = state.numbers(key)?;
        let key_of_state = format!("{key}@{}", state.name);
        let unit = if matches!(*key, "distribution_mean" | "distribution_sd") { input.unit.symbol() } else { "" };
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let moments = Moments::of(&values).ok();
        let has_interval = *key != "distribution_excess_kurtosis";
        let why =
            if has_interval { "fewer than three sites" } else { "no interval of a mean kurtosis has been shown to cover" };
        let half = moments
            .filter(|moments| has_interval && moments.n >= FEWEST_SITES)
            .and_then(|moments| student_t_quantile(0.975, moments.n as f64 - 1.0).ok().map(|t| t * moments.std_error()));
        let estimate = match half {
            Some(half) => {
                Estimate::with_interval(&key_of_state, symbol, mean, unit, (mean - half, mean + half), Basis::Replicate)
            }
            None => Estimate::without_interval(&key_of_state, symbol, mean, unit, why),
        };
        let estimate = estimate.n(values.len() as f64);
        Some(match moments {
            Some(moments) => estimate.std_error(moments.std_error()),
            None => estimate,
        })
    };
    AVERAGED.iter().filter_map(average).collect()
}

/// The spread without noise of every state that allows it.
fn material(input: &Input, notes: &mut Vec<Note>) -> Vec<Estimate> {
    let reference = input.noise.and_then(|noise| input.states[noise].numbers("distribution_sd"));
    let mut estimates = Vec::new();
    for (index, state) in input.states.iter().enumerate().filter(|(index, _)| Some(*index) != input.noise) {
        let Some(sd) = state.numbers("distribution_sd") else { continue };
        let of_directions = state.numbers("dissipated_energy_noise_sd").filter(|_| input.quantity == "dissipated_energy");
        let found = match (&reference, of_directions) {
            (Some(reference), _) => noise::by_reference(&sd, reference),
            (None, Some(own)) => noise::by_difference_of_directions(&sd, &own),
            (None, None) => {
                if index == input.reference {
                    notes.push(Note::warning("noise_unknown", NOISE_UNKNOWN));
                }
                continue;
            }
        };
        let key = format!("material_sd@{}", state.name);
        match found.and_then(|found| found.estimate(&key, input.unit.symbol(), sd.len())) {
            Some(estimate) => estimates.push(estimate),
            None => notes.push(Note::refused(
                "noise_explains_the_spread",
                format!(
                    "the noise of the instrument is as large as the spread of '{}': nothing is left for the material",
                    state.name
                ),
            )),
        }
    }
    estimates
}

const NOISE_UNKNOWN: &str = "the spread contains the noise of the instrument, which nothing here tells: measure a reference without structure \
                             (silicon) as a state and name it as `noise_state`, or record trace and retrace";

fn compare_tails(method: &DistributionsByState, input: &Input, pool: &Pool, ctx: &Ctx) -> Result<Vec<Tails>, MethodError> {
    let mut tails = Vec::new();
    let reference = &pool.below[input.reference];
    for (index, state) in input.states.iter().enumerate() {
        let sites = &pool.below[index];
        if index == input.reference || Some(index) == input.noise || sites.len() < 2 || reference.len() < 2 {
            continue;
        }
        ctx.check_cancelled()?;
        let all: Vec<&[f64]> = sites.iter().chain(reference).map(Vec::as_slice).collect();
        let pick = |items: &[usize]| mean_of(&items.iter().map(|item| all[*item]).collect::<Vec<_>>());
        // The tail ends at the quantile of whatever sites stand for the reference: the statistic depends on the labels alone.
        let distance = |a: &[usize], b: &[usize]| tail_distance(&pick(a), &pick(b), &pool.bins, method.low_tail);
        let seed = derive_seed(ctx.seed, &["low_tail".into(), (&state.name).into()]);
        let (n_a, n_b) = (sites.len(), reference.len());
        let test = |read: &(dyn Fn(&[usize], &[usize]) -> f64 + Sync)| {
            permutation_test_of_items(n_a, n_b, read, method.permutations, seed).ok()
        };
        let ks = test(&|a, b| distance(a, b).ks);
        let overlap_test = test(&|a, b| 1.0 - distance(a, b).overlap);
        if let (Some(ks), Some(overlap_test)) = (ks, overlap_test) {
            let overlap = 1.0 - overlap_test.statistic;
            tails.push(Tails { state: index, ks, overlap, overlap_test, holm_p: [f64::NAN; 2] });
        }
    }
    let p: Vec<f64> = tails.iter().flat_map(|tails| [tails.ks.p_value, tails.overlap_test.p_value]).collect();
    for (tails, corrected) in tails.iter_mut().zip(holm(&p).unwrap_or_default().chunks_exact(2)) {
        tails.holm_p = [corrected[0], corrected[1]];
    }
    Ok(tails)
}

fn pair(tails: &Tails, input: &Input) -> String {
    format!("{}-{}", input.states[tails.state].name, input.states[input.reference].name)
}

fn tail_estimates(tails: &Tails, input: &Input) -> Vec<Estimate> {
    let n = (input.states[tails.state].sites.len() + input.states[input.reference].sites.len()) as f64;
    let why = "a distance is never negative and grows with the scatter between sites: it is judged by permutation";
    let one = |key: &str, symbol: &str, value: f64| {
        Estimate::without_interval(&format!("{key}@{}", pair(tails, input)), symbol, value, "", why).n(n)
    };
    vec![one("low_tail_ks", "D", tails.ks.statistic), one("low_tail_overlap", "O", tails.overlap)]
}

fn words(method: &DistributionsByState, input: &Input, tails: &[Tails]) -> Vec<Note> {
    let reference = &input.states[input.reference].name;
    let mut notes: Vec<Note> = tails
        .iter()
        .map(|tails| {
            let state = &input.states[tails.state].name;
            let differs = tails.holm_p[0] < 0.05;
            let verdict = if differs { "the low tails differ" } else { "no difference of the low tails is seen" };
            let message = format!(
                "{state} against {reference}, below the {:.0} % quantile of {reference}: D = {:.4}, p = {:.4} ({:.4} after Holm), overlap {:.3}: \
                 {verdict}. Chance alone reaches D = {:.4} in 5 % of the {} divisions of these sites; a smaller change would not be seen",
                100.0 * method.low_tail,
                tails.ks.statistic,
                tails.ks.p_value,
                tails.holm_p[0],
                tails.overlap,
                tails.ks.chance_level,
                tails.ks.divisions
            );
            Note::info("low_tail", message)
        })
        .collect();
    let few: Vec<&str> = input.states.iter().filter(|state| state.sites.len() < 2).map(|state| &*state.name).collect();
    if !few.is_empty() && input.states.len() > 1 {
        let text = format!("states with one site are shown but not compared: {}", few.join(", "));
        notes.push(Note::refused("too_few_sites", text));
    }
    if tails.iter().any(|tails| tails.ks.exhaustive && tails.ks.divisions < 40) {
        notes.push(Note::warning(
            "few_divisions",
            "with so few sites no permutation probability can fall below 0.05 (2 of 20 divisions for 3 and 3 sites): measure at least four sites per state",
        ));
    }
    let has_lag = input.states.iter().any(|state| state.numbers("phase_lag_cv").is_some());
    if has_lag {
        notes.push(Note::refused(
            "cv_of_phase",
            "the relative variations of the energy and of the lag are listed beside each other and not compared: they are different \
             quantities, and that of a phase depends on where its zero lies",
        ));
    }
    notes
}

/// Every site with its numbers.
fn sites_table(input: &Input) -> Table {
    let rows = || input.states.iter().flat_map(|state| state.sites.iter().map(move |site| (state, site)));
    let column = |key: &str| rows().map(|(_, site)| site.number(key).unwrap_or(f64::NAN)).collect::<Vec<f64>>();
    let unit = input.unit.symbol();
    let table = Table::new("sites", "Every site: the unit of replication")
        .with_text("state", rows().map(|(state, _)| state.name.clone()).collect())
        .with_numbers("mean", unit, column("distribution_mean"))
        .with_numbers("sd", unit, column("distribution_sd"))
        .with_numbers("cv", "", column("distribution_cv"))
        .with_numbers("skewness", "", column("distribution_skewness"))
        .with_numbers("excess_kurtosis", "", column("distribution_excess_kurtosis"));
    let more = [("cv_of_lag", "", "phase_lag_cv"), ("noise", unit, "dissipated_energy_noise_sd")];
    more.into_iter().fold(table, |table, (name, unit, key)| {
        let values = column(key);
        if values.iter().all(|value| value.is_nan()) { table } else { table.with_numbers(name, unit, values) }
    })
}

/// Moments and quantiles of all pixels of a state together, each site with equal weight.
fn pooled_table(input: &Input, pool: &Pool) -> Table {
    let unit = input.unit.symbol();
    let cumulated: Vec<Vec<f64>> = (0..input.states.len()).map(|state| pool.pooled(state)).collect();
    let moments: Vec<[f64; 4]> = cumulated.iter().map(|of_state| pool.moments(of_state)).collect();
    let moment = |index: usize| moments.iter().map(|m| m[index]).collect::<Vec<f64>>();
    let quantile = |p: f64| cumulated.iter().map(|of_state| pool.quantile(of_state, p)).collect::<Vec<f64>>();
    let sites = input.states.iter().map(|state| state.sites.len() as f64).collect();
    let table = Table::new("pooled", "All sites of a state together (scatter between sites included)")
        .with_text("state", input.states.iter().map(|state| state.name.clone()).collect())
        .with_numbers("sites", "", sites)
        .with_numbers("mean", unit, moment(0))
        .with_numbers("sd", unit, moment(1))
        .with_numbers("cv", "", moments.iter().map(|m| m[1] / m[0]).collect())
        .with_numbers("skewness", "", moment(2))
        .with_numbers("excess_kurtosis", "", moment(3));
    let levels = [("q_0.001", 0.001), ("q_0.05", 0.05), ("q_0.2", 0.2), ("median", 0.5), ("q_0.95", 0.95), ("q_0.999", 0.999)];
    levels.into_iter().fold(table, |table, (name, p)| table.with_numbers(name, unit, quantile(p)))
}

fn tail_table(input: &Input, tails: &[Tails]) -> Option<Table> {
    let numbers = |read: &dyn Fn(&Tails) -> f64| tails.iter().map(read).collect::<Vec<f64>>();
    let table = Table::new("low_tail", "Low tails: distance, overlap, and their probabilities if the sites were exchangeable")
        .with_text("states", tails.iter().map(|tails| pair(tails, input)).collect())
        .with_numbers("ks", "", numbers(&|t| t.ks.statistic))
        .with_numbers("ks_by_chance", "", numbers(&|t| t.ks.chance_level))
        .with_numbers("ks_p", "", numbers(&|t| t.ks.p_value))
        .with_numbers("ks_p_holm", "", numbers(&|t| t.holm_p[0]))
        .with_numbers("overlap", "", numbers(&|t| t.overlap))
        .with_numbers("overlap_by_chance", "", numbers(&|t| 1.0 - t.overlap_test.chance_level))
        .with_numbers("overlap_p", "", numbers(&|t| t.overlap_test.p_value))
        .with_numbers("overlap_p_holm", "", numbers(&|t| t.holm_p[1]))
        .with_numbers("divisions", "", numbers(&|t| t.ks.divisions as f64));
    (!tails.is_empty()).then_some(table)
}
