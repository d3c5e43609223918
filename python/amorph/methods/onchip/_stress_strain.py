# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Stress and strain on a chip (`onchip.stress_strain`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class StressStrain(Method):
    r"""Stress and strain on a chip (`onchip.stress_strain`).

    True stress and strain of every structure at every time from the displacement of its actuator, with the errors of the reading and those common to the chip apart; modulus, yield, hardening and ductility.

    Parameters
    ----------
    displacement_error : Quantity | None, default None
        Standard error of a displacement where the table has none, for instance "15 nm".
    draws : int, default 2000
        Draws of the constants of the chip, for what is common to all structures.
    elastic_below : float, default 0.02
        Strain below which structures are elastic.
    largest_error : float, default 0.2
        Share of its stress above which the error of a structure leaves it out.

    Notes
    -----
    # Stress and strain on a chip

    An actuator with internal tension overlaps a specimen. Released, it shortens by $u$ and stretches the specimen by as much; what tension is left in it pulls on the specimen. Every structure of the chip gives one point
    of a stress-strain curve, structures of many lengths the whole curve.

    ## How

    $$ \varepsilon = \ln\!\left(1 + \frac{u}{L_0}\right) - \varepsilon_s, \qquad F = E_a W_a t_a\left[\ln\!\left(1 - \frac{u}{L_a}\right) - \varepsilon_a\right], \qquad \sigma = \frac{F}{S},\quad S = S_0\,e^{-\varepsilon_p},\quad \varepsilon_p = \max\!\left(0, \varepsilon - \frac{\sigma}{E}\right). $$

    The mismatch strain $\varepsilon_a$ of the actuator is negative; the bracket is the elastic strain that it keeps. Where it is not positive the actuator would push, and the row is refused. The section shrinks with the plastic strain at
    constant volume; stress and plastic strain are found by a fixed point. Without `specimen_modulus` and `specimen_mismatch` there is no plastic strain, and the section is the initial one.

    **Lengths.** The release etch undercuts the anchors, so that actuators and specimens are longer than drawn. Each hangs on one anchor: $L_0$ and $L_a$ are the lengths of the table plus `underetch`, negative where an overlap holds more than drawn. Without it the lengths of the table count; a note says what was taken. Its error is common to the chip.

    **Errors.** A reading moves stress down and strain up: $\delta\sigma = -K\,\delta u$ with $K = E_a S_a/((L_a - u) S)$. These errors are independent from structure to structure. Those of $E_a$, $\varepsilon_a$ and of widths and thicknesses (stated as `250 +- 5 GPa`) are
    common to the whole chip; no number of structures averages them out. They are drawn together (`draws` times) and given apart, as `systematic_error` and in the column `stress_common_error`. Structures whose reading tells the stress to no better than `largest_error` are listed and left out of fits.

    **Modulus.** Weighted line through the origin of the structures below `elastic_below` at their first reading. An intercept that differs from zero reveals a wrong $\varepsilon_a$ or $\varepsilon_s$, and is warned about.

    **First session.** Charging and drift move all first readings alike. A displacement read too large by $d$ makes the stress $Kd$ too small and the strain $d/L$ too large, $\sigma = E\varepsilon - d\,g$ with $g = K + E/L$. Elastic structures of many lengths have many $g$: $\sigma/g$ over $\varepsilon/g$ is a line with the
    intercept $-d$ (`first_session_shift`), from six structures below 0.8 of the strain at yield. The intercept of $\sigma$ over $\varepsilon$ hardly sees it: of 40 virtual chips that are 30 nm off it names two. A shift of more than 2.58 standard errors is a warning with its size and the yield stress that would be had without it;
    modulus and yield stress have no interval then. What a shift of one standard error does, which would not be seen, is in their `systematic_error`. Wrong lengths and mismatch strains may look alike.

    **Yield.** Elastic line and linear hardening meet at the yield stress; all three numbers by maximum likelihood with the errors of both axes, the interval by the likelihood ratio, widened where points scatter beyond their errors.

    `offset_yield_stress` is where the two lines give a plastic strain of 0.2 %.

    **Broken structures.** The state in the last row of a structure counts: broken structures stay broken, and a whole state after a broken one means that the first was a slip. Readings before the break are kept.

    **Ductility.** The largest strain of a structure that is not broken is a lower bound. Where five structures or more broke and five are whole, Weibull's law of the fracture strain is fitted to what is known of each: above its last strain where it is whole, below the strain at which its actuator
    would have come to rest on the curve where it broke before the first reading, and between its last strain and what that would have grown to by the time of the break (the median growth of whole structures) where it broke later. It has no interval: that of the likelihood covers 78 to 90 %, because the curve that says where actuators would have come to rest is taken as exact.

    ## Assumptions and failure modes

    The first reading is not the release: what relaxed before it is in the curve. A shift that all first readings share (charging, drift) moves modulus and yield stress and is not in their intervals; with 40 structures and readings of 15 nm one of 15 nm is seen in 13 %, of 30 nm in 68 % and of 60 nm in nearly all chips. Bending of long actuators and contact with the substrate are not modelled.
    A hardening that is not linear moves the yield stress. Bulk modulus: its error explodes as $\nu$ comes near 1/2.

    ## References

    H. Idrissi et al. (2019). S. Gravier et al., J. Microelectromech. Syst. 18, 555 (2009). The source prints no equation; those above are the standard ones.
    """
    ID: ClassVar[str] = "onchip.stress_strain"

    displacement_error: Quantity | None = None
    draws: int = 2000
    elastic_below: float = 0.02
    largest_error: float = 0.2

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
        poisson_ratio: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `stress_strain` for the arguments."""
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
                "poisson_ratio": poisson_ratio,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def stress_strain(
    data: Data,
    *,
    displacement_error: Quantity | None = None,
    draws: int = 2000,
    elastic_below: float = 0.02,
    largest_error: float = 0.2,
    actuator_modulus: Quantity | None = None,
    actuator_mismatch: Quantity | None = None,
    actuator_width: Quantity | None = None,
    actuator_thickness: Quantity | None = None,
    specimen_thickness: Quantity | None = None,
    specimen_modulus: Quantity | None = None,
    specimen_mismatch: Quantity | None = None,
    underetch: Quantity | None = None,
    poisson_ratio: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Stress and strain on a chip (`onchip.stress_strain`).

    True stress and strain of every structure at every time from the displacement of its actuator,
    with the errors of the reading and those common to the chip apart; modulus, yield, hardening and
    ductility. See `StressStrain` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    displacement_error : Quantity | None, default None
        Standard error of a displacement where the table has none, for instance "15 nm".
    draws : int, default 2000
        Draws of the constants of the chip, for what is common to all structures.
    elastic_below : float, default 0.02
        Strain below which structures are elastic.
    largest_error : float, default 0.2
        Share of its stress above which the error of a structure leaves it out.
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
    poisson_ratio : Quantity, a plain number
        Poisson's ratio of the specimens; shear and bulk modulus need it. Found: ultrasound on the
        bulk glass, or a table.
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

        - `youngs_modulus` (E, Pa): slope of the elastic structures at the first time
        - `yield_stress` (σ_y, Pa): where the elastic line meets linear hardening, at the first time
        - `hardening_slope` (dσ/dε, Pa): slope of true stress over true strain beyond yield
        - `elastic_strain_at_yield` (σ_y/E): yield stress over Young's modulus
        - `offset_yield_stress` (σ_0.2, Pa): where the curve meets the elastic line moved by a
        plastic strain of 0.2 %
        - `fracture_strain` (ε_f): strain at which half of the structures are broken, by Weibull's
        law of limits
        - `fracture_modulus` (k): Weibull's modulus of the fracture strain
        - `ductility_lower_bound` (ε_f): largest strain of a structure that is not broken
        - `first_session_shift` (d, m): how far all first displacements are off, from the elastic
        structures
        - `shear_modulus` (G, Pa): E/(2 (1 + ν))
        - `bulk_modulus` (B, Pa): E/(3 (1 - 2ν))

    References
    ----------
    - H. Idrissi et al. (2019), on-chip tension of Zr65Ni35
    - S. Gravier, M. Coulombier, A. Safi, N. André, A. Boé, J.-P. Raskin, T. Pardoen, J.
    Microelectromech. Syst. 18, 555 (2009)
    """
    return StressStrain(
        displacement_error=displacement_error,
        draws=draws,
        elastic_below=elastic_below,
        largest_error=largest_error,
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
        poisson_ratio=poisson_ratio,
        channels=channels,
        after=after,
        seed=seed,
    )
