# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Cluster sizes of a state (`dafm.cluster_sizes`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ClusterSizes(Method):
    r"""Cluster sizes of a state (`dafm.cluster_sizes`).

    Fits one law to the cluster sizes of all sites of a state, with intervals from the scatter between sites.

    Parameters
    ----------
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.

    Notes
    -----
    # Cluster sizes of a state

    One image holds too few clusters for a law of their sizes, and clusters of one image are no independent samples of a state. This method puts the
    clusters of all sites of a state together (`dafm.clusters` finds and measures them) and fits one law,

    $$ f(R) \propto R^{-\alpha}\,e^{-R/R_c}, \qquad R \ge R_\mathrm{min}, \qquad N(\ge R) \sim R^{-(\alpha-1)}\ \text{for}\ R \ll R_c , $$

    by maximum likelihood, each cluster with the border weight of `dafm.clusters`. $R_\mathrm{min}$ is given, or is the radius at which the largest
    distance between the cumulated distributions of clusters and law is smallest. Gaussian and log-normal laws above the same
    $R_\mathrm{min}$ are set against it by Vuong's ratio.

    ## Uncertainty

    The site is the unit of replication. Each site is left out once, at the same $R_\mathrm{min}$; the jackknife error of $\alpha$ and $\ln R_c$ times the
    quantile of Student's $t$ with one degree of freedom less than there are sites gives the interval. Resampling sites with replacement
    (the bootstrap) gives intervals that are too short for five to ten sites: a resample of five sites holds three or four different ones.
    The choice of $R_\mathrm{min}$ is not in the interval: give `r_min` where states are compared.

    Box dimension and share of the largest cluster are averaged over sites with Student's $t$; the share of spanned sites has the exact binomial
    interval of Clopper and Pearson.

    ## Assumptions and failure modes

    - All images have the same level and comparable pixels: the smallest radius is that of the coarsest.
    - Fewer than 50 clusters above $R_\mathrm{min}$ in all: refused. Fewer than five sites: no interval.
    - A site without a cut-off makes $\ln R_c$ infinite: the cut-off is then given without an interval.
    - Percolating clusters touch the border and are not among the sizes; they are reported as spanning.
    - Noise with the same correlation has clusters, and a law of their sizes, too: compare with the exponent of the surrogates before
      reading a mechanism into $\alpha \approx 1.7$.

    ## References

    Qiao et al. (2019), section 3.3.3. B. Efron, C. Stein, *Ann. Stat.* **9**, 586 (1981).
    """
    ID: ClassVar[str] = "dafm.cluster_sizes"

    r_min: Quantity | None = None

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cluster_sizes` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def cluster_sizes(
    results: Results,
    *,
    r_min: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Cluster sizes of a state (`dafm.cluster_sizes`).

    Fits one law to the cluster sizes of all sites of a state, with intervals from the scatter
    between sites. See `ClusterSizes` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `state_cluster_exponent` (α): exponent of R^-α exp(-R/R_c) over all sites
        - `state_cluster_cutoff` (R_c, m): cut-off radius over all sites
        - `state_cluster_r_min` (R_min, m): smallest radius that is fitted
        - `state_box_dimension` (D_b): mean box dimension of the largest clusters
        - `state_largest_cluster_fraction` (P_∞): mean share of the dense area in the largest
        cluster
        - `spanning_share` (P_xy): share of the sites that one cluster spans along x and y

    References
    ----------
    - Qiao et al. (2019), review, section 3.3.3
    - B. Efron, C. Stein, Ann. Stat. 9, 586 (1981): jackknife
    """
    return ClusterSizes(
        r_min=r_min,
    ).run(
        results,
        seed=seed,
    )
