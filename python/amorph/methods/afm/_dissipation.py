# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Energy dissipated per tap (`dafm.dissipation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Dissipation(Method):
    r"""Energy dissipated per tap (`dafm.dissipation`).

    Turns phase and amplitude images into a map of the energy that the sample takes from the tip in each cycle.

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
    max_free_lag_offset : Quantity, default "5 deg"
        The lag in free air may differ by this much from 90 deg for the forms that assume resonance.
    max_negative_fraction : float, default 0.01
        Share of pixels with negative energy above which the result is refused: a passive sample
        cannot return energy.
    phase : str, default "as_measured"
        Which phase map to use.
        - `"as_measured"`: The map of the file.
        - `"corrected"`: The map that `dafm.topography` has freed of its correlation with the
        height.

    Notes
    -----
    # Energy dissipated per tap

    ## Idea
    In tapping mode the cantilever is shaken at a fixed frequency and the feedback keeps its amplitude. In steady state the drive delivers exactly the
    energy that air and sample take. What the drive delivers is set by the lag $\varphi$ of the tip behind the drive, what the air takes by the amplitude $A$;
    the difference is what the sample dissipates in one cycle. A phase image is therefore an image of energy, once its sign, its zero and five constants are known.

    ## Equations
    For a base-driven harmonic oscillator with spring constant $k$, quality factor $Q$, resonance $f_0$, drive $f$, and the pair $(A_f, \varphi_f)$
    measured in free air **at the same drive frequency** (form `power_balance`, the default):

    $$E = \frac{\pi k A^2}{Q}\,\frac{f}{f_0}\left[\frac{A_f \sin\varphi}{A \sin\varphi_f} - 1\right]$$

    It vanishes in air by construction, at any drive frequency. At $f = f_0$, $\varphi_f = 90°$ it becomes the form of Lu et al. 2016 (`lu2016`):

    $$E = \frac{\pi k A A_0}{Q}\left[\sin\varphi - \frac{A}{A_0}\right],\qquad E^* = \frac{E\,Q}{\pi k A A_0} = \sin\varphi - \frac{A}{A_0}$$

    Equation 3.10 of Qiao et al. 2019 (`qiao2019`) has $(f/f_0)\,A/A_0$ in the bracket but no $f/f_0$ in front and takes $A_0$ at resonance. Both paper forms are
    offered to reproduce published numbers; they are refused where the free lag differs from 90° by more than `max_free_lag_offset`.

    Companions: the virial $V = -\frac{k A A_f}{2Q}\cos\varphi$ (elastic part of the interaction: negative when repulsive), and the mean elastic force of
    Qiao et al., $F = \frac{1}{2}\frac{k A_f}{Q}\cos\varphi$.

    ## Conventions
    No file says how its phase is meant, and a wrong guess changes the mean energy sevenfold. So there is no default.

    | `phase_convention` | lag $\varphi$ of the stored phase $s$ |
    |---|---|
    | `lag` | $s$ |
    | `shift_positive_repulsive` | $90° - s$ |
    | `shift_negative_repulsive` | $90° + s$ |

    | `phase_reference` | meaning |
    |---|---|
    | `absolute` | $\varphi$ as it is; $\varphi_f$ from `free_phase` |
    | `free_is_90` | $\varphi \leftarrow \varphi - \varphi(s_f) + 90°$; refused if $\lvert f/f_0 - 1\rvert > 1/(2Q)$, warned above $1/(10Q)$ |
    | `free_is_model` | $\varphi \leftarrow \varphi - \varphi(s_f) + \varphi_m$, $\varphi_m = \operatorname{atan2}(r/Q,\ 1 - r^2)$, $r = f/f_0$ |

    Differences are wrapped into $(-180°, 180°]$. The table `phase_reference_scan` gives the same image under all three references.

    ## Amplitude
    Taken pixel by pixel from an amplitude map, else from the set point and the amplitude-error map, else, with a warning, from the set point alone:
    then the error of the feedback becomes dissipation (1 % of $A_0$ is about 0.7 eV with the constants of Lu et al.).

    ## Trace and retrace
    A file that holds both directions needs a choice (`channels = { phase = "trace" }`); without it the candidates are listed. The amplitude then follows the
    direction of the phase. The other direction is used for the noise: $\sigma_n = \mathrm{sd}(E_\text{retrace} - E_\text{trace})/\sqrt2$ after the shift along the
    fast axis at which the two agree best, and $\sigma_m = \sqrt{\sigma_E^2 - \sigma_n^2}$ is what remains for the material. Whatever differs between the
    directions for other reasons counts as noise: $\sigma_n$ is an upper bound, $\sigma_m$ a lower one.

    ## Uncertainty
    - **Statistical.** The mean of a correlated image has as many independent values as integral ranges fit into its area. The variance of the mean is
      the spectral density at zero wavevector over the number of pixels; the density is taken from the ten longest waves of the image, which gives Student's $t$ with
      20 degrees of freedom. If offsets between scan lines dominate (F test, 0.1 %) only waves across the lines are used. Tested to cover.
      Fewer than 50 independent areas: no interval.
    - **Calibration.** Each constant with a stated error is moved by one standard error up and down and the whole image evaluated again; the effects add in squares.
      All amplitudes share one calibration, so $E \propto A^2$ there. This part is common to every image taken with the same cantilever and is kept apart.
    - Standard deviation and relative variation describe this image; they have no interval here.

    ## Assumptions and failure modes
    - One harmonic, damping by the medium as in free air, $Q$ above about 10. Low $A/A_f$ puts energy into higher harmonics. A virtual cantilever
      (`amorph_sim::oscillator`: equation of motion with three laws of dissipation) shows how much: the energy by the formula is the work of the tip force to
      0.4 % for $A/A_0$ from 0.2 to 1 at $Q = 60$, where more than 100 eV are lost; to 1.6 % where only 28 eV are; at $A/A_0 = 0.15$ the second harmonic holds
      0.5 % ($Q = 400$) to 2.5 % ($Q = 60$) of the amplitude. The virial by $\cos\varphi$ is 3 % low at $A/A_0 = 0.2$.
    - A passive sample cannot return energy: more than `max_negative_fraction` of negative pixels is refused, with the likely cause.
    - Pixels on both sides of 90°: attractive and repulsive regimes are mixed, $\sin\varphi$ folds, and percentile descriptors of the energy lose their invariance. Warned.
    - Factory placeholders ($k = 1$, $Q = 20$) count as missing.
    - Topography leaks into the phase at slopes: see `dafm.topography` and `phase = "corrected"`.

    ## References
    Cleveland, Anczykowski, Schmid, Elings, *Appl. Phys. Lett.* **72**, 2613 (1998). Lu et al., *Sci. Rep.* **6**, 29357 (2016).
    Qiao et al. (2019), section 3.3.1.
    """
    ID: ClassVar[str] = "dafm.dissipation"

    amplitude_error: Literal["measured_minus_setpoint", "setpoint_minus_measured", "ignored"] = "measured_minus_setpoint"
    form: Literal["power_balance", "lu2016", "qiao2019"] = "power_balance"
    max_free_lag_offset: Quantity = "5 deg"
    max_negative_fraction: float = 0.01
    phase: Literal["as_measured", "corrected"] = "as_measured"

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
        setpoint_amplitude: Quantity | None = None,
        amplitude_sensitivity: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `dissipation` for the arguments."""
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
                "setpoint_amplitude": setpoint_amplitude,
                "amplitude_sensitivity": amplitude_sensitivity,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def dissipation(
    data: Data,
    *,
    amplitude_error: Literal["measured_minus_setpoint", "setpoint_minus_measured", "ignored"] = "measured_minus_setpoint",
    form: Literal["power_balance", "lu2016", "qiao2019"] = "power_balance",
    max_free_lag_offset: Quantity = "5 deg",
    max_negative_fraction: float = 0.01,
    phase: Literal["as_measured", "corrected"] = "as_measured",
    phase_convention: Literal["lag", "shift_positive_repulsive", "shift_negative_repulsive"] | None = None,
    phase_reference: Literal["absolute", "free_is_90", "free_is_model"] | None = None,
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
    r"""Energy dissipated per tap (`dafm.dissipation`).

    Turns phase and amplitude images into a map of the energy that the sample takes from the tip in
    each cycle. See `Dissipation` for the method.

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
    max_free_lag_offset : Quantity, default "5 deg"
        The lag in free air may differ by this much from 90 deg for the forms that assume resonance.
    max_negative_fraction : float, default 0.01
        Share of pixels with negative energy above which the result is refused: a passive sample
        cannot return energy.
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

        - `dissipated_energy_mean` (⟨E⟩, J): mean energy dissipated per cycle
        - `dissipated_energy_sd` (σ_E, J): standard deviation of the energy over the pixels
        - `dissipated_energy_cv` (σ_E/⟨E⟩): relative variation of the energy over the pixels
        - `normalised_dissipation_mean` (⟨E*⟩): mean of E Q/(π k A A_f)
        - `fraction_attractive` (f_att): share of pixels with a lag above 90 deg
        - `fraction_negative` (f_neg): share of pixels with negative energy
        - `mean_force_virial` (V, J): mean of tip force times deflection over a cycle
        - `mean_elastic_force_qiao2019` (F, N): mean elastic force by the expression of Qiao et al.
        2019
        - `amplitude_ratio` (A/A_f): mean amplitude over the amplitude in free air
        - `mean_lag` (⟨φ⟩, deg): mean lag of the tip behind the drive
        - `dissipated_energy_noise_sd` (σ_n, J): noise of the energy, from the difference of trace
        and retrace
        - `dissipated_energy_material_sd` (σ_m, J): standard deviation of the energy without that
        noise

    References
    ----------
    - Cleveland, Anczykowski, Schmid, Elings, Appl. Phys. Lett. 72, 2613 (1998)
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.1 and equation 3.10
    """
    return Dissipation(
        amplitude_error=amplitude_error,
        form=form,
        max_free_lag_offset=max_free_lag_offset,
        max_negative_fraction=max_negative_fraction,
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
        setpoint_amplitude=setpoint_amplitude,
        amplitude_sensitivity=amplitude_sensitivity,
        channels=channels,
        after=after,
        seed=seed,
    )
