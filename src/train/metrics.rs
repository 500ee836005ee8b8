//! How good a network is, in the figures of the field.

use std::fmt;

use serde::Serialize;

use super::calibrate::{Answered, calibration_error, negative_log_likelihood};
use crate::model::weights::Header;
use crate::prediction::Prediction;

/// Precision, recall and F1 of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassMetrics {
    /// The class.
    pub label: String,
    /// Of the images called so, the share that are. In `[0, 1]`; 0 if none was called so.
    pub precision: f64,
    /// Of the images that are so, the share called so. In `[0, 1]`; 0 if there are none.
    pub recall: f64,
    /// Harmonic mean of the two. In `[0, 1]`.
    pub f1: f64,
    /// Images of the class.
    pub images: usize,
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metrics {
    /// Images in all.
    pub images: usize,
    /// Share named rightly, in `[0, 1]`.
    pub accuracy: f64,
    /// Mean precision of the classes that there are images of.
    pub precision: f64,
    /// Mean recall of those classes.
    pub recall: f64,
    /// Mean F1 of those classes.
    pub f1: f64,
    /// Share of the images for which the answer was sure enough to be given, in `[0, 1]`.
    pub sure: f64,
    /// Share of those answers that were right, in `[0, 1]`.
    pub accuracy_when_sure: f64,
    /// Mean negative log-likelihood of the labels, in nats.
    pub negative_log_likelihood: f64,
    /// Expected calibration error over fifteen bins, in `[0, 1]`.
    pub calibration_error: f64,
    /// How well the probability of 'none of these' tells the images of the other classes from those of none: the
    /// share of pairs that it puts in the right order (the area under the ROC curve). In `[0, 1]`; absent where
    /// the network has no such class, or the images are all of one kind.
    pub none_auroc: Option<f64>,
    /// Each class by itself.
    pub classes: Vec<ClassMetrics>,
    /// `confusion[is][called]`: how many images of a class were called what.
    pub confusion: Vec<Vec<usize>>,
}

impl Metrics {
    /// Counts what a network's logits say of labelled images.
    pub fn new(header: &Header, logits: &[Vec<f32>], labels: &[usize]) -> Self {
        let count = header.classes.len();
        let mut confusion = vec![vec![0usize; count]; count];
        let mut answers = Vec::with_capacity(labels.len());
        let none = header.place_of_none();
        let mut none_scores = Vec::new();
        let mut sure = (0usize, 0usize);
        for (logits, &label) in logits.iter().zip(labels) {
            let prediction =
                Prediction::new(logits, &header.classes, header.temperature, header.not_sure_below);
            let best = prediction.best();
            let right = best.index == label;
            confusion[label][best.index] += 1;
            answers.push(Answered { probability: best.probability, right, source: 0 });
            if let Some(none) = prediction.ranked.iter().find(|class| Some(class.index) == none) {
                none_scores.push((none.probability, label == none.index));
            }
            if prediction.sure {
                sure = (sure.0 + 1, sure.1 + usize::from(right));
            }
        }
        let classes = class_metrics(&confusion, &header.classes);
        let shown: Vec<&ClassMetrics> = classes.iter().filter(|class| class.images > 0).collect();
        let mean = |value: fn(&ClassMetrics) -> f64| {
            shown.iter().map(|class| value(class)).sum::<f64>() / shown.len().max(1) as f64
        };
        let weights = vec![1.0; labels.len()];
        let right: usize = (0..count).map(|class| confusion[class][class]).sum();
        Self {
            images: labels.len(),
            accuracy: share(right, labels.len()),
            precision: mean(|class| class.precision),
            recall: mean(|class| class.recall),
            f1: mean(|class| class.f1),
            sure: share(sure.0, labels.len()),
            accuracy_when_sure: share(sure.1, sure.0),
            negative_log_likelihood: negative_log_likelihood(
                logits,
                labels,
                &weights,
                header.temperature,
            ),
            calibration_error: calibration_error(&answers, &weights),
            none_auroc: auroc(&none_scores),
            classes,
            confusion,
        }
    }
}

/// The share of pairs of a positive and a negative in which the positive has the higher score; equal scores count
/// half (Mann and Whitney's U). `None` without a pair.
fn auroc(scores: &[(f32, bool)]) -> Option<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut ordered) = (0usize, 0.0);
    for equal in sorted.chunk_by(|a, b| a.0 == b.0) {
        let positives = equal.iter().filter(|(_, positive)| *positive).count();
        let negatives = equal.len() - positives;
        ordered += positives as f64 * (below as f64 + negatives as f64 / 2.0);
        below += negatives;
    }
    let pairs = below * (scores.len() - below);
    (pairs > 0).then(|| ordered / pairs as f64)
}

fn class_metrics(confusion: &[Vec<usize>], labels: &[String]) -> Vec<ClassMetrics> {
    let of_class = |(class, label): (usize, &String)| {
        let right = confusion[class][class];
        let images: usize = confusion[class].iter().sum();
        let called: usize = confusion.iter().map(|row| row[class]).sum();
        let (precision, recall) = (share(right, called), share(right, images));
        let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        ClassMetrics { label: label.clone(), precision, recall, f1, images }
    };
    labels.iter().enumerate().map(of_class).collect()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Percent with two decimals: as they stand in the tables.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

impl fmt::Display for Metrics {
    /// Markdown, which reads well in a terminal, too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            self.classes.iter().map(|class| class.label.chars().count()).max().unwrap_or(0).max(8);
        writeln!(f, "accuracy {} on {} images", percent(self.accuracy), self.images)?;
        writeln!(
            f,
            "sure of {} of them, and right about {} of those",
            percent(self.sure),
            percent(self.accuracy_when_sure)
        )?;
        writeln!(
            f,
            "negative log-likelihood {:.3}, calibration error {}\n",
            self.negative_log_likelihood,
            percent(self.calibration_error)
        )?;
        if let Some(auroc) = self.none_auroc {
            writeln!(f, "'none of these' against the other classes: AUROC {auroc:.4}\n")?;
        }
        writeln!(f, "| {:width$} | precision |   recall |       F1 | images |", "class")?;
        writeln!(f, "|-{:-<width$}-|----------:|---------:|---------:|-------:|", "")?;
        let mut row = |label: &str, p: f64, r: f64, f1: f64, images: usize| {
            let [p, r, f1] = [p, r, f1].map(percent);
            writeln!(f, "| {label:width$} | {p:>9} | {r:>8} | {f1:>8} | {images:>6} |")
        };
        for class in &self.classes {
            row(&class.label, class.precision, class.recall, class.f1, class.images)?;
        }
        row("mean", self.precision, self.recall, self.f1, self.images)?;

        writeln!(f, "\n'is' down, 'called' across:\n")?;
        let cell = self
            .classes
            .iter()
            .map(|class| class.label.chars().count().min(10))
            .max()
            .unwrap_or(0)
            .max(5);
        write!(f, "| {:width$} |", "")?;
        for class in &self.classes {
            write!(f, " {:>cell$.10} |", class.label)?;
        }
        write!(f, "\n|-{:-<width$}-|", "")?;
        for _ in &self.classes {
            write!(f, "-{:-<cell$}:|", "")?;
        }
        for (class, counts) in self.classes.iter().zip(&self.confusion) {
            write!(f, "\n| {:width$} |", class.label)?;
            for count in counts {
                write!(f, " {count:>cell$} |")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Architecture;
    use crate::model::weights::Provenance;
    use crate::preprocess::Normalisation;
    use crate::train::recipe::Recipe;

    fn header(classes: &[&str]) -> Header {
        Header {
            architecture: Architecture::Plain,
            classes: classes.iter().map(|c| (*c).to_owned()).collect(),
            preprocessing: Recipe::new(Architecture::Plain, 32, 1)
                .preprocessing(Normalisation::IDENTITY),
            temperature: 1.0,
            not_sure_below: 0.6,
            none: None,
            vocabulary: None,
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn the_area_under_the_curve_is_the_share_of_pairs_in_order() {
        let scores = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        assert_eq!(auroc(&scores), Some(0.75));
        assert_eq!(auroc(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(auroc(&[(0.5, true)]), None);
        let header = Header { none: Some("c".to_owned()), ..header(&["a", "b", "c"]) };
        let logits = vec![vec![5.0, 0.0, 0.0], vec![0.0, 0.0, 5.0]];
        assert_eq!(Metrics::new(&header, &logits, &[0, 2]).none_auroc, Some(1.0));
        assert_eq!(Metrics::new(&header, &logits, &[2, 0]).none_auroc, Some(0.0));
        assert_eq!(Metrics::new(&header, &logits, &[0, 1]).none_auroc, None);
    }

    #[test]
    fn the_figures_are_those_counted_by_hand() {
        // Five images of a, b, c; one a is called b, unsurely; one c is called a, surely.
        let sure =
            |class: usize| (0..3).map(|i| if i == class { 5.0 } else { 0.0 }).collect::<Vec<f32>>();
        let logits = vec![sure(0), vec![1.0, 1.2, 0.0], sure(1), sure(2), sure(0)];
        let metrics = Metrics::new(&header(&["a", "b", "c"]), &logits, &[0, 0, 1, 2, 2]);
        assert_eq!(metrics.confusion, [[1, 1, 0], [0, 1, 0], [1, 0, 1]]);
        assert!((metrics.accuracy - 0.6).abs() < 1e-9);
        let class = |i: usize| (metrics.classes[i].precision, metrics.classes[i].recall);
        assert_eq!(class(0), (0.5, 0.5));
        assert_eq!(class(1), (0.5, 1.0));
        assert_eq!(class(2), (1.0, 0.5));
        assert!((metrics.classes[1].f1 - 2.0 / 3.0).abs() < 1e-9);
        assert!((metrics.sure - 0.8).abs() < 1e-9);
        assert!((metrics.accuracy_when_sure - 0.75).abs() < 1e-9);
        let table = metrics.to_string();
        assert!(table.contains("accuracy 60.00 % on 5 images"), "{table}");
    }

    #[test]
    fn a_class_that_is_never_called_or_absent_divides_by_nothing() {
        let logits = vec![vec![5.0, 0.0, 0.0]];
        let metrics = Metrics::new(&header(&["a", "b", "c"]), &logits, &[0]);
        assert!((metrics.accuracy - 1.0).abs() < 1e-9);
        assert_eq!(metrics.classes[2].f1, 0.0);
        assert_eq!(metrics.f1, 1.0, "the mean is over the classes that there are images of");
    }
}
