//! The same beam by finite elements: cubic Hermite elements, eigenvalues counted by the signs of a banded factorisation.

use crate::SimulationError;

/// Half the bandwidth: a node has two unknowns and couples to its neighbours.
const BAND: usize = 3;
const BISECTIONS: usize = 200;

/// A clamped beam of unit length and unit `EI` and mass per length, cut into equal elements, with a spring at one node.
#[derive(Debug, Clone, PartialEq)]
pub struct FiniteElementBeam {
    /// `[row][row - column]`, lower bands of the stiffness.
    stiffness: Vec<[f64; BAND + 1]>,
    /// The same of the mass.
    mass: Vec<[f64; BAND + 1]>,
}

impl FiniteElementBeam {
    /// `spring` in units of `EI/L³` at node `spring_node` (1 to `n_elements`, the free end).
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for a node that is not on the beam.
    pub fn new(n_elements: usize, spring_node: usize, spring: f64) -> Result<Self, SimulationError> {
        if !(1..=n_elements).contains(&spring_node) {
            let (name, value) = ("spring_node", spring_node as f64);
            return Err(SimulationError::Parameter { name, value, allowed: "between 1 and the number of elements" });
        }
        let h = 1.0 / n_elements as f64;
        // Hughes, The Finite Element Method (1987), and any text on structural dynamics: cubic beam element.
        let k = [
            [12.0, 6.0 * h, -12.0, 6.0 * h],
            [6.0 * h, 4.0 * h * h, -6.0 * h, 2.0 * h * h],
            [-12.0, -6.0 * h, 12.0, -6.0 * h],
            [6.0 * h, 2.0 * h * h, -6.0 * h, 4.0 * h * h],
        ];
        let m = [
            [156.0, 22.0 * h, 54.0, -13.0 * h],
            [22.0 * h, 4.0 * h * h, 13.0 * h, -3.0 * h * h],
            [54.0, 13.0 * h, 156.0, -22.0 * h],
            [-13.0 * h, -3.0 * h * h, -22.0 * h, 4.0 * h * h],
        ];
        let n = 2 * n_elements;
        let mut beam = Self { stiffness: vec![[0.0; BAND + 1]; n], mass: vec![[0.0; BAND + 1]; n] };
        for element in 0..n_elements {
            for (i, (k_row, m_row)) in k.iter().zip(&m).enumerate() {
                for j in 0..=i {
                    // Deflection and slope of the clamped node are no unknowns.
                    let (Some(row), Some(column)) = ((2 * element + i).checked_sub(2), (2 * element + j).checked_sub(2)) else {
                        continue;
                    };
                    beam.stiffness[row][row - column] += k_row[j] / h.powi(3);
                    beam.mass[row][row - column] += m_row[j] * h / 420.0;
                }
            }
        }
        beam.stiffness[2 * spring_node - 2][0] += spring;
        Ok(beam)
    }

    /// Wave number `x = (ω² m L⁴/EI)^(1/4)` of a mode (from 1), by bisection on the number of lower eigenvalues.
    pub fn wave_number(&self, mode: usize) -> f64 {
        let (mut low, mut high) = (0.0f64, 1.0f64);
        while self.lower_eigenvalues(high.powi(4)) < mode {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.lower_eigenvalues(middle.powi(4)) < mode { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// Eigenvalues below `shift`: negative pivots of `K - shift M` (Sylvester's law of inertia).
    fn lower_eigenvalues(&self, shift: f64) -> usize {
        let n = self.stiffness.len();
        let mut factor = vec![[0.0; BAND + 1]; n];
        let mut negative = 0;
        for row in 0..n {
            for offset in (0..=BAND.min(row)).rev() {
                let column = row - offset;
                let mut value = self.stiffness[row][offset] - shift * self.mass[row][offset];
                for inner in row.saturating_sub(BAND)..column {
                    value -= factor[row][row - inner] * factor[column][column - inner] * factor[inner][0];
                }
                factor[row][offset] = if offset == 0 { value } else { value / factor[column][0] };
            }
            if factor[row][0] == 0.0 {
                factor[row][0] = f64::MIN_POSITIVE;
            }
            negative += usize::from(factor[row][0] < 0.0);
        }
        negative
    }
}
