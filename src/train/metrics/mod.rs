//! How good a network is, in the figures of the field.

mod scores;

use std::fmt;

use serde::Serialize;

pub use crate::metrics::{ClassMetrics, Interval, percent};
use crate::metrics::{class_metrics, share};
use crate::model::weights::{Header, Vocabulary};
use crate::prediction::Prediction;
use scores::{auroc, reliability};

pub(super) use scores::mean_loss;
pub use scores::{Answered, ReliabilityBin, calibration_error, negative_log_likelihood};

/// Classes to choose from, and how the logits of them become an answer.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// Their names.
    pub classes: &'a [String],
    /// The logits are divided by this.
    pub temperature: f32,
    /// The lowest probability of an answer that is sure, in `[0, 1]`.
    pub not_sure_below: f32,
    /// Which of them is 'none of these'.
    pub none: Option<usize>,
}

impl<'a> Choice<'a> {
    /// The classes of a network.
    pub fn classes(header: &'a Header) -> Self {
        Self {
            classes: &header.classes,
            temperature: header.temperature,
            not_sure_below: header.not_sure_below,
            none: header.place_of_none(),
        }
    }

    /// The names of its wider vocabulary, which are given however unsure they are.
    pub fn names(vocabulary: &'a Vocabulary) -> Self {
        let Vocabulary { classes, temperature, .. } = vocabulary;
        Self { classes, temperature: *temperature, not_sure_below: 0.0, none: None }
    }
}

/// What became of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its class; nothing if it is of none of them, and the network has no class for that.
    pub label: Option<usize>,
    /// The class that it was called.
    pub answer: usize,
    /// How probable that is to the network, in `[0, 1]`.
    pub probability: f32,
    /// Whether that is enough for an answer.
    pub sure: bool,
    /// How many classes were more probable than its own.
    rank: usize,
    /// Of its own class, in nats.
    negative_log_likelihood: f64,
    /// The probability of 'none of these'.
    none: Option<f32>,
}

impl Outcome {
    /// Compares the logits of a picture with what it is.
    pub fn new(choice: &Choice<'_>, logits: Vec<f32>, label: Option<usize>) -> Self {
        let Choice { classes, temperature, not_sure_below, none } = *choice;
        let Prediction { ranked, sure } =
            Prediction::new(&logits, classes, temperature, not_sure_below);
        let place = |of: usize| ranked.iter().position(|class| class.index == of);
        let loss = |label| negative_log_likelihood(&[logits], &[label], &[1.0], temperature);
        Self {
            label,
            answer: ranked[0].index,
            probability: ranked[0].probability,
            sure,
            rank: label.and_then(place).unwrap_or(classes.len()),
            none: none.and_then(place).map(|place| ranked[place].probability),
            negative_log_likelihood: label.map_or(0.0, loss),
        }
    }

    /// Whether it was called what it is.
    pub fn right(&self) -> bool {
        self.label == Some(self.answer)
    }
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metrics {
    /// Images in all whose class the network knows. All figures but the last are about these.
    pub images: usize,
    /// Share named rightly, in `[0, 1]`.
    pub accuracy: f64,
    /// Of the accuracy.
    pub accuracy_interval: Interval,
    /// Share whose class was among the five most probable, in `[0, 1]`; absent with five classes or fewer.
    pub top5_accuracy: Option<f64>,
    /// Mean precision of the classes that there are images of.
    pub precision: f64,
    /// Mean recall of those classes.
    pub recall: f64,
    /// Mean F1 of those classes.
    pub f1: f64,
    /// Images for which the answer was sure enough to be given.
    pub sure: usize,
    /// Their share, in `[0, 1]`.
    pub coverage: f64,
    /// Share of the sure answers that were right, in `[0, 1]`; absent where none was sure.
    pub selective_accuracy: Option<f64>,
    /// Of that share.
    pub selective_accuracy_interval: Option<Interval>,
    /// Images for which the answer was sure and wrong.
    pub sure_and_wrong: usize,
    /// Their share of all images, in `[0, 1]`.
    pub sure_and_wrong_share: f64,
    /// Mean negative log-likelihood of the labels, in nats.
    pub negative_log_likelihood: f64,
    /// Expected calibration error over fifteen bins, in `[0, 1]`.
    pub calibration_error: f64,
    /// How often answers were right that were so sure, for each of these bins that has any.
    pub reliability: Vec<ReliabilityBin>,
    /// Share of the images of the classes other than 'none of these' that was named rightly, in `[0, 1]`. Absent
    /// where the network has no such class, or there are no images of the others.
    pub known_accuracy: Option<f64>,
    /// Of that share.
    pub known_accuracy_interval: Option<Interval>,
    /// Share of the images of 'none of these' that was called so, in `[0, 1]`. Absent where the network has no such
    /// class, or there are no images of it.
    pub none_recall: Option<f64>,
    /// Of that share.
    pub none_recall_interval: Option<Interval>,
    /// How well the probability of 'none of these' tells the images of the other classes from those of none: the
    /// share of pairs that it puts in the right order (the area under the ROC curve). In `[0, 1]`; absent where
    /// the network has no such class, or the images are all of one kind.
    pub none_auroc: Option<f64>,
    /// Each class by itself.
    pub classes: Vec<ClassMetrics>,
    /// `confusion[is][called]`: how many images of a class were called what.
    pub confusion: Vec<Vec<usize>>,
    /// Images of 'none of these', where the network has no class for them: every answer to them is wrong.
    pub unknown: Option<Unknown>,
}

/// What a network made of images that are of none of its classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unknown {
    /// How many there are.
    pub images: usize,
    /// For how many the answer was sure enough to be given.
    pub sure: usize,
    /// Their share, in `[0, 1]`.
    pub sure_share: f64,
    /// Of that share.
    pub sure_interval: Interval,
}

impl Metrics {
    /// Counts what a network's logits say of labelled images.
    pub fn new(header: &Header, logits: &[Vec<f32>], labels: &[usize]) -> Self {
        let choice = Choice::classes(header);
        let outcome = |(logits, label): (&Vec<f32>, &usize)| {
            Outcome::new(&choice, logits.clone(), Some(*label))
        };
        let outcomes: Vec<Outcome> = logits.iter().zip(labels).map(outcome).collect();
        Self::of(&choice, &outcomes)
    }

    /// Counts what became of images.
    pub fn of<'a>(choice: &Choice<'_>, outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let count = choice.classes.len();
        let mut confusion = vec![vec![0usize; count]; count];
        let mut answers = Answers::default();
        let mut unknown = (0usize, 0usize);
        let mut sure = (0usize, 0usize);
        for outcome in outcomes {
            let Some(label) = outcome.label else {
                unknown = (unknown.0 + 1, unknown.1 + usize::from(outcome.sure));
                continue;
            };
            confusion[label][outcome.answer] += 1;
            answers.add(outcome, label, choice.none);
            if outcome.sure {
                sure = (sure.0 + 1, sure.1 + usize::from(outcome.right()));
            }
        }
        let classes = class_metrics(&confusion, choice.classes);
        let shown: Vec<&ClassMetrics> = classes.iter().filter(|class| class.images > 0).collect();
        let mean = |value: fn(&ClassMetrics) -> f64| {
            shown.iter().map(|class| value(class)).sum::<f64>() / shown.len().max(1) as f64
        };
        let images = answers.answers.len();
        let right = answers.right();
        let of_none = choice.none.map(|none| {
            let (right_none, none) = (confusion[none][none], classes[none].images);
            ((right - right_none, images - none), (right_none, none))
        });
        let known = of_none.map(|(known, _)| known).filter(|(_, images)| *images > 0);
        let none = of_none.map(|(_, none)| none).filter(|(_, images)| *images > 0);
        let given = Some((sure.1, sure.0)).filter(|(_, given)| *given > 0);
        let share_of = |counted: Option<(usize, usize)>| counted.map(|(n, all)| share(n, all));
        let interval_of =
            |counted: Option<(usize, usize)>| counted.map(|(n, all)| Interval::wilson(n, all));
        Self {
            images,
            accuracy: share(right, images),
            accuracy_interval: Interval::wilson(right, images),
            top5_accuracy: (count > TOP && images > 0).then(|| share(answers.in_top, images)),
            precision: mean(|class| class.precision),
            recall: mean(|class| class.recall),
            f1: mean(|class| class.f1),
            sure: sure.0,
            coverage: share(sure.0, images),
            selective_accuracy: share_of(given),
            selective_accuracy_interval: interval_of(given),
            sure_and_wrong: sure.0 - sure.1,
            sure_and_wrong_share: share(sure.0 - sure.1, images),
            negative_log_likelihood: answers.loss(),
            calibration_error: calibration_error(&answers.answers, &vec![1.0; images]),
            reliability: reliability(&answers.answers),
            known_accuracy: share_of(known),
            known_accuracy_interval: interval_of(known),
            none_recall: share_of(none),
            none_recall_interval: interval_of(none),
            none_auroc: auroc(&answers.none_scores),
            classes,
            confusion,
            unknown: (unknown.0 > 0).then(|| Unknown {
                images: unknown.0,
                sure: unknown.1,
                sure_share: share(unknown.1, unknown.0),
                sure_interval: Interval::wilson(unknown.1, unknown.0),
            }),
        }
    }
}

/// A class that is among so many is nearly right.
const TOP: usize = 5;

/// What is counted of all answers, whatever the classes are.
#[derive(Default)]
struct Answers {
    /// How probable each answer was, and whether it was right.
    answers: Vec<Answered>,
    in_top: usize,
    loss: f64,
    /// How probable 'none of these' was for each image, and whether it was so.
    none_scores: Vec<(f32, bool)>,
}

impl Answers {
    fn add(&mut self, outcome: &Outcome, label: usize, none: Option<usize>) {
        let (probability, right) = (outcome.probability, outcome.right());
        self.answers.push(Answered { probability, right, source: 0 });
        self.in_top += usize::from(outcome.rank < TOP);
        self.loss += outcome.negative_log_likelihood;
        self.none_scores.extend(outcome.none.map(|score| (score, Some(label) == none)));
    }

    fn right(&self) -> usize {
        self.answers.iter().filter(|answer| answer.right).count()
    }

    fn loss(&self) -> f64 {
        self.loss / self.answers.len().max(1) as f64
    }
}

/// What an evaluation found of many names, of which there are too few pictures each for figures of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NameMetrics {
    /// Images in all.
    pub images: usize,
    /// Names to choose from.
    pub names: usize,
    /// Share named rightly, in `[0, 1]`.
    pub accuracy: f64,
    /// Of the accuracy.
    pub accuracy_interval: Interval,
    /// Share whose name was among the five most probable, in `[0, 1]`.
    pub top5_accuracy: f64,
    /// Of that share.
    pub top5_accuracy_interval: Interval,
    /// Mean negative log-likelihood of the names, in nats.
    pub negative_log_likelihood: f64,
    /// Expected calibration error over fifteen bins, in `[0, 1]`.
    pub calibration_error: f64,
}

impl NameMetrics {
    /// Counts what became of images.
    pub fn of<'a>(choice: &Choice<'_>, outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut answers = Answers::default();
        for outcome in outcomes {
            if let Some(label) = outcome.label {
                answers.add(outcome, label, None);
            }
        }
        let (images, right) = (answers.answers.len(), answers.right());
        Self {
            images,
            names: choice.classes.len(),
            accuracy: share(right, images),
            accuracy_interval: Interval::wilson(right, images),
            top5_accuracy: share(answers.in_top, images),
            top5_accuracy_interval: Interval::wilson(answers.in_top, images),
            negative_log_likelihood: answers.loss(),
            calibration_error: calibration_error(&answers.answers, &vec![1.0; images]),
        }
    }
}

impl fmt::Display for NameMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} images, {} names", self.images, self.names)?;
        let row = |share, interval| format!("{} (95 % interval {interval})", percent(share));
        writeln!(f, "top-1 accuracy {}", row(self.accuracy, self.accuracy_interval))?;
        writeln!(f, "top-5 accuracy {}", row(self.top5_accuracy, self.top5_accuracy_interval))?;
        write!(
            f,
            "negative log-likelihood {:.3}, calibration error {}",
            self.negative_log_likelihood,
            percent(self.calibration_error)
        )
    }
}

/// The confusion matrix of more classes than this is not printed.
const MOST_SHOWN: usize = 40;

impl fmt::Display for Metrics {
    /// Markdown, which reads well in a terminal, too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A class without images has nothing to say; where others were called so, the matrix tells.
        let shown: Vec<&ClassMetrics> =
            self.classes.iter().filter(|class| class.images > 0).collect();
        let width = shown.iter().map(|class| class.label.chars().count()).max().unwrap_or(0).max(8);
        self.summary(f)?;
        writeln!(
            f,
            "| {:width$} | precision |   recall | its 95 % interval |       F1 | images |",
            "class"
        )?;
        writeln!(
            f,
            "|-{:-<width$}-|----------:|---------:|------------------:|---------:|-------:|",
            ""
        )?;
        let mut row = |label: &str, p: f64, r: f64, interval: &str, f1: f64, images: usize| {
            let [p, r, f1] = [p, r, f1].map(percent);
            writeln!(
                f,
                "| {label:width$} | {p:>9} | {r:>8} | {interval:>17} | {f1:>8} | {images:>6} |"
            )
        };
        for class in &shown {
            let ClassMetrics { label, precision, recall, recall_interval, f1, images } = class;
            row(label, *precision, *recall, &recall_interval.to_string(), *f1, *images)?;
        }
        row("mean", self.precision, self.recall, "", self.f1, self.images)?;
        if self.classes.len() > MOST_SHOWN {
            return write!(
                f,
                "\nThe confusion matrix of {} classes is in the JSON.",
                self.classes.len()
            );
        }

        writeln!(f, "\n'is' down, 'called' across:\n")?;
        let widths = self.classes.iter().map(|class| class.label.chars().count().min(10));
        let cell = widths.max().unwrap_or(0).max(5);
        write!(f, "| {:width$} |", "")?;
        for class in &self.classes {
            write!(f, " {:>cell$.10} |", class.label)?;
        }
        write!(f, "\n|-{:-<width$}-|", "")?;
        for _ in &self.classes {
            write!(f, "-{:-<cell$}:|", "")?;
        }
        let rows = self.classes.iter().zip(&self.confusion);
        for (class, counts) in rows.filter(|(class, _)| class.images > 0) {
            write!(f, "\n| {:width$} |", class.label)?;
            for count in counts {
                write!(f, " {count:>cell$} |")?;
            }
        }
        Ok(())
    }
}

impl Metrics {
    /// What comes above the tables.
    fn summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interval = |interval: Option<Interval>| match interval {
            Some(interval) => format!(" (95 % interval {interval})"),
            None => String::new(),
        };
        write!(
            f,
            "accuracy {} on {} images{}",
            percent(self.accuracy),
            self.images,
            interval(Some(self.accuracy_interval).filter(|_| self.images > 0))
        )?;
        match self.top5_accuracy {
            Some(top5) => writeln!(f, "; top-5 accuracy {}", percent(top5))?,
            None => writeln!(f)?,
        }
        write!(f, "coverage {}: sure of {} of them", percent(self.coverage), self.sure)?;
        if let Some(accuracy) = self.selective_accuracy {
            write!(
                f,
                ", selective accuracy {}{}; sure and wrong {}, {} of all",
                percent(accuracy),
                interval(self.selective_accuracy_interval),
                self.sure_and_wrong,
                percent(self.sure_and_wrong_share)
            )?;
        }
        writeln!(
            f,
            "\nnegative log-likelihood {:.3}, calibration error {}\n",
            self.negative_log_likelihood,
            percent(self.calibration_error)
        )?;
        let none = [
            self.known_accuracy.map(|known| {
                let interval = interval(self.known_accuracy_interval);
                format!("of the other classes {} named rightly{interval}", percent(known))
            }),
            self.none_recall.map(|recall| {
                let interval = interval(self.none_recall_interval);
                format!("of none {} called so{interval}", percent(recall))
            }),
            self.none_auroc.map(|auroc| format!("AUROC {auroc:.4}")),
        ];
        let none: Vec<String> = none.into_iter().flatten().collect();
        if !none.is_empty() {
            writeln!(f, "'none of these': {}\n", none.join("; "))?;
        }
        if let Some(Unknown { images, sure, sure_share, sure_interval }) = self.unknown {
            writeln!(
                f,
                "{images} more images of none of the classes, for which the network has no name: sure of {sure}, {}{}\n",
                percent(sure_share),
                interval(Some(sure_interval))
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::weights::Provenance;
    use crate::model::{Architecture, Embedding};
    use crate::preprocess::Normalisation;
    use crate::train::hyperparameters::Hyperparameters;

    fn header(classes: &[&str]) -> Header {
        Header {
            architecture: Architecture::Plain,
            classes: classes.iter().map(|c| (*c).to_owned()).collect(),
            preprocessing: Hyperparameters::new(Architecture::Plain, 32, 1)
                .preprocessing(Normalisation::IDENTITY),
            temperature: 1.0,
            not_sure_below: 0.6,
            none: None,
            vocabulary: None,
            embedding: Embedding::None,
            backbone: None,
            held_out: Vec::new(),
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn none_of_these_has_a_score_of_its_own() {
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
        assert!((metrics.coverage - 0.8).abs() < 1e-9);
        assert_eq!((metrics.sure, metrics.sure_and_wrong), (4, 1));
        assert_eq!(metrics.selective_accuracy, Some(0.75));
        assert!((metrics.sure_and_wrong_share - 0.2).abs() < 1e-9);
        assert_eq!(metrics.top5_accuracy, None, "there are only three classes");
        let table = metrics.to_string();
        assert!(table.contains("accuracy 60.00 % on 5 images"), "{table}");
    }

    #[test]
    fn none_of_these_is_counted_apart() {
        let answer = |class: usize| (0..3).map(|i| if i == class { 5.0 } else { 0.0 }).collect();
        let logits: Vec<Vec<f32>> = [0, 2, 1, 2, 2].map(answer).into();
        let with = Header { none: Some("c".to_owned()), ..header(&["a", "b", "c"]) };
        let metrics = Metrics::new(&with, &logits, &[0, 0, 1, 2, 2]);
        assert_eq!(metrics.known_accuracy, Some(2.0 / 3.0));
        assert_eq!(metrics.none_recall, Some(1.0));
        let metrics = Metrics::new(&with, &logits[..2], &[0, 0]);
        assert_eq!((metrics.known_accuracy, metrics.none_recall), (Some(0.5), None));
        let without = header(&["a", "b", "c"]);
        let metrics = Metrics::new(&without, &logits, &[0, 0, 1, 2, 2]);
        assert_eq!((metrics.known_accuracy, metrics.none_recall), (None, None));

        // To a network without such a class, it is nothing that could be right.
        let choice = Choice::classes(&without);
        let outcomes = [(&logits[0], Some(0)), (&logits[1], None), (&vec![0.0; 3], None)]
            .map(|(logits, label)| Outcome::new(&choice, logits.clone(), label));
        let metrics = Metrics::of(&choice, &outcomes);
        assert_eq!((metrics.images, metrics.accuracy), (1, 1.0));
        let unknown = metrics.unknown.clone().unwrap();
        assert_eq!((unknown.images, unknown.sure, unknown.sure_share), (2, 1, 0.5));
        assert!(metrics.to_string().contains("2 more images of none"), "{metrics}");
    }

    #[test]
    fn five_places_are_nearly_right() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let header = header(&names);
        // The classes in the order of their probability: a, b, c, …
        let logits = vec![(0..7).map(|i| -(i as f32)).collect::<Vec<f32>>(); 7];
        let labels: Vec<usize> = (0..7).collect();
        let metrics = Metrics::new(&header, &logits, &labels);
        assert_eq!(metrics.top5_accuracy, Some(5.0 / 7.0));
        assert!(metrics.to_string().contains("top-5 accuracy 71.43 %"), "{metrics}");
        let choice = Choice::classes(&header);
        let outcomes: Vec<Outcome> =
            labels.iter().map(|&l| Outcome::new(&choice, logits[l].clone(), Some(l))).collect();
        let names = NameMetrics::of(&choice, &outcomes);
        assert_eq!((names.images, names.accuracy), (7, 1.0 / 7.0));
        assert_eq!(Some(names.top5_accuracy), metrics.top5_accuracy);
        assert_eq!(names.negative_log_likelihood, metrics.negative_log_likelihood);
    }

    #[test]
    fn nothing_measured_is_no_number_that_is_none() {
        let header = header(&["a", "b", "c"]);
        let metrics = Metrics::new(&header, &[], &[]);
        let json = serde_json::to_value(&metrics).unwrap();
        // JSON has no NaN: it would become null.
        for figure in ["accuracy", "coverage", "precision", "negative_log_likelihood"] {
            assert_eq!(json[figure], 0.0, "{figure}");
        }
        assert!(json["selective_accuracy"].is_null());
        assert!(!metrics.to_string().contains("NaN"), "{metrics}");
    }

    #[test]
    fn a_thousand_classes_are_no_table() {
        let names: Vec<String> = (0..1000).map(|number| format!("class {number}")).collect();
        let header = header(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let logits = vec![(0..1000).map(|i| i as f32).collect::<Vec<f32>>()];
        let table = Metrics::new(&header, &logits, &[999]).to_string();
        assert!(table.contains("| class 999 |") && !table.contains("class 998"), "{table}");
        assert!(table.lines().count() < 20, "{table}");
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
