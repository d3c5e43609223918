# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Maps of anelastic contact (`indentation.anelastic_map`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class AnelasticMap(Method):
    r"""Maps of anelastic contact (`indentation.anelastic_map`).

    Maps and histograms of modulus, relaxation time and viscosity, and the scatter of the sample after the error of measurement.

    Parameters
    ----------
    permutations : int, default 999
        Permutations of the test for correlation between neighbours.

    Notes
    -----
    # Maps of anelastic contact

    ## Idea
    A map of modulus, relaxation time or viscosity always shows scatter. How much of it is the glass, and how much the measurement? Every site of
    `indentation.anelastic_contact` comes with its error; what is left is the sample's.

    ## Equations
    $$\text{value}_i \sim N(\mu, s^2),\qquad \text{measured}_i \sim N(\text{value}_i, e_i^2)$$
    $s$, the `intrinsic_sd`, is found by restricted maximum likelihood; zero is allowed. The heterogeneity is $s^2/(s^2+\overline{e^2})$.

    The paper calls its distributions Gaussian. Here the residuals $(x_i-\mu)/\sqrt{s^2+e_i^2}$ are tested (Anderson and Darling, skewness). Moran's $I$ over nearest neighbours is
    compared with permutations of the sites, and the variogram is drawn over the level that the error of measurement alone would give.

    The correlation length is that of the covariance $s^2e^{-r/\xi}$ between sites with $e_i^2$ added on the diagonal, by restricted maximum likelihood over all pairs (20 to 400 sites, one record); the
    variogram is shown and not fitted, because its points are correlated. Where the likelihood does not exclude lengths shorter than the spacing there is a limit and no value.

    ## Maps
    Any number of rows and columns. Sites within 10 % of the spacing of a node are on the grid; otherwise, and on one line, there are lists and no maps. Sites that failed or
    are not identified stay blank; the table of lost sites says why.

    ## Uncertainty
    $s$ and $\xi$: profile of the restricted likelihood; $\xi$ for exponential correlation. $\mu$: Hartung and Knapp, never shorter than the error alone. Both assume that sites are independent; where Moran's test says
    that they are not, a note says that the interval of the mean is too short. Errors of radius and Poisson's ratio are common to all sites and not part of $s$.

    ## Failure modes
    - **Overlap.** At spacings below three contact diameters the stress fields overlap: a smooth map is then no sign of a large structure.
    - Correlated errors of $G$ and $t_c$ correlate the maps even where the sample does not.
    - Sites of several records have no common coordinates: then there are no maps and no test of neighbours.

    ## References
    Qiao et al. (2019), section 3.2. J. Hartung, G. Knapp, *Stat. Med.* **20**, 3875 (2001). P. A. P. Moran, *Biometrika* **37**, 17 (1950).
    """
    ID: ClassVar[str] = "indentation.anelastic_map"

    permutations: int = 999

    def run(
        self,
        results: Results,
        *,
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `anelastic_map` for the arguments."""
        return self._run(
            results,
            seed=seed,
        )


def anelastic_map(
    results: Results,
    *,
    permutations: int = 999,
    seed: int = 1,
) -> Result:
    r"""Maps of anelastic contact (`indentation.anelastic_map`).

    Maps and histograms of modulus, relaxation time and viscosity, and the scatter of the sample
    after the error of measurement. See `AnelasticMap` for the method.

    Parameters
    ----------
    results : Results
        Results of earlier methods for the sites of one state.
    permutations : int, default 999
        Permutations of the test for correlation between neighbours.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Result
        Its estimates, as far as the data support them:

        - `shear_modulus_mean` (⟨G⟩, Pa): mean over the sites
        - `shear_modulus_measured_sd` (sd G, Pa): standard deviation between sites as measured
        - `shear_modulus_intrinsic_sd` (s_G, Pa): standard deviation between sites after measurement
        error
        - `shear_modulus_heterogeneity` (): share of the observed variance that is the sample's
        - `shear_modulus_correlation_length` (ξ_G, m): distance over which neighbouring sites are
        alike, error taken off
        - `relaxation_time_mean` (⟨t_c⟩, s): mean over the sites
        - `relaxation_time_measured_sd` (sd t_c, s): standard deviation between sites as measured
        - `relaxation_time_intrinsic_sd` (s_tc, s): standard deviation between sites after
        measurement error
        - `relaxation_time_heterogeneity` (): share of the observed variance that is the sample's
        - `relaxation_time_correlation_length` (ξ_tc, m): distance over which neighbouring sites are
        alike, error taken off
        - `viscosity_mean` (⟨η⟩, Pa s): mean over the sites
        - `viscosity_measured_sd` (sd η, Pa s): standard deviation between sites as measured
        - `viscosity_intrinsic_sd` (s_η, Pa s): standard deviation between sites after measurement
        error
        - `viscosity_heterogeneity` (): share of the observed variance that is the sample's
        - `viscosity_correlation_length` (ξ_η, m): distance over which neighbouring sites are alike,
        error taken off

    References
    ----------
    - Qiao et al. (2019), review, section 3.2
    - J. Hartung, G. Knapp, Stat. Med. 20, 3875 (2001)
    - P. A. P. Moran, Biometrika 37, 17 (1950)
    - H. D. Patterson, R. Thompson, Biometrika 58, 545 (1971)
    """
    return AnelasticMap(
        permutations=permutations,
    ).run(
        results,
        seed=seed,
    )
