//! The networks on WebGPU: kernels of our own in WGSL, on the runtime of Burn's GPU backends.
//!
//! CubeCL is what Burn's backends for GPUs stand on. It gives the device, its queue and memory, and takes kernels as text as
//! well as its own; here all of them are text, so that nothing of its compiler is linked. With Burn's operations the browser's
//! module was almost three times as large, and the photo network had 131 dispatches where it has 50.
//!
//! - Channels come last, in vectors of four. One invocation computes four channels of several pixels, so that each weight it
//!   loads is used for all of them, and neighbours in a workgroup load neighbouring weights.
//! - Bias, activation, residual and 2×2 maximum are applied to the sums before they are stored.
//! - A kernel knows the size of a convolution, not that of maps: these are in small buffers that are made once, and a
//!   network of 50 layers has a dozen kernels to compile.
//! - All dispatches of a picture are one pass, and what comes back is read once.
//!
//! `plan` makes calls of kernels of a network's steps, `kernel` knows the kernels, whose text is in the files beside it with
//! loops that `template` writes out, and `engine` brings all of that to a device.

#[cfg(feature = "webgpu")]
mod engine;
mod kernel;
// Without the feature nobody but the tests reads a plan.
#[cfg_attr(not(feature = "webgpu"), allow(dead_code))]
mod plan;
mod template;

#[cfg(feature = "webgpu")]
pub use engine::{Wgsl, start};
