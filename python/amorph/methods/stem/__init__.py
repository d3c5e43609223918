# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Four-dimensional scanning transmission electron microscopy."""

from ._annular_sum import AnnularSum, annular_sum
from ._bragg_detection import BraggDetection, bragg_detection
from ._fluctuation import Fluctuation, fluctuation
from ._fraction_by_strain import FractionByStrain, fraction_by_strain

__all__ = [
    "AnnularSum",
    "annular_sum",
    "BraggDetection",
    "bragg_detection",
    "Fluctuation",
    "fluctuation",
    "FractionByStrain",
    "fraction_by_strain",
]
