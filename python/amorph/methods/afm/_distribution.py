# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Distribution of the dissipated energy (`dafm.distribution`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Distribution(Method):
    r"""Distribution of the dissipated energy (`dafm.distribution`).

    Gives mean, spread, skewness and quantiles of the dissipated energy, with intervals that know of its correlation.

    Parameters
    ----------
    connectivity : int, default 4
        Neighbours that belong to one region when regions are counted level by level: 4 or 8.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is counted.
    probabilities : Sequence[float], default (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
        Probabilities of the quantiles to list.

    Notes
    -----
    # Distribution of the dissipated energy

    ## Idea
    A homogeneous sample gives a sharp, symmetric distribution of the dissipated energy; soft regions broaden it and pull a tail to high energies.
    Spread and skewness put numbers to that.

    ## Equations
    Over the pixels of one image, with $z = (E - \langle E\rangle)/\sigma_E$: mean, standard deviation $\sigma_E$ (divided by $n$), relative variation
    $\sigma_E/\langle E\rangle$, skewness $\gamma_1 = \langle z^3\rangle$, excess kurtosis $\gamma_2 = \langle z^4\rangle - 3$, quantiles, and a
    histogram with the bin width of Freedman and Diaconis.

    The table `levels` holds the map without its pixels: how many lie between each level and the next, and how many regions (of at least
    `min_pixels`, inside the image, with the border weights of `dafm.regions`) stand above each level. Regions of all levels come from one
    pass: pixels are added from the highest down and joined. Levels are multiples of a power of two between 1/256 and 1/128 of the
    interquartile range, so the levels of different images nest and states can be pooled exactly, whatever the number of images.
    `dafm.distributions_by_state` and `dafm.proliferation` are made from it.

    Where the lag is known, its spread and relative variation stand beside those of the energy. They are different quantities: that of a
    phase depends on where its zero lies. Qiao et al. (2019) set 12 % of the one beside 8 % of the other; Amorph prints both and does not compare
    them.

    ## Uncertainty
    Neighbouring pixels repeat one another. Each moment changes by the mean of its influence function over the image,

    $$\psi_{\ln\sigma} = \tfrac12(z^2-1),\qquad \psi_{\ln CV} = \tfrac12(z^2-1) - z\,\frac{\sigma_E}{\langle E\rangle},\qquad
    \psi_{\gamma_1} = z^3 - \gamma_1 - 3z - \tfrac32\gamma_1(z^2-1),$$

    which is a stationary field like the energy; the error of its mean follows from its longest waves, as in `dafm.dissipation`. The intervals are tested to cover
    for normal fields and for skewness about 1. Fewer than 50 independent areas: no interval. Kurtosis and quantiles are given without.

    ## Assumptions and failure modes
    - The site is the unit of replication. These intervals speak of one image; states are compared by their sites.
    - $\sigma_E$ contains the noise of the instrument; a silicon reference or the difference of trace and retrace tells how much
      (`dafm.distributions_by_state` takes it off).
    - A distribution far from normal (skewness above about 1) needs more area than the interval knows.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016), figure 5a. Hampel, *J. Am. Stat. Assoc.* **69**, 383 (1974).
    """
    ID: ClassVar[str] = "dafm.distribution"

    connectivity: int = 4
    map: str = "dissipated_energy"
    min_pixels: int = 8
    probabilities: Sequence[float] = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `distribution` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def distribution(
    data: Data,
    *,
    connectivity: int = 4,
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    probabilities: Sequence[float] = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999),
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Distribution of the dissipated energy (`dafm.distribution`).

    Gives mean, spread, skewness and quantiles of the dissipated energy, with intervals that know of
    its correlation. See `Distribution` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    connectivity : int, default 4
        Neighbours that belong to one region when regions are counted level by level: 4 or 8.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is counted.
    probabilities : Sequence[float], default (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
        Probabilities of the quantiles to list.
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

        - `distribution_mean` (⟨E⟩, J): mean of the dissipated energy (of another map in its own
        unit)
        - `distribution_sd` (σ_E, J): standard deviation over the pixels
        - `distribution_cv` (σ_E/⟨E⟩): relative variation over the pixels
        - `distribution_skewness` (γ₁): skewness over the pixels; positive with a tail to high
        energies
        - `distribution_excess_kurtosis` (γ₂): excess kurtosis over the pixels
        - `phase_lag_sd` (σ_φ, deg): standard deviation of the lag over the pixels
        - `phase_lag_cv` (σ_φ/⟨φ⟩): relative variation of the lag: another quantity than that of the
        energy

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Hampel, J. Am. Stat. Assoc. 69, 383 (1974)
    """
    return Distribution(
        connectivity=connectivity,
        map=map,
        min_pixels=min_pixels,
        probabilities=probabilities,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
