# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Anisotropic pair distribution (`scattering.anisotropic_pdf`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AnisotropicPdf(Method):
    r"""Anisotropic pair distribution (`scattering.anisotropic_pdf`).

    The l = 2 part of the pair distribution of a loaded glass, split into affine and anelastic strain with the errors of S(Q, azimuth) carried through.

    Parameters
    ----------
    affine_beyond : Quantity, default "8 Å"
        Distance beyond which strain is taken to be affine where no anelastic shape is stated.
    anelastic_shape : Sequence[tuple[float, float]] | None, default None
        Shape of the anelastic part: pairs of distance in metres and l = 2 pair distribution per
        unit of anelastic strain, measured on a specimen that crept and was unloaded.
    applied_strain : Quantity | None, default None
        Strain of the whole specimen, for instance from an extensometer; with `affine_beyond` it
        tells the affine share.
    azimuth : str, default "azimuth"
        Column of the azimuth; zero along the load axis.
    q : str, default "q"
        Column of the scattering vector, Q = 4π sin θ/λ.
    range : tuple[Quantity, Quantity], default ("2.2 Å", "16 Å")
        Distances that the templates are fitted over.
    stretch : str, default "first_order"
        Whether an affine strain stretches distances to first order or by its full size.
        - `"first_order"`: Proportional to the slope of g₀: strain times distance is much smaller
        than the width of a peak.
        - `"finite"`: Every distance stretched as far as it is.
    structure_factor : str, default "s_q"
        Column of the structure factor.
    structure_factor_error : str, default "s_q_error"
        Column of its standard error; it may be absent.
    window : str, default "lorch"
        Weight of large scattering vectors, the same for both parts.
        - `"none"`: None: sharp peaks with ripples.
        - `"lorch"`: sin(πQ/Qmax)/(πQ/Qmax): broader peaks, few ripples (Lorch 1969).
        - `"revised_lorch"`: 3 (sin x - x cos x)/x³ with x = 4.4934 Q/Qmax, the mean over a sphere
        of distances: no ripples to speak of, peaks broader still (Soper and Barney 2011).
        - `"gaussian"`: exp(-4.5 (Q/Qmax)²), a standard deviation of Qmax/3: peaks are broadened by
        a Gaussian.

    Notes
    -----
    # Anisotropic pair distribution

    A load stretches a glass. How much of the strain is affine, every distance stretched alike, and how much is made by local rearrangements? The pair distribution along and across the load axis tells.

    ## How

    For axial symmetry about the load axis

    $$ S(Q,\theta) = S_0(Q) + \sqrt5\,S_2(Q)\,P_2(\cos\theta) + 3\,S_4(Q)\,P_4(\cos\theta), \qquad \cos\theta = \cos\theta_B\cos\varphi,\quad \sin\theta_B = \frac{Q\lambda}{4\pi}, $$

    fitted at every $Q$ by weighted least squares over the sectors. $S_4$ is a diagnostic. Signs and factors differ between papers; here

    $$ g_0 = 1 + \frac{1}{2\pi^2\rho_0}\int (S_0-1)\,j_0(Qr)\,M Q^2\,dQ, \qquad g_2 = -\frac{1}{2\pi^2\rho_0}\int S_2\,j_2(Qr)\,M Q^2\,dQ , $$

    with the same window $M$ for both; a tension comes out positive. An affine strain $\varepsilon$ along the axis and $-\nu\varepsilon$ across it gives, to first order,

    $$ g_2^\mathrm{aff}(r) = -\varepsilon\,\frac{2(1+\nu)}{3\sqrt5}\,r\,\frac{dg_0}{dr} . $$

    The derivative, $j_0'(x)=-j_1(x)$, is taken without a window, goes forward to $Q$ and comes back through that of the data: no difference of resolution, and of $g_0$ no difference quotient, is left. (With the derivative of the windowed $g_0$ strains came out 0.06 % too small, which at the smallest noise was 0.8 of the standard error.)

    - With `anelastic_shape`, the $g_2$ of a specimen that crept under load and was unloaded, per unit of its strain: both factors by least squares over `range`; $z$ is the affine share. The shape goes forward to $Q$ and back, so that it is seen through the same window.
      `eps_affine_far` is what distances beyond `affine_beyond` alone would say.
    - Without it only distances beyond `affine_beyond` are fitted, and strain there is taken to be affine. With `applied_strain` the rest is anelastic.

    All factors are linear in $S_2$: its errors are carried through without approximation, and neighbouring distances are correlated as they are. $z$ is given where the whole strain is beyond three standard errors. The systematic error of every strain is its change when $Q_\mathrm{max}$ is reduced by a tenth; it is not in the interval.

    ## Assumptions and failure modes

    First order: $\varepsilon r$ is much smaller than the width of a peak. The shape of the full strain, $\sqrt5\int_0^1 \rho\,P_2\,d\mu$ with every distance $r$ taken back to $r\sqrt{\mu^2/(1+\varepsilon)^2+(1-\mu^2)/(1-\nu\varepsilon)^2}$ in the distribution without strain (which is found from $g_0$ under the strain), is fitted beside it; a warning says where the strain then changes by more than 1 %, and `stretch = "finite"` takes it. Virtual glasses stretched by 0.01, 0.02 and 0.04 give 0.00996, 0.01986 and 0.03962 to first order and 0.01000, 0.01999 and 0.03999 by the finite form. The template is made from the same noisy data: its noise is that of all sectors together and small beside that of $S_2$; where it is not, strains come out too small. A wrong $\nu$ scales affine strains by $1/(1+\nu)$. The azimuth must be zero along the load axis:
    a tilt by $\delta$ takes off a share $\tfrac32\sin^2\delta$, and shows in $S_4$. Termination ripples are shared by data and templates.

    ## References

    W. Dmowski et al., Phys. Rev. Lett. 105, 205502 (2010). Y. Suzuki, J. Haimovich, T. Egami, Phys. Rev. B 35, 2162 (1987).
    """
    ID: ClassVar[str] = "scattering.anisotropic_pdf"

    affine_beyond: Quantity = "8 Å"
    anelastic_shape: Sequence[tuple[float, float]] | None = None
    applied_strain: Quantity | None = None
    azimuth: str = "azimuth"
    q: str = "q"
    range: tuple[Quantity, Quantity] = ("2.2 Å", "16 Å")
    stretch: Literal["first_order", "finite"] = "first_order"
    structure_factor: str = "s_q"
    structure_factor_error: str = "s_q_error"
    window: Literal["none", "lorch", "revised_lorch", "gaussian"] = "lorch"

    def run(
        self,
        data: Data,
        *,
        number_density: Quantity | None = None,
        poisson_ratio: Quantity | None = None,
        wavelength: Quantity | None = None,
        applied_stress: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anisotropic_pdf` for the arguments."""
        return self._run(
            data,
            constants={
                "number_density": number_density,
                "poisson_ratio": poisson_ratio,
                "wavelength": wavelength,
                "applied_stress": applied_stress,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def anisotropic_pdf(
    data: Data,
    *,
    affine_beyond: Quantity = "8 Å",
    anelastic_shape: Sequence[tuple[float, float]] | None = None,
    applied_strain: Quantity | None = None,
    azimuth: str = "azimuth",
    q: str = "q",
    range: tuple[Quantity, Quantity] = ("2.2 Å", "16 Å"),
    stretch: Literal["first_order", "finite"] = "first_order",
    structure_factor: str = "s_q",
    structure_factor_error: str = "s_q_error",
    window: Literal["none", "lorch", "revised_lorch", "gaussian"] = "lorch",
    number_density: Quantity | None = None,
    poisson_ratio: Quantity | None = None,
    wavelength: Quantity | None = None,
    applied_stress: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Anisotropic pair distribution (`scattering.anisotropic_pdf`).

    The l = 2 part of the pair distribution of a loaded glass, split into affine and anelastic
    strain with the errors of S(Q, azimuth) carried through. See `AnisotropicPdf` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    affine_beyond : Quantity, default "8 Å"
        Distance beyond which strain is taken to be affine where no anelastic shape is stated.
    anelastic_shape : Sequence[tuple[float, float]] | None, default None
        Shape of the anelastic part: pairs of distance in metres and l = 2 pair distribution per
        unit of anelastic strain, measured on a specimen that crept and was unloaded.
    applied_strain : Quantity | None, default None
        Strain of the whole specimen, for instance from an extensometer; with `affine_beyond` it
        tells the affine share.
    azimuth : str, default "azimuth"
        Column of the azimuth; zero along the load axis.
    q : str, default "q"
        Column of the scattering vector, Q = 4π sin θ/λ.
    range : tuple[Quantity, Quantity], default ("2.2 Å", "16 Å")
        Distances that the templates are fitted over.
    stretch : str, default "first_order"
        Whether an affine strain stretches distances to first order or by its full size.
        - `"first_order"`: Proportional to the slope of g₀: strain times distance is much smaller
        than the width of a peak.
        - `"finite"`: Every distance stretched as far as it is.
    structure_factor : str, default "s_q"
        Column of the structure factor.
    structure_factor_error : str, default "s_q_error"
        Column of its standard error; it may be absent.
    window : str, default "lorch"
        Weight of large scattering vectors, the same for both parts.
        - `"none"`: None: sharp peaks with ripples.
        - `"lorch"`: sin(πQ/Qmax)/(πQ/Qmax): broader peaks, few ripples (Lorch 1969).
        - `"revised_lorch"`: 3 (sin x - x cos x)/x³ with x = 4.4934 Q/Qmax, the mean over a sphere
        of distances: no ripples to speak of, peaks broader still (Soper and Barney 2011).
        - `"gaussian"`: exp(-4.5 (Q/Qmax)²), a standard deviation of Qmax/3: peaks are broadened by
        a Gaussian.
    number_density : Quantity, in 1/m^3
        atoms per volume; every pair distribution goes with its inverse. Found: mass density,
        composition and Avogadro's number; glasses have 0.04 to 0.1 1/A^3.
    poisson_ratio : Quantity, a plain number
        Poisson's ratio; it sets how large the l = 2 part of an affine strain is. Found: ultrasound
        on the same glass, or a table.
    wavelength : Quantity, in m
        wavelength; at large angles scattering vectors lean away from the load axis. Found: the beam
        line's energy: λ (Å) = 12.398/E (keV).
    applied_stress : Quantity, in Pa
        stress on the specimen while the pattern was taken; it goes with the affine share to the
        comparison of loads. Found: load over cross-section; negative in compression.
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

        - `eps_affine` (ε_aff): affine strain along the load axis, from the whole range with an
        anelastic shape, else from far distances
        - `eps_anelastic` (ε_an): anelastic strain along the load axis
        - `eps_affine_far` (ε_far): affine strain from far distances alone, where an anelastic shape
        is stated
        - `affine_fraction_z` (z): affine strain over all strain
        - `applied_stress` (σ, Pa): stress on the specimen as the study states it
        - `hexadecapole_ratio` (S₄/S₂): root mean square of the l = 4 part over the l = 2 part:
        misalignment, texture

    References
    ----------
    - W. Dmowski, T. Iwashita, C.-P. Chuang, J. Almer, T. Egami, Phys. Rev. Lett. 105, 205502
    (2010), doi:10.1103/PhysRevLett.105.205502
    - Y. Suzuki, J. Haimovich, T. Egami, Phys. Rev. B 35, 2162 (1987), doi:10.1103/PhysRevB.35.2162
    """
    return AnisotropicPdf(
        affine_beyond=affine_beyond,
        anelastic_shape=anelastic_shape,
        applied_strain=applied_strain,
        azimuth=azimuth,
        q=q,
        range=range,
        stretch=stretch,
        structure_factor=structure_factor,
        structure_factor_error=structure_factor_error,
        window=window,
    ).run(
        data,
        number_density=number_density,
        poisson_ratio=poisson_ratio,
        wavelength=wavelength,
        applied_stress=applied_stress,
        channels=channels,
        after=after,
        seed=seed,
    )
