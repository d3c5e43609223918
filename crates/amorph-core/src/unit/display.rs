use super::Unit;

/// `value` with `digits` significant digits, without needless zeros or exponents.
pub fn format_significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    let digits = digits.max(1) as i32;
    let exponent = value.abs().log10().floor() as i32;
    if !(-4..6).contains(&exponent) {
        return format!("{value:.*e}", (digits - 1) as usize);
    }
    let decimals = digits - 1 - exponent;
    if decimals >= 0 {
        return format!("{value:.*}", decimals as usize);
    }
    let step = 10f64.powi(-decimals);
    format!("{:.0}", (value / step).round() * step)
}

/// Smallest probability that is told as a number; below, the exponent of a floating-point number ends.
const SMALLEST_PROBABILITY: f64 = 1e-300;

/// A probability behind its letter, in two digits or, with `{:e}`, in powers of ten: `p = 3.1e-5`, or `p < 1e-300`; what lies below is
/// no exact zero.
///
/// ```
/// use amorph_core::unit::Probability;
/// assert_eq!(format!("p {:.1e}", Probability(3.14e-5)), "p = 3.1e-5");
/// assert_eq!(format!("p {}", Probability(0.031)), "p = 0.031");
/// assert_eq!(format!("p {:.1e}", Probability(0.0)), "p < 1e-300");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probability(pub f64);

impl Probability {
    fn is_too_small(self) -> bool {
        (0.0..SMALLEST_PROBABILITY).contains(&self.0)
    }
}

impl std::fmt::Display for Probability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_too_small() {
            true => write!(f, "< {SMALLEST_PROBABILITY:e}"),
            false => write!(f, "= {}", format_significant(self.0, 2)),
        }
    }
}

impl std::fmt::LowerExp for Probability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match f.precision() {
            _ if self.is_too_small() => write!(f, "< {SMALLEST_PROBABILITY:e}"),
            Some(digits) => write!(f, "= {:.digits$e}", self.0),
            None => write!(f, "= {:e}", self.0),
        }
    }
}

/// A value with its standard error, the error in two digits: `4.100 ± 0.050`. Without an error four digits are shown.
pub fn format_estimate(value: f64, std_error: Option<f64>) -> String {
    let Some(error) = std_error.filter(|error| error.is_finite() && *error > 0.0) else {
        return format_significant(value, 4);
    };
    let exponent = value.abs().max(error).log10().floor() as i32;
    let decimals = 1 - error.log10().floor() as i32;
    if (-4..6).contains(&exponent) {
        let decimals = decimals.clamp(0, 12) as usize;
        return format!("{value:.decimals$} ± {error:.decimals$}");
    }
    let scale = 10f64.powi(exponent);
    let decimals = (decimals + exponent).clamp(0, 12) as usize;
    format!("({:.decimals$} ± {:.decimals$})e{exponent}", value / scale, error / scale)
}

/// `value` to the place that the second digit of `resolution` has: 4.1234 at a resolution of 0.42 is `4.12`.
pub fn format_resolved(value: f64, resolution: f64) -> String {
    let exponent = value.abs().max(resolution).log10().floor();
    let usable = value.is_finite() && resolution.is_finite() && resolution > 0.0;
    if !usable || !(-4.0..6.0).contains(&exponent) {
        return format_significant(value, 4);
    }
    let decimals = 1 - resolution.log10().floor() as i32;
    let step = 10f64.powi(-decimals);
    format!("{:.*}", decimals.max(0) as usize, (value / step).round() * step)
}

const PREFERRED: &[(&str, &[&str])] = &[
    ("m", &["pm", "nm", "µm", "mm", "m", "km"]),
    ("N", &["pN", "nN", "µN", "mN", "N", "kN"]),
    ("Pa", &["Pa", "kPa", "MPa", "GPa", "TPa"]),
    ("V", &["nV", "µV", "mV", "V", "kV"]),
    ("A", &["fA", "pA", "nA", "µA", "mA", "A"]),
    ("Hz", &["mHz", "Hz", "kHz", "MHz", "GHz", "THz"]),
    ("s", &["ps", "ns", "µs", "ms", "s"]),
    ("W", &["pW", "nW", "µW", "mW", "W"]),
    ("N/m", &["pN/m", "nN/m", "µN/m", "mN/m", "N/m", "kN/m"]),
    ("1/m", &["1/m", "1/mm", "1/µm", "1/nm", "1/Å"]),
    ("1/m^3", &["1/m^3", "1/mm^3", "1/µm^3", "1/nm^3", "1/Å^3"]),
    ("m^2", &["nm^2", "µm^2", "mm^2", "m^2"]),
    ("m^3", &["Å^3", "nm^3", "µm^3", "m^3"]),
];

impl Unit {
    /// The unit of the same kind in which `value_si` reads best: 5e-9 m in `nm`, 8e-20 J in `eV`.
    ///
    /// Energies below 1e-12 J are shown in electronvolts, angles in degrees, rates in 1/s stay there (hertz are for what repeats), and
    /// dimensions without a preferred series keep the unit they were written in.
    pub fn preferred(&self, value_si: f64) -> Unit {
        if !self.is_known() || self.symbol() == "1/s" {
            return self.clone();
        }
        let magnitude = value_si.abs();
        let of_dimension = |symbol: &str| Unit::of(symbol).dimension() == self.dimension();
        if of_dimension("J") && magnitude < 1e-12 {
            return pick(&["meV", "eV", "keV", "MeV"], magnitude);
        }
        if of_dimension("rad") {
            return Unit::of("deg");
        }
        match PREFERRED.iter().find(|(symbol, _)| of_dimension(symbol)) {
            Some((_, series)) if magnitude > 0.0 => pick(series, magnitude),
            _ => self.clone(),
        }
    }
}

/// The largest unit in which the magnitude is at least one, else the smallest of the series.
fn pick(series: &[&str], magnitude: f64) -> Unit {
    let units: Vec<Unit> = series.iter().map(|symbol| Unit::of(symbol)).collect();
    let best = units.iter().rev().find(|unit| magnitude >= unit.scale() * 0.999_999);
    best.or(units.first()).cloned().unwrap_or_else(Unit::one)
}
