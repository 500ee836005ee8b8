//! What goes from step to step, and the memory for it.

use super::gemm::{Places, TILE};
use super::number::Number;
use super::pool::MOST_THREADS;

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

/// So many values of a list that only grows: what is shortened and lengthened for each picture is filled with zeros each time.
pub fn first<T: Clone + Default>(values: &mut Vec<T>, count: usize) -> &mut [T] {
    if values.len() < count {
        values.resize(count, T::default());
    }
    &mut values[..count]
}

/// The memory that a picture needs. What is of a size that changes from layer to layer is as long as the longest.
#[derive(Debug)]
pub struct Room<N: Number> {
    /// What goes into a step, and what comes out.
    pub maps: [Vec<f32>; 2],
    /// The input of a convolution, in a frame of zeros.
    pub laid: Vec<N>,
    /// Where its pixels are.
    pub places: Places,
    /// Where in a [`Desk::frame`] those pixels are that are no zeros, each with the one below it.
    pub insides: Vec<u32>,
    /// What comes out of one filter per channel.
    pub filtered: Vec<N>,
    pub tiles: Tiles,
    /// One for each thread.
    pub desks: [Desk<N>; MOST_THREADS],
}

/// The memory that each thread needs for itself.
#[derive(Debug)]
pub struct Desk<N: Number> {
    /// Sums of parts of the products.
    pub kept: Vec<[N::Sums; TILE]>,
    /// Eight channels in a frame of zeros, two rows in one, where that is laid out already for the layer that is being computed.
    pub frame: Vec<N>,
    pub framed: bool,
}

impl<N: Number> Default for Desk<N> {
    fn default() -> Self {
        Self { kept: Vec::new(), frame: Vec::new(), framed: false }
    }
}

impl<N: Number> Default for Room<N> {
    fn default() -> Self {
        Self {
            maps: Default::default(),
            laid: Vec::new(),
            places: Places::default(),
            insides: Vec::new(),
            filtered: Vec::new(),
            tiles: Tiles::default(),
            desks: Default::default(),
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
    /// One for each thread.
    pub desks: [TileDesk; MOST_THREADS],
}

/// The memory that each thread needs for itself.
#[derive(Debug, Default)]
pub struct TileDesk {
    /// Sums of parts of the products.
    pub kept: Vec<Sums>,
    /// Of each of the places, for every [`TILE`] tiles: the sums of eight output channels.
    pub products: Vec<Sums>,
}

type Sums = [<i16 as Number>::Sums; TILE];
