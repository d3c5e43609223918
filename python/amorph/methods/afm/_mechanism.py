# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Dissipation mechanism (`dafm.mechanism`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Quantity, Results
from ...results import Result


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
    return Mechanism(
        contact_distance=contact_distance,
        decide_at=decide_at,
        draws=draws,
        model_error=model_error,
        range=range,
        reduced_modulus=reduced_modulus,
        surface_energy=surface_energy,
        tip_radius=tip_radius,
    ).run(
        results,
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        resonance_frequency=resonance_frequency,
        drive_frequency=drive_frequency,
        free_amplitude=free_amplitude,
        seed=seed,
    )
