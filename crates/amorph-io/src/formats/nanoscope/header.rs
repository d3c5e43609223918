use amorph_core::outcome::Note;

use crate::IoError;
use crate::bytes::latin1;
use crate::formats::Input;

/// No header seen exceeds 100 kB; a file without an end mark within this much is not Nanoscope.
const HEADER_MAX: usize = 1 << 20;

/// The text in front of the data.
pub(super) struct Header {
    pub sections: Vec<Section>,
    pub version: Option<String>,
}

/// One `\*` section.
pub(super) struct Section {
    pub name: String,
    pub entries: Vec<(String, String)>,
}

/// A calibrated value such as `V [Sens. Zsens] (0.005035400 V/LSB) 2.910461 V`.
#[derive(Debug, PartialEq)]
pub(super) struct Setting {
    /// Name of the soft scale in square brackets.
    pub soft: Option<String>,
    /// The number in parentheses: the value of one digit as long as the data were not re-scaled.
    pub resolution: Option<f64>,
    /// The last number: the hard value.
    pub number: f64,
    /// Unit of the number, as written.
    pub unit: String,
}

impl Section {
    /// The value under `key`, in any spelling of capitals: `Scan Size` and `Scan size` are both in use.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }

    fn is_image_list(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        name.ends_with("image list") && !name.contains("force")
    }

    fn is_other_data(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        name.ends_with("image list") && name.contains("force") || name.ends_with("spectroscopy list")
    }
}

impl Header {
    pub(super) fn parse(input: &Input<'_>) -> Result<Self, IoError> {
        let searched = &input.bytes[..input.bytes.len().min(HEADER_MAX)];
        let end = searched.iter().position(|&byte| byte == 0x1a).ok_or_else(|| IoError::Truncated {
            file: input.file.to_owned(),
            part: "the header (its end mark, byte 1A)".to_owned(),
            expected: searched.len() as u64 + 1,
            found: searched.len() as u64,
        })?;
        let text = latin1(&input.bytes[..end]);
        let mut sections: Vec<Section> = Vec::new();
        for line in text.lines() {
            let Some(line) = line.strip_prefix('\\') else { continue };
            if let Some(name) = line.strip_prefix('*') {
                sections.push(Section { name: name.trim().to_owned(), entries: Vec::new() });
            } else if let Some(section) = sections.last_mut()
                && let Some((key, value)) = line.split_once(": ").or_else(|| Some((line.trim_end().strip_suffix(':')?, "")))
            {
                section.entries.push((key.trim().to_owned(), value.trim().to_owned()));
            }
        }
        let version = sections.first().and_then(|section| section.get("Version")).map(str::to_owned);
        Ok(Self { sections, version })
    }

    pub(super) fn images(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.is_image_list())
    }

    /// Sections with data that are not images.
    pub(super) fn unsupported(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.is_other_data())
    }

    pub(super) fn unsupported_notes(&self) -> Vec<Note> {
        let count = self.unsupported().count();
        if count == 0 {
            return Vec::new();
        }
        let names: Vec<&str> = self.unsupported().map(|section| section.name.as_str()).collect();
        let message =
            format!("{count} blocks of force curves or spectra ({}) are not supported and were left out", names.join(", "));
        vec![Note::warning("unsupported_frames", message)]
    }

    /// A scan parameter outside the image sections.
    pub(super) fn scan_entry(&self, key: &str) -> Option<&str> {
        self.sections.iter().filter(|section| !section.is_image_list()).find_map(|section| section.get(key))
    }

    /// A calibrated parameter outside the image sections.
    pub(super) fn setting(&self, key: &str) -> Option<Setting> {
        Setting::parse(self.scan_entry(key)?)
    }

    /// The soft scale of that name, for instance `20.82646 nm/V` for `Sens. Zsens`.
    pub(super) fn soft_scale(&self, name: &str) -> Option<Setting> {
        self.setting(&format!("@{name}"))
    }
}

impl Setting {
    /// Reads the type letter, the soft scale in `[ ]`, the resolution in `( )`, the number and its unit.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix(['V', 'C'])?.trim_start();
        let (soft, rest) = match rest.strip_prefix('[') {
            Some(inner) => {
                let (name, rest) = inner.split_once(']')?;
                (Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned), rest.trim_start())
            }
            None => (None, rest),
        };
        let resolution = rest.strip_prefix('(').and_then(|inner| inner.split_whitespace().next()?.parse().ok());
        let mut words = after_parentheses(rest)?.split_whitespace();
        let number: f64 = words.next()?.parse().ok()?;
        Some(Self { soft, resolution, number, unit: words.next().unwrap_or_default().to_owned() })
    }
}

/// What follows a leading parenthesis, which may hold others: `(0.0004882813 log(Arb)/LSB) 32 log(Arb)`.
fn after_parentheses(text: &str) -> Option<&str> {
    if !text.starts_with('(') {
        return Some(text);
    }
    let mut depth = 0i32;
    for (index, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&text[index + 1..]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_of_a_setting_is_its_value() {
        let setting = Setting::parse("V [Sens. Zsens] (0.005035400 V/LSB) 2.910461 V").unwrap();
        let resolution = Some(0.0050354);
        assert_eq!(setting, Setting { soft: Some("Sens. Zsens".into()), resolution, number: 2.910461, unit: "V".into() });
        let nested = Setting::parse("V [Sens. LogStiffnessSens] (0.0004882813 log(Arb)/LSB) 32.00000 log(Arb)").unwrap();
        assert_eq!((nested.number, nested.unit.as_str()), (32.0, "log(Arb)"));
        assert_eq!(Setting::parse("V 1.000000 ").unwrap().unit, "");
        assert_eq!(Setting::parse("V (0.0003051758 V/LSB) 2.000000 V linked").unwrap().unit, "V");
        assert_eq!(Setting::parse("S [Height] \"Height\""), None);
    }
}
