//! The embedded font: measuring text, and telling whether the font covers it.

use std::sync::OnceLock;

use ttf_parser::Face;

/// Inter Regular, reduced to scientific Latin and Greek.
pub const REGULAR: &[u8] = include_bytes!("../assets/inter/Inter-Regular-subset.ttf");
/// Inter SemiBold, likewise.
pub const SEMIBOLD: &[u8] = include_bytes!("../assets/inter/Inter-SemiBold-subset.ttf");
/// Inter Regular for web pages.
pub const REGULAR_WOFF2: &[u8] = include_bytes!("../assets/inter/Inter-Regular-subset.woff2");
/// Inter SemiBold for web pages.
pub const SEMIBOLD_WOFF2: &[u8] = include_bytes!("../assets/inter/Inter-SemiBold-subset.woff2");

/// Advance of a character that the font lacks, in em.
const UNKNOWN_ADVANCE: f64 = 0.7;

fn face() -> Option<&'static Face<'static>> {
    static FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    FACE.get_or_init(|| Face::parse(REGULAR, 0).ok()).as_ref()
}

/// Width of a line of text at a font size, in the unit of the size.
pub fn text_width(text: &str, size: f64) -> f64 {
    let Some(face) = face() else { return UNKNOWN_ADVANCE * size * text.chars().count() as f64 };
    let em = f64::from(face.units_per_em());
    let advance = |character| {
        let glyph = face.glyph_index(character)?;
        face.glyph_hor_advance(glyph).map(|advance| f64::from(advance) / em)
    };
    text.chars().map(|character| advance(character).unwrap_or(UNKNOWN_ADVANCE)).sum::<f64>() * size
}

/// Whether every character can be drawn with the embedded font.
pub fn covers(text: &str) -> bool {
    face().is_some_and(|face| text.chars().all(|c| c.is_ascii() || face.glyph_index(c).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_with_text_and_size() {
        assert!(text_width("mm", 10.0) > 2.0 * text_width("i", 10.0));
        assert!((text_width("ξ (nm)", 20.0) - 2.0 * text_width("ξ (nm)", 10.0)).abs() < 1e-9);
    }

    #[test]
    fn covers_the_characters_that_figures_use_and_no_chinese() {
        assert!(covers("distance r (µm), 10⁻³ × Δφ [°], ξ ± σ², Å³ · Ω −5"));
        assert!(!covers("玻璃"));
    }
}
