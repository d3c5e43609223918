# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Quasi-point defects (`relaxation.quasi_point_defect`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class QuasiPointDefect(Method):
    r"""Quasi-point defects (`relaxation.quasi_point_defect`).

    Correlation parameter of quasi-point defects from loss tangents over frequency at every temperature, where it begins to change, and the energy below; refused where the loss is no power.

    Parameters
    ----------
    draws : int, default 400
        Series without a kink that the kink of χ is compared with.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.

    Notes
    -----
    # Quasi-point defects

    ## Idea
    In the theory of quasi-point defects (Perez) a glass holds sites of high energy whose moves depend on each other. How much is one number, χ, between 0 (every move waits for others: a crystal) and 1 (none waits). It stands in the
    high-frequency wing of the loss: the loss tangent falls as $\omega^{-\chi}$. Below the glass transition the structure is frozen and χ constant; above, it rises.

    ## Equations
    $$\tau = t_0\left(\frac{\tau_\beta}{t_0}\right)^{1/\chi},\qquad \tau_\beta = \tau_{\beta 0}\,e^{U/kT},\qquad \ln\tan\delta = -\frac{U}{kT} - \chi\ln\omega - \chi\ln\tau_0^* + \ln K$$
    $$\chi(T) = -\left(\frac{\partial\ln\tan\delta}{\partial\ln\omega}\right)_T,\qquad \frac{\partial\ln\tan\delta}{\partial(1/T)}\bigg|_\omega = -\frac Uk,\qquad \frac{\partial\ln\omega}{\partial(1/T)}\bigg|_{\tan\delta} = -\frac{U}{k\chi}$$
    The last two hold while χ is constant. A line of $\ln\tan\delta$ over $\ln\omega$ goes through every isotherm; one χ and one U go through all isotherms below the kink. The absolute times $t_0$ and $\tau_0^*$ stand only in
    sums with $\ln K$: they are not given.

    **Only a power is a power.** At every temperature a parabola is tried as well: where it is better at 5 %, χ is *not defined*. Loss peaks and shoulders bend and are refused by this. One isotherm in twenty bends by chance.

    **The sign.** Qiao et al. write that a higher χ means a higher mobility and, elsewhere, the reverse. By the first equation $\tau$ falls as χ rises ($\tau_\beta > t_0$): mobility rises with χ.

    ## Uncertainty
    Readings err in the phase ($\delta$ itself is fitted, so that losses below their error count as they are) or by a share of the loss; the likelihood chooses. One variance for all isotherms, from what the parabolas leave; Student's t; wider by
    $\sqrt{(1+\rho)/(1-\rho)}$ for residuals that are alike. The **kink** is named where a constant with a line behind it beats one straight line by more than in `draws` series made from that line; its interval is the profile over its temperature. U, χ and U/χ
    use the isotherms below the lower end of that interval and stand without intervals where one χ and one U do not describe them (F test, 5 %). Coverage: `docs/coverage.md`.

    ## Failure modes
    - **A slow beta process** in the window adds curvature, or a slope that is not χ.
    - **A few decades** hide a weak curvature: the power is then a mean slope. The curvature's p is in the table.
    - **Ageing during the sweeps** lowers the loss from low to high temperature and lowers U.
    - **Temperatures that err from isotherm to isotherm** are rejected as spread around one U.

    ## References
    J. Perez, *Physics and Mechanics of Amorphous Polymers* (1998). J. M. Pelletier, J. Perez, J. L. Soubeyroux, *J. Non-Cryst. Solids* **274**, 301 (2000). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.quasi_point_defect"

    draws: int = 400
    noise: Literal["best", "modulus_and_phase", "relative"] = "best"
    temperature_tolerance: float = 1.0

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        glass_transition_temperature: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `quasi_point_defect` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
                "glass_transition_temperature": glass_transition_temperature,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def quasi_point_defect(
    data: Data,
    *,
    draws: int = 400,
    noise: Literal["best", "modulus_and_phase", "relative"] = "best",
    temperature_tolerance: float = 1.0,
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    glass_transition_temperature: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Quasi-point defects (`relaxation.quasi_point_defect`).

    Correlation parameter of quasi-point defects from loss tangents over frequency at every
    temperature, where it begins to change, and the energy below; refused where the loss is no
    power. See `QuasiPointDefect` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    draws : int, default 400
        Series without a kink that the kink of χ is compared with.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
    glass_transition_temperature : Quantity, in K
        glass transition temperature, for fragility and reduced energies. Found: calorimetry, with
        its heating rate; or the temperature of a relaxation time of 100 s.
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

        - `qpd_chi` (χ): power of the loss tangent over frequency, common to all isotherms below the
        kink
        - `qpd_energy` (U, J): slope of ln tan δ over 1/T at one frequency, below the kink
        - `qpd_energy_at_constant_loss` (U/χ, J): slope of ln ω over 1/T at one loss tangent
        - `qpd_transition_temperature` (T_g, K): where χ begins to change
        - `qpd_chi_slope` (dχ/dT, 1/K): change of χ above that
        - `qpd_kink_p` (p): probability of as good a kink where χ is a straight line over
        temperature
        - `qpd_energy_p` (p): probability of as much spread around one χ and one U below the kink

    References
    ----------
    - J. Perez, Physics and Mechanics of Amorphous Polymers, Balkema (1998)
    - J. M. Pelletier, J. Perez, J. L. Soubeyroux, J. Non-Cryst. Solids 274, 301 (2000)
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return QuasiPointDefect(
        draws=draws,
        noise=noise,
        temperature_tolerance=temperature_tolerance,
    ).run(
        data,
        modulus_kind=modulus_kind,
        glass_transition_temperature=glass_transition_temperature,
        channels=channels,
        after=after,
        seed=seed,
    )
