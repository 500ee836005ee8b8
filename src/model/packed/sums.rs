//! The sums of a convolution as they are, for whoever looks at every one of them: in single precision, nothing pooled and
//! nothing cut off. Slower than what the other files do, and a page of code.

use super::axis::Axis;
use super::lanes::{Eight, LANES, Lanes, Quad};
use super::layer::Convolution;
use super::room::Maps;

impl Convolution {
    /// Rows or columns that come out of so many.
    ///
    /// # Panics
    ///
    /// If there are fewer than the kernel needs.
    pub fn outputs(&self, size: usize) -> usize {
        self.axis(size).out
    }

    /// The first row or column of so many that the output at `at` sees; before 0 there are zeros, as there are behind the
    /// last.
    pub fn first_seen(&self, size: usize, at: usize) -> isize {
        (at * self.stride) as isize - self.axis(size).before as isize
    }

    fn axis(&self, size: usize) -> Axis {
        Axis::new(size, self.kernel, self.stride, self.border)
    }

    /// The sums, with their bias. In a `depthwise` convolution, each output channel sees the input channel at its own place.
    ///
    /// # Shapes
    ///
    /// - output: `[height, width, channels]`, of the height and width that [`Convolution::outputs`] gives
    pub fn sums(&self, input: Maps<'_>, depthwise: bool) -> Vec<f32> {
        let (channels, places) = (self.bias.len(), self.kernel * self.kernel);
        let deep = if depthwise { 1 } else { input.channels };
        let (rows, columns) = (self.axis(input.height), self.axis(input.width));
        let mut sums = vec![0.0; rows.out * columns.out * channels];
        // Where the kernel lies within the picture, and which of its own rows or columns those are.
        let within = |axis: Axis, size: usize, at: usize| {
            let from = at * self.stride;
            let low = axis.before.saturating_sub(from);
            let high = self.kernel.min(axis.before + size - from);
            (from + low - axis.before, low, high)
        };
        for first in (0..channels).step_by(LANES) {
            let eight = |of: &dyn Fn(usize) -> f32| -> Eight {
                std::array::from_fn(
                    |lane| if first + lane < channels { of(first + lane) } else { 0.0 },
                )
            };
            // In the order in which they are used: place by place, and there channel by channel.
            let weights: Vec<Eight> = (0..places * deep)
                .map(|at| {
                    let (place, channel) = (at / deep, at % deep);
                    eight(&|out| self.weights[(out * deep + channel) * places + place])
                })
                .collect();
            let bias = eight(&|out| self.bias[out]);
            let last = (first + LANES).min(channels);
            let pixels = sums.chunks_exact_mut(channels).enumerate();
            for (at, output) in pixels {
                let mut sum = Lanes::load(&bias);
                let (top, low, high) = within(rows, input.height, at / columns.out);
                let (left, from, to) = within(columns, input.width, at % columns.out);
                for row in low..high {
                    let start = ((top + row - low) * input.width + left) * input.channels;
                    let seen = &input.values[start..start + (to - from) * input.channels];
                    let here = (row * self.kernel + from) * deep;
                    let weights = &weights[here..here + (to - from) * deep];
                    let mut add = |value: Lanes, weight: &Eight| {
                        let product = value.with(Lanes::load(weight), Quad::times);
                        sum = sum.with(product, Quad::plus);
                    };
                    if depthwise {
                        for (pixel, weight) in seen.chunks_exact(channels).zip(weights) {
                            add(Lanes::load(&eight(&|channel| pixel[channel])), weight);
                        }
                    } else {
                        for (value, weight) in seen.iter().zip(weights) {
                            let value = Quad::splat(*value);
                            add(Lanes(value, value), weight);
                        }
                    }
                }
                let mut eight = [0.0; LANES];
                sum.store(&mut eight);
                output[first..last].copy_from_slice(&eight[..last - first]);
            }
        }
        sums
    }
}
