# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Anisotropy (`dafm.anisotropy`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Anisotropy(Method):
    r"""Anisotropy (`dafm.anisotropy`).

    Correlation ellipse, second moments and multipoles of the spectrum against isotropic noise, with warnings where scanning makes the same.

    Parameters
    ----------
    longest : Quantity | None, default None
        Longest wavelength of the spectral band, such as "40 nm"; ten correlation lengths where
        absent.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    pair : str, default "phase"
        Quantity whose trace and retrace are compared, where the files hold both.
    shortest : Quantity | None, default None
        Shortest wavelength of the spectral band; two correlation lengths where absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model, and again of the bootstrap.

    Notes
    -----
    # Anisotropy

    Are the fluctuations of a map longer in one direction than in another? After plastic flow they may be: Lu et al. 2016 report an
    inclination of the pattern that follows the load. But every finite image of an isotropic glass has some longest direction, and a
    microscope that drifts, lags or streaks makes one. So the question is asked three times: how long and how inclined is the correlation
    ellipse, would isotropic noise show as much, and could scanning have done it?

    ## The ellipse

    The structure function is fitted with an elliptical distance,

    $$ H(\mathbf d) = 2\sigma^2\left[1-e^{-s^{2\alpha}}\right]+2s_n^2 ,\qquad
    s^2 = \frac{r^2}{\xi^2}\left[\cosh\varepsilon-\sinh\varepsilon\,\cos 2(\varphi-\theta)\right] , $$

    $\xi=\sqrt{\xi_1\xi_2}$, $\varepsilon=\ln(\xi_1/\xi_2)$, $\theta$ the direction of the long axis, counted from $+x$ to $+y$ (up). What is
    fitted is the vector $\boldsymbol\varepsilon=\varepsilon\,(\cos 2\theta, \sin 2\theta)$, which is as smooth at the isotropic field as
    anywhere else. Lags along the scan axes are left out: there are the offsets of scan lines. Each lag counts as its pairs over $H^2$ and
    over $r^3$, because long lags are many and say the same.

    ## The spectrum

    In the band of wavelengths from ten to two correlation lengths, without the lines $k_x=0$ and $k_y=0$ and their neighbours,

    $$ a_2=\left|\Big\langle e^{2i\theta}\,\frac{S(\mathbf k)}{\bar S(k)}\Big\rangle\right|,\qquad
    a_4=\left|\Big\langle e^{4i\theta}\,\frac{S(\mathbf k)}{\bar S(k)}\Big\rangle\right| , $$

    with $\bar S(k)$ the mean of the ring. Without this division, as $|\sum S e^{2i\theta}|/\sum S$, the few longest waves, where the
    spectrum is highest, decide alone: a response that lags by two thirds of $\xi$ was then noticed in three of eight maps. The
    ellipse of second moments is given as well. Structure is long where its spectrum is short: the long axis given is that of the structure.

    ## Against isotropic noise

    At least 200 isotropic fields with the correlation, the values and the mask of the map are analysed alike. The probabilities count how
    many have a vector $\boldsymbol\varepsilon$, $a_2 e^{2i\theta}$ or $a_4e^{4i\theta}$ as far from the mean of all, which frame and mask may shift from zero.

    ## Uncertainty

    Another 200 fields are drawn from the fitted ellipse and fitted; the deviation of each from its truth is divided by its own linearised
    standard error. A fitted aspect is always above 1, most of all when the truth is 1, so an interval around it would never contain the
    truth of an isotropic glass. Instead the distribution is inverted: for every deviation $\boldsymbol\delta$ the true
    $\varepsilon_0\ge0$ with $|\varepsilon_0\mathbf u+\boldsymbol\delta|=\hat\varepsilon$ is computed ($\mathbf u$ the fitted direction). The
    median of these is the estimate (half of all isotropic maps give exactly 1), their 2.5 and 97.5 % quantiles are the interval, which begins
    at 1 where isotropy is possible. The direction has Fieller's interval: all directions to which $\hat{\boldsymbol\varepsilon}$ is not
    significantly inclined. Direction and lengths along the axes get an interval only where isotropy is rejected at 5 %; before that
    the axes are chance. `docs/coverage.md` says how often the intervals cover.

    Directions are axes, 179° is next to 1°: they are flagged `axial` and never averaged as numbers. `dafm.anisotropy_by_state` takes
    $\boldsymbol\varepsilon$ from all images of a state.

    ## What scanning does

    | cause | what it makes | what is done |
    |---|---|---|
    | offsets of scan lines | power at $k_x = 0$ | left out, exactly |
    | 1/f noise in a line, lag of the response | an ellipse along the fast axis | warning within 10° of an axis; with trace and retrace the lag is measured |
    | drift along the slow axis | stretch: an ellipse along an axis | the same warning; measured with trace and retrace |
    | drift along the fast axis | shear: an ellipse along a diagonal | warning within 10° of a diagonal; measured |

    Trace and retrace pass a pixel at times that differ by a line's time at one edge and not at all at the other. Their displacement,
    found by least squares from the gradient of their mean, therefore has a part that grows with that time, the drift, and a constant part,
    twice the lag. The ellipse that the drift makes of an isotropic glass is $\boldsymbol\varepsilon=(\delta,-\gamma)$ with $\gamma$ the shear and
    $\delta$ the stretch; where the rest is within isotropic noise, the drift explains the anisotropy, and a warning says so. Without a pair
    of directions, only a second scan turned by 90° tells: what belongs to the glass turns with it.

    ## When it fails

    - No stationary field fits: refused.
    - An image narrower than 30 $\xi_1$: values without intervals.
    - A round tip blurs every direction alike and makes the aspect smaller: below $\xi_2 \approx 10$ times the blur it is a lower bound.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Fieller, J. R. Stat. Soc. B 16, 175 (1954). Davison and Hinkley, Bootstrap Methods and their
    Application (1997).
    """
    ID: ClassVar[str] = "dafm.anisotropy"

    longest: Quantity | None = None
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    pair: str = "phase"
    shortest: Quantity | None = None
    surrogates: int = 200

    def run(
        self,
        data: Data,
        *,
        scan_angle: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anisotropy` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_angle": scan_angle,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def anisotropy(
    data: Data,
    *,
    longest: Quantity | None = None,
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    pair: str = "phase",
    shortest: Quantity | None = None,
    surrogates: int = 200,
    scan_angle: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Anisotropy (`dafm.anisotropy`).

    Correlation ellipse, second moments and multipoles of the spectrum against isotropic noise, with
    warnings where scanning makes the same. See `Anisotropy` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    longest : Quantity | None, default None
        Longest wavelength of the spectral band, such as "40 nm"; ten correlation lengths where
        absent.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    pair : str, default "phase"
        Quantity whose trace and retrace are compared, where the files hold both.
    shortest : Quantity | None, default None
        Shortest wavelength of the spectral band; two correlation lengths where absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model, and again of the bootstrap.
    scan_angle : Quantity, in deg
        direction of the fast scan axis (x of the image) on the sample, counter-clockwise from the
        sample's x axis; tells what turns with the sample from what the scanner makes. Found:
        Asylum: note key ScanAngle; Bruker/Veeco: Rotate Ang.; 0 where the scan was not rotated.
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

        - `anisotropy_aspect` (ξ1/ξ2): ratio of the correlation lengths along the principal axes; at
        least 1
        - `anisotropy_p` (p_ξ): probability of such an ellipse in isotropic noise
        - `anisotropy_angle` (θ, deg): direction of the long axis from +x towards +y (up), modulo
        180 deg
        - `xi_major` (ξ1, m): correlation length along the long axis
        - `xi_minor` (ξ2, m): correlation length along the short axis
        - `anisotropy_e1` (ε cos 2θ): ln(ξ1/ξ2) cos 2θ: positive along the fast axis, negative along
        the slow one
        - `anisotropy_e2` (ε sin 2θ): ln(ξ1/ξ2) sin 2θ: positive along the rising diagonal, negative
        along the falling one
        - `a2` (a2): quadrupole of the spectrum in the band, |<e^2iθ S/S_ring>|
        - `a2_p` (p_2): probability of such a quadrupole in isotropic noise
        - `a4` (a4): four-fold part of the spectrum in the band, |<e^4iθ S/S_ring>|
        - `a4_p` (p_4): probability of such a four-fold part in isotropic noise
        - `spectral_aspect` (k1/k2): ratio of the axes of the ellipse of second moments of the
        spectrum in the band
        - `spectral_angle` (θ_S, deg): direction of the long axis of the structure by these second
        moments
        - `trace_retrace_lag` (ℓ, m): how far the trace lies behind the surface along the fast axis,
        half the shift of the retrace
        - `drift_shear` (γ): shear of the image by drift along the fast axis, from trace and retrace
        - `drift_stretch` (δ): stretch of the slow axis by drift along it, from trace and retrace

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    """
    return Anisotropy(
        longest=longest,
        map=map,
        marginal=marginal,
        pair=pair,
        shortest=shortest,
        surrogates=surrogates,
    ).run(
        data,
        scan_angle=scan_angle,
        channels=channels,
        after=after,
        seed=seed,
    )
