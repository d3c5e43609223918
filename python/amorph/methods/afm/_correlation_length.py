# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Correlation length (`dafm.correlation_length`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CorrelationLength(Method):
    r"""Correlation length (`dafm.correlation_length`).

    Fits a map with a stretched-exponential correlation, in frequency space and by its structure function, and gives the length with an interval that covers.

    Parameters
    ----------
    blur_sd : Quantity | None, default None
        Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then
        part of the model.
    contact_force : Quantity | None, default None
        Largest force of the tip on the sample.
    estimator : str, default "whittle"
        Which estimate is reported with its interval; the other one is given beside it.
        - `"whittle"`: Debiased Whittle likelihood: the periodogram against its exact expectation,
        mask, edges and aliasing included.
        - `"structure_function"`: Weighted least squares on the radial structure function for
        distances up to 6 correlation lengths and 4 pixels.
    exponent : str, default "free"
        Exponent of the correlation function `exp(-(r/xi)^(2 alpha))`.
        - `"free"`: Fitted.
        - `"exponential"`: Fixed at 0.5: exponential correlation.
        - `"gaussian"`: Fixed at 1: Gaussian correlation, the form printed by Lu et al. 2016.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    noise_sd : Quantity | None, default None
        Standard deviation of the white noise where it is known, such as "0.3 eV"; it is then not
        fitted.
    nugget : bool, default True
        Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens
        the correlation length.
    pixel_average : bool, default False
        Whether each pixel is an average over its area: adds a twelfth of a squared pixel to the
        variance of the blur.
    reduced_modulus : Quantity | None, default None
        Reduced modulus of tip and sample.
    rows_levelled : str, default "none"
        What was taken from every row of the map before; it shortens the correlation length and is
        accounted for.
        - `"none"`: Nothing.
        - `"offset"`: An offset.
        - `"line"`: A straight line.
        - `"parabola"`: A parabola.
    surrogates : int, default 200
        Number of surrogate images of the bootstrap.
    taper : float, default 0.1
        Share of each side, at either end, over which the window of the fit in frequency space rises
        from 0 to 1.
    tip_radius : Quantity | None, default None
        Radius of the tip; with force and modulus it bounds the blur by the contact.
    weights : str, default "relative"
        How much each distance counts in the fit of the structure function.
        - `"relative"`: Pairs over the squared structure function: equal relative errors (Cressie
        1985). Tells noise from a small exponent.
        - `"pairs"`: Number of pairs.

    Notes
    -----
    # Correlation length

    A map of dissipated energy fluctuates from place to place. Over what distance do the fluctuations know of each other? The
    correlation length $\xi$ answers that: two points further apart than a few $\xi$ are independent.

    ## The field

    The map is taken as a stationary field with the covariance

    $$ C(r) = \sigma^2 e^{-(r/\xi)^{2\alpha}} , $$

    seen through a Gaussian blur of standard deviation `blur_sd`, plus white noise of variance $s_n^2$ per pixel (the nugget).
    $\alpha$ tells how rough the field is: 0.5 is an exponential, 1 a Gaussian correlation.

    **Where the papers differ.** Lu et al. 2016 print $(r/\xi)^2$ but call it a stretched exponential; Qiao et al. 2019 have
    $(r/\xi)^{2\alpha}$. The exponent changes $\xi$, so `exponent = "free"` is the default and the choice is printed with the result;
    `"exponential"` and `"gaussian"` fix it.

    ## In frequency space (`estimator = "whittle"`)

    The periodogram $I(\mathbf k)=|\sum_{\mathbf x} g(\mathbf x)[E(\mathbf x)-\bar E]\,e^{-i\mathbf k\mathbf x}|^2/\sum g^2$ of the map seen
    through a window $g$ (mask times taper) is compared with its own expectation, which is exact: the transform of the covariance
    times the overlap of the window with itself,

    $$ \bar I(\mathbf k) = \sum_{\mathbf d} C(\mathbf d)\,\frac{\sum_{\mathbf x} g(\mathbf x)g(\mathbf x+\mathbf d)}{\sum g^2}\,e^{-i\mathbf k\mathbf d},
    \qquad \ell = -\tfrac12\sum_{\mathbf k}\Big[\ln \bar I + I/\bar I\Big] . $$

    Edges, gaps and aliasing are thereby in the model and cause no bias (Guillaumin et al. 2022). Fisher scoring with the analytic
    gradient finds $(\ln\sigma^2, \ln\xi, \alpha, s_n^2)$ in three or four steps.

    - *The mean.* It is removed, so $\mathbf k=0$ says nothing and is left out. With a mask or a taper the mean also takes a little from
      its neighbours; the expectation accounts for that to leading order.
    - *The taper* (`taper`, the share of each side over which the window rises as a cosine) costs a tenth of the precision of a rough field
      and is worth it: the edges of an untapered map throw the power of long waves over all others, which then move together.
      For $\xi=8$ px, $\alpha=0.5$ on 128 px it halves the standard error, for $\alpha=1$ it divides it by more than three.
    - *A floor* of $10^{-3}$ of the variance is added to both $I$ and $\bar I$: frequencies that a smooth field leaves empty do not count.

    ## The structure function (`estimator = "structure_function"`)

    $$ H(\mathbf d) = \langle [E(\mathbf x+\mathbf d)-E(\mathbf x)]^2 \rangle ,\qquad H(r) = 2\sigma^2\left[1-e^{-(r/\xi)^{2\alpha}}\right] + 2 s_n^2 $$

    is averaged over all pairs of usable pixels (nothing wrapped around), then over rings one pixel wide, and fitted for $r \le 6\xi + 4$
    pixels, each ring weighted by its pairs over $H^2$ (Cressie 1985), or by its pairs alone (`weights = "pairs"`). This is the way of the
    papers. Both estimates are always in the table `estimators`; a warning says so when they are more than two joint standard errors
    apart: then the map is not the field that was fitted.

    ## Uncertainty

    Surrogate images are drawn from the fitted field: circulant embedding, same pixels, mask, noise, blur and levelling; where the values are
    not Gaussian, with the distribution of the image. The score is linear in the periodogram, so each of them costs its simulation, one
    transform and two steps of Fisher scoring from the truth it was made from. The error of each, divided by its own standard error, gives
    the interval (studentised bootstrap) of $\ln\xi$, $\ln\sigma^2$ and $s_n^2$; that of $\alpha$ was found not to cover on masked and anisotropic
    maps, so that $\alpha$ has a standard error only. The interval of $\xi$ is not symmetric, since a long
    correlation length is also an uncertain one: $\mathrm{sd}(\xi)/\xi\approx 3\xi/L$ for $\alpha=0.5$ and an image of side $L$. The mean error is
    the bias; it is reported and removed from $\xi$. Images above 1024 pixels are represented by surrogates of their middle, whose errors
    are used in units of their standard errors. The structure function has the same bootstrap, through its whole pipeline, when it is the
    estimator; its standard errors come from the linearised fit. A least-squares error of $\xi$ is 4 to 20 times too small and never shown.
    `docs/coverage.md` says how often the intervals cover.

    $r_{1/e}$ and $S_{al}$ of ISO 25178 (correlation 0.2) need no model; their correlation is relative to the variance of the image, noise
    included. The integral range $I = (\pi\xi^2/\alpha)\,\Gamma(1/\alpha)$ is the area of one independent piece.

    ## What else shortens or lengthens it

    The table and figure `corrections` repeat the fit under other assumptions.

    | cause | published fit, $\xi = 4$ or 8 px on 256 px | what is done |
    |---|---|---|
    | white noise of $0.3\,\sigma$, not in the model | $-8.5\,\%$ | fitted; or given (`noise_sd`); half the variance of trace minus retrace where both are in the files |
    | blur of 1 px, $\xi$ 4 px | $+45\,\%$ | `blur_sd`; `pixel_average` adds 1/12 px²; contact radius $a=(3FR/4E^*)^{1/3}$ bounds it by $a/2$: the change is the systematic error |
    | rows levelled by an offset, a line, a parabola | $-3.9$, $-7.9$, $-12.1\,\%$ | `rows_levelled`: waves along the rows that it takes are left out, surrogates are levelled alike, the rest of the bias is removed |
    | topography in the phase | longer | fit before and after the regression on height, slopes and curvature, where `dafm.topography` was run before |
    | exponent fixed | depends | both fixed exponents beside the free one |

    Row levelling of degree $j$ leaves of the variance $\sigma^2[1-(j+1)\,2\xi\,\Gamma(1+1/2\alpha)/L_x]$, the removal of the mean
    $\sigma^2[1-I/L_xL_y]$; the notes give the corrected scatter.

    ## When it fails

    - $\xi$ above a tenth of the shorter side, or only a trend: refused, with the lower bound. Scan a larger area.
    - Neighbouring pixels uncorrelated: refused, $\xi$ is at most a pixel. Scan a smaller area.
    - An image narrower than 30 $\xi$: warned, and no interval (coverage was shown from 32 $\xi$ on). 60 $\xi$ are recommended.
    - An anisotropic map: $\xi$ is that of an isotropic field. The figure `direction` shows $H(\theta)$ with the band of isotropic surrogates;
      `structure_along_axes` has $H$ along the fast and the slow axis.
    - An exponential lag of the feedback along the fast axis is not in the model; it shows in the same figure.

    ## References

    Guillaumin, Sykulski, Olhede and Simons, J. R. Stat. Soc. B 84, 1526 (2022). Lu et al., Sci. Rep. 6, 29357 (2016). Qiao et al. (2019),
    section 3.3.2. Liu et al., Phys. Rev. Lett. 106, 125504 (2011). Cressie, Math. Geol. 17, 563 (1985). Davison and Hinkley, Bootstrap
    Methods and their Application (1997). ISO 25178-2:2021.
    """
    ID: ClassVar[str] = "dafm.correlation_length"

    blur_sd: Quantity | None = None
    contact_force: Quantity | None = None
    estimator: Literal["whittle", "structure_function"] = "whittle"
    exponent: Literal["free", "exponential", "gaussian"] = "free"
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    noise_sd: Quantity | None = None
    nugget: bool = True
    pixel_average: bool = False
    reduced_modulus: Quantity | None = None
    rows_levelled: Literal["none", "offset", "line", "parabola"] = "none"
    surrogates: int = 200
    taper: float = 0.1
    tip_radius: Quantity | None = None
    weights: Literal["relative", "pairs"] = "relative"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `correlation_length` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def correlation_length(
    data: Data,
    *,
    blur_sd: Quantity | None = None,
    contact_force: Quantity | None = None,
    estimator: Literal["whittle", "structure_function"] = "whittle",
    exponent: Literal["free", "exponential", "gaussian"] = "free",
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    noise_sd: Quantity | None = None,
    nugget: bool = True,
    pixel_average: bool = False,
    reduced_modulus: Quantity | None = None,
    rows_levelled: Literal["none", "offset", "line", "parabola"] = "none",
    surrogates: int = 200,
    taper: float = 0.1,
    tip_radius: Quantity | None = None,
    weights: Literal["relative", "pairs"] = "relative",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Correlation length (`dafm.correlation_length`).

    Fits a map with a stretched-exponential correlation, in frequency space and by its structure
    function, and gives the length with an interval that covers. See `CorrelationLength` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    blur_sd : Quantity | None, default None
        Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then
        part of the model.
    contact_force : Quantity | None, default None
        Largest force of the tip on the sample.
    estimator : str, default "whittle"
        Which estimate is reported with its interval; the other one is given beside it.
        - `"whittle"`: Debiased Whittle likelihood: the periodogram against its exact expectation,
        mask, edges and aliasing included.
        - `"structure_function"`: Weighted least squares on the radial structure function for
        distances up to 6 correlation lengths and 4 pixels.
    exponent : str, default "free"
        Exponent of the correlation function `exp(-(r/xi)^(2 alpha))`.
        - `"free"`: Fitted.
        - `"exponential"`: Fixed at 0.5: exponential correlation.
        - `"gaussian"`: Fixed at 1: Gaussian correlation, the form printed by Lu et al. 2016.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    noise_sd : Quantity | None, default None
        Standard deviation of the white noise where it is known, such as "0.3 eV"; it is then not
        fitted.
    nugget : bool, default True
        Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens
        the correlation length.
    pixel_average : bool, default False
        Whether each pixel is an average over its area: adds a twelfth of a squared pixel to the
        variance of the blur.
    reduced_modulus : Quantity | None, default None
        Reduced modulus of tip and sample.
    rows_levelled : str, default "none"
        What was taken from every row of the map before; it shortens the correlation length and is
        accounted for.
        - `"none"`: Nothing.
        - `"offset"`: An offset.
        - `"line"`: A straight line.
        - `"parabola"`: A parabola.
    surrogates : int, default 200
        Number of surrogate images of the bootstrap.
    taper : float, default 0.1
        Share of each side, at either end, over which the window of the fit in frequency space rises
        from 0 to 1.
    tip_radius : Quantity | None, default None
        Radius of the tip; with force and modulus it bounds the blur by the contact.
    weights : str, default "relative"
        How much each distance counts in the fit of the structure function.
        - `"relative"`: Pairs over the squared structure function: equal relative errors (Cressie
        1985). Tells noise from a small exponent.
        - `"pairs"`: Number of pairs.
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

        - `correlation_length` (ξ, m): distance over which the correlation falls to 1/e, bias
        removed
        - `hurst_like_exponent` (α): exponent of the correlation exp(-(r/ξ)^2α)
        - `field_sd` (σ): standard deviation of the field without noise, in the unit of the map
        - `nugget_sd` (s_n): standard deviation of the white noise, in the unit of the map
        - `trace_retrace_noise_sd` (s_tr): noise of one image by the difference of trace and
        retrace, in the unit of the map
        - `r_1e` (r_1/e, m): distance where the measured correlation is 1/e, without a model
        - `sal` (S_al, m): autocorrelation length of ISO 25178-2: distance where the measured
        correlation is 0.2
        - `integral_range` (I, m^2): integral of the correlation over the plane: the area of one
        independent piece

    References
    ----------
    - Guillaumin, Sykulski, Olhede, Simons, J. R. Stat. Soc. B 84, 1526 (2022),
    doi:10.1111/rssb.12539
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.2
    - Liu et al., Phys. Rev. Lett. 106, 125504 (2011)
    - Cressie, Math. Geol. 17, 563 (1985)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    - ISO 25178-2:2021
    """
    return CorrelationLength(
        blur_sd=blur_sd,
        contact_force=contact_force,
        estimator=estimator,
        exponent=exponent,
        map=map,
        marginal=marginal,
        noise_sd=noise_sd,
        nugget=nugget,
        pixel_average=pixel_average,
        reduced_modulus=reduced_modulus,
        rows_levelled=rows_levelled,
        surrogates=surrogates,
        taper=taper,
        tip_radius=tip_radius,
        weights=weights,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
