# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Spectrum of relaxation times (`relaxation.time_spectrum`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TimeSpectrum(Method):
    r"""Spectrum of relaxation times (`relaxation.time_spectrum`).

    Continuous spectrum of relaxation times from storage and loss together, its strength, mean and width, and which of its peaks are evident.

    Parameters
    ----------
    nodes_per_decade : float, default 4.0
        Times per decade at which the spectrum is found.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    plateau : bool, default True
        Whether a modulus may remain that never relaxes.
    temperature : float | None, default None
        Isotherm to use, K; absent: the one whose loss peak lies nearest the middle of its
        frequencies.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.

    Notes
    -----
    # Spectrum of relaxation times

    ## Idea
    Any relaxation of a linear solid is a sum of exponentials with positive weights. The weights over the times, without the choice of a function, say how many processes there
    are and how broad each is. Storage and loss are two images of the same weights: used together they also test each other (Kramers and Kronig).

    ## Equations
    $$M^*(\omega) = M_r + \int H(\ln\tau)\,\frac{i\omega\tau}{1+i\omega\tau}\,d\ln\tau,\qquad H > 0$$
    $\ln H$ stands on `nodes_per_decade` (4) nodes per decade, two decades beyond the data on both sides; the trapezoidal rule is then good to $10^{-7}$ for a smooth spectrum. A normal
    prior on $d^2\ln H/d(\ln\tau)^2$ with strength $\lambda$ holds what the data leave open. $\lambda$ and both errors of a reading follow from the evidence (MacKay): no parameter is chosen by eye, all
    are printed.

    This is another prior than that of non-negative least squares with a curvature penalty on $H$ itself: there a spectrum is smooth on the scale of its largest value, and its
    wings, decades below, are lost or negative. $\ln H$ is positive without a constraint, has wings that are straight lines where the response is a power law, and its errors
    follow from one matrix.

    Energy axis, only where `attempt_frequency` is stated: $E = kT\ln(\omega_0\tau)$, $P(E) = H/kT$.

    ## Uncertainty
    Strength (the integral over times between the inverse frequencies of the data) and geometric mean time have intervals by the inverse of the normal matrix; their measured
    coverage is in `docs/coverage.md`. The spread of the curve itself is that of the posterior: two standard deviations hold the true value in more than 99 % of cases for smooth spectra, which
    is more than 95 %, and less at a sharp edge; it is drawn as what it is and called no interval.

    A maximum is a peak where it rises above the valleys on both sides by more than twice the error of the difference.

    ## Checks
    First a ladder of Maxwell elements of fixed times (8 per decade, fewer where readings are few; one decade beyond the data on both sides, a spring and a dashpot beside it) is
    fitted linearly to both moduli over $|M^*|$, strengths of either sign. Every causal linear response follows it. The residual, root of the mean square of both, is
    printed (`causality`) and held by an F test against the scatter of each reading around the cubic through its four neighbours, which knows nothing of causality; $p < 0.01$ is a
    warning, nothing is refused. Below 16 readings or 3 elements per decade no verdict is given. Both variances come from the same readings, so that p is an upper bound
    (false alarms in `docs/coverage.md`). A drift of the storage modulus of 2 % over the sweep is seen in 78 % of cases at 0.5 % scatter and 100 readings, one of 5 % always.

    Two other rules for $\lambda$, with the errors of a reading as the evidence has them: the minimum of $n\chi^2/(n-p)^2$ (generalised cross-validation) and the sharpest corner of
    $\ln\int(d^2\ln H)^2$ over $\ln\chi^2$ (L-curve), among strengths four decades around the evidence, two per decade. More than one decade apart is a note `smoothing_checks`, for cross-validation a warning. On virtual
    spectra of Havriliak and Negami, cross-validation agrees with the evidence within a decade in the median where errors are 0.2 to 3 %. The corner lies 0.6 to 1.7 decades above it, the more so
    the more readings there are, which is no fault of the data. For a sharp line the three differ by three decades and more.

    ## Failure modes
    - **Sharp lines** (a Debye process, the edge of Cole and Davidson) come out a quarter of a decade wide or more; `relaxation.spectrum_fit` is the tool for those. Raise `nodes_per_decade`.
    - **Times outside the window** look like a plateau (slow) or like nothing (fast).
    - **Inertia, drift, a compliance in series** break the tie between storage and loss: a warning `kramers_kronig`.

    ## References
    G. H. Golub, M. Heath, G. Wahba, *Technometrics* **21**, 215 (1979). P. C. Hansen, *SIAM Rev.* **34**, 561 (1992). D. J. C. MacKay, *Neural Computation* **4**, 415 (1992). A. Takeh, S. Shanbhag, *Appl. Rheol.* **23**, 24628 (2013). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.time_spectrum"

    nodes_per_decade: float = 4.0
    noise: Literal["best", "modulus_and_phase", "relative"] = "best"
    plateau: bool = True
    temperature: float | None = None
    temperature_tolerance: float = 1.0

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        attempt_frequency: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `time_spectrum` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
                "attempt_frequency": attempt_frequency,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def time_spectrum(
    data: Data,
    *,
    nodes_per_decade: float = 4.0,
    noise: Literal["best", "modulus_and_phase", "relative"] = "best",
    plateau: bool = True,
    temperature: float | None = None,
    temperature_tolerance: float = 1.0,
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    attempt_frequency: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Spectrum of relaxation times (`relaxation.time_spectrum`).

    Continuous spectrum of relaxation times from storage and loss together, its strength, mean and
    width, and which of its peaks are evident. See `TimeSpectrum` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    nodes_per_decade : float, default 4.0
        Times per decade at which the spectrum is found.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    plateau : bool, default True
        Whether a modulus may remain that never relaxes.
    temperature : float | None, default None
        Isotherm to use, K; absent: the one whose loss peak lies nearest the middle of its
        frequencies.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
    attempt_frequency : Quantity, in 1/s
        attempt frequency of the elementary event; for energies from relaxation times. Found: the
        Debye frequency of the glass.
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

        - `relaxation_strength` (ΔM, Pa): what relaxes with times between the inverse frequencies of
        the data
        - `mean_time` (τ_g, s): geometric mean time of that, weighted by the spectrum
        - `time_width` (σ(log10 τ)): standard deviation of log10 of the times
        - `n_peaks` (n): evident maxima of the spectrum
        - `modulus_relaxed` (M_r, Pa): modulus that never relaxes, as far as the data tell
        - `smoothing_strength` (λ): strength of the prior on the curvature of ln H, by evidence
        - `smoothing_cross_validation` (λ_GCV): the same strength by generalised cross-validation
        - `smoothing_corner` (λ_L): the same strength at the corner of the L-curve
        - `causality_residual` (r_KK): what no causal linear response follows, relative to the
        modulus, root of the mean square
        - `modulus_noise` (σ_r): relative error of a modulus, or of a storage modulus
        - `phase_noise` (σ_δ, rad): error of a phase; absent where loss errs by a share of itself

    References
    ----------
    - D. J. C. MacKay, Neural Computation 4, 415 (1992), doi:10.1162/neco.1992.4.3.415
    - G. H. Golub, M. Heath, G. Wahba, Technometrics 21, 215 (1979),
    doi:10.1080/00401706.1979.10489751
    - P. C. Hansen, SIAM Rev. 34, 561 (1992), doi:10.1137/1034115
    - A. Takeh, S. Shanbhag, Appl. Rheol. 23, 24628 (2013), doi:10.3933/applrheol-23-24628
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return TimeSpectrum(
        nodes_per_decade=nodes_per_decade,
        noise=noise,
        plateau=plateau,
        temperature=temperature,
        temperature_tolerance=temperature_tolerance,
    ).run(
        data,
        modulus_kind=modulus_kind,
        attempt_frequency=attempt_frequency,
        channels=channels,
        after=after,
        seed=seed,
    )
