# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Regions against the cut-off (`dafm.cutoff_sweep`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CutoffSweep(Method):
    r"""Regions against the cut-off (`dafm.cutoff_sweep`).

    Repeats the search for regions at a series of cut-offs and tests whether their shape depends on the cut-off.

    Parameters
    ----------
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    cutoffs : Sequence[float], default (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
        The cut-offs: shares that count as high, rising.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        What the cut-offs are shares of.
        - `"area"`: The area.
        - `"energy"`: The sum of all values.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    tolerance : float, default 0.1
        Relative change of the mean aspect ratio over the whole sweep below which it counts as
        independent of the cut-off.

    Notes
    -----
    # Regions against the cut-off

    The regions of high dissipation are cut out of a map at a level that nobody knows: 5 % of the area by habit. Lu et al. 2016 say that
    their results do not depend on it. Here that statement is tested: the search of `dafm.regions` is repeated at a series of cut-offs $P_c$
    (1 to 20 % of the area, or of the summed energy with `mode = "energy"`), and at each of them the mean aspect ratio, the mean radius
    $R_{eq}$ (by number and by area) and the number of regions stand beside the null model.

    ## Why a null model here

    In plain isotropic noise all of these depend on the cut-off. Islands above a high level are small caps of single maxima; with a
    falling level they grow, merge and branch, which changes their mean size and aspect ratio, and their number first rises and then falls. A curve through the points is therefore no finding; the distance to the band of noise is. The surrogates are those of
    `dafm.regions`: isotropic Gaussian fields with the fitted correlation and the values of the map rank by rank, same mask, same smallest
    size, one search per surrogate and cut-off.

    ## The test

    The slope of the mean aspect ratio $a$ against $\ln P_c$,

    $$ b = \frac{\sum_k w_k\,(x_k-\bar x)\,a_k}{\sum_k w_k\,(x_k-\bar x)^2},\qquad x_k = \ln P_{c,k}, $$

    with $w_k$ the mean number of regions in noise (fixed weights: the variance of $a_k$ goes with its inverse), over the cut-offs where the
    map has at least 20 regions. Three answers follow:

    - the change $b\,\ln(P_{max}/P_{min})/\bar a$ of the aspect ratio over the sweep with its 95 % interval: *independent of the cut-off* is
      said where the interval lies within ±10 % (`tolerance`), *dependent* where it excludes zero and reaches beyond, else neither;
    - the excess $b - \langle b\rangle_{noise}$ with its interval, and the two-sided probability of $b$ among the surrogates: whether the
      dependence is another one than that of noise;
    - for each number one probability over all cut-offs: the largest deviation from the mean of noise in standard deviations, compared with
      the largest deviation of each surrogate. Nine cut-offs of one map are nearly one measurement, and nine separate $p$ would mislead.

    The same is done for the exponent $d\ln R_{eq}/d\ln P_c$.

    ## Uncertainty

    The points of one map share most of their pixels, so that no formula gives the error of $b$. The surrogates do: each has its own $b^*$ and
    its own naive standard error $s^*$ (cut-offs and regions taken as independent), and the quantiles of
    $t^* = (b^* - \langle b^*\rangle)/s^*$ make the interval $b - t^*_{0.975}\,s \ldots b - t^*_{0.025}\,s$. Because it is studentised, maps whose
    regions scatter more in shape than those of isotropic noise get a wider interval. Measured coverage: `docs/coverage.md`.

    ## When it fails

    - Fewer than three cut-offs with 20 regions: numbers are shown, no slope is given.
    - No stationary field fits: values without band, and this is said.
    - Towards high shares the regions merge, and near half of the area one of them spans the map, touches the border and is left out: keep
      $P_c$ at or below 20 %.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1.
    """
    ID: ClassVar[str] = "dafm.cutoff_sweep"

    connectivity: int = 4
    cutoffs: Sequence[float] = (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
    map: str = "dissipated_energy"
    min_pixels: int = 8
    mode: Literal["area", "energy"] = "area"
    outline: Literal["contour", "pixel", "pixel_box"] = "contour"
    surrogates: int = 200
    tolerance: float = 0.1

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cutoff_sweep` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def cutoff_sweep(
    data: Data,
    *,
    connectivity: int = 4,
    cutoffs: Sequence[float] = (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2),
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    mode: Literal["area", "energy"] = "area",
    outline: Literal["contour", "pixel", "pixel_box"] = "contour",
    surrogates: int = 200,
    tolerance: float = 0.1,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Regions against the cut-off (`dafm.cutoff_sweep`).

    Repeats the search for regions at a series of cut-offs and tests whether their shape depends on
    the cut-off. See `CutoffSweep` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    cutoffs : Sequence[float], default (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
        The cut-offs: shares that count as high, rising.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        What the cut-offs are shares of.
        - `"area"`: The area.
        - `"energy"`: The sum of all values.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    tolerance : float, default 0.1
        Relative change of the mean aspect ratio over the whole sweep below which it counts as
        independent of the cut-off.
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

        - `hdr_aspect_slope` (da/dlnP): slope of the mean aspect ratio against the logarithm of the
        cut-off
        - `hdr_aspect_slope_excess` (Δ(da/dlnP)): the same minus its mean in isotropic noise with
        the same correlation
        - `hdr_aspect_change` (Δa/a): relative change of the mean aspect ratio from the lowest to
        the highest cut-off
        - `hdr_req_exponent` (dlnR/dlnP): slope of the logarithm of the mean equivalent radius
        against that of the cut-off
        - `hdr_req_exponent_excess` (Δ(dlnR/dlnP)): the same minus its mean in isotropic noise with
        the same correlation

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1
    """
    return CutoffSweep(
        connectivity=connectivity,
        cutoffs=cutoffs,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        outline=outline,
        surrogates=surrogates,
        tolerance=tolerance,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
