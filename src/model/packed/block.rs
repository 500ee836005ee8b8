//! Inverted residuals: a 1×1 convolution to many channels, one filter for each of them, a 1×1 convolution back to few.
//!
//! The widest tensor, between the first two, never exists: eight of its channels are put into a frame of zeros and
//! filtered from there, and the next eight overwrite them.

use super::axis::Axis;
use super::channels::Channels;
#[cfg(target_arch = "x86_64")]
use super::channels::Octet;
use super::dense::{Dense, Given, Laid, eight, eight_mut};
use super::epilogue::relu6;
use super::gemm::{Segments, TILE, multiply, tile};
use super::lanes::{Eight, LANES, Quad};
use super::layer::{Border, Convolution, InvertedResidual};
use super::number::Number;
use super::pool::{Pool, Scattered};
use super::room::{Desk, Maps, Room, first};
#[cfg(target_arch = "x86_64")]
use super::wide;

/// What a weight of a filter costs, beside a product of two integers.
const FILTER: usize = 4;

/// The largest number after ReLU6.
const SIX: f32 = 6.0;

/// An inverted residual, its weights packed.
#[derive(Debug)]
pub struct Block<N> {
    expand: Option<Dense<N>>,
    depthwise: Depthwise,
    project: Dense<N>,
}

impl<N: Number> Block<N> {
    /// Packs the weights, or gives nothing where they can't be had in these numbers.
    pub fn new(block: &InvertedResidual) -> Option<Self> {
        let expand = match &block.expand {
            Some(expand) => Some(Dense::new(expand)?),
            None => None,
        };
        let depthwise = Depthwise::new(&block.depthwise);
        Some(Self { expand, depthwise, project: Dense::new(&block.project)? })
    }

    pub fn forward(
        &self,
        input: Maps<'_>,
        room: &mut Room<N>,
        pool: &Pool,
        output: &mut Vec<f32>,
    ) -> [usize; 2] {
        let filter = &self.depthwise;
        let axis = |size| Axis::new(size, filter.kernel, filter.stride, Border::Same);
        let (rows, mut columns) = (axis(input.height), axis(input.width));
        // More zeros on the right, so that every tile is a whole one.
        columns.padded += (columns.out.next_multiple_of(TILE) - columns.out) * filter.stride;
        room.insides.clear();
        for y in 0..input.height {
            let row = (rows.before + y) * columns.padded + columns.before;
            room.insides.extend((row..row + input.width).map(|pixel| (pixel * LANES) as u32));
        }
        // What comes out of the filters is between 0 and 6.
        let mut scaling = N::scaling(self.project.panels.most, || SIX);
        let channels = filter.biases.len() * LANES;

        let laid = self.expand.as_ref().map(|expand| (expand, expand.lay(input, room, pool)));
        // The filters' limits would make a number of what is none.
        if laid.as_ref().is_some_and(|(_, laid)| !laid.scaling.back.is_finite()) {
            scaling.back = f32::NAN;
        }
        let size = [rows.out, columns.out];
        let filtered = first(&mut room.filtered, size[0] * size[1] * channels);
        let filtered = Scattered::new(filtered);
        let (places, insides, values) = (&room.places, &room.insides, &room.laid);
        let filters = size[0] * size[1] * filter.kernel * filter.kernel * FILTER;
        let products = laid.as_ref().map_or(0, |(expand, _)| expand.panels.depth * insides.len());
        room.desks.iter_mut().for_each(|desk| desk.framed = false);
        let panels = filter.biases.len();
        pool.share(panels, (filters + products) * LANES, &mut room.desks, |panels, desk| {
            let Desk { kept, frame, framed } = desk;
            if !*framed {
                frame.clear();
                frame.resize(rows.padded * columns.padded * LANES, 0.0);
                *framed = true;
            }
            for panel in panels {
                if let Some((expand, laid)) = &laid {
                    let affine = expand.panels.affine(panel, laid.scaling.back);
                    let (weights, tiles) = (expand.panels.of_eight(panel), 0..places.tiles());
                    multiply(weights, laid.segments, values, places, tiles, kept, |index, sums| {
                        let lanes = tile!(|p| affine(sums[p]).map(relu6));
                        let places = &insides[index * TILE..];
                        if let Some(places) = places.first_chunk::<TILE>() {
                            let _: [(); TILE] = tile!(
                                |p| lanes[p].store(eight_mut(&mut frame[places[p] as usize..]))
                            );
                        } else {
                            let _: [(); TILE] = tile!(|p| {
                                if let Some(place) = places.get(p) {
                                    lanes[p].store(eight_mut(&mut frame[*place as usize..]));
                                }
                            });
                        }
                    });
                } else {
                    let pixels = input.values[panel * LANES..].chunks(input.channels);
                    for (place, pixel) in insides.iter().zip(pixels) {
                        *eight_mut(&mut frame[*place as usize..]) = *eight(pixel);
                    }
                }
                let to = Filtered { values: &filtered, channels, factor: scaling.factor };
                filter.forward(panel, frame, columns.padded, size, to);
            }
        });

        let pixels = rows.out * columns.out;
        room.places.refill((0..pixels).map(|pixel| pixel * channels));
        let segments = Segments { count: 1, length: channels, stride: 0 };
        let laid = Laid { segments, scaling, size };
        let same = filter.stride == 1 && self.project.channels_out() == input.channels;
        let residual = (same && self.expand.is_some()).then_some(input.values);
        let given = Given { input: &room.filtered, places: &room.places, residual };
        self.project.finish(&laid, given, &mut room.desks, pool, output);
        size
    }

    pub fn channels_out(&self) -> usize {
        self.project.channels_out()
    }
}

/// Where filtered channels go: channels last. No other thread has those of the same eight.
struct Filtered<'a, N> {
    values: &'a Scattered<'a, N>,
    channels: usize,
    factor: f32,
}

/// One filter for each channel, with ReLU6.
#[derive(Debug)]
struct Depthwise {
    /// For each eight channels, for each place in the kernel, the weight for each of them.
    weights: Vec<Eight>,
    biases: Vec<Eight>,
    kernel: usize,
    stride: usize,
}

impl Depthwise {
    fn new(layer: &Convolution) -> Self {
        let (kernel, stride) = (layer.kernel, layer.stride);
        assert!(
            matches!((kernel, stride), (3 | 5, 1 | 2)),
            "depthwise {kernel}×{kernel}, {stride}"
        );
        assert_eq!(layer.bias.len() % LANES, 0, "channels come in groups of {LANES}");
        let places = kernel * kernel;
        let eights = layer.weights.chunks_exact(places * LANES);
        let weights = eights.flat_map(|eight| {
            (0..places).map(move |place| std::array::from_fn(|lane| eight[lane * places + place]))
        });
        let biases = layer.bias.as_chunks().0.to_vec();
        Self { weights: weights.collect(), biases, kernel, stride }
    }

    fn forward<N: Number>(
        &self,
        panel: usize,
        frame: &[f32],
        padded: usize,
        size: [usize; 2],
        to: Filtered<'_, N>,
    ) {
        let places = self.kernel * self.kernel;
        let weights = &self.weights[panel * places..][..places];
        let bias = &self.biases[panel];
        let filter = Filter { weights, bias, frame, padded, size, panel };
        match (self.kernel, self.stride) {
            (3, 1) => filter.run::<N, 3, 1>(to),
            (3, 2) => filter.run::<N, 3, 2>(to),
            (5, 1) => filter.run::<N, 5, 1>(to),
            _ => filter.run::<N, 5, 2>(to),
        }
    }
}

/// `each!(N, |i| …)` for 0 to 10, written out: see [`tile`]. What is not below `N` is dropped by the compiler.
macro_rules! each {
    ($end:expr, |$i:ident| $what:expr) => {
        each!($end, $i, $what, 0 1 2 3 4 5 6 7 8 9 10)
    };
    ($end:expr, $i:ident, $what:expr, $($at:literal)*) => {
        $( { const I: usize = $at; if I < $end { let $i = I; $what } } )*
    };
}

/// The filters of eight channels, and what they go over.
struct Filter<'a> {
    weights: &'a [Eight],
    bias: &'a Eight,
    frame: &'a [f32],
    padded: usize,
    /// Height and width of what comes out.
    size: [usize; 2],
    panel: usize,
}

impl Filter<'_> {
    /// With the widest vectors that the processor has.
    fn run<N: Number, const KERNEL: usize, const STRIDE: usize>(&self, to: Filtered<'_, N>) {
        #[cfg(target_arch = "x86_64")]
        if wide::has_256() {
            // SAFETY: it has been asked for.
            return unsafe { filter_by_eight::<N, KERNEL, STRIDE>(self, to) };
        }
        filter::<N, Quad, KERNEL, STRIDE>(self, to);
    }
}

/// # Safety
///
/// The processor [has 256 bits](wide::has_256).
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn filter_by_eight<N: Number, const KERNEL: usize, const STRIDE: usize>(
    work: &Filter<'_>,
    to: Filtered<'_, N>,
) {
    filter::<N, Octet, KERNEL, STRIDE>(work, to);
}

/// Some of the eight channels at a time, so that sums, weights and a number stay in registers. A row's numbers are
/// read once for all four pixels of a tile.
#[inline(always)]
fn filter<N: Number, C: Channels, const KERNEL: usize, const STRIDE: usize>(
    &Filter { weights, bias, frame, padded, size: [height, width], panel }: &Filter<'_>,
    Filtered { values, channels, factor }: Filtered<'_, N>,
) {
    let tiles = width.div_ceil(TILE);
    let wide = tiles * TILE;
    assert!(weights.len() == KERNEL * KERNEL, "a weight for each place");
    assert!((wide - 1) * STRIDE + KERNEL <= padded, "whole tiles");
    assert!(((height - 1) * STRIDE + KERNEL) * padded * LANES <= frame.len(), "whole kernels");
    assert!((panel + 1) * LANES <= channels && height * width * channels <= values.len());
    let factor = C::splat(factor);
    for half in (0..LANES).step_by(C::COUNT) {
        // SAFETY: every read is of numbers at a pixel of the frame, of an eight of the weights or of the bias, from `half`
        // on; the assertions above have the last of them inside. A pixel is written where `x < width`, into its own
        // channels.
        unsafe {
            let bias = C::read(bias.as_ptr().add(half));
            for y in 0..height {
                for tile in 0..tiles {
                    let x = tile * TILE;
                    let mut sums = [bias; TILE];
                    let mut row =
                        frame.as_ptr().add((y * STRIDE * padded + x * STRIDE) * LANES + half);
                    let mut weight = weights.as_ptr().cast::<f32>().add(half);
                    for _ in 0..KERNEL {
                        let mut of_row = [bias; KERNEL];
                        each!(KERNEL, |k| of_row[k] = C::read(weight.add(k * LANES)));
                        each!((TILE - 1) * STRIDE + KERNEL, |i| {
                            let number = C::read(row.add(i * LANES));
                            each!(TILE, |p| {
                                if i >= p * STRIDE && i - p * STRIDE < KERNEL {
                                    let product = number.times(of_row[i - p * STRIDE]);
                                    sums[p] = sums[p].plus(product);
                                }
                            });
                        });
                        row = row.add(padded * LANES);
                        weight = weight.add(KERNEL * LANES);
                    }
                    let to =
                        values.as_mut_ptr().add((y * width + x) * channels + panel * LANES + half);
                    each!(TILE, |p| {
                        if x + p < width {
                            sums[p].relu6().write(factor, to.add(p * channels));
                        }
                    });
                }
            }
        }
    }
}
