# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Corrugation of fracture surfaces (`dafm.corrugation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Corrugation(Method):
    r"""Corrugation of fracture surfaces (`dafm.corrugation`).

    Finds the period of the corrugation of a mirror zone along and across the crack, or says that the spectrum has no peak.

    Parameters
    ----------
    blocks : int, default 16
        Blocks of neighbouring lines that the bootstrap draws.
    crack_direction : Quantity | None, default None
        Direction in which the crack ran, from +x (right) towards +y (up), such as "30 deg"; has no
        default.
    map : str, default "height"
        Quantity of the map.
    meniscus_length : tuple[Quantity, Quantity], default ("0.1 nm", "0.4 nm")
        Lowest and highest length δ of that model.
    replicates : int, default 1000
        Number of bootstrap replicates.
    surface_energy : Quantity, default "1 J/m^2"
        Surface energy γ of the meniscus model.
    surrogates : int, default 1000
        Number of spectra of the null model.
    youngs_modulus : tuple[Quantity, Quantity], default ("40 GPa", "70 GPa")
        Lowest and highest Young's modulus; the ideal strength is a tenth of it.

    Notes
    -----
    # Corrugation of fracture surfaces

    ## Idea
    The mirror zone of a fracture surface of a brittle metallic glass looks smooth, but is corrugated on a scale of 50 to 100 nm: 65 nm in a Dy-based, 92 nm in a
    Mg-based glass (Qiao et al. 2019, section 5.3). A corrugation is a peak of the height spectrum in the direction of the crack; a random rough surface has a
    spectrum that only falls. So: the peak, its period and amplitude, and the question whether a falling spectrum would show one as high.

    ## Equations
    A plane and a quadratic bow are taken off. Lines along the crack (and across it) get a Hann window; their one-sided densities $S(f)$ are averaged. The
    peak lies at the vertex of a parabola through $\ln S$ of the bins above half its height, so between the bins:
    $$\lambda = \frac1{f_p},\qquad A = \sqrt{2\int_{peak}[S(f)-S_b(f)]\,df},\qquad Q = \frac{f_p}{\Delta f}$$
    $A$ is the amplitude of a sine of the same power, $S_b$ the background between the feet of the peak, $\Delta f$ the full width at half height (the window alone
    has 1.4 bins, read off between bins up to 2). Lines in an oblique direction are read by linear interpolation from the largest square that fits when turned. Two checks without interval: the first maximum of the autocorrelation, and
    the mean distance of crossings in smoothed profiles.

    ## Null model
    The falling function closest to $\ln S$ (pooled adjacent violators) is the spectrum without a ring; the scatter between blocks of lines gives its degrees of freedom,
    and 1000 spectra are drawn from it. The statistic is the largest ratio of a bin to its own falling fit, over all periods from five per line to four pixels. Unless at most 5 % of the
    draws stand out as far, no period is claimed. The band in the figure is that ratio.

    ## Uncertainty
    Lines beside each other cut the same crests. Their coherence at the peak gives the number of independent lines, $n/(1+2\sum|\rho_j|^2)$; blocks of at least two of these, 16 at
    most, are drawn with replacement, and the standard errors of $\ln\lambda$ and $\ln A$ get Student's quantile for the number of blocks. Crests that two blocks share
    make the blocks too much alike: the errors are divided by the root of $[1+2\sum(1-j/b)|\rho_j|^2]/[1+2\sum(1-j/n)|\rho_j|^2]$ with $b$ lines per block (0.87 for two
    independent lines per block). Crests so long that fewer than 8
    blocks are left (a perfect grating) give no interval: one map of them is one sample.

    ## The meniscus model does not explain it
    Equation 5.7 of the review, $\lambda = 2\pi\sqrt{\gamma\delta/\sigma_{th}}$ with $\gamma$ = 1 J/m², $\delta$ = 0.1 to 0.4 nm, $\sigma_{th} = E/10$ and $E$ = 40 to 70 GPa,
    gives **0.75 to 2.0 nm**, not 65 or 92 nm. To reach these it needs $\delta$ = 0.43 to 0.75 µm and 0.86 to 1.50 µm, a thousand interatomic distances; the review prints the
    formula beside the observed periods as if they agreed. The table `meniscus_model` computes both, also for your map.

    ## Assumptions and failure modes
    - The direction of the crack has no default: it cannot be read from the map without assuming the answer.
    - Fewer than five periods in a line are not told from bow and drift; they are not looked for.
    - Scan-line noise adds power across the fast axis at all low frequencies; a peak only across the fast axis needs a second scan, turned by 90 deg.
    - Feedback ringing is periodic too: it keeps its period in *time*; scan at another speed.
    - The claim is about one direction at a time; two are tested, so one map in ten shows a ring by chance in one of them.

    ## References
    Qiao et al. (2019), review, section 5.3. Wang et al., *Phys. Rev. Lett.* **98**, 235501 (2007). Barlow, Bartholomew, Bremner, Brunk, *Statistical Inference under Order
    Restrictions* (1972).
    """
    ID: ClassVar[str] = "dafm.corrugation"

    blocks: int = 16
    crack_direction: Quantity | None = None
    map: str = "height"
    meniscus_length: tuple[Quantity, Quantity] = ("0.1 nm", "0.4 nm")
    replicates: int = 1000
    surface_energy: Quantity = "1 J/m^2"
    surrogates: int = 1000
    youngs_modulus: tuple[Quantity, Quantity] = ("40 GPa", "70 GPa")

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `corrugation` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def corrugation(
    data: Data,
    *,
    blocks: int = 16,
    crack_direction: Quantity | None = None,
    map: str = "height",
    meniscus_length: tuple[Quantity, Quantity] = ("0.1 nm", "0.4 nm"),
    replicates: int = 1000,
    surface_energy: Quantity = "1 J/m^2",
    surrogates: int = 1000,
    youngs_modulus: tuple[Quantity, Quantity] = ("40 GPa", "70 GPa"),
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Corrugation of fracture surfaces (`dafm.corrugation`).

    Finds the period of the corrugation of a mirror zone along and across the crack, or says that
    the spectrum has no peak. See `Corrugation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    blocks : int, default 16
        Blocks of neighbouring lines that the bootstrap draws.
    crack_direction : Quantity | None, default None
        Direction in which the crack ran, from +x (right) towards +y (up), such as "30 deg"; has no
        default.
    map : str, default "height"
        Quantity of the map.
    meniscus_length : tuple[Quantity, Quantity], default ("0.1 nm", "0.4 nm")
        Lowest and highest length δ of that model.
    replicates : int, default 1000
        Number of bootstrap replicates.
    surface_energy : Quantity, default "1 J/m^2"
        Surface energy γ of the meniscus model.
    surrogates : int, default 1000
        Number of spectra of the null model.
    youngs_modulus : tuple[Quantity, Quantity], default ("40 GPa", "70 GPa")
        Lowest and highest Young's modulus; the ideal strength is a tenth of it.
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

        - `corrugation_period` (λ, m): period along the crack
        - `corrugation_amplitude` (A, m): amplitude of the sine of the same power, along the crack
        - `corrugation_quality` (f/Δf): frequency over full width of the peak, along the crack
        - `corrugation_period_across` (λ_⊥, m): period across the crack
        - `corrugation_amplitude_across` (A_⊥, m): amplitude across the crack
        - `corrugation_quality_across` (f/Δf_⊥): frequency over full width of the peak, across the
        crack
        - `autocorrelation_period` (λ_acf, m): first maximum of the autocorrelation of the lines
        - `profile_period` (λ_z, m): mean distance of crossings of the mean in smoothed profiles
        - `meniscus_length_needed` (δ, m): length that the meniscus model needs for the period, at
        mean modulus

    References
    ----------
    - Qiao et al. (2019), review, section 5.3 and equation 5.7
    - Wang et al., Phys. Rev. Lett. 98, 235501 (2007)
    - Barlow et al., Statistical Inference under Order Restrictions (1972)
    """
    return Corrugation(
        blocks=blocks,
        crack_direction=crack_direction,
        map=map,
        meniscus_length=meniscus_length,
        replicates=replicates,
        surface_energy=surface_energy,
        surrogates=surrogates,
        youngs_modulus=youngs_modulus,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
