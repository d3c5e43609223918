//! Seeds, normal deviates and Gaussian random fields.
//!
//! One item of work has one seed, derived by [`derive_seed`] from the seed of the study and the names of the item. Results
//! therefore depend neither on the order of the work nor on the number of threads.

mod field;
mod marginal;
mod seed;

pub use field::{FieldError, FieldModel, FieldSampler};
pub use marginal::{impose_marginal, phase_randomised};
pub use rand::SeedableRng;
pub use seed::{Rng, SeedPart, derive_seed, fill_standard_normal, rng, standard_normals};
