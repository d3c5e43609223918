//! Virtual instruments of relaxation: a mechanical spectrometer, and tables of relaxation times over temperature.

mod ageing_tangent;
mod ageing_wells;
mod creep;
mod dma;
mod flow_units;
mod over_time;
mod photon_correlation;
mod process;
mod quasi_point_defects;
mod stress_relaxation;
mod temperature_law;
#[cfg(test)]
mod tests;

pub use ageing_tangent::AgeingTangent;
pub use ageing_wells::AgeingWells;
pub use creep::{Creep, Retardation, StressActivatedFlow};
pub use dma::{ConstantLoss, Crystallisation, Dma, DmaNoise, DmaTest};
pub use flow_units::FlowUnits;
pub use over_time::{IsothermsOverTime, ResponseOverTime};
pub use photon_correlation::PhotonCorrelation;
pub use process::{Process, Shape, TimeLaw};
pub use quasi_point_defects::QuasiPointDefects;
pub use stress_relaxation::{StressLaw, StressRelaxation};
pub use temperature_law::TimesOverTemperature;
