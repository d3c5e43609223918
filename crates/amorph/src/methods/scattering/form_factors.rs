//! What free atoms scatter: form factors of an alloy for X-rays and electrons, and incoherent (Compton) scattering.

use std::sync::OnceLock;

use xraydb::XrayDb;

use crate::core::electron_scattering::{ScatteringFactor, UnknownElement};

/// Slope of the Thomas-Fermi function of a neutral atom at the nucleus.
const SLOPE: f64 = -1.588_071_022_611_375;
/// Steps of its integration, and where it ends in √x.
const STEPS: usize = 4000;
const REACH: f64 = 4.0;
/// Distance of electrons in units of Q/Z^(2/3), Å: a₀/(2 (2/0.88534)^½).
const SCALE: f64 = 0.176_04;
/// Nodes of the table over v.
const NODES: usize = 400;
/// Largest v of the table.
const LARGEST: f64 = 2.0;

/// An alloy as a scatterer.
#[derive(Debug, Clone, PartialEq)]
pub struct Alloy {
    /// Symbol, atomic fraction and atomic number.
    elements: Vec<(String, f64, f64)>,
    /// f' and f'' of each element; zero where they are left out.
    anomalous: Vec<[f64; 2]>,
}

/// Means over the atoms of an alloy at one Q: electrons² for X-rays, Å² for electrons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scattering {
    /// ⟨f²⟩.
    pub mean_square: f64,
    /// |⟨f⟩|².
    pub square_mean: f64,
    /// Compton scattering.
    pub incoherent: f64,
}

impl Alloy {
    /// From a formula such as `Zr52.5Cu17.9Ni14.6Al10Ti5`; the numbers need not add to one.
    ///
    /// # Errors
    /// What is wrong with the formula.
    pub fn parse(formula: &str) -> Result<Self, String> {
        let composition = xraydb::chemparse(formula).map_err(|error| error.to_string())?;
        let database = XrayDb::try_new().map_err(|error| error.to_string())?;
        let total: f64 = composition.iter().map(|(_, amount)| amount).sum();
        if !(total > 0.0 && total.is_finite()) {
            return Err("it names no element".to_owned());
        }
        let mut elements = Vec::new();
        for (symbol, amount) in composition.iter() {
            let number = database.atomic_number(symbol).map_err(|error| error.to_string())?;
            database.f0_at(symbol, 0.0).map_err(|error| error.to_string())?;
            elements.push((symbol.clone(), amount / total, f64::from(number)));
        }
        let anomalous = vec![[0.0; 2]; elements.len()];
        Ok(Self { elements, anomalous })
    }

    /// With anomalous scattering at a wavelength (m), after Chantler.
    ///
    /// # Errors
    /// For energies outside the tables.
    pub fn with_anomalous(mut self, wavelength: f64) -> Result<Self, String> {
        let energy = 1.239_841_984e-6 / wavelength;
        let database = XrayDb::try_new().map_err(|error| error.to_string())?;
        for ((symbol, _, _), parts) in self.elements.iter().zip(&mut self.anomalous) {
            let real = database.f1_chantler_at(symbol, energy).map_err(|error| error.to_string())?;
            let imaginary = database.f2_chantler_at(symbol, energy).map_err(|error| error.to_string())?;
            *parts = [real, imaginary];
        }
        Ok(self)
    }

    /// Means over the atoms at scattering vectors Q (1/m); Compton scattering of photons that a detector counts, at a wavelength (m) where it is known.
    ///
    /// # Errors
    /// For scattering vectors outside the tables of form factors.
    pub fn at(&self, q: &[f64], wavelength: Option<f64>) -> Result<Vec<Scattering>, String> {
        let database = XrayDb::try_new().map_err(|error| error.to_string())?;
        // The tables go by sin θ/λ in 1/Å.
        let s: Vec<f64> = q.iter().map(|q| q * 1e-10 / (4.0 * std::f64::consts::PI)).collect();
        let mut f0 = Vec::new();
        for (symbol, _, _) in &self.elements {
            f0.push(database.f0(symbol, &s).map_err(|error| error.to_string())?);
        }
        let at = |k: usize| {
            let (mut re, mut im, mut mean_square, mut incoherent) = (0.0, 0.0, 0.0, 0.0);
            for (place, (_, share, number)) in self.elements.iter().enumerate() {
                let [real, imaginary] = self.anomalous[place];
                let f = f0[place][k] + real;
                re += share * f;
                im += share * imaginary;
                mean_square += share * (f * f + imaginary * imaginary);
                incoherent += share * number * thomas_fermi(SCALE * q[k] * 1e-10 / number.powf(2.0 / 3.0));
            }
            let recoil = wavelength.map_or(1.0, |wavelength| recoil(q[k], wavelength));
            Scattering { mean_square, square_mean: re * re + im * im, incoherent: incoherent * recoil }
        };
        Ok((0..q.len()).map(at).collect())
    }

    /// The same means for fast electrons, Å²: Kirkland's factors in the first Born approximation. What they scatter with a loss of energy is no known
    /// function of Q and is left at zero.
    ///
    /// # Errors
    /// For elements that the table does not have.
    pub fn of_electrons(&self, q: &[f64]) -> Result<Vec<Scattering>, UnknownElement> {
        let factor = |(symbol, share, _): &(String, f64, f64)| Ok((*share, ScatteringFactor::of(symbol)?));
        let factors = self.elements.iter().map(factor).collect::<Result<Vec<_>, UnknownElement>>()?;
        let at = |q: &f64| {
            let mean = |power: i32| {
                let one = |(share, factor): &(f64, ScatteringFactor)| {
                    share * (1e10 * factor.at(q / std::f64::consts::TAU)).powi(power)
                };
                factors.iter().map(one).sum::<f64>()
            };
            Scattering { mean_square: mean(2), square_mean: mean(1).powi(2), incoherent: 0.0 }
        };
        Ok(q.iter().map(at).collect())
    }
}

/// (E'/E)² of Compton-scattered photons: Breit and Dirac, for a detector that counts photons.
fn recoil(q: f64, wavelength: f64) -> f64 {
    const COMPTON_WAVELENGTH: f64 = 2.426_310_238_67e-12;
    // 1 - cos 2θ = 2 sin²θ
    let sine = (q * wavelength / (4.0 * std::f64::consts::PI)).min(1.0);
    (1.0 + COMPTON_WAVELENGTH / wavelength * 2.0 * sine * sine).powi(-2)
}

/// Share of its electrons with which an atom scatters incoherently, in the Thomas-Fermi atom (Heisenberg 1931, Bewilogua 1931):
/// S = 1 - ∫ x² (w - v)² (w + v/2) dx with w = (φ/x)^½, as far as w > v.
pub fn thomas_fermi(v: f64) -> f64 {
    static TABLE: OnceLock<Vec<f64>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let atom = atom();
        (0..=NODES).map(|k| incoherent_share(&atom, node(k))).collect()
    });
    if v <= 0.0 {
        return 0.0;
    }
    // Nodes are even in √v.
    let place = (v / LARGEST).sqrt() * NODES as f64;
    let k = (place as usize).min(NODES - 1);
    let share = (place - k as f64).min(1.0);
    table[k] + share * (table[k + 1] - table[k])
}

fn node(k: usize) -> f64 {
    LARGEST * (k as f64 / NODES as f64).powi(2)
}

/// φ of the neutral Thomas-Fermi atom at even steps of t = √x, by the method of Runge and Kutta: φ'' = φ^(3/2)/√x.
fn atom() -> Vec<f64> {
    let h = REACH / STEPS as f64;
    let slope = |t: f64, [phi, p]: [f64; 2]| [2.0 * t * p, 2.0 * phi.max(0.0).powf(1.5)];
    let mut at = [1.0, SLOPE];
    let mut all = vec![1.0];
    for k in 0..STEPS {
        let t = k as f64 * h;
        let step = |by: f64, k: [f64; 2]| [at[0] + by * k[0], at[1] + by * k[1]];
        let k1 = slope(t, at);
        let k2 = slope(t + 0.5 * h, step(0.5 * h, k1));
        let k3 = slope(t + 0.5 * h, step(0.5 * h, k2));
        let k4 = slope(t + h, step(h, k3));
        at = std::array::from_fn(|i| at[i] + h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]));
        all.push(at[0].max(0.0));
    }
    all
}

fn incoherent_share(phi: &[f64], v: f64) -> f64 {
    let h = REACH / STEPS as f64;
    let term = |k: usize| {
        let t = k as f64 * h;
        if k == 0 {
            return 0.0;
        }
        let w = phi[k].sqrt() / t;
        if w > v { t.powi(4) * (w - v).powi(2) * (w + 0.5 * v) * 2.0 * t } else { 0.0 }
    };
    let inside = h * (0..phi.len()).map(term).sum::<f64>();
    // Electrons beyond the reach have w below 0.024: they scatter incoherently wherever v is larger.
    let beyond = h * (0..phi.len()).map(|k| (k as f64 * h).powi(2) * phi[k].powf(1.5) * 2.0).sum::<f64>();
    (1.0 - inside - if v < 0.024 { (1.0 - beyond).max(0.0) * (1.0 - v / 0.024) } else { 0.0 }).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Bewilogua's table, Phys. Z. 32, 740 (1931), as printed in later handbooks.
    #[test]
    fn incoherent_scattering_follows_the_published_table() {
        let table = [
            (0.05, 0.319),
            (0.1, 0.486),
            (0.2, 0.674),
            (0.3, 0.776),
            (0.4, 0.839),
            (0.5, 0.880),
            (0.6, 0.909),
            (0.8, 0.944),
            (1.0, 0.963),
        ];
        for (v, share) in table {
            assert!((thomas_fermi(v) - share).abs() < 0.004, "{v}: {}", thomas_fermi(v));
        }
        assert!(thomas_fermi(0.0).abs() < 1e-12 && thomas_fermi(0.001) < 0.02 && thomas_fermi(5.0) > 0.98);
    }

    #[test]
    fn an_alloy_has_its_electrons_at_zero_and_loses_them_at_large_angles() {
        let alloy = Alloy::parse("Fe81S19").unwrap();
        let found = alloy.at(&[0.0, 20e10], None).unwrap();
        let mean = 0.81 * 26.0 + 0.19 * 16.0;
        assert!((found[0].square_mean.sqrt() / mean - 1.0).abs() < 1e-3);
        assert!((found[0].mean_square / (0.81 * 676.0 + 0.19 * 256.0) - 1.0).abs() < 1e-3);
        assert!(found[1].mean_square < 0.05 * found[0].mean_square && found[1].incoherent > 0.75 * mean);
        assert!(Alloy::parse("Xx50").is_err() && Alloy::parse("").is_err());
    }

    /// Mott and Bethe: f_e = (Z - f_x)/(2π² a₀ k²), k = 1/d. The tables of electrons and of X-rays are independent of each other.
    #[test]
    fn electron_and_x_ray_tables_agree() {
        let symbols = [
            "Be", "B", "C", "Mg", "Al", "Si", "P", "Ca", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "Y",
            "Zr", "Nb", "Mo", "Ru", "Rh", "Pd", "Ag", "In", "Sn", "La", "Ce", "Pr", "Nd", "Sm", "Gd", "Tb", "Dy", "Er", "Hf",
            "Ta", "W", "Ir", "Pt", "Au",
        ];
        for symbol in symbols {
            let alloy = Alloy::parse(symbol).unwrap();
            let number = alloy.elements[0].2;
            let electrons = ScatteringFactor::of(symbol).unwrap();
            for k in [0.4e10, 0.7e10, 1.0e10, 1.5e10] {
                let x_rays = alloy.at(&[std::f64::consts::TAU * k], None).unwrap()[0].square_mean.sqrt();
                let expected = (number - x_rays) / (2.0 * std::f64::consts::PI.powi(2) * 0.529_177_21e-10 * k * k);
                let found = electrons.at(k);
                assert!((found / expected - 1.0).abs() < 0.03, "{symbol} at {k:e}: {found:e}, {expected:e}");
            }
        }
    }

    #[test]
    fn means_for_electrons_are_those_of_the_table() {
        let alloy = Alloy::parse("Cu64Zr36").unwrap();
        let [copper, zirconium] = ["Cu", "Zr"].map(|symbol| 1e10 * ScatteringFactor::of(symbol).unwrap().at(0.5e10));
        let found = alloy.of_electrons(&[std::f64::consts::PI * 1e10]).unwrap()[0];
        assert!((found.mean_square - 0.64 * copper.powi(2) - 0.36 * zirconium.powi(2)).abs() < 1e-12);
        assert!((found.square_mean - (0.64 * copper + 0.36 * zirconium).powi(2)).abs() < 1e-12);
        assert!(Alloy::parse("Cu64U36").unwrap().of_electrons(&[1e10]).unwrap_err().to_string().contains("'U'"));
    }

    #[test]
    fn anomalous_scattering_matters_near_an_edge() {
        let plain = Alloy::parse("Fe").unwrap();
        let near = plain.clone().with_anomalous(1.75e-10).unwrap();
        let at = |alloy: &Alloy| alloy.at(&[1e10], None).unwrap()[0].mean_square;
        assert!(at(&near) < 0.75 * at(&plain), "{} {}", at(&near), at(&plain));
    }
}
