# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Patterns with Bragg reflections (`stem.bragg_detection`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class BraggDetection(Method):
    r"""Patterns with Bragg reflections (`stem.bragg_detection`).

    Which patterns of a nanobeam scan have Bragg reflections, at a stated and checked false-discovery rate, and of which class.

    Parameters
    ----------
    accept_uncalibrated : bool, default False
        Whether classes are given although the self-check says that the error rate is not the stated
        one.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    disk_radius : float | None, default None
        Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle
        and q_pixel if absent.
    ellipse : tuple[float, float] | None, default None
        Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis
        towards y; found if absent.
    fdr_q : float, default 0.05
        Share of false ones among the flagged patterns that is accepted.
    halo : tuple[float, float] | None, default None
        Radius and standard deviation of the first halo in detector pixels; found if absent.
    masked_pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] that tell nothing, besides those that are found.
    null : str, default "empirical"
        Where the law of patterns without reflections comes from.
        - `"empirical"`: From the flattest patterns of the scan.
        - `"parametric"`: From simulated speckle with the measured number of modes and grain.
    null_quantile : float, default 0.35
        Share of the patterns, those with the lowest statistic, that the law is fitted to.
    saturation : float | None, default None
        Count from which on a pixel is saturated; the largest that its type can hold if absent.
    simulated : int, default 500
        Patterns without reflections that are simulated for the self-check.

    Notes
    -----
    # Patterns with Bragg reflections

    A nanobeam on a metallic glass gives, at every position, a diffraction pattern of speckle below the glass's halo. Where the beam meets an
    ordered cluster in orientation, disks of the size of the direct beam stand out of the speckle. Whether a bright spot is a disk or a
    speckle is usually decided by eye or by a threshold that the user chooses. Here it is decided at a *false-discovery rate*: of the patterns
    that are flagged, on average at most the share `fdr_q` has no reflection; and what the rule does to patterns without reflections is checked with every analysis.

    ## The statistic

    Speckle of $M$ independent modes (thickness, partial coherence, averaging over the disk) has intensities $I$ of relative variance $1/M$, up to
    100 % for one mode. Every pattern is divided by the background $\mu(k)$ and averaged below a disk of radius $R$ that is moved over the
    annulus of the first halo, $k_0 \pm 2\,\delta k$ outside $1.9\,R$ of the beam:

    $$ c(\mathbf p) = \frac{\sum_{\text{disk}} w\, I/\mu}{\sum_{\text{disk}} w}, \qquad s = \text{mean of the lowest 60 \% of } c, \qquad T = \max_{\mathbf p} c / s . $$

    $w$ is 0 for masked pixels; positions where less than 60 % of the disk is seen are left out. Because $s$ comes from the same annulus, $T$ depends
    neither on thickness nor on dose nor on the direct beam.

    Centre and ellipse are those that make shells of equal $k$ most uniform; the background is the mean of the flatter half of up to 512
    patterns spread over the scan; pixels that never change or lie far from their shell are masked. The scan is then read once, in tiles: memory does not grow with the frames (about 100 bytes a pattern are kept).

    ## The null and the verdict

    $T$ of patterns without reflections is the largest of many correlated disk means, near Gumbel's law
    $F_0(t) = \exp(-e^{-(t-a)/b})$. It is fitted by maximum likelihood to the patterns with the lowest 35 % of $T$, as a law cut off there. A second law is fitted to simulated speckle
    (below): a fit to a few tens of patterns may be too narrow by chance. $p = 1 - F_0(T)$ is the larger of the two laws' probabilities, and the procedure of Benjamini and Hochberg rejects the largest $j$ with $p_{(j)} \le q\,j/n$. The table of patterns has $p$, the smallest rate `q` at which the pattern is flagged, and its number of reflections.

    ## The self-check

    From the flattest patterns the number of modes $M$, the radius of a grain, the noise that pixels do not share and the correlation of opposite
    intensities are measured (the choice of flat patterns lowers the variance; the same choice among simulated patterns says by how much). Patterns
    without reflections are simulated from these and put through the same filter:

    - `selfcheck_fpr`: the share that the rule flags. Above $2q$ the result is `not_calibrated` and classes are withheld.
    - `selfcheck_ks` and the figure: the fitted law against the simulated values. With few patterns the fit extrapolates far; a law that is too wide only costs power.
    - `null_not_identified`: the fitted law reaches more than 2.5 times as far as the simulated speckle, or the share of patterns with reflections exceeds 0.62. Then the flattest third are not patterns without reflections.
    - `bragg_power`: the disk that is found in four of five patterns. "None" means "none above this".

    ## Three fractions

    - `br_fraction_flagged`: the share that is flagged in this scan.
    - `br_fraction_corrected` $= (\text{flagged} - \text{FPR})/(\text{found} - \text{FPR})$ (Rogan and Gladen): both rates from the simulated patterns, disks of the measured
      intensities added to them. The interval is Wilson's, moved alike, with the errors of both rates. It takes patterns as independent: neighbours that share
      a cluster make it too narrow, and the scatter between regions is the better measure. Disks too weak to be flagged are not among the measured intensities, so weak reflections make it low: where a tenth of the flagged patterns lies below 1.25 times `bragg_power` there is no interval.
    - `br_fraction_mixture` $= 1 - \pi_0$: the share that the law does not explain. It scatters by up to 0.4; never quote it alone.

    ## Classes

    A reflection is a local maximum above the threshold, the skirts of higher ones taken off. It has a partner if the opposite position exceeds what one
    pattern without reflections in a hundred shows there.

    | class | rule |
    |---|---|
    | on axis | two pairs or more that are not on one line; `net` says whether a third reflection lies at $\mathbf g_1 \pm \mathbf g_2$ |
    | three-beam | one pair |
    | two-beam | no pair, and a disk this strong would have been found |
    | two or three beams | no pair, but the disk is weaker than `bragg_power` |
    | partner masked | the opposite position of a reflection is hidden, and no two pairs are seen |
    | none | not rejected: random packing, *or* a cluster that is not in orientation |

    A zone axis has a net: $\mathbf g_3 = \pm \mathbf g_1 \pm \mathbf g_2$ within half a disk radius, for reflections of three lines. `n_zone_axis_nets` counts the patterns on axis that show one,
    `n_zone_axis_nets_chance` how many would if the lines of each pattern were turned against each other. A pattern without a net may be on axis all the same: the third reflection may lie outside the annulus.

    A thin foil has $I(\mathbf g) = I(-\mathbf g)$ for speckle too: a pair is not evidence twice. `friedel_correlation` says how far this holds, and simulated patterns share it.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | fewer than 60 patterns | the empirical null is refused; `null = "parametric"` fits the law to simulated speckle (from 10 patterns) |
    | more than 0.6 of the patterns have reflections | `null_not_identified`, classes withheld |
    | constant or empty patterns | left out and counted |
    | NaN, infinite | each counts as the mean of the others over the background; above 5 % refused |
    | negative counts | kept and counted: dark-corrected data scatter around zero |
    | saturated pixels in the annulus | patterns counted in a warning |
    | the direct beam covers the halo | refused with both radii |
    | `q_pixel` missing or implausible | distances stay in pixels |

    ## Limits

    Simulated data and estimator come from one house, and the self-check assumes the same kind of speckle. Real detectors and dynamical scattering
    are not in it. The null from exchanged polar cells of other patterns, which needs no model of the speckle, is not built: cells of patterns that were
    chosen for a low $T$ have no reading above the choice, so that they say nothing about the tail. One scan says nothing about the scatter between scans.

    ## References

    Y. Benjamini, Y. Hochberg, *J. R. Stat. Soc. B* **57**, 289 (1995). W. J. Rogan, B. Gladen, *Am. J. Epidemiol.* **107**, 71 (1978). B. Efron, *J. Am. Stat. Assoc.* **99**, 96 (2004).
    A. Hirata et al., *Nat. Mater.* **10**, 28 (2011).
    """
    ID: ClassVar[str] = "stem.bragg_detection"

    accept_uncalibrated: bool = False
    centre: tuple[float, float] | None = None
    disk_radius: float | None = None
    ellipse: tuple[float, float] | None = None
    fdr_q: float = 0.05
    halo: tuple[float, float] | None = None
    masked_pixels: Sequence[tuple[int, int]] = ()
    null: Literal["empirical", "parametric"] = "empirical"
    null_quantile: float = 0.35
    saturation: float | None = None
    simulated: int = 500

    def run(
        self,
        data: Data,
        *,
        scan_step: Quantity | None = None,
        q_pixel: Quantity | None = None,
        beam_voltage: Quantity | None = None,
        convergence_semi_angle: Quantity | None = None,
        strain: Quantity | None = None,
        foil: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `bragg_detection` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_step": scan_step,
                "q_pixel": q_pixel,
                "beam_voltage": beam_voltage,
                "convergence_semi_angle": convergence_semi_angle,
                "strain": strain,
                "foil": foil,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def bragg_detection(
    data: Data,
    *,
    accept_uncalibrated: bool = False,
    centre: tuple[float, float] | None = None,
    disk_radius: float | None = None,
    ellipse: tuple[float, float] | None = None,
    fdr_q: float = 0.05,
    halo: tuple[float, float] | None = None,
    masked_pixels: Sequence[tuple[int, int]] = (),
    null: Literal["empirical", "parametric"] = "empirical",
    null_quantile: float = 0.35,
    saturation: float | None = None,
    simulated: int = 500,
    scan_step: Quantity | None = None,
    q_pixel: Quantity | None = None,
    beam_voltage: Quantity | None = None,
    convergence_semi_angle: Quantity | None = None,
    strain: Quantity | None = None,
    foil: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Patterns with Bragg reflections (`stem.bragg_detection`).

    Which patterns of a nanobeam scan have Bragg reflections, at a stated and checked
    false-discovery rate, and of which class. See `BraggDetection` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    accept_uncalibrated : bool, default False
        Whether classes are given although the self-check says that the error rate is not the stated
        one.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    disk_radius : float | None, default None
        Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle
        and q_pixel if absent.
    ellipse : tuple[float, float] | None, default None
        Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis
        towards y; found if absent.
    fdr_q : float, default 0.05
        Share of false ones among the flagged patterns that is accepted.
    halo : tuple[float, float] | None, default None
        Radius and standard deviation of the first halo in detector pixels; found if absent.
    masked_pixels : Sequence[tuple[int, int]], default ()
        Detector pixels [row, column] that tell nothing, besides those that are found.
    null : str, default "empirical"
        Where the law of patterns without reflections comes from.
        - `"empirical"`: From the flattest patterns of the scan.
        - `"parametric"`: From simulated speckle with the measured number of modes and grain.
    null_quantile : float, default 0.35
        Share of the patterns, those with the lowest statistic, that the law is fitted to.
    saturation : float | None, default None
        Count from which on a pixel is saturated; the largest that its type can hold if absent.
    simulated : int, default 500
        Patterns without reflections that are simulated for the self-check.
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
    strain : Quantity, a plain number
        applied strain of the specimen in this measurement. Found: the deformation test; 0 for the
        undeformed foil.
    foil : Quantity, a plain number
        number of the foil that was measured: scans with the same number are of one specimen. Found:
        the laboratory's list of specimens.
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

        - `br_fraction_corrected` (f): share of patterns with reflections, corrected for both error
        rates
        - `br_fraction_flagged` (): share of patterns that are flagged
        - `br_fraction_mixture` (1 - π0): share of patterns that the law of the flattest does not
        explain
        - `n_flagged` (): patterns that are flagged
        - `n_patterns` (N): patterns that can be judged
        - `n_on_axis` (): patterns with two pairs of reflections or more
        - `n_zone_axis_nets` (): patterns on axis with a third reflection at the sum or difference
        of two
        - `n_zone_axis_nets_chance` (): as many would have one by chance, their lines turned against
        each other
        - `n_three_beam` (): patterns with one pair of reflections
        - `n_two_beam` (): patterns with reflections whose partner is excluded
        - `n_partner_unknown` (): flagged patterns whose partners are hidden or too weak to be
        excluded
        - `fdr_q` (q): false-discovery rate asked for
        - `threshold` (T*): statistic above which patterns are flagged
        - `null_loc` (): location of the law of patterns without reflections
        - `null_scale` (): scale of the law of patterns without reflections
        - `selfcheck_fpr` (): share of simulated patterns without reflections that the rule flags
        - `selfcheck_ks` (): largest distance between the law and simulated patterns
        - `found_share` (): share of disks of the measured intensities that the rule finds
        - `bragg_power` (A80): intensity of a disk over the background that is found in four of five
        patterns
        - `speckle_modes_M` (M): independent modes of the speckle: one over its relative variance
        - `speckle_grain` (): radius of a grain of the speckle, detector pixels
        - `friedel_correlation` (C2): correlation of opposite disk means in patterns without
        reflections
        - `centre_y` (): row of the unscattered beam, detector pixels
        - `centre_x` (): column of the unscattered beam, detector pixels
        - `ellipse_ratio` (): longer over shorter axis of the halo
        - `halo_radius` (k0): radius of the first halo, detector pixels
        - `disk_radius` (R): radius of a diffraction disk, detector pixels

    References
    ----------
    - Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57, 289 (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x
    - W. J. Rogan, B. Gladen, Am. J. Epidemiol. 107, 71 (1978),
    doi:10.1093/oxfordjournals.aje.a112510
    - B. Efron, J. Am. Stat. Assoc. 99, 96 (2004), doi:10.1198/016214504000000089
    - A. Hirata et al., Nat. Mater. 10, 28 (2011), doi:10.1038/nmat2897
    """
    return BraggDetection(
        accept_uncalibrated=accept_uncalibrated,
        centre=centre,
        disk_radius=disk_radius,
        ellipse=ellipse,
        fdr_q=fdr_q,
        halo=halo,
        masked_pixels=masked_pixels,
        null=null,
        null_quantile=null_quantile,
        saturation=saturation,
        simulated=simulated,
    ).run(
        data,
        scan_step=scan_step,
        q_pixel=q_pixel,
        beam_voltage=beam_voltage,
        convergence_semi_angle=convergence_semi_angle,
        strain=strain,
        foil=foil,
        channels=channels,
        after=after,
        seed=seed,
    )
