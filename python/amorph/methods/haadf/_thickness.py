# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Thickness from energy losses (`haadf.thickness`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Quantity, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Thickness(Method):
    r"""Thickness from energy losses (`haadf.thickness`).

    Thickness of a foil from the logarithm of all electrons over those without energy loss, with the mean free path from density and angles.

    Parameters
    ----------
    counts_per_electron : float, default 1.0
        Counts of the detector per electron; the error from counting rests on it.

    Notes
    -----
    # Thickness from energy losses

    Electrons that cross a foil of thickness $t$ lose energy on average $t/\lambda$ times, $\lambda$ the mean free path. Losses are independent, so the share that
    loses nothing is $e^{-t/\lambda}$, and

    $$ \frac{t}{\lambda} = \ln\frac{I_t}{I_0} $$

    with all electrons $I_t$ and those of the zero-loss peak $I_0$. The input is one low-loss spectrum (a table with a column in eV and one of counts) or a
    spectrum image (any order of axes, one of them energy); of a spectrum image the result is a map.

    ## How it is done

    1. The peak is found as the highest one and its centre and width by a Gaussian through its upper part, in every spectrum: spectrometers drift. Where the
       axis begins early enough, the mean far before the peak is taken off as dark level.
    2. $I_0$ is everything up to three quarters of the width beyond the top, and beyond that the mirror image of the left flank: losses begin
       at zero, the left side knows none. The table `zero_loss_choices` shows two others: a Gaussian, and everything below the first minimum.
       The difference to the Gaussian is given as systematic error.
    3. $I_t$ is the sum above the dark level from six widths before the peak to the end of the axis, and what lies beyond it by a power law through the
       last quarter (`beyond_axis`).
    4. The mean free path follows Iakoubovskii et al. (2008) for mass density $\rho$ (g/cm³), energy $E_0$ (keV), semi-angles of convergence $\alpha$ and collection
       $\beta$ (mrad):

    $$ F = \frac{1+E_0/1022}{(1+E_0/511)^2},\quad \theta_E = \frac{5.5\rho^{0.3}}{FE_0},\quad \theta_C = 20,\quad
    \frac1\lambda = \frac{11\rho^{0.3}}{200FE_0}\ln\left[\frac{\alpha^2+\beta^2+2\theta_E^2+|\alpha^2-\beta^2|}{\alpha^2+\beta^2+2\theta_C^2+|\alpha^2-\beta^2|}\,\frac{\theta_C^2}{\theta_E^2}\right] \mathrm{nm}^{-1}. $$

    ## Uncertainty

    The interval of $t/\lambda$ is from counting alone: every electron of the flank counts twice in $I_0$, so the variance is $\sum n_i(1/I_t-w_i/I_0)^2$, a little
    more than the usual $1/I_0-1/I_t$. State `counts_per_electron` where the detector does not count single electrons: counts taken as electrons make the error
    too small. The mean free path of the formula is good to 20 %; that part is *common to all places* and is given apart as systematic error. Ratios of thicknesses are
    only limited by counting. A map has no interval: its places are no repetitions.

    ## What can go wrong

    | in the data | what happens |
    |---|---|
    | no zero-loss peak on the axis, or cut by its beginning | refused, with the limits of the axis |
    | flat top of the peak | warning: saturated, the thickness is too large |
    | $t/\lambda$ above 2 | warning |
    | more than 2 % beyond the axis | warning: the end is extrapolated |
    | angles in the wrong unit | mean free paths outside 20 to 400 nm warn |
    | uneven or falling energies | refused, with the row |
    | energy axis without unit | refused, with its name |

    ## References

    K. Iakoubovskii, K. Mitsuishi, Y. Nakayama, K. Furuya, Microsc. Res. Tech. 71, 626 (2008). R. F. Egerton, *Electron Energy-Loss Spectroscopy in the Electron
    Microscope*, 3rd ed. (Springer, 2011). Idrissi et al., Scientific Reports 9, 13426 (2019).
    """
    ID: ClassVar[str] = "haadf.thickness"

    counts_per_electron: float = 1.0

    def run(
        self,
        data: Data,
        *,
        beam_voltage: Quantity | None = None,
        convergence_semi_angle: Quantity | None = None,
        collection_semi_angle: Quantity | None = None,
        mass_density: Quantity | None = None,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `thickness` for the arguments."""
        return self._run(
            data,
            constants={
                "beam_voltage": beam_voltage,
                "convergence_semi_angle": convergence_semi_angle,
                "collection_semi_angle": collection_semi_angle,
                "mass_density": mass_density,
            },
            channels=channels,
            after=after,
            seed=seed,
        )


def thickness(
    data: Data,
    *,
    counts_per_electron: float = 1.0,
    beam_voltage: Quantity | None = None,
    convergence_semi_angle: Quantity | None = None,
    collection_semi_angle: Quantity | None = None,
    mass_density: Quantity | None = None,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Thickness from energy losses (`haadf.thickness`).

    Thickness of a foil from the logarithm of all electrons over those without energy loss, with the
    mean free path from density and angles. See `Thickness` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    counts_per_electron : float, default 1.0
        Counts of the detector per electron; the error from counting rests on it.
    beam_voltage : Quantity, in V
        accelerating voltage of the electrons. Found: the microscope's settings.
    convergence_semi_angle : Quantity, in rad
        half the opening angle of the convergent probe. Found: the condenser settings, or the disk
        in a diffraction pattern.
    collection_semi_angle : Quantity, in rad
        half the opening angle of the entrance of the spectrometer. Found: camera length and
        entrance aperture.
    mass_density : Quantity, in kg/m^3
        mass density of the foil. Found: tables, or weighing; the mean free path depends on it.
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

        - `t_over_lambda` (t/λ): thickness over the mean free path; of a map its mean
        - `thickness` (t, m): thickness; of a map its mean
        - `mean_free_path` (λ, m): mean free path of inelastic scattering
        - `t_over_lambda_sd` (σ_{t/λ}): standard deviation over a map, counting taken out
        - `beyond_axis` (): share of all electrons that lies beyond the end of the axis,
        extrapolated

    References
    ----------
    - K. Iakoubovskii et al., Microsc. Res. Tech. 71, 626 (2008), doi:10.1002/jemt.20597
    - R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011),
    chapter 5
    - Idrissi et al., Sci. Rep. 9, 13426 (2019)
    """
    return Thickness(
        counts_per_electron=counts_per_electron,
    ).run(
        data,
        beam_voltage=beam_voltage,
        convergence_semi_angle=convergence_semi_angle,
        collection_semi_angle=collection_semi_angle,
        mass_density=mass_density,
        channels=channels,
        after=after,
        seed=seed,
    )
