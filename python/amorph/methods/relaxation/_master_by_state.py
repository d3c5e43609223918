# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Master curves of the states (`relaxation.master_by_state`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class MasterByState(Method):
    r"""Master curves of the states (`relaxation.master_by_state`).

    Master curves of several states of a glass at one temperature: shift factors side by side, loss peaks on one another, and by how much one is slower, wider and higher.

    Parameters
    ----------
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.
    temperature : float | None, default None
        Temperature of the comparison, K; the reference temperature of the first master curve of
        that state when absent.

    Notes
    -----
    # Master curves of the states

    ## Idea
    A glass as cast and the same glass aged, rolled or rejuvenated each have a master curve. On one another they show whether a treatment only slows the glass (the curve moves), changes how its times are spread (the peak widens), or how much relaxes (the peak grows).

    ## How it is done
    The spectra and shift factors are those of `relaxation.master_curve`. A curve with another reference temperature than that of the comparison is moved by its own shift factors, interpolated along $1/T$; never beyond them. The loss modulus follows from the spectrum,
    $$M''(\omega) = \int H(\ln\tau)\,\frac{\omega\tau}{1+\omega^2\tau^2}\,d\ln\tau,$$
    and its maximum, width at half height and height are compared. Several files of a state are averaged.

    No interval is given: neighbouring points of a spectrum err alike, and how specimens of one state differ is not in one curve. `compare.states` tests energies, fragilities and shapes with specimens as replicates.

    ## Failure modes
    - **A curve without a maximum** inside its times (the sweeps did not reach the peak) has its shifts in the table and no peak.
    - **A state whose superposition was rejected** has no master curve that means much: see the notes of `relaxation.master_curve`.
    - **Different vertical shifts** in the states move the heights.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 2.1.1.
    """
    ID: ClassVar[str] = "relaxation.master_by_state"

    reference: str | None = None
    temperature: float | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `master_by_state` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def master_by_state(
    results: StudyResults,
    *,
    reference: str | None = None,
    temperature: float | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Master curves of the states (`relaxation.master_by_state`).

    Master curves of several states of a glass at one temperature: shift factors side by side, loss
    peaks on one another, and by how much one is slower, wider and higher. See `MasterByState` for
    the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.
    temperature : float | None, default None
        Temperature of the comparison, K; the reference temperature of the first master curve of
        that state when absent.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    alloys : Alloys | None
        Alloy of every state, to find the published values that belong to it: state -> alloy.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `slowing_log10@state-reference` (Δlog10 τ): decades by which the loss peak of a state lies
        at longer times
        - `peak_width_change@state-reference` (ΔW): difference of the widths of the loss peaks at
        half their height, decades of frequency
        - `peak_height_ratio@state-reference` (M''/M''_ref): ratio of the heights of the loss peaks

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.1.1
    """
    return MasterByState(
        reference=reference,
        temperature=temperature,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
