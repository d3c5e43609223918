# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Orientation of the regions (`dafm.orientation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Orientation(Method):
    r"""Orientation of the regions (`dafm.orientation`).

    Tests whether regions of high dissipation prefer a direction, or ±45 degrees to a principal direction, more than noise does.

    Parameters
    ----------
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    bins : int, default 18
        Bins of the rose, over 180 degrees.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    principal_direction : Quantity | None, default None
        Direction of the principal stress on the sample, such as "30 deg", counter-clockwise from
        its x axis; without it there is no test of alignment at 45 degrees.
    scan_axes : str, default "keep"
        Whether regions along the scan axes count in the results.
        - `"keep"`: They count; a warning is given where they are more than in noise.
        - `"exclude"`: They are left out, of the map and of the null model.
    scan_axis_tolerance : Quantity, default "5 deg"
        How near to the fast or slow scan axis a region lies along it.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".

    Notes
    -----
    # Orientation of the regions

    If regions of high dissipation are the places where a glass yields, a shear stress should align them: each event relaxes the stress around
    it by a quadrupole $\propto\cos 4\theta/r^2$, and loads its neighbours at $\pm45°$ to the principal direction, along the planes of greatest
    shear. Lu et al. 2016 look for that in dissipation maps. This method asks two questions of the long axes of the regions of `dafm.regions`:
    do they prefer any direction, and do they prefer $\pm45°$ to a given one?

    ## Axes

    An axis at $\theta$ is the same as at $\theta+180°$. Angles are therefore doubled before they are averaged, and an angle in the
    $[-180°,180°]$ of Qiao et al. 2019 is folded to $[0°,180°)$. With border weights $w_i$ (see `dafm.regions`),

    $$ \mathbf m_2 = \frac{\sum_i w_i\,(\cos 2\theta_i, \sin 2\theta_i)}{\sum_i w_i},\qquad S = |\mathbf m_2|,\qquad
    \bar\theta = \tfrac12\,\mathrm{atan2}(m_{2y}, m_{2x}), $$

    and about a principal direction $\theta_0$ (`principal_direction`)

    $$ S_2 = \langle\cos 2(\theta-\theta_0)\rangle,\qquad S_4 = \langle\cos 4(\theta-\theta_0)\rangle . $$

    $S_2$ tells parallel (1) from across (−1). Regions at $+45°$ and $-45°$ cancel in $S_2$, but not in $S_4$, which is −1 for them and +1 for
    regions along or across $\theta_0$. The **45-degree test** is therefore one-sided in $S_4$:

    $$ \Delta S_{45} = \langle S_4\rangle_{noise} - S_4 > 0, $$

    and $f_{45}$, the share of regions within 22.5° of $\theta_0\pm45°$, says the same in plain words (one half without preference).

    Angles count on the sample: the constant `scan_angle`, the direction of the fast axis, is added to those of the image.

    ## Null model

    On a grid of pixels isotropic noise is not isotropic: the axes of small regions prefer the rows, the columns and the diagonals. No formula
    knows of that, nor of a mask. The surrogates of `dafm.regions` (isotropic fields with the fitted correlation and the values of the map,
    same mask, threshold and smallest size) go through the same steps, and give

    - a Rayleigh test: the distance of $\mathbf m_2$ from its mean in noise;
    - a chi-square test of the histogram of angles against the mean histogram of noise, sensitive to more than one preferred direction;
    - two-sided tests of $S_2$ and $S_4$, one-sided ones of $\Delta S_{45}$ and $f_{45}$,

    with $p = (1 + n_{\ge})/(n+1)$ one-sided and twice the smaller tail two-sided. Rayleigh's $p$ by the book is in a note, for comparison.

    ## The scan axes

    Drift, line noise and feedback align regions with the fast axis or across it. The share of regions within 5° of either is compared with
    noise, and a warning says when it is too large. All tests are also given without these regions (of the map and of the surrogates; table
    `tests`), and `scan_axes = "exclude"` takes the results from there. Better still is to scan the same sample rotated by 90° as well and to
    state `scan_angle`: what belongs to the sample turns in the image, what belongs to the microscope does not. `dafm.orientation_by_site`
    compares the two.

    ## Uncertainty

    $\bar\theta$ is given where the Rayleigh test has $p < 0.05$. Its interval holds the directions across which the component of $\mathbf m_2$ is
    not significantly different from zero (Fieller 1954), with the covariance of the mean over regions, times the factor by which surrogates
    scatter more than independent regions would. The intervals of $S_2$, $S_4$, $\Delta S_{45}$ and $f_{45}$ are studentised parametric bootstraps,
    as in `dafm.regions`. They hold for the field that was imaged once; whether another site agrees is asked by `dafm.orientation_by_site`.
    Measured coverage: `docs/coverage.md`. Because $\bar\theta$ is given only after a significant test, weakly aligned maps show it rarely.

    ## When it fails

    - Fewer than 20 regions: their axes are listed, nothing is tested.
    - No stationary field fits: no null model, hence no statement.
    - Several tests on one map: one in twenty is below 0.05 by chance. The 45-degree test is meant for a $\theta_0$ that was known before.
    - Pixels that are not square, and regions of few pixels: the null model corrects the tests, not $\bar\theta$; raise `min_pixels`.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Qiao et al. (2019), section 3.3.3. Mardia and Jupp, Directional Statistics (2000). Fieller, J. R. Stat.
    Soc. B 16, 175 (1954). Picard et al., Eur. Phys. J. E 15, 371 (2004): the quadrupole of a plastic event.
    """
    ID: ClassVar[str] = "dafm.orientation"

    area_fraction: float = 0.05
    bins: int = 18
    connectivity: int = 4
    map: str = "dissipated_energy"
    min_pixels: int = 8
    mode: Literal["area", "energy", "absolute"] = "area"
    outline: Literal["contour", "pixel", "pixel_box"] = "contour"
    principal_direction: Quantity | None = None
    scan_axes: Literal["keep", "exclude"] = "keep"
    scan_axis_tolerance: Quantity = "5 deg"
    surrogates: int = 200
    threshold: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        scan_angle: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `orientation` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_angle": scan_angle,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def orientation(
    data: Data,
    *,
    area_fraction: float = 0.05,
    bins: int = 18,
    connectivity: int = 4,
    map: str = "dissipated_energy",
    min_pixels: int = 8,
    mode: Literal["area", "energy", "absolute"] = "area",
    outline: Literal["contour", "pixel", "pixel_box"] = "contour",
    principal_direction: Quantity | None = None,
    scan_axes: Literal["keep", "exclude"] = "keep",
    scan_axis_tolerance: Quantity = "5 deg",
    surrogates: int = 200,
    threshold: Quantity | None = None,
    scan_angle: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Orientation of the regions (`dafm.orientation`).

    Tests whether regions of high dissipation prefer a direction, or ±45 degrees to a principal
    direction, more than noise does. See `Orientation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    area_fraction : float, default 0.05
        Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    bins : int, default 18
        Bins of the rose, over 180 degrees.
    connectivity : int, default 4
        Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    map : str, default "dissipated_energy"
        Quantity of the map, for instance `dissipated_energy`.
    min_pixels : int, default 8
        Least number of pixels of a region that is measured.
    mode : str, default "area"
        How the threshold is chosen.
        - `"area"`: The brightest share of the area.
        - `"energy"`: The pixels that hold the top share of the sum of all values: another reading
        of figure 5 of Lu et al. 2016.
        - `"absolute"`: A given value.
    outline : str, default "contour"
        How shapes are measured.
        - `"contour"`: Sub-pixel contour at the threshold.
        - `"pixel"`: Its pixels, as points.
        - `"pixel_box"`: Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    principal_direction : Quantity | None, default None
        Direction of the principal stress on the sample, such as "30 deg", counter-clockwise from
        its x axis; without it there is no test of alignment at 45 degrees.
    scan_axes : str, default "keep"
        Whether regions along the scan axes count in the results.
        - `"keep"`: They count; a warning is given where they are more than in noise.
        - `"exclude"`: They are left out, of the map and of the null model.
    scan_axis_tolerance : Quantity, default "5 deg"
        How near to the fast or slow scan axis a region lies along it.
    surrogates : int, default 200
        Number of surrogate maps of the null model.
    threshold : Quantity | None, default None
        The threshold of mode `absolute`, such as "60 eV".
    scan_angle : Quantity, in deg
        direction of the fast scan axis (x of the image) on the sample, counter-clockwise from the
        sample's x axis; tells what turns with the sample from what the scanner makes. Found:
        Asylum: note key ScanAngle; Bruker/Veeco: Rotate Ang.; 0 where the scan was not rotated.
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

        - `hdr_axial_order` (S): length of the mean vector of doubled angles: 0 no preferred axis, 1
        parallel
        - `hdr_mean_axis` (θ, deg): preferred axis on the sample, counter-clockwise from its x axis,
        in [0, 180)
        - `hdr_s2` (S₂): mean of cos 2(θ - θ0) about the principal direction θ0
        - `hdr_s4` (S₄): mean of cos 4(θ - θ0) about the principal direction θ0
        - `hdr_45_excess` (ΔS₄₅): mean of cos 4(θ - θ0) in noise minus that of the map: above 0
        where regions prefer ±45 deg
        - `hdr_45_share` (f₄₅): share of regions nearer to θ0 ± 45 deg than to θ0 and the direction
        across

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Qiao et al. (2019), review, section 3.3.3
    - Mardia and Jupp, Directional Statistics (2000), sections 6.3 and 9.4
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    """
    return Orientation(
        area_fraction=area_fraction,
        bins=bins,
        connectivity=connectivity,
        map=map,
        min_pixels=min_pixels,
        mode=mode,
        outline=outline,
        principal_direction=principal_direction,
        scan_axes=scan_axes,
        scan_axis_tolerance=scan_axis_tolerance,
        surrogates=surrogates,
        threshold=threshold,
    ).run(
        data,
        scan_angle=scan_angle,
        channels=channels,
        after=after,
        seed=seed,
    )
