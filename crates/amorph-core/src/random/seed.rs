//! From names to seeds, from seeds to random numbers.

use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use sha2::{Digest, Sha256};

/// The generator used everywhere: PCG XSL RR 128/64 (O'Neill 2014), reproducible across platforms.
pub type Rng = rand_pcg::Pcg64;

/// Generator for one item of work.
pub fn rng(seed: u64) -> Rng {
    Rng::seed_from_u64(seed)
}

/// One component of the name of an item: a word or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedPart<'a> {
    /// A word, such as a method key or a sample name.
    Text(&'a str),
    /// A number, such as the index of a replicate.
    Number(u64),
}

impl<'a> From<&'a str> for SeedPart<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for SeedPart<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for SeedPart<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for SeedPart<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

/// Seed of the item called `parts` below the seed `root`.
///
/// The first eight bytes, read as a little-endian integer, of the SHA-256 of `"amorph-seed-1"`, `root` (8 bytes, little-endian)
/// and the parts: text as `'t'`, its length in bytes (8 bytes) and its UTF-8; a number as `'n'` and its 8 bytes. The lengths make
/// the encoding unambiguous, so `["a", "bc"]` and `["ab", "c"]` differ. The result is the same on every platform and version.
pub fn derive_seed(root: u64, parts: &[SeedPart<'_>]) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"amorph-seed-1");
    hash.update(root.to_le_bytes());
    for part in parts {
        match part {
            SeedPart::Text(text) => {
                hash.update(b"t");
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text.as_bytes());
            }
            SeedPart::Number(number) => {
                hash.update(b"n");
                hash.update(number.to_le_bytes());
            }
        }
    }
    hash.finalize().iter().take(8).rev().fold(0, |seed, &byte| (seed << 8) | u64::from(byte))
}

/// Fills `values` with independent deviates of mean 0 and variance 1.
pub fn fill_standard_normal(rng: &mut Rng, values: &mut [f64]) {
    for value in values {
        *value = StandardNormal.sample(rng);
    }
}

/// `n` independent normal deviates of mean 0 and variance 1 that depend on `seed` alone.
pub fn standard_normals(seed: u64, n: usize) -> Vec<f64> {
    let mut values = vec![0.0; n];
    fill_standard_normal(&mut rng(seed), &mut values);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values from Python: `int.from_bytes(hashlib.sha256(...).digest()[:8], "little")`.
    #[test]
    fn seeds_are_the_documented_hash() {
        assert_eq!(derive_seed(0, &[]), 17526073482422386188);
        assert_eq!(derive_seed(42, &["dafm.regions".into(), "film".into(), 7_u64.into()]), 13022283401465736323);
        assert_eq!(derive_seed(42, &["a".into(), "bc".into()]), 9266284818880018966);
        assert_eq!(derive_seed(42, &["ab".into(), "c".into()]), 14509796856773514887);
    }

    #[test]
    fn normals_have_the_moments_of_a_normal_and_a_longer_draw_begins_the_same() {
        let n = 200_000;
        let values = standard_normals(11, n);
        let moment = |p: i32| values.iter().map(|v| v.powi(p)).sum::<f64>() / n as f64;
        // Standard errors of the sample moments: 1/sqrt n, sqrt(2/n), sqrt(15/n), sqrt(96/n); five of each.
        let unit = 5.0 / (n as f64).sqrt();
        assert!(moment(1).abs() < unit);
        assert!((moment(2) - 1.0).abs() < unit * 2f64.sqrt());
        assert!(moment(3).abs() < unit * 15f64.sqrt());
        assert!((moment(4) - 3.0).abs() < unit * 96f64.sqrt());
        assert_eq!(standard_normals(11, 10), values[..10]);
        assert_ne!(standard_normals(12, 10), values[..10]);
    }
}
