# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Calorimetry."""

from ._glass_transition import GlassTransition, glass_transition
from ._recovery_enthalpy import RecoveryEnthalpy, recovery_enthalpy

__all__ = [
    "GlassTransition",
    "glass_transition",
    "RecoveryEnthalpy",
    "recovery_enthalpy",
]
