# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Kinetics from several rates (`calorimetry.rate_kinetics`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class RateKinetics(Method):
    r"""Kinetics from several rates (`calorimetry.rate_kinetics`).

    Activation energy of crystallisation or of the glass transition from its temperatures at three or more rates, with a test whether one energy is enough.

    Parameters
    ----------
    conversions : Sequence[float], default ()
        Conversions at which the exotherms of scans are read, for instance [0.1, 0.3, 0.5, 0.7,
        0.9]; absent: their tops alone.
    equation : str, default None
        Equation whose energy is reported with an interval; absent: `kissinger` for a reaction,
        `moynihan` for a glass transition.
        - `"kissinger"`: k = 2, B = 1: exact for the peak of a reaction of first order.
        - `"boswell"`: k = 1, B = 1.
        - `"ozawa"`: k = 0, B = 1.052: Ozawa, Flynn and Wall, with Doyle's approximation.
        - `"starink"`: k = 1.92, B = 1.0008: temperatures of equal conversion.
        - `"friedman"`: The logarithm of the rate of conversion itself at equal conversion, B = 1;
        needs the column `conversion_rate`.
        - `"moynihan"`: k = 0, B = 1: rates of cooling over the glass transition or the fictive
        temperature.
    reference_rate : Quantity, default "20 K/min"
        Rate at which glass transition and fragility are given.
    significance : float, default 0.05
        Probability below which curvature speaks against one energy.
    smoothing : float, default 3.0
        Half of the width over which scans are smoothed in the search for their exotherm or their
        step, K.
    temperature_error : Quantity | None, default None
        Standard error of a temperature, for instance "0.5 K"; it is added to the errors of the
        table. Absent, without errors in the table: the scatter about the law counts.
    vft : bool, default False
        Fit of the law of Vogel, Fulcher and Tammann to the rates of a glass transition, beside the
        straight one.

    Notes
    -----
    # Kinetics from several rates

    ## Idea
    A peak of crystallisation, or a glass transition, comes at a higher temperature the faster one heats. How much higher tells an activation energy, without any model of the peak's shape: the logarithm
    of the rate over the inverse temperature is a line whose slope is the energy. Whether *one* line does is a question to the data, and is tested.

    ## Equations
    All equations are one, with a power $k$ and a factor $B$:
    $$\ln\frac{q}{T^k} = c - B\,\frac{E}{RT}$$
    | equation | $k$ | $B$ | for |
    |---|---|---|---|
    | `kissinger` | 2 | 1 | peak of a reaction; exact for first order, $c=\ln(k_0R/E)$ |
    | `boswell` | 1 | 1 | the same, as some papers print it |
    | `ozawa` | 0 | 1.052 | equal conversion, with Doyle's approximation |
    | `starink` | 1.92 | 1.0008 | equal conversion, closer |
    | `friedman` | 0 | 1 | $\ln(d\alpha/dt)$ in place of $\ln q$, at equal conversion |
    | `moynihan` | 0 | 1 | glass transition or fictive temperature: $d\ln q/d(1/T)=-\Delta h^*/R$ |

    The table `conventions` puts the energies of all that fit side by side: at $E/RT=50$, $k=2$ and $k=0$ differ by four per cent, more than most intervals. With a column `conversion` every conversion has its own energy.

    For a glass transition, temperature and fragility at `reference_rate` are parameters of the fit, $m = \Delta h^*/(RT_g\ln 10)$; with `vft` the law is $\ln q = A - B/(T-T_0)$ and
    $m = B\,T_g/[(T_g-T_0)^2\ln 10]$. Rates of cooling are written without sign.

    ## Uncertainty
    The rate is known to a thousandth; the temperature is not. What is minimised is the distance in temperature, each over its error: a fit of $\ln q$ would lay the error on the wrong axis and find
    energies too small, by $(\sigma_T/s_T)^2$ with $s_T$ the spread of the temperatures. Errors are those of the column `temperature_error` and of the parameter, or else the scatter about the law with
    Student's $t$ (12.7 for three rates). Intervals are profiles; measured coverage 94.3 to 95.4 % (`docs/coverage.md`).

    **Curvature**: a quadratic term in $1/T$ is tested. Where it is significant the note `not_one_energy` gives the slopes at both ends and the energy has no interval. Without stated errors three readings
    cannot be tested. Where stated errors are too small for the scatter (1 %) there is no interval either.

    `ozawa` and `boswell` have no interval: their approximations err by more than the readings do.

    ## From scans
    Put scans of one sample at several rates into one item of technique `dsc`: the top of the largest exotherm of each is found by a local cubic. The scatter about the law is the error unless
    `temperature_error` is stated. With `conversions` each exotherm is integrated over a straight line between its feet, and temperature and rate of every conversion give the energies of `starink`, `ozawa` or `friedman` over the conversion;
    an exotherm that the scan cuts off is left out, said. On virtual scans (300 kJ/mol, 5 to 40 K/min) they were within 0.7 % for white noise of 0.3 W/kg, within 2.5 % for 1 W/kg. They have no interval: the line below an exotherm shifts all of its
    conversions together.

    With `rate_event = "glass_transition"` half of the step of every heating counts over its own rate: cool each time at the rate of the heating that follows (`other_cooling_rate` says where that was not so). No interval either: the lines are sought, and slow
    scans err more. For one, put the temperatures of `calorimetry.glass_transition` with stated lines into a table.

     **Lag** of the sensor grows with the rate and makes energies too small: state `sensor_lag`.

    ## Failure modes
    - **Two rates** give a line through anything: refused. A factor below four between the rates is a warning.
    - **Heating after a cooling at another rate**: the glass transition on heating depends on both; cool at the rate of the heating, or use the fictive temperature over the rate of the cooling.
    - **Nucleation and growth** of Johnson, Mehl and Avrami peak close to Kissinger's condition as well, but $k_0$ is then no frequency.
    - **Errors common to all scans** (calibration) shift $E$ by twice their share of $T$; they are in no interval.

    ## References
    H. E. Kissinger, *Anal. Chem.* **29**, 1702 (1957). T. Ozawa, *Bull. Chem. Soc. Jpn.* **38**, 1881 (1965). M. J. Starink, *Thermochim. Acta* **404**, 163 (2003). C. T. Moynihan et al., *J. Phys. Chem.*
    **78**, 2673 (1974). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "calorimetry.rate_kinetics"

    conversions: Sequence[float] = ()
    equation: Literal["kissinger", "boswell", "ozawa", "starink", "friedman", "moynihan"] | None = None
    reference_rate: Quantity = "20 K/min"
    significance: float = 0.05
    smoothing: float = 3.0
    temperature_error: Quantity | None = None
    vft: bool = False

    def run(
        self,
        data: Data,
        *,
        rate_event: Literal["reaction", "glass_transition"] | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `rate_kinetics` for the arguments."""
        return self._run(
            data,
            constants={
                "rate_event": rate_event,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def rate_kinetics(
    data: Data,
    *,
    conversions: Sequence[float] = (),
    equation: Literal["kissinger", "boswell", "ozawa", "starink", "friedman", "moynihan"] | None = None,
    reference_rate: Quantity = "20 K/min",
    significance: float = 0.05,
    smoothing: float = 3.0,
    temperature_error: Quantity | None = None,
    vft: bool = False,
    rate_event: Literal["reaction", "glass_transition"] | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Kinetics from several rates (`calorimetry.rate_kinetics`).

    Activation energy of crystallisation or of the glass transition from its temperatures at three
    or more rates, with a test whether one energy is enough. See `RateKinetics` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    conversions : Sequence[float], default ()
        Conversions at which the exotherms of scans are read, for instance [0.1, 0.3, 0.5, 0.7,
        0.9]; absent: their tops alone.
    equation : str, default None
        Equation whose energy is reported with an interval; absent: `kissinger` for a reaction,
        `moynihan` for a glass transition.
        - `"kissinger"`: k = 2, B = 1: exact for the peak of a reaction of first order.
        - `"boswell"`: k = 1, B = 1.
        - `"ozawa"`: k = 0, B = 1.052: Ozawa, Flynn and Wall, with Doyle's approximation.
        - `"starink"`: k = 1.92, B = 1.0008: temperatures of equal conversion.
        - `"friedman"`: The logarithm of the rate of conversion itself at equal conversion, B = 1;
        needs the column `conversion_rate`.
        - `"moynihan"`: k = 0, B = 1: rates of cooling over the glass transition or the fictive
        temperature.
    reference_rate : Quantity, default "20 K/min"
        Rate at which glass transition and fragility are given.
    significance : float, default 0.05
        Probability below which curvature speaks against one energy.
    smoothing : float, default 3.0
        Half of the width over which scans are smoothed in the search for their exotherm or their
        step, K.
    temperature_error : Quantity | None, default None
        Standard error of a temperature, for instance "0.5 K"; it is added to the errors of the
        table. Absent, without errors in the table: the scatter about the law counts.
    vft : bool, default False
        Fit of the law of Vogel, Fulcher and Tammann to the rates of a glass transition, beside the
        straight one.
    rate_event : str
        what happens at the temperatures; the equation of the energy follows from it. Found: the
        column that was typed into the table.
        - `"reaction"`: the peak of crystallisation, or of another reaction, or temperatures of
        equal conversion
        - `"glass_transition"`: the glass transition on heating, or the fictive temperature over the
        rate of the cooling before
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

        - `kissinger_energy` (E, J/mol): activation energy by ln(q/T²) over 1/T
        - `kissinger_prefactor_log10` (log10 k0): log10 of the prefactor k0 (1/s) of a reaction of
        first order
        - `boswell_energy` (E, J/mol): activation energy by ln(q/T) over 1/T
        - `ozawa_energy` (E, J/mol): activation energy by ln q over 1/T with Doyle's factor 1.052
        - `starink_energy` (E, J/mol): activation energy by ln(q/T^1.92) over 1/T with the factor
        1.0008
        - `friedman_energy` (E, J/mol): activation energy by the logarithm of the rate of conversion
        over 1/T
        - `moynihan_enthalpy` (Δh*, J/mol): activation enthalpy by ln q over 1/T, factor 1
        - `curvature_p` (p): probability of as much curvature by chance
        - `glass_transition_reference` (Tg, K): glass transition at the reference rate
        - `fragility_index` (m): d log10 q/d(-Tg/T) at the reference rate
        - `vft_t0` (T0, K): of ln q = A - B/(T - T0)
        - `energy_range` (, J/mol): largest less smallest energy over the conversions

    References
    ----------
    - H. E. Kissinger, Anal. Chem. 29, 1702 (1957), doi:10.1021/ac60131a045
    - T. Ozawa, Bull. Chem. Soc. Jpn. 38, 1881 (1965), doi:10.1246/bcsj.38.1881
    - M. J. Starink, Thermochim. Acta 404, 163 (2003), doi:10.1016/S0040-6031(03)00144-8
    - C. T. Moynihan, A. J. Easteal, J. Wilder, J. Tucker, J. Phys. Chem. 78, 2673 (1974),
    doi:10.1021/j100619a008
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return RateKinetics(
        conversions=conversions,
        equation=equation,
        reference_rate=reference_rate,
        significance=significance,
        smoothing=smoothing,
        temperature_error=temperature_error,
        vft=vft,
    ).run(
        data,
        rate_event=rate_event,
        channels=channels,
        after=after,
        seed=seed,
    )
