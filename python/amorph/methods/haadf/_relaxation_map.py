# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Relaxation times from fluctuating dark-field images (`haadf.relaxation_map`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class RelaxationMap(Method):
    r"""Relaxation times from fluctuating dark-field images (`haadf.relaxation_map`).

    Correlation in time of every pixel of a series of frames (electron correlation microscopy): a map of relaxation times with bounds where they are too short or too long, over what distance places relax alike, how large slow regions are, and pooled times of the object, or of its core and skin.

    Parameters
    ----------
    beam : str, default "trend"
        What is taken off as change of the beam current.
        - `"steady"`: Nothing.
        - `"trend"`: A parabola in time through the means of the frames.
        - `"frame"`: The mean of every frame; for a beam that flickers and many more pixels than
        fluctuate together.
    block : int, default 1
        Side, in pixels, of the squares that are pooled to one place of the map.
    convention : str, default "amplitude"
        Which time is given.
        - `"amplitude"`: Of the amplitude: `g2 - 1 = A exp(-2 (t/tau)^beta)`.
        - `"intensity"`: Of the intensity: `g2 - 1 = A exp(-(t/tau)^beta)`; shorter by `2^(1/beta)`.
    map_exponent : float, default 1.0
        Stretching exponent of the places of the map; that of pooled pixels is fitted.
    object_above : float | None, default None
        Mean counts above the dark level from which on a pixel belongs to the object; absent: all
        pixels with counts.
    skin_px : float | None, default None
        Width of the skin of the object in pixels; absent: no division into core and skin. The edge
        of the image is no surface.

    Notes
    -----
    # Relaxation times from fluctuating dark-field images

    A dark-field image of a liquid or glass is speckled: a place is bright while its atoms happen to diffract into the aperture. As they rearrange the speckle changes. How
    long a place remembers its brightness is its relaxation time (electron correlation microscopy). The input is a series of frames in equal steps of time: a TIFF stack, an
    `.mrc` or in-situ series, or an array `[frame, row, column]`.

    ## How it is done

    1. The dark level is taken off, and every frame divided by the beam current: a parabola in time through the means of the frames (`beam = "trend"`), or each mean itself.
    2. For the pixels of a place or region, over lags of one frame up to a quarter of the record, eight per factor of two,

    $$ g_2(t) = \frac{\sum_p \langle I_p(t')\,I_p(t'+t)\rangle_{t'}}{\sum_p \langle I_p\rangle_\mathrm{left}\langle I_p\rangle_\mathrm{right}}, $$

       with the means over the earlier and over the later frames of the pairs (symmetric normalisation). Lag zero holds the counting noise and is left out. Sums over pixels before
       the division keep the error of a mean from spoiling the quotient; bright pixels weigh more.
    3. The means come from the same record, which lowers $g_2$: with $C = g_2-1$ and $M$ pairs the quotient is $(1+C)/(1+B)$ with

    $$ B(t) = M^{-2}\sum_{|d|<M} (M-|d|)\, C(|t+d|) \approx \frac1T\int_{-T}^{T}\Big(1-\frac{|s|}{T}\Big)C(s)\,ds. $$

       $B$ follows from the fitted law and is given back, in rounds until the time no longer changes.
    4. The law $g_2-1 = A\,e^{-2(t/\tau)^\beta}$ is fitted over three relaxation times by least squares. Regions have $\beta$ fitted, places of the map have it fixed (`map_exponent`).

    $\tau$ is the time of the *amplitude*. Others give the time of the intensity, $e^{-(t/\tau_I)^\beta}$, shorter by $2^{1/\beta}$: `convention = "intensity"`. The
    convention stands with every number.

    With `object_above` only pixels that are brighter in the mean belong to the object, and with `skin_px` those within that distance of its surface are pooled apart
    from the core. The edge of the image is no surface.

    ## Slow and fast regions

    The map of $\tau$ varies by chance as well as by structure. The record is cut in a first and a last part of $11/24$ each, with a twelfth between them, and every place gives $\ln\tau$ of either. What both parts say is the place: with $x_1$, $x_2$ the two maps, the mean of each region
    (core, skin) taken off,

    $$ C(r) = \tfrac12\big\langle x_1(\mathbf r')\,x_2(\mathbf r'+\mathbf r) + x_2(\mathbf r')\,x_1(\mathbf r'+\mathbf r)\big\rangle $$

    holds no error of $\tau$, not even at $r=0$, where it is the variance of the true $\ln\tau$ between places (`tau0_spread` is its root). What the means take away from $C$ is given back. `tau0_correlation_length` is the distance at which $C(r)/C(0)$, over rings one place
    wide, falls to $1/e$. Bounds count as times. `p_tau0_correlation` compares the correlation of neighbours with 999 maps of the same places in any order; above 0.05 no length is given. A length above a quarter of the shorter side of the object is refused.

    The slowest quarter of the places of each map is *slow*; slow places that share sides are one region. `slow_domain_size` is the diameter of the disc as large as a region, $\sqrt{4\langle n\rangle/\pi}$ with the mean over slow places. Errors of single places break regions apart, so that it is rather too
    small; a note says how large regions are where places are mixed. Pixels finer than a speckle share their fluctuations: choose `block` at least as large as a speckle, or the test sees the speckle.

    Series at several temperatures, each a measurement with its own `temperature`, are put together by `haadf.relaxation_energy`.

    ## Uncertainty

    The record is cut in blocks of ten relaxation times, or eight shorter ones of at least five, at most 24, and each is left out in turn (jackknife over
    blocks, Künsch 1989). Neighbouring blocks of length $L$ are alike at their border: the variance is divided by $1-\tau/2L$. The interval of $\ln\tau$ is
    Student's with one degree of freedom less than blocks. What neighbouring pixels share is in it, since time is cut and not the image. Below six blocks, and
    where the error is above 15 %, there is a value and no interval. Places of a map have at most twelve blocks and a standard error. A single pixel of fully
    developed speckle comes out short, because its mean and its correlation err together: by 9 % in the median where the record is 37 relaxation times long.
    Pooled pixels do not.

    `tau0_ratio`, core over skin, has the errors of both logarithms added, with Student's t by Welch and Satterthwaite: their pixels fluctuate apart. It has an interval where both errors are below 15 % and both times above three frames. The lengths of slow regions have none: one map does not tell how maps scatter.

    Times below two frames or above a tenth of the record are bounds, not numbers: they are in the map `tau0_bound` and the table of places, and are empty in the map of times.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | fewer than 50 frames | refused |
    | a frame of 64 pixels or more that is empty or repeats the one before | refused: frames were dropped, times are uneven |
    | no interval of frames in file or study | refused, `frame_interval` is asked for |
    | drift of the specimen | structure that moves looks like relaxation; align the series first |
    | damage by the beam | times depend on the dose rate; compare two |
    | exposure as long as the interval | averages within a frame: times of a few frames come out too long |
    | fewer than 64 places, or a record too short to be halved (six lags in a twelfth of it) | no lengths of slow regions, a note |
    | few pixels | the parabola through their mean takes slow fluctuations along; `beam = "steady"` where the current is known to be |
    | a beam that flickers | a constant remains in $g_2$; `beam = "frame"` takes it off |
    | a place that does not fluctuate | counted apart, empty in the maps |

    ## References

    L. He et al., Microsc. Microanal. 21, 1026 (2015). P. Zhang et al., Nat. Commun. 9, 1129 (2018). H. R. Künsch, Ann. Stat. 17, 1217 (1989). Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.1.
    """
    ID: ClassVar[str] = "haadf.relaxation_map"

    beam: Literal["steady", "trend", "frame"] = "trend"
    block: int = 1
    convention: Literal["amplitude", "intensity"] = "amplitude"
    map_exponent: float = 1.0
    object_above: float | None = None
    skin_px: float | None = None

    def run(
        self,
        data: Data,
        *,
        frame_interval: Quantity | None = None,
        dark_level: Quantity | None = None,
        temperature: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `relaxation_map` for the arguments."""
        return self._run(
            data,
            constants={
                "frame_interval": frame_interval,
                "dark_level": dark_level,
                "temperature": temperature,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def relaxation_map(
    data: Data,
    *,
    beam: Literal["steady", "trend", "frame"] = "trend",
    block: int = 1,
    convention: Literal["amplitude", "intensity"] = "amplitude",
    map_exponent: float = 1.0,
    object_above: float | None = None,
    skin_px: float | None = None,
    frame_interval: Quantity | None = None,
    dark_level: Quantity | None = None,
    temperature: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Relaxation times from fluctuating dark-field images (`haadf.relaxation_map`).

    Correlation in time of every pixel of a series of frames (electron correlation microscopy): a
    map of relaxation times with bounds where they are too short or too long, over what distance
    places relax alike, how large slow regions are, and pooled times of the object, or of its core
    and skin. See `RelaxationMap` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    beam : str, default "trend"
        What is taken off as change of the beam current.
        - `"steady"`: Nothing.
        - `"trend"`: A parabola in time through the means of the frames.
        - `"frame"`: The mean of every frame; for a beam that flickers and many more pixels than
        fluctuate together.
    block : int, default 1
        Side, in pixels, of the squares that are pooled to one place of the map.
    convention : str, default "amplitude"
        Which time is given.
        - `"amplitude"`: Of the amplitude: `g2 - 1 = A exp(-2 (t/tau)^beta)`.
        - `"intensity"`: Of the intensity: `g2 - 1 = A exp(-(t/tau)^beta)`; shorter by `2^(1/beta)`.
    map_exponent : float, default 1.0
        Stretching exponent of the places of the map; that of pooled pixels is fitted.
    object_above : float | None, default None
        Mean counts above the dark level from which on a pixel belongs to the object; absent: all
        pixels with counts.
    skin_px : float | None, default None
        Width of the skin of the object in pixels; absent: no division into core and skin. The edge
        of the image is no surface.
    frame_interval : Quantity, in s
        time from the beginning of one frame to that of the next. Found: the acquisition settings,
        or the times of the first and last frame; few image formats hold it.
    dark_level : Quantity, a plain number
        reading of the detector without beam, in the counts of the image. Found: an image of the
        blanked beam with the same gain and offset; image formats do not hold it.
    temperature : Quantity, in K
        temperature of the specimen while a series was recorded. Found: the heating stage, with its
        calibration; state it in the measurement of every series.
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

        - `tau0` (τ, s): relaxation time pooled over the object
        - `tau0_core` (τ_core, s): relaxation time pooled over the core
        - `tau0_skin` (τ_skin, s): relaxation time pooled over the skin
        - `tau0_ratio` (τ_core/τ_skin): relaxation time of the core over that of the skin
        - `beta_kww` (β): stretching exponent of the object
        - `beta_kww_core` (β_core): stretching exponent of the core
        - `beta_kww_skin` (β_skin): stretching exponent of the skin
        - `speckle_contrast` (A): g2 - 1 of the object at lag zero, counting noise taken out
        - `speckle_contrast_core` (A_core): the same of the core
        - `speckle_contrast_skin` (A_skin): the same of the skin
        - `temperature` (T, K): temperature of the specimen, as stated
        - `resolved_share` (): share of the places of the object whose relaxation time is neither
        too short nor too long
        - `tau0_spread` (): standard deviation of ln τ between places of a region, chance taken out
        - `tau0_correlation_length` (ξ_τ, m): distance over which the correlation of ln τ falls to
        1/e, chance taken out (places of the map where the pixel size is not known)
        - `p_tau0_correlation` (p): p value of neighbours that relax alike among maps of the same
        places in any order
        - `slow_domain_size` (, m): diameter of the disc as large as a region of the slowest
        quarter, in the mean over slow places (places of the map where the pixel size is not known)

    References
    ----------
    - L. He, P. Zhang, M. F. Besser, M. J. Kramer, P. M. Voyles, Microsc. Microanal. 21, 1026
    (2015), doi:10.1017/S1431927615000641
    - P. Zhang, J. J. Maldonis, Z. Liu, J. Schroers, P. M. Voyles, Nat. Commun. 9, 1129 (2018),
    doi:10.1038/s41467-018-03604-2
    - H. R. Künsch, Ann. Stat. 17, 1217 (1989), doi:10.1214/aos/1176347265
    - Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.1
    """
    return RelaxationMap(
        beam=beam,
        block=block,
        convention=convention,
        map_exponent=map_exponent,
        object_above=object_above,
        skin_px=skin_px,
    ).run(
        data,
        frame_interval=frame_interval,
        dark_level=dark_level,
        temperature=temperature,
        channels=channels,
        after=after,
        seed=seed,
    )
