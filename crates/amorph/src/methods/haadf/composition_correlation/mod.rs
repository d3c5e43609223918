//! `haadf.composition_correlation`: whether bright places are rich in an element, and which density that needs.

pub mod algorithm;
mod figures;
pub mod profile;
mod report;
#[cfg(test)]
mod tests;

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::profile::Line;
use super::brightness::{Brightness, brightness};
use super::constants::{
    ATOMIC_NUMBER_A, ATOMIC_NUMBER_B, CONTRAST_EXPONENT, DARK_LEVEL, DISPLAY_GAMMA, INTENSITY_SCALE, MEAN_FRACTION_A,
};
use super::preparation::Background;
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Correlation of an annular dark-field image with the atomic fraction from maps of two elements, and the ratio of densities behind it.
///
/// The maps are the channels `intensity`, `element_a` and `element_b` of one file (`channels = { intensity = "HAADF", element_a = "Ni",
/// element_b = "Zr" }`), and `relative_thickness` where there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompositionCorrelation {
    /// What is taken from image and fraction before.
    pub background: Background,
    /// Number of surrogates with random phases.
    #[schemars(range(min = 99))]
    pub surrogates: usize,
    /// Where a line for profiles of brightness and fraction begins: x and y on the axes of the maps.
    pub profile_from: Option<[Quantity; 2]>,
    /// Where it ends.
    pub profile_to: Option<[Quantity; 2]>,
    /// Width across which a profile is averaged; one pixel if absent.
    pub profile_width: Option<Quantity>,
}

impl Default for CompositionCorrelation {
    fn default() -> Self {
        Self { background: Background::Plane, surrogates: 499, profile_from: None, profile_to: None, profile_width: None }
    }
}

/// Maps on one grid, and what turns them into densities.
#[derive(Debug)]
pub struct Input<'a> {
    image: Brightness<'a>,
    elements: [&'a Map; 2],
    thickness: Option<&'a Map>,
    mean_fraction: f64,
    atomic_numbers: Option<[f64; 2]>,
    exponent: Option<Quantity>,
    line: Option<Line>,
}

impl Method for CompositionCorrelation {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.composition_correlation",
        family: "haadf",
        version: 3,
        title: "Brightness and composition",
        summary: "Correlates an annular dark-field image with the atomic fraction from maps of two elements, against surrogates, and gives the density ratio that the contrast needs.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[
            DARK_LEVEL.key,
            INTENSITY_SCALE.key,
            DISPLAY_GAMMA.key,
            MEAN_FRACTION_A.key,
            ATOMIC_NUMBER_A.key,
            ATOMIC_NUMBER_B.key,
            CONTRAST_EXPONENT.key,
        ],
        outputs: &[
            output("pearson_r", "r", "", "correlation of brightness and atomic fraction of A, background taken off"),
            output("pearson_r_raw", "r_raw", "", "the same, background left in"),
            output("spearman_r", "ρ_S", "", "correlation of their ranks"),
            output("p_surrogate", "p", "", "probability of such a correlation with random phases"),
            output("n_effective", "n_eff", "", "independent pairs of pixels"),
            output("corrected_r", "r_c", "", "correlation of the structures, counting noise taken out"),
            output("partial_r", "r_t", "", "correlation of brightness and fraction given the thickness"),
            output("fraction_sd", "σ_c", "", "standard deviation of the atomic fraction, counting noise taken out"),
            output(
                "number_density_ratio",
                "n_1/n_2",
                "",
                "atoms per volume at one standard deviation of the fraction above the mean over below",
            ),
            output("pure_density_ratio", "(Z_B/Z_A)^g", "", "the ratio that pure phases of equal brightness need"),
        ],
        covers: &["I19-32", "I19-33"],
        references: &[
            "Idrissi et al., Sci. Rep. 9, 13426 (2019)",
            "Theiler et al., Physica D 58, 77 (1992), doi:10.1016/0167-2789(92)90102-S",
            "C. Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if self.surrogates < 99 {
            return wrong(format!("surrogates = {} is too few; at least 99 are needed", self.surrogates));
        }
        if self.background == Background::Gaussian {
            return wrong(
                "background = \"gaussian\" takes the same lengths from all maps; use plane, quadratic or none".to_owned(),
            );
        }
        let image = dataset.map("intensity")?;
        let elements = [dataset.map("element_a")?, dataset.map("element_b")?];
        let thickness = dataset.has_map("relative_thickness").then(|| dataset.map("relative_thickness")).transpose()?;
        for map in elements.into_iter().chain(thickness).chain([image]) {
            image.require_same_grid(map)?;
            map.require_structure()
                .or_else(|error| if thickness.is_some_and(|t| std::ptr::eq(t, map)) { Ok(()) } else { Err(error) })?;
        }
        let number = |info| dataset.constants.positive(info);
        let mean_fraction = number(&MEAN_FRACTION_A)?.ok_or_else(|| MethodError::MissingConstants {
            method: Self::INFO.id,
            missing: vec![dataset.constants.missing(&MEAN_FRACTION_A)],
        })?;
        if mean_fraction.value >= 1.0 {
            return Err(MethodError::BadConstant {
                key: MEAN_FRACTION_A.key,
                found: mean_fraction.to_string(),
                reason: "must be below 1",
                expected: "an atomic fraction, for instance 0.35 or 35 %".to_owned(),
            });
        }
        Ok(Input {
            image: brightness(image, &dataset.constants, Self::INFO.id)?,
            elements,
            thickness,
            mean_fraction: mean_fraction.value,
            atomic_numbers: number(&ATOMIC_NUMBER_A)?.zip(number(&ATOMIC_NUMBER_B)?).map(|(a, b)| [a.value, b.value]),
            exponent: number(&CONTRAST_EXPONENT)?,
            line: self.line(image)?,
        })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl CompositionCorrelation {
    /// The line of the profile, in metres from the lower left corner of a map.
    fn line(&self, map: &Map) -> Result<Option<Line>, MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        let (from, to) = match (&self.profile_from, &self.profile_to) {
            (None, None) if self.profile_width.is_none() => return Ok(None),
            (Some(from), Some(to)) => (from, to),
            _ => return wrong("a profile needs profile_from and profile_to, each [x, y]".to_owned()),
        };
        let (dy, dx) = map.pixel_pitch()?;
        let (rows, columns) = map.shape();
        let size = [columns as f64 * dx, rows as f64 * dy];
        let corner = map.extent.as_ref().map_or([0.0; 2], |extent| [extent.x[0], extent.y[0]]);
        let mut ends = [[0.0; 2]; 2];
        for (end, stated) in ends.iter_mut().zip([from, to]) {
            for axis in 0..2 {
                stated[axis].unit.require(&Unit::of("m"))?;
                end[axis] = stated[axis].value - corner[axis];
                if !(0.0..=size[axis]).contains(&end[axis]) {
                    let (name, last) = (["x", "y"][axis], corner[axis] + size[axis]);
                    return wrong(format!(
                        "a profile at {name} = {} leaves the map, which goes from {:.4e} to {last:.4e} m",
                        stated[axis], corner[axis]
                    ));
                }
            }
        }
        let width = match &self.profile_width {
            Some(width) => {
                width.unit.require(&Unit::of("m"))?;
                width.value
            }
            None => dx.min(dy),
        };
        let line = Line { from: ends[0], to: ends[1], width };
        if !(width > 0.0 && width <= size[0].hypot(size[1])) {
            return wrong(format!("profile_width = {width:.4e} m must be above zero and within the map"));
        }
        if line.distances((dy, dx)).len() < 3 {
            return wrong("profile_from and profile_to are less than two pixels apart".to_owned());
        }
        Ok(Some(line))
    }
}

/// Values of a map with NaN where they may not be used.
fn usable(map: &Map) -> Array2<f64> {
    ndarray::Zip::from(&map.values).and(&map.valid()).map_collect(|v, valid| if *valid { *v } else { f64::NAN })
}
