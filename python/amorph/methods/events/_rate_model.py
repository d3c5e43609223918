# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Rates of events over conditions (`events.rate_model`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class RateModel(Method):
    r"""Rates of events over conditions (`events.rate_model`).

    Rates of rising and falling events by segment and stress rate over all pillars of a state, with false alarms, scatter between pillars and counts that scatter more than chance.

    Parameters
    ----------
    background : bool, default True
        Whether the false alarms that `events.spikes` expects are part of the means.
    pillars : str, default "random"
        How pillars differ.
        - `"random"`: As draws from a population: rates are those of its median pillar.
        - `"fixed"`: Each with a level of its own: rates are the geometric means over these pillars.
        - `"alike"`: All alike.
    stress_rate : bool, default True
        Whether the rates during ramps go with a power of the stress rate, where tests were loaded
        at several.

    Notes
    -----
    # Rates of events over conditions

    How often does a pillar have rising and falling events while the load rises, is held and falls? Does the rate go with the stress rate? How much do pillars
    differ? `events.imbalance` compares the two signs of pooled counts exactly, one kind of segment at a time. Here all counts of a state enter
    one model, so that pillars of different activity, observed for different times at different rates, can be put together.

    ## The model

    The count of one sign $s$ in one segment $k$ of one pillar $j$, observed for a time $T$ with $b$ expected false alarms, has the mean

    $$ m = T \, e^{\eta} + b, \qquad \eta = \ln\lambda_{ks} + \gamma \ln\frac{|\dot\sigma_{jk}|}{\dot\sigma_0} + \tau z_j, \qquad z_j \sim N(0, 1) . $$

    - $\lambda_{ks}$: a rate for every kind of segment and sign. Their ratio $\lambda_{k+}/\lambda_{k-}$ is what the signs are compared by.
    - $\gamma$: power of the rate with the stress rate during ramps; holds have none. Events that come with stress, however fast it is applied, have
      $\gamma = 1$; events that come with time, as thermally activated ones do at nearly constant stress, have $\gamma = 0$. It is fitted where ramps of one kind
      were made at several rates. $\dot\sigma_0$ is the geometric mean of the rates.
    - $\tau$: pillars are draws from a population (`pillars = "random"`), or have levels of their own (`"fixed"`), or are alike (`"alike"`).
    - Counts may scatter more than chance: they are negative binomial with variance $m + \alpha m^2$. $\alpha = 0$ is Poisson's law. $\alpha$ is fitted in every
      case. A test whether it is needed, taken first, misses it where counts are few and makes the intervals too narrow.

    The integral over $z_j$ is a sum over nine points about its maximum; parameters come from Newton steps on the likelihood.

    ## Uncertainty

    Intervals are those of the profile of the likelihood, all other parameters refitted. The quantile is that of Student's $t$: ratios of signs are
    compared within pillars (counts less coefficients and pillars), rates and $\gamma$ between them (pillars less one, and less one for $\gamma$): with five pillars
    that matters. As far as counting and not the scatter of pillars makes the error, the degrees of freedom go over to those within pillars. As far as $\alpha$ makes it, the likelihood
    must fall by more, $n\ln(1 + t^2/\nu)$ as in a regression whose variance is fitted: without that, intervals of the ratio with five pillars cover 92.7 %. Probabilities of equal rates are corrected over the segments (Holm). $\tau$ and $\alpha$ have no interval: where pillars are few, the likelihood
    finds them too small.

    The rates are those of the median pillar; with fixed levels, the geometric mean of these pillars, and the interval does not hold for others.

    ## Failure modes

    A kind of segment without three events of each sign beyond its false alarms is left out: `events.imbalance` is exact there. With one or two
    pillars the scatter between them is unknown, and the intervals hold for these pillars. A search that finds rising events more easily than
    falling ones makes a ratio: compare the thresholds by sign in `events.spikes`. If each pillar has a preference for one sign of its own, in all its segments, it is taken
    for scatter of counts; ratios stay right on average. The mean stress of a segment is not in the model: within a ramp it goes with time.

    That rising means disordering holds only where annealing lowers the resistivity.

    ## References

    J. F. Lawless, Can. J. Stat. 15, 209 (1987). S. G. Self, K.-Y. Liang, J. Am. Stat. Assoc. 82, 605 (1987): tests at the end of a range.
    """
    ID: ClassVar[str] = "events.rate_model"

    background: bool = True
    pillars: Literal["random", "fixed", "alike"] = "random"
    stress_rate: bool = True

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `rate_model` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def rate_model(
    results: Results,
    *,
    background: bool = True,
    pillars: Literal["random", "fixed", "alike"] = "random",
    stress_rate: bool = True,
    seed: int = 1,
) -> Result:
    r"""Rates of events over conditions (`events.rate_model`).

    Rates of rising and falling events by segment and stress rate over all pillars of a state, with
    false alarms, scatter between pillars and counts that scatter more than chance. See `RateModel`
    for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    background : bool, default True
        Whether the false alarms that `events.spikes` expects are part of the means.
    pillars : str, default "random"
        How pillars differ.
        - `"random"`: As draws from a population: rates are those of its median pillar.
        - `"fixed"`: Each with a level of its own: rates are the geometric means over these pillars.
        - `"alike"`: All alike.
    stress_rate : bool, default True
        Whether the rates during ramps go with a power of the stress rate, where tests were loaded
        at several.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `sign_ratio_load` (λ₊/λ₋): rate of rising over falling events while the load rises
        - `sign_ratio_hold` (λ₊/λ₋): the same while it is held
        - `sign_ratio_unload` (λ₊/λ₋): the same while it falls
        - `smallest_p` (p): smallest probability of equal rates over the segments, after Holm's
        correction
        - `same_ratio_p` (p): probability of ratios so different where all segments have the same
        - `stress_rate_exponent` (γ): power of the rates with the stress rate: 0 for events in time,
        1 for events in stress
        - `pillar_scatter` (τ): standard deviation of the logarithm of the rates between pillars
        - `overdispersion` (α): variance beyond counting over the square of the mean
        - `overdispersion_p` (p): probability of such an excess where counts scatter by chance alone

    References
    ----------
    - J. F. Lawless, Negative binomial and mixed Poisson regression, Can. J. Stat. 15, 209 (1987),
    doi:10.2307/3314912
    - S. G. Self, K.-Y. Liang, J. Am. Stat. Assoc. 82, 605 (1987),
    doi:10.1080/01621459.1987.10478472
    """
    return RateModel(
        background=background,
        pillars=pillars,
        stress_rate=stress_rate,
    ).run(
        results,
        seed=seed,
    )
