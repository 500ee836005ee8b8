//! How good a network is, in the figures of the field.

use std::fmt;

use serde::Serialize;

use super::calibrate::{calibration_error, negative_log_likelihood};
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
    /// Mean precision of the classes.
    pub precision: f64,
    /// Mean recall of the classes.
    pub recall: f64,
    /// Mean F1 of the classes.
    pub f1: f64,
    /// Share of the images for which the answer was sure enough to be given, in `[0, 1]`.
    pub sure: f64,
    /// Share of those answers that were right, in `[0, 1]`.
    pub accuracy_when_sure: f64,
    /// Mean negative log-likelihood of the labels, in nats.
    pub negative_log_likelihood: f64,
    /// Expected calibration error over fifteen bins, in `[0, 1]`.
    pub calibration_error: f64,
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
        let mut sure = (0usize, 0usize);
        for (logits, &label) in logits.iter().zip(labels) {
            let prediction =
                Prediction::new(logits, &header.classes, header.temperature, header.not_sure_below);
            let best = prediction.best();
            let right = best.index == label;
            confusion[label][best.index] += 1;
            answers.push((best.probability, right));
            if prediction.sure {
                sure = (sure.0 + 1, sure.1 + usize::from(right));
            }
        }
        let classes = class_metrics(&confusion, &header.classes);
        let mean =
            |value: fn(&ClassMetrics) -> f64| classes.iter().map(value).sum::<f64>() / count as f64;
        let right: usize = (0..count).map(|class| confusion[class][class]).sum();
        Self {
            images: labels.len(),
            accuracy: share(right, labels.len()),
            precision: mean(|class| class.precision),
            recall: mean(|class| class.recall),
            f1: mean(|class| class.f1),
            sure: share(sure.0, labels.len()),
            accuracy_when_sure: share(sure.1, sure.0),
            negative_log_likelihood: negative_log_likelihood(logits, labels, header.temperature),
            calibration_error: calibration_error(&answers),
            classes,
            confusion,
        }
    }
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
            provenance: Provenance::default(),
        }
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
        assert!(metrics.f1.is_finite());
    }
}
