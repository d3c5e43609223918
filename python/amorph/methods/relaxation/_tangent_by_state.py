# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Loss tangents of the states (`relaxation.tangent_by_state`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Quantity, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TangentByState(Method):
    r"""Loss tangents of the states (`relaxation.tangent_by_state`).

    Ratio of the loss tangents of two states over temperature with its band, the area between them and the heights of their maxima, each with a test.

    Parameters
    ----------
    coldest : Quantity | None, default None
        Lowest temperature that counts, for instance "280 K"; absent: the lowest that all curves
        have.
    hottest : Quantity | None, default None
        Highest temperature that counts; absent: the highest that all curves have.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.

    Notes
    -----
    # Loss tangents of the states

    ## Idea
    Rolling, ageing and slow cooling change the slow beta process: the shoulder of the loss tangent below the glass transition grows or shrinks. Curves laid over each other show it; whether the difference is more than error, and how large it is, is told here.

    ## Equations
    $$r(T) = \frac{\tan\delta(T)}{\tan\delta_{ref}(T)},\qquad \Delta A = \int_{T_1}^{T_2} (\tan\delta - \tan\delta_{ref})\,dT,\qquad \Delta h = h - h_{ref}$$
    Curves come from `relaxation.loss_tangent`, one per specimen and frequency (equal to 2 %). $T_1$ and $T_2$ are the ends of what all curves share, or `coldest` and `hottest`. Areas are trapezoids over the readings of every specimen; between readings a
    curve is straight. $h$ is the top of the parabola through eleven readings around the largest mean of five; where that lies at an end of the range (a shoulder, or the flank of the alpha process) there is no height.

    ## Uncertainty
    Two or more specimens in both states: Welch's test and interval from their scatter. Else from the errors of the readings, which hold neither scatter between specimens nor of mounting; a warning says so. The band of $r$ is that of the readings,
    at each temperature by itself: over fifty temperatures two or three lie outside where nothing differs. Heights have standard errors only. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **First and second heating** are two states: name them so.
    - **A range that reaches into the alpha process** makes the area that of a shift of Tg; set `hottest` below it.
    - **Temperatures that are off by some kelvin** between mountings shift a steep flank: the ratio differs from 1 without any change of the process.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019). B. L. Welch, *Biometrika* **34**, 28 (1947).
    """
    ID: ClassVar[str] = "relaxation.tangent_by_state"

    coldest: Quantity | None = None
    hottest: Quantity | None = None
    reference: str | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `tangent_by_state` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def tangent_by_state(
    results: StudyResults,
    *,
    coldest: Quantity | None = None,
    hottest: Quantity | None = None,
    reference: str | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Loss tangents of the states (`relaxation.tangent_by_state`).

    Ratio of the loss tangents of two states over temperature with its band, the area between them
    and the heights of their maxima, each with a test. See `TangentByState` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    coldest : Quantity | None, default None
        Lowest temperature that counts, for instance "280 K"; absent: the lowest that all curves
        have.
    hottest : Quantity | None, default None
        Highest temperature that counts; absent: the highest that all curves have.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    alloys : Alloys | None
        Alloy of every state, to find the published values that belong to it: state -> alloy.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `tangent_area_change@state-reference` (ΔA, K): difference of the integrals of the loss
        tangent over temperature
        - `tangent_area_ratio@state-reference` (A/A_ref): ratio of these integrals
        - `tangent_area_p@state-reference` (p): probability of as large a difference where the
        states are the same
        - `tangent_height_change@state-reference` (Δh): difference of the heights of the maximum,
        where both have one
        - `tangent_height_p@state-reference` (p): probability of as large a difference where the
        states are the same

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    """
    return TangentByState(
        coldest=coldest,
        hottest=hottest,
        reference=reference,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
