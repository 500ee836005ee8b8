//! A network, how its pictures are prepared, and the device it runs on: all that is needed to say what is in
//! a picture. Browser, terminal and evaluator have this one path.

use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::model::inference::{Inference, Ready};
use crate::model::weights::{self, Header, WeightsError};
use crate::pixels::Pixels;
use crate::prediction::{Prediction, Ranked, rank};
use crate::preprocess::{Enhance, Framing, Prepared, Preprocessing};

/// What may be done differently from how the network was trained.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How the picture is made square.
    pub framing: Option<Framing>,
    /// Which enhancements are made.
    pub enhance: Option<Enhance>,
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
}

/// Why a picture could not be classified.
#[derive(Debug, thiserror::Error)]
pub enum ClassifyError {
    /// The device did not give the result back.
    #[error("The device did not finish: {0}.")]
    Device(String),
    /// The result is not a number, which a working device never gives for finite weights.
    #[error("The device gave something that is not a number.")]
    NotANumber,
}

/// So many names of the wider vocabulary are given: the others are noise.
const NAMES_GIVEN: usize = 10;

/// See the [module](self).
#[derive(Debug)]
pub struct Classifier<B: Backend> {
    network: Ready<B>,
    header: Header,
    device: B::Device,
}

impl<B: Inference> Classifier<B> {
    /// Reads a weights file onto a device.
    ///
    /// # Errors
    ///
    /// If the file is damaged, of another version, or not a weights file.
    pub fn load(bytes: &[u8], device: B::Device) -> Result<Self, WeightsError> {
        let (network, header) = weights::read(bytes, &device)?;
        Ok(Self { network: Ready::new(network), header, device })
    }

    /// What the weights file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> usize {
        self.network.parameters()
    }

    /// How many features the body of the network makes of a picture.
    pub fn features_wide(&self) -> usize {
        let [features, _] = self.network.head().weight.dims();
        features
    }

    /// Prepares a picture for the network.
    ///
    /// # Shapes
    ///
    /// - the tensor inside: `[3, input_size, input_size]`
    pub fn prepare(&self, pixels: &Pixels, options: &Options) -> Prepared {
        let spec = &self.header.preprocessing;
        Preprocessing {
            framing: options.framing.unwrap_or(spec.framing),
            enhance: options.enhance.unwrap_or(spec.enhance),
            ..spec.clone()
        }
        .apply(pixels)
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
        if tensors.is_empty() {
            return Ok(Vec::new());
        }
        let features = self.network.features(self.batch(tensors));
        rows(self.network.logits(features)).await
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
        rows(self.network.features(self.batch(tensors))).await
    }

    /// The logits that belong to a batch of features, one vector for each.
    ///
    /// # Errors
    ///
    /// As [`Self::logits`].
    pub async fn logits_of_features(
        &self,
        features: &[&[f32]],
    ) -> Result<Vec<Vec<f32>>, ClassifyError> {
        let Some(width) = features.first().map(|row| row.len()) else { return Ok(Vec::new()) };
        let batch = TensorData::new(features.concat(), [features.len(), width]);
        rows(self.network.logits(Tensor::from_data(batch, &self.device))).await
    }

    fn batch(&self, tensors: &[&[f32]]) -> Tensor<B, 4> {
        let side = self.header.preprocessing.input_size;
        let data = TensorData::new(tensors.concat(), [tensors.len(), 3, side, side]);
        Tensor::from_data(data, &self.device)
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
            ranked
        });
        Answer { prediction, none, vocabulary }
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
        let prepared = self.prepare(pixels, options);
        let logits = self.logits(&[&prepared.tensor]).await?;
        Ok(self.answer(&logits[0]))
    }
}

/// Brings a matrix back from the device, row by row.
async fn rows<B: Backend>(matrix: Tensor<B, 2>) -> Result<Vec<Vec<f32>>, ClassifyError> {
    let [_, width] = matrix.dims();
    // Awaited, because in the browser nothing else keeps a queue of submissions from growing.
    let data = matrix.into_data_async().await;
    let data = data.map_err(|error| ClassifyError::Device(format!("{error:?}")))?;
    let values: Vec<f32> = data.iter::<f32>().collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(ClassifyError::NotANumber);
    }
    Ok(values.chunks(width).map(<[f32]>::to_vec).collect())
}
