//! The names of ImageNet's classes, from the table that the page reads, too.

/// See `www/names/SOURCE.md` for where it comes from. Columns: WordNet's identifier, English, Chinese.
const IMAGENET: &str = include_str!("../../www/names/imagenet.tsv");

/// The English names of the thousand classes, in the order of the usual networks' outputs.
pub fn imagenet() -> Vec<String> {
    let english = |line: &str| line.split('\t').nth(1).unwrap_or_default().to_owned();
    IMAGENET.lines().skip(1).map(english).collect()
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
        assert!(rows.iter().all(|row| row.len() == 3 && row.iter().all(|cell| !cell.is_empty())));
        assert!(rows.is_sorted_by_key(|row| row[0]), "the outputs are in the order of identifiers");
    }
}
