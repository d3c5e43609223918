# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Virtual annular detector (`stem.annular_sum`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AnnularSum(Method):
    r"""Virtual annular detector (`stem.annular_sum`).

    Image of the counts between two circles around the beam, from a 4D-STEM scan of any size.

    Parameters
    ----------
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; the middle of
        the detector, with a warning, if absent.
    inner_radius : float | None, default None
        Inner radius in detector pixels; a pixel belongs to the annulus if inner <= r < outer. No
        default.
    outer_radius : float | None, default None
        Outer radius in detector pixels. No default.

    Notes
    -----
    # Virtual annular detector

    A pixelated detector records a whole diffraction pattern $I(\mathbf{q};\,\mathbf{r})$ at every position $\mathbf{r}$ of the probe. Summing it
    between two circles around the unscattered beam gives the image that a physical annular detector of that shape would have recorded,
    after the experiment and for any shape one likes:

    $$ A(\mathbf{r}) \;=\; \sum_{r_\mathrm{in} \,\le\, |\mathbf{q}-\mathbf{q}_0| \,<\, r_\mathrm{out}} I(\mathbf{q};\,\mathbf{r}) . $$

    A disk around the beam ($r_\mathrm{in} = 0$) is a bright-field image; a ring over the first halo of a metallic glass shows where the foil is
    thicker or denser; a ring at large angle follows the atomic number.

    ## How it is done

    A pixel belongs to the annulus if its *centre* lies at a distance $r_\mathrm{in} \le r < r_\mathrm{out}$ from the beam, so that rings that share a
    radius share no pixel and fill the detector without a gap. Integer pixels are summed as integers: the image is exact (up to
    $2^{53}$). The scan is read in small tiles of whole frames, so that memory does not grow with the file, and the answer does not depend
    on the number of threads, on the memory limit, or on the shards into which the work is divided.

    ## What is assumed

    - **The centre.** A centre that is off by a few pixels tilts the contrast. Without `centre` the middle of the detector is taken and a
      warning says so.
    - **The order of the axes** is scan y, scan x, detector y, detector x. On square data a swap is invisible; check it on a scan that is not square.
    - The radii are pixels. With `q_pixel` the covered range of $k = 1/d$ is stated as well. Calibrations that cannot be true
      (`q_pixel` outside $10^{-4}$ to $10\ \mathrm{nm}^{-1}$, `scan_step` outside 0.01 to 1000 nm) are named and not used.

    ## Uncertainty

    There is no interval. Counts of a camera are Poisson only if it counts single electrons, otherwise its gain would be needed; and the
    positions of one scan are not independent repetitions of anything. Compare scans, not pixels.

    ## What can go wrong

    | in the file | what happens |
    |---|---|
    | frames are missing at the end | the others are used; missing positions are empty, not zero, and counted in a warning |
    | NaN or infinite pixels | they count as the mean of the other pixels in the annulus of their frame, with a warning; above 5 % the image is refused |
    | negative counts | kept, with a warning: dark-corrected data scatter around zero, and dropping one side would bias the sum |
    | the annulus reaches beyond the detector | a note says how much of it is seen |
    | no pixel in the annulus | refused, with the distances that the detector has |

    ## References

    C. Ophus, *Four-dimensional scanning transmission electron microscopy (4D-STEM): from scanning nanodiffraction to ptychography and beyond*,
    Microscopy and Microanalysis 25, 563 (2019).
    """
    ID: ClassVar[str] = "stem.annular_sum"

    centre: tuple[float, float] | None = None
    inner_radius: float | None = None
    outer_radius: float | None = None

    def run(
        self,
        data: Data,
        *,
        scan_step: Quantity | None = None,
        q_pixel: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `annular_sum` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_step": scan_step,
                "q_pixel": q_pixel,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def annular_sum(
    data: Data,
    *,
    centre: tuple[float, float] | None = None,
    inner_radius: float | None = None,
    outer_radius: float | None = None,
    scan_step: Quantity | None = None,
    q_pixel: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Virtual annular detector (`stem.annular_sum`).

    Image of the counts between two circles around the beam, from a 4D-STEM scan of any size. See
    `AnnularSum` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    centre : tuple[float, float] | None, default None
        Position [y, x] of the unscattered beam in detector pixels, counted from 0; the middle of
        the detector, with a warning, if absent.
    inner_radius : float | None, default None
        Inner radius in detector pixels; a pixel belongs to the annulus if inner <= r < outer. No
        default.
    outer_radius : float | None, default None
        Outer radius in detector pixels. No default.
    scan_step : Quantity, in m
        distance between neighbouring probe positions, the same along both scan axes. Found: the
        microscope's scan settings; .npy files do not hold it.
    q_pixel : Quantity, in 1/m
        reciprocal length of one detector pixel, k = 1/d (not 2π/d). Found: a diffraction pattern of
        a crystal of known lattice, or the camera length; .npy files do not hold it.
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

        - `mean_annular_sum` (⟨I⟩): mean of the image, counts per pattern
        - `n_patterns` (N): patterns in the file
        - `n_annulus_pixels` (n): detector pixels in the annulus

    References
    ----------
    - C. Ophus, Microsc. Microanal. 25, 563 (2019), doi:10.1017/S1431927619000497
    """
    return AnnularSum(
        centre=centre,
        inner_radius=inner_radius,
        outer_radius=outer_radius,
    ).run(
        data,
        scan_step=scan_step,
        q_pixel=q_pixel,
        channels=channels,
        after=after,
        seed=seed,
    )
