use std::fmt::Write;

/// SVG text under construction.
#[derive(Default)]
pub struct Canvas {
    text: String,
}

/// Where a line of text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub struct Font<'a> {
    pub size: f64,
    pub colour: &'a str,
    pub bold: bool,
    pub anchor: Anchor,
    /// Degrees, clockwise.
    pub turn: f64,
}

impl<'a> Font<'a> {
    pub fn new(size: f64, colour: &'a str, anchor: Anchor) -> Self {
        Self { size, colour, bold: false, anchor, turn: 0.0 }
    }
}

/// A coordinate with two decimals at most. Far outside the picture it is cut, so that no drawing program stumbles.
pub fn number(value: f64) -> String {
    let value = if value.is_finite() { value.clamp(-1e5, 1e5) } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text inside an element or an attribute. Control characters, which XML forbids, become spaces.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

impl Canvas {
    /// Adds markup as it is.
    pub fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// Adds an element that holds text.
    pub fn element(&mut self, tag: &str, text: &str) {
        if !text.is_empty() {
            self.raw(&format!("<{tag}>{}</{tag}>", escape(text)));
        }
    }

    /// Adds a straight line.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], style: &str) {
        let [x1, y1, x2, y2] = [from[0], from[1], to[0], to[1]].map(number);
        self.raw(&format!(r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {style}/>"#));
    }

    /// Adds a path.
    pub fn path(&mut self, data: &str, style: &str) {
        if !data.is_empty() {
            self.raw(&format!(r#"<path d="{data}" {style}/>"#));
        }
    }

    /// Adds a line of text.
    pub fn text(&mut self, [x, y]: [f64; 2], text: &str, font: Font) {
        if text.is_empty() {
            return;
        }
        let anchor = match font.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y) = (number(x), number(y));
        let turn = if font.turn == 0.0 { String::new() } else { format!(r#" transform="rotate({} {x} {y})""#, font.turn) };
        let weight = if font.bold { r#" font-weight="600""# } else { "" };
        self.raw(&format!(
            r#"<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{}" fill="{}"{weight}{turn}>{}</text>"#,
            font.size,
            font.colour,
            escape(text)
        ));
    }

    /// The SVG text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Path data of open lines through points; a point that is not finite interrupts the line.
pub fn polyline(points: impl Iterator<Item = [f64; 2]>) -> String {
    let mut data = String::new();
    let mut pen_down = false;
    for [x, y] in points {
        if !(x.is_finite() && y.is_finite()) {
            pen_down = false;
            continue;
        }
        // Writing to a String cannot fail.
        let _ = write!(data, "{}{} {}", if pen_down { 'L' } else { 'M' }, number(x), number(y));
        pen_down = true;
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_bounded() {
        assert_eq!([1.0, -0.001, 2.5, f64::NAN, 1e300].map(number), ["1", "0", "2.5", "0", "100000"]);
    }

    #[test]
    fn markup_and_control_characters_are_harmless() {
        assert_eq!(escape("<a href=\"x\">&'\u{0}"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39; ");
    }

    #[test]
    fn gaps_interrupt_a_line() {
        let points = [[0.0, 0.0], [1.0, 1.0], [f64::NAN, 0.0], [2.0, 2.0], [3.0, 3.0]];
        assert_eq!(polyline(points.into_iter()), "M0 0L1 1M2 2L3 3");
    }
}
