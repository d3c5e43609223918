# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Anisotropy of a state (`dafm.anisotropy_by_state`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AnisotropyByState(Method):
    r"""Anisotropy of a state (`dafm.anisotropy_by_state`).

    Direction and aspect common to the images of a state, sites as replicates; scans turned against the specimen tell glass from scanner.

    Notes
    -----
    # Anisotropy of a state

    One image has a direction by chance, or by drift. A state has one if its sites agree. Directions are axes: 179° and 1° are neighbours and
    their mean is 0°, not 90°. So nothing here averages angles. Each image gives a vector with twice its angle,

    $$ \boldsymbol\varepsilon_j = \ln\frac{\xi_1}{\xi_2}\,e^{2i\theta_j} , $$

    long for an elongated pattern, near zero for an isotropic one, and the vectors are averaged.

    ## Glass and scanner

    A scan whose fast axis lies at $\varphi_j$ in the specimen (`scan_angle`) sees the glass turned by $-\varphi_j$, and its own distortions as
    always. Where the sites of a state were scanned at two or more angles,

    $$ \boldsymbol\varepsilon_j = \mathbf g\,e^{-2i\varphi_j} + \mathbf s $$

    is solved by least squares: $\mathbf g$ belongs to the glass, $\mathbf s$ to the scanner. With a turn of 90° this is half the difference and half the
    sum. With one scan angle only the sum of both is known, and a warning says so.

    ## Uncertainty

    The scatter of the vectors about the fit, the same along both components, gives the errors; sites are the replicates. The probability is
    that of the $F$ test with $2$ and $2(n-1)$ (turned scans: $2(n-2)$) degrees of freedom. The interval of the direction is Fieller's, all
    directions to which the mean is not significantly inclined by Student's $t$; it is shown where a common direction is significant. The
    aspect is the exponential of the length of the vector, which is always above zero; its distribution is inverted, so that the
    interval begins at 1 where there may be no direction. Site scatter in units of normal errors is assumed.

    Two scans of one spot are not two sites: their sampling errors are equal, and the errors given here are too small by up to $\sqrt2$.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Mardia and Jupp, Directional Statistics (2000). Fieller, J. R. Stat. Soc. B 16, 175 (1954).
    """
    ID: ClassVar[str] = "dafm.anisotropy_by_state"

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anisotropy_by_state` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def anisotropy_by_state(
    results: Results,
    *,
    seed: int = 1,
) -> Result:
    r"""Anisotropy of a state (`dafm.anisotropy_by_state`).

    Direction and aspect common to the images of a state, sites as replicates; scans turned against
    the specimen tell glass from scanner. See `AnisotropyByState` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `anisotropy_aspect` (ξ1/ξ2): aspect common to the images, at least 1
        - `anisotropy_angle` (θ, deg): direction of the long axis in the specimen, from +x to +y,
        modulo 180 deg
        - `anisotropy_p` (p): probability of so much in common without a direction
        - `scanner_aspect` (): aspect that stays with the scanner when the specimen turns
        - `scanner_p` (): probability of so much in common without an influence of the scanner

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Mardia and Jupp, Directional Statistics (2000), section 1.3: axial data
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    """
    return AnisotropyByState().run(
        results,
        seed=seed,
    )
