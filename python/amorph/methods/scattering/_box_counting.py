# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Fractal dimension of regions (`scattering.box_counting`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class BoxCounting(Method):
    r"""Fractal dimension of regions (`scattering.box_counting`).

    Over which sizes dense or loose regions of a volume are fractal, with which dimension, and whether random regions would look the same.

    Parameters
    ----------
    fewest_decades : float, default 1.0
        Decades of sizes below which no dimension is given.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.5
        Quantile of the object's grey values that divides dense from loose.
    surrogates : int, default 9
        Random sets of each kind to compare with.
    tolerance : float, default 0.25
        Change of the slope over a range that still counts as none.

    Notes
    -----
    # Fractal dimension of regions

    In tomographic volumes of metallic glasses, loose and dense regions of about 30 nm and more have been called fractal, with dimensions of about 2.5, and 2.2 for the layers that
    deformation leaves. A straight piece in a log-log plot is quickly found. This method asks three questions in order: is there a range of sizes with one slope; what is it; and would a random field look the same?

    ## The set

    The *object* is what lies above `object_above` (the rest is air); the *set* is the part of the object above (`phase = "high"`) or below its `quantile`. Results for other levels are in the table `levels`: a dimension
    that depends on the level is a property of the level. Voxels must be cubes.

    ## Cubes around voxels

    The estimator is the mass in cubes around the voxels of the set (sandbox):

    $$ M(e) = e^3\, \frac{\sum_{i\in S} n_S(i, e)}{\sum_{i\in S} n_O(i, e)} \;\propto\; e^{D} , $$

    with $n_S$ and $n_O$ the voxels of the set and of the object in the cube of edge $e$ around voxel $i$. The ratio is the density in the part of the cube that lies in the object: a solid object has $M = e^3$ exactly, at every size and at every edge. It is the
    dimension of correlations ($q = 2$).

    **Why not boxes?** The number of boxes that a set needs depends on whether their size fits it: fits of random sets of dimension 2.5 give 2.41 to 2.47, even with the best of
    all $e^3$ grids. Box counts are given beside the mass, as `fractal_dimension_box`, over the same sizes: every grid of every size is counted, and the one that needs fewest is taken in proportion to the part of the volume that its whole boxes fill.

    **Generalised dimensions.** With $p_i$ the shares of the set in the boxes of one grid, $D_1$ is the slope of $\sum p_i\ln p_i$ and $D_2$ that of $\ln\sum p_i^2$ over $\ln e$, mean over eight grids: `information_dimension` and
    `correlation_dimension` beside `fractal_dimension_box` of order 0. Where they differ beyond the scatter, the set is denser in some places than a single dimension allows. Boxes of 3 to 16 voxels (to 20 for base 3) give for curdled sets, in which all orders are equal: true 2.500, $D_1$ 2.540 ± 0.048, $D_2$ 2.530 ± 0.045; true 2.263, 2.310 ± 0.060 and
    2.299 ± 0.057; base 3, true 2.456, 2.478 ± 0.053 and 2.471 ± 0.043 (order 0: 2.63, 2.43 and 2.42). Random voxels at a share of 0.2 give 2.96 and 2.93 instead of 3: small boxes hold few voxels.

    **Along an axis.** Flow draws regions out. The table `boxes` holds the numbers of occupied boxes that are twice as long along z, y or x: fewest are needed along the axis along which regions are long. `scattering.density_correlation` gives the correlation length along each axis, `scattering.volume_statistics` the shape of single regions.

    **Slices.** A plane through a set of dimension $D$ at a place that has nothing to do with it has the dimension $D-1$. A dimension of 1.5 counted on pictures of slices is one of 2.5 in the volume, not of the volume's surface. A projection through a set of $D \ge 2$ fills the plane.

    ## The range

    Of all ranges of at least four sizes, the longest is taken over which the slope changes by less than `tolerance` (0.25, by a parabola), or by less than twice the standard error of that change. If it has fewer than `fewest_decades` decades there is no dimension: a note says from
    where to where the slope runs. Below 1.5 decades a warning stands beside the number.

    ## Random sets

    - **Random voxels** of the same share: slope 3.
    - **Gaussian fields with the spectrum of the volume**, cut at the same share of the object. They have the same correlations of grey values and no other structure. `null_level_set_lo` and `_hi` hold 95 % of their slopes over the same sizes (Student's law over the fields that were drawn); a dimension between them says nothing that the spectrum does not say.
      Volumes of zeros and ones are not Gaussian: the band then has the spectrum of the mask.

    ## Uncertainty

    The standard error comes from resampling $4^3$ blocks of centres. There is no interval: the error of blocks is that of this one volume. Volumes of the same random construction scatter by 0.04 to 0.06 at $64^3$, because their coarsest
    grains are few, and the largest cubes, which reach the sides, pull the slope up by 0.05 to 0.07 there and by 0.03 at $128^3$ (cubes up to a sixth of the side by 0.01 or less, but they span too little): an interval from blocks would cover in half of the volumes or fewer (`docs/coverage.md`). Nor do sets that are drawn again help: intervals from curdled sets of the dimension that was found, bias taken off, hold the truth for curdled sets (89, 92 and 88 % of 200 volumes of $64^3$), but for sets from which balls of every size are cut out, of the same dimension, in 68 and 51 %: these scatter by 0.16 (true 2.5) and 0.11 (true 2.7), three to four times as much. One volume does not say which kind it is. Single voxels are a matter of the lattice: they are drawn, and no range begins with them. To compare states, measure several volumes of each.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | noise of single voxels | slopes towards 3 at the smallest sizes; smooth all volumes to one resolution before comparing |
    | one length (a level set) | slopes run from 2 to 3; no dimension, or a warning that random fields show the same |
    | a layer | 3 below its thickness, 2 above |
    | less than 32 voxels along a side, voxels that are no cubes | refused |
    | cupping of the reconstruction | looks like a gradient of density; take it off before |

    ## References

    T. Vicsek, *Fractal Growth Phenomena* (1992). J. Theiler, *J. Opt. Soc. Am. A* **7**, 1055 (1990). X. Huang et al., *Acta Mater.* **155**, 69 (2018).
    """
    ID: ClassVar[str] = "scattering.box_counting"

    fewest_decades: float = 1.0
    object_above: float | None = None
    phase: Literal["high", "low"] = "high"
    quantile: float = 0.5
    surrogates: int = 9
    tolerance: float = 0.25

    def run(
        self,
        data: Data,
        *,
        voxel_size: Quantity | None = None,
        resolution: Quantity | None = None,
        common_resolution: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `box_counting` for the arguments."""
        return self._run(
            data,
            constants={
                "voxel_size": voxel_size,
                "resolution": resolution,
                "common_resolution": common_resolution,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def box_counting(
    data: Data,
    *,
    fewest_decades: float = 1.0,
    object_above: float | None = None,
    phase: Literal["high", "low"] = "high",
    quantile: float = 0.5,
    surrogates: int = 9,
    tolerance: float = 0.25,
    voxel_size: Quantity | None = None,
    resolution: Quantity | None = None,
    common_resolution: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Fractal dimension of regions (`scattering.box_counting`).

    Over which sizes dense or loose regions of a volume are fractal, with which dimension, and
    whether random regions would look the same. See `BoxCounting` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    fewest_decades : float, default 1.0
        Decades of sizes below which no dimension is given.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.5
        Quantile of the object's grey values that divides dense from loose.
    surrogates : int, default 9
        Random sets of each kind to compare with.
    tolerance : float, default 0.25
        Change of the slope over a range that still counts as none.
    voxel_size : Quantity, in m
        edge of a voxel, the same along all axes. Found: the reconstruction; .mat and .npy files do
        not hold it.
    resolution : Quantity, in m
        resolution of the reconstruction, full width at half maximum; needed where a common one is
        stated. Found: the spectrum of the volume, an edge, or Fourier shell correlation; about the
        voxel size at best.
    common_resolution : Quantity, in m
        resolution that the volume is brought to before anything is measured, full width at half
        maximum. Found: the coarsest resolution among the volumes that are compared.
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

        - `fractal_dimension` (D): slope of the mass in cubes around the voxels of the set
        - `fractal_dimension_box` (D_b): slope of the number of occupied boxes over the same sizes
        - `information_dimension` (D_1): generalised dimension of order 1, over boxes of the same
        sizes
        - `correlation_dimension` (D_2): generalised dimension of order 2, over boxes of the same
        sizes
        - `scaling_decades` (): decades of sizes over which the slope is constant
        - `scaling_from` (, m): smallest of these sizes (voxels where their edge is not known)
        - `scaling_to` (, m): largest of these sizes (voxels where their edge is not known)
        - `null_random` (): mean slope of voxels drawn at random, same sizes and share
        - `null_level_set_lo` (): lower end of where 95 % of Gaussian fields with this spectrum lie,
        same sizes and share
        - `null_level_set_hi` (): upper end of it
        - `volume_fraction` (φ): share of the object that is the set
        - `g_std_micro` (): standard deviation of the grey values of the object over their mean,
        where these are densities
        - `n_voxels` (N): voxels of the object

    References
    ----------
    - T. Vicsek, Fractal Growth Phenomena, 2nd ed., World Scientific (1992), doi:10.1142/1407
    - J. Theiler, J. Opt. Soc. Am. A 7, 1055 (1990), doi:10.1364/JOSAA.7.001055
    - X. Huang et al., Acta Mater. 155, 69 (2018)
    """
    return BoxCounting(
        fewest_decades=fewest_decades,
        object_above=object_above,
        phase=phase,
        quantile=quantile,
        surrogates=surrogates,
        tolerance=tolerance,
    ).run(
        data,
        voxel_size=voxel_size,
        resolution=resolution,
        common_resolution=common_resolution,
        channels=channels,
        after=after,
        seed=seed,
    )
