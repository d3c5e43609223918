//! Power laws with and without an exponential cut-off: maximum likelihood, profile intervals, goodness of fit, rivals.

mod goodness;
mod law;
mod profile;
mod rivals;

pub use goodness::{Distribution, Fitter, bootstrap_p, ks_distance, weighted_ks_distance};
pub use law::{LawMoments, Maximum, Sums, TruncatedPowerLaw};
pub use profile::{Intervals, intervals, power_law_interval};
pub use rivals::{GaussianTail, Vuong, vuong};
