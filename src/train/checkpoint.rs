//! A run in one file, from which it can go on after anything, `kill -9` included.
//!
//! There is always one that is whole: see [`files`]. It holds the hyperparameters, the position in the schedule, and
//! the network and optimisers with every bit.

use std::fs;
use std::path::Path;

use burn::record::{BinBytesRecorder, FullPrecisionSettings, Record, Recorder};
use burn::tensor::backend::Backend;
use md5::{Digest as _, Md5};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::dataset::Example;
use super::features::Digest;
use super::history::Epoch;
use super::hyperparameters::Hyperparameters;
use super::kept::Best;
use super::{TrainError, files};
use crate::model::crc32::Crc32;
use crate::preprocess::Normalisation;

/// Where a run stands, beside its tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// How the run trains. In files of earlier versions it has another name.
    #[serde(alias = "recipe")]
    pub hyperparameters: Hyperparameters,
    /// Which data it trains on, in words.
    pub data: String,
    /// The pictures that it trains on and those held out: see [`pictures`].
    pub pictures: Digest,
    /// The classes of those data.
    pub classes: Vec<String>,
    /// What its pixels are normalised by.
    pub normalisation: Normalisation,
    /// The commit of this project at which the run was started.
    pub commit: String,
    /// What computed.
    pub backend: String,
    /// Steps done.
    pub step: usize,
    /// Sum of the losses of this epoch's images so far.
    pub loss_sum: f64,
    /// How many of this epoch's images were named rightly so far.
    pub right: usize,
    /// How many images of this epoch were seen so far.
    pub seen: usize,
    /// Seconds of training so far, over all runs.
    pub seconds: f64,
    /// The best epoch so far, where that is asked for.
    #[serde(default)]
    pub best: Option<Best>,
    /// The epochs so far.
    #[serde(default)]
    pub history: Vec<Epoch>,
}

/// A digest of pictures and labels: another one as soon as a byte of a picture, a label or the order is another.
/// Whether the pictures are in memory or on disk makes no difference.
pub fn pictures(training: &[&Example], validation: &[&Example]) -> Digest {
    let of_one = |example: &&Example| -> Digest {
        let mut hash = Md5::new();
        hash.update((example.label as u64).to_le_bytes());
        hash.update(example.image.md5());
        hash.finalize().into()
    };
    let mut hash = Md5::new();
    for part in [training, validation] {
        hash.update((part.len() as u64).to_le_bytes());
        let digests: Vec<Digest> = part.par_iter().map(of_one).collect();
        hash.update(digests.as_flattened());
    }
    hash.finalize().into()
}

fn checksum(position: &[u8], tensors: &[u8]) -> u32 {
    let mut hasher = Crc32::new();
    hasher.update(position);
    hasher.update(tensors);
    hasher.finalize()
}

type Binary = BinBytesRecorder<FullPrecisionSettings>;

/// Writes a checkpoint.
///
/// # Errors
///
/// If the disk does not take it; an older checkpoint is still there then.
pub fn save<B: Backend>(
    path: &Path,
    position: &Position,
    tensors: impl Record<B>,
) -> Result<(), TrainError> {
    let io = |why| TrainError::Checkpoint { path: path.to_owned(), why };
    let position = serde_json::to_vec(position).map_err(|error| io(error.into()))?;
    let tensors = Recorder::<B>::record(&Binary::default(), tensors, ())
        .map_err(|error| io(std::io::Error::other(error)))?;
    let length = (position.len() as u64).to_le_bytes();
    let checksum = checksum(&position, &tensors).to_le_bytes();
    files::write(path, &[&length, &position, &checksum, &tensors]).map_err(io)
}

/// A checkpoint whose tensors are still bytes: what they are depends on the hyperparameters in the position.
#[derive(Debug)]
pub struct Saved {
    /// Where the run stood.
    pub position: Position,
    tensors: Vec<u8>,
}

/// Reads a checkpoint.
///
/// # Errors
///
/// If there is none, or it is damaged.
pub fn read(path: &Path) -> Result<Saved, TrainError> {
    let damaged = || TrainError::DamagedCheckpoint { path: path.to_owned() };
    let bytes =
        fs::read(path).map_err(|why| TrainError::Checkpoint { path: path.to_owned(), why })?;
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(damaged)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| damaged())?;
    let (position, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let (expected, tensors) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    if checksum(position, tensors) != u32::from_le_bytes(*expected) {
        return Err(damaged());
    }
    let position = serde_json::from_slice(position).map_err(|_| damaged())?;
    Ok(Saved { position, tensors: tensors.to_vec() })
}

impl Saved {
    /// The tensors of the checkpoint.
    ///
    /// # Errors
    ///
    /// If they are not of this kind of network and optimiser.
    pub fn tensors<B: Backend, R: Record<B>>(
        self,
        path: &Path,
        device: &B::Device,
    ) -> Result<R, TrainError> {
        Recorder::<B>::load(&Binary::default(), self.tensors, device)
            .map_err(|_| TrainError::DamagedCheckpoint { path: path.to_owned() })
    }
}
