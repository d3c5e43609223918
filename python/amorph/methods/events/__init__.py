# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Lists of events."""

from ._size_distribution import SizeDistribution, size_distribution

__all__ = [
    "SizeDistribution",
    "size_distribution",
]
