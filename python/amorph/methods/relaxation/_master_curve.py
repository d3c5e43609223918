# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Time-temperature superposition (`relaxation.master_curve`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class MasterCurve(Method):
    r"""Time-temperature superposition (`relaxation.master_curve`).

    Shifts of isotherms from one master curve of storage and loss, or of creep or stress relaxation over time, that obeys causality, with their covariance and a test of the superposition.

    Parameters
    ----------
    bridge : str, default "none"
        Law that gives a shift to isotherms behind a gap of overlap.
        - `"none"`: None: isotherms behind a gap are unidentified.
        - `"arrhenius"`: One energy.
        - `"vft"`: Vogel, Fulcher and Tammann, or Williams, Landel and Ferry.
    least_overlap : float, default 0.3
        Overlap that ties two isotherms, decades of frequency or time.
    leave_one_out : bool, default False
        Whether each isotherm is predicted from the others.
    noise : str, default "best"
        How readings err; a response over time errs by a share of itself.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    reference_temperature : float | None, default None
        Temperature whose isotherm is not shifted, K; absent: the isotherm whose loss peak lies
        nearest the middle of its frequencies.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    vertical : str, default "none"
        Factor of the modulus between temperatures.
        - `"none"`: None.
        - `"free"`: One for every temperature, found along with the shifts.
        - `"entropic"`: Density times temperature, as entropic elasticity has it; needs
        thermal_expansion.

    Notes
    -----
    # Time-temperature superposition

    ## Idea
    A spectrometer sees few decades of frequency. Where temperature changes all relaxation times by one factor, isotherms are pieces of one master curve and lie on it
    after a shift along $\log\omega$. The same holds for creep and for stress relaxation along $\log t$. All isotherms, storage and loss, are fitted **together** with one spectrum of relaxation times: what the curve is and where each isotherm
    belongs are found at once, and the errors of the shifts come with their correlations.

    ## Equations
    $$M^*(\omega,T) = b_T\,M^*_{ref}(\omega a_T),\qquad a_T = \frac{\tau(T)}{\tau(T_{ref})},\qquad \ln\omega_r = \ln\omega + \ln a_T$$
    The review prints $\ln(\omega/a_T)$ beside $\tau(T) = a_T\tau(T_{ref})$; both cannot hold. Here $\log_{10}a > 0$ is slower than at the reference.
    $$M^*_{ref}(\omega) = \int H(\ln\tau)\,\frac{i\omega\tau}{1+i\omega\tau}\,d\ln\tau,\qquad H > 0$$
    One $H$ gives storage and loss, so that the master curve obeys causality. $\ln H$ stands on four nodes per decade, two decades beyond the data on both sides (slower
    times stand for a modulus at rest, faster ones for a viscosity). A normal prior on $d^2\ln H/d(\ln\tau)^2$ carries what the data leave open; its strength follows from the
    evidence (MacKay), as do both errors of a reading.

    **Over time.** Tables with `time` and `creep_compliance`, or `relaxation_modulus`, and a temperature (or `strain` and `stress`, one of which is held to 2 %) are put on one curve in the same way:
    $$J(t,T) = \int L(\ln\tau)\left[1-e^{-t/(a_T\tau)}\right]d\ln\tau,\qquad M(t,T) = b_T\int H(\ln\tau)\,e^{-t/(a_T\tau)}\,d\ln\tau$$
    Times much shorter than the data stand for what happens at once, much longer ones for flow (creep) or rest (relaxation). A reading errs by a share of itself. Factors of a
    compliance are the inverse of those of a modulus. Curves that stand beside each other in one file are told apart by `sets` of the measurement, each with its temperature.

    Readings err either by a share of the modulus and an angle of the phase (`modulus_and_phase`: two sensors), so that the error of a small loss is $|M|\sigma_\delta$ and no
    percentage of itself, or by a share of storage and of loss each (`relative`). `noise = "best"` takes the one with the higher evidence. Residuals are logarithms of ratios.

    `vertical`: none, one factor per temperature (`free`), or $b_T = \rho T/(\rho T)_{ref}$ with `thermal_expansion` (`entropic`). Laws through the shifts, with their covariance:
    $$\log_{10}a_T = -\frac{C_1(T-T_{ref})}{C_2+T-T_{ref}},\qquad T_0 = T_{ref}-C_2,\quad B = C_1C_2\ln 10$$

    ## What ties two isotherms
    Neighbours in temperature need `least_overlap` decades (0.3) in common. An isotherm behind a gap has no shift: it is "unidentified", not extrapolated; so is one whose
    shift is known worse than half a decade.

    `bridge = "arrhenius"` or `"vft"` gives such isotherms the shift of that law through the others, in a column of its own (`by_law_log10`) and without an interval: it is an extrapolation, and the isotherm stays off the master curve. A law
    that the shifts reject bridges nothing.

    `leave_one_out = true` predicts each isotherm from the others: a master curve is made without it, and only its shift (and its factor, where `vertical = "free"`) is found on that. `left_out_rms` is the root of the mean square of its residuals over the error
    of a reading, of the readings within the reduced frequencies of the others: 1 where they predict it. Of 180 isotherms of one process none is above 1.37; of two processes that part with temperature some are at 2.3, and an
    isotherm whose modulus was read 5 % too low is at 10. Above 1.5 an isotherm is named.

    ## Uncertainty
    Inverse of the normal matrix at the solution, the prior included, so that what is unknown about the master curve is part of the error of a shift. Where neighbouring
    residuals are alike (more than twice the error of their correlation $\rho$) all errors grow by $\sqrt{(1+\rho)/(1-\rho)}$. Measured coverage of the 95 % interval: 93.5-96.5 %
    (`docs/coverage.md`). The temperature of an isotherm counts as exact: an error $\sigma_T$ adds $|d\ln a/dT|\,\sigma_T$ to its shift, which no interval here holds.
    $C_1$ and $C_2$ have profile intervals where the law fits (p > 0.05), none where it does not.

    **Test of superposition:** each isotherm may be wider or narrower along $\log\omega$ by a factor of its own (`stretch` in the table); an F test says whether that improves the
    fit. Below 5 % superposition is rejected. The test is to first order, and good data of real materials rarely pass it (polyisoprene in `golden.toml`: residuals of 0.4 %, rejected); the size of `stretch` says how much it matters. The loss angle over the modulus shows the same without any shift.

    Over time there is one channel, and the bias of the smoothing passes for a change of shape: no probability is given there. Isotherms that would follow the master curve better with
    a width that differs by more than a tenth and four standard errors are named (`widths_differ`).

    ## Failure modes
    - **Two processes with different energies** change the shape of isotherms: rejected, if the readings are good enough to show it.
    - **Straight curves** do not know where they are: large errors, or unidentified.
    - **A wrong noise model** gives wrong errors: data with a constant percentage of loss fitted as `modulus_and_phase` cover only 75-85 %; evidence tells the two apart.
    - **Creep of which only flow is seen** is a straight line of slope 1: it has a shift only without free vertical factors.
    - **Flat isotherms of a glass** whose loss is that of the instrument are shifted by that, whatever the material does (EVA of a shipped file: superposition rejected, shifts within half a decade of
      the shipped ones from 25 to 100 °C, none to trust below).
    - **Ramps** are refused: shifts belong to held temperatures.

    ## Measured
    Polyisoprene 94.9 kg/mol, eight isotherms: C1 = 8.68, C2 = 77.7 K at -35 °C with density and temperature as vertical shift (published 8.77 and 79.03), every shift within 0.025 decade. Ten isotherms of 50
    frequencies with 1 % error: errors of 0.0005 to 0.0055 decade, 20 to 45 ms.

    Creep of polystyrene (Plazek 1965), ten isotherms over 15 decades: every shift from 97 to 125 °C within 0.065 decade of the published law; 133.8 and 144.9 °C are 0.17 and 0.44 decade below it and
    are named as wider by 1.3 and 1.6. 20 ms.

    ## References
    M. L. Williams, R. F. Landel, J. D. Ferry, *J. Am. Chem. Soc.* **77**, 3701 (1955). D. J. C. MacKay, *Neural Computation* **4**, 415 (1992). J. C. Qiao et al., *Prog. Mater.
    Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.master_curve"

    bridge: Literal["none", "arrhenius", "vft"] = "none"
    least_overlap: float = 0.3
    leave_one_out: bool = False
    noise: Literal["best", "modulus_and_phase", "relative"] = "best"
    reference_temperature: float | None = None
    temperature_tolerance: float = 1.0
    vertical: Literal["none", "free", "entropic"] = "none"

    def run(
        self,
        data: Data,
        *,
        modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
        thermal_expansion: Quantity | None = None,
        glass_transition_temperature: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `master_curve` for the arguments."""
        return self._run(
            data,
            constants={
                "modulus_kind": modulus_kind,
                "thermal_expansion": thermal_expansion,
                "glass_transition_temperature": glass_transition_temperature,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def master_curve(
    data: Data,
    *,
    bridge: Literal["none", "arrhenius", "vft"] = "none",
    least_overlap: float = 0.3,
    leave_one_out: bool = False,
    noise: Literal["best", "modulus_and_phase", "relative"] = "best",
    reference_temperature: float | None = None,
    temperature_tolerance: float = 1.0,
    vertical: Literal["none", "free", "entropic"] = "none",
    modulus_kind: Literal["tensile", "bending", "shear"] | None = None,
    thermal_expansion: Quantity | None = None,
    glass_transition_temperature: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Time-temperature superposition (`relaxation.master_curve`).

    Shifts of isotherms from one master curve of storage and loss, or of creep or stress relaxation
    over time, that obeys causality, with their covariance and a test of the superposition. See
    `MasterCurve` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    bridge : str, default "none"
        Law that gives a shift to isotherms behind a gap of overlap.
        - `"none"`: None: isotherms behind a gap are unidentified.
        - `"arrhenius"`: One energy.
        - `"vft"`: Vogel, Fulcher and Tammann, or Williams, Landel and Ferry.
    least_overlap : float, default 0.3
        Overlap that ties two isotherms, decades of frequency or time.
    leave_one_out : bool, default False
        Whether each isotherm is predicted from the others.
    noise : str, default "best"
        How readings err; a response over time errs by a share of itself.
        - `"best"`: Whichever of the other two has the higher evidence.
        - `"modulus_and_phase"`: A share of the modulus and an angle of the phase.
        - `"relative"`: A share of the storage and a share of the loss modulus.
    reference_temperature : float | None, default None
        Temperature whose isotherm is not shifted, K; absent: the isotherm whose loss peak lies
        nearest the middle of its frequencies.
    temperature_tolerance : float, default 1.0
        Gap that parts two isotherms, K.
    vertical : str, default "none"
        Factor of the modulus between temperatures.
        - `"none"`: None.
        - `"free"`: One for every temperature, found along with the shifts.
        - `"entropic"`: Density times temperature, as entropic elasticity has it; needs
        thermal_expansion.
    modulus_kind : str
        which modulus the columns hold; tensile and shear differ by 2(1 + ν). Found: the clamp or
        geometry of the instrument.
        - `"tensile"`: Young's modulus in tension or compression
        - `"bending"`: Young's modulus in bending, from the formula of a thin beam
        - `"shear"`: shear modulus, in torsion or between plates
    thermal_expansion : Quantity, in 1/K
        relative change of the volume per kelvin; for vertical shifts by density times temperature.
        Found: dilatometry: three times the linear coefficient.
    glass_transition_temperature : Quantity, in K
        glass transition temperature, for fragility and reduced energies. Found: calorimetry, with
        its heating rate; or the temperature of a relaxation time of 100 s.
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

        - `wlf_c1` (C1): first constant of Williams, Landel and Ferry at the reference temperature
        - `wlf_c2` (C2, K): second constant at the reference temperature
        - `vft_b` (B, K): of ln τ = A + B/(T - T0): C1 C2 ln 10
        - `vft_t0` (T0, K): reference temperature less C2
        - `shift_energy` (E, J/mol): of an Arrhenius law of the shifts
        - `fragility_index` (m): d log10 τ/d(Tg/T) at the stated Tg
        - `superposition_p` (p): probability of so different widths of the isotherms under one
        master curve
        - `modulus_noise` (σ_r): relative error of a modulus, of a storage modulus, or of a reading
        over time
        - `phase_noise` (σ_δ, rad): error of a phase; absent where loss errs by a share of itself

    References
    ----------
    - M. L. Williams, R. F. Landel, J. D. Ferry, J. Am. Chem. Soc. 77, 3701 (1955),
    doi:10.1021/ja01619a008
    - D. J. C. MacKay, Neural Computation 4, 415 (1992), doi:10.1162/neco.1992.4.3.415
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return MasterCurve(
        bridge=bridge,
        least_overlap=least_overlap,
        leave_one_out=leave_one_out,
        noise=noise,
        reference_temperature=reference_temperature,
        temperature_tolerance=temperature_tolerance,
        vertical=vertical,
    ).run(
        data,
        modulus_kind=modulus_kind,
        thermal_expansion=thermal_expansion,
        glass_transition_temperature=glass_transition_temperature,
        channels=channels,
        after=after,
        seed=seed,
    )
