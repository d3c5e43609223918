# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Composition from ionisation edges (`haadf.composition`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Composition(Method):
    r"""Composition from ionisation edges (`haadf.composition`).

    Electrons in the edges of two elements above a power law, atomic fractions by cross sections, a k-factor or the mean composition, and the fluctuation of the fraction beyond counting.

    Parameters
    ----------
    background_a_ev : tuple[float, float] | None, default None
        Window, in eV, of the background of A; absent: 0.85 to 0.98 of `edge_energy_a`.
    background_b_ev : tuple[float, float] | None, default None
        The same for the background of B.
    counts_per_electron : float, default 1.0
        Counts of the detector per electron; every error rests on it.
    signal_a_ev : tuple[float, float] | None, default None
        Window, in eV, of the signal of A; absent: from `edge_energy_a` over a tenth of it, 50 eV at
        least.
    signal_b_ev : tuple[float, float] | None, default None
        The same for the signal of B.

    Notes
    -----
    # Composition from ionisation edges

    Electrons that ionise an inner shell lose at least the energy of its edge, so the counts behind an edge, above the background of all other losses, number the atoms of one
    element. The input is a core-loss spectrum image with an energy axis (or one spectrum, a table with a column in eV and one of counts) that holds the edges of two elements.

    ## How it is done

    1. The background before each edge is the power law $A\,E^{-r}$ of largest likelihood for counted electrons (Poisson), at every position. A zero is a count like any other;
       nothing is clipped. State the windows (`background_a_ev`, `signal_a_ev` and those of B), or the edges (`edge_energy_a`, `edge_energy_b`), from which the windows 0.85 to 0.98 of the
       edge and a tenth of its energy behind it (50 eV at least) follow.
    2. $I = \sum_\Delta n - \sum_\Delta \hat A E^{-\hat r}$ over the signal window $\Delta$, with the variance

    $$ \mathrm{var}\,I = \sum_\Delta n + g^\mathsf{T} C\, g , $$

       counting, and the covariance $C$ of the background carried into the window ($g$: derivatives of its sum).
    3. Atomic fractions need to know how many electrons an atom scatters:

    $$ \frac{c_A}{c_B} = \frac{I_A}{\sigma_A}\,\frac{\sigma_B}{I_B} = k_{AB}\,\frac{I_A}{I_B} . $$

       In this order: stated cross sections (`cross_section_a`, `cross_section_b`, for the stated windows), a stated `k_factor`, or the mean fraction of the field, `mean_fraction_a`,
       from which $k_{AB} = (I_B/I_A)_\mathrm{mean}\,(c_A/c_B)_\mathrm{mean}$ follows. Without any of them the results are electrons and nothing is called a fraction. No table of cross sections is
       shipped: those of Hartree-Slater programs may not be passed on, and hydrogenic ones do not describe edges such as Zr M.

    ## Does the composition vary?

    Counting alone spreads the fractions. `at_excess_sd` is what remains, $\sqrt{\max(0, s^2_\mathrm{obs} - \overline{s^2_\mathrm{count}})}$, in the projection and as blurred by the probe. The test asks
    whether the field could have *one* composition $c$: in it $T = (1-c)N_A - cN_B$ (atoms $N$) is zero on the mean at every position, whatever the thickness, and

    $$ \chi^2 = (n_\mathrm{eff}-1)\,\frac{\sum_p T_p^2}{\sum_p \mathrm{var}\,T_p}, \qquad n_\mathrm{eff} = \frac{(\sum_p\mathrm{var}\,T_p)^2}{\sum_p(\mathrm{var}\,T_p)^2} $$

    has $n_\mathrm{eff}-1$ degrees of freedom (Satterthwaite 1946), since counting errors of different positions are independent. Only `p_fluctuation` below 0.01 is called a fluctuation.

    ## Uncertainty

    `at_fraction`, where it is not stated, and the counts of the edges have intervals from counting and the background of the *sum* of all spectra (backgrounds fitted to few counts err a little in one
    direction, and the mean over many positions would show it); the stated errors of cross sections or k are given apart as systematic error. The excess is that of one
    field and has no interval. All errors take counts as electrons: state `counts_per_electron` where the detector does not count single ones, and do not bin, smooth or denoise before.
    The background is extrapolated: at 100 counts per channel and below most of the error comes from there.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | negative or missing counts before an edge | the position is left out and flagged (map `pixel_flag`) |
    | channels without counts | flagged and kept where chance allows them; left out where not (dead channels) |
    | windows outside the axis, or no edge stated | refused, with the limits of the axis |
    | windows of both elements on top of each other | refused: electrons would count twice |
    | other edge or plural scattering before the edge | warning where the sum of all spectra is no power law |
    | plural scattering behind the edge | takes electrons out of the window of both edges alike; k from the same field has it inside, cross sections do not: keep $t/\lambda$ below 0.5 |
    | few counts | fractions scatter beyond 0 and 1 and their error is not linear: warned; bin positions |

    ## References

    R. F. Egerton, *Electron Energy-Loss Spectroscopy in the Electron Microscope*, 3rd ed. (Springer, 2011), chapter 4. F. E. Satterthwaite, Biometrics Bulletin 2, 110
    (1946). T. Pun, J. R. Ellis and M. Eden, Journal of Microscopy 135, 295 (1984). Idrissi et al.,
    Scientific Reports 9, 13426 (2019).
    """
    ID: ClassVar[str] = "haadf.composition"

    background_a_ev: tuple[float, float] | None = None
    background_b_ev: tuple[float, float] | None = None
    counts_per_electron: float = 1.0
    signal_a_ev: tuple[float, float] | None = None
    signal_b_ev: tuple[float, float] | None = None

    def run(
        self,
        data: Data,
        *,
        edge_energy_a: Quantity | None = None,
        edge_energy_b: Quantity | None = None,
        cross_section_a: Quantity | None = None,
        cross_section_b: Quantity | None = None,
        k_factor: Quantity | None = None,
        mean_fraction_a: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `composition` for the arguments."""
        return self._run(
            data,
            constants={
                "edge_energy_a": edge_energy_a,
                "edge_energy_b": edge_energy_b,
                "cross_section_a": cross_section_a,
                "cross_section_b": cross_section_b,
                "k_factor": k_factor,
                "mean_fraction_a": mean_fraction_a,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def composition(
    data: Data,
    *,
    background_a_ev: tuple[float, float] | None = None,
    background_b_ev: tuple[float, float] | None = None,
    counts_per_electron: float = 1.0,
    signal_a_ev: tuple[float, float] | None = None,
    signal_b_ev: tuple[float, float] | None = None,
    edge_energy_a: Quantity | None = None,
    edge_energy_b: Quantity | None = None,
    cross_section_a: Quantity | None = None,
    cross_section_b: Quantity | None = None,
    k_factor: Quantity | None = None,
    mean_fraction_a: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Composition from ionisation edges (`haadf.composition`).

    Electrons in the edges of two elements above a power law, atomic fractions by cross sections, a
    k-factor or the mean composition, and the fluctuation of the fraction beyond counting. See
    `Composition` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    background_a_ev : tuple[float, float] | None, default None
        Window, in eV, of the background of A; absent: 0.85 to 0.98 of `edge_energy_a`.
    background_b_ev : tuple[float, float] | None, default None
        The same for the background of B.
    counts_per_electron : float, default 1.0
        Counts of the detector per electron; every error rests on it.
    signal_a_ev : tuple[float, float] | None, default None
        Window, in eV, of the signal of A; absent: from `edge_energy_a` over a tenth of it, 50 eV at
        least.
    signal_b_ev : tuple[float, float] | None, default None
        The same for the signal of B.
    edge_energy_a : Quantity, in J
        onset of the ionisation edge of element A. Found: tables of edges: Ni L2,3 about 855 eV, Zr
        L3 about 2222 eV, Zr M4,5 about 180 eV.
    edge_energy_b : Quantity, in J
        onset of the ionisation edge of element B. Found: tables of edges: Ni L2,3 about 855 eV, Zr
        L3 about 2222 eV, Zr M4,5 about 180 eV.
    cross_section_a : Quantity, in m^2
        cross section of the edge of element A for its signal window and the collection angle (1
        barn = 1e-28 m^2). Found: a calculation or measurement for the same voltage, angles and
        window; there is no table that may be shipped.
    cross_section_b : Quantity, in m^2
        cross section of the edge of element B for its signal window and the collection angle (1
        barn = 1e-28 m^2). Found: a calculation or measurement for the same voltage, angles and
        window; there is no table that may be shipped.
    k_factor : Quantity, a plain number
        k of c_A/c_B = k I_A/I_B for the stated signal windows. Found: a specimen of known
        composition, measured in the same way.
    mean_fraction_a : Quantity, a plain number
        mean atomic fraction of element A in the field. Found: a chemical analysis of the foil, or
        its nominal composition.
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

        - `at_fraction` (c_A): atomic fraction of A of the whole field
        - `at_excess_sd` (σ_c): standard deviation of the fraction over the field, counting and
        background taken out
        - `at_observed_sd` (σ_obs): standard deviation of the fraction as measured
        - `at_counting_sd` (σ_count): standard deviation that counting and background give alone
        - `p_fluctuation` (p): probability of such a spread in a field of one composition
        - `k_factor` (k_AB): c_A/c_B = k I_A/I_B
        - `edge_counts_a` (I_A): electrons in the edge of A per position
        - `edge_counts_b` (I_B): electrons in the edge of B per position
        - `background_exponent_a` (r_A): exponent of the background of A in the sum of all spectra
        - `background_exponent_b` (r_B): exponent of the background of B in the sum of all spectra

    References
    ----------
    - R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011),
    chapter 4
    - T. Pun, J. R. Ellis, M. Eden, J. Microsc. 135, 295 (1984),
    doi:10.1111/j.1365-2818.1984.tb02535.x
    - F. E. Satterthwaite, Biometrics Bull. 2, 110 (1946), doi:10.2307/3002019
    - Idrissi et al., Sci. Rep. 9, 13426 (2019)
    """
    return Composition(
        background_a_ev=background_a_ev,
        background_b_ev=background_b_ev,
        counts_per_electron=counts_per_electron,
        signal_a_ev=signal_a_ev,
        signal_b_ev=signal_b_ev,
    ).run(
        data,
        edge_energy_a=edge_energy_a,
        edge_energy_b=edge_energy_b,
        cross_section_a=cross_section_a,
        cross_section_b=cross_section_b,
        k_factor=k_factor,
        mean_fraction_a=mean_fraction_a,
        channels=channels,
        after=after,
        seed=seed,
    )
