# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Structure factor (`scattering.structure_factor`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class StructureFactor(Method):
    r"""Structure factor (`scattering.structure_factor`).

    S(Q) of an alloy from the counts of a pattern of X-rays or electrons: background, incoherent scattering, form factors, scale.

    Parameters
    ----------
    anomalous : bool, default False
        Form factors with anomalous scattering; it needs the wavelength.
    background : str, default "background"
        Column of the background; a second file of the item is taken where there is none.
    background_scale : float, default 1.0
        Factor on the background.
    composition : str, default ""
        The alloy in atomic per cent, for instance `Zr52.5Cu17.9Ni14.6Al10Ti5`; it must be stated.
    intensity : str, default "intensity"
        Column of the counts.
    intensity_error : str, default "intensity_error"
        Column of their standard error; it may be absent.
    inverse_d : str, default "inverse_d"
        Column of 1/d = 2 sin θ/λ, where the table has no scattering vector.
    large_q_share : float, default 0.3
        Share of the range of Q that counts as large.
    largest_q : Quantity | None, default None
        Largest Q that is used; the last of the table where left out.
    normalisation : str, default "integral"
        Which rule sets the scale of the counts.
        - `"integral"`: The integral over all Q, which fixes that no two atoms are at one place
        (Krogh-Moe 1956, Norman 1957).
        - `"large_q"`: The mean at large Q.
    q : str, default "q"
        Column of the scattering vector, Q = 4π sin θ/λ.
    radiation : str, default "x_ray"
        What was scattered.
        - `"x_ray"`: X-rays: form factors of Waasmaier and Kirfel, Compton scattering.
        - `"electrons"`: Fast electrons: scattering factors of Kirkland, and a constant of unknown
        height below the counts.
    sin_theta_over_lambda : str, default "sin_theta_over_lambda"
        Column of sin θ/λ, where the table has none of these.
    smallest_q : Quantity | None, default None
        Smallest Q that is used; the first of the table where left out.
    two_theta : str, default "two_theta"
        Column of the scattering angle 2θ, where the table has none of these; it needs the
        wavelength.
    unpolarised : bool, default False
        Divide by the polarisation of an unpolarised source, (1 + cos² 2θ)/2; off where the
        reduction of the detector did it.

    Notes
    -----
    # Structure factor

    How are the counts of a pattern of X-rays or electrons turned into $S(Q)$? The counts become electron units, Compton scattering is taken off, and what free atoms would scatter divides the rest (Faber and Ziman):

    $$ S(Q) = \frac{\alpha\,[I - s\,I_\mathrm{bkg}]/P - C(Q) - (\langle f^2\rangle - \langle f\rangle^2)}{\langle f\rangle^2} . $$

    ## How

    **Axis.** A column of $Q = 4\pi\sin\theta/\lambda$ (`q`), of $1/d = 2\sin\theta/\lambda$ (`inverse_d`), of $\sin\theta/\lambda$ (`sin_theta_over_lambda`), or of the scattering angle $2\theta$ (`two_theta`) with the wavelength. Patterns often come without names or units (`.chi`, `.xy`); the study says what the columns are, and nothing is guessed:

        columns = { q = { column = 1, unit = "1/A" }, intensity = { column = 2 } }

    **Background.** A column `background`, or a second file stated together with the pattern, `files = [["glass.chi", "empty.chi"]]`; other scattering vectors are interpolated. Counts below it are kept and reported.

    **Atoms.** Form factors of free atoms (Waasmaier and Kirfel), with anomalous scattering (Chantler) where it is asked for. Compton scattering is that of the Thomas-Fermi atom (Heisenberg, Bewilogua), computed from the equation of the atom; with a wavelength it has the factor of Breit and Dirac for a detector that counts photons. The polarisation is divided out where `unpolarised` says that nobody has.

    **Electrons.** With `radiation = "electrons"` the pattern is the mean of an electron diffraction pattern over its rings, without the direct beam. Scattering factors are Kirkland's (first Born approximation). What electrons scatter with a loss of energy, or more than once, is no known function of $Q$: beside a background that is stated, a constant $C$ is taken off,

    $$ \phi(Q) = Q\,\frac{I - N\langle f^2\rangle - C}{N\langle f\rangle^2} = Q\,[S(Q)-1] , $$

    and $N = 1/\alpha$ and $C$ are found together. `phi` stands in the table; its sine transform $G(r)$ is `reduced_g` of `scattering.pair_distribution`. `constant_share` is $C$ over what free atoms scatter at the largest $Q$.

        columns = { inverse_d = { column = 1, unit = "1/nm" }, intensity = { column = 2 } }
        [method."scattering.structure_factor"]
        composition = "Zr50Cu50"
        radiation = "electrons"
        smallest_q = "1.5 1/A"          # behind the beam stop

    **Scale.** No two atoms are at one place: $\int Q^2 (S-1)\,M\,dQ = -2\pi^2\rho_0$, here with the window $M$ of Lorch, so that the end of the range does not matter, and a straight line below the first $Q$. The other rule takes the mean at large $Q$, where interference has died out. For electrons the first rule has a second equation, the mean at large $Q$ weighted by $Q^2/\langle f\rangle$, which fixes $C$; the other rule is a straight line through counts over $\langle f^2\rangle$ at large $Q$, which waves of $S$ there tilt by several per cent. A toy glass of Cu50Zr50 from 1.5 to 16 1/Å, on a constant of five times what free atoms scatter at the end: the first rule finds the scale within 0.2 % and $S$ within 0.003 (root mean square); up to 12 1/Å within 0.3 % and 0.003. With counting noise (up to 0.24 in $S$) the first rule stays within 0.6 %, the second is off by up to 6 %. Both scales are printed; a warning says where they differ by more than a tenth.

    **First halo.** The first maximum of the smooth pattern (a Gaussian of 0.04 1/Å) that reaches half its highest value; a pseudo-Voigt curve on a straight line within 12 % of it. Sharp peaks, eight standard deviations and 15 % of the highest value above the smooth pattern, are named and left out: they are crystals or the holder. $\pi$ over its half width is a length of order, in the convention of this formula.

    ## What the numbers mean

    Errors of the counts are carried to `s_q_error`. Errors of scale, background and density are not in it: they move all of $S(Q)$ together, and only a comparison of the two scales shows them. The place of the halo has a standard error from the counts, but no interval: its shape is not known.

    ## Failure modes

    A wrong background or density gives a slope in $S(Q)$ and ripples below the first peak of $g(r)$. The Thomas-Fermi atom is off by several per cent for light elements. Absorption and multiple scattering are not corrected: divide by them before. Electrons are scattered more than once in all but the thinnest foils, which lowers the peaks of $S$ and adds a smooth part; `low_r_steps` of `scattering.pair_distribution` takes off what varies slowly, not what was lost.

    ## References

    T. E. Faber, J. M. Ziman, Phil. Mag. 11, 153 (1965). J. Krogh-Moe, Acta Cryst. 9, 951 (1956). N. Norman, Acta Cryst. 10, 370 (1957). D. Waasmaier, A. Kirfel, Acta Cryst. A 51, 416 (1995). C. T. Chantler, J. Phys. Chem. Ref. Data 24, 71 (1995). E. J. Kirkland, Advanced Computing in Electron Microscopy (2010). D. J. H. Cockayne, D. R. McKenzie, Acta Cryst. A 44, 870 (1988). W. Heisenberg, Phys. Z. 32, 737 (1931); L. Bewilogua, Phys. Z. 32, 740 (1931).
    """
    ID: ClassVar[str] = "scattering.structure_factor"

    anomalous: bool = False
    background: str = "background"
    background_scale: float = 1.0
    composition: str = ""
    intensity: str = "intensity"
    intensity_error: str = "intensity_error"
    inverse_d: str = "inverse_d"
    large_q_share: float = 0.3
    largest_q: Quantity | None = None
    normalisation: Literal["integral", "large_q"] = "integral"
    q: str = "q"
    radiation: Literal["x_ray", "electrons"] = "x_ray"
    sin_theta_over_lambda: str = "sin_theta_over_lambda"
    smallest_q: Quantity | None = None
    two_theta: str = "two_theta"
    unpolarised: bool = False

    def run(
        self,
        data: Data,
        *,
        number_density: Quantity | None = None,
        wavelength: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `structure_factor` for the arguments."""
        return self._run(
            data,
            constants={
                "number_density": number_density,
                "wavelength": wavelength,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def structure_factor(
    data: Data,
    *,
    anomalous: bool = False,
    background: str = "background",
    background_scale: float = 1.0,
    composition: str = "",
    intensity: str = "intensity",
    intensity_error: str = "intensity_error",
    inverse_d: str = "inverse_d",
    large_q_share: float = 0.3,
    largest_q: Quantity | None = None,
    normalisation: Literal["integral", "large_q"] = "integral",
    q: str = "q",
    radiation: Literal["x_ray", "electrons"] = "x_ray",
    sin_theta_over_lambda: str = "sin_theta_over_lambda",
    smallest_q: Quantity | None = None,
    two_theta: str = "two_theta",
    unpolarised: bool = False,
    number_density: Quantity | None = None,
    wavelength: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Structure factor (`scattering.structure_factor`).

    S(Q) of an alloy from the counts of a pattern of X-rays or electrons: background, incoherent
    scattering, form factors, scale. See `StructureFactor` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    anomalous : bool, default False
        Form factors with anomalous scattering; it needs the wavelength.
    background : str, default "background"
        Column of the background; a second file of the item is taken where there is none.
    background_scale : float, default 1.0
        Factor on the background.
    composition : str, default ""
        The alloy in atomic per cent, for instance `Zr52.5Cu17.9Ni14.6Al10Ti5`; it must be stated.
    intensity : str, default "intensity"
        Column of the counts.
    intensity_error : str, default "intensity_error"
        Column of their standard error; it may be absent.
    inverse_d : str, default "inverse_d"
        Column of 1/d = 2 sin θ/λ, where the table has no scattering vector.
    large_q_share : float, default 0.3
        Share of the range of Q that counts as large.
    largest_q : Quantity | None, default None
        Largest Q that is used; the last of the table where left out.
    normalisation : str, default "integral"
        Which rule sets the scale of the counts.
        - `"integral"`: The integral over all Q, which fixes that no two atoms are at one place
        (Krogh-Moe 1956, Norman 1957).
        - `"large_q"`: The mean at large Q.
    q : str, default "q"
        Column of the scattering vector, Q = 4π sin θ/λ.
    radiation : str, default "x_ray"
        What was scattered.
        - `"x_ray"`: X-rays: form factors of Waasmaier and Kirfel, Compton scattering.
        - `"electrons"`: Fast electrons: scattering factors of Kirkland, and a constant of unknown
        height below the counts.
    sin_theta_over_lambda : str, default "sin_theta_over_lambda"
        Column of sin θ/λ, where the table has none of these.
    smallest_q : Quantity | None, default None
        Smallest Q that is used; the first of the table where left out.
    two_theta : str, default "two_theta"
        Column of the scattering angle 2θ, where the table has none of these; it needs the
        wavelength.
    unpolarised : bool, default False
        Divide by the polarisation of an unpolarised source, (1 + cos² 2θ)/2; off where the
        reduction of the detector did it.
    number_density : Quantity, in 1/m^3
        atoms per volume; every pair distribution goes with its inverse. Found: mass density,
        composition and Avogadro's number; glasses have 0.04 to 0.1 1/A^3.
    wavelength : Quantity, in m
        wavelength; at large angles scattering vectors lean away from the load axis. Found: the beam
        line's energy: λ (Å) = 12.398/E (keV).
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

        - `scale_integral` (α): units of free atoms (electrons², or Å² for electrons) per count by
        the integral over all Q
        - `scale_large_q` (α_∞): the same from large Q alone
        - `constant_share` (β): for electrons, the constant below the counts over what free atoms
        scatter at the largest Q
        - `first_peak_q` (Q₁, 1/m): where the first halo of the structure factor lies
        - `first_peak_width` (ΔQ₁, 1/m): its half width at half height
        - `first_peak_height` (S(Q₁)): its height
        - `correlation_length` (π/ΔQ₁, m): how far the order of the first halo reaches: π over its
        half width

    References
    ----------
    - T. E. Faber, J. M. Ziman, Phil. Mag. 11, 153 (1965), doi:10.1080/14786436508211931
    - J. Krogh-Moe, Acta Cryst. 9, 951 (1956), doi:10.1107/S0365110X56002655
    - N. Norman, Acta Cryst. 10, 370 (1957), doi:10.1107/S0365110X57001085
    - D. Waasmaier, A. Kirfel, Acta Cryst. A 51, 416 (1995), doi:10.1107/S0108767394013292
    - L. Bewilogua, Phys. Z. 32, 740 (1931)
    - E. J. Kirkland, Advanced Computing in Electron Microscopy, 2nd ed., Springer (2010),
    doi:10.1007/978-1-4419-6533-2
    - D. J. H. Cockayne, D. R. McKenzie, Acta Cryst. A 44, 870 (1988), doi:10.1107/S0108767388004957
    """
    return StructureFactor(
        anomalous=anomalous,
        background=background,
        background_scale=background_scale,
        composition=composition,
        intensity=intensity,
        intensity_error=intensity_error,
        inverse_d=inverse_d,
        large_q_share=large_q_share,
        largest_q=largest_q,
        normalisation=normalisation,
        q=q,
        radiation=radiation,
        sin_theta_over_lambda=sin_theta_over_lambda,
        smallest_q=smallest_q,
        two_theta=two_theta,
        unpolarised=unpolarised,
    ).run(
        data,
        number_density=number_density,
        wavelength=wavelength,
        channels=channels,
        after=after,
        seed=seed,
    )
