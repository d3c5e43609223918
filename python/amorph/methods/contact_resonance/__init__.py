# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Contact-resonance atomic force microscopy."""

from ._tip_position import TipPosition, tip_position
from ._modulus import ContactModulus, modulus
from ._zones import Zones, zones
from ._treatment import Treatment, treatment

__all__ = [
    "TipPosition",
    "tip_position",
    "ContactModulus",
    "modulus",
    "Zones",
    "zones",
    "Treatment",
    "treatment",
]
