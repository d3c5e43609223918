"""What the generated functions of `amorph.theory` share: values in, arrays through, numbers out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from . import _amorph, _wire
from .results import Estimate, estimate_from_json

#: An SI number, an array of them, text with a unit, `(0.5, "eV")`, or an estimate.
Value: TypeAlias = Union[float, str, tuple[float, str], Estimate, NDArray[np.floating[Any]], NDArray[np.integer[Any]]]

#: A float for scalar arguments, an array where an argument is one.
Number: TypeAlias = Union[float, NDArray[np.float64]]

#: The name of a class, or an array of names.
Class: TypeAlias = Union[str, NDArray[np.str_]]


def si(model: str, key: str, value: Value) -> NDArray[np.float64]:
    """A value of an argument in SI."""
    if isinstance(value, (str, tuple, Estimate)):
        return np.asarray(_amorph.theory_read(model, key, _wire.quantity(value)), dtype=np.float64)
    return np.asarray(value, dtype=np.float64)


def evaluate(model: str, **arguments: Value) -> list[Number]:
    """All outputs of a model, arguments broadcast against each other."""
    values = [si(model, key, value) for key, value in arguments.items()]
    broadcast = np.broadcast_arrays(*values)
    shape = broadcast[0].shape
    columns = [np.ascontiguousarray(column, dtype=np.float64).reshape(-1) for column in broadcast]
    results = _amorph.theory_evaluate(model, columns)
    if shape == ():
        return [float(result[0]) for result in results]
    return [result.reshape(shape) for result in results]


def classes(values: Number, names: Sequence[str]) -> Class:
    """Names for the numbers of a classification."""
    if isinstance(values, float):
        return names[int(values)]
    return np.asarray(names, dtype=np.str_)[values.astype(np.intp)]


def propagate(
    model: str,
    arguments: Mapping[str, str | float | tuple[float, str] | Estimate],
    *,
    systematic: Sequence[str] = (),
    seed: int = 1,
) -> tuple[Estimate, ...]:
    """The outputs of a model with the errors of its inputs.

    `arguments` are written as people write them: `{"length": "4.10 +- 0.05 nm", "temperature": "298 K", ...}`. Errors are
    carried to first order, and by Monte Carlo where a relative error exceeds 20 %; those of the arguments named in
    `systematic` are kept apart.
    """
    pairs = [(key, _wire.quantity(value)) for key, value in arguments.items()]
    found = _amorph.theory_propagate(model, pairs, list(systematic), seed)
    return tuple(estimate_from_json(entry) for entry in json.loads(found))
