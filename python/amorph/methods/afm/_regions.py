# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Regions of high dissipation (`dafm.regions`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Regions(Method):
    r"""Regions of high dissipation (`dafm.regions`).

    Finds the regions above a threshold and asks whether noise with the same correlation would look different.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".

    Notes
    -----
    # Regions of high dissipation

    Where a metallic glass dissipates most, it is thought to be softest. This method draws a line around the brightest part of a map,
    measures the regions inside, and then asks the question that decides everything: **would plain noise look different?**

    ## Finding regions

    The threshold is the level above which 5 % of the area lies (`mode = "area"`), or above which the pixels hold 5 % of the summed
    energy (`"energy"`, the other reading of Lu et al. 2016, figure 5), or a value (`"absolute"`). Pixels above it that share an edge
    (or a corner, `connectivity = 8`) belong together. The outline runs between pixels where the map crosses the threshold (linear
    interpolation); area $A$, centre and second moments $\mu$ follow from it by Green's theorem. With
    $\lambda_{1,2} = \tfrac12(\mu_{xx}+\mu_{yy}) \pm \sqrt{\tfrac14(\mu_{xx}-\mu_{yy})^2+\mu_{xy}^2}$,

    $$ D_{\max,\min} = 4\sqrt{\lambda_{1,2}},\qquad a = \sqrt{\lambda_1/\lambda_2},\qquad
    \theta = \tfrac12\,\mathrm{atan2}(2\mu_{xy},\,\mu_{xx}-\mu_{yy}),\qquad R_{eq} = \sqrt{A/\pi} . $$

    `outline = "pixel"` takes the pixels as points instead, `"pixel_box"` as squares ($p^2/12$ added along each axis); of a true ellipse
    of aspect 1.9 and $R_{eq}$ = 2 pixels they give 2.6 % too much and 3.2 % too little.

    Regions of fewer than 8 pixels are not measured: their shape is that of the grid. A table gives the results for 4, 8 and 16 pixels, each with
    its null model. The *bounding lengths* of Qiao et al. 2019 are given as well: the sides of the rectangle of least area around the outline, in
    any direction, and the largest and smallest width between parallel lines (Feret), found by turning along the convex hull.
    Regions that touch the border are cut and are left out; since large ones touch it more often, the others are weighted by
    $L_xL_y/[(L_x-w_x)(L_y-w_y)]$, with $w$ their widths.

    The orientation of an axis is the same at $\theta$ and $\theta+180°$, so angles are doubled: $S_2 = |\langle e^{2i\theta}\rangle|$
    is 0 for random and 1 for parallel regions.

    ## The null model

    An *isotropic* Gaussian field has elongated islands above a threshold: their mean aspect ratio is 1.7 to 1.9 for islands of 8 or more
    pixels, which is what Lu et al. report for the as-deposited film. The radius grows with the correlation length, so it is no
    independent evidence either. Therefore every result stands beside 200 or more surrogate maps: isotropic Gaussian fields with the
    stretched-exponential correlation fitted to the map (`dafm.correlation_length`; here to its normal scores), given the values of the
    map rank by rank, with the same mask, threshold, smallest size and outline. The table `null_comparison` has the mean of the
    surrogates, the band that holds 95 % of them, and the two-sided probability

    $$ p = 2\,\frac{1+\min(n_{\ge},n_{\le})}{n+1} $$

    of a value as extreme as that of the map. A value inside the band is *not distinguishable from isotropic noise with the same
    correlation*. The surrogates take the fitted correlation as exact, so a $p$ just below 0.05 is weak evidence. Several numbers are
    compared: one of five falls below 0.05 by chance in up to a quarter of all maps.

    ## Uncertainty

    The surrogates also tell how exactly one image knows the mean over all images of its kind. For a mean over regions with its own standard
    error $s$ (regions taken as independent), each surrogate gives $t^* = (m^* - \langle m^*\rangle)/s^*$, and the 95 % interval is
    $m - t^*_{0.975}\,s \ldots m - t^*_{0.025}\,s$: a studentised parametric bootstrap. The surrogates supply what $s$ misses (regions of one image
    share its area), while $s$ comes from the map itself, so that a map of regions more varied than those of isotropic noise has a wider interval.
    Counts are treated by their square roots. Measured coverage: `docs/coverage.md`.

    At a given threshold (`absolute`) the area above it fluctuates from image to image, and its share gets the interval (by the logarithm of its
    odds, from Gaussian surrogates that keep their own values); the means over regions get none there. In the other modes the share of the area
    is a choice or follows from the values. The order of the orientations cannot be negative and is only compared with its band; directions are
    the subject of `dafm.orientation`.

    None of these intervals knows how sites differ: for a state it comes from the scatter between sites (`compare.states`). The null band is no
    interval of the value.

    ## When it fails

    - Fewer than 20 regions: the count is given, no word on shape, size or orientation.
    - No stationary field fits (a trend, or a correlation length above a tenth of the image): no null model, and this is said.
    - The threshold relative to the image (`area`, `energy`) hides a change of the mean: use `absolute` to compare states.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016), figure 5. Qiao et al. (2019), section 3.3.3. Miles, in: Stochastic Geometry (1974), for the
    border weights. Freeman and Shapira, Commun. ACM 18, 409 (1975), for the rectangle. Davison and Hinkley, Bootstrap Methods and their
    Application (1997), section 5.2.1.
    """
    ID: ClassVar[str] = "dafm.regions"

    area_fraction: float = 0.05
    connectivity: int = 4
    map: str = "dissipated_energy"
    min_pixels: int = 8
    mode: Literal["area", "energy", "absolute"] = "area"
    outline: Literal["contour", "pixel", "pixel_box"] = "contour"
    surrogates: int = 200
    threshold: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `regions` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def regions(
    data: Data,
    *,
    area_fraction: float = 0.05,
    connectivity: int = 4,
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    mode: Literal["area", "energy", "absolute"] = "area",
    outline: Literal["contour", "pixel", "pixel_box"] = "contour",
    surrogates: int = 200,
    threshold: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Regions of high dissipation (`dafm.regions`).

    Finds the regions above a threshold and asks whether noise with the same correlation would look
    different. See `Regions` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".
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

        - `hdr_count` (N): regions of at least the smallest size that do not touch the border
        - `hdr_area_fraction` (A_f): share of the area above the threshold
        - `hdr_aspect` (a): mean aspect ratio of the ellipse of equal moments
        - `hdr_req` (R_eq, m): mean radius of the circle of equal area
        - `hdr_req_by_area` (R_eq,A, m): the same, weighted by area
        - `hdr_aspect_by_area` (a_A): mean aspect ratio weighted by area
        - `hdr_bounding_length` (L_b, m): mean long side of the least bounding rectangle
        - `hdr_bounding_width` (W_b, m): mean short side of the least bounding rectangle
        - `hdr_feret_max` (F_max, m): mean largest width between parallel lines
        - `hdr_feret_min` (F_min, m): mean smallest width between parallel lines
        - `hdr_angle_order` (S_2): length of the mean vector of doubled angles: 0 isotropic, 1
        parallel

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.3
    - Miles, in: Stochastic Geometry (1974): border weights
    - Freeman and Shapira, Commun. ACM 18, 409 (1975): least bounding rectangle
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    """
    return Regions(
        area_fraction=area_fraction,
        connectivity=connectivity,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        outline=outline,
        surrogates=surrogates,
        threshold=threshold,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
