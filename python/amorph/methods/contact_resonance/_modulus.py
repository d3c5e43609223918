# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Modulus from contact resonance (`contact_resonance.modulus`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ContactModulus(Method):
    r"""Modulus from contact resonance (`contact_resonance.modulus`).

    Converts contact-resonance frequencies and quality factors to contact stiffness, indentation modulus and loss.

    Parameters
    ----------
    calibration : str, default "reference"
        How a stiffness becomes a modulus.
        - `"reference"`: By the stiffness on a reference sample of known modulus.
        - `"absolute"`: By force and radius of the tip (Hertz with DMT adhesion), or by the radius
        of a flat contact.
    draws : int, default 10000
        Number of draws of the common constants.
    form : str, default "tip_corrected"
        Whether the compliance of the tip is taken off.
        - `"tip_corrected"`: `1/E* = 1/M_s + 1/M_t`, exponent by the shape of the contact.
        - `"paper"`: `M_s = M_ref (k*/k*_ref)^(3/2)`, as printed by Qiao et al. 2019: the tip counts
        as rigid.
    loss_threshold : float | None, default None
        Loss tangent below which the damping counts as negligible; without it nothing is said about
        that.
    tip_position_from : str, default "stated"
        Where the tip position comes from.
        - `"stated"`: The constant `tip_position`.
        - `"two_modes"`: The method `contact_resonance.tip_position`, run before on the same maps.

    Notes
    -----
    # Modulus from contact resonance

    ## Idea
    A lever whose tip rests on a sample is a beam with a spring at its tip. The stiffer the contact, the higher its resonances; between the free lever and a pinned
    tip every flexural mode has one frequency for one contact stiffness $k^*$. The stiffness of the contact, divided by its size, is the modulus of sample and tip;
    what the resonance loses beyond the damping by the air is the loss of the contact. A map of frequencies becomes a map of modulus.

    ## Equations
    Lever of length $L$, tip at $L_1$, $x = x_{n0}\sqrt{f_c/f_0}$ with $x_{n0}$ = 1.8751, 4.6941, 7.8548; $a = xL_1/L$, $b = x - a$, $P(t) = \sin t\cosh t-\cos t\sinh t$:
    $$\frac{k^*}{k_{c1}} = \frac23 a^3\,\frac{1+\cos x\cosh x}{P(b)\,(1-\cos a\cosh a)-P(a)\,(1+\cos b\cosh b)},\qquad k_{c1} = \frac{3EI}{L_1^3}$$
    $k_{c1}$ is the stiffness *at the tip*, $(L/L_1)^3$ times that of the free end: 14 % at $L_1/L$ = 0.95. `spring_constant_at` has no default.
    Two modes are combined with weights by the inverse variance of $\ln k^*$, which is $(\mathrm d\ln k/\mathrm d\ln f)^2 s_f^2/f^2$ for each.
    $$E^*_s = E^*_{ref}\left(\frac{k^*}{k^*_{ref}}\right)^m,\quad m=\tfrac32\ \text{(sphere)},\ 1\ \text{(flat)},\qquad \frac1{E^*}=\frac1{M_s}+\frac1{M_t}$$
    `calibration = "absolute"`: $E^* = \sqrt{k^{*3}/(6RF)}$ with $F$ the applied force plus adhesion (DMT), or $E^* = k^*/2a$ for a flat contact. `form = "paper"` is
    $M_s = M_{ref}(k^*/k^*_{ref})^{3/2}$ as Qiao et al. print it (exponent repaired); it leaves out the tip.
    Loss (Yuya et al.): $x \to a + ib$ with $b = \frac a4\left(\frac1{Q_c}-\frac{f_0}{Q_0f_c}\right)$; $\tan\delta = \mathrm{Im}\,k^*/\mathrm{Re}\,k^*$, $c^* = \mathrm{Im}\,k^*/2\pi f_c$.

    ## What has no default
    Mode numbers, $L_1/L$, the shape of the contact, the modulus of the tip, where the spring constant holds. All change $M$ by tens of per cent. Without a reference
    only the stiffness is given: frequencies alone must not be compared across tips. The modulus is printed for both shapes.

    ## Uncertainty
    The mean over a map has the interval of a correlated field (its own long waves give the error). The spread over the map is that of the field: the variance of the
    measurement, $(m M/E^*)^2$ times that of $\ln k^*$, is subtracted; it comes from `frequency_noise_mode_n` or from trace and retrace. Constants that all pixels
    share are drawn together 10 000 times, at 64 places that stand for the map, and carried apart as systematic error; the table `common_errors` shows each alone.
    A reference read before and after gives the wear of the tip: with `slow_scan` it is corrected line by line, else it is a systematic error.

    The printed sensitivity is $\mathrm d\ln k/\mathrm d\ln f$, which is *large* where a mode is blind: near the free and near the pinned end. A mode with
    $\mathrm d\ln f/\mathrm d\ln k$ below 0.05 is warned of.

    ## Assumptions and failure modes
    - A uniform beam: V-shaped levers are refused; tilt, mass of the tip and lateral stiffness are left out.
    - More than 5 % of the frequencies outside their branch: an error, almost always a wrong mode or free frequency. Fewer: counted and left blank.
    - $1/E^* - 1/M_t \le 0$: stiffer than the tip resolves. Above 5 % of the pixels only the lower bound $M > E^*$ is given.
    - $M_s > M_t$: the error of $E^*$ enters $(M_s/E^*)^2$-fold; warned.
    - The interval of the mean is that over one map. Between maps, sites are compared.
    - The map `indentation_modulus` enters `dafm.distribution`, `dafm.correlation_length` and `dafm.regions` by `map = "indentation_modulus"`.

    ## References
    Rabe, Janser, Arnold, *Rev. Sci. Instrum.* **67**, 3281 (1996). Hurley, Shen, Jennett, Turner, *J. Appl. Phys.* **94**, 2347 (2003). Yuya, Hurley, Turner,
    *J. Appl. Phys.* **104**, 074916 (2008). Wagner et al., *Nat. Mater.* **10**, 439 (2011). Qiao et al. (2019), review, section 3.3.5.
    """
    ID: ClassVar[str] = "contact_resonance.modulus"

    calibration: Literal["reference", "absolute"] = "reference"
    draws: int = 10000
    form: Literal["tip_corrected", "paper"] = "tip_corrected"
    loss_threshold: float | None = None
    tip_position_from: Literal["stated", "two_modes"] = "stated"

    def run(
        self,
        data: Data,
        *,
        tip_position: Quantity | None = None,
        lever_shape: Literal["rectangular", "v_shaped"] | None = None,
        free_frequency_mode_1: Quantity | None = None,
        free_frequency_mode_2: Quantity | None = None,
        free_frequency_mode_3: Quantity | None = None,
        free_quality_factor_mode_1: Quantity | None = None,
        free_quality_factor_mode_2: Quantity | None = None,
        free_quality_factor_mode_3: Quantity | None = None,
        frequency_noise_mode_1: Quantity | None = None,
        frequency_noise_mode_2: Quantity | None = None,
        frequency_noise_mode_3: Quantity | None = None,
        spring_constant: Quantity | None = None,
        spring_constant_at: Literal["tip", "end"] | None = None,
        contact_geometry: Literal["sphere", "flat"] | None = None,
        tip_modulus: Quantity | None = None,
        reference_modulus: Quantity | None = None,
        reference_stiffness_ratio: Quantity | None = None,
        reference_stiffness_ratio_after: Quantity | None = None,
        reference_frequency_mode_1: Quantity | None = None,
        reference_frequency_mode_2: Quantity | None = None,
        reference_frequency_mode_3: Quantity | None = None,
        reference_frequency_after_mode_1: Quantity | None = None,
        reference_frequency_after_mode_2: Quantity | None = None,
        reference_frequency_after_mode_3: Quantity | None = None,
        slow_scan: Literal["top_to_bottom", "bottom_to_top"] | None = None,
        force: Quantity | None = None,
        adhesion_force: Quantity | None = None,
        tip_radius: Quantity | None = None,
        contact_radius: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `modulus` for the arguments."""
        return self._run(
            data,
            constants={
                "tip_position": tip_position,
                "lever_shape": lever_shape,
                "free_frequency_mode_1": free_frequency_mode_1,
                "free_frequency_mode_2": free_frequency_mode_2,
                "free_frequency_mode_3": free_frequency_mode_3,
                "free_quality_factor_mode_1": free_quality_factor_mode_1,
                "free_quality_factor_mode_2": free_quality_factor_mode_2,
                "free_quality_factor_mode_3": free_quality_factor_mode_3,
                "frequency_noise_mode_1": frequency_noise_mode_1,
                "frequency_noise_mode_2": frequency_noise_mode_2,
                "frequency_noise_mode_3": frequency_noise_mode_3,
                "spring_constant": spring_constant,
                "spring_constant_at": spring_constant_at,
                "contact_geometry": contact_geometry,
                "tip_modulus": tip_modulus,
                "reference_modulus": reference_modulus,
                "reference_stiffness_ratio": reference_stiffness_ratio,
                "reference_stiffness_ratio_after": reference_stiffness_ratio_after,
                "reference_frequency_mode_1": reference_frequency_mode_1,
                "reference_frequency_mode_2": reference_frequency_mode_2,
                "reference_frequency_mode_3": reference_frequency_mode_3,
                "reference_frequency_after_mode_1": reference_frequency_after_mode_1,
                "reference_frequency_after_mode_2": reference_frequency_after_mode_2,
                "reference_frequency_after_mode_3": reference_frequency_after_mode_3,
                "slow_scan": slow_scan,
                "force": force,
                "adhesion_force": adhesion_force,
                "tip_radius": tip_radius,
                "contact_radius": contact_radius,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def modulus(
    data: Data,
    *,
    calibration: Literal["reference", "absolute"] = "reference",
    draws: int = 10000,
    form: Literal["tip_corrected", "paper"] = "tip_corrected",
    loss_threshold: float | None = None,
    tip_position_from: Literal["stated", "two_modes"] = "stated",
    tip_position: Quantity | None = None,
    lever_shape: Literal["rectangular", "v_shaped"] | None = None,
    free_frequency_mode_1: Quantity | None = None,
    free_frequency_mode_2: Quantity | None = None,
    free_frequency_mode_3: Quantity | None = None,
    free_quality_factor_mode_1: Quantity | None = None,
    free_quality_factor_mode_2: Quantity | None = None,
    free_quality_factor_mode_3: Quantity | None = None,
    frequency_noise_mode_1: Quantity | None = None,
    frequency_noise_mode_2: Quantity | None = None,
    frequency_noise_mode_3: Quantity | None = None,
    spring_constant: Quantity | None = None,
    spring_constant_at: Literal["tip", "end"] | None = None,
    contact_geometry: Literal["sphere", "flat"] | None = None,
    tip_modulus: Quantity | None = None,
    reference_modulus: Quantity | None = None,
    reference_stiffness_ratio: Quantity | None = None,
    reference_stiffness_ratio_after: Quantity | None = None,
    reference_frequency_mode_1: Quantity | None = None,
    reference_frequency_mode_2: Quantity | None = None,
    reference_frequency_mode_3: Quantity | None = None,
    reference_frequency_after_mode_1: Quantity | None = None,
    reference_frequency_after_mode_2: Quantity | None = None,
    reference_frequency_after_mode_3: Quantity | None = None,
    slow_scan: Literal["top_to_bottom", "bottom_to_top"] | None = None,
    force: Quantity | None = None,
    adhesion_force: Quantity | None = None,
    tip_radius: Quantity | None = None,
    contact_radius: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Modulus from contact resonance (`contact_resonance.modulus`).

    Converts contact-resonance frequencies and quality factors to contact stiffness, indentation
    modulus and loss. See `ContactModulus` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    calibration : str, default "reference"
        How a stiffness becomes a modulus.
        - `"reference"`: By the stiffness on a reference sample of known modulus.
        - `"absolute"`: By force and radius of the tip (Hertz with DMT adhesion), or by the radius
        of a flat contact.
    draws : int, default 10000
        Number of draws of the common constants.
    form : str, default "tip_corrected"
        Whether the compliance of the tip is taken off.
        - `"tip_corrected"`: `1/E* = 1/M_s + 1/M_t`, exponent by the shape of the contact.
        - `"paper"`: `M_s = M_ref (k*/k*_ref)^(3/2)`, as printed by Qiao et al. 2019: the tip counts
        as rigid.
    loss_threshold : float | None, default None
        Loss tangent below which the damping counts as negligible; without it nothing is said about
        that.
    tip_position_from : str, default "stated"
        Where the tip position comes from.
        - `"stated"`: The constant `tip_position`.
        - `"two_modes"`: The method `contact_resonance.tip_position`, run before on the same maps.
    tip_position : Quantity, a plain number
        distance of the tip from the clamped end over the length of the lever. Found: a side view of
        the lever, or two modes: contact_resonance.tip_position; it changes the modulus by tens of
        per cent and has no default.
    lever_shape : str
        shape of the cantilever; rectangular is assumed. Found: the maker's data sheet.
        - `"rectangular"`: a beam of uniform cross-section
        - `"v_shaped"`: two arms; the beam equations do not hold
    free_frequency_mode_1 : Quantity, in Hz
        free resonance frequency of a flexural mode. Found: the spectrum of the same lever out of
        contact, near the surface.
    free_frequency_mode_2 : Quantity, in Hz
        free resonance frequency of a flexural mode. Found: the spectrum of the same lever out of
        contact, near the surface.
    free_frequency_mode_3 : Quantity, in Hz
        free resonance frequency of a flexural mode. Found: the spectrum of the same lever out of
        contact, near the surface.
    free_quality_factor_mode_1 : Quantity, a plain number
        quality factor of the free mode, whose damping by the air is subtracted. Found: the spectrum
        of the same lever out of contact, near the surface.
    free_quality_factor_mode_2 : Quantity, a plain number
        quality factor of the free mode, whose damping by the air is subtracted. Found: the spectrum
        of the same lever out of contact, near the surface.
    free_quality_factor_mode_3 : Quantity, a plain number
        quality factor of the free mode, whose damping by the air is subtracted. Found: the spectrum
        of the same lever out of contact, near the surface.
    frequency_noise_mode_1 : Quantity, in Hz
        standard deviation of the noise of the contact-resonance frequency of one pixel. Found:
        repeated spectra at one place, or the error of the fit of the resonance; trace and retrace
        maps replace it.
    frequency_noise_mode_2 : Quantity, in Hz
        standard deviation of the noise of the contact-resonance frequency of one pixel. Found:
        repeated spectra at one place, or the error of the fit of the resonance; trace and retrace
        maps replace it.
    frequency_noise_mode_3 : Quantity, in Hz
        standard deviation of the noise of the contact-resonance frequency of one pixel. Found:
        repeated spectra at one place, or the error of the fit of the resonance; trace and retrace
        maps replace it.
    spring_constant : Quantity, in N/m
        static spring constant of the lever, with its error; needs spring_constant_at. Found: the
        thermal tune, or the maker's data sheet.
    spring_constant_at : str
        the place on the lever that the spring constant belongs to. Found: the calibration: a tune
        that is read at the tip gives `tip`, a formula from the dimensions `end`; the factor is 14 %
        at L1/L = 0.95.
        - `"tip"`: at the position of the tip: 3EI/L1^3
        - `"end"`: at the free end: 3EI/L^3; it is multiplied by (L/L1)^3
    contact_geometry : str
        shape of the contact; the modulus is shown for both. Found: an electron micrograph of the
        tip; a worn tip is flat.
        - `"sphere"`: a round tip (Hertz)
        - `"flat"`: a worn, flat tip
    tip_modulus : Quantity, in Pa
        indentation modulus E/(1-nu^2) of the tip. Found: the material of the tip; for silicon about
        165 GPa is usual.
    reference_modulus : Quantity, in Pa
        indentation modulus of the reference sample. Found: nanoindentation or sound velocities of
        the reference.
    reference_stiffness_ratio : Quantity, a plain number
        contact stiffness on the reference over k_c1, before the scan. Found: contact resonances on
        the reference; or give reference_frequency_mode_1 and so on.
    reference_stiffness_ratio_after : Quantity, a plain number
        the same after the scan: how far the tip has worn. Found: contact resonances on the
        reference after the scan.
    reference_frequency_mode_1 : Quantity, in Hz
        contact-resonance frequency on the reference sample, before the scan. Found: spectra on the
        reference sample with the same force, before the scan.
    reference_frequency_mode_2 : Quantity, in Hz
        contact-resonance frequency on the reference sample, before the scan. Found: spectra on the
        reference sample with the same force, before the scan.
    reference_frequency_mode_3 : Quantity, in Hz
        contact-resonance frequency on the reference sample, before the scan. Found: spectra on the
        reference sample with the same force, before the scan.
    reference_frequency_after_mode_1 : Quantity, in Hz
        the same after the scan: how far the tip has worn. Found: spectra on the reference sample
        after the scan.
    reference_frequency_after_mode_2 : Quantity, in Hz
        the same after the scan: how far the tip has worn. Found: spectra on the reference sample
        after the scan.
    reference_frequency_after_mode_3 : Quantity, in Hz
        the same after the scan: how far the tip has worn. Found: spectra on the reference sample
        after the scan.
    slow_scan : str
        which edge of the map was scanned first; needed to correct tip wear line by line. Found: the
        instrument's log.
        - `"top_to_bottom"`: the upper edge was scanned first
        - `"bottom_to_top"`: the lower edge was scanned first
    force : Quantity, in N
        normal force that the feedback applies, without adhesion. Found: set point of the deflection
        times its sensitivity times the spring constant.
    adhesion_force : Quantity, in N
        adhesion, which adds to the force (DMT); state 0 nN where there is none. Found: the pull-off
        force of a force curve.
    tip_radius : Quantity, in m
        radius of curvature of the tip. Found: an electron micrograph, or a tip characteriser.
    contact_radius : Quantity, in m
        radius of a flat contact. Found: an electron micrograph of the worn tip.
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

        - `indentation_modulus` (M, Pa): mean indentation modulus for the stated shape of the
        contact
        - `indentation_modulus_sd` (σ_M, Pa): standard deviation over the map, the variance of the
        measurement subtracted
        - `indentation_modulus_cv` (σ_M/M): that standard deviation over the mean
        - `indentation_modulus_sphere` (M_sphere, Pa): mean indentation modulus for a round tip
        - `indentation_modulus_flat` (M_flat, Pa): mean indentation modulus for a flat tip
        - `indentation_modulus_lower_bound` (M_min, Pa): lower bound where the sample is stiffer
        than the tip resolves
        - `reduced_modulus` (E*, Pa): mean reduced modulus of sample and tip
        - `contact_stiffness` (k*, N/m): mean contact stiffness
        - `stiffness_ratio` (k*/k_c1): mean contact stiffness over the stiffness of the lever at the
        tip
        - `loss_tangent_mode_1` (tan δ₁): mean loss tangent of the contact at mode 1
        - `loss_tangent_mode_2` (tan δ₂): mean loss tangent of the contact at mode 2
        - `loss_tangent_mode_3` (tan δ₃): mean loss tangent of the contact at mode 3
        - `contact_damping_mode_1` (c*₁, kg/s): mean damping constant of the contact at mode 1
        - `contact_damping_mode_2` (c*₂, kg/s): mean damping constant of the contact at mode 2
        - `contact_damping_mode_3` (c*₃, kg/s): mean damping constant of the contact at mode 3
        - `sensitivity_mode_1` (d ln k/d ln f): relative change of stiffness over that of the
        frequency, median, mode 1
        - `sensitivity_mode_2` (d ln k/d ln f): the same for mode 2
        - `sensitivity_mode_3` (d ln k/d ln f): the same for mode 3
        - `tip_drift` (Δk_ref/k_ref): relative change of the stiffness on the reference over the
        scan
        - `no_solution` (N_0): pixels without a stiffness

    References
    ----------
    - Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996)
    - Hurley, Shen, Jennett, Turner, J. Appl. Phys. 94, 2347 (2003)
    - Yuya, Hurley, Turner, J. Appl. Phys. 104, 074916 (2008)
    - Wagner et al., Nat. Mater. 10, 439 (2011)
    - Qiao et al. (2019), review, section 3.3.5
    """
    return ContactModulus(
        calibration=calibration,
        draws=draws,
        form=form,
        loss_threshold=loss_threshold,
        tip_position_from=tip_position_from,
    ).run(
        data,
        tip_position=tip_position,
        lever_shape=lever_shape,
        free_frequency_mode_1=free_frequency_mode_1,
        free_frequency_mode_2=free_frequency_mode_2,
        free_frequency_mode_3=free_frequency_mode_3,
        free_quality_factor_mode_1=free_quality_factor_mode_1,
        free_quality_factor_mode_2=free_quality_factor_mode_2,
        free_quality_factor_mode_3=free_quality_factor_mode_3,
        frequency_noise_mode_1=frequency_noise_mode_1,
        frequency_noise_mode_2=frequency_noise_mode_2,
        frequency_noise_mode_3=frequency_noise_mode_3,
        spring_constant=spring_constant,
        spring_constant_at=spring_constant_at,
        contact_geometry=contact_geometry,
        tip_modulus=tip_modulus,
        reference_modulus=reference_modulus,
        reference_stiffness_ratio=reference_stiffness_ratio,
        reference_stiffness_ratio_after=reference_stiffness_ratio_after,
        reference_frequency_mode_1=reference_frequency_mode_1,
        reference_frequency_mode_2=reference_frequency_mode_2,
        reference_frequency_mode_3=reference_frequency_mode_3,
        reference_frequency_after_mode_1=reference_frequency_after_mode_1,
        reference_frequency_after_mode_2=reference_frequency_after_mode_2,
        reference_frequency_after_mode_3=reference_frequency_after_mode_3,
        slow_scan=slow_scan,
        force=force,
        adhesion_force=adhesion_force,
        tip_radius=tip_radius,
        contact_radius=contact_radius,
        channels=channels,
        after=after,
        seed=seed,
    )
