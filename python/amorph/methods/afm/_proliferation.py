# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Proliferation of regions of high dissipation (`dafm.proliferation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Quantity, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Proliferation(Method):
    r"""Proliferation of regions of high dissipation (`dafm.proliferation`).

    Asks whether a state has more area and more regions above one absolute level than the reference state.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the pixels of the reference, all sites together, that lies above the level.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that gives the level and that the others are compared with; the first of the study
        when absent.
    threshold : Quantity | None, default None
        The level itself, such as "60 eV", instead of a share of the reference.

    Notes
    -----
    # Proliferation of regions of high dissipation

    Plastic flow is said to *produce more* regions of high dissipation (Lu et al. 2016). A threshold relative to each image cannot show it: the
    brightest 5 % are 5 % of every image. Here the level is one absolute value for all states: the one above which a share of all
    pixels of the **reference** state lies (5 %), its sites taken together, or a value that is given.

    ## What is counted

    For every site the share of the area above the level, $A_f$, and the number of regions per area, $n$ (of at least `min_pixels` of
    `dafm.distribution`, inside the image, with the border weights of `dafm.regions`). Both come from the level tables of `dafm.distribution`,
    so the level can be chosen after all images were analysed, and images need not be held together.

    $$ A_f = \frac1N\sum_i A_{f,i},\qquad \text{ratio} = \frac{A_f(\text{state})}{A_f(\text{reference})} . $$

    ## Uncertainty

    The site is the unit of replication. Means have Student's $t$ interval. The level is found from the reference itself, and its error reaches
    both states: where the state has more pixels near the level it does not cancel in the difference (taken as exact, the interval of a doubled
    area covered in 91 % of 2000 trials of five sites). Therefore each site of the reference is left out once and the level found again without
    it; with $\theta$ the difference or the logarithm of the ratio,

    $$ \mathrm{SE}^2(\theta) = \mathrm{SE}_s^2 + \frac{n_r-1}{n_r}\sum_i (\theta_{(i)} - \bar\theta_{(\cdot)})^2 , $$

    and Student's $t$ with the degrees of freedom of Welch and Satterthwaite. A bootstrap over five sites would give intervals that are too
    short. The permutation test divides the sites anew between the two states and finds the level again from those that stand for the
    reference; its probabilities are corrected by Holm's rule over states and both counts. The interval of a state alone is that above the
    level found, whose own error it does not contain.

    ## Assumptions and failure modes

    - Calibration is the same for all states. An error of the spring constant between two sessions looks like proliferation.
    - A shift of the whole distribution raises $A_f$ as well as new regions do: look at `dafm.distributions_by_state` and at the figure against the
      level.
    - More area need not be more regions: regions that grow together are counted once. That is why both are given.
    - Fewer than two sites in a state: not compared. Nothing above the level: no ratio.

    ## References

    Lu et al., *Sci. Rep.* **6**, 29357 (2016). B. L. Welch, *Biometrika* **34**, 28 (1947). S. Holm, *Scand. J. Stat.* **6**, 65 (1979).
    """
    ID: ClassVar[str] = "dafm.proliferation"

    area_fraction: float = 0.05
    permutations: int = 9999
    reference: str | None = None
    threshold: Quantity | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `proliferation` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def proliferation(
    results: StudyResults,
    *,
    area_fraction: float = 0.05,
    permutations: int = 9999,
    reference: str | None = None,
    threshold: Quantity | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Proliferation of regions of high dissipation (`dafm.proliferation`).

    Asks whether a state has more area and more regions above one absolute level than the reference
    state. See `Proliferation` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    area_fraction : float, default 0.05
        Share of the pixels of the reference, all sites together, that lies above the level.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that gives the level and that the others are compared with; the first of the study
        when absent.
    threshold : Quantity | None, default None
        The level itself, such as "60 eV", instead of a share of the reference.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    alloys : Alloys | None
        Alloy of every state, to find the published values that belong to it: state -> alloy.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `hdr_area_fraction@state` (A_f): share of the area above the level, mean over sites
        - `hdr_number_density@state` (n, 1/m^2): regions per area above the level, mean over sites
        - `hdr_area_fraction@state-reference` (ΔA_f): difference of the area fractions
        - `hdr_number_density@state-reference` (Δn, 1/m^2): difference of the number densities
        - `hdr_area_ratio@state-reference` (A_f/A_f,0): ratio of the area fractions
        - `hdr_number_ratio@state-reference` (n/n_0): ratio of the number densities

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    - S. Holm, Scand. J. Stat. 6, 65 (1979)
    """
    return Proliferation(
        area_fraction=area_fraction,
        permutations=permutations,
        reference=reference,
        threshold=threshold,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
