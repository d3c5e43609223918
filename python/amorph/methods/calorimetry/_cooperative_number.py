# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Cooperative number (`calorimetry.cooperative_number`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class CooperativeNumber(Method):
    r"""Cooperative number (`calorimetry.cooperative_number`).

    How many atoms relax together by the temperature fluctuation of Donth, from a modulated calorimeter, beside the lower bound of Berthier.

    Parameters
    ----------
    below_400_kelvin : bool, default False
        States that a transition below 400 K is meant; otherwise it is taken for degrees Celsius.
    calibration_error : float, default 0.02
        Relative error of the absolute heat capacity.
    fit_from : float | None, default None
        Where the fitted range begins, K; absent: with the record.
    fit_to : float | None, default None
        Where it ends, K; absent: with the record.
    gap : float, default 3.0
        Widths from the middle at which the lines of glass and liquid begin.
    line : float, default 30.0
        Length of those lines, K.
    reciprocal : str, default "exact"
        How the reciprocal step of the heat capacity is formed.
        - `"exact"`: `1/cp_glass - 1/cp_liquid`.
        - `"small_step"`: `(cp_liquid - cp_glass)/cp²` with their mean.

    Notes
    -----
    # Cooperative number

    ## Idea
    A small region that relaxes on its own has a temperature that fluctuates, the more the smaller it is. The glass transition of a modulated calorimeter is therefore smeared over temperatures, and its
    width counts the atoms that relax together (Donth). It is an estimate with a theory in it, not a measurement of a length; the formula's conventions change it by tens of per cent and are named.

    ## Equations
    $$N_\alpha = \frac{R\,T_\alpha^2\,\Delta(1/c_p)}{m_0\,\delta T^2},\qquad \Delta(1/c_p)=\frac1{c_{p,g}}-\frac1{c_{p,l}}$$
    $T_\alpha$ and $\delta T$ are mean and standard deviation of the normal curve that is fitted to the imaginary heat capacity on a straight background. $c_{p,g}$ and $c_{p,l}$ are the lines of glass and liquid,
    `gap` widths away from the middle and `line` long, at $T_\alpha$. $m_0$ is the molar mass of what is counted: the mean of the atoms. `reciprocal = "small_step"` takes $\Delta c_p/\bar c_p^2$ instead; the
    table `conventions` has both.

    With `stretching_exponent` $\beta$: width and exponent imply $d\ln\tau/dT = w(\beta)/(\beta\,\delta T)$, hence a fragility $m = T w/(\beta\,\delta T\ln10)$, to be held against a measured one. $w$ is the width of the loss
    peak of that exponent (1.07 at 0.5). With `fragility_index`, too: the lower bound of Berthier,
    $$N_c = \frac{R}{m_0\,\Delta c_p}\,T^2\left(\frac{\beta}{e}\,\frac{m\ln 10}{T}\right)^2$$

    **Kelvin.** A transition below 400 K is refused unless `below_400_kelvin`: Table 1 of the review has degrees Celsius under a head that says K, which makes numbers four times too small. $N_\alpha$ needs absolute heat
    capacities (sapphire, empty pan); a relative one is not accepted.

    ## Uncertainty
    The loss is fitted in some 150 bins with noise, white and 1/f, in the shares that its residuals tell. $\delta T$ and $T_\alpha$ have profile intervals; the errors of the heat capacities hold noise and extrapolation, and have no interval: a short line does not tell its share of 1/f noise. That of $N_\alpha$ joins
    twice the relative interval of $\delta T$ with that of $\Delta(1/c_p)$. `calibration_error` of the heat capacity is the systematic part. Measured coverage: `docs/coverage.md`.

    ## Failure modes
    - **A loss that is not normal**: the peak of a stretched exponential is steeper on its hot side; $\delta T$ then depends on the range. Look at the figure.
    - **Underlying rate too fast**: vitrification on cooling moves into the peak and narrows it.
    - **Wrong mass of what is counted**: per atom and per formula unit differ by factors.
    - **Crystallisation** within the line of the liquid: state `fit_to`.

    ## References
    E. Donth, *J. Non-Cryst. Solids* **53**, 325 (1982). L. Berthier et al., *Science* **310**, 1797 (2005). J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "calorimetry.cooperative_number"

    below_400_kelvin: bool = False
    calibration_error: float = 0.02
    fit_from: float | None = None
    fit_to: float | None = None
    gap: float = 3.0
    line: float = 30.0
    reciprocal: Literal["exact", "small_step"] = "exact"

    def run(
        self,
        data: Data,
        *,
        molar_mass: Quantity | None = None,
        stretching_exponent: Quantity | None = None,
        fragility_index: Quantity | None = None,
        atomic_volume: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cooperative_number` for the arguments."""
        return self._run(
            data,
            constants={
                "molar_mass": molar_mass,
                "stretching_exponent": stretching_exponent,
                "fragility_index": fragility_index,
                "atomic_volume": atomic_volume,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def cooperative_number(
    data: Data,
    *,
    below_400_kelvin: bool = False,
    calibration_error: float = 0.02,
    fit_from: float | None = None,
    fit_to: float | None = None,
    gap: float = 3.0,
    line: float = 30.0,
    reciprocal: Literal["exact", "small_step"] = "exact",
    molar_mass: Quantity | None = None,
    stretching_exponent: Quantity | None = None,
    fragility_index: Quantity | None = None,
    atomic_volume: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Cooperative number (`calorimetry.cooperative_number`).

    How many atoms relax together by the temperature fluctuation of Donth, from a modulated
    calorimeter, beside the lower bound of Berthier. See `CooperativeNumber` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    below_400_kelvin : bool, default False
        States that a transition below 400 K is meant; otherwise it is taken for degrees Celsius.
    calibration_error : float, default 0.02
        Relative error of the absolute heat capacity.
    fit_from : float | None, default None
        Where the fitted range begins, K; absent: with the record.
    fit_to : float | None, default None
        Where it ends, K; absent: with the record.
    gap : float, default 3.0
        Widths from the middle at which the lines of glass and liquid begin.
    line : float, default 30.0
        Length of those lines, K.
    reciprocal : str, default "exact"
        How the reciprocal step of the heat capacity is formed.
        - `"exact"`: `1/cp_glass - 1/cp_liquid`.
        - `"small_step"`: `(cp_liquid - cp_glass)/cp²` with their mean.
    molar_mass : Quantity, in kg/mol
        mean molar mass of what is counted: of the atoms, for a number of atoms. Found: the
        composition: Pd40Ni10Cu30P20 has 73.7 g/mol.
    stretching_exponent : Quantity, a plain number
        stretching exponent of the alpha relaxation near the glass transition. Found: mechanical
        spectroscopy: relaxation.spectrum_fit.
    fragility_index : Quantity, a plain number
        d log10 τ/d(Tg/T) at the glass transition. Found: relaxation.temperature_law, or
        calorimetry.rate_kinetics.
    atomic_volume : Quantity, in m^3
        mean volume of what is counted; for a diameter. Found: molar mass over density and
        Avogadro's number.
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

        - `donth_width` (δT, K): standard deviation of the normal curve through the imaginary heat
        capacity over temperature
        - `dynamic_glass_transition` (Tα, K): its middle, at the frequency of the modulation
        - `specific_heat_glass` (cp,g, J/(kg K)): of the glass, at that temperature
        - `specific_heat_liquid` (cp,l, J/(kg K)): of the liquid, there
        - `cooperative_number` (Nα): R T² Δ(1/cp)/(m0 δT²), atoms
        - `cooperative_diameter` (, m): of a sphere with so many atoms
        - `berthier_number` (Nc): (R/(m0 Δcp)) T² ((β/e) d ln τ/dT)², a lower bound, atoms
        - `implied_fragility` (m): T w/(β δT ln 10): fragility that width and stretching exponent
        imply

    References
    ----------
    - E. Donth, J. Non-Cryst. Solids 53, 325 (1982), doi:10.1016/0022-3093(82)90089-8
    - L. Berthier et al., Science 310, 1797 (2005), doi:10.1126/science.1120714
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return CooperativeNumber(
        below_400_kelvin=below_400_kelvin,
        calibration_error=calibration_error,
        fit_from=fit_from,
        fit_to=fit_to,
        gap=gap,
        line=line,
        reciprocal=reciprocal,
    ).run(
        data,
        molar_mass=molar_mass,
        stretching_exponent=stretching_exponent,
        fragility_index=fragility_index,
        atomic_volume=atomic_volume,
        channels=channels,
        after=after,
        seed=seed,
    )
