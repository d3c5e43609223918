# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Creep (`relaxation.creep`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Creep(Method):
    r"""Creep (`relaxation.creep`).

    Six laws of a strain at constant stress: what is retarded, what flows, and whether the hold tells them apart; viscosity with an interval over all laws still open.

    Parameters
    ----------
    discard : float, default 10.0
        How many times the time of loading is left out at the start of the hold.
    hold_start : Quantity | None, default None
        Time at which the stress stands still, for instance "12 s"; absent: where it reaches that of
        the hold.

    Notes
    -----
    # Creep

    ## Idea
    A stress is held and the strain grows: part of it at once, part of it later and with an end (retarded, recovered after unloading), part of it without an end (flow). A viscosity read from the last slope of
    a hold is the flow plus whatever is still retarded. Six laws are fitted; a viscosity is given only where every law that describes the creep flows.

    ## Equations
    $$J(t) = \frac{\varepsilon(t)}{\sigma} = J_u + J_1 f(t) + \frac{t}{\eta}$$

    | law | $f$ | flow |
    |---|---|---|
    | maxwell | 0 | yes |
    | burgers | $1-e^{-t/\tau}$ | yes |
    | stretched, stretched_flow | $1-e^{-(t/\tau)^\beta}$ | no, yes |
    | power, power_flow (Andrade: $\beta=1/3$) | $(t/T)^\beta$, $T$ the end of the hold | no, yes |

    **The ramp.** Strain under a ramp is the mean of $J$ over the ages of the load. Times count from the middle of the loading, which takes the ramp out to second order, and the first `discard` (10) times
    its length are left out. A trace that begins with the hold cannot say how long loading took: a warning, and nothing is left out.

    **The stress** is a column, constant within 3 %, or `creep_stress`. $J_u$ holds the machine: it has no interval.

    ## Uncertainty
    Readings are averaged in hundredths of a decade and weighted by their number. Laws are compared by Akaike's criterion (few-reading correction, bins that are alike counted once); those within 6 of the best stay **open**.
    The interval of $\eta$ is the hull of the profile intervals (Student's t, wider by $\sqrt{(1+\rho)/(1-\rho)}$ for residuals that are alike) under all open laws. An open law without flow, or a profile that
    reaches zero flow, and there is no viscosity: the note then says which viscosity is ruled out. τ, β and $J_1$ carry intervals where one law alone is open. Errors of neighbouring readings that are alike by more than 0.3 (drift, filters): no
    intervals. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **Retardation slower than half of the hold** and flow differ by their shapes only; a warning says so. Recovery after unloading tells them apart without a law.
    - **Ageing during the hold** lowers the rate like a retardation without end (power laws win).
    - **Several retardation processes** pass for one stretched one; residuals that are alike tell.
    - **Steps of the stress** in one file are refused: the strain after a step holds the retarded strain of all steps before.
    - **Thermal drift** of the strain gauge is flow to every law.

    ## References
    E. N. da C. Andrade, *Proc. R. Soc. A* **84**, 1 (1910). J. D. Ferry, *Viscoelastic Properties of Polymers* (1980). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.creep"

    discard: float = 10.0
    hold_start: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        creep_stress: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `creep` for the arguments."""
        return self._run(
            data,
            constants={
                "creep_stress": creep_stress,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def creep(
    data: Data,
    *,
    discard: float = 10.0,
    hold_start: Quantity | None = None,
    creep_stress: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Creep (`relaxation.creep`).

    Six laws of a strain at constant stress: what is retarded, what flows, and whether the hold
    tells them apart; viscosity with an interval over all laws still open. See `Creep` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    discard : float, default 10.0
        How many times the time of loading is left out at the start of the hold.
    hold_start : Quantity | None, default None
        Time at which the stress stands still, for instance "12 s"; absent: where it reaches that of
        the hold.
    creep_stress : Quantity, in Pa
        stress of a creep test, where no column holds it. Found: the load over the area of the
        specimen.
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

        - `creep_stress` (σ, Pa): stress of the hold
        - `creep_viscosity` (η, Pa s): stress over the rate of the flow that every law still open
        has
        - `creep_rate` (ε̇, 1/s): rate of that flow
        - `final_rate` (ε̇_end, 1/s): strain rate at the end of the hold, retarded strain included
        - `retardation_time` (τ, s): of J1 [1 - exp(-(t/τ)^β)], where that is the best law
        - `retardation_exponent` (β): of the same law, or of a power of time
        - `retarded_compliance` (J1, 1/Pa): of the same law
        - `compliance_unrelaxed` (J_u, 1/Pa): strain at once over stress, machine and ramp included

    References
    ----------
    - E. N. da C. Andrade, Proc. R. Soc. A 84, 1 (1910), doi:10.1098/rspa.1910.0050
    - J. D. Ferry, Viscoelastic Properties of Polymers, 3rd ed., Wiley (1980)
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return Creep(
        discard=discard,
        hold_start=hold_start,
    ).run(
        data,
        creep_stress=creep_stress,
        channels=channels,
        after=after,
        seed=seed,
    )
