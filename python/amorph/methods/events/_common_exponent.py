# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Common exponent of event sizes (`events.common_exponent`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CommonExponent(Method):
    r"""Common exponent of event sizes (`events.common_exponent`).

    One exponent for several samples or stresses with cut-offs of their own, and a test whether they share it.

    Notes
    -----
    # Common exponent of event sizes

    Theories of avalanches predict one exponent for every sample and every peak load; only the cut-off changes. "Independent of peak stress" is
    then a claim that can be tested, and several small lists tell more together than each of them.

    Each list was fitted by `events.size_distribution`, with its own smallest size, its own efficiency and its own cut-off. What it says of the
    exponent is the profile $\ell_i(\alpha) = \max_{x_c} \ln L_i(\alpha, x_c) - \max \ln L_i$. The common exponent maximises

    $$ \ell(\alpha) = \sum_i \ell_i(\alpha) . $$

    Its 95 % interval are the exponents with $2[\ell(\hat\alpha) - \ell(\alpha)] \le 3.84$. Where the exponent is common, $-2\,\ell(\hat\alpha)$ of $k$ lists
    follows $\chi^2$ with $k - 1$ degrees of freedom; its probability is `common_exponent_p`.

    ## Assumptions and failure modes

    The lists are independent; two signs of one test are two lists. A list whose law does not fit (`gof_p`) has no exponent to share. A small
    probability may come from a smallest size that is too low in one list: compare the curves of the exponent over `xmin`. Lists without an
    identified cut-off enter with the edge $x_c = \infty$ as their best cut-off.

    ## References

    A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Review 51, 661 (2009).
    """
    ID: ClassVar[str] = "events.common_exponent"

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `common_exponent` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def common_exponent(
    results: StudyResults,
    *,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Common exponent of event sizes (`events.common_exponent`).

    One exponent for several samples or stresses with cut-offs of their own, and a test whether they
    share it. See `CommonExponent` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
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

        - `common_exponent` (α): exponent that all samples share, each with a cut-off of its own
        - `common_exponent_ratio` (2 ln LR): twice the log-likelihood ratio of own exponents against
        a common one
        - `common_exponent_p` (p): probability of a larger ratio where the exponent is common

    References
    ----------
    - A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111
    """
    return CommonExponent().run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
