"""Published values of metallic glasses: the same as `amorph literature`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, overload

from . import _amorph
from ._optional import need


@dataclass(frozen=True)
class Source:
    """Where a value is printed."""

    #: Short name of the paper: `L16`.
    tag: str
    #: For legends.
    short: str
    #: In full.
    reference: str


@dataclass(frozen=True)
class LiteratureValue:
    """A published value, in the unit in which it is printed."""

    id: str
    #: Kind of quantity, one word for all materials and techniques.
    quantity: str
    #: Key of the estimates that measure the same; empty where no method does.
    key: str
    alloy: str
    property: str
    symbol: str
    value: float | None
    #: Ends of a range, or the one end of a bound.
    lo: float | None
    hi: float | None
    std_error: float | None
    unit: str
    kind: Literal["value", "approximate", "range", "bound", "text"]
    as_printed: str
    condition: str
    #: Whether it was computed from printed values instead of printed itself.
    is_computed: bool
    source: Source


class Literature(Sequence[LiteratureValue]):
    """Published values that were found. It cannot be changed."""

    def __init__(self, values: Sequence[LiteratureValue]) -> None:
        self._values = tuple(values)

    @overload
    def __getitem__(self, index: int) -> LiteratureValue: ...
    @overload
    def __getitem__(self, index: slice) -> Literature: ...
    def __getitem__(self, index: int | slice) -> LiteratureValue | Literature:
        return Literature(self._values[index]) if isinstance(index, slice) else self._values[index]

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[LiteratureValue]:
        return iter(self._values)

    def to_dataframe(self) -> Any:
        """A `pandas.DataFrame` with one row per value; `source` is the short form of the reference."""
        names = [field.name for field in fields(LiteratureValue)]
        rows = [
            {name: getattr(value, name) for name in names} | {"source": value.source.short} for value in self._values
        ]
        return need("pandas", "Literature.to_dataframe").DataFrame(rows, columns=names)

    def __repr__(self) -> str:
        return f"<Literature: {len(self)} values>"


def literature(
    words: str = "",
    *,
    alloy: str | None = None,
    quantity: str | None = None,
    paper: str | None = None,
    file: str | os.PathLike[str] | None = None,
) -> Literature:
    """Finds published values.

    >>> amorph.literature(alloy="Zr70Ni30", quantity="activation_energy").to_dataframe()   # doctest: +SKIP

    Parameters
    ----------
    words : str
        Words that must all occur in quantity, alloy, condition or source.
    alloy : str, optional
        Composition, its elements in any order, or part of the name.
    quantity : str, optional
        Kind of quantity, or the key of an estimate.
    paper : str, optional
        Short name of a paper, or part of its reference.
    file : path, optional
        CSV file of further values, which stand after the others.

    Raises
    ------
    AnalysisError
        For an alloy, quantity or paper that no value has, with near ones.
    FileError
        For a file that cannot be read, with line and column.
    """
    found = json.loads(_amorph.literature(words, alloy, quantity, paper, file))
    names = [field.name for field in fields(LiteratureValue)]
    return Literature([_value({name: entry[name] for name in names}) for entry in found])


def _value(entry: dict[str, Any]) -> LiteratureValue:
    return LiteratureValue(**{**entry, "source": Source(**entry["source"])})
