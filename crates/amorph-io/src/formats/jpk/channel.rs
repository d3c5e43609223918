use amorph_core::data::{Direction, Extent, Map};
use amorph_core::unit::Unit;

use super::super::tiff::{self, Page};
use super::{CHANNEL, DEFAULT_SLOT, DISPLAY_NAME, MODE, RETRACE, SLOTS, X_SIZE, Y_SIZE};
use crate::IoError;
use crate::bytes::{Element, block_size, decode};
use crate::formats::Input;
use crate::maps::{BlockBudget, Digits, flip_rows};
use crate::naming::recognise;
use crate::units::instrument_unit;

/// Slots of one channel; four are usual.
const SLOTS_MAX: usize = 64;
const FIRST_SLOT: u16 = 0x8090;
const SLOT_STRIDE: u16 = 0x30;

/// One way to read the digits of a channel.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub name: String,
    /// Empty for raw digits.
    pub unit: String,
    /// `LinearScaling`, `NullScaling`, or a kind that is not supported.
    pub scaling: String,
    pub multiplier: f64,
    pub offset: f64,
}

/// All slots of a channel.
pub(super) fn slots(page: &Page<'_>) -> Vec<Slot> {
    let count = page.count(SLOTS).unwrap_or(0).min(SLOTS_MAX);
    let slot = |index: usize| {
        let base = FIRST_SLOT + SLOT_STRIDE * index as u16;
        Some(Slot {
            name: page.text(base)?,
            unit: page.text(base + 0x12).unwrap_or_default(),
            scaling: page.text(base + 0x13)?,
            multiplier: page.number(base + 0x14).unwrap_or(1.0),
            offset: page.number(base + 0x15).unwrap_or(0.0),
        })
    };
    (0..count).filter_map(slot).collect()
}

/// Reads the channel in one directory.
pub(super) fn read(
    input: &Input<'_>,
    head: &Page<'_>,
    page: &Page<'_>,
    index: usize,
    budget: &mut BlockBudget<'_>,
) -> Result<Map, IoError> {
    let channel = page.text(CHANNEL).unwrap_or_default();
    let name = page.text(DISPLAY_NAME).unwrap_or_else(|| channel.clone());
    let block = Block { file: input.file, page, label: format!("channel {index} ({name})") };
    let (columns, rows) = (block.count(tiff::WIDTH, "ImageWidth")?, block.count(tiff::HEIGHT, "ImageLength")?);
    let element = block.element()?;
    let mut values = block.values(input.bytes, element, columns, rows, budget)?;
    // Rows are stored from the bottom.
    flip_rows(&mut values, columns);
    let slot = block.default_slot()?;
    let mode = head.text(MODE).unwrap_or_default();
    let digits = Digits {
        quantity: quantity(&channel, &name, &mode),
        element,
        columns,
        rows,
        values,
        scale: slot.multiplier,
        offset: slot.offset,
        unit: if slot.unit.is_empty() { Unit::unknown("raw") } else { instrument_unit(&slot.unit) },
    };
    let mut map = digits.into_map(extent(head));
    map.name = name;
    map.index = index;
    map.direction = page.number(RETRACE).map(|flag| if flag == 0.0 { Direction::Trace } else { Direction::Retrace });
    Ok(map)
}

/// In AC modes the error signal is that of the amplitude, whatever its unit.
fn quantity(channel: &str, name: &str, mode: &str) -> &'static str {
    if channel == "error" && mode.starts_with("ac") {
        return "amplitude_error";
    }
    match recognise(name) {
        ("unknown", _) => recognise(channel).0,
        (known, _) => known,
    }
}

fn extent(head: &Page<'_>) -> Option<Extent> {
    let side = |tag: u16| head.number(tag).filter(|size| *size > 0.0 && size.is_finite());
    Some(Extent::metres(side(X_SIZE)?, side(Y_SIZE)?))
}

struct Block<'a, 'b> {
    file: &'a str,
    page: &'a Page<'b>,
    label: String,
}

impl Block<'_, '_> {
    fn wrong(&self, field: &str, found: String, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.to_owned(), field: format!("{field} of {}", self.label), found, needed }
    }

    fn count(&self, tag: u16, name: &str) -> Result<usize, IoError> {
        let found = self.page.count(tag);
        found.filter(|count| *count > 0).ok_or_else(|| {
            self.wrong(name, found.map_or("absent".to_owned(), |count| count.to_string()), "a positive whole number")
        })
    }

    fn element(&self) -> Result<Element, IoError> {
        let (bits, format) = (self.page.count(tiff::BITS).unwrap_or(1), self.page.count(tiff::SAMPLE_FORMAT).unwrap_or(1));
        let packed = self.page.count(tiff::COMPRESSION).unwrap_or(1) != 1 || self.page.count(tiff::SAMPLES).unwrap_or(1) != 1;
        match (bits, format, packed) {
            (16, 1, false) => Ok(Element::U16),
            (16, 2, false) => Ok(Element::I16),
            (32, 1, false) => Ok(Element::U32),
            (32, 2, false) => Ok(Element::I32),
            (32, 3, false) => Ok(Element::F32),
            (64, 3, false) => Ok(Element::F64),
            _ => Err(IoError::ElementType {
                file: self.file.to_owned(),
                found: format!("{bits}-bit samples of format {format}, packed or interleaved: {packed}, in {}", self.label),
            }),
        }
    }

    /// The digits, strip after strip, in file order.
    fn values(
        &self,
        bytes: &[u8],
        element: Element,
        columns: usize,
        rows: usize,
        budget: &mut BlockBudget<'_>,
    ) -> Result<Vec<f64>, IoError> {
        let needed = block_size(columns as u64, rows as u64, element.size() as u64).unwrap_or(u64::MAX);
        budget.take(needed)?;
        let offsets = self.page.numbers(tiff::STRIP_OFFSETS, rows);
        let lengths = self.page.numbers(tiff::STRIP_LENGTHS, rows);
        let mut data: Vec<u8> = Vec::with_capacity(needed as usize);
        for (offset, length) in offsets.iter().zip(&lengths) {
            let from = bytes.get(*offset as usize..).unwrap_or_default();
            let left = needed as usize - data.len();
            let strip = &from[..from.len().min(*length as usize).min(left)];
            data.extend(strip);
            if (strip.len() as f64) < *length {
                break;
            }
        }
        if (data.len() as u64) < needed {
            let part = format!("the data of {}", self.label);
            return Err(IoError::Truncated { file: self.file.to_owned(), part, expected: needed, found: data.len() as u64 });
        }
        Ok(decode(element, self.page.is_big_endian(), &data))
    }

    /// The slot whose unit the instrument shows.
    fn default_slot(&self) -> Result<Slot, IoError> {
        let missing = |field: String| IoError::MissingField {
            file: self.file.to_owned(),
            field,
            place: format!("the directory of {}", self.label),
        };
        let name = self.page.text(DEFAULT_SLOT).ok_or_else(|| missing("the default slot (tag 0x8081)".to_owned()))?;
        let slot = slots(self.page).into_iter().find(|slot| slot.name == name);
        let slot = slot.ok_or_else(|| missing(format!("the slot '{name}'")))?;
        let is_scale = slot.multiplier.is_finite() && slot.multiplier != 0.0 && slot.offset.is_finite();
        match slot.scaling.as_str() {
            "LinearScaling" if is_scale => Ok(slot),
            "LinearScaling" => Err(self.wrong(
                "the scaling",
                format!("{} x raw + {}", slot.multiplier, slot.offset),
                "a multiplier that is not zero and a finite offset",
            )),
            "NullScaling" => Ok(Slot { unit: String::new(), multiplier: 1.0, offset: 0.0, ..slot }),
            other => Err(self.wrong("the scaling", other.to_owned(), "LinearScaling or NullScaling")),
        }
    }
}
