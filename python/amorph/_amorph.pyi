"""Types of the native module: arrays in, arrays and JSON out."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, TypeAlias, TypedDict, final

import numpy as np
from numpy.typing import NDArray

_Arrays: TypeAlias = tuple[NDArray[np.float64], NDArray[np.bool_] | None]
_Column: TypeAlias = NDArray[np.float64] | list[str]

class _Upstream(TypedDict):
    job: str
    method: str
    state: str
    item: str
    outcome: str
    arrays: Sequence[_Arrays]

class _Dataset(TypedDict):
    label: str
    files: list[NativeFile]
    maps: list[tuple[str, _Arrays]]
    tables: list[tuple[str, str, list[tuple[str, str, _Column]]]]
    scans: list[NDArray[Any]]
    sources: list[tuple[str, str]]
    channels: list[tuple[str, int | str]]
    constants: list[tuple[str, str]]
    upstream: list[_Upstream]
    truth: list[tuple[str, str, str]]
    alloys: list[tuple[str, str]]
    card: str | None

@final
class NativeFile:
    def header(self) -> str: ...
    def arrays(self) -> list[_Arrays]: ...
    def traces(self) -> list[NDArray[np.float64]]: ...

def open(path: str | PathLike[str], traces: str = "") -> NativeFile: ...
def registry() -> str: ...
def canonical(method: str, parameters_json: str) -> str: ...
def run_method(method: str, parameters_json: str, dataset: _Dataset, seed: int) -> tuple[str, list[_Arrays]]: ...
def run_study(
    path: str | PathLike[str],
    overrides: Sequence[str],
    jobs: int | None,
    progress: Callable[[str, int, str, int, int], object] | None,
) -> tuple[str, list[list[_Arrays]]]: ...
def report(path: str | PathLike[str], overrides: Sequence[str]) -> str: ...
def card(
    path: str | PathLike[str], sample: str | None, state: str | None
) -> tuple[str, list[list[_Arrays]]]: ...
def literature(
    words: str, alloy: str | None, quantity: str | None, paper: str | None, file: str | PathLike[str] | None
) -> str: ...
def figure_svg(figure: str, maps: str, arrays: Sequence[_Arrays], theme: str) -> str: ...
def figure_png(figure: str, maps: str, arrays: Sequence[_Arrays], theme: str, scale: float) -> bytes: ...
def convert(value: float, origin: str | None, unit: str | None) -> float: ...
def convert_array(values: NDArray[np.float64], origin: str | None, unit: str | None) -> NDArray[np.float64]: ...
def show(
    value: float, std_error: float | None, interval: tuple[float, float] | None, unit: str
) -> tuple[str, str | None]: ...
def theory_read(model: str, key: str, text: str) -> float: ...
def theory_evaluate(model: str, columns: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]: ...
def theory_propagate(
    model: str, arguments: Sequence[tuple[str, str]], systematic: Sequence[str], seed: int
) -> str: ...
