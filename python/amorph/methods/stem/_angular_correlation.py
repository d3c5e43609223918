# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Angular correlation C(k, Δ) (`stem.angular_correlation`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AngularCorrelation(Method):
    r"""Angular correlation C(k, Δ) (`stem.angular_correlation`).

    Correlation of the diffracted intensity along rings of equal k, over the angle, and the power of every order of symmetry.

    Parameters
    ----------
    cells : int, default 60
        Cells of equal azimuth in a ring; an even number.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    disk_radius : float | None, default None
        Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle
        and q_pixel if absent.
    ellipse : tuple[float, float] | None, default None
        Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis
        towards y; found if absent.
    halo : tuple[float, float] | None, default None
        Radius and standard deviation of the first halo in detector pixels; found if absent.
    masked_pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] that tell nothing, besides those that are found.
    orders : int, default 12
        Highest order of symmetry that is given.
    ring_width : float, default 2.0
        Width of a ring in detector pixels.

    Notes
    -----
    # Angular correlation C(k, Δ)

    A cluster with a symmetry of its own, an icosahedron on a fivefold axis for instance, puts intensity on a ring of equal $k$ at equal angles. The clusters of a glass lie in all directions, so that
    the mean pattern shows nothing of it; the correlation of every pattern with itself does:

    $$ C(k, \Delta) = \Big\langle \frac{\langle I(k, \varphi)\, I(k, \varphi + \Delta)\rangle_\varphi}{\langle I(k, \varphi)\rangle_\varphi^2} - 1 \Big\rangle_{\text{patterns}} . $$

    Its cosine coefficient $\frac{1}{2\pi}\int C(\Delta) \cos(n\Delta)\, d\Delta$ is the mean squared amplitude of an $n$-fold modulation: the *power* of the order $n$.

    ## How it is done

    Centre, ellipse, bad pixels and the first halo are found as in `stem.bragg_detection`. Rings of `ring_width` pixels from 1.9 disk radii to the edge of the detector are divided into `cells` of equal azimuth; every cell is the
    mean of its usable pixels, each over the background $\mu(k)$, with the ellipse taken off. Pairs of cells of which one is masked are left out. The scan is read once, in tiles.

    The numbers are those of the first halo, $k_0 \pm \delta k$; the table has every ring.

    - `angular_contrast`: $C(k_0, 0)$, what `stem.fluctuation` calls `r`, of cells instead of pixels. Shot noise is in this one angle alone and is subtracted where `detector_gain` is stated.
    - `opposite_correlation`: $C(k_0, \pi)$. A thin foil that only shifts the phase has $I(\mathbf g) = I(-\mathbf g)$, ordered or not: then it equals $C(k_0, 0)$.
    - `even_share`: share of the even orders in the power of all orders up to `orders`: one half for speckle without that symmetry, 1 with it. Compare orders of the same parity with each other before calling one of them an order of the glass.

    ## Uncertainty

    Standard errors over the patterns, which are taken as independent; rings of the halo share speckle, so their mean has the error of one ring. Patterns that overlap make them too small. There are no intervals: how often one would cover has not been measured.
    Deviations of a ring from its own mean add up to zero, which moves $C$ at every angle by about minus $C(0)$ over the number of speckles in the ring.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | no `detector_gain` | $C(0)$ with shot noise, flagged, with a warning |
    | centre off, ellipse not taken off | orders 1 and 2 with the same phase in every pattern: state or check `centre` and `ellipse` |
    | beam stop, bad pixels | left out; `seen` in the table is the share of cells with a pixel |
    | constant patterns, pixels that are no numbers | the pattern is left out and counted |
    | fewer than 20 patterns | refused |

    ## References

    P. Wochner et al., *Proc. Natl. Acad. Sci. USA* **106**, 11511 (2009).
    """
    ID: ClassVar[str] = "stem.angular_correlation"

    cells: int = 60
    centre: tuple[float, float] | None = None
    disk_radius: float | None = None
    ellipse: tuple[float, float] | None = None
    halo: tuple[float, float] | None = None
    masked_pixels: Sequence[tuple[int, int]] = ()
    orders: int = 12
    ring_width: float = 2.0

    def run(
        self,
        data: Data,
        *,
        q_pixel: Quantity | None = None,
        beam_voltage: Quantity | None = None,
        convergence_semi_angle: Quantity | None = None,
        detector_gain: Quantity | None = None,
        dark_level: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `angular_correlation` for the arguments."""
        return self._run(
            data,
            constants={
                "q_pixel": q_pixel,
                "beam_voltage": beam_voltage,
                "convergence_semi_angle": convergence_semi_angle,
                "detector_gain": detector_gain,
                "dark_level": dark_level,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def angular_correlation(
    data: Data,
    *,
    cells: int = 60,
    centre: tuple[float, float] | None = None,
    disk_radius: float | None = None,
    ellipse: tuple[float, float] | None = None,
    halo: tuple[float, float] | None = None,
    masked_pixels: Sequence[tuple[int, int]] = (),
    orders: int = 12,
    ring_width: float = 2.0,
    q_pixel: Quantity | None = None,
    beam_voltage: Quantity | None = None,
    convergence_semi_angle: Quantity | None = None,
    detector_gain: Quantity | None = None,
    dark_level: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Angular correlation C(k, Δ) (`stem.angular_correlation`).

    Correlation of the diffracted intensity along rings of equal k, over the angle, and the power of
    every order of symmetry. See `AngularCorrelation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    cells : int, default 60
        Cells of equal azimuth in a ring; an even number.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    disk_radius : float | None, default None
        Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle
        and q_pixel if absent.
    ellipse : tuple[float, float] | None, default None
        Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis
        towards y; found if absent.
    halo : tuple[float, float] | None, default None
        Radius and standard deviation of the first halo in detector pixels; found if absent.
    masked_pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] that tell nothing, besides those that are found.
    orders : int, default 12
        Highest order of symmetry that is given.
    ring_width : float, default 2.0
        Width of a ring in detector pixels.
    q_pixel : Quantity, in 1/m
        reciprocal length of one detector pixel, k = 1/d (not 2π/d). Found: a diffraction pattern of
        a crystal of known lattice, or the camera length; .npy files do not hold it.
    beam_voltage : Quantity, in V
        accelerating voltage of the electrons. Found: the microscope's settings.
    convergence_semi_angle : Quantity, in rad
        half the opening angle of the convergent probe. Found: the radius of the direct beam on the
        calibrated detector, or the condenser settings.
    detector_gain : Quantity, a plain number
        variance over mean of the counts of an evenly lit pixel, dark level taken off: 1 for a
        camera that counts electrons, counts per electron times its excess noise for others. Found:
        frames of an even illumination at several doses: the slope of the variance over the mean.
    dark_level : Quantity, a plain number
        counts of a pixel without a beam, where the file is not corrected for them. Found: a frame
        with the beam blanked.
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

        - `angular_contrast` (C(0)): variance along a ring over its squared mean, on the first halo
        - `opposite_correlation` (C(π)): correlation of opposite azimuths on the first halo
        - `even_share` (): share of the even orders in the power of all orders, on the first halo
        - `halo_radius` (k0): radius of the first halo, detector pixels
        - `n_patterns` (N): patterns used

    References
    ----------
    - P. Wochner et al., Proc. Natl. Acad. Sci. USA 106, 11511 (2009), doi:10.1073/pnas.0905337106
    """
    return AngularCorrelation(
        cells=cells,
        centre=centre,
        disk_radius=disk_radius,
        ellipse=ellipse,
        halo=halo,
        masked_pixels=masked_pixels,
        orders=orders,
        ring_width=ring_width,
    ).run(
        data,
        q_pixel=q_pixel,
        beam_voltage=beam_voltage,
        convergence_semi_angle=convergence_semi_angle,
        detector_gain=detector_gain,
        dark_level=dark_level,
        channels=channels,
        after=after,
        seed=seed,
    )
