# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Absolute heat capacity (`calorimetry.specific_heat`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class SpecificHeat(Method):
    r"""Absolute heat capacity (`calorimetry.specific_heat`).

    Heat capacity of a sample from its run, that of empty pans and that of sapphire, at one rate; the factor of the instrument beside it.

    Parameters
    ----------
    half_width : float, default 5.0
        Half of the width over which it is averaged there by a straight line, K.
    mass_error : float, default 0.002
        Relative error of a mass.
    sapphire_error : float, default 0.002
        Relative error of the heat capacity of sapphire.
    temperature : float | None, default None
        Temperature at which the heat capacity is given, K; absent: the middle of what all runs
        cover.

    Notes
    -----
    # Absolute heat capacity

    ## Idea
    A scan shows the heat that the sample takes up, times a factor of the instrument, over a baseline of the instrument. A run with empty pans shows the baseline, one with sapphire, whose heat capacity is known, the factor. Without both
    the heat capacity of a scan is relative: steps and differences are right, the values are not.

    ## Equation
    $$c_p = c_{p,sap}\,\frac{m_{sap}}{m_s}\,\frac{P_s-P_e}{P_{sap}-P_e}$$
    at every temperature of the sample's run; the others are interpolated between neighbours. The last heating of each file counts. The factor of the instrument is $K=c_{p,sap}\,m_{sap}\,q/(P_{sap}-P_e)$.

    ## Data
    Four files in one item, in this order: sample, empty pans, sapphire, and a table with the columns `temperature` and `specific_heat` of sapphire:
    `files = [["sample.csv", "empty.csv", "sapphire.csv", "sapphire_cp.csv"]]`. The table is yours: ASTM E1269 prints one, from the measurements of Ditmars and others. State `sample_mass` and `sapphire_mass`. The
    runs must hold the heat flow in W or mW: one per mass hides by which mass the empty pans were divided.

    The table of the result has the columns `temperature` and `specific_heat`; written to a file it is an input of the other methods (a column `specific_heat` needs no sign and no mass).

    ## Uncertainty
    The standard error of `specific_heat` is that of noise within `half_width`, its systematic error that of two masses and of sapphire. There is no interval: what drifts between the three runs is seen by none of them. Repeat the
    empty pans at the end; the difference of two results is that drift.

    ## Bad input
    | case | what happens |
    |---|---|
    | fewer than four files | refused, with their order |
    | a heat flow per mass | refused |
    | runs at different rates | refused |
    | a run or the table ends before the stated temperature | refused with the missing range |
    | a table of sapphire in J/(mol K) | refused with the factor |
    | sapphire takes up less than empty pans | refused: files exchanged? |
    | a factor of the instrument outside 0.8 to 1.25 | warning |

    ## References
    ASTM E1269-11. D. A. Ditmars et al., *J. Res. Natl. Bur. Stand.* **87**, 159 (1982).
    """
    ID: ClassVar[str] = "calorimetry.specific_heat"

    half_width: float = 5.0
    mass_error: float = 0.002
    sapphire_error: float = 0.002
    temperature: float | None = None

    def run(
        self,
        data: Data,
        *,
        heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
        sample_mass: Quantity | None = None,
        sapphire_mass: Quantity | None = None,
        heating_rate: Quantity | None = None,
        sensor_lag: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `specific_heat` for the arguments."""
        return self._run(
            data,
            constants={
                "heat_flow_sign": heat_flow_sign,
                "sample_mass": sample_mass,
                "sapphire_mass": sapphire_mass,
                "heating_rate": heating_rate,
                "sensor_lag": sensor_lag,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def specific_heat(
    data: Data,
    *,
    half_width: float = 5.0,
    mass_error: float = 0.002,
    sapphire_error: float = 0.002,
    temperature: float | None = None,
    heat_flow_sign: Literal["exo_up", "endo_up"] | None = None,
    sample_mass: Quantity | None = None,
    sapphire_mass: Quantity | None = None,
    heating_rate: Quantity | None = None,
    sensor_lag: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Absolute heat capacity (`calorimetry.specific_heat`).

    Heat capacity of a sample from its run, that of empty pans and that of sapphire, at one rate;
    the factor of the instrument beside it. See `SpecificHeat` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    half_width : float, default 5.0
        Half of the width over which it is averaged there by a straight line, K.
    mass_error : float, default 0.002
        Relative error of a mass.
    sapphire_error : float, default 0.002
        Relative error of the heat capacity of sapphire.
    temperature : float | None, default None
        Temperature at which the heat capacity is given, K; absent: the middle of what all runs
        cover.
    heat_flow_sign : str
        which way the heat flow counts; the enthalpy has its sign from it. Found: the arrow on the
        plot of the instrument's program; crystallisation is exothermic.
        - `"exo_up"`: exothermic signals are positive in the file
        - `"endo_up"`: endothermic signals are positive in the file
    sample_mass : Quantity, in kg
        mass of the sample, for heat flows that are not per mass. Found: the balance, before the
        sample went into the pan.
    sapphire_mass : Quantity, in kg
        mass of the sapphire, for an absolute heat capacity. Found: the balance, or the certificate
        of the disc.
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

        - `specific_heat` (cp, J/(kg K)): heat capacity of the sample at one temperature
        - `calibration_factor` (K): heat that sapphire took up over that which the instrument shows,
        there

    References
    ----------
    - ASTM E1269-11, Standard Test Method for Determining Specific Heat Capacity by Differential
    Scanning Calorimetry
    - D. A. Ditmars, S. Ishihara, S. S. Chang, G. Bernstein, E. D. West, J. Res. Natl. Bur. Stand.
    87, 159 (1982), doi:10.6028/jres.087.012
    """
    return SpecificHeat(
        half_width=half_width,
        mass_error=mass_error,
        sapphire_error=sapphire_error,
        temperature=temperature,
    ).run(
        data,
        heat_flow_sign=heat_flow_sign,
        sample_mass=sample_mass,
        sapphire_mass=sapphire_mass,
        heating_rate=heating_rate,
        sensor_lag=sensor_lag,
        channels=channels,
        after=after,
        seed=seed,
    )
