//! The companion binary's half: from labelled pictures to a weights file.
//!
//! ```text
//! dataset → split ─→ training ─┬→ augment ─→ trainer (whiten, kept, checkpoint) ───┐
//!              │               └→ features (in a cache) ─→ head ────────────────────┤
//!              │                                                                  ▼
//!              ├──→ validation ─────────────────────────────────→ calibrate → publish → weights
//!              └──→ test, looked at once, when all is decided ──→ metrics ──→ card     + model card
//!                                                                                card_file  (Markdown and JSON)
//! ```
//!
//! Everything from `publish` on runs the folded and shortened network through
//! [`Classifier`](crate::Classifier), as the page does.
//!
//! Both ways of training start from [`pretrained`] weights or from none, share `objective` and `random`, and leave what
//! is in `trained`. The trainer may learn from what trained networks say of the pictures, too ([`teacher`]). [`compare`] sets
//! networks that are trained so beside [older methods](crate::classical). Imports run one way: `scripts/lib/rust-circles.mjs`
//! fails when they don't.
//!
//! # To train on a folder
//!
//! The folder holds one folder for each class, with its pictures.
//!
//! ```
//! use burn::backend::{Autodiff, Flex};
//! use glimpse::Classifier;
//! use glimpse::model::Architecture;
//! use glimpse::model::weights::Precision;
//! use glimpse::preprocess::Normalisation;
//! use glimpse::train::dataset::{Dataset, Source, unite};
//! use glimpse::train::evaluate::Contents;
//! use glimpse::train::hyperparameters::Hyperparameters;
//! use glimpse::train::publish::{Publication, publish};
//! use glimpse::train::report::Bar;
//! use glimpse::train::splits::Splits;
//! use glimpse::train::trainer::{self, Run};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let place = tempfile::tempdir()?;
//! # let folder = place.path().join("colours");
//! # for (class, colour) in [("blue", [20, 40, 200]), ("red", [200, 40, 20])] {
//! #     std::fs::create_dir_all(folder.join(class))?;
//! #     for number in 0..20 {
//! #         let shade = colour.map(|value: u8| value + number);
//! #         let picture = image::RgbImage::from_pixel(16, 16, image::Rgb(shade));
//! #         picture.save(folder.join(class).join(format!("{number}.png")))?;
//! #     }
//! # }
//! # let (output, checkpoint) = (place.path().join("net.safetensors"), place.path().join("run"));
//! let fresh = Hyperparameters::new(Architecture::Plain, 16, 40);
//! let hyperparameters = Hyperparameters { epochs: 1, ..fresh };
//!
//! let preprocessing = hyperparameters.preprocessing(Normalisation::IDENTITY);
//! let fit = |pixels: &_| preprocessing.fit(pixels).to_rgb8_planar();
//! let mut datasets = vec![Dataset::load(&Source::Path(folder), fit, |_| {})?];
//! let classes = unite(&mut datasets)?;
//! let splits = Splits::new(&datasets, hyperparameters.validation, hyperparameters.seed)?;
//!
//! let held_out: Vec<_> = splits.validation.iter().map(|sample| sample.example).collect();
//! let run = Run {
//!     hyperparameters: &hyperparameters,
//!     classes: &classes,
//!     data: "two colours",
//!     training: &splits.training,
//!     validation: &held_out,
//!     backend: "flex",
//!     half: false,
//!     checkpoint: &checkpoint,
//!     checkpoint_seconds: 60.0,
//!     resume: false,
//!     history: None,
//!     start: None,
//!     teachers: &[],
//! };
//! let trained = trainer::train::<Autodiff<Flex>>(&run, &Default::default(), &mut Bar::new())?;
//!
//! let publication = Publication {
//!     hyperparameters: &hyperparameters,
//!     classes: &classes,
//!     data: run.data,
//!     backend: run.backend,
//!     training_images: splits.samples.len(),
//!     validation: &splits.validation,
//!     sources: &splits.sources,
//!     tests: &splits.tests,
//!     contents: Contents::Pixels,
//!     precision: Precision::Int8,
//!     output: &output,
//! };
//! publish(&publication, trained.expect("nobody stopped it"))?;
//!
//! let classifier = Classifier::load(&std::fs::read(&output)?)?;
//! assert_eq!(classifier.header().classes, ["blue", "red"]);
//! # Ok(())
//! # }
//! ```

pub mod augment;
mod average;
pub mod calibrate;
pub mod card;
pub mod card_file;
pub mod checkpoint;
pub mod compare;
pub mod dataset;
pub mod embed;
pub mod episodes;
mod error;
pub mod evaluate;
pub mod features;
pub mod files;
pub mod head;
pub mod history;
pub mod hyperparameters;
pub mod import;
mod input;
mod kept;
pub mod metrics;
pub mod names;
mod objective;
pub mod pretrained;
pub mod publish;
mod random;
pub mod report;
pub mod scaling;
pub mod schedule;
pub mod splits;
pub mod teacher;
mod trained;
pub mod trainer;
pub mod whiten;
pub mod workers;

pub use error::TrainError;
pub use trained::{LeftOut, Trained};
