# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Creep over stress (`relaxation.creep_stress`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CreepStress(Method):
    r"""Creep over stress (`relaxation.creep_stress`).

    Stress exponent, rate sensitivity and activation volume from creep tests at several stresses; whether the flow is Newtonian, and the scatter between tests.

    Notes
    -----
    # Creep over stress

    ## Idea
    How fast a glass flows at several stresses says whether stress only drives the flow (Newtonian: rate in proportion to stress) or also helps the events over their barriers, and on what volume it then
    works.

    ## Equations
    $$\dot\varepsilon \propto \sigma^n,\qquad m = \frac1n,\qquad \dot\varepsilon \propto \sinh\frac{\sigma V}{M k_B T}$$
    Rates are those of the flow (`creep_rate` of `relaxation.creep`) where every hold identifies one, else those at the ends of the holds, with a warning. $M$ is the **Taylor factor**, normal over shear stress: it multiplies $V$ and has
    no default. At high stress $V = MkT\,\partial\ln\dot\varepsilon/\partial\sigma$, the volume of `relaxation.stress_relaxation`. Where an event strains a volume $\Omega$ by $\gamma_0$, Spaepen's law has
    $\gamma_0\Omega = 2V$.

    **Newtonian or not.** Where neither $n$ differs from 1 nor $V$ from 0 at 5 %, stress helps no event that these rates show: $V$ has only an upper bound, and one viscosity of all tests is given. The ratio $MkT/\sigma$ that
    a slope at one stress would give is then no volume of anything.

    ## Uncertainty
    Specimens scatter by more than their tests err. The scatter is found so that the residuals of the better law are as large as they should be (Mandel and Paule); it widens every weight; the sizes of all errors come from the scatter around the law with Student's t
    (Hartung and Knapp). $V$: profile of the sum of squares. Intervals hold for the law; errors of $T$, $M$ and of the stress are in no interval. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **Three tests** have one degree of freedom: intervals twelve standard errors wide.
    - **Rates at the ends of holds** of different length hold different shares of retarded strain.
    - **A crossover** from Newtonian to activated flow within the range is what the second law describes; $n$ is then a mean slope.
    - **Stresses in a narrow range** (less than a fifth): a warning.

    ## References
    F. Spaepen, *Acta Metall.* **25**, 407 (1977). R. C. Paule, J. Mandel, *J. Res. Natl. Bur. Stand.* **87**, 377 (1982). J. Hartung, G. Knapp, *Stat. Med.* **20**, 3875 (2001). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.creep_stress"

    def run(
        self,
        results: Results,
        *,
        temperature: Quantity | None = None,
        taylor_factor: Quantity | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `creep_stress` for the arguments."""
        return self._run(
            results,
            constants={
                "temperature": temperature,
                "taylor_factor": taylor_factor,
            },
            seed=seed,
        )


def creep_stress(
    results: Results,
    *,
    temperature: Quantity | None = None,
    taylor_factor: Quantity | None = None,
    seed: int = 1,
) -> Result:
    r"""Creep over stress (`relaxation.creep_stress`).

    Stress exponent, rate sensitivity and activation volume from creep tests at several stresses;
    whether the flow is Newtonian, and the scatter between tests. See `CreepStress` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    temperature : Quantity, in K
        temperature of the specimen. Found: a thermometer at the specimen.
    taylor_factor : Quantity, a plain number
        normal over shear stress; every activation volume is in proportion to it. Found: 1.732 (the
        root of 3) for an isotropic glass; 3.06 for a face-centred cubic polycrystal; 1 for a shear
        test.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `stress_exponent` (n): of strain rate ~ stress^n; 1 is Newtonian
        - `rate_sensitivity_m` (m): 1/n
        - `newtonian_p` (p): probability of an exponent as far from 1 where the flow is Newtonian
        - `activation_volume` (V, m^3): of strain rate ~ sinh(σV/(M kT)), with the stated Taylor
        factor M
        - `creep_viscosity` (η, Pa s): stress over rate of all tests, where Newtonian flow is not
        ruled out
        - `rate_scatter` (s): scatter of ln rate between tests beyond their own errors

    References
    ----------
    - F. Spaepen, Acta Metall. 25, 407 (1977), doi:10.1016/0001-6160(77)90232-2
    - R. C. Paule, J. Mandel, J. Res. Natl. Bur. Stand. 87, 377 (1982), doi:10.6028/jres.087.022
    - J. Hartung, G. Knapp, Stat. Med. 20, 3875 (2001), doi:10.1002/sim.1009
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return CreepStress().run(
        results,
        temperature=temperature,
        taylor_factor=taylor_factor,
        seed=seed,
    )
