# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Pressed pillars with an electrical contact."""

from ._spikes import Spikes, spikes
from ._stress_strain import StressStrain, stress_strain
from ._pop_ins import PopIns, pop_ins
from ._coincidence import Coincidence, coincidence
from ._imbalance import Imbalance, imbalance
from ._rate_model import RateModel, rate_model
from ._activation_energy import ActivationEnergy, activation_energy
from ._transition_kinetics import TransitionKinetics, transition_kinetics
from ._waiting_times import WaitingTimes, waiting_times
from ._size_distribution import SizeDistribution, size_distribution
from ._common_exponent import CommonExponent, common_exponent
from ._avalanches import Avalanches, avalanches
from ._avalanche_shape import AvalancheShape, avalanche_shape

__all__ = [
    "Spikes",
    "spikes",
    "StressStrain",
    "stress_strain",
    "PopIns",
    "pop_ins",
    "Coincidence",
    "coincidence",
    "Imbalance",
    "imbalance",
    "RateModel",
    "rate_model",
    "ActivationEnergy",
    "activation_energy",
    "TransitionKinetics",
    "transition_kinetics",
    "WaitingTimes",
    "waiting_times",
    "SizeDistribution",
    "size_distribution",
    "CommonExponent",
    "common_exponent",
    "Avalanches",
    "avalanches",
    "AvalancheShape",
    "avalanche_shape",
]
