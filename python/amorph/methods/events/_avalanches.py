# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Avalanches under stress (`events.avalanches`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Avalanches(Method):
    r"""Avalanches under stress (`events.avalanches`).

    Exponent of event sizes at one stress with a cut-off that grows with the stress, against pooled sizes and against theories.

    Parameters
    ----------
    bootstrap : int, default 200
        Resampled lists for the errors of the exponents of durations.
    critical_stress : Quantity | None, default None
        Stress at which avalanches have no cut-off; fitted if absent, and then nothing has an
        interval.
    duration_column : str | None, default None
        The column with the durations of a list, where there is one.
    shortest_duration : Quantity | None, default None
        Shortest duration that is resolved; of spikes three samples.
    sign : str, default "both"
        Spikes of which sign, after events.spikes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    size_column : str, default "size"
        The column with the sizes of a list.
    size_is : str, default "slip"
        What a size measures.
        - `"slip"`: All slip of an avalanche: heights of spikes shorter than the response of the
        instrument, stress drops.
        - `"largest_rate"`: The largest slip rate within an avalanche: heights of spikes that are
        resolved in time.
    stress_column : str, default "stress"
        The column with the stress at which each event happened, of a list.
    xmin : Quantity | None, default None
        Smallest size that is fitted, as for events.size_distribution.

    Notes
    -----
    # Avalanches under stress

    Do small events in a loaded glass belong together as avalanches do? Theories in which every site feels all others (mean field) predict how
    sizes are distributed at one stress $\tau$,

    $$ D(S) \sim S^{-\kappa} e^{-S/S_\mathrm{max}}, \qquad S_\mathrm{max} = S_0\,(1 - \tau/\tau_c)^{-p}, \qquad \kappa = 3/2,\; p = 2 . $$

    The cut-off grows as the stress comes near the critical one $\tau_c$. Sizes pooled over a whole ramp are therefore a mixture, and follow another law:
    $\kappa + 1/p = 2$. An exponent of 3/2 of a whole ramp does not speak for the theory, unless the test stayed far below $\tau_c$.

    ## How

    All events enter one likelihood with a common $\kappa$, each with the cut-off of its own stress. With $y = S/S_\mathrm{min}$ and
    $\lambda(\tau) = (1 - \tau/\tau_c)^p\, S_\mathrm{min}/S_0$,

    $$ \ln L = -\kappa \sum \ln y \;-\; \sum \lambda(\tau)\, y \;-\; \sum \ln Z(\kappa, \lambda(\tau)) . $$

    The two sums over stresses are taken between 48 nodes in $\ln(1 - \tau/\tau_c)$, so that the time of a fit does not depend on the number of events.
    Intervals are those of the profile of the likelihood, for a *stated* critical stress. Where it is left out it is fitted; exponent and power then
    depend on it strongly, and nothing has an interval.

    Beside it the exponent of all sizes above $3 S_0$ is fitted as in `events.size_distribution`. Mean-field theory predicts a difference of 1/2.

    **Durations.** Where at least 100 durations are resolved (of spikes: three samples), their exponent $\tau_T$ and the power $1/\sigma\nu z$ of
    $\langle S|T\rangle \sim T^{1/\sigma\nu z}$ are given. Crackling noise has $(\tau_T - 1)/(\tau_S - 1) = 1/\sigma\nu z$; the difference and its standard error come from
    resampled events. Small $\Delta$ with a large error says nothing.

    ## What is compared

    The table gives the mean-field exponents, one from simulations with the stress field of local shears (1.28 for sizes, in two and three
    dimensions), and your numbers with their distance in standard errors, so that 3/2 is not the only hypothesis. A second table holds what was
    published for bulk glasses.

    ## What a size is

    The height of a spike that the instrument resolves is a largest rate $V_\mathrm{max}$ (exponent 2); that of a spike shorter than the response of the
    instrument follows the slip $S$ (3/2). `size_is` states which; nothing in the heights tells.

    ## Assumptions and failure modes

    Events are independent, found completely above `xmin`, and their sizes exact: noise and missed events act as in `events.size_distribution`.
    The rate of events need not be constant. Sizes that do not grow with stress give $p$ near zero and leave $S_0$ and $\tau_c$ undetermined.
    Average shapes of avalanches are in `events.avalanche_shape`: they need records that resolve them.

    ## References

    K. A. Dahmen, Y. Ben-Zion, J. T. Uhl, Phys. Rev. Lett. 102, 175501 (2009); Nature Physics 7, 554 (2011). J. Antonaglia et al., Sci. Rep. 4, 4382 (2014).
    Z. Budrikis, D. Fernandez Castellanos, S. Sandfeld, M. Zaiser, S. Zapperi, arXiv 1511.06229.
    """
    ID: ClassVar[str] = "events.avalanches"

    bootstrap: int = 200
    critical_stress: Quantity | None = None
    duration_column: str | None = None
    shortest_duration: Quantity | None = None
    sign: Literal["both", "rising", "falling"] = "both"
    size_column: str = "size"
    size_is: Literal["slip", "largest_rate"] = "slip"
    stress_column: str = "stress"
    xmin: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `avalanches` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def avalanches(
    data: Data,
    *,
    bootstrap: int = 200,
    critical_stress: Quantity | None = None,
    duration_column: str | None = None,
    shortest_duration: Quantity | None = None,
    sign: Literal["both", "rising", "falling"] = "both",
    size_column: str = "size",
    size_is: Literal["slip", "largest_rate"] = "slip",
    stress_column: str = "stress",
    xmin: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Avalanches under stress (`events.avalanches`).

    Exponent of event sizes at one stress with a cut-off that grows with the stress, against pooled
    sizes and against theories. See `Avalanches` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    bootstrap : int, default 200
        Resampled lists for the errors of the exponents of durations.
    critical_stress : Quantity | None, default None
        Stress at which avalanches have no cut-off; fitted if absent, and then nothing has an
        interval.
    duration_column : str | None, default None
        The column with the durations of a list, where there is one.
    shortest_duration : Quantity | None, default None
        Shortest duration that is resolved; of spikes three samples.
    sign : str, default "both"
        Spikes of which sign, after events.spikes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    size_column : str, default "size"
        The column with the sizes of a list.
    size_is : str, default "slip"
        What a size measures.
        - `"slip"`: All slip of an avalanche: heights of spikes shorter than the response of the
        instrument, stress drops.
        - `"largest_rate"`: The largest slip rate within an avalanche: heights of spikes that are
        resolved in time.
    stress_column : str, default "stress"
        The column with the stress at which each event happened, of a list.
    xmin : Quantity | None, default None
        Smallest size that is fitted, as for events.size_distribution.
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

        - `stressed_exponent` (κ): exponent of the sizes at one stress
        - `stressed_cutoff_power` (p): power with which the cut-off grows towards the critical
        stress
        - `stressed_scale` (S₀): cut-off without stress, in the unit of the sizes
        - `critical_stress` (τc, Pa): stress at which avalanches have no cut-off, where it was
        fitted
        - `integrated_exponent` (α): exponent of the sizes of the whole test, above three times the
        cut-off without stress
        - `integrated_difference` (α - κ): by how much pooling all stresses raises the exponent
        - `duration_exponent` (τ_T): exponent of the durations of the whole test
        - `size_duration_exponent` (1/σνz): power with which sizes grow with durations
        - `crackling_difference` (Δ): (τ_T - 1)/(α - 1) less the power of sizes with durations: zero
        for crackling noise

    References
    ----------
    - K. A. Dahmen, Y. Ben-Zion, J. T. Uhl, Phys. Rev. Lett. 102, 175501 (2009),
    doi:10.1103/PhysRevLett.102.175501
    - J. Antonaglia et al., Sci. Rep. 4, 4382 (2014), doi:10.1038/srep04382
    """
    return Avalanches(
        bootstrap=bootstrap,
        critical_stress=critical_stress,
        duration_column=duration_column,
        shortest_duration=shortest_duration,
        sign=sign,
        size_column=size_column,
        size_is=size_is,
        stress_column=stress_column,
        xmin=xmin,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
