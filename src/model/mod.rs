//! The networks, and the file that carries their weights.
//!
//! Four architectures, each in a file of its own and each generic over the [`Backend`]: [`convnet`]
//! (the default for small images), [`efficientnet_lite`] (for photographs, by transfer learning), [`vgg`] and
//! [`plain`]. [`Network`] is one of them, so that trainer, evaluator, terminal and browser name the
//! architecture once, in the weights file, and never in code.
//!
//! Each is a backbone that makes features of an image, and a last dense layer, the head, that makes logits of the
//! features. Transfer learning keeps the one and replaces the other.
//!
//! A network is trained with batch norms and on normalised pixels. [`Network::fold`] multiplies both
//! into the convolutions before it that need them, and what ships is the folded network: fewer operations
//! and no second place where a mean could drift. For that to be exact at the border of the image, the
//! first convolution has no padding: padding with zeros *after* normalisation is not padding with zeros before
//! it. EfficientNet-Lite came with padding, so its normalisation stays in the weights file's header.
//!
//! To answer, a folded network is made [ready](inference) for its backend: on the CPU, [`packed`] runs the backbone of
//! EfficientNet-Lite faster than Burn's operations do.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::Tensor;
use burn::tensor::backend::Backend;
use serde::{Deserialize, Serialize};

use crate::preprocess::Normalisation;

pub mod conv;
pub mod convnet;
pub mod efficientnet_lite;
pub mod inference;
pub mod packed;
pub mod parameters;
pub mod plain;
pub mod splice;
pub mod vgg;
pub mod weights;

use convnet::ConvNet;
use efficientnet_lite::EfficientNetLite;
use parameters::Parameter;
use plain::Plain;
use vgg::Vgg;

/// The name of a network's shape, as it stands in a weights file and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "train", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// A whitening stem and three blocks of two convolutions: small and quick to train.
    #[cfg_attr(feature = "train", value(name = "convnet"))]
    ConvNet,
    /// Pairs of 3×3 convolutions between poolings, two dense layers: the style of VGG.
    Vgg,
    /// Two convolutions, two poolings, two dense layers: the first network of many a tutorial.
    Plain,
    /// Depthwise and pointwise convolutions, for photographs: meant to start from imported weights.
    #[serde(rename = "efficientnet-lite0")]
    #[cfg_attr(feature = "train", value(name = "efficientnet-lite0"))]
    EfficientNetLite,
}

impl std::fmt::Display for Architecture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ConvNet => "convnet",
            Self::Vgg => "vgg",
            Self::Plain => "plain",
            Self::EfficientNetLite => "efficientnet-lite0",
        })
    }
}

/// What has to be known of a network before its tensors can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Which of the networks.
    pub architecture: Architecture,
    /// Side of the square input, in pixels.
    pub input_size: usize,
    /// How many logits come out: one for each class, or a single one for a question of yes or no.
    pub outputs: usize,
    /// How many logits of a wider vocabulary come after them; 0 where there is none.
    pub vocabulary: usize,
    /// What is known of the backbone's features as embeddings.
    pub embedding: Embedding,
}

/// Features of the backbone as an embedding of a picture: the mean that features have over many photos is subtracted
/// from them, and what remains is given the length 1, so that pictures are compared by the cosine of two of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Embedding {
    /// The mean of the features is not known.
    #[default]
    None,
    /// The mean is known, and the head reads the features themselves.
    Known,
    /// The head reads embeddings: it was taught with a few pictures.
    Read,
}

impl Shape {
    /// The number of logits for so many classes: two classes need only one, the logit of the second.
    pub fn outputs_for(classes: usize) -> usize {
        if classes == 2 { 1 } else { classes }
    }

    /// The smallest side that is worth training: below it, the last layers would look at two pixels or fewer.
    pub fn smallest_input(architecture: Architecture) -> usize {
        match architecture {
            Architecture::ConvNet => 17,
            Architecture::Vgg => 18,
            Architecture::Plain => 10,
            Architecture::EfficientNetLite => 65,
        }
    }
}

/// Whether the network is about to be trained, with its batch norms, or holds folded weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With batch norms: the form that is trained.
    Trainable,
    /// Batch norms and input normalisation multiplied into the convolutions: the form that ships.
    Folded,
}

/// A network of one of the [architectures](Architecture).
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // one value lives per program; a Box would only hide it
pub enum Network<B: Backend> {
    /// See [`ConvNet`].
    ConvNet(ConvNet<B>),
    /// See [`Vgg`].
    Vgg(Vgg<B>),
    /// See [`Plain`].
    Plain(Plain<B>),
    /// See [`EfficientNetLite`].
    EfficientNetLite(EfficientNetLite<B>),
}

impl<B: Backend> Network<B> {
    /// A network with its initial, random weights. They are drawn from the backend's seeded generator,
    /// and only when first used: loading a file over them costs nothing.
    pub fn new(shape: Shape, form: Form, device: &B::Device) -> Self {
        match shape.architecture {
            Architecture::ConvNet => Self::ConvNet(ConvNet::new(shape, form, device)),
            Architecture::Vgg => Self::Vgg(Vgg::new(shape, form, device)),
            Architecture::Plain => Self::Plain(Plain::new(shape, form, device)),
            Architecture::EfficientNetLite => {
                Self::EfficientNetLite(EfficientNetLite::new(shape, form, device))
            }
        }
    }

    /// What the last dense layers see of preprocessed images.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, features]`
    pub fn features(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        match self {
            Self::ConvNet(network) => network.features(images),
            Self::Vgg(network) => network.features(images),
            Self::Plain(network) => network.features(images),
            Self::EfficientNetLite(network) => network.features(images),
        }
    }

    /// The logits of features: those of the classes, then those of the vocabulary where there is one.
    ///
    /// # Shapes
    ///
    /// - `features`: `[batch, features]`
    /// - output: `[batch, outputs + vocabulary]`
    pub fn logits(&self, features: Tensor<B, 2>) -> Tensor<B, 2> {
        logits(self.head(), self.vocabulary(), self.head_centre(), features)
    }

    /// The logits of a batch of preprocessed images.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, outputs + vocabulary]`
    pub fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        self.logits(self.features(images))
    }

    /// The last dense layer.
    pub fn head(&self) -> &Linear<B> {
        match self {
            Self::ConvNet(network) => &network.head,
            Self::Vgg(network) => &network.head,
            Self::Plain(network) => &network.head,
            Self::EfficientNetLite(network) => &network.head,
        }
    }

    /// The same network with another last dense layer.
    pub fn with_head(mut self, head: Linear<B>) -> Self {
        match &mut self {
            Self::ConvNet(network) => network.head = head,
            Self::Vgg(network) => network.head = head,
            Self::Plain(network) => network.head = head,
            Self::EfficientNetLite(network) => network.head = head,
        }
        self
    }

    /// The dense layer of the wider vocabulary, beside the head.
    pub fn vocabulary(&self) -> Option<&Linear<B>> {
        match self {
            Self::EfficientNetLite(network) => network.vocabulary.as_ref(),
            Self::ConvNet(_) | Self::Vgg(_) | Self::Plain(_) => None,
        }
    }

    /// The mean of the features over many photos, where the network knows it.
    pub fn centre(&self) -> Option<Tensor<B, 1>> {
        match self {
            Self::EfficientNetLite(network) => network.centre.as_ref().map(Param::val),
            Self::ConvNet(_) | Self::Vgg(_) | Self::Plain(_) => None,
        }
    }

    /// The same network with another mean of its features over many photos, or without one. An architecture that
    /// has no place for it stays without.
    pub fn with_centre(mut self, centre: Option<Tensor<B, 1>>) -> Self {
        if let Self::EfficientNetLite(network) = &mut self {
            network.centre = centre.map(Param::from_tensor);
        }
        self
    }

    /// The mean that is subtracted from what the head reads, if it reads embeddings.
    fn head_centre(&self) -> Option<Tensor<B, 1>> {
        match self {
            Self::EfficientNetLite(network) if network.head_reads_embedding => self.centre(),
            _ => None,
        }
    }

    /// The same network with another vocabulary, or without one. An architecture that has no place for it stays
    /// without.
    pub fn with_vocabulary(mut self, vocabulary: Option<Linear<B>>) -> Self {
        if let Self::EfficientNetLite(network) = &mut self {
            network.vocabulary = vocabulary;
        }
        self
    }

    /// The same network with its batch norms multiplied into its convolutions, and the input's normalisation, too,
    /// where that is exact. Also gives the normalisation that is still to be done to its input: with that, it gives
    /// the logits that `self` gives for normalised RGB.
    pub fn fold(self, normalisation: &Normalisation) -> (Self, Normalisation) {
        let folded = match self {
            Self::ConvNet(network) => Self::ConvNet(network.fold(normalisation)),
            Self::Vgg(network) => Self::Vgg(network.fold(normalisation)),
            Self::Plain(network) => Self::Plain(network.fold(normalisation)),
            Self::EfficientNetLite(network) => {
                return (Self::EfficientNetLite(network.fold()), *normalisation);
            }
        };
        (folded, Normalisation::IDENTITY)
    }

    /// All parameters; their names start inside the network, without the variant's name.
    pub fn parameters(&self) -> Vec<Parameter> {
        match self {
            Self::ConvNet(network) => parameters::read(network),
            Self::Vgg(network) => parameters::read(network),
            Self::Plain(network) => parameters::read(network),
            Self::EfficientNetLite(network) => parameters::read(network),
        }
    }

    /// Replaces all parameters, with the names of [`Self::parameters`].
    ///
    /// # Errors
    ///
    /// The first error of `values`, which is given a name and a shape.
    pub fn with_parameters<E>(
        self,
        device: &B::Device,
        values: impl FnMut(&str, &[usize]) -> Result<Vec<f32>, E>,
    ) -> Result<Self, E> {
        Ok(match self {
            Self::ConvNet(network) => Self::ConvNet(parameters::write(network, device, values)?),
            Self::Vgg(network) => Self::Vgg(parameters::write(network, device, values)?),
            Self::Plain(network) => Self::Plain(parameters::write(network, device, values)?),
            Self::EfficientNetLite(network) => {
                Self::EfficientNetLite(parameters::write(network, device, values)?)
            }
        })
    }
}

/// The logits of the head, then those of the vocabulary. The head reads embeddings where there is a `centre`.
fn logits<B: Backend>(
    head: &Linear<B>,
    vocabulary: Option<&Linear<B>>,
    centre: Option<Tensor<B, 1>>,
    features: Tensor<B, 2>,
) -> Tensor<B, 2> {
    let read = match centre {
        Some(centre) => embedding(features.clone(), centre),
        None => features.clone(),
    };
    let classes = head.forward(read);
    match vocabulary {
        Some(vocabulary) => Tensor::cat(vec![classes, vocabulary.forward(features)], 1),
        None => classes,
    }
}

/// See [`Embedding`].
///
/// # Shapes
///
/// - `features` and output: `[batch, features]`
/// - `centre`: `[features]`
fn embedding<B: Backend>(features: Tensor<B, 2>, centre: Tensor<B, 1>) -> Tensor<B, 2> {
    let centred = features - centre.unsqueeze();
    // Features that are the mean itself stay what they are: zeros.
    let length = centred.clone().powi_scalar(2).sum_dim(1).sqrt().clamp_min(1e-6);
    centred / length
}
