# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Pop-ins and load drops (`events.pop_ins`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class PopIns(Method):
    r"""Pop-ins and load drops (`events.pop_ins`).

    Jumps of the depth and drops of the load, of several samples and several per test, against trend and noise with a known rate of false alarms.

    Parameters
    ----------
    false_alarms : float, default 0.05
        Probability of at least one false alarm in a segment of a test.
    from_load : float, default 0.001
        Share of the peak load below which jumps are not looked for: for approaches that the file
        does not mark.
    slowest : int, default 8
        Samples of the slowest jump.
    smallest : Quantity | None, default None
        Smallest jump of the depth that is listed, for instance "2 nm"; what stands out from the
        noise if absent.

    Notes
    -----
    # Pop-ins and load drops

    A glass under a tip or a punch yields in steps: the depth jumps (load control), the load drops (displacement control), or both at once in
    real rigs. Which steps are events and which are noise, at which load, how far, how long?

    ## How

    Every segment (load, hold, unload) is searched apart; approach and drift are left out, and samples below `from_load` of the peak load.

    1. Increments $\Delta h_i$ from sample to sample, less the running median of the rate times the time step: a ramp moves $\dot h\,\Delta t$ in
       each sample, and that is no event.
    2. A step that takes $w$ samples is a box of $w$ increments: boxes of $1, 2, 4 \ldots$ samples up to `slowest` are compared with the whitened
       increments (autoregression of order 0 to 5; white noise of the depth makes increments that remember).
    3. The threshold comes from surrogates with the same noise, as in `events.spikes`: `false_alarms` is the probability of any false alarm in a
       segment.
    4. The jump is measured from the first to the last increment more than three standard deviations above the trend, gaps of one sample
       included: jumps over several samples are not cut.
    5. Drops of the load are found in the same way; a jump and a drop at one place are one event.

    The load of a pop-in is that of the last sample before it. Tests without one are listed with their peak load: they are censored, not absent.

    ## Failure modes

    Drifting noise whose scale changes within a segment faster than over a few hundred samples raises false alarms. A change of the
    displacement rate within a segment looks like a step of the rate, not of the depth, and is followed by the running median after half its window.
    With fewer than about fifty samples in a segment the noise cannot be learned.
    """
    ID: ClassVar[str] = "events.pop_ins"

    false_alarms: float = 0.05
    from_load: float = 0.001
    slowest: int = 8
    smallest: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        pillar_height: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `pop_ins` for the arguments."""
        return self._run(
            data,
            constants={
                "pillar_height": pillar_height,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def pop_ins(
    data: Data,
    *,
    false_alarms: float = 0.05,
    from_load: float = 0.001,
    slowest: int = 8,
    smallest: Quantity | None = None,
    pillar_height: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Pop-ins and load drops (`events.pop_ins`).

    Jumps of the depth and drops of the load, of several samples and several per test, against trend
    and noise with a known rate of false alarms. See `PopIns` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    false_alarms : float, default 0.05
        Probability of at least one false alarm in a segment of a test.
    from_load : float, default 0.001
        Share of the peak load below which jumps are not looked for: for approaches that the file
        does not mark.
    slowest : int, default 8
        Samples of the slowest jump.
    smallest : Quantity | None, default None
        Smallest jump of the depth that is listed, for instance "2 nm"; what stands out from the
        noise if absent.
    pillar_height : Quantity, in m
        height of the pillar. Found: an electron micrograph of the pillar before the test.
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

        - `pop_in_count` (N): pop-ins in all tests
        - `tests_with_pop_in` (n): tests with at least one
        - `first_pop_in_load` (P₁, N): load of the first pop-in of a test, mean over tests
        - `largest_jump` (Δh, m): largest jump of the depth
        - `expected_false_count` (N₀): false alarms that noise alone gives, over all segments

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    """
    return PopIns(
        false_alarms=false_alarms,
        from_load=from_load,
        slowest=slowest,
        smallest=smallest,
    ).run(
        data,
        pillar_height=pillar_height,
        channels=channels,
        after=after,
        seed=seed,
    )
