# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Dimension and correlation lengths over the spread of density (`scattering.structure_by_spread`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Alloys, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class StructureBySpread(Method):
    r"""Dimension and correlation lengths over the spread of density (`scattering.structure_by_spread`).

    Fractal dimension and correlation lengths of several volumes over the standard deviation of their density, with exact tests whether they rise together.

    Notes
    -----
    # Dimension and correlation lengths over the spread of density

    Is a glass whose density varies more also more fractal, and over longer distances? Volumes of several glasses, or of one glass before and after deformation, are put side by side: over the standard deviation of their density over its mean (`g_std_micro`) stand the dimension by boxes
    (`scattering.box_counting`), the correlation length (`scattering.density_correlation`) and the size of clusters (`scattering.percolation`). Huang et al. (2018) drew this figure for five metallic glasses with dimensions of about 2.5.

    It is a method of the whole study: `[compare] methods = ["scattering.structure_by_spread"]`. Every file of a volume is one point.

    ## How it is done

    The numbers are those of the methods before it; nothing is measured anew. `g_std_micro` is that of `scattering.volume_statistics`, or of another method of the volume where that did not run. For each of the three, Spearman's rank correlation with the spread and the share of all orders of the volumes whose correlation is as far from zero
    (up to seven volumes all orders, beyond that 4999 by chance). With three volumes no p value is below 1/3, with four below 1/12, with five below 1/60.

    No line is fitted and no interval given: neither dimensions nor lengths of single volumes have errors that cover, and what lies behind the relation is not known.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | fewer than three volumes with a spread and a dimension or length | refused |
    | grey values that are no densities (zero or below in the object) | the volume has no `g_std_micro` and is left out |
    | sets that take different shares of their volumes | warning: the dimension depends on the share; cut all at one quantile |
    | voxel sizes known for some volumes only | lengths are not compared, warning |
    | different noise or resolution | both are in the spread: a note reminds of it |

    ## References

    X. Huang et al., *Acta Mater.* **155**, 69 (2018). Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 3.1.
    """
    ID: ClassVar[str] = "scattering.structure_by_spread"

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `structure_by_spread` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            seed=seed,
        )


def structure_by_spread(
    results: StudyResults,
    *,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    seed: int = 1,
) -> Result:
    r"""Dimension and correlation lengths over the spread of density (`scattering.structure_by_spread`).

    Fractal dimension and correlation lengths of several volumes over the standard deviation of
    their density, with exact tests whether they rise together. See `StructureBySpread` for the
    method.

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

        - `dimension_trend` (ρ): rank correlation of the dimension by boxes with the spread of the
        density
        - `p_dimension_trend` (p): p value of it among all orders of the volumes
        - `length_trend` (ρ): rank correlation of the correlation length with the spread of the
        density
        - `p_length_trend` (p): p value of it among all orders of the volumes
        - `cluster_length_trend` (ρ): rank correlation of the size of clusters with the spread of
        the density
        - `p_cluster_length_trend` (p): p value of it among all orders of the volumes

    References
    ----------
    - X. Huang et al., Acta Mater. 155, 69 (2018)
    - Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 3.1
    """
    return StructureBySpread().run(
        results,
        truth=truth,
        alloys=alloys,
        seed=seed,
    )
