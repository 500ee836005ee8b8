//! Labelled pictures for training: where they come from and how they get into memory.
//!
//! Training reads every picture many times and in a new order each time, so the whole set is held
//! in memory, at the size at which the network sees it. That size is not known here: the caller
//! gives a function `fit` that turns a decoded picture into the bytes to keep (the trainer gives
//! the crop and resize of the preprocessing that the browser runs too). It is applied as each
//! picture is read, so that a folder of twelve-megapixel photos costs no more memory than a folder
//! of thumbnails. A set that is too large even so is [streamed](Dataset::stream): all pictures are looked at
//! once, and only their paths, classes and a few sums are kept; `stored` reads each again when it is needed.
//!
//! What a path holds is found out by looking, not by its name:
//!
//! | what is there                                   | read by     |
//! |-------------------------------------------------|-------------|
//! | the binary archive of CIFAR-10                  | `cifar`     |
//! | a `.tar` or `.tar.gz` of pictures in folders    | `archive`   |
//! | a folder of pictures in folders                 | `folder`    |
//!
//! `locate` looks, and `load` calls the reader. `tar_file`, `checksum` and `download` know nothing of what they carry.
//!
//! `layout` decides which folders are classes, `pictures` what becomes of broken pictures, and
//! [`split()`] takes the validation examples out of the training examples. Measuring looks at every
//! picture once and keeps none of them: a [`TestSet`] lists them first and reads them as they are needed. Whatever the machine and
//! the number of threads, the same source gives the same examples in the same order.

mod archive;
mod checksum;
mod cifar;
mod download;
mod error;
mod folder;
mod identical;
mod layout;
mod left_aside;
mod load;
mod locate;
mod picture_file;
mod pictures;
mod split;
mod stored;
mod tar_file;
mod test_set;
#[cfg(test)]
mod testing;
mod types;
mod unite;
mod walk;

pub use download::cache_file;
pub use error::DatasetError;
pub use identical::{Identical, Seen, digest};
pub use left_aside::LeftAside;
pub use load::pictures_to_stream;
pub use picture_file::read_picture;
pub use split::split;
pub use stored::{Md5Digest, OnDisk, Stored, Sums};
pub use test_set::{Listed, TestSet, Truth};
pub use types::{Dataset, Example, Progress, Skipped, Source};
pub use unite::unite;
pub use walk::{Found, Walk};
