# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Dynamic and continuous stiffness (`indentation.dynamic_stiffness`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class DynamicStiffness(Method):
    r"""Dynamic and continuous stiffness (`indentation.dynamic_stiffness`).

    Reduced storage and loss modulus, loss tangent and hardness over depth from the stiffness of an oscillation.

    Parameters
    ----------
    beta : float, default 1.0
        Correction of the stiffness for tips that are no bodies of revolution: 1, or 1.034 for
        Berkovich.
    epsilon : float, default 0.75
        Geometry factor of the contact depth: 0.75 paraboloid and Berkovich, 0.72 cone, 1 flat
        punch.
    from_depth : Quantity | None, default None
        Smallest contact depth of the means; half of the largest where it is not stated.
    to_depth : Quantity | None, default None
        Largest contact depth of the means; the largest there is where it is not stated.

    Notes
    -----
    # Dynamic and continuous stiffness

    ## Idea
    A small oscillation on top of the load gives the stiffness of the contact at every depth, without an unloading. With the area of the contact it gives modulus and hardness
    over depth; what is out of phase gives the loss.

    ## Equations
    $$E'_r = \frac{S'}{2\beta}\sqrt{\frac{\pi}{A}},\qquad E''_r = \frac{S''}{2\beta}\sqrt{\frac{\pi}{A}},\qquad \tan\delta = \frac{S''}{S'},\qquad H = \frac{P}{A}$$
    These are reduced moduli: tip and sample together. Files of nanoDMA call $E'_r$ storage modulus; where a file holds moduli of its own they are compared.

    $A$ is the area in the file where there is one, else $\sum C_k h_c^{2/2^k}$ with $h_c = h - \epsilon P/S'$ and the coefficients `area_c0` ... . Samples whose area or stiffness was not computed
    are missing, not zero.

    ## Uncertainty
    Means are taken over contact depths from `from_depth` (half of the largest) to `to_depth`, at the mean depth of a straight trend. One test: Student's interval with errors that
    are correlated from sample to sample. Three and more: Student's interval of their mean. The error of the area is common to all and not part of it.

    ## Failure modes
    - **The machine damps too.** Its share of $S''$ is not taken off: that needs its mass, damping and stiffness at the frequency. In metals and glasses $\tan\delta$ of a few thousandths is
      that of the machine until an elastic reference says otherwise.
    - **Depth trend:** tip rounding, roughness, substrate; a note says by how much.
    - **Large oscillations** lower the mean load; no correction is made.

    ## References
    W. C. Oliver, G. M. Pharr, *J. Mater. Res.* **7**, 1564 (1992). Qiao et al. (2019), section 5.3.
    """
    ID: ClassVar[str] = "indentation.dynamic_stiffness"

    beta: float = 1.0
    epsilon: float = 0.75
    from_depth: Quantity | None = None
    to_depth: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        area_c0: Quantity | None = None,
        area_c1: Quantity | None = None,
        area_c2: Quantity | None = None,
        area_c3: Quantity | None = None,
        area_c4: Quantity | None = None,
        area_c5: Quantity | None = None,
        area_c6: Quantity | None = None,
        area_c7: Quantity | None = None,
        area_c8: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `dynamic_stiffness` for the arguments."""
        return self._run(
            data,
            constants={
                "area_c0": area_c0,
                "area_c1": area_c1,
                "area_c2": area_c2,
                "area_c3": area_c3,
                "area_c4": area_c4,
                "area_c5": area_c5,
                "area_c6": area_c6,
                "area_c7": area_c7,
                "area_c8": area_c8,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def dynamic_stiffness(
    data: Data,
    *,
    beta: float = 1.0,
    epsilon: float = 0.75,
    from_depth: Quantity | None = None,
    to_depth: Quantity | None = None,
    area_c0: Quantity | None = None,
    area_c1: Quantity | None = None,
    area_c2: Quantity | None = None,
    area_c3: Quantity | None = None,
    area_c4: Quantity | None = None,
    area_c5: Quantity | None = None,
    area_c6: Quantity | None = None,
    area_c7: Quantity | None = None,
    area_c8: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Dynamic and continuous stiffness (`indentation.dynamic_stiffness`).

    Reduced storage and loss modulus, loss tangent and hardness over depth from the stiffness of an
    oscillation. See `DynamicStiffness` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    beta : float, default 1.0
        Correction of the stiffness for tips that are no bodies of revolution: 1, or 1.034 for
        Berkovich.
    epsilon : float, default 0.75
        Geometry factor of the contact depth: 0.75 paraboloid and Berkovich, 0.72 cone, 1 flat
        punch.
    from_depth : Quantity | None, default None
        Smallest contact depth of the means; half of the largest where it is not stated.
    to_depth : Quantity | None, default None
        Largest contact depth of the means; the largest there is where it is not stated.
    area_c0 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c1 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c2 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c3 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c4 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c5 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c6 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c7 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
    area_c8 : Quantity, a plain number
        coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in
        nm, area in nm^2. Found: the head of the file, or the calibration on fused silica; 24.5
        alone is a perfect Berkovich tip.
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

        - `reduced_storage_modulus` (E'_r, Pa): mean over the range of depths
        - `reduced_loss_modulus` (E''_r, Pa): mean over the range of depths
        - `loss_tangent` (tan δ): mean over the range of depths
        - `hardness` (H, Pa): mean over the range of depths
        - `n_tests` (n): tests with a stiffness

    References
    ----------
    - W. C. Oliver, G. M. Pharr, J. Mater. Res. 7, 1564 (1992)
    - Qiao et al. (2019), review, section 5.3
    """
    return DynamicStiffness(
        beta=beta,
        epsilon=epsilon,
        from_depth=from_depth,
        to_depth=to_depth,
    ).run(
        data,
        area_c0=area_c0,
        area_c1=area_c1,
        area_c2=area_c2,
        area_c3=area_c3,
        area_c4=area_c4,
        area_c5=area_c5,
        area_c6=area_c6,
        area_c7=area_c7,
        area_c8=area_c8,
        channels=channels,
        after=after,
        seed=seed,
    )
