# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Attractive and repulsive regime (`dafm.regime`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Regime(Method):
    r"""Attractive and repulsive regime (`dafm.regime`).

    Finds the amplitude ratio at which the mean lag of the images of a state crosses 90 degrees.

    Parameters
    ----------
    bootstrap : int, default 2000
        Resamples of the images.

    Notes
    -----
    # Attractive and repulsive regime

    ## Idea
    A tip that comes down meets attraction first and repulsion later. The mean force over a cycle decides on which side of 90° the lag lies: above, attraction wins; below, repulsion. Images of
    one area at several set points tell at which amplitude the sign changes, and so which images may be compared (Lu et al. 2016 find 0.75).

    ## Method
    The mean lag of each image stands against its amplitude ratio $A/A_0$. Nothing is assumed of the curve but that it rises: isotonic regression (pool adjacent violators) gives the rising sequence closest to the
    lags, and the crossing of 90° is read by linear interpolation between neighbouring images.

    ## Uncertainty
    The images are the replicates: they are drawn anew with replacement and the crossing is found again. An isotonic curve is rough and resamples repeat its corners, so that the middle 95 % of the
    crossings cover in 83 to 88 % only; the interval is their middle 99.5 %, which covers in 95 to 98 % of virtual series of 12 to 40 images, and more often where the lag jumps. It is given from twelve images on. The phase reference moves all images alike and is not in the interval: see `dafm.phase_reference_scan`.

    ## Failure modes
    - All images on one side: no crossing, and the range of the lags is told instead.
    - Near the crossing two states of oscillation may coexist; an image can hold both (`bistable_or_mixed_regime` of `dafm.dissipation`). Its mean lag lies between and widens the interval.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016). Barlow, Bartholomew, Bremner, Brunk, *Statistical Inference under Order Restrictions* (1972).
    """
    ID: ClassVar[str] = "dafm.regime"

    bootstrap: int = 2000

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `regime` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def regime(
    results: Results,
    *,
    bootstrap: int = 2000,
    seed: int = 1,
) -> Result:
    r"""Attractive and repulsive regime (`dafm.regime`).

    Finds the amplitude ratio at which the mean lag of the images of a state crosses 90 degrees. See
    `Regime` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    bootstrap : int, default 2000
        Resamples of the images.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `regime_crossing_ratio` ((A/A0)_90): amplitude ratio at which the mean lag crosses 90 deg
        - `fraction_images_attractive` (): share of the images with a mean lag above 90 deg

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - R. E. Barlow et al., Statistical Inference under Order Restrictions (1972)
    """
    return Regime(
        bootstrap=bootstrap,
    ).run(
        results,
        seed=seed,
    )
