//! Where a curve begins and where it breaks: contact and pop-in.

/// First row in contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Row.
    pub row: usize,
    /// Rows that cannot be told from it (95 %).
    pub interval: (usize, usize),
    /// Load before contact, N.
    pub load_offset: f64,
}

/// How the load may rise from contact on, as powers of the time: load control, displacement control, and faster.
const RISES: [f64; 3] = [1.0, 1.5, 2.0];

/// Where a constant load turns into one that rises: least squares over all rows up to half the peak, by the power of time that fits best.
///
/// The depth is not used: how it follows the load is what is to be found out, and a body that relaxes follows late.
pub fn contact(load: &[f64]) -> Option<Contact> {
    let peak = load.iter().fold(0.0, |peak: f64, load| peak.max(*load));
    let end = load.iter().position(|load| *load > 0.5 * peak)?;
    let last = load.iter().position(|load| *load > 0.2 * peak)?;
    let load = &load[..end];
    let n = end as f64;
    let sum_at = |row: usize, power: f64| {
        let (mut x, mut y, mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (i, p) in load.iter().enumerate() {
            let f = (i.saturating_sub(row) as f64).powf(power);
            (x, y, xx, xy, yy) = (x + f, y + p, xx + f * f, xy + f * p, yy + p * p);
        }
        let (sxx, sxy, syy) = (xx - x * x / n, xy - x * y / n, yy - y * y / n);
        let slope = if sxx > 0.0 { sxy / sxx } else { 0.0 };
        ((syy - slope * sxy).max(0.0), (y - slope * x) / n)
    };
    let of_power = |power: f64| -> Vec<(f64, f64)> { (0..last.max(1)).map(|row| sum_at(row, power)).collect() };
    let smallest = |sums: &Vec<(f64, f64)>| sums.iter().map(|sum| sum.0).fold(f64::INFINITY, f64::min);
    let sums = RISES.map(of_power).into_iter().min_by(|a, b| smallest(a).total_cmp(&smallest(b)))?;
    let (row, best) = sums.iter().enumerate().min_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
    let limit = best.0 * (1.0 + 3.84 / (n - 3.0).max(1.0));
    let within = |i: &usize| sums[*i].0 <= limit;
    let first = (0..sums.len()).find(within).unwrap_or(row);
    let final_row = (0..sums.len()).rfind(within).unwrap_or(row);
    Some(Contact { row, interval: (first, final_row), load_offset: best.1 })
}

/// Row before the largest sudden displacement, where there is one: a step that no noise and no neighbouring steps explain.
pub fn pop_in(depth: &[f64]) -> Option<usize> {
    const NEIGHBOURS: usize = 4;
    const STEP: f64 = 12.0;
    let steps: Vec<f64> = depth.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if steps.len() < 2 * NEIGHBOURS + 2 {
        return None;
    }
    let middle = |list: &mut Vec<f64>| {
        list.sort_unstable_by(f64::total_cmp);
        list[list.len() / 2]
    };
    let excess: Vec<f64> = (0..steps.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(NEIGHBOURS), (i + NEIGHBOURS + 1).min(steps.len()));
            steps[i] - middle(&mut (from..to).filter(|k| *k != i).map(|k| steps[k]).collect())
        })
        .collect();
    let spread = 1.4826 * middle(&mut excess.iter().map(|x| x.abs()).collect());
    let (row, largest) = excess.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    // The steps themselves are steep at the start of the rise.
    let steepest = steps.iter().enumerate().filter(|(i, _)| i.abs_diff(row) > 1).map(|(_, s)| *s).fold(0.0, f64::max);
    (*largest > STEP * spread && *largest > 1.5 * steepest).then_some(row)
}
