# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Tapping-mode atomic force microscopy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from .._method import Method
from .._types import After, Channels, Data, Quantity, Results
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
    "CorrelationLength",
    "correlation_length",
    "Regions",
    "regions",
    "ActivationEnergy",
    "activation_energy",
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
    - One harmonic, damping by the medium as in free air, $Q$ above about 10. Low $A/A_f$ puts energy into higher harmonics.
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

    ## Uncertainty
    Neighbouring pixels repeat one another. Each moment changes by the mean of its influence function over the image,

    $$\psi_{\ln\sigma} = \tfrac12(z^2-1),\qquad \psi_{\ln CV} = \tfrac12(z^2-1) - z\,\frac{\sigma_E}{\langle E\rangle},\qquad
    \psi_{\gamma_1} = z^3 - \gamma_1 - 3z - \tfrac32\gamma_1(z^2-1),$$

    which is a stationary field like the energy; the error of its mean follows from its longest waves, as in `dafm.dissipation`. The intervals are tested to cover
    for normal fields and for skewness about 1. Fewer than 50 independent areas: no interval. Kurtosis and quantiles are given without.

    ## Assumptions and failure modes
    - The site is the unit of replication. These intervals speak of one image; states are compared by their sites.
    - $\sigma_E$ contains the noise of the instrument; a silicon reference or the difference of trace and retrace tells how much.
    - A distribution far from normal (skewness above about 1) needs more area than the interval knows.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), figure 5a. Hampel, *J. Am. Stat. Assoc.* **69**, 383 (1974).
    """
    ID: ClassVar[str] = "dafm.distribution"

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

        - `distribution_mean` (⟨E⟩, J): mean of the dissipated energy
        - `distribution_sd` (σ_E, J): standard deviation over the pixels
        - `distribution_cv` (σ_E/⟨E⟩): relative variation over the pixels
        - `distribution_skewness` (γ₁): skewness over the pixels; positive with a tail to high
        energies
        - `distribution_excess_kurtosis` (γ₂): excess kurtosis over the pixels

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hampel, J. Am. Stat. Assoc. 69, 383 (1974)
    """
    method = Distribution(
        probabilities=probabilities,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class CorrelationLength(Method):
    r"""Correlation length (`dafm.correlation_length`).

    Fits the structure function of a map with a stretched-exponential correlation and gives the length with an interval that covers.

    Parameters
    ----------
    blur_sd : Quantity | None, default None
        Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then
        part of the model.
    estimator : str, default "structure_function"
        How the field is fitted.
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
    nugget : bool, default True
        Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens
        the correlation length.
    surrogates : int, default 200
        Number of surrogate images of the bootstrap.
    weights : str, default "relative"
        How much each distance counts in the fit.
        - `"relative"`: Pairs over the squared structure function: equal relative errors (Cressie
        1985). Tells noise from a small exponent.
        - `"pairs"`: Number of pairs.

    Notes
    -----
    # Correlation length

    A map of dissipated energy fluctuates from place to place. Over what distance do the fluctuations know of each other? The
    correlation length $\xi$ answers that: two points further apart than a few $\xi$ are independent.

    ## The structure function

    $$ H(\mathbf d) = \langle [E(\mathbf x+\mathbf d)-E(\mathbf x)]^2 \rangle $$

    is averaged over all pairs of usable pixels (masked pixels excluded, nothing wrapped around), then over directions in rings one
    pixel wide. It needs no mean value, so a finite image does not bias it. For a stationary field with white noise on top,

    $$ H(r) = 2\sigma^2\left[1-e^{-(r/\xi)^{2\alpha}}\right] + 2 s_n^2 ,\qquad r>0 . $$

    $\sigma$ is the standard deviation of the field, $s_n$ that of the noise (the nugget), and $\alpha$ tells how rough the field is:
    0.5 is an exponential, 1 a Gaussian correlation. With `blur_sd` the field is first convolved with a Gaussian of that width.

    **Where the papers differ.** Lu et al. 2016 print $(r/\xi)^2$ but call it a stretched exponential; Qiao et al. 2019 have
    $(r/\xi)^{2\alpha}$. The exponent changes $\xi$, so `exponent = "free"` is the default and the choice is printed with the result;
    `"exponential"` and `"gaussian"` fix it.

    The fit uses $r \le 6\xi + 4$ pixels. By default each ring counts as its number of pairs over $H^2$ (equal relative errors, Cressie
    1985): the rings at small $r$, which tell noise from a small exponent, are the precise ones. `weights = "pairs"` is the plain
    weighting by pairs.

    ## Uncertainty

    Neighbouring values of $H$ are strongly correlated, so the error that a least-squares program prints is 4 to 20 times too small. It
    is never shown. Instead surrogate images are drawn from the fitted field (circulant embedding, same pixels, mask and noise; where
    the values are not Gaussian, with the distribution of the image) and put through the whole analysis. The deviation of each from
    the truth it was made from is divided by its own standard deviation, which follows from the linearised fit,

    $$ \mathrm{var}(\ln\hat\xi) = \frac{2}{n}\,\Big\langle [\varphi(\mathbf k)\,S(\mathbf k)]^2 \Big\rangle_{\mathbf k},\qquad
    \varphi(\mathbf k)=\sum_{\mathbf d} a(\mathbf d)\,2[1-\cos \mathbf k\mathbf d] , $$

    with $S$ the spectrum of the fitted field and $a$ the influence of each lag on $\ln\xi$. The quantiles of this ratio give the
    interval of $\ln\xi$ (studentised bootstrap), which is not symmetric: a long correlation length is also an uncertain one, since
    $\mathrm{sd}(\xi)/\xi \approx 3\xi/L$ for $\alpha = 0.5$ and an image of side $L$. The mean deviation is the bias; it is reported
    and removed. `docs/coverage.md` says how often the interval covers.

    Beside $\xi$ there are numbers without a model: $r_{1/e}$ and $S_{al}$ of ISO 25178 (correlation 0.2). Their correlation is
    taken relative to the variance of the image, noise included. The integral range
    $I = (\pi\xi^2/\alpha)\,\Gamma(1/\alpha)$ is the area of one independent piece.

    ## When it fails

    - $\xi$ above a tenth of the shorter side, or only a trend: refused, with the lower bound. Scan a larger area.
    - Neighbouring pixels uncorrelated: refused, $\xi$ is at most a pixel. Scan a smaller area.
    - An image narrower than 30 $\xi$: warned, and no interval (coverage was shown from 32 $\xi$ on). 60 $\xi$ are recommended.
    - Row levelling of the map shortens $\xi$ (by 4, 8, 12 % for degree 0, 1, 2 at $\xi = L/32$); a blur of 1 px lengthens a $\xi$ of
      4 px by 45 %. Neither is corrected unless `blur_sd` is given.
    - An anisotropic map: $\xi$ is that of the average over directions.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Qiao et al. (2019), section 3.3.2. Liu et al., Phys. Rev. Lett. 106, 125504 (2011). Cressie,
    Math. Geol. 17, 563 (1985). Davison and Hinkley, Bootstrap Methods and their Application (1997). ISO 25178-2:2021.
    """
    ID: ClassVar[str] = "dafm.correlation_length"

    blur_sd: Quantity | None = None
    estimator: Literal["structure_function"] = "structure_function"
    exponent: Literal["free", "exponential", "gaussian"] = "free"
    map: str = "dissipated_energy"
    marginal: Literal["auto", "gaussian", "image"] = "auto"
    nugget: bool = True
    surrogates: int = 200
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
    estimator: Literal["structure_function"] = "structure_function",
    exponent: Literal["free", "exponential", "gaussian"] = "free",
    map: str = "dissipated_energy",
    marginal: Literal["auto", "gaussian", "image"] = "auto",
    nugget: bool = True,
    surrogates: int = 200,
    weights: Literal["relative", "pairs"] = "relative",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Correlation length (`dafm.correlation_length`).

    Fits the structure function of a map with a stretched-exponential correlation and gives the
    length with an interval that covers. See `CorrelationLength` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    blur_sd : Quantity | None, default None
        Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then
        part of the model.
    estimator : str, default "structure_function"
        How the field is fitted.
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
    nugget : bool, default True
        Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens
        the correlation length.
    surrogates : int, default 200
        Number of surrogate images of the bootstrap.
    weights : str, default "relative"
        How much each distance counts in the fit.
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
        - `r_1e` (r_1/e, m): distance where the measured correlation is 1/e, without a model
        - `sal` (S_al, m): autocorrelation length of ISO 25178-2: distance where the measured
        correlation is 0.2
        - `integral_range` (I, m^2): integral of the correlation over the plane: the area of one
        independent piece

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.2
    - Liu et al., Phys. Rev. Lett. 106, 125504 (2011)
    - Cressie, Math. Geol. 17, 563 (1985)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    - ISO 25178-2:2021
    """
    method = CorrelationLength(
        blur_sd=blur_sd,
        estimator=estimator,
        exponent=exponent,
        map=map,
        marginal=marginal,
        nugget=nugget,
        surrogates=surrogates,
        weights=weights,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
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

    Regions of fewer than 8 pixels are not measured: their shape is that of the grid. A table gives the results for 4, 8 and 16 pixels.
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
    correlation*. The surrogates take the fitted correlation as exact, so a $p$ just below 0.05 is weak evidence. Five numbers are
    compared: one of them falls below 0.05 by chance in up to a quarter of all maps.

    ## Uncertainty

    Regions of one image are not independent samples of a state. Their numbers carry no interval: it comes from the scatter between
    sites. The null band is no interval of the value.

    ## When it fails

    - Fewer than 20 regions: the count is given, no word on shape, size or orientation.
    - No stationary field fits (a trend, or a correlation length above a tenth of the image): no null model, and this is said.
    - The threshold relative to the image (`area`, `energy`) hides a change of the mean: use `absolute` to compare states.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016), figure 5. Qiao et al. (2019), section 3.3.3. Miles, in: Stochastic Geometry (1974), for the
    border weights.
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
        - `hdr_angle_order` (S_2): length of the mean vector of doubled angles: 0 isotropic, 1
        parallel

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.3
    - Miles, in: Stochastic Geometry (1974): border weights
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

    Two states of one material, with lengths $l_2$ ($d=2$) and $l_3$ ($d=3$), need no $\lambda$: $\varepsilon = k_BT\,(l_2/l_3)^{d_2d_3(1-a)/(d_3-d_2)}$.
    With an energy known otherwise, $d = \ln(\varepsilon/k_BT)\,/\,[(1-a)\ln(l/\lambda)]$.

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
