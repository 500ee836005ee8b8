//! How good a taught head is, on its own pictures: each was left out, with its near-copies, and answered by a head that
//! had not seen it.

use serde::Serialize;

use super::head::{Head, Lesson, Taught};
use crate::metrics::{ClassMetrics, Interval, class_metrics, share};
use crate::model::weights::NONE;
use crate::prediction::{Ranked, rank};

/// From this probability of another class on, the label of a picture may be wrong.
const SUSPICIOUS: f32 = 0.8;

/// See the [module](self).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Pictures in all.
    pub pictures: usize,
    /// Pictures that are near-copies of another one.
    pub copies: usize,
    /// Pictures that were measured: those whose class has others than near-copies of them.
    pub measured: usize,
    /// Share of those that were named rightly, in `[0, 1]`; absent where there are none.
    pub accuracy: Option<f64>,
    /// Of the accuracy; near-copies count as one picture.
    pub interval: Interval,
    /// Precision, recall and F1 of each class.
    pub classes: Vec<ClassMetrics>,
    /// `confusion[is][called]`; the last column is 'none of these', where the head may say so.
    pub confusion: Vec<Vec<usize>>,
    /// What each picture that was measured was called, in the order of the lesson.
    pub predictions: Vec<LeftOut>,
    /// Places in the lesson of pictures whose label may be wrong, the likeliest first.
    pub suspicious: Vec<usize>,
    /// The class that another picture would help most: the one that is found least often, one of a single picture
    /// before all.
    pub helps: usize,
    /// Pairs of classes that hold the same pictures, by half or more of those of one.
    pub alike: Vec<[usize; 2]>,
    /// The logits are divided by this before the softmax.
    pub temperature: f32,
    /// The logit of 'none of these', where the head may say so.
    pub none: Option<f32>,
}

/// What a picture that was left out was called.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LeftOut {
    /// Its place in the lesson.
    pub picture: usize,
    /// Its class.
    pub truth: usize,
    /// The class it was called; the number of classes stands for 'none of these'.
    pub answer: usize,
    /// The probability of that, in `[0, 1]`.
    pub probability: f32,
}

impl Report {
    /// Measures what was taught in a lesson.
    pub fn new(lesson: &Lesson<'_>, taught: &Taught) -> Self {
        let Taught { head, left_out, sets } = taught;
        let (pictures, classes) = (sets.len(), lesson.classes.len());
        let outputs = classes + usize::from(head.none.is_some());
        let mut confusion = vec![vec![0; outputs]; outputs];
        let mut predictions = Vec::new();
        for (picture, logits) in left_out.iter().enumerate() {
            if !lesson.measurable(sets, picture) {
                continue;
            }
            let truth = lesson.labels[picture];
            let best = head.rank(logits, lesson.classes).swap_remove(0);
            let (answer, probability) = (best.index, best.probability);
            confusion[truth][answer] += 1;
            predictions.push(LeftOut { picture, truth, answer, probability });
        }
        let right = predictions.iter().filter(|left| left.truth == left.answer).count();
        let measured = predictions.len();
        let mut of_sets: Vec<usize> = predictions.iter().map(|left| sets[left.picture]).collect();
        of_sets.sort_unstable();
        of_sets.dedup();
        let right_sets = (share(right, measured) * of_sets.len() as f64).round() as usize;
        let mut names = lesson.classes.to_vec();
        names.resize(outputs, NONE.to_owned());
        let mut figures = class_metrics(&confusion, &names);
        figures.truncate(classes);
        confusion.truncate(classes);
        let copies =
            (0..pictures).filter(|&a| (0..pictures).any(|b| a != b && sets[a] == sets[b])).count();
        Self {
            pictures,
            copies,
            measured,
            accuracy: (measured > 0).then(|| share(right, measured)),
            interval: Interval::wilson(right_sets, of_sets.len()),
            helps: helps(&figures),
            classes: figures,
            confusion,
            suspicious: suspicious(lesson, &predictions, sets),
            predictions,
            alike: alike(lesson, sets),
            temperature: head.temperature,
            none: head.none,
        }
    }
}

/// The class with the lowest recall; of several, the one with the fewest pictures.
fn helps(classes: &[ClassMetrics]) -> usize {
    let poorer = |a: &ClassMetrics, b: &ClassMetrics| {
        a.recall.total_cmp(&b.recall).then(a.images.cmp(&b.images))
    };
    let by_need = |&a: &usize, &b: &usize| poorer(&classes[a], &classes[b]);
    (0..classes.len()).min_by(by_need).unwrap_or(0)
}

fn suspicious(lesson: &Lesson<'_>, predictions: &[LeftOut], sets: &[usize]) -> Vec<usize> {
    // A near-copy of a picture of another class: one of the two labels is wrong.
    let contradicted = |picture: usize| {
        (0..sets.len()).any(|other| {
            sets[other] == sets[picture] && lesson.labels[other] != lesson.labels[picture]
        })
    };
    let mut found: Vec<(f32, usize)> = (0..sets.len())
        .filter(|&picture| contradicted(picture))
        .map(|picture| (1.0, picture))
        .collect();
    for left in predictions {
        let wrong = left.answer != left.truth && left.answer < lesson.classes.len();
        if wrong && left.probability >= SUSPICIOUS && !contradicted(left.picture) {
            found.push((left.probability, left.picture));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, picture)| picture).collect()
}

fn alike(lesson: &Lesson<'_>, sets: &[usize]) -> Vec<[usize; 2]> {
    let classes = lesson.classes.len();
    let of = |class: usize| (0..sets.len()).filter(move |&picture| lesson.labels[picture] == class);
    let mut pairs = Vec::new();
    for a in 0..classes {
        for b in a + 1..classes {
            let shared = |one: usize, other: usize| {
                let has_copy = |&picture: &usize| of(other).any(|o| sets[o] == sets[picture]);
                2 * of(one).filter(has_copy).count() >= of(one).count()
            };
            if shared(a, b) || shared(b, a) {
                pairs.push([a, b]);
            }
        }
    }
    pairs
}

impl Head {
    /// The logits of the classes for an embedding.
    pub fn logits(&self, embedding: &[f32]) -> Vec<f32> {
        let classes = self.bias.len();
        let mut logits: Vec<f64> = self.bias.iter().map(|&bias| f64::from(bias)).collect();
        for (value, weights) in embedding.iter().zip(self.weight.chunks_exact(classes)) {
            for (logit, weight) in logits.iter_mut().zip(weights) {
                *logit += f64::from(*value) * f64::from(*weight);
            }
        }
        logits.into_iter().map(|logit| logit as f32).collect()
    }

    /// All classes with their probabilities, the best first, and [`NONE`] among them where the head may say so.
    ///
    /// # Shapes
    ///
    /// - `logits`: those of [`Self::logits`]
    pub fn rank(&self, logits: &[f32], classes: &[String]) -> Vec<Ranked> {
        let none = self.none.map(|limit| (limit, NONE.to_owned()));
        let (limit, name): (Option<f32>, Option<String>) = none.unzip();
        let logits: Vec<f32> = logits.iter().copied().chain(limit).collect();
        let names: Vec<String> = classes.iter().cloned().chain(name).collect();
        rank(&logits, &names, self.temperature)
    }
}
