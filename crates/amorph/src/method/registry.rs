use std::marker::PhantomData;

use serde_json::Value;

use super::{Dataset, Method, MethodError, MethodInfo, TechniqueInfo};
use crate::core::ctx::Ctx;
use crate::core::outcome::{InputRecord, Outcome, Provenance};
use crate::methods;

/// A method without its types, as the runner, the command line and Python use it.
pub trait DynMethod: Send + Sync {
    /// Who it is.
    fn info(&self) -> &'static MethodInfo;
    /// All parameters with their defaults.
    fn defaults(&self) -> Value;
    /// JSON schema of the parameters.
    fn schema(&self) -> Value;
    /// The parameters with defaults filled in, in canonical order.
    ///
    /// # Errors
    /// [`MethodError::Parameters`] for unknown or malformed parameters.
    fn canonical(&self, parameters: &Value) -> Result<Value, MethodError>;
    /// Whether the dataset has what the method needs.
    ///
    /// # Errors
    /// As [`Method::check`].
    fn check(&self, parameters: &Value, dataset: &Dataset) -> Result<(), MethodError>;
    /// Checks, runs, and records how.
    ///
    /// # Errors
    /// As [`Method::check`] and [`Method::run`].
    fn run(&self, parameters: &Value, dataset: &Dataset, ctx: &Ctx) -> Result<Outcome, MethodError>;
}

struct Registered<M>(PhantomData<fn() -> M>);

impl<M: Method> Registered<M> {
    const NEW: Self = Self(PhantomData);

    fn parameters(parameters: &Value) -> Result<M, MethodError> {
        let object = if parameters.is_null() { Value::Object(serde_json::Map::new()) } else { parameters.clone() };
        serde_json::from_value(object)
            .map_err(|error| MethodError::Parameters { method: M::INFO.id, message: error.to_string() })
    }
}

impl<M: Method> DynMethod for Registered<M> {
    fn info(&self) -> &'static MethodInfo {
        &M::INFO
    }

    fn defaults(&self) -> Value {
        serde_json::to_value(M::default()).unwrap_or_default()
    }

    fn schema(&self) -> Value {
        schemars::schema_for!(M).to_value()
    }

    fn canonical(&self, parameters: &Value) -> Result<Value, MethodError> {
        Ok(serde_json::to_value(Self::parameters(parameters)?).unwrap_or_default())
    }

    fn check(&self, parameters: &Value, dataset: &Dataset) -> Result<(), MethodError> {
        Self::parameters(parameters)?.check(dataset).map(drop)
    }

    fn run(&self, parameters: &Value, dataset: &Dataset, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let method = Self::parameters(parameters)?;
        let input = method.check(dataset)?;
        let mut outcome = method.run(&input, ctx)?;
        outcome.provenance = provenance(&M::INFO, serde_json::to_value(&method).unwrap_or_default(), dataset, ctx);
        Ok(outcome)
    }
}

fn provenance(info: &MethodInfo, parameters: Value, dataset: &Dataset, ctx: &Ctx) -> Provenance {
    let input = |source: &crate::core::data::Source| InputRecord {
        path: source.path.clone(),
        sha256: source.sha256.clone(),
        format: source.format.clone(),
    };
    Provenance {
        amorph_version: crate::VERSION.to_owned(),
        method: info.id.to_owned(),
        method_version: info.version,
        parameters,
        inputs: dataset.sources.iter().map(input).collect(),
        constants: dataset.constants.records(info.constants),
        overrides: Vec::new(),
        upstream: dataset.upstream.iter().map(|upstream| upstream.job.clone()).collect(),
        seed: ctx.seed,
    }
}

/// All methods; a new one adds its line here.
pub fn registry() -> &'static [&'static dyn DynMethod] {
    &[
        &Registered::<methods::afm::topography::Topography>::NEW,
        &Registered::<methods::afm::dissipation::Dissipation>::NEW,
        &Registered::<methods::afm::topography_correlation::TopographyCorrelation>::NEW,
        &Registered::<methods::afm::distribution::Distribution>::NEW,
        &Registered::<methods::afm::distributions_by_state::DistributionsByState>::NEW,
        &Registered::<methods::afm::correlation_length::CorrelationLength>::NEW,
        &Registered::<methods::afm::spectrum::Spectrum>::NEW,
        &Registered::<methods::afm::anisotropy::Anisotropy>::NEW,
        &Registered::<methods::afm::anisotropy_by_state::AnisotropyByState>::NEW,
        &Registered::<methods::afm::regions::Regions>::NEW,
        &Registered::<methods::afm::proliferation::Proliferation>::NEW,
        &Registered::<methods::afm::corrugation::Corrugation>::NEW,
        &Registered::<methods::afm::cutoff_sweep::CutoffSweep>::NEW,
        &Registered::<methods::afm::orientation::Orientation>::NEW,
        &Registered::<methods::afm::orientation_by_site::OrientationBySite>::NEW,
        &Registered::<methods::afm::clusters::Clusters>::NEW,
        &Registered::<methods::afm::cluster_sizes::ClusterSizes>::NEW,
        &Registered::<methods::afm::activation_energy::ActivationEnergy>::NEW,
        &Registered::<methods::afm::resonance_curve::ResonanceCurve>::NEW,
        &Registered::<methods::afm::phase_reference_scan::PhaseReferenceScan>::NEW,
        &Registered::<methods::afm::frequency_modulation::FrequencyModulation>::NEW,
        &Registered::<methods::afm::amplitude_sweep::AmplitudeSweep>::NEW,
        &Registered::<methods::afm::mechanism::Mechanism>::NEW,
        &Registered::<methods::afm::regime::Regime>::NEW,
        &Registered::<methods::afm::amplitude_dependence::AmplitudeDependence>::NEW,
        &Registered::<methods::afm::two_state_energy::TwoStateEnergy>::NEW,
        &Registered::<methods::contact_resonance::tip_position::TipPosition>::NEW,
        &Registered::<methods::contact_resonance::modulus::ContactModulus>::NEW,
        &Registered::<methods::contact_resonance::zones::Zones>::NEW,
        &Registered::<methods::contact_resonance::treatment::Treatment>::NEW,
        &Registered::<methods::indentation::anelastic_contact::AnelasticContact>::NEW,
        &Registered::<methods::indentation::anelastic_map::AnelasticMap>::NEW,
        &Registered::<methods::indentation::oliver_pharr::OliverPharr>::NEW,
        &Registered::<methods::indentation::dynamic_stiffness::DynamicStiffness>::NEW,
        &Registered::<methods::indentation::cyclic::Cyclic>::NEW,
        &Registered::<methods::indentation::rate_jump::RateJump>::NEW,
        &Registered::<methods::indentation::pop_in_statistics::PopInStatistics>::NEW,
        &Registered::<methods::indentation::thermal_pop_ins::ThermalPopIns>::NEW,
        &Registered::<methods::indentation::transition_energy::TransitionEnergy>::NEW,
        &Registered::<methods::indentation::modulus_classes::ModulusClasses>::NEW,
        &Registered::<methods::indentation::flat_punch::FlatPunch>::NEW,
        &Registered::<methods::indentation::tilt::Tilt>::NEW,
        &Registered::<methods::indentation::hold_viscosity::HoldViscosity>::NEW,
        &Registered::<methods::onchip::stress_strain::StressStrain>::NEW,
        &Registered::<methods::onchip::relaxation::Relaxation>::NEW,
        &Registered::<methods::scattering::structure_factor::StructureFactor>::NEW,
        &Registered::<methods::scattering::pair_distribution::PairDistribution>::NEW,
        &Registered::<methods::scattering::anisotropic_pdf::AnisotropicPdf>::NEW,
        &Registered::<methods::scattering::affine_share_by_stress::AffineShareByStress>::NEW,
        &Registered::<methods::scattering::peak_strain::PeakStrain>::NEW,
        &Registered::<methods::scattering::box_counting::BoxCounting>::NEW,
        &Registered::<methods::scattering::percolation::Percolation>::NEW,
        &Registered::<methods::scattering::density_correlation::DensityCorrelation>::NEW,
        &Registered::<methods::scattering::volume_statistics::VolumeStatistics>::NEW,
        &Registered::<methods::scattering::structure_by_spread::StructureBySpread>::NEW,
        &Registered::<methods::relaxation::spectrum_fit::SpectrumFit>::NEW,
        &Registered::<methods::relaxation::time_spectrum::TimeSpectrum>::NEW,
        &Registered::<methods::relaxation::prony::Prony>::NEW,
        &Registered::<methods::relaxation::master_curve::MasterCurve>::NEW,
        &Registered::<methods::relaxation::master_by_state::MasterByState>::NEW,
        &Registered::<methods::relaxation::surface::Surface>::NEW,
        &Registered::<methods::relaxation::stress_relaxation::StressRelaxation>::NEW,
        &Registered::<methods::relaxation::quasi_point_defect::QuasiPointDefect>::NEW,
        &Registered::<methods::relaxation::well_ageing::WellAgeing>::NEW,
        &Registered::<methods::relaxation::loss_tangent::LossTangent>::NEW,
        &Registered::<methods::relaxation::tangent_by_state::TangentByState>::NEW,
        &Registered::<methods::relaxation::tangent_ageing::TangentAgeing>::NEW,
        &Registered::<methods::relaxation::photon_correlation::PhotonCorrelation>::NEW,
        &Registered::<methods::relaxation::constant_loss::ConstantLoss>::NEW,
        &Registered::<methods::relaxation::flow_unit_ageing::FlowUnitAgeing>::NEW,
        &Registered::<methods::relaxation::creep::Creep>::NEW,
        &Registered::<methods::relaxation::creep_stress::CreepStress>::NEW,
        &Registered::<methods::relaxation::temperature_law::TemperatureLaw>::NEW,
        &Registered::<methods::calorimetry::glass_transition::GlassTransition>::NEW,
        &Registered::<methods::calorimetry::recovery_enthalpy::RecoveryEnthalpy>::NEW,
        &Registered::<methods::calorimetry::enthalpy_kinetics::EnthalpyKinetics>::NEW,
        &Registered::<methods::calorimetry::rate_kinetics::RateKinetics>::NEW,
        &Registered::<methods::calorimetry::tnm_fit::TnmFit>::NEW,
        &Registered::<methods::calorimetry::cooperative_number::CooperativeNumber>::NEW,
        &Registered::<methods::calorimetry::interstitialcy::Interstitialcy>::NEW,
        &Registered::<methods::calorimetry::diffusion::Diffusion>::NEW,
        &Registered::<methods::calorimetry::specific_heat::SpecificHeat>::NEW,
        &Registered::<methods::calorimetry::cycling::Cycling>::NEW,
        &Registered::<methods::haadf::characteristic_length::CharacteristicLength>::NEW,
        &Registered::<methods::haadf::bright_fraction::BrightFraction>::NEW,
        &Registered::<methods::haadf::composition::Composition>::NEW,
        &Registered::<methods::haadf::composition_correlation::CompositionCorrelation>::NEW,
        &Registered::<methods::haadf::thickness::Thickness>::NEW,
        &Registered::<methods::haadf::shear_band::ShearBand>::NEW,
        &Registered::<methods::haadf::relaxation_map::RelaxationMap>::NEW,
        &Registered::<methods::haadf::relaxation_energy::RelaxationEnergy>::NEW,
        &Registered::<methods::stem::annular_sum::AnnularSum>::NEW,
        &Registered::<methods::stem::virtual_image::VirtualImage>::NEW,
        &Registered::<methods::stem::scan_image::ScanImage>::NEW,
        &Registered::<methods::stem::drift::Drift>::NEW,
        &Registered::<methods::stem::bragg_detection::BraggDetection>::NEW,
        &Registered::<methods::stem::fluctuation::Fluctuation>::NEW,
        &Registered::<methods::stem::angular_correlation::AngularCorrelation>::NEW,
        &Registered::<methods::stem::association::Association>::NEW,
        &Registered::<methods::stem::fraction_by_strain::FractionByStrain>::NEW,
        &Registered::<methods::compare::states::CompareStates>::NEW,
        &Registered::<methods::compare::truth::CompareTruth>::NEW,
        &Registered::<methods::compare::relation::Relation>::NEW,
        &Registered::<methods::compare::synthesis::CompareSynthesis>::NEW,
        &Registered::<methods::events::spikes::Spikes>::NEW,
        &Registered::<methods::events::stress_strain::StressStrain>::NEW,
        &Registered::<methods::events::pop_ins::PopIns>::NEW,
        &Registered::<methods::events::coincidence::Coincidence>::NEW,
        &Registered::<methods::events::imbalance::Imbalance>::NEW,
        &Registered::<methods::events::rate_model::RateModel>::NEW,
        &Registered::<methods::events::activation_energy::ActivationEnergy>::NEW,
        &Registered::<methods::events::transition_kinetics::TransitionKinetics>::NEW,
        &Registered::<methods::events::waiting_times::WaitingTimes>::NEW,
        &Registered::<methods::events::size_distribution::SizeDistribution>::NEW,
        &Registered::<methods::events::common_exponent::CommonExponent>::NEW,
        &Registered::<methods::events::avalanches::Avalanches>::NEW,
        &Registered::<methods::events::avalanche_shape::AvalancheShape>::NEW,
    ]
}

/// All techniques.
pub fn techniques() -> &'static [TechniqueInfo] {
    &[
        methods::afm::TECHNIQUE,
        methods::contact_resonance::TECHNIQUE,
        methods::indentation::TECHNIQUE,
        methods::onchip::TECHNIQUE,
        methods::scattering::TECHNIQUE,
        methods::scattering::TOMOGRAPHY,
        methods::relaxation::TECHNIQUE,
        methods::relaxation::TIMES,
        methods::relaxation::CORRELATION,
        methods::relaxation::STRESS_RELAXATION,
        methods::relaxation::CREEP,
        methods::relaxation::AGEING,
        methods::calorimetry::TECHNIQUE,
        methods::calorimetry::RATES,
        methods::calorimetry::ANNEALING,
        methods::calorimetry::MODULI,
        methods::calorimetry::TRANSPORT,
        methods::calorimetry::CYCLING,
        methods::stem::TECHNIQUE,
        methods::haadf::TECHNIQUE,
        methods::events::TECHNIQUE,
        methods::events::PILLAR,
    ]
}

/// The method with this identifier.
pub fn find(id: &str) -> Option<&'static dyn DynMethod> {
    registry().iter().copied().find(|method| method.info().id == id)
}

/// The technique with this name.
pub fn technique(id: &str) -> Option<&'static TechniqueInfo> {
    techniques().iter().find(|technique| technique.id == id)
}

/// The known word closest to `word`, if any is close enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.into_iter().map(|candidate| (edit_distance(word, candidate), candidate));
    // Two exchanged letters count as two edits.
    let allowed = |candidate: &str| if candidate.len() > 3 { (candidate.len() / 3).max(2) } else { 1 };
    scored.min_by_key(|(distance, _)| *distance).filter(|(d, c)| *d <= allowed(c)).map(|(_, candidate)| candidate)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitution = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
