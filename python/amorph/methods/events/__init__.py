# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Pressed pillars with an electrical contact."""

from ._spikes import Spikes, spikes
from ._pop_ins import PopIns, pop_ins
from ._waiting_times import WaitingTimes, waiting_times
from ._size_distribution import SizeDistribution, size_distribution

__all__ = [
    "Spikes",
    "spikes",
    "PopIns",
    "pop_ins",
    "WaitingTimes",
    "waiting_times",
    "SizeDistribution",
    "size_distribution",
]
