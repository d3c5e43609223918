# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Spikes of the resistivity (`events.spikes`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Spikes(Method):
    r"""Spikes of the resistivity (`events.spikes`).

    Signed spikes of a pressed pillar's resistance against drift and coloured noise, with a known rate of false alarms and the share that is missed.

    Parameters
    ----------
    false_alarm_rate : Quantity | None, default None
        Expected false alarms per second instead, for instance "0.1 1/s".
    false_alarms : float, default 0.05
        Probability of at least one false alarm in a segment of a test.
    false_discovery : float, default 0.05
        Largest share of false alarms among the events that are kept, under `rule =
        "false_discovery"`.
    injections : int, default 4000
        Spikes that are injected to find out how many are missed; 0 leaves that out.
    rule : str, default "calibrated"
        What counts as a spike.
        - `"calibrated"`: What noise like that of the segment does only as often as `false_alarms`
        allows.
        - `"false_discovery"`: As many events as a share `false_discovery` of false alarms among
        them allows (Benjamini and Hochberg).
        - `"fixed_threshold"`: A relative change of at least `threshold`, as in Yang et al. 2014.
    settling_time : Quantity | None, default None
        Time at the start of a test that is left out; where the noise has settled if absent.
    threshold : float, default 0.0005
        Relative change that counts under `rule = "fixed_threshold"`.
    widest : int, default 8
        Duration of the longest spike, samples.

    Notes
    -----
    # Spikes of the resistivity

    A pillar is pressed while a constant voltage drives a current through it. Small inelastic events show as short changes of the
    resistance: rising spikes (the current dips) and falling ones. The question is which of the many excursions of a noisy, drifting current
    are events, and what was missed.

    ## What is searched

    The logarithm of the resistance, $y = -\ln I$; with `series_resistance` $R_s$ and `voltage` $V$ that of the pillar alone,
    $y = \ln(V/I - R_s)$. A spike of $y$ is the relative change of the resistivity, apparent as long as contacts are not taken off. Depth is not
    used: it enters the slow part only, which is taken off as drift, so its noise makes no spikes.

    Each segment (load, hold, unload; from the file, or found in the load) and each stretch of even sampling is searched apart. The time
    until the noise has settled, saturated and stuck samples and gaps are left out and reduce the exposure.

    ## How

    1. *Drift*: a running median over 64 of the widest spikes, straight between its points.
    2. *Noise*: an autoregression of order 0 to 5 by the Bayesian criterion; the local scale from the median absolute value of what is new in
       every sample, brought back to the scale of the noise by that memory. Differences of neighbours would be wrong (with memory 0.7 they are
       0.55 times too small), and the record itself says less: with memory 0.95 a window of it scatters by 6 %. Tails of Student's $t$ with its
       continuation to lighter ones, or normal ones that are centred elsewhere as those of skewed noise, whichever is likelier; both sides apart
       where they differ; learned below four standard deviations so that events do not teach them.
    3. *Templates*: boxes of 1, 2, 3, 4, 6, 8 samples and exponential decays, of both signs, against the whitened record. The statistic $z$ is
       the height of the best one over its error.
    4. *Threshold*: surrogates ($10^6$ samples) go through the same steps, the removal of events included; the rate at which their largest
       statistics exceed a height is counted, and carried on by a generalised Pareto law. Their tails change among those that the record allows
       (64 draws from the posterior under a flat prior): a short record says little about how far its noise reaches, and its threshold is higher
       for that. Their memory is the one that looks like that of the record after its drift is taken off. `false_alarms` is the probability of any false
       alarm in a segment, `false_alarm_rate` an expected number per second.
    5. Events are taken off the record, the largest first, before their neighbours are looked at again.
    6. An event is a *step* where a step on a straight line fits its surroundings better: a pop-in or a change of the contact. Steps are listed
       and not counted; they are taken off the record, which is then searched anew, since a step leaves the drift beside it askew.
       On the flank of a step only what goes beyond the levels on both sides of it counts; the height of such a spike is known to within the step.

    `rule = "false_discovery"` keeps, of everything that stands out from the noise of a test, as many events as a share `false_discovery` of false
    alarms among them allows (Benjamini and Hochberg, over samples and both signs): more events where there are many. The column `false_share`
    gives, under every rule, the share of the events at least as clear that noise alone gives.

    `rule = "fixed_threshold"` counts changes of at least `threshold`, as Yang et al. do with 5e-4; the false alarms to be expected are given
    beside it.

    ## Long records

    Tests of more than $2^{20}$ samples are searched in parts of that length, which overlap by 32 windows of the drift, so that memory does not
    grow with the record; text whose numbers would take more than 1 GiB is not even held, its rows are read from the file when their turn
    comes (`in_stretches` in the measurement decides for any size). The noise of a piece (memory, tails, surrogates) is then learned from 64
    windows of 16384 samples spread over it, drift and scale stay local, and the threshold is that of the whole piece. Segments are found in means of
    neighbouring samples. With the same segments the answer is the same from memory and from the file, and with any number of threads. Saturated and stuck samples are
    looked for part by part.

    ## What is missed

    Spikes of known size are injected into noise like that of the test and searched for in the same way. The share found is fitted by
    $\varepsilon(x) = \varepsilon_\max\,\Phi((\ln x - \mu)/s)$; the sizes of which half and 95 % are found are given.

    ## What the numbers mean

    Rates have Poisson intervals (Jeffreys), the imbalance $D = (N_+ - N_-)/(N_+ + N_-)$ Wilson's interval and an exact mid-$p$ probability of equal
    rates. That rising means disordering holds only for a glass whose resistivity falls on annealing.

    ## Failure modes

    Spikes shorter than three samples have the duration of the sampling. Two spikes of one sign within `dead_time` are one. Where spikes take more
    than 5 % of the time they run into each other. Noise that switches between levels (telegraph noise) looks like steps.

    ## Differences from other recipes

    Surrogates are drawn from the fitted noise instead of from blocks of the residual: blocks repeat the tails that a short record happens
    to have, and carry events into the noise.
    """
    ID: ClassVar[str] = "events.spikes"

    false_alarm_rate: Quantity | None = None
    false_alarms: float = 0.05
    false_discovery: float = 0.05
    injections: int = 4000
    rule: Literal["calibrated", "false_discovery", "fixed_threshold"] = "calibrated"
    settling_time: Quantity | None = None
    threshold: float = 0.0005
    widest: int = 8

    def run(
        self,
        data: Data,
        *,
        top_diameter: Quantity | None = None,
        voltage: Quantity | None = None,
        series_resistance: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `spikes` for the arguments."""
        return self._run(
            data,
            constants={
                "top_diameter": top_diameter,
                "voltage": voltage,
                "series_resistance": series_resistance,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def spikes(
    data: Data,
    *,
    false_alarm_rate: Quantity | None = None,
    false_alarms: float = 0.05,
    false_discovery: float = 0.05,
    injections: int = 4000,
    rule: Literal["calibrated", "false_discovery", "fixed_threshold"] = "calibrated",
    settling_time: Quantity | None = None,
    threshold: float = 0.0005,
    widest: int = 8,
    top_diameter: Quantity | None = None,
    voltage: Quantity | None = None,
    series_resistance: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Spikes of the resistivity (`events.spikes`).

    Signed spikes of a pressed pillar's resistance against drift and coloured noise, with a known
    rate of false alarms and the share that is missed. See `Spikes` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    false_alarm_rate : Quantity | None, default None
        Expected false alarms per second instead, for instance "0.1 1/s".
    false_alarms : float, default 0.05
        Probability of at least one false alarm in a segment of a test.
    false_discovery : float, default 0.05
        Largest share of false alarms among the events that are kept, under `rule =
        "false_discovery"`.
    injections : int, default 4000
        Spikes that are injected to find out how many are missed; 0 leaves that out.
    rule : str, default "calibrated"
        What counts as a spike.
        - `"calibrated"`: What noise like that of the segment does only as often as `false_alarms`
        allows.
        - `"false_discovery"`: As many events as a share `false_discovery` of false alarms among
        them allows (Benjamini and Hochberg).
        - `"fixed_threshold"`: A relative change of at least `threshold`, as in Yang et al. 2014.
    settling_time : Quantity | None, default None
        Time at the start of a test that is left out; where the noise has settled if absent.
    threshold : float, default 0.0005
        Relative change that counts under `rule = "fixed_threshold"`.
    widest : int, default 8
        Duration of the longest spike, samples.
    top_diameter : Quantity, in m
        diameter of the top of the pillar. Found: an electron micrograph of the pillar before the
        test; micrometres, not the "mm" of extracted text.
    voltage : Quantity, in V
        voltage that is kept across punch, pillar and base. Found: the settings of the test; the
        source paper prints 5 V in one place and 15 V in another, so there is no default.
    series_resistance : Quantity, in Ω
        resistance of everything in the circuit but the pillar: contacts, punch, base. Found: a test
        of the punch on a conductor of known resistance; without it changes of the resistivity are
        apparent.
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

        - `spike_count` (N): spikes of both signs
        - `spike_rate` (r, 1/s): spikes of both signs per second of exposure
        - `expected_false_count` (N₀): false alarms that noise alone gives, over all segments
        - `imbalance` (D): rising less falling over all spikes
        - `imbalance_p` (p): two-sided probability of such an imbalance where both signs are as
        likely
        - `detection_efficiency_50` (x₅₀): relative change of the resistivity of which half are
        found
        - `detection_efficiency_95` (x₉₅): relative change of the resistivity of which 95 % are
        found
        - `dead_time` (t_d, s): time after a spike in which none of the same sign is told apart
        - `settling_time` (t₀, s): time at the start that was left out

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    """
    return Spikes(
        false_alarm_rate=false_alarm_rate,
        false_alarms=false_alarms,
        false_discovery=false_discovery,
        injections=injections,
        rule=rule,
        settling_time=settling_time,
        threshold=threshold,
        widest=widest,
    ).run(
        data,
        top_diameter=top_diameter,
        voltage=voltage,
        series_resistance=series_resistance,
        channels=channels,
        after=after,
        seed=seed,
    )
