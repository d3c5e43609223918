use std::sync::OnceLock;

use crate::records::rows_below_header;

/// A number that a paper prints, or that follows from what it prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Stable name, for instance `L16.table1.d2.eps0.3`.
    pub id: String,
    /// Paper: `L16`, `Y12`, `I19`, `Q19`, or two of them.
    pub paper: String,
    /// Rows of the inventory, discrepancies and cross-links that it belongs to.
    pub rows: Vec<String>,
    /// What it is.
    pub what: String,
    /// As printed.
    pub published: String,
    /// Unit of the printed and of the recomputed value.
    pub unit: String,
    /// How the value follows.
    pub formula: String,
    /// Smallest value that agrees, from the rounding of the printed digits or from the printed range.
    pub lo: f64,
    /// Largest value that agrees.
    pub hi: f64,
    /// Why it does not agree, for the claims that do not.
    pub why_not: String,
}

impl Claim {
    /// Whether a value agrees. The ends of the window count, also where the last digit of the arithmetic misses them.
    pub fn accepts(&self, computed: f64) -> bool {
        const ROUNDING: f64 = 1e-12;
        computed >= self.lo - ROUNDING * self.lo.abs() && computed <= self.hi + ROUNDING * self.hi.abs()
    }

    /// Whether it belongs to a paper.
    pub fn is_of(&self, paper: &str) -> bool {
        self.paper.split('+').any(|part| part.eq_ignore_ascii_case(paper))
    }
}

/// All claims.
pub fn claims() -> &'static [Claim] {
    static CLAIMS: OnceLock<Vec<Claim>> = OnceLock::new();
    CLAIMS.get_or_init(|| rows_below_header(include_str!("claims.csv")).into_iter().filter_map(claim).collect())
}

/// `None` for a line that is no claim; a test counts them.
fn claim(row: Vec<String>) -> Option<Claim> {
    let [id, paper, rows, what, published, unit, formula, lo, hi, why_not] = <[String; 10]>::try_from(row).ok()?;
    let rows = rows.split_whitespace().map(str::to_owned).collect();
    let (lo, hi) = (lo.parse().ok()?, hi.parse().ok()?);
    Some(Claim { id, paper, rows, what, published, unit, formula, lo, hi, why_not })
}
