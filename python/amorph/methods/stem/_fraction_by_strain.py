# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Share of ordered patterns over strain (`stem.fraction_by_strain`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class FractionByStrain(Method):
    r"""Share of ordered patterns over strain (`stem.fraction_by_strain`).

    Share of patterns with Bragg reflections over strain, scans or foils as replicates: trend, overdispersion, and the change that could have been seen.

    Parameters
    ----------
    threshold_strain : float | None, default None
        Strain from which on a change is looked for in a second test, for instance that at yield;
        none if absent.
    unit : str, default "region"
        What counts as one independent piece of information.
        - `"region"`: A scan: right for statements about the foils that were measured.
        - `"foil"`: A foil, its scans taken together: needed for statements about the material; each
        strain needs several foils.

    Notes
    -----
    # Share of ordered patterns over strain

    Does a glass lose its ordered clusters when it is strained? Each scan says which share of its patterns has Bragg reflections
    (`stem.bragg_detection`). Whether that share changes with strain is a question about *scans*, not about patterns: hundred patterns of one field share a
    thickness, a history, and neighbours that overlap.

    State the strain of every measurement, `strain = "5 %"`, and, where there are several specimens, `foil = 3`.

    ## Two intervals per strain

    - **From the scatter between scans** (the one to use): the mean of the shares with Student's $t$ over $R - 1$ scans, $R \ge 3$, on the scale of logits $\ln\frac{f}{1-f}$,
      for means from 0.05 to 0.95; nearer to 0 and 1 there is a point without an interval.
    - **If patterns were independent** (Wilson): shown in grey, to see by how much it is too narrow.

    How far scans scatter beyond counting is the correlation $\rho$ of two patterns of one scan,

    $$ \operatorname{Var} x_r = n_r\, p (1-p)\,[1 + (n_r - 1)\rho] , $$

    by maximum likelihood of the beta-binomial law with a mean per strain and one $\rho$ (no interval: that of the profile covers in 90 to 99.8 % instead of 95 %). With 100 patterns per scan and $\rho = 0.05$
    each pattern is worth a sixth of one: `effective_patterns` says how many are left.

    ## Is there a trend

    | result | what it takes as independent | use |
    |---|---|---|
    | `br_fraction_slope`, `br_fraction_change` | scans (Student) | how large, with an interval |
    | `trend_p_permutation` | scans; strains exchanged among them, all ways where there are at most 2e5 | the test to quote |
    | `trend_p_betabinomial` | scans (likelihood ratio of a logistic trend) | cross-check: rejects 9 % at 5 % with 15 scans |
    | `trend_p_above_threshold` | scans; only what lies above `threshold_strain` | "order is lost after yield" |
    | `means_p_permutation` | scans; any difference, in whatever order | "something differs" |
    | `trend_z_naive` | patterns | what a naive test would say |

    From three strains on the table of contrasts sets every strain against every other: the change, Welch's interval of each, and its probability before and after Holm's correction. "The same at 1 % and 5 %, less at 12 %" is read there.

    Whoever tries all four has four chances. Say which one was meant before looking.

    ## What could have been seen

    `minimum_detectable_difference` is the change between two strains that four of five such experiments would find at 5 %:
    $(t_{0.975} + t_{0.8})\, s \sqrt{2/R}$ with $s$ the scatter between scans of one strain. A result without a trend means "no change above this", not "no change".
    800 patterns in 8 scans per strain with $\rho = 0.05$ and a share of 0.6 see changes above 0.17; with independent patterns it would be 0.07.

    ## Confounding

    One foil per strain: whatever differs between foils looks like strain, and no statistics can tell. The output says so unless every strain has at least two foils; with
    `unit = "foil"` foils are the replicates. Thickness: `br_fraction_slope_adjusted` is the slope with the logarithm of the halo's brightness taken off, and
    `thickness_correlation` the correlation of flag and thickness within scans. `br_fraction_slope_corrected` uses the shares with both error rates of the detection taken off, where all scans
    have them. Scans that `stem.drift` rejects are left out, listed, and put back in a second table.

    ## Limits

    One region or one strain gives shares with Wilson's interval only and no trend. Strain is taken as exact.

    ## References

    P. Armitage, *Biometrics* **11**, 375 (1955). J. K. Haseman, L. L. Kupper, *Biometrics* **35**, 281 (1979). E. B. Wilson, *J. Am. Stat. Assoc.* **22**, 209 (1927).
    """
    ID: ClassVar[str] = "stem.fraction_by_strain"

    threshold_strain: float | None = None
    unit: Literal["region", "foil"] = "region"

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `fraction_by_strain` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def fraction_by_strain(
    results: StudyResults,
    *,
    threshold_strain: float | None = None,
    unit: Literal["region", "foil"] = "region",
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Share of ordered patterns over strain (`stem.fraction_by_strain`).

    Share of patterns with Bragg reflections over strain, scans or foils as replicates: trend,
    overdispersion, and the change that could have been seen. See `FractionByStrain` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    threshold_strain : float | None, default None
        Strain from which on a change is looked for in a second test, for instance that at yield;
        none if absent.
    unit : str, default "region"
        What counts as one independent piece of information.
        - `"region"`: A scan: right for statements about the foils that were measured.
        - `"foil"`: A foil, its scans taken together: needed for statements about the material; each
        strain needs several foils.
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

        - `br_fraction_slope` (df/dε): change of the share of flagged patterns per unit of strain
        - `br_fraction_change` (Δf): share at the largest strain minus that at the smallest
        - `br_fraction_slope_corrected` (): the slope of the shares with both error rates taken off
        - `br_fraction_slope_adjusted` (): the slope with the brightness of the halo (thickness,
        dose) taken off
        - `rho_overdispersion` (ρ): correlation of two patterns of one unit beyond that of the
        strain
        - `effective_patterns` (): independent patterns that these are worth
        - `minimum_detectable_difference` (): change between two strains that is found in four of
        five such experiments
        - `trend_p_permutation` (p): probability of so large a trend by exchanging units among
        strains
        - `trend_p_betabinomial` (p): probability of so large a likelihood ratio of a logistic trend
        - `trend_p_above_threshold` (p): the same exchange for a change above threshold_strain alone
        - `means_p_permutation` (p): probability of means so far apart, in whatever order
        - `trend_z_naive` (z): Cochran and Armitage's z, patterns taken as independent
        - `neighbour_correlation` (): correlation of the flags of neighbouring positions, mean over
        scans
        - `thickness_correlation` (): correlation of flag and thickness within scans, mean over
        scans
        - `n_regions` (R): scans used
        - `n_patterns` (N): patterns used

    References
    ----------
    - P. Armitage, Biometrics 11, 375 (1955), doi:10.2307/3001775
    - J. K. Haseman, L. L. Kupper, Biometrics 35, 281 (1979), doi:10.2307/2529950
    - E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927), doi:10.1080/01621459.1927.10502953
    """
    return FractionByStrain(
        threshold_strain=threshold_strain,
        unit=unit,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
