# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Power spectrum (`dafm.spectrum`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Spectrum(Method):
    r"""Power spectrum (`dafm.spectrum`).

    Power spectral density over the plane, by wave number and by direction; a characteristic length only where a ring stands out of noise with a falling spectrum.

    Parameters
    ----------
    longest : Quantity | None, default None
        Longest wavelength of the band of S(theta), such as "40 nm"; ten correlation lengths where
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
    sectors : int, default 36
        Number of sectors of S(theta) over half a turn.
    shortest : Quantity | None, default None
        Shortest wavelength of the band of S(theta); two correlation lengths where absent.
    sides : str, default "two"
        How the power is shared between k and -k in the map and the table.
        - `"two"`: Two-sided: S(k) = S(-k), the integral over the whole plane is the variance.
        - `"one"`: One-sided: doubled, on the half plane with kx >= 0, whose integral is the
        variance.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    window : str, default "hann"
        Weighting of the map before its transform.
        - `"hann"`: Product of two Hann windows: no leakage from the edges.
        - `"rectangular"`: None: every pixel counts alike, and the edges leak into the axes.

    Notes
    -----
    # Power spectrum

    A map is a sum of waves. The power spectrum says how much each contributes: by wavelength, by direction, and whether one wavelength
    stands out. It holds the same information as the structure function, sorted differently: noise is flat, scan lines lie on the axes,
    and a characteristic length is a ring.

    ## The density

    The plane is removed and the map weighted with Hann windows $w$ along both axes, which keeps its edges from leaking into the axes.
    With $n$ pixels of $\Delta x\,\Delta y$,

    $$ S(\mathbf k) = \frac{\Delta x\,\Delta y}{n\,\langle w^2\rangle}\,\Big|\sum_{\mathbf x} w(\mathbf x)\,E(\mathbf x)\,e^{-i\mathbf k\mathbf x}\Big|^2
    \;\longrightarrow\; \int C(\mathbf r)\,e^{-i\mathbf k\mathbf r}\,d^2r . $$

    $S$ is two-sided, $S(\mathbf k)=S(-\mathbf k)$, in the squared unit of the map times m², and $\int S\,d^2k/(2\pi)^2$ is the
    window-weighted variance (Parseval's theorem; the ratio of the two sides is printed). With `sides = "one"` the map of the spectrum is
    the half plane $k_x \ge 0$ and the values are doubled. Wave numbers are $k = 2\pi/\text{wavelength}$ in rad/m. Missing pixels count as
    zero, and the density is scaled up for them.

    $S(k)$ is the mean over rings and $S(\theta)$ the mean over sectors of direction, in the band of wavelengths from ten to two
    correlation lengths. Both leave out $k_x = 0$ and $k_y = 0$ together with the neighbouring lines onto which a Hann window spreads
    them: offsets of scan lines have no power anywhere else.

    ## Is there a ring?

    A mixture of two phases that decomposed with one wavelength has a ring in its spectrum; a random field with a correlation length has
    not, its spectrum falls. Any single spectrum has bumps. So the ring means are compared with the nearest falling spectrum $\bar S$
    (isotonic regression, the likelihood maximum for exponentially distributed periodograms), step by step,

    $$ D = \max_{\text{steps}}\; 2\sum_{k \in \text{step}} n_k \ln\frac{\bar S}{S_k} , $$

    and $D$ with that of at least 200 surrogates: fields with the fitted correlation, which fall, with the values, the mask and the
    analysis of the map. Below 5 % a ring is claimed, and $L = 2\pi/k_{peak}$ given, interpolated between rings; else the answer is
    "no ring" and no length is given. Since $\bar S$ may have any falling shape, a poor fit of the correlation does not make a ring.

    ## When it fails

    - No stationary field fits (a trend, or a correlation length above a tenth of the image): the spectrum is shown, the test is not made.
    - A ring at wavelengths above a third of the image or within the noise is not seen. One image in twenty without a ring shows one.
    - Regular scan-line disturbance (mains hum) is a spot, not a ring; look at the plane before believing a length.
    - Two lengths in one image: the more significant one is reported.

    ## References

    ISO 25178-2:2021. Press et al., Numerical Recipes, section 13.4. Robertson, Wright and Dykstra, Order Restricted Statistical Inference
    (1988).
    """
    ID: ClassVar[str] = "dafm.spectrum"

    longest: Quantity | None = None
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    sectors: int = 36
    shortest: Quantity | None = None
    sides: Literal["two", "one"] = "two"
    surrogates: int = 200
    window: Literal["hann", "rectangular"] = "hann"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `spectrum` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def spectrum(
    data: Data,
    *,
    longest: Quantity | None = None,
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    sectors: int = 36,
    shortest: Quantity | None = None,
    sides: Literal["two", "one"] = "two",
    surrogates: int = 200,
    window: Literal["hann", "rectangular"] = "hann",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Power spectrum (`dafm.spectrum`).

    Power spectral density over the plane, by wave number and by direction; a characteristic length
    only where a ring stands out of noise with a falling spectrum. See `Spectrum` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    longest : Quantity | None, default None
        Longest wavelength of the band of S(theta), such as "40 nm"; ten correlation lengths where
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
    sectors : int, default 36
        Number of sectors of S(theta) over half a turn.
    shortest : Quantity | None, default None
        Shortest wavelength of the band of S(theta); two correlation lengths where absent.
    sides : str, default "two"
        How the power is shared between k and -k in the map and the table.
        - `"two"`: Two-sided: S(k) = S(-k), the integral over the whole plane is the variance.
        - `"one"`: One-sided: doubled, on the half plane with kx >= 0, whose integral is the
        variance.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    window : str, default "hann"
        Weighting of the map before its transform.
        - `"hann"`: Product of two Hann windows: no leakage from the edges.
        - `"rectangular"`: None: every pixel counts alike, and the edges leak into the axes.
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

        - `spectral_variance` (σ_S²): integral of the spectrum: window-weighted variance about the
        plane, in SI
        - `spectral_ring_p` (p_ring): probability of such a departure from a falling spectrum in
        noise without a ring
        - `spectral_ring_length` (L, m): wavelength 2 π/k of the ring, where there is one
        - `spectral_ring_ratio` (S_ring): density on the ring over that of the nearest falling
        spectrum

    References
    ----------
    - ISO 25178-2:2021, areal power spectral density
    - Press et al., Numerical Recipes, section 13.4: windows
    - Robertson, Wright and Dykstra, Order Restricted Statistical Inference (1988)
    """
    return Spectrum(
        longest=longest,
        map=map,
        marginal=marginal,
        sectors=sectors,
        shortest=shortest,
        sides=sides,
        surrogates=surrogates,
        window=window,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
