//! Products of intensities a lag apart, summed over pixels and kept apart by stretches of time.

/// Stretches in which a record is cut; blocks of time are made of them.
pub const STRETCHES: usize = 48;
/// Lags per factor of two, beyond the first few.
const PER_OCTAVE: f64 = 8.0;

/// The sums of one or more pixels, from which `g2` and what is left of it without a block of time follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    frames: usize,
    stretches: usize,
    /// Pairs of frames, `[lag, stretch of the earlier frame]`.
    pairs: Vec<f64>,
    /// Sum over pixels of `I(t) I(t + lag)`, `[lag, stretch]`.
    products: Vec<f64>,
    /// Sum over pixels of (sum of `I(t)`) (sum of `I(t + lag)`), `[lag, stretch of the first, stretch of the second]`.
    crossed: Vec<f64>,
    squares: f64,
    squared_sums: f64,
}

/// Lags, in frames, up to a quarter of the record: every one at first, then eight per factor of two.
pub fn lags(frames: usize) -> Vec<usize> {
    let mut lags = Vec::new();
    let mut lag = 1.0f64;
    while lag.round() as usize <= frames / 4 {
        lags.push(lag.round() as usize);
        lag = (lag + 1.0).max(lag * (1.0 / PER_OCTAVE).exp2());
    }
    lags
}

impl Sums {
    /// Nothing yet.
    pub fn empty(frames: usize, lags: &[usize]) -> Self {
        let mut pairs = Vec::with_capacity(lags.len() * STRETCHES);
        for lag in lags {
            let ends = ends(frames, *lag);
            pairs.extend(ends.windows(2).map(|pair| (pair[1] - pair[0]) as f64));
        }
        let n = lags.len() * STRETCHES;
        let (products, crossed) = (vec![0.0; n], vec![0.0; n * STRETCHES]);
        Self { frames, stretches: STRETCHES, pairs, products, crossed, squares: 0.0, squared_sums: 0.0 }
    }

    /// Adds a pixel: its intensities over time. Takes `frames` times the number of lags, which grows with the logarithm of `frames`.
    pub fn add_pixel(&mut self, series: &[f64], lags: &[usize]) {
        let mut before = Vec::with_capacity(series.len() + 1);
        let mut sum = 0.0;
        before.push(0.0);
        before.extend(series.iter().map(|value| {
            sum += value;
            sum
        }));
        self.squares += series.iter().map(|value| value * value).sum::<f64>();
        self.squared_sums += sum * sum;
        for (index, lag) in lags.iter().enumerate() {
            let ends = ends(series.len(), *lag);
            let within = |from: usize, shift: usize| before[ends[from + 1] + shift] - before[ends[from] + shift];
            let later: [f64; STRETCHES] = std::array::from_fn(|stretch| within(stretch, *lag));
            for stretch in 0..STRETCHES {
                let (start, end) = (ends[stretch], ends[stretch + 1]);
                let product: f64 = series[start..end].iter().zip(&series[start + lag..end + lag]).map(|(a, b)| a * b).sum();
                let at = index * STRETCHES + stretch;
                self.products[at] += product;
                let earlier = within(stretch, 0);
                for (to, later) in self.crossed[at * STRETCHES..(at + 1) * STRETCHES].iter_mut().zip(&later) {
                    *to += earlier * later;
                }
            }
        }
    }

    /// Adds the sums of other pixels of the same record.
    pub fn add(&mut self, other: &Self) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.products, &other.products);
        add(&mut self.crossed, &other.crossed);
        self.squares += other.squares;
        self.squared_sums += other.squared_sums;
    }

    /// The same in `blocks` longer stretches.
    pub fn in_blocks(&self, blocks: usize) -> Self {
        let n = self.stretches;
        let block = |stretch: usize| stretch * blocks / n;
        let n_lags = self.pairs.len() / n;
        let mut joined = Self {
            frames: self.frames,
            stretches: blocks,
            pairs: vec![0.0; n_lags * blocks],
            products: vec![0.0; n_lags * blocks],
            crossed: vec![0.0; n_lags * blocks * blocks],
            squares: self.squares,
            squared_sums: self.squared_sums,
        };
        for at in 0..n_lags * n {
            let to = at / n * blocks + block(at % n);
            joined.pairs[to] += self.pairs[at];
            joined.products[to] += self.products[at];
            for second in 0..n {
                joined.crossed[to * blocks + block(second)] += self.crossed[at * n + second];
            }
        }
        joined
    }

    /// Stretches of time that are kept apart.
    pub fn stretches(&self) -> usize {
        self.stretches
    }

    /// Frames of the record.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// `g2 - 1` at every lag, `sum <I(t) I(t + lag)> / sum <I>_left <I>_right - 1` over the pixels, without the stretch `left_out`.
    pub fn excess(&self, left_out: Option<usize>) -> Vec<f64> {
        self.excess_of(|stretch| left_out != Some(stretch))
    }

    /// The same over pairs whose earlier frame lies in one of the stretches.
    pub fn excess_of(&self, kept: impl Fn(usize) -> bool) -> Vec<f64> {
        let n = self.stretches;
        let sum = |values: &[f64]| values.iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, value)| value).sum::<f64>();
        (0..self.pairs.len() / n)
            .map(|lag| {
                let row = lag * n..(lag + 1) * n;
                let crossed: f64 =
                    row.clone().filter(|at| kept(at - lag * n)).map(|at| sum(&self.crossed[at * n..(at + 1) * n])).sum();
                sum(&self.products[row.clone()]) * sum(&self.pairs[row]) / crossed - 1.0
            })
            .collect()
    }

    /// `g2 - 1` at lag 0, counting noise included.
    pub fn at_zero(&self) -> f64 {
        self.squares * self.frames as f64 / self.squared_sums - 1.0
    }
}

/// Where the stretches begin and end among the frames that have one `lag` later.
fn ends(frames: usize, lag: usize) -> [usize; STRETCHES + 1] {
    std::array::from_fn(|stretch| (stretch * frames / STRETCHES).min(frames - lag))
}
