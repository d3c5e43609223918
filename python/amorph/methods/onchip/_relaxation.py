# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Relaxation on a chip (`onchip.relaxation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Relaxation(Method):
    r"""Relaxation on a chip (`onchip.relaxation`).

    Logarithmic relaxation of every structure; rate sensitivity, activation volume and zone volume with every convention named; a threshold stress with its interval.

    Parameters
    ----------
    athermal_stress : Quantity | None, default None
        Part of the stress that does not help thermal activation, for the table of conventions; for
        instance "1.5 GPa".
    displacement_error : Quantity | None, default None
        Standard error of a displacement where the table has none, for instance "15 nm".
    draws : int, default 2000
        Draws of the constants of the chip, for what is common to all structures.
    elastic_below : float, default 0.02
        Strain below which structures are elastic; ten of them set the zero of every session.
    largest_error : float, default 0.2
        Share of its stress above which the error of a structure leaves it out.
    taylor_factor : float, default 1.7320508075688772
        Normal over shear stress: √3 of an isotropic glass; a polycrystal's Taylor factor is 3.06.

    Notes
    -----
    # Relaxation on a chip

    A specimen that flows lets its actuator shorten, and so loses stress. Over weeks the displacement grows as the logarithm of time. How sensitive is the flow stress to the rate, what activation volume does that mean, and is there a
    stress below which nothing happens?

    ## How

    **Law of a structure.** With few times only $u = u_0 + A_1\ln t$ is known, by weighted least squares. With five times or more $u = u_0 + A_1\ln(1 + A_2 t)$ is fitted too, finite at $t = 0$, and used where it fits better; $A_2$ is given only where both ends of its interval exist.
    It enters neither $m$ nor $V$. With readings at 2 h, 8, 35 and 51 days of 15 nm each the error of $A_1$ is 2.9 nm.

    **Sessions.** Drift and charging of the microscope move all readings of one session alike, and look like relaxation. Where ten structures or more lie below the strain `elastic_below` and were read in every session, their mean displacement, which should not change, gives one shift per
    session (table `sessions`). The shifts are taken off all readings, and what their error leaves in $A_1$, common to all structures, widens the intervals. The elastic structures then define the zero and say nothing on a bound any more.

    **Other laws.** On up to 60 structures that relax five laws are compared by Akaike's criterion (table `laws`): $\ln t$, $\ln(1 + A_2 t)$, a power $t^p$, a stretched exponential, and the flow rule $\dot\varepsilon_p \propto \sinh[V(\sigma - \sigma_{th})/(M k T)]$ on an actuator that unloads. $A_2$, $p$, $\tau$ and $\beta$, $MkT/V$ and the rate are common to all structures;
    displacement and amplitude (for the flow rule: displacement and excess stress at the first reading) are each structure's own. A law that beats the logarithms by more than 10 is named in a warning; $m$ and $V$ remain those of the logarithm. A stretched exponential comes close to the flow rule: of 60 virtual chips of 15 structures and 12 times that flow by
    the rule 51 are called so, 9 a stretched exponential.

    **Rate sensitivity.** The plastic rate falls as $1/t$, so that

    $$ \frac{d\sigma}{d\ln\dot\varepsilon_p} = K A_1, \qquad K = \frac{E_a S_a}{(L_a - u)\,S}, \qquad m = \frac{K A_1}{\sigma}, \qquad V = \frac{M k T}{K A_1}. $$

    $\sigma$ and $K$ are those at the time of the first reading, on the line: the loss per unit of $\ln t$ stays while the stress falls, and $m$ at later times is larger. $m$ is averaged over the structures above the threshold with their errors, in which gain and first displacement err against each other, and the scatter between them. In $m$ the modulus and all sections cancel, $m = A_1/[(L_a - u)(\ln(1-u/L_a) - \varepsilon_a)]$: of the constants only $\varepsilon_a$ matters.
    $V$ goes with $E_a S_a/S$; the error that these bring is common to all structures, and given apart.

    $\dot\varepsilon_p = (A_1/t)\,[1/(L_0 + u) + K/E]$: the growth, and the elastic strain that the falling stress gives back (columns `plastic_strain_rate_first`, `_last`). `rate_sensitivity_local` is $\ln(\sigma_1/\sigma_n)/\ln(t_n/t_1)$ from the two end readings; it is larger by some per cent because $\sigma$ falls. A trend of $m$ with stress is warned about.
    The figure `rate_regimes` puts the volumes over their rates beside those published for on-chip tests and nano-indentation.

    **The Taylor factor** $M$ turns normal into shear stress: $\sqrt3$ for an isotropic glass, the default. The source names it and gives no value; its 100 to 200 Å$^3$ with $m = 0.03$ at 3.25 GPa need $M \approx 3.06$, that of a polycrystal: 42.2, 73.1 and 129.1 Å$^3$ for 1, $\sqrt3$ and 3.06. The table `conventions` has all of them. $V$ does not depend on whether
    a thermal stress is taken off, as it comes from a difference of stresses. Who takes $V = MkT/(m\sigma)$ with $m$ of the whole stress and $\sigma$ less an athermal part gets a larger number: with `athermal_stress` the table has it as `thermal`.

    **Zone volume.** Cooperative shear model (Pan et al., after Johnson and Samwer): $\Omega/V = 1/[6R\zeta\,(G_0\gamma_C^2/\tau_C)\sqrt{1 - \tau_{CT}/\tau_C}]$ with $R = 1/4$, $\zeta = 3$, $\gamma_C = 0.027$, $\tau_C = 0.036\,G$ and $\tau_{CT} = (0.036 - 0.016\,(T/T_g)^{2/3})\,G$:
    21.2 at $T/T_g = 0.47$. Without the root it is 10.97; the source's "about 10" is that form (`stz_volume_paper`). Diameters are those of spheres, so that lengths are compared with lengths.

    **Threshold.** Structures are sorted by their stress at the first reading. Every place between two of them is tried: no loss below, loss in proportion to stress above. The interval joins the places whose $\chi^2$ is within 3.84 of the least, to the next structure on either side and 1.96 standard errors of its stress beyond. It is claimed where it gains more than 10 over one law for all.
    What lies below has a bound: "no relaxation" is printed as "m below ...", and the $\chi^2$ of no relaxation of these structures is noted. A chip on which nothing relaxes has the bound of all its structures.

    ## Assumptions and failure modes

    Lengths are those of the table plus `underetch`, as in `onchip.stress_strain`.

    One law for weeks: a glass that ages while it flows has none. The reading error must be known; drift of the microscope is only seen with ten elastic structures. Broken structures count until they break. Times before the first reading are not extrapolated.
    Intervals of $m$ and $V$ are those of a random-effects mean (Hartung and Knapp), and of a weighted mean where structures scatter no more than their errors; the choice of the structures above the threshold is not in them. The flow rule takes the stiffness of the first reading for all times.

    ## References

    H. Idrissi et al. (2019). D. Pan et al., PNAS 105, 14769 (2008). W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005).
    """
    ID: ClassVar[str] = "onchip.relaxation"

    athermal_stress: Quantity | None = None
    displacement_error: Quantity | None = None
    draws: int = 2000
    elastic_below: float = 0.02
    largest_error: float = 0.2
    taylor_factor: float = 1.7320508075688772

    def run(
        self,
        data: Data,
        *,
        actuator_modulus: Quantity | None = None,
        actuator_mismatch: Quantity | None = None,
        actuator_width: Quantity | None = None,
        actuator_thickness: Quantity | None = None,
        specimen_thickness: Quantity | None = None,
        specimen_modulus: Quantity | None = None,
        specimen_mismatch: Quantity | None = None,
        underetch: Quantity | None = None,
        temperature: Quantity | None = None,
        glass_transition: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `relaxation` for the arguments."""
        return self._run(
            data,
            constants={
                "actuator_modulus": actuator_modulus,
                "actuator_mismatch": actuator_mismatch,
                "actuator_width": actuator_width,
                "actuator_thickness": actuator_thickness,
                "specimen_thickness": specimen_thickness,
                "specimen_modulus": specimen_modulus,
                "specimen_mismatch": specimen_mismatch,
                "underetch": underetch,
                "temperature": temperature,
                "glass_transition": glass_transition,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def relaxation(
    data: Data,
    *,
    athermal_stress: Quantity | None = None,
    displacement_error: Quantity | None = None,
    draws: int = 2000,
    elastic_below: float = 0.02,
    largest_error: float = 0.2,
    taylor_factor: float = 1.7320508075688772,
    actuator_modulus: Quantity | None = None,
    actuator_mismatch: Quantity | None = None,
    actuator_width: Quantity | None = None,
    actuator_thickness: Quantity | None = None,
    specimen_thickness: Quantity | None = None,
    specimen_modulus: Quantity | None = None,
    specimen_mismatch: Quantity | None = None,
    underetch: Quantity | None = None,
    temperature: Quantity | None = None,
    glass_transition: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Relaxation on a chip (`onchip.relaxation`).

    Logarithmic relaxation of every structure; rate sensitivity, activation volume and zone volume
    with every convention named; a threshold stress with its interval. See `Relaxation` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    athermal_stress : Quantity | None, default None
        Part of the stress that does not help thermal activation, for the table of conventions; for
        instance "1.5 GPa".
    displacement_error : Quantity | None, default None
        Standard error of a displacement where the table has none, for instance "15 nm".
    draws : int, default 2000
        Draws of the constants of the chip, for what is common to all structures.
    elastic_below : float, default 0.02
        Strain below which structures are elastic; ten of them set the zero of every session.
    largest_error : float, default 0.2
        Share of its stress above which the error of a structure leaves it out.
    taylor_factor : float, default 1.7320508075688772
        Normal over shear stress: √3 of an isotropic glass; a polycrystal's Taylor factor is 3.06.
    actuator_modulus : Quantity, in Pa
        Young's modulus of the actuator, with its error; every stress scales with it. Found:
        nano-indentation or resonance of the actuator film.
    actuator_mismatch : Quantity, a plain number
        mismatch strain of the actuator, negative for one under tension. Found: actuators without a
        specimen: -u/L of a free beam; or -residual stress/modulus from wafer curvature.
    actuator_width : Quantity, in m
        width of the actuator. Found: an electron micrograph.
    actuator_thickness : Quantity, in m
        thickness of the actuator. Found: ellipsometry or a cross-section.
    specimen_thickness : Quantity, in m
        thickness of the specimens. Found: a cross-section or a profilometer.
    specimen_modulus : Quantity, in Pa
        Young's modulus of the specimens; plastic strains need it. Found: indentation of the film,
        or the elastic structures of the chip.
    specimen_mismatch : Quantity, a plain number
        mismatch strain of the specimens; a residual stress shifts all strains. Found: free beams of
        the film, or wafer curvature; 0 for a film without stress.
    underetch : Quantity, in m
        length by which actuators and specimens are longer than drawn, because the release etch
        undercuts their anchors; negative where an overlap holds more than drawn; 0 if absent.
        Found: an electron micrograph of an anchor or an overlap, or actuators of several lengths
        without a specimen.
    temperature : Quantity, in K
        temperature of the chip. Found: a thermometer where the chip is kept.
    glass_transition : Quantity, in K
        glass transition temperature; the volume of a shear transformation zone in the cooperative
        shear model needs it. Found: calorimetry of the same alloy.
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

        - `rate_sensitivity_m` (m): d ln σ/d ln(plastic strain rate) of the structures above the
        threshold
        - `activation_volume` (V, m^3): M kT over the stress lost per unit of ln(rate), with the
        stated Taylor factor
        - `stz_volume` (Ω, m^3): volume of a shear transformation zone by the cooperative shear
        model (form B of Pan et al.)
        - `stz_volume_paper` (Ω, m^3): ten times the activation volume, as the source takes it
        - `stz_diameter` (d, m): diameter of a sphere of stz_volume, or of stz_volume_paper where Tg
        is not stated
        - `threshold_stress` (σ_c, Pa): stress above which structures relax
        - `m_upper_bound_below_threshold` (m): 95 % bound of the rate sensitivity of the structures
        below it
        - `relaxing_structures` (n): structures whose displacement grows by more than its error
        allows

    References
    ----------
    - H. Idrissi et al. (2019), on-chip tension of Zr65Ni35
    - D. Pan, A. Inoue, T. Sakurai, M. W. Chen, PNAS 105, 14769 (2008), doi:10.1073/pnas.0806051105
    - W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005),
    doi:10.1103/PhysRevLett.95.195501
    """
    return Relaxation(
        athermal_stress=athermal_stress,
        displacement_error=displacement_error,
        draws=draws,
        elastic_below=elastic_below,
        largest_error=largest_error,
        taylor_factor=taylor_factor,
    ).run(
        data,
        actuator_modulus=actuator_modulus,
        actuator_mismatch=actuator_mismatch,
        actuator_width=actuator_width,
        actuator_thickness=actuator_thickness,
        specimen_thickness=specimen_thickness,
        specimen_modulus=specimen_modulus,
        specimen_mismatch=specimen_mismatch,
        underetch=underetch,
        temperature=temperature,
        glass_transition=glass_transition,
        channels=channels,
        after=after,
        seed=seed,
    )
