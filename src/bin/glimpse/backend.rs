//! What computes: from the name on the command line to the type.

use burn::backend::Flex;
use burn::tensor::backend::Backend;

use super::args::BackendName;

/// Something to be done on whichever backend.
pub trait OnBackend {
    /// What comes of it.
    type Output;

    /// Does it.
    fn run<B: Backend>(self, device: B::Device) -> Self::Output;
}

impl BackendName {
    /// Does something on the backend of this name.
    pub fn run<T: OnBackend>(self, task: T) -> T::Output {
        match self {
            Self::Flex => task.run::<Flex>(Default::default()),
            #[cfg(feature = "tch")]
            Self::Tch | Self::TchBf16 => {
                task.run::<burn::backend::LibTorch>(burn::backend::libtorch::LibTorchDevice::Cpu)
            }
            #[cfg(feature = "wgpu")]
            Self::Wgpu => task.run::<burn::backend::Wgpu>(Default::default()),
            #[cfg(feature = "cuda")]
            Self::Cuda => task.run::<burn::backend::Cuda>(Default::default()),
        }
    }
}
