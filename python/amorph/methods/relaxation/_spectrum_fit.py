# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Relaxation spectrum (`relaxation.spectrum_fit`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class SpectrumFit(Method):
    r"""Relaxation spectrum (`relaxation.spectrum_fit`).

    Relaxation time, exponents and strength of one spectrum of moduli, compliances or permittivities: storage and loss fitted together, five functions compared.

    Parameters
    ----------
    constant_loss : bool, default False
        Whether a loss that is the same at all frequencies is fitted along with it.
    flow : bool, default False
        Whether viscous flow, or the conductivity of a dielectric, is fitted along with it.
    liquid : bool, default False
        Whether the modulus relaxes to zero at low frequency.
    model : str, default "best"
        Relaxation function.
        - `"best"`: The one with the lowest Bayesian information criterion.
        - `"debye"`: One relaxation time.
        - `"cole_cole"`: Symmetric.
        - `"cole_davidson"`: Broad at high frequency.
        - `"havriliak_negami"`: With a width and an asymmetry.
        - `"kww"`: The stretched exponential.
        - `"jonscher"`: Describes the loss alone: refused, with the reason.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    temperature : float | None, default None
        Isotherm to fit, K; absent: the one whose loss peak lies nearest the middle of its
        frequencies.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.

    Notes
    -----
    # Relaxation spectrum

    ## Idea
    A loss peak has a position, a width and an asymmetry. They are found from storage **and** loss together: both follow from one relaxation function, and the storage
    modulus knows about the wings that the frequency window cuts off. From the loss alone the error of $\alpha$ is about eight times larger.

    ## Equations
    $$M^*(\omega) = M_u\,[1 - s\,\chi(\omega\tau)],\qquad 0 < s \le 1,\quad \Delta M = sM_u,\quad M_r = (1-s)M_u$$
    | function | $\chi(x)$ | slopes of the loss | mean time |
    |---|---|---|---|
    | Debye | $1/(1+ix)$ | 1, -1 | $\tau$ |
    | Cole-Cole | $1/(1+(ix)^\alpha)$ | $\alpha$, $-\alpha$ | infinite |
    | Cole-Davidson | $(1+ix)^{-\gamma}$ | 1, $-\gamma$ | $\gamma\tau$ |
    | Havriliak-Negami | $(1+(ix)^\alpha)^{-\gamma}$, $\alpha\gamma\le1$ | $\alpha$, $-\alpha\gamma$ | infinite for $\alpha<1$ |
    | KWW | transform of $e^{-(t/\tau)^\beta}$ | 1, $-\beta$ | $\tau\,\Gamma(1/\beta)/\beta$ |

    **Compliances and permittivities.** Columns `storage_compliance` and `loss_compliance` ($J^*=J'-iJ''$, a retardation) or `permittivity` and `dielectric_loss` take the same functions, whose storage falls with the
    frequency:
    $$J^*(\omega) = J_u\,[1 + r\,\chi(\omega\tau)],\qquad \Delta J = rJ_u,\quad J_r = J_u+\Delta J$$
    A permittivity needs no `modulus_kind`. Times of a compliance and of the modulus of the same glass differ, by $J_r/J_u$ for a Debye process: compare only the same one.

    **Terms beside the function.** `flow = true` adds a loss $\omega\eta$ to a modulus, $1/(\omega\eta)$ to a compliance, $\sigma/(\omega\varepsilon_0)$ to a permittivity; the storage knows nothing of it. `constant_loss = true` adds a loss $C$ at all
    frequencies with the storage $\pm(2C/\pi)\ln(\omega/\omega_0)$ that causality gives it, $\omega_0$ in the middle of the sweep, where $M_u$ is then meant. What the criterion says without each term is told; below 6 the readings do not need it.

    $\tau$ of a function, $1/\omega_m$ of its peak and the mean time are different numbers. For 0.95/0.41 the peak lies at $\omega\tau = 2.154$, for KWW 0.5 at 0.737: a "universal" pair
    of exponents is not one curve. All three times are given, each under its name.

    Residuals are logarithms of ratios: $\ln|M|$ and the phase, or $\ln M'$ and $\ln M''$ (`noise`). With the first the error of a small loss is $|M|\sigma_\delta$, as two sensors make it, and no
    percentage of itself. Both errors are found from the residuals; with `noise = "best"` the criterion decides between the two, which it can because densities are
    compared in the same variables. 32 starts are looked at, the best three followed by Levenberg-Marquardt with analytic slopes.

    Functions are compared by the Bayesian criterion (AICc beside it). Less than 6 between the first two is said: the readings do not tell them apart. A symmetric function
    loses on an asymmetric peak. `left_out_difference` is the deviance of every reading from the fit without it (to first order): what the functions predict, not only what they follow.

    **Influence.** The table `influence` has for every reading its leverage and the change of $\ln\tau$ without it, $\Delta p = (J^TJ)^{-1}J_i^T(1-H_i)^{-1}r_i$ with both channels $i$ of the reading, over the standard error. A reading that moves the time by more
    than that is named.

    **One function as another.** The table `shape_conversion` has the stretched exponential for the function of Havriliak and Negami, or the reverse, by two rules: $\alpha\gamma=\beta^{1.23}$ (Alvarez, Alegría, Colmenero) and the closest $\ln\chi''$ over the
    frequencies of the data at equal strength. They are different curves: over 12 decades the losses differ by 3 to 7 % rms for $\beta$ of 0.8 to 0.4, the product of the closest is within a tenth of the rule from $\beta$ = 0.4, and the times differ by a factor of 1.4 to 5.

    ## Uncertainty
    $\tau$, exponents and $M_u$: profile of the residual sum at Student's threshold. An end at a bound is the bound, flagged `at_bound`. $1/\omega_m$, mean time, $\gamma$ and $\Delta M$: to first order from
    the covariance, of their logarithms. Where neighbouring residuals are alike all errors grow by $\sqrt{(1+\rho)/(1-\rho)}$; a runs test says whether the function has the shape of the
    spectrum. Measured coverage: `docs/coverage.md`. $\eta$, $\sigma$ and $C$: profile of the amplitude, where it does not reach zero. Intervals are those of the chosen function; that another might be right is not in them.

    ## Failure modes
    - **The peak lies outside the window:** profiles stay flat, the time is "not identified".
    - **Two processes** under one peak: the runs test rejects; use the spectrum of times (`relaxation.time_spectrum`).
    - **Jonscher's law** describes the loss alone and has no storage of its own: refused.
    - **Hz taken for rad/s** moves every time by 6.28: the column `frequency` is in cycles, `angular_frequency` in rad/s, and a file whose unit says otherwise is refused.
    - Several isotherms: one is fitted with intervals (`temperature`), the same function to all others in the table `isotherms`.

    - **Sums of processes** are not fitted here; `relaxation.surface` has up to three over frequency and temperature. Compliance and inertia of the instrument are taken out before.

    ## References
    S. Havriliak, S. Negami, *Polymer* **8**, 161 (1967). G. Williams, D. C. Watts, *Trans. Faraday Soc.* **66**, 80 (1970). F. Alvarez, A. Alegría, J. Colmenero, *Phys. Rev. B* **44**, 7306 (1991). R. D. Cook,
    *Technometrics* **19**, 15 (1977). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.spectrum_fit"

    constant_loss: bool = False
    flow: bool = False
    liquid: bool = False
    model: Literal["best", "debye", "cole_cole", "cole_davidson", "havriliak_negami", "kww", "jonscher"] = "best"
    noise: Literal["best", "modulus_and_phase", "relative"] = "best"
    temperature: float | None = None
    temperature_tolerance: float = 1.0

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `spectrum_fit` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def spectrum_fit(
    data: Data,
    *,
    constant_loss: bool = False,
    flow: bool = False,
    liquid: bool = False,
    model: Literal["best", "debye", "cole_cole", "cole_davidson", "havriliak_negami", "kww", "jonscher"] = "best",
    noise: Literal["best", "modulus_and_phase", "relative"] = "best",
    temperature: float | None = None,
    temperature_tolerance: float = 1.0,
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Relaxation spectrum (`relaxation.spectrum_fit`).

    Relaxation time, exponents and strength of one spectrum of moduli, compliances or
    permittivities: storage and loss fitted together, five functions compared. See `SpectrumFit` for
    the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    constant_loss : bool, default False
        Whether a loss that is the same at all frequencies is fitted along with it.
    flow : bool, default False
        Whether viscous flow, or the conductivity of a dielectric, is fitted along with it.
    liquid : bool, default False
        Whether the modulus relaxes to zero at low frequency.
    model : str, default "best"
        Relaxation function.
        - `"best"`: The one with the lowest Bayesian information criterion.
        - `"debye"`: One relaxation time.
        - `"cole_cole"`: Symmetric.
        - `"cole_davidson"`: Broad at high frequency.
        - `"havriliak_negami"`: With a width and an asymmetry.
        - `"kww"`: The stretched exponential.
        - `"jonscher"`: Describes the loss alone: refused, with the reason.
    noise : str, default "best"
        How readings err.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    temperature : float | None, default None
        Isotherm to fit, K; absent: the one whose loss peak lies nearest the middle of its
        frequencies.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
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

        - `tau_hn` (τ_HN, s): relaxation time of the functions of Debye, Cole, Davidson, Havriliak
        and Negami
        - `tau_kww` (τ_KWW, s): relaxation time of the stretched exponential
        - `tau_peak` (1/ω_m, s): inverse angular frequency of the loss peak
        - `tau_mean` (<τ>, s): mean relaxation time, where it is finite
        - `beta_kww` (β): stretching exponent
        - `hn_alpha` (α): exponent of the width
        - `hn_gamma` (γ): exponent of the asymmetry
        - `loss_wing_low` (m): slope of log loss over log ω below the peak
        - `loss_wing_high` (1-n): minus that slope above the peak
        - `modulus_unrelaxed` (M_u, Pa): modulus at high frequency
        - `modulus_relaxed` (M_r, Pa): modulus at low frequency
        - `relaxation_strength` (ΔM, Pa): their difference
        - `compliance_unrelaxed` (J_u, 1/Pa): compliance at high frequency
        - `compliance_relaxed` (J_r, 1/Pa): compliance at low frequency, without flow
        - `retardation_strength` (ΔJ, 1/Pa): their difference
        - `permittivity_unrelaxed` (ε_∞): relative permittivity at high frequency
        - `permittivity_relaxed` (ε_s): relative permittivity at low frequency
        - `dielectric_strength` (Δε): their difference
        - `viscosity` (η, Pa s): of the flow: a loss ωη of a modulus, 1/(ωη) of a compliance
        - `conductivity` (σ, S/m): of a dielectric: a loss σ/(ωε0)
        - `constant_loss_modulus` (C, Pa): loss modulus that is the same at all frequencies
        - `constant_loss_compliance` (C, 1/Pa): loss compliance that is the same at all frequencies
        - `constant_loss_permittivity` (C): dielectric loss that is the same at all frequencies
        - `modulus_noise` (σ_r): relative error of a modulus, or of a storage modulus
        - `phase_noise` (σ_δ, rad): error of a phase; absent where loss errs by a share of itself

    References
    ----------
    - S. Havriliak, S. Negami, Polymer 8, 161 (1967), doi:10.1016/0032-3861(67)90021-3
    - G. Williams, D. C. Watts, Trans. Faraday Soc. 66, 80 (1970), doi:10.1039/TF9706600080
    - F. Alvarez, A. Alegría, J. Colmenero, Phys. Rev. B 44, 7306 (1991),
    doi:10.1103/PhysRevB.44.7306
    - R. D. Cook, Technometrics 19, 15 (1977), doi:10.1080/00401706.1977.10489493
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return SpectrumFit(
        constant_loss=constant_loss,
        flow=flow,
        liquid=liquid,
        model=model,
        noise=noise,
        temperature=temperature,
        temperature_tolerance=temperature_tolerance,
    ).run(
        data,
        modulus_kind=modulus_kind,
        channels=channels,
        after=after,
        seed=seed,
    )
