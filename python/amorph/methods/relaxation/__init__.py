# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Mechanical spectroscopy."""

from ._spectrum_fit import SpectrumFit, spectrum_fit
from ._time_spectrum import TimeSpectrum, time_spectrum
from ._prony import Prony, prony
from ._master_curve import MasterCurve, master_curve
from ._master_by_state import MasterByState, master_by_state
from ._surface import Surface, surface
from ._stress_relaxation import StressRelaxation, stress_relaxation
from ._quasi_point_defect import QuasiPointDefect, quasi_point_defect
from ._well_ageing import WellAgeing, well_ageing
from ._loss_tangent import LossTangent, loss_tangent
from ._tangent_by_state import TangentByState, tangent_by_state
from ._tangent_ageing import TangentAgeing, tangent_ageing
from ._photon_correlation import PhotonCorrelation, photon_correlation
from ._constant_loss import ConstantLoss, constant_loss
from ._flow_unit_ageing import FlowUnitAgeing, flow_unit_ageing
from ._creep import Creep, creep
from ._creep_stress import CreepStress, creep_stress
from ._temperature_law import TemperatureLaw, temperature_law

__all__ = [
    "SpectrumFit",
    "spectrum_fit",
    "TimeSpectrum",
    "time_spectrum",
    "Prony",
    "prony",
    "MasterCurve",
    "master_curve",
    "MasterByState",
    "master_by_state",
    "Surface",
    "surface",
    "StressRelaxation",
    "stress_relaxation",
    "QuasiPointDefect",
    "quasi_point_defect",
    "WellAgeing",
    "well_ageing",
    "LossTangent",
    "loss_tangent",
    "TangentByState",
    "tangent_by_state",
    "TangentAgeing",
    "tangent_ageing",
    "PhotonCorrelation",
    "photon_correlation",
    "ConstantLoss",
    "constant_loss",
    "FlowUnitAgeing",
    "flow_unit_ageing",
    "Creep",
    "creep",
    "CreepStress",
    "creep_stress",
    "TemperatureLaw",
    "temperature_law",
]
