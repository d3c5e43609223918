# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Pair distribution (`scattering.pair_distribution`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class PairDistribution(Method):
    r"""Pair distribution (`scattering.pair_distribution`).

    g(r) with a band from the errors of S(Q), first peak, and neighbours of the first shell.

    Parameters
    ----------
    coordination_range : tuple[Quantity, Quantity] | None, default None
        Distances between which neighbours are counted; from half the first peak's distance to the
        first minimum where left out.
    extrapolation : str, default "none"
        What stands for the structure factor between Q = 0 and its first Q.
        - `"none"`: The integral begins at the first Q.
        - `"linear_zero"`: A straight line from the first value to zero at Q = 0.
        - `"quadratic"`: a + b Q², fitted to the values up to 1.5 times the first Q, at least four.
    largest_distance : Quantity, default "20 Å"
        Largest distance.
    low_r_steps : int, default 0
        Steps in which what g(r) shows below the shortest distance is taken off the structure
        factor; none if zero.
    q : str, default "q"
        Column of the scattering vector, Q = 4π sin θ/λ.
    shortest_distance : Quantity, default "1.5 Å"
        No two atoms are closer: maxima below are ripples.
    step : Quantity, default "0.02 Å"
        Step of the distances.
    structure_factor : str, default "s_q"
        Column of the structure factor.
    structure_factor_error : str, default "s_q_error"
        Column of its standard error; it may be absent.
    window : str, default "lorch"
        Weight of large scattering vectors.
        - `"none"`: None: sharp peaks with ripples.
        - `"lorch"`: sin(πQ/Qmax)/(πQ/Qmax): broader peaks, few ripples (Lorch 1969).
        - `"revised_lorch"`: 3 (sin x - x cos x)/x³ with x = 4.4934 Q/Qmax, the mean over a sphere
        of distances: no ripples to speak of, peaks broader still (Soper and Barney 2011).
        - `"gaussian"`: exp(-4.5 (Q/Qmax)²), a standard deviation of Qmax/3: peaks are broadened by
        a Gaussian.

    Notes
    -----
    # Pair distribution

    How are atoms spaced? The structure factor $S(Q)$ of a glass and its pair distribution $g(r)$ are a pair of sine transforms:

    $$ g(r) = 1 + \frac{1}{2\pi^2\rho_0 r}\int_{Q_\mathrm{min}}^{Q_\mathrm{max}} [S(Q)-1]\,Q\,\sin(Qr)\,M(Q)\,dQ . $$

    ## How

    $S(Q)$ comes from `scattering.structure_factor`, where that stands before it in `methods`, or from the file, normalised: it must go to one at large $Q$, and is refused otherwise. $Q = 4\pi\sin\theta/\lambda$ with half the scattering angle; the column must state its unit, as the same numbers could be $1/d$ or an angle.
    The window $M$ is Lorch's $\sin(\pi Q/Q_\mathrm{max})/(\pi Q/Q_\mathrm{max})$ by default; without it peaks are sharper and ripples larger. `revised_lorch` is $3(\sin x-x\cos x)/x^3$ with $x = 4.4934\,Q/Q_\mathrm{max}$, which averages over a sphere of distances, and `gaussian` $e^{-4.5\,(Q/Q_\mathrm{max})^2}$; both broaden peaks more and ripple less. Below the first $Q$ nothing is added by default (`extrapolation = "none"`), as if $S$ were one there, which leaves a wave at small distances; `linear_zero` draws a straight line from the first value to zero at $Q=0$, and `quadratic` fits $a+bQ^2$ to the values up to 1.5 times the first $Q$ (at least four) and continues it. At small distances $g$ must vanish: what is seen there shows how good the normalisation is. Its root mean square below the shortest distance that atoms can have (`shortest_distance`, 1.5 Å unless stated) is printed as `ripple`; maxima below are not taken for the first peak.

    **Small distances.** Nothing is done to them unless `low_r_steps` is stated (3 to 10 are usual). Then $\Delta(r) = 4\pi r\rho_0\,g$ below the shortest distance $r_0$ is transformed back and taken off (Kaplow, Strong and Averbach),

    $$ S(Q) \to S(Q) - \frac1Q\int_0^{r_0} \Delta(r)\,\sin(Qr)\,dr , $$

    and this is repeated with the corrected $S$. It removes what varies slowly over $Q$ and is added to $S$: a background, Compton scattering or a scale that is a little off. `ripple` is that of the corrected $g$, `ripple_before` that of the measured one, `low_r_change` the root mean square of what was taken off.
    A toy glass with a background error of $0.1\,e^{-(Q/8)^2}$ (Q in 1/Å) has a ripple of 4.4; with ten steps, a shortest distance of 2 Å and `linear_zero` it is 0.002, and the root mean square error of $S$ falls from 0.043 to 0.0005. State an extrapolation: without it the missing part below the first $Q$ is taken for an error of the rows above.
    An error of the number density becomes one of $S$. Errors that factors on $S$ make about its peaks are not removed. A small ripple says nothing any more about the measurement when it was made small: look at `ripple_before`.

    $G(r) = 4\pi r\rho_0(g-1)$ and $R(r) = 4\pi r^2\rho_0 g$ stand in the table. The coordination number is $\int R\,dr$ between stated distances, or from half the distance of the first peak to the first minimum behind it.

    **Errors.** $g$ and the coordination number are linear in $S$: errors of $S$ are carried through without approximation, those of an extrapolated part and of the correction of small distances included. Whether these are right is not in the band. The error of the number density is common to everything; it and the change when $Q_\mathrm{max}$ is reduced by a tenth are the systematic error, given apart. Errors of the normalisation are not in the band.

    ## Failure modes

    Features closer than $2\pi/Q_\mathrm{max}$ are not told apart. A background that is off shows below the first peak. In alloys $g$ is a sum of partial distributions weighted by form factors, and the coordination number is weighted likewise.

    ## References

    T. Egami, S. J. L. Billinge, Underneath the Bragg Peaks (2012). E. Lorch, J. Phys. C 2, 229 (1969). A. K. Soper, E. R. Barney, J. Appl. Crystallogr. 44, 714 (2011). R. Kaplow, S. L. Strong, B. L. Averbach, Phys. Rev. 138, A1336 (1965). The source lost this equation in print; it is the standard form.
    """
    ID: ClassVar[str] = "scattering.pair_distribution"

    coordination_range: tuple[Quantity, Quantity] | None = None
    extrapolation: Literal["none", "linear_zero", "quadratic"] = "none"
    largest_distance: Quantity = "20 Å"
    low_r_steps: int = 0
    q: str = "q"
    shortest_distance: Quantity = "1.5 Å"
    step: Quantity = "0.02 Å"
    structure_factor: str = "s_q"
    structure_factor_error: str = "s_q_error"
    window: Literal["none", "lorch", "revised_lorch", "gaussian"] = "lorch"

    def run(
        self,
        data: Data,
        *,
        number_density: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `pair_distribution` for the arguments."""
        return self._run(
            data,
            constants={
                "number_density": number_density,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def pair_distribution(
    data: Data,
    *,
    coordination_range: tuple[Quantity, Quantity] | None = None,
    extrapolation: Literal["none", "linear_zero", "quadratic"] = "none",
    largest_distance: Quantity = "20 Å",
    low_r_steps: int = 0,
    q: str = "q",
    shortest_distance: Quantity = "1.5 Å",
    step: Quantity = "0.02 Å",
    structure_factor: str = "s_q",
    structure_factor_error: str = "s_q_error",
    window: Literal["none", "lorch", "revised_lorch", "gaussian"] = "lorch",
    number_density: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Pair distribution (`scattering.pair_distribution`).

    g(r) with a band from the errors of S(Q), first peak, and neighbours of the first shell. See
    `PairDistribution` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    coordination_range : tuple[Quantity, Quantity] | None, default None
        Distances between which neighbours are counted; from half the first peak's distance to the
        first minimum where left out.
    extrapolation : str, default "none"
        What stands for the structure factor between Q = 0 and its first Q.
        - `"none"`: The integral begins at the first Q.
        - `"linear_zero"`: A straight line from the first value to zero at Q = 0.
        - `"quadratic"`: a + b Q², fitted to the values up to 1.5 times the first Q, at least four.
    largest_distance : Quantity, default "20 Å"
        Largest distance.
    low_r_steps : int, default 0
        Steps in which what g(r) shows below the shortest distance is taken off the structure
        factor; none if zero.
    q : str, default "q"
        Column of the scattering vector, Q = 4π sin θ/λ.
    shortest_distance : Quantity, default "1.5 Å"
        No two atoms are closer: maxima below are ripples.
    step : Quantity, default "0.02 Å"
        Step of the distances.
    structure_factor : str, default "s_q"
        Column of the structure factor.
    structure_factor_error : str, default "s_q_error"
        Column of its standard error; it may be absent.
    window : str, default "lorch"
        Weight of large scattering vectors.
        - `"none"`: None: sharp peaks with ripples.
        - `"lorch"`: sin(πQ/Qmax)/(πQ/Qmax): broader peaks, few ripples (Lorch 1969).
        - `"revised_lorch"`: 3 (sin x - x cos x)/x³ with x = 4.4934 Q/Qmax, the mean over a sphere
        of distances: no ripples to speak of, peaks broader still (Soper and Barney 2011).
        - `"gaussian"`: exp(-4.5 (Q/Qmax)²), a standard deviation of Qmax/3: peaks are broadened by
        a Gaussian.
    number_density : Quantity, in 1/m^3
        atoms per volume; every pair distribution goes with its inverse. Found: mass density,
        composition and Avogadro's number; glasses have 0.04 to 0.1 1/A^3.
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

        - `first_peak_q` (Q₁, 1/m): where the structure factor is highest
        - `first_peak_r` (r₁, m): first peak of the pair distribution
        - `first_peak_height` (g₁): its height, through the window
        - `ripple` (δg): root mean square of g(r) below the shortest distance, where it must vanish
        - `ripple_before` (δg₀): the same before the correction of small distances, where one was
        asked for
        - `low_r_change` (δS): root mean square of what the correction of small distances took off
        S(Q)
        - `coordination_number` (CN): neighbours in the range of the first shell
        - `resolution` (Δr, m): 2π/Qmax: features closer than this are not told apart

    References
    ----------
    - T. Egami, S. J. L. Billinge, Underneath the Bragg Peaks, 2nd ed., Pergamon (2012)
    - E. Lorch, J. Phys. C 2, 229 (1969), doi:10.1088/0022-3719/2/2/305
    - R. Kaplow, S. L. Strong, B. L. Averbach, Phys. Rev. 138, A1336 (1965),
    doi:10.1103/PhysRev.138.A1336
    """
    return PairDistribution(
        coordination_range=coordination_range,
        extrapolation=extrapolation,
        largest_distance=largest_distance,
        low_r_steps=low_r_steps,
        q=q,
        shortest_distance=shortest_distance,
        step=step,
        structure_factor=structure_factor,
        structure_factor_error=structure_factor_error,
        window=window,
    ).run(
        data,
        number_density=number_density,
        channels=channels,
        after=after,
        seed=seed,
    )
