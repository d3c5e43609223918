# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Anelastic contact (`indentation.anelastic_contact`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AnelasticContact(Method):
    r"""Anelastic contact (`indentation.anelastic_contact`).

    Shear modulus, relaxation time and viscosity below a sphere from load and hold, with profile intervals per site.

    Parameters
    ----------
    drift : bool, default True
        Whether a constant drift is fitted.
    free_contact_depth : bool, default True
        Whether the depth at contact is fitted; where it is not, depths must begin at zero to a
        small part of the noise.
    loss : str, default "squares"
        How residuals count: `huber` weighs outliers down.
        - `"squares"`: By their squares.
        - `"huber"`: By their squares within 1.345 standard deviations, by their size beyond.
    model : str, default "best"
        What the sample is taken for; `best` lets the Bayesian criterion of all tests of the file
        vote.
        - `"best"`: The model that most tests of the file prefer.
        - `"elastic"`: No relaxation.
        - `"kelvin"`: Spring and dashpot side by side.
        - `"standard_linear"`: The same with a spring in front.
    noise : str, default "white"
        Whether the noise is white or correlated from sample to sample.
        - `"white"`: Every sample on its own.
        - `"autoregressive"`: Correlated from sample to sample (autoregressive of first order).
    segment : str, default "load_and_hold"
        What is fitted: the rise of the load and the hold, or the rise alone, which tells far less.
        - `"load_and_hold"`: From contact to the end of the hold.
        - `"loading"`: The rise of the load.

    Notes
    -----
    # Anelastic contact

    ## Idea
    A sphere is pressed into a glass within a millisecond and kept there. An elastic body follows at once; a glass that relaxes lags behind Hertz's curve by its
    relaxation time. From load and depth over time follow the shear modulus $G$, the retardation time $t_c$ and the viscosity $\eta = G t_c$ of the place below the
    tip.

    ## Equations
    With the creep compliance $J(t)$ in shear and a contact that does not shrink (Lee and Radok),
    $$h^{3/2}(t) = \frac{3(1-\nu)}{8\sqrt{R}}\int_0^t J(t-s)\,dP(s)$$
    Elastic: $J = 1/G$. Kelvin: $J = (1-e^{-t/t_c})/G$. Standard linear solid: $J = 1/G_u + (1-e^{-t/t_c})/G_d$; its relaxed modulus is $1/G = 1/G_u + 1/G_d$ and $t_c$ is the
    retardation time. The names of springs and dashpots differ between the paper's equations, hence the definition by $J$.

    The measured load is used, not the demanded one. Between samples it is a straight line, for which the integral is exact:
    $y' = (P-y)/t_c$, $q = (1-w)P + w y$, $w = G/G_d$, and
    $$h = c\,q^{2/3} + h_c + v t,\qquad c = \left(\frac{3(1-\nu)}{8\sqrt{R}\,G}\right)^{2/3}$$
    Where an approach was recorded, contact is the row from which the load rises, by the power of time (1, 3/2 or 2) that fits best up to half of
    the peak; the depth is not used for that, because a body that relaxes follows late and would move the contact (by ten per cent in $G$).
    The contact depth $h_c$ is free (1 nm left out changes $G$ by 5.7 % and $t_c$ by 8.5 %) unless `free_contact_depth = false` says that depths begin at zero; the drift $v$ is free by default. $c$, $h_c$ and $v$ are linear and eliminated;
    $t_c$ and $w$ are found from a grid and refined by Levenberg and Marquardt.

    Where `temperature` and `attempt_frequency` are stated, $1/t_c = 2\omega e^{-\Delta G/kT}$ gives an energy per site.

    ## Which model
    `model = "best"` counts for each test the model of the smallest Bayesian criterion and takes that of most tests for all of them, so that one map has one model.

    ## Outliers, correlated noise, inertia
    The chosen model is refitted where that is asked for, and intervals are then those of the curvature of the likelihood:
    `loss = "huber"` weighs outliers down; `noise = "autoregressive"` lets neighbouring samples share their error, as behind a filter; with the constants
    `transducer_mass` and `transducer_damping` the load of the actuator is not that of the contact, and
    $$m\ddot h + c\dot h + k h + F(h,\dot h) = P(t)$$
    is solved from rest at contact for every trial of the parameters. $k$ (`transducer_stiffness`) is zero where the instrument has taken the springs off.

    ## Uncertainty
    Kelvin: profile-likelihood intervals of $G$, $t_c$ and $\eta$, the extremes over the region in which the likelihood falls by no more than that of one parameter at
    95 %. Elastic and standard linear solid: from the curvature of the likelihood. Errors of $R$ and $\nu$ are common to all sites and kept apart as systematic:
    $dG/G = -\tfrac12 dR/R$, $dG/G = -d\nu/(1-\nu)$. Coverage: `docs/coverage.md`.

    ## What is identified
    - $t_c$ far below the sampling interval: only $G$; $t_c$ gets a one-sided upper limit and $\eta$ none.
    - $t_c$ far above the duration: only $G t_c$.
    - The rise alone (`segment = "loading"`, 30 samples, 1 nm noise, contact known): $G$ to 11 %, $t_c$ to 27 %; with a hold of 20 ms 0.2 % and 4 %. A free contact depth, which only the rise tells, costs $G$ a factor of nine.

    ## Failure modes
    - **Inertia.** A transducer of 0.25 g on a contact of 44 kN/m rings at 2 kHz, 0.5 ms: as long as the rise. State mass and damping of the indenter, or measure fused silica with the same load function and state its
      limit as `reference_relaxation_time`; sites below twice that are flagged `instrument_limited`.
    - **Pop-in.** Only what lies before it is fitted.
    - **Depth above a tenth of the radius, thin films, neighbouring indents** are warned about. At 800 µN and $R$ = 2 µm the contact radius is 234 nm: sites 100 nm apart
      overlap, and the largest shear stress, 2.2 GPa, is that of pop-ins.
    - Unloading is not fitted: the superposition does not hold while the contact shrinks.

    ## References
    Qiao et al. (2019), section 3.2. E. H. Lee, J. R. M. Radok, *J. Appl. Mech.* **27**, 438 (1960). K. L. Johnson, *Contact Mechanics* (1985).
    """
    ID: ClassVar[str] = "indentation.anelastic_contact"

    drift: bool = True
    free_contact_depth: bool = True
    loss: Literal["squares", "huber"] = "squares"
    model: Literal["best", "elastic", "kelvin", "standard_linear"] = "best"
    noise: Literal["white", "autoregressive"] = "white"
    segment: Literal["load_and_hold", "loading"] = "load_and_hold"

    def run(
        self,
        data: Data,
        *,
        tip_radius: Quantity | None = None,
        poisson_ratio: Quantity | None = None,
        temperature: Quantity | None = None,
        attempt_frequency: Quantity | None = None,
        reference_relaxation_time: Quantity | None = None,
        film_thickness: Quantity | None = None,
        transducer_mass: Quantity | None = None,
        transducer_damping: Quantity | None = None,
        transducer_stiffness: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anelastic_contact` for the arguments."""
        return self._run(
            data,
            constants={
                "tip_radius": tip_radius,
                "poisson_ratio": poisson_ratio,
                "temperature": temperature,
                "attempt_frequency": attempt_frequency,
                "reference_relaxation_time": reference_relaxation_time,
                "film_thickness": film_thickness,
                "transducer_mass": transducer_mass,
                "transducer_damping": transducer_damping,
                "transducer_stiffness": transducer_stiffness,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def anelastic_contact(
    data: Data,
    *,
    drift: bool = True,
    free_contact_depth: bool = True,
    loss: Literal["squares", "huber"] = "squares",
    model: Literal["best", "elastic", "kelvin", "standard_linear"] = "best",
    noise: Literal["white", "autoregressive"] = "white",
    segment: Literal["load_and_hold", "loading"] = "load_and_hold",
    tip_radius: Quantity | None = None,
    poisson_ratio: Quantity | None = None,
    temperature: Quantity | None = None,
    attempt_frequency: Quantity | None = None,
    reference_relaxation_time: Quantity | None = None,
    film_thickness: Quantity | None = None,
    transducer_mass: Quantity | None = None,
    transducer_damping: Quantity | None = None,
    transducer_stiffness: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Anelastic contact (`indentation.anelastic_contact`).

    Shear modulus, relaxation time and viscosity below a sphere from load and hold, with profile
    intervals per site. See `AnelasticContact` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    drift : bool, default True
        Whether a constant drift is fitted.
    free_contact_depth : bool, default True
        Whether the depth at contact is fitted; where it is not, depths must begin at zero to a
        small part of the noise.
    loss : str, default "squares"
        How residuals count: `huber` weighs outliers down.
        - `"squares"`: By their squares.
        - `"huber"`: By their squares within 1.345 standard deviations, by their size beyond.
    model : str, default "best"
        What the sample is taken for; `best` lets the Bayesian criterion of all tests of the file
        vote.
        - `"best"`: The model that most tests of the file prefer.
        - `"elastic"`: No relaxation.
        - `"kelvin"`: Spring and dashpot side by side.
        - `"standard_linear"`: The same with a spring in front.
    noise : str, default "white"
        Whether the noise is white or correlated from sample to sample.
        - `"white"`: Every sample on its own.
        - `"autoregressive"`: Correlated from sample to sample (autoregressive of first order).
    segment : str, default "load_and_hold"
        What is fitted: the rise of the load and the hold, or the rise alone, which tells far less.
        - `"load_and_hold"`: From contact to the end of the hold.
        - `"loading"`: The rise of the load.
    tip_radius : Quantity, in m
        radius of the spherical tip, with its error; the modulus goes with its inverse root. Found:
        indents of fused silica, or an electron micrograph.
    poisson_ratio : Quantity, a plain number
        Poisson's ratio of the sample; the shear modulus goes with 1 - ν. Found: ultrasound, or the
        literature of the alloy (Vit105: 0.363).
    temperature : Quantity, in K
        temperature of the sample. Found: the protocol of the measurement.
    attempt_frequency : Quantity, in 1/s
        attempt frequency of the elementary event; a factor of 10 is 0.059 eV at room temperature.
        Found: the Debye frequency of the glass; 0.62 eV at 1 kHz in Lu et al. imply 1.5e13 1/s.
    reference_relaxation_time : Quantity, in s
        upper limit of the relaxation time that the same load function shows on an elastic body:
        what the instrument adds. Found: this method on a record of fused silica.
    film_thickness : Quantity, in m
        thickness of the film; for the warnings about the substrate. Found: a cross-section or the
        deposition protocol.
    transducer_mass : Quantity, in kg
        mass of the moving part of the indenter; with transducer_damping its inertia is part of the
        fit. Found: the free oscillation of the indenter in air, or its manufacturer.
    transducer_damping : Quantity, in N s/m
        damping of the moving part of the indenter. Found: the free oscillation of the indenter in
        air.
    transducer_stiffness : Quantity, in N/m
        stiffness of the suspension of the indenter that the load still holds; 0 where the
        instrument has taken it off. Found: the free oscillation of the indenter in air.
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

        - `shear_modulus` (G, Pa): relaxed shear modulus of the site
        - `relaxation_time` (t_c, s): retardation time of the site
        - `relaxation_time_upper_limit` (t_c, s): one-sided 95 % limit where the time is not
        identified
        - `viscosity` (η, Pa s): G t_c
        - `instantaneous_modulus` (G_u, Pa): modulus of the first response (standard linear solid)
        - `activation_energy` (ΔG, J): kT ln(2 ω t_c)
        - `n_sites` (n): tests that were fitted
        - `share_identified` (): share of the fitted tests whose relaxation time is identified

    References
    ----------
    - Qiao et al. (2019), review, section 3.2
    - E. H. Lee, J. R. M. Radok, J. Appl. Mech. 27, 438 (1960)
    - K. L. Johnson, Contact Mechanics (Cambridge, 1985), chapter 4
    """
    return AnelasticContact(
        drift=drift,
        free_contact_depth=free_contact_depth,
        loss=loss,
        model=model,
        noise=noise,
        segment=segment,
    ).run(
        data,
        tip_radius=tip_radius,
        poisson_ratio=poisson_ratio,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
        reference_relaxation_time=reference_relaxation_time,
        film_thickness=film_thickness,
        transducer_mass=transducer_mass,
        transducer_damping=transducer_damping,
        transducer_stiffness=transducer_stiffness,
        channels=channels,
        after=after,
        seed=seed,
    )
