# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Four-dimensional scanning transmission electron microscopy."""

from ._annular_sum import AnnularSum, annular_sum
from ._virtual_image import VirtualImage, virtual_image
from ._scan_image import ScanImage, scan_image
from ._drift import Drift, drift
from ._bragg_detection import BraggDetection, bragg_detection
from ._fluctuation import Fluctuation, fluctuation
from ._angular_correlation import AngularCorrelation, angular_correlation
from ._association import Association, association
from ._fraction_by_strain import FractionByStrain, fraction_by_strain

__all__ = [
    "AnnularSum",
    "annular_sum",
    "VirtualImage",
    "virtual_image",
    "ScanImage",
    "scan_image",
    "Drift",
    "drift",
    "BraggDetection",
    "bragg_detection",
    "Fluctuation",
    "fluctuation",
    "AngularCorrelation",
    "angular_correlation",
    "Association",
    "association",
    "FractionByStrain",
    "fraction_by_strain",
]
