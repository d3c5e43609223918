# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Orientation of the regions of a state (`dafm.orientation_by_site`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class OrientationBySite(Method):
    r"""Orientation of the regions of a state (`dafm.orientation_by_site`).

    Asks whether the sites of a state agree on a preferred axis, or on ±45 degrees to a principal direction.

    Parameters
    ----------
    rotation_min : Quantity, default "45 deg"
        By how much the scans of two sites must be rotated against each other to tell the sample
        from the microscope.

    Notes
    -----
    # Orientation of the regions of a state

    One image has one orientation, and many pixels do not make it more than one. Whether the regions of high dissipation of a *state* of a glass
    prefer a direction is decided by its sites: do they agree?

    ## The mean vector

    Each site gives the mean vector $\mathbf m = (\langle\cos 2\theta\rangle, \langle\sin 2\theta\rangle)$ of the doubled angles of its regions
    (`dafm.orientation`), of which the mean in isotropic noise on the same pixels is subtracted. Without a preferred axis these vectors scatter
    around zero. Hotelling's test compares their mean $\bar{\mathbf m}$ with the covariance $\mathsf C$ of that mean, taken from the scatter
    between the $n$ sites:

    $$ T^2 = \bar{\mathbf m}^{\mathsf T}\,\mathsf C^{-1}\,\bar{\mathbf m},\qquad p = \left(1 + \frac{T^2}{n-1}\right)^{-(n-2)/2}. $$

    It allows correlated components, needs no number of regions, and is exact for normally scattered sites; vectors that are means over tens of
    regions are nearly normal. With three sites only strong agreement is significant.

    Where $p < 0.05$ the preferred axis $\bar\theta = \tfrac12\mathrm{atan2}(\bar m_y, \bar m_x)$ is given. Its interval holds all directions across
    which the mean vector has no significant component (Fieller's theorem with Student's $t$, $n-1$ degrees of freedom).

    ## 45 degrees

    If `dafm.orientation` knew a principal direction, its $S_2$, $S_4$, 45-degree excess $\Delta S_{45}$ and share $f_{45}$ are averaged over the
    sites, with Student's interval and a $t$ test: two-sided for $S_2$ and $S_4$, one-sided for an excess at 45 degrees. $\Delta S_{45}$ is already
    relative to noise; $S_4$ and $f_{45}$ still contain the small pull of the pixels.

    ## Sample or microscope

    Drift and line noise align regions too, but with the scan. Scan some sites rotated by 90° and state `scan_angle`: on the sample, an axis of the
    material is the same at all sites and an artefact turns; in the image it is the other way round. If two scans differ by at least
    `rotation_min` (45°), the same test is made in both frames, and a note says which of the two holds the axis.

    ## When it fails

    - Fewer than three sites with an orientation: refused.
    - Sites that differ in principal direction (different places around an indent): count `scan_angle` of each measurement from the principal
      direction of its site, and set `principal_direction = "0 deg"`; axes are then compared relative to the stress.
    - All scans in one direction: an axis cannot be assigned to the sample, and this is said.

    ## References

    Lu et al., Sci. Rep. 6, 29357 (2016). Mardia, Kent and Bibby, Multivariate Analysis (1979), section 5.2. Fieller, J. R. Stat. Soc. B 16, 175
    (1954).
    """
    ID: ClassVar[str] = "dafm.orientation_by_site"

    rotation_min: Quantity = "45 deg"

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `orientation_by_site` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def orientation_by_site(
    results: Results,
    *,
    rotation_min: Quantity = "45 deg",
    seed: int = 1,
) -> Result:
    r"""Orientation of the regions of a state (`dafm.orientation_by_site`).

    Asks whether the sites of a state agree on a preferred axis, or on ±45 degrees to a principal
    direction. See `OrientationBySite` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    rotation_min : Quantity, default "45 deg"
        By how much the scans of two sites must be rotated against each other to tell the sample
        from the microscope.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `hdr_axial_order` (S): length of the mean over sites of the vectors of doubled angles,
        that of noise subtracted
        - `hdr_mean_axis` (θ, deg): preferred axis on the sample, counter-clockwise from its x axis
        - `hdr_s2` (S₂): mean over sites of <cos 2(θ - θ0)>
        - `hdr_s4` (S₄): mean over sites of <cos 4(θ - θ0)>
        - `hdr_45_excess` (ΔS₄₅): mean over sites of the excess of regions at 45 deg to the
        principal direction
        - `hdr_45_share` (f₄₅): mean over sites of the share of regions nearer to θ0 ± 45 deg than
        to θ0 and across

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Mardia, Kent and Bibby, Multivariate Analysis (1979), section 5.2: Hotelling's test
    - Fieller, J. R. Stat. Soc. B 16, 175 (1954)
    """
    return OrientationBySite(
        rotation_min=rotation_min,
    ).run(
        results,
        seed=seed,
    )
