# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Thermal cycling (`calorimetry.cycling`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Cycling(Method):
    r"""Thermal cycling (`calorimetry.cycling`).

    Excess enthalpy over the number of thermal cycles with samples as replicates: a test for each number, the law of saturation, the effect as a share of the recovery enthalpy, and its correlation with a heterogeneity.

    Parameters
    ----------
    reference_error : float | None, default None
        Relative standard error of `reference_enthalpy`; mandatory with it.
    significance : float, default 0.05
        Probability below which an effect is named, and below which the law of saturation is given
        up.

    Notes
    -----
    # Thermal cycling

    ## Idea
    Cooling a glass to liquid nitrogen and warming it again, many times, can put enthalpy into it: it is rejuvenated. The effect is a few tenths of a joule per gram, and so is the difference between two ribbons that were never cycled. Only
    samples, not scans, tell whether there is an effect.

    ## Data
    A table with the columns `cycles` and `excess_enthalpy` (J/g); `sample` where samples were measured more than once, else each row is a sample; `heterogeneity` for any other number of the same states, such as a correlation length or
    a variance. The excess enthalpy is
    $$\Delta H = \int (c_p^{ref}-c_p^{cycled})\,dT$$
    below the glass transition, the reference being the same sample after it was heated beyond the transition: `calorimetry.recovery_enthalpy` with the cycled scan first and limits below the transition, with the other sign. At least two samples
    have `cycles` = 0.

    ## What is done
    Scans of one sample are averaged. What samples of one number of cycles differ by, scans included, is the error of everything; all numbers of cycles share it (`sample_spread`). Each number is compared with none by Student's $t$; the
    probabilities are adjusted by Holm for the number of tests, and `cycles_p` is Fisher's $F$ over all means. `excess_enthalpy` is the difference at the largest number of cycles, chosen before looking. With `reference_enthalpy` and its relative
    error, `excess_fraction` is its share of the recovery enthalpy, with the interval of Fieller.
    $$\Delta H(N) = \Delta H_0 + A\left(1-e^{-N/N_0}\right)$$
    is fitted to all samples from four numbers of cycles on, and tested against the means (`saturation_lack_p`). Where the means do not follow it, or where `cycles_p` is above $10^{-4}$, $A$ and $N_0$ have no interval; nor where the profile of $N_0$
    stays open.

    **More enthalpy, more heterogeneity?** From four numbers of cycles on, the correlation of both means over them has Fisher's interval. It is wide: four states with $r=0.9$ leave −0.3 to 1. Never conclude from two states. Errors of the means
    pull a correlation towards zero.

    ## Uncertainty
    Intervals are exact for normal samples with one spread. Measured coverage in `docs/coverage.md`. **Errors common to all samples** (calibration, limits of the integral) are in none of them.

    ## Bad input
    | case | what happens |
    |---|---|
    | fewer than two samples without cycles | refused |
    | fewer samples than numbers of cycles and two | refused |
    | one sample at two numbers of cycles | refused: heating has erased what cycling put in |
    | `reference_enthalpy` without `reference_error` | refused |
    | fewer than four numbers of cycles with a heterogeneity | no correlation, said |
    | a row without a number | left out, counted |

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 5.4. S. V. Ketov et al., *Nature* **524**, 200 (2015). S. Holm, *Scand. J. Stat.* **6**, 65 (1979). E. C. Fieller, *J. R. Stat. Soc. B* **16**, 175 (1954).
    """
    ID: ClassVar[str] = "calorimetry.cycling"

    reference_error: float | None = None
    significance: float = 0.05

    def run(
        self,
        data: Data,
        *,
        reference_enthalpy: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cycling` for the arguments."""
        return self._run(
            data,
            constants={
                "reference_enthalpy": reference_enthalpy,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def cycling(
    data: Data,
    *,
    reference_error: float | None = None,
    significance: float = 0.05,
    reference_enthalpy: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Thermal cycling (`calorimetry.cycling`).

    Excess enthalpy over the number of thermal cycles with samples as replicates: a test for each
    number, the law of saturation, the effect as a share of the recovery enthalpy, and its
    correlation with a heterogeneity. See `Cycling` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    reference_error : float | None, default None
        Relative standard error of `reference_enthalpy`; mandatory with it.
    significance : float, default 0.05
        Probability below which an effect is named, and below which the law of saturation is given
        up.
    reference_enthalpy : Quantity, in J/kg
        enthalpy between the sample as it was and its relaxed reference, for the effect of cycling
        as a share of it. Found: calorimetry.recovery_enthalpy on a sample without cycles.
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

        - `excess_enthalpy` (ΔH, J/kg): mean after the largest number of cycles less that without
        - `excess_fraction` (ΔH/ΔH_ref): the same over the recovery enthalpy of the sample without
        cycles
        - `cycles_p` (p): probability by chance of means that differ as much over all numbers of
        cycles
        - `sample_spread` (s, J/kg): standard deviation between samples of one number of cycles,
        scans included
        - `saturation_enthalpy` (A, J/kg): of ΔH = ΔH0 + A (1 - exp(-N/N0))
        - `saturation_cycles` (N0): of the same law
        - `saturation_lack_p` (p): probability by chance of means as far from that law
        - `heterogeneity_correlation` (r): correlation of mean excess enthalpy and mean
        heterogeneity over the numbers of cycles
        - `heterogeneity_correlation_p` (p): probability by chance of a correlation as strong

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 5.4
    - S. V. Ketov et al., Nature 524, 200 (2015), doi:10.1038/nature14674
    - S. Holm, Scand. J. Stat. 6, 65 (1979)
    - E. C. Fieller, J. R. Stat. Soc. B 16, 175 (1954), doi:10.1111/j.2517-6161.1954.tb00159.x
    """
    return Cycling(
        reference_error=reference_error,
        significance=significance,
    ).run(
        data,
        reference_enthalpy=reference_enthalpy,
        channels=channels,
        after=after,
        seed=seed,
    )
