# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Quality factor from a resonance curve (`dafm.resonance_curve`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ResonanceCurve(Method):
    r"""Quality factor from a resonance curve (`dafm.resonance_curve`).

    Fits a driven oscillator with background to a resonance curve and gives quality factor and resonance frequency with intervals.

    Parameters
    ----------
    amplitude : str | None, default None
        Column with the amplitude or the power; `amplitude`, `power` or the second column of numbers
        if absent.
    background : str, default "power"
        What is added to the response of the oscillator.
        - `"none"`: Nothing.
        - `"power"`: A constant power, of noise that has nothing to do with the drive.
        - `"coherent"`: A constant response to the same drive, in phase and out of phase: the motion
        of the holder.
    frequency : str | None, default None
        Column with the frequency; `frequency` or `f` if absent.
    ordinate : str, default "amplitude"
        What that column holds.
        - `"amplitude"`: Amplitude, of a driven sweep.
        - `"power"`: Power, of a thermal spectrum: its root is fitted.

    Notes
    -----
    # Quality factor from a resonance curve

    ## Idea
    The energy of a tap is divided by the quality factor, so that an error of a tenth in $Q$ is one of a tenth in every energy. The resonance curve, measured near the surface in the same air, gives $Q$ and
    $f_0$ together.

    ## Model
    A driven, damped oscillator, with $r = f/f_0$:

    $$A(f) = \frac{A_\mathrm{max}}{\sqrt{Q^2(1 - r^2)^2 + r^2}},\qquad r = f/f_0$$

    with one of three backgrounds: `none`; `power` (default), a constant power $b^2$ added to $A^2$, of noise; `coherent`, a constant complex amplitude added to that of the oscillator, of a holder that moves with the drive and
    makes the curve lopsided. For `ordinate = "power"` (a thermal spectrum) the root of the column is fitted.

    Beside the fit stands the rule of Qiao et al. 2019, $Q = f/\mathrm{FWHM}$ of the power, meant for $Q > 200$: it uses two points of the curve, and is flagged where the resonance is broad.

    ## Uncertainty
    Least squares with the error taken from the residuals; the 95 % intervals of $Q$ and $f_0$ are profiles of the residual sum, tested to cover with noise that is equal at all frequencies. Noise that grows with the
    amplitude, or drift of the resonance during the sweep, is not in them; a poor fit (more than 5 % of the peak) is warned of.

    ## Use
    The note `constants_for_the_study` holds both constants with their errors as a study states them.

    ## Failure modes
    - Peak at an end of the sweep, no peak above 1.5 times the median, fewer than ten points: refused.
    - Tip–sample forces bend the curve (a maximum that leans): lift the tip.
    - Two resonances in the sweep: cut it.

    ## References
    Qiao et al. (2019), section 3.3.1.
    """
    ID: ClassVar[str] = "dafm.resonance_curve"

    amplitude: str | None = None
    background: Literal["none", "power", "coherent"] = "power"
    frequency: str | None = None
    ordinate: Literal["amplitude", "power"] = "amplitude"

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `resonance_curve` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def resonance_curve(
    data: Data,
    *,
    amplitude: str | None = None,
    background: Literal["none", "power", "coherent"] = "power",
    frequency: str | None = None,
    ordinate: Literal["amplitude", "power"] = "amplitude",
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Quality factor from a resonance curve (`dafm.resonance_curve`).

    Fits a driven oscillator with background to a resonance curve and gives quality factor and
    resonance frequency with intervals. See `ResonanceCurve` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    amplitude : str | None, default None
        Column with the amplitude or the power; `amplitude`, `power` or the second column of numbers
        if absent.
    background : str, default "power"
        What is added to the response of the oscillator.
        - `"none"`: Nothing.
        - `"power"`: A constant power, of noise that has nothing to do with the drive.
        - `"coherent"`: A constant response to the same drive, in phase and out of phase: the motion
        of the holder.
    frequency : str | None, default None
        Column with the frequency; `frequency` or `f` if absent.
    ordinate : str, default "amplitude"
        What that column holds.
        - `"amplitude"`: Amplitude, of a driven sweep.
        - `"power"`: Power, of a thermal spectrum: its root is fitted.
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

        - `quality_factor` (Q): quality factor of the fitted oscillator
        - `resonance_frequency` (f0, Hz): resonance frequency of the fitted oscillator
        - `quality_factor_by_width` (f/FWHM): frequency of the peak over the full width of the power
        at half its maximum
        - `background_share` (b/A_max): background over the amplitude at resonance

    References
    ----------
    - Qiao et al. (2019), review, section 3.3.1
    """
    return ResonanceCurve(
        amplitude=amplitude,
        background=background,
        frequency=frequency,
        ordinate=ordinate,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
