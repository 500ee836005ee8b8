//! Labelled pictures for training: where they come from and how they get into memory.
//!
//! Training reads every picture many times and in a new order each time, so the whole set is held
//! in memory, at the size at which the network sees it. That size is not known here: the caller
//! gives a function `fit` that turns a decoded picture into the bytes to keep (the trainer gives
//! the crop and resize of the preprocessing that the browser runs too). It is applied as each
//! picture is read, so that a folder of twelve-megapixel photos costs no more memory than a folder
//! of thumbnails.
//!
//! What a path holds is found out by looking, not by its name:
//!
//! | what is there                                   | read by     |
//! |-------------------------------------------------|-------------|
//! | the binary archive of CIFAR-10                  | `cifar`     |
//! | a `.tar` or `.tar.gz` of pictures in folders    | `archive`   |
//! | a folder of pictures in folders                 | `folder`    |
//!
//! `layout` decides which folders are classes, `pictures` what becomes of broken pictures, and
//! [`split()`] takes the validation examples out of the training examples. Measuring looks at every
//! picture once and keeps none of them: a [`TestSet`] lists them first and reads them as they are needed. Whatever the machine and
//! the number of threads, the same source gives the same examples in the same order.

mod archive;
mod cifar;
mod download;
mod error;
mod folder;
mod layout;
mod pictures;
mod split;
mod test_set;
#[cfg(test)]
mod testing;
mod unite;
mod walk;

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Serialize;

use super::publish::NONE;
use crate::pixels::Pixels;

pub use download::cache_file;
pub use error::DatasetError;
pub use pictures::read_picture;
pub use split::split;
pub use test_set::{Listed, TestSet, Truth};
pub use unite::unite;
pub use walk::{Found, Walk};

use layout::Naming;

/// Where the pictures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The official archive of CIFAR-10 (Krizhevsky, "Learning Multiple Layers of Features from
    /// Tiny Images", 2009), downloaded at the first use and then kept: 170 MB.
    Cifar10,
    /// A folder or an archive on this machine.
    Path(PathBuf),
    /// Another source, all of whose pictures are 'none of these', whatever their folders are called.
    NoneOfThese(Box<Source>),
}

impl Source {
    /// The path, where it is on this machine.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Cifar10 => None,
            Self::Path(path) => Some(path),
            Self::NoneOfThese(source) => source.path(),
        }
    }

    /// The source of 'none of these' that a path or `cifar10` stands for.
    ///
    /// # Errors
    ///
    /// None.
    pub fn none_of_these(text: &str) -> Result<Self, Infallible> {
        Ok(Self::NoneOfThese(Box::new(text.parse()?)))
    }
}

impl FromStr for Source {
    type Err = Infallible;

    /// `cifar10` is the download; anything else is a path (a folder of that name is `./cifar10`).
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "cifar10" => Self::Cifar10,
            path => Self::Path(PathBuf::from(path)),
        })
    }
}

/// How far the loading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Bytes of the archive that have arrived; `total` where the server says how many there are.
    Downloading {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: Option<u64>,
    },
    /// Pictures decoded and fitted; `total` where it is known beforehand (an archive is read once,
    /// as a stream, so its number of pictures is known only at the end).
    Reading {
        /// Pictures so far.
        done: usize,
        /// Pictures in all.
        total: Option<usize>,
    },
}

/// One labelled picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What `fit` made of the picture.
    pub image: Vec<u8>,
    /// The index of its class in [`Dataset::classes`].
    pub label: usize,
}

/// A picture that was found and not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its path: inside the source when it is for training, from here when it is for measuring.
    pub path: String,
    /// Why it was not used.
    pub why: String,
}

/// Labelled pictures in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The names of the classes, in the order of the labels. The folders of a user are sorted by
    /// name, and all that are called `none_…` are the class `none`; CIFAR-10 keeps its own order.
    pub classes: Vec<String>,
    /// The examples to train on, never empty.
    pub train: Vec<Example>,
    /// The examples held back for the one final measurement; empty where the source has none.
    pub test: Vec<Example>,
    /// What was read, in one line for the model card: the name and the checksum or the counts.
    pub source: String,
    /// Pictures that were found and not used, sorted by path: broken ones (at most one in twenty,
    /// see [`DatasetError::TooManyBad`]) and ones that lie in no class. Tell the user.
    pub skipped: Vec<Skipped>,
    /// The number of files that are not pictures, by their ending. Hidden files and the
    /// `__MACOSX` folders of macOS are not counted.
    pub ignored: usize,
}

impl Dataset {
    /// Reads a source into memory.
    ///
    /// `fit` turns a decoded picture into the bytes of [`Example::image`]. `progress` is told after
    /// every picture and every block of a download. Both are called from several threads at once,
    /// so the counts may arrive slightly out of order.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] when the source cannot be read or would train a network that means
    /// nothing: a class without pictures, classes that only the test part knows, more than one
    /// broken picture in twenty, or a damaged archive. (Whether there are classes enough shows when
    /// all data sets are [united](unite).)
    pub fn load(
        source: &Source,
        fit: impl Fn(&Pixels) -> Vec<u8> + Sync,
        progress: impl Fn(Progress) + Sync,
    ) -> Result<Self, DatasetError> {
        let Place { path, kind, md5, none } = &locate(source, &progress)?;
        let naming = if *none { Naming::None } else { Naming::Folders };
        let (fit, progress): (Fit<'_>, Report<'_>) = (&fit, &progress);
        let mut dataset = match kind {
            Kind::Folder => folder::load(path, naming, fit, progress)?,
            Kind::Pictures => archive::load(path, naming, md5, fit, progress)?,
            Kind::Cifar if *none => cifar::load(path, md5, fit, progress)?.into_none(),
            Kind::Cifar => cifar::load(path, md5, fit, progress)?,
        };
        dataset.source += none_suffix(*none);
        Ok(dataset)
    }

    /// The same examples, all of them of the one class 'none of these'.
    fn into_none(mut self) -> Self {
        self.classes = vec![NONE.to_owned()];
        for example in self.train.iter_mut().chain(&mut self.test) {
            example.label = 0;
        }
        self
    }
}

/// What is said of a source that is all 'none of these'.
fn none_suffix(none: bool) -> &'static str {
    if none { ", all none of these" } else { "" }
}

/// A source that has been found.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    kind: Kind,
    /// Of an archive.
    md5: String,
    /// Whether all of it is 'none of these'.
    none: bool,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A folder.
    Folder,
    /// An archive of picture files.
    Pictures,
    /// An archive of the binary records of CIFAR-10.
    Cifar,
}

/// Finds a source, and downloads it if need be.
fn locate(source: &Source, progress: Report<'_>) -> Result<Place, DatasetError> {
    let path = match source {
        Source::NoneOfThese(source) => {
            return Ok(Place { none: true, ..locate(source, progress)? });
        }
        Source::Cifar10 => {
            let (path, md5) = (download::cifar10(progress)?, download::CIFAR10_MD5.to_owned());
            return Ok(Place { path, kind: Kind::Cifar, md5, none: false });
        }
        Source::Path(path) => path.clone(),
    };
    let about = std::fs::metadata(&path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => DatasetError::NotFound(path.clone()),
        _ => DatasetError::read(&path, cause),
    })?;
    let (kind, md5) = match about.is_dir() {
        true => (Kind::Folder, String::new()),
        false => (archive::recognise(&path)?, archive::md5(&path)?),
    };
    Ok(Place { path, kind, md5, none: false })
}

/// The caller's [`Dataset::load`] functions, as they are handed on.
type Fit<'a> = &'a (dyn Fn(&Pixels) -> Vec<u8> + Sync);
type Report<'a> = &'a (dyn Fn(Progress) + Sync);

/// The last part of a path, as it is shown to people.
fn name_of(path: &Path) -> String {
    // `.` and `..` have no name of their own until they are resolved.
    let resolved = path.canonicalize();
    let named = path.file_name().or_else(|| resolved.as_ref().ok()?.file_name());
    named.unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::testing::*;
    use super::*;

    #[test]
    fn a_source_is_cifar10_or_a_path() {
        assert_eq!("cifar10".parse(), Ok(Source::Cifar10));
        assert_eq!("./cifar10".parse(), Ok(Source::Path("./cifar10".into())));
        let none = Source::NoneOfThese(Box::new(Source::Path("cups".into())));
        assert_eq!(Source::none_of_these("cups"), Ok(none));
    }

    #[test]
    fn a_path_that_is_not_there_is_said_to_be_not_there() {
        let error = load("/no/such/place").unwrap_err();
        assert!(matches!(error, DatasetError::NotFound(_)), "{error}");
    }

    #[test]
    fn a_folder_and_its_archive_give_the_same_examples() {
        let files = two_classes();
        let folder = write_folder(&files);
        let (_guard, packed) = write_file("pets.tar.gz", &gzip(&tar(&files)));
        let one = load(folder.path()).unwrap();
        let two = load(&packed).unwrap();
        assert_eq!(one.classes, ["cat", "dog"]);
        assert_eq!((one.classes, one.train, one.test), (two.classes, two.train, two.test));
    }

    #[test]
    fn a_name_is_found_for_the_current_folder() {
        assert_ne!(name_of(Path::new(".")), ".");
        assert_eq!(name_of(Path::new("/a/b.tar")), "b.tar");
    }
}
