/// A slip, contradiction or doubtful statement of the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discrepancy {
    /// Stable name, `D1` to `D36`.
    pub id: &'static str,
    /// What is wrong.
    pub what: &'static str,
    /// Where it is seen.
    pub shown: Shown,
}

/// Where a discrepancy is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In recomputed claims.
    Claims(&'static [&'static str]),
    /// In the models that use the right form, and say so.
    Models(&'static [&'static str]),
    /// Nowhere, and why.
    Nowhere(&'static str),
}

/// All discrepancies.
pub fn discrepancies() -> &'static [Discrepancy] {
    use Shown::{Claims, Models, Nowhere};
    const fn of(id: &'static str, what: &'static str, shown: Shown) -> Discrepancy {
        Discrepancy { id, what, shown }
    }
    const ALL: &[Discrepancy] = &[
        of(
            "D1",
            "temperatures in degrees Celsius under a head that says kelvin",
            Claims(&["Q19.T1.Pd40Ni10Cu30P20.Na.kelvin"]),
        ),
        of("D2", "the printed constants do not give corrugations of 65 and 92 nm", Claims(&["Q19.meniscus.E40.d0.1"])),
        of("D3", "sign and arithmetic of the fast β frequency", Claims(&["Q19.kato", "Q19.kato.plus"])),
        of("D4", "a bead of 100 atoms would make the glass soft", Claims(&["Q19.G55", "Q19.bead"])),
        of("D5", "the elastic factor 1.8 belongs to a Poisson ratio of 0.4", Claims(&["Q19.kappa", "Q19.kappa.04"])),
        of("D6", "sign of the barrier in the relaxation time", Models(&["event_relaxation_time"])),
        of("D7", "0.5 and 0.62 eV at the same time scale", Claims(&["Y12.DG.debye", "Y12.DG.implied", "L16.omega"])),
        of(
            "D8",
            "printed heat capacities and cooperative numbers contradict each other",
            Claims(&["Q19.T1.Pd40Ni10Cu30P20.Na.printed"]),
        ),
        of("D9", "the activation volume needs the Taylor factor of a polycrystal", Claims(&["I19.V.M3.06", "I19.V.Msqrt3"])),
        of("D10", "a volume compared with lengths", Claims(&["I19.STZ.length.1", "I19.STZ.length.2"])),
        of("D11", "5 V in one place, 15 V in another", Nowhere("a constant of the measurement, asked for, never assumed")),
        of("D12", "strain coefficient of the resistance", Claims(&["Y12.strain.coef"])),
        of("D13", "mean pressures below the yield stress and above any hardness", Claims(&["L16.punch.40mN", "L16.punch.3N"])),
        of("D14", "the pillar alone would carry 1.6 A", Claims(&["Y12.Rpillar"])),
        of("D15", "3400 patterns in a caption, 3200 by the text", Claims(&["I19.patterns"])),
        of("D16", "a peak at 250 K with 1.0 eV needs an unphysical attempt time", Claims(&["Q19.tau0.250K"])),
        of(
            "D17",
            "two energies of free volume for one alloy",
            Nowhere("both values stand in the literature table with their conditions"),
        ),
        of(
            "D18",
            "variation of energy compared with variation of phase",
            Nowhere("words; dafm.distribution and compare.states compare like with like"),
        ),
        of("D19", "1 % of 24.3 % called about 10 %", Claims(&["Q19.STZ10"])),
        of("D20", "critical rate from a slope with density instead of pressure", Models(&["critical_shear_rate"])),
        of("D21", "numbers of equations and figures", Nowhere("cross-references inside the review; no number depends on them")),
        of("D22", "modulus deficits of 20 to 40 % and of 10 to 30 %", Claims(&["Q19.interst.D22"])),
        of("D23", "mobility falls with the correlation factor in one sentence", Models(&["qpd_time"])),
        of("D24", "deviations of 22 to 27 % called very good agreement", Claims(&["L16.ratio.asdep", "L16.ratio.3N"])),
        of("D25", "linear kinetics where the bias is no probability", Claims(&["Y12.tauVkT", "Y12.pss"])),
        of("D26", "labels of a figure", Nowhere("a caption; no number depends on it")),
        of(
            "D27",
            "monotonic disruption, but none below yielding",
            Nowhere("counts are printed as pictures only; the elastic strain is I19.elastic"),
        ),
        of("D28", "year and number of a reference", Nowhere("a citation; no number depends on it")),
        of("D29", "0.5 eV as slow β energy would need Tg = 223 K", Claims(&["Q19.Ebeta.Tg05", "Q19.Ebeta.700"])),
        of("D30", "two conventions of the glass transition differ by a factor 3", Claims(&["Q19.etaTg", "X18"])),
        of(
            "D31",
            "the quality factor is called a damping factor",
            Nowhere("a word; the value is used as quality factor in L16.Edis.prefactor"),
        ),
        of("D32", "millinewtons and millimetres for micronewtons and micrometres", Claims(&["Q19.hertz"])),
        of("D33", "the glass transition hardly varies, yet rejuvenation raises it", Nowhere("words without numbers")),
        of("D34", "29 % of soft interfaces above the limit of 25 %", Claims(&["Q19.NG"])),
        of("D35", "durations of one or two samples", Claims(&["Y12.dur.samples"])),
        of("D36", "frequency of the tip not stated", Claims(&["L16.eps100kHz", "L16.eps300kHz"])),
    ];
    ALL
}
