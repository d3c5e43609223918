# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Photon correlation (`relaxation.photon_correlation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class PhotonCorrelation(Method):
    r"""Photon correlation (`relaxation.photon_correlation`).

    Relaxation time, stretched or compressed exponent and contrast from the intensity correlation g2(t) of speckles, with errors from a column or from repetitions.

    Parameters
    ----------
    free_baseline : bool, default False
        Whether g2 may come down to another number than 1; else it is 1.

    Notes
    -----
    # Photon correlation

    ## Idea
    Coherent x-rays make speckles; as atoms move, speckles change. The correlation $g_2(t)$ of the intensity with itself a delay later falls from a contrast to one, in the time in which the atoms at that wave vector forget where they were.
    In glasses the fall is often faster than exponential (compressed), which no distribution of relaxation times makes.

    ## Equations
    $$g_2(t) - 1 = A\,e^{-2(t/\tau)^b} + B,\qquad 0 \le A \le 1,\quad 0.2 < b < 2.2,\qquad \langle\tau\rangle = \tau\,\Gamma(1/b)/b$$
    $\tau$ belongs to the field correlation $e^{-(t/\tau)^b}$. $B = 0$ unless `free_baseline` is set: slow drifts of the beam leave a baseline, and a free one costs accuracy of $A$, $\tau$ and $b$.

    **Table.** `delay_time (s)` and `g2`; where known its standard error `g2_error`. Without it, delays that occur three times or more are repetitions: their scatter, averaged over seven neighbouring delays, is the error of their mean; intervals are shown from ten
    repetitions on. Without either all delays count alike and there is no interval.

    ## Uncertainty
    Profile intervals; with stated errors by $\chi^2$, else with Student's t. Where neighbouring residuals are alike, as where delays share frames, $\sqrt{(1+\rho)/(1-\rho)}$ times wider. The interval of $b$ ends at the ends of its range
    where the readings do not bound it. Where stated errors do not explain what the fit leaves ($p < 0.01$) no interval is given. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **Beam damage**: atoms that the beam moves make $\tau$ fall with the flux; compare two fluxes.
    - **Ageing during the series** mixes several $\tau$ and makes $b$ too small.
    - **Delays that end before $\tau$** leave $A$ and $b$ alone; $\tau$ is then extrapolated by the law.
    - **Delays shorter than the exposure** average the decay: leave them out.

    ## References
    B. Ruta et al., *Phys. Rev. Lett.* **109**, 165701 (2012). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.photon_correlation"

    free_baseline: bool = False

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `photon_correlation` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def photon_correlation(
    data: Data,
    *,
    free_baseline: bool = False,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Photon correlation (`relaxation.photon_correlation`).

    Relaxation time, stretched or compressed exponent and contrast from the intensity correlation
    g2(t) of speckles, with errors from a column or from repetitions. See `PhotonCorrelation` for
    the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    free_baseline : bool, default False
        Whether g2 may come down to another number than 1; else it is 1.
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

        - `xpcs_time` (τ, s): relaxation time, of g2 - 1 = A exp(-2 (t/τ)^b)
        - `xpcs_exponent` (b): its exponent: below 1 stretched, above 1 compressed
        - `xpcs_contrast` (A): speckle contrast
        - `xpcs_mean_time` (⟨τ⟩, s): τ Γ(1/b)/b, the area below exp(-(t/τ)^b)
        - `xpcs_baseline` (B): what g2 - 1 comes down to, with free_baseline
        - `xpcs_misfit_p` (p): probability of a larger misfit with the stated errors

    References
    ----------
    - B. Ruta et al., Phys. Rev. Lett. 109, 165701 (2012), doi:10.1103/PhysRevLett.109.165701
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return PhotonCorrelation(
        free_baseline=free_baseline,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
