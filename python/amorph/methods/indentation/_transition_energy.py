# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Energy of the transition of flow (`indentation.transition_energy`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TransitionEnergy(Method):
    r"""Energy of the transition of flow (`indentation.transition_energy`).

    Activation energy of the transition between localised and homogeneous flow from pairs of temperature and strain rate.

    Parameters
    ----------
    critical_strain : float, default 0.027
        Shear strain γc at which a zone yields.
    rate : str, default "rate"
        Column of strain rates.
    rate_error : str, default "rate_std"
        Column of standard errors of the strain rates; all logarithms count alike where it is
        absent.
    temperature : str, default "temperature"
        Column of temperatures.
    zeta : float, default 3.0
        Correction ζ for the confinement by the matrix.
    zone_volume : Quantity | None, default None
        Volume of a zone, for its barrier; needs the constant shear_modulus too.

    Notes
    -----
    # Energy of the transition of flow

    ## Idea
    Cold and fast, a metallic glass shears along bands; hot and slow it flows as a whole. The strain rate at which the one turns into the other rises with the temperature as
    if a barrier had to be passed.

    ## Input
    A table with one transition per row: `temperature`, `rate`, and the standard error of the rate (`rate_std`) where it is known.

    ## Equations
    $$\ln\dot\varepsilon = c-\frac{E_s}{kT}$$
    by weighted least squares. For comparison the barrier of a shear transformation zone of volume $\Omega$ (`zone_volume`, with the constant `shear_modulus`),
    $$W_0 = \frac{8}{\pi^2}G\gamma_c^2\zeta\Omega\quad\text{or}\quad W_0 = 4RG\gamma_c^2\zeta\Omega,\ R=\tfrac14$$
    Both prefactors are in use and differ by 23 %; both results are given. The review finds $E_s/W$ of 0.25 to 0.5 and $E_s$ of 0.3 to 0.5 eV for glasses of Pd, Zr and Fe. The inverse,
    the volume whose barrier $E_s$ would be, is given too: 0.3 to 0.5 eV at 25.7 GPa are 1.05 to 1.76 nm³ with $8/\pi^2$ and 0.86 to 1.43 nm³ with 1.

    ## Uncertainty
    Student's interval of the slope, the scale of the errors from the scatter about the line. Volumes and ratios carry it; $\gamma_c$ and $\zeta$ are inputs, and a factor of two in $\zeta$ is
    one in the volume.

    ## Failure modes
    - One temperature, or fewer than three transitions: refused. An interval that holds zero: no barrier, no volumes.
    - The transition is judged by eye in most papers; the scatter about the line is then that of the judgement.

    ## References
    Qiao et al. (2019), section 2.2.3. W. L. Johnson, K. Samwer, *Phys. Rev. Lett.* **95**, 195501 (2005).
    """
    ID: ClassVar[str] = "indentation.transition_energy"

    critical_strain: float = 0.027
    rate: str = "rate"
    rate_error: str = "rate_std"
    temperature: str = "temperature"
    zeta: float = 3.0
    zone_volume: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        shear_modulus: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `transition_energy` for the arguments."""
        return self._run(
            data,
            constants={
                "shear_modulus": shear_modulus,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def transition_energy(
    data: Data,
    *,
    critical_strain: float = 0.027,
    rate: str = "rate",
    rate_error: str = "rate_std",
    temperature: str = "temperature",
    zeta: float = 3.0,
    zone_volume: Quantity | None = None,
    shear_modulus: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Energy of the transition of flow (`indentation.transition_energy`).

    Activation energy of the transition between localised and homogeneous flow from pairs of
    temperature and strain rate. See `TransitionEnergy` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    critical_strain : float, default 0.027
        Shear strain γc at which a zone yields.
    rate : str, default "rate"
        Column of strain rates.
    rate_error : str, default "rate_std"
        Column of standard errors of the strain rates; all logarithms count alike where it is
        absent.
    temperature : str, default "temperature"
        Column of temperatures.
    zeta : float, default 3.0
        Correction ζ for the confinement by the matrix.
    zone_volume : Quantity | None, default None
        Volume of a zone, for its barrier; needs the constant shear_modulus too.
    shear_modulus : Quantity, in Pa
        shear modulus of the sample. Found: ultrasound, or the literature of the alloy.
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

        - `transition_energy` (E_s, J): slope of ln rate over -1/kT
        - `zone_barrier` (W_0, J): barrier of a zone, prefactor 8/π²
        - `zone_barrier_johnson_samwer` (W_0, J): barrier of a zone, prefactor 4R = 1
        - `transition_over_barrier` (E_s/W_0): with the prefactor 8/π²
        - `transition_over_barrier_johnson_samwer` (E_s/W_0): with the prefactor 4R = 1
        - `volume_of_energy` (Ω, m^3): zone whose barrier E_s would be, prefactor 8/π²
        - `volume_of_energy_johnson_samwer` (Ω, m^3): the same with the prefactor 4R = 1
        - `n_transitions` (n): pairs of temperature and rate

    References
    ----------
    - Qiao et al. (2019), review, section 2.2.3
    - W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005)
    """
    return TransitionEnergy(
        critical_strain=critical_strain,
        rate=rate,
        rate_error=rate_error,
        temperature=temperature,
        zeta=zeta,
        zone_volume=zone_volume,
    ).run(
        data,
        shear_modulus=shear_modulus,
        channels=channels,
        after=after,
        seed=seed,
    )
