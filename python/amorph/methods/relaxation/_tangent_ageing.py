# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Loss tangent over ageing (`relaxation.tangent_ageing`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TangentAgeing(Method):
    r"""Loss tangent over ageing (`relaxation.tangent_ageing`).

    A stretched decay through the loss tangent at one temperature and frequency: what it comes down to, what it loses, in what time.

    Parameters
    ----------
    start : Quantity | None, default None
        Time at which ageing begins, for instance "90 s" when the temperature was reached then;
        absent: the zero of the column of times.

    Notes
    -----
    # Loss tangent over ageing

    ## Idea
    A glass that is held below its transition ages: fewer sites take part in relaxation, and the loss tangent at one frequency falls. How far it falls, and in what time, is read off a decay through the whole series.

    ## Equations
    $$\tan\delta(t) = A + B\,e^{-(t/\tau)^b},\qquad 0.1 \le b \le 1.5$$
    $t$ counts from `start` (the moment at which the temperature was reached; absent: the zero of the column of times). Readings are averaged in fortieths of a decade of time and weighted by their number. $B$ may be negative: a loss tangent
    that rises (rejuvenation, crystals).

    ## Uncertainty
    Size of the errors from the scatter; profile intervals with Student's t; where neighbouring residuals are alike, $\sqrt{(1+\rho)/(1-\rho)}$ times wider. No interval where errors of neighbouring readings are alike by more than 0.6, nor where
    the series ends before a number is told. An F test against a constant comes first (`ageing_p`): above 0.01 no ageing is reported. Errors of temperature and of `start` are in no interval. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **The zero of time** moves $\tau$ and $b$: a heating ramp counted as ageing makes $b$ too large.
    - **A series shorter than $\tau$** leaves $A$, $B$ and $\tau$ to replace each other: their intervals are wide or open.
    - **Crystallisation** raises the storage modulus and lowers the loss tangent as well; compare the storage modulus.
    - **Drift of the phase** is no ageing, and nothing here tells them apart.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 2.2.1.
    """
    ID: ClassVar[str] = "relaxation.tangent_ageing"

    start: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `tangent_ageing` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def tangent_ageing(
    data: Data,
    *,
    start: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Loss tangent over ageing (`relaxation.tangent_ageing`).

    A stretched decay through the loss tangent at one temperature and frequency: what it comes down
    to, what it loses, in what time. See `TangentAgeing` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    start : Quantity | None, default None
        Time at which ageing begins, for instance "90 s" when the temperature was reached then;
        absent: the zero of the column of times.
    channels : Channels | None
        Which map to take where several are of one quantity: its index, its name, or `"trace"` or
        `"retrace"`.
    after : After
        Results of earlier methods on the same data.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `tangent_settled` (A): loss tangent at last, of tan δ = A + B exp(-(t/τ)^b)
        - `tangent_lost` (B): what the loss tangent loses
        - `ageing_time` (τ, s): time of that
        - `ageing_exponent` (b): its exponent
        - `ageing_p` (p): probability of as much change where the loss tangent does not change

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.1
    """
    return TangentAgeing(
        start=start,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
