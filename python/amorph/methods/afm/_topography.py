# Generated from the registry of methods by `amorph generate`; change the method's folder instead.
"""Topography and its leakage into the phase (`dafm.topography`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..._method import Method
from ..._types import After, Channels, Data, Results
from ...results import Result


@dataclass(frozen=True, kw_only=True)
class Topography(Method):
    r"""Topography and its leakage into the phase (`dafm.topography`).

    Levels the height, gives the roughness, and removes from the phase what height, slope and curvature explain.

    Parameters
    ----------
    degree : int, default 1
        Degree of the polynomial that is taken from the height: 1 is a plane.
    height_row_offsets : bool, default False
        Whether offsets between the rows of the height are removed (median of the differences of
        neighbouring rows).
    phase_row_offsets : bool, default False
        Whether each row of the phase has an offset of its own in the regression.
    robust : bool, default True
        Whether the background is fitted with Huber weights, so that particles and pits do not tilt
        it.
    with_amplitude_error : bool, default False
        Whether the amplitude error is a term of the regression beside height, slopes and curvature.

    Notes
    -----
    # Topography and its leakage into the phase

    ## Idea
    A tip on a slope touches with its flank, and the feedback lags behind every step: the phase image always contains some topography. Before contrast is called
    heterogeneity, what the topography explains has to be taken out, or shown to be small.

    ## Equations
    The height $z$ is freed of a polynomial background (a plane by default, Huber weights), optionally of row offsets. Then

    $$\varphi = b_0 + b_1 z + b_2 \frac{\partial z}{\partial x} + b_3 \frac{\partial z}{\partial y} + b_4 \nabla^2 z\ (+\, b_5 A_{err})\ (+\, \text{offset of the row}) + \text{residual}$$

    is fitted with Huber weights (1.345 robust standard deviations); row offsets, if asked for, are part of the same regression. Derivatives are central differences in metres, $y$ up;
    the Laplacian is the gradient of the gradient. The map `phase_corrected` is the residual plus the mean phase; `dafm.dissipation` uses it with `phase = "corrected"`.

    - $R^2$: share of the variance explained by ordinary least squares (within rows, if rows have offsets).
    - $R^2_{cv}$: the same for the 16 tiles of the image, each predicted by coefficients from the other 15. Far below $R^2$: the leakage is not the same everywhere.
    - Roughness $R_q = \sqrt{\langle (z - \langle z\rangle)^2\rangle}$ after removal of a plane, whatever `degree` is.

    ## Uncertainty
    None of these numbers has an interval: pixels are correlated, so the usual errors of a regression are far too small. $R_q$ varies between sites; that variation is its error.

    ## Assumptions and failure modes
    - Leakage is linear and the same everywhere in the image.
    - **Over-correction.** Contrast that really follows the topography (a soft phase that is worn lower) is removed as well. Always compare with and without.
    - **Feedback.** The amplitude error follows the slope, and the lag answers to it. That part of the phase is right as long as the measured amplitude enters the energy;
      the correction removes it all the same. With an amplitude map and a visible feedback error, prefer `phase = "as_measured"`.
    - A dissipation map is never row-levelled silently: row offsets shorten the correlation length.
    - The recipe cited by Lu et al. (Acta Mater. 2012) is not published with the paper; this regression replaces it.

    ## References
    Lu et al., *Sci. Rep.* **6**, 29357 (2016). Huber, *Ann. Math. Statist.* **35**, 73 (1964).
    """
    ID: ClassVar[str] = "dafm.topography"

    degree: int = 1
    height_row_offsets: bool = False
    phase_row_offsets: bool = False
    robust: bool = True
    with_amplitude_error: bool = False

    def run(
        self,
        data: Data,
        *,
        channels: Channels | None = None,
        after: After = (),
        seed: int = 1,
    ) -> Result:
        """Runs the method; see `topography` for the arguments."""
        return self._run(
            data,
            channels=channels,
            after=after,
            seed=seed,
        )


def topography(
    data: Data,
    *,
    degree: int = 1,
    height_row_offsets: bool = False,
    phase_row_offsets: bool = False,
    robust: bool = True,
    with_amplitude_error: bool = False,
    channels: Channels | None = None,
    after: After = (),
    seed: int = 1,
) -> Result:
    r"""Topography and its leakage into the phase (`dafm.topography`).

    Levels the height, gives the roughness, and removes from the phase what height, slope and
    curvature explain. See `Topography` for the method.

    Parameters
    ----------
    data : Data
        What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.
    degree : int, default 1
        Degree of the polynomial that is taken from the height: 1 is a plane.
    height_row_offsets : bool, default False
        Whether offsets between the rows of the height are removed (median of the differences of
        neighbouring rows).
    phase_row_offsets : bool, default False
        Whether each row of the phase has an offset of its own in the regression.
    robust : bool, default True
        Whether the background is fitted with Huber weights, so that particles and pits do not tilt
        it.
    with_amplitude_error : bool, default False
        Whether the amplitude error is a term of the regression beside height, slopes and curvature.
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

        - `roughness_rms` (Rq, m): root-mean-square roughness after removal of a plane
        - `crosstalk_r2` (R²): share of the variance of the phase that the topography explains,
        least squares
        - `crosstalk_r2_cross_validated` (R²_cv): the same for tiles left out of the fit

    References
    ----------
    - Lu et al., Sci. Rep. 6, 29357 (2016)
    - Huber, Ann. Math. Statist. 35, 73 (1964)
    """
    return Topography(
        degree=degree,
        height_row_offsets=height_row_offsets,
        phase_row_offsets=phase_row_offsets,
        robust=robust,
        with_amplitude_error=with_amplitude_error,
    ).run(
        data,
        channels=channels,
        after=after,
        seed=seed,
    )
