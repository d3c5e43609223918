# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Correlation of regions of a volume (`scattering.density_correlation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class DensityCorrelation(Method):
    r"""Correlation of regions of a volume (`scattering.density_correlation`).

    Over which distance dense or loose regions of a volume are correlated, how their mass grows with distance, and whether a Gaussian field would do the same.

    Parameters
    ----------
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.5
        Quantile of the object's grey values that divides dense from loose.
    surrogates : int, default 19
        Volumes of mixed voxels to compare with.
    tolerance : float, default 0.25
        Change of the slope of the mass over all distances that still counts as none.

    Notes
    -----
    # Correlation of regions of a volume

    How far does a dense or loose region of a glass know of its neighbours? The two-point correlation answers this without drawing outlines: it asks how much more often than by chance two voxels at a distance $r$ are both in the set. Most of what
    it shows follows from the correlation of the grey values alone; the method says how much.

    ## The correlation

    The *object* is what lies above `object_above`; the *set* is its part above (`phase = "high"`) or below its `quantile`, with the share $\varphi$. With $S_2(r)$ the probability that both ends of a pair lie in the set,

    $$ C(r) = \frac{S_2(r) - \varphi^2}{\varphi(1-\varphi)} , \qquad C(0) = 1 . $$

    Only pairs with both ends in the object count, up to a quarter of the shortest side: the sum of products over a displacement is divided by the number of pairs that the object has there. Both come from one Fourier transform, with room
    around the volume so that opposite sides do not meet. Edges and surroundings therefore need no correction of their own, whatever the shape of the object. `correlation_length` is the distance at which $C$ first falls to $1/e$, over all directions and along each axis.

    **What is taken off.** Products are taken about the mean of the volume, so that $C$ is too low by about the variance of that mean: in volumes of 8 and 11 correlation lengths the length of a known field was found as $0.98\pm 0.04$ and $1.00\pm 0.03$ of its value.

    ## The mass

    The mean number of voxels of the set in a sphere around one of them is the sum of $S_2/\varphi$ over the displacements within. Where its slope over the radius, in logarithms, changes by less than `tolerance` from 3 voxels to a quarter of the side, it is the `mass_exponent`
    (for a fractal its dimension of correlation, for an even set 3). Curdled volumes of $64^3$ voxels: 2.57 ± 0.05 for 2.50 and 2.34 ± 0.07 for 2.26; of $128^3$: 2.52 ± 0.05 for 2.50. The largest spheres pull it up. `scattering.box_counting` looks for the range of sizes.

    ## Sets without this structure

    - **Mixed voxels**: the grey values of the object in random order. `p_random_correlation` counts the volumes whose correlation lies anywhere as far from the mean of all, in standard deviations; it is exact, and one of 20 at the least with 19 volumes.
    - **A Gaussian field with the correlation $\rho(r)$ of the grey values**, cut at the same share. Its correlation is known without drawing any:

    $$ C_G(r) = \frac{1}{2\pi\varphi(1-\varphi)} \int_0^{\arcsin\rho(r)} \exp\left(-\frac{t^2}{1+\sin\theta}\right) d\theta , $$

      with $t$ the level in standard deviations (Berk 1991). `gaussian_length` is its length, `beyond_gaussian` the largest difference $|C - C_G|$. Gaussian fields of $48^3$ voxels, 16 each: largest difference 0.007 ± 0.003, 0.009 ± 0.004 and 0.016 ± 0.008 at shares of 0.5, 0.2 and 0.3 with lengths of 3.1, 2.9 and 4.5 voxels; ratio of the lengths 1.00 ± 0.01 to
      1.01 ± 0.03. A difference above 0.05 is named in a note: it is no test. In volumes of few correlation lengths chance alone may do more.

    ## Uncertainty

    No interval: one volume does not show how volumes of the same glass scatter. To compare states, measure several of each, at the same share and at the same grey value, and plot the length over `g_std_micro`.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | noise of single voxels | $C$ drops at once; smooth all volumes to one resolution before comparing |
    | the length is more than an eighth of the side | too few independent regions: the length is too small |
    | grey values of two levels only | the field is a poor rival: `beyond_gaussian` is large for any set |
    | cupping of the reconstruction | $C$ does not reach 0 |
    | no fall to $1/e$ within a quarter of the side | no length |
    | less than 32 voxels along a side, voxels that are no cubes | refused |

    Memory is 16 bytes per voxel of the volume with its room, and 20 per voxel of the volume. The time is that of two transforms per volume.

    ## References

    N. F. Berk, *Phys. Rev. A* **44**, 5069 (1991). P. Debye, H. R. Anderson, H. Brumberger, *J. Appl. Phys.* **28**, 679 (1957). S. Torquato, *Random Heterogeneous Materials* (2002).
    """
    ID: ClassVar[str] = "scattering.density_correlation"

    object_above: float | None = None
    phase: Literal["high", "low"] = "high"
    quantile: float = 0.5
    surrogates: int = 19
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
        """Runs the method; see `density_correlation` for the arguments."""
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


def density_correlation(
    data: Data,
    *,
    object_above: float | None = None,
    phase: Literal["high", "low"] = "high",
    quantile: float = 0.5,
    surrogates: int = 19,
    tolerance: float = 0.25,
    voxel_size: Quantity | None = None,
    resolution: Quantity | None = None,
    common_resolution: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Correlation of regions of a volume (`scattering.density_correlation`).

    Over which distance dense or loose regions of a volume are correlated, how their mass grows with
    distance, and whether a Gaussian field would do the same. See `DensityCorrelation` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.5
        Quantile of the object's grey values that divides dense from loose.
    surrogates : int, default 19
        Volumes of mixed voxels to compare with.
    tolerance : float, default 0.25
        Change of the slope of the mass over all distances that still counts as none.
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

        - `correlation_length` (ξ, m): distance at which the correlation falls to 1/e (voxels where
        their edge is not known)
        - `correlation_length_z` (ξ_z, m): the same along z alone, the slowest axis of the file
        - `correlation_length_y` (ξ_y, m): the same along y alone
        - `correlation_length_x` (ξ_x, m): the same along x alone
        - `mass_exponent` (D): slope of the mass in spheres over their radius, where it is constant
        - `p_random_correlation` (p): exact p value of the whole correlation among volumes of mixed
        voxels
        - `gaussian_length` (ξ_G, m): correlation length of a Gaussian field with the correlation of
        the grey values, cut at this share
        - `beyond_gaussian` (): largest difference between the correlation and that of this field
        - `volume_fraction` (φ): share of the object that is the set
        - `g_std_micro` (): standard deviation of the grey values of the object over their mean,
        where these are densities

    References
    ----------
    - S. Torquato, Random Heterogeneous Materials, Springer (2002), doi:10.1007/978-1-4757-6355-3
    - N. F. Berk, Phys. Rev. A 44, 5069 (1991), doi:10.1103/PhysRevA.44.5069
    - P. Debye, H. R. Anderson, H. Brumberger, J. Appl. Phys. 28, 679 (1957), doi:10.1063/1.1722830
    """
    return DensityCorrelation(
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
