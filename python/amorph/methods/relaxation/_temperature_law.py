# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Relaxation times over temperature (`relaxation.temperature_law`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class TemperatureLaw(Method):
    r"""Relaxation times over temperature (`relaxation.temperature_law`).

    VFT, MYEGA and Arrhenius laws and two branches through relaxation times, viscosities, peak frequencies or shifts; glass transition by convention, fragility, and a test before a kink is named.

    Parameters
    ----------
    draws : int, default 200
        Series simulated from the single law, for the test of a kink.
    significance : float, default 0.05
        Probability below which two branches are called a kink.
    temperature_error : Quantity | None, default None
        Standard error of a temperature, for instance "0.5 K"; it is added to the errors of the
        values by the slope of the law.

    Notes
    -----
    # Relaxation times over temperature

    ## Idea
    How fast relaxation slows on cooling says what kind of liquid it was (its fragility) and whether one process or two were measured. A table of relaxation times, viscosities,
    peak frequencies or shift factors over temperature is fitted with one straight, two bent and one broken law, and only what the readings can tell apart is named.

    ## Equations
    All laws are $\ln y = a + b\,g(T)$, $y$ a time (s), a viscosity (Pa s) or a shift factor; frequencies become times by $\tau = 1/(2\pi f)$ or $1/\omega$.
    $$g_{Arrhenius} = \frac1T,\qquad g_{VFT} = \frac{1}{T-T_0},\qquad g_{MYEGA} = \frac{e^{C/T}}{T}$$
    The last is the law of Mauro et al. in other letters. Two branches: VFT or Arrhenius above $T_x$, Arrhenius below, equal at $T_x$, slopes free.
    $$m = \left.\frac{d\log_{10}\tau}{d(T_g/T)}\right|_{T_g}\quad\Big(\text{VFT: } \frac{B\,T_g}{\ln 10\,(T_g-T_0)^2}\Big),\qquad E_{app} = m R T_g \ln 10$$

    **Which Tg.** $\tau = 100$ s and $\eta = 10^{12}$ Pa s are two conventions; both are printed where `shear_modulus` joins times and viscosities ($\tau = \eta/G$), and agree only for $G = 10$ GPa.
    Fragility is given at a stated `glass_transition_temperature`, else at the convention of the values; a flag says which, and whether it lies outside the readings.

    ## Uncertainty
    Every number that has an interval stands once as a parameter of its own in a refit, and its interval is its profile (VFT parameters are so correlated that symmetric errors would mislead).
    Errors are those of the table, with the slope of the law times `temperature_error` added; without a column of errors the scatter gives their size and Student's t the
    threshold. Stated errors can reject a law (chi-squared, 5 %): its numbers are then shown without intervals. Laws are compared by Akaike's criterion with the correction for few readings;
    Tg and fragility carry the hull of the intervals under all laws within 10 of the best, since which bent law holds is part of what is not known (the interval under the chosen law
    alone covered 83-86 %).

    **A kink** is named only where two branches beat the better of both bent laws by more than chance: the F ratio is compared with that of `draws` series simulated from the single law, because a kink
    that may lie anywhere wins more often than the F distribution allows. Its interval is the profile of the sum of squares over $T_x$. Numbers of the liquid then use the readings above the
    interval's upper end, and the energy of the glass those below its lower end.

    ## Failure modes
    - **Few decades** do not tell VFT from Arrhenius: $T_0$ is "not identified".
    - **Fragility below the coldest reading** is extrapolated by the law: flag and warning.
    - **A glass below Tg that ages** gives times of no equilibrium; the branch below a kink is then the history's.
    - **One Arrhenius process with a prefactor below 1e-16 s** is unphysical: 1.0 eV at 250 K and 1 Hz needs 1e-21 s. The slope is then no barrier.
    - **Systematic errors of temperature** shift Tg and change m; they are in no interval.

    ## References
    H. Vogel, *Phys. Z.* **22**, 645 (1921). G. S. Fulcher, *J. Am. Ceram. Soc.* **8**, 339 (1925). J. C. Mauro et al., *PNAS* **106**, 19780 (2009). C. A. Angell, *Science* **267**, 1924 (1995). J. C. Qiao et al.,
    *Prog. Mater. Sci.* **104**, 250 (2019).
    """
    ID: ClassVar[str] = "relaxation.temperature_law"

    draws: int = 200
    significance: float = 0.05
    temperature_error: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        glass_transition_temperature: Quantity | None = None,
        shear_modulus: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `temperature_law` for the arguments."""
        return self._run(
            data,
            constants={
                "glass_transition_temperature": glass_transition_temperature,
                "shear_modulus": shear_modulus,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def temperature_law(
    data: Data,
    *,
    draws: int = 200,
    significance: float = 0.05,
    temperature_error: Quantity | None = None,
    glass_transition_temperature: Quantity | None = None,
    shear_modulus: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Relaxation times over temperature (`relaxation.temperature_law`).

    VFT, MYEGA and Arrhenius laws and two branches through relaxation times, viscosities, peak
    frequencies or shifts; glass transition by convention, fragility, and a test before a kink is
    named. See `TemperatureLaw` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    draws : int, default 200
        Series simulated from the single law, for the test of a kink.
    significance : float, default 0.05
        Probability below which two branches are called a kink.
    temperature_error : Quantity | None, default None
        Standard error of a temperature, for instance "0.5 K"; it is added to the errors of the
        values by the slope of the law.
    glass_transition_temperature : Quantity, in K
        glass transition temperature, for fragility and reduced energies. Found: calorimetry, with
        its heating rate; or the temperature of a relaxation time of 100 s.
    shear_modulus : Quantity, in Pa
        instantaneous shear modulus; makes relaxation times of viscosities and the reverse. Found:
        ultrasound near the glass transition; 10 GPa is a guess.
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

        - `vft_t0` (T0, K): of ln τ = A + B/(T - T0)
        - `vft_b` (B, K): of the same law
        - `vft_prefactor_log10` (log10 τ0): A/ln 10: log10 of τ (s) or η (Pa s) at infinite
        temperature
        - `arrhenius_energy` (E, J/mol): of one Arrhenius law through all readings
        - `arrhenius_prefactor_log10` (log10 τ0): log10 of its prefactor, s or Pa s
        - `glass_transition_tau100s` (Tg, K): temperature at which τ is 100 s
        - `glass_transition_eta1e12` (Tg, K): temperature at which η is 1e12 Pa s
        - `fragility_index` (m): d log10 τ/d(Tg/T) at Tg: the stated one, else by the convention of
        the values
        - `apparent_energy` (E, J/mol): m R Tg ln 10
        - `apparent_energy_rtg` (E/R Tg): m ln 10
        - `kink_temperature` (T_x, K): where two branches meet, if they are told from one law
        - `energy_below_kink` (E, J/mol): of the Arrhenius law below it
        - `kink_p` (p): share of series without a kink that look as kinked

    References
    ----------
    - H. Vogel, Phys. Z. 22, 645 (1921); G. S. Fulcher, J. Am. Ceram. Soc. 8, 339 (1925),
    doi:10.1111/j.1151-2916.1925.tb16731.x
    - J. C. Mauro et al., PNAS 106, 19780 (2009), doi:10.1073/pnas.0911705106
    - C. A. Angell, Science 267, 1924 (1995), doi:10.1126/science.267.5206.1924
    - J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)
    """
    return TemperatureLaw(
        draws=draws,
        significance=significance,
        temperature_error=temperature_error,
    ).run(
        data,
        glass_transition_temperature=glass_transition_temperature,
        shear_modulus=shear_modulus,
        channels=channels,
        after=after,
        seed=seed,
    )
