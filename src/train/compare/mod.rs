//! Networks and the methods from before them, on one split with one seed, in one table.
//!
//! ```text
//! dataset → split ─┬→ handmade (crate::classical) ─┐
//!                  ├→ networks (trainer, publish) ─┼→ row, written into the record at once → table
//!                  └→ frozen (features, head) ─────┘
//! ```
//!
//! All methods see the same pictures of 32 × 32 pixels, learn from the same part of them, and choose what there is to be
//! chosen (how many neighbours, what an error costs) on the part that is held out. The test pictures are looked at once,
//! by what was chosen.

mod error;
mod frozen;
mod handmade;
mod measured;
mod method;
mod networks;
mod record;
mod run;
mod subject;
mod table;

pub use error::CompareError;
pub use method::Method;
pub use record::{Record, Row, Settings};
pub use run::{Comparison, compare};
pub use subject::SIDE;
pub use table::{TableFormat, table, told};
