//! Inverted residuals: a 1×1 convolution to many channels, one filter for each of them, a 1×1 convolution back to few.
//!
//! The widest tensor, between the first two, never exists: eight of its channels are put into a frame of zeros and
//! filtered from there, and the next eight overwrite them.

use super::dense::{Dense, Given, Laid, eight};
use super::depthwise::{Depthwise, Filtered, Pixels, store};
use super::epilogue::{SIX, limited};
use super::gemm::{Segments, multiply, tile};
use super::lanes::{LANES, Lanes, Quad};
use super::layer::InvertedResidual;
use super::number::{Number, largest_of};
use super::pool::{Pool, Scattered};
use super::room::{Desk, Maps, Room, first};

/// An inverted residual, its weights packed.
#[derive(Debug)]
pub struct Block<N> {
    expand: Option<Dense<N>>,
    depthwise: Depthwise<N>,
    project: Dense<N>,
}

impl<N: Number> Block<N> {
    /// Packs the weights, or gives nothing where they can't be had in these numbers.
    pub fn new(block: &InvertedResidual) -> Option<Self> {
        let expand = match &block.expand {
            Some(expand) => Some(Dense::new(expand)?),
            None => None,
        };
        let depthwise = Depthwise::new(&block.depthwise)?;
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
        let paired = filter.paired(input.height, input.width);
        // What comes out of the filters is between 0 and 6, as is what goes into them where it has been expanded.
        let mut scaling = N::scaling(self.project.panels.most, || SIX);
        let laid = self.expand.as_ref().map(|expand| (expand, expand.lay(input, room, pool)));
        let framing = match &laid {
            Some(_) => N::scaling(filter.most, || SIX),
            None => N::scaling(filter.most, || largest_of(input.values, pool)),
        };
        // The filters' limits would make a number of what is none.
        let back = laid.as_ref().map_or(framing.back, |(_, laid)| laid.scaling.back);
        if !back.is_finite() {
            scaling.back = f32::NAN;
        }
        room.insides.clear();
        room.insides.extend(paired.pixels(&input).map(|pixels| pixels.place as u32));
        let whole = input.height / 2 * input.width;
        if laid.is_some() {
            // Pixel by pixel with the one below it, as they stand in a frame.
            let pixels = paired.pixels(&input);
            let both =
                pixels.flat_map(|pixels| [pixels.upper, pixels.lower.unwrap_or(pixels.upper)]);
            room.places.refill(both.map(|pixel| pixel * input.channels));
        }

        let [height, width] = paired.out;
        let (panels, channels) = (filter.panels(), filter.panels() * LANES);
        let filtered = Scattered::new(first(&mut room.filtered, height * width * channels));
        let (places, insides, values) = (&room.places, &room.insides, &room.laid);
        let products =
            laid.as_ref().map_or(0, |(expand, _)| expand.panels.depth * insides.len() * 2 * LANES);
        room.desks.iter_mut().for_each(|desk| desk.framed = false);
        pool.share(panels, filter.cost(&paired) + products, &mut room.desks, |panels, desk| {
            let Desk { kept, frame, framed } = desk;
            if !*framed {
                frame.clear();
                frame.resize(paired.values(), N::default());
                *framed = true;
            }
            let nothing = Quad::splat(0.0);
            let most = Quad::splat(SIX * framing.factor);
            for panel in panels {
                if let Some((expand, laid)) = &laid {
                    let affine = expand.panels.affine_by(panel, laid.scaling.back, framing.factor);
                    let (weights, tiles) = (expand.panels.of_eight(panel), 0..places.tiles());
                    multiply(weights, laid.segments, values, places, tiles, kept, |index, sums| {
                        let lanes = tile!(|p| affine(sums[p]).map(|quad| limited(quad, most)));
                        let here = index * 2;
                        let pair = |pair: usize, upper: Lanes, lower: Lanes, frame: &mut [N]| {
                            let Some(&place) = insides.get(here + pair) else { return };
                            // Below the last row of an odd number there are zeros.
                            let lower =
                                if here + pair < whole { lower } else { Lanes(nothing, nothing) };
                            store(upper, lower, frame, place as usize);
                        };
                        pair(0, lanes[0], lanes[1], frame);
                        pair(1, lanes[2], lanes[3], frame);
                    });
                } else {
                    let factor = Quad::splat(framing.factor);
                    let lanes = |pixel: usize| {
                        let lanes = Lanes::load(eight(
                            &input.values[pixel * input.channels + panel * LANES..],
                        ));
                        lanes.map(|quad| quad.times(factor))
                    };
                    for Pixels { upper, lower, place } in paired.pixels(&input) {
                        let lower = lower.map_or(Lanes(nothing, nothing), lanes);
                        store(lanes(upper), lower, frame, place);
                    }
                }
                let to = Filtered { values: &filtered, channels, factor: scaling.factor };
                filter.forward(panel, frame, &paired, framing.back, to);
            }
        });

        room.places.refill((0..height * width).map(|pixel| pixel * channels));
        let segments = Segments { count: 1, length: channels, stride: 0 };
        let laid = Laid { segments, scaling, size: paired.out };
        let same = filter.stride == 1 && self.project.channels_out() == input.channels;
        let residual = (same && self.expand.is_some()).then_some(input.values);
        let given = Given { input: &room.filtered, places: &room.places, residual };
        self.project.finish(&laid, given, &mut room.desks, pool, output);
        paired.out
    }

    pub fn channels_out(&self) -> usize {
        self.project.channels_out()
    }
}
