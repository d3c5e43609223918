# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Energy per tap against amplitude (`dafm.amplitude_sweep`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AmplitudeSweep(Method):
    r"""Energy per tap against amplitude (`dafm.amplitude_sweep`).

    Reads a table of amplitude and phase, or amplitude and energy, and gives the energy per tap against A/A0.

    Parameters
    ----------
    amplitude : str | None, default None
        Column with the amplitude (a length) or its ratio to the free amplitude (a number);
        `amplitude_ratio`, `a_ratio` or `amplitude` if absent.
    energy : str | None, default None
        Column with the dissipated energy; `dissipated_energy` or `energy` if absent.
    energy_error : str | None, default None
        Column with its standard error; `energy_error` or `std_error` if absent.
    phase : str | None, default None
        Column with the phase as stored, used where there is no energy; `phase` if absent.

    Notes
    -----
    # Energy per tap against amplitude

    ## Idea
    How the energy of a tap changes while the tip comes down tells what dissipates it. This method reads such a sweep from a table: an approach curve
    (amplitude and phase against height), or the means of images taken at several set points. `dafm.mechanism` fits the result.

    ## Columns
    | column | unit | meaning |
    |---|---|---|
    | `amplitude` | a length, or none | amplitude; without a unit (or named `amplitude_ratio`, `a_ratio`) it is $A/A_0$ |
    | `dissipated_energy` or `energy` | an energy | energy per cycle |
    | `energy_error` or `std_error` | an energy | its standard error, optional |
    | `phase` | an angle | phase as stored, used where there is no energy |

    Other names are given as parameters. A phase becomes energy as in `dafm.dissipation`, and needs the same constants and conventions:

    $$E = \frac{\pi k A^2}{Q}\,\frac{f}{f_0}\left[\frac{A_f \sin\varphi}{A \sin\varphi_f} - 1\right]$$

    ## Uncertainty
    Errors are taken from the table; a phase column gives none. The largest energy is that of one row and carries no interval.

    ## Failure modes
    - An amplitude above 1.05 times the free one: a wrong `free_amplitude` or unit; refused with its row.
    - No energy above zero: the sign of the column, or convention and reference of the phase.
    - Rows without a number are left out and counted.

    ## References
    Garcia et al., *Phys. Rev. Lett.* **97**, 016103 (2006). Qiao et al. (2019), section 3.3.1.
    """
    ID: ClassVar[str] = "dafm.amplitude_sweep"

    amplitude: str | None = None
    energy: str | None = None
    energy_error: str | None = None
    phase: str | None = None

    def run(
        self,
        data: Data,
        *,
        phase_convention: Literal["lag", "shift_positive_repulsive", "shift_negative_repulsive"] | None = None,
        phase_reference: Literal["absolute", "free_is_90", "free_is_model"] | None = None,
        free_phase: Quantity | None = None,
        spring_constant: Quantity | None = None,
        quality_factor: Quantity | None = None,
        resonance_frequency: Quantity | None = None,
        drive_frequency: Quantity | None = None,
        free_amplitude: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `amplitude_sweep` for the arguments."""
        return self._run(
            data,
            constants={
                "phase_convention": phase_convention,
                "phase_reference": phase_reference,
                "free_phase": free_phase,
                "spring_constant": spring_constant,
                "quality_factor": quality_factor,
                "resonance_frequency": resonance_frequency,
                "drive_frequency": drive_frequency,
                "free_amplitude": free_amplitude,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def amplitude_sweep(
    data: Data,
    *,
    amplitude: str | None = None,
    energy: str | None = None,
    energy_error: str | None = None,
    phase: str | None = None,
    phase_convention: Literal["lag", "shift_positive_repulsive", "shift_negative_repulsive"] | None = None,
    phase_reference: Literal["absolute", "free_is_90", "free_is_model"] | None = None,
    free_phase: Quantity | None = None,
    spring_constant: Quantity | None = None,
    quality_factor: Quantity | None = None,
    resonance_frequency: Quantity | None = None,
    drive_frequency: Quantity | None = None,
    free_amplitude: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Energy per tap against amplitude (`dafm.amplitude_sweep`).

    Reads a table of amplitude and phase, or amplitude and energy, and gives the energy per tap
    against A/A0. See `AmplitudeSweep` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    amplitude : str | None, default None
        Column with the amplitude (a length) or its ratio to the free amplitude (a number);
        `amplitude_ratio`, `a_ratio` or `amplitude` if absent.
    energy : str | None, default None
        Column with the dissipated energy; `dissipated_energy` or `energy` if absent.
    energy_error : str | None, default None
        Column with its standard error; `energy_error` or `std_error` if absent.
    phase : str | None, default None
        Column with the phase as stored, used where there is no energy; `phase` if absent.
    phase_convention : str
        how the stored phase relates to the lag of the tip behind the drive. Found: the instrument's
        manual, or a tune: no file states it; Asylum AC mode stores the lag, Veeco/Bruker tapping
        mode a shift that is positive when repulsive.
        - `"lag"`: the stored phase is the lag (Asylum, AC mode)
        - `"shift_positive_repulsive"`: 90 deg minus the lag: positive when repulsive (Veeco,
        Bruker)
        - `"shift_negative_repulsive"`: the lag minus 90 deg: negative when repulsive
    phase_reference : str
        how the zero of the phase is tied to the phase in free air. Found: decide from how the phase
        was zeroed before the scan; `absolute` if it never was.
        - `"absolute"`: the stored phase has a true zero; the free phase enters as measured
        - `"free_is_90"`: shift the phase so that it is 90 deg in free air (driven at resonance)
        - `"free_is_model"`: shift the phase so that in free air it is the lag of the driven
        oscillator at f/f0 and Q
    free_phase : Quantity, in deg
        phase in free air, near the surface, in the convention of the stored map. Found: Asylum:
        note key FreeAirPhase; elsewhere: the tune, or a scan with the tip lifted off.
    spring_constant : Quantity, in N/m
        spring constant of the cantilever, with its error ("40 +- 4 N/m"). Found: Asylum: note key
        SpringConstant; elsewhere: the thermal tune; image files of Bruker/Veeco do not hold it.
    quality_factor : Quantity, a plain number
        quality factor of the resonance in air near the surface. Found: Asylum: note keys ThermalQ,
        TuneQResult; elsewhere: the resonance curve.
    resonance_frequency : Quantity, in Hz
        resonance frequency of the free cantilever. Found: Asylum: note key ResFreq1; Bruker/Veeco:
        CantFrequency; elsewhere: the tune.
    drive_frequency : Quantity, in Hz
        drive frequency; state it equal to the resonance frequency if it was. Found: Asylum: note
        key DriveFrequency; elsewhere: the tune.
    free_amplitude : Quantity, in m
        amplitude in free air at the drive frequency, with the error of the amplitude calibration.
        Found: Asylum: note keys FreeAirAmplitude x AmpInvOLS; elsewhere: an amplitude-distance
        curve and the sensitivity in nm/V.
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

        - `n_points` (n): rows that can be used
        - `dissipated_energy_max` (E_max, J): largest energy of the table
        - `amplitude_ratio_at_max` (A/A0): amplitude ratio of that row

    References
    ----------
    - Garcia et al., Phys. Rev. Lett. 97, 016103 (2006)
    - Qiao et al. (2019), review, section 3.3.1
    """
    return AmplitudeSweep(
        amplitude=amplitude,
        energy=energy,
        energy_error=energy_error,
        phase=phase,
    ).run(
        data,
        phase_convention=phase_convention,
        phase_reference=phase_reference,
        free_phase=free_phase,
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        resonance_frequency=resonance_frequency,
        drive_frequency=drive_frequency,
        free_amplitude=free_amplitude,
        channels=channels,
        after=after,
        seed=seed,
    )
