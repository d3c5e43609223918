# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Tapping-mode atomic force microscopy."""

from ._topography import Topography, topography
from ._dissipation import Dissipation, dissipation
from ._topography_correlation import TopographyCorrelation, topography_correlation
from ._distribution import Distribution, distribution
from ._distributions_by_state import DistributionsByState, distributions_by_state
from ._correlation_length import CorrelationLength, correlation_length
from ._spectrum import Spectrum, spectrum
from ._anisotropy import Anisotropy, anisotropy
from ._anisotropy_by_state import AnisotropyByState, anisotropy_by_state
from ._regions import Regions, regions
from ._proliferation import Proliferation, proliferation
from ._corrugation import Corrugation, corrugation
from ._cutoff_sweep import CutoffSweep, cutoff_sweep
from ._orientation import Orientation, orientation
from ._orientation_by_site import OrientationBySite, orientation_by_site
from ._clusters import Clusters, clusters
from ._cluster_sizes import ClusterSizes, cluster_sizes
from ._activation_energy import ActivationEnergy, activation_energy
from ._resonance_curve import ResonanceCurve, resonance_curve
from ._phase_reference_scan import PhaseReferenceScan, phase_reference_scan
from ._frequency_modulation import FrequencyModulation, frequency_modulation
from ._amplitude_sweep import AmplitudeSweep, amplitude_sweep
from ._mechanism import Mechanism, mechanism
from ._regime import Regime, regime
from ._amplitude_dependence import AmplitudeDependence, amplitude_dependence
from ._two_state_energy import TwoStateEnergy, two_state_energy

__all__ = [
    "Topography",
    "topography",
    "Dissipation",
    "dissipation",
    "TopographyCorrelation",
    "topography_correlation",
    "Distribution",
    "distribution",
    "DistributionsByState",
    "distributions_by_state",
    "CorrelationLength",
    "correlation_length",
    "Spectrum",
    "spectrum",
    "Anisotropy",
    "anisotropy",
    "AnisotropyByState",
    "anisotropy_by_state",
    "Regions",
    "regions",
    "Proliferation",
    "proliferation",
    "Corrugation",
    "corrugation",
    "CutoffSweep",
    "cutoff_sweep",
    "Orientation",
    "orientation",
    "OrientationBySite",
    "orientation_by_site",
    "Clusters",
    "clusters",
    "ClusterSizes",
    "cluster_sizes",
    "ActivationEnergy",
    "activation_energy",
    "ResonanceCurve",
    "resonance_curve",
    "PhaseReferenceScan",
    "phase_reference_scan",
    "FrequencyModulation",
    "frequency_modulation",
    "AmplitudeSweep",
    "amplitude_sweep",
    "Mechanism",
    "mechanism",
    "Regime",
    "regime",
    "AmplitudeDependence",
    "amplitude_dependence",
    "TwoStateEnergy",
    "two_state_energy",
]
