use super::{DataError, Direction, Map};

/// Which map of a file is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapSelector {
    /// The channel with this index.
    Index(usize),
    /// The channel that shows this quantity or has this name, in this direction where one is given.
    Named {
        /// Quantity or name, in any spelling of capitals.
        name: String,
        /// Scan direction; any when absent.
        direction: Option<Direction>,
    },
}

impl MapSelector {
    /// By quantity or name, in any direction.
    pub fn named(name: &str) -> Self {
        Self::Named { name: name.to_owned(), direction: None }
    }
}

/// As people write it: `3`, `phase`, `phase trace`, `Height Sensor retrace`.
impl From<&str> for MapSelector {
    fn from(text: &str) -> Self {
        let text = text.trim();
        if let Ok(index) = text.parse() {
            return Self::Index(index);
        }
        let (head, last) = text.rsplit_once(' ').unwrap_or(("", text));
        let direction = match last {
            "trace" => Some(Direction::Trace),
            "retrace" => Some(Direction::Retrace),
            _ => None,
        };
        let name = if direction.is_some() { head.trim() } else { text };
        Self::Named { name: name.to_owned(), direction }
    }
}

impl std::fmt::Display for MapSelector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(index) => write!(f, "channel {index}"),
            Self::Named { name, direction: None } => f.write_str(name),
            Self::Named { name, direction: Some(direction) } => write!(f, "{name} {direction}"),
        }
    }
}

/// The one map that is meant.
///
/// `height` also finds the map of a height sensor (`height_sensor`) where no plain height was recorded.
///
/// # Errors
/// [`DataError::NoSuchMap`] listing the maps there are, [`DataError::AmbiguousMap`] listing the candidates.
pub fn select_map<'a>(maps: &'a [Map], wanted: &MapSelector) -> Result<&'a Map, DataError> {
    let mut candidates = matching(maps, wanted);
    if let MapSelector::Named { name, direction } = wanted
        && candidates.is_empty()
        && name == "height"
    {
        candidates = matching(maps, &MapSelector::Named { name: "height_sensor".to_owned(), direction: *direction });
    }
    match candidates[..] {
        [map] => Ok(map),
        [] => Err(DataError::NoSuchMap { wanted: wanted.to_string(), found: maps.iter().map(Map::describe).collect() }),
        _ => {
            let candidates = candidates.iter().map(|map| map.describe()).collect();
            Err(DataError::AmbiguousMap { wanted: wanted.to_string(), candidates })
        }
    }
}

fn matching<'a>(maps: &'a [Map], wanted: &MapSelector) -> Vec<&'a Map> {
    let is_meant = |map: &&Map| match wanted {
        MapSelector::Index(index) => map.index == *index,
        MapSelector::Named { name, direction } => {
            (map.quantity.eq_ignore_ascii_case(name) || map.name.eq_ignore_ascii_case(name))
                && direction.is_none_or(|direction| map.direction == Some(direction))
        }
    };
    maps.iter().filter(is_meant).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::unit::Unit;

    fn map(index: usize, quantity: &str, name: &str, direction: Direction) -> Map {
        let mut map = Map::new(quantity, Array2::zeros((2, 2)), Unit::of("m"), None);
        (map.index, map.name, map.direction) = (index, name.to_owned(), Some(direction));
        map
    }

    #[test]
    fn equal_names_are_told_apart_by_index_or_direction() {
        let maps = [
            map(0, "height", "Height", Direction::Trace),
            map(1, "height", "Height", Direction::Retrace),
            map(3, "height_sensor", "ZSensor", Direction::Retrace),
        ];
        assert_eq!(select_map(&maps, &"3".into()).unwrap().name, "ZSensor");
        assert_eq!(select_map(&maps, &"height retrace".into()).unwrap().index, 1);
        assert_eq!(select_map(&maps, &"zsensor".into()).unwrap().index, 3);
        let ambiguous = select_map(&maps, &MapSelector::named("Height")).unwrap_err().to_string();
        assert!(ambiguous.contains("[0] Height") && ambiguous.contains("[1] Height"), "{ambiguous}");
        let absent = select_map(&maps, &"phase".into()).unwrap_err();
        assert!(matches!(absent, DataError::NoSuchMap { found, .. } if found.len() == 3));
        assert_eq!(select_map(&maps[2..], &"height".into()).unwrap().index, 3);
    }
}
