# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Strain from the first halo (`scattering.peak_strain`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class PeakStrain(Method):
    r"""Strain from the first halo (`scattering.peak_strain`).

    The place of the first halo in every sector of the azimuth, and the strain tensor that its shift means.

    Parameters
    ----------
    azimuth : str, default "azimuth"
        Column of the azimuth; zero along the load axis.
    intensity : str, default "intensity"
        Column of the intensity.
    intensity_error : str, default "intensity_error"
        Column of its standard error; it may be absent.
    q : str, default "q"
        Column of the scattering vector.
    range : tuple[Quantity, Quantity] | None, default None
        The range of the peak; a third around the highest value where left out.
    reference : Quantity | None, default None
        The place of the peak without load. Without it strains are relative to the mean of the
        sectors, and only differences mean something.

    Notes
    -----
    # Strain from the first halo

    A strained glass scatters into ellipses. The shift of the first halo over the azimuth is a strain gauge that needs no crystal.

    ## How

    In every sector a pseudo-Voigt peak on a straight line is fitted in the range of the halo, with the errors of the intensity where the table has them. With the place $q_0$ without load

    $$ \varepsilon(\varphi) = \frac{q_0}{q(\varphi)} - 1 = e_{11}\cos^2\varphi + e_{12}\sin 2\varphi + e_{22}\sin^2\varphi , $$

    the same as $(Q_0 - Q_1)/Q_1$. The tensor is fitted by weighted least squares; scatter beyond the errors widens the intervals (Student's, with the number of sectors less three). Without `reference` the mean of the sectors stands for it, and only $e_{12}$ and the difference $e_{11} - e_{22}$ are given.

    ## Assumptions and failure modes

    The centre of the rings must be right: a wrong one makes a shift with one period over the circle, which shows as scatter. What the halo moves by is an average over the first few shells; near neighbours look stiffer than the specimen. Counting noise makes the place of a peak uncertain by about its width over the root of the counts. A background that bends moves all sectors alike, and with them
    $e_{11} + e_{22}$.

    ## References

    H. F. Poulsen et al., Nat. Mater. 4, 33 (2005).
    """
    ID: ClassVar[str] = "scattering.peak_strain"

    azimuth: str = "azimuth"
    intensity: str = "intensity"
    intensity_error: str = "intensity_error"
    q: str = "q"
    range: tuple[Quantity, Quantity] | None = None
    reference: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `peak_strain` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def peak_strain(
    data: Data,
    *,
    azimuth: str = "azimuth",
    intensity: str = "intensity",
    intensity_error: str = "intensity_error",
    q: str = "q",
    range: tuple[Quantity, Quantity] | None = None,
    reference: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Strain from the first halo (`scattering.peak_strain`).

    The place of the first halo in every sector of the azimuth, and the strain tensor that its shift
    means. See `PeakStrain` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    azimuth : str, default "azimuth"
        Column of the azimuth; zero along the load axis.
    intensity : str, default "intensity"
        Column of the intensity.
    intensity_error : str, default "intensity_error"
        Column of its standard error; it may be absent.
    q : str, default "q"
        Column of the scattering vector.
    range : tuple[Quantity, Quantity] | None, default None
        The range of the peak; a third around the highest value where left out.
    reference : Quantity | None, default None
        The place of the peak without load. Without it strains are relative to the mean of the
        sectors, and only differences mean something.
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

        - `eps11` (e₁₁): strain along azimuth zero
        - `eps22` (e₂₂): strain across it
        - `eps12` (e₁₂): shear
        - `strain_difference` (e₁₁-e₂₂): difference, which needs no reference
        - `principal_azimuth` (φ₁, rad): azimuth of the larger principal strain
        - `mean_peak_q` (Q₁, 1/m): mean place of the peak

    References
    ----------
    - H. F. Poulsen, J. A. Wert, J. Neuefeind, V. Honkimäki, M. Daymond, Nat. Mater. 4, 33 (2005),
    doi:10.1038/nmat1266
    """
    return PeakStrain(
        azimuth=azimuth,
        intensity=intensity,
        intensity_error=intensity_error,
        q=q,
        range=range,
        reference=reference,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
