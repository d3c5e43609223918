//! Power laws with and without an exponential cut-off: maximum likelihood, profile intervals, goodness of fit, rivals.

mod goodness;
mod law;
mod profile;
mod rivals;

pub use goodness::{
    Distances, Distribution, Fitter, bootstrap_distances, bootstrap_p, distances, ks_distance, weighted_ks_distance,
};
pub use law::{GAUSS, LawMoments, Maximum, Sums, TruncatedPowerLaw};
pub use profile::{Intervals, intervals, power_law_interval};
pub use rivals::{GaussianTail, Vuong, vuong};
