//! Networks of inverted residuals (EfficientNet-Lite, MobileNet V2) on plain slices: the forward pass of the CPU.
//!
//! Such a network is a stem, blocks of three convolutions each (1×1 to many channels, one filter per channel,
//! 1×1 back to few) and a last convolution before the mean over all pixels. Burn's operations run it too, on every
//! backend, and are what it is trained and tested with. On the CPU they do more than the arithmetic: every convolution
//! rearranges its weights anew, the filters per channel run over rows that are shorter than their overhead, and bias,
//! ReLU6 and residual each walk through memory again. One picture of 224 pixels takes them 39.8 ms, and this module
//! 26.3 ms (medians of `cargo bench --bench network`, natively on one core of an Intel Xeon, 2026-11-26, with the features
//! of the browser's module). With those of the trainer, which give Burn AVX-512, the two are equal.
//!
//! [`Packed`] computes the same in inference:
//!
//! - Channels come in groups of eight, and a group's image lies in one piece: `[channels / 8, height, width, 8]`.
//!   Every loop works on four neighbouring pixels of one group, so there is no left-over in the channels, a stride
//!   is a step in whole vectors, and the sums stay in registers.
//! - The widest tensor of a block, between expansion and filter, never exists: eight of its channels are made
//!   into a frame of zeros and filtered from there, and the next eight overwrite them.
//! - Bias, ReLU6 and residual are applied to the sums before they are stored.
//! - The weights are put into the order of their use once, by [`Packed::new`].
//!
//! There is no backend here: numbers in, numbers out.

mod kernels;
mod lanes;

use kernels::{
    Axis, Frame, Image, Panels, Pixel, RGB, STEM_KERNEL, STEM_STRIDE, depthwise, pointwise,
};
use lanes::{LANES, Lanes};

/// A convolution before its weights are packed.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// `[channels_out, channels_in, kernel, kernel]`; for a depthwise convolution `channels_in` is 1.
    pub weights: &'a [f32],
    /// `[channels_out]`
    pub bias: &'a [f32],
    /// Side of the kernel.
    pub kernel: usize,
    /// Step from one output to the next.
    pub stride: usize,
}

/// What an inverted residual consists of. It adds its input to its output where both have the same shape.
#[derive(Debug, Clone, Copy)]
pub struct InvertedResidual<'a> {
    /// 1×1 with ReLU6; absent in the first block, which filters what the stem gives, and only there.
    pub expand: Option<Layer<'a>>,
    /// 3×3 or 5×5, stride 1 or 2, one filter per channel, with ReLU6.
    pub depthwise: Layer<'a>,
    /// 1×1, linear.
    pub project: Layer<'a>,
}

/// A network, its weights packed.
#[derive(Debug)]
pub struct Packed {
    stem: Panels,
    blocks: Vec<Block>,
    top: Panels,
}

impl Packed {
    /// Packs a 3×3 stem of stride 2, blocks, and a 1×1 convolution with ReLU6 before the global average.
    ///
    /// # Panics
    ///
    /// Where a number of channels is not a multiple of eight, or a depthwise kernel and stride are not among 3×3,
    /// 5×5 and 1, 2.
    pub fn new(stem: Layer, blocks: &[InvertedResidual], top: Layer) -> Self {
        assert_eq!(
            (stem.kernel, stem.stride),
            (STEM_KERNEL, STEM_STRIDE),
            "the stem's kernel and stride"
        );
        let inner = |layer: &Layer| {
            assert_eq!(layer.bias.len() % LANES, 0, "channels come in groups of {LANES}");
            Panels::new(layer.weights, layer.bias)
        };
        let block = |(index, block): (usize, &InvertedResidual)| {
            assert_eq!(block.expand.is_none(), index == 0, "the first block alone is not expanded");
            let (kernel, stride) = (block.depthwise.kernel, block.depthwise.stride);
            assert!(
                matches!((kernel, stride), (3 | 5, 1 | 2)),
                "depthwise {kernel}×{kernel}, stride {stride}"
            );
            Block {
                expand: block.expand.as_ref().map(inner),
                depthwise: inner(&block.depthwise),
                kernel,
                stride,
                project: inner(&block.project),
            }
        };
        let unlike = |(first, stem): (&InvertedResidual, usize)| {
            first.project.bias.len() != stem || first.depthwise.stride != 1
        };
        assert!(
            blocks.first().is_some_and(|first| unlike((first, stem.bias.len()))),
            "the first block has no residual"
        );
        Self {
            stem: inner(&stem),
            blocks: blocks.iter().enumerate().map(block).collect(),
            top: inner(&top),
        }
    }

    /// The features of a batch of images of any size.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, height, width]`
    /// - output: `[batch, features]`
    pub fn forward(&self, images: &[f32], height: usize, width: usize) -> Vec<f32> {
        let images = images.chunks_exact(RGB * height * width);
        images.flat_map(|image| self.forward_one(image, height, width, None)).collect()
    }

    /// As [`Packed::forward`], and with the maps that the features are the means of.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, height, width]`
    /// - output: `[batch, features]` and `[batch, features, rows, columns]`, a row and a column for each 32 pixels of the
    ///   image and for what is left of them
    pub fn forward_with_maps(
        &self,
        images: &[f32],
        height: usize,
        width: usize,
    ) -> (Vec<f32>, Vec<f32>) {
        let (mut features, mut maps) = (Vec::new(), Vec::new());
        for image in images.chunks_exact(RGB * height * width) {
            features.extend(self.forward_one(image, height, width, Some(&mut maps)));
        }
        (features, maps)
    }

    fn forward_one(
        &self,
        image: &[f32],
        height: usize,
        width: usize,
        maps: Option<&mut Vec<f32>>,
    ) -> Vec<f32> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: this processor has what the function is compiled for.
            return unsafe { self.forward_avx2(image, height, width, maps) };
        }
        self.forward_any(image, height, width, maps)
    }

    /// The same, compiled for vectors of eight, which are not in every x86-64 processor.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn forward_avx2(
        &self,
        image: &[f32],
        height: usize,
        width: usize,
        maps: Option<&mut Vec<f32>>,
    ) -> Vec<f32> {
        self.forward_any(image, height, width, maps)
    }

    #[inline(always)]
    fn forward_any(
        &self,
        image: &[f32],
        height: usize,
        width: usize,
        maps: Option<&mut Vec<f32>>,
    ) -> Vec<f32> {
        let image = Image::new(image, height, width);
        let (first, blocks) = self.blocks.split_first().expect("a network has blocks");
        let stem = |i, frame: &mut Frame| image.stem(self.stem.get(i), frame);
        let mut x = first.projected(&first.filter(image.rows.out, image.columns.out, stem), None);
        for block in blocks {
            x = block.forward(&x);
        }
        self.pooled(&x, maps)
    }

    /// The last convolution and the mean over all pixels. What the means are of is added to `maps`: channel by channel.
    #[inline(always)]
    fn pooled(&self, input: &Maps, maps: Option<&mut Vec<f32>>) -> Vec<f32> {
        let pixels = input.height * input.width;
        let mut none = Vec::new();
        let keep = maps.is_some();
        let maps = maps.unwrap_or(&mut none);
        let zero = Lanes::load(&[0.0; LANES]);
        let mut features = vec![[0.0; LANES]; self.top.len()];
        for (panel, feature) in self.top.iter().zip(&mut features) {
            let (mut total, mut counted) = (zero, 0);
            let base = maps.len();
            if keep {
                maps.resize(base + LANES * pixels, 0.0);
            }
            pointwise(panel, &input.values, pixels, |first, sums| {
                // The last tile repeats pixels of the one before it.
                for (at, sum) in (counted..).zip(&sums[counted - first..]) {
                    let sum = sum.relu6();
                    total = total + sum;
                    if keep {
                        let mut values = [0.0; LANES];
                        sum.store(&mut values);
                        for (channel, value) in values.into_iter().enumerate() {
                            maps[base + channel * pixels + at] = value;
                        }
                    }
                }
                counted = first + sums.len();
            });
            zero.add_scaled(1.0 / pixels as f32, total).store(feature);
        }
        features.into_flattened()
    }
}

/// Feature maps.
struct Maps {
    /// `[channels / 8, height, width, 8]`
    values: Vec<Pixel>,
    height: usize,
    width: usize,
}

/// An inverted residual, its weights packed.
#[derive(Debug)]
struct Block {
    expand: Option<Panels>,
    depthwise: Panels,
    kernel: usize,
    stride: usize,
    project: Panels,
}

impl Block {
    #[inline(always)]
    fn forward(&self, input: &Maps) -> Maps {
        let expand = self.expand.as_ref().expect("only the first block has none");
        let filtered = self.filter(input.height, input.width, |i, frame| {
            let put = |first, sums: &[Lanes]| frame.put(first, sums);
            pointwise(expand.get(i), &input.values, input.height * input.width, put);
        });
        let same = self.stride == 1
            && self.project.len() * input.height * input.width == input.values.len();
        self.projected(&filtered, same.then_some(input))
    }

    /// The depthwise convolution of what `fill(i, frame)` writes: the `i`th eight channels.
    #[inline(always)]
    fn filter(&self, height: usize, width: usize, mut fill: impl FnMut(usize, &mut Frame)) -> Maps {
        let rows = Axis::same(height, self.kernel, self.stride);
        let columns = Axis::same(width, self.kernel, self.stride);
        let mut frame = Frame::new(rows, columns);
        let mut values = vec![[0.0; LANES]; self.depthwise.len() * rows.out * columns.out];
        let outputs = values.chunks_exact_mut(rows.out * columns.out);
        for (i, (panel, output)) in self.depthwise.iter().zip(outputs).enumerate() {
            fill(i, &mut frame);
            match (self.kernel, self.stride) {
                (3, 1) => depthwise::<3, 1>(panel, &frame, output),
                (3, 2) => depthwise::<3, 2>(panel, &frame, output),
                (5, 1) => depthwise::<5, 1>(panel, &frame, output),
                _ => depthwise::<5, 2>(panel, &frame, output),
            }
        }
        Maps { values, height: rows.out, width: columns.out }
    }

    #[inline(always)]
    fn projected(&self, input: &Maps, residual: Option<&Maps>) -> Maps {
        let pixels = input.height * input.width;
        let mut values = vec![[0.0; LANES]; self.project.len() * pixels];
        for (i, (panel, output)) in
            self.project.iter().zip(values.chunks_exact_mut(pixels)).enumerate()
        {
            let residual = residual.map(|maps| &maps.values[i * pixels..][..pixels]);
            pointwise(panel, &input.values, pixels, |first, sums| {
                for (at, sum) in (first..).zip(sums) {
                    let residual = residual.map_or([0.0; LANES], |residual| residual[at]);
                    (*sum + Lanes::load(&residual)).store(&mut output[at]);
                }
            });
        }
        Maps { values, ..*input }
    }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use burn::backend::Flex;
    use burn::module::Module;
    use burn::nn::PaddingConfig2d;
    use burn::nn::conv::{Conv2d, Conv2dConfig};
    use burn::tensor::backend::Backend;
    use burn::tensor::{Distribution, Tensor};

    use super::*;

    /// A convolution in Burn, and its numbers.
    struct Both {
        conv: Conv2d<Flex>,
        weights: Vec<f32>,
        bias: Vec<f32>,
    }

    impl Both {
        fn new(channels: [usize; 2], kernel: usize, stride: usize, groups: usize) -> Self {
            let conv: Conv2d<Flex> = Conv2dConfig::new(channels, [kernel; 2])
                .with_stride([stride; 2])
                .with_groups(groups)
                .with_padding(PaddingConfig2d::Same)
                .init(&Default::default());
            let values = |tensor: burn::tensor::TensorData| tensor.to_vec().unwrap();
            let weights = values(conv.weight.val().into_data());
            let bias = values(conv.bias.as_ref().unwrap().val().into_data());
            Self { conv: conv.no_grad(), weights, bias }
        }

        fn layer(&self) -> Layer<'_> {
            let (kernel, stride) = (self.conv.kernel_size[0], self.conv.stride[0]);
            Layer { weights: &self.weights, bias: &self.bias, kernel, stride }
        }

        fn relu6(&self, input: Tensor<Flex, 4>) -> Tensor<Flex, 4> {
            self.conv.forward(input).clamp(0.0, 6.0)
        }
    }

    #[test]
    fn every_kind_of_block_agrees_with_burn_at_every_kind_of_size() {
        let device = Default::default();
        Flex::seed(&device, 3);
        for (kernel, stride) in [(3, 1), (3, 2), (5, 1), (5, 2)] {
            let stem = Both::new([3, 16], 3, 2, 1);
            let first = [Both::new([16, 16], kernel, 1, 16), Both::new([16, 8], 1, 1, 1)];
            // The second of them has a residual, if its stride is 1.
            let [second, third] = [[8, 24], [24, 24]].map(|[from, to]| {
                let filter = Both::new([48, 48], kernel, stride, 48);
                [Both::new([from, 48], 1, 1, 1), filter, Both::new([48, to], 1, 1, 1)]
            });
            let top = Both::new([24, 40], 1, 1, 1);
            let mut blocks = vec![InvertedResidual {
                expand: None,
                depthwise: first[0].layer(),
                project: first[1].layer(),
            }];
            for [expand, depthwise, project] in [&second, &third] {
                blocks.push(InvertedResidual {
                    expand: Some(expand.layer()),
                    depthwise: depthwise.layer(),
                    project: project.layer(),
                });
            }
            let packed = Packed::new(stem.layer(), &blocks, top.layer());

            for [height, width] in [[1, 1], [3, 2], [5, 9], [8, 8], [9, 31], [17, 12], [33, 64]] {
                let images = Tensor::<Flex, 4>::random(
                    [2, 3, height, width],
                    Distribution::Uniform(-1.0, 1.0),
                    &device,
                );
                let mut maps = first[1].conv.forward(first[0].relu6(stem.relu6(images.clone())));
                for [expand, depthwise, project] in [&second, &third] {
                    let input = maps.clone();
                    maps = project.conv.forward(depthwise.relu6(expand.relu6(maps)));
                    if maps.dims() == input.dims() && stride == 1 {
                        maps = maps + input;
                    }
                }
                let maps = top.relu6(maps);
                let maps_of_burn: Vec<f32> = maps.clone().into_data().to_vec().unwrap();
                let expected: Vec<f32> = maps.mean_dim(3).mean_dim(2).into_data().to_vec().unwrap();
                let images: Vec<f32> = images.into_data().to_vec().unwrap();
                let found = packed.forward(&images, height, width);
                let (same, kept) = packed.forward_with_maps(&images, height, width);
                assert_eq!(same, found);
                assert_eq!(kept.len(), maps_of_burn.len());
                for (found, expected) in kept.iter().zip(&maps_of_burn) {
                    assert!((found - expected).abs() < 1e-5, "{found}, not {expected}, in a map");
                }
                assert_eq!(found.len(), expected.len());
                let most = expected.iter().copied().fold(0.0, f32::max);
                assert!(most > 1e-2, "the outputs say nothing: {most}");
                for (found, expected) in found.iter().zip(&expected) {
                    assert!(
                        (found - expected).abs() < 1e-5,
                        "{found}, not {expected}, for kernel {kernel}, stride {stride}, {height} × {width}"
                    );
                }
            }
        }
    }
}
