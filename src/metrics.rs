//! Figures that are counted: shares with their intervals, precision, recall and F1.

use std::fmt;

use serde::Serialize;

/// Between these two lies what was measured on a sample, with 95 % confidence, if there were endlessly many pictures
/// like those of the sample. Both in `[0, 1]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Wilson's score interval of a share ("Probable inference, the law of succession, and statistical inference",
    /// Journal of the American Statistical Association 22, 1927): it makes sense for small samples and for shares of
    /// none and all, too. Everything is possible where nothing was measured.
    pub fn wilson(part: usize, whole: usize) -> Self {
        // Of the normal distribution, 95 % lie within so many standard deviations.
        const Z: f64 = 1.959_963_984_540_054;
        if whole == 0 {
            return Self { low: 0.0, high: 1.0 };
        }
        let (n, p) = (whole as f64, share(part, whole));
        let centre = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let end = |value: f64| (value / (1.0 + Z * Z / n)).clamp(0.0, 1.0);
        Self { low: end(centre - half), high: end(centre + half) }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} to {:.1} %", self.low * 100.0, self.high * 100.0)
    }
}

/// Precision, recall and F1 of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassMetrics {
    /// The class.
    pub label: String,
    /// Of the images called so, the share that are. In `[0, 1]`; 0 if none was called so.
    pub precision: f64,
    /// Of the images that are so, the share called so. In `[0, 1]`; 0 if there are none.
    pub recall: f64,
    /// Of the recall.
    pub recall_interval: Interval,
    /// Harmonic mean of the two. In `[0, 1]`.
    pub f1: f64,
    /// Images of the class.
    pub images: usize,
}

/// Precision, recall and F1 of each class.
///
/// # Shapes
///
/// - `confusion[is][called]`: how many images of a class were called what; there may be more to be called than to be
/// - `labels`: the names of the classes
pub fn class_metrics(confusion: &[Vec<usize>], labels: &[String]) -> Vec<ClassMetrics> {
    let of_class = |(class, label): (usize, &String)| {
        let right = confusion[class][class];
        let images: usize = confusion[class].iter().sum();
        let called: usize = confusion.iter().map(|row| row[class]).sum();
        let (precision, recall) = (share(right, called), share(right, images));
        let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        let recall_interval = Interval::wilson(right, images);
        ClassMetrics { label: label.clone(), precision, recall, recall_interval, f1, images }
    };
    labels.iter().enumerate().map(of_class).collect()
}

/// A part of a whole, in `[0, 1]`; 0 of nothing.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Percent with two decimals: as they stand in the tables.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_computed_by_hand() {
        // With z = 1.96: 8 of 10 is (0.8 + 0.19208 ± 1.96 √(0.016 + 0.0096040)) / 1.38416.
        for (part, whole, low, high) in [
            (8, 10, 0.4902, 0.9433),
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (50, 100, 0.4038, 0.5962),
            (0, 0, 0.0, 1.0),
        ] {
            let found = Interval::wilson(part, whole);
            assert!((found.low - low).abs() < 1e-4, "{part} of {whole}: {found:?}");
            assert!((found.high - high).abs() < 1e-4, "{part} of {whole}: {found:?}");
        }
        assert_eq!(Interval::wilson(8, 10).to_string(), "49.0 to 94.3 %");
    }
}
