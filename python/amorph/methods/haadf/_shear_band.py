# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Density along a shear band (`haadf.shear_band`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ShearBand(Method):
    r"""Density along a shear band (`haadf.shear_band`).

    Wavelength and heights of the densified and dilated halves of the density along a shear band, against red noise.

    Parameters
    ----------
    band_row : float | None, default None
        Row in the middle of the band, counted from 0 at the top; the row around which the image
        varies most along x, if absent.
    band_width : Quantity | None, default None
        Full width of the band. No default.
    map : str, default "intensity"
        Quantity of the image.
    surrogates : int, default 999
        Number of simulated profiles without a wave.

    Notes
    -----
    # Density along a shear band

    Along a shear band in a metallic glass an annular dark-field image is now brighter, now darker than the matrix: the band is denser and more
    dilute in turn. Of equal thickness, the relative excess of counts is the relative change of density,

    $$ r(x) = \frac{I_\mathrm{band}(x)}{I_\mathrm{matrix}(x)} - 1 \;\approx\; \frac{\Delta\rho}{\rho} . $$

    ## How it is done

    1. The image must show the band along x, with matrix on both sides. `dark_level` must be stated: the reading without beam is taken off, otherwise every
       contrast is too small. `band_width` has no default; `band_row` is the row around which the image varies most along x (its straight part, the wedge of the
       foil, apart), if it is not stated.
    2. $I_\mathrm{band}$ is the mean of the rows of the band; $I_\mathrm{matrix}$ the mean of rows two to eight half widths away on either side, interpolated
       across the band. A wedge drops out.
    3. The sine that explains most of the variance is found among wavelengths from four pixels to half the length (Lomb and Scargle), and
       compared with that of red noise: first-order autoregressive profiles with the variance and the correlation of neighbours of the profile. Without `p_wave` < 0.05 there is
       no wavelength.
    4. Half waves of unequal height are fitted,
       $r = A_+\max(0,\sin\varphi) - A_-\max(0,-\sin\varphi)$ with $\varphi = 2\pi x/\lambda_b + \varphi_0$: densified and dilated halves. The published
       wavelength is about 150 nm, and dilation about twice densification.

    ## Uncertainty

    Intervals are those of the least-squares fit, widened where neighbouring residuals are correlated. They hold for half waves of constant wavelength and height; real bands
    wander, which the residuals show. Coverage: `docs/coverage.md`.

    ## What can go wrong

    | in the image | what happens |
    |---|---|
    | fewer than four wavelengths | warning |
    | no matrix on one side | refused |
    | dark level not stated, or values for display | refused |
    | band not along x | the profile mixes band and matrix; rotate the image before |
    | foil thinned faster in the band | looks like dilation everywhere: the halves have no common zero |

    ## References

    V. Schmidt, H. Rösner, M. Peterlechner, G. Wilde, P. M. Voyles, Phys. Rev. Lett. 115, 035501 (2015). J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section
    5.2. J. D. Scargle, Astrophys. J. 263, 835 (1982).
    """
    ID: ClassVar[str] = "haadf.shear_band"

    band_row: float | None = None
    band_width: Quantity | None = None
    map: str = "intensity"
    surrogates: int = 999

    def run(
        self,
        data: Data,
        *,
        dark_level: Quantity | None = None,
        intensity_scale: Literal["linear", "display"] | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `shear_band` for the arguments."""
        return self._run(
            data,
            constants={
                "dark_level": dark_level,
                "intensity_scale": intensity_scale,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def shear_band(
    data: Data,
    *,
    band_row: float | None = None,
    band_width: Quantity | None = None,
    map: str = "intensity",
    surrogates: int = 999,
    dark_level: Quantity | None = None,
    intensity_scale: Literal["linear", "display"] | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Density along a shear band (`haadf.shear_band`).

    Wavelength and heights of the densified and dilated halves of the density along a shear band,
    against red noise. See `ShearBand` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    band_row : float | None, default None
        Row in the middle of the band, counted from 0 at the top; the row around which the image
        varies most along x, if absent.
    band_width : Quantity | None, default None
        Full width of the band. No default.
    map : str, default "intensity"
        Quantity of the image.
    surrogates : int, default 999
        Number of simulated profiles without a wave.
    dark_level : Quantity, a plain number
        reading of the detector without beam, in the counts of the image. Found: an image of the
        blanked beam with the same gain and offset; image formats do not hold it.
    intensity_scale : str
        whether the values of the image follow the counts. Found: how the image was exported: raw
        data are linear, screenshots and eight-bit copies are not.
        - `"linear"`: values are proportional to counts above the dark level
        - `"display"`: stretched, gamma-corrected or eight-bit values made for display
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

        - `wavelength_band` (λ_b, m): wavelength of the density along the band
        - `amplitude_dense` (A_+): relative change of density at the top of the densified halves
        - `amplitude_dilated` (A_-): relative change of density in the middle of the dilated halves,
        positive
        - `amplitude_ratio` (A_+/A_-): densified over dilated
        - `p_wave` (p): probability of such a wave in red noise
        - `periods` (N): wavelengths along the band
        - `band_row` (y_b): row in the middle of the band

    References
    ----------
    - V. Schmidt et al., Phys. Rev. Lett. 115, 035501 (2015), doi:10.1103/PhysRevLett.115.035501
    - Qiao et al. (2019), review, section 5.2
    - J. D. Scargle, Astrophys. J. 263, 835 (1982), doi:10.1086/160554
    """
    return ShearBand(
        band_row=band_row,
        band_width=band_width,
        map=map,
        surrogates=surrogates,
    ).run(
        data,
        dark_level=dark_level,
        intensity_scale=intensity_scale,
        channels=channels,
        after=after,
        seed=seed,
    )
