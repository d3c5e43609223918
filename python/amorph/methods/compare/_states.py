# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Comparison of states (`compare.states`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CompareStates(Method):
    r"""Comparison of states (`compare.states`).

    Mean and scatter between sites per state, differences with intervals and tests, corrected for their number.

    Parameters
    ----------
    permutations : int, default 9999
        Number of random permutations, where not all can be tried.
    quantities : Sequence[str], default ()
        Keys of the quantities to compare; all that every site gives when empty.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.

    Notes
    -----
    # Comparison of states

    **Idea.** Does annealing, loading or composition change a quantity? The answer must come from independent pieces of material.
    Pixels of one image are not independent, and neither are images of one spot: the *site* is the unit of replication.

    **Equations.** For a quantity with site values $x_{si}$, $i = 1..n_s$, of state $s$,

    $$\bar x_s = \frac{1}{n_s}\sum_i x_{si}, \qquad \mathrm{SE}_s = \frac{\mathrm{SD}_s}{\sqrt{n_s}}, \qquad
    \bar x_s \pm t_{0.975,\,n_s-1}\,\mathrm{SE}_s .$$

    The difference to the reference state has the interval of Welch, which does not assume equal scatter,

    $$\bar x_s - \bar x_r \pm t_{0.975,\,\nu}\sqrt{\mathrm{SE}_s^2 + \mathrm{SE}_r^2}, \qquad
    \nu = \frac{(\mathrm{SE}_s^2+\mathrm{SE}_r^2)^2}{\mathrm{SE}_s^4/(n_s-1) + \mathrm{SE}_r^4/(n_r-1)},$$

    and a second probability by permutation of sites between the two states (all divisions where they can be counted, random ones
    otherwise), which assumes nothing about the shape of the distribution. Probabilities are corrected over all quantities and pairs by
    Holm's step-down rule.

    For quantities that are positive at every site the change is also given as a ratio of geometric means: the same interval for the
    mean of $\ln x$, exponentiated. A length that doubles is a ratio of 2 whatever its unit, and this is how published changes are put
    beside it.

    **Directions of lines** (the long axis of a map, the preferred axis of its regions) are equal modulo 180°: 178° and 2° are
    neighbours. Their angles are doubled; a state has the mean axis $\tfrac12\arg\sum_i e^{2i\theta_i}$ and the order
    $|\sum_i e^{2i\theta_i}|/n$, and two states are compared by permutation of sites with the summed lengths of their mean vectors
    (Watson and Williams 1956) as statistic. The turn between mean axes has no interval: for a handful of axes none is known to cover.

    **Published values.** Where the literature table holds the same quantity, its values stand behind the points: successions of states
    (1.9 → 2.4 for the aspect ratio of soft regions, 3 → 6 nm for their radius, 4.10 → 9.27 → 9.70 nm for the correlation length of a
    Zr-Ni film under a flat punch; 2.5 → 4.2 nm on annealing) as diamonds in their order, single values as lines, always with the paper.
    They are there to be looked at; no test uses them.

    **Assumptions.** Sites are independent and drawn alike. Site means of a positive, skewed quantity are treated as they are; with few
    sites the $t$ interval leans on normality.

    **Uncertainty.** The intervals contain everything that varies between sites, the error of each single-site value included. Calibration
    errors common to all states (spring constant, $Q$) are not in them: they cancel in ratios and do not fake a difference.

    **Failure modes.** Fewer than two sites in two states: refused. Fewer than three sites in a state: no interval. Sites of one
    indent or one wafer region compared with another confound the state with the place. Many quantities make Holm's correction severe: name in `quantities` those that the question is
    about, before looking. Probabilities and null-model values (`..._p`, `..._null`) are not compared unless asked for.

    **References.** B. L. Welch, Biometrika 34, 28 (1947). G. S. Watson and E. J. Williams, Biometrika 43, 344 (1956). S. Holm, Scand. J. Stat. 6, 65 (1979).
    """
    ID: ClassVar[str] = "compare.states"

    permutations: int = 9999
    quantities: Sequence[str] = ()
    reference: str | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `states` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def states(
    results: StudyResults,
    *,
    permutations: int = 9999,
    quantities: Sequence[str] = (),
    reference: str | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Comparison of states (`compare.states`).

    Mean and scatter between sites per state, differences with intervals and tests, corrected for
    their number. See `CompareStates` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    permutations : int, default 9999
        Number of random permutations, where not all can be tried.
    quantities : Sequence[str], default ()
        Keys of the quantities to compare; all that every site gives when empty.
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

    References
    ----------
    - S. Holm, Scand. J. Stat. 6, 65 (1979)
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    - G. S. Watson, E. J. Williams, Biometrika 43, 344 (1956), doi:10.1093/biomet/43.3-4.344
    """
    return CompareStates(
        permutations=permutations,
        quantities=quantities,
        reference=reference,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
