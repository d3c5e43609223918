use amorph::core::data::Map;
use amorph::core::figure::Figure;
use amorph_report::{Theme, png, svg};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors;
use crate::outcome::{ArraysIn, fill};

fn read(py: Python<'_>, figure: &str, maps: &str, arrays: &[ArraysIn<'_>], theme: &str) -> PyResult<(Figure, Vec<Map>, Theme)> {
    let json = |error: serde_json::Error| PyValueError::new_err(error.to_string());
    let theme = match theme {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        "print" => Theme::Print,
        other => return Err(errors::usage(py, &format!("there is no theme '{other}'"), "choose light, dark or print")),
    };
    let mut maps: Vec<Map> = serde_json::from_str(maps).map_err(json)?;
    fill(&mut maps, arrays);
    Ok((serde_json::from_str(figure).map_err(json)?, maps, theme))
}

/// A figure with the maps of its result as SVG.
#[pyfunction]
pub fn figure_svg(py: Python<'_>, figure: &str, maps: &str, arrays: Vec<ArraysIn<'_>>, theme: &str) -> PyResult<String> {
    let (figure, maps, theme) = read(py, figure, maps, &arrays, theme)?;
    py.detach(|| svg::render(&figure, &maps, theme)).map_err(|error| errors::figure(py, &error))
}

/// A figure with the maps of its result as PNG.
#[pyfunction]
pub fn figure_png(
    py: Python<'_>,
    figure: &str,
    maps: &str,
    arrays: Vec<ArraysIn<'_>>,
    theme: &str,
    scale: f32,
) -> PyResult<Vec<u8>> {
    let (figure, maps, theme) = read(py, figure, maps, &arrays, theme)?;
    py.detach(|| png::render(&figure, &maps, theme, scale)).map_err(|error| errors::figure(py, &error))
}
