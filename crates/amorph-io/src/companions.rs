//! Which files belong to one scan, where an instrument writes one channel per file.

use std::path::{Path, PathBuf};

use amorph_core::data::{Data, Direction, Loaded, Map};

use crate::formats;

/// Channels of one scan are saved within this time, s; a scan takes longer.
const TOGETHER: f64 = 10.0;

/// One file of one channel, and what it says about the scan it is part of.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanPart {
    /// The file.
    pub path: PathBuf,
    /// Name of its channel.
    pub channel: String,
    /// What the channel shows.
    pub quantity: String,
    /// Scan direction.
    pub direction: Option<Direction>,
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Width and height, m.
    pub size: (f64, f64),
    /// Position of the scan, m.
    pub offset: (f64, f64),
    /// When it was measured, s; absent where the file does not tell.
    pub time: Option<f64>,
}

/// Files of the same name that a reader takes facts from, as far as they exist: `.hdr` beside `.mib`, `.xml` beside `.raw`, `.emi` beside
/// `.ser`; the data files beside the master file of a series; of a folder all files in it. What they say is part of the content of the file.
pub fn companions(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() {
        return formats::zspy::files_of(path);
    }
    let of_series = formats::dectris::data_files(path);
    if !of_series.is_empty() {
        return of_series;
    }
    const ENDINGS: [(&str, &str); 3] = [("mib", "hdr"), ("raw", "xml"), ("ser", "emi")];
    let Some(ending) = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase) else {
        return Vec::new();
    };
    let beside = ENDINGS.iter().filter(|(of, _)| *of == ending).map(|(_, other)| path.with_extension(other));
    beside.filter(|path| path.is_file()).collect()
}

/// Files that may or may not belong to one scan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{reason}: {}", candidates.join("; "))]
pub struct DoubtfulScan {
    /// What speaks for and against.
    pub reason: String,
    /// The files, each with its channel.
    pub candidates: Vec<String>,
}

/// What a file says about its scan, where its format keeps one channel per file; `None` for every other file, also for
/// one that cannot be read, which its reader explains better.
pub fn scan_part(path: &Path) -> Option<ScanPart> {
    use std::io::Read as _;
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(64).read_to_end(&mut head).ok()?;
    // Other formats are not worth reading here.
    if !formats::wsxm::is_wsxm(&head) && !formats::park::may_be_park(&head) {
        return None;
    }
    let loaded = crate::open(path).ok()?;
    let Data::Maps(maps) = &loaded.data else { return None };
    let [map] = &maps[..] else { return None };
    let (offset, time) = place_and_time(&loaded)?;
    Some(ScanPart {
        path: path.to_owned(),
        channel: map.name.clone(),
        quantity: map.quantity.clone(),
        direction: map.direction,
        shape: map.shape(),
        size: Map::size(map).ok()?,
        offset,
        time,
    })
}

/// Position in metres, and time in seconds.
fn place_and_time(loaded: &Loaded) -> Option<((f64, f64), Option<f64>)> {
    match loaded.source.format.as_str() {
        "park" => Some(formats::park::place_and_time(&loaded.metadata)),
        "wsxm" => Some(formats::wsxm::place_and_time(&loaded.metadata)),
        _ => None,
    }
}

impl ScanPart {
    fn describe(&self) -> String {
        let direction = self.direction.map(|direction| format!(", {direction}")).unwrap_or_default();
        format!("{} ({}{direction})", self.path.display(), self.channel)
    }

    fn shows_the_same_as(&self, other: &Self) -> bool {
        self.channel == other.channel && self.direction == other.direction
    }

    /// Whether folder, pixels, size and position agree.
    fn is_where(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64, scale: f64| (a - b).abs() <= 1e-6 * scale;
        self.path.parent() == other.path.parent()
            && self.shape == other.shape
            && near(self.size.0, other.size.0, self.size.0)
            && near(self.size.1, other.size.1, self.size.1)
            && near(self.offset.0, other.offset.0, self.size.0)
            && near(self.offset.1, other.offset.1, self.size.1)
    }
}

/// Puts the files of one scan together: those that agree in folder, pixels, size and position and were saved within ten
/// seconds. Each group keeps the order of the files; groups stand where their first file stood.
///
/// # Errors
/// [`DoubtfulScan`] where two files of one moment show the same channel, and where files of one place complement each
/// other but their time stamps differ or are absent.
pub fn scans(parts: &[ScanPart]) -> Result<Vec<Vec<PathBuf>>, DoubtfulScan> {
    let mut groups: Vec<Vec<&ScanPart>> = Vec::new();
    for part in parts {
        let is_of = |group: &&mut Vec<&ScanPart>| {
            let first = group[0];
            let apart = first.time.zip(part.time).map(|(a, b)| (a - b).abs());
            first.is_where(part) && apart.is_some_and(|apart| apart <= TOGETHER)
        };
        match groups.iter_mut().find(is_of) {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    for group in &groups {
        refuse_twins(group)?;
    }
    for (index, group) in groups.iter().enumerate() {
        for other in &groups[..index] {
            refuse_complements(other, group)?;
        }
    }
    Ok(groups.into_iter().map(|group| group.iter().map(|part| part.path.clone()).collect()).collect())
}

fn refuse_twins(group: &[&ScanPart]) -> Result<(), DoubtfulScan> {
    for (index, part) in group.iter().enumerate() {
        if group[..index].iter().any(|other| other.shows_the_same_as(part)) {
            return Err(DoubtfulScan {
                reason: format!("files of one place and moment show {} more than once", part.channel),
                candidates: group.iter().map(|part| part.describe()).collect(),
            });
        }
    }
    Ok(())
}

fn refuse_complements(first: &[&ScanPart], second: &[&ScanPart]) -> Result<(), DoubtfulScan> {
    let is_shared = second.iter().any(|part| first.iter().any(|other| other.quantity == part.quantity));
    if is_shared || !first[0].is_where(second[0]) {
        return Ok(());
    }
    let reason = match first[0].time.zip(second[0].time) {
        Some((a, b)) => format!("files of one place complement each other, but were saved {:.0} s apart", (a - b).abs()),
        None => "files of one place complement each other, but do not tell when they were saved".to_owned(),
    };
    Err(DoubtfulScan { reason, candidates: first.iter().chain(second).map(|part| part.describe()).collect() })
}

/// Seconds since the year 0 of a date in the Gregorian calendar, for differences.
pub(crate) fn seconds(year: f64, month: f64, day: f64, clock: [f64; 3]) -> f64 {
    // Years begin in March, so that a leap day is the last of its year.
    let (year, month) = if month < 3.0 { (year - 1.0, month + 9.0) } else { (year, month - 3.0) };
    let days = 365.0 * year + (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    let days = days + (153.0 * month + 2.0).div_euclid(5.0) + day;
    days * 86_400.0 + clock[0] * 3600.0 + clock[1] * 60.0 + clock[2]
}

/// The numbers in a text such as `2021:09:16 13:17:54`.
pub(crate) fn numbers(text: &str) -> Vec<f64> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(path: &str, channel: &str, time: Option<f64>) -> ScanPart {
        ScanPart {
            path: PathBuf::from(path),
            channel: channel.to_owned(),
            quantity: channel.to_lowercase(),
            direction: Some(Direction::Trace),
            shape: (256, 256),
            size: (1e-6, 1e-6),
            offset: (3e-6, -2e-6),
            time,
        }
    }

    #[test]
    fn the_channels_of_a_scan_come_together() {
        let parts = [
            part("a/h1", "Height", Some(0.0)),
            part("a/p1", "Phase", Some(2.0)),
            part("a/h2", "Height", Some(600.0)),
            part("b/p9", "Phase", Some(1.0)),
            part("a/p2", "Phase", Some(601.0)),
            ScanPart { direction: Some(Direction::Retrace), ..part("a/r1", "Height", Some(1.0)) },
            ScanPart { offset: (9e-6, 0.0), ..part("a/far", "Phase", Some(0.0)) },
        ];
        let names: Vec<Vec<String>> = scans(&parts)
            .unwrap()
            .into_iter()
            .map(|scan| scan.iter().map(|path| path.display().to_string()).collect())
            .collect();
        assert_eq!(names, [vec!["a/h1", "a/p1", "a/r1"], vec!["a/h2", "a/p2"], vec!["b/p9"], vec!["a/far"]]);
    }

    #[test]
    fn doubtful_companions_are_refused_with_their_names() {
        let twins = [part("a/1", "Height", Some(0.0)), part("a/2", "Phase", Some(1.0)), part("a/3", "Phase", Some(2.0))];
        let refusal = scans(&twins).unwrap_err();
        assert_eq!(refusal.candidates.len(), 3);
        assert!(refusal.to_string().contains("a/3 (Phase, trace)"), "{refusal}");
        let apart = scans(&[part("a/1", "Height", Some(0.0)), part("a/2", "Phase", Some(400.0))]).unwrap_err();
        assert!(apart.reason.contains("400 s apart"), "{apart}");
        let timeless = scans(&[part("a/1", "Height", None), part("a/2", "Phase", None)]).unwrap_err();
        assert!(timeless.reason.contains("do not tell when"), "{timeless}");
        // The same channel of one place at two times is two scans.
        assert_eq!(scans(&[part("a/1", "Height", Some(0.0)), part("a/2", "Height", Some(400.0))]).unwrap().len(), 2);
    }

    #[test]
    fn companions_are_those_that_exist() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a.mib", "a.hdr", "a.xml", "b.raw", "b.xml", "c.ser"] {
            std::fs::write(at(name), name).unwrap();
        }
        assert_eq!(companions(&at("a.mib")), [at("a.hdr")]);
        assert_eq!(companions(&at("b.raw")), [at("b.xml")]);
        assert!(companions(&at("c.ser")).is_empty() && companions(&at("a")).is_empty());
        // The data files of a series up to the first that is missing.
        for name in ["s_master.h5", "s_data_000001.h5", "s_data_000002.h5", "s_data_000004.h5"] {
            std::fs::write(at(name), name).unwrap();
        }
        assert_eq!(companions(&at("s_master.h5")), [at("s_data_000001.h5"), at("s_data_000002.h5")]);
        assert!(companions(&at("s_data_000001.h5")).is_empty());
    }

    #[test]
    fn seconds_cross_midnight_and_leap_days() {
        let of = |text: &str| {
            let n = numbers(text);
            seconds(n[0], n[1], n[2], [n[3], n[4], n[5]])
        };
        assert_eq!(of("2024:03:01 00:00:01") - of("2024:02:28 23:59:59"), 86_402.0);
        assert_eq!(of("2023:01:01 00:00:00") - of("2022:12:31 23:59:58.5"), 1.5);
    }
}
