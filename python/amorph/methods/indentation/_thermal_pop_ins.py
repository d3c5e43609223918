# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Thermally activated pop-ins (`indentation.thermal_pop_ins`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ThermalPopIns(Method):
    r"""Thermally activated pop-ins (`indentation.thermal_pop_ins`).

    Activation volume from the loads of first pop-ins at several rates or temperatures, weighed against a law of structure alone.

    Parameters
    ----------
    goodness_replicates : int, default 199
        Series drawn from the fitted law for the probability of so large a distance from it; none is
        given for 0.
    load : str, default "load"
        Column of the loads.
    rate : str, default "loading_rate"
        Column of the rates of the load, N/s.
    status : str, default "status"
        Column that says what each load is: `event`, `none` or `below`; all are events if it is
        absent.
    temperature : str, default "temperature"
        Column of the temperatures, K.

    Notes
    -----
    # Thermally activated pop-ins

    ## Idea
    If a pop-in waits for a thermal push, faster loading gives it less time and it comes at a higher load; the width of the distribution at one rate and the shift between rates then
    both follow from one activation volume. If the scatter of the loads is that of the structure, the width is there and the shift is not.

    ## Input
    A table with one test per row: `load`, `status` (`event`, `none`, `below`), `loading_rate` and `temperature`. Rates must differ by a factor of three or temperatures by 5 %: a single
    series is refused, because its width alone cannot tell thermal scatter from that of the structure. `tip_radius` and `reduced_modulus` give the stress.

    ## Equations
    $$\dot n = n_0\,e^{(\tau V^*-\varepsilon)/kT},\qquad \tau = \frac{0.47}{\pi}\left(\frac{4E^*}{3R}\right)^{2/3}P^{1/3}$$
    $$F(P) = 1-\exp\left(-\int_0^P\frac{\dot n}{\dot P}\,dP\right)$$
    The integral is exact, so that no straight line is laid through $\ln(-\ln(1-F))$ over $P^{1/3}$. Tests without a pop-in and those below the limit of detection count as such. The
    energy $\varepsilon$ is fitted where there are several temperatures.

    ## Null model
    One Weibull law for all series, whatever their rates. The difference of the Bayesian criteria is given; where the null model is better, the volume carries a flag. In metallic
    glasses far below $T_g$ that is what Packard et al. found.

    ## Goodness of fit
    Under the law the expected number of events up to the load of each pop-in, $\Lambda = \int_0^P \dot n/\dot P\,dP$, is exponential with mean one, whatever rate and temperature. The largest distance of its
    Kaplan-Meier curve from that (Kolmogorov and Smirnov) is compared with that of series drawn from the fitted law and fitted again: tabulated probabilities do not hold for fitted laws. A small $p$ says that the
    law does not hold; the criterion above says which of two laws is nearer.

    ## Uncertainty
    Profile-likelihood interval of $V^*$. The errors of radius and modulus are systematic and not part of it.

    ## References
    C. A. Schuh, A. C. Lund, *J. Mater. Res.* **19**, 2152 (2004). J. K. Mason, A. C. Lund, C. A. Schuh, *Phys. Rev. B* **73**, 054102 (2006). C. E. Packard et al., *J. Mater. Res.* **25**, 2251 (2010).
    """
    ID: ClassVar[str] = "indentation.thermal_pop_ins"

    goodness_replicates: int = 199
    load: str = "load"
    rate: str = "loading_rate"
    status: str = "status"
    temperature: str = "temperature"

    def run(
        self,
        data: Data,
        *,
        tip_radius: Quantity | None = None,
        reduced_modulus: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `thermal_pop_ins` for the arguments."""
        return self._run(
            data,
            constants={
                "tip_radius": tip_radius,
                "reduced_modulus": reduced_modulus,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def thermal_pop_ins(
    data: Data,
    *,
    goodness_replicates: int = 199,
    load: str = "load",
    rate: str = "loading_rate",
    status: str = "status",
    temperature: str = "temperature",
    tip_radius: Quantity | None = None,
    reduced_modulus: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Thermally activated pop-ins (`indentation.thermal_pop_ins`).

    Activation volume from the loads of first pop-ins at several rates or temperatures, weighed
    against a law of structure alone. See `ThermalPopIns` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    goodness_replicates : int, default 199
        Series drawn from the fitted law for the probability of so large a distance from it; none is
        given for 0.
    load : str, default "load"
        Column of the loads.
    rate : str, default "loading_rate"
        Column of the rates of the load, N/s.
    status : str, default "status"
        Column that says what each load is: `event`, `none` or `below`; all are events if it is
        absent.
    temperature : str, default "temperature"
        Column of the temperatures, K.
    tip_radius : Quantity, in m
        radius of the spherical tip, with its error; the modulus goes with its inverse root. Found:
        indents of fused silica, or an electron micrograph.
    reduced_modulus : Quantity, in Pa
        reduced modulus of sample and tip. Found: indentation.oliver_pharr on the same sample.
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

        - `activation_volume` (V*, m^3): how strongly the stress below the tip speeds up pop-ins
        - `activation_energy` (ε, J): barrier without stress; series of temperatures only
        - `bic_thermal_minus_structure` (ΔBIC): negative: the thermal law describes the series
        better
        - `goodness_of_fit_p` (p): probability of loads so far from the thermal law where it holds
        - `n_popins` (n): pop-ins

    References
    ----------
    - C. A. Schuh, A. C. Lund, J. Mater. Res. 19, 2152 (2004)
    - J. K. Mason, A. C. Lund, C. A. Schuh, Phys. Rev. B 73, 054102 (2006)
    - C. E. Packard, O. Franke, E. R. Homer, C. A. Schuh, J. Mater. Res. 25, 2251 (2010)
    """
    return ThermalPopIns(
        goodness_replicates=goodness_replicates,
        load=load,
        rate=rate,
        status=status,
        temperature=temperature,
    ).run(
        data,
        tip_radius=tip_radius,
        reduced_modulus=reduced_modulus,
        channels=channels,
        after=after,
        seed=seed,
    )
