"""What a method gives back."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _amorph, maps, tables
from ._optional import need
from .errors import AmorphError
from .maps import Map
from .tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Arrays = tuple[NDArray[np.float64], NDArray[np.bool_] | None]


@dataclass(frozen=True)
class Interval:
    """A confidence interval, in the unit of its estimate; NaN where an end is open."""

    lo: float
    hi: float
    level: float

    def __contains__(self, value: float) -> bool:
        return not (value < self.lo or value > self.hi)

    def __iter__(self) -> Iterator[float]:
        return iter((self.lo, self.hi))


@dataclass(frozen=True)
class Estimate:
    """A number with its unit, its interval and what the interval rests on.

    `std_error` and `interval` are statistical; `systematic_error` is common to everything measured with the same
    calibration. `no_interval` says why there is none.
    """

    key: str
    symbol: str
    value: float
    unit: str
    std_error: float | None
    systematic_error: float | None
    interval: Interval | None
    basis: str
    n: float | None
    flags: tuple[str, ...]
    no_interval: str | None
    text: str

    def to(self, unit: str) -> Estimate:
        """The same estimate in another unit."""

        def point(value: float) -> float:
            return _amorph.convert(value, self.unit, unit)

        def width(value: float | None) -> float | None:
            # A difference has no offset: 1 degC is as wide as 1 K.
            return None if value is None else point(value) - point(0.0)

        value, std_error = point(self.value), width(self.std_error)
        interval = self.interval and Interval(point(self.interval.lo), point(self.interval.hi), self.interval.level)
        shown = _amorph.show(value, std_error, (interval.lo, interval.hi) if interval else None, unit)
        return replace(
            self,
            value=value,
            unit=unit,
            std_error=std_error,
            systematic_error=width(self.systematic_error),
            interval=interval,
            text=_text(*shown, interval),
        )

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Note:
    """Something the reader of a result must know."""

    severity: Literal["info", "warning", "refused"]
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"


@dataclass(frozen=True)
class Provenance:
    """How a result was made: enough to make it again."""

    amorph_version: str
    method: str
    method_version: int
    parameters: Mapping[str, Any]
    inputs: tuple[Mapping[str, str], ...]
    constants: tuple[Mapping[str, str], ...]
    overrides: tuple[str, ...]
    upstream: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Covariance:
    """Covariance of estimates that were fitted together, SI units squared."""

    keys: tuple[str, ...]
    matrix: NDArray[np.float64]


class Result(Mapping[str, Estimate]):
    """The outcome of one run of one method. It cannot be changed.

    `result["correlation_length"]` is an `Estimate`; iteration goes over the keys, most important first.
    """

    def __init__(
        self, text: str, arrays: Sequence[Arrays], *, sample: str = "", state: str = "", item: str = "", job: str = ""
    ) -> None:
        self._text = text
        self._arrays = tuple(arrays)
        self._sample, self._state, self._item, self._job = sample, state, item, job
        self._outcome: dict[str, Any] = json.loads(text)
        self._estimates = {entry["key"]: _estimate(entry) for entry in self._outcome["estimates"]}

    @property
    def method(self) -> str:
        """Identifier of the method."""
        return str(self._outcome["provenance"]["method"])

    @property
    def sample(self) -> str:
        """Sample, where a study names it."""
        return self._sample

    @property
    def state(self) -> str:
        """State of the sample, where it is known."""
        return self._state

    @property
    def item(self) -> str:
        """The file or map; empty for results of a whole state."""
        return self._item

    @property
    def job(self) -> str:
        """Key of the run, as the provenance of later results names it."""
        return self._job

    @cached_property
    def maps(self) -> Mapping[str, Map]:
        """Its images, by quantity."""
        pairs = zip(self._outcome["maps"], self._arrays, strict=True)
        return MappingProxyType({header["quantity"]: maps.of_header(header, *arrays) for header, arrays in pairs})

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Its tables, by key."""
        return MappingProxyType({table["key"]: tables.of_header(table) for table in self._outcome["tables"]})

    @property
    def figures(self) -> tuple[str, ...]:
        """Keys of its figures, for `plot`."""
        return tuple(figure["key"] for figure in self._outcome["figures"])

    @property
    def notes(self) -> tuple[Note, ...]:
        """What must be known to use the numbers: assumptions, warnings, and what could not be given."""
        return tuple(Note(**note) for note in self._outcome["notes"])

    @property
    def covariance(self) -> Covariance | None:
        """Covariance of estimates that were fitted together."""
        found = self._outcome["covariance"]
        if found is None:
            return None
        matrix = found["matrix"]
        return Covariance(tuple(found["keys"]), maps.read_only(np.array(matrix["data"]).reshape(matrix["dim"])))

    @property
    def provenance(self) -> Provenance:
        """Versions, parameters, inputs, constants and seed."""
        found = dict(self._outcome["provenance"])
        found["parameters"] = MappingProxyType(found["parameters"])
        for key in ("inputs", "constants"):
            found[key] = tuple(MappingProxyType(entry) for entry in found[key])
        for key in ("overrides", "upstream"):
            found[key] = tuple(found[key])
        return Provenance(**found)

    def __getitem__(self, key: str) -> Estimate:
        try:
            return self._estimates[key]
        except KeyError:
            raise KeyError(self._why_missing(key)) from None

    def _why_missing(self, key: str) -> str:
        refused = [note.message for note in self.notes if note.severity == "refused"]
        known = f"{self.method} gave no {key!r}; it gave: {', '.join(self._estimates) or 'no estimates'}"
        return " -- ".join([known, *refused])

    def __iter__(self) -> Iterator[str]:
        return iter(self._estimates)

    def __len__(self) -> int:
        return len(self._estimates)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self._outcome == other._outcome and all(map(_same, self._arrays, other._arrays))

    def __hash__(self) -> int:
        return hash(self._text)

    def to_dataframe(self) -> Any:
        """A `pandas.DataFrame` with one row per estimate, in SI."""
        return need("pandas", "Result.to_dataframe").DataFrame(
            [row(estimate) for estimate in self.values()], columns=list(COLUMNS)
        ).set_index("key")

    def plot(self, key: str | None = None) -> Figure:
        """Draws a figure with matplotlib: the first one, or the one with this key (see `figures`)."""
        from . import _plot

        return _plot.draw(self._figure(key), self._outcome["maps"], self._arrays)

    def to_svg(self, key: str | None = None, *, theme: Literal["light", "dark", "print"] = "light") -> str:
        """A figure as it is in the report."""
        figure, headers = json.dumps(self._figure(key)), json.dumps(self._outcome["maps"])
        return _amorph.figure_svg(figure, headers, self._arrays, theme)

    def to_png(
        self, key: str | None = None, *, theme: Literal["light", "dark", "print"] = "light", scale: float = 2.0
    ) -> bytes:
        """A figure as it is in the report."""
        figure, headers = json.dumps(self._figure(key)), json.dumps(self._outcome["maps"])
        return bytes(_amorph.figure_png(figure, headers, self._arrays, theme, scale))

    def to_json(self) -> str:
        """The whole result without its arrays."""
        return self._text

    def _figure(self, key: str | None) -> dict[str, Any]:
        found: list[dict[str, Any]] = self._outcome["figures"]
        for figure in found:
            if key in (None, figure["key"]):
                return figure
        problem = "no figures" if key is None else f"no figure {key!r}"
        raise AmorphError(f"{self.method} gave {problem}", f"its figures: {', '.join(self.figures) or 'none'}")

    def _repr_html_(self) -> str:
        from ._html import result_page

        return result_page(self)

    def __repr__(self) -> str:
        place = " ".join(part for part in (self.state, self.item) if part)
        head = f"<Result {self.method}{f' of {place}' if place else ''}>"
        return "\n".join([head, *(f"  {estimate.key}: {estimate}" for estimate in self.values())])

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._text, self._arrays, self._sample, self._state, self._item, self._job)


def _restore(text: str, arrays: Sequence[Arrays], sample: str, state: str, item: str, job: str) -> Result:
    return Result(text, arrays, sample=sample, state=state, item=item, job=job)


def _same(first: Arrays, second: Arrays) -> bool:
    def equal(a: NDArray[Any] | None, b: NDArray[Any] | None) -> bool:
        if a is None or b is None:
            return a is b
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))

    return equal(first[0], second[0]) and equal(first[1], second[1])


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _text(value: str, ends: str | None, interval: Interval | None) -> str:
    return value if interval is None else f"{value}, {interval.level:.0%} interval {ends}"


def estimate_from_json(entry: dict[str, Any]) -> Estimate:
    """An estimate as the native module gives it."""
    return _estimate(entry)


def _estimate(entry: dict[str, Any]) -> Estimate:
    found, display = entry["interval"], entry["display"]
    interval = found and Interval(_number(found["lo"]), _number(found["hi"]), found["level"])
    return Estimate(
        key=entry["key"],
        symbol=entry["symbol"],
        value=_number(entry["value"]),
        unit=entry["unit"],
        std_error=entry["std_error"],
        systematic_error=entry["systematic_error"],
        interval=interval,
        basis=entry["basis"],
        n=entry["n"],
        flags=tuple(entry["flags"]),
        no_interval=entry["no_interval"],
        text=_text(display["value"], display["interval"], interval),
    )


COLUMNS = (
    *("key", "symbol", "value", "unit", "std_error", "systematic_error", "lo", "hi", "level"),
    *("basis", "n", "flags", "no_interval"),
)


def row(estimate: Estimate) -> dict[str, Any]:
    """An estimate as a row of a data frame."""
    interval = estimate.interval or Interval(math.nan, math.nan, math.nan)
    return {
        "key": estimate.key,
        "symbol": estimate.symbol,
        "value": estimate.value,
        "unit": estimate.unit,
        "std_error": _number(estimate.std_error),
        "systematic_error": _number(estimate.systematic_error),
        "lo": interval.lo,
        "hi": interval.hi,
        "level": interval.level,
        "basis": estimate.basis,
        "n": _number(estimate.n),
        "flags": ", ".join(estimate.flags),
        "no_interval": estimate.no_interval or "",
    }
