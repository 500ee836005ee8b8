//! The networks, and the file that carries their weights.
//!
//! Four [architectures](Architecture): `convnet` (the default for small images), `efficientnet_lite` (for photographs, by
//! transfer learning), `vgg` and `plain`. A weights file names one of them, so that trainer, evaluator, terminal and browser
//! never do.
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
//! What trains is a `Network` of Burn's tensors, generic over the backend, with a file for each architecture (feature
//! `burn`). What answers is an [`engine`]: [`steps`] reads from a weights file what its network does, [`packed`] does it on
//! the CPU, natively and in the browser, `wgsl` does it on WebGPU (feature `webgpu`), and `operations` is the network of tensors
//! on any of Burn's backends. The [`heads`] then make logits of what an engine gives.

#[cfg(feature = "burn")]
pub mod conv;
#[cfg(feature = "burn")]
pub mod convnet;
pub(crate) mod crc32;
#[cfg(feature = "burn")]
pub mod efficientnet_lite;
pub mod engine;
pub mod heads;
#[cfg(feature = "tch")]
mod libtorch;
#[cfg(feature = "burn")]
mod network;
#[cfg(feature = "burn")]
pub mod network_file;
#[cfg(feature = "burn")]
pub mod operations;
pub mod packed;
#[cfg(feature = "burn")]
pub mod parameters;
#[cfg(feature = "burn")]
pub mod plain;
mod shape;
pub mod sizes;
pub mod splice;
pub mod steps;
#[cfg(feature = "burn")]
pub mod vgg;
pub mod weights;
#[cfg(any(feature = "webgpu", test))]
pub mod wgsl;

#[cfg(feature = "burn")]
pub use network::Network;
pub use shape::{Architecture, Embedding, Form, Pooling, Shape, UnknownName};
