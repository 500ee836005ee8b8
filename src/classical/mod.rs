//! Classifiers from before deep networks, on features made by hand.
//!
//! A picture becomes numbers with [`hog`], which [`standardise`] brings to one scale; [`linear_svm`] separates classes
//! by planes in that space, or, behind [`fourier`], by surfaces that a radial kernel would find. Everything is a
//! function of its input and a seed. Pictures, files and networks are not known here: rows of numbers in, classes out.

pub mod fourier;
pub mod hog;
pub mod linear_svm;
mod rows;
pub mod standardise;

pub use rows::Rows;
