"""Whole studies: the same as `amorph run` and `amorph report`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, overload

from . import _amorph
from ._optional import need
from .errors import FileError
from .results import COLUMNS, Arrays, Note, Result, row


@dataclass(frozen=True)
class Progress:
    """What happens while a study runs."""

    event: Literal["refused", "noticed", "planned", "started", "advanced", "finished"]
    #: Number of the result.
    job: int
    #: Method and item, when one starts; what a method lacks, before a long file is read (`refused`);
    #: that two files are the same (`noticed`).
    text: str
    #: Results already stored (`planned`), units of work done (`advanced`), 1 for success (`finished`).
    done: int
    #: All results (`planned`), or all units of work (`advanced`).
    total: int


@dataclass(frozen=True)
class Failure:
    """Something that could not be computed."""

    method: str
    state: str
    item: str
    message: str
    hint: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.method, self.state, self.item) if part)
        return f"{place}: {self.message}\n    {self.hint}"


@dataclass(frozen=True)
class State:
    """One state of one sample."""

    sample: str
    state: str
    facts: tuple[tuple[str, str], ...]
    n_items: int


class Study(Sequence[Result]):
    """The results of a study, in its order, comparisons last. It cannot be changed."""

    def __init__(self, text: str, arrays: Sequence[Sequence[Arrays]], path: Path, overrides: Sequence[str]) -> None:
        dossier: dict[str, Any] = json.loads(text)
        records = [*dossier.pop("results"), *dossier.pop("comparisons")]
        self._results = tuple(_result(record, own) for record, own in zip(records, arrays, strict=True))
        self._dossier = dossier
        self._path, self._overrides = path, tuple(overrides)

    @property
    def title(self) -> str:
        """Title of the study."""
        return str(self._dossier["title"])

    @property
    def path(self) -> Path:
        """The study file."""
        return self._path

    @property
    def states(self) -> tuple[State, ...]:
        """Samples and their states."""
        return tuple(
            State(found["sample"], found["state"], tuple(map(tuple, found["facts"])), found["n_items"])
            for found in self._dossier["states"]
        )

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What could not be computed, and why."""
        return tuple(Failure(**failure) for failure in self._dossier["failures"])

    @property
    def notes(self) -> tuple[Note, ...]:
        """Remarks about the study as a whole."""
        return tuple(Note(**note) for note in self._dossier["notes"])

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Result, ...]: ...
    def __getitem__(self, index: int | slice) -> Result | tuple[Result, ...]:
        return self._results[index]

    def __len__(self) -> int:
        return len(self._results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self._results)

    def select(
        self, *, method: str | None = None, state: str | None = None, item: str | None = None
    ) -> tuple[Result, ...]:
        """The results of a method, of a state, of an item."""
        wanted = {"method": method, "state": state, "item": item}
        conditions = {name: value for name, value in wanted.items() if value is not None}
        return tuple(
            result
            for result in self._results
            if all(getattr(result, name) == value for name, value in conditions.items())
        )

    def to_dataframe(self) -> Any:
        """A `pandas.DataFrame` with one row per estimate, in SI, and where it belongs."""
        rows = [
            {"sample": result.sample, "state": result.state, "item": result.item, "method": result.method}
            | row(estimate)
            for result in self._results
            for estimate in result.values()
        ]
        columns = ["sample", "state", "item", "method", *COLUMNS]
        return need("pandas", "Study.to_dataframe").DataFrame(rows, columns=columns)

    def report(self, output: str | os.PathLike[str] | None = None) -> Path:
        """Writes the report: one HTML file that opens offline, beside the study unless `output` says where."""
        return report(self._path, set=self._overrides, output=output)

    def _repr_html_(self) -> str:
        from ._html import study_page

        return study_page(self)

    def __repr__(self) -> str:
        failed = len(self.failures)
        return f"<Study {self.title!r}: {len(self)} results{f', {failed} without a result' if failed else ''}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._results, self._dossier, self._path, self._overrides)


def _restore(results: tuple[Result, ...], dossier: dict[str, Any], path: Path, overrides: tuple[str, ...]) -> Study:
    study = Study.__new__(Study)
    study._results, study._dossier, study._path, study._overrides = results, dossier, path, overrides
    return study


def _result(record: dict[str, Any], arrays: Sequence[Arrays]) -> Result:
    place = {key: record[key] for key in ("sample", "state", "item", "job")}
    return Result(json.dumps(record["outcome"]), arrays, **place)


def run(
    path: str | os.PathLike[str],
    *,
    set: Sequence[str] = (),
    jobs: int | None = None,
    progress: bool | Callable[[Progress], object] = False,
) -> Study:
    """Runs what is not yet stored of a study, and gives its results.

    Parameters
    ----------
    path : path
        The study file.
    set : sequence of str
        Overrides, as `--set` of the command: `"method.dafm.dissipation.form=lu2016"`.
    jobs : int, optional
        Items worked on at once; one per processor where absent. The numbers do not depend on it.
    progress : bool or callable
        True tells on standard error how far it is; a function is called with `Progress`, from the threads that do the
        work. What it raises stops the run.

    Raises
    ------
    StudyError
        With every mistake in the study and its place.
    KeyboardInterrupt
        On Ctrl-C; what was finished is stored, and the next run resumes.
    """
    told = _Teller() if progress is True else progress
    callback = _callback(told) if told else None
    text, arrays = _amorph.run_study(path, list(set), jobs, callback)
    return Study(text, arrays, Path(path), set)


def report(
    path: str | os.PathLike[str], *, set: Sequence[str] = (), output: str | os.PathLike[str] | None = None
) -> Path:
    """Writes the report of a study that was run: one HTML file that opens offline; gives its path."""
    written = Path(path).with_suffix(".html") if output is None else Path(output)
    page = _amorph.report(path, list(set))
    part = written.with_name(written.name + ".part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(written)
    except OSError as error:
        raise FileError(f"cannot write '{written}': {error.strerror}", "choose another place with `output`") from error
    return written


def _callback(told: Callable[[Progress], object]) -> Callable[[str, int, str, int, int], object]:
    def callback(event: str, job: int, text: str, done: int, total: int) -> object:
        return told(Progress(cast(Any, event), job, text, done, total))

    return callback


class _Teller:
    """How far a study is, on standard error."""

    def __init__(self) -> None:
        self.done, self.total = 0, 0

    def __call__(self, progress: Progress) -> None:
        if progress.event == "planned":
            self.done, self.total = progress.done, progress.total
        elif progress.event == "finished":
            self.done += 1
        else:
            return
        end = "\n" if self.done == self.total else ""
        print(f"\ramorph: {self.done} of {self.total} results", end=end, file=sys.stderr, flush=True)
