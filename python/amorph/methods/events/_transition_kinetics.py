# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Kinetics of transitions (`events.transition_kinetics`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TransitionKinetics(Method):
    r"""Kinetics of transitions (`events.transition_kinetics`).

    Whether sizes follow the law of thermally activated transitions in liquid-like cells, exact or linear in the stress, and how fast the imbalance of signs decays at constant stress.

    Parameters
    ----------
    draws : int, default 499
        Samples drawn for the goodness of fit, and permutations of signs.
    sign : str, default "both"
        Events of which sign enter the law of sizes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    xmin : float | None, default None
        Smallest relative change that counts; from the share of injected events that is found, where
        it is left out.

    Notes
    -----
    # Kinetics of transitions

    Small events in a stressed glass can be seen as thermally activated transitions between two states of liquid-like cells (Yang et al., after Cohen and Grest,
    and Falk and Langer). That picture says how sizes are distributed, and that an imbalance of forward and backward events dies out at constant stress. Do your events agree?

    ## The law of sizes

    Rates forward and back are $\omega_0 e^{-\Delta G/kT} e^{\pm x}$ with $x = \tau V/kT$. The net probability goes to $\tanh x$; the source takes $x \ll 1$ and writes $x$.
    Volumes have the density $e^{-(V-V_c)/V_f}/V_f$ above $V_c$. With $v = V/V_f$ the share of larger events is

    $$ \frac{P(\ge v)}{P(\ge v_c)} = \frac{1+v}{1+v_c}\,e^{-(v-v_c)} \quad\text{(linear, eq. 4)}, \qquad
    \frac{P(\ge v)}{P(\ge v_c)} = \frac{\int_v^\infty \tanh(x_f v')\,e^{-v'}\,dv'}{\int_{v_c}^\infty \tanh(x_f v')\,e^{-v'}\,dv'} \quad\text{(exact)} . $$

    $x_f$ is the bias at the mean excess volume. It goes over into the linear law for $x_f \to 0$ and into a plain exponential for $x_f \to \infty$. Sizes are taken to be in
    proportion to volumes; the constant is not known, so that only $s_f$, the size of an event of $V_f$, can be given, and no volume. Both laws are fitted by maximum likelihood to the sizes above
    the one from which on all are found. `linear_law_p` comes from sizes drawn from the fitted linear law, fitted again each time.

    Often only one end of the interval of $x_f$ exists: `stress_bias_upper` where the linear law suits as well, `stress_bias_lower` where the exponential does.

    ## The decay of the imbalance

    At constant stress the net rate forward decays as $E = e^{-t/\tau_R}$, $\tau_R = e^{\Delta G/kT}/(2\omega_0\cosh x)$. (Eq. 3 of the source prints $e^{-\Delta G/kT}$; its eq. 2 gives the sign used here.)
    The rate of both directions together decays too. Of sites of which half are forward when the hold begins, the sign of an event at $t$ is positive with probability $\tfrac12(1 + D)$,

    $$ D(t) = \frac{D_0\,E}{1 - D_0^2\,(1 - E)}, \qquad D_0 = \tanh x . $$

    $D_0$ and $\tau_R$ are fitted by maximum likelihood to the events of holds that follow a loading, and the gain in likelihood is compared with that of permuted signs. A relaxation time is
    given only where that probability is at most 0.05. With the constants `temperature` and `attempt_frequency` the time of sites without stress, $\tau_R\cosh x$, gives the barrier
    $\Delta G = kT\ln(2\omega_0\tau_R\cosh x)$, with an interval of its own profile.

    ## Assumptions and failure modes

    - A truncated power law describes the same sizes often as well: compare `events.size_distribution`. This law has no heavy tail.
    - Stress is taken as one value: events of a ramp mix biases.
    - Signs stand for directions: rising for forward. Whether that holds is not known from the record.
    - Missed and false events near the smallest size act as they do in `events.size_distribution`.
    - The interval of the bias covers more than 95 % near its limits. Without a decay the relaxation time means nothing; the test in front of it makes the interval conditional.

    ## References

    Y. Yang et al., Sci. Rep.; M. H. Cohen, G. S. Grest, Phys. Rev. B 20, 1077 (1979); M. L. Falk, J. S. Langer, Phys. Rev. E 57, 7192 (1998).
    """
    ID: ClassVar[str] = "events.transition_kinetics"

    draws: int = 499
    sign: Literal["both", "rising", "falling"] = "both"
    xmin: float | None = None

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
        """Runs the method; see `transition_kinetics` for the arguments."""
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


def transition_kinetics(
    data: Data,
    *,
    draws: int = 499,
    sign: Literal["both", "rising", "falling"] = "both",
    xmin: float | None = None,
    temperature: Quantity | None = None,
    attempt_frequency: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Kinetics of transitions (`events.transition_kinetics`).

    Whether sizes follow the law of thermally activated transitions in liquid-like cells, exact or
    linear in the stress, and how fast the imbalance of signs decays at constant stress. See
    `TransitionKinetics` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    draws : int, default 499
        Samples drawn for the goodness of fit, and permutations of signs.
    sign : str, default "both"
        Events of which sign enter the law of sizes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    xmin : float | None, default None
        Smallest relative change that counts; from the share of injected events that is found, where
        it is left out.
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

        - `size_scale` (s_f): size of an event of the mean excess volume, by the linear law
        - `threshold_ratio` (v_c): smallest size that counts, in units of size_scale
        - `linear_law_p` (p): probability of sizes as far from the linear law
        - `stress_bias` (x_f): work of the stress on the mean excess volume over kT, by the exact
        law
        - `stress_bias_upper` (x_f): its 95 % bound where the linear law suits as well
        - `stress_bias_lower` (x_f): its 95 % bound where full bias suits as well
        - `relaxation_time` (τ_R, s): time in which the imbalance of signs decays during holds
        - `initial_imbalance` (D₀): imbalance when the hold begins
        - `imbalance_decay_p` (p): probability of such a decay where signs do not depend on time
        - `activation_energy` (ΔG, eV): barrier that the relaxation time implies at the stated
        attempt frequency

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    - M. H. Cohen, G. S. Grest, Phys. Rev. B 20, 1077 (1979), doi:10.1103/PhysRevB.20.1077
    - M. L. Falk, J. S. Langer, Phys. Rev. E 57, 7192 (1998), doi:10.1103/PhysRevE.57.7192
    """
    return TransitionKinetics(
        draws=draws,
        sign=sign,
        xmin=xmin,
    ).run(
        data,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
        channels=channels,
        after=after,
        seed=seed,
    )
