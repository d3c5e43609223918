use super::Painter;
use super::canvas::{Anchor, Canvas, Font, number};
use super::layout::{LABEL_SIZE, LEGEND_LINE, TICK_LENGTH, TICK_SIZE, TITLE_SIZE};
use crate::frame::{Frame, FrameAxis};
use crate::ticks::Tick;

impl Painter<'_> {
    /// Horizontal position of a value, px.
    pub fn x(&self, axis: &FrameAxis, value: f64) -> f64 {
        self.cell.plot.left + axis.fraction(value) * self.cell.plot.width
    }

    /// Vertical position of a value, px.
    pub fn y(&self, axis: &FrameAxis, value: f64) -> f64 {
        self.cell.plot.bottom() - axis.fraction(value) * self.cell.plot.height
    }

    fn hairline(&self, colour: &str) -> String {
        format!(r#"stroke="{colour}" stroke-width="0.8""#)
    }

    pub fn grid(&self, canvas: &mut Canvas, frame: &Frame) {
        let plot = self.cell.plot;
        let style = self.hairline(self.ink.grid);
        let named =
            |ticks: &'_ [Tick]| ticks.iter().filter(|tick| !tick.label.is_empty()).map(|tick| tick.at).collect::<Vec<_>>();
        for at in named(&self.cell.y_ticks) {
            let y = self.y(&frame.y, at);
            canvas.line([plot.left, y], [plot.right(), y], &style);
        }
        if frame.x.categories.is_empty() {
            for at in named(&self.cell.x_ticks) {
                let x = self.x(&frame.x, at);
                canvas.line([x, plot.top], [x, plot.bottom()], &style);
            }
        }
    }

    pub fn axes(&self, canvas: &mut Canvas, frame: &Frame) {
        let plot = self.cell.plot;
        let style = self.hairline(self.ink.text);
        if self.cell.pictured {
            canvas.raw(&format!(r#"<rect {} fill="none" {style}/>"#, plot.attributes()));
        } else {
            canvas.line([plot.left, plot.top], [plot.left, plot.bottom()], &style);
            canvas.line([plot.left, plot.bottom()], [plot.right(), plot.bottom()], &style);
        }
        for tick in &self.cell.x_ticks {
            self.x_tick(canvas, &style, self.x(&frame.x, tick.at), tick);
        }
        self.twin(canvas, &style, frame);
        for tick in &self.cell.y_ticks {
            let y = self.y(&frame.y, tick.at);
            let length = tick_length(tick);
            canvas.line([plot.left - length, y], [plot.left, y], &style);
            let at = [plot.left - TICK_LENGTH - 4.0, y + 0.35 * TICK_SIZE];
            canvas.text(at, &tick.label, Font::new(TICK_SIZE, self.ink.text, Anchor::End));
        }
        self.axis_titles(canvas, frame);
    }

    fn x_tick(&self, canvas: &mut Canvas, style: &str, x: f64, tick: &Tick) {
        let bottom = self.cell.plot.bottom();
        canvas.line([x, bottom], [x, bottom + tick_length(tick)], style);
        let font = Font::new(TICK_SIZE, self.ink.text, Anchor::Middle);
        if self.cell.slanted {
            let at = [x + 4.0, bottom + TICK_LENGTH + TICK_SIZE];
            canvas.text(at, &tick.label, Font { anchor: Anchor::End, turn: -35.0, ..font });
        } else {
            canvas.text([x, bottom + TICK_LENGTH + 3.0 + TICK_SIZE], &tick.label, font);
        }
    }

    /// The second scale above the plot.
    fn twin(&self, canvas: &mut Canvas, style: &str, frame: &Frame) {
        let Some((label, _)) = &frame.x.twin else { return };
        let plot = self.cell.plot;
        canvas.line([plot.left, plot.top], [plot.right(), plot.top], style);
        let font = Font::new(TICK_SIZE, self.ink.text, Anchor::Middle);
        let baseline = plot.top - TICK_LENGTH - 4.0;
        for tick in &self.cell.twin_ticks {
            let x = self.x(&frame.x, tick.at);
            canvas.line([x, plot.top - tick_length(tick)], [x, plot.top], style);
            canvas.text([x, baseline], &tick.label, font);
        }
        canvas.text([plot.right() + 10.0, baseline], label, Font { anchor: Anchor::Start, ..font });
    }

    fn axis_titles(&self, canvas: &mut Canvas, frame: &Frame) {
        let plot = self.cell.plot;
        let font = Font::new(LABEL_SIZE, self.ink.text, Anchor::Middle);
        let middle = plot.left + 0.5 * plot.width;
        let x_title = self.cell.remark_line(frame.remarks.len());
        canvas.text([middle, x_title], &frame.x.label, font);
        let widest = self.cell.y_ticks.iter().map(|tick| crate::fonts::text_width(&tick.label, TICK_SIZE)).fold(0.0, f64::max);
        let left = plot.left - TICK_LENGTH - 4.0 - widest - 9.0;
        canvas.text([left, plot.top + 0.5 * plot.height], &frame.y.label, Font { turn: -90.0, ..font });
        for (index, remark) in frame.remarks.iter().enumerate() {
            let y = self.cell.remark_line(frame.remarks.len() - 1 - index);
            canvas.text([middle, y], remark, Font::new(TICK_SIZE, self.ink.faint, Anchor::Middle));
        }
    }

    pub fn heading(&self, canvas: &mut Canvas, frame: &Frame) {
        let plot = self.cell.plot;
        let font = Font { bold: true, ..Font::new(TITLE_SIZE, self.ink.text, Anchor::Start) };
        canvas.text([plot.left, self.cell.title_top + TITLE_SIZE], &frame.title, font);
        self.legend(canvas, plot.top - 4.0 - self.cell.twin_height() - LEGEND_LINE * self.cell.legend.len() as f64);
    }
}

fn tick_length(tick: &Tick) -> f64 {
    if tick.label.is_empty() { 0.55 * TICK_LENGTH } else { TICK_LENGTH }
}

/// Style of a stroke.
pub fn stroke(colour: &str, width: f64, dashes: &str) -> String {
    let dashes = if dashes.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dashes}""#) };
    format!(
        r#"fill="none" stroke="{colour}" stroke-width="{}" stroke-linejoin="round" stroke-linecap="butt"{dashes}"#,
        number(width)
    )
}
