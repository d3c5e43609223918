"""Traces over time: tests, their tables and channels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._optional import need
from .maps import read_only


@dataclass(frozen=True, eq=False)
class TraceChannel:
    """One quantity over the samples of a table."""

    name: str
    #: What it is: `load`, `depth`, `time`, ...
    quantity: str
    #: Unit of the values: SI, or `deg`.
    unit: str
    unit_in_file: str
    #: What the numbers of the file were multiplied by.
    factor: float
    #: The digitiser's step, where it shows.
    quantisation: float | None
    #: NaN where missing.
    values: NDArray[np.float64]


@dataclass(frozen=True)
class TraceSegment:
    """A stretch of one kind of control."""

    kind: str
    first: int
    #: One past the last row.
    end: int
    #: How it is known: `file`, `markers`, `detected` or `stated`.
    origin: str


@dataclass(frozen=True)
class TraceRepair:
    """What the reader mended or left out."""

    kind: str
    rows: int
    first: int
    text: str


@dataclass(frozen=True, eq=False)
class TraceTable:
    """Channels of equal length."""

    name: str
    #: `test`, `approach`, `drift`, `calibration` or `auxiliary`.
    role: str
    channels: tuple[TraceChannel, ...]
    segments: tuple[TraceSegment, ...]
    repairs: tuple[TraceRepair, ...]

    def __getitem__(self, quantity: str) -> NDArray[np.float64]:
        """The values of a quantity, or of a channel by its name, where that is one channel."""
        found = [channel for channel in self.channels if quantity in (channel.quantity, channel.name)]
        if len(found) == 1:
            return found[0].values
        names = ", ".join(f"{channel.name} ({channel.quantity})" for channel in self.channels)
        raise KeyError(f"{quantity!r} {'is not unique' if found else 'is not here'}; the channels are: {names}")

    def to_dataframe(self) -> Any:
        """A `pandas.DataFrame` with a column per channel, named by its quantity where that is unique; units in `attrs["units"]`."""
        quantities = [channel.quantity for channel in self.channels]
        names = [
            channel.quantity if channel.quantity != "other" and quantities.count(channel.quantity) == 1 else channel.name
            for channel in self.channels
        ]
        columns = {name: channel.values for name, channel in zip(names, self.channels, strict=True)}
        frame = need("pandas", "TraceTable.to_dataframe").DataFrame(columns)
        frame.attrs["units"] = {name: channel.unit for name, channel in zip(names, self.channels, strict=True)}
        return frame


@dataclass(frozen=True, eq=False)
class TraceTest:
    """One test: an indent, a compressed pillar, one loading of a device."""

    name: str
    #: Whether the instrument's own analysis leaves it out.
    ignored_by_instrument: bool
    #: What the file says about it: section, key and value.
    head: tuple[tuple[str, str, str], ...]
    tables: tuple[TraceTable, ...]

    @property
    def measurement(self) -> TraceTable:
        """The table of the measurement itself."""
        for table in self.tables:
            if table.role == "test":
                return table
        raise KeyError(f"test {self.name!r} holds no measurement")

    def to_dataframe(self) -> Any:
        """The measurement as a `pandas.DataFrame`."""
        return self.measurement.to_dataframe()


def of_header(header: Sequence[Mapping[str, Any]], arrays: Sequence[NDArray[np.float64]]) -> tuple[TraceTest, ...]:
    """Tests as the native module hands them over."""
    values = iter(arrays)
    return tuple(_test(test, values) for test in header)


def _test(test: Mapping[str, Any], values: Iterator[NDArray[np.float64]]) -> TraceTest:
    head = tuple((entry["section"], entry["key"], entry["value"]) for entry in test["head"])
    tables = tuple(_table(table, values) for table in test["tables"])
    return TraceTest(test["name"], test["ignored_by_instrument"], head, tables)


def _table(table: Mapping[str, Any], values: Iterator[NDArray[np.float64]]) -> TraceTable:
    channels = tuple(TraceChannel(**channel, values=read_only(next(values))) for channel in table["channels"])
    segments = tuple(TraceSegment(s["kind"], s["first"], s["end"], s["origin"]) for s in table["segments"])
    repairs = tuple(TraceRepair(**repair) for repair in table["repairs"])
    return TraceTable(table["name"], table["role"], channels, segments, repairs)


def as_toml(said: Mapping[str, Any]) -> str:
    """Keyword arguments as a study writes them."""
    return "\n".join(f"{key} = {_value(value)}" for key, value in said.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(str(key))} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False)
