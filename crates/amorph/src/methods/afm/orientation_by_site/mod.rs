//! `dafm.orientation_by_site`: the orientation of the regions of a state, with sites as replicates.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, Upstream, output};

/// Preferred axis and 45-degree alignment of a state from the mean vectors of its sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OrientationBySite {
    /// By how much the scans of two sites must be rotated against each other to tell the sample from the microscope.
    pub rotation_min: Quantity,
}

impl Default for OrientationBySite {
    fn default() -> Self {
        Self { rotation_min: Quantity::si(45f64.to_radians(), Unit::of("deg")) }
    }
}

/// Directions of the regions of one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// The item.
    pub item: String,
    /// Number of regions.
    pub regions: f64,
    /// Mean vector of doubled angles on the sample, minus that of noise.
    pub vector: [f64; 2],
    /// Direction of the fast scan axis, rad.
    pub scan_angle: f64,
    /// Numbers about the principal direction, in the order of [`ABOUT_PRINCIPAL`].
    pub about_principal: [Option<f64>; 4],
}

/// Keys, symbols and value without preference of the numbers about the principal direction.
pub(crate) const ABOUT_PRINCIPAL: [(&str, &str, f64); 4] =
    [("hdr_s2", "S₂", 0.0), ("hdr_s4", "S₄", 0.0), ("hdr_45_excess", "ΔS₄₅", 0.0), ("hdr_45_share", "f₄₅", 0.5)];

/// Why there is no orientation of a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrientationBySiteError {
    /// Sites are the replicates.
    #[error("{found} of {outcomes} sites of this state have an orientation; at least 3 are needed")]
    TooFewSites {
        /// Sites with enough regions and a null model.
        found: usize,
        /// Outcomes of `dafm.orientation`.
        outcomes: usize,
    },
}

impl Refusal for OrientationBySiteError {
    fn hint(&self) -> String {
        match self {
            Self::TooFewSites { outcomes: 0, .. } => "put \"dafm.orientation\" before it in `methods`".to_owned(),
            Self::TooFewSites { .. } => {
                "scan more sites; the notes of dafm.orientation say why a site has no orientation".to_owned()
            }
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output(
        "hdr_axial_order",
        "S",
        "",
        "length of the mean over sites of the vectors of doubled angles, that of noise subtracted",
    ),
    output("hdr_mean_axis", "θ", "deg", "preferred axis on the sample, counter-clockwise from its x axis"),
    output("hdr_s2", "S₂", "", "mean over sites of <cos 2(θ - θ0)>"),
    output("hdr_s4", "S₄", "", "mean over sites of <cos 4(θ - θ0)>"),
    output("hdr_45_excess", "ΔS₄₅", "", "mean over sites of the excess of regions at 45 deg to the principal direction"),
    output("hdr_45_share", "f₄₅", "", "mean over sites of the share of regions nearer to θ0 ± 45 deg than to θ0 and across"),
];

impl Method for OrientationBySite {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.orientation_by_site",
        family: "afm",
        version: 1,
        title: "Orientation of the regions of a state",
        summary: "Asks whether the sites of a state agree on a preferred axis, or on ±45 degrees to a principal direction.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.orientation"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["L16-14", "Q19-3.3.3-b"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Mardia, Kent and Bibby, Multivariate Analysis (1979), section 5.2: Hotelling's test",
            "Fieller, J. R. Stat. Soc. B 16, 175 (1954)",
        ],
    };

    type Input<'a> = Vec<Site>;

    fn check(&self, dataset: &Dataset) -> Result<Vec<Site>, MethodError> {
        self.rotation_min.unit.require(&Unit::of("deg"))?;
        let outcomes: Vec<&Upstream> =
            dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.orientation").collect();
        let sites: Vec<Site> = outcomes.iter().filter_map(|upstream| site(upstream)).collect();
        if sites.len() < 3 {
            return Err(OrientationBySiteError::TooFewSites { found: sites.len(), outcomes: outcomes.len() }.into());
        }
        Ok(sites)
    }

    fn run(&self, sites: &Vec<Site>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, sites))
    }
}

/// The directions of one site; `None` where they were refused.
fn site(upstream: &Upstream) -> Option<Site> {
    let outcome = &upstream.outcome;
    outcome.estimate("hdr_axial_order")?;
    let table = outcome.table("harmonics")?;
    let column = |name: &str| table.numbers(name).ok().and_then(|(_, values)| values.first().copied());
    let vector = [column("cosine")? - column("null_cosine")?, column("sine")? - column("null_sine")?];
    let about_principal = ABOUT_PRINCIPAL.map(|(key, ..)| outcome.estimate(key).map(|estimate| estimate.value));
    Some(Site {
        item: upstream.item.clone(),
        regions: column("regions")?,
        vector,
        scan_angle: column("scan_angle")?,
        about_principal,
    })
    .filter(|site| site.vector.iter().all(|value| value.is_finite()))
}
