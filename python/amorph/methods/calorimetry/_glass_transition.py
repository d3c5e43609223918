# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Glass transition (`calorimetry.glass_transition`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class GlassTransition(Method):
    r"""Glass transition (`calorimetry.glass_transition`).

    Onset, half step, inflection and fictive temperature of a heating scan, the step of the heat capacity, the overshoot, and whether there is a second step.

    Parameters
    ----------
    glass_from : float | None, default None
        Where the line of the glass begins, K; absent: sought.
    glass_to : float | None, default None
        Where it ends, K.
    least_line : float, default 12.0
        Shortest line, K.
    liquid_from : float | None, default None
        Where the line of the liquid begins, K; absent: sought.
    liquid_to : float | None, default None
        Where it ends, K.
    replicates : int, default 100
        Repetitions with noise, for the errors.
    scan : int | None, default None
        Number of the heating scan, from 1 over all files of the item; absent: the last.
    significance : float, default 0.01
        Probability of noise at or below which a second step is named; it needs as many repetitions.
    smoothing : float, default 3.0
        Half of the width over which the heat capacity is smoothed, K.

    Notes
    -----
    # Glass transition

    ## Idea
    On heating, the heat capacity rises from that of the glass to that of the liquid over some twenty kelvin, and overshoots where the glass had relaxed before. "The" glass transition is any of
    four temperatures, which differ by several kelvin and move with the rate. All four are given, from one pair of lines.

    ## Equations
    $$c_p = \frac{\pm P}{m\,q},\qquad q = dT/dt \text{ from the data}$$
    with the sign stated by `heat_flow_sign`. With the lines $g(T)$ of the glass and $l(T)$ of the liquid:
    - **onset**: where the tangent of the steepest rise meets $g$;
    - **half step**: $c_p = (g+l)/2$;
    - **inflection**: steepest rise, of a local cubic;
    - **fictive temperature** $T_f'$: a liquid cooled to it without any relaxation would have the enthalpy of the glass,
    $$\int_{T_f'}^{T_{hi}}(l-g)\,dT = \int_{T_{lo}}^{T_{hi}}(c_p-g)\,dT$$
    It belongs to the history before the scan, not to the heating rate, and is the one to compare between states. $\Delta c_p = l(T_f')-g(T_f')$.

    Ramps are parted where the temperature turns; starts where the rate is not yet right, rests, rows without numbers, lone spikes and stretches where the instrument cuts the signal off (it stands still at its largest or smallest value) are left out; where such a stretch lies between the lines there is no result. `sensor_lag` $\tau$ corrects the heat flow:
    $P + \tau\,dP/dt$. (The specification writes $T - \tau q\,dP/dT$, which is no temperature.)

    ## Lines
    Where none are stated, the longest stretch on each side whose curvature is below twice its error is sought, at least `least_line` long; the third of it beside the transition is left out, because
    tails that hide below the noise bend it. **State the lines** where scans are to be compared: a sought line of the liquid may lie on the end of the overshoot. Crystallisation, an exotherm larger than the step, ends the scan.

    ## Two steps
    A glass of two phases rises twice. The slope of $c_p$ then has two maxima; noise gives it more. How far the slope rises again beside its maximum, above the slope of the lines, is compared with the farthest rise of slopes of
    nothing but noise (`second_step_p`; `replicates` draws, at least 99 for a p of 0.01). Where that is at or below `significance`, one and two sigmoids between lines outside of both rises are fitted; where they are 2 K apart or
    more and the Bayesian criterion prefers two, `glass_transition_first`, `glass_transition_second` and the share of the first are given. The criterion alone would not do: one transition is no sigmoid, and in a quiet
    scan two always fit it better. Steps nearer than about 1.5 widths leave one maximum and are not told from one. The scan must reach some 40 K beyond the second step. Virtual scans with one step, quiet and noisy, with overshoot or
    without, were never called double (0 of 400); of those with equal steps 25 K apart all were.

    A straight baseline of the instrument changes neither temperatures nor step: no empty pan is needed for them. The heat capacity itself is absolute only with an instrument that measures it so.

    ## Uncertainty
    The scan is repeated with noise as it is about both lines, white and of a spectrum 1/f in shares weighed by their likelihood, and with the ends of sought lines moved by up to a quarter. Their
    standard deviation is the error. **With both lines stated** half step, fictive temperature, $\Delta c_p$ and the overshoot have 95 % intervals, which cover 92.7 to 97.7 % (`docs/coverage.md`). With
    sought lines they have none. The temperatures of two steps have none. Onset and inflection never have one: they stand on the steepest rise, which noise and smoothing move by up to two kelvin.

    ## Failure modes
    - **Wrong sign**: the heat capacity falls at the transition; refused.
    - **Wrong rate** (per minute for per second): a stated `heating_rate` that differs from the data by 2 % is refused.
    - **Overshoot**: its area is no enthalpy of annealing; that needs a reference scan (`calorimetry.recovery_enthalpy`).

    ## References
    C. T. Moynihan, A. J. Easteal, M. A. DeBolt, J. Tucker, *J. Am. Ceram. Soc.* **59**, 12 (1976). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "calorimetry.glass_transition"

    glass_from: float | None = None
    glass_to: float | None = None
    least_line: float = 12.0
    liquid_from: float | None = None
    liquid_to: float | None = None
    replicates: int = 100
    scan: int | None = None
    significance: float = 0.01
    smoothing: float = 3.0

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
        """Runs the method; see `glass_transition` for the arguments."""
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


def glass_transition(
    data: Data,
    *,
    glass_from: float | None = None,
    glass_to: float | None = None,
    least_line: float = 12.0,
    liquid_from: float | None = None,
    liquid_to: float | None = None,
    replicates: int = 100,
    scan: int | None = None,
    significance: float = 0.01,
    smoothing: float = 3.0,
    heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
    sample_mass: Quantity | None = None,
    heating_rate: Quantity | None = None,
    sensor_lag: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Glass transition (`calorimetry.glass_transition`).

    Onset, half step, inflection and fictive temperature of a heating scan, the step of the heat
    capacity, the overshoot, and whether there is a second step. See `GlassTransition` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    glass_from : float | None, default None
        Where the line of the glass begins, K; absent: sought.
    glass_to : float | None, default None
        Where it ends, K.
    least_line : float, default 12.0
        Shortest line, K.
    liquid_from : float | None, default None
        Where the line of the liquid begins, K; absent: sought.
    liquid_to : float | None, default None
        Where it ends, K.
    replicates : int, default 100
        Repetitions with noise, for the errors.
    scan : int | None, default None
        Number of the heating scan, from 1 over all files of the item; absent: the last.
    significance : float, default 0.01
        Probability of noise at or below which a second step is named; it needs as many repetitions.
    smoothing : float, default 3.0
        Half of the width over which the heat capacity is smoothed, K.
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

        - `glass_transition_onset` (Tg,on, K): where the tangent of the steepest rise meets the line
        of the glass
        - `glass_transition_half` (Tg,1/2, K): where half of the step is done
        - `glass_transition_inflection` (Tg,i, K): steepest rise
        - `glass_transition_fictive` (Tf', K): temperature of a liquid with the enthalpy of the
        glass
        - `specific_heat_step` (Δcp, J/(kg K)): liquid less glass at the fictive temperature
        - `overshoot_height` (, J/(kg K)): highest excess over the line of the liquid
        - `overshoot_area` (, J/kg): its area; no enthalpy of annealing, which needs a reference
        scan
        - `scan_rate` (q, K/s): heating rate from temperature and time
        - `second_step_p` (p): share of noise whose slope rises as far again
        - `second_step_bic_gain` (ΔBIC): Bayesian criterion of one sigmoid less that of two
        - `glass_transition_first` (Tg1, K): middle of the lower of two steps
        - `glass_transition_second` (Tg2, K): middle of the upper one
        - `first_step_share` (): share of the lower one in the whole step

    References
    ----------
    - C. T. Moynihan, A. J. Easteal, M. A. DeBolt, J. Tucker, J. Am. Ceram. Soc. 59, 12 (1976),
    doi:10.1111/j.1151-2916.1976.tb09376.x
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return GlassTransition(
        glass_from=glass_from,
        glass_to=glass_to,
        least_line=least_line,
        liquid_from=liquid_from,
        liquid_to=liquid_to,
        replicates=replicates,
        scan=scan,
        significance=significance,
        smoothing=smoothing,
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
