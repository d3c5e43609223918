# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Viscosity before shear bands (`indentation.hold_viscosity`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class HoldViscosity(Method):
    r"""Viscosity before shear bands (`indentation.hold_viscosity`).

    Viscosity from the steady strain rate of holds at constant uniaxial stress, and its fall with the stress.

    Parameters
    ----------
    drift_strain_rate : Quantity | None, default None
        Strain rate that drift alone may make: rates below it give a lower limit of the viscosity.

    Notes
    -----
    # Viscosity before shear bands

    ## Idea
    A pillar of metallic glass is held at a stress below that of its first shear band. After a primary stage it flows steadily, like a very stiff liquid; its viscosity falls with the
    stress.

    ## Equations
    For uniaxial, incompressible flow the shear stress is $\sigma/2$ and the shear rate $\tfrac32\dot\varepsilon$, hence
    $$\eta = \frac{\sigma}{3\dot\varepsilon}$$
    (von Mises, $\sigma/\sqrt3$ and $\sqrt3\dot\varepsilon$, gives the same). The review does not say which rate it used; the apparent $\sigma/\dot\varepsilon$, three times as large, is
    listed beside it. Its values are $10^{11}$ to $10^{14}$ Pa s.

    The rate is the slope at the end of a parabola through the last half of the hold. A straight line would be sharper and wrong by more than its error while the primary stage
    fades, and a search for a part that looks straight lets noise choose the part. Where the curvature is beyond two standard errors the result is flagged, beyond 2.75 a cubic takes the place of
    the parabola (an exponential that bends so much has a third power, which takes part of the slope at the end away), beyond four there is no interval.

    ## Uncertainty
    Rate: generalised least squares with errors correlated from sample to sample, Student's interval with the effective number of samples. Where the interval holds zero, or the rate is below
    that of drift (`drift_strain_rate`), there is a lower limit of the viscosity and no value. Slope of $\ln\eta$ over $\ln\sigma$: four or more stresses, weighted by their errors, Student's interval.

    ## Failure modes
    - **Drift** of the rig is a strain rate: state it. **Primary creep** that has not ended makes the viscosity too small.
    - Stress that changes by more than 5 % is no hold.

    ## References
    Qiao et al. (2019), section 5.3.
    """
    ID: ClassVar[str] = "indentation.hold_viscosity"

    drift_strain_rate: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `hold_viscosity` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def hold_viscosity(
    data: Data,
    *,
    drift_strain_rate: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Viscosity before shear bands (`indentation.hold_viscosity`).

    Viscosity from the steady strain rate of holds at constant uniaxial stress, and its fall with
    the stress. See `HoldViscosity` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    drift_strain_rate : Quantity | None, default None
        Strain rate that drift alone may make: rates below it give a lower limit of the viscosity.
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

        - `strain_rate` (r, 1/s): steady strain rate, where there is one hold
        - `viscosity` (η, Pa s): σ/(3 r), where there is one hold
        - `viscosity_lower_limit` (η, Pa s): where the rate is not told from zero or from drift
        - `apparent_viscosity` (σ/r, Pa s): stress over strain rate, for comparison
        - `thinning_slope` (): d ln η/d ln σ over holds at several stresses

    References
    ----------
    - Qiao et al. (2019), review, section 5.3
    """
    return HoldViscosity(
        drift_strain_rate=drift_strain_rate,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
