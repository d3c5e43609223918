# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Order in bright and dark domains (`stem.association`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Association(Method):
    r"""Order in bright and dark domains (`stem.association`).

    Odds ratio of ordered patterns between bright and dark domains of an image of the same field, with a test that knows that both maps have grains.

    Parameters
    ----------
    domains_through_foil : float | None, default None
        Domains that lie above each other in the foil: its thickness over their size. Without it
        nothing is said about dilution.
    image : str, default "scan_image"
        Which map on the grid of the scan is the image: that of stem.scan_image, of stem.annular_sum
        or of stem.virtual_image.
    surrogates : int, default 9999
        Ways of laying the maps over each other that are drawn where there are more.
    threshold : str, default "median"
        What counts as bright.
        - `"median"`: Above the median of the region: does not depend on contrast and gamma of the
        image.
        - `"mid_range"`: Above the middle between the darkest and the brightest position of the
        region.
        - `"percentile_range"`: Above the middle between the first and the last hundredth.
        - `"value"`: Above `value`.
    value : float | None, default None
        Brightness above which a position is bright, with threshold = "value".

    Notes
    -----
    # Order in bright and dark domains

    Are the ordered clusters of a metallic glass in the Ni-rich or in the Zr-rich domains? Each position of a scan has two marks: ordered or not (`stem.bragg_detection`), and bright or dark in an
    annular dark-field image of the same field (`stem.scan_image`). Four counts per region: $a$ bright and ordered, $b$ bright and not, $c$ dark and ordered, $d$ dark and not.

    ## How large

    The odds of order at bright over those at dark positions, common to the regions (Mantel and Haenszel), and its error if positions were independent (Robins, Breslow and Greenland):

    $$ \mathrm{OR} = \frac{\sum a d/n}{\sum b c/n}, \qquad \operatorname{var}\ln\mathrm{OR} = \frac{\sum PR}{2 (\sum R)^2} + \frac{\sum (PS + QR)}{2 \sum R \sum S} + \frac{\sum QS}{2 (\sum S)^2} $$

    with $P = (a+d)/n$, $Q = (b+c)/n$, $R = ad/n$, $S = bc/n$.

    ## Chance

    Positions are not independent. Domains are larger than a step, neighbouring patterns share clusters, and two maps with grains overlap by chance far more than a $\chi^2$ test believes: with grains of two steps it sees an
    "association" in every fourth set of unrelated maps.

    Chance is therefore taken from the maps themselves. The brightness of every region is moved around the edges by every possible shift, and turned by half a turn; both keep its grains, and what it has to do with the order is lost. `p_spatial` is the
    share of such pairs of maps with as large an excess of bright and ordered positions; regions are moved independently of each other. At a nominal 5 % it rejected 4 to 7 % of unrelated maps, the naive test up to 37 % (`docs/coverage.md`). The variance of the excess over those moves, divided by that of independent positions, is the
    `design_effect` $D$. The interval of the odds ratio is

    $$ \ln \mathrm{OR} \pm 1.96\, \sqrt{D \operatorname{var} \ln \mathrm{OR}}, \qquad D \ge 1 . $$

    Moving around the edges makes a seam, across which the grains do not continue; turning does not remove it. It makes the test a little liberal where grains are nearly as large as the field.

    With five regions or more there is a second way that needs no model of grains: the scatter of the regions' own odds ratios (`odds_ratio_regions`, half a count in every cell). Half a count
    draws ratios of small regions towards 1. Where grains leave fewer than 20 independent positions per region (three steps in 10 × 10 positions) only this second interval is shown; the first covered in 91.7 % there.

    `p_naive` and `fisher_p_naive` are what a test of independent positions says. They are there to be compared, not quoted.

    ## What could have been seen

    `minimum_detectable_odds_ratio` is found in four of five such experiments: $\exp[(1.96 + 0.84)\sqrt{D/\sum V}]$ with $V$ the variance of $a$ of a region. "No relation" is never a result; "odds ratios above X are excluded" is, and the notes say X.

    **Projection.** A foil of 15 nm holds six domains of 2.5 nm above each other. The brightness is their sum, the cluster sits in one of them; with $N$ equal Gaussian domains brightness and the cluster's own domain agree in sign with the probability
    $1/2 + \arcsin(1/\sqrt N)/\pi$, 0.63 for six. With `domains_through_foil` the table of dilution says what is left of an odds ratio between domains: an odds ratio of 10 shows as 1.7.

    ## The threshold

    The median does not depend on contrast or gamma. "50 % of the grey level" can also mean the middle of the range (`mid_range`, `percentile_range`), which does. Results over the quantiles from 0.3 to 0.7 are always given; and `auc`, the probability
    that an ordered position is brighter than another one of its region, needs no threshold at all.

    Nor does the slope $\beta$ of a logistic law,

    $$ \ln \frac{p}{1 - p} = \alpha_{\text{region}} + \beta\, x, $$

    with the brightness $x$ in standard deviations of its region (`brightness_slope`): $e^\beta$ is the factor by which the odds grow per standard deviation. Its variance is that of independent positions, times what neighbouring residuals
    share: $\sum_h c(h) \sum_{\text{pairs}} x x' \big/ c(0) \sum x^2$, with the correlation of the residuals up to the first distance at which there is none, corrected for their mean being zero in every region. Student's $t$ has as many degrees of freedom
    as there are independent positions, less slope and levels. It covers in 93 to 96 %; where grains leave fewer than 14 independent positions per region (three steps in 10 × 10 positions, 91 %) there is no interval.

    `n_effective` is the number of independent positions that would scatter as much as these, $n \big/ \sum_h (1 - |h_y|/L_y)(1 - |h_x|/L_x)\, r(h)$ with the correlation $r$ of the map of order: a share of $f$ has the variance $f(1-f)/n_{\text{eff}}$ within these regions. It says
    nothing about the scatter between regions.

    ## Limits

    One region says nothing about others. The class of a pattern comes with the errors of its detection; missed reflections make the odds ratio smaller. Scans that `stem.drift` does not accept are left out and put back in a second table.

    ## References

    N. Mantel, W. Haenszel, *J. Natl. Cancer Inst.* **22**, 719 (1959). J. Robins, N. Breslow, S. Greenland, *Biometrics* **42**, 311 (1986). P. Clifford, S. Richardson, D. Hémon, *Biometrics* **45**, 123 (1989).
    """
    ID: ClassVar[str] = "stem.association"

    domains_through_foil: float | None = None
    image: str = "scan_image"
    surrogates: int = 9999
    threshold: Literal["median", "mid_range", "percentile_range", "value"] = "median"
    value: float | None = None

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `association` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def association(
    results: Results,
    *,
    domains_through_foil: float | None = None,
    image: str = "scan_image",
    surrogates: int = 9999,
    threshold: Literal["median", "mid_range", "percentile_range", "value"] = "median",
    value: float | None = None,
    seed: int = 1,
) -> Result:
    r"""Order in bright and dark domains (`stem.association`).

    Odds ratio of ordered patterns between bright and dark domains of an image of the same field,
    with a test that knows that both maps have grains. See `Association` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    domains_through_foil : float | None, default None
        Domains that lie above each other in the foil: its thickness over their size. Without it
        nothing is said about dilution.
    image : str, default "scan_image"
        Which map on the grid of the scan is the image: that of stem.scan_image, of stem.annular_sum
        or of stem.virtual_image.
    surrogates : int, default 9999
        Ways of laying the maps over each other that are drawn where there are more.
    threshold : str, default "median"
        What counts as bright.
        - `"median"`: Above the median of the region: does not depend on contrast and gamma of the
        image.
        - `"mid_range"`: Above the middle between the darkest and the brightest position of the
        region.
        - `"percentile_range"`: Above the middle between the first and the last hundredth.
        - `"value"`: Above `value`.
    value : float | None, default None
        Brightness above which a position is bright, with threshold = "value".
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `odds_ratio_mh` (OR): odds of order at bright over those at dark positions, common to the
        regions
        - `odds_ratio_regions` (): geometric mean of the odds ratios of the regions
        - `p_spatial` (p): probability of so large an excess between maps that keep their grains but
        have nothing in common
        - `auc` (): probability that an ordered position is brighter than another one of its region
        - `auc_p_spatial` (p): the same probability for the ranks of the brightness
        - `brightness_slope` (β): change of the logarithm of the odds of order per standard
        deviation of the brightness
        - `n_effective` (n_eff): independent positions that would scatter as much: neighbours are
        ordered together
        - `design_effect` (): variance of the excess over that of independent positions
        - `minimum_detectable_odds_ratio` (): odds ratio that four of five such experiments tell
        from 1
        - `cmh_naive` (X²): Cochran, Mantel and Haenszel's statistic, positions taken as independent
        - `p_naive` (p): its probability
        - `fisher_p_naive` (p): exact conditional probability, positions taken as independent
        - `share_ordered` (): share of ordered positions
        - `share_bright` (): share of bright positions
        - `n_regions` (R): scans used
        - `n_patterns` (N): positions used

    References
    ----------
    - N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22, 719 (1959), doi:10.1093/jnci/22.4.719
    - J. Robins, N. Breslow, S. Greenland, Biometrics 42, 311 (1986), doi:10.2307/2531052
    - P. Clifford, S. Richardson, D. Hémon, Biometrics 45, 123 (1989), doi:10.2307/2532039
    """
    return Association(
        domains_through_foil=domains_through_foil,
        image=image,
        surrogates=surrogates,
        threshold=threshold,
        value=value,
    ).run(
        results,
        seed=seed,
    )
