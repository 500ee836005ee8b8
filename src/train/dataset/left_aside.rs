//! Files that are no pictures by their names: how many of which kind, so that nobody wonders where 500 photos are.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::path::Path;

use serde::Serialize;

/// Files that are left aside, counted by their ending in small letters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LeftAside(BTreeMap<String, usize>);

/// So many kinds are named.
const NAMED: usize = 5;
/// No ending is longer; what is, is a part of a name.
const LONGEST: usize = 12;
/// Endings of pictures that must be converted before they can be read.
const CONVERTIBLE: [&str; 19] = [
    "heic", "heif", "avif", "jxl", "jp2", "tif", "tiff", "svg", "psd", "dng", "cr2", "cr3", "nef",
    "arw", "raf", "rw2", "orf", "hif", "ico",
];

impl LeftAside {
    /// Counts a file.
    pub fn note(&mut self, file: impl AsRef<Path>) {
        let ending = file.as_ref().extension().unwrap_or_default().to_string_lossy();
        let ending = if ending.len() <= LONGEST { ending.to_lowercase() } else { String::new() };
        *self.0.entry(ending).or_default() += 1;
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What to do about those of them that are pictures for other programs.
    fn advice(&self) -> &'static str {
        let convertible = CONVERTIBLE.iter().any(|ending| self.0.contains_key(*ending));
        if convertible { ", of which pictures have to be converted to JPEG or PNG" } else { "" }
    }
}

/// As in `503 other files: 500 .heic, 2 .txt and 1 without an ending`.
impl Display for LeftAside {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut kinds: Vec<(&String, usize)> = self.0.iter().map(|(k, n)| (k, *n)).collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let rest: usize = kinds.iter().skip(NAMED).map(|(_, count)| count).sum();
        let mut parts: Vec<String> = kinds
            .iter()
            .take(NAMED)
            .map(|(ending, count)| match ending.as_str() {
                "" => format!("{count} without an ending"),
                ending => format!("{count} .{ending}"),
            })
            .collect();
        if rest > 0 {
            parts.push(format!("{rest} more"));
        }
        match self.total() {
            0 => f.write_str("no other files"),
            1 => write!(f, "1 other file: {}{}", parts.concat(), self.advice()),
            total => write!(f, "{total} other files: {}{}", parts.join(", "), self.advice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_counted_and_the_most_come_first() {
        let mut files = LeftAside::default();
        assert_eq!(files.to_string(), "no other files");
        files.note("cat/notes.txt");
        assert_eq!(files.to_string(), "1 other file: 1 .txt");
        for file in ["1.HEIC", "2.heic", "LICENSE", "a.of a longer name", "x.heic"] {
            files.note(file);
        }
        let advice = "of which pictures have to be converted to JPEG or PNG";
        assert_eq!(
            files.to_string(),
            format!("6 other files: 3 .heic, 2 without an ending, 1 .txt, {advice}")
        );
        for file in ["1.a", "1.b", "1.c", "1.d"] {
            files.note(file);
        }
        assert!(files.to_string().contains(", 1 .c, 2 more"), "{files}");
        assert_eq!(files.total(), 10);
    }
}
