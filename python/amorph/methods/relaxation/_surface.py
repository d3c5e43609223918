# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""How many relaxations (`relaxation.surface`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Surface(Method):
    r"""How many relaxations (`relaxation.surface`).

    One model of storage and loss over frequency and temperature: alpha, slow beta and fast beta process, chosen by evidence, with their energies, strengths and widths.

    Parameters
    ----------
    beta_shape : str, default "cole_cole"
        Shape of the slow and the fast beta process.
        - `"cole_cole"`: A power on both wings of the loss, the same at all temperatures.
        - `"gaussian_barriers"`: Barriers spread as a Gaussian: a loss that narrows as the
        temperature rises.
    combination : str, default "additive"
        How alpha and beta processes go together.
        - `"additive"`: Strengths add: beta processes go on where the alpha process is over.
        - `"williams_watts"`: What a beta process has not relaxed the alpha process does: decay φ =
        f φα + (1 - f) φα φβ, by Williams and Watts.
    exclude_crystallisation : bool, default True
        Whether readings above a rise of the storage modulus (crystals) are left out.
    fast_loss : str, default "process"
        What is looked for beside alpha and slow beta process.
        - `"process"`: A process with an energy of its own.
        - `"nearly_constant"`: A loss that is the same at all frequencies and grows as exp(T/T_N).
    highest_frequency : Quantity | None, default None
        Highest frequency that counts, for instance "40 Hz": above it the instrument resonates.
    noise : str, default "modulus_and_phase"
        How readings err.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.

    Notes
    -----
    # How many relaxations

    ## Idea
    A modulus over temperature at several frequencies holds an alpha process (the glass transition), often a slow beta process below it and sometimes a fast one deeper still. Drawing a background under a
    shoulder by eye decides the answer before it is found. Here storage and loss at **all** frequencies and temperatures are one model, fitted with one, two and three processes, and a further process is
    named only where it is worth its parameters.

    ## Equations
    $$M^*(\omega,T) = M_u(T)\Big[1 - \sum_k \Delta_k\,\chi_k(\omega\tau_k(T))\Big],\qquad M_u = M_0\,[1-\kappa(T-T_{ref})]$$

    | process | shape | relaxation time |
    |---|---|---|
    | alpha | transform of $e^{-(t/\tau)^\beta}$ | VFT above Tg; Arrhenius below with $r$ times the slope at Tg |
    | wing | Cole-Cole, at the time of the alpha process | follows alpha: no energy of its own |
    | slow, fast beta | Cole-Cole, or Gaussian barriers | $\tau_0 e^{E/kT}$, $\log_{10}\tau_0$ in -17 ... -10 |
    | nearly constant loss | $A e^{T/T_N}$ at every frequency | none |

    Three choices of form are made by parameters, not by the data:
    - `beta_shape = "gaussian_barriers"`: energies of beta processes are spread as a Gaussian of mean $E$ and standard deviation $s_\beta$, so that $\ln\tau$ has one of $s_\beta/kT$ and the loss narrows
      as the temperature rises. The Cole-Cole shape (default) has the same width at all temperatures.
    - `combination = "williams_watts"`: $\varphi = f\varphi_\alpha + (1-f)\varphi_\alpha\varphi_\beta$ in time, so that no beta process outlives the alpha process. With `additive` (default) strengths add. The
      transform of a product is $1 - i\omega\sum_j w_j\,\Phi_\beta(k_j/\tau_\alpha + i\omega)$ over the rates $k_j$ of the stretched exponential, whose weights are a one-sided stable law.
    - `fast_loss = "nearly_constant"`: beside alpha and slow beta a loss $A e^{T/T_N}$ (a share of the unrelaxed modulus) is looked for in place of a fast process, with the storage $(2/\pi)A\ln\omega$ that causality
      ties to it. It is named where the criterion falls by 6.

    Which form is nearer shows in the residuals of modulus and phase and in their correlation (table `selection`) of runs that differ in the form alone.

    Tg is `glass_transition_temperature` where stated, else the temperature of $\tau_\alpha = 100$ s. Readings err by a share of the modulus and an angle of the phase (the error of a small
    loss is $|M|\sigma_\delta$, no percentage of itself); both sizes follow from the residuals. Weak priors hold what few data tell (they are listed in the notes); the rule $E_\beta = 26\,RT_g$ only starts the search.

    ## The choice
    {alpha}, {alpha, wing}, {alpha, slow}, {alpha, slow, fast} by the Bayesian criterion: a step needs a fall of 6 and energies known to 8 %. Real spectra are never exactly a model, so that residuals of
    neighbours are alike; readings that are alike count once (deviance over $(1+\rho)/(1-\rho)$ of the richest fit), else any misfit would become a process. The verdict on beta is one of *separate peak*
    (a maximum of its own in the model's loss at the middle frequency), *shoulder*, *excess wing* (moves with alpha) and *unresolved*.

    **One frequency gives no energy.** The maxima of the loss are read off; a second frequency is asked for.

    **Crystals.** Where the storage modulus rises for good after its least value (by 5 % and eight errors), readings above half way between the steepest fall and that minimum are left out, in all
    isochrones, because crystals raise it before it turns.

    ## Uncertainty
    Inverse of the normal matrix to first order, multiplied by $\sqrt{(1+\rho)/(1-\rho)}$ for residuals that are alike. Numbers that end at the end of their range have no interval;
    only the energy of the slow beta process and the stretching exponent carry one at all, the others a standard error: their coverage is not measured. With Gaussian barriers or the product rule the
    energy has no interval either (it covered 86 to 91 %), beside a nearly constant loss nothing has one. The intervals hold for
    the chosen number of processes; which number is right is not part of them. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **Less than a decade of frequency**: energies rest on shifts of a few kelvin; a warning says so.
    - **Ageing during a first heating** moves the alpha wing: first and second heating are different samples.
    - **A distribution of barriers** makes the Cole-Cole exponent rise with temperature; the default holds it. Correlated residuals tell; `gaussian_barriers` describes it.
    - **Merging of alpha and beta** near their crossing: strengths add by default; with `williams_watts` they do not.
    - **A nearly constant loss and a fast process** below the coldest reading look alike; only one of them is looked for.
    - **Resonance of the instrument** raises storage and loss at its highest frequencies and passes for a process: state `highest_frequency`.
    - **Two beta processes whose peaks overlap** are one broad process to the criterion.

    ## References
    H. B. Yu, W. H. Wang, K. Samwer, *Materials Today* **16**, 183 (2013). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019). G. Schwarz, *Ann. Statist.* **6**, 461 (1978).
    G. Williams, D. C. Watts, in *NMR Basic Principles and Progress* **4**, 271 (1971). M. Kanter, *Ann. Probab.* **3**, 697 (1975).
    """
    ID: ClassVar[str] = "relaxation.surface"

    beta_shape: Literal["cole_cole", "gaussian_barriers"] = "cole_cole"
    combination: Literal["additive", "williams_watts"] = "additive"
    exclude_crystallisation: bool = True
    fast_loss: Literal["process", "nearly_constant"] = "process"
    highest_frequency: Quantity | None = None
    noise: Literal["modulus_and_phase", "relative"] = "modulus_and_phase"

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
        """Runs the method; see `surface` for the arguments."""
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


def surface(
    data: Data,
    *,
    beta_shape: Literal["cole_cole", "gaussian_barriers"] = "cole_cole",
    combination: Literal["additive", "williams_watts"] = "additive",
    exclude_crystallisation: bool = True,
    fast_loss: Literal["process", "nearly_constant"] = "process",
    highest_frequency: Quantity | None = None,
    noise: Literal["modulus_and_phase", "relative"] = "modulus_and_phase",
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    glass_transition_temperature: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""How many relaxations (`relaxation.surface`).

    One model of storage and loss over frequency and temperature: alpha, slow beta and fast beta
    process, chosen by evidence, with their energies, strengths and widths. See `Surface` for the
    method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    beta_shape : str, default "cole_cole"
        Shape of the slow and the fast beta process.
        - `"cole_cole"`: A power on both wings of the loss, the same at all temperatures.
        - `"gaussian_barriers"`: Barriers spread as a Gaussian: a loss that narrows as the
        temperature rises.
    combination : str, default "additive"
        How alpha and beta processes go together.
        - `"additive"`: Strengths add: beta processes go on where the alpha process is over.
        - `"williams_watts"`: What a beta process has not relaxed the alpha process does: decay φ =
        f φα + (1 - f) φα φβ, by Williams and Watts.
    exclude_crystallisation : bool, default True
        Whether readings above a rise of the storage modulus (crystals) are left out.
    fast_loss : str, default "process"
        What is looked for beside alpha and slow beta process.
        - `"process"`: A process with an energy of its own.
        - `"nearly_constant"`: A loss that is the same at all frequencies and grows as exp(T/T_N).
    highest_frequency : Quantity | None, default None
        Highest frequency that counts, for instance "40 Hz": above it the instrument resonates.
    noise : str, default "modulus_and_phase"
        How readings err.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
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

        - `relaxation_processes` (n): processes with a relaxation time of their own that the
        readings support
        - `slow_beta_energy` (E_β, J): energy of the slow beta process per event
        - `slow_beta_energy_rtg` (E_β/R Tg): the same over that of the stated glass transition
        - `slow_beta_prefactor_log10` (log10 τ0): of the slow beta process, s
        - `slow_beta_strength` (Δ_β): share of the unrelaxed modulus that it relaxes
        - `slow_beta_width` (α_β): Cole-Cole exponent of the slow beta process
        - `slow_beta_energy_width` (s_β, J): standard deviation of its energies, with beta_shape =
        "gaussian_barriers"
        - `slow_beta_temperature` (T_β, K): temperature of its maximum at the middle frequency
        - `fast_beta_energy` (E_f, J): energy of the fast beta process per event
        - `fast_beta_strength` (Δ_f): share of the unrelaxed modulus that it relaxes
        - `fast_beta_temperature` (T_f, K): temperature of its maximum at the middle frequency
        - `nearly_constant_loss` (A): nearly constant loss over the unrelaxed modulus, at the middle
        of the temperatures
        - `nearly_constant_loss_growth` (T_N, K): of its growth exp(T/T_N)
        - `alpha_temperature` (T_α, K): temperature at which ωτ = 1 for the alpha process at the
        middle frequency
        - `alpha_energy` (E_α, J): apparent energy of the alpha process there: slope of ln τ over
        1/kT
        - `stretching_exponent` (β): of the alpha process
        - `alpha_strength` (Δ_α): share of the unrelaxed modulus that it relaxes
        - `glass_slope_ratio` (r): slope of the alpha process below the glass transition over that
        above
        - `crystallisation_temperature` (T_x, K): temperature of the least storage modulus before it
        rises

    References
    ----------
    - H. B. Yu, W. H. Wang, K. Samwer, Materials Today 16, 183 (2013),
    doi:10.1016/j.mattod.2013.05.002
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    - G. Williams, D. C. Watts, in NMR Basic Principles and Progress 4, 271 (1971)
    - M. Kanter, Ann. Probab. 3, 697 (1975), doi:10.1214/aop/1176996309
    - G. Schwarz, Ann. Statist. 6, 461 (1978), doi:10.1214/aos/1176344136
    """
    return Surface(
        beta_shape=beta_shape,
        combination=combination,
        exclude_crystallisation=exclude_crystallisation,
        fast_loss=fast_loss,
        highest_frequency=highest_frequency,
        noise=noise,
    ).run(
        data,
        modulus_kind=modulus_kind,
        glass_transition_temperature=glass_transition_temperature,
        channels=channels,
        after=after,
        seed=seed,
    )
