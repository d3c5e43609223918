# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Nearly constant loss (`relaxation.constant_loss`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class ConstantLoss(Method):
    r"""Nearly constant loss (`relaxation.constant_loss`).

    Level and exponent of the loss between the fast and the slow processes at every temperature, where it is nearly constant, and the temperature at which its growth breaks.

    Parameters
    ----------
    draws : int, default 400
        Series simulated without and with a break.
    temperature : float | None, default None
        Isotherm whose level is reported, K; absent: the middle one of those whose loss is nearly
        constant.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.

    Notes
    -----
    # Nearly constant loss

    ## Idea
    Between the fast relaxation of atoms in their cages and the slow beta process the loss depends little on frequency. Its level tells how soft the cages are, and grows with temperature; where cages begin to open its growth turns steeper.

    ## Equations
    $$M''(\omega, T) = M''_0(T)\,(\omega/\omega_0)^n,\qquad |n| < 0.2,\qquad M''_0 \propto e^{T/T_N}$$
    A power is fitted to the loss of every isotherm; $\omega_0$ is the middle of all frequencies. The loss counts as **nearly constant** where $|n| < 0.2$ and an F test finds no curvature ($p > 0.01$). Over six isotherms or more, $\ln M''_0$ is
    fitted with one line over temperature and with two that meet; how often a series simulated from one line looks as broken is `ncl_break_p`. At most 0.05 names a break. An isotherm with a loss of zero or less is left out.

    A Debye-Waller factor follows from a level only by a relation of one's own; none is offered.

    ## Uncertainty
    Level and exponent: Student's t from the scatter of the isotherm, which a relative error common to its readings would not show. Break: 1.96 standard errors from series simulated with the two lines. Growths have no interval. Coverage: `docs/coverage.md`.

    ## Failure modes
    - **A flank of a broad process** has a small exponent too: the break and the change of the exponent with temperature tell.
    - **The phase offset of an instrument** is a constant loss; a specimen without loss (silicon, a steel spring) measures it.
    - **Two decades of frequency or less** leave curvature unseen.

    ## References
    J. C. Qiao et al., *Prog. Mater. Sci.* **104**, 250 (2019), section 2.2.3. A. P. Sokolov et al., *Phys. Rev. B* **63**, 132204 (2001).
    """
    ID: ClassVar[str] = "relaxation.constant_loss"

    draws: int = 400
    temperature: float | None = None
    temperature_tolerance: float = 1.0

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `constant_loss` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def constant_loss(
    data: Data,
    *,
    draws: int = 400,
    temperature: float | None = None,
    temperature_tolerance: float = 1.0,
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Nearly constant loss (`relaxation.constant_loss`).

    Level and exponent of the loss between the fast and the slow processes at every temperature,
    where it is nearly constant, and the temperature at which its growth breaks. See `ConstantLoss`
    for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    draws : int, default 400
        Series simulated without and with a break.
    temperature : float | None, default None
        Isotherm whose level is reported, K; absent: the middle one of those whose loss is nearly
        constant.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
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

        - `ncl_level` (M'', Pa): loss modulus at the middle frequency, of the isotherm that is
        reported
        - `ncl_exponent` (n): exponent of its loss over frequency
        - `ncl_break_temperature` (T_b, K): where the growth of ln level with temperature changes
        - `ncl_growth_below` (T_N, K): of exp(T/T_N) below that
        - `ncl_growth_above` (T_N, K): of exp(T/T_N) above that
        - `ncl_break_p` (p): share of series without a break that look as broken

    References
    ----------
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.3
    - A. P. Sokolov et al., Phys. Rev. B 63, 132204 (2001), doi:10.1103/PhysRevB.63.132204
    """
    return ConstantLoss(
        draws=draws,
        temperature=temperature,
        temperature_tolerance=temperature_tolerance,
    ).run(
        data,
        modulus_kind=modulus_kind,
        channels=channels,
        after=after,
        seed=seed,
    )
