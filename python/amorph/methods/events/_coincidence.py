# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Spikes with pop-ins (`events.coincidence`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Coincidence(Method):
    r"""Spikes with pop-ins (`events.coincidence`).

    Which spikes are pop-ins, against chance by shifts of time, and whether their sizes go together.

    Parameters
    ----------
    shifts : int, default 1999
        Random shifts of time, and permutations, from which the probabilities come.
    within : int, default 2
        Samples between a spike and a pop-in that still are one event.

    Notes
    -----
    # Spikes with pop-ins

    A pop-in of the depth often comes with a spike of the resistivity (Yang et al. call such spikes primary, the others secondary). How often, more
    often than by chance, and do their sizes go together?

    ## How

    A pop-in of `events.pop_ins` and a spike of `events.spikes` are one where they are within `within` samples of each other; a pop-in takes the
    nearest. Steps are left out: a jump of the depth changes the shape of the pillar, and so the level of its resistance, whatever the structure does.
    Only time that was searched for spikes counts.

    By chance, two lists of events at given rates overlap too. All spikes of a test are therefore moved by one random time, those that leave the
    test coming in at its other end, and the pop-ins with a spike are counted again: `expected_by_chance` is their mean, `coincidence_p` the share of shifts
    with at least as many as were found, $(1+k)/(1+n)$. A shift keeps rates and waits of both lists.

    The sizes of pairs are compared by Spearman's rank correlation, its probability from permutations of the pairs. `change_per_strain` is the slope of a line
    through change of resistivity and strain $\Delta h/H_0$ with errors of both (York 1966); `pillar_height` is needed for it in `events.pop_ins`.

    ## What it does not say

    A jump of the depth changes the shape of the pillar, and with it the resistance: about $(1 + 2\nu)\,\Delta h/H_0$, or less where contacts dominate the circuit; it stays,
    and is a step. A spike on a step is measured between the levels before and after it, with half of their difference as its error. The share has Wilson's interval over pop-ins; pop-ins of one test share its history.
    """
    ID: ClassVar[str] = "events.coincidence"

    shifts: int = 1999
    within: int = 2

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `coincidence` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def coincidence(
    data: Data,
    *,
    shifts: int = 1999,
    within: int = 2,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Spikes with pop-ins (`events.coincidence`).

    Which spikes are pop-ins, against chance by shifts of time, and whether their sizes go together.
    See `Coincidence` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    shifts : int, default 1999
        Random shifts of time, and permutations, from which the probabilities come.
    within : int, default 2
        Samples between a spike and a pop-in that still are one event.
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

        - `coincident_count` (N_c): pop-ins with a spike
        - `coincident_share` (f_c): share of the pop-ins that have a spike
        - `expected_by_chance` (N₀): pop-ins that spikes at shifted times have
        - `coincidence_p` (p): probability that spikes at shifted times have at least as many
        - `rank_correlation` (r_s): Spearman's correlation of the sizes of spike and pop-in
        - `rank_correlation_p` (p_s): two-sided probability of such a correlation where sizes are
        independent
        - `change_per_strain` (k): relative change of the resistivity per strain of the pop-in

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    - D. York, Can. J. Phys. 44, 1079 (1966), doi:10.1139/p66-090
    """
    return Coincidence(
        shifts=shifts,
        within=within,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
