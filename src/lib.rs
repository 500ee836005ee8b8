//! An image classifier that runs in the browser.
//!
//! ```text
//!  photo, webcam frame, canvas
//!      │ RGBA8
//!  ┌───▼────┐   ┌────────────┐   ┌───────┐   ┌────────────┐
//!  │ pixels │ → │ preprocess │ → │ model │ → │ prediction │ → page, terminal
//!  └────────┘   └────────────┘   └───┬───┘   └────────────┘
//!      ▲              ▲              ├ maps, logits ─→ explain ─→ where it looked
//!      │              │              │ weights file + model card, features ─→ learn ─→ a head of one's own
//!      │              │              ▼
//!   dataset ─────→  train  ──→  evaluate
//! ```
//!
//! Data flows one way, from [`pixels`] over [`preprocess`] and [`model`] to a [`prediction`], on the way to which a
//! wide vocabulary may be [`evidence`] for a few classes. A [`classifier`] is all of them with an [engine](model::engine). Each is
//! written once: the browser, the trainer, the evaluator and the terminal run the same lines, so an accuracy in a model
//! card is that of the page. [`explain`] shows which places of a picture its answer comes from, [`layers`] what each layer
//! made of it. [`learn`] teaches heads with a few pictures, and groups pictures without labels, by what the photo network's
//! backbone makes of them (both with the feature `learn`).
//!
//! Around that path there are two rooms that do not know each other: `web`, the thin boundary to the
//! browser, and `train`, the companion binary's half (feature `train`). Where no browser decodes files, `decode` does
//! (feature `decode`); [`causes`] puts an error into words, and [`held_out`] knows how good answers of yes and no are.
//!
//! `classical` (feature `train`) is what networks are compared with, by `train::compare`: nearest neighbours, support
//! vector machines, trees and forests, on pixels and on features made by hand.
//!
//! # To classify a picture
//!
//! ```
//! use glimpse::classifier::Options;
//! use glimpse::{Classifier, Pixels};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let weights = std::fs::read("www/model/cifar10.safetensors")?;
//! let classifier = Classifier::load(&weights)?;
//!
//! // A blue sky over a grey runway, 64 × 48 pixels.
//! let picture = [[90u8, 150, 230].repeat(64 * 32), [110, 110, 110].repeat(64 * 16)].concat();
//! let pixels = Pixels::from_rgb(64, 48, &picture)?;
//!
//! let answer = pollster::block_on(classifier.classify(&pixels, &Options::default()))?;
//! let best = answer.prediction.best();
//! println!("{} ({:.0} %)", best.label, best.probability * 100.0);
//! # assert!(classifier.header().classes.contains(&best.label) && best.probability > 0.1);
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]

pub mod causes;
#[cfg(feature = "train")]
pub mod classical;
pub mod classifier;
#[cfg(feature = "decode")]
pub mod decode;
pub mod evidence;
pub mod explain;
pub mod held_out;
#[cfg(feature = "learn")]
pub mod layers;
#[cfg(feature = "learn")]
pub mod learn;
pub mod metrics;
pub mod model;
pub mod pixels;
pub mod prediction;
pub mod preprocess;
#[cfg(feature = "learn")]
mod products;
#[cfg(feature = "learn")]
mod temperature;
#[cfg(feature = "train")]
pub mod train;
#[cfg(target_arch = "wasm32")]
mod web;

pub use causes::with_causes;
pub use classifier::Classifier;
pub use pixels::Pixels;
pub use prediction::Prediction;
