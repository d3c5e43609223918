# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""The methods, one module per family."""

from . import afm as afm
from . import calorimetry as calorimetry
from . import compare as compare
from . import contact_resonance as contact_resonance
from . import events as events
from . import haadf as haadf
from . import indentation as indentation
from . import onchip as onchip
from . import relaxation as relaxation
from . import scattering as scattering
from . import stem as stem

__all__ = ["afm", "calorimetry", "compare", "contact_resonance", "events", "haadf", "indentation", "onchip", "relaxation", "scattering", "stem"]
