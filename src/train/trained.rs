//! What training leaves, whichever way it went.

use burn::tensor::backend::Backend;

use super::history::Epoch;
use crate::model::Network;
use crate::model::weights::Vocabulary;
use crate::preprocess::Normalisation;

/// What a run leaves.
pub struct Trained<B: Backend> {
    /// The network, with its batch norms where they are not folded yet.
    pub network: Network<B>,
    /// What its input is normalised by.
    pub normalisation: Normalisation,
    /// The commit of this project at which the run was started.
    pub commit: String,
    /// Seconds of training.
    pub seconds: f64,
    /// What each epoch was like; nothing of a head.
    pub history: Vec<Epoch>,
    /// The epoch whose weights these are, from 1, where the best one was kept.
    pub best_epoch: Option<usize>,
    /// The names of the network's second answer, where it has one.
    pub vocabulary: Option<Vocabulary>,
    /// How heads did on sources that they had not seen, where that was asked for.
    pub left_out: Vec<LeftOut>,
    /// What the weights were made of, and under which licence, where they were not trained from nothing.
    pub notice: Option<String>,
}

/// How a head did on a source that it had not seen.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// The name of the source.
    pub source: String,
    /// The logits of the classes, for each picture.
    pub logits: Vec<Vec<f32>>,
    /// The classes.
    pub labels: Vec<usize>,
}

/// The commit that this program was built from, or its version where there was no repository: see `build.rs`.
pub(super) fn commit() -> String {
    env!("GLIMPSE_COMMIT").to_owned()
}
