//! A network, how its pictures are prepared, and the [engine](crate::model::engine) that computes it: all that is needed to
//! say what is in a picture. Browser, terminal and evaluator have this one path.

#[cfg(feature = "burn")]
use burn::tensor::backend::Backend;
use serde::{Deserialize, Serialize};

use crate::held_out::HeldOut;
use crate::model::engine::{Engine, EngineError};
use crate::model::heads::{Heads, Maps};
#[cfg(feature = "burn")]
use crate::model::network_file;
#[cfg(feature = "burn")]
use crate::model::operations::Operations;
use crate::model::packed::Packed;
use crate::model::steps::{self, Opened};
use crate::model::weights::{Header, Vocabulary, WeightsError};
use crate::pixels::Pixels;
use crate::prediction::{Prediction, Ranked, rank};
use crate::preprocess::{Enhance, Framing, Prepared, Preprocessing, Rectangle};

/// What may be done differently from how the network was trained.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How the picture is made square. Where it is made in another way than the network's own, there is one view only.
    pub framing: Option<Framing>,
    /// Whether the network's second view is left out, which halves the time: for live pictures.
    pub single_view: bool,
    /// Which enhancements are made.
    pub enhance: Option<Enhance>,
    /// Whether the features of the backbone are wanted beside the answer, from which heads are taught.
    pub embedding: bool,
}

/// What a network makes of one picture, in each of its vocabularies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Of the classes.
    #[serde(flatten)]
    pub prediction: Prediction,
    /// Whether the most probable class is the one that stands for 'none of these'.
    pub none: bool,
    /// The most probable names of the wider vocabulary, the best first, where the network has one.
    pub vocabulary: Option<Vec<Ranked>>,
    /// The most probable name of the wider vocabulary where it says more than the class and is as sure: a 'Chihuahua'
    /// for a dog, a 'holster' for none of the classes. Its probability is that among all names.
    pub specific: Option<Ranked>,
}

/// Why a picture could not be classified.
#[derive(Debug, thiserror::Error)]
pub enum ClassifyError {
    /// The device did not give the result back.
    #[error(transparent)]
    Device(#[from] EngineError),
    /// The result is not a number, which a working device never gives for finite weights.
    #[error("The device gave something that is not a number.")]
    NotANumber,
}

/// So many names of the wider vocabulary are given: the others are noise.
const NAMES_GIVEN: usize = 10;

/// See the [module](self). Without more words it computes on the CPU.
#[derive(Debug)]
pub struct Classifier<E = Packed> {
    engine: E,
    header: Header,
    held_out: Option<HeldOut>,
    heads: Heads,
    parameters: usize,
}

impl Classifier {
    /// Reads a weights file, to compute on the CPU.
    ///
    /// # Errors
    ///
    /// If the file is damaged, of another version, or not a weights file.
    pub fn load(bytes: &[u8]) -> Result<Self, WeightsError> {
        let file = steps::read(bytes)?;
        Ok(Self::new(Packed::new(&file.steps), file))
    }
}

#[cfg(feature = "burn")]
impl<B: Backend> Classifier<Operations<B>> {
    /// Reads a weights file onto a device of one of Burn's backends.
    ///
    /// # Errors
    ///
    /// As [`Classifier::load`].
    pub fn load_onto(bytes: &[u8], device: B::Device) -> Result<Self, WeightsError> {
        let (network, _) = network_file::read(bytes, &device)?;
        Ok(Self::new(Operations::new(network, device), steps::read(bytes)?))
    }
}

impl<E: Engine> Classifier<E> {
    /// A classifier of what was read from a file and an engine for its steps.
    pub fn new(engine: E, file: Opened) -> Self {
        let Opened { header, held_out, heads, parameters, .. } = file;
        Self { engine, header, held_out, heads, parameters }
    }

    /// What the weights file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What the network said of pictures that it had not learnt from, where its file knows that.
    pub fn held_out(&self) -> Option<&HeldOut> {
        self.held_out.as_ref()
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// How many features the backbone of the network makes of a picture.
    pub fn features_wide(&self) -> usize {
        self.heads.features()
    }

    /// How a picture is prepared for the network with these options.
    fn preprocessing(&self, options: &Options) -> Preprocessing {
        let spec = &self.header.preprocessing;
        let framing = options.framing.unwrap_or(spec.framing);
        let twice = framing == spec.framing && !options.single_view;
        Preprocessing {
            framing,
            second_framing: spec.second_framing.filter(|_| twice),
            enhance: options.enhance.unwrap_or(spec.enhance),
            ..spec.clone()
        }
    }

    /// Prepares a picture for the network: its first view.
    ///
    /// # Shapes
    ///
    /// - the tensor inside: `[3, input_size, input_size]`
    pub fn prepare(&self, pixels: &Pixels, options: &Options) -> Prepared {
        self.preprocessing(options).apply(pixels)
    }

    /// Prepares every view of a picture: one or two.
    ///
    /// # Shapes
    ///
    /// - the tensor inside each: `[3, input_size, input_size]`
    pub fn views(&self, pixels: &Pixels, options: &Options) -> Vec<Prepared> {
        self.preparations(options).iter().map(|view| view.apply(pixels)).collect()
    }

    /// How each view of a picture is prepared: one or two.
    pub fn preparations(&self, options: &Options) -> Vec<Preprocessing> {
        self.preprocessing(options).views().collect()
    }

    /// What each view of a picture sees of it, in the order of [`Classifier::views`].
    pub fn seen(&self, pixels: &Pixels, options: &Options) -> Vec<Rectangle> {
        let preprocessing = self.preprocessing(options);
        let seen = |view: Preprocessing| view.part(pixels).of(pixels.width(), pixels.height());
        preprocessing.views().map(seen).collect()
    }

    /// The network's logits for the views of one picture: those that belong to the mean of their features.
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn logits_of_views(&self, views: &[Prepared]) -> Result<Vec<f32>, ClassifyError> {
        if views.is_empty() {
            return Ok(Vec::new());
        }
        finite(self.heads.logits(&self.features_of_views(views).await?))
    }

    /// As [`Classifier::logits_of_views`], with the last maps of the network, of the same forward pass; nothing for a network
    /// whose features have no map each.
    ///
    /// # Shapes
    ///
    /// - each of `tensors`, the views of one picture: `[3, input_size, input_size]`
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn logits_with_maps(
        &self,
        tensors: &[&[f32]],
    ) -> Result<Option<(Vec<f32>, Maps)>, ClassifyError> {
        let side = self.header.preprocessing.input_size;
        let found = self.engine.features_with_maps(tensors, side).await?;
        let Some((features, maps)) = found else { return Ok(None) };
        let logits = finite(self.heads.logits(&mean_of_rows(&features, tensors.len())))?;
        let values = finite(maps.values)?;
        Ok(Some((logits, Maps { values, ..maps })))
    }

    /// The dense layers, as plain numbers.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    /// What the backbone makes of the views of one picture: the mean of their features.
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn features_of_views(&self, views: &[Prepared]) -> Result<Vec<f32>, ClassifyError> {
        let tensors: Vec<&[f32]> = views.iter().map(|view| view.tensor.as_slice()).collect();
        if tensors.is_empty() {
            return Ok(Vec::new());
        }
        let features = self.engine_features(&tensors).await?;
        Ok(mean_of_rows(&features, tensors.len()))
    }

    /// The features of a picture, from which heads are taught: see [`crate::learn`].
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn embed(
        &self,
        pixels: &Pixels,
        options: &Options,
    ) -> Result<Vec<f32>, ClassifyError> {
        self.features_of_views(&self.views(pixels, options)).await
    }

    /// The network's logits for a batch of prepared pictures, one vector for each: those of the classes, then
    /// those of the wider vocabulary where there is one.
    ///
    /// # Shapes
    ///
    /// - each of `tensors`: `[3, input_size, input_size]`
    ///
    /// # Errors
    ///
    /// If the device is lost, or computes nonsense.
    pub async fn logits(&self, tensors: &[&[f32]]) -> Result<Vec<Vec<f32>>, ClassifyError> {
        let features = self.features(tensors).await?;
        features.iter().map(|row| finite(self.heads.logits(row))).collect()
    }

    /// What the network's last dense layers see of a batch of prepared pictures, one vector for each.
    ///
    /// # Shapes
    ///
    /// - each of `tensors`: `[3, input_size, input_size]`
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn features(&self, tensors: &[&[f32]]) -> Result<Vec<Vec<f32>>, ClassifyError> {
        if tensors.is_empty() {
            return Ok(Vec::new());
        }
        let features = self.engine_features(tensors).await?;
        Ok(features.chunks(features.len() / tensors.len()).map(<[f32]>::to_vec).collect())
    }

    /// The logits that belong to a batch of features, one vector for each.
    ///
    /// # Errors
    ///
    /// [`ClassifyError::NotANumber`].
    ///
    /// # Panics
    ///
    /// If there are more or fewer features than [`Self::features_wide`].
    pub fn logits_of_features(&self, features: &[&[f32]]) -> Result<Vec<Vec<f32>>, ClassifyError> {
        features.iter().map(|row| finite(self.heads.logits(row))).collect()
    }

    async fn engine_features(&self, tensors: &[&[f32]]) -> Result<Vec<f32>, ClassifyError> {
        finite(self.engine.features(tensors, self.header.preprocessing.input_size).await?)
    }

    /// The logits of the classes alone, with what the wider vocabulary says about them.
    pub fn class_logits(&self, logits: &[f32]) -> Vec<f32> {
        let (classes, names) = logits.split_at(self.header.shape().outputs);
        let vocabulary = self.header.vocabulary.as_ref();
        match vocabulary.and_then(|vocabulary| vocabulary.evidence.as_ref()) {
            Some(evidence) => evidence.weigh(classes, names, self.header.place_of_none()),
            None => classes.to_vec(),
        }
    }

    /// The answer that belongs to a picture's logits.
    pub fn answer(&self, logits: &[f32]) -> Answer {
        let header = &self.header;
        let (_, of_vocabulary) = logits.split_at(header.shape().outputs);
        let prediction = Prediction::new(
            &self.class_logits(logits),
            &header.classes,
            header.temperature,
            header.not_sure_below,
        );
        let none = header.none.as_ref() == Some(&prediction.best().label);
        let vocabulary = header.vocabulary.as_ref().map(|vocabulary| {
            let mut ranked = rank(of_vocabulary, &vocabulary.classes, vocabulary.temperature);
            ranked.truncate(NAMES_GIVEN);
            (vocabulary, ranked)
        });
        let specific =
            vocabulary.as_ref().and_then(|(of, names)| specific(of, names.first()?, &prediction));
        Answer { prediction, none, vocabulary: vocabulary.map(|(_, names)| names), specific }
    }

    /// Says what is in a picture.
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn classify(
        &self,
        pixels: &Pixels,
        options: &Options,
    ) -> Result<Answer, ClassifyError> {
        let logits = self.logits_of_views(&self.views(pixels, options)).await?;
        Ok(self.answer(&logits))
    }
}

/// The name, where it may stand for the class: both are sure, it is a kind of that class, which its names cover, and it
/// says more.
fn specific(vocabulary: &Vocabulary, name: &Ranked, prediction: &Prediction) -> Option<Ranked> {
    let class = prediction.best();
    let threshold = vocabulary.not_sure_below;
    // A probability may round to 1, and a threshold of 1 still means never.
    let sure = prediction.sure && threshold < 1.0 && name.probability >= threshold;
    let evidence = vocabulary.evidence.as_ref()?;
    let kind = evidence.class_of_name(name.index)?;
    (sure && kind == class.index && evidence.covers(kind) && name.label != class.label)
        .then(|| name.clone())
}

/// The mean of each column of so many rows.
fn mean_of_rows(values: &[f32], rows: usize) -> Vec<f32> {
    let (first, others) = values.split_at(values.len() / rows);
    let mut mean = first.to_vec();
    for row in others.chunks_exact(first.len()) {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    mean.iter_mut().for_each(|sum| *sum /= rows as f32);
    mean
}

fn finite(values: Vec<f32>) -> Result<Vec<f32>, ClassifyError> {
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(ClassifyError::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;

    const CLASSES: [&str; 3] = ["bird", "dog", "none"];

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// A kind of dog, one of none of the classes, one that counts for nothing, a class by its own name, a bird, and
    /// more of the second and third class, so that these are covered.
    fn vocabulary() -> Vocabulary {
        let mut class_of = vec![Some(1), Some(2), None, Some(1), Some(0)];
        class_of.extend([Some(1), Some(2)].repeat(4));
        let mut classes = owned(&["Chihuahua", "holster", "wool", "dog", "kiwi"]);
        classes.extend((0..8).map(|n| format!("name {n}")));
        Vocabulary {
            classes,
            temperature: 1.0,
            not_sure_below: 0.5,
            evidence: Some(Evidence { class_of, none: None }),
        }
    }

    /// What is said of a class and a name that have these probabilities, at a threshold of 0.6 for the class.
    fn said(
        vocabulary: &Vocabulary,
        (class, of_class): (usize, f32),
        (name, of_name): (usize, f32),
    ) -> Option<String> {
        let logits: Vec<f32> = (0..3)
            .map(|each| if each == class { of_class } else { (1.0 - of_class) / 2.0 })
            .map(f32::ln)
            .collect();
        let prediction = Prediction::new(&logits, &owned(&CLASSES), 1.0, 0.6);
        let label = vocabulary.classes[name].clone();
        let name = Ranked { index: name, label, probability: of_name };
        let found = specific(vocabulary, &name, &prediction)?;
        assert_eq!(found, name);
        Some(found.label)
    }

    #[test]
    fn a_sure_kind_of_a_sure_class_is_said() {
        let of = vocabulary();
        assert_eq!(said(&of, (1, 0.9), (0, 0.7)).as_deref(), Some("Chihuahua"));
        assert_eq!(said(&of, (2, 0.9), (1, 0.5)).as_deref(), Some("holster"));
        assert_eq!(said(&of, (1, 0.9), (0, 0.49)), None, "the name is not sure");
        assert_eq!(said(&of, (1, 0.5), (0, 0.9)), None, "the class is not sure");
    }

    #[test]
    fn a_name_that_contradicts_the_class_or_says_no_more_is_not_said() {
        let of = vocabulary();
        assert_eq!(said(&of, (0, 0.9), (0, 0.9)), None, "no Chihuahua is a bird");
        assert_eq!(said(&of, (2, 0.9), (0, 0.9)), None, "a Chihuahua is one of the classes");
        assert_eq!(said(&of, (1, 0.9), (1, 0.9)), None, "a holster is none of them");
        assert_eq!(said(&of, (2, 0.9), (2, 0.9)), None, "wool counts for nothing");
        assert_eq!(said(&of, (1, 0.9), (3, 0.9)), None, "a dog is a dog");
        assert_eq!(said(&of, (0, 0.9), (4, 0.9)), None, "there are more birds than that one");
    }

    #[test]
    fn without_a_threshold_or_evidence_no_name_is_said() {
        let never = Vocabulary { not_sure_below: 1.0, ..vocabulary() };
        assert_eq!(said(&never, (1, 0.9), (0, 1.0)), None);
        let unrelated = Vocabulary { evidence: None, ..vocabulary() };
        assert_eq!(said(&unrelated, (1, 0.9), (0, 1.0)), None);
    }
}
