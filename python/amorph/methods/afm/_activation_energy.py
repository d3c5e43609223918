# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Activation energy from the correlation length (`dafm.activation_energy`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ActivationEnergy(Method):
    r"""Activation energy from the correlation length (`dafm.activation_energy`).

    Reads the correlation length of a state as the size of a thermally bounded plastic event and gives its energy.

    Parameters
    ----------
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω of the event; with `measurement_frequency` it gives a barrier of its
        own, kT ln(2ω/f).
    dimensions : Sequence[int], default (2, 3)
        Dimensions of the event to report: 2 (localised into planes), 3, or both.
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ; the default is the value that Lu et al. 2016 assume.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment, for comparison and for the dimension.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.

    Notes
    -----
    # Activation energy from the correlation length

    ## Idea
    A plastic event of $N$ particles in a glass costs less energy per particle the larger it is: $\Delta U = \varepsilon N^{a-1}$ with $a \approx 0.4$ in
    simulations. It can spread until thermal agitation erases it, $\Delta U = k_B T$. The size at which this happens is read from the map of dissipated energy as its
    correlation length $\xi$; so $\xi$ measures $\varepsilon$.

    ## Equations
    $$N^* = \left(\frac{\varepsilon}{k_BT}\right)^{\frac{1}{1-a}},\qquad l = \lambda\left(\frac{\varepsilon}{k_BT}\right)^{\frac{1}{d(1-a)}},\qquad
    \varepsilon = k_BT\left(\frac{l}{\lambda}\right)^{d(1-a)}$$

    $d$ is 2 for events localised into planes and 3 otherwise; both are reported. $\lambda$ = 1 nm and $a$ = 0.4 are the values of Lu et al. 2016.

    Two states of one material need no $\lambda$: see `dafm.two_state_energy`. With an energy known otherwise, $d = \ln(\varepsilon/k_BT)\,/\,[(1-a)\ln(l/\lambda)]$.

    A barrier depends on how long one waits: $\Delta G = k_BT\ln(2\omega/f)$ with attempt frequency $\omega$, and between frequencies
    $\Delta G_2 = \Delta G_1 - k_BT\ln(f_2/f_1)$: 0.62 eV at 1 kHz is 0.50 eV at 100 kHz and 298 K. Energies of different techniques are only comparable after this conversion.

    ## Uncertainty
    Three sites or more: the mean of $\ln\xi$ and its Student interval between sites. Fewer: the intervals of the images themselves, with a warning.
    $\varepsilon$ rises with $\xi$ throughout, so the ends of the interval of $\xi$ give those of $\varepsilon$ and its coverage is kept. To first order
    $s_\varepsilon/\varepsilon = d(1-a)\,s_\xi/\xi$. The errors of $\lambda$ (times $d(1-a)$) and of $T$ are systematic and kept apart.

    ## Assumptions and failure modes
    - The number rests on one power law and one assumed length: it is flagged `model_dependent`. A factor of 1.3 in $\lambda$ is a factor of 1.6 ($d=3$) in $\varepsilon$.
    - "Very good agreement" in Lu et al. is a ratio of 1.27 ($d=3$, 5.20 against 4.10 nm) and 1.22 ($d=2$, 11.87 against 9.70 nm) at 0.5 eV; the table
      `length_at_energy` gives the ratios for your state. With $\lambda$ = 0.8 nm both agree within 3 %.
    - A correlation length that is really the tip radius, or the noise, has an energy too. Look at the notes of `dafm.correlation_length` first.
    - Whether events are two- or three-dimensional is not decided by the map.
    - $\xi < \lambda$ would give $\varepsilon < k_BT$: warned.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), equation 1 and Table 1. Hentschel, Karmakar, Lerner, Procaccia, *Phys. Rev. Lett.* **104**, 025501 (2010).
    """
    ID: ClassVar[str] = "dafm.activation_energy"

    attempt_frequency: Quantity | None = None
    dimensions: Sequence[int] = (2, 3)
    exponent: float = 0.4
    interaction_length: Quantity = "1 nm"
    measurement_frequency: Quantity | None = None
    reference_energy: Quantity | None = None
    reference_frequency: Quantity | None = None

    def run(
        self,
        results: Results,
        *,
        temperature: Quantity | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `activation_energy` for the arguments."""
        return self._run(
            results,
            constants={
                "temperature": temperature,
            },
            seed=seed,
        )


def activation_energy(
    results: Results,
    *,
    attempt_frequency: Quantity | None = None,
    dimensions: Sequence[int] = (2, 3),
    exponent: float = 0.4,
    interaction_length: Quantity = "1 nm",
    measurement_frequency: Quantity | None = None,
    reference_energy: Quantity | None = None,
    reference_frequency: Quantity | None = None,
    temperature: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Activation energy from the correlation length (`dafm.activation_energy`).

    Reads the correlation length of a state as the size of a thermally bounded plastic event and
    gives its energy. See `ActivationEnergy` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω of the event; with `measurement_frequency` it gives a barrier of its
        own, kT ln(2ω/f).
    dimensions : Sequence[int], default (2, 3)
        Dimensions of the event to report: 2 (localised into planes), 3, or both.
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ; the default is the value that Lu et al. 2016 assume.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment, for comparison and for the dimension.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.
    temperature : Quantity, in K
        temperature of the experiment. Found: the laboratory's thermometer; Lu et al. 2016 use 298
        K.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `correlation_length` (ξ, m): geometric mean over the sites of the state
        - `activation_energy_2d` (ε₂, J): activation energy if the events are two-dimensional
        - `activation_energy_3d` (ε₃, J): activation energy if the events are three-dimensional
        - `event_particles_2d` (N₂*): particles of an event, two-dimensional
        - `event_particles_3d` (N₃*): particles of an event, three-dimensional
        - `event_dimension` (d): dimension at which the length agrees with the reference energy
        - `reference_energy_at_measurement_frequency` (ε_ref, J): reference energy at the frequency
        of the tip
        - `barrier_from_frequency` (ΔG, J): barrier that the frequency and the attempt frequency
        imply

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)
    """
    return ActivationEnergy(
        attempt_frequency=attempt_frequency,
        dimensions=dimensions,
        exponent=exponent,
        interaction_length=interaction_length,
        measurement_frequency=measurement_frequency,
        reference_energy=reference_energy,
        reference_frequency=reference_frequency,
    ).run(
        results,
        temperature=temperature,
        seed=seed,
    )
