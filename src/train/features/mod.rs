//! Features: what the frozen backbone of a network makes of pictures, and the file that keeps them.
//!
//! The backbone never changes, so neither does what it makes of a picture: [`Backbone::extract_features`] computes
//! those features once, for a few views of each picture, and keeps them in a [`Cache`].
//!
//! ```text
//! Pixels → preprocess ─┬──────────────→ backbone ─┐
//!                      └─ augment ────→ backbone ─┴─→ features of all views → head
//! ```

mod backbone;
mod cache;

pub use backbone::{Backbone, features_of_view};
pub use cache::{Cache, Digest};
