# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Kinetics of enthalpy relaxation (`calorimetry.enthalpy_kinetics`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class EnthalpyKinetics(Method):
    r"""Kinetics of enthalpy relaxation (`calorimetry.enthalpy_kinetics`).

    Relaxation time, stretching exponent and activation energy of the enthalpy that annealing below the glass transition takes out of a glass.

    Parameters
    ----------
    equilibrium : str, default "fitted"
        Where the enthalpy of equilibrium comes from.
        - `"fitted"`: From the readings alone.
        - `"heat_capacity"`: `Δcp (Tf - Ta)` with its error, taken together with the readings.
    equilibrium_error : float | None, default None
        Relative standard error of the enthalpy of equilibrium that step and fictive temperature
        give; mandatory with `heat_capacity`.
    significance : float, default 0.05
        Probability below which temperatures have exponents of their own, or no common energy.

    Notes
    -----
    # Kinetics of enthalpy relaxation

    ## Idea
    A glass that is annealed below its glass transition loses enthalpy, and takes it up again when it is heated: the recovery enthalpy, measured against a reference scan (`calorimetry.recovery_enthalpy`).
    How it grows with annealing time at one temperature tells a relaxation time, how broad the times are, and how much there is to lose; several temperatures tell an activation energy.

    ## Equations
    At one annealing temperature $T_a$, for all readings together:
    $$\Delta H(t) = \Delta H_\infty\left[1-e^{-(t/\tau)^\beta}\right], \qquad \Delta H_\infty \le \int_{T_a}^{T_f}\Delta c_p\,dT \approx \Delta c_p\,(T_f-T_a)$$
    With several temperatures three laws are fitted, each narrower than the one before: exponents and times of their own; one exponent; one exponent and $\tau=\tau_0\,e^{E/RT_a}$. A narrower law is kept where
    what it leaves more could be chance (`significance`, chi-squared with stated errors, Fisher's $F$ without). The energy comes from the last one, from all readings at once, not from a line through three
    fitted times.

    ## What cannot be told
    Where the longest annealing is shorter than two relaxation times, $\Delta H_\infty$, $\tau$ and $\beta$ stand for each other: a larger equilibrium with a longer time gives the same curve. The note
    `equilibrium_not_identified` names the temperatures; the table gives the correlation, and a number whose profile stays open on a side has no interval (an open time takes that of the equilibrium with it). The remedies are a longer annealing, or the
    step of the heat capacity: state `specific_heat_step` and `fictive_temperature`, set `equilibrium = "heat_capacity"` and its relative error `equilibrium_error`, and the bound is taken for the equilibrium, within that
    error. Without that the bound is only compared: the note `above_bound` says where the fit asks for more than there can be.

    ## Uncertainty
    Errors are those of the column `recovery_enthalpy_error`, or else the scatter about the law. Intervals are profiles of the likelihood. Measured coverage in `docs/coverage.md`. Where stated errors are too
    small for the scatter (1 %) there is no interval. **Errors common to all readings** (mass, reference scan) are in none: they move $\Delta H_\infty$ in proportion and leave $\tau$ and $\beta$ alone.

    ## Bad input
    | case | what happens |
    |---|---|
    | fewer than five annealing times at a temperature | refused |
    | fewer than three temperatures | no energy, said |
    | no recovery enthalpy above zero | refused: scans swapped? |
    | exponents that differ between temperatures | each its own, no energy, said |
    | annealing temperature at or above the fictive one | refused where that is stated |
    | a row without a number | left out, counted |

    ## Failure modes
    - **Relaxation is not exponential in the structure**: $\tau$ grows while the glass relaxes. The stretched exponential takes this into $\beta$; a model that does not is `calorimetry.tnm_fit`.
    - **Two processes** (a slow beta process first) bend the curve at short times; look at the residuals.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 2.2.1. D. M. Bates, D. G. Watts, *Nonlinear Regression Analysis and Its Applications* (1988).
    """
    ID: ClassVar[str] = "calorimetry.enthalpy_kinetics"

    equilibrium: Literal["fitted", "heat_capacity"] = "fitted"
    equilibrium_error: float | None = None
    significance: float = 0.05

    def run(
        self,
        data: Data,
        *,
        annealing_temperature: Quantity | None = None,
        specific_heat_step: Quantity | None = None,
        fictive_temperature: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `enthalpy_kinetics` for the arguments."""
        return self._run(
            data,
            constants={
                "annealing_temperature": annealing_temperature,
                "specific_heat_step": specific_heat_step,
                "fictive_temperature": fictive_temperature,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def enthalpy_kinetics(
    data: Data,
    *,
    equilibrium: Literal["fitted", "heat_capacity"] = "fitted",
    equilibrium_error: float | None = None,
    significance: float = 0.05,
    annealing_temperature: Quantity | None = None,
    specific_heat_step: Quantity | None = None,
    fictive_temperature: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Kinetics of enthalpy relaxation (`calorimetry.enthalpy_kinetics`).

    Relaxation time, stretching exponent and activation energy of the enthalpy that annealing below
    the glass transition takes out of a glass. See `EnthalpyKinetics` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    equilibrium : str, default "fitted"
        Where the enthalpy of equilibrium comes from.
        - `"fitted"`: From the readings alone.
        - `"heat_capacity"`: `Δcp (Tf - Ta)` with its error, taken together with the readings.
    equilibrium_error : float | None, default None
        Relative standard error of the enthalpy of equilibrium that step and fictive temperature
        give; mandatory with `heat_capacity`.
    significance : float, default 0.05
        Probability below which temperatures have exponents of their own, or no common energy.
    annealing_temperature : Quantity, in K
        temperature of the annealing, where the table has no such column. Found: the thermocouple at
        the sample.
    specific_heat_step : Quantity, in J/(kg K)
        step of the heat capacity at the glass transition; with the fictive temperature it bounds
        the recovery enthalpy. Found: calorimetry.glass_transition.
    fictive_temperature : Quantity, in K
        fictive temperature before the annealing. Found: calorimetry.glass_transition, on a scan of
        the sample as it was.
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

        - `equilibrium_enthalpy` (ΔH∞, J/kg): recovery enthalpy after long annealing, at one
        annealing temperature
        - `enthalpy_kww_tau` (τ, s): relaxation time at one annealing temperature
        - `enthalpy_kww_beta` (β): stretching exponent, at one annealing temperature or common to
        all
        - `enthalpy_activation_energy` (E, J/mol): activation energy of the relaxation time, of
        three temperatures or more
        - `enthalpy_prefactor_log10` (log10 τ0): log10 of the relaxation time (s) at infinite
        temperature
        - `common_exponent_p` (p): probability by chance of exponents that differ as much between
        temperatures
        - `one_energy_p` (p): probability by chance of relaxation times as far from one activation
        energy

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.1
    - D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley (1988),
    doi:10.1002/9780470316757
    """
    return EnthalpyKinetics(
        equilibrium=equilibrium,
        equilibrium_error=equilibrium_error,
        significance=significance,
    ).run(
        data,
        annealing_temperature=annealing_temperature,
        specific_heat_step=specific_heat_step,
        fictive_temperature=fictive_temperature,
        channels=channels,
        after=after,
        seed=seed,
    )
