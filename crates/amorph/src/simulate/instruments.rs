/// A virtual instrument or specimen, for what it stands for in the source papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instrument {
    /// Module of the simulators.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Rows of the inventory of the source papers that it covers.
    pub covers: &'static [&'static str],
}

/// All virtual instruments and specimens.
pub fn instruments() -> &'static [Instrument] {
    &[
        Instrument { id: "sim.afm", title: "tapping-mode microscope over a film of known truth", covers: &["L16-38"] },
        Instrument {
            id: "sim.indentation",
            title: "nanoindenter over bodies of known elasticity and relaxation",
            covers: &["L16-34", "Q19-3.2-a"],
        },
        Instrument {
            id: "sim.pillar",
            title: "pressed pillar with an electrical contact, spikes and pop-ins of known size",
            covers: &["Y12-30"],
        },
        Instrument { id: "sim.events.mean_field", title: "avalanches of sites that all feel each other", covers: &["Y12-32"] },
        Instrument { id: "sim.oscillator", title: "tapping cantilever with dissipative forces", covers: &["L16-39"] },
        Instrument {
            id: "sim.haadf.film",
            title: "foil whose composition and density vary in three dimensions, seen by an annular detector and a spectrometer",
            covers: &["I19-37"],
        },
        Instrument { id: "sim.nbed.atoms", title: "nanobeam diffraction patterns of a model of atoms", covers: &["I19-38"] },
        Instrument { id: "sim.afm.sheared_glass", title: "glass that yields event by event", covers: &["L16-40"] },
    ]
}
