# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Indentation."""

from ._anelastic_contact import AnelasticContact, anelastic_contact
from ._anelastic_map import AnelasticMap, anelastic_map
from ._oliver_pharr import OliverPharr, oliver_pharr
from ._dynamic_stiffness import DynamicStiffness, dynamic_stiffness
from ._cyclic import Cyclic, cyclic
from ._rate_jump import RateJump, rate_jump
from ._pop_in_statistics import PopInStatistics, pop_in_statistics
from ._thermal_pop_ins import ThermalPopIns, thermal_pop_ins
from ._transition_energy import TransitionEnergy, transition_energy
from ._modulus_classes import ModulusClasses, modulus_classes
from ._flat_punch import FlatPunch, flat_punch
from ._tilt import Tilt, tilt
from ._hold_viscosity import HoldViscosity, hold_viscosity

__all__ = [
    "AnelasticContact",
    "anelastic_contact",
    "AnelasticMap",
    "anelastic_map",
    "OliverPharr",
    "oliver_pharr",
    "DynamicStiffness",
    "dynamic_stiffness",
    "Cyclic",
    "cyclic",
    "RateJump",
    "rate_jump",
    "PopInStatistics",
    "pop_in_statistics",
    "ThermalPopIns",
    "thermal_pop_ins",
    "TransitionEnergy",
    "transition_energy",
    "ModulusClasses",
    "modulus_classes",
    "FlatPunch",
    "flat_punch",
    "Tilt",
    "tilt",
    "HoldViscosity",
    "hold_viscosity",
]
