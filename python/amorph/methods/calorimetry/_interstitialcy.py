# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Defects by the shear modulus (`calorimetry.interstitialcy`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Interstitialcy(Method):
    r"""Defects by the shear modulus (`calorimetry.interstitialcy`).

    Concentration, heat flow, density change and energies of shear defects from the shear modulus of a glass and of its crystal over temperature (Granato).

    Parameters
    ----------
    annealed_from : float | None, default None
        Temperature before structural relaxation, K; absent: the lowest that both records hold.
    annealed_to : float | None, default None
        Temperature after it, K; absent: where the concentration is lowest.

    Notes
    -----
    # Defects by the shear modulus

    ## Idea
    In the theory of Granato a glass is a crystal that froze with some per cent of shear defects (split interstitials), which soften its shear modulus exponentially. The moduli of the glass and of the same sample after
    crystallisation then count the defects at every temperature, and predict without any fit what a calorimeter sees: the heat that goes in and out with the defects.

    ## Equations
    $$c(T)=\frac{1}{\alpha\beta}\ln\frac{\mu(T)}{G(T)},\qquad W(T)=\frac{\dot T}{\rho\beta}\left[\frac{G}{\mu}\frac{d\mu}{dT}-\frac{dG}{dT}\right]=\frac{\dot T\,G}{\rho\beta}\,\frac{d}{dT}\ln\frac{\mu}{G},\qquad \Delta U=\frac{\mu-G}{\beta\rho}$$
    $W$ is positive where heat is taken up. The second form is the one that is computed: it needs the slope of one smooth number. Structural relaxation from `annealed_from` to `annealed_to` takes out
    $\Delta c$, gives off $Q=-\int W\,dt$, and makes the glass denser by $(\alpha_i-1)\Delta c$, which is $\frac{\alpha_i-1}{\alpha\beta}\ln(G/G_0)$ at one temperature.

    **Spectrum.** At a heating rate $\dot T$ defects of the energy $E = kT\ln(\nu T/\dot T)$ anneal out at $T$, so that $n_0(E)=-\frac{dc/dT}{k\ln(\nu T/\dot T)}$, which needs `attempt_frequency`. From the heat flow the same is
    $n_0=-\rho W/(\alpha G A\dot T)$, $A = k\ln(\nu T/\dot T)$; both are one equation here.

    $\mu$ is the modulus of the crystal **at the same temperature**; where it was not measured nothing is extrapolated, and the range is cut with a warning. A crystal softer than the glass is refused: not fully
    crystallised, or the files exchanged. $\alpha$, $\beta$ and the density have no defaults.

    ## Uncertainty
    Logarithms of both moduli are cubic B-splines with a penalty on third differences. Thirty-three penalties are weighed by their restricted likelihood; curves, slopes and their covariances are those of the mixture. Every number is a
    linear functional of them. The bands of the figures cover on average over the temperatures, less where the slope turns sharply. Measured coverage: `docs/coverage.md`.

    The intervals hold the noise of the moduli, taken as independent from reading to reading. They do not hold $\beta$, which is known to ten per cent at best; all concentrations go with $1/(\alpha\beta)$, all heats with $1/\beta$. The
    share $\Delta c/c$ has none of them in it.

    Where `annealed_to` is not stated it is the lowest point of the concentration, and numbers up to it have no interval.

    ## Failure modes
    - **Errors common to a record** (mass, dimensions of the sample) shift $\ln\mu/G$ by a constant: 1 % of the modulus are 0.06 % of concentration; slopes do not see them.
    - **Crystallisation** during the first heating raises $G$ towards $\mu$ and looks like annealing of all defects: end the range before it.
    - **The relaxed modulus** above the glass transition is no longer the one at high frequency that the theory means.

    ## References
    A. V. Granato, *Phys. Rev. Lett.* **68**, 974 (1992). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 4.2.
    """
    ID: ClassVar[str] = "calorimetry.interstitialcy"

    annealed_from: float | None = None
    annealed_to: float | None = None

    def run(
        self,
        data: Data,
        *,
        shear_susceptibility: Quantity | None = None,
        defect_alpha: Quantity | None = None,
        density: Quantity | None = None,
        heating_rate: Quantity | None = None,
        relaxation_volume: Quantity | None = None,
        attempt_frequency: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `interstitialcy` for the arguments."""
        return self._run(
            data,
            constants={
                "shear_susceptibility": shear_susceptibility,
                "defect_alpha": defect_alpha,
                "density": density,
                "heating_rate": heating_rate,
                "relaxation_volume": relaxation_volume,
                "attempt_frequency": attempt_frequency,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def interstitialcy(
    data: Data,
    *,
    annealed_from: float | None = None,
    annealed_to: float | None = None,
    shear_susceptibility: Quantity | None = None,
    defect_alpha: Quantity | None = None,
    density: Quantity | None = None,
    heating_rate: Quantity | None = None,
    relaxation_volume: Quantity | None = None,
    attempt_frequency: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Defects by the shear modulus (`calorimetry.interstitialcy`).

    Concentration, heat flow, density change and energies of shear defects from the shear modulus of
    a glass and of its crystal over temperature (Granato). See `Interstitialcy` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    annealed_from : float | None, default None
        Temperature before structural relaxation, K; absent: the lowest that both records hold.
    annealed_to : float | None, default None
        Temperature after it, K; absent: where the concentration is lowest.
    shear_susceptibility : Quantity, a plain number
        how strongly defects soften the shear modulus; concentration and heat go with 1/β. Found: 15
        to 21 for metallic glasses: 17 for Pd-based, 20 is typical; from the heat of
        crystallisation, β = (μ - G)/(ρ Q).
    defect_alpha : Quantity, a plain number
        formation enthalpy of a defect over shear modulus times volume of an atom. Found: about 1
        for shear defects.
    density : Quantity, in kg/m^3
        density of the glass. Found: weighing in a liquid.
    heating_rate : Quantity, in K/s
        heating rate as it was set; checked against the column of time, used where there is none.
        Found: the program of the measurement.
    relaxation_volume : Quantity, a plain number
        volume of a defect over that of an atom; for the change of the density. Found: about 1.6 for
        split interstitials in fcc metals.
    attempt_frequency : Quantity, in 1/s
        attempt frequency of the elementary event; the energies of a spectrum go with its logarithm.
        Found: the Debye frequency of the glass, about 1e13 1/s.
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

        - `interstitial_concentration` (c): concentration before structural relaxation
        - `annealed_concentration` (Δc): what structural relaxation takes out of it
        - `annealed_share` (Δc/c): share that anneals out
        - `heat_released` (Q, J/kg): heat that structural relaxation gives off
        - `excess_energy` (ΔU, J/kg): energy of the glass over its crystal, to stand beside the heat
        of crystallisation
        - `density_change` (Δρ/ρ): relative change of the density on structural relaxation
        - `spectrum_peak` (E, J): energy at which most defects relax
        - `heat_flow_slope` (): measured over predicted heat flow, where a record holds one

    References
    ----------
    - A. V. Granato, Phys. Rev. Lett. 68, 974 (1992), doi:10.1103/PhysRevLett.68.974
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.2
    """
    return Interstitialcy(
        annealed_from=annealed_from,
        annealed_to=annealed_to,
    ).run(
        data,
        shear_susceptibility=shear_susceptibility,
        defect_alpha=defect_alpha,
        density=density,
        heating_rate=heating_rate,
        relaxation_volume=relaxation_volume,
        attempt_frequency=attempt_frequency,
        channels=channels,
        after=after,
        seed=seed,
    )
