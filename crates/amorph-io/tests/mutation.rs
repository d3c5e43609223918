//! Every reader survives damaged files: an answer or an error, never a panic, a hang or gigabytes (spec 12, section 8).
#![allow(clippy::unwrap_used, unsafe_code)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use amorph_core::data::{Data, Loaded, PixelType, Pixels};

/// Counts the bytes in use.
struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// One test at a time: the counts are of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

// SAFETY: every call is passed on to the system allocator unchanged; only counters are kept beside.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = USED.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(used, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A small generator of our own: the same damage on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        const HOSTILE: [&[u8]; 8] = [
            b"\xff\xff\xff\xff",
            b"\xff\xff\xff\x7f",
            b"\x00\x00\x00\x00",
            b"\x00\x00\x00\x80",
            b"999999999999",
            b"-1",
            b"1e308",
            b"\x00\x00\x01\x00\x00\x00\x01\x00",
        ];
        match self.below(4) {
            0 => bytes.truncate(self.below(bytes.len() + 1)),
            1 => {
                let word = HOSTILE[self.below(HOSTILE.len())];
                let at = self.below(bytes.len().saturating_sub(word.len()));
                let end = (at + word.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&word[..end - at]);
            }
            2 => {
                let at = self.below(bytes.len());
                let word = HOSTILE[self.below(HOSTILE.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            _ => {
                // Mostly near the start, where headers are.
                let reach = if self.below(2) == 0 { bytes.len().min(600) } else { bytes.len() };
                for _ in 0..=self.below(8) {
                    let at = self.below(reach);
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
            }
        }
    }
}

/// The first and the last frames, as far as there are any: an answer or an error.
fn read_some(loaded: &Loaded) {
    let mut pixels = Pixels::empty(PixelType::U8);
    match &loaded.data {
        Data::Scan(scan) => {
            let _ = scan.read(0..scan.n_present.min(2), &mut pixels);
            let _ = scan.read(scan.n_present.saturating_sub(1)..scan.n_present, &mut pixels);
        }
        Data::Stack(stack) => {
            let _ = stack.read(0..stack.n_present.min(2), &mut pixels);
            let _ = stack.read(stack.n_present.saturating_sub(1)..stack.n_present, &mut pixels);
        }
        _ => {}
    }
}

fn survive(rounds: usize) {
    let _alone = ALONE.lock().unwrap();
    for (name, bytes, sidecar) in common::fixtures() {
        let undamaged = sidecar.as_deref().map(|text| ("f.json", text));
        amorph_io::open_bytes(name, &bytes, undamaged).unwrap();
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut refused = 0;
        for round in 0..rounds {
            let (mut bytes, mut sidecar) = (bytes.clone(), sidecar.clone());
            match &mut sidecar {
                Some(text) if random.below(3) == 0 => random.damage(text),
                _ => random.damage(&mut bytes),
            }
            let before = USED.load(Ordering::Relaxed);
            PEAK.store(before, Ordering::Relaxed);
            let started = processor_seconds();
            // Half of what is cut is read as far as it goes.
            let frames = amorph_io::FrameOptions { partial: round % 2 == 0, ..Default::default() };
            let options = amorph_io::TraceOptions { frames, ..Default::default() };
            let said = sidecar.as_deref().map(|text| ("f.json", text));
            let answer = amorph_io::open_bytes_with(name, &bytes, said, &options);
            answer.iter().for_each(read_some);
            let peak = PEAK.load(Ordering::Relaxed) - before;
            refused += usize::from(answer.is_err());
            if let Ok(loaded) = &answer {
                let _ = amorph_io::FileInfo::of(loaded);
            }
            assert!(peak <= 4 * bytes.len() + (64 << 20), "{name}, round {round}: {peak} bytes");
            assert!(processor_seconds() - started < 5.0, "{name}, round {round}: too slow");
        }
        // Damage that nobody notices would not be damage.
        assert!(refused > rounds / 20 && refused < rounds, "{name}: {refused} of {rounds} refused");
    }
}

#[test]
fn damaged_files_are_survived() {
    survive(1000);
}

#[test]
#[ignore = "a million damaged files; run by `make validate`"]
fn many_damaged_files_are_survived() {
    survive(100_000);
}

/// Processor time of this thread, s: a busy machine makes no file slow. Zero where the system does not tell.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap_or_default();
    // Hundredths of a second in user and in kernel mode, the twelfth and thirteenth field after the name.
    let ticks: f64 = stat
        .rsplit(')')
        .next()
        .into_iter()
        .flat_map(str::split_whitespace)
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    0.01 * ticks
}

/// Damages every shared file of traces; workbooks, archives and HDF5 have no small file of their own.
fn survive_shared_traces(rounds: usize) {
    let _alone = ALONE.lock().unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/events");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: ../shared/data/events is absent");
        return;
    };
    let preset = amorph_io::TracePreset::find("micro-materials");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.display().to_string();
        let preset = preset.filter(|_| name.ends_with(".zip"));
        let options = amorph_io::TraceOptions { preset, ..Default::default() };
        let original = std::fs::read(&path).unwrap();
        if !["xls", "zip", "hdf5", "tdms", "hld", "txt"].iter().any(|end| name.ends_with(end)) || name.contains("clauset") {
            continue;
        }
        for round in 0..rounds {
            let mut bytes = original.clone();
            random.damage(&mut bytes);
            let before = USED.load(Ordering::Relaxed);
            PEAK.store(before, Ordering::Relaxed);
            let started = processor_seconds();
            let answer = amorph_io::open_bytes_with(&name, &bytes, None, &options);
            let peak = PEAK.load(Ordering::Relaxed) - before;
            drop(answer);
            // A sheet of a legacy workbook has at most 65 536 x 256 cells, which its decoder lays out.
            let sheet = if name.ends_with(".xls") { 1536 << 20 } else { 64 << 20 };
            assert!(peak <= 40 * bytes.len() + sheet, "{name}, round {round}: {peak} bytes");
            assert!(processor_seconds() - started < 5.0, "{name}, round {round}: too slow");
        }
    }
}

#[test]
fn damaged_traces_are_survived() {
    survive_shared_traces(20);
}

#[test]
#[ignore = "10 000 damaged copies of every shared file of traces; run by `make validate`"]
fn many_damaged_traces_are_survived() {
    survive_shared_traces(10_000);
}

/// Truncates every shared file at random places and flips random bytes of its first part, where headers are.
fn survive_shared(truncations: usize, flips: usize) {
    let _alone = ALONE.lock().unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: ../shared/data/afm is absent");
        return;
    };
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for path in entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "md" && end != "json"))
    {
        let name = path.display().to_string();
        let original = std::fs::read(&path).unwrap();
        for round in 0..truncations + flips {
            let mut bytes = original.clone();
            if round < truncations {
                bytes.truncate(random.below(original.len()));
            } else {
                // One to ten flips in the first 20 kB, which hold the header of every format but Park and the later pages of JPK.
                for _ in 0..=random.below(10) {
                    let at = if random.below(4) == 0 {
                        random.below(original.len())
                    } else {
                        random.below(original.len().min(20_000))
                    };
                    bytes[at] ^= 1 << random.below(8);
                }
            }
            let before = USED.load(Ordering::Relaxed);
            PEAK.store(before, Ordering::Relaxed);
            let started = processor_seconds();
            let answer = amorph_io::open_bytes(&name, &bytes, None);
            let peak = PEAK.load(Ordering::Relaxed) - before;
            drop(answer);
            assert!(peak <= 4 * bytes.len() + (64 << 20), "{name}, round {round}: {peak} bytes");
            assert!(processor_seconds() - started < 5.0, "{name}, round {round}: too slow");
        }
    }
}

#[test]
fn damaged_instrument_files_are_survived() {
    survive_shared(3, 5);
}

#[test]
#[ignore = "1200 damaged copies of every shared file; run by `make validate`"]
fn many_damaged_instrument_files_are_survived_in_full() {
    survive_shared(200, 1000);
}

/// Damages every shared file of electron microscopes, mostly near its start; frames that still open are read.
fn survive_shared_frames(rounds: usize) {
    let _alone = ALONE.lock().unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/stem");
    if !folder.is_dir() {
        println!("skipped: ../shared/data/stem is absent");
        return;
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for part in ["formats", "amorph_ed"] {
        for path in std::fs::read_dir(folder.join(part)).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.display().to_string();
            let original = std::fs::read(&path).unwrap();
            if name.ends_with(".hdr") {
                continue;
            }
            for round in 0..rounds {
                let mut bytes = original.clone();
                random.damage(&mut bytes);
                let before = USED.load(Ordering::Relaxed);
                PEAK.store(before, Ordering::Relaxed);
                let started = processor_seconds();
                let answer = amorph_io::open_bytes(&name, &bytes, None);
                answer.iter().for_each(read_some);
                let peak = PEAK.load(Ordering::Relaxed) - before;
                assert!(peak <= 64 * bytes.len() + (64 << 20), "{name}, round {round}: {peak} bytes");
                assert!(processor_seconds() - started < 5.0, "{name}, round {round}: too slow");
            }
        }
    }
}

#[test]
fn damaged_frames_are_survived() {
    survive_shared_frames(50);
}

#[test]
#[ignore = "100 000 damaged copies of every shared file of frames; run by `make validate`"]
fn many_damaged_frames_are_survived() {
    survive_shared_frames(100_000);
}

/// Opens a damaged file and reads of it, within bounds of memory and time. Says whether it was refused.
fn endure(what: &str, length: usize, open: impl FnOnce() -> Result<Loaded, amorph_io::IoError>) -> bool {
    let before = USED.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let started = processor_seconds();
    let answer = open();
    answer.iter().for_each(read_some);
    let peak = PEAK.load(Ordering::Relaxed) - before;
    assert!(peak <= 64 * length + (64 << 20), "{what}: {peak} bytes");
    assert!(processor_seconds() - started < 5.0, "{what}: too slow");
    answer.is_err()
}

/// Damages the descriptions of a zarr folder and of an EMPAD scan, and what the user says about bare frames.
fn survive_descriptions(rounds: usize) {
    let _alone = ALONE.lock().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let shape = [2, 3, 4, 5];
    let store = folder.path().join("ramp.zspy");
    let members = amorph_io::testfiles::zspy_members(&shape, &common::HSPY_AXES, true, &amorph_io::testfiles::ramp(&shape));
    for (name, bytes) in &members {
        let path = store.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let mut refused = 0;
    for round in 0..rounds {
        let (name, original) = &members[random.below(members.len())];
        let mut bytes = original.clone();
        random.damage(&mut bytes);
        std::fs::write(store.join(name), &bytes).unwrap();
        refused += usize::from(endure(&format!("zarr, round {round}"), 1 << 12, || amorph_io::open(&store)));
        std::fs::write(store.join(name), original).unwrap();
    }
    assert!(refused > rounds / 50 && refused < rounds, "zarr: {refused} of {rounds} refused");

    let raw = folder.path().join("scan.raw");
    let frame = 130 * 128 * 4;
    std::fs::write(&raw, vec![7; 2 * frame]).unwrap();
    let xml = b"<root><raw_file filename=\"scan.raw\"/><scan_parameters mode=\"acquire\"><scan_resolution_x>2</scan_resolution_x><scan_resolution_y>1</scan_resolution_y></scan_parameters></root>";
    let mut refused = 0;
    for round in 0..rounds {
        let mut text = xml.to_vec();
        random.damage(&mut text);
        std::fs::write(folder.path().join("scan.xml"), &text).unwrap();
        let file = std::fs::File::options().write(true).open(&raw).unwrap();
        file.set_len(if random.below(4) == 0 { random.below(2 * frame) as u64 } else { 2 * frame as u64 }).unwrap();
        refused += usize::from(endure(&format!("EMPAD, round {round}"), 2 * frame, || amorph_io::open(&raw)));
    }
    assert!(refused > rounds / 20 && refused < rounds, "EMPAD: {refused} of {rounds} refused");

    let bytes = vec![3; 4096];
    let sizes = [1, 2, 3, 16, 60, 64, 4096, 1 << 20, 1 << 31, 1 << 48, usize::MAX / 2, usize::MAX];
    let mut refused = 0;
    for round in 0..rounds {
        let mut size = |zero: bool| if zero && random.below(2) == 0 { 0 } else { sizes[random.below(sizes.len())] };
        let layout = amorph_io::RawLayout {
            detector_shape: [size(true), size(false)],
            pixel: amorph_io::RawPixel::parse(amorph_io::RawPixel::NAMES[size(false) % 10]).unwrap(),
            big_endian: size(false) % 2 == 0,
            header_bytes: size(true) as u64,
            gap_bytes: size(true) as u64,
        };
        let frames = amorph_io::FrameOptions {
            scan_shape: (size(true) == 0).then(|| [size(false), size(true)]),
            skip_frames: size(true),
            flyback_frames: size(true),
            slice: (size(true) == 0).then(|| size(true)),
            partial: size(true) == 0,
            raw: Some(layout),
        };
        let options = amorph_io::TraceOptions { frames, ..Default::default() };
        let open = || amorph_io::open_bytes_with("frames.raw", &bytes, None, &options);
        refused += usize::from(endure(&format!("bare frames, round {round}: {options:?}"), bytes.len(), open));
    }
    assert!(refused > rounds / 20 && refused < rounds, "bare frames: {refused} of {rounds} refused");
}

#[test]
fn damaged_descriptions_are_survived() {
    survive_descriptions(1000);
}

#[test]
#[ignore = "300 000 damaged descriptions; run by `make validate`"]
fn many_damaged_descriptions_are_survived() {
    survive_descriptions(100_000);
}

#[test]
fn hostile_sizes_allocate_nothing() {
    let _alone = ALONE.lock().unwrap();
    let hostile: Vec<Vec<u8>> = vec![
        b"Gwyddion Simple Field 1.0\nXRes = 4000000000\nYRes = 4000000000\n\0\0\0\0\0\0\0\0".to_vec(),
        b"GWYPGwyContainer\0\xff\xff\xff\xff/0/data\0D\xff\xff\xff\xff".to_vec(),
        [&b"\x93NUMPY\x01\x00\x4a\x00"[..], &format!("{:74}", "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999)}").into_bytes()].concat(),
        b"\\*File list\r\n\\*Ciao image list\r\n\\Data offset: 100\r\n\\Data length: 3000000000\r\n\\Samps/line: 50000\r\n\\Number of lines: 30000\r\n\x1a".to_vec(),
    ];
    for bytes in hostile {
        let before = USED.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        amorph_io::open_bytes("hostile", &bytes, Some(("f.json", common::SIDECAR.as_bytes()))).unwrap_err();
        assert!(PEAK.load(Ordering::Relaxed) - before < 1 << 20);
    }
}
