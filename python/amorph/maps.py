"""Two-dimensional data: images and spectra."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _amorph, _xarray


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Map:
    """A two-dimensional image: rows from the top, columns from the left.

    Parameters
    ----------
    values : array_like, shape (rows, columns)
        In `unit`; NaN where missing. A copy is kept, read-only. A masked array brings its mask.
    quantity : str
        What is shown, in the words of the methods: `height`, `phase`, `amplitude`, `amplitude_error`,
        `dissipated_energy` ...
    unit : str
        Unit of the values, for instance `"nm"` or `"deg"`; empty for plain numbers.
    x_size, y_size : float, optional
        Width and height of the full pixel box (pixels times pitch), in `xy_unit`. Nothing is guessed: a method that
        needs them refuses a map without.
    xy_unit : str
        Unit of the sizes.
    mask : array_like of bool, optional
        True where a value must not be used.
    name : str, optional
        Name of the channel; the quantity where absent.
    direction : {"trace", "retrace"}, optional
        Direction of the tip along the fast axis.
    """

    values: NDArray[np.float64]
    quantity: str
    unit: str
    x_size: float | None
    y_size: float | None
    xy_unit: str
    mask: NDArray[np.bool_] | None
    name: str
    direction: Literal["trace", "retrace"] | None
    x_origin: float = 0.0
    y_origin: float = 0.0
    #: What a file says beside: index, digitiser step, levelling, excluded pixels.
    details: dict[str, Any] = field(default_factory=dict)

    def __init__(
        self,
        values: ArrayLike,
        quantity: str,
        unit: str,
        x_size: float | None = None,
        y_size: float | None = None,
        xy_unit: str = "m",
        *,
        mask: ArrayLike | None = None,
        name: str | None = None,
        direction: Literal["trace", "retrace"] | None = None,
        x_origin: float = 0.0,
        y_origin: float = 0.0,
    ) -> None:
        masked = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
        array = np.array(np.ma.getdata(values), dtype=np.float64, order="C")
        if array.ndim != 2:
            raise ValueError(f"a map has two dimensions, but the values have the shape {array.shape}")
        for size, side in ((x_size, "x_size"), (y_size, "y_size")):
            if size is not None and not size > 0:
                raise ValueError(f"{side} must be positive, but it is {size}")
        if (x_size is None) != (y_size is None):
            raise ValueError("x_size and y_size belong together: give both or neither")
        _amorph.convert(0.0, unit, unit)
        _amorph.convert(0.0, xy_unit, xy_unit)
        set_field = object.__setattr__
        set_field(self, "values", read_only(array))
        set_field(self, "quantity", quantity)
        set_field(self, "unit", unit)
        set_field(self, "x_size", None if x_size is None else float(x_size))
        set_field(self, "y_size", None if y_size is None else float(y_size))
        set_field(self, "xy_unit", xy_unit)
        set_field(self, "mask", _mask(masked if mask is None else mask, array.shape))
        set_field(self, "name", name or quantity)
        set_field(self, "direction", direction)
        set_field(self, "x_origin", float(x_origin))
        set_field(self, "y_origin", float(y_origin))
        set_field(self, "details", {})

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    def to(self, unit: str) -> Map:
        """The same map with its values in another unit."""
        values = _amorph.convert_array(self.values, self.unit, unit)
        return Map(
            values,
            self.quantity,
            unit,
            self.x_size,
            self.y_size,
            self.xy_unit,
            mask=self.mask,
            name=self.name,
            direction=self.direction,
            x_origin=self.x_origin,
            y_origin=self.y_origin,
        )

    def to_xarray(self) -> Any:
        """An `xarray.DataArray` with the pixel centres as coordinates and the units as attributes; masked pixels are NaN."""
        return _xarray.from_map(self)

    @classmethod
    def from_xarray(cls, array: Any, *, quantity: str | None = None, unit: str | None = None) -> Map:
        """From a two-dimensional `xarray.DataArray`.

        The unit comes from `attrs["units"]`, the quantity from `attrs["quantity"]` or the name, the size from the
        coordinates and their `attrs["units"]`.
        """
        return _xarray.to_map(array, quantity, unit)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """The values, NaN where masked."""
        shown = self.values if self.mask is None else np.where(self.mask, np.nan, self.values)
        converted = np.asarray(shown, dtype=dtype)
        return converted.copy() if copy and converted is self.values else converted

    def __repr__(self) -> str:
        rows, columns = self.shape
        size = "" if self.x_size is None else f", {self.x_size:g} x {self.y_size:g} {self.xy_unit}"
        direction = "" if self.direction is None else f", {self.direction}"
        return f"<Map {self.quantity} [{self.unit or '1'}], {columns} x {rows} pixels{size}{direction}>"


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, which nobody can change any more."""
    array.setflags(write=False)
    return array


def _mask(mask: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    if mask is None:
        return None
    array = np.array(mask, dtype=np.bool_, order="C")
    if array.shape != shape:
        raise ValueError(f"the mask has the shape {array.shape}, the values {shape}")
    return read_only(array) if array.any() else None


_DETAILS = ("index", "levelled_by_instrument", "least_significant_bit", "invalid")


def of_header(header: dict[str, Any], values: NDArray[np.float64], mask: NDArray[np.bool_] | None) -> Map:
    """A map as the native module hands it over; its unit may be one that only the instrument knows."""
    extent = header["extent"]
    made = object.__new__(Map)
    fields: dict[str, Any] = {
        "values": read_only(values),
        "quantity": header["quantity"],
        "unit": header["unit"],
        "x_size": extent and extent["x"][1] - extent["x"][0],
        "y_size": extent and extent["y"][1] - extent["y"][0],
        "xy_unit": extent["unit"] if extent else "m",
        "mask": None if mask is None else read_only(mask),
        "name": header["name"],
        "direction": header["direction"],
        "x_origin": extent["x"][0] if extent else 0.0,
        "y_origin": extent["y"][0] if extent else 0.0,
        "details": {key: header[key] for key in _DETAILS if header.get(key)},
    }
    for key, value in fields.items():
        object.__setattr__(made, key, value)
    return made


def to_header(shown: Map) -> dict[str, Any]:
    """A map without its arrays, as the native module takes it."""
    extent = None
    if shown.x_size is not None and shown.y_size is not None:
        x, y = shown.x_origin, shown.y_origin
        extent = {"x": [x, x + shown.x_size], "y": [y, y + shown.y_size], "unit": shown.xy_unit}
    return {
        "quantity": shown.quantity,
        "name": shown.name,
        "unit": shown.unit,
        "extent": extent,
        "direction": shown.direction,
        "levelled_by_instrument": None,
        "least_significant_bit": None,
        "invalid": [],
        "index": 0,
        "array": None,
    } | shown.details
