# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Ageing of double wells (`relaxation.well_ageing`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class WellAgeing(Method):
    r"""Ageing of double wells (`relaxation.well_ageing`).

    Time and height of a loss peak after every ageing time with all their covariances, the slope between them, and what it says of barrier and asymmetry of double wells.

    Parameters
    ----------
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.

    Notes
    -----
    # Ageing of double wells

    ## Idea
    Below the glass transition ageing makes the slow beta peak smaller and slower, and over a series of ageing times both go together. If the peak comes from double wells with a barrier $U$ and an asymmetry $D$, height and time
    tell how both move: one straight line of $\ln\tau$ over $\ln G''_{max}$, whose slope is the ratio of the changes.

    ## Equations
    $U$ is the barrier above the upper well, $D$ the difference of the wells.
    $$\tau = \tau_0\,\frac{e^{(2U+D)/2kT}}{\cosh(D/2kT)},\qquad G''_{max} = G''_0\,\mathrm{sech}^2\frac{D}{2kT}$$
    $$\ln\tau = b - a\ln G''_{max}\quad\Longleftrightarrow\quad U + \frac D2 - (1+2a)\,kT\ln\cosh\frac{D}{2kT} = \text{const}$$
    For $D \gg 2kT$: $\Delta U = kT\,\Delta\ln\tau$, $\Delta D = -kT\,\Delta\ln G''_{max}$, $\Delta U = a\,\Delta D$. The equations are missing in the printed text of Qiao et al.; these are those of Dyre and Olsen, whose limits give the printed ones.

    **What one temperature tells**: $a$ and the changes of $U$ and $D$. Absolute values stand behind $\tau_0$ and $G''_0$: they are refused unless `well_attempt_time` and `well_loss_amplitude` are stated; then the table has $D/2kT$
    of every sweep, and a value below 3 is a warning.

    **The peak.** All sweeps are fitted together: Cole-Cole peaks of one exponent, each with a time and a height of its own, over $B_k\,\omega^{-s}$ of one power, or without a background; the Bayesian criterion chooses. Readings err in the phase
    or by a share of the loss. A sweep ends where the frequency jumps back by more than half of its range.

    ## Uncertainty
    Time and height come from the same sweep and share exponent and background with all others: the full covariance of the fit goes into the line. Latent points may lie anywhere on it; the interval of $a$ is where the sum of squares, with
    errors $C_{\tau\tau} + a(C_{\tau g}+C_{g\tau}) + a^2C_{gg}$, has risen by $t^2$ (profile; no symmetric error of $a$ is assumed). More spread than the errors allow (5 %): no interval. A series that hardly
    changes leaves the profile flat: *not identified*. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **Peaks outside their frequencies**: time and height are then one number; no slope.
    - **A peak that changes its shape** while it ages: one exponent leaves correlated residuals.
    - **Ageing within a sweep** tilts the peak; sweeps must be short against the ageing time.
    - **A distribution of wells** gives a broad peak whose height and time are means; the slope is that of the means.

    ## References
    J. C. Dyre, N. B. Olsen, *Phys. Rev. Lett.* **91**, 155703 (2003). D. York et al., *Am. J. Phys.* **72**, 367 (2004). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.well_ageing"

    noise: Literal["best", "modulus_and_phase", "relative"] = "best"

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        well_attempt_time: Quantity | None = None,
        well_loss_amplitude: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `well_ageing` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
                "well_attempt_time": well_attempt_time,
                "well_loss_amplitude": well_loss_amplitude,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def well_ageing(
    data: Data,
    *,
    noise: Literal["best", "modulus_and_phase", "relative"] = "best",
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    well_attempt_time: Quantity | None = None,
    well_loss_amplitude: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Ageing of double wells (`relaxation.well_ageing`).

    Time and height of a loss peak after every ageing time with all their covariances, the slope
    between them, and what it says of barrier and asymmetry of double wells. See `WellAgeing` for
    the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
    well_attempt_time : Quantity, in s
        prefactor τ0 of τ = τ0 exp((2U + D)/2kT)/cosh(D/2kT) of an asymmetric double well, for its
        absolute barrier. Found: peak frequencies of the same glass at several temperatures.
    well_loss_amplitude : Quantity, in Pa
        loss modulus that the same wells would have without asymmetry, for their absolute asymmetry.
        Found: the height of the peak over temperature.
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

        - `adwp_slope` (a): of ln τ = b - a ln G''max over the ageing series; U/D of the changes for
        strong asymmetry
        - `adwp_two_p` (p): probability of a slope as far from 2
        - `adwp_line_p` (p): probability of as much spread around one line
        - `asymmetry_change` (ΔD, J): from the first to the last sweep, for strong asymmetry
        - `barrier_change` (ΔU, J): from the first to the last sweep, for strong asymmetry
        - `asymmetry_first` (D, J): of the first sweep, with the stated amplitude of the loss
        - `barrier_first` (U, J): of the first sweep, with the stated attempt time
        - `cole_cole_exponent` (α): of the peak, common to all sweeps

    References
    ----------
    - J. C. Dyre, N. B. Olsen, Phys. Rev. Lett. 91, 155703 (2003), doi:10.1103/PhysRevLett.91.155703
    - D. York et al., Am. J. Phys. 72, 367 (2004), doi:10.1119/1.1632486
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return WellAgeing(
        noise=noise,
    ).run(
        data,
        modulus_kind=modulus_kind,
        well_attempt_time=well_attempt_time,
        well_loss_amplitude=well_loss_amplitude,
        channels=channels,
        after=after,
        seed=seed,
    )
