# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Tapping-mode atomic force microscopy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from .._method import Method
from .._types import After, Channels, Data, Quantity, Results, StudyResults, Truth
from ..results import Result

__all__ = [
    "Topography",
    "topography",
    "Dissipation",
    "dissipation",
    "TopographyCorrelation",
    "topography_correlation",
    "Distribution",
    "distribution",
    "DistributionsByState",
    "distributions_by_state",
    "CorrelationLength",
    "correlation_length",
    "Spectrum",
    "spectrum",
    "Anisotropy",
    "anisotropy",
    "AnisotropyByState",
    "anisotropy_by_state",
    "Regions",
    "regions",
    "Proliferation",
    "proliferation",
    "Corrugation",
    "corrugation",
    "CutoffSweep",
    "cutoff_sweep",
    "Orientation",
    "orientation",
    "OrientationBySite",
    "orientation_by_site",
    "Clusters",
    "clusters",
    "ClusterSizes",
    "cluster_sizes",
    "ActivationEnergy",
    "activation_energy",
    "ResonanceCurve",
    "resonance_curve",
    "PhaseReferenceScan",
    "phase_reference_scan",
    "FrequencyModulation",
    "frequency_modulation",
    "AmplitudeSweep",
    "amplitude_sweep",
    "Mechanism",
    "mechanism",
    "Regime",
    "regime",
    "AmplitudeDependence",
    "amplitude_dependence",
    "TwoStateEnergy",
    "two_state_energy",
]


@dataclass(frozen=True, kw_only=True)
class Topography(Method):
    r"""Topography and its leakage into the phase (`dafm.topography`).

    Levels the height, gives the roughness, and removes from the phase what height, slope and curvature explain.

    Parameters
    ----------
    degree : int, default 1
        Degree of the polynomial that is taken from the height: 1 is a plane.
    height_row_offsets : bool, default False
        Whether offsets between the rows of the height are removed (median of the differences of
        neighbouring rows).
    phase_row_offsets : bool, default False
        Whether each row of the phase has an offset of its own in the regression.
    robust : bool, default True
        Whether the background is fitted with Huber weights, so that particles and pits do not tilt
        it.
    with_amplitude_error : bool, default False
        Whether the amplitude error is a term of the regression beside height, slopes and curvature.

    Notes
    -----
    # Topography and its leakage into the phase

    ## Idea
    A tip on a slope touches with its flank, and the feedback lags behind every step: the phase image always contains some topography. Before contrast is called
    heterogeneity, what the topography explains has to be taken out, or shown to be small.

    ## Equations
    The height $z$ is freed of a polynomial background (a plane by default, Huber weights), optionally of row offsets. Then

    $$\varphi = b_0 + b_1 z + b_2 \frac{\partial z}{\partial x} + b_3 \frac{\partial z}{\partial y} + b_4 \nabla^2 z\ (+\, b_5 A_{err})\ (+\, \text{offset of the row}) + \text{residual}$$

    is fitted with Huber weights (1.345 robust standard deviations); row offsets, if asked for, are part of the same regression. Derivatives are central differences in metres, $y$ up;
    the Laplacian is the gradient of the gradient. The map `phase_corrected` is the residual plus the mean phase; `dafm.dissipation` uses it with `phase = "corrected"`.

    - $R^2$: share of the variance explained by ordinary least squares (within rows, if rows have offsets).
    - $R^2_{cv}$: the same for the 16 tiles of the image, each predicted by coefficients from the other 15. Far below $R^2$: the leakage is not the same everywhere.
    - Roughness $R_q = \sqrt{\langle (z - \langle z\rangle)^2\rangle}$ after removal of a plane, whatever `degree` is.

    ## Uncertainty
    None of these numbers has an interval: pixels are correlated, so the usual errors of a regression are far too small. $R_q$ varies between sites; that variation is its error.

    ## Assumptions and failure modes
    - Leakage is linear and the same everywhere in the image.
    - **Over-correction.** Contrast that really follows the topography (a soft phase that is worn lower) is removed as well. Always compare with and without.
    - **Feedback.** The amplitude error follows the slope, and the lag answers to it. That part of the phase is right as long as the measured amplitude enters the energy;
      the correction removes it all the same. With an amplitude map and a visible feedback error, prefer `phase = "as_measured"`.
    - A dissipation map is never row-levelled silently: row offsets shorten the correlation length.
    - The recipe cited by Lu et al. (Acta Mater. 2012) is not published with the paper; this regression replaces it.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016). Huber, *Ann. Math. Statist.* **35**, 73 (1964).
    """
    ID: ClassVar[str] = "dafm.topography"

    degree: int = 1
    height_row_offsets: bool = False
    phase_row_offsets: bool = False
    robust: bool = True
    with_amplitude_error: bool = False

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `topography` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def topography(
    data: Data,
    *,
    degree: int = 1,
    height_row_offsets: bool = False,
    phase_row_offsets: bool = False,
    robust: bool = True,
    with_amplitude_error: bool = False,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Topography and its leakage into the phase (`dafm.topography`).

    Levels the height, gives the roughness, and removes from the phase what height, slope and
    curvature explain. See `Topography` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    degree : int, default 1
        Degree of the polynomial that is taken from the height: 1 is a plane.
    height_row_offsets : bool, default False
        Whether offsets between the rows of the height are removed (median of the differences of
        neighbouring rows).
    phase_row_offsets : bool, default False
        Whether each row of the phase has an offset of its own in the regression.
    robust : bool, default True
        Whether the background is fitted with Huber weights, so that particles and pits do not tilt
        it.
    with_amplitude_error : bool, default False
        Whether the amplitude error is a term of the regression beside height, slopes and curvature.
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

        - `roughness_rms` (Rq, m): root-mean-square roughness after removal of a plane
        - `crosstalk_r2` (R²): share of the variance of the phase that the topography explains,
        least squares
        - `crosstalk_r2_cross_validated` (R²_cv): the same for tiles left out of the fit

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Huber, Ann. Math. Statist. 35, 73 (1964)
    """
    method = Topography(
        degree=degree,
        height_row_offsets=height_row_offsets,
        phase_row_offsets=phase_row_offsets,
        robust=robust,
        with_amplitude_error=with_amplitude_error,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


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
    method = Dissipation(
        amplitude_error=amplitude_error,
        form=form,
        max_free_lag_offset=max_free_lag_offset,
        max_negative_fraction=max_negative_fraction,
        phase=phase,
    )
    return method.run(
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


@dataclass(frozen=True, kw_only=True)
class TopographyCorrelation(Method):
    r"""Correlation of the dissipated energy with the topography (`dafm.topography_correlation`).

    Asks whether the energy follows the height more than maps of the same spectra do by chance.

    Parameters
    ----------
    map : str, default "dissipated_energy"
        Quantity of the map that is compared with the height, for instance `dissipated_energy` or
        `phase`.
    max_lag : Quantity | None, default None
        Longest lag that is searched, such as "20 nm"; without it 5 times the distance where the
        correlation of the map is 1/e.
    surrogates : int, default 999
        Number of surrogate maps with random phases.

    Notes
    -----
    # Correlation of the dissipated energy with the topography

    ## Idea
    "The dissipation does not follow the topography" is a claim that needs a test. Any two images of correlated fields have some correlation coefficient by chance, and the
    chance is large: neighbouring pixels say the same, so that an image of 262 144 pixels may hold only a few thousand independent ones. Here the coefficient is compared with that of
    surrogates that have exactly the spectrum of the map, but nothing to do with the height.

    ## Equations
    The height $z$ is `height_levelled` of `dafm.topography` if that was run, else `height`; a plane with Huber weights is taken from it. With both maps freed of their means,

    $$r(\mathbf d) = \frac{\sum_{\mathbf x} E(\mathbf x + \mathbf d)\, z(\mathbf x)}{\sqrt{\sum E^2 \sum z^2}}$$

    for all lags at once by Fourier transform. $r(0)$ is Pearson's coefficient; $|r|_{max}$ is the largest magnitude over $|\mathbf d| \le d_{max}$, by default five times the distance
    where the correlation of $E$ is $1/e$, and never more than a quarter of the shorter side. Lags run around the borders: at $\mathbf d$ the share $d/L$ of the pairs joins opposite sides, which
    lowers a real correlation at long lags by that share and leaves the test valid, because the surrogates are treated alike.

    A surrogate of $E$ keeps $|\tilde E(\mathbf k)|$ and has random phases (Theiler et al. 1992). Since $\tilde r = \tilde E\,\tilde z^*$, its coefficients follow from $r(\mathbf d)$ itself with random phases. With
    $n \ge 999$ surrogates

    $$p = \frac{1 + \#\{|r_s| \ge |r|\}}{n + 1}, \qquad N_{eff} = 1 + \frac{1}{\langle r_s^2(0)\rangle},$$

    and the same for $|r|_{max}$, whose $p$ thus accounts for the search over lags. $N_{eff}$ independent pixels would show the same chance correlations.

    ## Uncertainty
    The coefficients have no confidence interval: this is a test against chance, and the null band stands in the table. Sites are the replicates of a coefficient.

    ## Assumptions and failure modes
    - Both maps are stationary. A map whose correlation reaches further than a tenth of the image is refused; a trend of the map shows as such a length.
    - **A correlation is not yet leakage.** A soft phase may really be worn lower. Compare `phase = "as_measured"` and `"corrected"` of `dafm.dissipation`: the correction removes both kinds.
    - **No correlation is not yet no leakage.** Slopes leak without a correlation at lag 0; they show as a pair of opposite extremes beside it, hence $|r|_{max}$. Curvature and non-linear leakage may show in neither.
    - Missing pixels count as the mean. Holes that both maps share make the null band too narrow, at 2 % of the pixels by 2 % of its width; more are refused.
    - Two tests are made; at 5 % each, one of them warns by chance in somewhat less than a tenth of all images.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016). Theiler et al., *Physica D* **58**, 77 (1992).
    """
    ID: ClassVar[str] = "dafm.topography_correlation"

    map: str = "dissipated_energy"
    max_lag: Quantity | None = None
    surrogates: int = 999

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `topography_correlation` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def topography_correlation(
    data: Data,
    *,
    map: str = "dissipated_energy",
    max_lag: Quantity | None = None,
    surrogates: int = 999,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Correlation of the dissipated energy with the topography (`dafm.topography_correlation`).

    Asks whether the energy follows the height more than maps of the same spectra do by chance. See
    `TopographyCorrelation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    map : str, default "dissipated_energy"
        Quantity of the map that is compared with the height, for instance `dissipated_energy` or
        `phase`.
    max_lag : Quantity | None, default None
        Longest lag that is searched, such as "20 nm"; without it 5 times the distance where the
        correlation of the map is 1/e.
    surrogates : int, default 999
        Number of surrogate maps with random phases.
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

        - `corr_energy_height` (r): Pearson's correlation coefficient of energy and levelled height
        - `corr_energy_height_p` (p): share of surrogates whose coefficient is at least as large in
        magnitude
        - `corr_energy_height_n_eff` (N_eff): number of independent pixels with the same chance
        correlations
        - `corr_energy_height_max` (|r|_max): largest magnitude of the coefficient over all lags
        searched
        - `corr_energy_height_max_p` (p_max): share of surrogates whose largest magnitude is at
        least as large

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Theiler et al., Physica D 58, 77 (1992)
    """
    method = TopographyCorrelation(
        map=map,
        max_lag=max_lag,
        surrogates=surrogates,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Distribution(Method):
    r"""Distribution of the dissipated energy (`dafm.distribution`).

    Gives mean, spread, skewness and quantiles of the dissipated energy, with intervals that know of its correlation.

    Parameters
    ----------
    connectivity : int, default 4
        Neighbours that belong to one region when regions are counted level by level: 4 or 8.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is counted.
    probabilities : Sequence[float], default (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
        Probabilities of the quantiles to list.

    Notes
    -----
    # Distribution of the dissipated energy

    ## Idea
    A homogeneous sample gives a sharp, symmetric distribution of the dissipated energy; soft regions broaden it and pull a tail to high energies.
    Spread and skewness put numbers to that.

    ## Equations
    Over the pixels of one image, with $z = (E - \langle E\rangle)/\sigma_E$: mean, standard deviation $\sigma_E$ (divided by $n$), relative variation
    $\sigma_E/\langle E\rangle$, skewness $\gamma_1 = \langle z^3\rangle$, excess kurtosis $\gamma_2 = \langle z^4\rangle - 3$, quantiles, and a
    histogram with the bin width of Freedman and Diaconis.

    The table `levels` holds the map without its pixels: how many lie between each level and the next, and how many regions (of at least
    `min_pixels`, inside the image, with the border weights of `dafm.regions`) stand above each level. Regions of all levels come from one
    pass: pixels are added from the highest down and joined. Levels are multiples of a power of two between 1/256 and 1/128 of the
    interquartile range, so the levels of different images nest and states can be pooled exactly, whatever the number of images.
    `dafm.distributions_by_state` and `dafm.proliferation` are made from it.

    Where the lag is known, its spread and relative variation stand beside those of the energy. They are different quantities: that of a
    phase depends on where its zero lies. Qiao et al. (2019) set 12 % of the one beside 8 % of the other; Amorph prints both and does not compare
    them.

    ## Uncertainty
    Neighbouring pixels repeat one another. Each moment changes by the mean of its influence function over the image,

    $$\psi_{\ln\sigma} = \tfrac12(z^2-1),\qquad \psi_{\ln CV} = \tfrac12(z^2-1) - z\,\frac{\sigma_E}{\langle E\rangle},\qquad
    \psi_{\gamma_1} = z^3 - \gamma_1 - 3z - \tfrac32\gamma_1(z^2-1),$$

    which is a stationary field like the energy; the error of its mean follows from its longest waves, as in `dafm.dissipation`. The intervals are tested to cover
    for normal fields and for skewness about 1. Fewer than 50 independent areas: no interval. Kurtosis and quantiles are given without.

    ## Assumptions and failure modes
    - The site is the unit of replication. These intervals speak of one image; states are compared by their sites.
    - $\sigma_E$ contains the noise of the instrument; a silicon reference or the difference of trace and retrace tells how much
      (`dafm.distributions_by_state` takes it off).
    - A distribution far from normal (skewness above about 1) needs more area than the interval knows.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), figure 5a. Hampel, *J. Am. Stat. Assoc.* **69**, 383 (1974).
    """
    ID: ClassVar[str] = "dafm.distribution"

    connectivity: int = 4
    map: str = "dissipated_energy"
    min_pixels: int = 8
    probabilities: Sequence[float] = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `distribution` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def distribution(
    data: Data,
    *,
    connectivity: int = 4,
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    probabilities: Sequence[float] = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999),
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Distribution of the dissipated energy (`dafm.distribution`).

    Gives mean, spread, skewness and quantiles of the dissipated energy, with intervals that know of
    its correlation. See `Distribution` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    connectivity : int, default 4
        Neighbours that belong to one region when regions are counted level by level: 4 or 8.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is counted.
    probabilities : Sequence[float], default (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
        Probabilities of the quantiles to list.
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

        - `distribution_mean` (⟨E⟩, J): mean of the dissipated energy (of another map in its own
        unit)
        - `distribution_sd` (σ_E, J): standard deviation over the pixels
        - `distribution_cv` (σ_E/⟨E⟩): relative variation over the pixels
        - `distribution_skewness` (γ₁): skewness over the pixels; positive with a tail to high
        energies
        - `distribution_excess_kurtosis` (γ₂): excess kurtosis over the pixels
        - `phase_lag_sd` (σ_φ, deg): standard deviation of the lag over the pixels
        - `phase_lag_cv` (σ_φ/⟨φ⟩): relative variation of the lag: another quantity than that of the
        energy

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hampel, J. Am. Stat. Assoc. 69, 383 (1974)
    """
    method = Distribution(
        connectivity=connectivity,
        map=map,
        min_pixels=min_pixels,
        probabilities=probabilities,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class DistributionsByState(Method):
    r"""Distributions of the states (`dafm.distributions_by_state`).

    Pools the distributions of each state over its sites, takes the noise off, and tests whether the low tails agree.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the pixels of the reference that counts as high; marked in the figure.
    low_tail : float, default 0.2
        Share of the pixels of the reference that counts as its low tail.
    noise_state : str | None, default None
        State of a material without structure of its own, such as silicon: its spread is taken as
        the noise of the instrument. Where absent, the difference of trace and retrace is taken, if
        the files hold both.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.

    Notes
    -----
    # Distributions of the states

    Plastic flow and annealing change how the dissipated energy is distributed: Lu et al. (2016) find the deformed film broader and skewed to
    high energies, while the low side, the densely packed part of the glass, stays *almost intact*. This method puts the sites of each
    state together, takes the noise of the instrument off the spread, and turns "almost intact" into a number with a probability.

    ## Pooling

    Each image gives a table of levels (`dafm.distribution`), so that any number of images is pooled exactly and without their pixels. With
    $F_i(E)$ the share of the pixels of site $i$ below $E$, a state of $n$ sites has

    $$ F(E) = \frac1n \sum_i F_i(E) , $$

    every site with equal weight: the site is the unit of replication. The density is shown in bins of the width of Freedman and Diaconis,
    $2\,\mathrm{IQR}\,N^{-1/3}$, the smallest over the states and common to all, on a linear and on a logarithmic axis; the band is the standard deviation
    between sites. Mean, standard deviation, relative variation, skewness and kurtosis are averaged over sites (`...@state`); the table `pooled`
    has those of all pixels together, which contain the scatter between sites.

    ## The low tail

    For a state $a$ and the reference $b$, with $E_{20}$ the 20 % quantile of the reference,

    $$ D = \max_{E \le E_{20}} |F_a(E) - F_b(E)| , \qquad
       O = \frac{2\sum_k \min(p_{a,k}, p_{b,k})}{\sum_k (p_{a,k}+p_{b,k})} , $$

    $p_k$ being the shares in the bins below $E_{20}$. $O$ is 1 for equal and 0 for disjoint tails. Both are compared with what they become when the
    sites are divided anew between the two states: all divisions where they can be counted, random ones otherwise, $E_{20}$ each time from the
    sites that stand for the reference. If the state makes no difference the probability is uniform, whatever the correlation within an image
    and whatever the scatter between sites. Probabilities are corrected by Holm's rule over all states and both numbers.

    *No difference seen* is not *the same*. The note gives the distance that chance alone reaches in 5 % of the divisions: changes below it
    cannot be seen with these sites.

    ## The noise of the instrument

    The variance of an image is that of the material plus that of the instrument. The latter comes from a state of a material without
    structure of its own (`noise_state = "silicon"`; L16 used it the same way), or from the difference of trace and retrace over
    $\sqrt2$ (`dissipated_energy_noise_sd` of `dafm.dissipation`), an upper bound. Then

    $$ \sigma_m^2 = \langle \sigma_i^2 \rangle - \langle s^2 \rangle . $$

    The noise of a phase counts in proportion to $\partial E/\partial\varphi \propto \cos\varphi$: a reference that is tapped at a very different lag has
    another noise.

    ## Uncertainty

    - Averages over sites: Student's $t$ over the site values; three sites at least. The mean kurtosis has none: its interval is not shown to
      cover.
    - $\sigma_m$: the interval of $\sigma_m^2$ ($t$ over sites with the noise of each site, or Welch's with a reference state), and its roots.
    - $D$ and $O$ carry a probability and no interval: a distance is never negative and is pushed up by the scatter between sites.

    All intervals are tested to cover, and the permutation test to raise a false alarm no more often than it says.

    ## Assumptions and failure modes

    - All maps show the same quantity, made with the same conventions; mixed maps are refused. A calibration that differs between the
      states shifts a whole distribution and looks like physics.
    - Relative variations of the energy and of the phase are different quantities. Qiao et al. (2019) set 12 % of the one beside 8 % of the
      other; both are listed and not compared.
    - With three sites in each state no permutation probability can fall below 0.05.
    - Levels are 1/128 of an interquartile range apart at most; $D$ is exact to about 0.003.

    ## References

    Lu et al., *Sci. Rep.* **6**, 29357 (2016), figure 5a and supplementary figure 5. Qiao et al. (2019), section 3.3.2. D. Freedman,
    P. Diaconis, *Z. Wahrsch. verw. Geb.* **57**, 453 (1981).
    """
    ID: ClassVar[str] = "dafm.distributions_by_state"

    area_fraction: float = 0.05
    low_tail: float = 0.2
    noise_state: str | None = None
    permutations: int = 9999
    reference: str | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `distributions_by_state` for the arguments."""
        return self._run(
            results,
            truth=truth,
            seed=seed,
        )


def distributions_by_state(
    results: StudyResults,
    *,
    area_fraction: float = 0.05,
    low_tail: float = 0.2,
    noise_state: str | None = None,
    permutations: int = 9999,
    reference: str | None = None,
    truth: Truth | None = None,
    seed: int = 1,
) -> Result:
    r"""Distributions of the states (`dafm.distributions_by_state`).

    Pools the distributions of each state over its sites, takes the noise off, and tests whether the
    low tails agree. See `DistributionsByState` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    area_fraction : float, default 0.05
        Share of the pixels of the reference that counts as high; marked in the figure.
    low_tail : float, default 0.2
        Share of the pixels of the reference that counts as its low tail.
    noise_state : str | None, default None
        State of a material without structure of its own, such as silicon: its spread is taken as
        the noise of the instrument. Where absent, the difference of trace and retrace is taken, if
        the files hold both.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that the others are compared with; the first of the study when absent.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `distribution_mean@state` (⟨E⟩, J): mean over sites of the mean of an image
        - `distribution_sd@state` (σ_E, J): mean over sites of the standard deviation over the
        pixels
        - `distribution_cv@state` (σ_E/⟨E⟩): mean over sites of the relative variation
        - `distribution_skewness@state` (γ₁): mean over sites of the skewness
        - `distribution_excess_kurtosis@state` (γ₂): mean over sites of the excess kurtosis
        - `phase_lag_cv@state` (σ_φ/⟨φ⟩): mean over sites of the relative variation of the lag
        - `material_sd@state` (σ_m, J): standard deviation without the noise of the instrument
        - `low_tail_ks@state-reference` (D): largest difference of the distributions within the low
        tail
        - `low_tail_overlap@state-reference` (O): overlap of the low tails: 1 equal, 0 disjoint

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016), figure 5a
    - Qiao et al. (2019), review, section 3.3.2
    - D. Freedman, P. Diaconis, Z. Wahrsch. verw. Geb. 57, 453 (1981)
    """
    method = DistributionsByState(
        area_fraction=area_fraction,
        low_tail=low_tail,
        noise_state=noise_state,
        permutations=permutations,
        reference=reference,
    )
    return method.run(
        results,
        truth=truth,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class CorrelationLength(Method):
    r"""Correlation length (`dafm.correlation_length`).

    Fits a map with a stretched-exponential correlation, in frequency space and by its structure function, and gives the length with an interval that covers.

    Parameters
    ----------
    blur_sd : Quantity | None, default None
        Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then
        part of the model.
    contact_force : Quantity | None, default None
        Largest force of the tip on the sample.
    estimator : str, default "whittle"
        Which estimate is reported with its interval; the other one is given beside it.
        - `"whittle"`: Debiased Whittle likelihood: the periodogram against its exact expectation,
        mask, edges and aliasing included.
        - `"structure_function"`: Weighted least squares on the radial structure function for
        distances up to 6 correlation lengths and 4 pixels.
    exponent : str, default "free"
        Exponent of the correlation function `exp(-(r/xi)^(2 alpha))`.
        - `"free"`: Fitted.
        - `"exponential"`: Fixed at 0.5: exponential correlation.
        - `"gaussian"`: Fixed at 1: Gaussian correlation, the form printed by Lu et al. 2016.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    noise_sd : Quantity | None, default None
        Standard deviation of the white noise where it is known, such as "0.3 eV"; it is then not
        fitted.
    nugget : bool, default True
        Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens
        the correlation length.
    pixel_average : bool, default False
        Whether each pixel is an average over its area: adds a twelfth of a squared pixel to the
        variance of the blur.
    reduced_modulus : Quantity | None, default None
        Reduced modulus of tip and sample.
    rows_levelled : str, default "none"
        What was taken from every row of the map before; it shortens the correlation length and is
        accounted for.
        - `"none"`: Nothing.
        - `"offset"`: An offset.
        - `"line"`: A straight line.
        - `"parabola"`: A parabola.
    surrogates : int, default 200
        Number of surrogate images of the bootstrap.
    taper : float, default 0.1
        Share of each side, at either end, over which the window of the fit in frequency space rises
        from 0 to 1.
    tip_radius : Quantity | None, default None
        Radius of the tip; with force and modulus it bounds the blur by the contact.
    weights : str, default "relative"
        How much each distance counts in the fit of the structure function.
        - `"relative"`: Pairs over the squared structure function: equal relative errors (Cressie
        1985). Tells noise from a small exponent.
        - `"pairs"`: Number of pairs.

    Notes
    -----
    # Correlation length

    A map of dissipated energy fluctuates from place to place. Over what distance do the fluctuations know of each other? The
    correlation length $\xi$ answers that: two points further apart than a few $\xi$ are independent.

    ## The field

    The map is taken as a stationary field with the covariance

    $$ C(r) = \sigma^2 e^{-(r/\xi)^{2\alpha}} , $$

    seen through a Gaussian blur of standard deviation `blur_sd`, plus white noise of variance $s_n^2$ per pixel (the nugget).
    $\alpha$ tells how rough the field is: 0.5 is an exponential, 1 a Gaussian correlation.

    **Where the papers differ.** Lu et al. 2016 print $(r/\xi)^2$ but call it a stretched exponential; Qiao et al. 2019 have
    $(r/\xi)^{2\alpha}$. The exponent changes $\xi$, so `exponent = "free"` is the default and the choice is printed with the result;
    `"exponential"` and `"gaussian"` fix it.

    ## In frequency space (`estimator = "whittle"`)

    The periodogram $I(\mathbf k)=|\sum_{\mathbf x} g(\mathbf x)[E(\mathbf x)-\bar E]\,e^{-i\mathbf k\mathbf x}|^2/\sum g^2$ of the map seen
    through a window $g$ (mask times taper) is compared with its own expectation, which is exact: the transform of the covariance
    times the overlap of the window with itself,

    $$ \bar I(\mathbf k) = \sum_{\mathbf d} C(\mathbf d)\,\frac{\sum_{\mathbf x} g(\mathbf x)g(\mathbf x+\mathbf d)}{\sum g^2}\,e^{-i\mathbf k\mathbf d},
    \qquad \ell = -\tfrac12\sum_{\mathbf k}\Big[\ln \bar I + I/\bar I\Big] . $$

    Edges, gaps and aliasing are thereby in the model and cause no bias (Guillaumin et al. 2022). Fisher scoring with the analytic
    gradient finds $(\ln\sigma^2, \ln\xi, \alpha, s_n^2)$ in three or four steps.

    - *The mean.* It is removed, so $\mathbf k=0$ says nothing and is left out. With a mask or a taper the mean also takes a little from
      its neighbours; the expectation accounts for that to leading order.
    - *The taper* (`taper`, the share of each side over which the window rises as a cosine) costs a tenth of the precision of a rough field
      and is worth it: the edges of an untapered map throw the power of long waves over all others, which then move together.
      For $\xi=8$ px, $\alpha=0.5$ on 128 px it halves the standard error, for $\alpha=1$ it divides it by more than three.
    - *A floor* of $10^{-3}$ of the variance is added to both $I$ and $\bar I$: frequencies that a smooth field leaves empty do not count.

    ## The structure function (`estimator = "structure_function"`)

    $$ H(\mathbf d) = \langle [E(\mathbf x+\mathbf d)-E(\mathbf x)]^2 \rangle ,\qquad H(r) = 2\sigma^2\left[1-e^{-(r/\xi)^{2\alpha}}\right] + 2 s_n^2 $$

    is averaged over all pairs of usable pixels (nothing wrapped around), then over rings one pixel wide, and fitted for $r \le 6\xi + 4$
    pixels, each ring weighted by its pairs over $H^2$ (Cressie 1985), or by its pairs alone (`weights = "pairs"`). This is the way of the
    papers. Both estimates are always in the table `estimators`; a warning says so when they are more than two joint standard errors
    apart: then the map is not the field that was fitted.

    ## Uncertainty

    Surrogate images are drawn from the fitted field: circulant embedding, same pixels, mask, noise, blur and levelling; where the values are
    not Gaussian, with the distribution of the image. The score is linear in the periodogram, so each of them costs its simulation, one
    transform and two steps of Fisher scoring from the truth it was made from. The error of each, divided by its own standard error, gives
    the interval (studentised bootstrap) of $\ln\xi$, $\ln\sigma^2$ and $s_n^2$; that of $\alpha$ was found not to cover on masked and anisotropic
    maps, so that $\alpha$ has a standard error only. The interval of $\xi$ is not symmetric, since a long
    correlation length is also an uncertain one: $\mathrm{sd}(\xi)/\xi\approx 3\xi/L$ for $\alpha=0.5$ and an image of side $L$. The mean error is
    the bias; it is reported and removed from $\xi$. Images above 1024 pixels are represented by surrogates of their middle, whose errors
    are used in units of their standard errors. The structure function has the same bootstrap, through its whole pipeline, when it is the
    estimator; its standard errors come from the linearised fit. A least-squares error of $\xi$ is 4 to 20 times too small and never shown.
    `docs/coverage.md` says how often the intervals cover.

    $r_{1/e}$ and $S_{al}$ of ISO 25178 (correlation 0.2) need no model; their correlation is relative to the variance of the image, noise
    included. The integral range $I = (\pi\xi^2/\alpha)\,\Gamma(1/\alpha)$ is the area of one independent piece.

    ## What else shortens or lengthens it

    The table and figure `corrections` repeat the fit under other assumptions.

    | cause | published fit, $\xi = 4$ or 8 px on 256 px | what is done |
    |---|---|---|
    | white noise of $0.3\,\sigma$, not in the model | $-8.5\,\%$ | fitted; or given (`noise_sd`); half the variance of trace minus retrace where both are in the files |
    | blur of 1 px, $\xi$ 4 px | $+45\,\%$ | `blur_sd`; `pixel_average` adds 1/12 px²; contact radius $a=(3FR/4E^*)^{1/3}$ bounds it by $a/2$: the change is the systematic error |
    | rows levelled by an offset, a line, a parabola | $-3.9$, $-7.9$, $-12.1\,\%$ | `rows_levelled`: waves along the rows that it takes are left out, surrogates are levelled alike, the rest of the bias is removed |
    | topography in the phase | longer | fit before and after the regression on height, slopes and curvature, where `dafm.topography` was run before |
    | exponent fixed | depends | both fixed exponents beside the free one |

    Row levelling of degree $j$ leaves of the variance $\sigma^2[1-(j+1)\,2\xi\,\Gamma(1+1/2\alpha)/L_x]$, the removal of the mean
    $\sigma^2[1-I/L_xL_y]$; the notes give the corrected scatter.

    ## When it fails

    - $\xi$ above a tenth of the shorter side, or only a trend: refused, with the lower bound. Scan a larger area.
    - Neighbouring pixels uncorrelated: refused, $\xi$ is at most a pixel. Scan a smaller area.
    - An image narrower than 30 $\xi$: warned, and no interval (coverage was shown from 32 $\xi$ on). 60 $\xi$ are recommended.
    - An anisotropic map: $\xi$ is that of an isotropic field. The figure `direction` shows $H(\theta)$ with the band of isotropic surrogates;
      `structure_along_axes` has $H$ along the fast and the slow axis.
    - An exponential lag of the feedback along the fast axis is not in the model; it shows in the same figure.

    ## References

    Guillaumin, Sykulski, Olhede and Simons, J. R. Stat. Soc. B 84, 1526 (2022). Lu et al., Sci. Rep. 6, 29357 (2016). Qiao et al. (2019),
    section 3.3.2. Liu et al., Phys. Rev. Lett. 106, 125504 (2011). Cressie, Math. Geol. 17, 563 (1985). Davison and Hinkley, Bootstrap
    Methods and their Application (1997). ISO 25178-2:2021.
    """
    ID: ClassVar[str] = "dafm.correlation_length"

    blur_sd: Quantity | None = None
    contact_force: Quantity | None = None
    estimator: Literal["whittle", "structure_function"] = "whittle"
    exponent: Literal["free", "exponential", "gaussian"] = "free"
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    noise_sd: Quantity | None = None
    nugget: bool = True
    pixel_average: bool = False
    reduced_modulus: Quantity | None = None
    rows_levelled: Literal["none", "offset", "line", "parabola"] = "none"
    surrogates: int = 200
    taper: float = 0.1
    tip_radius: Quantity | None = None
    weights: Literal["relative", "pairs"] = "relative"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `correlation_length` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def correlation_length(
    data: Data,
    *,
    blur_sd: Quantity | None = None,
    contact_force: Quantity | None = None,
    estimator: Literal["whittle", "structure_function"] = "whittle",
    exponent: Literal["free", "exponential", "gaussian"] = "free",
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    noise_sd: Quantity | None = None,
    nugget: bool = True,
    pixel_average: bool = False,
    reduced_modulus: Quantity | None = None,
    rows_levelled: Literal["none", "offset", "line", "parabola"] = "none",
    surrogates: int = 200,
    taper: float = 0.1,
    tip_radius: Quantity | None = None,
    weights: Literal["relative", "pairs"] = "relative",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Correlation length (`dafm.correlation_length`).

    Fits a map with a stretched-exponential correlation, in frequency space and by its structure
    function, and gives the length with an interval that covers. See `CorrelationLength` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    blur_sd : Quantity | None, default None
        Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then
        part of the model.
    contact_force : Quantity | None, default None
        Largest force of the tip on the sample.
    estimator : str, default "whittle"
        Which estimate is reported with its interval; the other one is given beside it.
        - `"whittle"`: Debiased Whittle likelihood: the periodogram against its exact expectation,
        mask, edges and aliasing included.
        - `"structure_function"`: Weighted least squares on the radial structure function for
        distances up to 6 correlation lengths and 4 pixels.
    exponent : str, default "free"
        Exponent of the correlation function `exp(-(r/xi)^(2 alpha))`.
        - `"free"`: Fitted.
        - `"exponential"`: Fixed at 0.5: exponential correlation.
        - `"gaussian"`: Fixed at 1: Gaussian correlation, the form printed by Lu et al. 2016.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    noise_sd : Quantity | None, default None
        Standard deviation of the white noise where it is known, such as "0.3 eV"; it is then not
        fitted.
    nugget : bool, default True
        Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens
        the correlation length.
    pixel_average : bool, default False
        Whether each pixel is an average over its area: adds a twelfth of a squared pixel to the
        variance of the blur.
    reduced_modulus : Quantity | None, default None
        Reduced modulus of tip and sample.
    rows_levelled : str, default "none"
        What was taken from every row of the map before; it shortens the correlation length and is
        accounted for.
        - `"none"`: Nothing.
        - `"offset"`: An offset.
        - `"line"`: A straight line.
        - `"parabola"`: A parabola.
    surrogates : int, default 200
        Number of surrogate images of the bootstrap.
    taper : float, default 0.1
        Share of each side, at either end, over which the window of the fit in frequency space rises
        from 0 to 1.
    tip_radius : Quantity | None, default None
        Radius of the tip; with force and modulus it bounds the blur by the contact.
    weights : str, default "relative"
        How much each distance counts in the fit of the structure function.
        - `"relative"`: Pairs over the squared structure function: equal relative errors (Cressie
        1985). Tells noise from a small exponent.
        - `"pairs"`: Number of pairs.
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

        - `correlation_length` (ξ, m): distance over which the correlation falls to 1/e, bias
        removed
        - `hurst_like_exponent` (α): exponent of the correlation exp(-(r/ξ)^2α)
        - `field_sd` (σ): standard deviation of the field without noise, in the unit of the map
        - `nugget_sd` (s_n): standard deviation of the white noise, in the unit of the map
        - `trace_retrace_noise_sd` (s_tr): noise of one image by the difference of trace and
        retrace, in the unit of the map
        - `r_1e` (r_1/e, m): distance where the measured correlation is 1/e, without a model
        - `sal` (S_al, m): autocorrelation length of ISO 25178-2: distance where the measured
        correlation is 0.2
        - `integral_range` (I, m^2): integral of the correlation over the plane: the area of one
        independent piece

    References
    ----------
    - Guillaumin, Sykulski, Olhede, Simons, J. R. Stat. Soc. B 84, 1526 (2022),
    doi:10.1111/rssb.12539
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.2
    - Liu et al., Phys. Rev. Lett. 106, 125504 (2011)
    - Cressie, Math. Geol. 17, 563 (1985)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    - ISO 25178-2:2021
    """
    method = CorrelationLength(
        blur_sd=blur_sd,
        contact_force=contact_force,
        estimator=estimator,
        exponent=exponent,
        map=map,
        marginal=marginal,
        noise_sd=noise_sd,
        nugget=nugget,
        pixel_average=pixel_average,
        reduced_modulus=reduced_modulus,
        rows_levelled=rows_levelled,
        surrogates=surrogates,
        taper=taper,
        tip_radius=tip_radius,
        weights=weights,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Spectrum(Method):
    r"""Power spectrum (`dafm.spectrum`).

    Power spectral density over the plane, by wave number and by direction; a characteristic length only where a ring stands out of noise with a falling spectrum.

    Parameters
    ----------
    longest : Quantity | None, default None
        Longest wavelength of the band of S(theta), such as "40 nm"; ten correlation lengths where
        absent.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    sectors : int, default 36
        Number of sectors of S(theta) over half a turn.
    shortest : Quantity | None, default None
        Shortest wavelength of the band of S(theta); two correlation lengths where absent.
    sides : str, default "two"
        How the power is shared between k and -k in the map and the table.
        - `"two"`: Two-sided: S(k) = S(-k), the integral over the whole plane is the variance.
        - `"one"`: One-sided: doubled, on the half plane with kx >= 0, whose integral is the
        variance.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    window : str, default "hann"
        Weighting of the map before its transform.
        - `"hann"`: Product of two Hann windows: no leakage from the edges.
        - `"rectangular"`: None: every pixel counts alike, and the edges leak into the axes.

    Notes
    -----
    # Power spectrum

    A map is a sum of waves. The power spectrum says how much each contributes: by wavelength, by direction, and whether one wavelength
    stands out. It holds the same information as the structure function, sorted differently: noise is flat, scan lines lie on the axes,
    and a characteristic length is a ring.

    ## The density

    The plane is removed and the map weighted with Hann windows $w$ along both axes, which keeps its edges from leaking into the axes.
    With $n$ pixels of $\Delta x\,\Delta y$,

    $$ S(\mathbf k) = \frac{\Delta x\,\Delta y}{n\,\langle w^2\rangle}\,\Big|\sum_{\mathbf x} w(\mathbf x)\,E(\mathbf x)\,e^{-i\mathbf k\mathbf x}\Big|^2
    \;\longrightarrow\; \int C(\mathbf r)\,e^{-i\mathbf k\mathbf r}\,d^2r . $$

    $S$ is two-sided, $S(\mathbf k)=S(-\mathbf k)$, in the squared unit of the map times m², and $\int S\,d^2k/(2\pi)^2$ is the
    window-weighted variance (Parseval's theorem; the ratio of the two sides is printed). With `sides = "one"` the map of the spectrum is
    the half plane $k_x \ge 0$ and the values are doubled. Wave numbers are $k = 2\pi/\text{wavelength}$ in rad/m. Missing pixels count as
    zero, and the density is scaled up for them.

    $S(k)$ is the mean over rings and $S(\theta)$ the mean over sectors of direction, in the band of wavelengths from ten to two
    correlation lengths. Both leave out $k_x = 0$ and $k_y = 0$ together with the neighbouring lines onto which a Hann window spreads
    them: offsets of scan lines have no power anywhere else.

    ## Is there a ring?

    A mixture of two phases that decomposed with one wavelength has a ring in its spectrum; a random field with a correlation length has
    not, its spectrum falls. Any single spectrum has bumps. So the ring means are compared with the nearest falling spectrum $\bar S$
    (isotonic regression, the likelihood maximum for exponentially distributed periodograms), step by step,

    $$ D = \max_{\text{steps}}\; 2\sum_{k \in \text{step}} n_k \ln\frac{\bar S}{S_k} , $$

    and $D$ with that of at least 200 surrogates: fields with the fitted correlation, which fall, with the values, the mask and the
    analysis of the map. Below 5 % a ring is claimed, and $L = 2\pi/k_{peak}$ given, interpolated between rings; else the answer is
    "no ring" and no length is given. Since $\bar S$ may have any falling shape, a poor fit of the correlation does not make a ring.

    ## When it fails

    - No stationary field fits (a trend, or a correlation length above a tenth of the image): the spectrum is shown, the test is not made.
    - A ring at wavelengths above a third of the image or within the noise is not seen. One image in twenty without a ring shows one.
    - Regular scan-line disturbance (mains hum) is a spot, not a ring; look at the plane before believing a length.
    - Two lengths in one image: the more significant one is reported.

    ## References

    ISO 25178-2:2021. Press et al., Numerical Recipes, section 13.4. Robertson, Wright and Dykstra, Order Restricted Statistical Inference
    (1988).
    """
    ID: ClassVar[str] = "dafm.spectrum"

    longest: Quantity | None = None
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    sectors: int = 36
    shortest: Quantity | None = None
    sides: Literal["two", "one"] = "two"
    surrogates: int = 200
    window: Literal["hann", "rectangular"] = "hann"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `spectrum` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def spectrum(
    data: Data,
    *,
    longest: Quantity | None = None,
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    sectors: int = 36,
    shortest: Quantity | None = None,
    sides: Literal["two", "one"] = "two",
    surrogates: int = 200,
    window: Literal["hann", "rectangular"] = "hann",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Power spectrum (`dafm.spectrum`).

    Power spectral density over the plane, by wave number and by direction; a characteristic length
    only where a ring stands out of noise with a falling spectrum. See `Spectrum` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    longest : Quantity | None, default None
        Longest wavelength of the band of S(theta), such as "40 nm"; ten correlation lengths where
        absent.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    sectors : int, default 36
        Number of sectors of S(theta) over half a turn.
    shortest : Quantity | None, default None
        Shortest wavelength of the band of S(theta); two correlation lengths where absent.
    sides : str, default "two"
        How the power is shared between k and -k in the map and the table.
        - `"two"`: Two-sided: S(k) = S(-k), the integral over the whole plane is the variance.
        - `"one"`: One-sided: doubled, on the half plane with kx >= 0, whose integral is the
        variance.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    window : str, default "hann"
        Weighting of the map before its transform.
        - `"hann"`: Product of two Hann windows: no leakage from the edges.
        - `"rectangular"`: None: every pixel counts alike, and the edges leak into the axes.
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

        - `spectral_variance` (σ_S²): integral of the spectrum: window-weighted variance about the
        plane, in SI
        - `spectral_ring_p` (p_ring): probability of such a departure from a falling spectrum in
        noise without a ring
        - `spectral_ring_length` (L, m): wavelength 2 π/k of the ring, where there is one
        - `spectral_ring_ratio` (S_ring): density on the ring over that of the nearest falling
        spectrum

    References
    ----------
    - ISO 25178-2:2021, areal power spectral density
    - Press et al., Numerical Recipes, section 13.4: windows
    - Robertson, Wright and Dykstra, Order Restricted Statistical Inference (1988)
    """
    method = Spectrum(
        longest=longest,
        map=map,
        marginal=marginal,
        sectors=sectors,
        shortest=shortest,
        sides=sides,
        surrogates=surrogates,
        window=window,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Anisotropy(Method):
    r"""Anisotropy (`dafm.anisotropy`).

    Correlation ellipse, second moments and multipoles of the spectrum against isotropic noise, with warnings where scanning makes the same.

    Parameters
    ----------
    longest : Quantity | None, default None
        Longest wavelength of the spectral band, such as "40 nm"; ten correlation lengths where
        absent.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    pair : str, default "phase"
        Quantity whose trace and retrace are compared, where the files hold both.
    shortest : Quantity | None, default None
        Shortest wavelength of the spectral band; two correlation lengths where absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model, and again of the bootstrap.

    Notes
    -----
    # Anisotropy

    Are the fluctuations of a map longer in one direction than in another? After plastic flow they may be: Lu et al. 2016 report an
    inclination of the pattern that follows the load. But every finite image of an isotropic glass has some longest direction, and a
    microscope that drifts, lags or streaks makes one. So the question is asked three times: how long and how inclined is the correlation
    ellipse, would isotropic noise show as much, and could scanning have done it?

    ## The ellipse

    The structure function is fitted with an elliptical distance,

    $$ H(\mathbf d) = 2\sigma^2\left[1-e^{-s^{2\alpha}}\right]+2s_n^2 ,\qquad
    s^2 = \frac{r^2}{\xi^2}\left[\cosh\varepsilon-\sinh\varepsilon\,\cos 2(\varphi-\theta)\right] , $$

    $\xi=\sqrt{\xi_1\xi_2}$, $\varepsilon=\ln(\xi_1/\xi_2)$, $\theta$ the direction of the long axis, counted from $+x$ to $+y$ (up). What is
    fitted is the vector $\boldsymbol\varepsilon=\varepsilon\,(\cos 2\theta, \sin 2\theta)$, which is as smooth at the isotropic field as
    anywhere else. Lags along the scan axes are left out: there are the offsets of scan lines. Each lag counts as its pairs over $H^2$ and
    over $r^3$, because long lags are many and say the same.

    ## The spectrum

    In the band of wavelengths from ten to two correlation lengths, without the lines $k_x=0$ and $k_y=0$ and their neighbours,

    $$ a_2=\left|\Big\langle e^{2i\theta}\,\frac{S(\mathbf k)}{\bar S(k)}\Big\rangle\right|,\qquad
    a_4=\left|\Big\langle e^{4i\theta}\,\frac{S(\mathbf k)}{\bar S(k)}\Big\rangle\right| , $$

    with $\bar S(k)$ the mean of the ring. Without this division, as $|\sum S e^{2i\theta}|/\sum S$, the few longest waves, where the
    spectrum is highest, decide alone: a response that lags by two thirds of $\xi$ was then noticed in three of eight maps. The
    ellipse of second moments is given as well. Structure is long where its spectrum is short: the long axis given is that of the structure.

    ## Against isotropic noise

    At least 200 isotropic fields with the correlation, the values and the mask of the map are analysed alike. The probabilities count how
    many have a vector $\boldsymbol\varepsilon$, $a_2 e^{2i\theta}$ or $a_4e^{4i\theta}$ as far from the mean of all, which frame and mask may shift from zero.

    ## Uncertainty

    Another 200 fields are drawn from the fitted ellipse and fitted; the deviation of each from its truth is divided by its own linearised
    standard error. A fitted aspect is always above 1, most of all when the truth is 1, so an interval around it would never contain the
    truth of an isotropic glass. Instead the distribution is inverted: for every deviation $\boldsymbol\delta$ the true
    $\varepsilon_0\ge0$ with $|\varepsilon_0\mathbf u+\boldsymbol\delta|=\hat\varepsilon$ is computed ($\mathbf u$ the fitted direction). The
    median of these is the estimate (half of all isotropic maps give exactly 1), their 2.5 and 97.5 % quantiles are the interval, which begins
    at 1 where isotropy is possible. The direction has Fieller's interval: all directions to which $\hat{\boldsymbol\varepsilon}$ is not
    significantly inclined. Direction and lengths along the axes get an interval only where isotropy is rejected at 5 %; before that
    the axes are chance. `docs/coverage.md` says how often the intervals cover.

    Directions are axes, 179° is next to 1°: they are flagged `axial` and never averaged as numbers. `dafm.anisotropy_by_state` takes
    $\boldsymbol\varepsilon$ from all images of a state.

    ## What scanning does

    | cause | what it makes | what is done |
    |---|---|---|
    | offsets of scan lines | power at $k_x = 0$ | left out, exactly |
    | 1/f noise in a line, lag of the response | an ellipse along the fast axis | warning within 10° of an axis; with trace and retrace the lag is measured |
    | drift along the slow axis | stretch: an ellipse along an axis | the same warning; measured with trace and retrace |
    | drift along the fast axis | shear: an ellipse along a diagonal | warning within 10° of a diagonal; measured |

    Trace and retrace pass a pixel at times that differ by a line's time at one edge and not at all at the other. Their displacement,
    found by least squares from the gradient of their mean, therefore has a part that grows with that time, the drift, and a constant part,
    twice the lag. The ellipse that the drift makes of an isotropic glass is $\boldsymbol\varepsilon=(\delta,-\gamma)$ with $\gamma$ the shear and
    $\delta$ the stretch; where the rest is within isotropic noise, the drift explains the anisotropy, and a warning says so. Without a pair
    of directions, only a second scan turned by 90° tells: what belongs to the glass turns with it.

    ## When it fails

    - No stationary field fits: refused.
    - An image narrower than 30 $\xi_1$: values without intervals.
    - A round tip blurs every direction alike and makes the aspect smaller: below $\xi_2 \approx 10$ times the blur it is a lower bound.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Fieller, J. R. Stat. Soc. B 16, 175 (1954). Davison and Hinkley, Bootstrap Methods and their
    Application (1997).
    """
    ID: ClassVar[str] = "dafm.anisotropy"

    longest: Quantity | None = None
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    pair: str = "phase"
    shortest: Quantity | None = None
    surrogates: int = 200

    def run(
        self,
        data: Data,
        *,
        scan_angle: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anisotropy` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_angle": scan_angle,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def anisotropy(
    data: Data,
    *,
    longest: Quantity | None = None,
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    pair: str = "phase",
    shortest: Quantity | None = None,
    surrogates: int = 200,
    scan_angle: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Anisotropy (`dafm.anisotropy`).

    Correlation ellipse, second moments and multipoles of the spectrum against isotropic noise, with
    warnings where scanning makes the same. See `Anisotropy` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    longest : Quantity | None, default None
        Longest wavelength of the spectral band, such as "40 nm"; ten correlation lengths where
        absent.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    marginal : str, default "auto"
        Distribution of the values of the surrogates.
        - `"auto"`: That of the image where it is far from Gaussian (skewness beyond 0.3 or excess
        kurtosis beyond 0.5), else Gaussian.
        - `"gaussian"`: Gaussian.
        - `"image"`: That of the image: a Gaussian field with the correlation of the image's normal
        scores, transformed value by value.
    pair : str, default "phase"
        Quantity whose trace and retrace are compared, where the files hold both.
    shortest : Quantity | None, default None
        Shortest wavelength of the spectral band; two correlation lengths where absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model, and again of the bootstrap.
    scan_angle : Quantity, in deg
        direction of the fast scan axis (x of the image) on the sample, counter-clockwise from the
        sample's x axis; tells what turns with the sample from what the scanner makes. Found:
        Asylum: note key ScanAngle; Bruker/Veeco: Rotate Ang.; 0 where the scan was not rotated.
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

        - `anisotropy_aspect` (ξ1/ξ2): ratio of the correlation lengths along the principal axes; at
        least 1
        - `anisotropy_p` (p_ξ): probability of such an ellipse in isotropic noise
        - `anisotropy_angle` (θ, deg): direction of the long axis from +x towards +y (up), modulo
        180 deg
        - `xi_major` (ξ1, m): correlation length along the long axis
        - `xi_minor` (ξ2, m): correlation length along the short axis
        - `anisotropy_e1` (ε cos 2θ): ln(ξ1/ξ2) cos 2θ: positive along the fast axis, negative along
        the slow one
        - `anisotropy_e2` (ε sin 2θ): ln(ξ1/ξ2) sin 2θ: positive along the rising diagonal, negative
        along the falling one
        - `a2` (a2): quadrupole of the spectrum in the band, |<e^2iθ S/S_ring>|
        - `a2_p` (p_2): probability of such a quadrupole in isotropic noise
        - `a4` (a4): four-fold part of the spectrum in the band, |<e^4iθ S/S_ring>|
        - `a4_p` (p_4): probability of such a four-fold part in isotropic noise
        - `spectral_aspect` (k1/k2): ratio of the axes of the ellipse of second moments of the
        spectrum in the band
        - `spectral_angle` (θ_S, deg): direction of the long axis of the structure by these second
        moments
        - `trace_retrace_lag` (ℓ, m): how far the trace lies behind the surface along the fast axis,
        half the shift of the retrace
        - `drift_shear` (γ): shear of the image by drift along the fast axis, from trace and retrace
        - `drift_stretch` (δ): stretch of the slow axis by drift along it, from trace and retrace

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    """
    method = Anisotropy(
        longest=longest,
        map=map,
        marginal=marginal,
        pair=pair,
        shortest=shortest,
        surrogates=surrogates,
    )
    return method.run(
        data,
        scan_angle=scan_angle,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class AnisotropyByState(Method):
    r"""Anisotropy of a state (`dafm.anisotropy_by_state`).

    Direction and aspect common to the images of a state, sites as replicates; scans turned against the specimen tell glass from scanner.

    Notes
    -----
    # Anisotropy of a state

    One image has a direction by chance, or by drift. A state has one if its sites agree. Directions are axes: 179° and 1° are neighbours and
    their mean is 0°, not 90°. So nothing here averages angles. Each image gives a vector with twice its angle,

    $$ \boldsymbol\varepsilon_j = \ln\frac{\xi_1}{\xi_2}\,e^{2i\theta_j} , $$

    long for an elongated pattern, near zero for an isotropic one, and the vectors are averaged.

    ## Glass and scanner

    A scan whose fast axis lies at $\varphi_j$ in the specimen (`scan_angle`) sees the glass turned by $-\varphi_j$, and its own distortions as
    always. Where the sites of a state were scanned at two or more angles,

    $$ \boldsymbol\varepsilon_j = \mathbf g\,e^{-2i\varphi_j} + \mathbf s $$

    is solved by least squares: $\mathbf g$ belongs to the glass, $\mathbf s$ to the scanner. With a turn of 90° this is half the difference and half the
    sum. With one scan angle only the sum of both is known, and a warning says so.

    ## Uncertainty

    The scatter of the vectors about the fit, the same along both components, gives the errors; sites are the replicates. The probability is
    that of the $F$ test with $2$ and $2(n-1)$ (turned scans: $2(n-2)$) degrees of freedom. The interval of the direction is Fieller's, all
    directions to which the mean is not significantly inclined by Student's $t$; it is shown where a common direction is significant. The
    aspect is the exponential of the length of the vector, which is always above zero; its distribution is inverted, so that the
    interval begins at 1 where there may be no direction. Site scatter in units of normal errors is assumed.

    Two scans of one spot are not two sites: their sampling errors are equal, and the errors given here are too small by up to $\sqrt2$.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Mardia and Jupp, Directional Statistics (2000). Fieller, J. R. Stat. Soc. B 16, 175 (1954).
    """
    ID: ClassVar[str] = "dafm.anisotropy_by_state"

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anisotropy_by_state` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def anisotropy_by_state(
    results: Results,
    *,
    seed: int = 1,
) -> Result:
    r"""Anisotropy of a state (`dafm.anisotropy_by_state`).

    Direction and aspect common to the images of a state, sites as replicates; scans turned against
    the specimen tell glass from scanner. See `AnisotropyByState` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `anisotropy_aspect` (ξ1/ξ2): aspect common to the images, at least 1
        - `anisotropy_angle` (θ, deg): direction of the long axis in the specimen, from +x to +y,
        modulo 180 deg
        - `anisotropy_p` (p): probability of so much in common without a direction
        - `scanner_aspect` (): aspect that stays with the scanner when the specimen turns
        - `scanner_p` (): probability of so much in common without an influence of the scanner

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Mardia and Jupp, Directional Statistics (2000), section 1.3: axial data
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    """
    method = AnisotropyByState()
    return method.run(
        results,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Regions(Method):
    r"""Regions of high dissipation (`dafm.regions`).

    Finds the regions above a threshold and asks whether noise with the same correlation would look different.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".

    Notes
    -----
    # Regions of high dissipation

    Where a metallic glass dissipates most, it is thought to be softest. This method draws a line around the brightest part of a map,
    measures the regions inside, and then asks the question that decides everything: **would plain noise look different?**

    ## Finding regions

    The threshold is the level above which 5 % of the area lies (`mode = "area"`), or above which the pixels hold 5 % of the summed
    energy (`"energy"`, the other reading of Lu et al. 2016, figure 5), or a value (`"absolute"`). Pixels above it that share an edge
    (or a corner, `connectivity = 8`) belong together. The outline runs between pixels where the map crosses the threshold (linear
    interpolation); area $A$, centre and second moments $\mu$ follow from it by Green's theorem. With
    $\lambda_{1,2} = \tfrac12(\mu_{xx}+\mu_{yy}) \pm \sqrt{\tfrac14(\mu_{xx}-\mu_{yy})^2+\mu_{xy}^2}$,

    $$ D_{\max,\min} = 4\sqrt{\lambda_{1,2}},\qquad a = \sqrt{\lambda_1/\lambda_2},\qquad
    \theta = \tfrac12\,\mathrm{atan2}(2\mu_{xy},\,\mu_{xx}-\mu_{yy}),\qquad R_{eq} = \sqrt{A/\pi} . $$

    `outline = "pixel"` takes the pixels as points instead, `"pixel_box"` as squares ($p^2/12$ added along each axis); of a true ellipse
    of aspect 1.9 and $R_{eq}$ = 2 pixels they give 2.6 % too much and 3.2 % too little.

    Regions of fewer than 8 pixels are not measured: their shape is that of the grid. A table gives the results for 4, 8 and 16 pixels, each with
    its null model. The *bounding lengths* of Qiao et al. 2019 are given as well: the sides of the rectangle of least area around the outline, in
    any direction, and the largest and smallest width between parallel lines (Feret), found by turning along the convex hull.
    Regions that touch the border are cut and are left out; since large ones touch it more often, the others are weighted by
    $L_xL_y/[(L_x-w_x)(L_y-w_y)]$, with $w$ their widths.

    The orientation of an axis is the same at $\theta$ and $\theta+180°$, so angles are doubled: $S_2 = |\langle e^{2i\theta}\rangle|$
    is 0 for random and 1 for parallel regions.

    ## The null model

    An *isotropic* Gaussian field has elongated islands above a threshold: their mean aspect ratio is 1.7 to 1.9 for islands of 8 or more
    pixels, which is what Lu et al. report for the as-deposited film. The radius grows with the correlation length, so it is no
    independent evidence either. Therefore every result stands beside 200 or more surrogate maps: isotropic Gaussian fields with the
    stretched-exponential correlation fitted to the map (`dafm.correlation_length`; here to its normal scores), given the values of the
    map rank by rank, with the same mask, threshold, smallest size and outline. The table `null_comparison` has the mean of the
    surrogates, the band that holds 95 % of them, and the two-sided probability

    $$ p = 2\,\frac{1+\min(n_{\ge},n_{\le})}{n+1} $$

    of a value as extreme as that of the map. A value inside the band is *not distinguishable from isotropic noise with the same
    correlation*. The surrogates take the fitted correlation as exact, so a $p$ just below 0.05 is weak evidence. Several numbers are
    compared: one of five falls below 0.05 by chance in up to a quarter of all maps.

    ## Uncertainty

    The surrogates also tell how exactly one image knows the mean over all images of its kind. For a mean over regions with its own standard
    error $s$ (regions taken as independent), each surrogate gives $t^* = (m^* - \langle m^*\rangle)/s^*$, and the 95 % interval is
    $m - t^*_{0.975}\,s \ldots m - t^*_{0.025}\,s$: a studentised parametric bootstrap. The surrogates supply what $s$ misses (regions of one image
    share its area), while $s$ comes from the map itself, so that a map of regions more varied than those of isotropic noise has a wider interval.
    Counts are treated by their square roots. Measured coverage: `docs/coverage.md`.

    At a given threshold (`absolute`) the area above it fluctuates from image to image, and its share gets the interval (by the logarithm of its
    odds, from Gaussian surrogates that keep their own values); the means over regions get none there. In the other modes the share of the area
    is a choice or follows from the values. The order of the orientations cannot be negative and is only compared with its band; directions are
    the subject of `dafm.orientation`.

    None of these intervals knows how sites differ: for a state it comes from the scatter between sites (`compare.states`). The null band is no
    interval of the value.

    ## When it fails

    - Fewer than 20 regions: the count is given, no word on shape, size or orientation.
    - No stationary field fits (a trend, or a correlation length above a tenth of the image): no null model, and this is said.
    - The threshold relative to the image (`area`, `energy`) hides a change of the mean: use `absolute` to compare states.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016), figure 5. Qiao et al. (2019), section 3.3.3. Miles, in: Stochastic Geometry (1974), for the
    border weights. Freeman and Shapira, Commun. ACM 18, 409 (1975), for the rectangle. Davison and Hinkley, Bootstrap Methods and their
    Application (1997), section 5.2.1.
    """
    ID: ClassVar[str] = "dafm.regions"

    area_fraction: float = 0.05
    connectivity: int = 4
    map: str = "dissipated_energy"
    min_pixels: int = 8
    mode: Literal["area", "energy", "absolute"] = "area"
    outline: Literal["contour", "pixel", "pixel_box"] = "contour"
    surrogates: int = 200
    threshold: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `regions` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def regions(
    data: Data,
    *,
    area_fraction: float = 0.05,
    connectivity: int = 4,
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    mode: Literal["area", "energy", "absolute"] = "area",
    outline: Literal["contour", "pixel", "pixel_box"] = "contour",
    surrogates: int = 200,
    threshold: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Regions of high dissipation (`dafm.regions`).

    Finds the regions above a threshold and asks whether noise with the same correlation would look
    different. See `Regions` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".
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

        - `hdr_count` (N): regions of at least the smallest size that do not touch the border
        - `hdr_area_fraction` (A_f): share of the area above the threshold
        - `hdr_aspect` (a): mean aspect ratio of the ellipse of equal moments
        - `hdr_req` (R_eq, m): mean radius of the circle of equal area
        - `hdr_req_by_area` (R_eq,A, m): the same, weighted by area
        - `hdr_aspect_by_area` (a_A): mean aspect ratio weighted by area
        - `hdr_bounding_length` (L_b, m): mean long side of the least bounding rectangle
        - `hdr_bounding_width` (W_b, m): mean short side of the least bounding rectangle
        - `hdr_feret_max` (F_max, m): mean largest width between parallel lines
        - `hdr_feret_min` (F_min, m): mean smallest width between parallel lines
        - `hdr_angle_order` (S_2): length of the mean vector of doubled angles: 0 isotropic, 1
        parallel

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.3
    - Miles, in: Stochastic Geometry (1974): border weights
    - Freeman and Shapira, Commun. ACM 18, 409 (1975): least bounding rectangle
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    """
    method = Regions(
        area_fraction=area_fraction,
        connectivity=connectivity,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        outline=outline,
        surrogates=surrogates,
        threshold=threshold,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Proliferation(Method):
    r"""Proliferation of regions of high dissipation (`dafm.proliferation`).

    Asks whether a state has more area and more regions above one absolute level than the reference state.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the pixels of the reference, all sites together, that lies above the level.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that gives the level and that the others are compared with; the first of the study
        when absent.
    threshold : Quantity | None, default None
        The level itself, such as "60 eV", instead of a share of the reference.

    Notes
    -----
    # Proliferation of regions of high dissipation

    Plastic flow is said to *produce more* regions of high dissipation (Lu et al. 2016). A threshold relative to each image cannot show it: the
    brightest 5 % are 5 % of every image. Here the level is one absolute value for all states: the one above which a share of all
    pixels of the **reference** state lies (5 %), its sites taken together, or a value that is given.

    ## What is counted

    For every site the share of the area above the level, $A_f$, and the number of regions per area, $n$ (of at least `min_pixels` of
    `dafm.distribution`, inside the image, with the border weights of `dafm.regions`). Both come from the level tables of `dafm.distribution`,
    so the level can be chosen after all images were analysed, and images need not be held together.

    $$ A_f = \frac1N\sum_i A_{f,i},\qquad \text{ratio} = \frac{A_f(\text{state})}{A_f(\text{reference})} . $$

    ## Uncertainty

    The site is the unit of replication. Means have Student's $t$ interval. The level is found from the reference itself, and its error reaches
    both states: where the state has more pixels near the level it does not cancel in the difference (taken as exact, the interval of a doubled
    area covered in 91 % of 2000 trials of five sites). Therefore each site of the reference is left out once and the level found again without
    it; with $\theta$ the difference or the logarithm of the ratio,

    $$ \mathrm{SE}^2(\theta) = \mathrm{SE}_s^2 + \frac{n_r-1}{n_r}\sum_i (\theta_{(i)} - \bar\theta_{(\cdot)})^2 , $$

    and Student's $t$ with the degrees of freedom of Welch and Satterthwaite. A bootstrap over five sites would give intervals that are too
    short. The permutation test divides the sites anew between the two states and finds the level again from those that stand for the
    reference; its probabilities are corrected by Holm's rule over states and both counts. The interval of a state alone is that above the
    level found, whose own error it does not contain.

    ## Assumptions and failure modes

    - Calibration is the same for all states. An error of the spring constant between two sessions looks like proliferation.
    - A shift of the whole distribution raises $A_f$ as well as new regions do: look at `dafm.distributions_by_state` and at the figure against the
      level.
    - More area need not be more regions: regions that grow together are counted once. That is why both are given.
    - Fewer than two sites in a state: not compared. Nothing above the level: no ratio.

    ## References

    Lu et al., *Sci. Rep.* **6**, 29357 (2016). B. L. Welch, *Biometrika* **34**, 28 (1947). S. Holm, *Scand. J. Stat.* **6**, 65 (1979).
    """
    ID: ClassVar[str] = "dafm.proliferation"

    area_fraction: float = 0.05
    permutations: int = 9999
    reference: str | None = None
    threshold: Quantity | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `proliferation` for the arguments."""
        return self._run(
            results,
            truth=truth,
            seed=seed,
        )


def proliferation(
    results: StudyResults,
    *,
    area_fraction: float = 0.05,
    permutations: int = 9999,
    reference: str | None = None,
    threshold: Quantity | None = None,
    truth: Truth | None = None,
    seed: int = 1,
) -> Result:
    r"""Proliferation of regions of high dissipation (`dafm.proliferation`).

    Asks whether a state has more area and more regions above one absolute level than the reference
    state. See `Proliferation` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    area_fraction : float, default 0.05
        Share of the pixels of the reference, all sites together, that lies above the level.
    permutations : int, default 9999
        Number of random permutations of sites, where not all can be tried.
    reference : str | None, default None
        State that gives the level and that the others are compared with; the first of the study
        when absent.
    threshold : Quantity | None, default None
        The level itself, such as "60 eV", instead of a share of the reference.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `hdr_area_fraction@state` (A_f): share of the area above the level, mean over sites
        - `hdr_number_density@state` (n, 1/m^2): regions per area above the level, mean over sites
        - `hdr_area_fraction@state-reference` (ΔA_f): difference of the area fractions
        - `hdr_number_density@state-reference` (Δn, 1/m^2): difference of the number densities
        - `hdr_area_ratio@state-reference` (A_f/A_f,0): ratio of the area fractions
        - `hdr_number_ratio@state-reference` (n/n_0): ratio of the number densities

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    - S. Holm, Scand. J. Stat. 6, 65 (1979)
    """
    method = Proliferation(
        area_fraction=area_fraction,
        permutations=permutations,
        reference=reference,
        threshold=threshold,
    )
    return method.run(
        results,
        truth=truth,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Corrugation(Method):
    r"""Corrugation of fracture surfaces (`dafm.corrugation`).

    Finds the period of the corrugation of a mirror zone along and across the crack, or says that the spectrum has no peak.

    Parameters
    ----------
    blocks : int, default 16
        Blocks of neighbouring lines that the bootstrap draws.
    crack_direction : Quantity | None, default None
        Direction in which the crack ran, from +x (right) towards +y (up), such as "30 deg"; has no
        default.
    map : str, default "height"
        Quantity of the map.
    meniscus_length : tuple[Quantity, Quantity], default ("0.1 nm", "0.4 nm")
        Lowest and highest length δ of that model.
    replicates : int, default 1000
        Number of bootstrap replicates.
    surface_energy : Quantity, default "1 J/m^2"
        Surface energy γ of the meniscus model.
    surrogates : int, default 1000
        Number of spectra of the null model.
    youngs_modulus : tuple[Quantity, Quantity], default ("40 GPa", "70 GPa")
        Lowest and highest Young's modulus; the ideal strength is a tenth of it.

    Notes
    -----
    # Corrugation of fracture surfaces

    ## Idea
    The mirror zone of a fracture surface of a brittle metallic glass looks smooth, but is corrugated on a scale of 50 to 100 nm: 65 nm in a Dy-based, 92 nm in a
    Mg-based glass (Qiao et al. 2019, section 5.3). A corrugation is a peak of the height spectrum in the direction of the crack; a random rough surface has a
    spectrum that only falls. So: the peak, its period and amplitude, and the question whether a falling spectrum would show one as high.

    ## Equations
    A plane and a quadratic bow are taken off. Lines along the crack (and across it) get a Hann window; their one-sided densities $S(f)$ are averaged. The
    peak lies at the vertex of a parabola through $\ln S$ of the bins above half its height, so between the bins:
    $$\lambda = \frac1{f_p},\qquad A = \sqrt{2\int_{peak}[S(f)-S_b(f)]\,df},\qquad Q = \frac{f_p}{\Delta f}$$
    $A$ is the amplitude of a sine of the same power, $S_b$ the background between the feet of the peak, $\Delta f$ the full width at half height (the window alone
    has 1.4 bins, read off between bins up to 2). Lines in an oblique direction are read by linear interpolation from the largest square that fits when turned. Two checks without interval: the first maximum of the autocorrelation, and
    the mean distance of crossings in smoothed profiles.

    ## Null model
    The falling function closest to $\ln S$ (pooled adjacent violators) is the spectrum without a ring; the scatter between blocks of lines gives its degrees of freedom,
    and 1000 spectra are drawn from it. The statistic is the largest ratio of a bin to its own falling fit, over all periods from five per line to four pixels. Unless at most 5 % of the
    draws stand out as far, no period is claimed. The band in the figure is that ratio.

    ## Uncertainty
    Lines beside each other cut the same crests. Their coherence at the peak gives the number of independent lines, $n/(1+2\sum|\rho_j|^2)$; blocks of at least two of these, 16 at
    most, are drawn with replacement, and the standard errors of $\ln\lambda$ and $\ln A$ get Student's quantile for the number of blocks. Crests so long that fewer than 8
    blocks are left (a perfect grating) give no interval: one map of them is one sample.

    ## The meniscus model does not explain it
    Equation 5.7 of the review, $\lambda = 2\pi\sqrt{\gamma\delta/\sigma_{th}}$ with $\gamma$ = 1 J/m², $\delta$ = 0.1 to 0.4 nm, $\sigma_{th} = E/10$ and $E$ = 40 to 70 GPa,
    gives **0.75 to 2.0 nm**, not 65 or 92 nm. To reach these it needs $\delta$ = 0.43 to 0.75 µm and 0.86 to 1.50 µm, a thousand interatomic distances; the review prints the
    formula beside the observed periods as if they agreed. The table `meniscus_model` computes both, also for your map.

    ## Assumptions and failure modes
    - The direction of the crack has no default: it cannot be read from the map without assuming the answer.
    - Fewer than five periods in a line are not told from bow and drift; they are not looked for.
    - Scan-line noise adds power across the fast axis at all low frequencies; a peak only across the fast axis needs a second scan, turned by 90 deg.
    - Feedback ringing is periodic too: it keeps its period in *time*; scan at another speed.
    - The claim is about one direction at a time; two are tested, so one map in ten shows a ring by chance in one of them.

    ## References
    Qiao et al. (2019), review, section 5.3. Wang et al., *Phys. Rev. Lett.* **98**, 235501 (2007). Barlow, Bartholomew, Bremner, Brunk, *Statistical Inference under Order
    Restrictions* (1972).
    """
    ID: ClassVar[str] = "dafm.corrugation"

    blocks: int = 16
    crack_direction: Quantity | None = None
    map: str = "height"
    meniscus_length: tuple[Quantity, Quantity] = ("0.1 nm", "0.4 nm")
    replicates: int = 1000
    surface_energy: Quantity = "1 J/m^2"
    surrogates: int = 1000
    youngs_modulus: tuple[Quantity, Quantity] = ("40 GPa", "70 GPa")

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `corrugation` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def corrugation(
    data: Data,
    *,
    blocks: int = 16,
    crack_direction: Quantity | None = None,
    map: str = "height",
    meniscus_length: tuple[Quantity, Quantity] = ("0.1 nm", "0.4 nm"),
    replicates: int = 1000,
    surface_energy: Quantity = "1 J/m^2",
    surrogates: int = 1000,
    youngs_modulus: tuple[Quantity, Quantity] = ("40 GPa", "70 GPa"),
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Corrugation of fracture surfaces (`dafm.corrugation`).

    Finds the period of the corrugation of a mirror zone along and across the crack, or says that
    the spectrum has no peak. See `Corrugation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    blocks : int, default 16
        Blocks of neighbouring lines that the bootstrap draws.
    crack_direction : Quantity | None, default None
        Direction in which the crack ran, from +x (right) towards +y (up), such as "30 deg"; has no
        default.
    map : str, default "height"
        Quantity of the map.
    meniscus_length : tuple[Quantity, Quantity], default ("0.1 nm", "0.4 nm")
        Lowest and highest length δ of that model.
    replicates : int, default 1000
        Number of bootstrap replicates.
    surface_energy : Quantity, default "1 J/m^2"
        Surface energy γ of the meniscus model.
    surrogates : int, default 1000
        Number of spectra of the null model.
    youngs_modulus : tuple[Quantity, Quantity], default ("40 GPa", "70 GPa")
        Lowest and highest Young's modulus; the ideal strength is a tenth of it.
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

        - `corrugation_period` (λ, m): period along the crack
        - `corrugation_amplitude` (A, m): amplitude of the sine of the same power, along the crack
        - `corrugation_quality` (f/Δf): frequency over full width of the peak, along the crack
        - `corrugation_period_across` (λ_⊥, m): period across the crack
        - `corrugation_amplitude_across` (A_⊥, m): amplitude across the crack
        - `corrugation_quality_across` (f/Δf_⊥): frequency over full width of the peak, across the
        crack
        - `autocorrelation_period` (λ_acf, m): first maximum of the autocorrelation of the lines
        - `profile_period` (λ_z, m): mean distance of crossings of the mean in smoothed profiles
        - `meniscus_length_needed` (δ, m): length that the meniscus model needs for the period, at
        mean modulus

    References
    ----------
    - Qiao et al. (2019), review, section 5.3 and equation 5.7
    - Wang et al., Phys. Rev. Lett. 98, 235501 (2007)
    - Barlow et al., Statistical Inference under Order Restrictions (1972)
    """
    method = Corrugation(
        blocks=blocks,
        crack_direction=crack_direction,
        map=map,
        meniscus_length=meniscus_length,
        replicates=replicates,
        surface_energy=surface_energy,
        surrogates=surrogates,
        youngs_modulus=youngs_modulus,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class CutoffSweep(Method):
    r"""Regions against the cut-off (`dafm.cutoff_sweep`).

    Repeats the search for regions at a series of cut-offs and tests whether their shape depends on the cut-off.

    Parameters
    ----------
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    cutoffs : Sequence[float], default (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
        The cut-offs: shares that count as high, rising.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        What the cut-offs are shares of.
        - `"area"`: The area.
        - `"energy"`: The sum of all values.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    tolerance : float, default 0.1
        Relative change of the mean aspect ratio over the whole sweep below which it counts as
        independent of the cut-off.

    Notes
    -----
    # Regions against the cut-off

    The regions of high dissipation are cut out of a map at a level that nobody knows: 5 % of the area by habit. Lu et al. 2016 say that
    their results do not depend on it. Here that statement is tested: the search of `dafm.regions` is repeated at a series of cut-offs $P_c$
    (1 to 20 % of the area, or of the summed energy with `mode = "energy"`), and at each of them the mean aspect ratio, the mean radius
    $R_{eq}$ (by number and by area) and the number of regions stand beside the null model.

    ## Why a null model here

    In plain isotropic noise all of these depend on the cut-off. Islands above a high level are small caps of single maxima; with a
    falling level they grow, merge and branch, which changes their mean size and aspect ratio, and their number first rises and then falls. A curve through the points is therefore no finding; the distance to the band of noise is. The surrogates are those of
    `dafm.regions`: isotropic Gaussian fields with the fitted correlation and the values of the map rank by rank, same mask, same smallest
    size, one search per surrogate and cut-off.

    ## The test

    The slope of the mean aspect ratio $a$ against $\ln P_c$,

    $$ b = \frac{\sum_k w_k\,(x_k-\bar x)\,a_k}{\sum_k w_k\,(x_k-\bar x)^2},\qquad x_k = \ln P_{c,k}, $$

    with $w_k$ the mean number of regions in noise (fixed weights: the variance of $a_k$ goes with its inverse), over the cut-offs where the
    map has at least 20 regions. Three answers follow:

    - the change $b\,\ln(P_{max}/P_{min})/\bar a$ of the aspect ratio over the sweep with its 95 % interval: *independent of the cut-off* is
      said where the interval lies within ±10 % (`tolerance`), *dependent* where it excludes zero and reaches beyond, else neither;
    - the excess $b - \langle b\rangle_{noise}$ with its interval, and the two-sided probability of $b$ among the surrogates: whether the
      dependence is another one than that of noise;
    - for each number one probability over all cut-offs: the largest deviation from the mean of noise in standard deviations, compared with
      the largest deviation of each surrogate. Nine cut-offs of one map are nearly one measurement, and nine separate $p$ would mislead.

    The same is done for the exponent $d\ln R_{eq}/d\ln P_c$.

    ## Uncertainty

    The points of one map share most of their pixels, so that no formula gives the error of $b$. The surrogates do: each has its own $b^*$ and
    its own naive standard error $s^*$ (cut-offs and regions taken as independent), and the quantiles of
    $t^* = (b^* - \langle b^*\rangle)/s^*$ make the interval $b - t^*_{0.975}\,s \ldots b - t^*_{0.025}\,s$. Because it is studentised, maps whose
    regions scatter more in shape than those of isotropic noise get a wider interval. Measured coverage: `docs/coverage.md`.

    ## When it fails

    - Fewer than three cut-offs with 20 regions: numbers are shown, no slope is given.
    - No stationary field fits: values without band, and this is said.
    - Towards high shares the regions merge, and near half of the area one of them spans the map, touches the border and is left out: keep
      $P_c$ at or below 20 %.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1.
    """
    ID: ClassVar[str] = "dafm.cutoff_sweep"

    connectivity: int = 4
    cutoffs: Sequence[float] = (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
    map: str = "dissipated_energy"
    min_pixels: int = 8
    mode: Literal["area", "energy"] = "area"
    outline: Literal["contour", "pixel", "pixel_box"] = "contour"
    surrogates: int = 200
    tolerance: float = 0.1

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cutoff_sweep` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def cutoff_sweep(
    data: Data,
    *,
    connectivity: int = 4,
    cutoffs: Sequence[float] = (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2),
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    mode: Literal["area", "energy"] = "area",
    outline: Literal["contour", "pixel", "pixel_box"] = "contour",
    surrogates: int = 200,
    tolerance: float = 0.1,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Regions against the cut-off (`dafm.cutoff_sweep`).

    Repeats the search for regions at a series of cut-offs and tests whether their shape depends on
    the cut-off. See `CutoffSweep` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    cutoffs : Sequence[float], default (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
        The cut-offs: shares that count as high, rising.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        What the cut-offs are shares of.
        - `"area"`: The area.
        - `"energy"`: The sum of all values.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    tolerance : float, default 0.1
        Relative change of the mean aspect ratio over the whole sweep below which it counts as
        independent of the cut-off.
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

        - `hdr_aspect_slope` (da/dlnP): slope of the mean aspect ratio against the logarithm of the
        cut-off
        - `hdr_aspect_slope_excess` (Δ(da/dlnP)): the same minus its mean in isotropic noise with
        the same correlation
        - `hdr_aspect_change` (Δa/a): relative change of the mean aspect ratio from the lowest to
        the highest cut-off
        - `hdr_req_exponent` (dlnR/dlnP): slope of the logarithm of the mean equivalent radius
        against that of the cut-off
        - `hdr_req_exponent_excess` (Δ(dlnR/dlnP)): the same minus its mean in isotropic noise with
        the same correlation

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    """
    method = CutoffSweep(
        connectivity=connectivity,
        cutoffs=cutoffs,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        outline=outline,
        surrogates=surrogates,
        tolerance=tolerance,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Orientation(Method):
    r"""Orientation of the regions (`dafm.orientation`).

    Tests whether regions of high dissipation prefer a direction, or ±45 degrees to a principal direction, more than noise does.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    bins : int, default 18
        Bins of the rose, over 180 degrees.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    principal_direction : Quantity | None, default None
        Direction of the principal stress on the sample, such as "30 deg", counter-clockwise from
        its x axis; without it there is no test of alignment at 45 degrees.
    scan_axes : str, default "keep"
        Whether regions along the scan axes count in the results.
        - `"keep"`: They count; a warning is given where they are more than in noise.
        - `"exclude"`: They are left out, of the map and of the null model.
    scan_axis_tolerance : Quantity, default "5 deg"
        How near to the fast or slow scan axis a region lies along it.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".

    Notes
    -----
    # Orientation of the regions

    If regions of high dissipation are the places where a glass yields, a shear stress should align them: each event relaxes the stress around
    it by a quadrupole $\propto\cos 4\theta/r^2$, and loads its neighbours at $\pm45°$ to the principal direction, along the planes of greatest
    shear. Lu et al. 2016 look for that in dissipation maps. This method asks two questions of the long axes of the regions of `dafm.regions`:
    do they prefer any direction, and do they prefer $\pm45°$ to a given one?

    ## Axes

    An axis at $\theta$ is the same as at $\theta+180°$. Angles are therefore doubled before they are averaged, and an angle in the
    $[-180°,180°]$ of Qiao et al. 2019 is folded to $[0°,180°)$. With border weights $w_i$ (see `dafm.regions`),

    $$ \mathbf m_2 = \frac{\sum_i w_i\,(\cos 2\theta_i, \sin 2\theta_i)}{\sum_i w_i},\qquad S = |\mathbf m_2|,\qquad
    \bar\theta = \tfrac12\,\mathrm{atan2}(m_{2y}, m_{2x}), $$

    and about a principal direction $\theta_0$ (`principal_direction`)

    $$ S_2 = \langle\cos 2(\theta-\theta_0)\rangle,\qquad S_4 = \langle\cos 4(\theta-\theta_0)\rangle . $$

    $S_2$ tells parallel (1) from across (−1). Regions at $+45°$ and $-45°$ cancel in $S_2$, but not in $S_4$, which is −1 for them and +1 for
    regions along or across $\theta_0$. The **45-degree test** is therefore one-sided in $S_4$:

    $$ \Delta S_{45} = \langle S_4\rangle_{noise} - S_4 > 0, $$

    and $f_{45}$, the share of regions within 22.5° of $\theta_0\pm45°$, says the same in plain words (one half without preference).

    Angles count on the sample: the constant `scan_angle`, the direction of the fast axis, is added to those of the image.

    ## Null model

    On a grid of pixels isotropic noise is not isotropic: the axes of small regions prefer the rows, the columns and the diagonals. No formula
    knows of that, nor of a mask. The surrogates of `dafm.regions` (isotropic fields with the fitted correlation and the values of the map,
    same mask, threshold and smallest size) go through the same steps, and give

    - a Rayleigh test: the distance of $\mathbf m_2$ from its mean in noise;
    - a chi-square test of the histogram of angles against the mean histogram of noise, sensitive to more than one preferred direction;
    - two-sided tests of $S_2$ and $S_4$, one-sided ones of $\Delta S_{45}$ and $f_{45}$,

    with $p = (1 + n_{\ge})/(n+1)$ one-sided and twice the smaller tail two-sided. Rayleigh's $p$ by the book is in a note, for comparison.

    ## The scan axes

    Drift, line noise and feedback align regions with the fast axis or across it. The share of regions within 5° of either is compared with
    noise, and a warning says when it is too large. All tests are also given without these regions (of the map and of the surrogates; table
    `tests`), and `scan_axes = "exclude"` takes the results from there. Better still is to scan the same sample rotated by 90° as well and to
    state `scan_angle`: what belongs to the sample turns in the image, what belongs to the microscope does not. `dafm.orientation_by_site`
    compares the two.

    ## Uncertainty

    $\bar\theta$ is given where the Rayleigh test has $p < 0.05$. Its interval holds the directions across which the component of $\mathbf m_2$ is
    not significantly different from zero (Fieller 1954), with the covariance of the mean over regions, times the factor by which surrogates
    scatter more than independent regions would. The intervals of $S_2$, $S_4$, $\Delta S_{45}$ and $f_{45}$ are studentised parametric bootstraps,
    as in `dafm.regions`. They hold for the field that was imaged once; whether another site agrees is asked by `dafm.orientation_by_site`.
    Measured coverage: `docs/coverage.md`. Because $\bar\theta$ is given only after a significant test, weakly aligned maps show it rarely.

    ## When it fails

    - Fewer than 20 regions: their axes are listed, nothing is tested.
    - No stationary field fits: no null model, hence no statement.
    - Several tests on one map: one in twenty is below 0.05 by chance. The 45-degree test is meant for a $\theta_0$ that was known before.
    - Pixels that are not square, and regions of few pixels: the null model corrects the tests, not $\bar\theta$; raise `min_pixels`.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Qiao et al. (2019), section 3.3.3. Mardia and Jupp, Directional Statistics (2000). Fieller, J. R. Stat.
    Soc. B 16, 175 (1954). Picard et al., Eur. Phys. J. E 15, 371 (2004): the quadrupole of a plastic event.
    """
    ID: ClassVar[str] = "dafm.orientation"

    area_fraction: float = 0.05
    bins: int = 18
    connectivity: int = 4
    map: str = "dissipated_energy"
    min_pixels: int = 8
    mode: Literal["area", "energy", "absolute"] = "area"
    outline: Literal["contour", "pixel", "pixel_box"] = "contour"
    principal_direction: Quantity | None = None
    scan_axes: Literal["keep", "exclude"] = "keep"
    scan_axis_tolerance: Quantity = "5 deg"
    surrogates: int = 200
    threshold: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        scan_angle: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `orientation` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_angle": scan_angle,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def orientation(
    data: Data,
    *,
    area_fraction: float = 0.05,
    bins: int = 18,
    connectivity: int = 4,
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    mode: Literal["area", "energy", "absolute"] = "area",
    outline: Literal["contour", "pixel", "pixel_box"] = "contour",
    principal_direction: Quantity | None = None,
    scan_axes: Literal["keep", "exclude"] = "keep",
    scan_axis_tolerance: Quantity = "5 deg",
    surrogates: int = 200,
    threshold: Quantity | None = None,
    scan_angle: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Orientation of the regions (`dafm.orientation`).

    Tests whether regions of high dissipation prefer a direction, or ±45 degrees to a principal
    direction, more than noise does. See `Orientation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    bins : int, default 18
        Bins of the rose, over 180 degrees.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    principal_direction : Quantity | None, default None
        Direction of the principal stress on the sample, such as "30 deg", counter-clockwise from
        its x axis; without it there is no test of alignment at 45 degrees.
    scan_axes : str, default "keep"
        Whether regions along the scan axes count in the results.
        - `"keep"`: They count; a warning is given where they are more than in noise.
        - `"exclude"`: They are left out, of the map and of the null model.
    scan_axis_tolerance : Quantity, default "5 deg"
        How near to the fast or slow scan axis a region lies along it.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".
    scan_angle : Quantity, in deg
        direction of the fast scan axis (x of the image) on the sample, counter-clockwise from the
        sample's x axis; tells what turns with the sample from what the scanner makes. Found:
        Asylum: note key ScanAngle; Bruker/Veeco: Rotate Ang.; 0 where the scan was not rotated.
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

        - `hdr_axial_order` (S): length of the mean vector of doubled angles: 0 no preferred axis, 1
        parallel
        - `hdr_mean_axis` (θ, deg): preferred axis on the sample, counter-clockwise from its x axis,
        in [0, 180)
        - `hdr_s2` (S₂): mean of cos 2(θ - θ0) about the principal direction θ0
        - `hdr_s4` (S₄): mean of cos 4(θ - θ0) about the principal direction θ0
        - `hdr_45_excess` (ΔS₄₅): mean of cos 4(θ - θ0) in noise minus that of the map: above 0
        where regions prefer ±45 deg
        - `hdr_45_share` (f₄₅): share of regions nearer to θ0 ± 45 deg than to θ0 and the direction
        across

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.3
    - Mardia and Jupp, Directional Statistics (2000), sections 6.3 and 9.4
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    """
    method = Orientation(
        area_fraction=area_fraction,
        bins=bins,
        connectivity=connectivity,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        outline=outline,
        principal_direction=principal_direction,
        scan_axes=scan_axes,
        scan_axis_tolerance=scan_axis_tolerance,
        surrogates=surrogates,
        threshold=threshold,
    )
    return method.run(
        data,
        scan_angle=scan_angle,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class OrientationBySite(Method):
    r"""Orientation of the regions of a state (`dafm.orientation_by_site`).

    Asks whether the sites of a state agree on a preferred axis, or on ±45 degrees to a principal direction.

    Parameters
    ----------
    rotation_min : Quantity, default "45 deg"
        By how much the scans of two sites must be rotated against each other to tell the sample
        from the microscope.

    Notes
    -----
    # Orientation of the regions of a state

    One image has one orientation, and many pixels do not make it more than one. Whether the regions of high dissipation of a *state* of a glass
    prefer a direction is decided by its sites: do they agree?

    ## The mean vector

    Each site gives the mean vector $\mathbf m = (\langle\cos 2\theta\rangle, \langle\sin 2\theta\rangle)$ of the doubled angles of its regions
    (`dafm.orientation`), of which the mean in isotropic noise on the same pixels is subtracted. Without a preferred axis these vectors scatter
    around zero. Hotelling's test compares their mean $\bar{\mathbf m}$ with the covariance $\mathsf C$ of that mean, taken from the scatter
    between the $n$ sites:

    $$ T^2 = \bar{\mathbf m}^{\mathsf T}\,\mathsf C^{-1}\,\bar{\mathbf m},\qquad p = \left(1 + \frac{T^2}{n-1}\right)^{-(n-2)/2}. $$

    It allows correlated components, needs no number of regions, and is exact for normally scattered sites; vectors that are means over tens of
    regions are nearly normal. With three sites only strong agreement is significant.

    Where $p < 0.05$ the preferred axis $\bar\theta = \tfrac12\mathrm{atan2}(\bar m_y, \bar m_x)$ is given. Its interval holds all directions across
    which the mean vector has no significant component (Fieller's theorem with Student's $t$, $n-1$ degrees of freedom).

    ## 45 degrees

    If `dafm.orientation` knew a principal direction, its $S_2$, $S_4$, 45-degree excess $\Delta S_{45}$ and share $f_{45}$ are averaged over the
    sites, with Student's interval and a $t$ test: two-sided for $S_2$ and $S_4$, one-sided for an excess at 45 degrees. $\Delta S_{45}$ is already
    relative to noise; $S_4$ and $f_{45}$ still contain the small pull of the pixels.

    ## Sample or microscope

    Drift and line noise align regions too, but with the scan. Scan some sites rotated by 90° and state `scan_angle`: on the sample, an axis of the
    material is the same at all sites and an artefact turns; in the image it is the other way round. If two scans differ by at least
    `rotation_min` (45°), the same test is made in both frames, and a note says which of the two holds the axis.

    ## When it fails

    - Fewer than three sites with an orientation: refused.
    - Sites that differ in principal direction (different places around an indent): count `scan_angle` of each measurement from the principal
      direction of its site, and set `principal_direction = "0 deg"`; axes are then compared relative to the stress.
    - All scans in one direction: an axis cannot be assigned to the sample, and this is said.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Mardia, Kent and Bibby, Multivariate Analysis (1979), section 5.2. Fieller, J. R. Stat. Soc. B 16, 175
    (1954).
    """
    ID: ClassVar[str] = "dafm.orientation_by_site"

    rotation_min: Quantity = "45 deg"

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `orientation_by_site` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def orientation_by_site(
    results: Results,
    *,
    rotation_min: Quantity = "45 deg",
    seed: int = 1,
) -> Result:
    r"""Orientation of the regions of a state (`dafm.orientation_by_site`).

    Asks whether the sites of a state agree on a preferred axis, or on ±45 degrees to a principal
    direction. See `OrientationBySite` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    rotation_min : Quantity, default "45 deg"
        By how much the scans of two sites must be rotated against each other to tell the sample
        from the microscope.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `hdr_axial_order` (S): length of the mean over sites of the vectors of doubled angles,
        that of noise subtracted
        - `hdr_mean_axis` (θ, deg): preferred axis on the sample, counter-clockwise from its x axis
        - `hdr_s2` (S₂): mean over sites of <cos 2(θ - θ0)>
        - `hdr_s4` (S₄): mean over sites of <cos 4(θ - θ0)>
        - `hdr_45_excess` (ΔS₄₅): mean over sites of the excess of regions at 45 deg to the
        principal direction
        - `hdr_45_share` (f₄₅): mean over sites of the share of regions nearer to θ0 ± 45 deg than
        to θ0 and across

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Mardia, Kent and Bibby, Multivariate Analysis (1979), section 5.2: Hotelling's test
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    """
    method = OrientationBySite(
        rotation_min=rotation_min,
    )
    return method.run(
        results,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Clusters(Method):
    r"""Dense clusters (`dafm.clusters`).

    Finds the densely packed clusters of low dissipation, fits the law of their sizes, and asks whether they percolate.

    Parameters
    ----------
    area_fraction : float, default 0.5
        Share of the area that counts as dense in mode `area`.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    level : Quantity, default "0.45"
        The level of mode `absolute`; 0.45 of the normalised dissipation is that of Qiao et al.
        2019.
    map : str, default "normalised_dissipation"
        Quantity of the map, for instance `normalised_dissipation`.
    min_pixels : int, default 8
        Least number of pixels of a cluster whose size counts.
    mode : str, default "absolute"
        How the level is chosen.
        - `"absolute"`: A given value.
        - `"area"`: The lowest share of the area.
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model.

    Notes
    -----
    # Dense clusters

    Where little is dissipated the glass is densely packed. Qiao et al. (2019) take the pixels whose normalised dissipation
    $E^* = E Q/(\pi k A A_f)$ is at most 0.45 as dense, look at the clusters they form, find their sizes distributed as a power law
    with an exponent of about 1.7, and speak of percolation. This method does the same, and then asks the question that decides what it means: **what would plain
    noise with the same correlation do?**

    ## Finding clusters

    A pixel is dense if the map is at or below the `level` (mode `absolute`), or among the lowest share of the area (mode `area`). Dense
    pixels that share an edge (or a corner, `connectivity = 8`) form a cluster; its size is the radius of the circle of equal area,
    $R = \sqrt{A/\pi}$. Clusters that touch the border are cut and are left out; the others stand for $L_xL_y/[(L_x-w_x)(L_y-w_y)]$ clusters of
    their widths $w$. The number of clusters at least as large as $R$ is

    $$ N(\ge R) = \sum_{R_i \ge R} w_i ; $$

    the table `size_histogram` has the counts in bins as well, also divided by the width of the bin.

    ## The law of sizes

    Above a smallest radius the sizes are described by

    $$ f(R) \propto R^{-\alpha}\,e^{-R/R_c}, \qquad N(\ge R) \sim R^{-(\alpha-1)}\ \text{for}\ R \ll R_c , $$

    fitted by maximum likelihood with the border weights (core::stats::power_law, the machinery of `events.size_distribution`). $R_\mathrm{min}$
    is given as `r_min`, or is the radius at which the largest distance between the cumulated distributions of clusters and law is
    smallest. Pixels make sizes discrete: an area is known to a pixel. Only clusters of at least `min_pixels` count, and the lower end
    of the range lies half a pixel of area below the smallest; the smallest radius and its number of pixels are printed. From 8 pixels on the
    steps of $R$ are below 6 % and the exponent is off by less than 0.02.

    Two rivals are fitted above the same radius, a Gaussian and a log-normal, and set against the power law by Vuong's ratio. Both contain limits of a
    power law or an exponential, and over less than a decade the three are often not told apart: this is then what is said.

    ## Percolation

    A cluster spans if it reaches from side to side along $x$, $y$ or both. The largest cluster, wherever it lies, has a share of the dense area and a
    box dimension: the slope of $\ln N$ against $\ln[(L-1)/b + 1]$, with $N$ the number of boxes of side $b$ that cover it (mean over eight
    positions of the grid), $b$ from 2 pixels to a quarter of its extent $L$. Against $\ln(1/b)$ the boxes that stand over the edge would take
    up to a tenth off a filled square; like this a line has 1.00, a filled square 2.01, Sierpinski's carpet 1.89 (exact 1.893) and his
    triangle 1.62 (1.585). The range is printed, with the slopes between neighbouring sides; below a decade the number describes
    this cluster and shows no fractal.

    ## The null model

    Every number stands beside 200 or more surrogates, isotropic Gaussian fields with the correlation and the values of the map (as in
    `dafm.regions`), with the same level, smallest size and choice of $R_\mathrm{min}$. Level sets of such fields have broad size distributions and
    percolate when about half of the area is dense (0.41 to 0.59 for uncorrelated pixels, depending on the neighbourhood), so neither an exponent
    near 1.7 nor a spanning cluster speaks of the material unless the surrogates lack it.

    ## Uncertainty

    - With a given `r_min`: profile-likelihood intervals of $\alpha$ and $R_c$, tested on planted clusters through the whole pipeline.
    - With a chosen $R_\mathrm{min}$ no interval: the choice is not in the likelihood. `dafm.cluster_sizes` gives the interval between sites.
    - Shares, flags and dimension of one image have no interval; the scatter between sites gives it.

    ## When it fails

    - No pixel, or every pixel, below the level: refused, with the range of the map.
    - Fewer than 50 clusters above the smallest radius: no law. Pool the sites of the state.
    - A map without a stationary field: no null model, and this is said.
    - $E^*$ depends on amplitude and phase reference; the level 0.45 has no meaning for another tip or set point. Mode `area` has one.

    ## References

    Qiao et al. (2019), section 3.3.3. A. Clauset, C. R. Shalizi, M. E. J. Newman, *SIAM Rev.* **51**, 661 (2009). Q. H. Vuong,
    *Econometrica* **57**, 307 (1989).
    """
    ID: ClassVar[str] = "dafm.clusters"

    area_fraction: float = 0.5
    connectivity: int = 4
    level: Quantity = "0.45"
    map: str = "normalised_dissipation"
    min_pixels: int = 8
    mode: Literal["absolute", "area"] = "absolute"
    r_min: Quantity | None = None
    surrogates: int = 200

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `clusters` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def clusters(
    data: Data,
    *,
    area_fraction: float = 0.5,
    connectivity: int = 4,
    level: Quantity = "0.45",
    map: str = "normalised_dissipation",
    min_pixels: int = 8,
    mode: Literal["absolute", "area"] = "absolute",
    r_min: Quantity | None = None,
    surrogates: int = 200,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Dense clusters (`dafm.clusters`).

    Finds the densely packed clusters of low dissipation, fits the law of their sizes, and asks
    whether they percolate. See `Clusters` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    area_fraction : float, default 0.5
        Share of the area that counts as dense in mode `area`.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    level : Quantity, default "0.45"
        The level of mode `absolute`; 0.45 of the normalised dissipation is that of Qiao et al.
        2019.
    map : str, default "normalised_dissipation"
        Quantity of the map, for instance `normalised_dissipation`.
    min_pixels : int, default 8
        Least number of pixels of a cluster whose size counts.
    mode : str, default "absolute"
        How the level is chosen.
        - `"absolute"`: A given value.
        - `"area"`: The lowest share of the area.
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
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

        - `dense_area_fraction` (A_d): share of the area at or below the level
        - `dense_cluster_count` (N): clusters of at least the smallest size that do not touch the
        border
        - `cluster_exponent` (α): exponent of the size distribution R^-α exp(-R/R_c)
        - `cluster_cutoff` (R_c, m): cut-off of the size distribution
        - `cluster_cutoff_lower_bound` (R_c, m): one-sided 95 % lower bound where the cut-off is not
        identified
        - `cluster_r_min` (R_min, m): smallest radius that is fitted
        - `spans_x` (P_x): 1 if one cluster reaches from left to right
        - `spans_y` (P_y): 1 if one cluster reaches from top to bottom
        - `spans_both` (P_xy): 1 if one cluster does both
        - `largest_cluster_fraction` (P_∞): share of the dense area in the largest cluster
        - `box_dimension` (D_b): box dimension of the largest cluster

    References
    ----------
    - Qiao et al. (2019), review, section 3.3.3
    - A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111
    - Q. H. Vuong, Econometrica 57, 307 (1989), doi:10.2307/1912557
    """
    method = Clusters(
        area_fraction=area_fraction,
        connectivity=connectivity,
        level=level,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        r_min=r_min,
        surrogates=surrogates,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class ClusterSizes(Method):
    r"""Cluster sizes of a state (`dafm.cluster_sizes`).

    Fits one law to the cluster sizes of all sites of a state, with intervals from the scatter between sites.

    Parameters
    ----------
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.

    Notes
    -----
    # Cluster sizes of a state

    One image holds too few clusters for a law of their sizes, and clusters of one image are no independent samples of a state. This method puts the
    clusters of all sites of a state together (`dafm.clusters` finds and measures them) and fits one law,

    $$ f(R) \propto R^{-\alpha}\,e^{-R/R_c}, \qquad R \ge R_\mathrm{min}, \qquad N(\ge R) \sim R^{-(\alpha-1)}\ \text{for}\ R \ll R_c , $$

    by maximum likelihood, each cluster with the border weight of `dafm.clusters`. $R_\mathrm{min}$ is given, or is the radius at which the largest
    distance between the cumulated distributions of clusters and law is smallest. Gaussian and log-normal laws above the same
    $R_\mathrm{min}$ are set against it by Vuong's ratio.

    ## Uncertainty

    The site is the unit of replication. Each site is left out once, at the same $R_\mathrm{min}$; the jackknife error of $\alpha$ and $\ln R_c$ times the
    quantile of Student's $t$ with one degree of freedom less than there are sites gives the interval. Resampling sites with replacement
    (the bootstrap) gives intervals that are too short for five to ten sites: a resample of five sites holds three or four different ones.
    The choice of $R_\mathrm{min}$ is not in the interval: give `r_min` where states are compared.

    Box dimension and share of the largest cluster are averaged over sites with Student's $t$; the share of spanned sites has the exact binomial
    interval of Clopper and Pearson.

    ## Assumptions and failure modes

    - All images have the same level and comparable pixels: the smallest radius is that of the coarsest.
    - Fewer than 50 clusters above $R_\mathrm{min}$ in all: refused. Fewer than five sites: no interval.
    - A site without a cut-off makes $\ln R_c$ infinite: the cut-off is then given without an interval.
    - Percolating clusters touch the border and are not among the sizes; they are reported as spanning.
    - Noise with the same correlation has clusters, and a law of their sizes, too: compare with the exponent of the surrogates before
      reading a mechanism into $\alpha \approx 1.7$.

    ## References

    Qiao et al. (2019), section 3.3.3. B. Efron, C. Stein, *Ann. Stat.* **9**, 586 (1981).
    """
    ID: ClassVar[str] = "dafm.cluster_sizes"

    r_min: Quantity | None = None

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cluster_sizes` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def cluster_sizes(
    results: Results,
    *,
    r_min: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Cluster sizes of a state (`dafm.cluster_sizes`).

    Fits one law to the cluster sizes of all sites of a state, with intervals from the scatter
    between sites. See `ClusterSizes` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    r_min : Quantity | None, default None
        Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are
        closest when absent.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `state_cluster_exponent` (α): exponent of R^-α exp(-R/R_c) over all sites
        - `state_cluster_cutoff` (R_c, m): cut-off radius over all sites
        - `state_cluster_r_min` (R_min, m): smallest radius that is fitted
        - `state_box_dimension` (D_b): mean box dimension of the largest clusters
        - `state_largest_cluster_fraction` (P_∞): mean share of the dense area in the largest
        cluster
        - `spanning_share` (P_xy): share of the sites that one cluster spans along x and y

    References
    ----------
    - Qiao et al. (2019), review, section 3.3.3
    - B. Efron, C. Stein, Ann. Stat. 9, 586 (1981): jackknife
    """
    method = ClusterSizes(
        r_min=r_min,
    )
    return method.run(
        results,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class ActivationEnergy(Method):
    r"""Activation energy from the correlation length (`dafm.activation_energy`).

    Reads the correlation length of a state as the size of a thermally bounded plastic event and gives its energy.

    Parameters
    ----------
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω of the event; with `measurement_frequency` it gives a barrier of its
        own, kT ln(2ω/f).
    dimensions : Sequence[int], default (2, 3)
        Dimensions of the event to report: 2 (localised into planes), 3, or both.
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ; the default is the value that Lu et al. 2016 assume.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment, for comparison and for the dimension.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.

    Notes
    -----
    # Activation energy from the correlation length

    ## Idea
    A plastic event of $N$ particles in a glass costs less energy per particle the larger it is: $\Delta U = \varepsilon N^{a-1}$ with $a \approx 0.4$ in
    simulations. It can spread until thermal agitation erases it, $\Delta U = k_B T$. The size at which this happens is read from the map of dissipated energy as its
    correlation length $\xi$; so $\xi$ measures $\varepsilon$.

    ## Equations
    $$N^* = \left(\frac{\varepsilon}{k_BT}\right)^{\frac{1}{1-a}},\qquad l = \lambda\left(\frac{\varepsilon}{k_BT}\right)^{\frac{1}{d(1-a)}},\qquad
    \varepsilon = k_BT\left(\frac{l}{\lambda}\right)^{d(1-a)}$$

    $d$ is 2 for events localised into planes and 3 otherwise; both are reported. $\lambda$ = 1 nm and $a$ = 0.4 are the values of Lu et al. 2016.

    Two states of one material need no $\lambda$: see `dafm.two_state_energy`. With an energy known otherwise, $d = \ln(\varepsilon/k_BT)\,/\,[(1-a)\ln(l/\lambda)]$.

    A barrier depends on how long one waits: $\Delta G = k_BT\ln(2\omega/f)$ with attempt frequency $\omega$, and between frequencies
    $\Delta G_2 = \Delta G_1 - k_BT\ln(f_2/f_1)$: 0.62 eV at 1 kHz is 0.50 eV at 100 kHz and 298 K. Energies of different techniques are only comparable after this conversion.

    ## Uncertainty
    Three sites or more: the mean of $\ln\xi$ and its Student interval between sites. Fewer: the intervals of the images themselves, with a warning.
    $\varepsilon$ rises with $\xi$ throughout, so the ends of the interval of $\xi$ give those of $\varepsilon$ and its coverage is kept. To first order
    $s_\varepsilon/\varepsilon = d(1-a)\,s_\xi/\xi$. The errors of $\lambda$ (times $d(1-a)$) and of $T$ are systematic and kept apart.

    ## Assumptions and failure modes
    - The number rests on one power law and one assumed length: it is flagged `model_dependent`. A factor of 1.3 in $\lambda$ is a factor of 1.6 ($d=3$) in $\varepsilon$.
    - "Very good agreement" in Lu et al. is a ratio of 1.27 ($d=3$, 5.20 against 4.10 nm) and 1.22 ($d=2$, 11.87 against 9.70 nm) at 0.5 eV; the table
      `length_at_energy` gives the ratios for your state. With $\lambda$ = 0.8 nm both agree within 3 %.
    - A correlation length that is really the tip radius, or the noise, has an energy too. Look at the notes of `dafm.correlation_length` first.
    - Whether events are two- or three-dimensional is not decided by the map.
    - $\xi < \lambda$ would give $\varepsilon < k_BT$: warned.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), equation 1 and Table 1. Hentschel, Karmakar, Lerner, Procaccia, *Phys. Rev. Lett.* **104**, 025501 (2010).
    """
    ID: ClassVar[str] = "dafm.activation_energy"

    attempt_frequency: Quantity | None = None
    dimensions: Sequence[int] = (2, 3)
    exponent: float = 0.4
    interaction_length: Quantity = "1 nm"
    measurement_frequency: Quantity | None = None
    reference_energy: Quantity | None = None
    reference_frequency: Quantity | None = None

    def run(
        self,
        results: Results,
        *,
        temperature: Quantity | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `activation_energy` for the arguments."""
        return self._run(
            results,
            constants={
                "temperature": temperature,
            },
            seed=seed,
        )


def activation_energy(
    results: Results,
    *,
    attempt_frequency: Quantity | None = None,
    dimensions: Sequence[int] = (2, 3),
    exponent: float = 0.4,
    interaction_length: Quantity = "1 nm",
    measurement_frequency: Quantity | None = None,
    reference_energy: Quantity | None = None,
    reference_frequency: Quantity | None = None,
    temperature: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Activation energy from the correlation length (`dafm.activation_energy`).

    Reads the correlation length of a state as the size of a thermally bounded plastic event and
    gives its energy. See `ActivationEnergy` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω of the event; with `measurement_frequency` it gives a barrier of its
        own, kT ln(2ω/f).
    dimensions : Sequence[int], default (2, 3)
        Dimensions of the event to report: 2 (localised into planes), 3, or both.
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ; the default is the value that Lu et al. 2016 assume.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment, for comparison and for the dimension.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.
    temperature : Quantity, in K
        temperature of the experiment. Found: the laboratory's thermometer; Lu et al. 2016 use 298
        K.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `correlation_length` (ξ, m): geometric mean over the sites of the state
        - `activation_energy_2d` (ε₂, J): activation energy if the events are two-dimensional
        - `activation_energy_3d` (ε₃, J): activation energy if the events are three-dimensional
        - `event_particles_2d` (N₂*): particles of an event, two-dimensional
        - `event_particles_3d` (N₃*): particles of an event, three-dimensional
        - `event_dimension` (d): dimension at which the length agrees with the reference energy
        - `reference_energy_at_measurement_frequency` (ε_ref, J): reference energy at the frequency
        of the tip
        - `barrier_from_frequency` (ΔG, J): barrier that the frequency and the attempt frequency
        imply

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)
    """
    method = ActivationEnergy(
        attempt_frequency=attempt_frequency,
        dimensions=dimensions,
        exponent=exponent,
        interaction_length=interaction_length,
        measurement_frequency=measurement_frequency,
        reference_energy=reference_energy,
        reference_frequency=reference_frequency,
    )
    return method.run(
        results,
        temperature=temperature,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class ResonanceCurve(Method):
    r"""Quality factor from a resonance curve (`dafm.resonance_curve`).

    Fits a driven oscillator with background to a resonance curve and gives quality factor and resonance frequency with intervals.

    Parameters
    ----------
    amplitude : str | None, default None
        Column with the amplitude or the power; `amplitude`, `power` or the second column of numbers
        if absent.
    background : str, default "power"
        What is added to the response of the oscillator.
        - `"none"`: Nothing.
        - `"power"`: A constant power, of noise that has nothing to do with the drive.
        - `"coherent"`: A constant response to the same drive, in phase and out of phase: the motion
        of the holder.
    frequency : str | None, default None
        Column with the frequency; `frequency` or `f` if absent.
    ordinate : str, default "amplitude"
        What that column holds.
        - `"amplitude"`: Amplitude, of a driven sweep.
        - `"power"`: Power, of a thermal spectrum: its root is fitted.

    Notes
    -----
    # Quality factor from a resonance curve

    ## Idea
    The energy of a tap is divided by the quality factor, so that an error of a tenth in $Q$ is one of a tenth in every energy. The resonance curve, measured near the surface in the same air, gives $Q$ and
    $f_0$ together.

    ## Model
    A driven, damped oscillator, with $r = f/f_0$:

    $$A(f) = \frac{A_\mathrm{max}}{\sqrt{Q^2(1 - r^2)^2 + r^2}},\qquad r = f/f_0$$

    with one of three backgrounds: `none`; `power` (default), a constant power $b^2$ added to $A^2$, of noise; `coherent`, a constant complex amplitude added to that of the oscillator, of a holder that moves with the drive and
    makes the curve lopsided. For `ordinate = "power"` (a thermal spectrum) the root of the column is fitted.

    Beside the fit stands the rule of Qiao et al. 2019, $Q = f/\mathrm{FWHM}$ of the power, meant for $Q > 200$: it uses two points of the curve, and is flagged where the resonance is broad.

    ## Uncertainty
    Least squares with the error taken from the residuals; the 95 % intervals of $Q$ and $f_0$ are profiles of the residual sum, tested to cover with noise that is equal at all frequencies. Noise that grows with the
    amplitude, or drift of the resonance during the sweep, is not in them; a poor fit (more than 5 % of the peak) is warned of.

    ## Use
    The note `constants_for_the_study` holds both constants with their errors as a study states them.

    ## Failure modes
    - Peak at an end of the sweep, no peak above 1.5 times the median, fewer than ten points: refused.
    - Tip–sample forces bend the curve (a maximum that leans): lift the tip.
    - Two resonances in the sweep: cut it.

    ## References
    Qiao et al. (2019), section 3.3.1.
    """
    ID: ClassVar[str] = "dafm.resonance_curve"

    amplitude: str | None = None
    background: Literal["none", "power", "coherent"] = "power"
    frequency: str | None = None
    ordinate: Literal["amplitude", "power"] = "amplitude"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `resonance_curve` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def resonance_curve(
    data: Data,
    *,
    amplitude: str | None = None,
    background: Literal["none", "power", "coherent"] = "power",
    frequency: str | None = None,
    ordinate: Literal["amplitude", "power"] = "amplitude",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Quality factor from a resonance curve (`dafm.resonance_curve`).

    Fits a driven oscillator with background to a resonance curve and gives quality factor and
    resonance frequency with intervals. See `ResonanceCurve` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    amplitude : str | None, default None
        Column with the amplitude or the power; `amplitude`, `power` or the second column of numbers
        if absent.
    background : str, default "power"
        What is added to the response of the oscillator.
        - `"none"`: Nothing.
        - `"power"`: A constant power, of noise that has nothing to do with the drive.
        - `"coherent"`: A constant response to the same drive, in phase and out of phase: the motion
        of the holder.
    frequency : str | None, default None
        Column with the frequency; `frequency` or `f` if absent.
    ordinate : str, default "amplitude"
        What that column holds.
        - `"amplitude"`: Amplitude, of a driven sweep.
        - `"power"`: Power, of a thermal spectrum: its root is fitted.
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

        - `quality_factor` (Q): quality factor of the fitted oscillator
        - `resonance_frequency` (f0, Hz): resonance frequency of the fitted oscillator
        - `quality_factor_by_width` (f/FWHM): frequency of the peak over the full width of the power
        at half its maximum
        - `background_share` (b/A_max): background over the amplitude at resonance

    References
    ----------
    - Qiao et al. (2019), review, section 3.3.1
    """
    method = ResonanceCurve(
        amplitude=amplitude,
        background=background,
        frequency=frequency,
        ordinate=ordinate,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


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
    method = PhaseReferenceScan(
        amplitude_error=amplitude_error,
        form=form,
        phase=phase,
    )
    return method.run(
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


@dataclass(frozen=True, kw_only=True)
class FrequencyModulation(Method):
    r"""Energy dissipated per cycle in frequency modulation (`dafm.frequency_modulation`).

    Turns the excitation channel of a self-driven cantilever into the energy that the sample takes in each cycle.

    Parameters
    ----------
    max_negative_fraction : float, default 0.01
        Share of pixels with negative energy above which the result is refused: a passive sample
        cannot return energy.

    Notes
    -----
    # Energy per cycle in frequency modulation

    ## Idea
    In frequency modulation a controller keeps the amplitude of the cantilever constant and drives it at its own resonance. The drive then delivers exactly what is lost, and delivers it in proportion to the
    excitation. Twice the excitation of free air means that the sample takes as much as air and cantilever.

    ## Equation
    With the spring constant $k$, the quality factor $Q$ without the sample, the amplitude $A$ and the excitation $\mathrm{Exc}_0$ far from the sample **at this amplitude**:

    $$E = \frac{\pi k A^2}{Q}\left(\frac{\mathrm{Exc}}{\mathrm{Exc}_0} - 1\right)$$

    It is the power balance of `dafm.dissipation` at $\varphi = \varphi_f = 90°$, with $A_f/A$ replaced by $\mathrm{Exc}/\mathrm{Exc}_0$. The shift of the frequency enters as $f/f_0$, a part in a thousand, and is left out.

    ## Input
    A map `excitation` (the channel *Excitation* of Nanonis files) and the constants `spring_constant`, `quality_factor`, `oscillation_amplitude`, `excitation_free`. Without `excitation_free` nothing is given: no
    pixel of the image is known to be free of dissipation.

    ## Uncertainty
    Statistical: the interval of the mean as in `dafm.dissipation`. Calibration: the errors of $k$ and $Q$ enter once, that of $A$ twice, that of $\mathrm{Exc}_0$ multiplies $\pi k A^2/Q$ times the ratio, so that small energies
    rest on it alone.

    ## Failure modes
    - More than 1 % of the pixels below $\mathrm{Exc}_0$: refused, since a passive sample returns no energy.
    - The transfer function of the actuator near $f_0$ changes with frequency shift and imitates dissipation; so does a phase lock that is not at resonance.

    ## References
    Anczykowski, Gotsmann, Fuchs, Cleveland, Elings, *Appl. Surf. Sci.* **140**, 376 (1999).
    """
    ID: ClassVar[str] = "dafm.frequency_modulation"

    max_negative_fraction: float = 0.01

    def run(
        self,
        data: Data,
        *,
        spring_constant: Quantity | None = None,
        quality_factor: Quantity | None = None,
        oscillation_amplitude: Quantity | None = None,
        excitation_free: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `frequency_modulation` for the arguments."""
        return self._run(
            data,
            constants={
                "spring_constant": spring_constant,
                "quality_factor": quality_factor,
                "oscillation_amplitude": oscillation_amplitude,
                "excitation_free": excitation_free,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def frequency_modulation(
    data: Data,
    *,
    max_negative_fraction: float = 0.01,
    spring_constant: Quantity | None = None,
    quality_factor: Quantity | None = None,
    oscillation_amplitude: Quantity | None = None,
    excitation_free: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Energy dissipated per cycle in frequency modulation (`dafm.frequency_modulation`).

    Turns the excitation channel of a self-driven cantilever into the energy that the sample takes
    in each cycle. See `FrequencyModulation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    max_negative_fraction : float, default 0.01
        Share of pixels with negative energy above which the result is refused: a passive sample
        cannot return energy.
    spring_constant : Quantity, in N/m
        spring constant of the cantilever, with its error ("40 +- 4 N/m"). Found: Asylum: note key
        SpringConstant; elsewhere: the thermal tune; image files of Bruker/Veeco do not hold it.
    quality_factor : Quantity, a plain number
        quality factor of the resonance in air near the surface. Found: Asylum: note keys ThermalQ,
        TuneQResult; elsewhere: the resonance curve.
    oscillation_amplitude : Quantity, in m
        amplitude that the controller keeps in frequency modulation. Found: the amplitude set point
        of the oscillation control times its calibration.
    excitation_free : Quantity, in V
        excitation that keeps this amplitude far from the sample, in frequency modulation. Found:
        the excitation channel with the tip lifted off, at the same amplitude.
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
        - `excitation_ratio_mean` (⟨Exc/Exc0⟩): mean excitation over that in free air
        - `intrinsic_loss` (E0, J): energy that air and cantilever take in a cycle
        - `fraction_negative` (f_neg): share of pixels with negative energy

    References
    ----------
    - B. Anczykowski, B. Gotsmann, H. Fuchs, J. P. Cleveland, V. B. Elings, Appl. Surf. Sci. 140,
    376 (1999)
    """
    method = FrequencyModulation(
        max_negative_fraction=max_negative_fraction,
    )
    return method.run(
        data,
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        oscillation_amplitude=oscillation_amplitude,
        excitation_free=excitation_free,
        channels=channels,
        after=after,
        seed=seed,
    )


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
    method = AmplitudeSweep(
        amplitude=amplitude,
        energy=energy,
        energy_error=energy_error,
        phase=phase,
    )
    return method.run(
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


@dataclass(frozen=True, kw_only=True)
class Mechanism(Method):
    r"""Dissipation mechanism (`dafm.mechanism`).

    Weighs viscosity, hysteresis of the surface energy and a long-range interaction by the energy per tap at several amplitudes.

    Parameters
    ----------
    contact_distance : Quantity, default "0.165 nm"
        Distance at which contact begins.
    decide_at : float, default 0.95
        Weight of evidence from which a mechanism is named.
    draws : int, default 1000
        Draws from the posterior of the smooth curve, for the errors of its features.
    model_error : float, default 0.02
        What the models may miss of a real tip, as a share of the largest energy; added to the
        errors in squares.
    range : Quantity, default "1.5 nm"
        Range of the long-range law.
    reduced_modulus : Quantity | None, default None
        Reduced modulus of tip and sample where it is known, such as "60 GPa"; else it is fitted.
    surface_energy : Quantity, default "0.005 J/m^2"
        Surface energy of approach and retreat alike.
    tip_radius : Quantity | None, default None
        Radius of the tip where it is known, such as "10 nm"; else it is fitted.

    Notes
    -----
    # Dissipation mechanism

    ## Idea
    One image tells how much energy a tap loses, not how. The dependence on amplitude does. A viscous contact loses energy as the square of the indentation:
    the energy rises, peaks near two thirds of the free amplitude and falls. A hysteresis of the surface energy loses the same in every deep tap: a broad plateau. A
    long-range attraction with hysteresis loses energy before the tip touches: an early onset, then a plateau (Garcia et al. 2006; Qiao et al. 2019).

    ## Models
    A driven oscillator with $F = \tfrac43 E^*\sqrt R\,\delta^{3/2} - 4\pi R\gamma\,(a_0/\max(d,a_0))^2$ and one of

    | model | dissipative force | strength |
    |---|---|---|
    | `viscoelastic` | $-\eta\,\omega_0\sqrt{R\delta}\;v$ | $\eta$ |
    | `surface_energy_hysteresis` | $-4\pi R\,\Delta\gamma\,u\,(1 - e^{-\delta/0.05\,\mathrm{nm}})$ in contact | $\Delta\gamma$ |
    | `long_range` | $-H\,u\,e^{-\max(d - a_0, 0)/\lambda}$ | $H$ |

    $d$ is the distance, $\delta = \max(a_0 - d, 0)$, $u = \tfrac12(1 + \tanh(v/0.02A_0))$ is one on the way out, $v$ in units of $\omega_0$.

    The equation of motion is not integrated for every trial. With $d = d_c + A\cos\theta$ the force has the first harmonics $F_c$ and $F_s$, and the power balance gives

    $$\left[k(1-r^2)A - F_c\right]^2 + \left[\frac{krA}{Q} + F_s\right]^2 = k^2A_f^2\left[(1-r^2)^2 + \frac{r^2}{Q^2}\right],\qquad E = \pi A F_s .$$

    Given $A$, this is one equation for the depth; the shallowest root is the one a tip meets as it comes down. $F_c$ and $F_s$ are linear in the strengths, and the harmonics
    of the shapes are tabulated once, so that a whole curve costs microseconds. Against the integrated motion the energy is right to 2 % for the two hystereses, and up to 6 % low
    for the viscous contact, of which a fitted $\eta$ takes up all but 2 % of the maximum.

    ## Choice
    Each model has three free parameters: its strength, $E^*$ and $R$; a modulus or radius that is stated (`reduced_modulus`, `tip_radius`) is held. With the errors of the points, and `model_error` of the largest energy added in squares, each gets
    $\mathrm{BIC} = \chi^2/s + p\ln n$ ($p$ free parameters) and a weight $w \propto e^{-\mathrm{BIC}/2}$; $s$ is one, or the reduced $\chi^2$ of the best model where that is larger, so that no model wins because errors were
    stated too small. Without errors $\chi^2/s$ becomes $n\ln(\mathrm{RSS}/n)$. Below `decide_at` the answer is *undecided*. It is so, too, when the best model misses by a
    tenth of the largest energy, and when the best is one of the two hystereses but no point lies above $A/A_0 = 0.95$: only the onset tells these two apart.

    ## Features without a model
    A penalised spline in $\sqrt{1 - A/A_0}$ (the energy starts as $1 - A/A_0$), its smoothness by restricted maximum likelihood, gives the curve and its derivative with bands of 1.96 standard errors;
    from draws of its posterior come the standard errors of the ratio of the maximum, the plateau index $P$ (mean of $E/E_\mathrm{max}$ between 0.2 and 0.3) and the onset (largest ratio with 5 % of $E_\mathrm{max}$).
    They carry no interval: 95 % intervals made from the draws covered in 86 to 100 % of virtual sweeps of twenty points, because the smoothing is biased at the steep onset.
    For the three laws at $k$ 40 N/m, $Q$ 60, $A_0$ 20 nm the maximum lies at 0.66, 0.53 and 0.52.

    ## Size of the contact
    With `reduced_modulus` and `tip_radius` stated, the table `contact_size` gives the diameter $2\sqrt{R\delta}$ of the contact of the best model, and of an elastic sample at the same amplitude: the elastic one is indented
    deeper, because dissipation takes part of what holds the amplitude down (the $l_1 > l_2$ of Lu et al. 2016); the
    figure `tip_sample_loop` shows force against distance for both.

    ## Input
    The images of one state at six or more set points, through `dafm.dissipation`, or a table, through `dafm.amplitude_sweep`. The images may belong to several measurements of the
    state; cantilever and free amplitude must be the same.

    ## Failure modes
    - A single image, or fewer than six amplitudes, or a range below 0.3: refused.
    - Energies from sites that differ: scatter between sites enlarges $s$ and lowers the weights.
    - Capillary bridges, plastic wear, a blunt or changing tip are none of the three models. A high weight says which of the three comes closest, not that it is true.
    - Where modulus and radius are not stated, they and the strength are hardly determined one by one: stiffness and viscosity both scale the depth, and only their ratio shapes the curve.
      The choice of the model does not suffer; the fitted values mean little and carry no interval.

    ## References
    Garcia et al., *Phys. Rev. Lett.* **97**, 016103 (2006). Qiao et al. (2019), section 3.3.1. Eilers, Marx, *Stat. Sci.* **11**, 89 (1996).
    """
    ID: ClassVar[str] = "dafm.mechanism"

    contact_distance: Quantity = "0.165 nm"
    decide_at: float = 0.95
    draws: int = 1000
    model_error: float = 0.02
    range: Quantity = "1.5 nm"
    reduced_modulus: Quantity | None = None
    surface_energy: Quantity = "0.005 J/m^2"
    tip_radius: Quantity | None = None

    def run(
        self,
        results: Results,
        *,
        spring_constant: Quantity | None = None,
        quality_factor: Quantity | None = None,
        resonance_frequency: Quantity | None = None,
        drive_frequency: Quantity | None = None,
        free_amplitude: Quantity | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `mechanism` for the arguments."""
        return self._run(
            results,
            constants={
                "spring_constant": spring_constant,
                "quality_factor": quality_factor,
                "resonance_frequency": resonance_frequency,
                "drive_frequency": drive_frequency,
                "free_amplitude": free_amplitude,
            },
            seed=seed,
        )


def mechanism(
    results: Results,
    *,
    contact_distance: Quantity = "0.165 nm",
    decide_at: float = 0.95,
    draws: int = 1000,
    model_error: float = 0.02,
    range: Quantity = "1.5 nm",
    reduced_modulus: Quantity | None = None,
    surface_energy: Quantity = "0.005 J/m^2",
    tip_radius: Quantity | None = None,
    spring_constant: Quantity | None = None,
    quality_factor: Quantity | None = None,
    resonance_frequency: Quantity | None = None,
    drive_frequency: Quantity | None = None,
    free_amplitude: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Dissipation mechanism (`dafm.mechanism`).

    Weighs viscosity, hysteresis of the surface energy and a long-range interaction by the energy
    per tap at several amplitudes. See `Mechanism` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    contact_distance : Quantity, default "0.165 nm"
        Distance at which contact begins.
    decide_at : float, default 0.95
        Weight of evidence from which a mechanism is named.
    draws : int, default 1000
        Draws from the posterior of the smooth curve, for the errors of its features.
    model_error : float, default 0.02
        What the models may miss of a real tip, as a share of the largest energy; added to the
        errors in squares.
    range : Quantity, default "1.5 nm"
        Range of the long-range law.
    reduced_modulus : Quantity | None, default None
        Reduced modulus of tip and sample where it is known, such as "60 GPa"; else it is fitted.
    surface_energy : Quantity, default "0.005 J/m^2"
        Surface energy of approach and retreat alike.
    tip_radius : Quantity | None, default None
        Radius of the tip where it is known, such as "10 nm"; else it is fitted.
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
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `mechanism_weight` (w): weight of evidence of the best model; its flag names the
        mechanism, or `undecided`
        - `mechanism_weight_viscoelastic` (w_ve): weight of the viscoelastic model
        - `mechanism_weight_surface_energy_hysteresis` (w_γ): weight of the surface-energy
        hysteresis
        - `mechanism_weight_long_range` (w_lr): weight of the long-range interaction
        - `ratio_of_maximum` ((A/A0)_max): amplitude ratio at which the energy is largest
        - `plateau_index` (P): mean of E/E_max between A/A0 of 0.2 and 0.3
        - `onset_ratio` ((A/A0)_on): largest amplitude ratio with 5 % of the largest energy
        - `mechanism_misfit` (): root of the mean square difference of the best model, over the
        largest energy

    References
    ----------
    - Garcia et al., Phys. Rev. Lett. 97, 016103 (2006)
    - Qiao et al. (2019), review, section 3.3.1 and figure 37
    - P. H. C. Eilers, B. D. Marx, Stat. Sci. 11, 89 (1996), doi:10.1214/ss/1038425655
    """
    method = Mechanism(
        contact_distance=contact_distance,
        decide_at=decide_at,
        draws=draws,
        model_error=model_error,
        range=range,
        reduced_modulus=reduced_modulus,
        surface_energy=surface_energy,
        tip_radius=tip_radius,
    )
    return method.run(
        results,
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        resonance_frequency=resonance_frequency,
        drive_frequency=drive_frequency,
        free_amplitude=free_amplitude,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Regime(Method):
    r"""Attractive and repulsive regime (`dafm.regime`).

    Finds the amplitude ratio at which the mean lag of the images of a state crosses 90 degrees.

    Parameters
    ----------
    bootstrap : int, default 2000
        Resamples of the images.

    Notes
    -----
    # Attractive and repulsive regime

    ## Idea
    A tip that comes down meets attraction first and repulsion later. The mean force over a cycle decides on which side of 90° the lag lies: above, attraction wins; below, repulsion. Images of
    one area at several set points tell at which amplitude the sign changes, and so which images may be compared (Lu et al. 2016 find 0.75).

    ## Method
    The mean lag of each image stands against its amplitude ratio $A/A_0$. Nothing is assumed of the curve but that it rises: isotonic regression (pool adjacent violators) gives the rising sequence closest to the
    lags, and the crossing of 90° is read by linear interpolation between neighbouring images.

    ## Uncertainty
    The images are the replicates: they are drawn anew with replacement and the crossing is found again. An isotonic curve is rough and resamples repeat its corners, so that the middle 95 % of the
    crossings cover in 83 to 88 % only; the interval is their middle 99.5 %, which covers in 95 to 98 % of virtual series of 12 to 40 images, and more often where the lag jumps. It is given from twelve images on. The phase reference moves all images alike and is not in the interval: see `dafm.phase_reference_scan`.

    ## Failure modes
    - All images on one side: no crossing, and the range of the lags is told instead.
    - Near the crossing two states of oscillation may coexist; an image can hold both (`bistable_or_mixed_regime` of `dafm.dissipation`). Its mean lag lies between and widens the interval.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016). Barlow, Bartholomew, Bremner, Brunk, *Statistical Inference under Order Restrictions* (1972).
    """
    ID: ClassVar[str] = "dafm.regime"

    bootstrap: int = 2000

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `regime` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def regime(
    results: Results,
    *,
    bootstrap: int = 2000,
    seed: int = 1,
) -> Result:
    r"""Attractive and repulsive regime (`dafm.regime`).

    Finds the amplitude ratio at which the mean lag of the images of a state crosses 90 degrees. See
    `Regime` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    bootstrap : int, default 2000
        Resamples of the images.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `regime_crossing_ratio` ((A/A0)_90): amplitude ratio at which the mean lag crosses 90 deg
        - `fraction_images_attractive` (): share of the images with a mean lag above 90 deg

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - R. E. Barlow et al., Statistical Inference under Order Restrictions (1972)
    """
    method = Regime(
        bootstrap=bootstrap,
    )
    return method.run(
        results,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class AmplitudeDependence(Method):
    r"""Correlation length against amplitude (`dafm.amplitude_dependence`).

    Asks whether a length found in images of one area changes with the amplitude at which they were taken.

    Parameters
    ----------
    negligible : float, default 0.1
        The change over the measured range counts as negligible when its interval lies within this
        share.
    of_method : str, default "dafm.correlation_length"
        Method that gives it.
    quantity : str, default "correlation_length"
        Key of the quantity, for instance `correlation_length` or `r_1e`; it must be above zero.

    Notes
    -----
    # Correlation length against amplitude

    ## Idea
    If the length of the heterogeneity were made by the way of imaging, by the size of the contact or the depth of the indentation, it would change with the amplitude. Images of one area at
    several set points test that (Lu et al. 2016 state that the effect is negligible).

    ## Method
    The logarithm of the length stands against the amplitude ratio of the image and a straight line is fitted:

    $$\ln\xi_i = \ln\bar\xi + b\,\Big(\frac{A_i}{A_0} - \overline{A/A_0}\Big) + \varepsilon_i .$$

    `relative_change` is $e^{b\Delta} - 1$ over the measured range $\Delta$ of $A/A_0$; its interval follows from that of $b$. *Negligible* means that the whole interval lies within ±10 % (`negligible`); a
    slope that is merely not significant is not called negligible but undecided.

    ## Uncertainty
    The scatter of the images about the line, with Student's $t$ at $n - 2$ degrees of freedom: exact where the logarithms scatter normally and equally. The intervals of the single images are shown and not
    used: they do not know of drift and of other sites.

    ## Failure modes
    - Fewer than four images, or a range of $A/A_0$ below 0.1: refused.
    - Another area, a blunter tip or a drift during the series look like an effect of the amplitude when they go along with it: image the set points in random order and repeat the first.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016).
    """
    ID: ClassVar[str] = "dafm.amplitude_dependence"

    negligible: float = 0.1
    of_method: str = "dafm.correlation_length"
    quantity: str = "correlation_length"

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `amplitude_dependence` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def amplitude_dependence(
    results: Results,
    *,
    negligible: float = 0.1,
    of_method: str = "dafm.correlation_length",
    quantity: str = "correlation_length",
    seed: int = 1,
) -> Result:
    r"""Correlation length against amplitude (`dafm.amplitude_dependence`).

    Asks whether a length found in images of one area changes with the amplitude at which they were
    taken. See `AmplitudeDependence` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    negligible : float, default 0.1
        The change over the measured range counts as negligible when its interval lies within this
        share.
    of_method : str, default "dafm.correlation_length"
        Method that gives it.
    quantity : str, default "correlation_length"
        Key of the quantity, for instance `correlation_length` or `r_1e`; it must be above zero.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `log_slope` (d ln ξ/d(A/A0)): slope of the logarithm of the length against the amplitude
        ratio
        - `relative_change` (Δξ/ξ): relative change from the smallest to the largest amplitude
        - `amplitude_slope` (dξ/d(A/A0), m): slope of the length at its geometric mean

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    """
    method = AmplitudeDependence(
        negligible=negligible,
        of_method=of_method,
        quantity=quantity,
    )
    return method.run(
        results,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class TwoStateEnergy(Method):
    r"""Activation energy from two states (`dafm.two_state_energy`).

    Combines the correlation lengths of two states into an activation energy that needs no assumed interaction length.

    Parameters
    ----------
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω; with `measurement_frequency` it gives a barrier of its own, kT
        ln(2ω/f).
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ of the one-state estimates that are listed beside; the default is the
        value that Lu et al. 2016 assume.
    isotropic : str | None, default None
        State whose events are not localised (of the upper dimension), for instance as deposited.
    localised : Sequence[str], default ()
        States whose events are localised (of the lower dimension), for instance those after plastic
        flow; each is combined with the other state.
    lower_dimension : float, default 2.0
        Dimension of localised events.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment: gives the dimension of each state and the ratios of
        predicted to measured lengths.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.
    shear_transformation_barrier : Quantity | None, default None
        Barrier W of a shear transformation zone, for the ratio ε/W.
    temperature : Quantity | None, default None
        Temperature of the experiment; has no default.
    upper_dimension : float, default 3.0
        Dimension of events that are not localised.

    Notes
    -----
    # Activation energy from two states

    ## Idea
    `dafm.activation_energy` reads the correlation length of a map as the size of a thermally bounded plastic event, but it needs the range $\lambda$ of the
    interaction between particles, which nobody has measured. Two states of one material whose events differ in dimension, such as a film as deposited ($d=3$)
    and after plastic flow that localises events into planes ($d=2$), share $\varepsilon$ and $\lambda$. Two lengths, two unknowns: $\lambda$ drops out.

    ## Equations
    From $l = \lambda\,(\varepsilon/k_BT)^{1/(d(1-a))}$ in both states
    $$\varepsilon = k_BT\left(\frac{l_2}{l_3}\right)^{\frac{d_2d_3(1-a)}{d_3-d_2}} = k_BT\left(\frac{l_2}{l_3}\right)^{3.6},\qquad
    \ln\lambda = \frac{d_3\ln l_3 - d_2\ln l_2}{d_3-d_2}$$
    (the number for $d$ = 2, 3 and $a$ = 0.4). With an energy known otherwise and an assumed $\lambda$, the dimension of each state is
    $d = \ln(\varepsilon/k_BT)/[(1-a)\ln(l/\lambda)]$, and the ratio of predicted to measured length says how well the model does.

    The table `energy_routes` lists every route to the same energy that the inputs allow, each with its attempt frequency $\omega$:
    $\Delta G = k_BT\ln(2\omega/f)$, and between frequencies $\Delta G_2 = \Delta G_1 - k_BT\ln(f_2/f_1)$. A factor of ten in $\omega$ or $f$ is 0.059 eV at 298 K.
    Where a route assumes no $\omega$, the one that its energy implies at the frequency of the tip is shown. `shear_transformation_barrier` gives the ratio
    $\varepsilon/W$ to the barrier of a shear transformation zone.

    In a study it stands under `[compare] methods = ["dafm.two_state_energy"]`, because it needs two states; which is which, and the temperature, have no default.

    ## Uncertainty
    Sites are the replicates. $\ln\varepsilon$ and $\ln\lambda$ are sums of the mean $\ln\xi$ of the two states, so that their intervals are Welch's for two groups
    of unequal scatter, carried through the exponential; to first order $s_\varepsilon/\varepsilon = 3.6\sqrt{(s_2/l_2)^2+(s_3/l_3)^2}$. A state of fewer than
    three sites contributes the interval of its images, with a warning. The error of $T$ is systematic and kept apart.

    Lu et al. 2016: 4.10 ± 0.05 nm ($d=3$) with 9.27 ± 0.16 nm ($d=2$) give 0.484 eV ± 7.6 % and $\lambda$ = 0.802 nm, with 9.70 ± 0.20 nm 0.570 eV ± 8.6 % and
    0.733 nm: near the 0.5 eV of cyclic indentation, without an assumed $\lambda$.

    ## Assumptions and failure modes
    - The same $\varepsilon$ and $\lambda$ in both states. Deformation that changes the barrier itself breaks this; nothing in two lengths can tell.
    - The dimensions are put in, not found. Exchanged states give $\varepsilon < k_BT$: warned.
    - The power 3.6 magnifies every bias of a length, such as the tip radius in the smaller one: a length of the isotropic state that is 10 % too large is an
      energy 29 % too small.
    - The frequency of tapping in Lu et al. is not stated (about 100 kHz is assumed there); $f$ and $\omega$ are inputs without default.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), equation 1 and Table 1. Hentschel, Karmakar, Lerner, Procaccia, *Phys. Rev. Lett.* **104**, 025501 (2010).
    B. L. Welch, *Biometrika* **34**, 28 (1947).
    """
    ID: ClassVar[str] = "dafm.two_state_energy"

    attempt_frequency: Quantity | None = None
    exponent: float = 0.4
    interaction_length: Quantity = "1 nm"
    isotropic: str | None = None
    localised: Sequence[str] = ()
    lower_dimension: float = 2.0
    measurement_frequency: Quantity | None = None
    reference_energy: Quantity | None = None
    reference_frequency: Quantity | None = None
    shear_transformation_barrier: Quantity | None = None
    temperature: Quantity | None = None
    upper_dimension: float = 3.0

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `two_state_energy` for the arguments."""
        return self._run(
            results,
            truth=truth,
            seed=seed,
        )


def two_state_energy(
    results: StudyResults,
    *,
    attempt_frequency: Quantity | None = None,
    exponent: float = 0.4,
    interaction_length: Quantity = "1 nm",
    isotropic: str | None = None,
    localised: Sequence[str] = (),
    lower_dimension: float = 2.0,
    measurement_frequency: Quantity | None = None,
    reference_energy: Quantity | None = None,
    reference_frequency: Quantity | None = None,
    shear_transformation_barrier: Quantity | None = None,
    temperature: Quantity | None = None,
    upper_dimension: float = 3.0,
    truth: Truth | None = None,
    seed: int = 1,
) -> Result:
    r"""Activation energy from two states (`dafm.two_state_energy`).

    Combines the correlation lengths of two states into an activation energy that needs no assumed
    interaction length. See `TwoStateEnergy` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    attempt_frequency : Quantity | None, default None
        Attempt frequency ω; with `measurement_frequency` it gives a barrier of its own, kT
        ln(2ω/f).
    exponent : float, default 0.4
        Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    interaction_length : Quantity, default "1 nm"
        Interaction length λ of the one-state estimates that are listed beside; the default is the
        value that Lu et al. 2016 assume.
    isotropic : str | None, default None
        State whose events are not localised (of the upper dimension), for instance as deposited.
    localised : Sequence[str], default ()
        States whose events are localised (of the lower dimension), for instance those after plastic
        flow; each is combined with the other state.
    lower_dimension : float, default 2.0
        Dimension of localised events.
    measurement_frequency : Quantity | None, default None
        Frequency at which the tip taps; with `reference_frequency`, the known energy is converted
        to it.
    reference_energy : Quantity | None, default None
        Energy known from another experiment: gives the dimension of each state and the ratios of
        predicted to measured lengths.
    reference_frequency : Quantity | None, default None
        Frequency of that experiment.
    shear_transformation_barrier : Quantity | None, default None
        Barrier W of a shear transformation zone, for the ratio ε/W.
    temperature : Quantity | None, default None
        Temperature of the experiment; has no default.
    upper_dimension : float, default 3.0
        Dimension of events that are not localised.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `two_state_energy` (ε, J): activation energy at which both states have the same energy and
        interaction length
        - `two_state_interaction_length` (λ, m): the interaction length that goes with it
        - `barrier_ratio` (ε/W): that energy over the given barrier of a shear transformation zone
        - `dimension_localised` (d₂): dimension of the localised events from the known energy and
        interaction length
        - `dimension_isotropic` (d₃): dimension of the other events from the known energy and
        interaction length
        - `length_ratio_localised` (l_model/l₂): length that the known energy predicts over the
        measured one
        - `length_ratio_isotropic` (l_model/l₃): length that the known energy predicts over the
        measured one

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)
    - B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28
    """
    method = TwoStateEnergy(
        attempt_frequency=attempt_frequency,
        exponent=exponent,
        interaction_length=interaction_length,
        isotropic=isotropic,
        localised=localised,
        lower_dimension=lower_dimension,
        measurement_frequency=measurement_frequency,
        reference_energy=reference_energy,
        reference_frequency=reference_frequency,
        shear_transformation_barrier=shear_transformation_barrier,
        temperature=temperature,
        upper_dimension=upper_dimension,
    )
    return method.run(
        results,
        truth=truth,
        seed=seed,
    )
