# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Correlation of the dissipated energy with the topography (`dafm.topography_correlation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TopographyCorrelation(Method):
    r"""Correlation of the dissipated energy with the topography (`dafm.topography_correlation`).

    Asks whether the energy follows the height more than maps of the same spectra do by chance.

    Parameters
    ----------
    map : str, default "dissipated_energy"
        Quantity of the map that is compared with the height, for instance `dissipated_energy` or
        `phase`.
    max_lag : Quantity | None, default None
        Longest lag that is searched, such as "20 nm"; without it 5 times the distance where the
        correlation of the map is 1/e.
    surrogates : int, default 999
        Number of surrogate maps with random phases.

    Notes
    -----
    # Correlation of the dissipated energy with the topography

    ## Idea
    "The dissipation does not follow the topography" is a claim that needs a test. Any two images of correlated fields have some correlation coefficient by chance, and the
    chance is large: neighbouring pixels say the same, so that an image of 262 144 pixels may hold only a few thousand independent ones. Here the coefficient is compared with that of
    surrogates that have exactly the spectrum of the map, but nothing to do with the height.

    ## Equations
    The height $z$ is `height_levelled` of `dafm.topography` if that was run, else `height`; a plane with Huber weights is taken from it. With both maps freed of their means,

    $$r(\mathbf d) = \frac{\sum_{\mathbf x} E(\mathbf x + \mathbf d)\, z(\mathbf x)}{\sqrt{\sum E^2 \sum z^2}}$$

    for all lags at once by Fourier transform. $r(0)$ is Pearson's coefficient; $|r|_{max}$ is the largest magnitude over $|\mathbf d| \le d_{max}$, by default five times the distance
    where the correlation of $E$ is $1/e$, and never more than a quarter of the shorter side. Lags run around the borders: at $\mathbf d$ the share $d/L$ of the pairs joins opposite sides, which
    lowers a real correlation at long lags by that share and leaves the test valid, because the surrogates are treated alike.

    A surrogate of $E$ keeps $|\tilde E(\mathbf k)|$ and has random phases (Theiler et al. 1992). Since $\tilde r = \tilde E\,\tilde z^*$, its coefficients follow from $r(\mathbf d)$ itself with random phases. With
    $n \ge 999$ surrogates

    $$p = \frac{1 + \#\{|r_s| \ge |r|\}}{n + 1}, \qquad N_{eff} = 1 + \frac{1}{\langle r_s^2(0)\rangle},$$

    and the same for $|r|_{max}$, whose $p$ thus accounts for the search over lags. $N_{eff}$ independent pixels would show the same chance correlations.

    ## Uncertainty
    The coefficients have no confidence interval: this is a test against chance, and the null band stands in the table. Sites are the replicates of a coefficient.

    ## Assumptions and failure modes
    - Both maps are stationary. A map whose correlation reaches further than a tenth of the image is refused; a trend of the map shows as such a length.
    - **A correlation is not yet leakage.** A soft phase may really be worn lower. Compare `phase = "as_measured"` and `"corrected"` of `dafm.dissipation`: the correction removes both kinds.
    - **No correlation is not yet no leakage.** Slopes leak without a correlation at lag 0; they show as a pair of opposite extremes beside it, hence $|r|_{max}$. Curvature and non-linear leakage may show in neither.
    - Missing pixels count as the mean. Holes that both maps share make the null band too narrow, at 2 % of the pixels by 2 % of its width; more are refused.
    - Two tests are made; at 5 % each, one of them warns by chance in somewhat less than a tenth of all images.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016). Theiler et al., *Physica D* **58**, 77 (1992).
    """
    ID: ClassVar[str] = "dafm.topography_correlation"

    map: str = "dissipated_energy"
    max_lag: Quantity | None = None
    surrogates: int = 999

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `topography_correlation` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def topography_correlation(
    data: Data,
    *,
    map: str = "dissipated_energy",
    max_lag: Quantity | None = None,
    surrogates: int = 999,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Correlation of the dissipated energy with the topography (`dafm.topography_correlation`).

    Asks whether the energy follows the height more than maps of the same spectra do by chance. See
    `TopographyCorrelation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    map : str, default "dissipated_energy"
        Quantity of the map that is compared with the height, for instance `dissipated_energy` or
        `phase`.
    max_lag : Quantity | None, default None
        Longest lag that is searched, such as "20 nm"; without it 5 times the distance where the
        correlation of the map is 1/e.
    surrogates : int, default 999
        Number of surrogate maps with random phases.
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

        - `corr_energy_height` (r): Pearson's correlation coefficient of energy and levelled height
        - `corr_energy_height_p` (p): share of surrogates whose coefficient is at least as large in
        magnitude
        - `corr_energy_height_n_eff` (N_eff): number of independent pixels with the same chance
        correlations
        - `corr_energy_height_max` (|r|_max): largest magnitude of the coefficient over all lags
        searched
        - `corr_energy_height_max_p` (p_max): share of surrogates whose largest magnitude is at
        least as large

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Theiler et al., Physica D 58, 77 (1992)
    """
    return TopographyCorrelation(
        map=map,
        max_lag=max_lag,
        surrogates=surrogates,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
