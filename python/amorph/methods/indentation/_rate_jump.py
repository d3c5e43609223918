# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Strain-rate jumps (`indentation.rate_jump`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class RateJump(Method):
    r"""Strain-rate jumps (`indentation.rate_jump`).

    Rate sensitivity of the hardness, activation volume and zone volume from strain rates that jump within a test.

    Parameters
    ----------
    athermal_strength : float, default 0.036
        Athermal shear strength over shear modulus, τc/G.
    barrier_prefactor : float, default 0.25
        Prefactor R of the barrier 4 R G γc² ζ Ω: 1/4 (Johnson and Samwer) or 2/π² (a sinusoidal
        barrier).
    critical_strain : float, default 0.027
        Shear strain γc at which a zone yields.
    thermal_slope : float, default 0.016
        Slope of the strength, in units of the modulus, over (T/Tg)^(2/3).
    transient : float, default 0.02
        Share of the depth after a jump that is left out.
    zeta : float, default 3.0
        Correction ζ for the confinement by the matrix.
    zone_factor : float, default 10.0
        Zone volume over activation volume for the second way to the zone volume.

    Notes
    -----
    # Strain-rate jumps

    ## Idea
    The strain rate of an indent jumps up and down while the depth grows. The hardness answers by a rate sensitivity $m$; from it follow the activation volume of plastic
    flow and, with a model of the barrier, the volume of a shear transformation zone.

    ## Equations
    $$m = \frac{\partial\ln H}{\partial\ln\dot\varepsilon},\qquad \ln H = a + m\ln\dot\varepsilon + b\,h$$
    over all stretches of a test at once; `transient` (2 % of the depth) after every jump is left out.
    $$V^* = \frac{3\sqrt3\,kT}{mH}$$
    which is $V = MkT/(m\sigma)$ with $\sigma = H/3$ and $M=\sqrt3$. Other Taylor factors change $V$ by as much: $m = 0.03$ at 3.25 GPa and 298 K gives 42 (M = 1), 73
    ($\sqrt3$) and 129 Å³ (3.06); `amorph theory eval activation_volume` has them all.

    Zone volume, from $W = 4RG\gamma_c^2\zeta\Omega(1-\tau/\tau_c)^{3/2}$:
    $$\frac{\Omega}{V^*} = \frac{\tau_c}{6RG\gamma_c^2\zeta\sqrt{1-\tau_{cT}/\tau_c}},\qquad \frac{\tau_{cT}}{\tau_c} = 1-\frac{0.016}{0.036}\left(\frac{T}{T_g}\right)^{2/3}$$
    With $R = 1/4$, $\zeta = 3$, $\gamma_c = 0.027$, $\tau_c/G = 0.036$ and $T/T_g = 0.44$ the factor is 21.6; Idrissi et al. take about 10 (`zone_factor`). Both are given. A volume is
    never compared with a length: `stz_diameter` is that of a sphere.

    ## Uncertainty
    $m$: generalised least squares with errors that are correlated from sample to sample (found by restricted likelihood), Student's interval with the effective number of
    samples; three or more tests: Student's interval of their mean. The volumes carry the interval of $m$. The constants of the barrier are inputs: $\gamma_c$ alone
    moves $\Omega$ by tens of per cent, which no interval here holds.

    ## Failure modes
    - **The interval of $m$ holds zero:** volumes are not defined. Serrated flow has $m\le0$; then the events are described instead.
    - **One rate:** refused. **$T \ge T_g$:** refused.
    - A depth trend that is not linear (tip blunting, indentation size effect) is absorbed by the correlation of the residuals and widens the interval.

    ## References
    W. L. Johnson, K. Samwer, *Phys. Rev. Lett.* **95**, 195501 (2005). D. Pan et al., *PNAS* **105**, 14769 (2008). Idrissi et al. (2019).
    """
    ID: ClassVar[str] = "indentation.rate_jump"

    athermal_strength: float = 0.036
    barrier_prefactor: float = 0.25
    critical_strain: float = 0.027
    thermal_slope: float = 0.016
    transient: float = 0.02
    zeta: float = 3.0
    zone_factor: float = 10.0

    def run(
        self,
        data: Data,
        *,
        temperature: Quantity | None = None,
        glass_transition_temperature: Quantity | None = None,
        atomic_volume: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `rate_jump` for the arguments."""
        return self._run(
            data,
            constants={
                "temperature": temperature,
                "glass_transition_temperature": glass_transition_temperature,
                "atomic_volume": atomic_volume,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def rate_jump(
    data: Data,
    *,
    athermal_strength: float = 0.036,
    barrier_prefactor: float = 0.25,
    critical_strain: float = 0.027,
    thermal_slope: float = 0.016,
    transient: float = 0.02,
    zeta: float = 3.0,
    zone_factor: float = 10.0,
    temperature: Quantity | None = None,
    glass_transition_temperature: Quantity | None = None,
    atomic_volume: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Strain-rate jumps (`indentation.rate_jump`).

    Rate sensitivity of the hardness, activation volume and zone volume from strain rates that jump
    within a test. See `RateJump` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    athermal_strength : float, default 0.036
        Athermal shear strength over shear modulus, τc/G.
    barrier_prefactor : float, default 0.25
        Prefactor R of the barrier 4 R G γc² ζ Ω: 1/4 (Johnson and Samwer) or 2/π² (a sinusoidal
        barrier).
    critical_strain : float, default 0.027
        Shear strain γc at which a zone yields.
    thermal_slope : float, default 0.016
        Slope of the strength, in units of the modulus, over (T/Tg)^(2/3).
    transient : float, default 0.02
        Share of the depth after a jump that is left out.
    zeta : float, default 3.0
        Correction ζ for the confinement by the matrix.
    zone_factor : float, default 10.0
        Zone volume over activation volume for the second way to the zone volume.
    temperature : Quantity, in K
        temperature of the sample. Found: the protocol of the measurement.
    glass_transition_temperature : Quantity, in K
        glass transition temperature, for the athermal limit of the shear strength. Found:
        calorimetry at the rate that the source of the constants used.
    atomic_volume : Quantity, in m^3
        mean volume of an atom; for counts of atoms. Found: density and composition; 17 to 18 A^3 in
        Zr-based glasses.
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

        - `rate_sensitivity` (m): d ln H/d ln (strain rate)
        - `hardness` (H, Pa): at the mean depth and the geometric mean of the rates
        - `activation_volume` (V*, m^3): 3 sqrt(3) kT/(m H)
        - `stz_volume` (Ω, m^3): zone volume by the barrier of Johnson and Samwer
        - `stz_volume_by_factor` (Ω, m^3): zone volume as a multiple of the activation volume
        - `stz_diameter` (d, m): diameter of a sphere of the zone volume
        - `stz_atoms` (n): atoms in the zone volume

    References
    ----------
    - W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005)
    - D. Pan, A. Inoue, T. Sakurai, M. W. Chen, PNAS 105, 14769 (2008)
    - Idrissi et al. (2019)
    """
    return RateJump(
        athermal_strength=athermal_strength,
        barrier_prefactor=barrier_prefactor,
        critical_strain=critical_strain,
        thermal_slope=thermal_slope,
        transient=transient,
        zeta=zeta,
        zone_factor=zone_factor,
    ).run(
        data,
        temperature=temperature,
        glass_transition_temperature=glass_transition_temperature,
        atomic_volume=atomic_volume,
        channels=channels,
        after=after,
        seed=seed,
    )
