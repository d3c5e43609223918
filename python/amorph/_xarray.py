"""Between `amorph.Map` and `xarray.DataArray`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ._optional import need

if TYPE_CHECKING:
    from .maps import Map


def from_map(shown: Map) -> Any:
    """Row 0 is the top of the image: y falls along the first dimension."""
    xarray = need("xarray", "Map.to_xarray")
    rows, columns = shown.shape
    attributes = {"units": shown.unit, "quantity": shown.quantity, "long_name": shown.quantity.replace("_", " ")}
    coordinates: dict[str, Any] = {}
    if shown.x_size is not None and shown.y_size is not None:
        units = {"units": shown.xy_unit}
        x = shown.x_origin + (np.arange(columns) + 0.5) * (shown.x_size / columns)
        y = shown.y_origin + (np.arange(rows)[::-1] + 0.5) * (shown.y_size / rows)
        coordinates = {"y": ("y", y, units), "x": ("x", x, units)}
    return xarray.DataArray(
        np.asarray(shown), dims=("y", "x"), coords=coordinates, name=shown.quantity, attrs=attributes
    )


def to_map(array: Any, quantity: str | None, unit: str | None) -> Map:
    """The size is the span of the pixel centres and half a pixel on either side."""
    from .maps import Map

    if array.ndim != 2:
        raise ValueError(f"a map has two dimensions, but the DataArray has {array.dims}")
    if set(array.dims) == {"x", "y"}:
        array = array.transpose("y", "x")
    quantity = quantity or array.attrs.get("quantity") or array.name
    unit = array.attrs.get("units") if unit is None else unit
    if not quantity:
        raise ValueError('the DataArray does not say what it shows: give it a name, or attrs["quantity"]')
    if unit is None:
        raise ValueError('the DataArray does not state its unit: set attrs["units"], for instance "deg"')
    values = np.asarray(array.values, dtype=np.float64)
    y, x = (array.coords.get(dimension) for dimension in array.dims)
    if x is None or y is None or min(values.shape) < 2:
        return Map(values, str(quantity), unit)
    xy_unit = _unit_of(x, y)
    (x_origin, x_size, x_falls), (y_origin, y_size, y_falls) = _edges(x), _edges(y)
    values = values[:, ::-1] if x_falls else values
    values = values if y_falls else values[::-1]
    return Map(values, str(quantity), unit, x_size, y_size, xy_unit, x_origin=x_origin, y_origin=y_origin)


def _unit_of(x: Any, y: Any) -> str:
    units = {str(coordinate.name): coordinate.attrs.get("units") for coordinate in (x, y)}
    found = set(units.values())
    if len(found) != 1 or None in found:
        raise ValueError(f'both coordinates need the same attrs["units"], such as "nm"; found {units}')
    return str(found.pop())


def _edges(coordinate: Any) -> tuple[float, float, bool]:
    centres: NDArray[np.float64] = np.asarray(coordinate.values, dtype=np.float64)
    steps = np.diff(centres)
    pitch = float(steps.mean())
    # Coordinates of files are rounded; a thousandth of a pixel does not matter.
    if pitch == 0 or not np.allclose(steps, pitch, rtol=1e-3, atol=0):
        raise ValueError(f"the coordinate {coordinate.name!r} is not evenly spaced: interpolate onto a grid first")
    low = float(min(centres[0], centres[-1])) - abs(pitch) / 2
    return low, abs(pitch) * len(centres), pitch < 0
