# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Annular dark-field images and energy-loss maps."""

from ._characteristic_length import CharacteristicLength, characteristic_length
from ._bright_fraction import BrightFraction, bright_fraction
from ._composition import Composition, composition
from ._composition_correlation import CompositionCorrelation, composition_correlation
from ._thickness import Thickness, thickness
from ._shear_band import ShearBand, shear_band
from ._relaxation_map import RelaxationMap, relaxation_map
from ._relaxation_energy import RelaxationEnergy, relaxation_energy

__all__ = [
    "CharacteristicLength",
    "characteristic_length",
    "BrightFraction",
    "bright_fraction",
    "Composition",
    "composition",
    "CompositionCorrelation",
    "composition_correlation",
    "Thickness",
    "thickness",
    "ShearBand",
    "shear_band",
    "RelaxationMap",
    "relaxation_map",
    "RelaxationEnergy",
    "relaxation_energy",
]
