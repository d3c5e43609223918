//! JSON has no NaN and no infinity: such numbers are written as `null` and read back as NaN.

use serde::{Deserialize, Deserializer, Serializer};

/// For `f64`.
pub mod scalar {
    use super::*;

    #[allow(missing_docs)]
    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        if value.is_finite() { serializer.serialize_f64(*value) } else { serializer.serialize_none() }
    }

    #[allow(missing_docs)]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}

/// For `Vec<f64>`.
pub mod vector {
    use super::*;

    #[allow(missing_docs)]
    pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| value.is_finite().then_some(*value)))
    }

    #[allow(missing_docs)]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let values = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    }
}

/// For `Vec<[f64; 2]>`.
pub mod pairs {
    use super::*;

    #[allow(missing_docs)]
    pub fn serialize<S: Serializer>(values: &[[f64; 2]], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|pair| pair.map(|value| value.is_finite().then_some(value))))
    }

    #[allow(missing_docs)]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<[f64; 2]>, D::Error> {
        let values = Vec::<[Option<f64>; 2]>::deserialize(deserializer)?;
        Ok(values.into_iter().map(|pair| pair.map(|value| value.unwrap_or(f64::NAN))).collect())
    }
}
