# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Annular dark-field images and energy-loss maps."""

from ._characteristic_length import CharacteristicLength, characteristic_length
from ._composition_correlation import CompositionCorrelation, composition_correlation
from ._thickness import Thickness, thickness
from ._shear_band import ShearBand, shear_band
from ._relaxation_map import RelaxationMap, relaxation_map

__all__ = [
    "CharacteristicLength",
    "characteristic_length",
    "CompositionCorrelation",
    "composition_correlation",
    "Thickness",
    "thickness",
    "ShearBand",
    "shear_band",
    "RelaxationMap",
    "relaxation_map",
]
