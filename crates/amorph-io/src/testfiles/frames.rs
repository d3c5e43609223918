//! Files of electron microscopes, from numbers that differ along every axis.

use hdf5_pure::{AttrValue, FileBuilder};

use super::tiff::{Content, TiffWriter};

/// A value at every place of an array of any number of axes: `1 + sum of stride * index`, with strides so different that every
/// transposition, flip or shift shows.
pub fn ramp(shape: &[usize]) -> Vec<u16> {
    const STRIDES: [usize; 5] = [1, 16, 211, 1009, 4001];
    let count: usize = shape.iter().product();
    let value = |index: usize| {
        let mut rest = index;
        let places = shape.iter().rev().zip(STRIDES);
        let sum: usize = places
            .map(|(n, stride)| {
                let place = rest % n;
                rest /= n;
                place * stride
            })
            .sum();
        1 + sum as u16
    };
    (0..count).map(value).collect()
}

/// A four-dimensional NumPy array of unsigned 16-bit counts in C order: scan y, scan x, detector y, detector x.
pub fn npy_scan_bytes(shape: [usize; 4], pixels: &[u16]) -> Vec<u8> {
    let [rows, columns, detector_rows, detector_columns] = shape;
    let mut header = format!(
        "{{'descr': '<u2', 'fortran_order': False, 'shape': ({rows}, {columns}, {detector_rows}, {detector_columns}), }}"
    );
    // Magic, version and length are ten bytes; the numbers begin at a multiple of 64.
    let unpadded = 10 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', (64 - unpadded % 64) % 64));
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.bytes());
    file.extend(pixels.iter().flat_map(|pixel| pixel.to_le_bytes()));
    file
}

/// Frames of a Merlin detector: `shape` is frames, rows, columns; `bytes` those of a pixel (1, 2 or 4).
pub fn mib_bytes(shape: [usize; 3], bytes: usize, pixels: &[u16]) -> Vec<u8> {
    let [_, rows, columns] = shape;
    let mut file = Vec::new();
    for (index, frame) in pixels.chunks(rows * columns).enumerate() {
        let kind = 8 * bytes;
        let text = format!(
            "MQ1,{:06},00384,01,{columns:04},{rows:04},U{kind:02},   1x1,01,2021-05-07 18:51:10.905800,0.100000,0,0,0,",
            index + 1
        );
        let mut header = text.into_bytes();
        header.resize(384, 0);
        file.extend(header);
        for row in frame.chunks(columns).rev() {
            for value in row {
                file.extend(&u32::from(*value).to_be_bytes()[4 - bytes..]);
            }
        }
    }
    file
}

/// A blockfile: `shape` is scan rows, scan columns, side of a pattern; pixels of 8 or (`wide`) 16 bits.
pub fn blo_bytes(shape: [usize; 3], wide: bool, pixels: &[u16]) -> Vec<u8> {
    let [rows, columns, side] = shape;
    let at_patterns = 320 + rows * columns;
    let mut file = b"IMGBLO".to_vec();
    file.extend((258 + u16::from(wide)).to_le_bytes());
    file.extend(320u32.to_le_bytes());
    file.extend((at_patterns as u32).to_le_bytes());
    file.extend([0; 4]);
    file.extend([side as u16, 0, columns as u16, rows as u16, 0].iter().flat_map(|word| word.to_le_bytes()));
    file.extend(12.5f64.to_le_bytes());
    file.extend(12.5f64.to_le_bytes());
    file.extend(200_000u32.to_le_bytes());
    file.extend(6226u16.to_le_bytes());
    file.resize(at_patterns, 0);
    for frame in pixels.chunks(side * side) {
        file.extend([0xaa, 0x55, 0, 0, 0, 0]);
        for value in frame {
            if wide { file.extend(value.to_le_bytes()) } else { file.push(*value as u8) }
        }
    }
    file
}

/// A DigitalMicrograph file of version 3 or 4 with a thumbnail and one array of 16-bit numbers; `axes` are scale, origin and
/// unit of every axis, slowest first, as is `shape`.
pub fn dm_bytes(version: u32, shape: &[usize], axes: &[(f32, f32, &str)], pixels: &[u16]) -> Vec<u8> {
    let wide = version == 4;
    let width = |value: usize| if wide { (value as u64).to_be_bytes().to_vec() } else { (value as u32).to_be_bytes().to_vec() };
    let tag = |kind: u8, name: &str, body: Vec<u8>| {
        let mut bytes = vec![kind];
        bytes.extend((name.len() as u16).to_be_bytes());
        bytes.extend(name.bytes());
        if wide {
            bytes.extend((body.len() as u64).to_be_bytes());
        }
        [bytes, body].concat()
    };
    let group = |name: &str, children: Vec<Vec<u8>>| {
        let mut body = vec![1, 0];
        body.extend(width(children.len()));
        tag(20, name, [body, children.concat()].concat())
    };
    let value = |name: &str, info: &[usize], data: Vec<u8>| {
        let mut body = b"%%%%".to_vec();
        body.extend(width(info.len()));
        info.iter().for_each(|number| body.extend(width(*number)));
        tag(21, name, [body, data].concat())
    };
    let long = |name: &str, number: usize| value(name, &[5], (number as u32).to_le_bytes().to_vec());
    let float = |name: &str, number: f32| value(name, &[6], number.to_le_bytes().to_vec());
    let text = |name: &str, text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        value(name, &[20, 4, units.len()], units.iter().flat_map(|unit| unit.to_le_bytes()).collect())
    };
    let image = |kind: usize, shape: &[usize], axes: &[(f32, f32, &str)], pixels: &[u16]| {
        let axis = |(scale, origin, unit): &(f32, f32, &str)| {
            group("", vec![float("Origin", *origin), float("Scale", *scale), text("Units", unit)])
        };
        let data = value("Data", &[20, 4, pixels.len()], pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect());
        let calibrations = group("Calibrations", vec![group("Dimension", axes.iter().rev().map(axis).collect())]);
        let dimensions = group("Dimensions", shape.iter().rev().map(|n| long("", *n)).collect());
        group("", vec![group("ImageData", vec![calibrations, data, long("DataType", kind), dimensions]), text("Name", "ramp")])
    };
    let list = group("ImageList", vec![image(23, &[2, 2], &[], &[0; 8]), image(10, shape, axes, pixels)]);
    let mut file = version.to_be_bytes().to_vec();
    file.extend(width(list.len()));
    file.extend(1u32.to_be_bytes());
    file.extend([1, 0]);
    file.extend(width(1));
    file.extend(list);
    file.extend([0; 8]);
    file
}

/// A signal of HyperSpy; `axes` are name, scale, unit and whether it is a navigation axis.
pub fn hspy_bytes(shape: &[usize], axes: &[(&str, f64, &str, bool)], pixels: &[u16]) -> Vec<u8> {
    let mut file = FileBuilder::new();
    file.set_attr("file_format", AttrValue::AsciiString("HyperSpy".to_owned()));
    file.set_attr("file_format_version", AttrValue::AsciiString("3.1".to_owned()));
    let mut experiments = file.create_group("Experiments");
    let mut signal = experiments.create_group("ramp");
    let lengths: Vec<u64> = shape.iter().map(|n| *n as u64).collect();
    signal.create_dataset("data").with_u16_data(pixels).with_shape(&lengths);
    for (index, (name, scale, unit, navigates)) in axes.iter().enumerate() {
        let mut axis = signal.create_group(&format!("axis-{index}"));
        axis.set_attr("name", AttrValue::String((*name).to_owned()));
        axis.set_attr("units", AttrValue::String((*unit).to_owned()));
        axis.set_attr("scale", AttrValue::F64(*scale));
        axis.set_attr("offset", AttrValue::F64(0.0));
        axis.set_attr("navigate", AttrValue::I8(i8::from(*navigates)));
        signal.add_group(axis.finish());
    }
    experiments.add_group(signal.finish());
    file.add_group(experiments.finish());
    file.finish().unwrap_or_default()
}

/// A four-dimensional array as py4DSTEM writes it, with the first two positions of every axis; `gzip` in chunks of one scan row.
pub fn emd_bytes(shape: [usize; 4], gzip: bool, pixels: &[u16]) -> Vec<u8> {
    let mut file = FileBuilder::new();
    file.set_attr("emd_group_type", AttrValue::String("file".to_owned()));
    file.set_attr("version_major", AttrValue::I64(1));
    file.set_attr("version_minor", AttrValue::I64(0));
    let mut root = file.create_group("datacube_root");
    root.set_attr("emd_group_type", AttrValue::String("root".to_owned()));
    let mut cube = root.create_group("datacube");
    cube.set_attr("emd_group_type", AttrValue::String("array".to_owned()));
    cube.set_attr("python_class", AttrValue::String("DataCube".to_owned()));
    let lengths = shape.map(|n| n as u64);
    let data = cube.create_dataset("data").with_u16_data(pixels).with_shape(&lengths);
    if gzip {
        data.with_chunks(&[1, lengths[1], lengths[2], lengths[3]]).with_deflate(4);
    }
    for (index, (name, step, unit)) in
        [("Rx", 0.5, "nm"), ("Ry", 0.5, "nm"), ("Qx", 0.02, "A^-1"), ("Qy", 0.02, "A^-1")].iter().enumerate()
    {
        let dim = cube.create_dataset(&format!("dim{index}")).with_f64_data(&[0.0, *step]);
        dim.set_attr("name", AttrValue::String((*name).to_owned()));
        dim.set_attr("units", AttrValue::String((*unit).to_owned()));
    }
    root.add_group(cube.finish());
    file.add_group(root.finish());
    file.finish().unwrap_or_default()
}

/// A data file of a DECTRIS series: `shape` is frames, rows, columns; `gzip` in chunks of one frame.
pub fn dectris_bytes(shape: [usize; 3], gzip: bool, pixels: &[u16]) -> Vec<u8> {
    let mut file = FileBuilder::new();
    let mut entry = file.create_group("entry");
    let mut data = entry.create_group("data");
    let lengths = shape.map(|n| n as u64);
    let frames = data.create_dataset("data").with_u16_data(pixels).with_shape(&lengths);
    if gzip {
        frames.with_chunks(&[1, lengths[1], lengths[2]]).with_deflate(4);
    }
    entry.add_group(data.finish());
    file.add_group(entry.finish());
    file.finish().unwrap_or_default()
}

/// A master file of a DECTRIS series, with its settings and without links.
pub fn dectris_master_bytes() -> Vec<u8> {
    let mut file = FileBuilder::new();
    let mut entry = file.create_group("entry");
    let mut data = entry.create_group("data");
    data.set_attr("signal", AttrValue::String("data".to_owned()));
    let mut instrument = entry.create_group("instrument");
    instrument.set_attr("detector", AttrValue::String("ARINA".to_owned()));
    entry.add_group(data.finish());
    entry.add_group(instrument.finish());
    file.add_group(entry.finish());
    file.finish().unwrap_or_default()
}

/// Images of Velox: `shape` is frames, rows, columns; the frame number is the fastest axis of the file.
pub fn velox_bytes(shape: [usize; 3], pixels: &[u16]) -> Vec<u8> {
    let [n, rows, columns] = shape;
    let turned: Vec<u16> = (0..rows * columns * n).map(|i| pixels[(i % n) * rows * columns + i / n]).collect();
    let description = r#"{"BinaryResult":{"Detector":"HAADF","PixelSize":{"width":"2e-10","height":"2e-10"},"PixelUnitX":"m","PixelUnitY":"m"}}"#;
    let mut text = description.as_bytes().to_vec();
    text.resize(512, 0);
    let columns_of_text: Vec<u8> = text.iter().flat_map(|byte| std::iter::repeat_n(*byte, n)).collect();
    let mut file = FileBuilder::new();
    let mut data = file.create_group("Data");
    let mut images = data.create_group("Image");
    let mut image = images.create_group("0123");
    image.create_dataset("Data").with_u16_data(&turned).with_shape(&[rows as u64, columns as u64, n as u64]);
    image.create_dataset("Metadata").with_u8_data(&columns_of_text).with_shape(&[512, n as u64]);
    images.add_group(image.finish());
    data.add_group(images.finish());
    file.add_group(data.finish());
    file.finish().unwrap_or_default()
}

/// A stack (`is_volume`: a volume) of 16-bit numbers in either byte order, 2 Å apart, behind an extended header.
pub fn mrc_bytes(shape: [usize; 3], is_volume: bool, big_endian: bool, pixels: &[u16]) -> Vec<u8> {
    const EXTENDED: u32 = 128;
    let word = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let [n, rows, columns] = shape.map(|n| n as u32);
    let mut file = vec![0; 1024 + EXTENDED as usize];
    let mut put = |at: usize, value: u32| file[at..at + 4].copy_from_slice(&word(value));
    for (index, length) in [columns, rows, n].into_iter().enumerate() {
        put(4 * index, length);
        put(28 + 4 * index, length);
        put(40 + 4 * index, (2.0 * length as f32).to_bits());
    }
    put(12, 6);
    put(88, u32::from(is_volume));
    put(92, EXTENDED);
    file[208..212].copy_from_slice(b"MAP ");
    file[212..214].fill(if big_endian { 0x11 } else { 0x44 });
    file.extend(pixels.iter().flat_map(|pixel| if big_endian { pixel.to_be_bytes() } else { pixel.to_le_bytes() }));
    file
}

/// A MATLAB array of 16-bit numbers; `shape` is that of the frames as they are read (slowest first), which MATLAB shows reversed.
pub fn mat_bytes(shape: [usize; 3], is_packed: bool, big_endian: bool, pixels: &[u16]) -> Vec<u8> {
    let word = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let element = |kind: u32, data: &[u8]| {
        let mut bytes = [word(kind), word(data.len() as u32)].concat();
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let array = |name: &str, shape: &[usize], kind: u32, numbers: &[u8]| {
        let sizes: Vec<u8> = shape.iter().rev().flat_map(|n| word(*n as u32)).collect();
        let class = if kind == 4 { 11 } else { 6 };
        let parts = [
            element(6, &[word(class), word(0)].concat()),
            element(5, &sizes),
            element(1, name.as_bytes()),
            element(kind, numbers),
        ];
        element(14, &parts.concat())
    };
    let numbers: Vec<u8> =
        pixels.iter().flat_map(|pixel| if big_endian { pixel.to_be_bytes() } else { pixel.to_le_bytes() }).collect();
    let scalar: Vec<u8> = if big_endian { 0.5f64.to_be_bytes().to_vec() } else { 0.5f64.to_le_bytes().to_vec() };
    let mut file = format!("{:<124}", "MATLAB 5.0 MAT-file, written for a test").into_bytes();
    file.extend(if big_endian { [1, 0] } else { [0, 1] });
    file.extend(if big_endian { b"MI" } else { b"IM" });
    for variable in [array("voxel", &[1, 1], 9, &scalar), array("volume", &shape, 4, &numbers)] {
        if is_packed {
            let mut packed = Vec::new();
            let mut reader = flate2::read::ZlibEncoder::new(&variable[..], flate2::Compression::default());
            let _ = std::io::Read::read_to_end(&mut reader, &mut packed);
            file.extend([word(15), word(packed.len() as u32)].concat());
            file.extend(packed);
        } else {
            file.extend(variable);
        }
    }
    file
}

/// A series of TIA images: `shape` is images, rows, columns; `wide` has offsets of 64 bits.
pub fn ser_bytes(shape: [usize; 3], wide: bool, pixels: &[u16]) -> Vec<u8> {
    let [n, rows, columns] = shape.map(|n| n as u32);
    let mut file = b"II\x97\x01".to_vec();
    file.extend((if wide { 0x0220u16 } else { 0x0210 }).to_le_bytes());
    file.extend([0x4122u32, 0x4152, n, n].iter().flat_map(|word| word.to_le_bytes()));
    let text = |text: &str| [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let calibration = |step: f64| [&0f64.to_le_bytes()[..], &step.to_le_bytes(), &0u32.to_le_bytes()].concat();
    let dimension = [&1u32.to_le_bytes()[..], &n.to_le_bytes(), &calibration(1.0), &text("Number"), &text("Number")].concat();
    let offset_size = if wide { 8 } else { 4 };
    let at_offsets = file.len() + offset_size + dimension.len();
    let offset =
        |value: usize| if wide { (value as u64).to_le_bytes().to_vec() } else { (value as u32).to_le_bytes().to_vec() };
    file.extend(offset(at_offsets));
    file.extend(dimension);
    let first = at_offsets + n as usize * offset_size;
    let size = 50 + 2 * (rows * columns) as usize;
    (0..n as usize).for_each(|index| file.extend(offset(first + index * size)));
    for image in pixels.chunks((rows * columns) as usize) {
        file.extend(calibration(2e-10));
        file.extend(calibration(3e-10));
        file.extend(2u16.to_le_bytes());
        file.extend([columns, rows].iter().flat_map(|word| word.to_le_bytes()));
        file.extend(image.iter().flat_map(|pixel| pixel.to_le_bytes()));
    }
    file
}

/// A stack of TIFF pages of 16-bit numbers in one strip each, with the description that ImageJ writes (0.5 nm per pixel).
pub fn tiff_bytes(shape: [usize; 3], big_endian: bool, pixels: &[u16]) -> Vec<u8> {
    let [_, rows, columns] = shape;
    let mut file = TiffWriter::new(big_endian);
    for page in pixels.chunks(rows * columns) {
        let raw: Vec<u8> =
            page.iter().flat_map(|pixel| if big_endian { pixel.to_be_bytes() } else { pixel.to_le_bytes() }).collect();
        file.page(vec![
            (256, Content::Longs(vec![columns as u32])),
            (257, Content::Longs(vec![rows as u32])),
            (258, Content::Shorts(vec![16])),
            (259, Content::Shorts(vec![1])),
            (270, Content::Text("ImageJ=1.53\nunit=nm\n".to_owned())),
            (279, Content::Longs(vec![raw.len() as u32])),
            (282, Content::Doubles(vec![2.0])),
            (283, Content::Doubles(vec![2.0])),
            (273, Content::Strip(raw)),
        ]);
    }
    file.finish()
}
