# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Loss tangent over temperature (`relaxation.loss_tangent`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class LossTangent(Method):
    r"""Loss tangent over temperature (`relaxation.loss_tangent`).

    The loss tangent at every frequency over temperature, with the error of every reading; what the comparison of states works on.

    Parameters
    ----------
    phase_error : float | None, default None
        Standard error of the phase, rad; absent: from what readings are off their neighbours.

    Notes
    -----
    # Loss tangent over temperature

    ## Idea
    The loss tangent needs no dimensions of the specimen: clamps and thickness cancel in $\tan\delta = M''/M'$. That makes it the number by which states of a glass (as cast, aged, rolled) are compared. What a difference means depends on the error of a
    reading, which this method finds; `relaxation.tangent_by_state` compares.

    ## Equations
    $$\tan\delta = M''/M',\qquad \sigma_{\tan\delta} = \sigma_\delta\,(1+\tan^2\delta)$$
    $\sigma_\delta$ is one for all readings of a file: the median of what a reading is off the cubic through its two neighbours on either side, over what errors alone would make of it. Or it is stated, `phase_error`.

    ## Uncertainty
    With steps so coarse that a cubic does not follow the curve the error comes out too large: at steps of 4 K and a peak 40 K wide by 4 %.

    ## Failure modes
    - **Smoothed exports** have errors that neighbours share: $\sigma_\delta$ is far too small. State `phase_error`.
    - **Crystallisation** raises the storage modulus and lowers the loss tangent; compare below it.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.loss_tangent"

    phase_error: float | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `loss_tangent` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def loss_tangent(
    data: Data,
    *,
    phase_error: float | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Loss tangent over temperature (`relaxation.loss_tangent`).

    The loss tangent at every frequency over temperature, with the error of every reading; what the
    comparison of states works on. See `LossTangent` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    phase_error : float | None, default None
        Standard error of the phase, rad; absent: from what readings are off their neighbours.
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

        - `phase_error` (σ_δ): standard error of a phase, rad

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return LossTangent(
        phase_error=phase_error,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
