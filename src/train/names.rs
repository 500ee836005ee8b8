//! The names of classes: how they are compared, and those of ImageNet, from the table that the page reads, too.

use unicode_normalization::UnicodeNormalization;

/// See `www/i18n/tables/SOURCES.md` for where it comes from. Columns: WordNet's identifier, English, Chinese, and the class
/// of CIFAR-10 that it is a kind of.
const IMAGENET: &str = include_str!("../../www/i18n/tables/imagenet.tsv");

/// A name in Unicode's composed normal form (NFC). macOS spells an é in the name of a folder as two characters and Linux
/// keeps what it is given, so that the same name comes in two spellings.
pub fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// The English names of the thousand classes, in the order of the usual networks' outputs.
pub fn imagenet() -> Vec<String> {
    let english = |line: &str| line.split('\t').nth(1).unwrap_or_default().to_owned();
    IMAGENET.lines().skip(1).map(english).collect()
}

/// The name of a file begins with this many characters of WordNet's identifier, as in `n01440764_tench.jpg`.
const IDENTIFIER: usize = 9;

/// The English name whose identifier a file's name begins with; nothing if it begins with none of the thousand.
pub fn of_file(file: &str) -> Option<&'static str> {
    let (identifier, rest) = file.split_at_checked(IDENTIFIER)?;
    // A longer number is another identifier.
    if rest.starts_with(|next: char| next.is_ascii_alphanumeric()) {
        return None;
    }
    let mut rows = IMAGENET.lines().skip(1).map(|line| line.split('\t'));
    rows.find_map(|mut cells| (cells.next()? == identifier).then(|| cells.next())?)
}

/// For each of the thousand classes, which of the given ones it is a kind of: the one of the same name, or the one of
/// CIFAR-10 that the table names.
pub fn kinds(classes: &[String]) -> Vec<Option<usize>> {
    let kind = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let named = |cell: usize| cells.get(cell).copied().unwrap_or_default();
        let place = |name: &str| classes.iter().position(|class| class == name);
        // A class for beagles alone is nearer than one for dogs.
        place(named(1)).or_else(|| place(named(3)))
    };
    IMAGENET.lines().skip(1).map(kind).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_a_thousand_names_in_order_and_all_different() {
        let names = imagenet();
        assert_eq!((names.len(), names[0].as_str()), (1000, "tench"));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 1000);
        let rows: Vec<Vec<&str>> =
            IMAGENET.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == 4));
        assert!(rows.iter().all(|row| row[..3].iter().all(|cell| !cell.is_empty())));
        assert!(rows.is_sorted_by_key(|row| row[0]), "the outputs are in the order of identifiers");
    }

    #[test]
    fn files_are_named_by_identifiers() {
        assert_eq!(of_file("n01440764_tench.jpg"), Some("tench"));
        assert_eq!(of_file("n01443537.JPEG"), Some("goldfish"));
        for other in ["n00000000_x.jpg", "n014407645.jpg", "tench.jpg", "é", ""] {
            assert_eq!(of_file(other), None, "{other}");
        }
    }

    #[test]
    fn kinds_are_found_by_the_table_and_by_name() {
        let kinds = kinds(&["teapot", "dog", "pug"].map(str::to_owned));
        let names = imagenet();
        let kind_of = |name: &str| kinds[names.iter().position(|known| known == name).unwrap()];
        assert_eq!(kind_of("teapot"), Some(0));
        assert_eq!(kind_of("beagle"), Some(1));
        assert_eq!(kind_of("pug"), Some(2));
        assert_eq!(kind_of("tabby cat"), None);
        assert_eq!(kinds.iter().filter(|kind| **kind == Some(1)).count(), 117);
    }
}
