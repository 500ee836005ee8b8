//! Convolutions in which every output sees every input channel.

use std::ops::Range;

use super::axis::Axis;
use super::epilogue::Activation;
use super::frame::Frame;
use super::gemm::{Places, Segments, TILE, multiply, tile};
use super::lanes::{Eight, LANES, Lanes, Quad};
use super::layer::{Border, Convolution};
use super::number::{Number, Panels, Scaling, largest_of};
use super::pool::{MOST_THREADS, Pool, Scattered};
use super::room::{Desk, Maps, Room, first};

/// A convolution, its weights packed.
#[derive(Debug)]
pub struct Dense<N> {
    pub panels: Panels<N>,
    kernel: usize,
    stride: usize,
    border: Border,
    activation: Activation,
    pool: bool,
}

/// An input as [`multiply`] wants it.
pub struct Laid {
    pub segments: Segments,
    pub scaling: Scaling,
    /// Height and width of the output.
    pub size: [usize; 2],
}

/// What is multiplied: an input, where its pixels begin, and what is added to what comes out.
pub struct Given<'a, N> {
    pub input: &'a [N],
    pub places: &'a Places,
    pub residual: Option<&'a [f32]>,
}

impl<N: Number> Dense<N> {
    /// Packs the weights, or gives nothing where they can't be had in these numbers.
    pub fn new(layer: &Convolution) -> Option<Self> {
        let places = layer.kernel * layer.kernel;
        let channels_in = layer.weights.len() / layer.bias.len() / places;
        let channels = channels_in.next_multiple_of(4);
        let Convolution { kernel, stride, border, activation, pool, .. } = *layer;
        let panels = Panels::new(&layer.weights, &layer.bias, channels, places)?;
        Some(Self { panels, kernel, stride, border, activation, pool })
    }

    pub fn channels_out(&self) -> usize {
        self.panels.len() * LANES
    }

    pub fn forward(
        &self,
        input: Maps<'_>,
        room: &mut Room<N>,
        pool: &Pool,
        output: &mut Vec<f32>,
    ) -> [usize; 2] {
        let laid = self.lay(input, room, pool);
        let given = Given { input: &room.laid, places: &room.places, residual: None };
        self.finish(&laid, given, &mut room.desks, pool, output);
        laid.size
    }

    /// Puts an input into a frame of zeros, in these numbers, and finds the places of the pixels.
    pub fn lay(&self, input: Maps<'_>, room: &mut Room<N>, pool: &Pool) -> Laid {
        let scaling = N::scaling(self.panels.most, || largest_of(input.values, pool));
        let axis = |size| Axis::new(size, self.kernel, self.stride, self.border);
        let (rows, columns) = (axis(input.height), axis(input.width));
        let row = columns.padded * input.channels;
        let (size, before) = ([rows.padded, columns.padded], [rows.before, columns.before]);
        Frame { size, before }.lay(input, scaling.factor, pool, &mut room.laid);
        let size = [rows.out, columns.out];
        let step = self.stride * input.channels;
        let place = move |y: usize, x: usize| y * self.stride * row + x * step;
        let size = if self.pool {
            let [height, width] = size.map(|side| side / 2);
            let windows = (0..height * width).map(|i| (i / width * 2, i % width * 2));
            room.places.refill(windows.flat_map(|(y, x)| {
                [place(y, x), place(y, x + 1), place(y + 1, x), place(y + 1, x + 1)]
            }));
            [height, width]
        } else {
            let [height, width] = size;
            room.places.refill((0..height).flat_map(|y| (0..width).map(move |x| place(y, x))));
            size
        };
        let length = self.kernel * input.channels;
        let segments = Segments { count: self.kernel, length, stride: row };
        Laid { segments, scaling, size }
    }

    /// What comes out, channels last, plus a residual of the same shape.
    pub fn finish(
        &self,
        laid: &Laid,
        given: Given<'_, N>,
        desks: &mut [Desk<N>; MOST_THREADS],
        pool: &Pool,
        output: &mut Vec<f32>,
    ) {
        let output = first(output, laid.size[0] * laid.size[1] * self.channels_out());
        let output = Scattered::new(output);
        let (tiles, panels) = (given.places.tiles(), self.panels.len());
        let cost = self.panels.depth * LANES * TILE;
        // Whichever there are more of: early layers have many pixels, late ones many channels.
        if tiles > panels {
            pool.share(tiles, panels * cost, desks, |tiles, desk| {
                self.part(laid, &given, 0..panels, tiles, desk, &output);
            });
        } else {
            pool.share(panels, tiles * cost, desks, |panels, desk| {
                self.part(laid, &given, panels, 0..tiles, desk, &output);
            });
        }
    }

    /// As [`Dense::finish`], for some of the channels of some of the pixels.
    fn part(
        &self,
        laid: &Laid,
        Given { input, places, residual }: &Given<'_, N>,
        panels: Range<usize>,
        tiles: Range<usize>,
        Desk { kept, .. }: &mut Desk<N>,
        output: &Scattered<'_, f32>,
    ) {
        let channels = self.channels_out();
        let pixels = laid.size[0] * laid.size[1];
        for panel in panels {
            let affine = self.panels.affine(panel, laid.scaling.back);
            let weights = self.panels.of_eight(panel);
            let place = |pixel: usize| pixel * channels + panel * LANES;
            let store = |lanes: Lanes, pixel: usize| {
                // SAFETY: no other thread has this panel and this tile.
                lanes.store(eight_mut(unsafe { output.slice(place(pixel), LANES) }));
            };
            let added = |lanes: Lanes, pixel: usize| match residual {
                Some(residual) => {
                    lanes.with(Lanes::load(eight(&residual[place(pixel)..])), Quad::plus)
                }
                None => lanes,
            };
            let tiles = tiles.clone();
            multiply(weights, laid.segments, input, places, tiles, kept, |index, sums| {
                let lanes = tile!(|p| affine(sums[p]));
                if self.pool {
                    let [a, b, c, d] = lanes;
                    let larger = |a: Lanes, b| a.with(b, Quad::at_least);
                    let most = self.activation.apply(larger(larger(a, b), larger(c, d)));
                    store(most, index);
                    return;
                }
                let lanes = match self.activation {
                    Activation::None => lanes,
                    Activation::Relu6 => tile!(|p| Activation::Relu6.apply(lanes[p])),
                    other => tile!(|p| other.apply(lanes[p])),
                };
                let first = index * TILE;
                if first + TILE <= pixels {
                    let _: [(); TILE] = tile!(|p| store(added(lanes[p], first + p), first + p));
                    return;
                }
                let _: [(); TILE] = tile!(|p| {
                    if first + p < pixels {
                        store(added(lanes[p], first + p), first + p);
                    }
                });
            });
        }
    }
}

/// The first eight of some numbers.
#[inline(always)]
pub fn eight(values: &[f32]) -> &Eight {
    values.first_chunk().expect("eight numbers")
}

#[inline(always)]
pub fn eight_mut(values: &mut [f32]) -> &mut Eight {
    values.first_chunk_mut().expect("eight numbers")
}
