//! The networks on plain slices: the forward pass of the CPU, the same natively and in the browser.
//!
//! A network says what it does as a list of [`Step`]s. Burn's operations run it too, on every backend, and are what it is
//! trained and tested with. On the CPU they do more than the arithmetic: every convolution rearranges its weights
//! anew, filters per channel run over rows that are shorter than their overhead, and bias, activation, pooling and
//! residual each walk through memory again.
//!
//! [`Packed`] computes the same in inference:
//!
//! - Channels come last: `[height, width, channels]`. All convolutions but the depthwise ones are one kernel (`gemm`).
//! - 3×3 convolutions of integers with a step of one are transformed and take half of the multiplications (`winograd`).
//! - Where the weights are bytes times a scale for each output channel, as in the files that are shipped, it multiplies
//!   16-bit integers, two at a time: the bytes, and activations that are scaled to 15 bits and a sign by the largest of
//!   their map. Sums of 32 bits don't overflow: a layer whose weights could make them has fewer bits in its activations.
//!   A network with any other weights is computed in single precision, by the same code (`number`).
//! - Bias, activation, residual and 2×2 maximum are applied to the sums before they are stored (`epilogue`), and of what
//!   a maximum drops at an odd border nothing is computed.
//! - The widest tensor of an inverted residual, between expansion and filter, never exists (`block`). A filter goes over two
//!   rows of its channel at a time (`depthwise`).
//! - The outputs of a layer are shared out among threads where there are several, with the same bits as with one (`pool`).
//! - The weights are put into the order of their use once, by [`Packed::new`], and the memory that a picture needs is kept
//!   for the next one.
//!
//! One image in WebAssembly, the least of 200 runs or more in turns, in Node 20 on one core of an AMD EPYC (2026-11-28): the
//! small network 1.4 ms, where it took 1.8 ms while the sums of a tile didn't stay in registers, and 3.3 ms before convolutions
//! were transformed; the photo network at 224 pixels, with its names, 10.5 ms, before 12.8 ms. More than half of that are
//! multiplications in `gemm`, of which each instruction does eight, with as many additions, and six loads for every sixteen
//! instructions of both; then come what is done to sums before they are stored, and filters per channel. On an Intel Xeon single
//! precision took twice as long as integers. Packing the photo network takes 9 ms, the small one 5 ms.
//!
//! Natively, on an x86-64 processor, the multiplications and the filters have vectors of 256 or 512 bits where it has them (`wide`):
//! the same bits, in less time.
//!
//! There is no backend here: numbers in, numbers out. [`Packed::watch`] shows what every step gives.

mod axis;
mod block;
mod channels;
mod dense;
mod depthwise;
mod epilogue;
mod frame;
mod gemm;
mod lanes;
mod layer;
mod number;
mod pool;
mod room;
mod rows;
mod sums;
mod tile;
#[cfg(target_arch = "x86_64")]
mod wide;
mod winograd;

use std::sync::{Mutex, PoisonError};

#[cfg(any(feature = "tch", feature = "webgpu", test))]
pub(super) use axis::Axis;
use block::Block;
use dense::Dense;
pub use epilogue::Activation;
#[cfg(any(feature = "webgpu", test))]
pub(super) use epilogue::gelu;
pub use layer::{Border, Convolution, InvertedResidual, Step};
use number::Number;
use pool::{MOST_THREADS, Scattered};
pub use pool::{Pool, shared as shared_pool};
pub use room::Maps;
use room::{Room, first};
pub(super) use rows::add_weighted_rows;
use winograd::Winograd;

const RGB: usize = 3;
/// So many channels an image has here: the fourth is zero.
const IMAGE: usize = 4;

/// A network, its weights packed.
#[derive(Debug)]
pub struct Packed(Form);

#[derive(Debug)]
enum Form {
    Integers(Net<i16>),
    Floats(Net<f32>),
}

impl Packed {
    /// Packs a network's steps.
    ///
    /// # Panics
    ///
    /// Where a number of channels is not a multiple of eight, or a depthwise kernel and stride are not among 3×3,
    /// 5×5 and 1, 2.
    pub fn new(steps: &[Step]) -> Self {
        Self::with(steps, pool::shared())
    }

    /// As [`Packed::new`], with the help of these threads.
    fn with(steps: &[Step], pool: &'static Pool) -> Self {
        let form = match Net::new(steps, pool) {
            Some(net) => Form::Integers(net),
            None => {
                Form::Floats(Net::new(steps, pool).expect("single precision holds every weight"))
            }
        };
        Self(form)
    }

    /// The features of a batch of images of any size.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, height, width]`
    /// - output: `[batch, features]`
    pub fn forward(&self, images: &[f32], height: usize, width: usize) -> Vec<f32> {
        let mut features = Vec::new();
        for image in images.chunks_exact(RGB * height * width) {
            self.watch(image, height, width, |step, maps| {
                if step + 1 == self.steps() {
                    features.extend_from_slice(maps.values);
                }
            });
        }
        features
    }

    /// As [`Packed::forward`], and with the maps that the features are the means or the largest of; nothing where they are
    /// something else.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, height, width]`
    /// - output: `[batch, features]`, `[batch, features, rows, columns]`, and the rows and columns
    pub fn forward_with_maps(
        &self,
        images: &[f32],
        height: usize,
        width: usize,
    ) -> Option<(Vec<f32>, Vec<f32>, [usize; 2])> {
        if !match &self.0 {
            Form::Integers(net) => net.pools(),
            Form::Floats(net) => net.pools(),
        } {
            return None;
        }
        let (mut features, mut planes, mut size) = (Vec::new(), Vec::new(), [0; 2]);
        for image in images.chunks_exact(RGB * height * width) {
            self.watch(image, height, width, |step, maps| {
                if step + 1 == self.steps() {
                    features.extend_from_slice(maps.values);
                } else if step + 2 == self.steps() {
                    size = [maps.height, maps.width];
                    for channel in 0..maps.channels {
                        planes.extend(maps.values[channel..].iter().step_by(maps.channels));
                    }
                }
            });
        }
        Some((features, planes, size))
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        match &self.0 {
            Form::Integers(net) => net.steps.len(),
            Form::Floats(net) => net.steps.len(),
        }
    }

    /// Whether the weights were bytes, so that integers are multiplied.
    pub fn integers(&self) -> bool {
        matches!(self.0, Form::Integers(_))
    }

    /// Runs one image through the network and shows what comes out of every step, with the step's index. Before a
    /// [`Step::Mean`] or [`Step::Max`], the last but one, those are the maps that say where a feature was found.
    ///
    /// # Shapes
    ///
    /// - `image`: `[3, height, width]`
    pub fn watch(
        &self,
        image: &[f32],
        height: usize,
        width: usize,
        mut seen: impl FnMut(usize, Maps<'_>),
    ) {
        match &self.0 {
            Form::Integers(net) => net.run(image, height, width, &mut seen),
            Form::Floats(net) => net.run(image, height, width, &mut seen),
        }
    }
}

/// A network in one kind of numbers.
#[derive(Debug)]
struct Net<N: Number> {
    steps: Vec<Ready<N>>,
    /// One for every thread that has been here at a time.
    rooms: Mutex<Vec<Room<N>>>,
    pool: &'static Pool,
}

/// A step, its weights packed.
#[derive(Debug)]
enum Ready<N: Number> {
    Dense(Dense<N>),
    Winograd(Winograd),
    Block(Box<Block<N>>),
    Mean,
    Max,
}

impl<N: Number> Net<N> {
    fn new(steps: &[Step], pool: &'static Pool) -> Option<Self> {
        let ready = |step: &Step| {
            Some(match step {
                Step::Convolution(layer) => {
                    match N::WHOLE.then(|| Winograd::new(layer)).flatten() {
                        Some(winograd) => Ready::Winograd(winograd),
                        None => Ready::Dense(Dense::new(layer)?),
                    }
                }
                Step::InvertedResidual(block) => Ready::Block(Box::new(Block::new(block)?)),
                Step::Mean => Ready::Mean,
                Step::Max => Ready::Max,
            })
        };
        let steps = steps.iter().map(ready).collect::<Option<_>>()?;
        Some(Self { steps, rooms: Mutex::default(), pool })
    }

    /// Whether the last step puts each map into one number.
    fn pools(&self) -> bool {
        matches!(self.steps.last(), Some(Ready::Mean | Ready::Max))
    }

    fn run(
        &self,
        image: &[f32],
        height: usize,
        width: usize,
        seen: &mut dyn FnMut(usize, Maps<'_>),
    ) {
        let rooms = || self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = rooms().pop().unwrap_or_default();
        let [mut from, mut to] = std::mem::take(&mut room.maps);
        lay_image(image, height * width, self.pool, &mut from);
        let (mut height, mut width, mut channels) = (height, width, IMAGE);
        for (index, step) in self.steps.iter().enumerate() {
            let values = &from[..height * width * channels];
            let input = Maps { values, height, width, channels };
            [height, width] = match step {
                Ready::Dense(dense) => {
                    channels = dense.channels_out();
                    dense.forward(input, &mut room, self.pool, &mut to)
                }
                Ready::Winograd(winograd) => {
                    channels = winograd.channels_out();
                    winograd.forward(input, &mut room.tiles, self.pool, &mut to)
                }
                Ready::Block(block) => {
                    channels = block.channels_out();
                    block.forward(input, &mut room, self.pool, &mut to)
                }
                Ready::Mean => over_all(
                    input,
                    &mut to,
                    |sum, value| sum + value,
                    |sum| sum / (height * width) as f32,
                ),
                Ready::Max => over_all(
                    input,
                    &mut to,
                    |most, value| if most < value { value } else { most },
                    |most| most,
                ),
            };
            let values = &to[..height * width * channels];
            seen(index, Maps { values, height, width, channels });
            std::mem::swap(&mut from, &mut to);
        }
        room.maps = [from, to];
        rooms().push(room);
    }
}

/// Brings an image's colours together.
fn lay_image(image: &[f32], pixels: usize, pool: &Pool, to: &mut Vec<f32>) {
    /// What a pixel costs, beside a product of two numbers.
    const COST: usize = 32;
    assert_eq!(image.len(), RGB * pixels, "an image of that size");
    let (red, rest) = image.split_at(pixels);
    let (green, blue) = rest.split_at(pixels);
    let to = Scattered::new(first(to, pixels * IMAGE));
    pool.share(pixels, COST, &mut [(); MOST_THREADS], |range, ()| {
        // SAFETY: no other thread has these pixels.
        let to = unsafe { to.slice(range.start * IMAGE, range.len() * IMAGE) };
        let [red, green, blue] = [red, green, blue].map(|plane| &plane[range.clone()]);
        let (to, _) = to.as_chunks_mut::<IMAGE>();
        for (((to, red), green), blue) in to.iter_mut().zip(red).zip(green).zip(blue) {
            *to = [*red, *green, *blue, 0.0];
        }
    });
}

/// One pixel out of all.
fn over_all(
    input: Maps<'_>,
    to: &mut Vec<f32>,
    with: impl Fn(f32, f32) -> f32,
    finish: impl Fn(f32) -> f32,
) -> [usize; 2] {
    let (corner, others) = input.values.split_at(input.channels);
    let to = first(to, input.channels);
    to.copy_from_slice(corner);
    for pixel in others.chunks_exact(input.channels) {
        for (to, value) in to.iter_mut().zip(pixel) {
            *to = with(*to, *value);
        }
    }
    for to in to {
        *to = finish(*to);
    }
    [1, 1]
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::backend::Flex;
    use burn::module::Module;
    use burn::nn::PaddingConfig2d;
    use burn::nn::conv::{Conv2d, Conv2dConfig};
    use burn::tensor::activation::{gelu, relu};
    use burn::tensor::module::max_pool2d;
    use burn::tensor::{Tensor, TensorData};

    use super::*;

    type Images = Tensor<Flex, 4>;

    /// A convolution's numbers.
    fn numbers(conv: &Conv2d<Flex>, activation: Activation) -> Convolution {
        Convolution {
            weights: floats(conv.weight.val()),
            bias: floats(conv.bias.as_ref().expect("it has one").val()),
            kernel: conv.kernel_size[0],
            stride: conv.stride[0],
            border: match conv.padding {
                PaddingConfig2d::Valid => Border::Valid,
                _ => Border::Same,
            },
            activation,
            pool: false,
        }
    }

    const SIZES: [[usize; 2]; 6] = [[1, 1], [3, 2], [5, 9], [9, 31], [17, 12], [33, 64]];

    /// Weights of either kind, and how far, as a share of the largest output, what is computed may be off. Between the
    /// layers of integers what lies between 0 and 6 has steps of 2e-4.
    const KINDS: [(bool, f32); 2] = [(false, 1e-5), (true, 6e-4)];

    /// The same numbers in [-1, 1) in every run: Burn's generator is shared with the tests that run beside this one.
    fn numbered<const D: usize>(shape: [usize; D]) -> Tensor<Flex, D> {
        // The index, hashed as Chris Wellons's lowbias32 does it (nullprogram.com/blog/2018/07/31/).
        let number = |index: usize| {
            let mut bits = index as u32 + 1;
            bits = (bits ^ bits >> 16).wrapping_mul(0x7feb_352d);
            bits = (bits ^ bits >> 15).wrapping_mul(0x846c_a68b);
            (bits ^ bits >> 16) as f32 / 2f32.powi(31) - 1.0
        };
        let values: Vec<f32> = (0..shape.iter().product()).map(number).collect();
        Tensor::from_data(TensorData::new(values, shape), &Default::default())
    }

    /// A convolution in Burn, whose outputs are about as large as its inputs. As `bytes`, its weights are those times a
    /// scale for each output channel.
    fn conv(
        channels: [usize; 2],
        kernel: usize,
        stride: usize,
        groups: usize,
        border: Border,
        bytes: bool,
    ) -> Conv2d<Flex> {
        let padding = match border {
            Border::Same => PaddingConfig2d::Same,
            Border::Valid => PaddingConfig2d::Valid,
        };
        let conv: Conv2d<Flex> = Conv2dConfig::new(channels, [kernel; 2])
            .with_stride([stride; 2])
            .with_groups(groups)
            .with_padding(padding)
            .init(&Default::default());
        let mut conv = conv.no_grad();
        let inputs = channels[0] / groups * kernel * kernel;
        // He and others, arXiv:1502.01852.
        let most = (6.0 / inputs as f32).sqrt();
        conv.weight = conv.weight.map(|weight| numbered(weight.dims()) * most);
        conv.bias = conv.bias.map(|bias| bias.map(|bias| numbered(bias.dims()) * 0.1));
        if bytes {
            conv.weight = conv.weight.map(|weight| {
                let row = [channels[1], inputs];
                let scale = weight.clone().reshape(row).abs().max_dim(1) / 127.0;
                let scale = scale.reshape([channels[1], 1, 1, 1]);
                (weight / scale.clone()).round() * scale
            });
        }
        conv
    }

    fn images(height: usize, width: usize) -> Images {
        numbered([2, 3, height, width])
    }

    fn floats<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f32> {
        tensor.into_data().to_vec().unwrap()
    }

    fn agree(found: &[f32], expected: &[f32], share: f32, what: &str) {
        assert_eq!(found.len(), expected.len(), "{what}");
        let most = expected.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
        assert!(most > 1e-2, "{what}: the outputs say nothing: {most}");
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= share * most, "{what}: {found}, not {expected}");
        }
    }

    #[test]
    fn every_kind_of_convolution_agrees_with_burn_at_every_kind_of_size() {
        let kinds = [
            (2, 1, Border::Valid, Activation::Gelu, false),
            (3, 2, Border::Same, Activation::Relu6, false),
            (3, 1, Border::Same, Activation::Gelu, true),
            (3, 1, Border::Valid, Activation::Relu, true),
            (1, 1, Border::Same, Activation::None, false),
        ];
        for ((bytes, share), (kernel, stride, border, activation, pool)) in
            KINDS.into_iter().flat_map(|kind| kinds.map(|other| (kind, other)))
        {
            let first = conv([3, 48], 1, 1, 1, Border::Same, bytes);
            // Deep enough that its weights are gone through in parts.
            let second = conv([48, 392], 1, 1, 1, Border::Same, bytes);
            let third = conv([392, 16], kernel, stride, 1, border, bytes);
            let last = Convolution { pool, ..numbers(&third, activation) };
            let steps = [&first, &second]
                .map(|conv| Step::Convolution(numbers(conv, Activation::Relu)))
                .into_iter()
                .chain([Step::Convolution(last)]);
            let packed = Packed::new(&steps.collect::<Vec<_>>());
            assert_eq!(packed.integers(), bytes);
            for [height, width] in SIZES.into_iter().filter(|[height, width]| {
                let room = if border == Border::Valid { kernel - 1 } else { 0 };
                height.min(width) >= &(room + if pool { 2 } else { 1 })
            }) {
                let images = images(height, width);
                let mut maps = relu(second.forward(relu(first.forward(images.clone()))));
                maps = third.forward(maps);
                if pool {
                    maps = max_pool2d(maps, [2, 2], [2, 2], [0, 0], [1, 1], false);
                }
                maps = match activation {
                    Activation::None => maps,
                    Activation::Relu => relu(maps),
                    Activation::Relu6 => maps.clamp(0.0, 6.0),
                    Activation::Gelu => gelu(maps),
                };
                let found = packed.forward(&floats(images), height, width);
                let what = format!("{kernel} {stride} {activation:?} {height} × {width} {bytes}");
                agree(&found, &floats(maps.permute([0, 2, 3, 1])), share, &what);
            }
        }
    }

    #[test]
    fn every_kind_of_block_agrees_with_burn_at_every_kind_of_size() {
        let shapes = [(3, 1), (3, 2), (5, 1), (5, 2)];
        for ((bytes, share), (kernel, stride)) in
            KINDS.into_iter().flat_map(|kind| shapes.map(|shape| (kind, shape)))
        {
            let same = |channels, kernel, stride, groups| {
                conv(channels, kernel, stride, groups, Border::Same, bytes)
            };
            let relu6 = |conv: &Conv2d<Flex>, maps| conv.forward(maps).clamp(0.0, 6.0);
            let stem = same([3, 16], 3, 2, 1);
            let first = [same([16, 16], kernel, 1, 16), same([16, 8], 1, 1, 1)];
            // The second of them has a residual, if its stride is 1.
            let others = [[8, 24], [24, 24]].map(|[from, to]| {
                let filter = same([48, 48], kernel, stride, 48);
                [same([from, 48], 1, 1, 1), filter, same([48, to], 1, 1, 1)]
            });
            let top = same([24, 40], 1, 1, 1);
            let six = |conv| numbers(conv, Activation::Relu6);
            let mut steps = vec![
                Step::Convolution(six(&stem)),
                Step::InvertedResidual(InvertedResidual {
                    expand: None,
                    depthwise: six(&first[0]),
                    project: numbers(&first[1], Activation::None),
                }),
            ];
            for [expand, depthwise, project] in &others {
                steps.push(Step::InvertedResidual(InvertedResidual {
                    expand: Some(six(expand)),
                    depthwise: six(depthwise),
                    project: numbers(project, Activation::None),
                }));
            }
            steps.extend([Step::Convolution(six(&top)), Step::Mean]);
            let packed = Packed::new(&steps);
            assert_eq!(packed.integers(), bytes);

            for [height, width] in SIZES {
                let images = images(height, width);
                let mut maps = first[1].forward(relu6(&first[0], relu6(&stem, images.clone())));
                for [expand, depthwise, project] in &others {
                    let input = maps.clone();
                    maps = project.forward(relu6(depthwise, relu6(expand, maps)));
                    if maps.dims() == input.dims() && stride == 1 {
                        maps = maps + input;
                    }
                }
                let maps = relu6(&top, maps);
                let planes = floats(maps.clone());
                let expected = floats(maps.clone().mean_dim(3).mean_dim(2));
                let images = floats(images);
                let found = packed.forward(&images, height, width);
                let what = format!("{kernel} {stride} {height} × {width} {bytes}");
                agree(&found, &expected, share, &what);

                let (same, kept, size) =
                    packed.forward_with_maps(&images, height, width).expect("maps");
                assert_eq!((same, kept.len()), (found, 80 * size[0] * size[1]));
                agree(&kept, &planes, share, &what);

                // What the steps show: the maps before the mean, channels last.
                let mut shown = Vec::new();
                packed.watch(&images[..3 * height * width], height, width, |step, maps| {
                    shown.push((step, maps.channels));
                    if step + 2 == packed.steps() {
                        let pixels = maps.height * maps.width;
                        let mean = |channel: usize| {
                            maps.values[channel..].iter().step_by(40).sum::<f32>() / pixels as f32
                        };
                        let means: Vec<f32> = (0..40).map(mean).collect();
                        agree(&means, &expected[..40], share, &what);
                    }
                });
                assert_eq!(shown, [(0, 16), (1, 8), (2, 24), (3, 24), (4, 40), (5, 40)]);
            }
        }
    }

    /// Whoever computes which part of it, what comes out of every step has the same bits.
    #[test]
    fn several_threads_give_the_bits_of_one() {
        let new = || -> &'static Pool { Box::leak(Box::new(Pool::new())) };
        let (nobody, others) = (new(), new());
        let helpers = [(); 3].map(|()| std::thread::spawn(|| others.help()));
        while others.threads() < 4 {
            std::thread::yield_now();
        }
        for bytes in [true, false] {
            let same = |channels, kernel, stride, groups, activation| {
                let conv = conv(channels, kernel, stride, groups, Border::Same, bytes);
                numbers(&conv, activation)
            };
            let block = |from: usize, to: usize, kernel, stride| {
                let wide = from * 6;
                let expand = same([from, wide], 1, 1, 1, Activation::Relu6);
                Step::InvertedResidual(InvertedResidual {
                    expand: Some(expand),
                    depthwise: same([wide, wide], kernel, stride, wide, Activation::Relu6),
                    project: same([wide, to], 1, 1, 1, Activation::None),
                })
            };
            let steps = [
                Step::Convolution(same([3, 32], 3, 1, 1, Activation::Relu)),
                // As bytes, transformed; its output is pooled.
                Step::Convolution(Convolution {
                    pool: true,
                    ..same([32, 48], 3, 1, 1, Activation::Gelu)
                }),
                Step::InvertedResidual(InvertedResidual {
                    expand: None,
                    depthwise: same([48, 48], 5, 1, 48, Activation::Relu6),
                    project: same([48, 24], 1, 1, 1, Activation::None),
                }),
                block(24, 24, 3, 1),
                block(24, 40, 5, 2),
                // So many channels that their sums are kept in between.
                Step::Convolution(same([40, 2056], 1, 1, 1, Activation::Relu6)),
                Step::Convolution(same([2056, 16], 1, 1, 1, Activation::None)),
                Step::Mean,
            ];
            let [alone, together] = [nobody, others].map(|pool| Packed::with(&steps, pool));
            assert_eq!(alone.integers(), bytes);
            others.took_part();
            for [height, width] in [[2, 3], [7, 5], [33, 64], [61, 47]] {
                let image = &floats(images(height, width))[..3 * height * width];
                let bits = |packed: &Packed| {
                    let mut steps = Vec::new();
                    packed.watch(image, height, width, |_, maps| {
                        steps.push(maps.values.iter().map(|value| value.to_bits()).collect());
                    });
                    steps
                };
                let expected: Vec<Vec<u32>> = bits(&alone);
                assert_eq!(expected.len(), steps.len());
                for _ in 0..8 {
                    assert!(bits(&together) == expected, "{height} × {width}, bytes: {bytes}");
                }
            }
            assert!(others.took_part() > 1, "somebody has helped");
        }
        assert_eq!(nobody.took_part(), 1);
        others.close();
        helpers.into_iter().for_each(|helper| helper.join().unwrap());
    }

    #[test]
    fn what_is_no_number_is_not_hidden() {
        let layer = conv([3, 8], 1, 1, 1, Border::Same, true);
        let mut layer = numbers(&layer, Activation::Relu);
        layer.weights.iter_mut().for_each(|weight| *weight *= 1e38);
        layer.bias.fill(f32::MAX);
        let next = conv([8, 8], 1, 1, 1, Border::Same, true);
        let next = numbers(&next, Activation::None);
        let six = |layer: &Conv2d<Flex>| numbers(layer, Activation::Relu6);
        let project = conv([16, 16], 1, 1, 1, Border::Same, true);
        // Without a residual, which would bring it along.
        let block = Step::InvertedResidual(InvertedResidual {
            expand: Some(six(&conv([8, 16], 1, 1, 1, Border::Same, true))),
            depthwise: six(&conv([16, 16], 3, 1, 16, Border::Same, true)),
            project: numbers(&project, Activation::None),
        });
        for last in [Step::Convolution(next), block] {
            let packed = Packed::new(&[Step::Convolution(layer.clone()), last]);
            assert!(packed.integers());
            let found = packed.forward(&[3e38; 3], 1, 1);
            assert!(found.iter().all(|value| !value.is_finite()), "{found:?}");
        }
    }

    #[test]
    fn the_extremes_of_an_image() {
        let layer = conv([3, 8], 3, 1, 1, Border::Same, true);
        let packed = Packed::new(&[Step::Convolution(numbers(&layer, Activation::None))]);
        let black = packed.forward(&[0.0; 27], 3, 3);
        let bias = floats(layer.bias.unwrap().val());
        assert_eq!(black, bias.repeat(9));
    }
}
