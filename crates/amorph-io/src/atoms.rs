//! Models of atoms in `.xyz` text.

use std::path::Path;

use crate::IoError;

/// Metres per ångström, the unit of `.xyz` files.
const ANGSTROM: f64 = 1e-10;

/// Atoms of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomFile {
    /// Element of every atom, as written.
    pub elements: Vec<String>,
    /// Positions (x, y, z), m.
    pub positions: Vec<[f64; 3]>,
    /// Sides (x, y, z) of the cell, m, where the file states them.
    pub sides: Option<[f64; 3]>,
    /// Which of the first two lines holds the number of atoms.
    pub dialect: XyzDialect,
}

/// The order of the first two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XyzDialect {
    /// Number of atoms, then a comment that may begin with the sides of the cell.
    CountFirst,
    /// Sides of the cell, then the number of atoms.
    CellFirst,
}

/// Reads a model of atoms: two lines of which one is a single whole number, that of the atoms, and then `element x y z` in ångström,
/// one atom a line. The other of the first two lines may begin with the three sides of the cell, or hold
/// `Lattice="ax 0 0 0 by 0 0 0 cz"`.
///
/// # Errors
/// [`IoError`] naming the line: no count, fewer atoms than stated, a coordinate that is not a number, a skewed cell.
pub fn read_atoms(path: &Path) -> Result<AtomFile, IoError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| IoError::Read { file: file.clone(), source })?;
    atoms_of(&String::from_utf8_lossy(&bytes), &file)
}

fn atoms_of(text: &str, file: &str) -> Result<AtomFile, IoError> {
    if text.trim().is_empty() {
        return Err(IoError::Empty { file: file.to_owned() });
    }
    let wrong = |field: String, found: &str, needed| {
        let found = found.chars().take(60).collect();
        IoError::Field { file: file.to_owned(), field, found, needed }
    };
    let lines: Vec<&str> = text.lines().collect();
    let [first, second] = [0, 1].map(|i| lines.get(i).copied().unwrap_or("").trim());
    let (dialect, count, other) = match (first.parse::<usize>(), second.parse::<usize>()) {
        (Ok(count), _) => (XyzDialect::CountFirst, count, second),
        (_, Ok(count)) => (XyzDialect::CellFirst, count, first),
        _ => return Err(wrong("line 1 or 2".to_owned(), first, "the number of atoms alone on one of the first two lines")),
    };
    let atoms = &lines[2.min(lines.len())..];
    let present = atoms.iter().take_while(|line| !line.trim().is_empty()).count();
    if count == 0 || present < count {
        let needed = "as many lines of atoms, at least one, as the file states";
        return Err(wrong("number of atoms".to_owned(), &format!("{count}, followed by {present} lines"), needed));
    }
    let mut found = AtomFile { elements: Vec::new(), positions: Vec::new(), sides: sides(other, file)?, dialect };
    for (index, line) in atoms.iter().take(count).enumerate() {
        let mut words = line.split_whitespace();
        let element = words.next().unwrap_or_default();
        let coordinates: Vec<f64> = words.by_ref().take(3).filter_map(|word| word.parse().ok()).collect();
        let position = <[f64; 3]>::try_from(coordinates).ok().filter(|position| position.iter().all(|value| value.is_finite()));
        let needed = "an element and three coordinates in ångström";
        let position = position.ok_or_else(|| wrong(format!("line {}", index + 3), line.trim(), needed))?;
        found.elements.push(element.to_owned());
        found.positions.push(position.map(|value| value * ANGSTROM));
    }
    Ok(found)
}

/// The sides that a line begins with, or those of a right-angled lattice.
fn sides(line: &str, file: &str) -> Result<Option<[f64; 3]>, IoError> {
    let numbers = |text: &str| -> Vec<f64> { text.split_whitespace().map_while(|word| word.parse().ok()).collect() };
    let lattice = line.split("Lattice=\"").nth(1).and_then(|rest| rest.split('"').next());
    let found = match lattice.map(numbers).as_deref() {
        Some([a, b, c, d, e, f, g, h, i]) => {
            if [b, c, d, f, g, h].iter().any(|value| value.abs() > 1e-9) {
                let (field, found) = ("Lattice".to_owned(), line.chars().take(60).collect());
                let needed = "a cell whose sides are along x, y and z";
                return Err(IoError::Field { file: file.to_owned(), field, found, needed });
            }
            vec![*a, *e, *i]
        }
        _ => numbers(line),
    };
    let [a, b, c, ..] = found[..] else { return Ok(None) };
    let sides = [a, b, c].map(|side| side * ANGSTROM);
    Ok(sides.iter().all(|side| *side > 0.0 && side.is_finite()).then_some(sides))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_orders_of_the_first_lines_are_read() {
        let atoms = "Zr 1.0 -2.0 3.5\n Cu\t0 0 0.25 7 8\n\n";
        let plain = atoms_of(&format!("2\n28.3 29.0 30.5 from a run\n{atoms}"), "a.xyz").unwrap();
        assert_eq!(plain.dialect, XyzDialect::CountFirst);
        let swapped = atoms_of(&format!("28.3 29.0 30.5   updated model\n2\n{atoms}"), "a.xyz").unwrap();
        assert_eq!(swapped.dialect, XyzDialect::CellFirst);
        for model in [&plain, &swapped] {
            assert_eq!(model.elements, ["Zr", "Cu"]);
            let close = |a: f64, b: f64| (a - b).abs() < 1e-20;
            assert!(close(model.positions[0][1], -2e-10) && close(model.positions[1][2], 0.25e-10));
            assert!(model.sides.unwrap().iter().zip([28.3e-10, 29e-10, 30.5e-10]).all(|(a, b)| close(*a, b)));
        }
        let lattice = "1\nLattice=\"5 0 0 0 6 0 0 0 7\" Properties=species:S:1:pos:R:3\nNi 0 0 0\n";
        let sides = atoms_of(lattice, "a.xyz").unwrap().sides.unwrap();
        assert!((sides[2] - 7e-10).abs() < 1e-20);
        assert_eq!(atoms_of("1\nno cell\nNi 0 0 0\n", "a.xyz").unwrap().sides, None);
    }

    #[test]
    fn what_is_no_model_is_refused_with_its_line() {
        let message = |text: &str| atoms_of(text, "a.xyz").unwrap_err().to_string();
        assert!(message(" \n").starts_with("a.xyz is empty"));
        assert!(message("hello\nworld\n").starts_with("a.xyz: line 1 or 2 is 'hello', but the number of atoms"));
        assert!(message("3\n\nZr 0 0 0\n").contains("3, followed by 1 lines"));
        assert!(message("99999999999\n\nZr 0 0 0\n").contains("followed by 1 lines"));
        assert!(message("0\n\n").contains("0, followed by 0 lines"));
        assert!(message("1\n\nZr 0 zero 0\n").starts_with("a.xyz: line 3 is 'Zr 0 zero 0'"));
        assert!(message("1\n\nZr 0 inf 0\n").starts_with("a.xyz: line 3 is"));
        assert!(message("1\nLattice=\"5 1 0 0 6 0 0 0 7\"\nNi 0 0 0\n").starts_with("a.xyz: Lattice is"));
        assert!(read_atoms(Path::new("/nowhere/a.xyz")).is_err());
    }
}
