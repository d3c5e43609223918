# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Virtual images (`stem.virtual_image`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class VirtualImage(Method):
    r"""Virtual images (`stem.virtual_image`).

    Bright field, annular dark field, disks and detectors of any shape, centre of mass, mean pattern and its scatter, in one pass over a scan of any size.

    Parameters
    ----------
    bright_field : float | None, default None
        Radius of the bright-field disk in detector pixels; that of a diffraction disk
        (beam_voltage, convergence_semi_angle, q_pixel) if absent.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; the middle of
        the detector, with a warning, if absent.
    dark_field : tuple[float, float] | None, default None
        Inner and outer radius of the annular dark field in detector pixels; no dark field if
        absent.
    disks : Sequence[tuple[float, float, float]], default ()
        Further disks [y, x, radius] in detector pixels, one image each: for instance at a
        reflection.
    masked_pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] that no detector counts.
    mass_radius : float | None, default None
        Radius around the beam within which the centre of mass is taken, detector pixels; the whole
        detector if absent.
    pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] of one more detector of any shape.
    rectangles : Sequence[tuple[int, int, int, int]], default ()
        Further rectangles [first row, first column, rows, columns], one image each.

    Notes
    -----
    # Virtual images

    A pixelated detector keeps the whole diffraction pattern, so that any detector can be put into the microscope afterwards:

    $$ A_D(\mathbf r) = \sum_{\mathbf q \in D} I(\mathbf q; \mathbf r) . $$

    | detector | stated as | what it shows in a metallic glass |
    |---|---|---|
    | bright field | `bright_field = 5` (radius), or from voltage, convergence and pixel | thickness, and anything that scatters out of the beam |
    | annular dark field | `dark_field = [20, 60]` | the halo: thickness and density; at large angles the atomic number |
    | disks | `disks = [[y, x, radius]]` | where a reflection is: ordered clusters in orientation |
    | rectangles, `pixels` | rows, columns; a list of pixels | any other shape, for instance a segment of a ring |

    Beside them: the centre of mass of every pattern, the mean pattern, and the standard deviation of every detector pixel over the scan, all in one pass.

    ## How it is done

    A pixel belongs to a detector if its *centre* does: $r < R$ for a disk, $r_\mathrm{in} \le r < r_\mathrm{out}$ for a ring, so that rings that share a radius share
    no pixel. Integer pixels are summed as integers, exactly. The scan is read in small tiles of whole frames: memory does not grow with the file, and the answer does not depend on the
    number of threads, on the memory limit, or on shards (sums of floating-point pixels over frames: to rounding).

    The centre of mass is $\sum \mathbf q I/\sum I$ over the detector, or within `mass_radius` of the beam. `descan` is how far it moves from one side of the scan to the other, from a plane of least squares: a beam that is not
    brought back exactly when it scans. Detectors with sharp edges turn that into contrast.

    ## Uncertainty

    No intervals: counts are Poisson only on a camera that counts electrons, and positions of one scan are not repetitions of anything.

    ## What can go wrong

    | in the file | what happens |
    |---|---|
    | no `centre` | the middle of the detector is taken, with a warning |
    | frames are missing at the end | missing positions are empty, not zero |
    | NaN or infinite pixels | they count as the mean of the others of their detector and frame; the mean pattern leaves them out |
    | negative counts | kept, with a warning |
    | a detector without pixels | refused by name |

    ## References

    C. Ophus, *Microscopy and Microanalysis* **25**, 563 (2019).
    """
    ID: ClassVar[str] = "stem.virtual_image"

    bright_field: float | None = None
    centre: tuple[float, float] | None = None
    dark_field: tuple[float, float] | None = None
    disks: Sequence[tuple[float, float, float]] = ()
    masked_pixels: Sequence[tuple[int, int]] = ()
    mass_radius: float | None = None
    pixels: Sequence[tuple[int, int]] = ()
    rectangles: Sequence[tuple[int, int, int, int]] = ()

    def run(
        self,
        data: Data,
        *,
        scan_step: Quantity | None = None,
        q_pixel: Quantity | None = None,
        beam_voltage: Quantity | None = None,
        convergence_semi_angle: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `virtual_image` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_step": scan_step,
                "q_pixel": q_pixel,
                "beam_voltage": beam_voltage,
                "convergence_semi_angle": convergence_semi_angle,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def virtual_image(
    data: Data,
    *,
    bright_field: float | None = None,
    centre: tuple[float, float] | None = None,
    dark_field: tuple[float, float] | None = None,
    disks: Sequence[tuple[float, float, float]] = (),
    masked_pixels: Sequence[tuple[int, int]] = (),
    mass_radius: float | None = None,
    pixels: Sequence[tuple[int, int]] = (),
    rectangles: Sequence[tuple[int, int, int, int]] = (),
    scan_step: Quantity | None = None,
    q_pixel: Quantity | None = None,
    beam_voltage: Quantity | None = None,
    convergence_semi_angle: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Virtual images (`stem.virtual_image`).

    Bright field, annular dark field, disks and detectors of any shape, centre of mass, mean pattern
    and its scatter, in one pass over a scan of any size. See `VirtualImage` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    bright_field : float | None, default None
        Radius of the bright-field disk in detector pixels; that of a diffraction disk
        (beam_voltage, convergence_semi_angle, q_pixel) if absent.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; the middle of
        the detector, with a warning, if absent.
    dark_field : tuple[float, float] | None, default None
        Inner and outer radius of the annular dark field in detector pixels; no dark field if
        absent.
    disks : Sequence[tuple[float, float, float]], default ()
        Further disks [y, x, radius] in detector pixels, one image each: for instance at a
        reflection.
    masked_pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] that no detector counts.
    mass_radius : float | None, default None
        Radius around the beam within which the centre of mass is taken, detector pixels; the whole
        detector if absent.
    pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] of one more detector of any shape.
    rectangles : Sequence[tuple[int, int, int, int]], default ()
        Further rectangles [first row, first column, rows, columns], one image each.
    scan_step : Quantity, in m
        distance between neighbouring probe positions, the same along both scan axes. Found: the
        microscope's scan settings; .npy files do not hold it.
    q_pixel : Quantity, in 1/m
        reciprocal length of one detector pixel, k = 1/d (not 2π/d). Found: a diffraction pattern of
        a crystal of known lattice, or the camera length; .npy files do not hold it.
    beam_voltage : Quantity, in V
        accelerating voltage of the electrons. Found: the microscope's settings.
    convergence_semi_angle : Quantity, in rad
        half the opening angle of the convergent probe. Found: the radius of the direct beam on the
        calibrated detector, or the condenser settings.
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

        - `mean_counts` (⟨I⟩): mean over the patterns of the counts of the whole detector
        - `bright_field_share` (): share of them in the bright-field disk
        - `dark_field_share` (): share of them in the annular dark field
        - `centre_of_mass_y` (): mean over the patterns of the centre of mass, detector rows
        - `centre_of_mass_x` (): mean over the patterns of the centre of mass, detector columns
        - `descan` (): change of the centre of mass from one side of the scan to the other, detector
        pixels
        - `n_patterns` (N): patterns in the file

    References
    ----------
    - C. Ophus, Microsc. Microanal. 25, 563 (2019), doi:10.1017/S1431927619000497
    """
    return VirtualImage(
        bright_field=bright_field,
        centre=centre,
        dark_field=dark_field,
        disks=disks,
        masked_pixels=masked_pixels,
        mass_radius=mass_radius,
        pixels=pixels,
        rectangles=rectangles,
    ).run(
        data,
        scan_step=scan_step,
        q_pixel=q_pixel,
        beam_voltage=beam_voltage,
        convergence_semi_angle=convergence_semi_angle,
        channels=channels,
        after=after,
        seed=seed,
    )
