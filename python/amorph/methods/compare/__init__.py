# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Comparisons over a whole study."""

from ._states import CompareStates, states
from ._truth import CompareTruth, truth
from ._relation import Relation, relation
from ._synthesis import CompareSynthesis, synthesis

__all__ = [
    "CompareStates",
    "states",
    "CompareTruth",
    "truth",
    "Relation",
    "relation",
    "CompareSynthesis",
    "synthesis",
]
