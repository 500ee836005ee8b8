//! An image classifier that runs in the browser.
//!
//! ```text
//!  photo, webcam frame, canvas
//!      │ RGBA8
//!  ┌───▼────┐   ┌────────────┐   ┌───────┐   ┌────────────┐
//!  │ pixels │ → │ preprocess │ → │ model │ → │ prediction │ → page, terminal
//!  └────────┘   └────────────┘   └───┬───┘   └────────────┘
//!      ▲              ▲              │ weights file + model card
//!      │              │              ▼
//!   dataset ─────→  train  ──→  evaluate
//! ```
//!
//! Data flows one way, from [`pixels`] over [`preprocess`] and [`model`] to a [`prediction`], on the way to which a
//! wide vocabulary may be [`evidence`] for a few classes. A [`classifier`] is all of them with a device. Each is written once: the browser, the trainer, the
//! evaluator and the terminal run the same lines, so an accuracy in a model card is that of the page.
//!
//! Around that path there are two rooms that do not know each other: `web`, the thin boundary to the
//! browser, and `train`, the companion binary's half (feature `train`).

#![warn(missing_docs)]

pub mod classifier;
pub mod evidence;
#[cfg(feature = "learn")]
pub mod learn;
pub mod metrics;
pub mod model;
pub mod pixels;
pub mod prediction;
pub mod preprocess;
mod temperature;
#[cfg(feature = "train")]
pub mod train;
#[cfg(target_arch = "wasm32")]
mod web;

pub use classifier::Classifier;
pub use pixels::Pixels;
pub use prediction::Prediction;
