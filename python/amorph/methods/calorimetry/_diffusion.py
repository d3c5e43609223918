# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Diffusion and viscosity (`calorimetry.diffusion`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Diffusion(Method):
    r"""Diffusion and viscosity (`calorimetry.diffusion`).

    Laws of diffusion coefficients and viscosities over temperature, the viscosity by Stokes and Einstein, the temperature below which both part, and the energy of diffusion over that of the slow beta relaxation.

    Parameters
    ----------
    beta_energy : Quantity | None, default None
        Activation energy of the slow beta relaxation to compare with, for instance "150 kJ/mol" or
        "1.5 eV".
    beta_energy_error : Quantity | None, default None
        Its standard error; mandatory with `beta_energy`.
    boundary : str, default "stick"
        Flow at the surface of the particle in the relation of Stokes and Einstein.
        - `"stick"`: The liquid sticks: `6 π`.
        - `"slip"`: The liquid slips: `4 π`.
    draws : int, default 999
        Series simulated without a break, for its test.
    law : str, default "auto"
        The law over temperature; `auto` takes the one with the lower criterion of Akaike for small
        samples.
        - `"auto"`: The better of both.
        - `"arrhenius"`: `ln D = ln D0 - E/(R T)`.
        - `"vft"`: `ln D = ln D0 - B/(T - T0)`: Vogel, Fulcher and Tammann.
    significance : float, default 0.05
        Probability below which a break is named.

    Notes
    -----
    # Diffusion and viscosity

    ## Idea
    In a hot liquid the same motion carries atoms and lets it flow: diffusion coefficient and viscosity keep a fixed product, up to the temperature. On cooling small atoms go on moving through a liquid that hardly flows any
    more, and the product rises. Where this begins, and with which energy each of the two goes on, tells how atoms move; in the glass the energy of small atoms is compared with that of the slow beta relaxation.

    ## Data
    One table per element: `temperature`, and `diffusion_coefficient` (m²/s), `viscosity` (Pa s), or both. Errors stand in `diffusion_coefficient_error` and `viscosity_error`, in the units of the values. An empty cell is a
    quantity that was not measured at that temperature.

    ## Equations
    $$\ln D = \ln D_0 - \frac{E_D}{RT}\quad\text{or}\quad \ln D = \ln D_0 - \frac{B}{T-T_0},\qquad \ln\eta\ \text{with the other sign}$$
    `law = "auto"` takes the law with the lower criterion of Akaike for small samples; a bent law needs five readings with stated errors, six without. The energy of a bent law is $R\,d\ln D/d(1/T)$ where the
    readings lie in the mean, and is called apparent.
    $$\eta_{SE} = \frac{k_BT}{6\pi D r}\quad(4\pi\ \text{with}\ \texttt{boundary = "slip"})$$
    With `diffusing_radius` stated the table and the figure show $\eta_{SE}$ beside the measured viscosity.

    **Where both part.** At temperatures with both, $y=\ln(D\eta/T)$ is a constant by Stokes and Einstein. Against it stands a constant down to a temperature $T_x$ and a line over $1/T$ below,
    $$y = y_0 + \frac{\Delta E}{R}\left(\frac1T-\frac1{T_x}\right)_+$$
    $T_x$ has no meaning without a break, so that no table of probabilities applies: `draws` series without a break, at the same temperatures and with the same errors, tell how often chance looks as broken (`decoupling_p`). Below
    `significance` $T_x$, $\Delta E$ and the hydrodynamic radius of the hot side are given; above it the radius of all readings. Six different temperatures are needed.

    **Slow beta relaxation.** With `beta_energy` and `beta_energy_error` (both per mole or per atom) the ratio $E_D/E_\beta$ (`diffusion_beta_energy_ratio`) has the interval of Fieller, which knows of both errors, and `diffusion_beta_energy_p` is the probability by chance of energies
    that differ as much. A large p does not show that they are equal: look at the interval.

    ## Uncertainty
    Errors are those of the table or else the scatter about the law, with Student's $t$. Readings scatter on the scale of logarithms. Where stated errors are too small for the scatter (1 %) there are no intervals. Break, plateau and slope have the
    interval of their profile over all places of the break. $T_0$ has one where the bent law is better by ten, or stated: chosen with less, it bends by chance. Measured coverage in `docs/coverage.md`.

    ## Bad input
    | case | what happens |
    |---|---|
    | neither column | refused |
    | fewer than three different temperatures | refused |
    | a value that is not above zero, an error above its value | refused with its row |
    | diffusion that falls, viscosity that rises with the temperature | refused |
    | a row without a number | left out, counted |
    | break at an end of the temperatures | its temperature without interval, said |

    ## Failure modes
    - **A viscosity from a fitted law** at the temperatures of the diffusion coefficients has errors that go together; the test takes them for independent.
    - **Glass and liquid in one table**: below the glass transition the sample may not have been in equilibrium, and the law bends there for that reason.
    - **Several elements** have a radius and an energy each: one table for each.

    ## References
    A. Einstein, *Ann. Phys.* **322**, 549 (1905). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 2.2.2. E. C. Fieller, *J. R. Stat. Soc. B* **16**, 175 (1954). C. M. Hurvich, C.-L. Tsai, *Biometrika* **76**, 297 (1989).
    """
    ID: ClassVar[str] = "calorimetry.diffusion"

    beta_energy: Quantity | None = None
    beta_energy_error: Quantity | None = None
    boundary: Literal["stick", "slip"] = "stick"
    draws: int = 999
    law: Literal["auto", "arrhenius", "vft"] = "auto"
    significance: float = 0.05

    def run(
        self,
        data: Data,
        *,
        diffusing_radius: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `diffusion` for the arguments."""
        return self._run(
            data,
            constants={
                "diffusing_radius": diffusing_radius,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def diffusion(
    data: Data,
    *,
    beta_energy: Quantity | None = None,
    beta_energy_error: Quantity | None = None,
    boundary: Literal["stick", "slip"] = "stick",
    draws: int = 999,
    law: Literal["auto", "arrhenius", "vft"] = "auto",
    significance: float = 0.05,
    diffusing_radius: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Diffusion and viscosity (`calorimetry.diffusion`).

    Laws of diffusion coefficients and viscosities over temperature, the viscosity by Stokes and
    Einstein, the temperature below which both part, and the energy of diffusion over that of the
    slow beta relaxation. See `Diffusion` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    beta_energy : Quantity | None, default None
        Activation energy of the slow beta relaxation to compare with, for instance "150 kJ/mol" or
        "1.5 eV".
    beta_energy_error : Quantity | None, default None
        Its standard error; mandatory with `beta_energy`.
    boundary : str, default "stick"
        Flow at the surface of the particle in the relation of Stokes and Einstein.
        - `"stick"`: The liquid sticks: `6 π`.
        - `"slip"`: The liquid slips: `4 π`.
    draws : int, default 999
        Series simulated without a break, for its test.
    law : str, default "auto"
        The law over temperature; `auto` takes the one with the lower criterion of Akaike for small
        samples.
        - `"auto"`: The better of both.
        - `"arrhenius"`: `ln D = ln D0 - E/(R T)`.
        - `"vft"`: `ln D = ln D0 - B/(T - T0)`: Vogel, Fulcher and Tammann.
    significance : float, default 0.05
        Probability below which a break is named.
    diffusing_radius : Quantity, in m
        radius of the diffusing atom, for the viscosity by Stokes and Einstein. Found: half of the
        distance of neighbours, or the metallic or covalent radius of the element.
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

        - `diffusion_activation_energy` (E_D, J/mol): of an Arrhenius law of the diffusion
        coefficient
        - `diffusion_prefactor_log10` (log10 D0): log10 of the diffusion coefficient (m²/s) at
        infinite temperature
        - `diffusion_apparent_energy` (E_D, J/mol): of a bent law at the temperature whose inverse
        is the mean of all
        - `diffusion_vft_t0` (T0, K): of ln D = ln D0 - B/(T - T0)
        - `viscosity_activation_energy` (E_η, J/mol): of an Arrhenius law of the viscosity
        - `viscosity_prefactor_log10` (log10 η0): log10 of the viscosity (Pa s) at infinite
        temperature
        - `viscosity_apparent_energy` (E_η, J/mol): of a bent law at the temperature whose inverse
        is the mean of all
        - `viscosity_vft_t0` (T0, K): of ln η = ln η0 + B/(T - T0)
        - `decoupling_p` (p): share of series with a constant D η/T that look as broken
        - `decoupling_temperature` (T_x, K): below it D η/T is not constant
        - `decoupling_energy` (ΔE, J/mol): R d ln(D η/T)/d(1/T) below it
        - `hydrodynamic_radius` (r, m): of Stokes and Einstein where D η/T is constant
        - `diffusion_beta_energy_ratio` (E_D/E_β): energy of diffusion over that of the slow beta
        relaxation
        - `diffusion_beta_energy_p` (p): probability by chance of energies that differ as much

    References
    ----------
    - A. Einstein, Ann. Phys. 322, 549 (1905), doi:10.1002/andp.19053220806
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.2
    - E. C. Fieller, J. R. Stat. Soc. B 16, 175 (1954), doi:10.1111/j.2517-6161.1954.tb00159.x
    - C. M. Hurvich, C.-L. Tsai, Biometrika 76, 297 (1989), doi:10.1093/biomet/76.2.297
    """
    return Diffusion(
        beta_energy=beta_energy,
        beta_energy_error=beta_energy_error,
        boundary=boundary,
        draws=draws,
        law=law,
        significance=significance,
    ).run(
        data,
        diffusing_radius=diffusing_radius,
        channels=channels,
        after=after,
        seed=seed,
    )
