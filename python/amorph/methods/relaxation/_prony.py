# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Prony series (`relaxation.prony`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Prony(Method):
    r"""Prony series (`relaxation.prony`).

    Relaxation modulus over time as a sum of exponentials with weights of zero or more, as many as the readings support, and the modulus at once.

    Parameters
    ----------
    temperature : float | None, default None
        Isotherm to use, K; absent: the middle one.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    terms_per_decade : float | None, default None
        Times per decade among which terms are found; absent: as many as the readings support.

    Notes
    -----
    # Prony series

    ## Idea
    Programs that compute with a viscoelastic solid want its relaxation modulus as a sum of few exponentials with weights that are not negative. The weights at given times follow
    from linear least squares; which times, and how many, is decided by a criterion and not by eye.

    ## Equations
    $$M(t) = M_r + \sum_{k=1}^{n} M_k\,e^{-t/\tau_k},\qquad M_k > 0,\ M_r \ge 0,\qquad M_0 = M_r + \sum_k M_k$$
    Times stand in equal steps of $\log\tau$ between the first and the last reading. Residuals are relative to the reading. For each of ten spacings (half a time to five times to
    the decade) and four places of the first time within a step, the weights of zero or more with the least sum of squares are found (Lawson and Hanson); terms of weight zero are
    left out. The series with the least Bayesian criterion $N\ln(S/N) + (n+3)\ln N$ is the result. `terms_per_decade` holds the spacing.

    ## Uncertainty
    Inverse of the normal matrix of the terms that are left, with the variance of the residuals; multiplied by $(1+\rho)/(1-\rho)$ where neighbouring residuals have a correlation $\rho$. The times and
    their number are chosen by a criterion, which that error does not know: an interval of two standard errors of the modulus at the first reading $M(t_1)$ covers 91-93 % for stretched exponentials
    and 100 % for a single one (400 series each). No interval is shown.

    $M_0$ is an extrapolation to $t = 0$: a process faster than the first reading is in no reading, so that the standard error of $M_0$ is one under the series. Where processes
    go on before the first reading the true value is higher (stretched exponential, first reading at $3\cdot10^{-4}\tau$: one and a half to two standard errors).

    Strengths of single terms trade with their neighbours: series with other times fit as well. Compare moduli, not terms.

    ## Failure modes
    - **Few terms** wave through the readings: the master curve below at half a time to the decade by 2 % (rms). The residual panel shows it.
    - **Times beyond the last reading** look like a modulus at rest.
    - **Smoothed data** (a master curve that was drawn) support more terms than were measured.

    ## Measured
    The 481 points over 31 decades of a shipped master curve: rms of the relative residuals 0.08 % with 66 terms, 0.23 % with 31 (the series of ANSYS that is shipped with them: 31 terms, 0.25 %);
    $M_0 = 1732 \pm 2$ MPa under the series (ANSYS 1739, first reading 1714). 0.4 s for all spacings.

    ## References
    C. L. Lawson, R. J. Hanson, *Solving Least Squares Problems*, Prentice-Hall (1974). J. D. Ferry, *Viscoelastic Properties of Polymers*, 3rd ed., Wiley (1980).
    """
    ID: ClassVar[str] = "relaxation.prony"

    temperature: float | None = None
    temperature_tolerance: float = 1.0
    terms_per_decade: float | None = None

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `prony` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def prony(
    data: Data,
    *,
    temperature: float | None = None,
    temperature_tolerance: float = 1.0,
    terms_per_decade: float | None = None,
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Prony series (`relaxation.prony`).

    Relaxation modulus over time as a sum of exponentials with weights of zero or more, as many as
    the readings support, and the modulus at once. See `Prony` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    temperature : float | None, default None
        Isotherm to use, K; absent: the middle one.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    terms_per_decade : float | None, default None
        Times per decade among which terms are found; absent: as many as the readings support.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
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

        - `modulus_unrelaxed` (M_0, Pa): sum of the series at t = 0: what no time of the series has
        relaxed
        - `modulus_first` (M(t_1), Pa): series at the time of the first reading
        - `modulus_relaxed` (M_r, Pa): modulus that never relaxes, as far as the readings tell
        - `n_terms` (n): number of exponentials
        - `relative_residual` (rms): root of the mean square of series over reading less 1

    References
    ----------
    - C. L. Lawson, R. J. Hanson, Solving Least Squares Problems, Prentice-Hall (1974)
    - J. D. Ferry, Viscoelastic Properties of Polymers, 3rd ed., Wiley (1980)
    """
    return Prony(
        temperature=temperature,
        temperature_tolerance=temperature_tolerance,
        terms_per_decade=terms_per_decade,
    ).run(
        data,
        modulus_kind=modulus_kind,
        channels=channels,
        after=after,
        seed=seed,
    )
