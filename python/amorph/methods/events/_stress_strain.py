# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Stress, strain and resistivity of a pillar (`events.stress_strain`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class StressStrain(Method):
    r"""Stress, strain and resistivity of a pillar (`events.stress_strain`).

    Engineering stress and strain of a tapered pillar with the yielding of frame, base and punch taken off, and the change of its resistivity with its shape taken off.

    Parameters
    ----------
    contact_depth : Quantity | None, default None
        Depth at which the punch touches, for instance "12 nm"; from a straight line through the
        rise of the load if absent.
    elastic_range : tuple[float, float], default (0.1, 0.4)
        Shares of the peak load between which that line is laid.
    geometry : str, default "elastic"
        How the cross-section follows the strain.
        - `"elastic"`: It widens by Poisson's ratio: before the first pop-in.
        - `"volume_conserving"`: Its volume stays: after large plastic strain.
        - `"as_printed"`: As printed by Yang et al.: (1 + 3ν) e/(1 + e), for comparison.
    rows : int, default 5000
        Most rows of the table of stress, strain and resistivity of a test; longer tests are
        averaged over stretches of samples.
    settling_time : Quantity | None, default None
        Time at the start of a test whose current is left out; where the noise has settled if
        absent.

    Notes
    -----
    # Stress, strain and resistivity of a pillar

    Load, depth and current of a pressed pillar as stress, strain and a change of the resistivity, with everything that was taken off named.

    ## Stress and strain

    $$\sigma = \frac{4P}{\pi d^2}, \qquad e = \frac{h - h_0 - h_c}{H_0}, \qquad
    h_c = C_f P + \frac{P(1-\nu_s^2)}{2E_s r_b} + \frac{P(1-\nu_i^2)}{2E_i r_t}$$

    compression positive; $d = 2r_t$ is the diameter of the top, $r_b = r_t + H_0\tan\theta$ the radius of the bottom. $h_c$ is what frame, base and punch yield
    (Sneddon's flat punch on a half-space); each term is taken off where its constants are given. $h_0$, the depth of contact, is where a straight line
    through the rise of the load, between two shares of its peak and before the first pop-in there, has no load: a toe of misalignment moves it, the smallest depth of the record
    says nothing about it. `contact_depth` replaces it.

    The slope of that line gives a modulus, $E = k H_0/(\pi r_t r_b)$ for an elastic tapered pillar.

    ## Resistivity

    At constant voltage, $R = V/I$ (less `series_resistance`) changes with the resistivity and with the shape:

    $$\ln\frac{\rho}{\rho_0} = \ln\frac{R}{R_0} - \ln G(e), \qquad
    G = \frac{\int (1 - \epsilon)(1 + \nu\epsilon)^{-2} A^{-1}\,dz}{\int A^{-1}\,dz}, \qquad \epsilon(z) = e\,\frac{A^{-1}}{\langle A^{-1}\rangle}$$

    For a cylinder $G = (1-e)/(1+\nu e)^2$, which is $-(1 + 2\nu)e$ to first order; a taper multiplies that by $(q + 1 + 1/q)/3$ with $q = r_b/r_t$
    (1.009 for 2 deg and $H_0 = 5 r_t$, 1.018 for 3 deg). `geometry = "volume_conserving"` takes $(1-\epsilon)^2$ instead, for plastic strain.
    `"as_printed"` is the term of Yang et al., $(1+3\nu)e/(1+e)$: their coefficient is 2 at $\nu = 1/3$ where the derivation gives 1.667, and its denominator
    belongs to strains positive in tension.

    Without `series_resistance` the change is *apparent*: the pillar alone resists some ohms, the circuits of such tests hundreds and more, so
    that a change of the pillar shows diminished by the share it has of the total. The name of the result says so.

    $\rho_0$ is the mean of the first 50 samples after the noise of the current has settled.

    ## Failure modes

    Plastic strain widens a tapered pillar at its top, not evenly. A contact that improves under load looks like a falling resistivity. The noise of
    the depth enters with $(1 + 2\nu)\sigma_h/H_0$: 3e-5 for 0.1 nm and 5 µm, 3e-4 for 1 nm; therefore `events.spikes` searches the resistance, without the depth.
    """
    ID: ClassVar[str] = "events.stress_strain"

    contact_depth: Quantity | None = None
    elastic_range: tuple[float, float] = (0.1, 0.4)
    geometry: Literal["elastic", "volume_conserving", "as_printed"] = "elastic"
    rows: int = 5000
    settling_time: Quantity | None = None

    def run(
        self,
        data: Data,
        *,
        top_diameter: Quantity | None = None,
        pillar_height: Quantity | None = None,
        taper_angle: Quantity | None = None,
        poisson_ratio: Quantity | None = None,
        frame_compliance: Quantity | None = None,
        base_modulus: Quantity | None = None,
        base_poisson_ratio: Quantity | None = None,
        punch_modulus: Quantity | None = None,
        punch_poisson_ratio: Quantity | None = None,
        voltage: Quantity | None = None,
        series_resistance: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `stress_strain` for the arguments."""
        return self._run(
            data,
            constants={
                "top_diameter": top_diameter,
                "pillar_height": pillar_height,
                "taper_angle": taper_angle,
                "poisson_ratio": poisson_ratio,
                "frame_compliance": frame_compliance,
                "base_modulus": base_modulus,
                "base_poisson_ratio": base_poisson_ratio,
                "punch_modulus": punch_modulus,
                "punch_poisson_ratio": punch_poisson_ratio,
                "voltage": voltage,
                "series_resistance": series_resistance,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def stress_strain(
    data: Data,
    *,
    contact_depth: Quantity | None = None,
    elastic_range: tuple[float, float] = (0.1, 0.4),
    geometry: Literal["elastic", "volume_conserving", "as_printed"] = "elastic",
    rows: int = 5000,
    settling_time: Quantity | None = None,
    top_diameter: Quantity | None = None,
    pillar_height: Quantity | None = None,
    taper_angle: Quantity | None = None,
    poisson_ratio: Quantity | None = None,
    frame_compliance: Quantity | None = None,
    base_modulus: Quantity | None = None,
    base_poisson_ratio: Quantity | None = None,
    punch_modulus: Quantity | None = None,
    punch_poisson_ratio: Quantity | None = None,
    voltage: Quantity | None = None,
    series_resistance: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Stress, strain and resistivity of a pillar (`events.stress_strain`).

    Engineering stress and strain of a tapered pillar with the yielding of frame, base and punch
    taken off, and the change of its resistivity with its shape taken off. See `StressStrain` for
    the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    contact_depth : Quantity | None, default None
        Depth at which the punch touches, for instance "12 nm"; from a straight line through the
        rise of the load if absent.
    elastic_range : tuple[float, float], default (0.1, 0.4)
        Shares of the peak load between which that line is laid.
    geometry : str, default "elastic"
        How the cross-section follows the strain.
        - `"elastic"`: It widens by Poisson's ratio: before the first pop-in.
        - `"volume_conserving"`: Its volume stays: after large plastic strain.
        - `"as_printed"`: As printed by Yang et al.: (1 + 3ν) e/(1 + e), for comparison.
    rows : int, default 5000
        Most rows of the table of stress, strain and resistivity of a test; longer tests are
        averaged over stretches of samples.
    settling_time : Quantity | None, default None
        Time at the start of a test whose current is left out; where the noise has settled if
        absent.
    top_diameter : Quantity, in m
        diameter of the top of the pillar. Found: an electron micrograph of the pillar before the
        test; micrometres, not the "mm" of extracted text.
    pillar_height : Quantity, in m
        height of the pillar. Found: an electron micrograph of the pillar before the test.
    taper_angle : Quantity, in deg
        angle between the side of the pillar and its axis. Found: an electron micrograph of the
        pillar from the side; 0 for a cylinder.
    poisson_ratio : Quantity, a plain number
        Poisson ratio of the pillar. Found: ultrasound on the bulk glass, or a table; it scales what
        strain does to the resistance.
    frame_compliance : Quantity, in m/N
        what the frame of the instrument yields per load. Found: the calibration of the instrument
        on fused silica; 0 where its software takes it off already.
    base_modulus : Quantity, in Pa
        Young's modulus of the base, into which the pillar sinks. Found: for a pillar milled into
        its own material, that of the glass.
    base_poisson_ratio : Quantity, a plain number
        Poisson ratio of the base. Found: for a pillar milled into its own material, that of the
        glass.
    punch_modulus : Quantity, in Pa
        Young's modulus of the punch. Found: diamond: 1140 GPa.
    punch_poisson_ratio : Quantity, a plain number
        Poisson ratio of the punch. Found: diamond: 0.07.
    voltage : Quantity, in V
        voltage that is kept across punch, pillar and base. Found: the settings of the test; the
        source paper prints 5 V in one place and 15 V in another, so there is no default.
    series_resistance : Quantity, in Ω
        resistance of everything in the circuit but the pillar: contacts, punch, base. Found: a test
        of the punch on a conductor of known resistance; without it changes of the resistivity are
        apparent.
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

        - `peak_stress` (σ_max, Pa): highest engineering stress of all tests
        - `peak_strain` (e_max): engineering strain at the highest load, mean over tests
        - `contact_depth` (h₀, m): depth at which the punch touches, of the first test
        - `loading_modulus` (E, Pa): Young's modulus from the slope of the rise, mean over tests
        - `apparent_relative_resistivity_change` (Δρ/ρ₀): change from the start to the end of the
        last segment, mean over tests; apparent without series_resistance
        - `largest_current_density` (j, A/m^2): largest current over the area of the top
        - `largest_power` (IV, W): largest power in the circuit

    References
    ----------
    - Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing
    stochastic nano-scale inelastic events in stressed amorphous metal)
    - I. N. Sneddon, Int. J. Eng. Sci. 3, 47 (1965), doi:10.1016/0020-7225(65)90019-4
    """
    return StressStrain(
        contact_depth=contact_depth,
        elastic_range=elastic_range,
        geometry=geometry,
        rows=rows,
        settling_time=settling_time,
    ).run(
        data,
        top_diameter=top_diameter,
        pillar_height=pillar_height,
        taper_angle=taper_angle,
        poisson_ratio=poisson_ratio,
        frame_compliance=frame_compliance,
        base_modulus=base_modulus,
        base_poisson_ratio=base_poisson_ratio,
        punch_modulus=punch_modulus,
        punch_poisson_ratio=punch_poisson_ratio,
        voltage=voltage,
        series_resistance=series_resistance,
        channels=channels,
        after=after,
        seed=seed,
    )
