//! Why training or evaluating ended without a result.

use std::path::PathBuf;

use super::dataset::DatasetError;
use crate::classifier::ClassifyError;
use crate::model::Architecture;
use crate::model::weights::WeightsError;
use crate::pixels::PixelsError;

/// Why training or evaluating ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The pictures.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The weights file.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The network.
    #[error(transparent)]
    Classify(#[from] ClassifyError),
    /// A picture.
    #[error(transparent)]
    Pixels(#[from] PixelsError),
    /// A file could not be read or written.
    #[error("The file {} could not be read or written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: std::io::Error,
    },
    /// A file would be written over another one of the same run.
    #[error("{} would replace {}: name another.", output.display(), other.display())]
    Replaces {
        /// What would be written.
        output: PathBuf,
        /// What is read, or written, too.
        other: PathBuf,
    },
    /// A checkpoint could not be read or written.
    #[error("The checkpoint {} could not be read or written", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: std::io::Error,
    },
    /// A checkpoint is not whole.
    #[error("The checkpoint {} is damaged: delete it to start anew.", path.display())]
    DamagedCheckpoint {
        /// The file.
        path: PathBuf,
    },
    /// A checkpoint is there, and the run was not asked to go on from it.
    #[error("There is a checkpoint of an unfinished run at {}: go on with --resume, or delete it to start anew.", path.display())]
    Unfinished {
        /// The file.
        path: PathBuf,
    },
    /// A checkpoint belongs to another run.
    #[error("The checkpoint {} belongs to {what}: resume with the arguments that the run was started with.", path.display())]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: String,
    },
    /// The weights were trained for other classes than the data have.
    #[error("The weights know the classes {known}, and the data have {found}.")]
    OtherClasses {
        /// Of the weights.
        known: String,
        /// Of the data.
        found: String,
    },
    /// There are no names to measure.
    #[error(
        "The weights do not answer with the thousand names of ImageNet: leave --names out to measure their classes."
    )]
    NoNames,
    /// There is only one source.
    #[error(
        "With one source there is none to leave out: give several --data, or leave --leave-one-out away."
    )]
    NothingToLeaveOut,
    /// Sources can only be left out where the old names count for the new classes.
    #[error(
        "Leaving one source out in turn needs --keep-classes, and classes of which the weights of --init know kinds."
    )]
    LeavingOutNeedsNames,
    /// The network has one dense layer only.
    #[error("A {architecture} network has no place for a second answer: leave --keep-classes out.")]
    NoSecondAnswer {
        /// The network.
        architecture: Architecture,
    },
    /// The logit of two classes says which of them it is, and nothing beside others.
    #[error(
        "Two classes have a single output, which is no second answer: leave --keep-classes out."
    )]
    SingleOutput,
    /// A teacher can't answer for the classes of a run.
    #[error("{teacher} has other classes than the network that is to learn from it.")]
    OtherTeacher {
        /// Its file.
        teacher: String,
    },
    /// Weights that fit one size of input alone.
    #[error(
        "Weights of a {architecture} network fit an input of {side} pixels alone: leave --input-size out."
    )]
    FixedInput {
        /// The network.
        architecture: Architecture,
        /// The side of its input, in pixels.
        side: usize,
    },
    /// The networks that are to teach are not those that the hyperparameters name.
    #[error("Other networks are to teach than the hyperparameters name.")]
    OtherTeachers,
    /// The loss is no longer a number.
    #[error("The loss is no longer a number after step {step}: try a lower --learning-rate.")]
    Diverged {
        /// The step.
        step: usize,
    },
    /// A file of another kind stands where the features are to be kept.
    #[error("The file {} was not written by glimpse, so no features are kept in it: name another with --features.", path.display())]
    NotACache {
        /// The file.
        path: PathBuf,
    },
    /// Another run keeps its features in the same file.
    #[error("The features in {} are in use by another run: wait for it, or name another file with --features.", path.display())]
    CacheInUse {
        /// The file.
        path: PathBuf,
    },
    /// The thread that prepares the images ended.
    #[error("The images could not be prepared: the thread that does so ended.")]
    Preparation,
    /// A number on the command line is out of its range.
    #[error("{what} must be {range}.")]
    OutOfRange {
        /// The argument.
        what: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// The input is too small for the architecture.
    #[error("A {architecture} network needs an input of at least {smallest} pixels.")]
    InputTooSmall {
        /// The network.
        architecture: Architecture,
        /// The smallest side.
        smallest: usize,
    },
}
