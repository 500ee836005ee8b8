//! Measures a classifier on labelled pictures, through the path that the page takes.

use std::path::Path;

use rayon::prelude::*;

use super::TrainError;
use super::card_file::CardFile;
use super::dataset::{
    DatasetError, Example, Identical, Progress, Seen, Skipped, Source, TestSet, Truth, digest,
};
use super::features::features_of_view;
use super::hyperparameters::Hyperparameters;
use super::input;
use super::metrics::{Choice, Outcome};
use super::names;
use crate::Classifier;
use crate::classifier::Options;
use crate::model::weights::{Header, NONE};
use crate::pixels::Pixels;

/// What is measured of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Its classes: the folder of a picture says which it is of.
    Classes,
    /// The thousand names of ImageNet: the name of a picture's file begins with WordNet's identifier of it.
    Names,
}

/// A network to be measured.
#[derive(Debug)]
pub struct Evaluator {
    classifier: Classifier,
    question: Question,
}

/// Pictures whose classes the network knows.
#[derive(Debug)]
pub struct Collection {
    /// The pictures.
    pub set: TestSet,
    /// For each class of the pictures, its place among those of the network.
    places: Vec<Option<usize>>,
}

/// What became of a collection.
#[derive(Debug)]
pub struct Evaluation {
    /// Of each picture that could be read.
    pub outcomes: Vec<Outcome>,
    /// The pictures that were not measured, and why.
    pub skipped: Vec<Skipped>,
    /// Those measured that are in two classes, by their pixels, or among the pictures to train on beside them, by
    /// the bytes of their files.
    pub identical: Identical,
}

impl Evaluator {
    /// A network from its weights file.
    ///
    /// # Errors
    ///
    /// If the file is damaged; if it is asked for names and knows none.
    pub fn new(weights: &[u8], question: Question) -> Result<Self, TrainError> {
        let evaluator = Self { classifier: Classifier::load(weights)?, question };
        if question == Question::Names && evaluator.choice().classes != names::imagenet() {
            return Err(TrainError::NoNames);
        }
        Ok(evaluator)
    }

    /// What the network chooses from.
    pub fn choice(&self) -> Choice<'_> {
        match (self.question, &self.classifier.header().vocabulary) {
            (Question::Names, Some(vocabulary)) => Choice::names(vocabulary),
            // The classes may be those names.
            _ => Choice::classes(self.classifier.header()),
        }
    }

    /// A model card of the network, with what its file knows of pictures held out.
    ///
    /// - `path`, `file`: the weights file, as it lies there
    pub fn card(&self, path: &Path, file: &[u8]) -> CardFile {
        let mut card =
            CardFile::new(path, file, self.classifier.header(), self.classifier.parameters());
        if let Some(held_out) = self.classifier.held_out() {
            card.add_held_out(self.classifier.header(), held_out);
        }
        card
    }

    /// Finds the pictures of a source. `progress` is told how a download goes.
    ///
    /// # Errors
    ///
    /// As [`TestSet::open`], and [`TrainError::OtherClasses`] if the network knows one of the classes not.
    /// Pictures of 'none of these' are no such error: where it has no class for them, any sure answer is a wrong one.
    pub fn open(
        &self,
        source: &Source,
        progress: impl Fn(Progress) + Sync,
    ) -> Result<Collection, TrainError> {
        let truth = match self.question {
            Question::Classes => Truth::Folders,
            Question::Names => Truth::Files(names::of_file),
        };
        let set = TestSet::open(source, truth, progress)?;
        let choice = self.choice();
        // The data may know fewer classes than the network, and in another order.
        let place = |class: &String| {
            // What was trained before names were composed may spell them otherwise.
            let known = || choice.classes.iter().position(|known| names::composed(known) == *class);
            if class == NONE { Some(choice.none.or_else(known)) } else { known().map(Some) }
        };
        let places = set.classes.iter().map(place).collect::<Option<_>>();
        let places = places.ok_or_else(|| TrainError::OtherClasses {
            known: choice.classes.join(", "),
            found: set.classes.join(", "),
        })?;
        Ok(Collection { set, places })
    }

    /// Measures the network on a collection, one picture after the other on each core. `each` is shown what became of
    /// each, in the order of [`TestSet::pictures`]; no more of them is kept than their [`Outcome`]s.
    ///
    /// # Errors
    ///
    /// If an archive can't be read any more, the device fails or `each` does.
    pub fn measure(
        &self,
        collection: &Collection,
        progress: impl Fn(Progress),
        mut each: impl FnMut(&Path, &Outcome) -> Result<(), TrainError>,
    ) -> Result<Evaluation, TrainError> {
        let Collection { set, places } = collection;
        let choice = self.choice();
        let total = set.pictures().len();
        let mut outcomes = Vec::with_capacity(total);
        let mut skipped = set.skipped.clone();
        let mut seen = Vec::with_capacity(total);
        let mut done = 0;
        set.visit(
            |pixels| Ok::<_, TrainError>((self.logits(pixels)?, digest(pixels))),
            |picture, found| {
                match found {
                    Ok((logits, digest)) => {
                        seen.push((done, digest));
                        let outcome = Outcome::new(&choice, logits, places[picture.label]);
                        each(&picture.path, &outcome)?;
                        outcomes.push(outcome);
                    }
                    Err(why) => {
                        let path = picture.path.to_string_lossy().into_owned();
                        skipped.push(Skipped { path, why });
                    }
                }
                done += 1;
                progress(Progress::Reading { done, total: Some(total) });
                Ok(())
            },
        )?;
        let path = |(place, _): &(usize, u64)| set.pictures()[*place].path.to_string_lossy();
        let paths: Vec<_> = seen.iter().map(path).collect();
        let seen = seen.iter().zip(&paths).map(|(&(place, digest), path)| {
            let class = &set.classes[set.pictures()[place].label];
            Seen { path, digest, class, learnt: false }
        });
        let mut identical = Identical::among(seen);
        identical.held_out_and_learnt = set.copies_of_learnt();
        Ok(Evaluation { outcomes, skipped, identical })
    }

    /// The logits of what the network chooses from.
    fn logits(&self, pixels: &Pixels) -> Result<Vec<f32>, TrainError> {
        let Self { classifier, question } = self;
        let views = classifier.views(pixels, &Options::default());
        let logits = pollster::block_on(classifier.logits_of_views(&views))?;
        Ok(match (question, &classifier.header().vocabulary) {
            (Question::Names, Some(_)) => logits[classifier.header().shape().outputs..].to_vec(),
            _ => classifier.class_logits(&logits),
        })
    }
}

/// What the trainer keeps of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Its pixels, cropped and resized: planar RGB in bytes.
    Pixels,
    /// What the backbone of the network makes of it: see [`super::features`].
    Features {
        /// How many there are of one view.
        width: usize,
    },
}

impl Contents {
    /// The logits of the classes, for each example.
    ///
    /// # Errors
    ///
    /// If the device fails; if a picture that is read from disk is lost.
    pub fn logits(
        self,
        classifier: &Classifier,
        examples: &[&Example],
    ) -> Result<Vec<Vec<f32>>, TrainError> {
        let Header { preprocessing, .. } = classifier.header();
        let side = preprocessing.input_size;
        let values = |example: &&Example| match self {
            Self::Pixels => input::planes(example, preprocessing),
            Self::Features { width } => Ok(features_of_view(example.image.held(), 0, width)),
        };
        let batches = examples.chunks(Hyperparameters::evaluation_batch(side));
        let batches =
            batches.map(|batch| batch.par_iter().map(values).collect::<Result<_, DatasetError>>());
        input::ahead(batches, |batches| {
            let mut all = Vec::with_capacity(examples.len());
            for rows in batches {
                let rows: Vec<Vec<f32>> = rows?;
                let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
                let logits = match self {
                    Self::Pixels => pollster::block_on(classifier.logits(&rows))?,
                    Self::Features { .. } => classifier.logits_of_features(&rows)?,
                };
                all.extend(logits.iter().map(|row| classifier.class_logits(row)));
            }
            Ok(all)
        })
    }
}
