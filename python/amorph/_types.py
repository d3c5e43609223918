"""What the generated methods accept."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from .results import Estimate, Result

if TYPE_CHECKING:
    from .files import File
    from .maps import Map
    from .study import Study
    from .tables import Table


class LabelledArray(Protocol):
    """An `xarray.DataArray` or `xarray.Dataset`."""

    @property
    def dims(self) -> Any: ...
    @property
    def coords(self) -> Any: ...


class DataFrame(Protocol):
    """A `pandas.DataFrame`."""

    @property
    def columns(self) -> Any: ...
    @property
    def dtypes(self) -> Any: ...


#: `"40 N/m"`, `"40 +- 4 N/m"`, `(40, "N/m")`, an estimate, or a plain number for what has no unit.
Quantity: TypeAlias = Union[str, float, tuple[float, str], Estimate]

#: What stands for itself: a file or its path, a map, a table, a four-dimensional array, an `xarray.DataArray` or
#: `Dataset`, a `pandas.DataFrame`, or the result of an earlier method, which stands for its maps.
Datum: TypeAlias = Union[
    "File", "Map", "Table", Result, str, os.PathLike[str], NDArray[np.generic], LabelledArray, DataFrame
]

#: One datum, or several that belong together, such as the maps of one scan.
Data: TypeAlias = Union[Datum, Sequence[Datum]]

#: Quantity of a map -> its index, its name, or `trace` or `retrace`.
Channels: TypeAlias = Mapping[str, Union[int, str]]

#: Results of earlier methods.
After: TypeAlias = Union[Result, Sequence[Result]]

#: Results of earlier methods for the sites of one state.
Results: TypeAlias = Union[Result, Sequence[Result]]

#: A study, results that know their state, or state -> results of its sites.
StudyResults: TypeAlias = Union["Study", Sequence[Result], Mapping[str, Results]]

#: State -> alloy.
Alloys: TypeAlias = Mapping[str, str]

#: Where a file is.
FilePath: TypeAlias = Union[str, os.PathLike[str]]

#: State -> key of an estimate -> its known value.
Truth: TypeAlias = Mapping[str, Mapping[str, Quantity]]
