# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Rising against falling events (`events.imbalance`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Imbalance(Method):
    r"""Rising against falling events (`events.imbalance`).

    Imbalance of signs by segment over all tests of a state, with false alarms in the likelihood, scatter between tests, and Holm's correction.

    Parameters
    ----------
    background : bool, default True
        Whether the false alarms that `events.spikes` expects are taken off.

    Notes
    -----
    # Rising against falling events

    Do events that raise the resistivity outnumber those that lower it, in loading, in the hold, in unloading? The source paper says: more rising in
    loading, as many in the hold, more falling in unloading, without numbers. With counts of tens the answer is mostly: these data cannot tell.

    ## How

    The counts of all tests of a state are added by kind of segment. With $N_\pm$ events, $b_\pm$ false alarms that `events.spikes` expects, and true means
    $\mu_\pm = M(1 \pm D)/2$,

    $$N_\pm \sim \mathrm{Poisson}(\mu_\pm + b_\pm), \qquad D = \frac{\mu_+ - \mu_-}{\mu_+ + \mu_-}.$$

    $D$ has a profile-likelihood interval, $M$ profiled out; $p$ is the exact two-sided probability (mid-$p$) of such counts where both signs are as likely. Over
    the kinds of segment Holm's correction is applied.

    Tests are not alike: each has its pillar. Pearson's statistic of their shares about the common one, over its degrees of freedom, is the `dispersion`; where
    it is more than counting explains ($p < 0.05$), the likelihood is divided by it and the interval widened.

    ## Failure modes

    A search that finds rising events more easily than falling ones makes an imbalance: compare thresholds and efficiencies by sign in `events.spikes`. With
    one test per state the scatter between pillars is unknown, and the interval holds for that pillar alone. With few tests a dispersion that is there is
    easily missed.

    Pillars of different activity, tests at several stress rates and rates themselves: `events.rate_model`.

    That rising means disordering holds only where annealing lowers the resistivity.
    """
    ID: ClassVar[str] = "events.imbalance"

    background: bool = True

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `imbalance` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def imbalance(
    results: Results,
    *,
    background: bool = True,
    seed: int = 1,
) -> Result:
    r"""Rising against falling events (`events.imbalance`).

    Imbalance of signs by segment over all tests of a state, with false alarms in the likelihood,
    scatter between tests, and Holm's correction. See `Imbalance` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    background : bool, default True
        Whether the false alarms that `events.spikes` expects are taken off.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `imbalance_load` (D): rising less falling over all events, while the load rises
        - `imbalance_hold` (D): the same while it is held
        - `imbalance_unload` (D): the same while it falls
        - `imbalance_all` (D): the same over all segments
        - `smallest_p` (p): smallest probability of equal rates over the segments, after Holm's
        correction
        - `dispersion` (φ): scatter between tests over that of counting, largest of the segments

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    """
    return Imbalance(
        background=background,
    ).run(
        results,
        seed=seed,
    )
