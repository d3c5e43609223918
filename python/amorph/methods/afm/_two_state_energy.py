# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Activation energy from two states (`dafm.two_state_energy`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Quantity, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TwoStateEnergy(Method):
    r"""Activation energy from two states (`dafm.two_state_energy`).

    Combines the correlation lengths of two states into an activation energy that needs no assumed interaction length.

    Parameters
    ----------
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω; with `measurement_frequency` it gives a barrier of its own, kT
        ln(2ω/f).
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ of the one-state estimates that are listed beside; the default is the
        value that Lu et al. 2016 assume.
    isotropic : str | None, default None
        State whose events are not localised (of the upper dimension), for instance as deposited.
    localised : Sequence[str], default ()
        States whose events are localised (of the lower dimension), for instance those after plastic
        flow; each is combined with the other state.
    lower_dimension : float, default 2.0
        Dimension of localised events.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment: gives the dimension of each state and the ratios of
        predicted to measured lengths.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.
    shear_transformation_barrier : Quantity | None, default None
        Barrier W of a shear transformation zone, for the ratio ε/W.
    temperature : Quantity | None, default None
        Temperature of the experiment; has no default.
    upper_dimension : float, default 3.0
        Dimension of events that are not localised.

    Notes
    -----
    # Activation energy from two states

    ## Idea
    `dafm.activation_energy` reads the correlation length of a map as the size of a thermally bounded plastic event, but it needs the range $\lambda$ of the
    interaction between particles, which nobody has measured. Two states of one material whose events differ in dimension, such as a film as deposited ($d=3$)
    and after plastic flow that localises events into planes ($d=2$), share $\varepsilon$ and $\lambda$. Two lengths, two unknowns: $\lambda$ drops out.

    ## Equations
    From $l = \lambda\,(\varepsilon/k_BT)^{1/(d(1-a))}$ in both states
    $$\varepsilon = k_BT\left(\frac{l_2}{l_3}\right)^{\frac{d_2d_3(1-a)}{d_3-d_2}} = k_BT\left(\frac{l_2}{l_3}\right)^{3.6},\qquad
    \ln\lambda = \frac{d_3\ln l_3 - d_2\ln l_2}{d_3-d_2}$$
    (the number for $d$ = 2, 3 and $a$ = 0.4). With an energy known otherwise and an assumed $\lambda$, the dimension of each state is
    $d = \ln(\varepsilon/k_BT)/[(1-a)\ln(l/\lambda)]$, and the ratio of predicted to measured length says how well the model does.

    The table `energy_routes` lists every route to the same energy that the inputs allow, each with its attempt frequency $\omega$:
    $\Delta G = k_BT\ln(2\omega/f)$, and between frequencies $\Delta G_2 = \Delta G_1 - k_BT\ln(f_2/f_1)$. A factor of ten in $\omega$ or $f$ is 0.059 eV at 298 K.
    Where a route assumes no $\omega$, the one that its energy implies at the frequency of the tip is shown. `shear_transformation_barrier` gives the ratio
    $\varepsilon/W$ to the barrier of a shear transformation zone.

    In a study it stands under `[compare] methods = ["dafm.two_state_energy"]`, because it needs two states; which is which, and the temperature, have no default.

    ## Uncertainty
    Sites are the replicates. $\ln\varepsilon$ and $\ln\lambda$ are sums of the mean $\ln\xi$ of the two states, so that their intervals are Welch's for two groups
    of unequal scatter, carried through the exponential; to first order $s_\varepsilon/\varepsilon = 3.6\sqrt{(s_2/l_2)^2+(s_3/l_3)^2}$. A state of fewer than
    three sites contributes the interval of its images, with a warning. The error of $T$ is systematic and kept apart.

    Lu et al. 2016: 4.10 ± 0.05 nm ($d=3$) with 9.27 ± 0.16 nm ($d=2$) give 0.484 eV ± 7.6 % and $\lambda$ = 0.802 nm, with 9.70 ± 0.20 nm 0.570 eV ± 8.6 % and
    0.733 nm: near the 0.5 eV of cyclic indentation, without an assumed $\lambda$.

    ## Assumptions and failure modes
    - The same $\varepsilon$ and $\lambda$ in both states. Deformation that changes the barrier itself breaks this; nothing in two lengths can tell.
    - The dimensions are put in, not found. Exchanged states give $\varepsilon < k_BT$: warned.
    - The power 3.6 magnifies every bias of a length, such as the tip radius in the smaller one: a length of the isotropic state that is 10 % too large is an
      energy 29 % too small.
    - The frequency of tapping in Lu et al. is not stated (about 100 kHz is assumed there); $f$ and $\omega$ are inputs without default.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), equation 1 and Table 1. Hentschel, Karmakar, Lerner, Procaccia, *Phys. Rev. Lett.* **104**, 025501 (2010).
    B. L. Welch, *Biometrika* **34**, 28 (1947).
    """
    ID: ClassVar[str] = "dafm.two_state_energy"

    attempt_frequency: Quantity | None = None
    exponent: float = 0.4
    interaction_length: Quantity = "1 nm"
    isotropic: str | None = None
    localised: Sequence[str] = ()
    lower_dimension: float = 2.0
    measurement_frequency: Quantity | None = None
    reference_energy: Quantity | None = None
    reference_frequency: Quantity | None = None
    shear_transformation_barrier: Quantity | None = None
    temperature: Quantity | None = None
    upper_dimension: float = 3.0

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `two_state_energy` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def two_state_energy(
    results: StudyResults,
    *,
    attempt_frequency: Quantity | None = None,
    exponent: float = 0.4,
    interaction_length: Quantity = "1 nm",
    isotropic: str | None = None,
    localised: Sequence[str] = (),
    lower_dimension: float = 2.0,
    measurement_frequency: Quantity | None = None,
    reference_energy: Quantity | None = None,
    reference_frequency: Quantity | None = None,
    shear_transformation_barrier: Quantity | None = None,
    temperature: Quantity | None = None,
    upper_dimension: float = 3.0,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Activation energy from two states (`dafm.two_state_energy`).

    Combines the correlation lengths of two states into an activation energy that needs no assumed
    interaction length. See `TwoStateEnergy` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω; with `measurement_frequency` it gives a barrier of its own, kT
        ln(2ω/f).
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ of the one-state estimates that are listed beside; the default is the
        value that Lu et al. 2016 assume.
    isotropic : str | None, default None
        State whose events are not localised (of the upper dimension), for instance as deposited.
    localised : Sequence[str], default ()
        States whose events are localised (of the lower dimension), for instance those after plastic
        flow; each is combined with the other state.
    lower_dimension : float, default 2.0
        Dimension of localised events.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment: gives the dimension of each state and the ratios of
        predicted to measured lengths.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.
    shear_transformation_barrier : Quantity | None, default None
        Barrier W of a shear transformation zone, for the ratio ε/W.
    temperature : Quantity | None, default None
        Temperature of the experiment; has no default.
    upper_dimension : float, default 3.0
        Dimension of events that are not localised.
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

        - `two_state_energy` (ε, J): activation energy at which both states have the same energy and
        interaction length
        - `two_state_interaction_length` (λ, m): the interaction length that goes with it
        - `barrier_ratio` (ε/W): that energy over the given barrier of a shear transformation zone
        - `dimension_localised` (d₂): dimension of the localised events from the known energy and
        interaction length
        - `dimension_isotropic` (d₃): dimension of the other events from the known energy and
        interaction length
        - `length_ratio_localised` (l_model/l₂): length that the known energy predicts over the
        measured one
        - `length_ratio_isotropic` (l_model/l₃): length that the known energy predicts over the
        measured one

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    """
    return TwoStateEnergy(
        attempt_frequency=attempt_frequency,
        exponent=exponent,
        interaction_length=interaction_length,
        isotropic=isotropic,
        localised=localised,
        lower_dimension=lower_dimension,
        measurement_frequency=measurement_frequency,
        reference_energy=reference_energy,
        reference_frequency=reference_frequency,
        shear_transformation_barrier=shear_transformation_barrier,
        temperature=temperature,
        upper_dimension=upper_dimension,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
