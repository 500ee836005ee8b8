//! How well groups that were found without labels agree with labels.

use std::collections::BTreeMap;

use serde::Serialize;

/// See the [module](self).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// Share of pictures that are of the commonest class of their group, in `[0, 1]`.
    pub purity: f64,
    /// Normalised mutual information of groups and classes (by the mean of their entropies), in `[0, 1]`.
    pub nmi: f64,
    /// Adjusted Rand index (Hubert and Arabie, "Comparing partitions", Journal of Classification 2, 1985): 1 where
    /// groups and classes are the same, 0 on average where they have nothing to do with each other.
    pub ari: f64,
}

impl Agreement {
    /// Compares groups with classes: of each picture one of both. Of no picture, all is 0.
    pub fn new(groups: &[usize], classes: &[usize]) -> Self {
        let pictures = groups.len().min(classes.len()) as f64;
        if pictures == 0.0 {
            return Self { purity: 0.0, nmi: 0.0, ari: 0.0 };
        }
        let mut table = BTreeMap::<(usize, usize), f64>::new();
        let (mut of_group, mut of_class) = (BTreeMap::new(), BTreeMap::new());
        for (&group, &class) in groups.iter().zip(classes) {
            *table.entry((group, class)).or_default() += 1.0;
            *of_group.entry(group).or_insert(0.0) += 1.0;
            *of_class.entry(class).or_insert(0.0) += 1.0;
        }
        let mut commonest = BTreeMap::<usize, f64>::new();
        let mut information = 0.0;
        for (&(group, class), &count) in &table {
            let most = commonest.entry(group).or_default();
            *most = most.max(count);
            let expected = of_group[&group] * of_class[&class] / pictures;
            information += count / pictures * (count / expected).ln();
        }
        let entropy = |counts: &BTreeMap<usize, f64>| -> f64 {
            counts.values().map(|n| -(n / pictures) * (n / pictures).ln()).sum()
        };
        let entropies = (entropy(&of_group) + entropy(&of_class)) / 2.0;
        let pairs = |n: f64| n * (n - 1.0) / 2.0;
        let sum = |counts: &BTreeMap<usize, f64>| counts.values().map(|&n| pairs(n)).sum::<f64>();
        let together: f64 = table.values().map(|&n| pairs(n)).sum();
        let (in_groups, in_classes) = (sum(&of_group), sum(&of_class));
        let expected = if pictures > 1.0 { in_groups * in_classes / pairs(pictures) } else { 0.0 };
        let most = (in_groups + in_classes) / 2.0;
        Self {
            purity: commonest.values().sum::<f64>() / pictures,
            // One group of one class agree.
            nmi: if entropies > 0.0 { (information / entropies).clamp(0.0, 1.0) } else { 1.0 },
            ari: if most > expected { (together - expected) / (most - expected) } else { 1.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_partition_agrees_whatever_it_is_called() {
        let found = Agreement::new(&[2, 2, 0, 0, 1], &[0, 0, 1, 1, 2]);
        assert_eq!((found.purity, found.ari), (1.0, 1.0));
        assert!((found.nmi - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_figures_are_those_computed_by_hand() {
        // Groups {a a b} and {b b}: 4 of 5 are of the commonest class. Pairs: together 1 + 1, groups 3 + 1, classes
        // 1 + 3, of 10: (2 − 1.6) / (4 − 1.6).
        let found = Agreement::new(&[0, 0, 0, 1, 1], &[0, 0, 1, 1, 1]);
        assert!((found.purity - 0.8).abs() < 1e-12);
        assert!((found.ari - 0.4 / 2.4).abs() < 1e-12);
        let h = -(0.6f64 * 0.6f64.ln() + 0.4 * 0.4f64.ln());
        let mutual =
            0.4 * (0.4 / 0.24f64).ln() + 0.2 * (0.2 / 0.36f64).ln() + 0.4 * (0.4 / 0.24f64).ln();
        assert!((found.nmi - mutual / h).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn one_group_says_nothing() {
        let found = Agreement::new(&[0; 4], &[0, 0, 1, 1]);
        assert_eq!((found.purity, found.nmi, found.ari), (0.5, 0.0, 0.0));
        assert_eq!(Agreement::new(&[], &[]).purity, 0.0);
    }
}
