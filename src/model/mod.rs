//! The networks, and the file that carries their weights.
//!
//! Four architectures, each in a file of its own and each generic over the [`Backend`](burn::tensor::backend::Backend): [`convnet`]
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
//! To answer, a folded network is made [ready](inference) for its backend: on the CPU, [`packed`] runs all that comes before
//! the last dense layer faster than Burn's operations do. [`steps`] reads the same from a file without any backend.

pub mod conv;
pub mod convnet;
pub mod efficientnet_lite;
pub mod heads;
pub mod inference;
#[cfg(feature = "tch")]
mod libtorch;
mod network;
pub mod packed;
pub mod parameters;
pub mod plain;
mod shape;
pub mod splice;
pub mod steps;
pub mod vgg;
pub mod weights;

pub use network::Network;
pub use shape::{Architecture, Embedding, Form, Pooling, Shape, UnknownName};
