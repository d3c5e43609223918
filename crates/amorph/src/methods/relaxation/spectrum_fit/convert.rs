//! From one relaxation function to another: the published rule, and the closest loss over a stated window.

use super::shape::Shape;
use crate::core::fit::{LeastSquares, Parameter, ResidualModel};

/// A function that has nearly the loss of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// The function.
    pub shape: Shape,
    /// Its exponents.
    pub shapes: Vec<f64>,
    /// ln of its time over that of the other.
    pub ln_ratio: f64,
    /// Root of the mean square of the difference of both losses, relative.
    pub rms: f64,
}

/// `αγ = β^1.23` of the function of Havriliak and Negami for a stretched exponential (Alvarez, Alegría, Colmenero, Phys. Rev. B 44, 7306 (1991)).
pub fn alvarez_product(beta: f64) -> f64 {
    beta.powf(1.23)
}

/// The inverse of [`alvarez_product`].
pub fn alvarez_beta(product: f64) -> f64 {
    product.powf(1.0 / 1.23)
}

struct Match<'a> {
    shape: Shape,
    ln_x: &'a [f64],
    ln_loss: &'a [f64],
}

impl ResidualModel for Match<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let x: Vec<f64> = self.ln_x.iter().map(|x| (x + p[0]).exp()).collect();
        let found = self.shape.slopes(&x, &p[1..], false);
        found.iter().zip(self.ln_loss).map(|(slopes, ln_loss)| (-slopes.chi.1).max(1e-300).ln() - ln_loss).collect()
    }
}

/// The function of another shape whose loss differs least, in its logarithm, at the `ln_x = ln ωτ` of the first. Both have the same strength.
/// `None` where no fit succeeds.
pub fn matched(from: Shape, shapes: &[f64], to: Shape, ln_x: &[f64]) -> Option<Matched> {
    let x: Vec<f64> = ln_x.iter().map(|x| x.exp()).collect();
    let ln_loss: Vec<f64> = from.slopes(&x, shapes, false).iter().map(|slopes| (-slopes.chi.1).max(1e-300).ln()).collect();
    let model = Match { shape: to, ln_x, ln_loss: &ln_loss };
    let problem = |exponent: f64| {
        let mut parameters = vec![Parameter::new("ln_ratio", 0.0).scale(1.0).within(-12.0, 12.0)];
        let exponents = (0..to.n_shapes()).map(|_| Parameter::new("exponent", exponent).within(0.15, 1.0));
        parameters.extend(exponents);
        LeastSquares::new(parameters).tolerance(1e-10).patience(200)
    };
    let (_, fit) = LeastSquares::best_of([0.4, 0.6, 0.85].into_iter().map(problem), &model).ok()?;
    let rms = (fit.residuals.iter().map(|r| r * r).sum::<f64>() / ln_x.len() as f64).sqrt();
    Some(Matched { shape: to, shapes: fit.params[1..].to_vec(), ln_ratio: fit.params[0], rms })
}
