# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Distributions of the states (`dafm.distributions_by_state`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class DistributionsByState(Method):
    r"""Distributions of the states (`dafm.distributions_by_state`).

    Pools the distributions of each state over its sites, takes the noise off, and tests whether the low tails agree.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the pixels of the reference that counts as high; marked in the figure.
    low_tail : float, default 0.2
        Share of the pixels of the reference that counts as its low tail.
    noise_state : str | None, default None
        State of a material without structure of its own, such as silicon: its spread is taken as
        the noise of the instrument. Where absent, the difference of trace and retrace is taken, if
        the files hold both.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.

    Notes
    -----
    # Distributions of the states

    Plastic flow and annealing change how the dissipated energy is distributed: Lu et al. (2016) find the deformed film broader and skewed to
    high energies, while the low side, the densely packed part of the glass, stays *almost intact*. This method puts the sites of each
    state together, takes the noise of the instrument off the spread, and turns "almost intact" into a number with a probability.

    ## Pooling

    Each image gives a table of levels (`dafm.distribution`), so that any number of images is pooled exactly and without their pixels. With
    $F_i(E)$ the share of the pixels of site $i$ below $E$, a state of $n$ sites has

    $$ F(E) = \frac1n \sum_i F_i(E) , $$

    every site with equal weight: the site is the unit of replication. The density is shown in bins of the width of Freedman and Diaconis,
    $2\,\mathrm{IQR}\,N^{-1/3}$, the smallest over the states and common to all, on a linear and on a logarithmic axis; the band is the standard deviation
    between sites. Mean, standard deviation, relative variation, skewness and kurtosis are averaged over sites (`...@state`); the table `pooled`
    has those of all pixels together, which contain the scatter between sites.

    ## The low tail

    For a state $a$ and the reference $b$, with $E_{20}$ the 20 % quantile of the reference,

    $$ D = \max_{E \le E_{20}} |F_a(E) - F_b(E)| , \qquad
       O = \frac{2\sum_k \min(p_{a,k}, p_{b,k})}{\sum_k (p_{a,k}+p_{b,k})} , $$

    $p_k$ being the shares in the bins below $E_{20}$. $O$ is 1 for equal and 0 for disjoint tails. Both are compared with what they become when the
    sites are divided anew between the two states: all divisions where they can be counted, random ones otherwise, $E_{20}$ each time from the
    sites that stand for the reference. If the state makes no difference the probability is uniform, whatever the correlation within an image
    and whatever the scatter between sites. Probabilities are corrected by Holm's rule over all states and both numbers.

    *No difference seen* is not *the same*. The note gives the distance that chance alone reaches in 5 % of the divisions: changes below it
    cannot be seen with these sites.

    ## The noise of the instrument

    The variance of an image is that of the material plus that of the instrument. The latter comes from a state of a material without
    structure of its own (`noise_state = "silicon"`; L16 used it the same way), or from the difference of trace and retrace over
    $\sqrt2$ (`dissipated_energy_noise_sd` of `dafm.dissipation`), an upper bound. Then

    $$ \sigma_m^2 = \langle \sigma_i^2 \rangle - \langle s^2 \rangle . $$

    The noise of a phase counts in proportion to $\partial E/\partial\varphi \propto \cos\varphi$: a reference that is tapped at a very different lag has
    another noise.

    ## Uncertainty

    - Averages over sites: Student's $t$ over the site values; three sites at least. The mean kurtosis has none: its interval is not shown to
      cover.
    - $\sigma_m$: the interval of $\sigma_m^2$ ($t$ over sites with the noise of each site, or Welch's with a reference state), and its roots.
    - $D$ and $O$ carry a probability and no interval: a distance is never negative and is pushed up by the scatter between sites.

    All intervals are tested to cover, and the permutation test to raise a false alarm no more often than it says.

    ## Assumptions and failure modes

    - All maps show the same quantity, made with the same conventions; mixed maps are refused. A calibration that differs between the
      states shifts a whole distribution and looks like physics.
    - Relative variations of the energy and of the phase are different quantities. Qiao et al. (2019) set 12 % of the one beside 8 % of the
      other; both are listed and not compared.
    - With three sites in each state no permutation probability can fall below 0.05.
    - Levels are 1/128 of an interquartile range apart at most; $D$ is exact to about 0.003.

    ## References

    Lu et al., *Sci. Rep.* **6**, 29357 (2016), figure 5a and supplementary figure 5. Qiao et al. (2019), section 3.3.2. D. Freedman,
    P. Diaconis, *Z. Wahrsch. verw. Geb.* **57**, 453 (1981).
    """
    ID: ClassVar[str] = "dafm.distributions_by_state"

    area_fraction: float = 0.05
    low_tail: float = 0.2
    noise_state: str | None = None
    permutations: int = 9999
    reference: str | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `distributions_by_state` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def distributions_by_state(
    results: StudyResults,
    *,
    area_fraction: float = 0.05,
    low_tail: float = 0.2,
    noise_state: str | None = None,
    permutations: int = 9999,
    reference: str | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Distributions of the states (`dafm.distributions_by_state`).

    Pools the distributions of each state over its sites, takes the noise off, and tests whether the
    low tails agree. See `DistributionsByState` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    area_fraction : float, default 0.05
        Share of the pixels of the reference that counts as high; marked in the figure.
    low_tail : float, default 0.2
        Share of the pixels of the reference that counts as its low tail.
    noise_state : str | None, default None
        State of a material without structure of its own, such as silicon: its spread is taken as
        the noise of the instrument. Where absent, the difference of trace and retrace is taken, if
        the files hold both.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.
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

        - `distribution_mean@state` (⟨E⟩, J): mean over sites of the mean of an image
        - `distribution_sd@state` (σ_E, J): mean over sites of the standard deviation over the
        pixels
        - `distribution_cv@state` (σ_E/⟨E⟩): mean over sites of the relative variation
        - `distribution_skewness@state` (γ₁): mean over sites of the skewness
        - `distribution_excess_kurtosis@state` (γ₂): mean over sites of the excess kurtosis
        - `phase_lag_cv@state` (σ_φ/⟨φ⟩): mean over sites of the relative variation of the lag
        - `material_sd@state` (σ_m, J): standard deviation without the noise of the instrument
        - `low_tail_ks@state-reference` (D): largest difference of the distributions within the low
        tail
        - `low_tail_overlap@state-reference` (O): overlap of the low tails: 1 equal, 0 disjoint

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016), figure 5a
    - Qiao et al. (2019), review, section 3.3.2
    - D. Freedman, P. Diaconis, Z. Wahrsch. verw. Geb. 57, 453 (1981)
    """
    return DistributionsByState(
        area_fraction=area_fraction,
        low_tail=low_tail,
        noise_state=noise_state,
        permutations=permutations,
        reference=reference,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
