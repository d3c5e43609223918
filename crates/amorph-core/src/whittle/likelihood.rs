//! The likelihood, its score and information, and Fisher scoring.

use nalgebra::{Matrix4, Vector4};
use ndarray::{Array2, Zip};

use super::SpectralGrid;
use super::correlation::Correlation;

/// Parameters of a field: `variance exp(-(r/length)^(2 exponent))`, plus white noise of variance `nugget` per pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldParameters {
    /// Variance before the blur.
    pub variance: f64,
    /// Correlation length, in the unit of the pitch.
    pub length: f64,
    /// Exponent; sampling error may take it beyond 1, where no such field exists.
    pub exponent: f64,
    /// Variance of the white noise; sampling error may make it negative.
    pub nugget: f64,
}

/// The debiased Whittle likelihood on one grid.
#[derive(Debug, Clone)]
pub struct Whittle<'a> {
    /// The window.
    pub grid: &'a SpectralGrid,
    /// Standard deviation of the Gaussian blur, in the unit of the pitch; 0 for none.
    pub blur_sd: f64,
    /// Whether the exponent is fitted.
    pub free_exponent: bool,
    /// Whether the variance of the noise is fitted.
    pub free_nugget: bool,
    /// Added to the periodogram and to its expectation. The score keeps its expectation of zero, and frequencies whose power is
    /// below the floor, which a smooth field leaves to rounding and leakage, do not count.
    pub floor: f64,
}

/// The likelihood's ingredients at one set of parameters.
#[derive(Debug, Clone)]
pub struct State {
    /// Where.
    pub parameters: FieldParameters,
    /// Expected periodogram, floor included.
    expected: Array2<f64>,
    /// Its derivatives by ln variance, ln length, exponent and nugget, relative to it.
    slopes: [Array2<f64>; 4],
    /// Fisher information of the free parameters; 1 on the diagonal of the others.
    information: Matrix4<f64>,
}

/// A fit.
#[derive(Debug, Clone, PartialEq)]
pub struct WhittleFit {
    /// Parameters.
    pub parameters: FieldParameters,
    /// Inverse information for ln variance, ln length, exponent and nugget, zero where fixed: the covariance if frequencies were
    /// independent. Edges and tapers make the true one somewhat larger.
    pub covariance: [[f64; 4]; 4],
    /// Minus the logarithm of the likelihood, up to a constant.
    pub objective: f64,
    /// Steps taken.
    pub steps: usize,
    /// Whether the last step was small.
    pub converged: bool,
}

/// Range of the exponent; beyond 1 for the sake of sampling error.
const EXPONENTS: (f64, f64) = (0.05, 1.5);
/// Longest steps of ln variance, ln length and exponent.
const LONGEST_STEP: [f64; 3] = [1.0, 1.0, 0.3];
const MOST_STEPS: usize = 60;
const HALVINGS: usize = 30;
/// A step whose squared length, in standard errors, is below this ends the fit.
const TOLERANCE: f64 = 1e-6;

impl FieldParameters {
    fn vector(&self) -> Vector4<f64> {
        Vector4::new(self.variance.ln(), self.length.ln(), self.exponent, self.nugget)
    }

    fn of_vector(v: &Vector4<f64>) -> Self {
        Self { variance: v[0].exp(), length: v[1].exp(), exponent: v[2], nugget: v[3] }
    }
}

impl State {
    /// Expected periodogram, `[rows, columns / 2 + 1]`, floor included.
    pub fn expected(&self) -> &Array2<f64> {
        &self.expected
    }

    /// Inverse information, zero where fixed.
    fn covariance(&self, free: [bool; 4]) -> Option<Matrix4<f64>> {
        let mut covariance = self.information.cholesky()?.inverse();
        for (index, _) in free.iter().enumerate().filter(|(_, free)| !**free) {
            covariance[(index, index)] = 0.0;
        }
        Some(covariance)
    }
}

impl Whittle<'_> {
    fn free(&self) -> [bool; 4] {
        [true, true, self.free_exponent, self.free_nugget]
    }

    /// Expected periodogram, derivatives and information at `parameters`; `None` where the expectation is not positive or not finite.
    pub fn state(&self, parameters: &FieldParameters) -> Option<State> {
        let correlation = Correlation { length: parameters.length, exponent: parameters.exponent, blur_sd: self.blur_sd };
        let lags = correlation.lags(self.grid.shape(), self.grid.pitch(), self.grid.parallel());
        let field = self.grid.expected(&lags.value);
        let noise = self.grid.expected_noise();
        let expected =
            Zip::from(&field).and(&noise).map_collect(|f, n| parameters.variance * f + parameters.nugget * n + self.floor);
        let used = self.grid.weights();
        if !Zip::from(&expected).and(used).all(|e, w| *w == 0.0 || (*e > 0.0 && e.is_finite())) {
            return None;
        }
        let relative = |factor: f64, derivative: &Array2<f64>| {
            Zip::from(derivative).and(&expected).and(used).map_collect(|d, e, w| if *w > 0.0 { factor * d / e } else { 0.0 })
        };
        let nothing = || Array2::zeros((0, 0));
        let by_exponent =
            if self.free_exponent { relative(parameters.variance, &self.grid.expected(&lags.by_exponent)) } else { nothing() };
        let by_nugget = if self.free_nugget { relative(1.0, &noise) } else { nothing() };
        let by_length = relative(parameters.variance, &self.grid.expected(&lags.by_length));
        let slopes = [relative(parameters.variance, &field), by_length, by_exponent, by_nugget];
        let information = self.information(&slopes);
        Some(State { parameters: *parameters, expected, slopes, information })
    }

    fn information(&self, slopes: &[Array2<f64>; 4]) -> Matrix4<f64> {
        let free = self.free();
        let mut information = Matrix4::identity();
        for i in 0..4 {
            for j in 0..=i {
                if free[i] && free[j] {
                    let products = slopes[i].iter().zip(&slopes[j]).zip(self.grid.weights());
                    information[(i, j)] = products.map(|((a, b), w)| w * a * b).sum();
                    information[(j, i)] = information[(i, j)];
                }
            }
        }
        information
    }

    /// Minus the log-likelihood of a periodogram.
    fn objective(&self, state: &State, periodogram: &Array2<f64>) -> f64 {
        let mut sum = 0.0;
        Zip::from(&state.expected).and(periodogram).and(self.grid.weights()).for_each(|e, i, w| {
            if *w > 0.0 {
                sum += w * (e.ln() + (i + self.floor) / e);
            }
        });
        sum
    }

    /// Gradient of the log-likelihood; zero where a parameter is fixed.
    fn score(&self, state: &State, periodogram: &Array2<f64>) -> Vector4<f64> {
        let mut excess = Array2::zeros(periodogram.dim());
        Zip::from(&mut excess).and(&state.expected).and(periodogram).and(self.grid.weights()).for_each(|x, e, i, w| {
            *x = if *w > 0.0 { w * ((i + self.floor) / e - 1.0) } else { 0.0 };
        });
        let component = |slope: &Array2<f64>| slope.iter().zip(&excess).map(|(a, b)| a * b).sum::<f64>();
        Vector4::from_iterator(state.slopes.iter().map(component))
    }

    /// The step of Fisher scoring: information^-1 score, not longer than allowed, parameters at a bound left out when it points
    /// outwards.
    fn step(&self, state: &State, score: &Vector4<f64>) -> Option<Vector4<f64>> {
        let exponent = state.parameters.exponent;
        let at_bound = (exponent <= EXPONENTS.0 && score[2] < 0.0) || (exponent >= EXPONENTS.1 && score[2] > 0.0);
        let (mut information, mut score) = (state.information, *score);
        if at_bound {
            for other in 0..4 {
                information[(2, other)] = 0.0;
                information[(other, 2)] = 0.0;
            }
            information[(2, 2)] = 1.0;
            score[2] = 0.0;
        }
        let step = information.cholesky()?.solve(&score);
        let excess = step.iter().zip(LONGEST_STEP).map(|(step, longest)| step.abs() / longest).fold(1.0, f64::max);
        (step.iter().all(|value| value.is_finite())).then(|| step / excess)
    }

    fn moved(&self, from: &FieldParameters, step: &Vector4<f64>) -> FieldParameters {
        let mut to = FieldParameters::of_vector(&(from.vector() + step));
        to.exponent = if self.free_exponent { to.exponent.clamp(EXPONENTS.0, EXPONENTS.1) } else { from.exponent };
        to
    }

    /// Fits a periodogram (of [`SpectralGrid::periodogram`], or an expected one) by Fisher scoring from `start`, steps halved until
    /// the likelihood rises. `None` where `start` or the information is of no use.
    pub fn fit(&self, periodogram: &Array2<f64>, start: &FieldParameters) -> Option<WhittleFit> {
        let mut state = self.state(start)?;
        let mut objective = self.objective(&state, periodogram);
        let (mut steps, mut converged) = (0, false);
        while steps < MOST_STEPS && !converged {
            let score = self.score(&state, periodogram);
            let mut step = self.step(&state, &score)?;
            converged = score.dot(&step).abs() < TOLERANCE;
            let better = (0..HALVINGS).find_map(|_| {
                let next = self.state(&self.moved(&state.parameters, &step)).map(|next| {
                    let objective = self.objective(&next, periodogram);
                    (next, objective)
                });
                step *= 0.5;
                next.filter(|(_, next)| *next <= objective + 1e-12 * objective.abs())
            });
            let Some(better) = better else { break };
            (state, objective) = better;
            steps += 1;
        }
        self.finished(&state, state.parameters, objective, steps, converged)
    }

    /// Two steps of Fisher scoring from `origin`, without looking at the likelihood: the fit of a periodogram whose parameters are
    /// near, at the price of one evaluation. The covariance is that after the first step.
    pub fn refine(&self, origin: &State, periodogram: &Array2<f64>) -> Option<WhittleFit> {
        let mut step = self.step(origin, &self.score(origin, periodogram))?;
        let state = (0..HALVINGS).find_map(|_| {
            let state = self.state(&self.moved(&origin.parameters, &step));
            step *= 0.5;
            state
        })?;
        let second = self.step(&state, &self.score(&state, periodogram))?;
        let parameters = self.moved(&state.parameters, &second);
        self.finished(&state, parameters, f64::NAN, 2, true)
    }

    fn finished(
        &self,
        state: &State,
        parameters: FieldParameters,
        objective: f64,
        steps: usize,
        converged: bool,
    ) -> Option<WhittleFit> {
        let matrix = state.covariance(self.free())?;
        let mut covariance = [[0.0; 4]; 4];
        for (i, row) in covariance.iter_mut().enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                *value = matrix[(i, j)];
            }
        }
        Some(WhittleFit { parameters, covariance, objective, steps, converged })
    }
}

impl WhittleFit {
    /// Standard error of ln length if frequencies were independent.
    pub fn ln_length_std(&self) -> f64 {
        self.covariance[1][1].sqrt()
    }
}

#[cfg(test)]
impl Whittle<'_> {
    pub(super) fn score_for_tests(&self, state: &State, periodogram: &Array2<f64>) -> Vector4<f64> {
        self.score(state, periodogram)
    }

    pub(super) fn objective_for_tests(&self, state: &State, periodogram: &Array2<f64>) -> f64 {
        self.objective(state, periodogram)
    }
}

#[cfg(test)]
impl State {
    pub(super) fn information_for_tests(&self, row: usize, column: usize) -> f64 {
        self.information[(row, column)]
    }
}
