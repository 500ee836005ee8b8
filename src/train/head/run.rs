//! What a head is trained on.

use crate::train::dataset::Example;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::pretrained::Start;
use crate::train::splits::Sample;

/// What a head is trained on and how.
pub struct HeadRun<'a> {
    /// The weights whose backbone made the features.
    pub start: &'a Start,
    /// How to train.
    pub hyperparameters: &'a Hyperparameters,
    /// Names of the classes.
    pub classes: &'a [String],
    /// The examples to learn from: features of all views.
    pub training: &'a [&'a Example],
    /// The examples held out.
    pub validation: &'a [&'a Example],
    /// Whether the classes of the start stay as a second answer.
    pub keep_classes: bool,
    /// Every example to learn from, once, with the number of its source.
    pub samples: &'a [Sample<'a>],
    /// The names of the sources.
    pub sources: &'a [String],
    /// Whether every source is left out once, to see how a head does that has not seen any of it.
    pub leave_one_out: bool,
}
