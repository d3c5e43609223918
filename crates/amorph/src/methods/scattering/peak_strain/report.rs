use super::algorithm::{Peak, Tensor, fit_peak, tensor};
use super::{Input, PatternError, PeakStrain};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::student_t_quantile;
use crate::core::unit::Unit;
use crate::method::MethodError;

pub(super) fn outcome(method: &PeakStrain, input: &Input) -> Result<Outcome, MethodError> {
    let (pattern, rows) = (&input.pattern, input.rows.clone());
    let x = &pattern.q[rows.clone()];
    let mut azimuths = Vec::new();
    let mut peaks: Vec<Peak> = Vec::new();
    for (sector, values) in pattern.values.iter().enumerate() {
        let errors = pattern.errors.as_ref().map(|errors| &errors[sector][rows.clone()]);
        if let Some(peak) = fit_peak(x, &values[rows.clone()], errors) {
            azimuths.push(pattern.azimuths[sector]);
            peaks.push(peak);
        }
    }
    if peaks.len() < 4 {
        let what = format!("{} of {} sectors", pattern.azimuths.len() - peaks.len(), pattern.azimuths.len());
        return Err(PatternError::NoPeak { what }.into());
    }
    let weights: Vec<f64> = peaks.iter().map(|peak| peak.error.powi(-2)).collect();
    let mean = peaks.iter().zip(&weights).map(|(peak, weight)| peak.place * weight).sum::<f64>() / weights.iter().sum::<f64>();
    let reference = method.reference.as_ref().map_or(mean, |reference| reference.value);
    let strains: Vec<f64> = peaks.iter().map(|peak| reference / peak.place - 1.0).collect();
    let errors: Vec<f64> = peaks.iter().map(|peak| peak.error * reference / peak.place.powi(2)).collect();
    let what = "the sectors: their azimuths do not tell a tensor".to_owned();
    let tensor = tensor(&azimuths, &strains, &errors).ok_or(PatternError::NoPeak { what })?;
    let mut notes = Vec::new();
    if method.reference.is_none() {
        let message =
            "without reference strains are relative to the mean of the sectors: only their difference means something";
        notes.push(Note::warning("no_reference", message));
    }
    if !input.is_plausible {
        let message = "the highest value is not between 1 and 6 1/Å, where first halos of metallic glasses lie: is the axis Q?";
        notes.push(Note::warning("implausible_axis", message));
    }
    if peaks.len() < pattern.azimuths.len() {
        let message = format!("no peak could be fitted in {} sectors", pattern.azimuths.len() - peaks.len());
        notes.push(Note::warning("sectors_left_out", message));
    }
    if tensor.misfit > 3.0 {
        let message = format!(
            "places scatter {:.1} times as much as their errors say: another centre of the rings, or no uniform strain",
            tensor.misfit.sqrt()
        );
        notes.push(Note::warning("misfit", message));
    }
    let mut estimates = of_tensor(method, &tensor, peaks.len(), reference);
    let why = "a weighted mean of sectors that differ by strain";
    estimates.push(Estimate::without_interval("mean_peak_q", "Q₁", mean, "1/m", why).n(peaks.len() as f64));
    Ok(Outcome {
        estimates,
        tables: vec![table(&azimuths, &peaks, &strains, &errors)],
        figures: vec![figure(&azimuths, &strains, &errors, &tensor)],
        notes,
        ..Outcome::default()
    })
}

fn of_tensor(method: &PeakStrain, tensor: &Tensor, n: usize, reference: f64) -> Vec<Estimate> {
    let t = student_t_quantile(0.975, (n as f64 - 3.0).max(1.0)).unwrap_or(1.96);
    let covariance = &tensor.covariance;
    // The error of the reference moves all strains alike.
    let common = method.reference.as_ref().and_then(|known| known.std_error).map(|error| error / reference);
    let estimate = |key: &str, symbol: &str, value: f64, variance: f64| {
        let half = t * variance.sqrt();
        Estimate::with_interval(key, symbol, value, "", (value - half, value + half), Basis::Replicate)
            .std_error(variance.sqrt())
            .n(n as f64)
    };
    let [along, across, shear] = tensor.strain;
    let mut found = Vec::new();
    if method.reference.is_some() {
        for (key, symbol, value, place) in [("eps11", "e₁₁", along, 0), ("eps22", "e₂₂", across, 1)] {
            let one = estimate(key, symbol, value, covariance[place][place]);
            found.push(match common {
                Some(common) => one.systematic_error(common),
                None => one,
            });
        }
    }
    found.push(estimate("eps12", "e₁₂", shear, covariance[2][2]));
    let variance = covariance[0][0] + covariance[1][1] - 2.0 * covariance[0][1];
    found.push(estimate("strain_difference", "e₁₁-e₂₂", along - across, variance));
    let (_, azimuth) = tensor.principal();
    let why = "it means nothing where the difference is none";
    found.push(Estimate::without_interval("principal_azimuth", "φ₁", azimuth, "rad", why).n(n as f64));
    found
}

fn table(azimuths: &[f64], peaks: &[Peak], strains: &[f64], errors: &[f64]) -> Table {
    let column = |value: &dyn Fn(&Peak) -> f64| peaks.iter().map(value).collect::<Vec<f64>>();
    Table::new("sectors", "The first halo of every sector")
        .with_numbers("azimuth", "rad", azimuths.to_vec())
        .with_numbers("peak_q", "1/m", column(&|peak| peak.place))
        .with_numbers("peak_q_error", "1/m", column(&|peak| peak.error))
        .with_numbers("half_width", "1/m", column(&|peak| peak.width))
        .with_numbers("strain", "", strains.to_vec())
        .with_numbers("strain_error", "", errors.to_vec())
}

fn figure(azimuths: &[f64], strains: &[f64], errors: &[f64], tensor: &Tensor) -> Figure {
    let [along, across, shear] = tensor.strain;
    let x: Vec<f64> = (0..=180).map(|k| f64::from(2 * k).to_radians()).collect();
    let law = |phi: &f64| along * phi.cos().powi(2) + shear * (2.0 * phi).sin() + across * phi.sin().powi(2);
    let axes = (Axis::linear("azimuth", Unit::of("deg")), Axis::linear("strain", Unit::of("%")));
    let panel = Panel::new("", axes.0, axes.1)
        .with(Mark::Points {
            name: "sectors".to_owned(),
            role: Role::Data,
            x: azimuths.to_vec(),
            y: strains.to_vec(),
            x_interval: Vec::new(),
            y_interval: strains.iter().zip(errors).map(|(e, error)| [e - 1.96 * error, e + 1.96 * error]).collect(),
        })
        .with(Mark::line("strain tensor", Role::Model, x.clone(), x.iter().map(law).collect()));
    Figure {
        key: "peak_strain".to_owned(),
        title: "Strain over the azimuth".to_owned(),
        caption: "Strain from the place of the first halo in every sector, with 95 % intervals, and the strain tensor."
            .to_owned(),
        panels: vec![panel],
    }
}
