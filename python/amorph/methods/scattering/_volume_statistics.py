# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Grey values of a volume (`scattering.volume_statistics`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class VolumeStatistics(Method):
    r"""Grey values of a volume (`scattering.volume_statistics`).

    Spread of the grey values of an object, their change from its surface to its centre against random fields of the same spectrum, and how elongated dense or loose regions are.

    Parameters
    ----------
    level : str, default "quantile"
        What divides dense from loose.
        - `"quantile"`: `quantile` of the grey values of the object.
        - `"value"`: The grey value `level_value`.
        - `"mixture"`: Where two normal parts of the distribution are equally likely.
    level_value : float | None, default None
        Grey value that divides, for `level = "value"`.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent, and there
        is no profile then.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.5
        Quantile of the object's grey values that divides dense from loose.
    second_file : str, default None
        What the second of two files is that are stated together.
        - `"half"`: The same object from the other half of the projections.
        - `"phantom"`: An even body of about the same size, measured in the same way: its change
        from surface to centre is taken off.
    smallest_region : int, default 8
        Regions of fewer voxels do not count for the shape.
    surrogates : int, default 39
        Random fields to compare the profile and the shape with.

    Notes
    -----
    # Grey values of a volume

    How much does the density of a glass vary from place to place, does it change from the surface to the centre, and are its dense or loose regions drawn out along an axis?

    ## The spread

    The *object* is what lies above `object_above`. Mean, standard deviation, skewness and excess kurtosis are those of its voxels, structure and noise of the reconstruction together; `g_std_micro` is the deviation over the mean, where the grey values are densities.

    **Noise.** With two reconstructions from half of the projections each, `files = [["first.mat", "second.mat"]]` and `second_file = "half"`, the mean of the two is studied. Half of their difference holds noise alone: its standard deviation is `g_std_noise`, and what the halves share, $\sqrt{\sigma^2-\sigma_n^2}$, is `g_std_structure`. Errors that both halves have, such as rings and cupping, count as structure.

    **Resolution.** Volumes of different sharpness cannot be compared. With `common_resolution` (the coarsest of the comparison) and `resolution` (that of the volume) among the constants of the measurement, full widths at half maximum, every method of this technique first smooths the volume by a Gaussian of the width $\sqrt{R_c^2-R^2}$. Voxels outside the object are not mixed in.

    ## Dense and loose

    The *set* is the part of the object above (`phase = "high"`) or below a level:

    - `level = "quantile"`: the `quantile` of its grey values; the share of the set is stated.
    - `level = "value"`: the grey value `level_value`, the same for every specimen. Deformation shifts all grey values: compare both.
    - `level = "mixture"`: two normal parts, found by expectation and maximisation over a histogram; the level is where both are equally likely. `mixture_separation` is the distance of their means over the root mean square of their standard deviations. Below 2 there is one maximum and a warning: two parts fit any broad or skewed distribution.

    ## From the surface to the centre

    The depth of a voxel is its distance from the nearest voxel outside the object (Felzenszwalb and Huttenlocher 2012). Sides of the volume are no surface. The table `profile` holds the mean grey value of twelve shells; `radial_slope` is the slope of the grey values over depth by least squares, `radial_correlation` their correlation.

    **No interval.** Grey values are correlated over lengths that are not small beside the object. Errors from blocks cover in 82 to 92 % of volumes, so that none is shown. The question whether there is a change at all is answered by Gaussian fields with the spectrum of the volume:
    `p_radial` is the two-sided rank of the correlation among theirs. Of 300 fields without a gradient in a ball of 33 voxels (correlation lengths of 1.5, 3 and 5 voxels) 30 had $p\le 0.1$, 70 $p\le 0.2$ and 168 $p\le 0.5$. The band of the figure goes from the least to the most of them.

    The spectrum of an object is not that of its density: the edge multiplies the correlation at a distance $d$ by the share of the object that overlaps itself when moved by $d$, in a ball of radius $R$ by $1-3d/4R$ at first. The correlation is divided by that share where it is a third or more. The power of waves longer than about the object, which the mean of the object and a gradient change, follows
    the law $e^{a-bk^2}$ through the next shorter ones. Without both steps fields vary too little from surface to centre, and $p$ is too small.

    A gradient of the reconstruction (hardening of the beam, cupping) looks the same. Measure an even body of about the same size, with the same settings: `files = [["object.mat", "phantom.mat"]]` and `second_file = "phantom"` take its departure from its own mean, by depth in steps of a voxel, off the object in proportion to the mean grey values. What the two do not have in common, such as another absorption, stays. A ball with a slope of 0.0736 per voxel and cupping of 20 % over 5 voxels shows -0.069, and 0.0769 when an even ball was taken off.

    ## The shape of regions

    Regions are voxels of the set that share faces. Of those with `smallest_region` voxels and more, the squared radii of gyration along z, y and x are summed, each weighted by its voxels; `elongation_z` is the length along z over the root mean square of those along y and x. One that spans the volume has the shape of the volume.
    Random fields of the same spectrum stand beside it in the table `elongation`: what lies outside their range is not only a matter of the correlations along the axes.

    ## Chords

    A straight line along an axis stays in the set for a chord. `chord_length` is their mean, over all three axes, `chord_length_rest` that of the rest of the object. A chord has two ends, and ends are seen only between two voxels of the object: twice the length of the lines in the set over the number of its borders has no bias from chords that the surface cuts.
    Voxels drawn at random have $1/(1-\varphi)$; the denser half of a Gaussian field whose neighbouring voxels have the correlation $\rho$ has $\pi/\arccos\rho$. The table `chords` gives every axis, beside random fields of the same spectrum. Noise of single voxels shortens chords: smooth first.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | no air around the object | no profile, a note |
    | the level is a grey value that nothing, or everything, is above | refused |
    | noise of single voxels | more small regions; they are left out below `smallest_region` |
    | two files, `second_file` not stated | refused: a second volume can mean several things |
    | less than 16 voxels along a side, voxels that are no cubes | refused |

    ## References

    X. Huang et al., *Acta Mater.* **155**, 69 (2018). P. F. Felzenszwalb, D. P. Huttenlocher, *Theory Comput.* **8**, 415 (2012).
    """
    ID: ClassVar[str] = "scattering.volume_statistics"

    level: Literal["quantile", "value", "mixture"] = "quantile"
    level_value: float | None = None
    object_above: float | None = None
    phase: Literal["high", "low"] = "high"
    quantile: float = 0.5
    second_file: Literal["half", "phantom"] | None = None
    smallest_region: int = 8
    surrogates: int = 39

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
        """Runs the method; see `volume_statistics` for the arguments."""
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


def volume_statistics(
    data: Data,
    *,
    level: Literal["quantile", "value", "mixture"] = "quantile",
    level_value: float | None = None,
    object_above: float | None = None,
    phase: Literal["high", "low"] = "high",
    quantile: float = 0.5,
    second_file: Literal["half", "phantom"] | None = None,
    smallest_region: int = 8,
    surrogates: int = 39,
    voxel_size: Quantity | None = None,
    resolution: Quantity | None = None,
    common_resolution: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Grey values of a volume (`scattering.volume_statistics`).

    Spread of the grey values of an object, their change from its surface to its centre against
    random fields of the same spectrum, and how elongated dense or loose regions are. See
    `VolumeStatistics` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    level : str, default "quantile"
        What divides dense from loose.
        - `"quantile"`: `quantile` of the grey values of the object.
        - `"value"`: The grey value `level_value`.
        - `"mixture"`: Where two normal parts of the distribution are equally likely.
    level_value : float | None, default None
        Grey value that divides, for `level = "value"`.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent, and there
        is no profile then.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.5
        Quantile of the object's grey values that divides dense from loose.
    second_file : str, default None
        What the second of two files is that are stated together.
        - `"half"`: The same object from the other half of the projections.
        - `"phantom"`: An even body of about the same size, measured in the same way: its change
        from surface to centre is taken off.
    smallest_region : int, default 8
        Regions of fewer voxels do not count for the shape.
    surrogates : int, default 39
        Random fields to compare the profile and the shape with.
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

        - `g_mean` (): mean grey value of the object
        - `g_std` (): standard deviation of the grey values of the object, structure and noise
        together
        - `g_skewness` (): skewness of the grey values of the object
        - `g_kurtosis` (): excess kurtosis of the grey values of the object
        - `g_std_micro` (): standard deviation of the grey values of the object over their mean,
        where these are densities
        - `g_std_noise` (): part of the standard deviation that two halves of the projections do not
        share
        - `g_std_structure` (): part of it that they share
        - `level` (): grey value that divides dense from loose
        - `mixture_separation` (): distance of the two parts in standard deviations, where a mixture
        divides
        - `volume_fraction` (φ): share of the object that is the set
        - `radial_slope` (dg/dr, 1/m): change of the grey value with depth (per voxel where their
        edge is not known)
        - `radial_correlation` (r): correlation of grey value and depth
        - `p_radial` (p): p value of it among random fields with this spectrum
        - `deepest` (, m): largest distance from the surface (voxels where their edge is not known)
        - `elongation_z` (): mean length of regions along z over that along y and x
        - `elongation_y` (): the same along y
        - `elongation_x` (): the same along x
        - `chord_length` (ℓ, m): mean length of straight lines in the set (voxels where their edge
        is not known)
        - `chord_length_rest` (ℓ', m): the same in the rest of the object

    References
    ----------
    - X. Huang et al., Acta Mater. 155, 69 (2018)
    - P. F. Felzenszwalb, D. P. Huttenlocher, Theory Comput. 8, 415 (2012),
    doi:10.4086/toc.2012.v008a019
    """
    return VolumeStatistics(
        level=level,
        level_value=level_value,
        object_above=object_above,
        phase=phase,
        quantile=quantile,
        second_file=second_file,
        smallest_region=smallest_region,
        surrogates=surrogates,
    ).run(
        data,
        voxel_size=voxel_size,
        resolution=resolution,
        common_resolution=common_resolution,
        channels=channels,
        after=after,
        seed=seed,
    )
