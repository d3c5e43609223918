# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Image on the grid of the scan (`stem.scan_image`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ScanImage(Method):
    r"""Image on the grid of the scan (`stem.scan_image`).

    An annular dark-field image averaged over the square of every probe position, placed by hand or by matching a virtual image.

    Parameters
    ----------
    gamma : float | None, default None
        Exponent with which the image was made for display, which is taken off; the image is taken
        as linear if absent.
    image : str, default "intensity"
        Which map of the files is the image.
    origin : tuple[float, float] | None, default None
        Upper left corner [y, x] of the field in image pixels from the upper left corner of the
        image; [0, 0] if absent.
    pixels_per_step : float | None, default None
        Image pixels per step of the scan; from scan_step and the size of the image if absent, else
        the image is taken to cover the field exactly.
    search : int | None, default None
        How far, in image pixels, the field is moved to match the map of stem.annular_sum; it stays
        where it is if absent.

    Notes
    -----
    # Image on the grid of the scan

    A scan of diffraction patterns is coarse: ten by ten positions 0.4 nm apart. The annular dark-field image of the same field has hundreds of
    pixels along a side. To ask whether ordered patterns lie in bright domains (`stem.association`), both must have one value per probe position.

    ## How it is done

    The square of a position is one step wide and high. Its brightness is the mean of the image over that square; a pixel that the square covers in part counts in
    part, so that nothing depends on whether a step is a whole number of pixels:

    $$ B_{ij} = \frac{\sum_{yx} w_{ij}(y, x)\, I(y, x)}{\sum_{yx} w_{ij}(y, x)} . $$

    Pixels that are no numbers are left out; a position of which less than half is known stays empty.

    **Where the scan lies.** `pixels_per_step` and `origin` say it. Without `pixels_per_step`, the ratio of `scan_step` and the pixel of the image is used where both are
    known; otherwise the image is taken to cover the field exactly, with a warning, if its shape allows that. With `search` the field is moved over the image by whole pixels, up to that far, to where its
    means are most like the virtual annular image of `stem.annular_sum`; `match_r` says how alike they are. That the best of many places correlates is no wonder: look at
    `match_r` for a field of fine structure only when it is well above what shuffled images give, and prefer an image whose place is known.

    **Contrast.** An image made for display has $I' = I^\gamma$. With `gamma` the exponent is taken off, from the range of the image. Ranks, and so the median as a
    threshold, do not depend on it; means over squares and a threshold in the middle of the range do.

    ## Limits

    The scan must not be turned against the image. Drift between image and scan is the matter of `stem.drift`. There are no intervals: a mean of pixels of one image
    is what it is.

    ## References

    C. Ophus, *Microscopy and Microanalysis* **25**, 563 (2019).
    """
    ID: ClassVar[str] = "stem.scan_image"

    gamma: float | None = None
    image: str = "intensity"
    origin: tuple[float, float] | None = None
    pixels_per_step: float | None = None
    search: int | None = None

    def run(
        self,
        data: Data,
        *,
        scan_step: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `scan_image` for the arguments."""
        return self._run(
            data,
            constants={
                "scan_step": scan_step,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def scan_image(
    data: Data,
    *,
    gamma: float | None = None,
    image: str = "intensity",
    origin: tuple[float, float] | None = None,
    pixels_per_step: float | None = None,
    search: int | None = None,
    scan_step: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Image on the grid of the scan (`stem.scan_image`).

    An annular dark-field image averaged over the square of every probe position, placed by hand or
    by matching a virtual image. See `ScanImage` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    gamma : float | None, default None
        Exponent with which the image was made for display, which is taken off; the image is taken
        as linear if absent.
    image : str, default "intensity"
        Which map of the files is the image.
    origin : tuple[float, float] | None, default None
        Upper left corner [y, x] of the field in image pixels from the upper left corner of the
        image; [0, 0] if absent.
    pixels_per_step : float | None, default None
        Image pixels per step of the scan; from scan_step and the size of the image if absent, else
        the image is taken to cover the field exactly.
    search : int | None, default None
        How far, in image pixels, the field is moved to match the map of stem.annular_sum; it stays
        where it is if absent.
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

        - `pixels_per_step` (): image pixels per step of the scan, along x
        - `origin_y` (): row of the upper left corner of the field, image pixels
        - `origin_x` (): column of the upper left corner of the field, image pixels
        - `match_r` (r): correlation with the virtual annular image of the same scan
        - `n_positions` (N): positions with a brightness

    References
    ----------
    - C. Ophus, Microsc. Microanal. 25, 563 (2019), doi:10.1017/S1431927619000497
    """
    return ScanImage(
        gamma=gamma,
        image=image,
        origin=origin,
        pixels_per_step=pixels_per_step,
        search=search,
    ).run(
        data,
        scan_step=scan_step,
        channels=channels,
        after=after,
        seed=seed,
    )
