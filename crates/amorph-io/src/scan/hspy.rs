//! The head of a HyperSpy file: HDF5 of one signal, whose pixels follow it in one piece.
//!
//! Superblock version 2, object headers version 2 with their links in them, strings of variable length in one heap, a contiguous array:
//! HDF5 File Format Specification, version 3.0.

use std::collections::BTreeSet;

use amorph_core::data::{AxisRole, Metadata, PixelType, ScanAxis};
use amorph_core::unit::Unit;

use super::export::carried;

/// Where nothing is.
const NOWHERE: u64 = u64::MAX;
const SUPERBLOCK: u64 = 48;
/// Statements of the first file that are written, and bytes of one.
const STATEMENTS_MAX: usize = 2000;
const STATEMENT_MAX: usize = 16 << 10;
/// Characters of a name.
const NAME_MAX: usize = 200;
/// Least size of a heap of strings.
const HEAP_MIN: usize = 4096;

/// Everything before the pixels; it says where they begin, which is where it ends.
pub(super) fn head(title: &str, axes: &[ScanAxis], pixel: PixelType, metadata: &Metadata) -> Vec<u8> {
    let shape: Vec<u64> = axes.iter().map(|axis| axis.n as u64).collect();
    let mut heap = Heap::default();
    let root = tree(title, axes, (shape, pixel), metadata, &mut heap);
    // Lengths do not depend on addresses: the first pass finds where everything lies.
    let heap_at = SUPERBLOCK;
    let objects_at = heap_at + heap.bytes().len() as u64;
    let mut first = Vec::new();
    root.write(&mut first, objects_at, &Places { heap: heap_at, data: 0 });
    let data = (objects_at + first.len() as u64).next_multiple_of(8);
    let mut objects = Vec::new();
    let root_at = root.write(&mut objects, objects_at, &Places { heap: heap_at, data });
    let n_pixels: u64 = axes.iter().map(|axis| axis.n as u64).product();
    let mut head = b"\x89HDF\r\n\x1a\n\x02\x08\x08\x00".to_vec();
    for address in [0, NOWHERE, data + n_pixels * pixel.size() as u64, root_at] {
        head.extend(address.to_le_bytes());
    }
    head.extend(checksum(&head).to_le_bytes());
    head.extend(heap.bytes());
    head.extend(objects);
    head.resize(data as usize, 0);
    head
}

/// Groups of a signal as HyperSpy names them.
fn tree(title: &str, axes: &[ScanAxis], array: (Vec<u64>, PixelType), metadata: &Metadata, heap: &mut Heap) -> Object {
    let said = original(metadata, heap);
    let general = Object::group(vec![], vec![heap.text("title", title)]);
    let kind = Object::group(vec![], vec![heap.text("signal_type", "")]);
    let metadata = Object::group(vec![("General".to_owned(), general), ("Signal".to_owned(), kind)], vec![]);
    let mut members: Vec<(String, Object)> =
        axes.iter().enumerate().map(|(index, one)| (format!("axis-{index}"), axis(one, heap))).collect();
    members.push(("data".to_owned(), Object { links: vec![], attributes: vec![], data: Some(array) }));
    members.push(("metadata".to_owned(), metadata));
    members.push(("original_metadata".to_owned(), said));
    let signal = if title.is_empty() { "__unnamed__".to_owned() } else { title.replace('/', "-") };
    let experiments = Object::group(vec![(signal, Object::group(members, vec![]))], vec![]);
    let version = vec![heap.text("file_format", "HyperSpy"), heap.text("file_format_version", "3.1")];
    Object::group(vec![("Experiments".to_owned(), experiments)], version)
}

/// What the first file said: a group for every section, an attribute for every statement; names that come again are numbered.
fn original(metadata: &Metadata, heap: &mut Heap) -> Object {
    let mut sections: Vec<(String, Vec<(String, &str)>)> = Vec::new();
    let mut taken = BTreeSet::new();
    for entry in carried(metadata).filter(|entry| entry.value.len() <= STATEMENT_MAX).take(STATEMENTS_MAX) {
        let section = name(&entry.section, "file");
        let at = sections.iter().position(|(known, _)| *known == section).unwrap_or_else(|| {
            sections.push((section, Vec::new()));
            sections.len() - 1
        });
        let mut key = name(&entry.key, "statement");
        let plain = key.clone();
        let mut number = 1;
        while !taken.insert((at, key.clone())) {
            number += 1;
            key = format!("{plain} ({number})");
        }
        sections[at].1.push((key, &entry.value));
    }
    let group = |(section, statements): (String, Vec<(String, &str)>)| {
        let attributes = statements.iter().map(|(key, value)| heap.text(key, &value.replace('\0', " "))).collect();
        (section, Object::group(vec![], attributes))
    };
    Object::group(sections.into_iter().map(group).collect(), vec![])
}

/// A text as a name in HDF5.
fn name(text: &str, without: &str) -> String {
    let clean: String =
        text.chars().filter(|c| !c.is_control()).map(|c| if c == '/' { '-' } else { c }).take(NAME_MAX).collect();
    if clean.is_empty() || clean == "." { without.to_owned() } else { clean }
}

fn axis(axis: &ScanAxis, heap: &mut Heap) -> Object {
    let unit = if axis.unit == Unit::one() { String::new() } else { axis.unit.to_string() };
    let navigates = matches!(axis.role, AxisRole::ScanY | AxisRole::ScanX | AxisRole::Time | AxisRole::Depth);
    let attributes = vec![
        heap.text("_type", "UniformDataAxis"),
        heap.text("name", &axis.name),
        heap.text("units", &unit),
        number("scale", axis.step.unwrap_or(1.0)),
        number("offset", axis.offset.unwrap_or(0.0)),
        attribute("size", &fixed(8, true), &(axis.n as u64).to_le_bytes()),
        attribute("navigate", &boolean(), &[u8::from(navigates)]),
        attribute("is_binned", &boolean(), &[0]),
    ];
    Object::group(vec![], attributes)
}

/// A group, or the array of pixels.
struct Object {
    links: Vec<(String, Object)>,
    /// Finished messages; addresses of the heap in them are those of [`SUPERBLOCK`].
    attributes: Vec<Vec<u8>>,
    data: Option<(Vec<u64>, PixelType)>,
}

/// Where the parts of the file lie.
struct Places {
    heap: u64,
    data: u64,
}

impl Object {
    fn group(links: Vec<(String, Self)>, attributes: Vec<Vec<u8>>) -> Self {
        Self { links, attributes, data: None }
    }

    /// Writes what it links to, then itself; returns its address.
    fn write(&self, out: &mut Vec<u8>, start: u64, places: &Places) -> u64 {
        debug_assert_eq!(places.heap, SUPERBLOCK, "strings say where the heap is");
        let linked: Vec<(&str, u64)> =
            self.links.iter().map(|(name, object)| (name.as_str(), object.write(out, start, places))).collect();
        let mut messages = Vec::new();
        let mut add = |kind: u8, body: &[u8]| {
            messages.push(kind);
            messages.extend((body.len() as u16).to_le_bytes());
            messages.push(0);
            messages.extend(body);
        };
        match &self.data {
            Some((shape, pixel)) => {
                add(0x01, &dataspace(shape));
                add(0x03, &element(*pixel));
                // Space is allocated late; a fill value would be written where one is set, and none is.
                add(0x05, &[3, 0x0a]);
                let length = shape.iter().product::<u64>() * pixel.size() as u64;
                add(0x08, &[&[3, 1][..], &places.data.to_le_bytes(), &length.to_le_bytes()].concat());
            }
            None => {
                add(0x02, &[&[0, 0][..], &NOWHERE.to_le_bytes(), &NOWHERE.to_le_bytes()].concat());
                add(0x0a, &[0, 0]);
                for (name, address) in linked {
                    // The character set is UTF-8; two bytes tell the length of the name.
                    let length = (name.len() as u16).to_le_bytes();
                    add(0x06, &[&[1, 0x11, 1][..], &length, name.as_bytes(), &address.to_le_bytes()].concat());
                }
            }
        }
        self.attributes.iter().for_each(|body| add(0x0c, body));
        let address = start + out.len() as u64;
        let mut header = b"OHDR\x02\x02".to_vec();
        header.extend((messages.len() as u32).to_le_bytes());
        header.extend(messages);
        header.extend(checksum(&header).to_le_bytes());
        header.resize(header.len().next_multiple_of(8), 0);
        out.extend(header);
        address
    }
}

/// Strings of variable length.
#[derive(Default)]
struct Heap {
    objects: Vec<u8>,
    n: u16,
}

impl Heap {
    /// An attribute whose value is a text in the heap.
    fn text(&mut self, name: &str, text: &str) -> Vec<u8> {
        let mut kind = vec![0x19, 1, 1, 0, 16, 0, 0, 0];
        kind.extend(string(1));
        if text.is_empty() {
            return attribute(name, &kind, &[0; 16]);
        }
        self.n += 1;
        self.objects.extend(self.n.to_le_bytes());
        self.objects.extend([0; 6]);
        self.objects.extend((text.len() as u64).to_le_bytes());
        self.objects.extend(text.as_bytes());
        self.objects.resize(self.objects.len().next_multiple_of(8), 0);
        let mut value = (text.len() as u32).to_le_bytes().to_vec();
        value.extend(SUPERBLOCK.to_le_bytes());
        value.extend(u32::from(self.n).to_le_bytes());
        attribute(name, &kind, &value)
    }

    fn bytes(&self) -> Vec<u8> {
        let size = (16 + self.objects.len() + 16).next_multiple_of(8).max(HEAP_MIN);
        let mut bytes = b"GCOL\x01\0\0\0".to_vec();
        bytes.extend((size as u64).to_le_bytes());
        bytes.extend(&self.objects);
        // What is free is an object of number 0, whose size has its own head in it.
        let free = size - bytes.len();
        bytes.extend([0; 8]);
        bytes.extend((free as u64).to_le_bytes());
        bytes.resize(size, 0);
        bytes
    }
}

fn attribute(name: &str, kind: &[u8], value: &[u8]) -> Vec<u8> {
    let space = dataspace(&[]);
    let mut body = vec![3, 0];
    for length in [name.len() + 1, kind.len(), space.len()] {
        body.extend((length as u16).to_le_bytes());
    }
    body.push(1);
    body.extend(name.as_bytes());
    body.push(0);
    [&body[..], kind, &space, value].concat()
}

fn number(name: &str, value: f64) -> Vec<u8> {
    attribute(name, &element(PixelType::F64), &value.to_le_bytes())
}

/// Of a single value, or of an array.
fn dataspace(shape: &[u64]) -> Vec<u8> {
    let mut body = vec![2, shape.len() as u8, 0, u8::from(!shape.is_empty())];
    body.extend(shape.iter().flat_map(|n| n.to_le_bytes()));
    body
}

fn element(pixel: PixelType) -> Vec<u8> {
    let floating = |size: u32, sign: u8, exponent: [u8; 2], mantissa: u8, bias: u32| {
        let mut body = vec![0x11, 0x20, sign, 0];
        body.extend(size.to_le_bytes());
        body.extend([0, 0]);
        body.extend((8 * size as u16).to_le_bytes());
        body.extend([exponent[0], exponent[1], 0, mantissa]);
        body.extend(bias.to_le_bytes());
        body
    };
    match pixel {
        PixelType::U8 => fixed(1, false),
        PixelType::U16 => fixed(2, false),
        PixelType::U32 => fixed(4, false),
        PixelType::I16 => fixed(2, true),
        PixelType::I32 => fixed(4, true),
        PixelType::F32 => floating(4, 31, [23, 8], 23, 127),
        PixelType::F64 => floating(8, 63, [52, 11], 52, 1023),
    }
}

/// A whole number of this many bytes.
fn fixed(size: u32, signed: bool) -> Vec<u8> {
    let mut body = vec![0x10, 8 * u8::from(signed), 0, 0];
    body.extend(size.to_le_bytes());
    body.extend([0, 0]);
    body.extend((8 * size as u16).to_le_bytes());
    body
}

fn string(size: u32) -> Vec<u8> {
    [&[0x13, 0x10, 0, 0][..], &size.to_le_bytes()].concat()
}

/// True and false as h5py has them: an enumeration.
fn boolean() -> Vec<u8> {
    let mut body = vec![0x38, 2, 0, 0, 1, 0, 0, 0];
    body.extend(fixed(1, true));
    body.extend(b"FALSE\0TRUE\0\0\x01");
    body
}

/// Bob Jenkins' lookup3, `hashlittle` with 0 to begin with (public domain, 2006).
fn checksum(bytes: &[u8]) -> u32 {
    let [mut a, mut b, mut c] = [0xdead_beef_u32.wrapping_add(bytes.len() as u32); 3];
    let word = |block: &[u8], at: usize| {
        (0..4).fold(0u32, |sum, i| sum | u32::from(block.get(at + i).copied().unwrap_or(0)) << (8 * i))
    };
    let mut blocks = bytes.chunks(12).peekable();
    while let Some(block) = blocks.next() {
        a = a.wrapping_add(word(block, 0));
        b = b.wrapping_add(word(block, 4));
        c = c.wrapping_add(word(block, 8));
        if blocks.peek().is_some() {
            for turns in [[4, 6, 8], [16, 19, 4]] {
                a = a.wrapping_sub(c) ^ c.rotate_left(turns[0]);
                c = c.wrapping_add(b);
                b = b.wrapping_sub(a) ^ a.rotate_left(turns[1]);
                a = a.wrapping_add(c);
                c = c.wrapping_sub(b) ^ b.rotate_left(turns[2]);
                b = b.wrapping_add(a);
            }
        } else {
            c = (c ^ b).wrapping_sub(b.rotate_left(14));
            a = (a ^ c).wrapping_sub(c.rotate_left(11));
            b = (b ^ a).wrapping_sub(a.rotate_left(25));
            c = (c ^ b).wrapping_sub(b.rotate_left(16));
            a = (a ^ c).wrapping_sub(c.rotate_left(4));
            b = (b ^ a).wrapping_sub(a.rotate_left(14));
            c = (c ^ b).wrapping_sub(b.rotate_left(24));
        }
    }
    c
}
