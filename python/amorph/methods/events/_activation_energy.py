# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Activation energy from durations (`events.activation_energy`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ActivationEnergy(Method):
    r"""Activation energy from durations (`events.activation_energy`).

    Barrier of events from their durations by a likelihood that counts unresolved ones as such, at a stated attempt frequency; an upper bound where most are unresolved.

    Parameters
    ----------
    attempt_range : tuple[Quantity, Quantity] | None, default None
        Least and greatest attempt frequency that one believes in, for instance ["1e12 1/s", "1e14
        1/s"]: the energy is given over that range too.
    resolved : int, default 3
        Samples from which on a duration is the event's and not the sampling's.
    sign : str, default "both"
        Events of which sign.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.

    Notes
    -----
    # Activation energy from durations

    An event that waits for thermal activation over a barrier $\Delta G$ relaxes within $\tau = e^{\Delta G/kT}/(2\omega_0)$; a duration therefore gives a barrier,

    $$\Delta G = kT\,\ln(2\,\omega_0\,\tau_d).$$

    ## What goes in

    $T$ and the attempt frequency $\omega_0$, both without a default: at room temperature a factor of ten in $\omega_0$ or in $\tau_d$ is 0.06 eV. 1 ms at
    300 K is 0.554 eV with $10^{12}$ and 0.613 eV with $10^{13}$ 1/s; the 0.5 eV of Yang et al. needs $1.25\cdot 10^{11}$ 1/s. `attempt_range` gives the energy over
    the frequencies that one believes in: a table, never part of the interval.

    ## Durations

    Events last few samples, often one. An event of exponential duration with mean $\tau_d$ that begins anywhere between two samples covers $w$ of them with
    probability $e^{-x(w-1)}(1-e^{-x})$, $x = \Delta t/\tau_d$, among those that cover one. Events below `resolved` samples are counted as just that: noise and the
    filter of the amplifier make any short event last one or two samples. The likelihood over both gives $\tau_d$ with an interval by its ratio.

    Where fewer than half of the events are resolved, their durations say only how long they do not last: the result is
    `activation_energy_upper`, the energy at the 95 % bound of $\tau_d$ (exact, from the share that is resolved). That durations do not depend on the height is what such censoring makes of any law; the
    table by height shows it.

    ## Failure modes

    Durations are the samples above half of the height: noise shortens events near the threshold and lengthens none. Events that run into each other
    count as one long one (`events.spikes` warns). A law other than the exponential is not tested for; the figure shows the departure.
    """
    ID: ClassVar[str] = "events.activation_energy"

    attempt_range: tuple[Quantity, Quantity] | None = None
    resolved: int = 3
    sign: Literal["both", "rising", "falling"] = "both"

    def run(
        self,
        data: Data,
        *,
        temperature: Quantity | None = None,
        attempt_frequency: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `activation_energy` for the arguments."""
        return self._run(
            data,
            constants={
                "temperature": temperature,
                "attempt_frequency": attempt_frequency,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def activation_energy(
    data: Data,
    *,
    attempt_range: tuple[Quantity, Quantity] | None = None,
    resolved: int = 3,
    sign: Literal["both", "rising", "falling"] = "both",
    temperature: Quantity | None = None,
    attempt_frequency: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Activation energy from durations (`events.activation_energy`).

    Barrier of events from their durations by a likelihood that counts unresolved ones as such, at a
    stated attempt frequency; an upper bound where most are unresolved. See `ActivationEnergy` for
    the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    attempt_range : tuple[Quantity, Quantity] | None, default None
        Least and greatest attempt frequency that one believes in, for instance ["1e12 1/s", "1e14
        1/s"]: the energy is given over that range too.
    resolved : int, default 3
        Samples from which on a duration is the event's and not the sampling's.
    sign : str, default "both"
        Events of which sign.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    temperature : Quantity, in K
        temperature of the pillar. Found: a thermometer at the stage.
    attempt_frequency : Quantity, in 1/s
        how often an event is tried. Found: a model: the Debye frequency is near 1e13 1/s; a factor
        of ten is 0.06 eV at room temperature, so there is no default.
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

        - `mean_duration` (τ_d, s): mean duration of the events, where at least half of them are
        resolved
        - `mean_duration_upper` (τ_d, s): 95 % bound of the mean duration, where they are not
        - `activation_energy` (ΔG, eV): barrier at the stated attempt frequency, where durations are
        resolved
        - `activation_energy_upper` (ΔG, eV): 95 % bound of the barrier at the stated attempt
        frequency, where they are not
        - `resolved_share` (f_r): share of the events that last long enough to have a duration

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    """
    return ActivationEnergy(
        attempt_range=attempt_range,
        resolved=resolved,
        sign=sign,
    ).run(
        data,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
        channels=channels,
        after=after,
        seed=seed,
    )
