# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Tip position from two modes (`contact_resonance.tip_position`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TipPosition(Method):
    r"""Tip position from two modes (`contact_resonance.tip_position`).

    Finds the position of the tip on the lever at which two modes show the same contact stiffness, or says that there is none.

    Parameters
    ----------
    highest : float, default 1.0
        Highest position that is looked at.
    lowest : float, default 0.8
        Lowest position L1/L that is looked at.
    replicates : int, default 1000
        Number of bootstrap replicates.
    tiles : int, default 12
        Tiles along each side of the map; they are resampled whole, so that neighbouring pixels may
        be correlated.

    Notes
    -----
    # Tip position from two modes

    ## Idea
    The stiffness that a contact-resonance frequency stands for depends on where the tip sits on the lever, $\gamma = L_1/L$, and each mode depends on it differently.
    There is one contact, so two modes must give one stiffness: the position at which they agree is that of the tip.

    ## Equations
    With $k^*_n(f_n;\gamma)$ of `contact_resonance.modulus`, one $\gamma$ for the whole map by weighted least squares over all pixels $i$:
    $$\min_\gamma\sum_i w_i\,[\ln k^*_1(f_{1,i};\gamma)-\ln k^*_2(f_{2,i};\gamma)]^2,\qquad w_i^{-1} = s_{1,i}^2+s_{2,i}^2,\quad s = \frac{\mathrm d\ln k}{\mathrm d\ln f}$$
    The start is the crossing of the two curves at the median frequencies, looked for between `lowest` and `highest`; then Gauss-Newton steps.
    Noise of the frequencies does not average out of curved functions: with $g_i$ the gradient of pixel $i$, its expectation
    $\tfrac12\hat\sigma^2\sum_n \partial^2 g_i/\partial(\ln f_n)^2$ is taken off, with $\hat\sigma^2$, the relative variance of the frequencies, from the residuals.
    Without this the position of a map of 64 x 64 pixels with 0.1 % of noise is off by a third of its standard error.

    ## Uncertainty
    Tiles of the map (12 x 12 by default) are drawn with replacement 1000 times; each draw moves $\gamma$ by one Gauss-Newton step of its own sums. Tiles keep the
    correlation of neighbouring pixels. Points of a list are drawn one by one. Stated errors of the free frequencies are systematic: they move both curves, and
    0.1 % of a free frequency can outweigh the noise of a whole map.

    ## Assumptions and failure modes
    - No crossing in the range: refused, with the ratio of the stiffnesses at both ends. An end is never taken instead. A tip at the very end whose curves meet
      just beyond it by noise is refused as well: state `tip_position = 1` then.
    - Two crossings in the range: refused, with both positions; a side view of the lever decides.
    - A position near 0.78 is a node of mode 2, which does not feel the contact there.
    - More mismatch than the noise explains: warned. A tapered lever, a heavy tip, or lateral stiffness part the curves, and then $\gamma$ is an effective number
      that absorbs them: use it for these two modes only.
    - Unequal relative noise of the two modes leaves a part of the bias that the noise makes.

    ## References
    Rabe, Janser, Arnold, *Rev. Sci. Instrum.* **67**, 3281 (1996). Hurley, Shen, Jennett, Turner, *J. Appl. Phys.* **94**, 2347 (2003).
    """
    ID: ClassVar[str] = "contact_resonance.tip_position"

    highest: float = 1.0
    lowest: float = 0.8
    replicates: int = 1000
    tiles: int = 12

    def run(
        self,
        data: Data,
        *,
        lever_shape: Literal["rectangular", "v_shaped"] | None = None,
        free_frequency_mode_1: Quantity | None = None,
        free_frequency_mode_2: Quantity | None = None,
        free_frequency_mode_3: Quantity | None = None,
        frequency_noise_mode_1: Quantity | None = None,
        frequency_noise_mode_2: Quantity | None = None,
        frequency_noise_mode_3: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `tip_position` for the arguments."""
        return self._run(
            data,
            constants={
                "lever_shape": lever_shape,
                "free_frequency_mode_1": free_frequency_mode_1,
                "free_frequency_mode_2": free_frequency_mode_2,
                "free_frequency_mode_3": free_frequency_mode_3,
                "frequency_noise_mode_1": frequency_noise_mode_1,
                "frequency_noise_mode_2": frequency_noise_mode_2,
                "frequency_noise_mode_3": frequency_noise_mode_3,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def tip_position(
    data: Data,
    *,
    highest: float = 1.0,
    lowest: float = 0.8,
    replicates: int = 1000,
    tiles: int = 12,
    lever_shape: Literal["rectangular", "v_shaped"] | None = None,
    free_frequency_mode_1: Quantity | None = None,
    free_frequency_mode_2: Quantity | None = None,
    free_frequency_mode_3: Quantity | None = None,
    frequency_noise_mode_1: Quantity | None = None,
    frequency_noise_mode_2: Quantity | None = None,
    frequency_noise_mode_3: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Tip position from two modes (`contact_resonance.tip_position`).

    Finds the position of the tip on the lever at which two modes show the same contact stiffness,
    or says that there is none. See `TipPosition` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    highest : float, default 1.0
        Highest position that is looked at.
    lowest : float, default 0.8
        Lowest position L1/L that is looked at.
    replicates : int, default 1000
        Number of bootstrap replicates.
    tiles : int, default 12
        Tiles along each side of the map; they are resampled whole, so that neighbouring pixels may
        be correlated.
    lever_shape : str
        shape of the cantilever; rectangular is assumed. Found: the maker's data sheet.
        - `"rectangular"`: a beam of uniform cross-section
        - `"v_shaped"`: two arms; the beam equations do not hold
    free_frequency_mode_1 : Quantity, in Hz
        free resonance frequency of a flexural mode. Found: the spectrum of the same lever out of
        contact, near the surface.
    free_frequency_mode_2 : Quantity, in Hz
        free resonance frequency of a flexural mode. Found: the spectrum of the same lever out of
        contact, near the surface.
    free_frequency_mode_3 : Quantity, in Hz
        free resonance frequency of a flexural mode. Found: the spectrum of the same lever out of
        contact, near the surface.
    frequency_noise_mode_1 : Quantity, in Hz
        standard deviation of the noise of the contact-resonance frequency of one pixel. Found:
        repeated spectra at one place, or the error of the fit of the resonance; trace and retrace
        maps replace it.
    frequency_noise_mode_2 : Quantity, in Hz
        standard deviation of the noise of the contact-resonance frequency of one pixel. Found:
        repeated spectra at one place, or the error of the fit of the resonance; trace and retrace
        maps replace it.
    frequency_noise_mode_3 : Quantity, in Hz
        standard deviation of the noise of the contact-resonance frequency of one pixel. Found:
        repeated spectra at one place, or the error of the fit of the resonance; trace and retrace
        maps replace it.
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

        - `tip_position` (L₁/L): distance of the tip from the clamped end over the length of the
        lever
        - `stiffness_mismatch` (Δ ln k*): root mean square of the difference of ln k* between the
        modes that is left

    References
    ----------
    - Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996)
    - Hurley, Shen, Jennett, Turner, J. Appl. Phys. 94, 2347 (2003)
    """
    return TipPosition(
        highest=highest,
        lowest=lowest,
        replicates=replicates,
        tiles=tiles,
    ).run(
        data,
        lever_shape=lever_shape,
        free_frequency_mode_1=free_frequency_mode_1,
        free_frequency_mode_2=free_frequency_mode_2,
        free_frequency_mode_3=free_frequency_mode_3,
        frequency_noise_mode_1=frequency_noise_mode_1,
        frequency_noise_mode_2=frequency_noise_mode_2,
        frequency_noise_mode_3=frequency_noise_mode_3,
        channels=channels,
        after=after,
        seed=seed,
    )
