# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Relation of two quantities (`compare.relation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Relation(Method):
    r"""Relation of two quantities (`compare.relation`).

    Whether two quantities go together over the states of a study: rank correlation with an exact test, correlation and slope with intervals where errors allow them.

    Parameters
    ----------
    x : str, default ""
        Key of an estimate ("fragility_index", or with its method
        "relaxation.temperature_law:fragility_index"), or of a fact of the states with a unit
        (cooling_rate = "100 K/s").
    x_logarithmic : bool, default False
        Whether the logarithm of x counts: for rates and times over decades.
    y : str, default ""
        The other, alike.
    y_logarithmic : bool, default False
        Whether the logarithm of y counts.

    Notes
    -----
    # Relation of two quantities

    ## Idea
    Does the slow beta process grow with the cooling rate, the enthalpy that a glass stores with the time under load, the stretching exponent fall with fragility, Poisson's ratio follow the temperature of the beta peak through ageing? Such figures decide arguments, with four points or forty. This method puts two quantities
    of the states of a study against each other and says what the points bear.

    ```toml
    [compare]
    across = "state"
    methods = ["compare.relation"]

    [method."compare.relation"]
    x = "cooling_rate"                 # a fact of the states: cooling_rate = "100 K/s"
    y = "slow_beta_strength"           # an estimate of any method
    x_logarithmic = true
    ```

    ## How it is done
    One point is one state: the mean over its sites with the standard error between them, or the estimate with its own error where there is one site. Facts are what the study says of a state with a number and a unit; `"100 +- 20 K/s"` gives the error.
    - Spearman's rank correlation; its probability is the share of the orders of the states that are as far from zero: all orders up to seven states, 9999 by chance beyond.
    - Pearson's correlation with Fisher's interval, from five states on.
    - The slope of the line by least squares with Student's interval from the scatter around it. The errors of y are part of that scatter.

    Errors of x flatten slope and correlation by the share of its variance that they make. Above 4 % no interval is given; where errors of x are not known a warning says so.

    ## Failure modes
    - **Four states**: the smallest probability that they can give is 1/12.
    - **Many relations tried, one shown**: a probability of 0.05 is met once in twenty.
    - **A third quantity** behind both (composition, temperature) makes a relation without a cause.
    - **A curve** has no slope: look at the figure; take logarithms where the law is a power.

    ## References
    C. Spearman, *Am. J. Psychol.* **15**, 72 (1904), doi:10.2307/1412159. R. A. Fisher, *Metron* **1**, 3 (1921). W. A. Fuller, *Measurement Error Models*, Wiley (1987), doi:10.1002/9780470316665.
    """
    ID: ClassVar[str] = "compare.relation"

    x: str = ""
    x_logarithmic: bool = False
    y: str = ""
    y_logarithmic: bool = False

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `relation` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def relation(
    results: StudyResults,
    *,
    x: str = "",
    x_logarithmic: bool = False,
    y: str = "",
    y_logarithmic: bool = False,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Relation of two quantities (`compare.relation`).

    Whether two quantities go together over the states of a study: rank correlation with an exact
    test, correlation and slope with intervals where errors allow them. See `Relation` for the
    method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    x : str, default ""
        Key of an estimate ("fragility_index", or with its method
        "relaxation.temperature_law:fragility_index"), or of a fact of the states with a unit
        (cooling_rate = "100 K/s").
    x_logarithmic : bool, default False
        Whether the logarithm of x counts: for rates and times over decades.
    y : str, default ""
        The other, alike.
    y_logarithmic : bool, default False
        Whether the logarithm of y counts.
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

        - `relation_rank` (ρ): rank correlation
        - `relation_rank_p` (p): probability of as large a rank correlation among all orders of the
        states
        - `relation_correlation` (r): linear correlation
        - `relation_slope` (b): slope of y over x (or their decades), in their units

    References
    ----------
    - C. Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159
    - R. A. Fisher, Metron 1, 3 (1921)
    - W. A. Fuller, Measurement Error Models, Wiley (1987), doi:10.1002/9780470316665
    """
    return Relation(
        x=x,
        x_logarithmic=x_logarithmic,
        y=y,
        y_logarithmic=y_logarithmic,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
