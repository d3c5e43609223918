# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Characteristic length of an image (`haadf.characteristic_length`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CharacteristicLength(Method):
    r"""Characteristic length of an image (`haadf.characteristic_length`).

    Whether the spectrum of an image has a peak that images without a characteristic length do not have, and its wavelength.

    Parameters
    ----------
    background : str, default "plane"
        What is taken from the image before.
        - `"none"`: The mean only.
        - `"plane"`: A plane.
        - `"quadratic"`: A surface of second degree.
        - `"gaussian"`: The image blurred by a Gaussian of `background_width` (full width at half
        maximum), at least four times the expected length.
    background_width : Quantity | None, default None
        Full width at half maximum of the Gaussian for `background = "gaussian"`, at least four
        times the expected length.
    map : str, default "intensity"
        Quantity of the image: `intensity` for electron micrographs.
    probe_fwhm : Quantity | None, default None
        Full width at half maximum of the probe, taken for a Gaussian; absent: a point. Structure is
        blurred by it, noise is not.
    surrogates : int, default 200
        Number of simulated images without a length.

    Notes
    -----
    # Characteristic length of an image

    Bright and dark domains in an annular dark-field image, or in any other map, suggest a length. Every random image suggests one: the eye,
    the autocorrelation and smoothed line profiles find humps in noise. A characteristic length is claimed here only where the *spectrum* has a
    peak that images without one do not have. Otherwise the answer is `no characteristic length`, with the reason.

    ## How it is done

    1. The background (a plane by default) is taken off; the removed share of the variance is given. `background = "gaussian"` takes off the
       image blurred by `background_width`, which must be at least four times the expected length, because the removal makes a peak of its own.
    2. The periodogram of the windowed image (cosine bell over 10 % of each side, missing pixels have no weight) is averaged over rings of
       wave vectors, one over the smaller side wide, or 2.5 % of the frequency where that is more. White noise of variance $v$ gives $v$.
    3. Spectra $m(k)$ are fitted by the likelihood of Whittle, $\min \sum_b n_b\,[\ln m(k_b) + P_b/m(k_b)]$, over all rings and from several
       starts, never by the highest point or a parabola through it. $n_b$ is the number of *independent* modes of the window. With a peak:

    $$ m = A\,e^{-(k-k_0)^2/2w^2} + b , \qquad\text{or}\qquad m = A\left[e^{-(k-k_0)^2/2w^2} + \frac{r}{(1+k^2l^2)^{n}}\right] + b ; $$

       without: $A\,e^{-k^2/2w^2} + b$ or $A/(1+k^2l^2)^n + b$ with free $n$. The peak on a background is what two phases with sharp interfaces
       have (a tail $k^{-3}$), and foils of uneven thickness.
    4. There is a length where the criterion of Bayes prefers the best spectrum with a peak by more than 10 **and** fewer than 1 % of images
       simulated from the best spectrum without a peak prefer it as much (fitted in the same way).
    5. $L = 1/k_0$. Window and gaps blur the spectrum; the ratio of the exact expectation of the rings (Guillaumin et al. 2022) to the fitted
       spectrum is divided out before the last fit.

    **Foil.** The projection of a foil of thickness $t$ is not the central section of the three-dimensional spectrum $S$ but

    $$ m(k) = \int S\!\left(\sqrt{k^2+k_z^2}\right) t\,\mathrm{sinc}^2(t k_z)\,dk_z + b , $$

    which takes in larger wave vectors: a length of 2.5 nm is found 1.4 % too long in a foil of 32 nm, 2.1 % in one of 15 nm, and the spectrum does not fall to zero at small $k$. With `foil_thickness` and
    `geometry = "projection"` shells (and Teubner and Strey's spectrum) are fitted through this integral, and the length is that of the structure (0.2 and 0.1 % too long). Whether there is a peak is asked of the image as it is.

    **Probe.** With `probe_fwhm` the shapes (not the noise, which is added behind the probe) are multiplied by $|OTF|^2 = e^{-(2\pi k\sigma)^2}$ of a Gaussian of that width, in the fits and in the simulated images: nothing is divided, so
    noise is never blown up. A broad peak behind a broad probe is otherwise found at too long a length (1.17 to 1.50 times in the test cases, 1.00 with it). Where the probe leaves less than a tenth of the amplitude at the
    length, its stated width decides and there is no interval.

    $k$ is in cycles per metre. The projection of an isotropic structure has the central section of its three-dimensional spectrum, so $k_0$
    survives and only the amplitude falls. A slice thinner than the structure has that spectrum integrated along the beam: the peak is shifted
    and wider. `geometry` (`projection` or `slice`) must be stated for the lengths of Teubner and Strey,

    $$ m(q) = \frac{A}{a_2 + c_1 q^2 + c_2 q^4} + b,\quad d = 2\pi\left[\tfrac12\sqrt{a_2/c_2} - \tfrac{c_1}{4c_2}\right]^{-1/2}\!\!,\quad
    \xi = \left[\tfrac12\sqrt{a_2/c_2} + \tfrac{c_1}{4c_2}\right]^{-1/2}, \quad q = 2\pi k. $$

    For surfaces state `slice`.

    ## Checks

    `length_acf` (first maximum of the autocorrelation), `length_acf_minimum` (twice its first minimum) and `length_acf_zero` (four times its
    first zero) differ from each other by the type of structure; they are printed as checks and never averaged. `xi_envelope` tells how far the order reaches: minima and maxima between zeros of the autocorrelation, as far as they fall and exceed 0.05, lie on $e^{-r/\xi}$ where the
    correlation is a damped wave; two are needed. `integral_length` $=\int_0^{r_0}C\,dr$ up to the first zero is a length of any image, with or without a peak: it says how far neighbours are alike, not that there is a period. `dafm.spectrum` and
    `dafm.anisotropy` work on the same image (`map = "intensity"`); the first asks for any departure from a falling spectrum, the second for directions.

    Table of lengths and contrasts by state: list `compare.states` in the study.

    ## Contrast

    The floor $b$ is the white noise; `signal_sd` is what remains of the variance. `contrast_sd` divides it by the mean above `dark_level`: an
    image with an unknown offset has no contrast, nor has one that is not said to be linear (`intensity_scale = "linear"`). Of an image made for display (stretched,
    eight bits) only lengths are given, unless its gamma is known: with `display_gamma` and the display value of zero counts as `dark_level`, values
    $v = v_0 + a\,I^\gamma$ go back to $I \propto (v-v_0)^{1/\gamma}$ before anything is measured. What a display cut off below $v_0$ counts as missing.

    ## Uncertainty

    The standard error of $\ln k_0$ is the larger one of the information of the likelihood and of the spread of scoring steps over 60 images
    simulated from the fit, which contains the correlation of rings. The interval is for the wavelength of the peak of *this model*, in *this field*; it does not
    know about differences between fields, nor about the calibration of the microscope. For two phases with sharp interfaces the peak lies up
    to 2 % beside the wavelength of the field whose level set they are. There is no interval for peaks narrower than 2.3 rings (a standard deviation of
    2.3 over the smaller side), nor for the lengths of Teubner and Strey, which have standard errors. Coverage: `docs/coverage.md`.

    ## What can go wrong
    | in the image | what happens |
    |---|---|
    | fewer than 4 wavelengths across the smaller side | refused: `insufficient_field`; 4 to 8 with a warning |
    | a foil of ten lengths or fewer, `foil_thickness` not stated | the length is 1 to 3 % too long, which is in no interval; a note says so |
    | filtered noise | `no characteristic length` |
    | scan lines, drift | power along one axis; look at `dafm.spectrum` |
    | more than 20 % of the pixels missing | used with a warning; above 60 % refused |
    | no pixel size | refused; state `size` in the study or a sidecar |
    | a simulation without noise | rings below one millionth of the highest are left out |

    ## References

    Idrissi et al., Scientific Reports 9, 13426 (2019). P. Whittle, Arkiv för Matematik 2, 423 (1953). M. Teubner and R. Strey, J. Chem. Phys. 87, 3195
    (1987). A. P. Guillaumin et al., J. R. Stat. Soc. B 84, 1526 (2022).
    """
    ID: ClassVar[str] = "haadf.characteristic_length"

    background: Literal["none", "plane", "quadratic", "gaussian"] = "plane"
    background_width: Quantity | None = None
    map: str = "intensity"
    probe_fwhm: Quantity | None = None
    surrogates: int = 200

    def run(
        self,
        data: Data,
        *,
        dark_level: Quantity | None = None,
        intensity_scale: Literal["linear", "display"] | None = None,
        display_gamma: Quantity | None = None,
        geometry: Literal["projection", "slice"] | None = None,
        foil_thickness: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `characteristic_length` for the arguments."""
        return self._run(
            data,
            constants={
                "dark_level": dark_level,
                "intensity_scale": intensity_scale,
                "display_gamma": display_gamma,
                "geometry": geometry,
                "foil_thickness": foil_thickness,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def characteristic_length(
    data: Data,
    *,
    background: Literal["none", "plane", "quadratic", "gaussian"] = "plane",
    background_width: Quantity | None = None,
    map: str = "intensity",
    probe_fwhm: Quantity | None = None,
    surrogates: int = 200,
    dark_level: Quantity | None = None,
    intensity_scale: Literal["linear", "display"] | None = None,
    display_gamma: Quantity | None = None,
    geometry: Literal["projection", "slice"] | None = None,
    foil_thickness: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Characteristic length of an image (`haadf.characteristic_length`).

    Whether the spectrum of an image has a peak that images without a characteristic length do not
    have, and its wavelength. See `CharacteristicLength` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    background : str, default "plane"
        What is taken from the image before.
        - `"none"`: The mean only.
        - `"plane"`: A plane.
        - `"quadratic"`: A surface of second degree.
        - `"gaussian"`: The image blurred by a Gaussian of `background_width` (full width at half
        maximum), at least four times the expected length.
    background_width : Quantity | None, default None
        Full width at half maximum of the Gaussian for `background = "gaussian"`, at least four
        times the expected length.
    map : str, default "intensity"
        Quantity of the image: `intensity` for electron micrographs.
    probe_fwhm : Quantity | None, default None
        Full width at half maximum of the probe, taken for a Gaussian; absent: a point. Structure is
        blurred by it, noise is not.
    surrogates : int, default 200
        Number of simulated images without a length.
    dark_level : Quantity, a plain number
        reading of the detector without beam, in the counts of the image. Found: an image of the
        blanked beam with the same gain and offset; image formats do not hold it.
    intensity_scale : str
        whether the values of the image follow the counts. Found: how the image was exported: raw
        data are linear, screenshots and eight-bit copies are not.
        - `"linear"`: values are proportional to counts above the dark level
        - `"display"`: stretched, gamma-corrected or eight-bit values made for display
    display_gamma : Quantity, a plain number
        exponent of the stretch of an image made for display: value = dark_level + a counts^gamma.
        Found: the settings of the export; together with intensity_scale = "display" and the display
        value of zero counts as dark_level.
    geometry : str
        how the image is made from the three-dimensional structure. Found: the thickness of the foil
        against the length that is looked for.
        - `"projection"`: the sum over a foil that is thicker than the structure
        - `"slice"`: a slice that is thinner than the structure, or a surface
    foil_thickness : Quantity, in m
        thickness of the foil. Found: haadf.thickness of a spectrum of the same place, or a
        convergent-beam pattern of a crystal beside it.
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

        - `length_psd` (L, m): wavelength of the peak of the spectrum
        - `has_characteristic_length` (): 1 where there is a characteristic length, 0 where not
        - `peak_advantage` (ΔBIC): by how much the criterion of Bayes prefers a spectrum with a peak
        - `p_no_length` (p): probability of such an advantage in images without a peak
        - `periods` (N): wavelengths across the smaller side
        - `peak_width` (w/k_0): standard deviation of the peak over its wave number
        - `length_acf` (L_max, m): first maximum of the autocorrelation, a check
        - `length_acf_minimum` (2 r_min, m): twice the first minimum of the autocorrelation, a check
        - `length_acf_zero` (4 r_0, m): four times the first zero of the autocorrelation, a check
        - `xi_envelope` (ξ, m): distance over which minima and maxima of the autocorrelation fall by
        1/e, a check
        - `integral_length` (ℓ, m): integral of the autocorrelation up to its first zero, with or
        without a peak
        - `teubner_strey_d` (d, m): wavelength of Teubner and Strey's spectrum
        - `teubner_strey_xi` (ξ, m): correlation length of Teubner and Strey's spectrum
        - `contrast_sd` (σ_s/I): standard deviation of the structure over the mean above the dark
        level
        - `signal_sd` (σ_s): standard deviation of the structure, noise taken out, in the unit of
        the image
        - `noise_sd` (σ_n): standard deviation of the white noise of a pixel, in the unit of the
        image
        - `background_share` (): share of the variance that went with the background

    References
    ----------
    - Idrissi et al., Sci. Rep. 9, 13426 (2019)
    - P. Whittle, Ark. Mat. 2, 423 (1953), doi:10.1007/BF02590998
    - M. Teubner, R. Strey, J. Chem. Phys. 87, 3195 (1987), doi:10.1063/1.453006
    - Guillaumin et al., J. R. Stat. Soc. B 84, 1526 (2022), doi:10.1111/rssb.12539
    """
    return CharacteristicLength(
        background=background,
        background_width=background_width,
        map=map,
        probe_fwhm=probe_fwhm,
        surrogates=surrogates,
    ).run(
        data,
        dark_level=dark_level,
        intensity_scale=intensity_scale,
        display_gamma=display_gamma,
        geometry=geometry,
        foil_thickness=foil_thickness,
        channels=channels,
        after=after,
        seed=seed,
    )
