# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Clusters and percolation of regions (`scattering.percolation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Percolation(Method):
    r"""Clusters and percolation of regions (`scattering.percolation`).

    Which dense or loose regions of a volume hang together, whether they span it, and whether sooner or later than random volumes do.

    Parameters
    ----------
    neighbours : str, default "faces"
        Which voxels touch.
        - `"faces"`: Those that share a face: 6.
        - `"edges"`: Those that share a face or an edge: 18.
        - `"corners"`: Those that share a face, an edge or a corner: 26.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent.
    periodic : bool, default False
        Whether the volume continues at its other side, as a simulated one may.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.7
        Quantile of the object's grey values that divides dense from loose.
    surrogates : int, default 39
        Random volumes of each kind to compare with.

    Notes
    -----
    # Clusters and percolation of regions

    Loose or dense regions of a glass carry flow, or block it, when they hang together from end to end. Any set does so once it is large enough. The question is therefore not whether the regions span,
    but whether they do at a smaller or larger share than regions without structure would.

    ## The set and its clusters

    The *object* is what lies above `object_above`; the *set* is its part above (`phase = "high"`) or below its `quantile`. Voxels of the set that touch are one cluster: by `faces` (6 neighbours), `edges` (18) or `corners` (26).
    The table `neighbours` shows all three. A cluster spans an axis if it reaches from the first to the last layer of the object; in a `periodic` volume, if it meets its own image one period away.

    $$ P = \frac{s_\mathrm{max}}{\sum_i s_i}, \qquad S = \frac{\sum s^2}{\sum s}, \qquad \xi^2 = \frac{2\sum R_s^2 s^2}{\sum s^2}, $$

    with $s$ the voxels of a cluster and $R_s$ its radius of gyration; $S$ and $\xi$ leave out clusters that span (Stauffer and Aharony 1994). The Euler number counts bodies less tunnels plus cavities, with faces or, for `corners`, with
    corners; for `edges` it is that of faces.

    ## The threshold

    Lower the level until clusters span all three axes: the share of the object that is then in the set is the `percolation_threshold`, found to a thousandth by halving. It belongs to the grey values, not to the level chosen. Sites drawn at random on an infinite lattice span from
    0.3116, 0.1372 and 0.0976 on for 6, 18 and 26 neighbours; a volume of $64^3$ needs 0.319, 0.142 and 0.102 on average. Smooth fields span much earlier than 0.3116: which is why the lattice is the wrong rival for a volume whose
    grey values are correlated.

    ## Random volumes

    - **Mixed voxels**: the grey values of the object in random order. The p value is that of a permutation test and exact: voxels without order give $p\le 0.05$ in 5 % of volumes or fewer.
    - **Gaussian fields with the spectrum of the volume**, at the same share. A small p value says that the regions hang together otherwise than their correlations require. The spectrum is that of one volume: of 140 fields of $32^3$ voxels without other structure 17 had $p\le 0.1$ for the threshold and 12 for the largest cluster (14 expected).

    Both p values are two-sided ranks, $2(1+n)/(1+N)$ with $n$ of the $N$ random volumes at least as extreme; equal values count against a difference. With 39 volumes the smallest is 0.05.

    ## Uncertainty

    Shares, sizes and flags belong to one volume and have no interval. $\xi$ and $S$ are carried by the few largest clusters. To compare states, measure several volumes of each.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | noise of single voxels | thresholds go towards those of mixed voxels, clusters break up; smooth all volumes to one resolution before comparing |
    | grey values of two levels only | the threshold is the share of the brighter one, or 1; the spectrum of the fields is that of the mask |
    | an object in pieces | nothing spans: no threshold, a note |
    | `periodic` with an object in air | refused |
    | less than 16 voxels along a side, voxels that are no cubes | refused |

    The time goes with voxels and random volumes: each of the $2N$ is labelled about twelve times. Memory is about 40 bytes per voxel.

    ## References

    D. Stauffer, A. Aharony, *Introduction to Percolation Theory* (1994). X. Xu et al., *Front. Phys.* **9**, 113 (2014). Ł. Kurzawski, K. Malarz, *Rep. Math. Phys.* **70**, 163 (2012).
    """
    ID: ClassVar[str] = "scattering.percolation"

    neighbours: Literal["faces", "edges", "corners"] = "faces"
    object_above: float | None = None
    periodic: bool = False
    phase: Literal["high", "low"] = "high"
    quantile: float = 0.7
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
        """Runs the method; see `percolation` for the arguments."""
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


def percolation(
    data: Data,
    *,
    neighbours: Literal["faces", "edges", "corners"] = "faces",
    object_above: float | None = None,
    periodic: bool = False,
    phase: Literal["high", "low"] = "high",
    quantile: float = 0.7,
    surrogates: int = 39,
    voxel_size: Quantity | None = None,
    resolution: Quantity | None = None,
    common_resolution: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Clusters and percolation of regions (`scattering.percolation`).

    Which dense or loose regions of a volume hang together, whether they span it, and whether sooner
    or later than random volumes do. See `Percolation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    neighbours : str, default "faces"
        Which voxels touch.
        - `"faces"`: Those that share a face: 6.
        - `"edges"`: Those that share a face or an edge: 18.
        - `"corners"`: Those that share a face, an edge or a corner: 26.
    object_above : float | None, default None
        Grey value above which a voxel belongs to the object; every voxel does if absent.
    periodic : bool, default False
        Whether the volume continues at its other side, as a simulated one may.
    phase : str, default "high"
        Which regions.
        - `"high"`: Above the level: dense regions.
        - `"low"`: Below it: loose regions.
    quantile : float, default 0.7
        Quantile of the object's grey values that divides dense from loose.
    surrogates : int, default 39
        Random volumes of each kind to compare with.
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

        - `spans_x` (): 1 where a cluster reaches from end to end along x, else 0
        - `spans_y` (): the same along y
        - `spans_z` (): the same along z, the slowest axis of the file
        - `largest_cluster_share` (P): share of the set in its largest cluster
        - `n_clusters` (): number of clusters
        - `mean_cluster_size` (S): mean voxels of the cluster of a voxel, clusters that span left
        out
        - `correlation_length_cluster` (ξ, m): mean distance in a cluster, clusters that span left
        out (voxels where their edge is not known)
        - `euler_number` (χ): bodies less tunnels plus cavities of the set, by faces (6) or corners
        (26)
        - `percolation_threshold` (p_c): share of the object from which on clusters span along all
        axes
        - `null_random_threshold` (): mean of it over volumes whose voxels are mixed
        - `null_field_threshold` (): mean of it over Gaussian fields with this spectrum
        - `p_random_threshold` (p): exact p value of the threshold among mixed volumes
        - `p_random_largest` (p): exact p value of the share of the largest cluster among mixed
        volumes
        - `p_field_threshold` (p): p value of the threshold among Gaussian fields with this spectrum
        - `p_field_largest` (p): p value of the share of the largest cluster among them
        - `volume_fraction` (φ): share of the object that is the set
        - `n_voxels` (N): voxels of the object

    References
    ----------
    - D. Stauffer, A. Aharony, Introduction to Percolation Theory, 2nd ed., Taylor & Francis (1994)
    - X. Xu, J. Wang, J.-P. Lv, Y. Deng, Front. Phys. 9, 113 (2014), doi:10.1007/s11467-013-0403-z
    - Ł. Kurzawski, K. Malarz, Rep. Math. Phys. 70, 163 (2012), doi:10.1016/S0034-4877(12)60036-6
    """
    return Percolation(
        neighbours=neighbours,
        object_above=object_above,
        periodic=periodic,
        phase=phase,
        quantile=quantile,
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
