# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Hardness and modulus by Oliver and Pharr (`indentation.oliver_pharr`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class OliverPharr(Method):
    r"""Hardness and modulus by Oliver and Pharr (`indentation.oliver_pharr`).

    Contact stiffness, reduced modulus and hardness from the unloading, with the spread over fit windows.

    Parameters
    ----------
    beta : float, default 1.0
        Correction of the stiffness for tips that are no bodies of revolution: 1, or 1.034 for
        Berkovich.
    creep_correction : bool, default False
        Whether the creep that goes on while the load falls is taken off the compliance; it is read
        from the end of the hold.
    epsilon : float, default 0.75
        Geometry factor of the contact depth: 0.75 paraboloid and Berkovich, 0.72 cone, 1 flat
        punch.
    window : tuple[float, float], default (0.95, 0.2)
        Upper and lower end of the fitted loads over the peak load.

    Notes
    -----
    # Hardness and modulus by Oliver and Pharr

    ## Idea
    When the load is taken off, a contact of hard and plastic bodies opens elastically. The slope at the start of the unloading and the area of the contact give the
    reduced modulus; load over area is the hardness.

    ## Equations
    $$P = B(h-h_f)^m,\quad S = \left.\frac{dP}{dh}\right|_{h_{max}},\quad h_c = h_{max}-\epsilon\frac{P_{max}}{S},\quad A = \sum_{k=0}^{8} C_k h_c^{2/2^k}$$
    $$E_r = \frac{\sqrt\pi}{2\beta}\frac{S}{\sqrt A},\qquad H = \frac{P_{max}}{A},\qquad \frac1{E_r} = \frac{1-\nu^2}{E}+\frac{1-\nu_i^2}{E_i}$$
    $\epsilon = 0.75$ and $\beta = 1$ by default; both are parameters. The coefficients $C_k$ are those of the instrument (`area_c0` ..., depth in nm, area in nm²): with 24.5 alone
    a worn tip seems to make every shallow indent hard. Without them only the stiffness is given. $E$ needs Poisson's ratio of the sample and the constants of the tip.

    The unloading starts at the last sample above 98 % of the peak, after the hold; the sample of the largest load is not where it starts. The depth is fitted as a function of
    the load, $h = h_f + s (P/P_{max})^{1/m}$, between 95 and 20 % of the peak, with $m$ from 1 to 2.5.

    ## Creep
    While the load falls the sample may creep on, and the slope is too steep. With `creep_correction = true`
    $$\frac1S = \frac1{S_{fit}}+\frac{\dot h}{|\dot P|}$$
    with the creep rate of the last half of the hold and the rate of the load down to 70 % of the peak (Feng and Ngan 2002). The sign is plus: creep hides compliance.

    ## Uncertainty
    One test: Student's interval of the fit. Two other windows (95-50 %, 90-40 %) are fitted too, and the interval reaches as far as those whose difference scatter does not explain:
    a curve that is no power law has a wide interval. $H$ and $E_r$ carry the errors of the slope and of the depth at the peak with their covariance. Several tests: Student's interval of their mean. The error of the area function is common to all tests and not part of it.

    ## Failure modes
    - **No unloading, or one that stops above 60 % of the peak:** refused.
    - **Creep** at the start of the unloading makes it steeper: hold longer, or correct it. **Pile-up** makes the area too small: metallic glasses do pile up, and $H$ and $E_r$ come out
      too high by up to tens of per cent.
    - Drift and frame compliance count as removed where they are not stated.

    ## References
    W. C. Oliver, G. M. Pharr, *J. Mater. Res.* **7**, 1564 (1992). G. Feng, A. H. W. Ngan, *J. Mater. Res.* **17**, 660 (2002).

    The depth is fitted as a function of the load, since the noise is in the depth. Programs that fit the load over a noisy depth flatten the slope: on a
    test whose depth scatters by a sixth of its range (nanodent's example) they give 194 to 258 µN/nm where means of the depth give 405.
    """
    ID: ClassVar[str] = "indentation.oliver_pharr"

    beta: float = 1.0
    creep_correction: bool = False
    epsilon: float = 0.75
    window: tuple[float, float] = (0.95, 0.2)

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
        drift_rate: Quantity | None = None,
        frame_compliance: Quantity | None = None,
        poisson_ratio: Quantity | None = None,
        tip_modulus: Quantity | None = None,
        tip_poisson_ratio: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `oliver_pharr` for the arguments."""
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
                "drift_rate": drift_rate,
                "frame_compliance": frame_compliance,
                "poisson_ratio": poisson_ratio,
                "tip_modulus": tip_modulus,
                "tip_poisson_ratio": tip_poisson_ratio,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def oliver_pharr(
    data: Data,
    *,
    beta: float = 1.0,
    creep_correction: bool = False,
    epsilon: float = 0.75,
    window: tuple[float, float] = (0.95, 0.2),
    area_c0: Quantity | None = None,
    area_c1: Quantity | None = None,
    area_c2: Quantity | None = None,
    area_c3: Quantity | None = None,
    area_c4: Quantity | None = None,
    area_c5: Quantity | None = None,
    area_c6: Quantity | None = None,
    area_c7: Quantity | None = None,
    area_c8: Quantity | None = None,
    drift_rate: Quantity | None = None,
    frame_compliance: Quantity | None = None,
    poisson_ratio: Quantity | None = None,
    tip_modulus: Quantity | None = None,
    tip_poisson_ratio: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Hardness and modulus by Oliver and Pharr (`indentation.oliver_pharr`).

    Contact stiffness, reduced modulus and hardness from the unloading, with the spread over fit
    windows. See `OliverPharr` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    beta : float, default 1.0
        Correction of the stiffness for tips that are no bodies of revolution: 1, or 1.034 for
        Berkovich.
    creep_correction : bool, default False
        Whether the creep that goes on while the load falls is taken off the compliance; it is read
        from the end of the hold.
    epsilon : float, default 0.75
        Geometry factor of the contact depth: 0.75 paraboloid and Berkovich, 0.72 cone, 1 flat
        punch.
    window : tuple[float, float], default (0.95, 0.2)
        Upper and lower end of the fitted loads over the peak load.
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
    drift_rate : Quantity, in m/s
        thermal drift that the depths still hold, with its error. Found: a hold at low load, or the
        head of the file.
    frame_compliance : Quantity, in m/N
        compliance of the load frame that the depths still hold. Found: the calibration of the
        instrument.
    poisson_ratio : Quantity, a plain number
        Poisson's ratio of the sample; the shear modulus goes with 1 - ν. Found: ultrasound, or the
        literature of the alloy (Vit105: 0.363).
    tip_modulus : Quantity, in Pa
        Young's modulus of the tip; with tip_poisson_ratio and poisson_ratio the modulus of the
        sample follows from the reduced one. Found: the material of the tip; diamond is usually
        taken as 1140 GPa.
    tip_poisson_ratio : Quantity, a plain number
        Poisson's ratio of the tip. Found: the material of the tip; diamond is usually taken as
        0.07.
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

        - `contact_stiffness` (S, N/m): dP/dh at the start of the unloading
        - `unloading_exponent` (m): exponent of the unloading
        - `contact_depth` (h_c, m): depth of the contact at the peak load
        - `hardness` (H, Pa): peak load over projected area
        - `reduced_modulus` (E_r, Pa): reduced modulus of sample and tip
        - `young_modulus` (E, Pa): Young's modulus of the sample
        - `n_tests` (n): tests with an unloading

    References
    ----------
    - W. C. Oliver, G. M. Pharr, J. Mater. Res. 7, 1564 (1992)
    - G. Feng, A. H. W. Ngan, J. Mater. Res. 17, 660 (2002)
    """
    return OliverPharr(
        beta=beta,
        creep_correction=creep_correction,
        epsilon=epsilon,
        window=window,
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
        drift_rate=drift_rate,
        frame_compliance=frame_compliance,
        poisson_ratio=poisson_ratio,
        tip_modulus=tip_modulus,
        tip_poisson_ratio=tip_poisson_ratio,
        channels=channels,
        after=after,
        seed=seed,
    )
