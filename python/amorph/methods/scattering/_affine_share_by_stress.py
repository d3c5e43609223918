# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Affine share over stress (`scattering.affine_share_by_stress`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AffineShareByStress(Method):
    r"""Affine share over stress (`scattering.affine_share_by_stress`).

    Weighted mean of the affine share of the strain over several loads, and a test whether it changes with the stress.

    Notes
    -----
    # Affine share over stress

    Of the strain of a loaded glass a part is affine, the rest is made by rearrangements. If the share of the affine part, $z$, is a property of the glass, it is the same at every stress; published values did not change up to about 1 GPa.

    ## How

    `scattering.anisotropic_pdf` gives $z$ with its error for every pattern, and passes on the `applied_stress` that the study states. Over all of them

    $$ \bar z = \frac{\sum z_i/\sigma_i^2}{\sum 1/\sigma_i^2}, \qquad z = a + b\,\sigma_\mathrm{applied} , $$

    both by least squares with the weights $1/\sigma_i^2$. `p_slope` is the two-sided probability of so steep a line, `p_scatter` that of so large a sum of squares about it (chi-square, $n-2$).

    ## Uncertainty

    Errors of the patterns are taken as they are: 95 % intervals of normal shares with known errors. Where `p_scatter` is below 0.05 they are not enough, and no interval is shown. Errors that all patterns share (Poisson's ratio, the anelastic shape, the range of $Q$) move the mean and are not in its interval; they hardly change the slope.

    ## What can go wrong

    Fewer than three different stresses: refused. Patterns whose strain is within three standard errors of none have no share, and do not count. The load is that of the specimen, not of its surface: bending spoils both.

    ## References

    W. Dmowski et al., Phys. Rev. Lett. 105, 205502 (2010).
    """
    ID: ClassVar[str] = "scattering.affine_share_by_stress"

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `affine_share_by_stress` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def affine_share_by_stress(
    results: StudyResults,
    *,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Affine share over stress (`scattering.affine_share_by_stress`).

    Weighted mean of the affine share of the strain over several loads, and a test whether it
    changes with the stress. See `AffineShareByStress` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    alloys : Alloys | None
        Alloy of every state, to find the published values that belong to it: state -> alloy.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `affine_fraction_mean` (z): weighted mean of the affine share over all loads
        - `affine_fraction_slope` (dz/dσ, 1/Pa): change of the affine share with the stress
        - `p_slope` (p): probability of so large a change by the errors alone
        - `p_scatter` (p): probability of so much scatter about the line by the errors alone

    References
    ----------
    - W. Dmowski, T. Iwashita, C.-P. Chuang, J. Almer, T. Egami, Phys. Rev. Lett. 105, 205502
    (2010), doi:10.1103/PhysRevLett.105.205502
    """
    return AffineShareByStress().run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
