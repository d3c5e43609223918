# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Energy under every phase reference (`dafm.phase_reference_scan`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class PhaseReferenceScan(Method):
    r"""Energy under every phase reference (`dafm.phase_reference_scan`).

    Evaluates one image under each of the three phase references and gives their spread as a systematic error.

    Parameters
    ----------
    amplitude_error : str, default "measured_minus_setpoint"
        What an amplitude-error map holds.
        - `"measured_minus_setpoint"`: Amplitude minus set point.
        - `"setpoint_minus_measured"`: Set point minus amplitude.
        - `"ignored"`: Not used: the amplitude is the set point everywhere.
    form : str, default "power_balance"
        Formula for the energy.
        - `"power_balance"`: Power balance with the drive eliminated by the measured free amplitude
        and phase: holds at any drive frequency.
        - `"lu2016"`: Lu et al. 2016: driven exactly at resonance; the free phase and the drive
        frequency do not enter.
        - `"qiao2019"`: Qiao et al. 2019, equation 3.10: lacks a factor f/f0 and takes the free
        amplitude at resonance.
    phase : str, default "as_measured"
        Which phase map to use.
        - `"as_measured"`: The map of the file.
        - `"corrected"`: The map that `dafm.topography` has freed of its correlation with the
        height.

    Notes
    -----
    # Energy under every phase reference

    ## Idea
    The zero of a phase image is a matter of convention, and the energy follows it: one public image gives 71, 79 or 86 eV by this choice alone. Where nobody wrote down how the phase was zeroed, the honest
    number is all three, with their spread as a systematic error.

    ## Method
    The image is evaluated as in `dafm.dissipation` under each reference:

    | reference | assumes |
    |---|---|
    | `absolute` | $\varphi$ as stored; the free phase as measured |
    | `free_is_90` | $\varphi \leftarrow \varphi - \varphi(s_f) + 90°$: the phase was set to 90° in air, driven at resonance |
    | `free_is_model` | $\varphi \leftarrow \varphi - \varphi(s_f) + \operatorname{atan2}(r/Q,\,1-r^2)$, $r = f/f_0$ |

    `dissipated_energy_centre` is the middle between the lowest and the highest mean; half their distance is its systematic error. A reference that cannot apply (for instance `free_is_90` when
    $\lvert f/f_0 - 1\rvert > 1/(2Q)$) is named with its reason and left out.

    ## What speaks against a reference
    Negative energies: a passive sample returns none. More than 1 % of such pixels are warned of. The sign of the lag against 90° should agree with the regime that the set point makes likely (`dafm.regime`).

    ## Uncertainty
    Each mean carries the statistical interval of `dafm.dissipation`. The spread is no statistical error, gets no interval, and does not shrink with more images.

    ## References
    Cleveland, Anczykowski, Schmid, Elings, *Appl. Phys. Lett.* **72**, 2613 (1998).
    """
    ID: ClassVar[str] = "dafm.phase_reference_scan"

    amplitude_error: Literal["measured_minus_setpoint", "setpoint_minus_measured", "ignored"] = "measured_minus_setpoint"
    form: Literal["power_balance", "lu2016", "qiao2019"] = "power_balance"
    phase: Literal["as_measured", "corrected"] = "as_measured"

    def run(
        self,
        data: Data,
        *,
        phase_convention: Literal["lag", "shift_positive_repulsive", "shift_negative_repulsive"] | None = None,
        free_phase: Quantity | None = None,
        spring_constant: Quantity | None = None,
        quality_factor: Quantity | None = None,
        resonance_frequency: Quantity | None = None,
        drive_frequency: Quantity | None = None,
        free_amplitude: Quantity | None = None,
        setpoint_amplitude: Quantity | None = None,
        amplitude_sensitivity: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `phase_reference_scan` for the arguments."""
        return self._run(
            data,
            constants={
                "phase_convention": phase_convention,
                "free_phase": free_phase,
                "spring_constant": spring_constant,
                "quality_factor": quality_factor,
                "resonance_frequency": resonance_frequency,
                "drive_frequency": drive_frequency,
                "free_amplitude": free_amplitude,
                "setpoint_amplitude": setpoint_amplitude,
                "amplitude_sensitivity": amplitude_sensitivity,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def phase_reference_scan(
    data: Data,
    *,
    amplitude_error: Literal["measured_minus_setpoint", "setpoint_minus_measured", "ignored"] = "measured_minus_setpoint",
    form: Literal["power_balance", "lu2016", "qiao2019"] = "power_balance",
    phase: Literal["as_measured", "corrected"] = "as_measured",
    phase_convention: Literal["lag", "shift_positive_repulsive", "shift_negative_repulsive"] | None = None,
    free_phase: Quantity | None = None,
    spring_constant: Quantity | None = None,
    quality_factor: Quantity | None = None,
    resonance_frequency: Quantity | None = None,
    drive_frequency: Quantity | None = None,
    free_amplitude: Quantity | None = None,
    setpoint_amplitude: Quantity | None = None,
    amplitude_sensitivity: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Energy under every phase reference (`dafm.phase_reference_scan`).

    Evaluates one image under each of the three phase references and gives their spread as a
    systematic error. See `PhaseReferenceScan` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    amplitude_error : str, default "measured_minus_setpoint"
        What an amplitude-error map holds.
        - `"measured_minus_setpoint"`: Amplitude minus set point.
        - `"setpoint_minus_measured"`: Set point minus amplitude.
        - `"ignored"`: Not used: the amplitude is the set point everywhere.
    form : str, default "power_balance"
        Formula for the energy.
        - `"power_balance"`: Power balance with the drive eliminated by the measured free amplitude
        and phase: holds at any drive frequency.
        - `"lu2016"`: Lu et al. 2016: driven exactly at resonance; the free phase and the drive
        frequency do not enter.
        - `"qiao2019"`: Qiao et al. 2019, equation 3.10: lacks a factor f/f0 and takes the free
        amplitude at resonance.
    phase : str, default "as_measured"
        Which phase map to use.
        - `"as_measured"`: The map of the file.
        - `"corrected"`: The map that `dafm.topography` has freed of its correlation with the
        height.
    phase_convention : str
        how the stored phase relates to the lag of the tip behind the drive. Found: the instrument's
        manual, or a tune: no file states it; Asylum AC mode stores the lag, Veeco/Bruker tapping
        mode a shift that is positive when repulsive.
        - `"lag"`: the stored phase is the lag (Asylum, AC mode)
        - `"shift_positive_repulsive"`: 90 deg minus the lag: positive when repulsive (Veeco,
        Bruker)
        - `"shift_negative_repulsive"`: the lag minus 90 deg: negative when repulsive
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
    setpoint_amplitude : Quantity, in m
        set-point amplitude; needed where no amplitude map was recorded. Found: Asylum: note keys
        AmplitudeSetpointVolts x AmpInvOLS; Bruker/Veeco: TMSetAmplitude (V) times the sensitivity.
    amplitude_sensitivity : Quantity, in m/V
        amplitude per volt of the detector; needed to use an amplitude-error map in volts. Found:
        Asylum: note key AmpInvOLS; elsewhere: the slope of an amplitude-distance curve on a hard
        sample.
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

        - `dissipated_energy_centre` (E, J): middle between the lowest and the highest reading, half
        their distance as systematic error
        - `dissipated_energy_absolute` (E_abs, J): mean energy if the stored phase has a true zero
        - `dissipated_energy_free_is_90` (E_90, J): mean energy if the phase in free air is 90 deg
        - `dissipated_energy_free_is_model` (E_mod, J): mean energy if the phase in free air is that
        of the oscillator
        - `phase_reference_spread` (ΔE/E): half the distance of the readings over their middle

    References
    ----------
    - Cleveland, Anczykowski, Schmid, Elings, Appl. Phys. Lett. 72, 2613 (1998)
    """
    return PhaseReferenceScan(
        amplitude_error=amplitude_error,
        form=form,
        phase=phase,
    ).run(
        data,
        phase_convention=phase_convention,
        free_phase=free_phase,
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        resonance_frequency=resonance_frequency,
        drive_frequency=drive_frequency,
        free_amplitude=free_amplitude,
        setpoint_amplitude=setpoint_amplitude,
        amplitude_sensitivity=amplitude_sensitivity,
        channels=channels,
        after=after,
        seed=seed,
    )
