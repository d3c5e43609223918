# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Comparison with known values (`compare.truth`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CompareTruth(Method):
    r"""Comparison with known values (`compare.truth`).

    Says for every value known beforehand whether the interval of the study holds it.

    Notes
    -----
    # Comparison with known values

    **Idea.** A virtual sample has a truth, and a reference sample a certified value. A study that states them,

    ```toml
    [sample.state.truth]
    correlation_length = "4.1 nm"
    ```

    is told for each whether its 95 % interval holds it. `amorph demo` uses this to prove the whole chain from instrument file to report.

    **What is compared.** The estimate of the state where a method gives one (an activation energy), else the mean over sites with its
    interval by Student's t, else the single-image estimate with its own interval.

    **Reading it.** Of many intervals one in twenty misses the truth when everything is right. The note warns when there are more misses
    than chance would bring once in a thousand studies.

    **Failure modes.** A value whose estimate has no interval is listed, and not judged.
    """
    ID: ClassVar[str] = "compare.truth"

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `truth` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def truth(
    results: StudyResults,
    *,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Comparison with known values (`compare.truth`).

    Says for every value known beforehand whether the interval of the study holds it. See
    `CompareTruth` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    alloys : Alloys | None
        Alloy of every state, to find the published values that belong to it: state -> alloy.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
    """
    return CompareTruth().run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
