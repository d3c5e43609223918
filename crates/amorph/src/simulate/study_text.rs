//! The study that analyses a virtual measurement and compares it with its truth.

use super::lessons::lessons;
use super::{AfmMeasurement, FileFormat};
use crate::core::unit::format_significant;
use crate::sim::afm::Marginal;
use crate::theory::constants::ELEMENTARY_CHARGE;

pub(super) fn study(measurement: &AfmMeasurement) -> String {
    let mut text = head(measurement);
    text.push_str(&truth(measurement));
    for (turn, angle) in measurement.scan_angles().into_iter().enumerate() {
        text.push_str(&self::measurement(measurement, turn, angle));
    }
    text
}

fn head(measurement: &AfmMeasurement) -> String {
    let told = lessons(measurement);
    let told = match told.as_slice() {
        [] => "# A microscope without imperfections.\n".to_owned(),
        told => told.iter().map(|line| format!("# - {line}\n")).collect(),
    };
    format!(
        "# Written by `amorph simulate afm`: a virtual film under a virtual microscope. The truth is stated below the state, and in\n\
         # truth.json with everything else. What the imperfections of this measurement do:\n{told}\n\
         [study]\n\
         title = \"A virtual film under a virtual microscope\"\n\
         description = \"Every number here has a known truth. The analysis sees only the files.\"\n\
         seed = {}\n\n\
         [[sample]]\nid = \"virtual film\"\n",
        measurement.seed
    )
}

fn truth(measurement: &AfmMeasurement) -> String {
    let energy = &measurement.specimen.energy;
    let number = |value: f64| format_significant(value, 6);
    let nm = |metres: f64| format!("\"{} nm\"", number(metres * 1e9));
    let ev = |joules: f64| format!("\"{} eV\"", number(joules / ELEMENTARY_CHARGE));
    let mut lines = Vec::new();
    if measurement.specimen.regions.is_none() {
        lines.push(("dissipated_energy_mean", ev(energy.mean)));
        if energy.marginal == Marginal::Gaussian {
            lines.push(("field_sd", ev(energy.sd)));
            lines.push(("hurst_like_exponent", number(energy.exponent)));
            if energy.aspect > 1.0 {
                lines.push(("xi_major", nm(energy.correlation_length)));
                lines.push(("xi_minor", nm(energy.correlation_length / energy.aspect)));
                lines.push(("anisotropy_angle", format!("\"{} deg\"", number(angle(measurement)))));
            } else {
                lines.push(("correlation_length", nm(energy.correlation_length)));
            }
        }
        lines.push(("anisotropy_aspect", number(energy.aspect)));
    }
    let lines: String = lines.iter().map(|(key, value)| format!("  {key} = {value}\n")).collect();
    let heading = if lines.is_empty() {
        "  # Soft regions are scattered in the film (truth.json says where): its moments and lengths are not those of the matrix.\n"
    } else {
        "  [sample.state.truth]\n"
    };
    format!("\n  [[sample.state]]\n  id = \"virtual\"\n{heading}{lines}")
}

/// Direction of the long axis in the specimen, deg in [0, 180).
fn angle(measurement: &AfmMeasurement) -> f64 {
    measurement.specimen.energy.angle.rem_euclid(std::f64::consts::PI).to_degrees()
}

fn measurement(measurement: &AfmMeasurement, turn: usize, angle: f64) -> String {
    let microscope = &measurement.microscope;
    let name = if turn == 0 { "site" } else { "turned" };
    let (format, extension) = (measurement.format, measurement.format.extension());
    let direction = if measurement.retrace { "_trace" } else { "" };
    let files = match format.holds_channels() {
        true => format!("[\"scans/{name}_*.{extension}\"]"),
        // Nothing in such a file says which others are of the same scan.
        false => {
            let of_site = |site: usize| {
                let file = |channel: &str| format!("\"scans/{channel}{direction}_{name}_{site}.{extension}\"");
                format!("  [{}],\n", ["height", "phase", "amplitude"].map(file).join(", "))
            };
            format!("[\n{}]", (0..measurement.sites).map(of_site).collect::<String>())
        }
    };
    let mut text = format!("\n[[measurement]]\nstate = \"virtual\"\ntechnique = \"afm\"\nfiles = {files}\n");
    if format.holds_channels() && measurement.retrace {
        text.push_str("channels = { height = \"trace\", phase = \"trace\", amplitude = \"trace\" }\n");
    }
    text.push_str("# No file states how its phase is meant; these two have no default.\n");
    text.push_str(&format!("phase_convention = \"{}\"\nphase_reference = \"absolute\"\n", microscope.phase_convention.name()));
    if format != FileFormat::Ibw {
        text.push_str("# This format holds no constants.\n");
        for (key, value) in microscope.constants() {
            text.push_str(&match value.parse::<f64>() {
                Ok(number) => format!("{key} = {number}\n"),
                Err(_) => format!("{key} = \"{value}\"\n"),
            });
        }
    }
    let scan_angle = format_significant(angle.to_degrees(), 6);
    text.push_str(&format!("scan_angle = \"{scan_angle} deg\"\ntemperature = \"298 K\"\n"));
    text.push_str(METHODS);
    text
}

/// What a scan of a film is asked.
const METHODS: &str = "methods = [
  \"dafm.topography\", \"dafm.topography_correlation\", \"dafm.dissipation\", \"dafm.distribution\",
  \"dafm.correlation_length\", \"dafm.spectrum\", \"dafm.anisotropy\", \"dafm.anisotropy_by_state\", \"dafm.regions\",
]
";
