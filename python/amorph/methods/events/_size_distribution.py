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
    correct : bool, default True
        Whether the share found and the errors of sizes of events.spikes enter the fit.
    counts : bool, default False
        Whether sizes are numbers of something, which follow k^-α/ζ(α, xmin); for model =
        "power_law".
    efficiency_half : Quantity | None, default None
        Size of which half of efficiency_most is found; from events.spikes if absent, for lists
        everything is found.
    efficiency_most : float, default 1.0
        Share of the largest events that are found.
    efficiency_of : str, default "measured_size"
        Whether the share found depends on the true or on the measured size.
        - `"measured_size"`: The measured one, as for a threshold on what is measured.
        - `"true_size"`: The true one, as for events that another channel triggers.
    efficiency_width : float, default 0.3
        Width of the rise of the share found, in the logarithm of the size.
    method : str, default "likelihood"
        How it is fitted.
        - `"likelihood"`: Maximum likelihood.
        - `"paper_histogram"`: Least squares on a logarithmic histogram, as papers do; biased, for
        comparison only.
    model : str, default "truncated_power_law"
        What is fitted.
        - `"truncated_power_law"`: x^-α exp(-x/xc): a power law up to a cut-off.
        - `"power_law"`: x^-α: no cut-off.
    rounding : Quantity | None, default None
        Step to which sizes are rounded, so that each stands for a cell of this width.
    sign : str, default "both"
        Spikes of which sign, after events.spikes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    size_bias : float | None, default None
        Mean relative error of measured sizes; that of events.spikes if absent, zero for lists.
    size_error : Quantity | None, default None
        Standard deviation of a measured size; that of events.spikes if absent, none for lists.
    smallest : Quantity | None, default None
        True sizes begin here, where sizes have errors; far below xmin if absent.
    threshold : str, default "complete"
        How the smallest size is chosen where xmin is absent.
        - `"complete"`: From where on events are found: of lists the smallest size.
        - `"scan"`: From where on the law is closest to the data; chosen again in every replicate of
        the goodness-of-fit test.
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

    - **Does the law fit?** also by Anderson and Darling's distance, which weighs both ends more; both from the same replicates.

    ## Sizes that are not seen as they are

    Events are missed near the threshold, sizes carry an error, and digitisers round. With the share found $\varepsilon(x) = \varepsilon_\max\,\Phi((\ln x - \mu)/s)$, a
    bias $b$ and an error $s_x$ of the sizes, measured sizes have the density

    $$ g(x) = \frac{\varepsilon(x) \int f(u)\, N\!\left(x;\, u(1+b), s_x^2\right) du}{\int_{x_\mathrm{min}}^\infty \ldots\, dx} , $$

    and its likelihood is maximised. After `events.spikes` this is the default: efficiency and bias from the injected spikes, the error from
    the list. For a list state `size_error`, `efficiency_half`, `efficiency_width`. `efficiency_of = "true_size"` puts $\varepsilon(u)$ inside the
    integral instead: for a threshold on what is measured the measured size decides, for events that another channel triggers the true one.

    Without it the exponent is too small: a law that begins at `xmin` ($\alpha = 1.5$, $x_c = 100\,x_\mathrm{min}$) and errors of 0.1, 0.2, 0.3 `xmin` give 1.46, 1.42, 1.39,
    with $x_c = 20\,x_\mathrm{min}$ 1.41, 1.33, 1.26. `smallest` says where true sizes begin; far below `xmin` if absent, which matters only for errors above a
    fifth of `xmin`.

    Sizes that are multiples of `rounding` stand for cells of that width, with the lower edge half a step below the lowest multiple that is kept.

    ## Where the law begins

    `threshold = "complete"` takes the size from which on events are found. `threshold = "scan"` takes the size from which on the law is closest
    to the data (60 candidates, spaced evenly in the logarithm of the events left), and repeats the choice in every replicate of the goodness of
    fit. Under `model = "power_law"` every distinct size is tried, as Clauset et al. do; their numbers for flares, blackouts and words
    are reproduced. Do not scan under the pure law where there is a cut-off: for $\alpha = 1.5$, $x_c = 20\,x_\mathrm{min}$ it moves into the tail and returns 2 to 3. The curve of
    the exponent over `xmin` has a simultaneous band (Bonferroni).

    `counts = true` fits $k^{-\alpha}/\zeta(\alpha, k_\mathrm{min})$ to whole numbers. Counts with a cut-off: `rounding = "1"`.

    ## Which law

    Log-normal, stretched exponential (Weibull), exponential and pure power law, all above the same `xmin`, stand beside it: AICc and BIC; the
    likelihood ratio for the laws it contains (half of $\chi^2_1$ for the pure power law, on the edge), Vuong's test for the others, which have as many
    parameters. Laws within 2 of AICc are not distinguished, and the report says so.

    `method = "paper_histogram"` is a least-squares fit to a logarithmic histogram, for comparison with papers: its mean is 1.6 to 1.7 for $\alpha = 1.5$.

    ## What is assumed, and what can go wrong

    - The events are independent and their law does not change during the test. Sizes pooled over a ramp of stress follow another
      exponent than those at one stress (in mean-field theory 2 instead of 3/2): `events.avalanches`.
    - Intervals after a scan do not contain the choice of `xmin`. Rivals are fitted to sizes as they are, not through efficiency and errors.
    - The efficiency is taken as known: its own error is not in the interval. With some thousand injected spikes it is small.
    - Fewer than 30 events, sizes that are all equal, zero or negative sizes are refused. Events of two signs are two lists.

    ## References

    A. Clauset, C. R. Shalizi, M. E. J. Newman, *Power-law distributions in empirical data*, SIAM Review 51, 661 (2009).
    S. G. Self, K.-Y. Liang, *Asymptotic properties of maximum likelihood estimators and likelihood ratio tests under nonstandard conditions*,
    J. Am. Stat. Assoc. 82, 605 (1987).
    Q. H. Vuong, *Likelihood ratio tests for model selection and non-nested hypotheses*, Econometrica 57, 307 (1989).
    """
    ID: ClassVar[str] = "events.size_distribution"

    bootstrap: int = 1000
    column: str | None = None
    correct: bool = True
    counts: bool = False
    efficiency_half: Quantity | None = None
    efficiency_most: float = 1.0
    efficiency_of: Literal["measured_size", "true_size"] = "measured_size"
    efficiency_width: float = 0.3
    method: Literal["likelihood", "paper_histogram"] = "likelihood"
    model: Literal["truncated_power_law", "power_law"] = "truncated_power_law"
    rounding: Quantity | None = None
    sign: Literal["both", "rising", "falling"] = "both"
    size_bias: float | None = None
    size_error: Quantity | None = None
    smallest: Quantity | None = None
    threshold: Literal["complete", "scan"] = "complete"
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
    correct: bool = True,
    counts: bool = False,
    efficiency_half: Quantity | None = None,
    efficiency_most: float = 1.0,
    efficiency_of: Literal["measured_size", "true_size"] = "measured_size",
    efficiency_width: float = 0.3,
    method: Literal["likelihood", "paper_histogram"] = "likelihood",
    model: Literal["truncated_power_law", "power_law"] = "truncated_power_law",
    rounding: Quantity | None = None,
    sign: Literal["both", "rising", "falling"] = "both",
    size_bias: float | None = None,
    size_error: Quantity | None = None,
    smallest: Quantity | None = None,
    threshold: Literal["complete", "scan"] = "complete",
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
    correct : bool, default True
        Whether the share found and the errors of sizes of events.spikes enter the fit.
    counts : bool, default False
        Whether sizes are numbers of something, which follow k^-α/ζ(α, xmin); for model =
        "power_law".
    efficiency_half : Quantity | None, default None
        Size of which half of efficiency_most is found; from events.spikes if absent, for lists
        everything is found.
    efficiency_most : float, default 1.0
        Share of the largest events that are found.
    efficiency_of : str, default "measured_size"
        Whether the share found depends on the true or on the measured size.
        - `"measured_size"`: The measured one, as for a threshold on what is measured.
        - `"true_size"`: The true one, as for events that another channel triggers.
    efficiency_width : float, default 0.3
        Width of the rise of the share found, in the logarithm of the size.
    method : str, default "likelihood"
        How it is fitted.
        - `"likelihood"`: Maximum likelihood.
        - `"paper_histogram"`: Least squares on a logarithmic histogram, as papers do; biased, for
        comparison only.
    model : str, default "truncated_power_law"
        What is fitted.
        - `"truncated_power_law"`: x^-α exp(-x/xc): a power law up to a cut-off.
        - `"power_law"`: x^-α: no cut-off.
    rounding : Quantity | None, default None
        Step to which sizes are rounded, so that each stands for a cell of this width.
    sign : str, default "both"
        Spikes of which sign, after events.spikes.
        - `"both"`: Both together.
        - `"rising"`: Rising ones.
        - `"falling"`: Falling ones.
    size_bias : float | None, default None
        Mean relative error of measured sizes; that of events.spikes if absent, zero for lists.
    size_error : Quantity | None, default None
        Standard deviation of a measured size; that of events.spikes if absent, none for lists.
    smallest : Quantity | None, default None
        True sizes begin here, where sizes have errors; far below xmin if absent.
    threshold : str, default "complete"
        How the smallest size is chosen where xmin is absent.
        - `"complete"`: From where on events are found: of lists the smallest size.
        - `"scan"`: From where on the law is closest to the data; chosen again in every replicate of
        the goodness-of-fit test.
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
        - `anderson_darling` (A²): distance between the cumulative distributions, weighted towards
        both ends
        - `anderson_darling_p` (p): probability of a larger weighted distance by chance
        - `xmin` (xmin): size from which on the law is fitted
        - `power_law_ratio` (2 ln LR): twice the log-likelihood ratio of the cut-off against a pure
        power law
        - `power_law_p` (p): probability of a larger ratio under a pure power law
        - `power_law_exponent` (α): exponent of the pure power law, for comparison
        - `n_events` (n): events at or above xmin

    References
    ----------
    - A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111
    """
    return SizeDistribution(
        bootstrap=bootstrap,
        column=column,
        correct=correct,
        counts=counts,
        efficiency_half=efficiency_half,
        efficiency_most=efficiency_most,
        efficiency_of=efficiency_of,
        efficiency_width=efficiency_width,
        method=method,
        model=model,
        rounding=rounding,
        sign=sign,
        size_bias=size_bias,
        size_error=size_error,
        smallest=smallest,
        threshold=threshold,
        xmin=xmin,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
