# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Drift during a scan (`stem.drift`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Drift(Method):
    r"""Drift during a scan (`stem.drift`).

    Shift between the images before and after a scan with its error, and whether the scan may be used: a rule that is fixed before looking.

    Parameters
    ----------
    accepted_steps : float, default 0.5
        Largest drift that is accepted, steps of the scan.
    blocks : int, default 5
        Blocks per side that look for the shift on their own, overlapping by half.
    image : str, default "intensity"
        Which maps of the files are the images: the first of them was taken before the scan, the
        last after it.
    pixels_per_step : float | None, default None
        Image pixels per step of the scan; from scan_step and the size of the image if absent, else
        the images are taken to cover the field.
    reach : float, default 0.25
        Largest shift that is looked for, as a share of the shorter side.
    surrogates : int, default 99
        Images without anything in common that the peak must exceed.

    Notes
    -----
    # Drift during a scan

    A scan of diffraction patterns takes minutes. If the specimen moves by more than half a step meanwhile, its patterns no longer belong to the places of the image
    that was taken before. Two images, one before and one after, tell: state them with the scan, `files = [["scan.npy", "before.dm4", "after.dm4"]]`.

    ## How it is done

    Both images, less their means and tapered by Hann's window, are correlated in Fourier space,

    $$ c(\mathbf d) = \sum_{\mathbf k} \frac{B(\mathbf k)\,A^*(\mathbf k)}{\sqrt{|B A|}}\; e^{2\pi i\,\mathbf k\cdot\mathbf d} . $$

    Pure phase correlation divides by $|BA|$ and listens to noise where there is no structure; plain correlation does not divide and has a broad peak: the
    square root stands between. The peak is refined to a thousandth of a pixel by the sum itself (Guizar-Sicairos et al. 2008). Positive shifts are to the right and
    downwards: the structure lies there in the second image.

    **Error.** $n\times n$ blocks, overlapping by half, look for the shift on their own. Their scatter gives the standard error; as overlapping blocks are not independent they
    count as $((n+1)/2n)^2$ of themselves, and the interval is Student's. Distortion within the field scatters the blocks too, and so widens the interval, as it should.

    **Is it the same field at all?** The peak is compared with those of images that have the spectrum of the second and random phases. Unless it beats 95 % of them there is no
    shift: some peak is always highest.

    ## The gate

    A scan is accepted if the length of the shift plus twice its standard error is below `accepted_steps` (half a step). The rule is fixed before looking. Later methods leave out
    scans that are not accepted, list them, and give the result with them beside it.

    `drift_limit_steps` is what this pair of images can let pass: half a step less twice the error. At 0 the images are too noisy, too small or too featureless to show that
    the specimen stood still; that is not the same as drift.

    ## What was measured

    Without noise the shift of 96 × 112 pixels is right to about a hundredth of itself. The interval covers in 96 to 97 % where the peak is 0.4 high (noise of half the structure at 10 pixels, of the structure at 5 pixels), with an error of 0.1 pixels in 128 × 128. With noise of twice the structure the peak is 0.13
    and the interval would cover in 87 %; with structure of 16 pixels, of which a block holds hardly three, the peak is 0.32 and it would cover in 77 %. Below a peak of 0.4 there is no interval, and a warning says so.

    ## Limits

    Rotation and changes of magnification scatter the blocks but are not given. Drift that comes back before the second image is not seen. A shift above `reach` of the shorter side is not found.

    ## References

    M. Guizar-Sicairos, S. T. Thurman, J. R. Fienup, *Opt. Lett.* **33**, 156 (2008). C. D. Kuglin, D. C. Hines, *Proc. IEEE Int. Conf. Cybernetics and Society*, 163 (1975).
    """
    ID: ClassVar[str] = "stem.drift"

    accepted_steps: float = 0.5
    blocks: int = 5
    image: str = "intensity"
    pixels_per_step: float | None = None
    reach: float = 0.25
    surrogates: int = 99

    def run(
        self,
        data: Data,
        *,
        scan_step: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `drift` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_step": scan_step,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def drift(
    data: Data,
    *,
    accepted_steps: float = 0.5,
    blocks: int = 5,
    image: str = "intensity",
    pixels_per_step: float | None = None,
    reach: float = 0.25,
    surrogates: int = 99,
    scan_step: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Drift during a scan (`stem.drift`).

    Shift between the images before and after a scan with its error, and whether the scan may be
    used: a rule that is fixed before looking. See `Drift` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    accepted_steps : float, default 0.5
        Largest drift that is accepted, steps of the scan.
    blocks : int, default 5
        Blocks per side that look for the shift on their own, overlapping by half.
    image : str, default "intensity"
        Which maps of the files are the images: the first of them was taken before the scan, the
        last after it.
    pixels_per_step : float | None, default None
        Image pixels per step of the scan; from scan_step and the size of the image if absent, else
        the images are taken to cover the field.
    reach : float, default 0.25
        Largest shift that is looked for, as a share of the shorter side.
    surrogates : int, default 99
        Images without anything in common that the peak must exceed.
    scan_step : Quantity, in m
        distance between neighbouring probe positions, the same along both scan axes. Found: the
        microscope's scan settings; .npy files do not hold it.
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

        - `drift_y_px` (Δy): shift downwards from the image before to that after, image pixels
        - `drift_x_px` (Δx): shift to the right, image pixels
        - `drift_sd_px` (): standard error of the shift, the larger of both directions, image pixels
        - `drift_steps` (): length of the shift, steps of the scan
        - `drift_length` (, m): length of the shift
        - `drift_accepted` (): 1 where shift and twice its error are below the accepted drift, else
        0
        - `drift_limit_steps` (): largest shift that these images let pass, steps of the scan
        - `match_peak` (): height of the correlation at its peak, 1 for equal images
        - `match_p` (p): probability of so high a peak between images without anything in common

    References
    ----------
    - M. Guizar-Sicairos, S. T. Thurman, J. R. Fienup, Opt. Lett. 33, 156 (2008),
    doi:10.1364/OL.33.000156
    - C. D. Kuglin, D. C. Hines, Proc. IEEE Int. Conf. Cybernetics and Society, 163 (1975)
    """
    return Drift(
        accepted_steps=accepted_steps,
        blocks=blocks,
        image=image,
        pixels_per_step=pixels_per_step,
        reach=reach,
        surrogates=surrogates,
    ).run(
        data,
        scan_step=scan_step,
        channels=channels,
        after=after,
        seed=seed,
    )
