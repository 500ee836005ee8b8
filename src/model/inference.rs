//! A network that only answers, in the form in which its backend is quickest.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};

use super::network::{Network, logits};
use super::packed::Packed;

/// A backend that networks answer on.
pub trait Inference: Backend {
    /// Whether its tensors lie in the memory of the processor that runs this program. There, and only there,
    /// [`Packed`] is the faster way; to a GPU a network goes as Burn's operations.
    const PACKED: bool = false;
}

#[cfg(feature = "cpu")]
impl Inference for burn::backend::Flex {
    const PACKED: bool = true;
}

#[cfg(feature = "webgpu")]
impl Inference for burn_wgpu::CubeBackend<burn_wgpu::WgpuRuntime, f32, i32, u32> {}

/// See the [module](self).
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // one value lives per program; a Box would only hide it
enum Form<B: Backend> {
    /// On the backend, operation by operation.
    Burn(Network<B>),
    /// All before the head on slices. The tensors are dropped: the weights are held once.
    Packed {
        backbone: Packed,
        head: Linear<B>,
        vocabulary: Option<Linear<B>>,
        /// The mean of the features, where the head reads embeddings.
        centre: Option<Tensor<B, 1>>,
    },
}

/// See the [module](self).
#[derive(Debug)]
pub struct Ready<B: Backend> {
    form: Form<B>,
    parameters: usize,
}

impl<B: Inference> Ready<B> {
    /// Makes a folded network ready.
    ///
    /// # Panics
    ///
    /// If its batch norms are not folded.
    pub fn new(network: Network<B>) -> Self {
        let parameters = network.num_params();
        let centre = network.head_centre();
        let form = if B::PACKED {
            Form::Packed {
                centre,
                backbone: Packed::new(&network.steps()),
                head: network.head().clone(),
                vocabulary: network.vocabulary().cloned(),
            }
        } else {
            Form::Burn(network)
        };
        Self { form, parameters }
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// The last dense layer.
    pub fn head(&self) -> &Linear<B> {
        match &self.form {
            Form::Burn(network) => network.head(),
            Form::Packed { head, .. } => head,
        }
    }

    /// As [`Network::features`], of at least one image.
    pub fn features(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        match &self.form {
            Form::Burn(network) => network.features(images),
            Form::Packed { backbone, .. } => {
                let ([batch, _, height, width], device) = (images.dims(), images.device());
                let images = images.into_data();
                let images = images.as_slice::<f32>().expect("f32, as everywhere on this backend");
                let features = backbone.forward(images, height, width);
                let wide = features.len() / batch;
                Tensor::from_data(TensorData::new(features, [batch, wide]), &device)
            }
        }
    }

    /// As [`Network::features_with_maps`], of at least one image.
    pub fn features_with_maps(&self, images: Tensor<B, 4>) -> Option<(Tensor<B, 2>, Tensor<B, 4>)> {
        match &self.form {
            Form::Burn(network) => network.features_with_maps(images),
            Form::Packed { backbone, .. } => {
                let ([batch, _, height, width], device) = (images.dims(), images.device());
                let images = images.into_data();
                let images = images.as_slice::<f32>().expect("f32, as everywhere on this backend");
                let (features, maps, [rows, columns]) =
                    backbone.forward_with_maps(images, height, width)?;
                let wide = features.len() / batch;
                Some((
                    Tensor::from_data(TensorData::new(features, [batch, wide]), &device),
                    Tensor::from_data(TensorData::new(maps, [batch, wide, rows, columns]), &device),
                ))
            }
        }
    }

    /// The dense layer of the wider vocabulary, where there is one.
    pub fn vocabulary(&self) -> Option<&Linear<B>> {
        match &self.form {
            Form::Burn(network) => network.vocabulary(),
            Form::Packed { vocabulary, .. } => vocabulary.as_ref(),
        }
    }

    /// The mean that is subtracted from what the head reads, if it reads embeddings.
    pub fn head_centre(&self) -> Option<Tensor<B, 1>> {
        match &self.form {
            Form::Burn(network) => network.head_centre(),
            Form::Packed { centre, .. } => centre.clone(),
        }
    }

    /// As [`Network::logits`].
    pub fn logits(&self, features: Tensor<B, 2>) -> Tensor<B, 2> {
        match &self.form {
            Form::Burn(network) => network.logits(features),
            Form::Packed { head, vocabulary, centre, .. } => {
                logits(head, vocabulary.as_ref(), centre.clone(), features)
            }
        }
    }
}
