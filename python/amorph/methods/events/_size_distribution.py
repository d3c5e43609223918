# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Size distribution of events (`events.size_distribution`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class SizeDistribution(Method):
    r"""Size distribution of events (`events.size_distribution`).

    Exponent and cut-off of a truncated power law by maximum likelihood, with profile intervals and goodness of fit.

    Parameters
    ----------
    bootstrap : int, default 1000
        Simulated data sets of the goodness-of-fit test, each fitted again; 0 leaves the test out.
    column : str | None, default None
        The column with the sizes; not needed where the table has one column of numbers.
    model : str, default "truncated_power_law"
        What is fitted.
        - `"truncated_power_law"`: x^-α exp(-x/xc): a power law up to a cut-off.
        - `"power_law"`: x^-α: no cut-off.
    sign : str, default "both"
        Spikes of which sign, after events.spikes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    xmin : Quantity | None, default None
        Smallest size that is fitted: the size above which no event is missed. After events.spikes
        the size of which 95 % are found, and at least twice that of which half are; of a list the
        smallest.

    Notes
    -----
    # Size distribution of events

    Avalanches, serrations, pop-ins and resistivity spikes of a loaded glass come in all sizes up to some largest one. The sizes $x$ above a
    threshold $x_\mathrm{min}$, over which no event is missed, are described by a power law with an exponential cut-off,

    $$ f(x) = \frac{1}{x_\mathrm{min}\,Z(\alpha,\lambda)} \left(\frac{x}{x_\mathrm{min}}\right)^{-\alpha} e^{-x/x_c}, \qquad
       \lambda = \frac{x_\mathrm{min}}{x_c}, \qquad Z = \int_1^\infty y^{-\alpha} e^{-\lambda y}\,dy = \lambda^{\alpha-1}\,\Gamma(1-\alpha,\lambda) . $$

    The exponent $\alpha$ is what theories of avalanches predict; the cut-off $x_c$ tells how far the system is from the point where events of
    all sizes would occur.

    ## How it is fitted

    With $y = x/x_\mathrm{min}$ the log-likelihood is

    $$ \ln L = -\alpha \sum \ln y \;-\; \lambda \sum y \;-\; n \ln Z(\alpha,\lambda) . $$

    It depends on the data through three sums, and it is concave: there is one maximum, found by Newton's method in microseconds, whatever the
    number of events. $\alpha$ may have any sign (exponential data have $\alpha = 0$); $\lambda \ge 0$ is the edge on which the law is a pure
    power law. Histograms are not used: a straight line through a logarithmic histogram is biased by tenths.

    ## Before the fit: what can be known at all

    The Fisher information gives the smallest standard error that any method can reach, $\mathrm{sd}(\alpha) = c/\sqrt n$. The constant depends on how
    far the cut-off is above the threshold. For $\alpha = 1.5$:

    | $x_c/x_\mathrm{min}$ | $c$ | events for ±0.1 |
    |---|---|---|
    | 200 | 1.10 | 121 |
    | 20 | 2.15 | 461 |
    | 10 | 2.87 | 826 |
    | 4 | 4.63 | 2145 |
    | 2 | 7.25 | 5261 |

    Amorph states this for your data first. A "1.5 ± 0.1" from a few hundred events over less than a decade is not in the data.

    ## Uncertainty

    - The intervals of $\alpha$ and $x_c$ are profile-likelihood intervals: all values for which the likelihood, maximised over the other
      parameter, is within $\chi^2_1(0.95)/2 = 1.92$ of its maximum. They are tested to cover.
    - **Is there a cut-off?** Twice the log-likelihood ratio against $\lambda = 0$ is zero or $\chi^2_1$ with equal chance if there is none, so
      its probability is half of the usual one. Where the data do not exclude $\lambda = 0$, no cut-off is given but a bound: "cut-off not
      identified, $x_c > \ldots$ (95 %)".
    - **Does the law fit?** The Kolmogorov-Smirnov distance $D$ is compared with those of simulated data sets from the fitted law, each fitted again:
      $p = (1 + \#\{D^* \ge D\})/(B+1)$. Without fitting again $p$ would be far too large.

    ## What is assumed, and what can go wrong

    - No event above $x_\mathrm{min}$ is missed, and its size is exact. A threshold of detection close to $x_\mathrm{min}$, or noise of a tenth of it, lowers
      the exponent. Choose `xmin` well above the smallest size that is detected.
    - The events are independent and their law does not change during the test. Sizes pooled over a ramp of stress follow another
      exponent than those at one stress (in mean-field theory 2 instead of 3/2): state which it is before comparing with theory.
    - Sizes are continuous. Counts such as "number of atoms" below ten need a discrete law.
    - `xmin` is not chosen by scanning under a pure power law: on data with a cut-off that scan moves into the tail and returns exponents that
      are too large by one.
    - Fewer than 30 events, sizes that are all equal, zero or negative sizes are refused. Events of two signs are two lists.

    ## References

    A. Clauset, C. R. Shalizi, M. E. J. Newman, *Power-law distributions in empirical data*, SIAM Review 51, 661 (2009).
    S. G. Self, K.-Y. Liang, *Asymptotic properties of maximum likelihood estimators and likelihood ratio tests under nonstandard conditions*,
    J. Am. Stat. Assoc. 82, 605 (1987).
    """
    ID: ClassVar[str] = "events.size_distribution"

    bootstrap: int = 1000
    column: str | None = None
    model: Literal["truncated_power_law", "power_law"] = "truncated_power_law"
    sign: Literal["both", "rising", "falling"] = "both"
    xmin: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `size_distribution` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def size_distribution(
    data: Data,
    *,
    bootstrap: int = 1000,
    column: str | None = None,
    model: Literal["truncated_power_law", "power_law"] = "truncated_power_law",
    sign: Literal["both", "rising", "falling"] = "both",
    xmin: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Size distribution of events (`events.size_distribution`).

    Exponent and cut-off of a truncated power law by maximum likelihood, with profile intervals and
    goodness of fit. See `SizeDistribution` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    bootstrap : int, default 1000
        Simulated data sets of the goodness-of-fit test, each fitted again; 0 leaves the test out.
    column : str | None, default None
        The column with the sizes; not needed where the table has one column of numbers.
    model : str, default "truncated_power_law"
        What is fitted.
        - `"truncated_power_law"`: x^-α exp(-x/xc): a power law up to a cut-off.
        - `"power_law"`: x^-α: no cut-off.
    sign : str, default "both"
        Spikes of which sign, after events.spikes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    xmin : Quantity | None, default None
        Smallest size that is fitted: the size above which no event is missed. After events.spikes
        the size of which 95 % are found, and at least twice that of which half are; of a list the
        smallest.
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

        - `size_exponent` (α): exponent of the size distribution
        - `size_cutoff` (xc): cut-off of the size distribution, in the unit of the sizes
        - `size_cutoff_lower_bound` (xc): one-sided 95 % lower bound where the cut-off is not
        identified
        - `gof_p` (p): probability of a larger distance between data and law by chance
        - `ks_distance` (D): largest distance between the cumulative distributions of data and law
        - `power_law_ratio` (2 ln LR): twice the log-likelihood ratio of the cut-off against a pure
        power law
        - `power_law_p` (p): probability of a larger ratio under a pure power law
        - `power_law_exponent` (α): exponent of the pure power law, for comparison
        - `n_events` (n): events at or above xmin

    References
    ----------
    - A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111
    """
    method = SizeDistribution(
        bootstrap=bootstrap,
        column=column,
        model=model,
        sign=sign,
        xmin=xmin,
    )
    return method.run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
