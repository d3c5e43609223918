# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Tilt from touch points (`indentation.tilt`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Tilt(Method):
    r"""Tilt from touch points (`indentation.tilt`).

    Angle between punch and film from three or more touch points, and what it means across the punch.

    Parameters
    ----------
    columns : tuple[str, str, str], default ("x", "y", "z")
        Columns with the coordinates.
    height_noise : Quantity | None, default None
        Standard deviation of a height; from the scatter about the plane where there are more than
        three points and it is not stated.

    Notes
    -----
    # Tilt from touch points

    ## Idea
    A flat punch that is not parallel to the film presses one edge in first. The surface is touched at three or more places; the plane through them tells the angle.

    ## Equations
    $z = c + a x + b y$, $\theta = \arctan\sqrt{a^2+b^2}$ (which is $\arccos|n_z|$), azimuth $\varphi = \operatorname{atan2}(b, a)$. Across a punch of radius $r$ (`punch_radius`) the
    surface rises by $2r\tan\theta$: 17.5 nm at 0.1° and 5 µm.

    ## Input
    A table with the columns x, y and z in metres or with their units (`columns` renames them), one row per touch.

    ## Uncertainty
    More than three points: the scatter about the plane and Student's factor. Exactly three: they fit any plane, so that the error needs `height_noise`; stated, it is used in any case,
    with the normal factor. Below four standard errors the angle has no interval: the length of a vector that may be zero is not normally distributed.

    ## Failure modes
    - **Points on a line** (a triangle below 5 % of the square of its longest side) are refused.
    - Roughness and drift between touches are in the heights; touch each place again.
    - The stage's own plane is the reference: its tilt against the axis of the punch must be known.

    ## References
    Lu et al. (2016) align their punch by three touch points.
    """
    ID: ClassVar[str] = "indentation.tilt"

    columns: tuple[str, str, str] = ("x", "y", "z")
    height_noise: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        punch_radius: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `tilt` for the arguments."""
        return self._run(
            data,
            constants={
                "punch_radius": punch_radius,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def tilt(
    data: Data,
    *,
    columns: tuple[str, str, str] = ("x", "y", "z"),
    height_noise: Quantity | None = None,
    punch_radius: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Tilt from touch points (`indentation.tilt`).

    Angle between punch and film from three or more touch points, and what it means across the
    punch. See `Tilt` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    columns : tuple[str, str, str], default ("x", "y", "z")
        Columns with the coordinates.
    height_noise : Quantity | None, default None
        Standard deviation of a height; from the scatter about the plane where there are more than
        three points and it is not stated.
    punch_radius : Quantity, in m
        radius of the flat punch. Found: an electron micrograph of the punch.
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

        - `tilt_angle` (θ, deg): angle between the plane of the touch points and the plane of the
        coordinates
        - `tilt_azimuth` (φ, deg): direction of steepest ascent from +x
        - `tilt_height_difference` (Δh, m): height difference across the punch
        - `touch_scatter` (s_z, m): scatter of the heights about the plane

    References
    ----------
    - Lu et al. (2016)
    """
    return Tilt(
        columns=columns,
        height_noise=height_noise,
    ).run(
        data,
        punch_radius=punch_radius,
        channels=channels,
        after=after,
        seed=seed,
    )
