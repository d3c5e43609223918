"""Instrument files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import _amorph, maps, records, tables
from .maps import Map
from .records import TraceTest
from .results import Note
from .tables import Table


@dataclass(frozen=True)
class Constant:
    """A calibration constant that a file states."""

    key: str
    #: As people write it: `"40 N/m"`.
    value: str
    #: Where in the file.
    place: str
    #: Why it cannot be believed: a manufacturer's default that nobody has replaced.
    placeholder: str | None


@dataclass(frozen=True)
class MetadataEntry:
    """One statement of a file, as written."""

    section: str
    key: str
    value: str


class File:
    """An opened instrument file. Methods take it as it is: `amorph.afm.topography(amorph.open("scan.spm"))`."""

    def __init__(self, path: str | os.PathLike[str], **traces: Any) -> None:
        self._said = traces
        self._native = _amorph.open(path, records.as_toml(traces))
        self._path = Path(path)
        self._header: dict[str, Any] = json.loads(self._native.header())
        self._maps: tuple[Map, ...] | None = None
        self._tests: tuple[TraceTest, ...] | None = None

    @property
    def path(self) -> Path:
        """Path as given."""
        return self._path

    @property
    def format(self) -> str:
        """Short name of the format."""
        return str(self._header["source"]["format"])

    @property
    def sha256(self) -> str:
        """SHA-256 of the file and, where there is one, of its sidecar."""
        return str(self._header["source"]["sha256"])

    @property
    def kind(self) -> str:
        """`maps`, `table`, `scan`, `stack of frames`, `traces`, or `long record`: traces whose rows stay in the file."""
        return str(self._header["kind"])

    @property
    def maps(self) -> tuple[Map, ...]:
        """Its images, in SI (phases in degrees); empty where it holds something else."""
        if self._maps is None:
            headers = self._header["data"] if self.kind == "maps" else []
            pairs = zip(headers, self._native.arrays(), strict=True)
            self._maps = tuple(maps.of_header(header, *arrays) for header, arrays in pairs)
        return self._maps

    @property
    def table(self) -> Table | None:
        """Its columns, where it holds a table."""
        return tables.of_header(self._header["data"]) if self.kind == "table" else None

    @property
    def tests(self) -> tuple[TraceTest, ...]:
        """Its tests, where it holds traces over time; values in SI (phases in degrees)."""
        if self._tests is None:
            header = self._header["data"] if self.kind == "traces" else []
            self._tests = records.of_header(header, self._native.traces())
        return self._tests

    @property
    def scan(self) -> Mapping[str, Any] | None:
        """Axes and pixel type of its scan or stack of frames, where it holds one; the pixels stay in the file."""
        return MappingProxyType(self._header["data"]) if self.kind in ("scan", "stack of frames") else None

    @property
    def constants(self) -> tuple[Constant, ...]:
        """The calibration constants it states."""
        return tuple(_constant(found) for found in self._header["constants"])

    @property
    def metadata(self) -> tuple[MetadataEntry, ...]:
        """Everything it says, as written and in its order."""
        return tuple(MetadataEntry(**entry) for entry in self._header["metadata"])

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader noticed."""
        return tuple(Note(**note) for note in self._header["notes"])

    def __getitem__(self, wanted: str | int) -> Map:
        """The map with this index, quantity or name; `Height/trace` tells directions apart."""
        if isinstance(wanted, int):
            return self.maps[wanted]
        name, _, direction = wanted.partition("/")
        found = [
            shown
            for shown in self.maps
            if name in (shown.quantity, shown.name) and direction in ("", shown.direction)
        ]
        if len(found) == 1:
            return found[0]
        candidates = ", ".join(f"[{index}] {shown.name} ({shown.quantity})" for index, shown in enumerate(self.maps))
        problem = "is not unique" if found else "is not here"
        raise KeyError(f"{wanted!r} {problem}; the maps of {self.path.name}: {candidates or 'none'}")

    def __repr__(self) -> str:
        return f"<File {self.path.name} ({self.format}): {self._contents()}>"

    def _contents(self) -> str:
        if self.kind == "maps":
            return ", ".join(header["quantity"] for header in self._header["data"]) or "no maps"
        return self.kind

    def _repr_html_(self) -> str:
        from ._html import file_page

        return file_page(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._path, self._said)


def _constant(found: dict[str, Any]) -> Constant:
    status = found["status"]
    placeholder = status["placeholder"]["reason"] if isinstance(status, dict) else None
    return Constant(found["key"], found["quantity"], found["place"], placeholder)


def _again(path: Path, traces: dict[str, Any]) -> File:
    return File(path, **traces)


def open(path: str | os.PathLike[str], **traces: Any) -> File:
    """Opens any supported instrument file, with its sidecar `<file>.json` where there is one.

    The format is found from the bytes. Values come in SI (phases in degrees), row 0 at the top.

    Parameters
    ----------
    path
        The file.
    traces
        What a study says about files of traces, under the same keys: `columns={"load": {"column": "Force", "unit": "mN"}}`,
        `preset="micro-materials"`, `depth_sign`, `tests`, `sheet`, `segments`, `decimal`, `delimiter`,
        `in_stretches`, `format`; and about
        detector frames: `scan_shape=[rows, columns]`, `skip_frames`, `flyback_frames`, `slice`,
        `partial=True` to read the complete frames of a file that is cut short, and for frames without a header
        `detector_shape`, `pixel`, `byte_order`, `header_bytes`, `gap_bytes`.

    Raises
    ------
    FileError
        When the file cannot be read; the message says what was found and what to do.
    """
    return File(path, **traces)
