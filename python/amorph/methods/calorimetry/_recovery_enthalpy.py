# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Recovery enthalpy (`calorimetry.recovery_enthalpy`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class RecoveryEnthalpy(Method):
    r"""Recovery enthalpy (`calorimetry.recovery_enthalpy`).

    Enthalpy that annealing took out of a glass, from its scan less that of the reference state, with drift and 1/f noise in its interval.

    Parameters
    ----------
    calibration_error : float, default 0.02
        Relative error of the mass, and of the heat calibration.
    integral_from : float | None, default None
        Lower limit of the integral, K; absent: `window` above the lowest temperature of both scans.
    integral_to : float | None, default None
        Upper limit, K; absent: `window` below the highest temperature, or below crystallisation.
    window : float, default 25.0
        Stretch outside of each limit that shows the baseline, K.

    Notes
    -----
    # Recovery enthalpy

    ## Idea
    Annealing below the glass transition takes enthalpy out of a glass. On heating it comes back as a larger overshoot. The area between the scan of the annealed sample and the scan of the same sample
    after a cooling from the liquid is that enthalpy. The overshoot of one scan alone is not: every glass has one.

    ## Equations
    $$\Delta H = \int_{T_1}^{T_2}\left[c_p^{aged}-c_p^{ref}-b(T)\right]dT$$
    above zero where annealing took enthalpy out. $b$ is the baseline that remains between two scans of an instrument: a straight line (drift) with noise of a spectrum 1/f on it. It is seen only outside
    of the limits, in a `window` on each side where both samples are the same: cold glass, and liquid. Between the limits it is predicted (kriging): expectation and covariance of the line's coefficients and of
    the noise given the windows. The share of 1/f noise is not known beforehand: thirteen ratios to the white noise are weighed by their restricted likelihood, and the interval is that of the mixture.

    The first heating of the item is the annealed sample, the last the reference: two files in one item, or one file with both heatings. Rates must agree within 2 %.

    ## Uncertainty
    The interval holds noise and baseline. Beside it stands the systematic error: the relative error of mass and calibration (`calibration_error`, 2 %) and the spread over limits
    that are moved by a quarter of the window (`limits_effect`). Where that is larger than the interval the windows are not free of signal: move the limits apart.
    Measured coverage: 94-95 % with 1/f noise, 99 % with white noise alone, where a share of 1/f noise cannot be excluded (`docs/coverage.md`).

    ## Failure modes
    - **A signal that the instrument cuts off** between the limits is refused: the enthalpy would be too small.
    - **A glass as quenched** relaxes from 150 K below the transition on: limits that begin above that cut the exotherm off.
    - **Crystallisation** within the upper window: without stated limits the scans end before it.
    - **Two masses**: a difference of mass leaves a step between the windows, which a line cannot follow; `reference_mass` states the second.
    - **Exchanged scans** give a negative enthalpy, and a warning.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019). C. T. Moynihan et al., *J. Am. Ceram. Soc.* **59**, 12 (1976).
    """
    ID: ClassVar[str] = "calorimetry.recovery_enthalpy"

    calibration_error: float = 0.02
    integral_from: float | None = None
    integral_to: float | None = None
    window: float = 25.0

    def run(
        self,
        data: Data,
        *,
        heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
        sample_mass: Quantity | None = None,
        reference_mass: Quantity | None = None,
        heating_rate: Quantity | None = None,
        sensor_lag: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `recovery_enthalpy` for the arguments."""
        return self._run(
            data,
            constants={
                "heat_flow_sign": heat_flow_sign,
                "sample_mass": sample_mass,
                "reference_mass": reference_mass,
                "heating_rate": heating_rate,
                "sensor_lag": sensor_lag,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def recovery_enthalpy(
    data: Data,
    *,
    calibration_error: float = 0.02,
    integral_from: float | None = None,
    integral_to: float | None = None,
    window: float = 25.0,
    heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
    sample_mass: Quantity | None = None,
    reference_mass: Quantity | None = None,
    heating_rate: Quantity | None = None,
    sensor_lag: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Recovery enthalpy (`calorimetry.recovery_enthalpy`).

    Enthalpy that annealing took out of a glass, from its scan less that of the reference state,
    with drift and 1/f noise in its interval. See `RecoveryEnthalpy` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    calibration_error : float, default 0.02
        Relative error of the mass, and of the heat calibration.
    integral_from : float | None, default None
        Lower limit of the integral, K; absent: `window` above the lowest temperature of both scans.
    integral_to : float | None, default None
        Upper limit, K; absent: `window` below the highest temperature, or below crystallisation.
    window : float, default 25.0
        Stretch outside of each limit that shows the baseline, K.
    heat_flow_sign : str
        which way the heat flow counts; the enthalpy has its sign from it. Found: the arrow on the
        plot of the instrument's program; crystallisation is exothermic.
        - `"exo_up"`: exothermic signals are positive in the file
        - `"endo_up"`: endothermic signals are positive in the file
    sample_mass : Quantity, in kg
        mass of the sample, for heat flows that are not per mass. Found: the balance, before the
        sample went into the pan.
    reference_mass : Quantity, in kg
        mass of the sample of the reference scan, where it is another sample. Found: the balance.
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

        - `recovery_enthalpy` (ΔH, J/kg): integral of the difference; above zero where annealing
        took enthalpy out
        - `limits_effect` (, J/kg): spread of the enthalpy over limits moved by a quarter of the
        window
        - `baseline_integral` (, J/kg): what the baseline took out of the integral

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    - C. T. Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976),
    doi:10.1111/j.1151-2916.1976.tb09376.x
    """
    return RecoveryEnthalpy(
        calibration_error=calibration_error,
        integral_from=integral_from,
        integral_to=integral_to,
        window=window,
    ).run(
        data,
        heat_flow_sign=heat_flow_sign,
        sample_mass=sample_mass,
        reference_mass=reference_mass,
        heating_rate=heating_rate,
        sensor_lag=sensor_lag,
        channels=channels,
        after=after,
        seed=seed,
    )
