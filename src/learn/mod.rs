//! Learning from a few pictures, by what the photo network's backbone makes of them: heads that are taught, and groups
//! that are found.
//!
//! ```text
//! pictures ─→ features of the backbone ─→ [embedding] ─┬─→ [head] ─→ [report] (leave-one-out) ─→ weights file
//!                                                      └─→ [groups], [map]
//! ```
//!
//! Nothing here runs a network or knows of files and browsers: embeddings come in, numbers go out. All of it is
//! deterministic, so that the page and the terminal give the same answers to the same embeddings.

pub mod components;
pub mod copies;
pub mod embedding;
mod factor;
pub mod file;
pub mod groups;
pub mod head;
pub mod map;
pub mod quality;
pub mod report;

pub use embedding::Space;
pub use groups::Groups;
pub use head::{Head, Lesson};
pub use report::Report;

/// Why nothing can be learnt.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LearnError {
    /// An embedding has another length than the others.
    #[error("An embedding has {found} numbers and should have {expected}.")]
    Width {
        /// Its length.
        found: usize,
        /// The length of the centre.
        expected: usize,
    },
    /// An embedding holds what is no number, or infinite.
    #[error("An embedding holds values that are no numbers, or infinite.")]
    NotFinite,
    /// There are not as many labels as pictures.
    #[error("There are {labels} labels for {pictures} pictures.")]
    Labels {
        /// How many labels.
        labels: usize,
        /// How many pictures.
        pictures: usize,
    },
    /// A label is no class.
    #[error("A picture is said to be of class {found}, and there are {classes}.")]
    Class {
        /// The label, from zero.
        found: usize,
        /// How many there are.
        classes: usize,
    },
    /// One class can't be told from anything.
    #[error("At least two classes with a picture each are needed.")]
    OneClass,
    /// Two classes have the same name, which must be told apart in the answer.
    #[error("Two classes are called {0}.")]
    SameName(String),
    /// A class has no picture.
    #[error("The class {0} has no picture.")]
    Empty(String),
    /// Fewer than two pictures are no groups.
    #[error("At least two pictures are needed.")]
    TooFew,
    /// There is a picture that is not known.
    #[error("There is no picture {0}.")]
    Unknown(u32),
    /// The equations have no solution, which takes embeddings that are no numbers.
    #[error("The head could not be computed.")]
    Singular,
}
