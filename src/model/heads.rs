//! The dense layers that make logits of features, and the maps that features are made of, as plain numbers: for the
//! [classifier](crate::Classifier), whatever made the features, and for whoever takes a logit apart.

use super::packed::{self, Activation, Border, Convolution};

/// The last maps of the views of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps {
    /// `[views, features, rows, columns]`
    pub values: Vec<f32>,
    /// How many views there are.
    pub views: usize,
    /// How many features, and so maps of a view.
    pub features: usize,
    /// Cells from top to bottom.
    pub rows: usize,
    /// Cells from left to right.
    pub columns: usize,
}

/// A dense layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    /// `[inputs, outputs]`, row by row.
    pub weights: Vec<f32>,
    /// One for each output.
    pub bias: Vec<f32>,
}

/// What stands behind the features of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// The head of the classes.
    pub classes: Dense,
    /// That of the wider vocabulary, where there is one.
    pub names: Option<Dense>,
    /// The mean that is subtracted from what the head of the classes reads, if it reads embeddings.
    pub centre: Option<Vec<f32>>,
}

impl Dense {
    /// How many numbers come out.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The same as a convolution of a single pixel.
    pub fn to_convolution(&self) -> Convolution {
        let column = |output| self.weights[output..].iter().step_by(self.outputs());
        Convolution {
            weights: (0..self.outputs()).flat_map(column).copied().collect(),
            bias: self.bias.clone(),
            kernel: 1,
            stride: 1,
            border: Border::Valid,
            activation: Activation::None,
            pool: false,
        }
    }
}

impl Heads {
    /// How many features they read.
    pub fn features(&self) -> usize {
        self.classes.weights.len() / self.classes.outputs()
    }

    /// How many logits they give: those of the classes and of the vocabulary.
    pub fn outputs(&self) -> usize {
        self.classes.outputs() + self.names.as_ref().map_or(0, Dense::outputs)
    }

    /// The logits of a picture's features: those of the classes, then those of the vocabulary where there is one.
    ///
    /// # Shapes
    ///
    /// - `features`: `[features]`
    /// - output: `[outputs]`
    ///
    /// # Panics
    ///
    /// If there are more or fewer features.
    pub fn logits(&self, features: &[f32]) -> Vec<f32> {
        let mut logits = Vec::with_capacity(self.outputs());
        match &self.centre {
            Some(centre) => add(&self.classes, &embedding(features, centre), &mut logits),
            None => add(&self.classes, features, &mut logits),
        }
        if let Some(names) = &self.names {
            add(names, features, &mut logits);
        }
        logits
    }
}

fn add(dense: &Dense, input: &[f32], logits: &mut Vec<f32>) {
    let first = logits.len();
    logits.extend_from_slice(&dense.bias);
    packed::add_weighted_rows(&dense.weights, input, &mut logits[first..]);
}

/// See [`Embedding`](super::Embedding).
fn embedding(features: &[f32], centre: &[f32]) -> Vec<f32> {
    let centred = || features.iter().zip(centre).map(|(feature, centre)| feature - centre);
    // Features that are the mean itself stay what they are: zeros.
    let length = centred().map(|value| value * value).sum::<f32>().sqrt().max(1e-6);
    centred().map(|value| value / length).collect()
}
