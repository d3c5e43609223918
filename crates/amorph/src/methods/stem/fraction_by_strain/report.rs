//! What is said about shares over strain.

use super::algorithm::{
    BetaBinomial, Count, Mean, beta_binomial, cochran_armitage, contrast, detectable_difference, difference, homogeneity,
    logistic_trend, mean, mean_share, means_statistic, permutation_p, pooled_deviation, slope, trend_statistic,
};
use super::{FractionByStrain, Input, Lack, Region, Replicate, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{chi_squared_tail, holm, wilson_interval};

/// One independent piece of information: a scan, or the scans of a foil.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub name: String,
    pub count: Count,
    pub corrected: Option<f64>,
    pub ln_brightness: Option<f64>,
}

/// All units of one strain.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub strain: f64,
    pub counts: Vec<Count>,
    /// Mean of the shares with Student's interval.
    pub mean: Option<Mean>,
    pub pooled: f64,
    pub wilson: (f64, f64),
}

pub(super) fn outcome(method: &FractionByStrain, input: &Input, seed: u64) -> Outcome {
    let units = units(&input.regions, method.unit);
    let groups = groups(&units);
    let several = groups.len() >= 2 && units.len() >= groups.len() + 2;
    let fit = beta_binomial(&groups.iter().map(|group| group.counts.clone()).collect::<Vec<_>>());
    let mut estimates = if several { trend(&units, &groups) } else { Vec::new() };
    estimates.extend(scatter(&units, &groups, fit.as_ref()));
    if several {
        estimates.extend(tests(method, &units, seed));
    }
    estimates.extend(within_scans(input));
    let all: Vec<Region> = input.regions.iter().chain(&input.drifted).cloned().collect();
    let mut tables = vec![strains("strains", "Share of patterns with reflections, by strain", &groups, fit.as_ref())];
    if !input.drifted.is_empty() {
        let units = self::units(&all, method.unit);
        tables.push(strains("strains_with_drifted", "The same with the scans that drifted", &self::groups(&units), None));
    }
    if groups.len() > 2 {
        tables.push(contrasts(&groups));
    }
    tables.push(regions(&all));
    Outcome {
        figures: vec![figures::over_strain(&groups, &units), figures::by_region(&input.regions)],
        notes: notes(method, input, &units, &groups, several, &estimates),
        estimates,
        tables,
        ..Outcome::default()
    }
}

fn units(regions: &[Region], unit: Replicate) -> Vec<Unit> {
    let of_region = |region: &Region| Unit {
        name: format!("{}, {}", region.state, region.item),
        count: region.count,
        corrected: region.corrected,
        ln_brightness: region.halo_counts.map(f64::ln),
    };
    if unit == Replicate::Region {
        return regions.iter().map(of_region).collect();
    }
    let mut foils: Vec<(f64, f64, Vec<&Region>)> = Vec::new();
    for region in regions {
        let (foil, strain) = (region.foil.unwrap_or(f64::NAN), region.count.strain);
        match foils.iter_mut().find(|(known, at, _)| *known == foil && *at == strain) {
            Some((.., members)) => members.push(region),
            None => foils.push((foil, strain, vec![region])),
        }
    }
    let mean = |members: &[&Region], of: &dyn Fn(&Region) -> Option<f64>| {
        let values: Option<Vec<f64>> = members.iter().map(|region| of(region)).collect();
        values.map(|values| values.iter().sum::<f64>() / values.len() as f64)
    };
    let of_foil = |(foil, strain, members): &(f64, f64, Vec<&Region>)| Unit {
        name: format!("foil {foil}"),
        count: Count {
            strain: *strain,
            x: members.iter().map(|region| region.count.x).sum(),
            n: members.iter().map(|region| region.count.n).sum(),
        },
        corrected: mean(members, &|region| region.corrected),
        ln_brightness: mean(members, &|region| region.halo_counts.map(f64::ln)),
    };
    foils.iter().map(of_foil).collect()
}

fn groups(units: &[Unit]) -> Vec<Group> {
    let mut strains: Vec<f64> = units.iter().map(|unit| unit.count.strain).collect();
    strains.sort_by(f64::total_cmp);
    strains.dedup();
    let one = |strain: f64| {
        let counts: Vec<Count> = units.iter().map(|unit| unit.count).filter(|count| count.strain == strain).collect();
        let (x, n) = counts.iter().fold((0.0, 0.0), |(x, n), count| (x + count.x, n + count.n));
        let shares: Vec<f64> = counts.iter().map(Count::share).collect();
        Group {
            strain,
            mean: mean_share(&shares),
            pooled: x / n,
            wilson: wilson_interval(x as usize, n as usize, 0.95).unwrap_or((0.0, 1.0)),
            counts,
        }
    };
    strains.into_iter().map(one).collect()
}

fn columns(units: &[Unit]) -> (Vec<f64>, Vec<f64>) {
    units.iter().map(|unit| (unit.count.strain, unit.count.share())).unzip()
}

fn estimate(key: &str, symbol: &str, found: Mean, n: usize) -> Estimate {
    Estimate::with_interval(key, symbol, found.value, "", found.interval, Basis::Replicate)
        .std_error(found.std_error)
        .n(n as f64)
}

/// With its standard error alone.
fn unproven(key: &str, found: Mean, n: usize) -> Estimate {
    let why = "how often Student's interval covers here has not been measured";
    Estimate::without_interval(key, "", found.value, "", why).std_error(found.std_error).n(n as f64)
}

/// Slope and change, as they are, with error rates taken off, and with thickness taken off.
fn trend(units: &[Unit], groups: &[Group]) -> Vec<Estimate> {
    let (strain, share) = columns(units);
    let mut found = Vec::new();
    if let Some(slope) = slope(&strain, &share, &[]) {
        found.push(estimate("br_fraction_slope", "df/dε", slope, units.len()));
    }
    let shares = |group: &Group| group.counts.iter().map(Count::share).collect::<Vec<f64>>();
    if let (Some(first), Some(last)) = (groups.first(), groups.last())
        && let Some(change) = difference(&shares(first), &shares(last))
    {
        found.push(estimate("br_fraction_change", "Δf", change, first.counts.len() + last.counts.len()));
    }
    let corrected: Option<Vec<f64>> = units.iter().map(|unit| unit.corrected).collect();
    if let Some(slope) = corrected.and_then(|corrected| slope(&strain, &corrected, &[])) {
        found.push(unproven("br_fraction_slope_corrected", slope, units.len()));
    }
    let brightness: Option<Vec<f64>> = units.iter().map(|unit| unit.ln_brightness).collect();
    if let Some(slope) = brightness.and_then(|brightness| slope(&strain, &share, &[&brightness])) {
        found.push(unproven("br_fraction_slope_adjusted", slope, units.len()));
    }
    found
}

fn scatter(units: &[Unit], groups: &[Group], fit: Option<&BetaBinomial>) -> Vec<Estimate> {
    let n: f64 = units.iter().map(|unit| unit.count.n).sum();
    let mut found = Vec::new();
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    if let Some(fit) = fit.filter(|_| units.len() > groups.len() + 1) {
        let rho =
            plain("rho_overdispersion", "ρ", fit.rho, "the profile of the likelihood covers in 90 to 99.8 % instead of 95 %");
        found.push(rho.n(units.len() as f64));
        let effective: f64 = units.iter().map(|unit| unit.count.n / (1.0 + (unit.count.n - 1.0) * fit.rho)).sum();
        found.push(plain("effective_patterns", "", effective, "from rho_overdispersion"));
    }
    let shares: Vec<Vec<f64>> = groups.iter().map(|group| group.counts.iter().map(Count::share).collect()).collect();
    let sizes: Vec<f64> = shares.iter().map(|shares| shares.len() as f64).collect();
    let pair = [sizes.iter().copied().fold(f64::INFINITY, f64::min); 2];
    if let Some(found_difference) =
        pooled_deviation(&shares).and_then(|(deviation, dof)| detectable_difference(deviation, dof, pair))
    {
        let why = "a property of the experiment, from the scatter between its units";
        found.push(plain("minimum_detectable_difference", "", found_difference, why).n(pair[0]));
    }
    found.push(plain("n_regions", "R", units.len() as f64, "counted, without error"));
    found.push(plain("n_patterns", "N", n, "counted, without error"));
    found
}

fn tests(method: &FractionByStrain, units: &[Unit], seed: u64) -> Vec<Estimate> {
    let (strain, share) = columns(units);
    let counts: Vec<Count> = units.iter().map(|unit| unit.count).collect();
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let probability = "a probability";
    let seed = |name: &str| derive_seed(seed, &[name.into()]);
    let (p, tried) = permutation_p(&strain, |labels| trend_statistic(labels, &share), seed("trend"));
    let mut found = vec![plain("trend_p_permutation", "p", p, probability).n(tried as f64)];
    if let Some((_, p)) = logistic_trend(&counts, &strain) {
        found.push(plain("trend_p_betabinomial", "p", p, probability));
    }
    if let Some(threshold) = method.threshold_strain {
        let above = |labels: &[f64]| labels.iter().map(|strain| (strain - threshold).max(0.0)).collect::<Vec<f64>>();
        if above(&strain).iter().any(|value| *value > 0.0) {
            let (p, tried) = permutation_p(&strain, |labels| trend_statistic(&above(labels), &share), seed("above"));
            found.push(plain("trend_p_above_threshold", "p", p, probability).n(tried as f64));
        }
    }
    let (p, tried) = permutation_p(&strain, |labels| means_statistic(labels, &share), seed("means"));
    found.push(plain("means_p_permutation", "p", p, probability).n(tried as f64));
    if let Some(z) = cochran_armitage(&counts) {
        let why = "patterns of one scan are not independent: this is what a test that takes them so would say";
        found.push(plain("trend_z_naive", "z", z, why).flag("naive"));
    }
    found
}

fn within_scans(input: &Input) -> Vec<Estimate> {
    let values = |of: &dyn Fn(&Region) -> Option<f64>| input.regions.iter().filter_map(of).collect::<Vec<f64>>();
    let mut found = Vec::new();
    for (key, values) in [
        ("neighbour_correlation", values(&|region| region.neighbours)),
        ("thickness_correlation", values(&|region| region.thickness)),
    ] {
        match mean(&values) {
            Some(mean) => found.push(unproven(key, mean, values.len())),
            None if !values.is_empty() => {
                let value = values.iter().sum::<f64>() / values.len() as f64;
                found.push(Estimate::without_interval(key, "", value, "", "fewer than three scans"));
            }
            None => {}
        }
    }
    found
}

fn strains(key: &str, title: &str, groups: &[Group], fit: Option<&BetaBinomial>) -> Table {
    let of = |value: &dyn Fn(&Group) -> f64| groups.iter().map(value).collect::<Vec<f64>>();
    let sum = |group: &Group, value: &dyn Fn(&Count) -> f64| group.counts.iter().map(value).sum::<f64>();
    let interval = |group: &Group| group.mean.map_or((f64::NAN, f64::NAN), |mean| mean.interval);
    let homogeneous = |group: &Group| {
        let (square, dof) = homogeneity(&group.counts);
        if dof > 0.0 { chi_squared_tail(square, dof).unwrap_or(f64::NAN) } else { f64::NAN }
    };
    Table::new(key, title)
        .with_numbers("strain", "", of(&|group| group.strain))
        .with_numbers("units", "", of(&|group| group.counts.len() as f64))
        .with_numbers("patterns", "", of(&|group| sum(group, &|count| count.n)))
        .with_numbers("flagged", "", of(&|group| sum(group, &|count| count.x)))
        .with_numbers("share", "", of(&|group| group.mean.map_or(group.pooled, |mean| mean.value)))
        .with_numbers("lo", "", of(&|group| interval(group).0))
        .with_numbers("hi", "", of(&|group| interval(group).1))
        .with_numbers("share_beta_binomial", "", fit.map_or(of(&|group| group.pooled), |fit| fit.p.clone()))
        .with_numbers("lo_if_independent", "", of(&|group| group.wilson.0))
        .with_numbers("hi_if_independent", "", of(&|group| group.wilson.1))
        .with_numbers("p_homogeneous", "", of(&homogeneous))
}

/// Every strain against every other, with Welch's interval of each difference, not widened for their number, and Holm's correction of its
/// probability.
fn contrasts(groups: &[Group]) -> Table {
    let shares = |group: &Group| group.counts.iter().map(Count::share).collect::<Vec<f64>>();
    let mean = |group: &Group| shares(group).iter().sum::<f64>() / group.counts.len() as f64;
    let pairs: Vec<(&Group, &Group)> =
        groups.iter().enumerate().flat_map(|(i, from)| groups[i + 1..].iter().map(move |to| (from, to))).collect();
    let found: Vec<Option<(Mean, f64)>> = pairs.iter().map(|(from, to)| contrast(&shares(from), &shares(to))).collect();
    let p: Vec<f64> = found.iter().flatten().map(|(_, p)| *p).collect();
    let mut corrected = holm(&p).unwrap_or_default().into_iter();
    let corrected = found.iter().map(|one| one.and_then(|_| corrected.next()).unwrap_or(f64::NAN)).collect();
    let of = |value: &dyn Fn(&(Mean, f64)) -> f64| {
        found.iter().map(|one| one.as_ref().map_or(f64::NAN, value)).collect::<Vec<f64>>()
    };
    Table::new("contrasts", "Every strain against every other")
        .with_numbers("from_strain", "", pairs.iter().map(|(from, _)| from.strain).collect())
        .with_numbers("to_strain", "", pairs.iter().map(|(_, to)| to.strain).collect())
        .with_numbers("change", "", pairs.iter().map(|(from, to)| mean(to) - mean(from)).collect())
        .with_numbers("lo", "", of(&|(mean, _)| mean.interval.0))
        .with_numbers("hi", "", of(&|(mean, _)| mean.interval.1))
        .with_numbers("p", "", of(&|(_, p)| *p))
        .with_numbers("p_holm", "", corrected)
}

fn regions(regions: &[Region]) -> Table {
    let of = |value: &dyn Fn(&Region) -> f64| regions.iter().map(value).collect::<Vec<f64>>();
    let or_none = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Table::new("regions", "Every scan")
        .with_text("state", regions.iter().map(|region| region.state.clone()).collect())
        .with_text("scan", regions.iter().map(|region| region.item.clone()).collect())
        .with_numbers("strain", "", of(&|region| region.count.strain))
        .with_numbers("foil", "", of(&|region| or_none(region.foil)))
        .with_numbers("patterns", "", of(&|region| region.count.n))
        .with_numbers("flagged", "", of(&|region| region.count.x))
        .with_numbers("share", "", of(&|region| region.count.share()))
        .with_numbers("share_corrected", "", of(&|region| or_none(region.corrected)))
        .with_numbers("halo_counts", "", of(&|region| or_none(region.halo_counts)))
        .with_numbers("drift_steps", "", of(&|region| or_none(region.drift.map(|drift| drift.0))))
        .with_numbers("used", "", of(&|region| f64::from(u8::from(region.drift.is_none_or(|drift| drift.1)))))
}

fn notes(
    method: &FractionByStrain,
    input: &Input,
    units: &[Unit],
    groups: &[Group],
    several: bool,
    estimates: &[Estimate],
) -> Vec<Note> {
    let value = |key: &str| estimates.iter().find(|estimate| estimate.key == key).map(|estimate| estimate.value);
    let mut notes = Vec::new();
    if !several {
        notes.push(Note::refused(
            "no_trend",
            format!("{} scans or foils at {} strains: how much regions differ is not known, so there is no trend and no interval but that of independent patterns; measure at least two regions at each of two strains", units.len(), groups.len()),
        ));
    }
    if let (Some(detectable), Some(effective), Some(patterns)) =
        (value("minimum_detectable_difference"), value("effective_patterns"), value("n_patterns"))
    {
        notes.push(Note::info(
            "what_could_be_seen",
            format!("these {patterns:.0} patterns are worth {effective:.0} independent ones; a change between two strains below {detectable:.2} would have been missed in more than one of five such experiments. No trend means none above this"),
        ));
    }
    let foils_of = |group: &Group| {
        let mut foils: Vec<f64> = input
            .regions
            .iter()
            .filter(|region| region.count.strain == group.strain)
            .filter_map(|region| region.foil)
            .collect();
        foils.sort_by(f64::total_cmp);
        foils.dedup();
        foils.len()
    };
    if several && groups.iter().any(|group| foils_of(group) < 2) {
        notes.push(Note::warning(
            "strain_is_foil",
            "at least one strain was measured on one foil, or on foils that are not stated: what differs between strains may be a difference between foils",
        ));
    } else if several && method.unit == Replicate::Region {
        notes.push(Note::warning(
            "foils_pooled",
            "scans of one foil count as independent; unit = \"foil\" makes statements about the material",
        ));
    }
    let list = |regions: &mut dyn Iterator<Item = &Region>| {
        regions.map(|region| format!("{}, {}", region.state, region.item)).collect::<Vec<_>>().join("; ")
    };
    if !input.drifted.is_empty() {
        let steps = |region: &Region| region.drift.map_or(f64::NAN, |drift| drift.0);
        let of = |region: &Region| format!("{}, {} ({:.2} steps)", region.state, region.item, steps(region));
        notes.push(Note::warning(
            "drifted",
            format!(
                "left out because the field drifted: {}; the second table has them in",
                input.drifted.iter().map(of).collect::<Vec<_>>().join("; ")
            ),
        ));
    }
    let uncalibrated = list(&mut input.regions.iter().filter(|region| region.uncalibrated));
    if !uncalibrated.is_empty() {
        notes.push(Note::warning(
            "not_calibrated",
            format!("the error rate of the flags is not the stated one in: {uncalibrated}"),
        ));
    }
    if !input.left_out.is_empty() {
        let reason = |lack: &Lack| match lack {
            Lack::Strain => "no strain",
            Lack::Patterns => "no patterns",
        };
        let of: Vec<String> = input.left_out.iter().map(|(name, lack)| format!("{name} ({})", reason(lack))).collect();
        notes.push(Note::warning("scans_left_out", format!("not used: {}", of.join("; "))));
    }
    notes
}
