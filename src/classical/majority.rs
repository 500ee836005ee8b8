//! The class that comes most often, whatever is asked.

use crate::prediction::first_largest;

/// The most frequent label, the first of several; 0 where there is none.
pub fn majority(labels: &[usize], classes: usize) -> usize {
    let mut counts = vec![0usize; classes];
    labels.iter().for_each(|&label| counts[label] += 1);
    first_largest(&counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_label_wins_and_the_first_of_equals() {
        assert_eq!(majority(&[2, 1, 2, 0], 4), 2);
        assert_eq!(majority(&[3, 1, 1, 3], 4), 1);
        assert_eq!(majority(&[], 4), 0);
    }
}
