# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Calorimetry."""

from ._glass_transition import GlassTransition, glass_transition
from ._recovery_enthalpy import RecoveryEnthalpy, recovery_enthalpy
from ._enthalpy_kinetics import EnthalpyKinetics, enthalpy_kinetics
from ._rate_kinetics import RateKinetics, rate_kinetics
from ._tnm_fit import TnmFit, tnm_fit
from ._cooperative_number import CooperativeNumber, cooperative_number
from ._interstitialcy import Interstitialcy, interstitialcy
from ._diffusion import Diffusion, diffusion
from ._specific_heat import SpecificHeat, specific_heat
from ._cycling import Cycling, cycling

__all__ = [
    "GlassTransition",
    "glass_transition",
    "RecoveryEnthalpy",
    "recovery_enthalpy",
    "EnthalpyKinetics",
    "enthalpy_kinetics",
    "RateKinetics",
    "rate_kinetics",
    "TnmFit",
    "tnm_fit",
    "CooperativeNumber",
    "cooperative_number",
    "Interstitialcy",
    "interstitialcy",
    "Diffusion",
    "diffusion",
    "SpecificHeat",
    "specific_heat",
    "Cycling",
    "cycling",
]
