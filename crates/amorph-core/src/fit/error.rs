//! What can go wrong in a fit, with the numbers.

/// Reasons why a fit, a minimisation or a root search has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// Every parameter is fixed, or there is none.
    #[error("no free parameter among {n_parameters}; free at least one")]
    NoFreeParameter {
        /// Number of parameters given.
        n_parameters: usize,
    },
    /// Fewer data than needed to determine the parameters.
    #[error("{found} data points for {free} free parameters; at least {needed} are needed")]
    TooFewData {
        /// Data points found.
        found: usize,
        /// Data points needed.
        needed: usize,
        /// Free parameters.
        free: usize,
    },
    /// Two inputs that must be equally long are not.
    #[error("{what} has {found} entries where {expected} are expected")]
    LengthMismatch {
        /// Name of the input.
        what: &'static str,
        /// Entries found.
        found: usize,
        /// Entries expected.
        expected: usize,
    },
    /// A start value lies outside its bounds, or the bounds are empty.
    #[error("parameter `{parameter}` starts at {start}, outside its bounds [{lower}, {upper}]")]
    StartOutsideBounds {
        /// Parameter name.
        parameter: String,
        /// Start value.
        start: f64,
        /// Lower bound, minus infinity where open.
        lower: f64,
        /// Upper bound, infinity where open.
        upper: f64,
    },
    /// A standard deviation or weight is not positive and finite.
    #[error("{what} {index} is {value}; it must be finite and {rule}")]
    BadWeight {
        /// What was given: a weight or a standard deviation.
        what: &'static str,
        /// Position in the input.
        index: usize,
        /// The value found.
        value: f64,
        /// What is allowed.
        rule: &'static str,
    },
    /// The model or the data give an infinity or NaN where the fit starts or ends.
    #[error("{what} {index} is {value} at parameters {params:?}; move the start values")]
    NotFinite {
        /// Name of the quantity.
        what: &'static str,
        /// Position.
        index: usize,
        /// The value found.
        value: f64,
        /// Parameters at which it happened.
        params: Vec<f64>,
    },
    /// The minimiser stopped before it converged.
    #[error(
        "no convergence after {evaluations} evaluations (objective {objective}); \
         try other start values, scales or bounds"
    )]
    NotConverged {
        /// Function evaluations spent.
        evaluations: usize,
        /// Objective reached.
        objective: f64,
    },
    /// Reweighting of a robust loss did not settle.
    #[error("robust weights still change by {change} after {iterations} rounds")]
    WeightsNotSettled {
        /// Rounds of reweighting.
        iterations: usize,
        /// Largest change of a weight in the last round.
        change: f64,
    },
    /// The data do not determine a parameter.
    #[error(
        "parameter `{parameter}` is not determined by the data \
         (condition number {condition:.3e}); fix it or simplify the model"
    )]
    Unidentifiable {
        /// The parameter that dominates the undetermined direction.
        parameter: String,
        /// Condition number of the column-scaled Jacobian.
        condition: f64,
    },
    /// A probability level outside (0, 1).
    #[error("level {level} is not between 0 and 1")]
    BadLevel {
        /// Level given.
        level: f64,
    },
    /// A parameter index out of range.
    #[error("parameter index {index} with {n_parameters} parameters")]
    NoSuchParameter {
        /// Index given.
        index: usize,
        /// Number of parameters.
        n_parameters: usize,
    },
    /// An interval of a fixed parameter was asked for.
    #[error("parameter `{parameter}` is fixed and has no interval")]
    FixedParameter {
        /// Parameter name.
        parameter: String,
    },
    /// A profile of a robust fit was asked for.
    #[error("profile intervals need the squared loss; bootstrap a robust fit instead")]
    ProfileOfRobustFit,
    /// The profile found a better minimum than the fit.
    #[error(
        "with `{parameter}` at {value} the residual sum falls to {found}, below the \
         fit's {fitted}; refit from there"
    )]
    BetterMinimum {
        /// Profiled parameter.
        parameter: String,
        /// Its value.
        value: f64,
        /// Residual sum found.
        found: f64,
        /// Residual sum of the fit.
        fitted: f64,
    },
    /// A root is not enclosed by the interval.
    #[error("f({lower}) = {at_lower} and f({upper}) = {at_upper} do not enclose a root")]
    NotBracketed {
        /// Lower end.
        lower: f64,
        /// Upper end.
        upper: f64,
        /// Function at the lower end.
        at_lower: f64,
        /// Function at the upper end.
        at_upper: f64,
    },
    /// A search interval that is empty or not finite.
    #[error("search interval [{lower}, {upper}] is empty or not finite")]
    BadInterval {
        /// Lower end.
        lower: f64,
        /// Upper end.
        upper: f64,
    },
}
