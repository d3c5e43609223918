# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Waiting times between events (`events.waiting_times`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class WaitingTimes(Method):
    r"""Waiting times between events (`events.waiting_times`).

    Rate of events and the shape of their waiting times, with dead time, censored ends and rates that change taken into account.

    Parameters
    ----------
    activation_volume : Quantity | None, default None
        Activation volume, for what the two-state model says of the rates of two holds, for instance
        "100 A^3".
    bootstrap : int, default 400
        Simulated lists of the test whether waits are exponential; 0 leaves it out.
    column : str | None, default None
        The column with the times of the events, where a list of events is given.
    dead_time : Quantity | None, default None
        Time after an event in which no other can be seen; that of events.spikes if absent, zero for
        lists.
    sign : str, default "both"
        Events of which sign.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    temperature : Quantity | None, default None
        Temperature, for the same.

    Notes
    -----
    # Waiting times between events

    Do small inelastic events come independently of each other, or does one bring the next? Independent events at a constant rate have
    exponentially distributed waiting times. A histogram that looks exponential is no test: dead time, the end of the record and rates that
    change with the load all change the shape.

    ## Model

    Waits $w$ of each stretch (a segment of a test) follow a Weibull law with one shape $k$ and a scale per stretch. With the dead time $d$ and the wait
    $w_c$ that the end of the record cuts off,

    $$ \ln L = \sum_{\text{ended}} \left[\ln f(w) - \ln S(d)\right] + \sum_{\text{cut}} \left[\ln S(w_c) - \ln S(d)\right] . $$

    $k = 1$ is the exponential law, $k < 1$ clusters, $k > 1$ avoids. The interval of $k$ is that of the profile of the likelihood; $p$ that of the
    likelihood ratio against $k = 1$. The rate is the number of waits over the time waited, dead time off, with Jeffreys' Poisson interval.

    ## Rates that change

    First a trend: $\ln\lambda(t) = a + bt$ in every stretch against a constant rate, joined by Fisher's method. Where $p < 0.01$, waits are taken in
    the time $u = \int\lambda\,dt$ in which the rate is constant (time rescaling), so that a growing rate is not called clustering.

    ## Memory

    A gamma law with a shape of its own stands beside the Weibull law, each against the exponential law by its likelihood ratio. `exponential_p` is
    the probability of a larger Kolmogorov-Smirnov distance from the exponential law, with rates fitted again in every replicate.

    A self-exciting process has the rate $\lambda(t) = \mu + b\beta \sum_i e^{-\beta(t - t_i)}$: each event brings $b$ others, on average $1/\beta$ later
    (Hawkes). Its likelihood is maximised with a $\mu$ of its own for every stretch; time within the dead time does not count. The interval of $b$ is that
    of its profile, and starts at zero where independent events are not excluded. Variance over mean of the counts (Fano factor) is
    tabulated over the window, with the range in which 95 % of independent events lie.

    Where the rate changes all of this is done in the rescaled time, and $b$ has no interval.

    ## Holds at two stresses

    The ratio of the rates of two holds has the exact interval of two Poisson counts. A model linear in the stress predicts the ratio of the
    stresses; the two-state model $\tanh x_2/\tanh x_1$ with $x = \tau V/kT$, which is one where $x$ is large: a weak dependence on the stress is what it
    says. It needs `activation_volume` and `temperature`.

    ## How wrong the plain fit is

    With a dead time of 0.1 or 0.3 of the mean wait a plain Weibull fit of exponential waits gives $k = 1.20$ or $1.46$; this one gives 1.

    ## Failure modes

    The branching ratio takes one exponential kernel. A dead time that swallows many of the events that others bring lowers it.
    The dead time of `events.spikes` is that of spikes of one sign; spikes of both signs can be closer, and then a common dead time takes a few
    waits away. Trends that are not exponential in time are taken off in part only.
    """
    ID: ClassVar[str] = "events.waiting_times"

    activation_volume: Quantity | None = None
    bootstrap: int = 400
    column: str | None = None
    dead_time: Quantity | None = None
    sign: Literal["both", "rising", "falling"] = "both"
    temperature: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `waiting_times` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def waiting_times(
    data: Data,
    *,
    activation_volume: Quantity | None = None,
    bootstrap: int = 400,
    column: str | None = None,
    dead_time: Quantity | None = None,
    sign: Literal["both", "rising", "falling"] = "both",
    temperature: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Waiting times between events (`events.waiting_times`).

    Rate of events and the shape of their waiting times, with dead time, censored ends and rates
    that change taken into account. See `WaitingTimes` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    activation_volume : Quantity | None, default None
        Activation volume, for what the two-state model says of the rates of two holds, for instance
        "100 A^3".
    bootstrap : int, default 400
        Simulated lists of the test whether waits are exponential; 0 leaves it out.
    column : str | None, default None
        The column with the times of the events, where a list of events is given.
    dead_time : Quantity | None, default None
        Time after an event in which no other can be seen; that of events.spikes if absent, zero for
        lists.
    sign : str, default "both"
        Events of which sign.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    temperature : Quantity | None, default None
        Temperature, for the same.
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

        - `waiting_rate` (r, 1/s): events per second of waiting, dead time off
        - `weibull_shape` (k): shape of a Weibull distribution of the waiting times: 1 for
        independent events
        - `weibull_p` (p): probability of so large a deviation from the exponential distribution by
        chance
        - `gamma_shape` (k): shape of a gamma distribution of the waiting times: 1 for independent
        events
        - `gamma_p` (p): probability of so large a deviation from the exponential distribution
        towards a gamma one
        - `exponential_p` (p): probability of a larger distance from the exponential distribution by
        chance
        - `branching_ratio` (b): mean number of events that one event brings
        - `stationarity_p` (p): probability of so large a trend of the rates by chance
        - `fano_factor` (F): variance over mean of the counts in windows of ten mean waiting times

    References
    ----------
    - A. G. Hawkes, Biometrika 58, 83 (1971), doi:10.1093/biomet/58.1.83
    - E. N. Brown, R. Barbieri, V. Ventura, R. E. Kass, L. M. Frank, Neural Comput. 14, 325 (2002),
    doi:10.1162/08997660252741149
    """
    return WaitingTimes(
        activation_volume=activation_volume,
        bootstrap=bootstrap,
        column=column,
        dead_time=dead_time,
        sign=sign,
        temperature=temperature,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
