//! What probe and thickness of a foil leave of the spectrum of a structure.

use std::f64::consts::{PI, TAU};
use std::sync::LazyLock;

/// How a structure was seen. The default is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct View {
    /// Standard deviation of the probe, taken for a Gaussian, m; 0 for a point.
    pub probe: f64,
    /// Thickness of the foil whose projection the image is, m; 0 for one that is as good as infinite, and for slices.
    pub thickness: f64,
}

/// Distances `u` along the beam, in wave numbers over one per thickness, and their weights, which sum to one.
static ALONG_BEAM: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    /// Up to here sinc² is followed, beyond its mean.
    const FOLLOWED: f64 = 4.0;
    const PER_UNIT: usize = 8;
    /// Steps beyond, and by how much each is farther.
    const BEYOND: (usize, f64) = (32, 0.125);
    let width = 1.0 / PER_UNIT as f64;
    let near = (0..(FOLLOWED * PER_UNIT as f64) as usize).map(|i| {
        let u = (i as f64 + 0.5) * width;
        (u, 2.0 * width * ((PI * u).sin() / (PI * u)).powi(2))
    });
    let far = (0..BEYOND.0).map(|i| {
        let (from, to) = (FOLLOWED * (BEYOND.1 * i as f64).exp(), FOLLOWED * (BEYOND.1 * (i + 1) as f64).exp());
        ((from * to).sqrt(), (1.0 / from - 1.0 / to) / (PI * PI))
    });
    let nodes: Vec<(f64, f64)> = near.chain(far).collect();
    let sum: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    nodes.into_iter().map(|(u, weight)| (u, weight / sum)).collect()
});

/// What a Gaussian probe of standard deviation `probe` (m) leaves of the power at frequency `k` (1/m): `|OTF|^2 = exp(-(2π k σ)^2)`.
pub fn transfer(k: f64, probe: f64) -> f64 {
    (-(TAU * k * probe).powi(2)).exp()
}

impl View {
    /// The same through a foil without end.
    #[must_use]
    pub fn without_thickness(self) -> Self {
        Self { thickness: 0.0, ..self }
    }

    /// Power at frequency `k` (1/m) of the projection of an isotropic structure whose power in three dimensions is `spectrum`:
    /// `∫ spectrum((k² + kz²)^½) t sinc²(t kz) dkz`, the central section smeared by one over the thickness `t`.
    pub fn projected(&self, k: f64, spectrum: impl Fn(f64) -> f64) -> f64 {
        if self.thickness <= 0.0 {
            return spectrum(k);
        }
        ALONG_BEAM.iter().map(|(u, weight)| weight * spectrum(k.hypot(u / self.thickness))).sum()
    }
}
