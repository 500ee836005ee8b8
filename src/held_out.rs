//! What a network said of pictures that it had not learnt from, kept in its weights file: from it, every question of yes
//! or no gets its precision and recall at any threshold, wherever the file is used.
//!
//! A probability is one byte of log-odds, ln(p / (1 − p)), from −8 to 8 in steps of 16/255: near 0.5 that is 0.016 apart,
//! near 0 and 1, where thresholds are fine, far less.

use serde::Serialize;

use crate::metrics::{Interval, share};
use crate::prediction::first_largest;

/// The largest log-odds that are told apart; 8 is a probability of 0.99966.
const LARGEST: f64 = 8.0;
const STEPS: f64 = 255.0;

/// See the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    sources: Vec<String>,
    classes: usize,
    /// For each picture the place of its source.
    source_of: Vec<u8>,
    /// For each picture its class.
    labels: Vec<u16>,
    /// For each picture the log-odds of each class.
    log_odds: Vec<u8>,
}

/// One picture that was held out.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The place of the source that it comes from.
    pub source: usize,
    /// Its class.
    pub label: usize,
    /// What the network gave each class, in `[0, 1]`.
    pub probabilities: Vec<f32>,
}

/// How often the likeliest class was the right one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Accuracy {
    /// Pictures named rightly.
    pub right: usize,
    /// All pictures.
    pub pictures: usize,
    /// Where they come from.
    pub sources: usize,
    /// Of the share, in `[0, 1]`.
    pub interval: Interval,
}

/// Why what should be held-out pictures can't be that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeldOutError {
    /// There are none, or no sources or classes for them.
    #[error("it knows no pictures held out")]
    Empty,
    /// There are more sources or classes than can be stored.
    #[error("its pictures held out have too many sources or classes")]
    TooMany,
    /// The parts are not of the same number of pictures.
    #[error("the parts of its pictures held out do not belong together")]
    Lengths,
    /// A picture is of a source or a class that there isn't.
    #[error("a picture held out has a source or a class that there isn't")]
    Unknown,
}

impl HeldOut {
    /// Takes down what a network said.
    ///
    /// # Errors
    ///
    /// If there are no pictures, or they don't fit to sources and classes.
    pub fn new(
        sources: Vec<String>,
        classes: usize,
        pictures: &[Picture],
    ) -> Result<Self, HeldOutError> {
        let byte = |p: &f32| {
            let p = f64::from(*p);
            let odds = (p / (1.0 - p)).ln().clamp(-LARGEST, LARGEST);
            ((odds + LARGEST) / (2.0 * LARGEST) * STEPS).round() as u8
        };
        if sources.len() > usize::from(u8::MAX) || classes > usize::from(u16::MAX) {
            return Err(HeldOutError::TooMany);
        }
        if pictures.iter().any(|picture| picture.probabilities.len() != classes) {
            return Err(HeldOutError::Lengths);
        }
        if pictures
            .iter()
            .any(|picture| picture.source >= sources.len() || picture.label >= classes)
        {
            return Err(HeldOutError::Unknown);
        }
        let source_of = pictures.iter().map(|picture| picture.source as u8).collect();
        let labels = pictures.iter().map(|picture| picture.label as u16).collect();
        let log_odds = pictures.iter().flat_map(|p| p.probabilities.iter().map(byte)).collect();
        Self::from_parts(sources, classes, source_of, labels, log_odds)
    }

    /// Puts together what stands in a file.
    pub(crate) fn from_parts(
        sources: Vec<String>,
        classes: usize,
        source_of: Vec<u8>,
        labels: Vec<u16>,
        log_odds: Vec<u8>,
    ) -> Result<Self, HeldOutError> {
        let pictures = labels.len();
        if pictures == 0 || sources.is_empty() || classes == 0 {
            return Err(HeldOutError::Empty);
        }
        if source_of.len() != pictures || log_odds.len() != pictures * classes {
            return Err(HeldOutError::Lengths);
        }
        let unknown = source_of.iter().any(|&source| usize::from(source) >= sources.len())
            || labels.iter().any(|&label| usize::from(label) >= classes);
        if unknown {
            return Err(HeldOutError::Unknown);
        }
        Ok(Self { sources, classes, source_of, labels, log_odds })
    }

    /// The sources, the place of each picture's source, the classes, and the bytes of the log-odds of all of them.
    pub(crate) fn parts(&self) -> (&[String], &[u8], &[u16], &[u8]) {
        (&self.sources, &self.source_of, &self.labels, &self.log_odds)
    }

    /// Where the pictures come from.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// How many pictures there are.
    pub fn pictures(&self) -> usize {
        self.labels.len()
    }

    /// Each picture with what the network gave its classes, as far as a byte tells.
    pub fn each(&self) -> impl Iterator<Item = Picture> {
        let rows = self.log_odds.chunks_exact(self.classes).zip(&self.labels).zip(&self.source_of);
        rows.map(|((row, &label), &source)| Picture {
            source: source.into(),
            label: label.into(),
            probabilities: row.iter().map(|byte| probability(*byte) as f32).collect(),
        })
    }

    /// How often the likeliest class was right, as far as a byte tells; the first of several that are as likely counts.
    pub fn accuracy(&self) -> Accuracy {
        let rows = self.log_odds.chunks_exact(self.classes).zip(&self.labels);
        let right = rows.filter(|(row, label)| first_largest(row) == usize::from(**label)).count();
        let pictures = self.pictures();
        let interval = Interval::wilson(right, pictures);
        Accuracy { right, pictures, sources: self.sources.len(), interval }
    }

    /// How the question whether a picture shows one of these classes was answered, of all sources or of one of them.
    /// Places of classes that there aren't are passed over.
    pub fn curve(&self, group: &[usize], source: Option<usize>) -> Curve {
        let mut scores = [Vec::new(), Vec::new()];
        let rows = self.log_odds.chunks_exact(self.classes).zip(&self.labels).zip(&self.source_of);
        for ((row, &label), &of) in rows {
            if source.is_some_and(|source| source != usize::from(of)) {
                continue;
            }
            let probability = |class: &usize| row.get(*class).copied().map_or(0.0, probability);
            // Rounded as they are, they may add up to a little more than one.
            let score = group.iter().map(probability).sum::<f64>().min(1.0) as f32;
            scores[usize::from(group.contains(&usize::from(label)))].push(score);
        }
        for scores in &mut scores {
            scores.sort_by(f32::total_cmp);
        }
        let [negatives, positives] = scores;
        Curve { positives, negatives }
    }
}

fn probability(byte: u8) -> f64 {
    let odds = f64::from(byte) / STEPS * 2.0 * LARGEST - LARGEST;
    1.0 / (1.0 + (-odds).exp())
}

/// How probable the answer 'yes' was, of pictures where that is right and of those where it is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// In ascending order.
    positives: Vec<f32>,
    /// In ascending order.
    negatives: Vec<f32>,
}

/// How good the answers are at one threshold. All shares are in `[0, 1]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtThreshold {
    /// The answer is yes from this probability on.
    pub threshold: f32,
    /// Of the pictures with the answer yes, the share of which that is true; 1 where there are none.
    pub precision: f64,
    /// Of the precision.
    pub precision_interval: Interval,
    /// Of the pictures of which it is true, the share with the answer yes; 0 where there are none.
    pub recall: f64,
    /// Of the recall.
    pub recall_interval: Interval,
    /// The harmonic mean of the two; 0 where no answer yes is true.
    pub f1: f64,
    /// Pictures of which it is true.
    pub positives: usize,
    /// All pictures.
    pub pictures: usize,
}

impl Curve {
    /// The figures at a threshold.
    pub fn at(&self, threshold: f32) -> AtThreshold {
        let from =
            |scores: &[f32]| scores.len() - scores.partition_point(|&score| score < threshold);
        let (right, wrong) = (from(&self.positives), from(&self.negatives));
        let (yes, positives) = (right + wrong, self.positives.len());
        let precision = if yes == 0 { 1.0 } else { share(right, yes) };
        let recall = share(right, positives);
        let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        AtThreshold {
            threshold,
            precision,
            precision_interval: Interval::wilson(right, yes),
            recall,
            recall_interval: Interval::wilson(right, positives),
            f1,
            positives,
            pictures: positives + self.negatives.len(),
        }
    }

    /// The figures at all thresholds at which they change, from the lowest on, where recall is 1.
    pub fn points(&self) -> impl Iterator<Item = AtThreshold> {
        let mut thresholds = [&self.positives[..], &self.negatives].concat();
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        thresholds.into_iter().map(|threshold| self.at(threshold))
    }

    /// About so many of [`Self::points`], as far apart as they lie, the first and the last among them: enough to draw it.
    pub fn thinned(&self, most: usize) -> Vec<AtThreshold> {
        let points: Vec<AtThreshold> = self.points().collect();
        let last = points.len().saturating_sub(1);
        let every = points.len().div_ceil(most.max(1)).max(1);
        let kept = |index: usize| index.is_multiple_of(every) || index == last;
        points.into_iter().enumerate().filter(|(index, _)| kept(*index)).map(|(_, p)| p).collect()
    }

    /// The threshold with the largest F1, the highest of several; nothing where there are no pictures of which it is
    /// true.
    pub fn best_f1(&self) -> Option<AtThreshold> {
        self.points().filter(|point| point.f1 > 0.0).max_by(|a, b| a.f1.total_cmp(&b.f1))
    }

    /// The threshold with the largest recall among those with at least this precision; nothing where there is none.
    pub fn with_precision(&self, wanted: f64) -> Option<AtThreshold> {
        self.points().find(|point| point.precision >= wanted && point.recall > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_out(pictures: &[(usize, usize, [f32; 3])]) -> HeldOut {
        let picture = |&(source, label, probabilities): &(usize, usize, [f32; 3])| Picture {
            source,
            label,
            probabilities: probabilities.to_vec(),
        };
        let pictures: Vec<Picture> = pictures.iter().map(picture).collect();
        HeldOut::new(vec!["one".to_owned(), "two".to_owned()], 3, &pictures).unwrap()
    }

    const PICTURES: [(usize, usize, [f32; 3]); 5] = [
        (0, 0, [0.9, 0.05, 0.05]),
        (0, 0, [0.6, 0.3, 0.1]),
        (0, 1, [0.7, 0.2, 0.1]),
        (1, 2, [0.1, 0.1, 0.8]),
        (1, 0, [0.2, 0.5, 0.3]),
    ];

    #[test]
    fn figures_are_those_that_one_counts() {
        let curve = held_out(&PICTURES).curve(&[0], None);
        let at = curve.at(0.5);
        assert_eq!((at.positives, at.pictures), (3, 5));
        assert_eq!((at.precision, at.recall), (2.0 / 3.0, 2.0 / 3.0));
        assert!((at.f1 - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(curve.at(0.0).recall, 1.0);
        assert_eq!((curve.at(0.0).precision, curve.at(1.0).precision), (0.6, 1.0));
        assert_eq!((curve.at(1.0).recall, curve.at(1.0).f1), (0.0, 0.0));
    }

    #[test]
    fn the_accuracy_is_what_one_counts() {
        let found = held_out(&PICTURES).accuracy();
        assert_eq!((found.right, found.pictures, found.sources), (3, 5, 2));
        assert_eq!(found.interval, Interval::wilson(3, 5));
    }

    #[test]
    fn thresholds_are_found() {
        let curve = held_out(&PICTURES).curve(&[0], None);
        let best = curve.best_f1().unwrap();
        assert!(curve.points().all(|point| point.f1 <= best.f1));
        assert!((best.f1 - 6.0 / 7.0).abs() < 1e-12 && best.threshold < 0.21, "{best:?}");
        let exact = curve.with_precision(1.0).unwrap();
        assert!((exact.recall - 1.0 / 3.0).abs() < 1e-12 && exact.threshold > 0.8, "{exact:?}");
        assert_eq!(held_out(&PICTURES[3..4]).curve(&[0], None).best_f1(), None);
        let never = held_out(&[(0, 0, [0.1, 0.9, 0.0]), (0, 1, [0.2, 0.8, 0.0])]);
        assert_eq!(never.curve(&[0], None).with_precision(0.9), None);
    }

    #[test]
    fn a_thinned_curve_begins_and_ends_where_the_curve_does() {
        let curve = held_out(&PICTURES).curve(&[0], None);
        let all: Vec<AtThreshold> = curve.points().collect();
        assert_eq!(curve.thinned(100), all);
        let thinned = curve.thinned(2);
        assert!(thinned.len() < all.len());
        assert_eq!((thinned.first(), thinned.last()), (all.first(), all.last()));
    }

    #[test]
    fn several_classes_are_one_question_and_a_source_may_be_asked_alone() {
        let held_out = held_out(&PICTURES);
        let both = held_out.curve(&[0, 1], None).at(0.85);
        assert_eq!((both.positives, both.precision, both.recall), (4, 1.0, 0.75));
        let two = held_out.curve(&[0], Some(1)).at(0.15);
        assert_eq!((two.positives, two.pictures, two.precision), (1, 2, 1.0));
    }

    #[test]
    fn probabilities_survive_a_byte() {
        for thousandth in 1..1000 {
            let p = thousandth as f32 / 1000.0;
            let one = held_out(&[(0, 0, [p, 1.0 - p, 0.0])]);
            let stored = probability(one.log_odds[0]) as f32;
            assert!((stored - p).abs() <= 0.04 * p * (1.0 - p) + 4e-4, "{p}: {stored}");
        }
    }

    #[test]
    fn pictures_come_back() {
        let kept: Vec<Picture> = held_out(&PICTURES).each().collect();
        assert_eq!(kept.len(), PICTURES.len());
        for (kept, (source, label, probabilities)) in kept.iter().zip(PICTURES) {
            assert_eq!((kept.source, kept.label), (source, label));
            let near = |(a, b): (&f32, f32)| (a - b).abs() < 0.01;
            assert!(kept.probabilities.iter().zip(probabilities).all(near), "{kept:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let sources = || vec!["one".to_owned()];
        let new = |source, label, probabilities: &[f32]| {
            let probabilities = probabilities.to_vec();
            HeldOut::new(sources(), 2, &[Picture { source, label, probabilities }])
        };
        assert!(new(0, 1, &[0.5, 0.5]).is_ok());
        assert_eq!(new(0, 1, &[0.5]), Err(HeldOutError::Lengths));
        assert_eq!(new(1, 1, &[0.5, 0.5]), Err(HeldOutError::Unknown));
        assert_eq!(new(0, 2, &[0.5, 0.5]), Err(HeldOutError::Unknown));
        assert_eq!(HeldOut::new(sources(), 2, &[]), Err(HeldOutError::Empty));
        let parts =
            |labels, odds: usize| HeldOut::from_parts(sources(), 2, vec![0], labels, vec![0; odds]);
        assert_eq!(parts(vec![0], 3), Err(HeldOutError::Lengths));
        assert_eq!(parts(vec![7], 2), Err(HeldOutError::Unknown));
    }
}
