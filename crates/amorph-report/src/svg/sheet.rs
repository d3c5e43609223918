//! A contact sheet: small pictures of all channels of a file, each with its unit, colour bar and scale bar.

use amorph_core::data::Map;
use amorph_core::figure::{Palette, Scale};
use amorph_core::image::block_means;
use amorph_core::unit::format_significant;
use ndarray::Array2;

use super::canvas::{Anchor, Canvas, Font, number};
use super::colour_bar::embed;
use super::layout::Rect;
use super::{FONT, colour};
use crate::{ReportError, Theme, fonts, raster, typeset};

/// Longer side of a picture.
const SIDE: f64 = 210.0;
const BAR_GAP: f64 = 8.0;
const BAR_WIDTH: f64 = 11.0;
/// Beside the colour bar, for its numbers.
const NUMBERS: f64 = 66.0;
const CELL: [f64; 2] = [SIDE + BAR_GAP + BAR_WIDTH + NUMBERS, SIDE + 62.0];
const MARGIN: f64 = 18.0;
const HEADING: f64 = 34.0;
const COLUMNS: usize = 4;
/// Pixels of a picture; larger maps are averaged in blocks.
const PIXELS: usize = 420;
const STEPS: usize = 128;

/// All maps of a file on one sheet, as an SVG file; masked pixels are shown as missing.
///
/// Colours span 0.5 to 99.5 % of the values of each map. A map without a lateral size has no scale bar and says so.
///
/// # Errors
/// [`ReportError::Encode`] where pixels cannot be written as PNG.
pub fn sheet(title: &str, maps: &[Map], theme: Theme) -> Result<String, ReportError> {
    let ink = colour::ink(theme);
    let columns = maps.len().clamp(1, COLUMNS);
    let rows = maps.len().div_ceil(columns).max(1);
    let width = 2.0 * MARGIN + columns as f64 * CELL[0];
    let height = 2.0 * MARGIN + HEADING + rows as f64 * CELL[1];
    let mut canvas = Canvas::default();
    canvas.raw(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="{FONT}" role="img">"#,
        w = number(width),
        h = number(height),
    ));
    canvas.element("title", title);
    if let Some(ground) = ink.ground {
        canvas.raw(&format!(r#"<rect width="100%" height="100%" fill="{ground}"/>"#));
    }
    let font = Font { bold: true, ..Font::new(15.0, ink.text, Anchor::Start) };
    canvas.text([MARGIN, MARGIN + 14.0], title, font);
    for (index, map) in maps.iter().enumerate() {
        let corner = [MARGIN + (index % columns) as f64 * CELL[0], MARGIN + HEADING + (index / columns) as f64 * CELL[1]];
        Channel { map, ink: &ink }.draw(&mut canvas, corner)?;
    }
    canvas.raw("</svg>");
    Ok(canvas.finish())
}

struct Channel<'a> {
    map: &'a Map,
    ink: &'a colour::Ink,
}

impl Channel<'_> {
    fn draw(&self, canvas: &mut Canvas, [left, top]: [f64; 2]) -> Result<(), ReportError> {
        let map = self.map;
        let direction = map.direction.map(|direction| format!(", {direction}")).unwrap_or_default();
        let heading = Font { bold: true, ..Font::new(12.0, self.ink.text, Anchor::Start) };
        canvas.text([left, top + 10.0], &format!("{}  {}{direction}", map.index, map.name), heading);
        let place = self.place([left, top + 18.0]);
        let values = block_means(self.visible().view(), PIXELS);
        let palette = match map.quantity.as_str() {
            "height" | "height_sensor" => Palette::Topography,
            _ => Palette::Sequential,
        };
        let range = raster::colour_range(values.view(), palette, Scale::Linear);
        embed(canvas, place, &raster::png(values.view(), range, palette, Scale::Linear, self.ink.missing)?, "");
        self.colour_bar(canvas, place, palette, range)?;
        self.scale_bar(canvas, place);
        Ok(())
    }

    /// The values, with masked pixels missing.
    fn visible(&self) -> Array2<f64> {
        let mut values = self.map.values.clone();
        if let Some(mask) = &self.map.mask {
            values.zip_mut_with(mask, |value, masked| {
                if *masked {
                    *value = f64::NAN;
                }
            });
        }
        values
    }

    /// Where the picture goes: its true shape where the size is known, else that of its pixels.
    fn place(&self, [left, top]: [f64; 2]) -> Rect {
        let (rows, columns) = self.map.shape();
        let (width, height) = self.map.size().unwrap_or((columns as f64, rows as f64));
        let scale = SIDE / width.max(height);
        // A strip of a few rows stays visible.
        Rect { left, top, width: (width * scale).max(8.0), height: (height * scale).max(8.0) }
    }

    fn colour_bar(&self, canvas: &mut Canvas, place: Rect, palette: Palette, range: [f64; 2]) -> Result<(), ReportError> {
        let bar = Rect { left: place.right() + BAR_GAP, top: place.top, width: BAR_WIDTH, height: place.height.max(40.0) };
        let ramp = Array2::from_shape_fn((STEPS, 1), |(row, _)| 1.0 - row as f64 / (STEPS - 1) as f64);
        embed(canvas, bar, &raster::png(ramp.view(), [0.0, 1.0], palette, Scale::Linear, self.ink.missing)?, "");
        let unit = &self.map.unit;
        let display = self.map.display_unit();
        let middle = 0.5 * (range[0] + range[1]);
        for (at, value) in [(bar.bottom(), range[0]), (bar.top + 0.5 * bar.height, middle), (bar.top, range[1])] {
            let shown = display.convert_si(unit.to_si(value));
            // Enough digits to tell the ends of the bar apart.
            let span = display.convert_si(unit.to_si(range[1])) - display.convert_si(unit.to_si(range[0]));
            let digits = (shown.abs().max(span) / span).log10().ceil().clamp(0.0, 6.0) as usize + 3;
            let text = typeset::number(&format_significant(shown, digits));
            let text_at = [bar.right() + 4.0, at.clamp(bar.top + 7.0, bar.bottom())];
            canvas.text(text_at, &text, Font::new(10.0, self.ink.text, Anchor::Start));
        }
        let name = if unit.is_known() { typeset::unit(&display) } else { format!("unit {}", unit.symbol()) };
        let beside = [bar.right() + 4.0, bar.top - 7.0];
        canvas.text(beside, &name, Font::new(10.0, self.ink.faint, Anchor::Start));
        Ok(())
    }

    /// A round length below the picture, and the rms of the values.
    fn scale_bar(&self, canvas: &mut Canvas, place: Rect) {
        let y = place.bottom() + 10.0;
        let small = Font::new(10.0, self.ink.text, Anchor::Start);
        match self.map.size() {
            Ok((width, _)) => {
                let length = round_length(0.4 * width);
                let drawn = length / width * place.width;
                let ends = ([place.left, y], [place.left + drawn, y]);
                canvas.line(ends.0, ends.1, &format!(r#"stroke="{}" stroke-width="3""#, self.ink.text));
                let unit = amorph_core::unit::Unit::of("m").preferred(length);
                let text = format!("{} {}", format_significant(unit.convert_si(length), 2), typeset::unit(&unit));
                canvas.text([place.left + drawn + 6.0, y + 3.5], &text, small);
                let shape = self.map.shape();
                let pixels = format!("{} × {} pixels", shape.1, shape.0);
                let from = place.left + drawn + 12.0 + fonts::text_width(&text, 10.0);
                let faint = Font::new(10.0, self.ink.faint, Anchor::Start);
                canvas.text([from + 6.0, y + 3.5], &pixels, faint);
            }
            Err(_) => canvas.text([place.left, y + 3.5], "size unknown", small),
        }
    }
}

/// The largest of 1, 2, 5 times a power of ten that is not longer.
fn round_length(length: f64) -> f64 {
    let magnitude = 10f64.powf(length.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|factor| factor * magnitude).find(|round| *round <= length * 1.000_001).unwrap_or(magnitude)
}

#[cfg(test)]
mod tests {
    use amorph_core::data::Extent;
    use amorph_core::unit::Unit;

    use super::*;

    fn map(extent: Option<Extent>) -> Map {
        let values = Array2::from_shape_fn((32, 48), |(row, column)| 1e-9 * (row as f64 - 0.4 * column as f64));
        let mut map = Map::new("height", values, Unit::of("m"), extent);
        map.name = "Z-Axis".to_owned();
        map
    }

    #[test]
    fn every_channel_has_name_unit_scale_bar_and_colour_bar() {
        let sized = map(Some(Extent::metres(300e-9, 200e-9)));
        let text = sheet("scan.nid", &[sized.clone(), sized], Theme::Light).unwrap();
        for (word, count) in [("Z-Axis", 2), (">nm<", 2), (">100 nm<", 2), ("48 × 32 pixels", 2), ("data:image/png", 4)] {
            assert_eq!(text.matches(word).count(), count, "{word}");
        }
        assert!(resvg::usvg::Tree::from_str(&text, &resvg::usvg::Options::default()).is_ok());
    }

    #[test]
    fn odd_maps_are_drawn() {
        let mut empty = map(None);
        empty.values.fill(f64::NAN);
        let mut masked = map(Some(Extent::metres(1e-6, 1e-9)));
        masked.mask = Some(Array2::from_elem((32, 48), true));
        let text = sheet("odd", &[empty, masked], Theme::Dark).unwrap();
        assert!(text.contains("size unknown"));
        assert!(sheet("none", &[], Theme::Print).is_ok());
    }

    #[test]
    fn bars_have_round_lengths() {
        let lengths = [4.1e-7, 2.0e-6, 1.99e-6, 9.9e-9].map(round_length);
        for (length, expected) in lengths.iter().zip([2e-7, 2e-6, 1e-6, 5e-9]) {
            assert!((length / expected - 1.0).abs() < 1e-9, "{length}");
        }
    }
}
