//! The eighteen cross-links between techniques, and what the findings of a card say about each.

use super::assess::{Row, Test, amount};
use super::convention::shown_unit;
use super::finding::Card;

/// What two routes to a quantity should give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Relation {
    /// The same value, within their errors.
    Equal,
    /// The same value within each of two families, which are never averaged.
    TwoFamilies,
    /// Values within a factor.
    WithinFactor(f64),
    /// A value between two, SI.
    Window(f64, f64),
    /// Nothing certain: the values are put side by side.
    SideBySide,
}

/// A way to a quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Route {
    /// The technique.
    pub technique: &'static str,
    /// What is measured.
    pub what: &'static str,
    /// Relative error that can be expected of it.
    pub relative_error: f64,
}

/// A quantity to which several techniques lead.
#[derive(Debug, PartialEq)]
pub struct Link {
    /// `X1` to `X18`.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// The quantities of findings that belong to it.
    pub quantities: &'static [&'static str],
    /// The ways to it, the cheapest first.
    pub routes: &'static [Route],
    /// What they should give.
    pub relation: Relation,
    /// The same in words.
    pub expected: &'static str,
    /// What is known to stand between published values, and its mark in the list of discrepancies.
    pub known: &'static str,
}

/// Whether routes agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They do.
    Agree,
    /// They do not.
    Disagree,
    /// They are put side by side.
    SideBySide,
    /// Fewer than two routes are there.
    Open,
}

/// What the findings of a card say about a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkResult {
    /// The link.
    pub link: &'static Link,
    /// The findings that belong to it, by index in the card.
    pub findings: Vec<usize>,
    /// Techniques among them.
    pub techniques: Vec<String>,
    /// Whether they agree.
    pub verdict: Verdict,
    /// The numbers behind it.
    pub text: String,
}

const fn route(technique: &'static str, what: &'static str, relative_error: f64) -> Route {
    Route { technique, what, relative_error }
}

/// All of them.
pub const LINKS: &[Link] = &[
    Link {
        id: "X1",
        title: "barrier of the event",
        quantities: &["barrier", "slope_energy"],
        routes: &[
            route("afm", "correlation length of a second state: an energy free of λ", 0.10),
            route("cyclic_indentation", "cyclic indentation at two frequencies", 0.10),
            route("resistance", "duration of resistance events, sampled ten times faster", 0.05),
            route("dsc", "slow beta peak at three heating rates, with its τ₀", 0.08),
            route("creep", "creep at two temperatures", 0.15),
        ],
        relation: Relation::Equal,
        expected: "equal after conversion to one attempt frequency",
        known: "AFM energies with λ = 1 nm (0.33 to 0.39 eV) lie below 0.5 to 0.62 eV: one λ = 0.8 nm brings them together (D24); 0.5 and 0.62 eV at 1 ms differ by the attempt frequency, 1.25e11 against 1.5e13 1/s (D7); the duration is the sampling interval, a limit (D35)",
    },
    Link {
        id: "X2",
        title: "characteristic frequency",
        quantities: &["characteristic_frequency"],
        routes: &[
            route("afm", "frequency of the drive at which the phase contrast is largest", 0.5),
            route("dma", "fast beta peak extrapolated to room temperature", 1.0),
            route("contact_resonance", "loss at two contact resonances", 0.5),
        ],
        relation: Relation::WithinFactor(10.0),
        expected: "the same order of magnitude",
        known: "",
    },
    Link {
        id: "X3",
        title: "volume of the event",
        quantities: &["event_volume", "activation_volume"],
        routes: &[
            route("nanoindentation", "strain-rate jumps", 0.15),
            route("onchip", "relaxation on chip", 0.25),
            route("theory", "cooperative shear model from barrier and modulus", 0.5),
        ],
        relation: Relation::Equal,
        expected: "equal within the factor between event and activation volume",
        known: "the factor is 10, or 21 with the square-root term of the cooperative shear model",
    },
    Link {
        id: "X4",
        title: "sizes: event and heterogeneity",
        quantities: &["event_length", "heterogeneity_length"],
        routes: &[
            route("afm", "correlation length of the dissipation", 0.05),
            route("nbed", "coherence of nanobeam diffraction", 0.2),
            route("eels", "plasmon map", 0.2),
            route("dsc", "Donth's temperature fluctuation from modulated calorimetry", 0.15),
        ],
        relation: Relation::TwoFamilies,
        expected: "events 1.3 to 1.6 nm, heterogeneity 2 to 4 nm: two families",
        known: "a volume of 1 to 2 nm³ is a diameter of 1.24 to 1.56 nm, not the 2 to 3 nm it was compared with (D10)",
    },
    Link {
        id: "X5",
        title: "fraction of soft regions",
        quantities: &["soft_fraction"],
        routes: &[
            route("pdf", "anelastic strain from diffraction under load", 0.1),
            route("ultrasound", "modulus deficit against the crystal", 0.15),
            route("afm", "area of the dissipating regions", 0.3),
        ],
        relation: Relation::Window(0.20, 0.25),
        expected: "20 to 25 %: above, it is a liquid",
        known: "the 29 % of a nanoglass lie above the limit that the same review gives (D34); 20 to 40 % and 10 to 30 % are both printed for the modulus deficit (D22)",
    },
    Link {
        id: "X6",
        title: "fragility",
        quantities: &["fragility", "alpha_energy"],
        routes: &[route("dsc", "shift of Tg with heating rate", 0.1), route("dma", "alpha peak at three frequencies", 0.05)],
        relation: Relation::Equal,
        expected: "m = E/(R Tg ln 10), an identity",
        known: "",
    },
    Link {
        id: "X7",
        title: "shape of the relaxation",
        quantities: &["stretching_exponent", "high_frequency_exponent"],
        routes: &[route("dma", "alpha peak over three decades", 0.05), route("creep", "stress relaxation", 0.05)],
        relation: Relation::SideBySide,
        expected: "time and frequency domain differ by about 0.1",
        known: "αγ = 0.389 of the Havriliak-Negami form against 0.5 of the stretched exponential",
    },
    Link {
        id: "X8",
        title: "concentration of defects",
        quantities: &["defect_concentration"],
        routes: &[
            route("ultrasound", "shear modulus of glass and crystal", 0.1),
            route("dsc", "heat of relaxation and crystallisation", 0.1),
            route("density", "density before and after crystallisation", 0.2),
        ],
        relation: Relation::Equal,
        expected: "equal by all routes",
        known: "10 to 30 % modulus deficit gives 0.53 to 1.78 % instead of 1.1 to 2.6 % (D22)",
    },
    Link {
        id: "X9",
        title: "number of cooperating atoms",
        quantities: &["cooperative_number"],
        routes: &[route("dsc", "modulated calorimetry at Tg", 0.15), route("dma", "loss peak at Tg", 0.15)],
        relation: Relation::WithinFactor(1.25),
        expected: "N_c of both routes within 25 %; N_α/N_c = 6.45 Δcp Δ(1/cp)",
        known: "the printed N_α do not follow from the printed heat capacities (D8)",
    },
    Link {
        id: "X10",
        title: "activation volume",
        quantities: &["activation_volume"],
        routes: &[route("nanoindentation", "strain-rate jumps", 0.15), route("onchip", "relaxation on chip", 0.25)],
        relation: Relation::Equal,
        expected: "overlap",
        known: "100 to 200 Å³ needs a Taylor factor near 3; a glass has √3, which gives 73 Å³ (D9)",
    },
    Link {
        id: "X11",
        title: "yield strain",
        quantities: &["yield_strain"],
        routes: &[route("nanoindentation", "first pop-in", 0.1), route("onchip", "tension on chip", 0.05)],
        relation: Relation::Window(0.024, 0.027),
        expected: "0.024 to 0.027 in shear at room temperature",
        known: "the film reaches 0.063 (τ = σ/2): size effect",
    },
    Link {
        id: "X12",
        title: "Poisson ratio on annealing",
        quantities: &["poisson_ratio"],
        routes: &[route("ultrasound", "both sound velocities", 0.01), route("brillouin", "Brillouin scattering", 0.1)],
        relation: Relation::SideBySide,
        expected: "the sign of its change goes with ductility",
        known: "",
    },
    Link {
        id: "X13",
        title: "dissipated energy",
        quantities: &["dissipated_energy"],
        routes: &[route("afm", "phase formula", 0.05), route("simulation", "loop of force and distance", 0.01)],
        relation: Relation::WithinFactor(1.01),
        expected: "within 1 % in simulation",
        known: "",
    },
    Link {
        id: "X14",
        title: "heterogeneity length of one image",
        quantities: &["heterogeneity_length"],
        routes: &[route("afm", "structure function, spectrum, autocorrelation and regions of one image", 0.05)],
        relation: Relation::SideBySide,
        expected: "equal within error for one image",
        known: "the ratio depends on the exponent of the structure function",
    },
    Link {
        id: "X15",
        title: "energy of the fast beta process",
        quantities: &["energy_ratio", "fast_beta_energy"],
        routes: &[
            route("dma", "fast beta peak at three frequencies", 0.1),
            route("internal_friction", "peak in a vibrating reed", 0.1),
        ],
        relation: Relation::SideBySide,
        expected: "all are reported",
        known: "0.25 eV by shift factors, 0.03 to 0.05 eV by peaks, 0.3 to 0.5 of the slow beta energy",
    },
    Link {
        id: "X16",
        title: "exponent of event sizes",
        quantities: &["avalanche_exponent"],
        routes: &[
            route("resistance", "sizes of resistance spikes", 0.07),
            route("nanoindentation", "sizes of pop-ins", 0.1),
            route("simulation", "lattice under shear", 0.02),
        ],
        relation: Relation::Window(1.5, 1.5),
        expected: "3/2 of mean-field theory",
        known: "",
    },
    Link {
        id: "X17",
        title: "length of shear bands",
        quantities: &["shear_band_length"],
        routes: &[
            route("fractography", "corrugation of the fracture surface", 0.1),
            route("haadf", "density along a band", 0.1),
        ],
        relation: Relation::WithinFactor(10.0),
        expected: "the same order of magnitude",
        known: "the meniscus formula with the printed constants gives 0.75 to 2 nm, not 65 to 92 nm (D2)",
    },
    Link {
        id: "X18",
        title: "relaxation time at Tg",
        quantities: &["relaxation_time"],
        routes: &[route("dma", "alpha peak at Tg", 0.3), route("dsc", "Tg at one heating rate", 1.0)],
        relation: Relation::WithinFactor(2.0),
        expected: "one convention",
        known: "η = 10¹² Pa s and τ = 100 s at Tg imply G = 10 GPa; with 30 GPa they differ by a factor 3 (D30)",
    },
];

/// What the findings say about every link.
pub fn evaluate(card: &Card, tests: &[Test], rows: &[Row]) -> Vec<LinkResult> {
    LINKS.iter().map(|link| of_link(link, card, tests, rows)).collect()
}

fn of_link(link: &'static Link, card: &Card, tests: &[Test], rows: &[Row]) -> LinkResult {
    let belongs = |row: &&Row| link.quantities.contains(&card.findings[row.finding].quantity.name);
    let findings: Vec<usize> = rows.iter().filter(belongs).map(|row| row.finding).collect();
    let mut techniques: Vec<String> = findings.iter().map(|index| card.findings[*index].technique.clone()).collect();
    techniques.sort();
    techniques.dedup();
    let of_link: Vec<&Test> = tests.iter().filter(|test| link.quantities.contains(&test.quantity.name)).collect();
    let (verdict, text) = match link.relation {
        _ if findings.is_empty() => (Verdict::Open, "no finding".to_owned()),
        Relation::Equal | Relation::TwoFamilies => by_tests(&of_link),
        Relation::WithinFactor(factor) => within_factor(&of_link, factor),
        Relation::Window(lo, hi) => in_window(&of_link, lo, hi),
        Relation::SideBySide => (Verdict::SideBySide, spread(&of_link)),
    };
    LinkResult { link, findings, techniques, verdict, text }
}

fn by_tests(tests: &[&Test]) -> (Verdict, String) {
    let tested: Vec<&&Test> = tests.iter().filter(|test| test.agrees().is_some()).collect();
    if tested.is_empty() {
        return (Verdict::Open, "one route".to_owned());
    }
    let sentence = |test: &&&Test| {
        let p = test.result.p_value.map_or_else(String::new, |p| format!("p = {p:.2}"));
        format!("{}: {p}", test.title())
    };
    let agree = tested.iter().all(|test| test.agrees() == Some(true));
    let text = tested.iter().map(sentence).collect::<Vec<_>>().join("; ");
    (if agree { Verdict::Agree } else { Verdict::Disagree }, text)
}

/// All values of a test in SI.
fn values(test: &Test) -> impl Iterator<Item = f64> {
    test.members.iter().map(|member| member.value)
}

fn within_factor(tests: &[&Test], factor: f64) -> (Verdict, String) {
    let all: Vec<f64> = tests.iter().flat_map(|test| values(test)).collect();
    if all.len() < 2 {
        return (Verdict::Open, "one route".to_owned());
    }
    let ratio = all.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v)) / all.iter().fold(f64::INFINITY, |m, v| m.min(*v));
    let verdict = if ratio <= factor { Verdict::Agree } else { Verdict::Disagree };
    (verdict, format!("largest over smallest {ratio:.3}, {factor} allowed"))
}

fn in_window(tests: &[&Test], lo: f64, hi: f64) -> (Verdict, String) {
    let mut outside = Vec::new();
    let mut n = 0;
    for member in tests.iter().flat_map(|test| &test.members) {
        let shared: f64 = member.changes.iter().map(|(_, change)| change.of(member.value).powi(2)).sum();
        let reach = crate::core::stats::NORMAL_95 * (member.std_error.powi(2) + shared).sqrt();
        n += 1;
        if member.value - reach > hi || member.value + reach < lo {
            outside.push(amount(member.value, &shown_unit(member.quantity)));
        }
    }
    match (n, outside.as_slice()) {
        (0, _) => (Verdict::Open, "nothing that can be tested".to_owned()),
        (_, []) => (Verdict::Agree, format!("{n} inside, errors counted")),
        (_, outside) => (Verdict::Disagree, format!("{} of {n} outside: {}", outside.len(), outside.join(", "))),
    }
}

fn spread(tests: &[&Test]) -> String {
    let one = |test: &&Test| {
        let unit = shown_unit(test.quantity);
        let shown: Vec<String> = values(test).map(|value| amount(value, &unit)).collect();
        format!("{}: {}", test.title(), shown.join(", "))
    };
    tests.iter().map(one).collect::<Vec<_>>().join("; ")
}
