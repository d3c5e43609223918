# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Heterogeneity card (`compare.synthesis`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import Alloys, FilePath, Quantity, Results, StudyResults, Truth
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CompareSynthesis(Method):
    r"""Heterogeneity card (`compare.synthesis`).

    Puts the findings of all techniques on one card and tests whether they agree, systematics included.

    Parameters
    ----------
    across : Sequence[Literal["state", "alloy"]], default ()
        Differences that may stand on one card; every state has a card of its own when empty.
    attempt_frequency : Quantity | None, default None
        Attempt frequency of the event.
    attempt_frequency_decades : float | None, default None
        Its standard error in powers of ten.
    dimension : float | None, default None
        Dimension of the event, where energies for several are given.
    glass_transition : Quantity | None, default None
        Glass transition temperature, for energies in units of R Tg.
    reading : str, default None
        How barriers at different frequencies are compared; without it they are shown but not
        tested.
        - `"single"`: One event with one barrier: results at all frequencies and temperatures must
        be equal as they stand.
        - `"distribution"`: A broad spectrum of events: each test sees those that answer at its own
        time scale.
    reference_frequency : Quantity | None, default None
        Frequency to which barriers of a distribution are converted.
    reference_temperature : Quantity | None, default None
        Temperature to which they are converted; that of each test when absent.
    state : str | None, default None
        State to make a card of; all when absent.

    Notes
    -----
    # Heterogeneity card

    One alloy, one state, every technique: is the elementary event the same? Do the lengths agree? The card puts estimates of the
    study, and published findings that a card file names, on one scale and tests whether they agree. Nothing is guessed: a finding
    without the conditions that a comparison needs is shown with the key to set, and not counted.

    ## Conventions before comparison

    *Barriers.* A test at frequency $f$ and temperature $T$ probes $\Delta G = k_B T \ln(2\omega_0/f)$; of a duration, $f = 1/\Delta t$.
    What a barrier at one frequency says about another is a choice that `reading` makes: `single` is one event with one barrier, and
    results at all frequencies must be equal as they stand (with one $\omega_0$: a change adds $k_B T\ln(\omega_0'/\omega_0)$);
    `distribution` is a broad spectrum, and each result is converted to `reference_frequency`,
    $\Delta G_2 = (T_2/T_1)\,\Delta G_1 - k_B T_2 \ln(f_2/f_1)$. An Arrhenius slope $E$ joins only with a stated prefactor:
    $\Delta G = E + k_B T\ln(2\omega_0\tau_0)$.

    *Sizes* are compared as diameters; a radius counts twice. The profile behind a correlation length is not known: twice the length
    enters with a factor of two either way (95 %), which all correlation lengths share. *Volumes* are never compared with lengths: a
    volume enters among the sizes as the diameter of its sphere, $(6V/\pi)^{1/3}$, and an activation volume among the volumes of the
    event as $10\,V$ with a factor of two either way. Events (1.3 to 1.6 nm) and heterogeneity (2 to 4 nm) are two families and never
    averaged. *Fractions* are compared only with the same definition.

    ## The test

    For $K$ estimates $y_i$ with statistical errors $s_i$ and systematics $b_j \sim N(0,1)$ with coefficients
    $a_{ij} = \partial y_i/\partial b_j$:

    $$ y = \mu \mathbf 1 + A b + e, \qquad C = \mathrm{diag}(s^2) + A A^T, \qquad \mu = \frac{\mathbf 1^T C^{-1} y}{\mathbf 1^T C^{-1}\mathbf 1},
    \qquad \chi^2 = (y-\mu)^T C^{-1} (y-\mu) $$

    with $K-1$ degrees of freedom. Below $p = 0.01$ **no common value is given**. The card reports the Birge ratio
    $\sqrt{\chi^2/(K-1)}$, the deviation of each finding over its error, the finding that stands farthest from what the others predict
    (if chance puts one so far in fewer than 4 % of cards), and the shift of a shared constant that would make them agree. Lengths,
    volumes and times, and everything with a systematic that is a factor, are compared as logarithms. A limit says that
    the value lies beyond it: it adds its squared excess where the common value violates it and nothing elsewhere, and counts half a
    degree of freedom in $p$ (chi-bar-squared). With four findings or more the table also gives a common value with
    Student-t scatter between methods, as a profile of the likelihood. Findings that rest on one file count once: the most precise.

    ## What is not in it

    The errors of methods that share physics but no named constant are taken as independent. Sensitivities are first-order. An
    expected error of a measurement that was not made is a rule of thumb for its technique.

    ## What to measure next

    For every one of eighteen links between techniques with fewer than two routes: the cheapest route, and by how much it would shorten
    the interval, from the Fisher information $\mathbf 1^T C^{-1}\mathbf 1$ with and without it.
    """
    ID: ClassVar[str] = "compare.synthesis"

    across: Sequence[Literal["state", "alloy"]] = ()
    attempt_frequency: Quantity | None = None
    attempt_frequency_decades: float | None = None
    dimension: float | None = None
    glass_transition: Quantity | None = None
    reading: Literal["single", "distribution"] | None = None
    reference_frequency: Quantity | None = None
    reference_temperature: Quantity | None = None
    state: str | None = None

    def run(
        self,
        results: StudyResults,
        *,
        truth: Truth | None = None,
        alloys: Alloys | None = None,
        card: FilePath | None = None,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `synthesis` for the arguments."""
        return self._run(
            results,
            truth=truth,
            alloys=alloys,
            card=card,
            seed=seed,
        )


def synthesis(
    results: StudyResults,
    *,
    across: Sequence[Literal["state", "alloy"]] = (),
    attempt_frequency: Quantity | None = None,
    attempt_frequency_decades: float | None = None,
    dimension: float | None = None,
    glass_transition: Quantity | None = None,
    reading: Literal["single", "distribution"] | None = None,
    reference_frequency: Quantity | None = None,
    reference_temperature: Quantity | None = None,
    state: str | None = None,
    truth: Truth | None = None,
    alloys: Alloys | None = None,
    card: FilePath | None = None,
    seed: int = 1,
) -> Result:
    r"""Heterogeneity card (`compare.synthesis`).

    Puts the findings of all techniques on one card and tests whether they agree, systematics
    included. See `CompareSynthesis` for the method.

    Parameters
    ----------
    results : StudyResults
        Results of earlier methods: a study, or state -> results of its sites.
    across : Sequence[Literal["state", "alloy"]], default ()
        Differences that may stand on one card; every state has a card of its own when empty.
    attempt_frequency : Quantity | None, default None
        Attempt frequency of the event.
    attempt_frequency_decades : float | None, default None
        Its standard error in powers of ten.
    dimension : float | None, default None
        Dimension of the event, where energies for several are given.
    glass_transition : Quantity | None, default None
        Glass transition temperature, for energies in units of R Tg.
    reading : str, default None
        How barriers at different frequencies are compared; without it they are shown but not
        tested.
        - `"single"`: One event with one barrier: results at all frequencies and temperatures must
        be equal as they stand.
        - `"distribution"`: A broad spectrum of events: each test sees those that answer at its own
        time scale.
    reference_frequency : Quantity | None, default None
        Frequency to which barriers of a distribution are converted.
    reference_temperature : Quantity | None, default None
        Temperature to which they are converted; that of each test when absent.
    state : str | None, default None
        State to make a card of; all when absent.
    truth : Truth | None
        Values known beforehand: state -> key of the estimate -> quantity.
    alloys : Alloys | None
        Alloy of every state, to find the published values that belong to it: state -> alloy.
    card : FilePath | None
        A card file with findings of other sources, to stand beside one's own.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `barrier` (, J): common barrier of the event, with @state where the study has several;
        absent when findings disagree
        - `event_length_diameter` (, m): common diameter of the event
        - `heterogeneity_length_diameter` (, m): common diameter of the heterogeneity
        - `activation_volume` (, m^3): common activation volume
        - `event_volume` (, m^3): common volume of the event
        - `avalanche_exponent` (): common exponent of event sizes

    References
    ----------
    - R. T. Birge, Phys. Rev. 40, 207 (1932), doi:10.1103/PhysRev.40.207
    - J. Hartung, G. Knapp, Stat. Med. 20, 3875 (2001), doi:10.1002/sim.1009
    """
    return CompareSynthesis(
        across=across,
        attempt_frequency=attempt_frequency,
        attempt_frequency_decades=attempt_frequency_decades,
        dimension=dimension,
        glass_transition=glass_transition,
        reading=reading,
        reference_frequency=reference_frequency,
        reference_temperature=reference_temperature,
        state=state,
    ).run(
        results,
        truth=truth,
        alloys=alloys,
        card=card,
        seed=seed,
    )
