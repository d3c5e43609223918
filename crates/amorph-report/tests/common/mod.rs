//! A made-up study of realistic size: two states, three sites each, every kind of mark, note and estimate.
#![allow(dead_code)]

use amorph_core::data::{Extent, Map, Table};
use amorph_core::dossier::{Dossier, FailureRecord, MethodRecord, ResultRecord, Shown, StateRecord};
use amorph_core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use amorph_core::outcome::{Basis, ConstantRecord, Estimate, InputRecord, Note, Outcome, Provenance};
use amorph_core::unit::Unit;
use ndarray::Array2;
use serde_json::json;

const STATES: [&str; 2] = ["as-deposited", "3 N"];
const SITES: [&str; 3] = ["site 1", "site 2", "site 3"];
const SIZE: f64 = 500e-9;
const EV: f64 = 1.602_176_634e-19;

/// The study.
pub fn dossier() -> Dossier {
    let mut results = Vec::new();
    for (index, state) in STATES.into_iter().enumerate() {
        results.push(state_result(index, state));
        results.push(energy_result(index, state));
        results.extend(SITES.iter().enumerate().map(|(site, name)| site_result(index, state, site, name)));
    }
    Dossier {
        title: "Zr₇₀Ni₃₀ film under a flat punch".to_owned(),
        description: "Nanoscale heterogeneity of a sputtered metallic-glass film before and after indentation with a flat punch, from tapping-mode phase images.".to_owned(),
        amorph_version: "0.1.0".to_owned(),
        generated: "2026-03-02".to_owned(),
        study_path: "studies/punch.toml".to_owned(),
        study_text: STUDY.to_owned(),
        overrides: vec!["dafm.correlation_length.r_max = \"80 nm\"".to_owned()],
        states: states(),
        results,
        comparisons: vec![comparison()],
        failures: vec![FailureRecord {
            method: "dafm.dissipation".to_owned(),
            state: "3 N".to_owned(),
            item: "scans/3N_004.spm".to_owned(),
            message: "the phase map is constant (9.0000e1 deg); it carries no structure".to_owned(),
            hint: "check that the phase channel was recorded, or leave this file out".to_owned(),
        }],
        methods: vec![method()],
        notes: vec![Note::warning("few_sites", "Only 3 sites per state: the scatter between sites is itself uncertain by about 50 %.")],
    }
}

fn states() -> Vec<StateRecord> {
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let state = |state: &str, load: &str| StateRecord {
        sample: "film".to_owned(),
        state: state.to_owned(),
        facts: vec![fact("alloy", "Zr70Ni30"), fact("load", load)],
        n_items: SITES.len(),
    };
    vec![state("as-deposited", "0 N"), state("3 N", "3 N")]
}

fn state_result(index: usize, state: &str) -> ResultRecord {
    let shift = 1.0 + 0.35 * index as f64;
    let xi = 4.1e-9 * shift;
    let estimates = vec![
        Estimate::with_interval("correlation_length", "ξ", xi, "m", (xi - 0.42e-9, xi + 0.45e-9), Basis::Replicate)
            .std_error(0.21e-9)
            .systematic_error(0.08e-9)
            .n(3.0),
        Estimate::with_interval("roughness_exponent", "α", 0.52, "", (0.43, 0.61), Basis::Bootstrap).std_error(0.045).n(212.0),
        Estimate::without_interval(
            "domain_size",
            "L_d",
            2.3 * xi,
            "m",
            "the peak of the spectrum lies at the edge of the band",
        )
        .flag("model_dependent"),
    ];
    let figure = Figure {
        key: "structure_function".to_owned(),
        title: "Height–height correlation".to_owned(),
        caption: "The correlation rises as a power law and saturates beyond the correlation length; the shuffled image shows no rise.".to_owned(),
        panels: vec![structure_panel(xi), histogram_panel()],
    };
    record(
        "correlation",
        "Correlation length",
        state,
        "",
        index * 10,
        Outcome {
            estimates,
            figures: vec![figure],
            notes: vec![Note::info("levelling", "Every image was levelled by a plane; the plane took 1.3 % of the variance.")],
            ..Outcome::default()
        },
    )
}

fn structure_panel(xi: f64) -> Panel {
    let r: Vec<f64> = (1..40).map(|i| 1e-9 * 1.12f64.powi(i)).collect();
    let model: Vec<f64> = r.iter().map(|r| 8.0 * (1.0 - (-(r / xi).powf(1.04)).exp())).collect();
    let data: Vec<f64> = model.iter().enumerate().map(|(i, g)| g * (1.0 + 0.06 * ((i * i) as f64).sin())).collect();
    let around = |share: f64| -> Vec<[f64; 2]> { data.iter().map(|g| [g * (1.0 - share), g * (1.0 + share)]).collect() };
    let scaled = |share: f64| model.iter().map(|g| g * share).collect();
    Panel::new("Structure function", Axis::log("distance r", Unit::of("nm")), Axis::log("G", Unit::of("")))
        .with(Mark::Band { name: "95 % band".to_owned(), role: Role::Model, x: r.clone(), lo: scaled(0.9), hi: scaled(1.1) })
        .with(Mark::Points {
            name: "measured".to_owned(),
            role: Role::Data,
            x: r.clone(),
            y: data.clone(),
            y_interval: around(0.08),
            x_interval: Vec::new(),
        })
        .with(Mark::line("fit", Role::Model, r.clone(), model.clone()))
        .with(Mark::Line {
            name: "shuffled image".to_owned(),
            role: Role::Null,
            x: r.clone(),
            y: vec![8.0; r.len()],
            dashed: true,
        })
        .with(Mark::Rule { name: "ξ".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: xi })
}

fn histogram_panel() -> Panel {
    let edges: Vec<f64> = (0..31).map(|i| (70.0 + f64::from(i)).to_radians()).collect();
    let heights = (0..30).map(|i| 900.0 * (-0.5 * (f64::from(i - 14) / 5.0f64).powi(2)).exp()).collect();
    Panel::new("Phase", Axis::linear("phase φ", Unit::of("deg")), Axis::linear("pixels", Unit::one()))
        .with(Mark::Bars { name: "all pixels".to_owned(), role: Role::Data, edges, heights })
        .with(Mark::Rule { name: "threshold".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: 92f64.to_radians() })
}

fn energy_result(index: usize, state: &str) -> ResultRecord {
    let energy = (0.42 + 0.08 * index as f64) * EV;
    let estimate = Estimate::with_interval(
        "activation_energy",
        "E_a",
        energy,
        "J",
        (energy - 0.03 * EV, energy + 0.03 * EV),
        Basis::Likelihood,
    )
    .std_error(0.015 * EV)
    .systematic_error(0.05 * EV)
    .n(1840.0)
    .flag("model_dependent");
    let notes = vec![
        Note::refused(
            "attempt_frequency",
            "The attempt frequency was not given, so no relaxation time can be derived; add attempt_frequency to the measurement.",
        ),
        Note::warning("calibration", "The spring constant is known to 10 %: this dominates the error of the energy."),
    ];
    record(
        "activation",
        "Activation energy",
        state,
        "",
        index * 10 + 1,
        Outcome { estimates: vec![estimate], notes, ..Outcome::default() },
    )
}

fn site_result(index: usize, state: &str, site: usize, name: &str) -> ResultRecord {
    let field = field(256, (index * 3 + site) as f64);
    let extent = Some(Extent::metres(SIZE, SIZE));
    let mut dissipation = Map::new("dissipated_energy", field.mapv(|v| (8.0 + 2.0 * v) * EV), Unit::of("J"), extent.clone());
    for column in 60..80 {
        dissipation.values[[30, column]] = f64::NAN;
    }
    let height = Map::new("height", field.mapv(|v| 0.4e-9 * v), Unit::of("m"), extent.clone());
    let phase = Map::new("phase", field.mapv(|v| 90.0 + 4.0 * v), Unit::of("deg"), extent);
    let regions = regions();
    let outlines = Mark::Outlines { name: "soft regions".to_owned(), role: Role::Highlight, polygons: regions };
    let figure = Figure {
        key: "maps".to_owned(),
        title: "Topography and dissipation".to_owned(),
        caption: "Regions of high dissipation do not follow the topography. Grey pixels were saturated.".to_owned(),
        panels: vec![
            map_panel("Height", "height", "z", "nm", Palette::Topography, None),
            map_panel("Dissipated energy per cycle", "dissipated_energy", "E", "eV", Palette::Sequential, Some(outlines)),
            map_panel("Phase", "phase", "φ", "deg", Palette::Cyclic, None),
        ],
    };
    let n = 64;
    let number = |scale: f64, turn: f64| (0..n).map(|i| scale * (2.0 + (f64::from(i) * turn).sin())).collect::<Vec<_>>();
    let table = Table::new("regions", "Soft regions")
        .with_numbers("area", "m^2", number(4e-17, 1.7))
        .with_numbers("mean_energy", "J", number(3.0 * EV, 0.9))
        .with_numbers("pixels", "", (0..n).map(|i| f64::from(12 + (i * 37) % 90)).collect())
        .with_text("kind", (0..n).map(|i| if i % 3 == 0 { "isolated" } else { "clustered" }.to_owned()).collect());
    let estimate =
        Estimate::with_interval("area_fraction", "f", 0.132, "", (0.11, 0.155), Basis::Counting).std_error(0.012).n(64.0);
    record(
        "regions",
        "Soft regions",
        state,
        &format!("scans/{state}/{name}.spm"),
        index * 10 + 3 + site,
        Outcome {
            estimates: vec![estimate],
            tables: vec![table],
            maps: vec![dissipation, height, phase],
            figures: vec![figure],
            ..Outcome::default()
        },
    )
}

fn map_panel(title: &str, map: &str, label: &str, unit: &str, palette: Palette, over: Option<Mark>) -> Panel {
    let colour = ColourAxis { label: label.to_owned(), unit: Unit::of(unit), range: None, palette, scale: Scale::Linear };
    let panel = Panel::map(title, Axis::linear("x", Unit::of("nm")), Axis::linear("y", Unit::of("nm")));
    let panel = panel.with(Mark::Image { map: map.to_owned(), colour });
    over.into_iter().fold(panel, Panel::with)
}

fn regions() -> Vec<Vec<[f64; 2]>> {
    let centres = [(120e-9, 90e-9, 22e-9), (330e-9, 260e-9, 35e-9), (210e-9, 400e-9, 18e-9), (420e-9, 120e-9, 27e-9)];
    let outline = |(x, y, radius): (f64, f64, f64)| {
        let vertex = |i: i32| {
            let angle = f64::from(i) * std::f64::consts::TAU / 36.0;
            let reach = radius * (1.0 + 0.18 * (3.0 * angle).sin());
            [x + reach * angle.cos(), y + reach * angle.sin()]
        };
        (0..36).map(vertex).collect()
    };
    centres.map(outline).to_vec()
}

/// A smooth, irregular field of about unit variance.
fn field(n: usize, seed: f64) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(row, column)| {
        let (x, y) = (column as f64 / n as f64, row as f64 / n as f64);
        let waves = (1..14).map(|k| {
            let k = f64::from(k);
            let (kx, ky) = (23.0 * (1.3 * k + seed).sin(), 23.0 * (2.1 * k + 0.7 * seed).cos());
            (std::f64::consts::TAU * (kx * x + ky * y) + 5.0 * (k * seed).sin()).cos()
        });
        waves.sum::<f64>() / 2.5 + 0.15 * ((row * 7919 + column * 104_729) as f64).sin()
    })
}

fn comparison() -> ResultRecord {
    let names: Vec<String> = STATES.iter().map(|s| (*s).to_owned()).collect();
    let values = vec![4.1e-9, 5.5e-9];
    let intervals = vec![[3.7e-9, 4.55e-9], [5.1e-9, 5.95e-9]];
    let states = Mark::Points {
        name: "this study".to_owned(),
        role: Role::Data,
        x: vec![0.0, 1.0],
        y: values,
        y_interval: intervals,
        x_interval: Vec::new(),
    };
    let literature = Mark::Band {
        name: "literature".to_owned(),
        role: Role::Reference,
        x: vec![-0.5, 1.5],
        lo: vec![2.5e-9; 2],
        hi: vec![5e-9; 2],
    };
    let series = |number: u16, name: &str| {
        let x: Vec<f64> = (0..25).map(|i| 2e-9 * f64::from(i)).collect();
        let y = x.iter().map(|x| (-x / (4e-9 * (1.0 + 0.35 * f64::from(number)))).exp()).collect();
        Mark::line(name, Role::Series(number), x, y)
    };
    let figure = Figure {
        key: "correlation_length_by_state".to_owned(),
        title: "Correlation length by state".to_owned(),
        caption: "The correlation length grows under load.".to_owned(),
        panels: vec![
            Panel::new("Correlation length", Axis::categories("state", names), Axis::linear("ξ", Unit::of("nm")))
                .with(literature)
                .with(states),
            Panel::new("Autocorrelation", Axis::linear("distance r", Unit::of("nm")), Axis::linear("C(r)", Unit::one()))
                .with(series(0, "as-deposited"))
                .with(series(1, "3 N")),
        ],
    };
    let estimate =
        Estimate::with_interval("difference", "Δξ", 1.4e-9, "m", (0.8e-9, 2.0e-9), Basis::Replicate).std_error(0.3e-9).n(6.0);
    let outcome = Outcome { estimates: vec![estimate], figures: vec![figure], ..Outcome::default() };
    record("compare", "Difference between the states", "", "", 90, outcome)
}

fn record(method: &str, title: &str, state: &str, item: &str, number: usize, outcome: Outcome) -> ResultRecord {
    let provenance = Provenance {
        amorph_version: "0.1.0".to_owned(),
        method: format!("dafm.{method}"),
        method_version: 1,
        parameters: json!({ "r_max": "80 nm", "exponent": "free", "bootstrap": { "replicates": 1000 } }),
        inputs: vec![InputRecord {
            path: format!("scans/{number}.spm"),
            sha256: "9f".repeat(32),
            format: "nanoscope".to_owned(),
        }],
        constants: vec![ConstantRecord {
            key: "spring_constant".to_owned(),
            value: "40 ± 4 N/m".to_owned(),
            origin: "study".to_owned(),
        }],
        overrides: Vec::new(),
        upstream: if number == 90 { vec!["j000".to_owned(), "j010".to_owned()] } else { Vec::new() },
        seed: 20_260_302 + number as u64,
    };
    ResultRecord {
        job: format!("j{number:03}"),
        method: format!("dafm.{method}"),
        title: title.to_owned(),
        sample: "film".to_owned(),
        state: state.to_owned(),
        item: item.to_owned(),
        outcome: Outcome { provenance, ..outcome },
        shown: Shown::InFull,
    }
}

fn method() -> MethodRecord {
    MethodRecord {
        id: "dafm.correlation".to_owned(),
        title: "Correlation length".to_owned(),
        summary: "How far the structure of an image remembers itself.".to_owned(),
        version: 1,
        doc: DOC.to_owned(),
        references: vec![
            "S. K. Sinha et al., Phys. Rev. B 38, 2297 (1988), doi:10.1103/PhysRevB.38.2297.".to_owned(),
            "J. P. Cleveland et al., Appl. Phys. Lett. 72, 2613 (1998), doi:10.1063/1.121434.".to_owned(),
        ],
    }
}

const STUDY: &str = r#"[study]
title = "Zr70Ni30 film under a flat punch"

[[sample]]
id = "film"
alloy = "Zr70Ni30"

[[sample.state]]
id = "as-deposited"

[[sample.state]]
id = "3 N"
load = "3 N"
"#;

const DOC: &str = r#"# Correlation length

## Idea
The height–height correlation of a self-affine image with a cut-off,

$$ G(r) = \left\langle [z(\mathbf{x}+\mathbf{r})-z(\mathbf{x})]^2 \right\rangle = 2\sigma^2\left[1-\exp\!\left(-\left(\frac{r}{\xi}\right)^{2\alpha}\right)\right], $$

rises with exponent $2\alpha$ and saturates at $2\sigma^2$ beyond $\xi$.

## Assumptions

| assumption | checked by |
|---|---|
| stationary | halves of the image |
| isotropic | directional $G(r)$ |

1. The field is at least $10\,\xi$ wide.
2. Noise of the detector adds $2\sigma_n^2$ at every distance:

$$ G_\mathrm{obs}(r) = G(r) + 2\sigma_n^2, \qquad r > 0. $$
"#;
