//! What the values of an image mean, and how a known stretch is undone.

use std::borrow::Cow;

use super::constants::{DARK_LEVEL, DISPLAY_GAMMA, INTENSITY_SCALE};
use crate::core::data::Map;
use crate::core::unit::Unit;
use crate::method::{Constants, MethodError};

/// What grey values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GreyScale {
    /// Counts, or proportional to them.
    Linear,
    /// Made for display.
    Display,
    /// Nobody said.
    Unknown,
}

/// An image whose scale is known as far as it can be.
#[derive(Debug)]
pub struct Brightness<'a> {
    /// The image; freed of a known gamma.
    pub map: Cow<'a, Map>,
    /// Its scale.
    pub scale: GreyScale,
    /// Its value without beam.
    pub dark_level: Option<f64>,
    /// Whether a gamma was undone.
    pub is_inverted: bool,
}

/// The brightness of an image by what is stated of it. A display stretch `v = dark + a I^gamma` with a stated gamma is undone: `I ~ (v - dark)^(1/gamma)`; what is
/// below the dark level was cut off and is not known.
pub(super) fn brightness<'a>(map: &'a Map, constants: &Constants, method: &'static str) -> Result<Brightness<'a>, MethodError> {
    let scale = match constants.choice(&INTENSITY_SCALE)? {
        Some("linear") => GreyScale::Linear,
        Some(_) => GreyScale::Display,
        None => GreyScale::Unknown,
    };
    let dark_level = constants.quantity(&DARK_LEVEL)?.cloned();
    let Some(gamma) = constants.positive(&DISPLAY_GAMMA)? else {
        let dark_level = dark_level.map(|level| level.value);
        return Ok(Brightness { map: Cow::Borrowed(map), scale, dark_level, is_inverted: false });
    };
    if scale != GreyScale::Display {
        return Err(MethodError::BadConstant {
            key: DISPLAY_GAMMA.key,
            found: gamma.to_string(),
            reason: "is stated for an image that is not said to be made for display",
            expected: "intensity_scale = \"display\" beside it, or no gamma".to_owned(),
        });
    }
    let [dark] = constants.required(method, [(&DARK_LEVEL, dark_level)])?;
    let power = 1.0 / gamma.value;
    let values = map.values.mapv(|value| if value >= dark.value { (value - dark.value).powf(power) } else { f64::NAN });
    let linear = Map { values, unit: Unit::one(), array: None, least_significant_bit: None, ..map.clone() };
    Ok(Brightness { map: Cow::Owned(linear), scale: GreyScale::Linear, dark_level: Some(0.0), is_inverted: true })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ndarray::array;

    use super::*;

    #[test]
    fn a_known_gamma_is_undone() {
        let counts = array![[4.0, 9.0], [16.0, 100.0]];
        let shown = Map::new("intensity", counts.mapv(|i: f64| 12.0 + 3.0 * i.powf(0.5)), Unit::one(), None);
        let display = || Constants::default().with_choice("intensity_scale", "display");
        let gamma = |constants: Constants| constants.with_quantity("display_gamma", "0.5").unwrap();
        let dark = |constants: Constants| constants.with_quantity("dark_level", "12").unwrap();
        let found = brightness(&shown, &dark(gamma(display())), "test").unwrap();
        assert!(found.is_inverted && found.scale == GreyScale::Linear && found.dark_level == Some(0.0));
        for (a, b) in found.map.values.iter().zip(&counts) {
            assert!((a / b - 9.0).abs() < 1e-9, "{a} {b}");
        }
        let mut cut = shown.clone();
        cut.values[(0, 0)] = 3.0;
        assert!(brightness(&cut, &dark(gamma(display())), "test").unwrap().map.values[(0, 0)].is_nan());
        assert!(brightness(&shown, &gamma(display()), "test").unwrap_err().to_string().contains("dark_level"));
        let unsaid = brightness(&shown, &gamma(Constants::default()), "test").unwrap_err().to_string();
        assert!(unsaid.contains("display_gamma"), "{unsaid}");
        assert_eq!(brightness(&shown, &display(), "test").unwrap().scale, GreyScale::Display);
        assert_eq!(brightness(&shown, &Constants::default(), "test").unwrap().scale, GreyScale::Unknown);
    }
}
