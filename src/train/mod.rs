//! The companion binary's half: from labelled pictures to a weights file.
//!
//! ```text
//! dataset → split ─→ training ─┬→ augment ─→ trainer (whiten, checkpoint, report) ─┐
//!              │               └→ transfer (features in a cache, a new head) ───────┤
//!              │                                                                  ▼
//!              ├──→ validation ─────────────────────────────────→ calibrate → publish → weights
//!              └──→ test, looked at once, when all is decided ──→ metrics ──→ card     + model card
//! ```
//!
//! Everything from `publish` on runs the folded and shortened network through
//! [`Classifier`](crate::Classifier), as the page does.
//!
//! Both ways of training start from [`pretrained`] weights or from none, share `objective` and `random`, and leave what is in
//! `trained`. Imports run one way: `scripts/lib/rust-circles.mjs` fails when they don't.

pub mod augment;
pub mod cache;
pub mod calibrate;
pub mod card;
pub mod checkpoint;
pub mod dataset;
pub mod embed;
mod error;
pub mod evaluate;
pub mod files;
pub mod head;
pub mod import;
pub mod metrics;
pub mod names;
mod objective;
pub mod parts;
pub mod pretrained;
pub mod publish;
mod random;
pub mod recipe;
pub mod report;
pub mod scaling;
mod trained;
pub mod trainer;
pub mod transfer;
pub mod whiten;
pub mod workers;

pub use error::TrainError;
pub use trained::{LeftOut, Trained};
