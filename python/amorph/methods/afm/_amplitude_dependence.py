# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Correlation length against amplitude (`dafm.amplitude_dependence`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AmplitudeDependence(Method):
    r"""Correlation length against amplitude (`dafm.amplitude_dependence`).

    Asks whether a length found in images of one area changes with the amplitude at which they were taken.

    Parameters
    ----------
    negligible : float, default 0.1
        The change over the measured range counts as negligible when its interval lies within this
        share.
    of_method : str, default "dafm.correlation_length"
        Method that gives it.
    quantity : str, default "correlation_length"
        Key of the quantity, for instance `correlation_length` or `r_1e`; it must be above zero.

    Notes
    -----
    # Correlation length against amplitude

    ## Idea
    If the length of the heterogeneity were made by the way of imaging, by the size of the contact or the depth of the indentation, it would change with the amplitude. Images of one area at
    several set points test that (Lu et al. 2016 state that the effect is negligible).

    ## Method
    The logarithm of the length stands against the amplitude ratio of the image and a straight line is fitted:

    $$\ln\xi_i = \ln\bar\xi + b\,\Big(\frac{A_i}{A_0} - \overline{A/A_0}\Big) + \varepsilon_i .$$

    `relative_change` is $e^{b\Delta} - 1$ over the measured range $\Delta$ of $A/A_0$; its interval follows from that of $b$. *Negligible* means that the whole interval lies within ±10 % (`negligible`); a
    slope that is merely not significant is not called negligible but undecided.

    ## Uncertainty
    The scatter of the images about the line, with Student's $t$ at $n - 2$ degrees of freedom: exact where the logarithms scatter normally and equally. The intervals of the single images are shown and not
    used: they do not know of drift and of other sites.

    ## Failure modes
    - Fewer than four images, or a range of $A/A_0$ below 0.1: refused.
    - Another area, a blunter tip or a drift during the series look like an effect of the amplitude when they go along with it: image the set points in random order and repeat the first.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016).
    """
    ID: ClassVar[str] = "dafm.amplitude_dependence"

    negligible: float = 0.1
    of_method: str = "dafm.correlation_length"
    quantity: str = "correlation_length"

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `amplitude_dependence` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def amplitude_dependence(
    results: Results,
    *,
    negligible: float = 0.1,
    of_method: str = "dafm.correlation_length",
    quantity: str = "correlation_length",
    seed: int = 1,
) -> Result:
    r"""Correlation length against amplitude (`dafm.amplitude_dependence`).

    Asks whether a length found in images of one area changes with the amplitude at which they were
    taken. See `AmplitudeDependence` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    negligible : float, default 0.1
        The change over the measured range counts as negligible when its interval lies within this
        share.
    of_method : str, default "dafm.correlation_length"
        Method that gives it.
    quantity : str, default "correlation_length"
        Key of the quantity, for instance `correlation_length` or `r_1e`; it must be above zero.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `log_slope` (d ln ξ/d(A/A0)): slope of the logarithm of the length against the amplitude
        ratio
        - `relative_change` (Δξ/ξ): relative change from the smallest to the largest amplitude
        - `amplitude_slope` (dξ/d(A/A0), m): slope of the length at its geometric mean

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    """
    return AmplitudeDependence(
        negligible=negligible,
        of_method=of_method,
        quantity=quantity,
    ).run(
        results,
        seed=seed,
    )
