//! The sizes of each architecture: what its network of tensors, which is trained, and the [`steps`](super::steps) that are
//! read from its file have in common.

/// Of [`Architecture::ConvNet`](super::Architecture::ConvNet).
pub mod convnet {
    /// Side of the whitening patches.
    pub const PATCH: usize = 2;
    /// Values in a whitening patch: three channels of `PATCH`×`PATCH` pixels.
    pub const PATCH_VALUES: usize = 3 * PATCH * PATCH;
    /// Filters of the stem: every whitening direction and its negative.
    pub const STEM: usize = 2 * PATCH_VALUES;
    /// Channels of the three blocks.
    pub const WIDTHS: [usize; 3] = [64, 256, 256];
}

/// Of [`Architecture::Vgg`](super::Architecture::Vgg).
pub mod vgg {
    /// Channels of the five stages.
    pub const WIDTHS: [usize; 5] = [64, 128, 256, 512, 512];
    /// Width of the hidden dense layer.
    pub const HIDDEN: usize = 256;
    /// The smallest map that is still worth a stage of its own.
    pub const SMALLEST_MAP: usize = 6;
}

/// Of [`Architecture::Plain`](super::Architecture::Plain).
pub mod plain {
    /// Filters of the two convolutions.
    pub const WIDTHS: [usize; 2] = [32, 64];
    /// Width of the dense layer.
    pub const HIDDEN: usize = 128;

    /// The side of the last maps: each unpadded convolution takes two pixels off a side, each pooling halves it.
    pub fn last_map(input_size: usize) -> usize {
        ((input_size - 2) / 2 - 2) / 2
    }
}

/// Of [`Architecture::EfficientNetLite`](super::Architecture::EfficientNetLite).
pub mod efficientnet_lite {
    /// Channels of the stem.
    pub const STEM: usize = 32;
    /// Channels of the last convolution, and so the number of features.
    pub const FEATURES: usize = 1280;

    /// Blocks of the same kind, one after the other. Only the first of them changes the size and the channels.
    pub struct Stage {
        /// How many.
        pub blocks: usize,
        /// Side of their depthwise kernels.
        pub kernel: usize,
        /// Stride of the first.
        pub stride: usize,
        /// How many times as many channels there are inside a block.
        pub expansion: usize,
        /// Channels that come out.
        pub channels: usize,
    }

    /// The seven of the published network.
    #[rustfmt::skip] // a table
    pub const STAGES: [Stage; 7] = [
        Stage { blocks: 1, kernel: 3, stride: 1, expansion: 1, channels: 16 },
        Stage { blocks: 2, kernel: 3, stride: 2, expansion: 6, channels: 24 },
        Stage { blocks: 2, kernel: 5, stride: 2, expansion: 6, channels: 40 },
        Stage { blocks: 3, kernel: 3, stride: 2, expansion: 6, channels: 80 },
        Stage { blocks: 3, kernel: 5, stride: 1, expansion: 6, channels: 112 },
        Stage { blocks: 4, kernel: 5, stride: 2, expansion: 6, channels: 192 },
        Stage { blocks: 1, kernel: 3, stride: 1, expansion: 6, channels: 320 },
    ];

    /// How many blocks each stage has.
    pub fn blocks_of_stages() -> impl Iterator<Item = usize> {
        STAGES.iter().map(|stage| stage.blocks)
    }
}
