# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Dense clusters (`dafm.clusters`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Clusters(Method):
    r"""Dense clusters (`dafm.clusters`).

    Finds the densely packed clusters of low dissipation, fits the law of their sizes, and asks whether they percolate.

    Parameters
    ----------
    area_fraction : float, default 0.5
        Share of the area that counts as dense in mode `area`.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    level : Quantity, default "0.45"
        The level of mode `absolute`; 0.45 of the normalised dissipation is that of Qiao et al.
        2019.
    map : str, default "normalised_dissipation"
        Quantity of the map, for instance `normalised_dissipation`.
    min_pixels : int, default 8
        Least number of pixels of a cluster whose size counts.
    mode : str, default "absolute"
        How the level is chosen.
        - `"absolute"`: A given value.
        - `"area"`: The lowest share of the area.
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model.

    Notes
    -----
    # Dense clusters

    Where little is dissipated the glass is densely packed. Qiao et al. (2019) take the pixels whose normalised dissipation
    $E^* = E Q/(\pi k A A_f)$ is at most 0.45 as dense, look at the clusters they form, find their sizes distributed as a power law
    with an exponent of about 1.7, and speak of percolation. This method does the same, and then asks the question that decides what it means: **what would plain
    noise with the same correlation do?**

    ## Finding clusters

    A pixel is dense if the map is at or below the `level` (mode `absolute`), or among the lowest share of the area (mode `area`). Dense
    pixels that share an edge (or a corner, `connectivity = 8`) form a cluster; its size is the radius of the circle of equal area,
    $R = \sqrt{A/\pi}$. Clusters that touch the border are cut and are left out; the others stand for $L_xL_y/[(L_x-w_x)(L_y-w_y)]$ clusters of
    their widths $w$. The number of clusters at least as large as $R$ is

    $$ N(\ge R) = \sum_{R_i \ge R} w_i ; $$

    the table `size_histogram` has the counts in bins as well, also divided by the width of the bin.

    ## The law of sizes

    Above a smallest radius the sizes are described by

    $$ f(R) \propto R^{-\alpha}\,e^{-R/R_c}, \qquad N(\ge R) \sim R^{-(\alpha-1)}\ \text{for}\ R \ll R_c , $$

    fitted by maximum likelihood with the border weights (core::stats::power_law, the machinery of `events.size_distribution`). $R_\mathrm{min}$
    is given as `r_min`, or is the radius at which the largest distance between the cumulated distributions of clusters and law is
    smallest. Pixels make sizes discrete: an area is known to a pixel. Only clusters of at least `min_pixels` count, and the lower end
    of the range lies half a pixel of area below the smallest; the smallest radius and its number of pixels are printed. From 8 pixels on the
    steps of $R$ are below 6 % and the exponent is off by less than 0.02.

    Two rivals are fitted above the same radius, a Gaussian and a log-normal, and set against the power law by Vuong's ratio. Both contain limits of a
    power law or an exponential, and over less than a decade the three are often not told apart: this is then what is said.

    ## Percolation

    A cluster spans if it reaches from side to side along $x$, $y$ or both. The largest cluster, wherever it lies, has a share of the dense area and a
    box dimension: the slope of $\ln N$ against $\ln[(L-1)/b + 1]$, with $N$ the number of boxes of side $b$ that cover it (mean over eight
    positions of the grid), $b$ from 2 pixels to a quarter of its extent $L$. Against $\ln(1/b)$ the boxes that stand over the edge would take
    up to a tenth off a filled square; like this a line has 1.00, a filled square 2.01, Sierpinski's carpet 1.89 (exact 1.893) and his
    triangle 1.62 (1.585). The range is printed, with the slopes between neighbouring sides; below a decade the number describes
    this cluster and shows no fractal.

    ## The null model

    Every number stands beside 200 or more surrogates, isotropic Gaussian fields with the correlation and the values of the map (as in
    `dafm.regions`), with the same level, smallest size and choice of $R_\mathrm{min}$. Level sets of such fields have broad size distributions and
    percolate when about half of the area is dense (0.41 to 0.59 for uncorrelated pixels, depending on the neighbourhood), so neither an exponent
    near 1.7 nor a spanning cluster speaks of the material unless the surrogates lack it.

    ## Uncertainty

    - With a given `r_min`: profile-likelihood intervals of $\alpha$ and $R_c$, tested on planted clusters through the whole pipeline.
    - With a chosen $R_\mathrm{min}$ no interval: the choice is not in the likelihood. `dafm.cluster_sizes` gives the interval between sites.
    - Shares, flags and dimension of one image have no interval; the scatter between sites gives it.

    ## When it fails

    - No pixel, or every pixel, below the level: refused, with the range of the map.
    - Fewer than 50 clusters above the smallest radius: no law. Pool the sites of the state.
    - A map without a stationary field: no null model, and this is said.
    - $E^*$ depends on amplitude and phase reference; the level 0.45 has no meaning for another tip or set point. Mode `area` has one.

    ## References

    Qiao et al. (2019), section 3.3.3. A. Clauset, C. R. Shalizi, M. E. J. Newman, *SIAM Rev.* **51**, 661 (2009). Q. H. Vuong,
    *Econometrica* **57**, 307 (1989).
    """
    ID: ClassVar[str] = "dafm.clusters"

    area_fraction: float = 0.5
    connectivity: int = 4
    level: Quantity = "0.45"
    map: str = "normalised_dissipation"
    min_pixels: int = 8
    mode: Literal["absolute", "area"] = "absolute"
    r_min: Quantity | None = None
    surrogates: int = 200

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `clusters` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def clusters(
    data: Data,
    *,
    area_fraction: float = 0.5,
    connectivity: int = 4,
    level: Quantity = "0.45",
    map: str = "normalised_dissipation",
    min_pixels: int = 8,
    mode: Literal["absolute", "area"] = "absolute",
    r_min: Quantity | None = None,
    surrogates: int = 200,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Dense clusters (`dafm.clusters`).

    Finds the densely packed clusters of low dissipation, fits the law of their sizes, and asks
    whether they percolate. See `Clusters` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    area_fraction : float, default 0.5
        Share of the area that counts as dense in mode `area`.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    level : Quantity, default "0.45"
        The level of mode `absolute`; 0.45 of the normalised dissipation is that of Qiao et al.
        2019.
    map : str, default "normalised_dissipation"
        Quantity of the map, for instance `normalised_dissipation`.
    min_pixels : int, default 8
        Least number of pixels of a cluster whose size counts.
    mode : str, default "absolute"
        How the level is chosen.
        - `"absolute"`: A given value.
        - `"area"`: The lowest share of the area.
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
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

        - `dense_area_fraction` (A_d): share of the area at or below the level
        - `dense_cluster_count` (N): clusters of at least the smallest size that do not touch the
        border
        - `cluster_exponent` (α): exponent of the size distribution R^-α exp(-R/R_c)
        - `cluster_cutoff` (R_c, m): cut-off of the size distribution
        - `cluster_cutoff_lower_bound` (R_c, m): one-sided 95 % lower bound where the cut-off is not
        identified
        - `cluster_r_min` (R_min, m): smallest radius that is fitted
        - `spans_x` (P_x): 1 if one cluster reaches from left to right
        - `spans_y` (P_y): 1 if one cluster reaches from top to bottom
        - `spans_both` (P_xy): 1 if one cluster does both
        - `largest_cluster_fraction` (P_∞): share of the dense area in the largest cluster
        - `box_dimension` (D_b): box dimension of the largest cluster

    References
    ----------
    - Qiao et al. (2019), review, section 3.3.3
    - A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111
    - Q. H. Vuong, Econometrica 57, 307 (1989), doi:10.2307/1912557
    """
    return Clusters(
        area_fraction=area_fraction,
        connectivity=connectivity,
        level=level,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        r_min=r_min,
        surrogates=surrogates,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
