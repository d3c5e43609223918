# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Structural relaxation from scans (`calorimetry.tnm_fit`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TnmFit(Method):
    r"""Structural relaxation from scans (`calorimetry.tnm_fit`).

    Activation enthalpy, nonlinearity and stretching exponent of Tool, Narayanaswamy and Moynihan, or of Adam and Gibbs, from three or more heating scans after different coolings or annealings.

    Parameters
    ----------
    annealed_from_cold : bool, default False
        Whether the sample was cold between cooling and annealing.
    annealing_temperatures : Sequence[Quantity], default ()
        Annealing temperature before every scan; absent without annealing.
    annealing_times : Sequence[Quantity], default ()
        Annealing time before every scan, zero for none.
    bin : float, default 1.5
        Width of the bins of a scan, K.
    cooling_rates : Sequence[Quantity], default ()
        Rate of the cooling before every heating scan, in their order, for instance ["5 K/min", "20
        K/min", "80 K/min"]; absent where the record holds the cooling.
    fit_from : float | None, default None
        Where the fitted range begins, K.
    fit_to : float | None, default None
        Where it ends, K.
    liquid_temperature : Quantity | None, default None
        Temperature of the liquid from which the sample was cooled; absent: the end of the scan.
    model : str, default "narayanaswamy"
        How the relaxation time goes with temperature and fictive temperature.
        - `"narayanaswamy"`: Tool, Narayanaswamy and Moynihan: `x Δh*/(R T) + (1 - x) Δh*/(R Tf)`.
        - `"adam_gibbs"`: Adam and Gibbs, by Scherer: `Q/(T (1 - T2/Tf))`; Δh* and x are those at
        Tg.

    Notes
    -----
    # Structural relaxation from scans

    ## Idea
    The shape of a heat capacity at the glass transition holds how structure relaxes: how its time depends on temperature and on structure itself, and how stretched it is. One scan does not tell these apart.
    Three or more after different coolings, or annealings, do: one set of parameters has to describe them all.

    ## Equations
    Tool, Narayanaswamy and Moynihan: the structure is one number, the fictive temperature $T_f$,
    $$\ln\tau = \ln A + \frac{x\,\Delta h^*}{RT}+\frac{(1-x)\,\Delta h^*}{RT_f},\qquad T_f(T)=T_1+\int_{T_1}^{T}\left\{1-\exp\left[-\left(\int_{T'}\frac{dt}{\tau}\right)^{\beta}\right]\right\}dT'$$
    and the heat capacity is a baseline, straight for every scan, and a step $\Delta c_p(T_f)$, straight in $T_f$, times $dT_f/dT$. Baseline and step are linear in the model and found at every trial, so
    that no lines have to be drawn and no empty pan is needed.

    $\ln A$ and $\Delta h^*$ are correlated to -0.9999. The parameters of the fit are therefore $T_g$, where the time in equilibrium is 100 s, $\Delta h^*$, $x$ and $\beta$; $\ln A = \ln 100-\Delta h^*/(RT_g)$
    is given for programs and has no interval. $m=\Delta h^*/(RT_g\ln 10)$ follows with the covariance of both.

    **Adam and Gibbs.** With `model = "adam_gibbs"` the time goes with the entropy of the liquid at $T_f$, as Scherer has it:
    $$\ln\tau = \ln A' + \frac{Q}{T\,(1-T_2/T_f)},\qquad T_2=(1-x)\,T_g,\qquad Q=x^2\,\Delta h^*/R$$
    The parameters stay those above: $\Delta h^*$ and $x$ are the slope in equilibrium and the share of the temperature at $T_g$, so that fits by both laws compare number by number. $T_2$ is given beside them. Over the range of one transition
    both laws fit nearly alike (`tnm_misfit`); they part where coolings span many decades. One that was simulated with Adam and Gibbs and fitted with the other had $x$ off by 2.5 %.

    **Histories.** Where a record begins in the liquid and holds cooling and heating, the history is taken from it. Otherwise `cooling_rates` states one rate for every heating scan in order, and
    `annealing_temperatures` with `annealing_times` a hold on the way; `annealed_from_cold` for samples that were cold before their annealing.

    The model gives means of $dT_f/dT$ over bins, from fictive temperatures at their edges: bins of 1.5 K do not blunt the overshoot.

    ## Uncertainty
    Noise is white and of a spectrum 1/f in the shares that the residuals of every scan tell; the fit is repeated with that covariance. Intervals are 1.96 standard errors from the curvature of the sum of
    squares; measured coverage 95.7 to 97.3 % (`docs/coverage.md`). They hold noise and the linear baseline, not the errors of the model. With 1/f noise as large as
    the white noise they covered only 85 to 91 %: where its share in the residuals exceeds a half there is no interval.

    **Degenerate.** With fewer than three histories that differ by a tenth in cooling rate or time, or with two parameters correlated above 0.99, the numbers have no interval and the flag `degenerate`. Cooling
    rates should span a decade. The table `correlation` is always given.

    **Poor fit.** Where more than 5 % of the step is left, one set of parameters does not describe the scans, and no interval is shown. That is common: $x$ and $\beta$ from well-annealed scans differ from those
    of cooled ones, which is a limit of the model.

    ## Failure modes
    - **Lag** of sensor and sample broadens the overshoot and looks like a smaller $\beta$: state `sensor_lag`, use small samples.
    - **A beta relaxation** below the transition is no part of one stretched exponential: begin the fit above it (`fit_from`).
    - **Crystallisation** ends the fitted range by itself where it is larger than the step; a small one does not: state `fit_to`.

    ## References
    A. Q. Tool, *J. Am. Ceram. Soc.* **29**, 240 (1946). O. S. Narayanaswamy, *J. Am. Ceram. Soc.* **54**, 491 (1971). C. T. Moynihan et al., *J. Am. Ceram. Soc.* **59**, 12 (1976). G. W.
    Scherer, *J. Am. Ceram. Soc.* **67**, 504 (1984).
    """
    ID: ClassVar[str] = "calorimetry.tnm_fit"

    annealed_from_cold: bool = False
    annealing_temperatures: Sequence[Quantity] = ()
    annealing_times: Sequence[Quantity] = ()
    bin: float = 1.5
    cooling_rates: Sequence[Quantity] = ()
    fit_from: float | None = None
    fit_to: float | None = None
    liquid_temperature: Quantity | None = None
    model: Literal["narayanaswamy", "adam_gibbs"] = "narayanaswamy"

    def run(
        self,
        data: Data,
        *,
        heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
        sample_mass: Quantity | None = None,
        heating_rate: Quantity | None = None,
        sensor_lag: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `tnm_fit` for the arguments."""
        return self._run(
            data,
            constants={
                "heat_flow_sign": heat_flow_sign,
                "sample_mass": sample_mass,
                "heating_rate": heating_rate,
                "sensor_lag": sensor_lag,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def tnm_fit(
    data: Data,
    *,
    annealed_from_cold: bool = False,
    annealing_temperatures: Sequence[Quantity] = (),
    annealing_times: Sequence[Quantity] = (),
    bin: float = 1.5,
    cooling_rates: Sequence[Quantity] = (),
    fit_from: float | None = None,
    fit_to: float | None = None,
    liquid_temperature: Quantity | None = None,
    model: Literal["narayanaswamy", "adam_gibbs"] = "narayanaswamy",
    heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
    sample_mass: Quantity | None = None,
    heating_rate: Quantity | None = None,
    sensor_lag: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Structural relaxation from scans (`calorimetry.tnm_fit`).

    Activation enthalpy, nonlinearity and stretching exponent of Tool, Narayanaswamy and Moynihan,
    or of Adam and Gibbs, from three or more heating scans after different coolings or annealings.
    See `TnmFit` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    annealed_from_cold : bool, default False
        Whether the sample was cold between cooling and annealing.
    annealing_temperatures : Sequence[Quantity], default ()
        Annealing temperature before every scan; absent without annealing.
    annealing_times : Sequence[Quantity], default ()
        Annealing time before every scan, zero for none.
    bin : float, default 1.5
        Width of the bins of a scan, K.
    cooling_rates : Sequence[Quantity], default ()
        Rate of the cooling before every heating scan, in their order, for instance ["5 K/min", "20
        K/min", "80 K/min"]; absent where the record holds the cooling.
    fit_from : float | None, default None
        Where the fitted range begins, K.
    fit_to : float | None, default None
        Where it ends, K.
    liquid_temperature : Quantity | None, default None
        Temperature of the liquid from which the sample was cooled; absent: the end of the scan.
    model : str, default "narayanaswamy"
        How the relaxation time goes with temperature and fictive temperature.
        - `"narayanaswamy"`: Tool, Narayanaswamy and Moynihan: `x Δh*/(R T) + (1 - x) Δh*/(R Tf)`.
        - `"adam_gibbs"`: Adam and Gibbs, by Scherer: `Q/(T (1 - T2/Tf))`; Δh* and x are those at
        Tg.
    heat_flow_sign : str
        which way the heat flow counts; the enthalpy has its sign from it. Found: the arrow on the
        plot of the instrument's program; crystallisation is exothermic.
        - `"exo_up"`: exothermic signals are positive in the file
        - `"endo_up"`: endothermic signals are positive in the file
    sample_mass : Quantity, in kg
        mass of the sample, for heat flows that are not per mass. Found: the balance, before the
        sample went into the pan.
    heating_rate : Quantity, in K/s
        heating rate as it was set; checked against the column of time, used where there is none.
        Found: the program of the measurement.
    sensor_lag : Quantity, in s
        time constant of the sensor; the heat flow is corrected for it. Found: the flank of the
        melting peak of indium, or the step at the start of a ramp.
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

        - `glass_transition_tau100s` (Tg, K): temperature at which the relaxation time in
        equilibrium is 100 s
        - `tnm_enthalpy` (Δh*, J/mol): activation enthalpy
        - `tnm_nonlinearity` (x): share of the temperature in the relaxation time; the fictive
        temperature has the rest
        - `tnm_exponent` (β): stretching exponent
        - `tnm_prefactor_ln` (ln A): ln of the prefactor in s, for programs: it goes with Δh*
        - `fragility_index` (m): Δh*/(R Tg ln 10)
        - `tnm_misfit` (): root mean square of what is left, over the step of the heat capacity
        - `kauzmann_temperature` (T2, K): of Adam and Gibbs: (1 - x) Tg
        - `histories` (): thermal histories that differ

    References
    ----------
    - A. Q. Tool, J. Am. Ceram. Soc. 29, 240 (1946), doi:10.1111/j.1151-2916.1946.tb11592.x
    - O. S. Narayanaswamy, J. Am. Ceram. Soc. 54, 491 (1971), doi:10.1111/j.1151-2916.1971.tb12186.x
    - C. T. Moynihan, A. J. Easteal, M. A. DeBolt, J. Tucker, J. Am. Ceram. Soc. 59, 12 (1976),
    doi:10.1111/j.1151-2916.1976.tb09376.x
    - G. W. Scherer, J. Am. Ceram. Soc. 67, 504 (1984)
    """
    return TnmFit(
        annealed_from_cold=annealed_from_cold,
        annealing_temperatures=annealing_temperatures,
        annealing_times=annealing_times,
        bin=bin,
        cooling_rates=cooling_rates,
        fit_from=fit_from,
        fit_to=fit_to,
        liquid_temperature=liquid_temperature,
        model=model,
    ).run(
        data,
        heat_flow_sign=heat_flow_sign,
        sample_mass=sample_mass,
        heating_rate=heating_rate,
        sensor_lag=sensor_lag,
        channels=channels,
        after=after,
        seed=seed,
    )
