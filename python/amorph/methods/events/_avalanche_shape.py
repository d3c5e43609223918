# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Average shape of avalanches (`events.avalanche_shape`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AvalancheShape(Method):
    r"""Average shape of avalanches (`events.avalanche_shape`).

    Mean velocity of avalanches over their time at a duration and at a size, its asymmetry and power against a parabola, and how sizes go with durations.

    Parameters
    ----------
    event_column : str, default "event"
        The column that numbers the avalanches of a table with one row per sample.
    time_column : str, default "time"
        The column with the times.
    velocity_column : str, default "velocity"
        The column with the velocities: slip, strain or stress drop per time, or a voltage that is
        proportional to it.

    Notes
    -----
    # Average shape of avalanches

    Avalanches of one duration differ, but their mean velocity has a shape. Where small and large ones are alike at all scales, the shapes of all
    durations fall on each other, and theories say what they are: it is a sharper test than an exponent. Mean-field theory (sites that all feel
    each other) has

    $$ \langle V|T\rangle = T^{\gamma - 1} f(t/T), \quad f(x) \propto x(1 - x), \quad \langle S|T\rangle \sim T^{\gamma}, \; \gamma = 2; \qquad
       \langle V|S\rangle = \sqrt{S}\, A\, x\, e^{-B x^2}, \; x = t/\sqrt{S}. $$

    ## What is computed

    Only avalanches of at least eight samples enter: what is shorter has the shape of the instrument.

    - **Power of sizes with durations** $\gamma$: slope of $\ln S$ over $\ln T$, errors from the scatter of the avalanches (HC3).
    - **Asymmetry** $A = \int V (2x - 1)/\int V$, $x = t/T$: zero where rise and fall mirror each other, below zero for a steep start (threshold and eddy-current effects), above
      for a steep end.
    - **Power of the shape** $a$ of $(x(1 - x))^a$ with the second moment $M = \int V (x - \tfrac12)^2/\int V$ of the data: $a = (1/4M - 3)/2$. A parabola has
      $M = 1/20$, $a = 1$. Laurson et al. give $a = \gamma - 1$ for interactions of any range: compare the two.
    - $p$ of both moments being those of a parabola (Hotelling's $T^2$).
    - **At a size**: $\langle x^2\rangle/\langle x\rangle^2$ of $\langle V|S\rangle$ over $x = t/\sqrt S$; $4/\pi = 1.273$ for $x e^{-B x^2}$, whatever $A$ and $B$ are. It is taken above the
      size from which on at most one avalanche in a hundred is too short: below it, those that are long enough are not those of their size.

    Moments are ratios of sums over avalanches with weights $T^{-\gamma}$: they are moments of the mean velocity, not means of moments, and long avalanches do not drown
    short ones. A sample stands for its cell: $1/(12 n^2)$ is taken off the second moment (Sheppard). All intervals come from the scatter between avalanches.

    ## Input

    A table with one row per sample: `event`, `time`, `velocity` (any unit; a size is its integral). Rows of one avalanche follow each other, its
    first and last rows are its first and last samples. On a pillar's record, after `events.pop_ins`, the rate of the depth within each pop-in less the rate before it.
    Spikes of the resistance are not used: the search finds those of up to eight samples only.

    ## Failure modes

    **Where an avalanche begins and ends** decides the shape: a threshold above the noise cuts the rise and the fall off and makes the shape flatter ($a < 1$) and
    $\gamma$ larger; a threshold that merges two makes a hollow. Repeat with another threshold. **Steps**: avalanches of few discrete steps have no zero at their ends. The
    generator of mean-field avalanches that this method is tested on, near the critical stress, has $a$ = 0.83 from 8 steps on, 0.89 from 16, 0.91 from 32, while $4/\pi$ is met
    within a per cent everywhere. **A cut-off**: avalanches that last longer than the cut-off lets them have a flat middle; over a whole ramp $a$ stays near 0.8. **Filters** of the instrument delay the fall: a negative asymmetry of short
    avalanches that is gone in long ones is the instrument. Look at the table by duration.

    ## References

    S. Papanikolaou et al., Nature Physics 7, 316 (2011). L. Laurson et al., Nature Communications 4, 2927 (2013). K. A. Dahmen, Y. Ben-Zion, J. T. Uhl, Nature Physics 7, 554 (2011).
    """
    ID: ClassVar[str] = "events.avalanche_shape"

    event_column: str = "event"
    time_column: str = "time"
    velocity_column: str = "velocity"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `avalanche_shape` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def avalanche_shape(
    data: Data,
    *,
    event_column: str = "event",
    time_column: str = "time",
    velocity_column: str = "velocity",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Average shape of avalanches (`events.avalanche_shape`).

    Mean velocity of avalanches over their time at a duration and at a size, its asymmetry and power
    against a parabola, and how sizes go with durations. See `AvalancheShape` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    event_column : str, default "event"
        The column that numbers the avalanches of a table with one row per sample.
    time_column : str, default "time"
        The column with the times.
    velocity_column : str, default "velocity"
        The column with the velocities: slip, strain or stress drop per time, or a voltage that is
        proportional to it.
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

        - `size_duration_exponent` (γ): power of sizes with durations, 1/σνz
        - `shape_asymmetry` (A): first moment of the shape about its middle: below zero for a steep
        start, above for a steep end
        - `shape_exponent` (a): power of the symmetric shape (x (1 - x))^a with the same second
        moment; 1 for a parabola
        - `parabola_p` (p): probability of moments so far from those of a parabola
        - `rate_by_size_ratio` (⟨x²⟩/⟨x⟩²): spread in time of avalanches of one size; 4/π in
        mean-field theory

    References
    ----------
    - S. Papanikolaou, F. Bohn, R. L. Sommer, G. Durin, S. Zapperi, J. P. Sethna, Nature Physics 7,
    316 (2011), doi:10.1038/nphys1884
    - L. Laurson, X. Illa, S. Santucci, K. T. Tallakstad, K. J. Måløy, M. J. Alava, Nature
    Communications 4, 2927 (2013), doi:10.1038/ncomms3927
    """
    return AvalancheShape(
        event_column=event_column,
        time_column=time_column,
        velocity_column=velocity_column,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
