# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Classes of a modulus map (`indentation.modulus_classes`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ModulusClasses(Method):
    r"""Classes of a modulus map (`indentation.modulus_classes`).

    Soft, medium and stiff regions of a map of dynamic modulus by exact k-means and by a mixture whose size the data choose.

    Parameters
    ----------
    bootstrap : int, default 100
        Maps of the block bootstrap; 0 leaves it out.
    k_means : int, default 3
        Groups of k-means; the paper takes 3.
    map : str, default "storage_modulus"
        Quantity of the map.
    most_components : int, default 6
        Most components of the mixture.
    noise : Quantity | None, default None
        Standard deviation of the measurement of a pixel, from repeated scans or fused silica:
        narrower components are flagged.
    spatial_prior : bool, default False
        Whether neighbours are likely to be of one class (a hidden Potts field): classes of pixels
        then hang together.
    starts : int, default 20
        Starts of every mixture.

    Notes
    -----
    # Classes of a modulus map

    ## Idea
    Maps of the dynamic modulus of metallic glasses are painted in three colours by k-means: soft, medium, stiff. K-means always finds as many groups as it is asked for, in noise
    too. Beside it a mixture of normal distributions is fitted whose number of components the data choose, and every pixel gets the probability of its class.

    ## Equations
    K-means on a line is solved exactly by a dynamic programme over the sorted values, in $O(kn\log n)$; there is no seed. The mixture
    $$p(E) = \sum_{j=1}^{k} w_j\,N(E;\mu_j,\sigma_j^2)$$
    has free widths; $k$ from 1 to `most_components` (6). Expectation maximisation starts from quantiles, k-means and random values (`starts`, 20); the best are followed until the
    likelihood extrapolated to the end is nearer than $10^{-8}$ of it: stopped early, overlapping classes are miscounted. Components narrower than 2 % of the spread of the map are
    blocked. The Bayesian criterion chooses $k$; the integrated completed likelihood, which punishes overlap, is given beside it.

    ## Neighbours
    With `spatial_prior = true` the class of a pixel depends on its four neighbours: a hidden Potts field in which a neighbour of the same class counts $e^\beta$. Mean-field expectation
    maximisation starts from the chosen mixture; $\beta$ is the maximum of the pseudo-likelihood. Maps of class, probability and entropy are then those of the field. It helps where classes
    overlap and domains are larger than pixels; it rounds off what is small. $\beta$ has a standard error from tiles and no interval.

    ## Uncertainty
    Pixels are not independent. Fractions, means and widths get standard errors from a block bootstrap with tiles of two correlation lengths. Means carry 95 % intervals, which cover in 93.5 to
    95.5 % of maps (`docs/coverage.md`). Fractions and widths do not: twice their standard errors hold the truth in 80 to 84 and 90 to 93 % of maps, since one map has few domains. The correlation length is the distance at which the correlation falls to 1/e, the white noise of the pixels taken off; `dafm.correlation_length` reads the same
    map and gives an interval.

    ## Null model
    One component is the null model: where it is chosen, groups of k-means cut a single distribution, and a note says so.

    ## Failure modes
    - **Smoothing** by the contact makes in-between values at the borders of domains, which pass for a medium class. Classes count where domains are larger than contact and pixel.
    - Components no wider than the noise of a pixel (`noise`) are flagged. A skewed single distribution takes two components.
    - Missing pixels stay missing. A constant map has one class.

    ## References
    Qiao et al. (2019), section 5.3. H. Wang, M. Song, *R Journal* **3**, 29 (2011). C. Biernacki et al., *IEEE Trans. Pattern Anal.* **22**, 719 (2000).
    """
    ID: ClassVar[str] = "indentation.modulus_classes"

    bootstrap: int = 100
    k_means: int = 3
    map: str = "storage_modulus"
    most_components: int = 6
    noise: Quantity | None = None
    spatial_prior: bool = False
    starts: int = 20

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `modulus_classes` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def modulus_classes(
    data: Data,
    *,
    bootstrap: int = 100,
    k_means: int = 3,
    map: str = "storage_modulus",
    most_components: int = 6,
    noise: Quantity | None = None,
    spatial_prior: bool = False,
    starts: int = 20,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Classes of a modulus map (`indentation.modulus_classes`).

    Soft, medium and stiff regions of a map of dynamic modulus by exact k-means and by a mixture
    whose size the data choose. See `ModulusClasses` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    bootstrap : int, default 100
        Maps of the block bootstrap; 0 leaves it out.
    k_means : int, default 3
        Groups of k-means; the paper takes 3.
    map : str, default "storage_modulus"
        Quantity of the map.
    most_components : int, default 6
        Most components of the mixture.
    noise : Quantity | None, default None
        Standard deviation of the measurement of a pixel, from repeated scans or fused silica:
        narrower components are flagged.
    spatial_prior : bool, default False
        Whether neighbours are likely to be of one class (a hidden Potts field): classes of pixels
        then hang together.
    starts : int, default 20
        Starts of every mixture.
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

        - `n_classes` (k): components that the Bayesian criterion chooses
        - `n_classes_icl` (k): components that the integrated completed likelihood chooses
        - `correlation_length` (ξ, m): distance at which the correlation of the modulus falls to 1/e
        - `mean_entropy` (): mean uncertainty of the class of a pixel, in nats
        - `potts_beta` (β): preference of neighbours for one class (spatial_prior)
        - `k_means_inertia` (): share of the variance within the groups of k-means

    References
    ----------
    - Qiao et al. (2019), review, section 5.3
    - H. Wang, M. Song, R Journal 3, 29 (2011), doi:10.32614/RJ-2011-015
    - G. Celeux, F. Forbes, N. Peyrard, Pattern Recognit. 36, 131 (2003)
    - C. Biernacki, G. Celeux, G. Govaert, IEEE Trans. Pattern Anal. 22, 719 (2000)
    """
    return ModulusClasses(
        bootstrap=bootstrap,
        k_means=k_means,
        map=map,
        most_components=most_components,
        noise=noise,
        spatial_prior=spatial_prior,
        starts=starts,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
