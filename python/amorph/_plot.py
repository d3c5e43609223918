"""Figure specifications drawn with matplotlib. Values come in SI; each axis names the unit to show them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _amorph
from ._optional import need
from .errors import UnitError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .results import Arrays

#: The colours of the report (Okabe and Ito 2008 for series).
ROLES = {
    "data": "#20639b",
    "model": "#d1490c",
    "null": "#7b848e",
    "reference": "#0b7a5b",
    "highlight": "#c2185b",
}
SERIES = ("#0072b2", "#d55e00", "#009e73", "#b8599a", "#c98a00", "#3a9bd1", "#6a51a3", "#4d4d4d")
TOPOGRAPHY = ("#160903", "#3a1908", "#642d0d", "#8f4712", "#b76721", "#d48e44", "#e8b676", "#f4dab0", "#fef7ec")

#: Width and height of a panel, inches.
PANEL = (5.0, 4.0)


def draw(figure: Mapping[str, Any], headers: Sequence[Mapping[str, Any]], arrays: Sequence[Arrays]) -> Figure:
    """One subplot per panel, side by side."""
    pyplot = need("matplotlib.pyplot", "Result.plot")
    panels = figure["panels"]
    width, height = PANEL
    drawn, axes = pyplot.subplots(
        1, len(panels), figsize=(width * len(panels), height), layout="constrained", squeeze=False
    )
    images = {header["quantity"]: (header, *own) for header, own in zip(headers, arrays, strict=True)}
    for panel, ax in zip(panels, axes[0], strict=True):
        _Painter(ax, panel, images).draw()
    drawn.suptitle(figure["title"])
    return drawn  # type: ignore[no-any-return]


class _Painter:
    """Draws one panel."""

    def __init__(self, ax: Axes, panel: Mapping[str, Any], images: Mapping[str, Any]) -> None:
        self.ax, self.panel, self.images = ax, panel, images
        shown = [images[mark["map"]][0] for mark in panel["marks"] if mark["mark"] == "image"]
        #: A map without a size is drawn in pixels.
        self.in_pixels = any(header["extent"] is None for header in shown)

    def draw(self) -> None:
        for mark in self.panel["marks"]:
            getattr(self, mark["mark"])(mark)
        self.ax.set_title(self.panel["title"], fontsize="medium")
        for side in ("x", "y"):
            self._axis(side)
        if self.panel["equal_aspect"]:
            self.ax.set_aspect("equal")
        handles, labels = self.ax.get_legend_handles_labels()
        if labels:
            self.ax.legend(handles, labels, fontsize="small", frameon=False)

    def line(self, mark: Mapping[str, Any]) -> None:
        style = "--" if mark["dashed"] else "-"
        self.ax.plot(self.x(mark["x"]), self.y(mark["y"]), style, color=colour(mark), label=label(mark))

    def points(self, mark: Mapping[str, Any]) -> None:
        x, y = self.x(mark["x"]), self.y(mark["y"])
        self.ax.errorbar(
            x,
            y,
            xerr=bars(x, self.x(mark["x_interval"])),
            yerr=bars(y, self.y(mark["y_interval"])),
            fmt="o",
            markersize=4,
            capsize=2,
            linewidth=1,
            color=colour(mark),
            label=label(mark),
        )

    def band(self, mark: Mapping[str, Any]) -> None:
        x, lo, hi = self.x(mark["x"]), self.y(mark["lo"]), self.y(mark["hi"])
        self.ax.fill_between(x, lo, hi, color=colour(mark), alpha=0.25, linewidth=0, label=label(mark))

    def bars(self, mark: Mapping[str, Any]) -> None:
        edges, heights = self.x(mark["edges"]), self.y(mark["heights"])
        self.ax.stairs(heights, edges, fill=True, color=colour(mark), alpha=0.6, label=label(mark))

    def outlines(self, mark: Mapping[str, Any]) -> None:
        collections = need("matplotlib.collections", "Result.plot")
        polygons = [np.column_stack([self.x(outline[:, 0]), self.y(outline[:, 1])]) for outline in _outlines(mark)]
        self.ax.add_collection(
            collections.PolyCollection(
                polygons, facecolors="none", edgecolors=colour(mark), linewidths=1, label=label(mark)
            )
        )

    def rule(self, mark: Mapping[str, Any]) -> None:
        on_x = mark["axis"] == "x"
        (at,) = (self.x if on_x else self.y)([mark["at"]])
        across = self.ax.axvline if on_x else self.ax.axhline
        across(at, color=colour(mark), linestyle="--", linewidth=1, label=label(mark))

    def image(self, mark: Mapping[str, Any]) -> None:
        colours = need("matplotlib.colors", "Result.plot")
        header, values, mask = self.images[mark["map"]]
        spec = mark["colour"]
        unit, shown = _in_unit(values, header["unit"], spec["unit"])
        if mask is not None:
            shown = np.where(mask, np.nan, shown)
        lo, hi = _colour_range(shown, header["unit"], unit, spec)
        norm = colours.LogNorm(lo, hi) if spec["scale"] == "log" else colours.Normalize(lo, hi)
        rows, columns = values.shape
        extent = (0.0, float(columns), 0.0, float(rows))
        if header["extent"] is not None:
            box = header["extent"]
            edges = {side: _known(np.array(box[side], dtype=np.float64), box["unit"], None) for side in ("x", "y")}
            (left, right), (bottom, top) = self.x(edges["x"]), self.y(edges["y"])
            extent = (float(left), float(right), float(bottom), float(top))
        picture = self.ax.imshow(shown, extent=extent, cmap=_palette(spec["palette"]), norm=norm, origin="upper")
        self.ax.figure.colorbar(picture, ax=self.ax, label=with_unit(spec["label"], unit), shrink=0.85)

    def x(self, values: ArrayLike) -> NDArray[np.float64]:
        return self._shown(values, self.panel["x"])

    def y(self, values: ArrayLike) -> NDArray[np.float64]:
        return self._shown(values, self.panel["y"])

    def _shown(self, values: ArrayLike, axis: Mapping[str, Any]) -> NDArray[np.float64]:
        # JSON has no NaN: missing numbers are None.
        array = np.array(values, dtype=np.float64)
        if self.in_pixels or axis["categories"]:
            return array
        return _known(array, None, axis["unit"])

    def _axis(self, side: str) -> None:
        axis = self.panel[side]

        def setter(what: str) -> Any:
            return getattr(self.ax, f"set_{side}{what}")

        if axis["scale"] == "log":
            setter("scale")("log")
        if axis["categories"]:
            setter("ticks")(range(len(axis["categories"])), axis["categories"])
            setter("label")(axis["label"])
        else:
            setter("label")(with_unit(axis["label"], "px" if self.in_pixels else axis["unit"]))
        if axis["range"] is not None:
            setter("lim")(*self._shown(axis["range"], axis))


def colour(mark: Mapping[str, Any]) -> str:
    """The colour of a meaning."""
    role = mark["role"]
    return SERIES[role["series"] % len(SERIES)] if isinstance(role, dict) else ROLES[role]


def label(mark: Mapping[str, Any]) -> str | None:
    """None keeps a mark out of the legend."""
    return mark["name"] or None


def with_unit(text: str, unit: str) -> str:
    """`distance (nm)`."""
    return f"{text} ({unit})" if unit else text


def bars(values: NDArray[np.float64], interval: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Lengths of error bars below and above."""
    if interval.size == 0:
        return None
    lengths = np.abs(np.stack([values - interval[:, 0], interval[:, 1] - values]))
    return np.nan_to_num(lengths)


def _outlines(mark: Mapping[str, Any]) -> list[NDArray[np.float64]]:
    return [np.array(polygon, dtype=np.float64) for polygon in mark["polygons"] if polygon]


def _known(values: NDArray[np.float64], origin: str | None, unit: str | None) -> NDArray[np.float64]:
    """Values in `origin` shown in `unit` (SI where None); as they are where a unit is one that only an instrument knows."""
    try:
        return _amorph.convert_array(values, origin, unit)
    except UnitError:
        return values


def _in_unit(values: NDArray[np.float64], origin: str, unit: str) -> tuple[str, NDArray[np.float64]]:
    """Values in the unit of the colour bar, or in their own where it does not fit."""
    try:
        return unit, _amorph.convert_array(values, origin, unit)
    except UnitError:
        return origin, values


def _colour_range(
    shown: NDArray[np.float64], origin: str, unit: str, spec: Mapping[str, Any]
) -> tuple[float, float]:
    """As stated, else 0.5 to 99.5 % of the values, balanced about zero where two hues meet there."""
    if spec["range"] is not None:
        lo, hi = _in_unit(np.array(spec["range"], dtype=np.float64), origin, unit)[1]
        return float(lo), float(hi)
    logarithmic = spec["scale"] == "log"
    usable = shown[np.isfinite(shown) & ((shown > 0) | (not logarithmic))]
    if usable.size == 0:
        return (1.0, 10.0) if logarithmic else (0.0, 1.0)
    lo, hi = (float(value) for value in np.percentile(usable, [0.5, 99.5]))
    if spec["palette"] == "diverging" and not logarithmic:
        hi = max(abs(lo), abs(hi))
        lo = -hi
    if lo == hi:
        return (lo / 2, lo * 2) if logarithmic else (lo - 0.5, lo + 0.5)
    return lo, hi


def _palette(name: str) -> Any:
    if name == "topography":
        return need("matplotlib.colors", "Result.plot").LinearSegmentedColormap.from_list("topography", TOPOGRAPHY)
    return {"sequential": "viridis", "diverging": "RdBu_r", "cyclic": "twilight"}[name]
