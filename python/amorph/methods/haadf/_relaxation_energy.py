# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Activation energy of relaxation times (`haadf.relaxation_energy`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class RelaxationEnergy(Method):
    r"""Activation energy of relaxation times (`haadf.relaxation_energy`).

    Lines of Arrhenius through the relaxation times of fluctuating images at several temperatures, for the object or its core and skin, with the error that the temperatures allow; the law of Vogel, Fulcher and Tammann from five temperatures on. Whether the distance over which places relax alike changes with temperature.

    Notes
    -----
    # Activation energy of relaxation times

    Relaxation times of fluctuating images (`haadf.relaxation_map`) at several temperatures tell how high the barriers are. Each series is a measurement of one state with its own `temperature`, and
    both methods in its list; this one works on all of them together, apart for core and skin where they were pooled apart.

    ## How it is done

    A line through $\ln\tau$ over $1/T$, each time weighted by the inverse square of the error of its logarithm:

    $$ \ln\tau = \ln\tau_m + \frac{E}{k}\Big(\frac1T-\frac1{T_m}\Big). $$

    With `glass_transition_temperature` stated, $E/(RT_g)$ as well. Before the fit is believed a note says what error the temperatures and the errors of the times allow at best,

    $$ \mathrm{s.e.}(E) = \frac{k\,s}{\sqrt{\sum(1/T-\overline{1/T})^2}} , $$

    $s$ the root mean square of the errors of $\ln\tau$. Over 16 K near 500 K and with errors of 5 % that is 0.09 eV for five temperatures.

    From five temperatures on the law of Vogel, Fulcher and Tammann, $\ln\tau = a + B/(T-T_0)$, is fitted by least squares, and $T_0$ given with a standard error where it comes to lie between zero and the lowest
    temperature. Over a short range that error is large.

    Where neighbouring places relax alike (`tau0_correlation_length` of the maps), a line through the logarithm of that length over the temperature, all series with the same weight, gives `domain_growth` from three temperatures on, and `p_domain_growth` by Student's t where nothing changes. It is negative where slow regions grow on
    cooling.

    ## Uncertainty

    The standard error of $E$ is from the scatter of the times about the line, not from their own errors alone: temperatures err too. The interval is Student's with two degrees of freedom less than
    temperatures; with two temperatures there is none. Errors common to all series (a wrong calibration of the heating stage, a dose rate that drives the motion) are not in it. A time that is a bound, or has no error,
    is left out, and said so; where slow series are left out the line rests on the fast ones.

    `domain_growth` has a standard error from the scatter and no interval: where the length changes by 3 % per kelvin that covers 91 %.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | all times are bounds, or no temperature stated | refused, with what was left out |
    | times scatter more than twice their errors | warning |
    | heating by the beam | all temperatures too low alike: $E$ is wrong by twice the relative error of T |

    ## References

    P. Zhang et al., Nat. Commun. 9, 1129 (2018). Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.1.
    """
    ID: ClassVar[str] = "haadf.relaxation_energy"

    def run(
        self,
        results: Results,
        *,
        glass_transition_temperature: Quantity | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `relaxation_energy` for the arguments."""
        return self._run(
            results,
            constants={
                "glass_transition_temperature": glass_transition_temperature,
            },
            seed=seed,
        )


def relaxation_energy(
    results: Results,
    *,
    glass_transition_temperature: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Activation energy of relaxation times (`haadf.relaxation_energy`).

    Lines of Arrhenius through the relaxation times of fluctuating images at several temperatures,
    for the object or its core and skin, with the error that the temperatures allow; the law of
    Vogel, Fulcher and Tammann from five temperatures on. Whether the distance over which places
    relax alike changes with temperature. See `RelaxationEnergy` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    glass_transition_temperature : Quantity, in K
        glass transition temperature, for energies over R Tg. Found: calorimetry, with its heating
        rate; or the temperature of a relaxation time of 100 s.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `relaxation_energy` (E, J): activation energy of the object
        - `relaxation_energy_core` (E_core, J): activation energy of the core
        - `relaxation_energy_skin` (E_skin, J): activation energy of the skin
        - `reduced_energy` (E/RTg): the same over the gas constant times the glass transition
        temperature
        - `reduced_energy_core` (E_core/RTg): the same of the core
        - `reduced_energy_skin` (E_skin/RTg): the same of the skin
        - `vogel_temperature` (T_0, K): temperature of the law of Vogel, Fulcher and Tammann, object
        - `vogel_temperature_core` (T_0,core, K): the same of the core
        - `vogel_temperature_skin` (T_0,skin, K): the same of the skin
        - `domain_growth` (d ln ξ_τ/dT, 1/K): relative change per kelvin of the distance over which
        places relax alike; negative where it grows on cooling
        - `p_domain_growth` (p): p value of it where nothing changes

    References
    ----------
    - P. Zhang, J. J. Maldonis, Z. Liu, J. Schroers, P. M. Voyles, Nat. Commun. 9, 1129 (2018),
    doi:10.1038/s41467-018-03604-2
    - Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.1
    """
    return RelaxationEnergy().run(
        results,
        glass_transition_temperature=glass_transition_temperature,
        seed=seed,
    )
