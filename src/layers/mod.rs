//! What each layer of a network makes of a picture: every map of it, and every number of a map taken apart.
//!
//! ```text
//! weights file ─→ [plan]: the layers in order ─┐
//!                                              ├─→ [Layers]: what comes out of each ─→ [channels], [pixel]
//! prepared views of a picture ─────────────────┘
//! ```
//!
//! It is for people who look: in single precision, in plain loops, a second for the photo network. The maps are kept until
//! it is dropped; what an activation gives is computed again where it is asked for. Of a picture that the network looks at
//! twice, the maps are those of the first look; the features are the mean of both, as they are where the network answers.

pub mod channels;
pub mod pixel;
pub mod plan;

use std::borrow::Cow;

use crate::evidence::Evidence;
use crate::model::packed::Maps;
use crate::model::steps::{self, Opened};
use crate::model::weights::{Header, WeightsError};
use crate::prediction::probabilities;
use plan::{Kind, Layer};

/// Why nothing can be seen.
#[derive(Debug, thiserror::Error)]
pub enum LayersError {
    /// The picture was prepared for another network.
    #[error("The picture has {found} numbers, and the network reads {expected}.")]
    Numbers {
        /// Those that came.
        found: usize,
        /// Those that are read.
        expected: usize,
    },
    /// There is no such place in what was computed.
    #[error("There is no such layer, channel or pixel.")]
    Nowhere,
}

/// A network, and what its layers make of a picture.
#[derive(Debug)]
pub struct Layers {
    header: Header,
    layers: Vec<Layer>,
    /// What comes out of each: `[height, width, channels]`. Nothing of an activation.
    values: Vec<Vec<f32>>,
    /// Prepared views of the picture that are still to be looked at, from the last to the first, whose maps are those that stay.
    waiting: Vec<Vec<f32>>,
    /// The features of those that have been.
    features: Vec<Vec<f32>>,
    looks: usize,
    done: usize,
}

/// Channels of a picture.
const RGB: usize = 3;

impl Layers {
    /// Reads a weights file, for pictures that are looked at so many times.
    ///
    /// # Errors
    ///
    /// As [`steps::read`].
    pub fn read(weights: &[u8], looks: usize) -> Result<Self, WeightsError> {
        let opened = steps::read(weights)?;
        let layers = plan::layers(&opened, looks);
        let Opened { header, .. } = opened;
        let (values, waiting, features) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { header, layers, values, waiting, features, looks: looks.max(1), done: 0 })
    }

    /// The layers, in their order. The first is the picture itself.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Begins with a picture's views.
    ///
    /// # Shapes
    ///
    /// - `views`: `[looks, 3, input_size, input_size]`
    ///
    /// # Errors
    ///
    /// [`LayersError::Numbers`].
    pub fn begin(&mut self, views: &[f32]) -> Result<(), LayersError> {
        let pixels = self.header.preprocessing.input_size.pow(2);
        let expected = self.looks * RGB * pixels;
        if views.len() != expected {
            return Err(LayersError::Numbers { found: views.len(), expected });
        }
        let lay =
            |view: &[f32]| (0..RGB * pixels).map(|at| view[at % RGB * pixels + at / RGB]).collect();
        self.waiting = views.chunks(RGB * pixels).map(lay).collect();
        self.features = Vec::new();
        self.values = Vec::new();
        self.done = 0;
        Ok(())
    }

    /// How many steps have been done, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let before = self.before_mean();
        (self.done, (self.looks - 1) * before + self.layers.len())
    }

    /// The layers that every look goes through.
    fn before_mean(&self) -> usize {
        let mean = self.layers.iter().position(|layer| matches!(layer.kind, Kind::Looks));
        mean.unwrap_or(self.layers.len())
    }

    /// Computes the next layer. Says whether there are more.
    pub fn step(&mut self) -> bool {
        let (done, steps) = self.progress();
        if done == steps {
            return false;
        }
        let at = self.values.len();
        if at == self.before_mean() && self.features.len() + 1 < self.looks {
            self.features.push(self.output(at - 1).into_owned());
            self.values = Vec::new();
        }
        let values = self.compute(self.values.len());
        self.values.push(values);
        self.done += 1;
        self.done < steps
    }

    fn compute(&mut self, at: usize) -> Vec<f32> {
        if at == 0 {
            return self.waiting.pop().unwrap_or_default();
        }
        let layer = &self.layers[at];
        let input = self.output(layer.from);
        let [height, width, channels] = self.layers[layer.from].shape;
        match &layer.kind {
            Kind::Picture | Kind::Activation(_) => Vec::new(),
            Kind::Convolution(conv) | Kind::Dense(conv) | Kind::Depthwise(conv) => {
                let depthwise = matches!(layer.kind, Kind::Depthwise(_));
                conv.sums(Maps { values: &input, height, width, channels }, depthwise)
            }
            Kind::Add(other) => {
                input.iter().zip(self.output(*other).iter()).map(|(a, b)| a + b).collect()
            }
            Kind::Pool => largest(&input, [height, width, channels], [2, 2]),
            Kind::Max => largest(&input, [height, width, channels], [height, width]),
            Kind::Mean => {
                let sum = |channel| input.iter().skip(channel).step_by(channels).sum::<f32>();
                (0..channels).map(|channel| sum(channel) / (height * width) as f32).collect()
            }
            Kind::Looks => {
                let sum = |at: usize| self.features.iter().map(|look| look[at]).sum::<f32>();
                let mean = |at| (input[at] + sum(at)) / self.looks as f32;
                (0..channels).map(mean).collect()
            }
            Kind::Embedding(centre) => {
                let length = length(&input, centre);
                input.iter().zip(centre).map(|(value, mean)| (value - mean) / length).collect()
            }
            Kind::Evidence(names) => match self.evidence() {
                Some(of) => of.weigh(&input, &self.output(*names), self.header.place_of_none()),
                None => input.into_owned(),
            },
            Kind::Softmax => probabilities(&input, self.header.temperature),
        }
    }

    fn evidence(&self) -> Option<&Evidence> {
        self.header.vocabulary.as_ref()?.evidence.as_ref()
    }

    /// What comes out of a layer that has been computed: `[height, width, channels]`.
    ///
    /// # Panics
    ///
    /// If it hasn't been.
    pub fn output(&self, at: usize) -> Cow<'_, [f32]> {
        match &self.layers[at].kind {
            Kind::Activation(activation) => {
                let mut values = self.output(self.layers[at].from).into_owned();
                activation.over(&mut values);
                Cow::Owned(values)
            }
            _ => Cow::Borrowed(&self.values[at]),
        }
    }

    /// The layer with what comes out of it, once all has been computed.
    fn seen(&self, at: usize) -> Result<(&Layer, Cow<'_, [f32]>), LayersError> {
        if self.values.len() < self.layers.len() || at >= self.layers.len() {
            return Err(LayersError::Nowhere);
        }
        Ok((&self.layers[at], self.output(at)))
    }
}

/// How far features are from their mean, which an embedding is divided by: never 0.
fn length(features: &[f32], centre: &[f32]) -> f32 {
    let squares = features.iter().zip(centre).map(|(value, mean)| (value - mean).powi(2));
    squares.sum::<f32>().sqrt().max(1e-6)
}

/// The largest of every window, side by side; what is left at an odd border is dropped.
fn largest(
    input: &[f32],
    [height, width, channels]: [usize; 3],
    [down, across]: [usize; 2],
) -> Vec<f32> {
    let (rows, columns) = (height / down, width / across);
    let mut most = vec![f32::NEG_INFINITY; rows * columns * channels];
    for (at, pixel) in input.chunks_exact(channels).enumerate() {
        let (row, column) = (at / width / down, at % width / across);
        if row < rows && column < columns {
            let to = &mut most[(row * columns + column) * channels..][..channels];
            for (most, value) in to.iter_mut().zip(pixel) {
                // What is no number stays none.
                *most = if most.is_nan() || value <= most { *most } else { *value };
            }
        }
    }
    most
}

/// Places of numbers, the largest first.
fn order(numbers: &[f32]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..numbers.len()).collect();
    places.sort_unstable_by(|&a, &b| numbers[b].total_cmp(&numbers[a]).then(a.cmp(&b)));
    places
}

#[cfg(all(test, feature = "flex"))]
mod tests;
