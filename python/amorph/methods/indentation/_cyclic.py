# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Cyclic indentation (`indentation.cyclic`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Cyclic(Method):
    r"""Cyclic indentation (`indentation.cyclic`).

    Energy lost per cycle, loss tangent over frequency with its relaxation time, and the activation energy.

    Parameters
    ----------
    known_energy : Quantity | None, default None
        A barrier known at another frequency, for the conversion between frequencies; needs
        `known_frequency` too.
    known_frequency : Quantity | None, default None
        The frequency at which that barrier holds.
    new_frequency : Quantity | None, default None
        The frequency to which it is converted.

    Notes
    -----
    # Cyclic indentation

    ## Idea
    A load that swings makes the depth swing with a lag. The area of the loop is the energy that the glass takes per cycle; over frequency it has a peak where events are as fast
    as the load. From the time of the peak follows the barrier of the events.

    ## Equations
    Per cycle, its own straight drift taken off, the first cycle left out:
    $$\Delta W = \oint P\,dh,\qquad \tan\delta\ \text{from the first harmonics of}\ P\ \text{and}\ h$$
    Over frequency, $x = 2\pi f\tau$:
    $$\tan\delta(f) = D\,\frac{2x}{1+x^2},\qquad \Delta G = kT\ln(2\omega\tau)$$
    Lu et al. write $1/f = e^{\Delta G/kT}/(2\omega)$: the time of an event is $1/f$. At a loss peak it is $\tau = 1/(2\pi f)$. The two differ by $kT\ln 2\pi$ = 0.047 eV at 298 K.
    `energy_convention` says which (`peak` or `paper`); for a fitted peak it is `peak` where nothing is stated, and the result carries the word.

    A known barrier is converted to another frequency by $\Delta G_2 = \Delta G_1 - kT\ln(f_2/f_1)$: 0.62 eV at 1 kHz is 0.502 eV at 100 kHz and 298 K. The parameters
    `known_energy`, `known_frequency` and `new_frequency` do that.

    ## One frequency gives no barrier
    One loop tells its energy, not how fast the events are. Then the loss tangent and the energy are given, and the barrier only as what its definition says of the test
    frequency (`activation_energy_by_definition`), which needs `energy_convention`: that number holds nothing about the sample.

    ## Uncertainty
    Loss tangent and energy: Student's interval over cycles. $\tau$: weighted least squares over frequencies, the errors from the scatter over cycles, widened where the peak is
    not that of one time; no interval where a frequency has fewer than six cycles. $\Delta G$ carries it; the attempt frequency is an input and never part of the interval (a factor of 10 is 0.059 eV).

    ## Failure modes
    - A peak at the edge of the frequencies: refused. A distribution of times: a note, and $\tau$ is that of the middle of the peak.
    - The lag of the instrument adds to $\delta$; measure an elastic reference.

    ## References
    Lu et al. (2016). Y. Yang, J. F. Zeng, J. C. Ye, J. Lu, *Appl. Phys. Lett.* **97**, 261905 (2010).
    """
    ID: ClassVar[str] = "indentation.cyclic"

    known_energy: Quantity | None = None
    known_frequency: Quantity | None = None
    new_frequency: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        temperature: Quantity | None = None,
        attempt_frequency: Quantity | None = None,
        energy_convention: Literal["peak", "paper"] | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `cyclic` for the arguments."""
        return self._run(
            data,
            constants={
                "temperature": temperature,
                "attempt_frequency": attempt_frequency,
                "energy_convention": energy_convention,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def cyclic(
    data: Data,
    *,
    known_energy: Quantity | None = None,
    known_frequency: Quantity | None = None,
    new_frequency: Quantity | None = None,
    temperature: Quantity | None = None,
    attempt_frequency: Quantity | None = None,
    energy_convention: Literal["peak", "paper"] | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Cyclic indentation (`indentation.cyclic`).

    Energy lost per cycle, loss tangent over frequency with its relaxation time, and the activation
    energy. See `Cyclic` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    known_energy : Quantity | None, default None
        A barrier known at another frequency, for the conversion between frequencies; needs
        `known_frequency` too.
    known_frequency : Quantity | None, default None
        The frequency at which that barrier holds.
    new_frequency : Quantity | None, default None
        The frequency to which it is converted.
    temperature : Quantity, in K
        temperature of the sample. Found: the protocol of the measurement.
    attempt_frequency : Quantity, in 1/s
        attempt frequency of the elementary event; a factor of 10 is 0.059 eV at room temperature.
        Found: the Debye frequency of the glass; 0.62 eV at 1 kHz in Lu et al. imply 1.5e13 1/s.
    energy_convention : str
        how a frequency becomes the time of an event. Found: peak, unless numbers of Lu et al. are
        to be compared.
        - `"peak"`: the time of an event is 1/(2π f): right for the frequency of a loss peak
        - `"paper"`: the time of an event is 1/f, as Lu et al. (2016) write; 0.047 eV more at 298 K
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

        - `loss_tangent` (tan δ): loss tangent, where there is one frequency
        - `energy_per_cycle` (ΔW, J): energy lost per cycle, where there is one frequency
        - `relaxation_time` (τ, s): of the loss peak
        - `peak_height` (tan δ): height of the loss peak
        - `activation_energy` (ΔG, J): kT ln(2 ω τ) of the loss peak
        - `activation_energy_by_definition` (ΔG, J): kT ln(2 ω/f) of the test frequency: no
        measurement
        - `converted_energy` (ΔG, J): a known barrier at another frequency

    References
    ----------
    - Lu et al. (2016)
    - Y. Yang, J. F. Zeng, J. C. Ye, J. Lu, Appl. Phys. Lett. 97, 261905 (2010)
    """
    return Cyclic(
        known_energy=known_energy,
        known_frequency=known_frequency,
        new_frequency=new_frequency,
    ).run(
        data,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
        energy_convention=energy_convention,
        channels=channels,
        after=after,
        seed=seed,
    )
