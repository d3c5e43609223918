//! Size scaling of a plastic event: the closed forms of [`theory`](crate::theory), without checks, on thermal energies. J.

pub use crate::theory::constants::BOLTZMANN;
pub use crate::theory::energy_and_length::SizeScaling;
pub use crate::theory::transition_kinetics::{
    barrier_at_frequency, barrier_of_frequency as barrier_from_frequency, implied_attempt_frequency as attempt_frequency,
};
