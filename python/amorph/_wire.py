"""From what users have to what the native module takes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import maps, tables
from .errors import AnalysisError
from .files import File
from .maps import Map
from .results import Estimate, Result
from .tables import Table

if TYPE_CHECKING:
    from ._amorph import _Dataset, _Upstream

#: Types of detector pixels that are taken without conversion.
PIXELS = ("uint8", "uint16", "uint32", "int16", "int32", "float32", "float64")


def empty(label: str) -> _Dataset:
    """A dataset without anything in it."""
    return {
        "label": label,
        "files": [],
        "maps": [],
        "tables": [],
        "scans": [],
        "sources": [],
        "channels": [],
        "constants": [],
        "upstream": [],
        "truth": [],
        "alloys": [],
        "card": None,
    }


def add(dataset: _Dataset, data: Any) -> None:
    """Adds data of any supported kind."""
    if isinstance(data, (str, os.PathLike)):
        data = File(data)
    if isinstance(data, File):
        dataset["files"].append(data._native)
        name_it(dataset, data.path.name)
    elif isinstance(data, Result):
        dataset["upstream"].append(upstream(data))
        name_it(dataset, data.item)
    elif isinstance(data, Map):
        dataset["maps"].append((json.dumps(maps.to_header(data)), (data.values, data.mask)))
        note_source(dataset, f"map {data.name}", [data.values] if data.mask is None else [data.values, data.mask])
    elif isinstance(data, Table):
        dataset["tables"].append(tables.to_native(data))
        note_source(dataset, f"table {data.key}", [column.values for column in data.columns])
    elif isinstance(data, np.ndarray):
        add_array(dataset, data)
    elif library(data) == "xarray":
        add_xarray(dataset, data)
    elif library(data) == "pandas":
        add(dataset, Table.from_dataframe(data.to_frame() if data.ndim == 1 else data))
    elif isinstance(data, Sequence):
        for part in data:
            add(dataset, part)
    else:
        raise TypeError(f"data of type {type(data).__name__} are not understood; {EXPECTED}")


def library(data: Any) -> str:
    """Where its type comes from; xarray and pandas need not be installed to ask."""
    return type(data).__module__.partition(".")[0]


EXPECTED = (
    "give an amorph.Map, a list of maps, an amorph.File or its path, an xarray.DataArray, a pandas.DataFrame, "
    "or a four-dimensional array"
)


def name_it(dataset: _Dataset, label: str) -> None:
    """The first thing with a name gives the dataset its label."""
    dataset["label"] = dataset["label"] or label


def note_source(dataset: _Dataset, path: str, arrays: Iterable[NDArray[Any]]) -> None:
    """Records the content of arrays for the provenance, as it is recorded of files."""
    digest = hashlib.sha256()
    for array in arrays:
        plain = np.array([str(entry) for entry in array]) if array.dtype == object else array
        # The bytes where they are: an array may fill half the memory.
        digest.update(np.ascontiguousarray(plain).reshape(-1).view(np.uint8).data)
    dataset["sources"].append((path, digest.hexdigest()))
    name_it(dataset, path.partition(" ")[2])


def add_array(dataset: _Dataset, array: NDArray[Any]) -> None:
    if array.ndim == 4:
        if array.dtype.name not in PIXELS:
            raise TypeError(f"a scan of {array.dtype.name} is not supported; convert it to one of {', '.join(PIXELS)}")
        dataset["scans"].append(array.astype(array.dtype.newbyteorder("="), copy=False))
        note_source(dataset, "array scan", [array])
        return
    shape = " x ".join(str(n) for n in array.shape)
    raise AnalysisError(
        f"an array of {shape} values says neither what it shows nor how large it is",
        'wrap it: amorph.Map(array, "phase", "deg", x_size=340, y_size=260, xy_unit="nm")',
    )


def add_xarray(dataset: _Dataset, data: Any) -> None:
    if type(data).__name__ == "Dataset":
        for variable in data.data_vars.values():
            add(dataset, Map.from_xarray(variable))
    elif data.ndim == 4:
        add_array(dataset, data.values)
    else:
        add(dataset, Map.from_xarray(data))


def upstream(result: Result, state: str = "", item: str = "") -> _Upstream:
    """A result as input of a later method."""
    return {
        "job": result.job,
        "method": result.method,
        "state": state or result.state,
        "item": item or result.item,
        "outcome": result.to_json(),
        "arrays": result._arrays,
    }


def quantity(value: str | float | tuple[float, str] | Estimate) -> str:
    """As people write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Estimate):
        error = "" if value.std_error is None else f" +- {value.std_error!r}"
        return f"{value.value!r}{error} {value.unit}".strip()
    if isinstance(value, tuple):
        number, unit = value
        return f"{float(number)!r} {unit}".strip()
    return repr(float(value))


def add_constants(dataset: _Dataset, constants: Mapping[str, Any]) -> None:
    """Those that are stated."""
    stated = ((key, value) for key, value in constants.items() if value is not None)
    dataset["constants"].extend((key, quantity(value)) for key, value in stated)


def add_channels(dataset: _Dataset, channels: Mapping[str, int | str] | None) -> None:
    dataset["channels"].extend((channels or {}).items())


def add_truth(dataset: _Dataset, truth: Mapping[str, Mapping[str, Any]] | None) -> None:
    for state, values in (truth or {}).items():
        dataset["truth"].extend((state, key, quantity(value)) for key, value in values.items())


def add_results(dataset: _Dataset, results: Iterable[Result], state: str = "") -> None:
    """Results of sites. Those without a name, and those of one method with the same name, are numbered."""
    seen: set[tuple[str, str, str]] = set()
    for number, result in enumerate(results, start=1):
        where = (result.method, state or result.state)
        item = result.item
        if (*where, item) in seen:
            item = f"{item} {number}".strip()
        seen.add((*where, item))
        dataset["upstream"].append(upstream(result, state, item))


def as_results(results: Any) -> list[Result]:
    """One result or several."""
    listed = [results] if isinstance(results, Result) else list(results)
    for result in listed:
        if not isinstance(result, Result):
            raise TypeError(f"results of earlier methods are needed, but a {type(result).__name__} was given")
    return listed
