# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Stress relaxation (`relaxation.stress_relaxation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class StressRelaxation(Method):
    r"""Stress relaxation (`relaxation.stress_relaxation`).

    Logarithmic and stretched laws through a stress at constant strain; activation volume and rate sensitivity with the Taylor factor named, KWW time, exponent and remnant.

    Parameters
    ----------
    discard : float, default 10.0
        How many times the time of loading is left out at the start of the hold.
    hold_start : Quantity | None, default None
        Time at which the strain stands still, for instance "12 s"; absent: where the stress is
        largest.

    Notes
    -----
    # Stress relaxation

    ## Idea
    A specimen is strained, the strain is held, the stress falls. If one kind of event carries the flow and stress lowers its barrier, the stress falls with $\ln t$, and what it loses per unit of $\ln t$ is
    the volume on which the stress works. If relaxation times are spread around one time, the stress follows a stretched exponential down to a remnant. Both are fitted; the data choose.

    ## Equations
    $$\sigma = \sigma_0 - S\ln(1+t/c),\qquad V = \frac{M k_BT}{S},\qquad m(t) = \frac{S}{\sigma(t)}$$
    $$\sigma = (\sigma_0-\sigma_r)\,e^{-(t/\tau)^\beta} + \sigma_r$$
    $M$ is the **Taylor factor**, normal over shear stress: it multiplies $V$ and has no default. $\sqrt3$ belongs to an isotropic glass, 3.06 to a face-centred cubic polycrystal (Idrissi et al. used it for a
    glass: 129.1 instead of 73.1 Å$^3$; `golden.toml`). Only $S$ is told by the logarithmic law: once $t \gg c$, $c$ and $\sigma_0$ replace each other, and the form $a - S\ln t$ fits as well; the interval of $S$ is that of the longer form.

    **Work hardening.** While the strain is held, a plastic strain $d\varepsilon_p$ takes $M_E\,d\varepsilon_p$ off the stress ($M_E$: specimen in series with the machine) and adds $K\,d\varepsilon_p$ to the flow stress. The stress that
    works falls by $1 + K/M_E$ times as much, and the law gives
    $$V = V_\mathrm{eff}\,(1 + K/M_E)$$
    (Guiu and Pratt). $K$ = `hardening_modulus` and $M_E$ = `unloading_modulus`, both stated or none; their errors are in no interval.

    **The ramp.** Near $t = 0$ the history of loading counts. The hold starts at the largest stress (or at `hold_start`); the first `discard` (10) times the time of loading are left out. A trace that begins with the
    hold cannot say how long loading took: a warning, and nothing is left out.

    ## Uncertainty
    Readings are averaged in fortieths of a decade of time and weighted by their number, so that the many late readings of an even clock do not stand alone. Size of the errors from the residuals; profile
    intervals with Student's t; where neighbouring residuals are alike, $\sqrt{(1+\rho)/(1-\rho)}$ times wider. Laws are compared by Akaike's criterion (few-reading correction, bins that are alike counted once);
    one that is worse by 6 keeps its numbers without intervals. Errors of $T$ and $M$ are in no interval. Where errors of
    neighbouring readings are alike by more than 0.6 (drift, filters) no interval is given: there it fails. Time and
    exponent of the stretched law carry standard errors only: their intervals covered 90-95 %. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **Drift of load cell or temperature** looks like slow relaxation: correlated residuals. Subtract a hold in the elastic range.
    - **A compliant machine** unloads elastically while the specimen flows: the stress falls more slowly, by one factor at all times. That changes $c$, but neither $S$ nor $V$.
    - **A remnant** is told only if the stress settles within the hold; else τ, β and σr replace each other and τ is "not identified".
    - **Work hardening** during the hold takes a part of the stress away: $V$ of the law is too large. State both moduli for $V_\mathrm{eff}$; repeated holds with increments are not analysed here.

    ## References
    F. Guiu, P. L. Pratt, *Phys. Status Solidi* **6**, 111 (1964). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019). H. Idrissi et al. (2019).
    """
    ID: ClassVar[str] = "relaxation.stress_relaxation"

    discard: float = 10.0
    hold_start: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        temperature: Quantity | None = None,
        taylor_factor: Quantity | None = None,
        hardening_modulus: Quantity | None = None,
        unloading_modulus: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `stress_relaxation` for the arguments."""
        return self._run(
            data,
            constants={
                "temperature": temperature,
                "taylor_factor": taylor_factor,
                "hardening_modulus": hardening_modulus,
                "unloading_modulus": unloading_modulus,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def stress_relaxation(
    data: Data,
    *,
    discard: float = 10.0,
    hold_start: Quantity | None = None,
    temperature: Quantity | None = None,
    taylor_factor: Quantity | None = None,
    hardening_modulus: Quantity | None = None,
    unloading_modulus: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Stress relaxation (`relaxation.stress_relaxation`).

    Logarithmic and stretched laws through a stress at constant strain; activation volume and rate
    sensitivity with the Taylor factor named, KWW time, exponent and remnant. See `StressRelaxation`
    for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    discard : float, default 10.0
        How many times the time of loading is left out at the start of the hold.
    hold_start : Quantity | None, default None
        Time at which the strain stands still, for instance "12 s"; absent: where the stress is
        largest.
    temperature : Quantity, in K
        temperature of the specimen. Found: a thermometer at the specimen.
    taylor_factor : Quantity, a plain number
        normal over shear stress; every activation volume is in proportion to it. Found: 1.732 (the
        root of 3) for an isotropic glass; 3.06 for a face-centred cubic polycrystal; 1 for a shear
        test.
    hardening_modulus : Quantity, in Pa
        rise of the flow stress per plastic strain, for the activation volume without work
        hardening. Found: stresses reached again after repeated relaxations, or the slope of the
        curve of stress over plastic strain.
    unloading_modulus : Quantity, in Pa
        fall of the stress per plastic strain while the strain is held: the modulus of the specimen
        in series with the machine. Found: the slope of loading in the elastic range as the machine
        records it, the compliance of the frame not taken off.
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

        - `stress_per_ln_t` (S, Pa): stress lost per unit of ln t long after the start
        - `activation_volume` (V, m^3): M kT/S, with the stated Taylor factor M
        - `activation_volume_effective` (V_eff, m^3): V/(1 + K/M_E): without work hardening, where
        both moduli are stated
        - `rate_sensitivity_m` (m): S over the stress at the last reading
        - `relaxation_time_kww` (τ, s): of (σ0 - σr) exp(-(t/τ)^β) + σr
        - `stretching_exponent` (β): of the same law
        - `remnant_fraction` (σr/σ0): stress that is left at last over the initial one
        - `relaxed_fraction` (F): share of the initial stress that is lost within the hold

    References
    ----------
    - F. Guiu, P. L. Pratt, Phys. Status Solidi 6, 111 (1964), doi:10.1002/pssb.19640060108
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    - H. Idrissi et al. (2019), on-chip tension of Zr65Ni35
    """
    return StressRelaxation(
        discard=discard,
        hold_start=hold_start,
    ).run(
        data,
        temperature=temperature,
        taylor_factor=taylor_factor,
        hardening_modulus=hardening_modulus,
        unloading_modulus=unloading_modulus,
        channels=channels,
        after=after,
        seed=seed,
    )
