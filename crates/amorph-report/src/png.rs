//! Static figures as pixels.

use std::sync::{Arc, OnceLock};

use amorph_core::data::Map;
use amorph_core::figure::Figure;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

use crate::{ReportError, Theme, fonts, palette, svg};

/// Largest side of a picture, pixels.
const SIDE_MAX: u32 = 16_384;

/// A figure as a PNG file, `scale` pixels per SVG unit: 2 suits a screen, 4 a printed column.
///
/// Text is set in the embedded font, so that every machine gives the same picture; only characters that it lacks are
/// taken from the fonts of the system.
///
/// # Errors
/// Those of [`svg::render`], and [`ReportError::TooLarge`] for a scale that no picture can have.
pub fn render(figure: &Figure, outcome_maps: &[Map], theme: Theme, scale: f32) -> Result<Vec<u8>, ReportError> {
    rasterise(&svg::render(figure, outcome_maps, theme)?, scale)
}

/// An SVG as a PNG file.
///
/// # Errors
/// [`ReportError::Rasterise`] for text that is not SVG, [`ReportError::TooLarge`], [`ReportError::Encode`].
pub fn rasterise(svg: &str, scale: f32) -> Result<Vec<u8>, ReportError> {
    encode(&pixels(svg, scale)?)
}

/// An SVG as a PNG file of at most 256 colours without transparency: a third of the size, for pages with many pictures.
///
/// # Errors
/// Those of [`rasterise`].
pub fn rasterise_small(svg: &str, scale: f32) -> Result<Vec<u8>, ReportError> {
    let pixels = pixels(svg, scale)?;
    let colours: Vec<[u8; 3]> = pixels.pixels().iter().map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let (palette, indices) = palette::reduce(&colours);
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(::png::ColorType::Indexed);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(::png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(bytes)
}

fn pixels(svg: &str, scale: f32) -> Result<Pixmap, ReportError> {
    let options = Options { font_family: "Inter".to_owned(), fontdb: fonts_for(svg), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let scaled = |side: f32| f64::from(side * scale).ceil();
    let (width, height) = (scaled(tree.size().width()), scaled(tree.size().height()));
    let too_large = || ReportError::TooLarge { width, height, limit: SIDE_MAX };
    let possible = |side: f64| (1.0..=f64::from(SIDE_MAX)).contains(&side);
    if !(possible(width) && possible(height)) {
        return Err(too_large());
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    Ok(pixels)
}

fn encode(pixels: &Pixmap) -> Result<Vec<u8>, ReportError> {
    let straight: Vec<u8> = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let colour = pixel.demultiply();
            [colour.red(), colour.green(), colour.blue(), colour.alpha()]
        })
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(::png::ColorType::Rgba);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&straight)?;
    writer.finish()?;
    Ok(bytes)
}

/// The embedded fonts; with those of the system where the text needs them.
fn fonts_for(text: &str) -> Arc<Database> {
    static EMBEDDED: OnceLock<Arc<Database>> = OnceLock::new();
    static ALL: OnceLock<Arc<Database>> = OnceLock::new();
    let embedded = || {
        let mut database = Database::new();
        database.load_font_data(fonts::REGULAR.to_vec());
        database.load_font_data(fonts::SEMIBOLD.to_vec());
        database.set_sans_serif_family("Inter");
        database
    };
    if fonts::covers(text) {
        return EMBEDDED.get_or_init(|| Arc::new(embedded())).clone();
    }
    let all = || {
        let mut database = embedded();
        database.load_system_fonts();
        Arc::new(database)
    };
    ALL.get_or_init(all).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="16" font-family="Inter" font-size="16" fill="#000">ξ</text></svg>"##;

    fn opaque(bytes: &[u8]) -> (u32, u32, usize) {
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels.chunks(4).filter(|pixel| pixel[3] > 0).count())
    }

    #[test]
    fn text_is_drawn_with_the_embedded_font_alone() {
        assert_eq!(fonts_for(SQUARE).len(), 2);
        let (width, height, inked) = opaque(&rasterise(SQUARE, 2.0).unwrap());
        assert_eq!((width, height), (80, 40));
        assert!(inked > 50, "{inked}");
    }

    #[test]
    fn a_small_picture_has_the_same_size_and_fewer_bytes() {
        let ground = SQUARE.replace("<text", r##"<rect width="40" height="20" fill="#fff"/><text"##);
        let (full, small) = (rasterise(&ground, 4.0).unwrap(), rasterise_small(&ground, 4.0).unwrap());
        let size = |bytes: &[u8]| {
            let reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            (reader.info().width, reader.info().height, reader.info().color_type)
        };
        assert_eq!((size(&full).0, size(&full).1), (size(&small).0, size(&small).1));
        assert_eq!(size(&small).2, ::png::ColorType::Indexed);
        assert!(small.len() < full.len(), "{} {}", small.len(), full.len());
    }

    #[test]
    fn impossible_sizes_and_bad_svg_are_errors() {
        for scale in [0.0, -1.0, f32::NAN, 1e9] {
            assert!(matches!(rasterise(SQUARE, scale), Err(ReportError::TooLarge { .. })), "{scale}");
        }
        assert!(matches!(rasterise("<p>", 1.0), Err(ReportError::Rasterise(_))));
    }
}
