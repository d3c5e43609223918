# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Change of modulus by a treatment (`contact_resonance.treatment`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Treatment(Method):
    r"""Change of modulus by a treatment (`contact_resonance.treatment`).

    Relative drop of the indentation modulus from untreated to treated states, with sites as replicates.

    Parameters
    ----------
    paired : bool, default False
        Whether the maps of both states show the same sites in the same order, so that each site is
        its own control.
    treated : Sequence[str], default ()
        States after it.
    untreated : str | None, default None
        State before the treatment, or beside it.

    Notes
    -----
    # Change of modulus by a treatment

    ## Idea
    A treatment (ultrasonic actuation, annealing, irradiation) is judged by how much it changed the modulus relative to how much places of the untreated glass
    differ. The map is the unit of replication: a million pixels of one place say nothing about other places.

    ## Equations
    With the mean indentation modulus $M$ of every map from `contact_resonance.modulus`:
    $$\frac{\Delta M}{M} = 1-\exp\left(\langle\ln M\rangle_{treated}-\langle\ln M\rangle_{untreated}\right)$$
    `paired = true` takes the same sites before and after, in the order of the files: $\langle\ln M_{after}-\ln M_{before}\rangle$, which takes the differences between
    places out. Where single maps hold treated zones in untreated surroundings, the drops of `contact_resonance.zones` are averaged over the maps of each state; no
    untreated state is needed for that.

    In a study it stands under `[compare] methods = ["contact_resonance.treatment"]`; which state is untreated has no default.

    ## Uncertainty
    Two groups: Welch's interval for the difference of mean logarithms, carried through the exponential. Pairs and zones: Student's interval. Fewer than three
    maps of a state: no interval; one map: refused.

    ## Assumptions and failure modes
    - The same reference for all states: then its modulus and the shape of the contact cancel to first order. Wear of the tip between states does not cancel and looks
      like softening or stiffening: read the reference before and after every map.
    - Frequencies alone are not compared: without a reference `contact_resonance.modulus` gives no modulus, and this method refuses.
    - Sites chosen because they looked soft are not a sample.
    - That softening by CRUA goes with fast $\beta$ relaxation is an interpretation; nothing here computes it.

    ## References
    Qiao et al. (2019), review, section 5.4.2. B. L. Welch, *Biometrika* **34**, 28 (1947).
    """
    ID: ClassVar[str] = "contact_resonance.treatment"

    paired: bool = False
    treated: Sequence[str] = ()
    untreated: str | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `treatment` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def treatment(
    results: StudyResults,
    *,
    paired: bool = False,
    treated: Sequence[str] = (),
    untreated: str | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Change of modulus by a treatment (`contact_resonance.treatment`).

    Relative drop of the indentation modulus from untreated to treated states, with sites as
    replicates. See `Treatment` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    paired : bool, default False
        Whether the maps of both states show the same sites in the same order, so that each site is
        its own control.
    treated : Sequence[str], default ()
        States after it.
    untreated : str | None, default None
        State before the treatment, or beside it.
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

        - `treatment_modulus_drop` (ΔM/M): relative drop of the mean modulus from the untreated to
        the treated state
        - `zone_modulus_drop` (ΔM/M): mean over maps of the relative drop in the zones of a state

    References
    ----------
    - Qiao et al. (2019), review, section 5.4.2
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    """
    return Treatment(
        paired=paired,
        treated=treated,
        untreated=untreated,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
