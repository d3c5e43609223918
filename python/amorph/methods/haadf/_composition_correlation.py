# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Brightness and composition (`haadf.composition_correlation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CompositionCorrelation(Method):
    r"""Brightness and composition (`haadf.composition_correlation`).

    Correlates an annular dark-field image with the atomic fraction from maps of two elements, against surrogates, and gives the density ratio that the contrast needs.

    Parameters
    ----------
    background : str, default "plane"
        What is taken from image and fraction before.
        - `"none"`: The mean only.
        - `"plane"`: A plane.
        - `"quadratic"`: A surface of second degree.
        - `"gaussian"`: The image blurred by a Gaussian of `background_width` (full width at half
        maximum), at least four times the expected length.
    profile_from : tuple[Quantity, Quantity] | None, default None
        Where a line for profiles of brightness and fraction begins: x and y on the axes of the
        maps.
    profile_to : tuple[Quantity, Quantity] | None, default None
        Where it ends.
    profile_width : Quantity | None, default None
        Width across which a profile is averaged; one pixel if absent.
    surrogates : int, default 499
        Number of surrogates with random phases.

    Notes
    -----
    # Brightness and composition

    Are the bright domains of an annular dark-field image rich in an element, or only thicker? This method correlates the image with the atomic
    fraction from maps of two elements recorded in the same scan, says what chance would give, and which difference of density the contrast needs.

    ## Input

    Three channels of one file: the image (`intensity`) and background-subtracted counts in an edge of each element (`element_a`, `element_b`);
    name them in the study, for instance `channels = { intensity = "HAADF", element_a = "Ni", element_b = "Zr" }`. A map
    `relative_thickness` gives the partial correlation. The maps must have the same pixels: bring them to one grid and one resolution before.

    Counts become atomic fractions by the mean fraction of the field, which must be stated (`mean_fraction_a`): with
    $k = (I_B/I_A)_\mathrm{mean}\,(c_A/c_B)_\mathrm{mean}$, $c_A = kI_A/(kI_A+I_B)$ in every pixel. Counts without cross sections or a known mean are no atomic
    fractions, and are never called so here.

    ## How it is done

    1. A plane (default) is taken off image and fraction; `pearson_r_raw` is the correlation before.
    2. `p_surrogate` compares $|r|$ with correlations of the fraction with images of the same spectrum and random phases. Neighbouring pixels
       are alike, so a probability from the number of pixels would be far too small. The interval is Fisher's for the number of independent pairs,
       $n_\mathrm{eff} = 2\sum nP\sum nQ/\sum nPQ$ with the mean powers $P$, $Q$ of $n$ modes in rings of both spectra.
    3. White noise weakens every correlation. Its share in each map is the floor of the fitted spectrum (as in
       `haadf.characteristic_length`); `corrected_r` $= r/\sqrt{R_1R_2}$ with the shares $R$ of structure (Spearman 1904). Both are printed.
    4. With a map of the thickness: $r_t = (r - r_{1t}r_{2t})/\sqrt{(1-r_{1t}^2)(1-r_{2t}^2)}$.

    **Profiles.** With `profile_from = ["2 nm", "5 nm"]` and `profile_to` (x and y as on the axes of the maps) brightness and fraction are averaged over `profile_width` across the line, and drawn and tabled along it. A profile is an illustration: a line can be found over any two maps along which they agree.

    ## Density

    For thickness $t$ and $n$ atoms per volume, $I = t\,n\,\langle Z^g\rangle$ with $\langle Z^g\rangle = c_AZ_A^g+c_BZ_B^g$. Between places one standard deviation
    above and below the mean fraction,

    $$ \frac{n_1}{n_2} = \frac{I_1}{I_2}\,\frac{\langle Z^g\rangle_2}{\langle Z^g\rangle_1}, \qquad \frac{I_1}{I_2} = \frac{1+r_c\,\sigma_I/I}{1-r_c\,\sigma_I/I}, $$

    with the standard deviations of the structures, noise taken out. The *measured* amplitude of the fraction is used. For pure phases of equal brightness the
    ratio would be $(Z_B/Z_A)^g$, near 2 for Ni and Zr, which no glass has; it is printed beside as `pure_density_ratio`. The table shows $g$ = 1.6, 1.7 and 2.

    A higher density is an *inference*: it needs equal thickness, no channelling, and values that are counts above a stated dark level
    (`dark_level`, `intensity_scale = "linear"`). Amplitudes are those of the projection, smaller than in the volume.

    ## Uncertainty

    `pearson_r` and `partial_r` have intervals (coverage in `docs/coverage.md`). `corrected_r` and the densities have none: the error of the noise floors is not
    followed. `number_density_ratio` has a standard error from the correlation alone and a systematic one from the stated error of $g$.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | wedge of the thickness | raises `pearson_r_raw`; compare with `pearson_r` and `partial_r` |
    | maps of different shape or area | refused, both named |
    | image or fraction nearly all noise | correlations uncorrected, no density |
    | display values, unknown dark level | correlations given, no density |
    | noise that is not white (denoised maps) | the noise share is too small; use the raw maps |

    ## References

    Idrissi et al., Scientific Reports 9, 13426 (2019). J. Theiler et al., Physica D 58, 77 (1992). C. Spearman, American Journal of Psychology 15, 72 (1904).
    """
    ID: ClassVar[str] = "haadf.composition_correlation"

    background: Literal["none", "plane", "quadratic", "gaussian"] = "plane"
    profile_from: tuple[Quantity, Quantity] | None = None
    profile_to: tuple[Quantity, Quantity] | None = None
    profile_width: Quantity | None = None
    surrogates: int = 499

    def run(
        self,
        data: Data,
        *,
        dark_level: Quantity | None = None,
        intensity_scale: Literal["linear", "display"] | None = None,
        display_gamma: Quantity | None = None,
        mean_fraction_a: Quantity | None = None,
        atomic_number_a: Quantity | None = None,
        atomic_number_b: Quantity | None = None,
        contrast_exponent: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `composition_correlation` for the arguments."""
        return self._run(
            data,
            constants={
                "dark_level": dark_level,
                "intensity_scale": intensity_scale,
                "display_gamma": display_gamma,
                "mean_fraction_a": mean_fraction_a,
                "atomic_number_a": atomic_number_a,
                "atomic_number_b": atomic_number_b,
                "contrast_exponent": contrast_exponent,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def composition_correlation(
    data: Data,
    *,
    background: Literal["none", "plane", "quadratic", "gaussian"] = "plane",
    profile_from: tuple[Quantity, Quantity] | None = None,
    profile_to: tuple[Quantity, Quantity] | None = None,
    profile_width: Quantity | None = None,
    surrogates: int = 499,
    dark_level: Quantity | None = None,
    intensity_scale: Literal["linear", "display"] | None = None,
    display_gamma: Quantity | None = None,
    mean_fraction_a: Quantity | None = None,
    atomic_number_a: Quantity | None = None,
    atomic_number_b: Quantity | None = None,
    contrast_exponent: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Brightness and composition (`haadf.composition_correlation`).

    Correlates an annular dark-field image with the atomic fraction from maps of two elements,
    against surrogates, and gives the density ratio that the contrast needs. See
    `CompositionCorrelation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    background : str, default "plane"
        What is taken from image and fraction before.
        - `"none"`: The mean only.
        - `"plane"`: A plane.
        - `"quadratic"`: A surface of second degree.
        - `"gaussian"`: The image blurred by a Gaussian of `background_width` (full width at half
        maximum), at least four times the expected length.
    profile_from : tuple[Quantity, Quantity] | None, default None
        Where a line for profiles of brightness and fraction begins: x and y on the axes of the
        maps.
    profile_to : tuple[Quantity, Quantity] | None, default None
        Where it ends.
    profile_width : Quantity | None, default None
        Width across which a profile is averaged; one pixel if absent.
    surrogates : int, default 499
        Number of surrogates with random phases.
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
    mean_fraction_a : Quantity, a plain number
        mean atomic fraction of element A in the field. Found: a chemical analysis of the foil, or
        its nominal composition.
    atomic_number_a : Quantity, a plain number
        atomic number of element A. Found: the periodic table.
    atomic_number_b : Quantity, a plain number
        atomic number of element B. Found: the periodic table.
    contrast_exponent : Quantity, a plain number
        exponent of the contrast of atomic number, 1.6 to 2. Found: the inner angle of the annular
        detector: about 1.7 for 50 mrad, towards 2 for larger angles.
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

        - `pearson_r` (r): correlation of brightness and atomic fraction of A, background taken off
        - `pearson_r_raw` (r_raw): the same, background left in
        - `spearman_r` (ρ_S): correlation of their ranks
        - `p_surrogate` (p): probability of such a correlation with random phases
        - `n_effective` (n_eff): independent pairs of pixels
        - `corrected_r` (r_c): correlation of the structures, counting noise taken out
        - `partial_r` (r_t): correlation of brightness and fraction given the thickness
        - `fraction_sd` (σ_c): standard deviation of the atomic fraction, counting noise taken out
        - `number_density_ratio` (n_1/n_2): atoms per volume at one standard deviation of the
        fraction above the mean over below
        - `pure_density_ratio` ((Z_B/Z_A)^g): the ratio that pure phases of equal brightness need

    References
    ----------
    - Idrissi et al., Sci. Rep. 9, 13426 (2019)
    - Theiler et al., Physica D 58, 77 (1992), doi:10.1016/0167-2789(92)90102-S
    - C. Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159
    """
    return CompositionCorrelation(
        background=background,
        profile_from=profile_from,
        profile_to=profile_to,
        profile_width=profile_width,
        surrogates=surrogates,
    ).run(
        data,
        dark_level=dark_level,
        intensity_scale=intensity_scale,
        display_gamma=display_gamma,
        mean_fraction_a=mean_fraction_a,
        atomic_number_a=atomic_number_a,
        atomic_number_b=atomic_number_b,
        contrast_exponent=contrast_exponent,
        channels=channels,
        after=after,
        seed=seed,
    )
