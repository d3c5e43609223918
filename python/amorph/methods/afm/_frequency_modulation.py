# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Energy dissipated per cycle in frequency modulation (`dafm.frequency_modulation`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class FrequencyModulation(Method):
    r"""Energy dissipated per cycle in frequency modulation (`dafm.frequency_modulation`).

    Turns the excitation channel of a self-driven cantilever into the energy that the sample takes in each cycle.

    Parameters
    ----------
    max_negative_fraction : float, default 0.01
        Share of pixels with negative energy above which the result is refused: a passive sample
        cannot return energy.

    Notes
    -----
    # Energy per cycle in frequency modulation

    ## Idea
    In frequency modulation a controller keeps the amplitude of the cantilever constant and drives it at its own resonance. The drive then delivers exactly what is lost, and delivers it in proportion to the
    excitation. Twice the excitation of free air means that the sample takes as much as air and cantilever.

    ## Equation
    With the spring constant $k$, the quality factor $Q$ without the sample, the amplitude $A$ and the excitation $\mathrm{Exc}_0$ far from the sample **at this amplitude**:

    $$E = \frac{\pi k A^2}{Q}\left(\frac{\mathrm{Exc}}{\mathrm{Exc}_0} - 1\right)$$

    It is the power balance of `dafm.dissipation` at $\varphi = \varphi_f = 90°$, with $A_f/A$ replaced by $\mathrm{Exc}/\mathrm{Exc}_0$. The shift of the frequency enters as $f/f_0$, a part in a thousand, and is left out.

    ## Input
    A map `excitation` (the channel *Excitation* of Nanonis files) and the constants `spring_constant`, `quality_factor`, `oscillation_amplitude`, `excitation_free`. Without `excitation_free` nothing is given: no
    pixel of the image is known to be free of dissipation.

    ## Uncertainty
    Statistical: the interval of the mean as in `dafm.dissipation`. Calibration: the errors of $k$ and $Q$ enter once, that of $A$ twice, that of $\mathrm{Exc}_0$ multiplies $\pi k A^2/Q$ times the ratio, so that small energies
    rest on it alone.

    ## Failure modes
    - More than 1 % of the pixels below $\mathrm{Exc}_0$: refused, since a passive sample returns no energy.
    - The transfer function of the actuator near $f_0$ changes with frequency shift and imitates dissipation; so does a phase lock that is not at resonance.

    ## References
    Anczykowski, Gotsmann, Fuchs, Cleveland, Elings, *Appl. Surf. Sci.* **140**, 376 (1999).
    """
    ID: ClassVar[str] = "dafm.frequency_modulation"

    max_negative_fraction: float = 0.01

    def run(
        self,
        data: Data,
        *,
        spring_constant: Quantity | None = None,
        quality_factor: Quantity | None = None,
        oscillation_amplitude: Quantity | None = None,
        excitation_free: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `frequency_modulation` for the arguments."""
        return self._run(
            data,
            constants={
                "spring_constant": spring_constant,
                "quality_factor": quality_factor,
                "oscillation_amplitude": oscillation_amplitude,
                "excitation_free": excitation_free,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def frequency_modulation(
    data: Data,
    *,
    max_negative_fraction: float = 0.01,
    spring_constant: Quantity | None = None,
    quality_factor: Quantity | None = None,
    oscillation_amplitude: Quantity | None = None,
    excitation_free: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Energy dissipated per cycle in frequency modulation (`dafm.frequency_modulation`).

    Turns the excitation channel of a self-driven cantilever into the energy that the sample takes
    in each cycle. See `FrequencyModulation` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    max_negative_fraction : float, default 0.01
        Share of pixels with negative energy above which the result is refused: a passive sample
        cannot return energy.
    spring_constant : Quantity, in N/m
        spring constant of the cantilever, with its error ("40 +- 4 N/m"). Found: Asylum: note key
        SpringConstant; elsewhere: the thermal tune; image files of Bruker/Veeco do not hold it.
    quality_factor : Quantity, a plain number
        quality factor of the resonance in air near the surface. Found: Asylum: note keys ThermalQ,
        TuneQResult; elsewhere: the resonance curve.
    oscillation_amplitude : Quantity, in m
        amplitude that the controller keeps in frequency modulation. Found: the amplitude set point
        of the oscillation control times its calibration.
    excitation_free : Quantity, in V
        excitation that keeps this amplitude far from the sample, in frequency modulation. Found:
        the excitation channel with the tip lifted off, at the same amplitude.
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

        - `dissipated_energy_mean` (⟨E⟩, J): mean energy dissipated per cycle
        - `dissipated_energy_sd` (σ_E, J): standard deviation of the energy over the pixels
        - `excitation_ratio_mean` (⟨Exc/Exc0⟩): mean excitation over that in free air
        - `intrinsic_loss` (E0, J): energy that air and cantilever take in a cycle
        - `fraction_negative` (f_neg): share of pixels with negative energy

    References
    ----------
    - B. Anczykowski, B. Gotsmann, H. Fuchs, J. P. Cleveland, V. B. Elings, Appl. Surf. Sci. 140,
    376 (1999)
    """
    return FrequencyModulation(
        max_negative_fraction=max_negative_fraction,
    ).run(
        data,
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        oscillation_amplitude=oscillation_amplitude,
        excitation_free=excitation_free,
        channels=channels,
        after=after,
        seed=seed,
    )
