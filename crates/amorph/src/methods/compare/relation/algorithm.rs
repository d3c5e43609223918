use crate::core::stats::student_t_quantile;

/// A state: two numbers with their standard errors, NaN where these are not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The state.
    pub state: String,
    /// x, or its decadic logarithm.
    pub x: f64,
    /// y, or its decadic logarithm.
    pub y: f64,
    /// Standard error of x.
    pub x_error: f64,
    /// Standard error of y.
    pub y_error: f64,
}

/// A straight line by least squares, all points alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Slope.
    pub slope: f64,
    /// Its standard error from the scatter.
    pub error: f64,
    /// Half its 95 % interval.
    pub half: f64,
    /// Mean of x.
    pub mean_x: f64,
    /// Mean of y.
    pub mean_y: f64,
    /// Scatter of y around the line.
    pub scatter: f64,
    sum_x: f64,
    n: f64,
    quantile: f64,
}

impl Line {
    /// Through points; `None` with fewer than three, or where x is the same everywhere.
    pub fn through(points: &[Point]) -> Option<Self> {
        let n = points.len() as f64;
        let (mean_x, mean_y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x / n, y + point.y / n));
        let sum_x: f64 = points.iter().map(|point| (point.x - mean_x).powi(2)).sum();
        if points.len() < 3 || sum_x <= 0.0 {
            return None;
        }
        let slope = points.iter().map(|point| (point.x - mean_x) * (point.y - mean_y)).sum::<f64>() / sum_x;
        let left: f64 = points.iter().map(|point| (point.y - mean_y - slope * (point.x - mean_x)).powi(2)).sum();
        let scatter = (left / (n - 2.0)).sqrt();
        let error = scatter / sum_x.sqrt();
        let quantile = student_t_quantile(0.975, n - 2.0).ok()?;
        Some(Self { slope, error, half: quantile * error, mean_x, mean_y, scatter, sum_x, n, quantile })
    }

    /// The line at x, and half its 95 % band there.
    pub fn at(&self, x: f64) -> (f64, f64) {
        let away = x - self.mean_x;
        let half = self.quantile * self.scatter * (1.0 / self.n + away * away / self.sum_x).sqrt();
        (self.mean_y + self.slope * away, half)
    }
}

/// Share of the variance of x over the points that its errors make; NaN where an error is not known.
pub fn error_share(points: &[Point]) -> f64 {
    let n = points.len() as f64;
    let mean = points.iter().map(|point| point.x).sum::<f64>() / n;
    let variance = points.iter().map(|point| (point.x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    points.iter().map(|point| point.x_error.powi(2)).sum::<f64>() / n / variance
}
