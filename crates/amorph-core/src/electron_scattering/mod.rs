//! Scattering of electrons by one atom.

/// The table, compiled in.
const TABLE: &str = include_str!("kirkland.csv");

/// Metres per ångström.
const ANGSTROM: f64 = 1e-10;

/// An element that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no electron scattering factor of '{element}'; known: {known}")]
pub struct UnknownElement {
    /// Its symbol.
    pub element: String,
    /// Symbols that are known.
    pub known: String,
}

/// Electron scattering factor of an element in the first Born approximation:
/// `f(k) = Σ a/(k² + b) + Σ c exp(-d k²)` with three terms each (Kirkland, *Advanced Computing in Electron Microscopy*, appendix C).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScatteringFactor {
    /// Pairs (a, b), Å⁻¹ and Å⁻².
    lorentzians: [[f64; 2]; 3],
    /// Pairs (c, d), Å and Å².
    gaussians: [[f64; 2]; 3],
}

impl ScatteringFactor {
    /// Of the element with this symbol, for instance `Zr`; the elements that metallic glasses are made of are known.
    ///
    /// # Errors
    /// [`UnknownElement`].
    pub fn of(element: &str) -> Result<Self, UnknownElement> {
        let unknown = || UnknownElement { element: element.to_owned(), known: known().join(", ") };
        let line = rows().find(|line| line.split(',').next() == Some(element)).ok_or_else(unknown)?;
        let values: Vec<f64> = line.split(',').skip(1).filter_map(|cell| cell.trim().parse().ok()).collect();
        let pair = |i: usize| Some([*values.get(2 * i)?, *values.get(2 * i + 1)?]);
        let three = |from: usize| Some([pair(from)?, pair(from + 1)?, pair(from + 2)?]);
        let found = three(0).zip(three(3)).ok_or_else(unknown)?;
        Ok(Self { lorentzians: found.0, gaussians: found.1 })
    }

    /// Scattering length, m, at `k` = 1/d, 1/m.
    pub fn at(&self, k: f64) -> f64 {
        let square = (k * ANGSTROM).powi(2);
        let lorentzians: f64 = self.lorentzians.iter().map(|[a, b]| a / (square + b)).sum();
        let gaussians: f64 = self.gaussians.iter().map(|[c, d]| c * (-d * square).exp()).sum();
        (lorentzians + gaussians) * ANGSTROM
    }
}

fn rows() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Symbols of the elements of the table.
fn known() -> Vec<&'static str> {
    rows().filter_map(|line| line.split(',').next()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Mott's relation at large angles: `f → Z / (2 π² a0 k²)` with k = 1/d, within the table's few per cent.
    #[test]
    fn at_large_angles_the_nucleus_scatters() {
        for (element, charge) in [("Al", 13.0), ("Cu", 29.0), ("Zr", 40.0), ("Au", 79.0)] {
            let k = 6.0e10;
            let mott = charge / (2.0 * std::f64::consts::PI.powi(2) * 0.529_177e-10 * k * k);
            let found = ScatteringFactor::of(element).unwrap().at(k);
            assert!((0.75..1.05).contains(&(found / mott)), "{element}: {found} {mott}");
        }
    }

    #[test]
    fn every_row_is_complete_and_falls_with_the_angle() {
        for element in known() {
            let factor = ScatteringFactor::of(element).unwrap();
            let values: Vec<f64> = (0..30).map(|i| factor.at(f64::from(i) * 1e9)).collect();
            assert!(values.windows(2).all(|pair| pair[1] < pair[0] && pair[1] > 0.0), "{element}");
            assert!((0.5e-10..20e-10).contains(&values[0]), "{element}: {}", values[0]);
        }
        assert!(ScatteringFactor::of("Xx").unwrap_err().to_string().contains("Zr"));
    }
}
