"""Columns of numbers and text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._optional import need
from .maps import read_only


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table."""

    name: str
    unit: str
    #: Numbers (NaN where missing) or text.
    values: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Table:
    """Named columns of equal length."""

    key: str
    title: str
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> NDArray[Any]:
        for column in self.columns:
            if column.name == name:
                return column.values
        raise KeyError(f"no column {name!r}; there are: {', '.join(column.name for column in self.columns)}")

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0

    def to_dataframe(self) -> Any:
        """A `pandas.DataFrame`; the units are in `attrs["units"]`."""
        frame = need("pandas", "Table.to_dataframe").DataFrame({column.name: column.values for column in self.columns})
        frame.attrs["units"] = {column.name: column.unit for column in self.columns}
        return frame

    @classmethod
    def from_dataframe(cls, frame: Any, units: Mapping[str, str] | None = None, *, key: str = "table") -> Table:
        """From a `pandas.DataFrame`; a column without an entry in `units` or `attrs["units"]` is a plain number."""
        known = dict(frame.attrs.get("units", {})) | dict(units or {})
        stray = sorted(set(units or {}) - {str(name) for name in frame.columns})
        if stray:
            raise KeyError(f"units are given for {', '.join(stray)}, which the frame does not have")
        columns = tuple(Column(str(name), known.get(str(name), ""), _entries(frame[name])) for name in frame.columns)
        return cls(key, key, columns)


def _entries(series: Any) -> NDArray[Any]:
    types = need("pandas", "Table.from_dataframe").api.types
    if types.is_numeric_dtype(series.dtype) and not types.is_complex_dtype(series.dtype):
        return read_only(series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True))
    return read_only(np.array([str(value) for value in series], dtype=object))


def of_header(header: dict[str, Any]) -> Table:
    """A table as the native module hands it over."""
    columns = tuple(Column(column["name"], column["unit"], _values(column["values"])) for column in header["columns"])
    return Table(header["key"], header["title"], columns)


def _values(values: list[Any]) -> NDArray[Any]:
    if any(isinstance(value, str) for value in values):
        return read_only(np.array(values, dtype=object))
    return read_only(np.array([np.nan if value is None else value for value in values], dtype=np.float64))


def to_native(table: Table) -> tuple[str, str, list[tuple[str, str, Any]]]:
    """A table as the native module takes it."""

    def entries(values: NDArray[Any]) -> Any:
        if np.issubdtype(values.dtype, np.number):
            return np.ascontiguousarray(values, dtype=np.float64)
        return [str(value) for value in values]

    return table.key, table.title, [(column.name, column.unit, entries(column.values)) for column in table.columns]
