//! Classifiers from before deep networks, on pixels and on features made by hand.
//!
//! ```text
//! pixels ─┬───────────────────────────────→ nearest (or after pca)
//!         └→ hog, colour → standardise ─┬─→ linear_svm (or after fourier)
//!                                       └─→ tree, forest (on bins)
//! ```
//!
//! A picture becomes numbers with [`hog`] and [`colour`], which [`standardise`] brings to one scale; [`linear_svm`]
//! separates classes by planes in that space, or, behind [`fourier`], by surfaces that a radial kernel would find;
//! [`tree`] and [`forest`] ask for one number after the other. [`nearest`] compares pixels, [`majority`] doesn't even
//! look. Everything is a function of its input and a seed. Pictures, files and networks are not known here: rows of
//! numbers in, classes out.

pub mod bins;
pub mod colour;
pub mod forest;
pub mod fourier;
pub mod hog;
pub mod linear_svm;
pub mod majority;
mod matrix;
pub mod nearest;
pub mod pca;
mod rows;
pub mod standardise;
pub mod tree;

pub use rows::Rows;
