use std::path::{Path, PathBuf};
use std::process::ExitCode;

use amorph::core::data::{Data, Loaded, Map, MapSelector, Record, select_map};
use amorph::io::{IoError, sidecar};

use crate::args::{Convert, MapFormat};
use crate::failure::Failure;

/// Writes maps of instrument files in other formats.
pub fn run(arguments: &Convert) -> Result<ExitCode, Failure> {
    let target = Target::of(arguments)?;
    let mut unreadable = 0;
    let mut written = 0;
    for file in &arguments.files {
        match convert(file, &target, arguments) {
            Ok(count) => written += count,
            // With several files, those that cannot be read do not stop the others.
            Err(Failure::Io(error)) if arguments.files.len() > 1 => {
                eprintln!("error: {error}");
                unreadable += 1;
            }
            Err(failure) => return Err(failure),
        }
    }
    eprintln!("{written} files written to {}", arguments.to.display());
    Ok(if unreadable == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Where the maps go.
enum Target {
    /// One file.
    File(PathBuf, MapFormat),
    /// A folder, with names from the input files.
    Folder(PathBuf, MapFormat),
}

impl Target {
    fn of(arguments: &Convert) -> Result<Self, Failure> {
        let path = &arguments.to;
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        let by_ending = ending.as_deref().and_then(MapFormat::of_ending);
        let ends_like_folder = path.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR);
        match (by_ending, arguments.format) {
            _ if path.is_dir() || ends_like_folder => {}
            (Some(format), stated) if stated.is_none_or(|stated| stated == format) => {
                if arguments.files.len() > 1 {
                    return Err(Failure::Target {
                        path: path.display().to_string(),
                        problem: format!("{} files cannot go into one file; give a folder", arguments.files.len()),
                    });
                }
                return Ok(Self::File(path.clone(), format));
            }
            (Some(_), _) => {
                let problem = "its ending and --format differ; leave --format out".to_owned();
                return Err(Failure::Target { path: path.display().to_string(), problem });
            }
            (None, _) if ending.is_some() => {
                let problem =
                    "files of this ending are not written; use .gwy, .gsf, .npy, .csv, .tif or .hspy, or a folder".to_owned();
                return Err(Failure::Target { path: path.display().to_string(), problem });
            }
            (None, _) => {}
        }
        Ok(Self::Folder(path.clone(), arguments.format.unwrap_or(MapFormat::Gwy)))
    }
}

fn convert(file: &Path, target: &Target, arguments: &Convert) -> Result<usize, Failure> {
    let traces = super::options(&arguments.set, arguments.partial)?;
    let loaded = amorph::io::open_with(file, &traces)?;
    for note in loaded.notes.iter().filter(|note| note.severity >= amorph::core::outcome::Severity::Warning) {
        eprintln!("note: {}: {}", file.display(), note.message);
    }
    if let Data::Record(record) = &loaded.data {
        return convert_record(file, target, arguments, &loaded, record);
    }
    if let Data::Scan(_) | Data::Stack(_) = &loaded.data {
        return convert_frames(file, target, arguments, &loaded);
    }
    let maps = chosen(file, &loaded, &arguments.channel)?;
    let plan = match target {
        Target::File(path, format) => plan_file(file, path, *format, maps)?,
        Target::Folder(folder, format) => plan_folder(file, folder, *format, maps),
    };
    for (path, format, _) in &plan {
        let sidecar = format.has_sidecar().then(|| sidecar::path_of(path));
        for path in std::iter::once(path.clone()).chain(sidecar) {
            if path.exists() && !arguments.force {
                return Err(Failure::Overwrite { path: path.display().to_string() });
            }
        }
    }
    for (path, format, maps) in &plan {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let failed = |source| Failure::Write { path: folder.display().to_string(), source };
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        write(path, *format, maps, &loaded)?;
    }
    Ok(plan.len())
}

/// All tests of a record, in one text.
fn convert_record(
    file: &Path,
    target: &Target,
    arguments: &Convert,
    loaded: &Loaded,
    record: &Record,
) -> Result<usize, Failure> {
    let path = match target {
        Target::File(path, MapFormat::Csv) => path.clone(),
        Target::File(path, _) => {
            let problem = "traces are written as .csv".to_owned();
            return Err(Failure::Target { path: path.display().to_string(), problem });
        }
        Target::Folder(folder, _) => {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            folder.join(format!("{name}.csv"))
        }
    };
    if path.exists() && !arguments.force {
        return Err(Failure::Overwrite { path: path.display().to_string() });
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let failed = |source| Failure::Write { path: folder.display().to_string(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    amorph::io::write_record(&path, loaded, record)?;
    Ok(1)
}

/// A scan or a stack of frames, as an array with its axes beside it.
fn convert_frames(file: &Path, target: &Target, arguments: &Convert, loaded: &Loaded) -> Result<usize, Failure> {
    let (path, format) = match target {
        Target::File(path, format @ (MapFormat::Npy | MapFormat::Tif | MapFormat::Hspy)) => (path.clone(), *format),
        Target::File(path, _) => {
            let problem = "frames are written as .npy, .tif or .hspy".to_owned();
            return Err(Failure::Target { path: path.display().to_string(), problem });
        }
        Target::Folder(folder, format) => {
            let format = if matches!(format, MapFormat::Tif | MapFormat::Hspy) { *format } else { MapFormat::Npy };
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (folder.join(format!("{name}.{}", format.ending())), format)
        }
    };
    for path in [path.clone(), sidecar::path_of(&path)] {
        if path.exists() && !arguments.force {
            return Err(Failure::Overwrite { path: path.display().to_string() });
        }
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let failed = |source| Failure::Write { path: folder.display().to_string(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    if let Some((whole, rows)) = amorph::io::whole_rows(&loaded.data).filter(|(whole, rows)| whole < rows) {
        eprintln!("note: {}: {whole} of {rows} rows are whole and are written", file.display());
    }
    let progress = crate::progress::counter("frames");
    match format {
        MapFormat::Tif => amorph::io::write_frames_tiff(&path, &loaded.data, &loaded.metadata, progress)?,
        MapFormat::Hspy => amorph::io::write_frames_hspy(&path, &loaded.data, &loaded.metadata, progress)?,
        _ => amorph::io::write_frames(&path, &loaded.data, &loaded.metadata, progress)?,
    }
    Ok(1)
}

/// The maps that `--channel` names, or all.
fn chosen<'a>(file: &Path, loaded: &'a Loaded, channels: &[String]) -> Result<Vec<&'a Map>, Failure> {
    let Data::Maps(maps) = &loaded.data else {
        let problem = format!("it holds a {}, not maps", loaded.data.kind());
        return Err(Failure::Source { path: file.display().to_string(), problem });
    };
    if channels.is_empty() {
        return Ok(maps.iter().collect());
    }
    let select = |channel: &String| {
        select_map(maps, &MapSelector::from(channel.as_str()))
            .map_err(|error| Failure::Source { path: file.display().to_string(), problem: error.to_string() })
    };
    channels.iter().map(select).collect()
}

type Written<'a> = (PathBuf, MapFormat, Vec<&'a Map>);

fn plan_file<'a>(file: &Path, path: &Path, format: MapFormat, maps: Vec<&'a Map>) -> Result<Vec<Written<'a>>, Failure> {
    if format != MapFormat::Gwy && maps.len() > 1 {
        let channels: Vec<String> = maps.iter().map(|map| map.describe()).collect();
        let problem = format!(
            "a {} file holds one channel; choose one with --channel, or give a folder: {}",
            format.ending(),
            channels.join(", ")
        );
        return Err(Failure::Source { path: file.display().to_string(), problem });
    }
    Ok(vec![(path.to_owned(), format, maps)])
}

/// `<name>.gwy`, or `<name>_<index>_<channel>.npy` for every channel.
fn plan_folder<'a>(file: &Path, folder: &Path, format: MapFormat, maps: Vec<&'a Map>) -> Vec<Written<'a>> {
    // The whole file name: scan.001 and scan.002 stay apart.
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if format == MapFormat::Gwy {
        return vec![(folder.join(format!("{name}.gwy")), format, maps)];
    }
    let clean = |text: &str| text.replace(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'), "_");
    let path = |map: &Map| {
        let direction = map.direction.map(|direction| format!("_{direction}")).unwrap_or_default();
        folder.join(format!("{name}_{}_{}{direction}.{}", map.index, clean(&map.name), format.ending()))
    };
    maps.into_iter().map(|map| (path(map), format, vec![map])).collect()
}

fn write(path: &Path, format: MapFormat, maps: &[&Map], loaded: &Loaded) -> Result<(), IoError> {
    match (format, maps) {
        (MapFormat::Gwy, _) => {
            let maps: Vec<Map> = maps.iter().map(|map| (*map).clone()).collect();
            amorph::io::write_gwy(path, &maps, &loaded.metadata)
        }
        (MapFormat::Gsf, [map, ..]) => amorph::io::write_gsf(path, map),
        (MapFormat::Npy, [map, ..]) => amorph::io::write_npy(path, map),
        (MapFormat::Csv, [map, ..]) => amorph::io::write_csv(path, map),
        (MapFormat::Tif | MapFormat::Hspy, _) => Err(IoError::Unsupported {
            file: path.display().to_string(),
            found: format!("writing maps as .{}", format.ending()),
            remedy: "write .gwy, .gsf, .npy or .csv",
        }),
        (_, []) => Ok(()),
    }
}
