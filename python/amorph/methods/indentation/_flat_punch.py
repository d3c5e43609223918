# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Flat punch (`indentation.flat_punch`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class FlatPunch(Method):
    r"""Flat punch (`indentation.flat_punch`).

    Mean pressure, residual depth and reduced modulus of a film below a flat punch.

    Notes
    -----
    # Flat punch

    ## Idea
    A punch with a flat end of radius $a$ presses a film under a pressure that hardly depends on the depth. Films that were pressed at different loads are then compared, for instance by
    AFM; what counts is the mean pressure and whether it could flow.

    ## Equations
    $$p_m = \frac{P}{\pi a^2},\qquad P = 2E^*a\,h\ \text{(elastic, rigid punch)},\qquad E^* = \frac{S}{2a}$$
    $S$ is the slope of the unloading between 95 and 70 % of the peak. The residual depth is read where the load has fallen below 5 % of the peak; drift (`drift_rate`) is taken off.

    ## What is plausible
    A film below $H/3$ stays elastic, and above $1.2\,H$ nothing that was pressed by this area can be left: both are warned about where `hardness` is stated. The two loads of Lu et al., 40 mN
    and 3 N on 5 µm, are 0.51 and 38 GPa: below the one limit and above the other. With `film_thickness`, depths above 0.3 of it are warned about.

    ## Uncertainty
    Stiffness: Student's interval of the straight line. The error of the radius is common to everything and systematic: $2\,da/a$ of the pressure. Pressure and residual depth are single
    readings and have no interval.

    ## Failure modes
    - **Tilt** makes the foot of the curve bend; see `indentation.tilt`. 0.1 degree is 17.5 nm across 5 µm.
    - The first contact is where the depth is zero; a curve with a bent foot has no such place.

    ## References
    Lu et al. (2016). I. N. Sneddon, *Int. J. Eng. Sci.* **3**, 47 (1965).
    """
    ID: ClassVar[str] = "indentation.flat_punch"

    def run(
        self,
        data: Data,
        *,
        punch_radius: Quantity | None = None,
        drift_rate: Quantity | None = None,
        film_thickness: Quantity | None = None,
        hardness: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `flat_punch` for the arguments."""
        return self._run(
            data,
            constants={
                "punch_radius": punch_radius,
                "drift_rate": drift_rate,
                "film_thickness": film_thickness,
                "hardness": hardness,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def flat_punch(
    data: Data,
    *,
    punch_radius: Quantity | None = None,
    drift_rate: Quantity | None = None,
    film_thickness: Quantity | None = None,
    hardness: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Flat punch (`indentation.flat_punch`).

    Mean pressure, residual depth and reduced modulus of a film below a flat punch. See `FlatPunch`
    for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    punch_radius : Quantity, in m
        radius of the flat punch. Found: an electron micrograph of the punch.
    drift_rate : Quantity, in m/s
        thermal drift that the depths still hold, with its error. Found: a hold at low load, or the
        head of the file.
    film_thickness : Quantity, in m
        thickness of the film; for the warnings about the substrate. Found: a cross-section or the
        deposition protocol.
    hardness : Quantity, in Pa
        hardness of the sample. Found: indentation.oliver_pharr on the same sample.
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

        - `mean_pressure` (p_m, Pa): largest load over the area of the punch
        - `residual_depth` (h_r, m): depth that is left when the load is off
        - `contact_stiffness` (S, N/m): slope at the start of the unloading
        - `reduced_modulus` (E*, Pa): S/(2a)

    References
    ----------
    - Lu et al. (2016)
    - I. N. Sneddon, Int. J. Eng. Sci. 3, 47 (1965)
    """
    return FlatPunch().run(
        data,
        punch_radius=punch_radius,
        drift_rate=drift_rate,
        film_thickness=film_thickness,
        hardness=hardness,
        channels=channels,
        after=after,
        seed=seed,
    )
