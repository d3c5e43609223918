use amorph_core::data::Repair;

use super::metadata::{Channel, Value};
use crate::IoError;

/// The input of a scale that takes the raw numbers.
const RAW: f64 = 4_294_967_295.0;

enum Scale {
    Linear { slope: f64, intercept: f64 },
    Polynomial(Vec<f64>),
}

impl Scale {
    fn apply(&self, value: f64) -> f64 {
        match self {
            Self::Linear { slope, intercept } => value * slope + intercept,
            Self::Polynomial(coefficients) => coefficients.iter().rev().fold(0.0, |sum, c| sum * value + c),
        }
    }
}

/// Applies the NI scales of a channel, one upon the other, and tells so.
///
/// # Errors
/// Scales of another kind are refused by name.
pub(super) fn apply(
    file: &str,
    channel: &Channel,
    mut values: Vec<f64>,
    repairs: &mut Vec<Repair>,
) -> Result<Vec<f64>, IoError> {
    let n = channel.number("NI_Number_Of_Scales").unwrap_or(0.0);
    let is_scaled = matches!(channel.property("NI_Scaling_Status"), Some(Value::Text(status)) if status == "scaled");
    if !(1.0..1000.0).contains(&n) || is_scaled {
        return Ok(values);
    }
    // The last scale gives the result; from it back to the raw numbers.
    let mut chain = Vec::new();
    let mut next = n as usize - 1;
    for _ in 0..n as usize {
        let (scale, source) = scale(file, channel, next)?;
        chain.push(scale);
        if source == RAW {
            break;
        }
        next = source as usize;
    }
    for scale in chain.iter().rev() {
        values.iter_mut().for_each(|value| *value = scale.apply(*value));
    }
    let text = format!("'{}': {} NI scales of the file are applied", channel.name, chain.len());
    repairs.push(Repair { kind: "scaled".to_owned(), rows: values.len(), first: 0, text });
    Ok(values)
}

fn scale(file: &str, channel: &Channel, index: usize) -> Result<(Scale, f64), IoError> {
    let key = |part: &str| format!("NI_Scale[{index}]_{part}");
    let number = |part: &str| channel.number(&key(part));
    let kind = channel.property(&key("Scale_Type")).map(Value::to_string).unwrap_or_default();
    let refused = |found: String| IoError::Unsupported {
        file: file.to_owned(),
        found: format!("channel '{}' with {found}", channel.name),
        remedy: "linear and polynomial scales are applied; log scaled numbers instead",
    };
    let scale = match kind.as_str() {
        "Linear" => Scale::Linear {
            slope: number("Linear_Slope").ok_or_else(|| refused(format!("no property {}", key("Linear_Slope"))))?,
            intercept: number("Linear_Y_Intercept").unwrap_or(0.0),
        },
        "Polynomial" => {
            let n = number("Polynomial_Coefficients_Size").unwrap_or(0.0).clamp(0.0, 100.0) as usize;
            let coefficient = |i: usize| number(&format!("Polynomial_Coefficients[{i}]"));
            let coefficients: Option<Vec<f64>> = (0..n).map(coefficient).collect();
            let coefficients = coefficients.filter(|c| !c.is_empty());
            Scale::Polynomial(coefficients.ok_or_else(|| refused(format!("incomplete {}", key("Polynomial_Coefficients"))))?)
        }
        other => return Err(refused(format!("{} = '{other}'", key("Scale_Type")))),
    };
    Ok((scale, number(&format!("{kind}_Input_Source")).unwrap_or(RAW)))
}
