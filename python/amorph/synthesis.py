"""Heterogeneity cards: the same as `amorph card`."""

from __future__ import annotations

import os
from pathlib import Path

from . import _amorph
from .results import Result
from .study import Study


def card(path: str | os.PathLike[str], *, sample: str | None = None, state: str | None = None) -> Result:
    """Puts the findings of all techniques on one card and tests whether they agree.

    The numbers of the result are the common values, given only where the findings agree; `to_dataframe()` lists them.
    `tables["findings"]`, `["consistency"]`, `["cross_links"]` and `["missing_measurements"]` hold the rest.

    Parameters
    ----------
    path : path
        A card file, or a study that was run.
    sample, state : str, optional
        Which part of the study; every state has a card of its own where absent.

    Raises
    ------
    StudyError
        With every mistake in the file and its place.
    AnalysisError
        When the findings do not belong on one card, or there are none.
    """
    text, arrays = _amorph.card(path, sample, state)
    return Study(text, arrays, Path(path), ())[-1]
