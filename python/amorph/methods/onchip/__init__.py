# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""On-chip tensile tests."""

from ._stress_strain import StressStrain, stress_strain
from ._relaxation import Relaxation, relaxation

__all__ = [
    "StressStrain",
    "stress_strain",
    "Relaxation",
    "relaxation",
]
