//! What is said about order and brightness.

use ndarray::Array2;

use super::algorithm::{
    Chance, Classed, Level, OddsRatio, Region, Table2x2, chance, detectable_odds_ratio, diluted, exact_interval,
    mean_of_regions, naive_test, odds_ratio,
};
use super::logistic::{Logistic, effective_positions, logistic};
use super::{Association, Input, Lack, Scan, figures};
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};

/// Fewest ways of laying maps over each other from which a probability of 5 % can be told.
const FEWEST_MOVES: usize = 100;

/// Independent positions per region below which the interval was too narrow: with about 14 it covered in 91.7 %.
const FEWEST_PER_REGION: f64 = 20.0;

/// Independent positions per region below which the interval of the slope was too narrow: with 11 it covered in 91.2 %.
const FEWEST_FOR_SLOPE: f64 = 14.0;

/// What was found at one level.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub tables: Vec<Table2x2>,
    pub classed: Vec<Classed>,
    pub ratio: OddsRatio,
    pub chance: Chance,
}

impl Found {
    pub(super) fn of(scans: &[Scan], level: Level, surrogates: usize, seed: u64) -> Option<Self> {
        let classed: Vec<Classed> = scans.iter().map(|scan| Classed::new(&scan.region, level.of(&scan.region))).collect();
        let tables: Vec<Table2x2> = classed.iter().map(Classed::table).collect();
        let ratio = odds_ratio(&tables)?;
        let chance = chance(&classed, surrogates, seed);
        Some(Self { tables, classed, ratio, chance })
    }

    /// Never less than if positions were independent.
    pub(super) fn design_effect(&self) -> f64 {
        self.chance.design_effect.max(1.0)
    }

    pub(super) fn interval(&self) -> (f64, f64) {
        self.ratio.interval(self.design_effect())
    }

    /// Why the interval would say too much.
    fn why_no_interval(&self) -> Option<&'static str> {
        let moves: usize = self.classed.iter().map(Classed::n_moves).fold(1, usize::saturating_mul);
        let independent = self.tables.iter().map(Table2x2::n).sum::<f64>() / self.design_effect();
        if self.ratio.corrected {
            return Some("a cell is empty: half a count was added to every cell; the table of intervals has the exact one");
        }
        if moves < FEWEST_MOVES {
            return Some("the scans are so small that chance cannot be told from the maps");
        }
        (independent < FEWEST_PER_REGION * self.tables.len() as f64)
            .then_some("the grains are so large that few independent positions are left: the interval would be too narrow")
    }
}

/// `None` where there is nothing to compare.
pub(super) fn outcome(method: &Association, input: &Input, seed: u64) -> Option<Outcome> {
    let found = Found::of(&input.scans, method.level(), method.surrogates, seed)?;
    let sweep: Vec<(f64, Found)> = (0..9)
        .map(|i| 0.3 + 0.05 * f64::from(i))
        .filter_map(|quantile| Some((quantile, Found::of(&input.scans, Level::Quantile(quantile), 999, seed)?)))
        .collect();
    let maps: Vec<Map> = input.scans.iter().zip(&found.classed).enumerate().map(|(i, (scan, c))| map(i, scan, c)).collect();
    let mut tables = vec![regions(input, &found), intervals(&found), swept(&sweep)];
    let ordered = share(&found.tables, |table| table.a + table.c);
    if let Some(domains) = method.domains_through_foil {
        tables.push(dilution(domains, ordered));
    }
    if !input.drifted.is_empty() {
        let all: Vec<Scan> = input.scans.iter().chain(&input.drifted).cloned().collect();
        let with = Found::of(&all, method.level(), method.surrogates, seed);
        tables
            .extend(with.map(|with| intervals(&with)).map(|table| Table { key: "intervals_with_drifted".to_owned(), ..table }));
    }
    let mut drawn = vec![figures::bars(input, &found), figures::null(&found), figures::sweep(&sweep)];
    drawn.push(figures::maps(&maps, input));
    let estimates: Vec<Estimate> = estimates(&found).into_iter().chain(without_threshold(input, &found)).collect();
    let with_slope = estimates.iter().any(|estimate| estimate.key == "brightness_slope");
    Some(Outcome {
        estimates,
        notes: notes(method, input, &found, with_slope),
        figures: drawn,
        tables,
        maps,
        ..Outcome::default()
    })
}

/// The slope over the brightness, and how many positions are as good as independent.
fn without_threshold(input: &Input, found: &Found) -> Vec<Estimate> {
    let regions: Vec<Region> = input.scans.iter().map(|scan| scan.region.clone()).collect();
    let slope = |slope: Logistic| {
        let (key, symbol) = ("brightness_slope", "β");
        let many = slope.independent >= FEWEST_FOR_SLOPE * regions.len() as f64;
        let estimate = match slope.interval().filter(|_| many) {
            Some(interval) => Estimate::with_interval(key, symbol, slope.slope, "", interval, Basis::Likelihood),
            None => Estimate::without_interval(
                key,
                symbol,
                slope.slope,
                "",
                "few independent positions are left: the interval would be too narrow",
            ),
        };
        estimate.std_error(slope.std_error()).n(slope.independent)
    };
    let effective: f64 = regions.iter().filter_map(effective_positions).sum();
    let n = found.tables.iter().map(Table2x2::n).sum::<f64>();
    let counted = Estimate::without_interval(
        "n_effective",
        "n_eff",
        effective,
        "",
        "a property of these maps, given to judge the result",
    );
    logistic(&regions).map(slope).into_iter().chain([counted.n(n)]).collect()
}

fn share(tables: &[Table2x2], of: impl Fn(&Table2x2) -> f64) -> f64 {
    tables.iter().map(of).sum::<f64>() / tables.iter().map(Table2x2::n).sum::<f64>()
}

fn map(index: usize, scan: &Scan, classed: &Classed) -> Map {
    let [rows, columns] = scan.region.shape;
    let codes = classed.codes();
    let values = Array2::from_shape_fn((rows, columns), |(y, x)| codes[y * columns + x]);
    Map::new(&format!("order_and_brightness_{}", index + 1), values, Unit::one(), scan.extent.clone())
}

fn estimates(found: &Found) -> Vec<Estimate> {
    let (tables, chance) = (&found.tables, &found.chance);
    let n = tables.iter().map(Table2x2::n).sum::<f64>();
    let effect = found.design_effect();
    let (key, symbol, ratio) = ("odds_ratio_mh", "OR", found.ratio.ln.exp());
    let common = match found.why_no_interval() {
        Some(why) => Estimate::without_interval(key, symbol, ratio, "", why),
        None => Estimate::with_interval(key, symbol, ratio, "", found.interval(), Basis::Bootstrap),
    };
    let mut estimates = vec![common.n(n / effect)];
    if let Some((mean, interval)) = mean_of_regions(tables) {
        let estimate = if tables.len() >= 5 {
            Estimate::with_interval("odds_ratio_regions", "", mean, "", interval, Basis::Replicate)
        } else {
            let few = "fewer than five regions: their scatter is not known";
            Estimate::without_interval("odds_ratio_regions", "", mean, "", few)
        };
        estimates.push(estimate.n(tables.len() as f64));
    }
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let (p, fact) = ("a probability", "a property of these maps, given to judge the result");
    let naive = "holds for independent positions, which these are not; compare with p_spatial";
    let (statistic, p_naive) = naive_test(tables).unwrap_or((f64::NAN, f64::NAN));
    estimates.extend([
        plain("p_spatial", "p", chance.p, p).n(chance.surrogates.len() as f64),
        plain("auc", "", chance.auc, "its probability by chance is auc_p_spatial"),
        plain("auc_p_spatial", "p", chance.p_ranks, p).n(chance.surrogates.len() as f64),
        plain("design_effect", "", chance.design_effect, fact),
        plain("minimum_detectable_odds_ratio", "", detectable_odds_ratio(chance.naive_variance, effect), fact),
        plain("cmh_naive", "X²", statistic, naive),
        plain("p_naive", "p", p_naive, naive),
        plain("fisher_p_naive", "p", exact_interval(tables).1, naive),
        plain("share_ordered", "", share(tables, |table| table.a + table.c), "counted, without error"),
        plain("share_bright", "", share(tables, |table| table.a + table.b), "follows from the threshold"),
        plain("n_regions", "R", tables.len() as f64, "counted, without error"),
        plain("n_patterns", "N", n, "counted, without error"),
    ]);
    estimates
}

fn regions(input: &Input, found: &Found) -> Table {
    let of = |value: &dyn Fn(&Table2x2) -> f64| found.tables.iter().map(value).collect::<Vec<f64>>();
    let drift = input.scans.iter().map(|scan| scan.drift_steps.map_or(f64::NAN, |(steps, _)| steps)).collect();
    Table::new("regions", "Positions of every region")
        .with_text("scan", input.scans.iter().map(|scan| scan.item.clone()).collect())
        .with_numbers("bright_ordered", "", of(&|table| table.a))
        .with_numbers("bright_none", "", of(&|table| table.b))
        .with_numbers("dark_ordered", "", of(&|table| table.c))
        .with_numbers("dark_none", "", of(&|table| table.d))
        .with_numbers("odds_ratio", "", of(&|table| table.ln_odds_ratio().0.exp()))
        .with_numbers("drift_steps", "", drift)
}

fn intervals(found: &Found) -> Table {
    let (exact, _) = exact_interval(&found.tables);
    let naive = found.ratio.interval(1.0);
    let by_region = mean_of_regions(&found.tables);
    let mut rows = vec![
        ("grains of the maps", found.ratio.ln.exp(), found.interval()),
        ("independent positions", found.ratio.ln.exp(), naive),
        ("independent positions, exact", found.ratio.ln.exp(), exact),
    ];
    rows.extend(by_region.map(|(mean, interval)| ("scatter between regions", mean, interval)));
    Table::new("intervals", "Intervals of the odds ratio, by what is taken as independent")
        .with_text("basis", rows.iter().map(|row| row.0.to_owned()).collect())
        .with_numbers("odds_ratio", "", rows.iter().map(|row| row.1).collect())
        .with_numbers("lo", "", rows.iter().map(|row| row.2.0).collect())
        .with_numbers("hi", "", rows.iter().map(|row| row.2.1).collect())
}

fn swept(sweep: &[(f64, Found)]) -> Table {
    let of = |value: &dyn Fn(&Found) -> f64| sweep.iter().map(|(_, found)| value(found)).collect::<Vec<f64>>();
    Table::new("thresholds", "Odds ratio over the level above which a position is bright")
        .with_numbers("quantile", "", sweep.iter().map(|(quantile, _)| *quantile).collect())
        .with_numbers("odds_ratio", "", of(&|found| found.ratio.ln.exp()))
        .with_numbers("lo", "", of(&|found| found.interval().0))
        .with_numbers("hi", "", of(&|found| found.interval().1))
        .with_numbers("p_spatial", "", of(&|found| found.chance.p))
}

/// What a projection through several domains leaves of an association.
fn dilution(domains: f64, ordered: f64) -> Table {
    let inside = [1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0];
    Table::new("dilution", "Odds ratio between domains, and what a projection through the foil shows of it")
        .with_numbers("odds_ratio_of_domains", "", inside.to_vec())
        .with_numbers("odds_ratio_in_projection", "", inside.map(|ratio| diluted(ratio, domains, ordered)).to_vec())
}

fn notes(method: &Association, input: &Input, found: &Found, with_slope: bool) -> Vec<Note> {
    let digits = |value: f64| format_significant(value, 3);
    let (lo, hi) = found.interval();
    let detectable = digits(detectable_odds_ratio(found.chance.naive_variance, found.design_effect()));
    let excluded = match found.why_no_interval() {
        Some(_) => "no odds ratio is excluded".to_owned(),
        None => format!("odds ratios below {} and above {} are excluded at 95 %", digits(lo), digits(hi)),
    };
    let excluded = format!(
        "{excluded}; a ratio of {detectable} would be found in four of five such experiments. No association found is not the same as none"
    );
    let mut notes = vec![Note::info("what_is_excluded", excluded)];
    if !with_slope {
        let message = "the brightness separates ordered from other positions, or none differ: a slope has no finite value";
        notes.push(Note::info("no_slope", message));
    }
    if let Some(domains) = method.domains_through_foil {
        let ordered = share(&found.tables, |table| table.a + table.c);
        notes.push(Note::info(
            "dilution",
            format!(
                "with {} domains above each other an odds ratio of 10 between domains shows as {} in projection",
                digits(domains),
                digits(diluted(10.0, domains, ordered))
            ),
        ));
    }
    let mut warn = |code: &str, message: String| notes.push(Note::warning(code, message));
    let names = |scans: Vec<&Scan>| scans.iter().map(|scan| scan.item.as_str()).collect::<Vec<_>>().join(", ");
    if !input.drifted.is_empty() {
        let list = names(input.drifted.iter().collect());
        warn("drifted", format!("left out because of drift, and put back in 'intervals_with_drifted': {list}"));
    }
    let uncalibrated: Vec<&Scan> = input.scans.iter().filter(|scan| scan.uncalibrated).collect();
    if !uncalibrated.is_empty() {
        warn("uncalibrated", format!("the error rate of the order is not the stated one in: {}", names(uncalibrated)));
    }
    if !input.left_out.is_empty() {
        let lacks = |(item, lack): &(String, Lack)| match lack {
            Lack::Patterns => format!("{item} (no judged patterns)"),
            Lack::Image => format!("{item} (no map '{}' on its grid)", method.image),
        };
        warn("left_out", format!("left out: {}", input.left_out.iter().map(lacks).collect::<Vec<_>>().join(", ")));
    }
    if input.scans.len() == 1 {
        warn("one_region", "one region: whether others are like it is unknown".to_owned());
    }
    notes
}
