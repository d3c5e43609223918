use std::sync::Arc;

use amorph_core::data::{
    AxisRole, Column, ColumnValues, ConstantStatus, Data, Extent, FoundConstant, FrameSource, FrameStack, Map, Metadata,
    PixelType, Pixels, Scan4d, ScanAxis, Table,
};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};

use super::axes::{roles, scan_axis};
use super::pixels::pixel_type;
use super::{FrameInput, Laid, RawAxis};
use crate::IoError;
use crate::bytes::Element;
use crate::maps::{Parsed, image, note_invalid};

/// Bytes that a byte of a file may become when it is decoded, as far as they are held in memory.
pub(crate) const DECODED_PER_BYTE: u64 = 64;
/// Bytes that are always allowed, so that small compressed files are read.
const DECODED_ALWAYS: u64 = 1 << 20;

/// An array of any number of axes, slowest first; the last two are those of a frame.
#[derive(Debug)]
pub(crate) struct Cube {
    pub axes: Vec<RawAxis>,
    pub element: Element,
    /// Complete frames; those of a spectrum or an image are one.
    pub n_present: u64,
    pub source: Arc<dyn FrameSource>,
    /// Name of the array in the file.
    pub name: String,
    /// Unit of the pixels, where the file states one.
    pub value_unit: String,
}

/// What becomes of a cube.
pub(crate) struct Built {
    pub data: Data,
    pub constants: Vec<FoundConstant>,
    pub notes: Vec<Note>,
    /// The axes, as statements for the metadata.
    pub axes: Metadata,
}

impl Cube {
    /// The cube as the data of a file.
    ///
    /// # Errors
    /// [`IoError`] for a shape that overflows, is empty, or does not fit what the user says.
    pub(crate) fn parsed(self, input: &FrameInput<'_>, version: Option<String>, metadata: Metadata) -> Result<Parsed, IoError> {
        let built = self.build(input)?;
        let mut metadata = metadata;
        metadata.entries.extend(built.axes.entries);
        Ok(Parsed { format_version: version, data: built.data, metadata, constants: built.constants, notes: built.notes })
    }

    pub(crate) fn build(mut self, input: &FrameInput<'_>) -> Result<Built, IoError> {
        let n_frames = self.check(input)?;
        let mut notes = Vec::new();
        let held = self.n_present;
        if held < n_frames {
            if !input.options.frames.partial {
                let file = input.file.to_owned();
                return Err(IoError::FramesMissing { file, promised: Some(n_frames), found: held });
            }
            let message = format!(
                "{}: the header promises {n_frames} frames, but the file holds {held}; the others are absent, not zero",
                input.file
            );
            notes.push(Note::warning("frames_missing", message));
        }
        let n_positions = self.lay_out(input, n_frames)?;
        if held == n_frames && self.n_present < n_positions {
            let message = format!(
                "{}: scan_shape promises {n_positions} positions, but the file holds frames of {}; the others are absent, not zero",
                input.file, self.n_present
            );
            notes.push(Note::warning("frames_missing", message));
        }
        let (roles, rule) = roles(&self.axes);
        let axes: Vec<ScanAxis> =
            self.axes.iter().zip(&roles).map(|(raw, role)| scan_axis(input.file, raw, *role, &mut notes)).collect();
        let statements = describe(&self.axes, &axes, rule);
        let constants = constants(input.file, &axes, &mut notes);
        let kept = pixel_type(self.element);
        if matches!(self.element, Element::I64 | Element::U64) {
            notes.push(Note::info(
                "pixels_converted",
                format!(
                    "pixels are stored as {:?} and read as {kept}, which is exact up to 2^53; a larger one is an error",
                    self.element
                ),
            ));
        }
        let data = match axes.len() {
            1 => Data::Table(self.table(input, &axes[0])?),
            2 => Data::Maps(vec![self.map(input, &axes)?]),
            _ => self.frames(input, axes, kept, &mut notes)?,
        };
        Ok(Built { data, constants, notes, axes: statements })
    }

    /// Frames of the whole, after the sizes were found possible.
    fn check(&self, input: &FrameInput<'_>) -> Result<u64, IoError> {
        let shape: Vec<usize> = self.axes.iter().map(|axis| axis.n).collect();
        if shape.is_empty() || shape.contains(&0) {
            return Err(input.field("the shape", format!("{shape:?}"), "at least one element"));
        }
        let too_large = || IoError::TooLarge {
            file: input.file.to_owned(),
            field: "the shape".to_owned(),
            claimed: format!("{shape:?} of {:?}", self.element),
            available: input.storage.length() / self.element.size() as u64,
        };
        let bytes = shape.iter().try_fold(self.element.size(), |product, n| product.checked_mul(*n)).ok_or_else(too_large)?;
        let n_frames: usize = shape[..shape.len().saturating_sub(2)].iter().product();
        let frame = (bytes / n_frames) as u64;
        let allowed = input.storage.length().saturating_mul(DECODED_PER_BYTE).saturating_add(DECODED_ALWAYS);
        // A frame is held in memory, and so is one value for every frame.
        if frame > allowed || n_frames as u64 > self.n_present.saturating_add(1024).saturating_mul(64) {
            return Err(too_large());
        }
        if self.n_present == 0 && shape.len() > 2 {
            return Err(IoError::Truncated {
                file: input.file.to_owned(),
                part: format!("the first of {n_frames} frames"),
                expected: frame,
                found: input.storage.length().min(frame.saturating_sub(1)),
            });
        }
        Ok(n_frames as u64)
    }

    /// Makes a scan of a series of frames, where the user says its shape; how many frames there should be then. A series that was
    /// stopped early may be shorter where the user reads what is there.
    fn lay_out(&mut self, input: &FrameInput<'_>, n_frames: u64) -> Result<u64, IoError> {
        let frames = &input.options.frames;
        let Some([rows, columns]) = input.scan_shape else { return Ok(n_frames) };
        let series: Vec<usize> = self.axes[..self.axes.len().saturating_sub(2)].iter().map(|axis| axis.n).collect();
        if let [_, _] = series[..]
            && series == [rows, columns]
        {
            return Ok(n_frames);
        }
        let n_frames = n_frames as usize;
        let wrong = || IoError::ScanShape {
            file: input.file.to_owned(),
            frames: n_frames,
            given: Some([rows, columns]),
            factors: factors(n_frames),
        };
        if series.is_empty() || rows == 0 || columns == 0 {
            return Err(wrong());
        }
        let with_flyback = columns
            .checked_add(frames.flyback_frames)
            .and_then(|columns| columns.checked_mul(rows))
            .and_then(|count| count.checked_add(frames.skip_frames))
            .ok_or_else(wrong)?;
        // After the last row there is no way back to fly.
        let needed = with_flyback - frames.flyback_frames;
        let bounded = (with_flyback as u64) <= self.n_present.saturating_add(1024).saturating_mul(64);
        let is_short = frames.partial && n_frames < needed && bounded;
        if n_frames != with_flyback && n_frames != needed && !is_short {
            return Err(wrong());
        }
        let present = self.n_present as usize;
        let in_file = |frame: usize| frames.skip_frames + frame + frames.flyback_frames * (frame / columns);
        self.n_present = (0..rows * columns).take_while(|frame| in_file(*frame) < present).count() as u64;
        let laid = Laid { source: self.source.clone(), skip: frames.skip_frames, columns, flyback: frames.flyback_frames };
        self.source = Arc::new(laid);
        let detector = self.axes.split_off(series.len());
        let scan = |n: usize| RawAxis::of(n, super::AxisKind::Scan);
        self.axes = vec![scan(rows), scan(columns)];
        self.axes.extend(detector.into_iter().map(|axis| RawAxis { kind: Some(super::AxisKind::Detector), ..axis }));
        Ok((rows * columns) as u64)
    }

    fn all_pixels(&self, input: &FrameInput<'_>, part: &str) -> Result<Vec<f64>, IoError> {
        let len: usize = self.axes.iter().map(|axis| axis.n).product();
        if self.n_present == 0 {
            let expected = (len * self.element.size()) as u64;
            let found = input.storage.length().min(expected.saturating_sub(1));
            return Err(IoError::Truncated { file: input.file.to_owned(), part: part.to_owned(), expected, found });
        }
        let mut pixels = Pixels::empty(pixel_type(self.element));
        pixels.fit(pixel_type(self.element), len);
        self.source.read(0..1, &mut pixels).map_err(|source| IoError::Frames { source: Box::new(source) })?;
        Ok(pixels.to_f64())
    }

    fn table(&self, input: &FrameInput<'_>, axis: &ScanAxis) -> Result<Table, IoError> {
        let values = self.all_pixels(input, "the spectrum")?;
        let (step, offset) = (axis.step.unwrap_or(1.0), axis.offset.unwrap_or(0.0));
        let at = |i: usize| axis.unit.to_si(offset + step * i as f64);
        let is_calibrated = axis.step.is_some();
        let position = Column {
            name: if axis.name.is_empty() { axis.role.word().to_owned() } else { axis.name.clone() },
            unit: if is_calibrated { si(&axis.unit) } else { Unit::one() },
            values: ColumnValues::Numbers((0..values.len()).map(|i| if is_calibrated { at(i) } else { i as f64 }).collect()),
        };
        let intensity = Column {
            name: "intensity".to_owned(),
            unit: super::axes::axis_unit(&self.value_unit),
            values: ColumnValues::Numbers(values),
        };
        Ok(Table { key: "spectrum".to_owned(), title: self.name.clone(), columns: vec![position, intensity] })
    }

    fn map(&self, input: &FrameInput<'_>, axes: &[ScanAxis]) -> Result<Map, IoError> {
        let values = self.all_pixels(input, "the image")?;
        let (rows, columns) = (axes[0].n, axes[1].n);
        let step = |axis: &ScanAxis, dimension: &str| axis.usable_step(dimension).map(f64::abs);
        let extent = ["m", "1/m"].into_iter().find_map(|dimension| {
            let (y, x) = (step(&axes[0], dimension)?, step(&axes[1], dimension)?);
            Some(Extent { x: [0.0, columns as f64 * x], y: [0.0, rows as f64 * y], unit: Unit::of(dimension) })
        });
        let reciprocal = matches!(axes[0].role, AxisRole::DetectorY | AxisRole::DetectorX);
        let quantity = if reciprocal { "diffraction_pattern" } else { "intensity" };
        let mut map = Map::new(quantity, image(rows, columns, values), super::axes::axis_unit(&self.value_unit), extent);
        if !self.name.is_empty() {
            map.name.clone_from(&self.name);
        }
        if !matches!(self.element, Element::F32 | Element::F64) {
            map.least_significant_bit = Some(1.0);
        }
        note_invalid(&mut map);
        Ok(map)
    }

    fn frames(
        self,
        input: &FrameInput<'_>,
        axes: Vec<ScanAxis>,
        kept: PixelType,
        notes: &mut Vec<Note>,
    ) -> Result<Data, IoError> {
        let n_present = usize::try_from(self.n_present).unwrap_or(usize::MAX);
        let roles: Vec<AxisRole> = axes.iter().map(|axis| axis.role).collect();
        if roles == [AxisRole::ScanY, AxisRole::ScanX, AxisRole::DetectorY, AxisRole::DetectorX]
            && let Ok(axes) = <[ScanAxis; 4]>::try_from(axes.clone())
        {
            let scan = Scan4d::with_axes(input.file, axes, kept, n_present, self.source);
            notes.insert(0, Note::info("scan", scan.describe()));
            return Ok(Data::Scan(scan));
        }
        let stack = FrameStack::new(input.file, axes, kept, n_present, self.source)
            .map_err(|source| IoError::Frames { source: Box::new(source) })?;
        if let Some(slice) = input.options.frames.slice {
            let slices = stack.axes[0].n;
            let scan = stack.scan_at(slice).ok_or_else(|| {
                let found = format!("{slice} of a file that holds {}", stack.describe());
                let needed = "the number, counted from 0, of one of several four-dimensional scans";
                input.field("slice", found, needed)
            })?;
            notes.insert(0, Note::info("scan", format!("slice {slice} of {slices}: {}", scan.describe())));
            return Ok(Data::Scan(scan));
        }
        notes.insert(0, Note::info("stack", hint(&stack)));
        Ok(Data::Stack(stack))
    }
}

/// What a stack is, and how to use it as a scan where it may be one.
fn hint(stack: &FrameStack) -> String {
    let described = stack.describe();
    let n = stack.n_frames();
    match stack.axes[0].role {
        _ if stack.scan_at(0).is_some() => {
            format!("{described}; choose the scan of one slice with slice = 0 to {} in the measurement", stack.axes[0].n - 1)
        }
        AxisRole::Time | AxisRole::Other if stack.axes.len() == 3 => {
            let shapes: Vec<String> = factors(n).iter().map(|[rows, columns]| format!("[{rows}, {columns}]")).collect();
            format!(
                "{described}; the file does not say the shape of the scan: state scan_shape = [rows, columns] in the measurement, for instance {}",
                shapes.join(" or ")
            )
        }
        _ => described,
    }
}

fn si(unit: &Unit) -> Unit {
    let base = ["eV", "1/m", "m", "s", "rad"].into_iter().map(Unit::of).find(|known| known.is_compatible(unit));
    match base {
        Some(known) if known.symbol() == "eV" => Unit::of("J"),
        Some(known) => known,
        None => Unit::one(),
    }
}

/// The axes as written, with the role that each was given and the rule.
fn describe(raw: &[RawAxis], axes: &[ScanAxis], rule: &str) -> Metadata {
    let mut metadata = Metadata::default();
    for (index, (raw, axis)) in raw.iter().zip(axes).enumerate() {
        let number = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| format!("{value:?}"));
        let text = format!(
            "{}: name '{}', size {}, scale {}, offset {}, unit '{}'",
            axis.role.word(),
            raw.name,
            raw.n,
            number(raw.scale),
            number(raw.offset),
            raw.unit
        );
        metadata.push("axes", &format!("axis {index}"), &text);
    }
    metadata.push("axes", "rule", rule);
    metadata
}

/// Calibrations under the names that methods use, where both directions agree.
fn constants(file: &str, axes: &[ScanAxis], notes: &mut Vec<Note>) -> Vec<FoundConstant> {
    let mut found = Vec::new();
    let pairs =
        [("scan_step", "m", AxisRole::ScanY, AxisRole::ScanX), ("q_pixel", "1/m", AxisRole::DetectorY, AxisRole::DetectorX)];
    for (key, unit, y, x) in pairs {
        let axis = |role: AxisRole| axes.iter().find(|axis| axis.role == role);
        let (Some(y), Some(x)) = (axis(y), axis(x)) else { continue };
        match (y.usable_step(unit).map(f64::abs), x.usable_step(unit).map(f64::abs)) {
            (Some(along_y), Some(along_x)) if (along_y / along_x - 1.0).abs() < 1e-6 => {
                let place = format!("axes '{}' and '{}'", named(y), named(x));
                let quantity = Quantity::si(along_x, Unit::of(unit));
                found.push(FoundConstant { key: key.to_owned(), quantity, place, status: ConstantStatus::Stated });
            }
            (Some(along_y), Some(along_x)) => {
                let message = format!(
                    "{file}: the steps of axes '{}' and '{}' differ ({along_y:.6e} and {along_x:.6e} {unit}); state {key} in the study",
                    named(y),
                    named(x)
                );
                notes.push(Note::warning("steps_differ", message));
            }
            _ if y.implausible.is_none() && y.step.is_some() && key == "q_pixel" => {
                let message = format!(
                    "{file}: detector pixels are in '{}', which is no reciprocal length without {}; the unit is kept, and results are in pixels until the study states q_pixel",
                    y.unit,
                    if y.unit.is_compatible(&Unit::of("rad")) {
                        "the beam voltage"
                    } else {
                        "the camera length and the beam voltage"
                    }
                );
                notes.push(Note::info("unit_kept", message));
            }
            _ => {}
        }
    }
    found
}

fn named(axis: &ScanAxis) -> &str {
    if axis.name.is_empty() { axis.role.word() } else { &axis.name }
}

/// Several images of one file as one list, with what was said about each; cubes that are no images come only alone.
pub(crate) fn several(built: Vec<Built>) -> (Vec<Map>, Vec<FoundConstant>, Vec<Note>, Metadata) {
    let (mut maps, mut constants, mut notes, mut metadata) = (Vec::new(), Vec::new(), Vec::new(), Metadata::default());
    for one in built {
        if let Data::Maps(images) = one.data {
            for mut map in images {
                map.index = maps.len();
                maps.push(map);
            }
        }
        constants.extend(one.constants);
        notes.extend(one.notes);
        metadata.entries.extend(one.axes.entries);
    }
    (maps, constants, notes, metadata)
}

/// Up to three ways to lay out `n` frames, those closest to a square first.
pub(crate) fn factors(n: usize) -> Vec<[usize; 2]> {
    (1..=n.isqrt()).rev().filter(|rows| n.is_multiple_of(*rows)).take(3).map(|rows| [rows, n / rows]).collect()
}
