# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Treated zones of a modulus map (`contact_resonance.zones`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Zones(Method):
    r"""Treated zones of a modulus map (`contact_resonance.zones`).

    Segments zones that are softer (or stiffer) than their surroundings and gives their size and relative change of modulus.

    Parameters
    ----------
    kind : str, default "softer"
        Whether zones are softer or stiffer than their surroundings.
        - `"softer"`: Lower values than around.
        - `"stiffer"`: Higher values than around.
    map : str, default "indentation_modulus"
        Quantity of the map, for instance `indentation_modulus`.
    min_pixels : int, default 16
        Least number of pixels of a zone.
    smoothing : float, default 2.0
        Standard deviation of the Gaussian smoothing before the threshold, in pixels; sizes are
        corrected for it.
    surrogates : int, default 100
        Number of surrogate maps of the null model.
    threshold : float, default 3.0
        Threshold in standard deviations of the untreated part of the smoothed map.

    Notes
    -----
    # Treated zones of a modulus map

    ## Idea
    Contact-resonance ultrasonic actuation (CRUA, $10^5$ to $10^6$ Hz) softens a metallic glass where the tip vibrated: the contact-resonance frequency there is
    lower (Qiao et al. 2019, Fig. 82). A glass is heterogeneous by itself, so the question is which places are softer than the untreated glass varies, how large they are,
    and by how much the modulus dropped.

    ## Rules
    The map is smoothed by a Gaussian of `smoothing` pixels. Level $M_0$ and spread $\sigma_0$ of its untreated part start from median and median deviation; pixels with
    $M < M_0 - k\sigma_0$ (`threshold` $k$) in connected zones of `min_pixels` are taken out, with a margin for the smoothed edge, and both are computed again until
    nothing changes. Holes in zones are filled.
    $$\frac{\Delta M}{M} = 1-\frac{\langle M\rangle_{zone}}{\langle M\rangle_{untreated}}$$
    is taken from the map *before* smoothing, inside the zone and away from its edge, so that neither smoothing nor the selection of low pixels enters much. Area and
    radius are those of the smoothed map at half the change, which for a sharp disk is its true size (a disk must be several smoothing lengths wide);
    the threshold itself would give a size that grows with the depth.

    ## Null model
    The untreated part is turned into maps with the same spectrum and random phases, and the same rules are applied. `p` of a zone is the share of these maps whose
    largest zone is as large. If the largest zone is not beyond chance, this is said and nothing is claimed.

    ## Uncertainty
    Zones are the replicates: the interval of the drop and of the size is Student's between three and more zones, the error of the untreated level added. Fewer
    zones have no interval. Between maps and states, `contact_resonance.treatment` takes sites as replicates.

    ## Assumptions and failure modes
    - More than half of the map in zones: refused, nothing untreated is left.
    - Zones shallower than $k\sigma_0$ are missed, and their measured drop is one of those deep enough to be seen.
    - Wear of the tip over the scan tilts the map; correct it first (`slow_scan`).
    - A map of frequencies instead of modulus is accepted with a warning: frequencies must not be compared across tips.
    - Softening by CRUA is linked to fast $\beta$ relaxation in the review; that is a comment, nothing here computes it.

    ## References
    Qiao et al. (2019), review, section 5.4.2. Theiler et al., *Physica D* **58**, 77 (1992), for surrogates with random phases.
    """
    ID: ClassVar[str] = "contact_resonance.zones"

    kind: Literal["softer", "stiffer"] = "softer"
    map: str = "indentation_modulus"
    min_pixels: int = 16
    smoothing: float = 2.0
    surrogates: int = 100
    threshold: float = 3.0

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `zones` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def zones(
    data: Data,
    *,
    kind: Literal["softer", "stiffer"] = "softer",
    map: str = "indentation_modulus",
    min_pixels: int = 16,
    smoothing: float = 2.0,
    surrogates: int = 100,
    threshold: float = 3.0,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Treated zones of a modulus map (`contact_resonance.zones`).

    Segments zones that are softer (or stiffer) than their surroundings and gives their size and
    relative change of modulus. See `Zones` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    kind : str, default "softer"
        Whether zones are softer or stiffer than their surroundings.
        - `"softer"`: Lower values than around.
        - `"stiffer"`: Higher values than around.
    map : str, default "indentation_modulus"
        Quantity of the map, for instance `indentation_modulus`.
    min_pixels : int, default 16
        Least number of pixels of a zone.
    smoothing : float, default 2.0
        Standard deviation of the Gaussian smoothing before the threshold, in pixels; sizes are
        corrected for it.
    surrogates : int, default 100
        Number of surrogate maps of the null model.
    threshold : float, default 3.0
        Threshold in standard deviations of the untreated part of the smoothed map.
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

        - `modulus_drop` (ΔM/M): mean relative drop of the modulus in the zones
        - `zone_count` (N): zones beyond the threshold
        - `zone_area_fraction` (A_f): share of the map in zones
        - `zone_area` (A, m^2): mean area of a zone that does not touch the border
        - `zone_radius` (R, m): mean radius of the circle of equal area, at half the change of
        modulus
        - `untreated_level` (M_0): mean outside the zones, in the unit of the map
        - `untreated_sd` (σ_0): standard deviation of the smoothed map outside the zones, in the
        unit of the map
        - `zones_by_chance` (N_0): mean number of zones in surrogates without zones

    References
    ----------
    - Qiao et al. (2019), review, section 5.4.2
    - Theiler et al., Physica D 58, 77 (1992)
    """
    return Zones(
        kind=kind,
        map=map,
        min_pixels=min_pixels,
        smoothing=smoothing,
        surrogates=surrogates,
        threshold=threshold,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
