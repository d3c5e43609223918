//! Headers made of `[section]` lines and `key = value` or `key: value` lines, which two makers use.

/// The lines of a header.
pub(crate) struct Ini {
    pub sections: Vec<Section>,
}

/// One `[section]`.
pub(crate) struct Section {
    pub name: String,
    pub entries: Vec<(String, String)>,
}

impl Ini {
    /// Splits a text; lines in front of the first section belong to a section without a name.
    pub(crate) fn parse(text: &str, separator: char) -> Self {
        let mut sections = vec![Section { name: String::new(), entries: Vec::new() }];
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                sections.push(Section { name: name.to_owned(), entries: Vec::new() });
            } else if let (Some((key, value)), Some(section)) = (line.split_once(separator), sections.last_mut()) {
                section.entries.push((key.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self { sections }
    }

    /// The section of that name.
    pub(crate) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// A value in a section.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.section(section)?.get(key)
    }
}

impl Section {
    /// The value under `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}
