//! Why a comparison ended without a result.

use std::path::PathBuf;

use crate::train::TrainError;
use crate::train::dataset::DatasetError;

/// Why a comparison ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// Pictures, weights, files, or the training of a network.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// There is nothing to measure on.
    #[error("There are no test pictures in {source_name}: methods are compared on a folder test/.")]
    NoTest {
        /// The data.
        source_name: String,
    },
    /// More pictures were asked for than there are.
    #[error("There are {there} pictures to learn from, and --pictures asks for {asked}.")]
    TooManyPictures {
        /// How many were asked for.
        asked: usize,
        /// How many there are.
        there: usize,
    },
    /// A file of another kind stands where the rows are to be kept.
    #[error("The file {} is no record of a comparison: name another with --output.", path.display())]
    NotARecord {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        why: serde_json::Error,
    },
}

impl From<DatasetError> for CompareError {
    fn from(error: DatasetError) -> Self {
        Self::Train(error.into())
    }
}
