# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Share of the bright phase by depth (`haadf.bright_fraction`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class BrightFraction(Method):
    r"""Share of the bright phase by depth (`haadf.bright_fraction`).

    Share of the bright phase of a two-phase image in strips below the surface, the illumination taken out, with intervals from blocks along the surface, lengths of chords and the Euler number.

    Parameters
    ----------
    illumination : str, default "quadratic"
        What is taken for uneven illumination.
        - `"even"`: Nothing.
        - `"plane"`: A plane by which both phases are multiplied.
        - `"quadratic"`: A surface of second degree.
    map : str, default "intensity"
        Quantity of the image: `intensity` for electron micrographs.
    phases : str, default "mixture"
        How phases are told apart.
        - `"mixture"`: Two Gaussians and pixels that hold some of both phases.
        - `"otsu"`: Otsu's threshold.
    strip_px : int, default 64
        Depth of a strip in pixels.

    Notes
    -----
    # Share of the bright phase by depth

    Layers made by surface mechanical attrition, and phase-separated glasses, show two phases as a bright and a dark network. How much of each there is, and how it changes below the surface, is read
    from one image whose surface lies at one of its sides: state `surface_side`.

    ## How it is done

    1. Every strip of `strip_px` pixels below the surface has shares of its own. The brightness of a pixel is $g(x,y)\,[m_d + u\,(m_b-m_d)]$ plus noise, $u$ the share of bright in the pixel: 0, 1, or, in
       pixels across an interface, anything between (partial volume; evenly distributed). Levels $m$, noise in each phase, shares, and the illumination $g$ (a polynomial, `illumination`) are those
       of largest likelihood, found by expectation and maximisation. A background taken off before would take the gradient of the share along; here it cannot.
    2. The share of a strip is $\varphi = w_b + w_\mathrm{mixed}/2$ with the weights of the mixture for its pixels. `phases = "otsu"` counts pixels above Otsu's threshold instead.
    3. `threshold_sweep` says how much a threshold would decide.
    4. Chords (length in a phase over half the interfaces crossed, along the surface) and the Euler number (parts less holes, pixels touching at corners) are from the image smoothed over three by three pixels and cut
       half way between the levels. A large negative Euler number speaks of a network, a large positive one of separate parts.

    ## Area and volume

    The share of the area is that of the volume in a section, or in a foil much thinner than the domains. In a thicker foil bright domains cover dark ones: of $N$ layers that know nothing of each other

    $$ 1-(1-\varphi)^N $$

    of the area has something bright. It is printed as `overlap_bound` with $N$ the stated `foil_thickness` over the bright chord, one at least.

    ## Uncertainty

    The image is cut along the surface in blocks of three periods or more (a period is the sum of both chords), and the share of every block of a strip is found alone. Their scatter gives the standard error, which a
    block bootstrap of their mean tends to; the interval is Student's. Below six blocks, for phases less than three standard deviations apart, and for thresholds there is none. It is for the share at this depth
    of *this layer*, not for differences between places of a specimen. Coverage: `docs/coverage.md`.

    ## What can go wrong

    | in the image | what happens |
    |---|---|
    | no surface side stated | refused |
    | one phase, or noise as large as the contrast | refused below 1.5 standard deviations, a warning below 3 |
    | a gradient within a strip | averaged over the strip |
    | curtains, cracks, scale bars | are counted as a phase: mask them |
    | stretched or eight-bit values | shares with a warning |
    | pixels missing | left out; above 60 % refused |

    Maps of contact resonance are segmented in the same way: state their map (`map = "frequency"`).

    ## References

    Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 5.4. P. Santago and H. D. Gage, IEEE Transactions on Image Processing 4, 1531 (1995). N. Otsu, IEEE Transactions on Systems, Man and Cybernetics 9, 62 (1979).
    S. B. Gray, IEEE Transactions on Computers C-20, 551 (1971).
    """
    ID: ClassVar[str] = "haadf.bright_fraction"

    illumination: Literal["even", "plane", "quadratic"] = "quadratic"
    map: str = "intensity"
    phases: Literal["mixture", "otsu"] = "mixture"
    strip_px: int = 64

    def run(
        self,
        data: Data,
        *,
        surface_side: Literal["top", "bottom", "left", "right"] | None = None,
        dark_level: Quantity | None = None,
        intensity_scale: Literal["linear", "display"] | None = None,
        foil_thickness: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `bright_fraction` for the arguments."""
        return self._run(
            data,
            constants={
                "surface_side": surface_side,
                "dark_level": dark_level,
                "intensity_scale": intensity_scale,
                "foil_thickness": foil_thickness,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def bright_fraction(
    data: Data,
    *,
    illumination: Literal["even", "plane", "quadratic"] = "quadratic",
    map: str = "intensity",
    phases: Literal["mixture", "otsu"] = "mixture",
    strip_px: int = 64,
    surface_side: Literal["top", "bottom", "left", "right"] | None = None,
    dark_level: Quantity | None = None,
    intensity_scale: Literal["linear", "display"] | None = None,
    foil_thickness: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Share of the bright phase by depth (`haadf.bright_fraction`).

    Share of the bright phase of a two-phase image in strips below the surface, the illumination
    taken out, with intervals from blocks along the surface, lengths of chords and the Euler number.
    See `BrightFraction` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    illumination : str, default "quadratic"
        What is taken for uneven illumination.
        - `"even"`: Nothing.
        - `"plane"`: A plane by which both phases are multiplied.
        - `"quadratic"`: A surface of second degree.
    map : str, default "intensity"
        Quantity of the image: `intensity` for electron micrographs.
    phases : str, default "mixture"
        How phases are told apart.
        - `"mixture"`: Two Gaussians and pixels that hold some of both phases.
        - `"otsu"`: Otsu's threshold.
    strip_px : int, default 64
        Depth of a strip in pixels.
    surface_side : str
        the side of the image at which the surface of the specimen lies. Found: how the section was
        cut and laid in the microscope.
        - `"top"`: the first row of the image is nearest to the surface
        - `"bottom"`: the last row is
        - `"left"`: the first column is
        - `"right"`: the last column is
    dark_level : Quantity, a plain number
        reading of the detector without beam, in the counts of the image. Found: an image of the
        blanked beam with the same gain and offset; image formats do not hold it.
    intensity_scale : str
        whether the values of the image follow the counts. Found: how the image was exported: raw
        data are linear, screenshots and eight-bit copies are not.
        - `"linear"`: values are proportional to counts above the dark level
        - `"display"`: stretched, gamma-corrected or eight-bit values made for display
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

        - `bright_fraction` (φ): share of the bright phase in the whole field
        - `bright_fraction_surface` (φ_s): share in the strip at the surface
        - `bright_fraction_deep` (φ_d): share in the deepest strip
        - `phase_separation` (d'): distance of the phases in standard deviations of a pixel
        - `bright_chord` (l_b, m): mean chord of the bright phase along the surface
        - `dark_chord` (l_d, m): mean chord of the dark phase along the surface
        - `euler_number` (χ): parts of the bright phase less its holes
        - `euler_density` (χ/A, 1/m^2): Euler number over area
        - `overlap_bound` (1-(1-φ)^N): share that would be seen of a share φ in N layers on top of
        each other

    References
    ----------
    - Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 5.4
    - N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979), doi:10.1109/TSMC.1979.4310076
    - P. Santago, H. D. Gage, IEEE Trans. Image Process. 4, 1531 (1995), doi:10.1109/83.469934
    - S. B. Gray, IEEE Trans. Comput. C-20, 551 (1971), doi:10.1109/T-C.1971.223289
    """
    return BrightFraction(
        illumination=illumination,
        map=map,
        phases=phases,
        strip_px=strip_px,
    ).run(
        data,
        surface_side=surface_side,
        dark_level=dark_level,
        intensity_scale=intensity_scale,
        foil_thickness=foil_thickness,
        channels=channels,
        after=after,
        seed=seed,
    )
