//! Defects as flow units, quasi-point defects and free volume.

use super::constants::BOLTZMANN;
use super::model::{ANY, Argument, INNER, Model, NOT_NEGATIVE, POSITIVE, STRETCHING, TEMPERATURE, argument, output};
use super::references::QIAO;
use super::{Group, TheoryError};

const CHI: Argument = argument("correlation", "χ", "", "correlation factor: 0 for a crystal, 1 for a gas", STRETCHING);
const SCALE_TIME: Argument = argument("scaling_time", "t0", "s", "scaling time", POSITIVE);
const BETA_TIME: Argument = argument("elementary_time", "τβ", "s", "time of the elementary (β) movement", POSITIVE);

static AGEING: Model = Model {
    id: "flow_unit_ageing",
    title: "Ageing by annihilation of flow units",
    summary: "How a property (enthalpy, density, modulus, strain, hardness) ages as flow units disappear.",
    equation: "M = M∞/(1 + c), c = (a/(b + t))^β",
    arguments: &[
        argument("final_value", "M∞", "", "value after all flow units are gone, in any unit", ANY),
        argument("amplitude_time", "a", "s", "amplitude of the law", POSITIVE),
        argument("start_time", "b", "s", "age at the start", POSITIVE),
        argument("exponent", "β", "", "exponent", POSITIVE),
        argument("time", "t", "s", "ageing time", NOT_NEGATIVE),
    ],
    outputs: &[
        output("value", "M", "", "value, in the unit of M∞"),
        output("concentration", "c", "", "concentration of flow units"),
    ],
    validity: "c(0) = (a/b)^β. In a fit, a, b and β are nearly collinear: use their logarithms and profiles.",
    references: &[QIAO],
    covers: &["Q19-4.2-c"],
    variant_of: None,
    evaluate: |a| flow_unit_concentration(a[1], a[2], a[3], a[4]).map(|c| vec![a[0] / (1.0 + c), c]),
};

/// Concentration of flow units, `(a/(b+t))^β`; the property is `M∞/(1+c)`.
pub fn flow_unit_concentration(amplitude_time: f64, start_time: f64, exponent: f64, time: f64) -> Result<f64, TheoryError> {
    AGEING.check(&[0.0, amplitude_time, start_time, exponent, time])?;
    AGEING.finite((amplitude_time / (start_time + time)).powf(exponent))
}

static QPD_TIME: Model = Model {
    id: "qpd_time",
    title: "Relaxation time of quasi-point defects",
    summary: "Time of the main relaxation from that of the elementary movement, hierarchically correlated.",
    equation: "τ = t0 (τβ/t0)^(1/χ)",
    arguments: &[BETA_TIME, SCALE_TIME, CHI],
    outputs: &[output("relaxation_time", "τ", "s", "relaxation time")],
    validity: "τβ at least t0. The review writes once that mobility falls with χ; elsewhere, and here, it rises.",
    references: &[QIAO],
    covers: &["Q19-4.2-v"],
    variant_of: None,
    evaluate: |a| Ok(vec![qpd_time(a[0], a[1], a[2])?]),
};

/// Relaxation time of quasi-point defects, `t0 (τβ/t0)^(1/χ)`, s.
pub fn qpd_time(elementary_time: f64, scaling_time: f64, correlation: f64) -> Result<f64, TheoryError> {
    QPD_TIME.check(&[elementary_time, scaling_time, correlation])?;
    let ratio = elementary_time / scaling_time;
    if ratio < 1.0 {
        return Err(QPD_TIME.relation("elementary_time/scaling_time", ratio, "at least", 1.0, "the hierarchy begins at t0"));
    }
    QPD_TIME.finite(scaling_time * ratio.powf(1.0 / correlation))
}

static QPD_LOSS: Model = Model {
    id: "qpd_loss",
    title: "Loss of quasi-point defects",
    summary: "Internal friction against frequency and temperature.",
    equation: "ln tan δ = -U/(kB T) - χ ln ω - χ ln τ0* + ln K",
    arguments: &[
        argument("energy", "U", "eV", "apparent energy of the elementary movement", NOT_NEGATIVE),
        TEMPERATURE,
        CHI,
        argument("angular_frequency", "ω", "1/s", "angular frequency", POSITIVE),
        argument("limit_time", "τ0*", "s", "t0 (τβ0/t0)^(1/χ)", POSITIVE),
        argument("strength", "K", "", "relaxation strength over unrelaxed modulus", POSITIVE),
    ],
    outputs: &[output("internal_friction", "tan δ", "", "internal friction")],
    validity: "High-frequency side, tan δ well below 1.",
    references: &[QIAO],
    covers: &["Q19-4.2-w"],
    variant_of: None,
    evaluate: |a| Ok(vec![qpd_loss(a[0], a[1], a[2], a[3], a[4], a[5])?]),
};

/// Loss of quasi-point defects, `K exp(-U/kT) (ω τ0*)^(-χ)`.
pub fn qpd_loss(
    energy: f64,
    temperature: f64,
    correlation: f64,
    angular_frequency: f64,
    limit_time: f64,
    strength: f64,
) -> Result<f64, TheoryError> {
    QPD_LOSS.check(&[energy, temperature, correlation, angular_frequency, limit_time, strength])?;
    QPD_LOSS
        .finite(strength * (-energy / (BOLTZMANN * temperature)).exp() * (angular_frequency * limit_time).powf(-correlation))
}

static QPD_CHI: Model = Model {
    id: "qpd_chi",
    title: "Correlation factor from two frequencies",
    summary: "Correlation factor from the slope of the loss.",
    equation: "χ = -ln(tan δ2/tan δ1)/ln(ω2/ω1)",
    arguments: &[
        argument("friction", "tan δ1", "", "internal friction at the first frequency", POSITIVE),
        argument("new_friction", "tan δ2", "", "internal friction at the second frequency", POSITIVE),
        argument("angular_frequency", "ω1", "1/s", "first angular frequency", POSITIVE),
        argument("new_angular_frequency", "ω2", "1/s", "second angular frequency", POSITIVE),
    ],
    outputs: &[output("correlation", "χ", "", "correlation factor")],
    validity: "0 to 1 where the model holds; frequencies at one temperature that differ.",
    references: &[QIAO],
    covers: &["Q19-4.2-x"],
    variant_of: None,
    evaluate: |a| Ok(vec![qpd_chi(a[0], a[1], a[2], a[3])?]),
};

/// Correlation factor from two frequencies.
pub fn qpd_chi(
    friction: f64,
    new_friction: f64,
    angular_frequency: f64,
    new_angular_frequency: f64,
) -> Result<f64, TheoryError> {
    QPD_CHI.check(&[friction, new_friction, angular_frequency, new_angular_frequency])?;
    let span = (new_angular_frequency / angular_frequency).ln();
    if span == 0.0 {
        return Err(QPD_CHI.relation(
            "new_angular_frequency/angular_frequency",
            1.0,
            "different from",
            1.0,
            "a slope needs two frequencies",
        ));
    }
    QPD_CHI.finite(-(new_friction / friction).ln() / span)
}

static DOOLITTLE: Model = Model {
    id: "doolittle_viscosity",
    title: "Viscosity from the free volume",
    summary: "Free-volume viscosity of Doolittle.",
    equation: "η = A exp(B V0/Vf)",
    arguments: &[
        argument("limit_viscosity", "A", "Pa s", "viscosity at infinite free volume", POSITIVE),
        argument("overlap", "B", "", "overlap factor, about 1", POSITIVE),
        argument("free_volume_ratio", "Vf/V0", "", "free volume over occupied volume", POSITIVE),
    ],
    outputs: &[output("viscosity", "η", "Pa s", "viscosity")],
    validity: "Free volume well above zero.",
    references: &[QIAO],
    covers: &["Q19-4.2-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![doolittle_viscosity(a[0], a[1], a[2])?]),
};

/// Viscosity from the free volume, `A exp(B V0/Vf)`, Pa s.
pub fn doolittle_viscosity(limit_viscosity: f64, overlap: f64, free_volume_ratio: f64) -> Result<f64, TheoryError> {
    DOOLITTLE.check(&[limit_viscosity, overlap, free_volume_ratio])?;
    DOOLITTLE.finite(limit_viscosity * (overlap / free_volume_ratio).exp())
}

static SOFT_MAXWELL: Model = Model {
    id: "free_volume_loss",
    title: "Loss of two kinds of soft regions",
    summary: "Internal friction of a glass whose soft regions have two free volumes: two Maxwell elements with Doolittle times.",
    equation: "tan δ = M''/M', M = Σ f_i G x_i(x_i + i)/(1 + x_i^2) + (1 - f1 - f2) G, x_i = ω A exp(B/v_i)/G",
    arguments: &[
        argument("modulus", "G", "GPa", "unrelaxed modulus", POSITIVE),
        argument("angular_frequency", "ω", "1/s", "angular frequency", POSITIVE),
        argument("limit_viscosity", "A", "Pa s", "viscosity at infinite free volume", POSITIVE),
        argument("overlap", "B", "", "overlap factor, about 1", POSITIVE),
        argument("first_fraction", "f1", "", "share of the first kind", INNER),
        argument("first_free_volume", "v1", "", "its free volume over occupied volume", POSITIVE),
        argument("second_fraction", "f2", "", "share of the second kind", INNER),
        argument("second_free_volume", "v2", "", "its free volume over occupied volume", POSITIVE),
    ],
    outputs: &[output("internal_friction", "tan δ", "", "internal friction")],
    validity: "f1 + f2 below 1. The review names the model without its equations: this is its generic form.",
    references: &[QIAO],
    covers: &["Q19-4.2-b"],
    variant_of: None,
    evaluate: |a| Ok(vec![free_volume_loss(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7])?]),
};

/// Loss of two kinds of soft regions.
#[allow(clippy::too_many_arguments, reason = "two kinds of regions with two properties each")]
pub fn free_volume_loss(
    modulus: f64,
    angular_frequency: f64,
    limit_viscosity: f64,
    overlap: f64,
    first_fraction: f64,
    first_free_volume: f64,
    second_fraction: f64,
    second_free_volume: f64,
) -> Result<f64, TheoryError> {
    SOFT_MAXWELL.check(&[
        modulus,
        angular_frequency,
        limit_viscosity,
        overlap,
        first_fraction,
        first_free_volume,
        second_fraction,
        second_free_volume,
    ])?;
    let soft = first_fraction + second_fraction;
    if soft >= 1.0 {
        return Err(SOFT_MAXWELL.relation(
            "first_fraction + second_fraction",
            soft,
            "below",
            1.0,
            "a solid keeps an elastic share",
        ));
    }
    let (mut storage, mut loss) = ((1.0 - soft) * modulus, 0.0);
    for (fraction, free_volume) in [(first_fraction, first_free_volume), (second_fraction, second_free_volume)] {
        let time = doolittle_viscosity(limit_viscosity, overlap, free_volume)? / modulus;
        let (own_storage, own_loss) =
            super::viscoelastic_functions::maxwell_moduli(fraction * modulus, angular_frequency, time)?;
        storage += own_storage;
        loss += own_loss;
    }
    SOFT_MAXWELL.finite(loss / storage)
}

static GROWTH: Model = Model {
    id: "stz_density_growth",
    title: "Growth of the density of zones",
    summary: "Rate at which the density of shear transformation zones grows with strain.",
    equation: "dΛ/dt = k Λ/(1 + Λ)",
    arguments: &[
        argument("density", "Λ", "", "density of zones", NOT_NEGATIVE),
        argument("rate", "k", "1/s", "rate constant", POSITIVE),
    ],
    outputs: &[output("growth", "dΛ/dt", "1/s", "growth of the density")],
    validity: "Exponential while Λ is small, linear when it is large.",
    references: &[QIAO],
    covers: &["Q19-3.1-m"],
    variant_of: None,
    evaluate: |a| Ok(vec![stz_density_growth(a[0], a[1])?]),
};

/// Growth of the density of zones, `kΛ/(1+Λ)`, 1/s.
pub fn stz_density_growth(density: f64, rate: f64) -> Result<f64, TheoryError> {
    GROWTH.check(&[density, rate])?;
    GROWTH.finite(rate * density / (1.0 + density))
}

static DENSITY: Model = Model {
    id: "stz_density",
    title: "Density of zones over time",
    summary: "Density of shear transformation zones after a time of growth.",
    equation: "Λ = W(Λ0 exp(Λ0 + k t))",
    arguments: &[
        argument("initial_density", "Λ0", "", "density of zones at the start", POSITIVE),
        argument("rate", "k", "1/s", "rate constant", POSITIVE),
        argument("time", "t", "s", "time of growth", NOT_NEGATIVE),
    ],
    outputs: &[output("density", "Λ", "", "density of zones")],
    validity: "Solution of dΛ/dt = k Λ/(1 + Λ), with Lambert's W: ln Λ + Λ = ln Λ0 + Λ0 + k t.",
    references: &[QIAO],
    covers: &["Q19-3.1-m"],
    variant_of: None,
    evaluate: |a| Ok(vec![stz_density(a[0], a[1], a[2])?]),
};

/// Density of zones after a time, `W(Λ0 exp(Λ0 + kt))` with Lambert's W: the solution of `dΛ/dt = kΛ/(1+Λ)`.
pub fn stz_density(initial_density: f64, rate: f64, time: f64) -> Result<f64, TheoryError> {
    DENSITY.check(&[initial_density, rate, time])?;
    let sum = initial_density.ln() + initial_density + rate * time;
    // u + exp(u) of u = ln Λ is convex and grows: from above, Newton's steps never pass the root. The exponential of the sum is not needed.
    let mut logarithm = if sum < 1.0 { sum } else { sum.ln() };
    for _ in 0..60 {
        let density = logarithm.exp();
        logarithm -= (logarithm + density - sum) / (1.0 + density);
    }
    DENSITY.finite(logarithm.exp())
}

static CONCEPTS: Model = Model {
    id: "concept_table",
    title: "Four defect concepts side by side",
    summary: "What one shear modulus, one loss and one viscosity say in the languages of flow units, interstitialcies, quasi-point defects and free volume.",
    equation: "c_flow = μ/G - 1, c_int = ln(μ/G)/(α β), χ, v_f = B/ln(η/A)",
    arguments: &[
        argument("crystal_modulus", "μ", "GPa", "modulus without defects", POSITIVE),
        argument("shear_modulus", "G", "GPa", "modulus of the glass", POSITIVE),
        argument("alpha", "α", "", "about 1", POSITIVE),
        argument("shear_susceptibility", "β", "", "15 to 21", POSITIVE),
        CHI,
        argument("viscosity", "η", "Pa s", "viscosity", POSITIVE),
        argument("limit_viscosity", "A", "Pa s", "viscosity at infinite free volume", POSITIVE),
        argument("overlap", "B", "", "overlap factor, about 1", POSITIVE),
    ],
    outputs: &[
        output("flow_units", "c_flow", "", "flow units"),
        output("interstitialcies", "c_int", "", "interstitialcies"),
        output("correlation", "χ", "", "quasi-point defects"),
        output("free_volume", "v_f", "", "free volume"),
    ],
    validity: "Four definitions; their numbers are not comparable in size, only in trend.",
    references: &[QIAO],
    covers: &["Q19-4.2-ae"],
    variant_of: None,
    evaluate: |a| {
        let interstitialcies = super::defects::interstitialcy_concentration(a[0], a[1], a[2], a[3])?;
        Ok(vec![a[0] / a[1] - 1.0, interstitialcies, a[4], free_volume_from_viscosity(a[5], a[6], a[7])?])
    },
};

/// Free volume over occupied volume from a viscosity, `B/ln(η/A)`; the inverse of [`doolittle_viscosity`].
pub fn free_volume_from_viscosity(viscosity: f64, limit_viscosity: f64, overlap: f64) -> Result<f64, TheoryError> {
    CONCEPTS.check(&[1.0, 1.0, 1.0, 1.0, 1.0, viscosity, limit_viscosity, overlap])?;
    let ratio = viscosity / limit_viscosity;
    if ratio <= 1.0 {
        return Err(CONCEPTS.relation("viscosity/limit_viscosity", ratio, "above", 1.0, "no free volume is infinite"));
    }
    CONCEPTS.finite(overlap / ratio.ln())
}

pub(super) const GROUP: Group = Group {
    id: "flow_units",
    title: "Flow units, quasi-point defects, free volume",
    summary: "Defects as flow units, quasi-point defects and free volume.",
    models: &[&AGEING, &QPD_TIME, &QPD_LOSS, &QPD_CHI, &DOOLITTLE, &SOFT_MAXWELL, &GROWTH, &DENSITY, &CONCEPTS],
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{stz_density, stz_density_growth};

    #[test]
    fn the_density_of_zones_solves_its_equation() {
        // W(e) = 1 and W(1) = 0.5671432904097838, the omega constant: ln Λ0 + Λ0 + kt = 1 and 0.
        let start: f64 = 0.01;
        let until = |sum: f64| sum - start.ln() - start;
        assert!((stz_density(start, 1.0, until(1.0)).unwrap() - 1.0).abs() < 1e-13);
        assert!((stz_density(start, 2.0, 0.5 * until(0.0)).unwrap() - 0.567_143_290_409_783_8).abs() < 1e-13);
        // Its slope is the rate of growth, from e-fold to linear growth.
        for time in [0.0, 1.0, 5.0, 60.0] {
            let step = 1e-4;
            let [before, at, after] = [0.0, step, 2.0 * step].map(|more| stz_density(1e-3, 0.5, time + more).unwrap());
            let slope = (after - before) / (2.0 * step);
            assert!((slope / stz_density_growth(at, 0.5).unwrap() - 1.0).abs() < 1e-6, "{time}");
        }
        // Far beyond where the argument of W overflows.
        assert!((stz_density(1.0, 1.0, 1e6).unwrap() / 999_987.184 - 1.0).abs() < 1e-6);
        assert!(stz_density(0.0, 1.0, 1.0).is_err() && stz_density(1.0, 1.0, -1.0).is_err());
    }
}
