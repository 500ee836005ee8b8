//! What a run's epochs were like, for one's own plots.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{TrainError, files};

/// The figures of one epoch; a row of the table that [`write()`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Its number, from 1.
    pub epoch: usize,
    /// The learning rate of its last step.
    pub learning_rate: f64,
    /// Mean loss of the training images, with all changes that were made to them.
    pub loss: f64,
    /// Share of those images named rightly, in `[0, 1]`.
    pub accuracy: f64,
    /// Mean loss of the validation images, if there are any.
    pub validation_loss: Option<f64>,
    /// Share of the validation images named rightly, in `[0, 1]`, if there are any.
    pub validation_accuracy: Option<f64>,
    /// Seconds of training up to its end.
    pub seconds: f64,
}

/// Writes a table (CSV) with a row for each epoch, over one that is there.
///
/// # Errors
///
/// If the file can't be written.
pub fn write(path: &Path, epochs: &[Epoch]) -> Result<(), TrainError> {
    let failed = |why| TrainError::File { path: path.to_owned(), why };
    let mut table = csv::Writer::from_writer(Vec::new());
    for epoch in epochs {
        table.serialize(epoch).map_err(|error| failed(error.into()))?;
    }
    let bytes = table.into_inner().map_err(|error| failed(error.into_error()))?;
    files::write(path, &[&bytes]).map_err(failed)
}
