# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Ageing by annihilation of flow units (`relaxation.flow_unit_ageing`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class FlowUnitAgeing(Method):
    r"""Ageing by annihilation of flow units (`relaxation.flow_unit_ageing`).

    Concentration of flow units and its decay from a property (density, modulus, hardness, recovery enthalpy) over ageing time, beside a stretched exponential.

    Notes
    -----
    # Ageing by annihilation of flow units

    ## Idea
    Regions that flow easily (flow units) make a glass lighter, softer and richer in enthalpy than it would be without them. Ageing removes them, and the property comes nearer to its value without any. The form of that approach tells how many there were and how they went.

    ## Equations
    $$M(t) = \frac{M_\infty}{1 + c(t)},\qquad c(t) = \left(\frac{a}{b+t}\right)^{\beta} = c(0)\,(1 + t/b)^{-\beta},\qquad c(0) = (a/b)^{\beta}$$
    $M$ is a property that rises in ageing: density, elastic modulus, hardness, or the enthalpy given up since the start. $M_\infty$, $\ln c(0)$, $\ln b$ and $\ln \beta$ are fitted, which replace each other less than $a$, $b$ and $\beta$ do.
    A stretched exponential, which has as many numbers, is fitted beside it; `flow_unit_delta_bic` above 6 speaks for flow units, below -6 against them.

    ## Input
    A table with `ageing_time`, `property` (any unit) and, where known, `property_error`. A reading at time 0 belongs in it: it holds $c(0)$.

    ## Uncertainty
    Errors from the column, or their common size from the scatter. Profile intervals; where neighbouring residuals are alike, $\sqrt{(1+\rho)/(1-\rho)}$ times wider; none where the readings leave a side open. An F test against a constant comes first (`flow_unit_p`):
    above 0.01 nothing is reported. Errors of the temperature and of the zero of time are in no interval. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **A property that falls** (plastic strain, recovery enthalpy still stored) is refused: the printed law cannot fall. Give what was lost, or the inverse.
    - **A short series** leaves $M_\infty$ open: everything else then hangs on it, and the intervals are open or wide.
    - **Crystals** raise density and modulus as well; the law cannot tell.
    - **The concentration is that of the model**: $c$ is what the property lacks to $M_\infty$ as a share, and no count of regions.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), equation 4.1 and figure 56. D. M. Bates, D. G. Watts, *Nonlinear Regression Analysis and Its Applications*, Wiley (1988), doi:10.1002/9780470316757.
    """
    ID: ClassVar[str] = "relaxation.flow_unit_ageing"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `flow_unit_ageing` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def flow_unit_ageing(
    data: Data,
    *,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Ageing by annihilation of flow units (`relaxation.flow_unit_ageing`).

    Concentration of flow units and its decay from a property (density, modulus, hardness, recovery
    enthalpy) over ageing time, beside a stretched exponential. See `FlowUnitAgeing` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
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

        - `flow_unit_start` (c(0)): concentration of flow units at the start, of M = M∞/(1 + c), c =
        (a/(b + t))^β
        - `flow_unit_last` (c(t_N)): concentration at the last reading
        - `flow_unit_exponent` (β): exponent of that law
        - `flow_unit_start_time` (b, s): age at the start
        - `flow_unit_amplitude_time` (a, s): amplitude of the law, b c(0)^(1/β)
        - `flow_unit_settled` (M∞): the property after all flow units are gone, in its unit
        - `flow_unit_delta_bic` (ΔBIC): of a stretched exponential less that of this law: above 0
        this law is better
        - `flow_unit_p` (p): probability of as much change where the property does not change

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), equation 4.1
    - D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley (1988),
    doi:10.1002/9780470316757
    """
    return FlowUnitAgeing().run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
