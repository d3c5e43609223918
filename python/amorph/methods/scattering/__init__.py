# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Scattering of X-rays, neutrons and electrons."""

from ._structure_factor import StructureFactor, structure_factor
from ._pair_distribution import PairDistribution, pair_distribution
from ._anisotropic_pdf import AnisotropicPdf, anisotropic_pdf
from ._affine_share_by_stress import AffineShareByStress, affine_share_by_stress
from ._peak_strain import PeakStrain, peak_strain
from ._box_counting import BoxCounting, box_counting
from ._percolation import Percolation, percolation
from ._density_correlation import DensityCorrelation, density_correlation
from ._volume_statistics import VolumeStatistics, volume_statistics
from ._structure_by_spread import StructureBySpread, structure_by_spread

__all__ = [
    "StructureFactor",
    "structure_factor",
    "PairDistribution",
    "pair_distribution",
    "AnisotropicPdf",
    "anisotropic_pdf",
    "AffineShareByStress",
    "affine_share_by_stress",
    "PeakStrain",
    "peak_strain",
    "BoxCounting",
    "box_counting",
    "Percolation",
    "percolation",
    "DensityCorrelation",
    "density_correlation",
    "VolumeStatistics",
    "volume_statistics",
    "StructureBySpread",
    "structure_by_spread",
]
