//! [`Network`]: one of the architectures.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::Tensor;
use burn::tensor::backend::Backend;

use super::convnet::ConvNet;
use super::efficientnet_lite::EfficientNetLite;
use super::parameters::{self, Parameter};
use super::plain::Plain;
use super::vgg::Vgg;
use super::{Architecture, Form, Shape};
use crate::preprocess::Normalisation;

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

    /// The last maps of preprocessed images, of which the features are made, and those features; nothing for an
    /// architecture whose features are not made of one map each.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, features]` and `[batch, features, rows, columns]`
    pub fn features_with_maps(&self, images: Tensor<B, 4>) -> Option<(Tensor<B, 2>, Tensor<B, 4>)> {
        match self {
            Self::ConvNet(network) => {
                let maps = network.maps(images);
                Some((network.pool(maps.clone()), maps))
            }
            Self::EfficientNetLite(network) => {
                let maps = network.maps(images);
                Some((network.pool(maps.clone()), maps))
            }
            Self::Vgg(_) | Self::Plain(_) => None,
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

    /// Multiplications, each with an addition, that convolutions and dense layers take for one image of this side, in
    /// pixels. Norms, activations and poolings are not counted, as is usual.
    pub fn multiply_adds(&self, input_size: usize) -> u64 {
        let backbone = match self {
            Self::ConvNet(network) => network.multiply_adds(input_size),
            Self::Vgg(network) => network.multiply_adds(input_size),
            Self::Plain(network) => network.multiply_adds(input_size),
            Self::EfficientNetLite(network) => network.multiply_adds(input_size),
        };
        let heads = [Some(self.head()), self.vocabulary()].into_iter().flatten();
        backbone + heads.map(|head| head.weight.shape().num_elements() as u64).sum::<u64>()
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
    pub(crate) fn head_centre(&self) -> Option<Tensor<B, 1>> {
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

/// See [`Embedding`](super::Embedding).
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

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::backend::Flex;

    use super::*;
    use crate::model::Embedding;

    #[test]
    fn multiply_adds_are_those_counted_by_hand() {
        let count = |architecture, input_size, outputs, vocabulary| {
            let embedding = Embedding::None;
            let shape = Shape { architecture, input_size, outputs, vocabulary, embedding };
            Network::<Flex>::new(shape, Form::Folded, &Default::default()).multiply_adds(input_size)
        };
        let plain = 30 * 30 * 32 * 27 + 13 * 13 * 64 * 288 + 64 * 6 * 6 * 128 + 128 * 10;
        assert_eq!(count(Architecture::Plain, 32, 10, 0), plain);
        let vgg = 900 * 64 * (27 + 576) + 225 * 128 * (576 + 1152) + 49 * 256 * (1152 + 2304);
        assert_eq!(count(Architecture::Vgg, 32, 10, 0), vgg + 256 * 256 + 2560);
        let whiten = 31 * 31 * 24 * 12;
        let blocks = 961 * 64 * 216 + 225 * 64 * 576 + 225 * 256 * 576 + 49 * 256 * 2304;
        let last = 49 * 256 * 2304 + 9 * 256 * 2304;
        assert_eq!(count(Architecture::ConvNet, 32, 10, 0), whiten + blocks + last + 2560);
        // The published figure of EfficientNet-Lite0 is 407 million, norms, activations and additions included.
        let photo = count(Architecture::EfficientNetLite, 224, 1000, 0);
        assert!((385_000_000..385_500_000).contains(&photo), "{photo}");
        assert_eq!(count(Architecture::EfficientNetLite, 224, 11, 1000), photo + 11 * 1280);
    }
}
