# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Statistics of first pop-ins (`indentation.pop_in_statistics`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class PopInStatistics(Method):
    r"""Statistics of first pop-ins (`indentation.pop_in_statistics`).

    Weibull and log-normal laws of the loads of first pop-ins by maximum likelihood with censored tests, and the shear stress there.

    Parameters
    ----------
    load : str, default "load"
        Column with the loads.
    status : str, default "status"
        Column that says what each load is: `event`, `none` (no pop-in up to it) or `below` (a
        pop-in before it); all are events if it is absent.

    Notes
    -----
    # Statistics of first pop-ins

    ## Idea
    Below a tip the glass stays elastic until somewhere a shear band starts, which shows as a sudden displacement. The load of the first pop-in differs from test to test: its
    distribution tells how strength is distributed over volumes as small as the stressed one.

    ## Input
    A table with one test per row: the load, and what it is: `event`, `none` (no pop-in up to the largest load of the test) or `below` (a pop-in before the smallest load at
    which one would have been seen). Tests without a pop-in are information; leaving them out makes the glass look weak.

    ## Equations
    $$F_W(P) = 1-e^{-(P/P_0)^k},\qquad F_L(P) = \Phi\left(\frac{\ln P-\mu}{\sigma_{ln}}\right)$$
    An event contributes the density, `none` $1-F$, `below` $F$. Two Weibull populations are tried for 30 and more events and judged by the Bayesian criterion. Elastic sphere:
    $$p_0 = \left(\frac{6PE^{*2}}{\pi^3R^2}\right)^{1/3},\qquad \tau_{max} = 0.31\,p_0$$
    at $0.48\,a$ below the surface (for $\nu$ near 0.3), with `tip_radius` and `reduced_modulus`. The power 2/3 of $4E^*/3R$ in the equivalent form is missing in some manuals.

    ## Uncertainty
    Profile-likelihood intervals, tested with and without censoring from 30 tests on. No straight line is fitted to plotting positions: their points are correlated and their
    ends weigh most.

    ## Failure modes
    - **No activation volume.** At one rate and temperature a distribution is that of the structure: in metallic glasses far below $T_g$ it hardly depends on rate and
      temperature (Packard et al.). With series of rates or temperatures a thermal model may be fitted; a single series is refused.
    - Pop-ins that are merged with the noise floor are `below`, not events.

    ## References
    W. Weibull, *J. Appl. Mech.* **18**, 293 (1951). C. E. Packard et al., *J. Mater. Res.* **25**, 2251 (2010). K. L. Johnson, *Contact Mechanics* (1985).
    """
    ID: ClassVar[str] = "indentation.pop_in_statistics"

    load: str = "load"
    status: str = "status"

    def run(
        self,
        data: Data,
        *,
        tip_radius: Quantity | None = None,
        reduced_modulus: Quantity | None = None,
        shear_modulus: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `pop_in_statistics` for the arguments."""
        return self._run(
            data,
            constants={
                "tip_radius": tip_radius,
                "reduced_modulus": reduced_modulus,
                "shear_modulus": shear_modulus,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def pop_in_statistics(
    data: Data,
    *,
    load: str = "load",
    status: str = "status",
    tip_radius: Quantity | None = None,
    reduced_modulus: Quantity | None = None,
    shear_modulus: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Statistics of first pop-ins (`indentation.pop_in_statistics`).

    Weibull and log-normal laws of the loads of first pop-ins by maximum likelihood with censored
    tests, and the shear stress there. See `PopInStatistics` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    load : str, default "load"
        Column with the loads.
    status : str, default "status"
        Column that says what each load is: `event`, `none` (no pop-in up to it) or `below` (a
        pop-in before it); all are events if it is absent.
    tip_radius : Quantity, in m
        radius of the spherical tip, with its error; the modulus goes with its inverse root. Found:
        indents of fused silica, or an electron micrograph.
    reduced_modulus : Quantity, in Pa
        reduced modulus of sample and tip. Found: indentation.oliver_pharr on the same sample.
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

        - `weibull_modulus` (k): shape of the Weibull law of the loads
        - `weibull_scale` (P_0, N): load that 63 % of the tests do not pass
        - `popin_load` (P_50, N): median load by the better of the two laws
        - `popin_shear_stress` (τ_max, Pa): largest shear stress at the median load (elastic sphere)
        - `popin_stress_over_modulus` (τ_max/G): the same over the shear modulus
        - `log_normal_sd` (σ_ln): standard deviation of the logarithm of the loads
        - `bic_weibull_minus_log_normal` (ΔBIC): negative: Weibull describes the loads better
        - `bic_two_minus_one_population` (ΔBIC): negative: two populations describe the loads better
        - `n_popins` (n): pop-ins

    References
    ----------
    - W. Weibull, J. Appl. Mech. 18, 293 (1951)
    - C. E. Packard, O. Franke, E. R. Homer, C. A. Schuh, J. Mater. Res. 25, 2251 (2010)
    """
    return PopInStatistics(
        load=load,
        status=status,
    ).run(
        data,
        tip_radius=tip_radius,
        reduced_modulus=reduced_modulus,
        shear_modulus=shear_modulus,
        channels=channels,
        after=after,
        seed=seed,
    )
