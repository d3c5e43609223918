use std::ops::Add;

/// Exponents of the base dimensions, in twelfths, so that square and cube roots are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimension([i16; 8]);

const SYMBOLS: [&str; 8] = ["m", "kg", "s", "A", "K", "mol", "cd", "rad"];

/// Everyday names of the dimensions that users meet, by exponents of m, kg, s, A, K, mol, cd, rad.
const NAMES: &[([i16; 8], &str)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], "a plain number"),
    ([1, 0, 0, 0, 0, 0, 0, 0], "a length"),
    ([2, 0, 0, 0, 0, 0, 0, 0], "an area"),
    ([3, 0, 0, 0, 0, 0, 0, 0], "a volume"),
    ([-1, 0, 0, 0, 0, 0, 0, 0], "a wave number"),
    ([0, 1, 0, 0, 0, 0, 0, 0], "a mass"),
    ([0, 0, 1, 0, 0, 0, 0, 0], "a time"),
    ([0, 0, -1, 0, 0, 0, 0, 0], "a frequency or rate"),
    ([0, 0, 0, 1, 0, 0, 0, 0], "a current"),
    ([0, 0, 0, 0, 1, 0, 0, 0], "a temperature"),
    ([0, 0, 0, 0, 0, 1, 0, 0], "an amount of substance"),
    ([0, 0, 0, 0, 0, 0, 0, 1], "an angle"),
    ([1, 1, -2, 0, 0, 0, 0, 0], "a force"),
    ([0, 1, -2, 0, 0, 0, 0, 0], "a stiffness"),
    ([2, 1, -2, 0, 0, 0, 0, 0], "an energy"),
    ([-1, 1, -2, 0, 0, 0, 0, 0], "a stress"),
    ([2, 1, -3, 0, 0, 0, 0, 0], "a power"),
    ([-1, 1, -1, 0, 0, 0, 0, 0], "a viscosity"),
    ([2, 1, -3, -1, 0, 0, 0, 0], "a voltage"),
    ([-1, -1, 3, 1, 0, 0, 0, 0], "a sensitivity in length per voltage"),
];

impl Dimension {
    /// The dimension of plain numbers.
    pub const NONE: Self = Self([0; 8]);

    /// From whole exponents of m, kg, s, A, K, mol, cd, rad.
    pub const fn whole(exponents: [i16; 8]) -> Self {
        let mut twelfths = [0; 8];
        let mut i = 0;
        while i < 8 {
            twelfths[i] = exponents[i] * 12;
            i += 1;
        }
        Self(twelfths)
    }

    /// The dimension raised to a power; `None` when the result is not a multiple of a twelfth or overflows.
    pub fn power(self, exponent: f64) -> Option<Self> {
        let mut result = [0i16; 8];
        for (slot, twelfths) in result.iter_mut().zip(self.0) {
            let exact = f64::from(twelfths) * exponent;
            if (exact - exact.round()).abs() > 1e-9 || exact.abs() > 1e4 {
                return None;
            }
            *slot = exact.round() as i16;
        }
        Some(Self(result))
    }

    /// For messages: `a length`, or the SI base units where there is no everyday name.
    pub fn describe(self) -> String {
        match NAMES.iter().find(|(exponents, _)| Self::whole(*exponents) == self) {
            Some((_, name)) => (*name).to_owned(),
            None => format!("a quantity in {}", self.base_units()),
        }
    }

    /// The SI base units, for instance `m^2 kg s^-2`; empty for plain numbers.
    pub fn base_units(self) -> String {
        let part = |(symbol, &twelfths): (&&str, &i16)| match twelfths {
            0 => None,
            12 => Some((*symbol).to_owned()),
            other => Some(format!("{symbol}^{}", f64::from(other) / 12.0)),
        };
        SYMBOLS.iter().zip(&self.0).filter_map(part).collect::<Vec<_>>().join(" ")
    }
}

/// The dimension of a product.
impl Add for Dimension {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i].saturating_add(other.0[i])))
    }
}
