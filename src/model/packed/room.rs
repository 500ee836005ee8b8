//! What goes from step to step, and the memory for it.

use super::gemm::{Places, TILE};
use super::number::Number;

/// Feature maps.
#[derive(Debug, Clone, Copy)]
pub struct Maps<'a> {
    /// `[height, width, channels]`
    pub values: &'a [f32],
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels.
    pub channels: usize,
}

/// The memory that a picture needs.
#[derive(Debug)]
pub struct Room<N: Number> {
    /// What goes into a step, and what comes out.
    pub maps: [Vec<f32>; 2],
    /// The input of a convolution, in a frame of zeros.
    pub laid: Vec<N>,
    /// Where its pixels are.
    pub places: Places,
    /// Sums of parts of the products.
    pub kept: Vec<[N::Sums; TILE]>,
    /// Eight channels in a frame of zeros, and where in it those pixels are that are no zeros.
    pub frame: Vec<f32>,
    pub insides: Vec<u32>,
    /// What comes out of one filter per channel.
    pub filtered: Vec<N>,
    pub tiles: Tiles,
}

impl<N: Number> Default for Room<N> {
    fn default() -> Self {
        Self {
            maps: Default::default(),
            laid: Vec::new(),
            places: Places::default(),
            kept: Vec::new(),
            frame: Vec::new(),
            insides: Vec::new(),
            filtered: Vec::new(),
            tiles: Tiles::default(),
        }
    }
}

/// The memory that [`winograd`](super::winograd) needs.
#[derive(Debug, Default)]
pub struct Tiles {
    /// The input, in a frame of zeros.
    pub frame: Vec<i16>,
    /// Of each of the places of a transformed tile, for each tile: its inputs.
    pub inputs: Vec<i16>,
    /// Where the inputs of each tile begin.
    pub places: Places,
    /// Sums of parts of the products.
    pub kept: Vec<Sums>,
    /// Of each of the places, for every [`TILE`] tiles: the sums of eight output channels.
    pub products: Vec<Sums>,
}

type Sums = [<i16 as Number>::Sums; TILE];
