use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ndarray::Array2;

use super::Painter;
use super::canvas::{Anchor, Canvas, Font};
use super::layout::{BAR_GAP, BAR_WIDTH, LABEL_SIZE, Rect, TICK_LENGTH, TICK_SIZE};
use crate::frame::{Frame, Picture};
use crate::{ReportError, fonts, raster};

/// Steps of a colour bar.
const STEPS: usize = 128;

impl Painter<'_> {
    /// Draws a picture: each pixel a sharp rectangle.
    pub fn picture(&self, canvas: &mut Canvas, frame: &Frame, picture: &Picture) -> Result<(), ReportError> {
        let [left, right] = picture.x.map(|edge| self.x(&frame.x, edge));
        let [bottom, top] = picture.y.map(|edge| self.y(&frame.y, edge));
        let place = Rect { left, top, width: right - left, height: bottom - top };
        if !(picture.has_place() && left.is_finite() && top.is_finite()) {
            return Ok(());
        }
        let (palette, scale) = (picture.palette, picture.scale);
        let png = raster::png(picture.values.view(), picture.range, palette, scale, self.ink.missing)?;
        embed(canvas, place, &png, r#"class="map" "#);
        Ok(())
    }

    /// Draws the colour bars, from left to right.
    pub fn colour_bars(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), ReportError> {
        let plot = self.cell.plot;
        let mut left = plot.right();
        for (picture, (ticks, width)) in frame.pictures().filter(|picture| picture.has_bar).zip(&self.cell.bars) {
            let bar = Rect { left: left + BAR_GAP, top: plot.top, width: BAR_WIDTH, height: plot.height };
            let ramp = Array2::from_shape_fn((STEPS, 1), |(row, _)| 1.0 - row as f64 / (STEPS - 1) as f64);
            let png =
                raster::png(ramp.view(), [0.0, 1.0], picture.palette, amorph_core::figure::Scale::Linear, self.ink.missing)?;
            embed(canvas, bar, &png, "");
            let style = format!(r#"stroke="{}" stroke-width="0.8""#, self.ink.text);
            canvas.raw(&format!(r#"<rect {} fill="none" {style}/>"#, bar.attributes()));
            for tick in ticks {
                let y = bar.bottom() - raster::fraction(tick.at, picture.range, picture.scale) * bar.height;
                let length = if tick.label.is_empty() { 0.55 * TICK_LENGTH } else { TICK_LENGTH };
                canvas.line([bar.right(), y], [bar.right() + length, y], &style);
                let at = [bar.right() + TICK_LENGTH + 3.0, y + 0.35 * TICK_SIZE];
                canvas.text(at, &tick.label, Font::new(TICK_SIZE, self.ink.text, Anchor::Start));
            }
            let labels = ticks.iter().map(|tick| fonts::text_width(&tick.label, TICK_SIZE)).fold(0.0, f64::max);
            let title = [bar.right() + TICK_LENGTH + 3.0 + labels + LABEL_SIZE + 3.0, plot.top + 0.5 * plot.height];
            let font = Font { turn: -90.0, ..Font::new(LABEL_SIZE, self.ink.text, Anchor::Middle) };
            canvas.text(title, &picture.label, font);
            left += width;
        }
        Ok(())
    }
}

/// Adds a PNG, each pixel a sharp rectangle.
pub(super) fn embed(canvas: &mut Canvas, place: Rect, png: &[u8], class: &str) {
    canvas.raw(&format!(
        r#"<image {class}{} preserveAspectRatio="none" image-rendering="optimizeSpeed" style="image-rendering:pixelated" href="data:image/png;base64,{}"/>"#,
        place.attributes(),
        STANDARD.encode(png)
    ));
}
