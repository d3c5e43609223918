# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Fluctuation microscopy V(k) (`stem.fluctuation`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Fluctuation(Method):
    r"""Fluctuation microscopy V(k) (`stem.fluctuation`).

    Normalised variance of the diffracted intensity over positions, shot noise subtracted, in four named definitions.

    Parameters
    ----------
    blocks : int, default 4
        Blocks per side into which the scan is divided for the intervals; a block must be larger
        than the probe.
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
    masked_sectors : Sequence[tuple[float, float]], default ()
        Directions [from, to] in degrees, from the detector's x axis towards y, that a beam stop
        hides.
    range : tuple[float, float] | None, default None
        Nearest and farthest distance from the beam in detector pixels; from 1.9 disk radii to the
        edge if absent.

    Notes
    -----
    # Fluctuation microscopy V(k)

    A nanobeam on a glass gives speckle. Where atoms are ordered over the size of the probe, few positions diffract strongly and most weakly:
    the intensity *varies* more from position to position than that of a random packing, although its mean, the halo, hardly changes.
    Fluctuation electron microscopy measures this as the normalised variance $V(k)$ at every distance $k = 1/d$ from the beam.

    ## Four definitions

    One name stands for four quantities in the literature. All are given, by name (after Daulton et al. 2010); $\langle\rangle_r$ is the mean over
    positions, $\langle\rangle_\varphi$ the mean over the ring at $k$.

    | column | definition | what one mode fewer or a larger ring does |
    |---|---|---|
    | `image` | $\big\langle\, \langle I^2\rangle_r / \langle I\rangle_r^2 - 1 \,\big\rangle_\varphi$ | $1/M$, whatever the ring |
    | `re` | $\langle I^2\rangle_{\varphi r} / \langle I\rangle_{\varphi r}^2 - 1$ | as `image`, and the unevenness of the ring with it |
    | `r` | $\big\langle\, \langle I^2\rangle_\varphi / \langle I\rangle_\varphi^2 - 1 \,\big\rangle_r$ | a little less: the mean is that of the same ring |
    | `omega` | $\langle \bar I^2\rangle_r / \langle \bar I\rangle_r^2 - 1$ with $\bar I = \langle I\rangle_\varphi$ | falls as one over the number of speckles in the ring |

    They differ by an order of magnitude; compare equal ones only. $M = 1/V$ of the first is the number of independent modes (thickness, partial coherence).

    ## Shot noise

    Counting adds variance: with $g$ the variance over the mean of the counts of an evenly lit pixel (`detector_gain`), $g/\langle\text{counts}\rangle$ of one pixel is
    subtracted from the first three, of the whole ring from `omega`. There is no default for $g$: without it every number carries the flag
    `includes_shot_noise`. A camera that spreads an electron over several pixels has less noise in one pixel than $g$ says.

    ## How it is done

    Centre, ellipse, bad pixels and the first halo are found as in `stem.bragg_detection`. Shells are one pixel wide, from 1.9 disk radii to the edge of the detector; shells with fewer
    than twelve usable pixels are empty. Masked pixels are left out, not zero: a beam stop makes the error larger, not the variance smaller. The scan is read once, in tiles; what is kept are sums per shell and
    per pixel and block, so that memory depends on the frame and not on the scan. Sums of integers are exact.

    ## Uncertainty

    The scan is divided into 4 x 4 blocks; the variance without each of them gives a jackknife of $\ln V$ (before shot noise is subtracted), and so the standard error; it also takes off the
    bias of a variance about the mean of the same patterns, about one over their number.
    Blocks hold patterns that overlap together, so the error stays right when the probe is larger than the step, as long as a block is larger than the probe. The headline numbers are means
    over the first halo, $k_0 \pm \delta k$; the largest value of a noisy curve is too large by chance. The 95 % interval is that of $\ln V$ with Student's $t$ over the blocks, from 144 patterns in 16 blocks on. It is that of one region, flagged `one_region`, and a lower bound of what is unknown: between regions of a foil the scatter may be
    larger. Scan three regions or more and let `compare.states` use them as replicates.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | no `detector_gain` | variances with shot noise, flagged, with a warning |
    | no `dark_level` | taken as zero, with a note: an offset lowers every variance |
    | thickness or dose varies | warned where the variance of whole patterns exceeds a tenth of V on the halo; `r` is free of it |
    | thickness differs between foils | no correction: V falls with thickness by no reliable law. State `relative_thickness` ($t/\lambda$, from `haadf.thickness`): it stands beside V in every comparison |
    | constant frames, missing frames | left out, counted |
    | NaN, infinite | each counts as the mean of its shell in that frame; above 5 % refused |
    | negative counts | kept and counted |
    | fewer than 20 patterns | refused |

    ## A model of atoms

    `amorph_sim::nbed::AtomicModel::fluctuation` computes $V(k)$ of a structure for a probe of resolution $Q$, over orientations,

    $$ I(k) = \sum_{ij} f_i f_j\, A(2\pi Q \rho_i)\, A(2\pi Q \rho_j)\, J_0(2\pi k \rho_{ij}), \qquad A(x) = 2 J_1(x)/x, $$

    for uniform random orientations or for femsim's grid of them. The grid does not sample the sphere uniformly: models that were fitted on it have a variance there that is two to three times
    that of uniform orientations. The measured variance of a real foil is smaller than the model's by the number of modes; compare shapes, or the ratio of states.

    Two reference curves of a Zr-Cu-Al model (213 orientations of the grid) cut every distance of a pair down to a multiple of 0.005 Å. With the same cut they are met in every digit
    that they have (1e-4). Without it they lie up to 11 % too low at the smallest k, 0.29 1/Å, where self-terms and pairs of the intensity nearly cancel and half a step in distance counts; 0.5 % at their peaks.
    What is given here is the sum of the formula, met by a direct sum without any histogram within 1e-5: every cell of the histogram keeps the first moments of its distances, and each pair's $J_0$ is right within 7e-7.

    ## References

    T. L. Daulton, K. S. Bondi, K. F. Kelton, *Ultramicroscopy* **110**, 1279 (2010). M. M. J. Treacy et al., *Rep. Prog. Phys.* **68**, 2899 (2005).
    """
    ID: ClassVar[str] = "stem.fluctuation"

    blocks: int = 4
    centre: tuple[float, float] | None = None
    disk_radius: float | None = None
    ellipse: tuple[float, float] | None = None
    halo: tuple[float, float] | None = None
    masked_pixels: Sequence[tuple[int, int]] = ()
    masked_sectors: Sequence[tuple[float, float]] = ()
    range: tuple[float, float] | None = None

    def run(
        self,
        data: Data,
        *,
        scan_step: Quantity | None = None,
        q_pixel: Quantity | None = None,
        beam_voltage: Quantity | None = None,
        convergence_semi_angle: Quantity | None = None,
        detector_gain: Quantity | None = None,
        dark_level: Quantity | None = None,
        relative_thickness: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `fluctuation` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_step": scan_step,
                "q_pixel": q_pixel,
                "beam_voltage": beam_voltage,
                "convergence_semi_angle": convergence_semi_angle,
                "detector_gain": detector_gain,
                "dark_level": dark_level,
                "relative_thickness": relative_thickness,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def fluctuation(
    data: Data,
    *,
    blocks: int = 4,
    centre: tuple[float, float] | None = None,
    disk_radius: float | None = None,
    ellipse: tuple[float, float] | None = None,
    halo: tuple[float, float] | None = None,
    masked_pixels: Sequence[tuple[int, int]] = (),
    masked_sectors: Sequence[tuple[float, float]] = (),
    range: tuple[float, float] | None = None,
    scan_step: Quantity | None = None,
    q_pixel: Quantity | None = None,
    beam_voltage: Quantity | None = None,
    convergence_semi_angle: Quantity | None = None,
    detector_gain: Quantity | None = None,
    dark_level: Quantity | None = None,
    relative_thickness: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Fluctuation microscopy V(k) (`stem.fluctuation`).

    Normalised variance of the diffracted intensity over positions, shot noise subtracted, in four
    named definitions. See `Fluctuation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    blocks : int, default 4
        Blocks per side into which the scan is divided for the intervals; a block must be larger
        than the probe.
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
    masked_sectors : Sequence[tuple[float, float]], default ()
        Directions [from, to] in degrees, from the detector's x axis towards y, that a beam stop
        hides.
    range : tuple[float, float] | None, default None
        Nearest and farthest distance from the beam in detector pixels; from 1.9 disk radii to the
        edge if absent.
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
    detector_gain : Quantity, a plain number
        variance over mean of the counts of an evenly lit pixel, dark level taken off: 1 for a
        camera that counts electrons, counts per electron times its excess noise for others. Found:
        frames of an even illumination at several doses: the slope of the variance over the mean.
    dark_level : Quantity, a plain number
        counts of a pixel without a beam, where the file is not corrected for them. Found: a frame
        with the beam blanked.
    relative_thickness : Quantity, a plain number
        thickness of the foil over the mean free path of inelastic scattering, in the field of this
        measurement. Found: energy losses of the same field: t_over_lambda of haadf.thickness, with
        its error ("0.45 +- 0.02").
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

        - `fluctuation_image` (V): variance over positions at every pixel, mean over the first halo
        - `fluctuation_re` (V_re): variance over all pixels of a ring and all positions, mean over
        the first halo
        - `fluctuation_r` (V_r): variance along the ring of every pattern, mean over positions and
        the first halo
        - `fluctuation_omega` (V_Ω): variance over positions of the mean of a ring, mean over the
        first halo
        - `speckle_modes_M` (M): independent modes of the patterns on the first halo: 1/V
        - `fluctuation_peak` (): largest V of the image definition on the first halo
        - `fluctuation_peak_distance` (): where it is, detector pixels
        - `brightness_variance` (): relative variance of the whole patterns: thickness and dose
        - `relative_thickness` (t/λ): thickness over the mean free path, as stated: variances of one
        thickness compare
        - `halo_radius` (k0): radius of the first halo, detector pixels
        - `n_patterns` (N): patterns used

    References
    ----------
    - T. L. Daulton, K. S. Bondi, K. F. Kelton, Ultramicroscopy 110, 1279 (2010),
    doi:10.1016/j.ultramic.2010.05.010
    - M. M. J. Treacy, J. M. Gibson, L. Fan, D. J. Paterson, I. McNulty, Rep. Prog. Phys. 68, 2899
    (2005), doi:10.1088/0034-4885/68/12/R06
    """
    return Fluctuation(
        blocks=blocks,
        centre=centre,
        disk_radius=disk_radius,
        ellipse=ellipse,
        halo=halo,
        masked_pixels=masked_pixels,
        masked_sectors=masked_sectors,
        range=range,
    ).run(
        data,
        scan_step=scan_step,
        q_pixel=q_pixel,
        beam_voltage=beam_voltage,
        convergence_semi_angle=convergence_semi_angle,
        detector_gain=detector_gain,
        dark_level=dark_level,
        relative_thickness=relative_thickness,
        channels=channels,
        after=after,
        seed=seed,
    )
