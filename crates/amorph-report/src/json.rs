//! Results as JSON for other programs. Missing numbers are `null`; pixels of maps are named, not included.

use amorph_core::dossier::Dossier;

use crate::ReportError;

/// A whole study.
///
/// # Errors
/// [`ReportError::Json`] when a parameter of a method cannot be written.
pub fn dossier(dossier: &Dossier) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(dossier)?)
}
