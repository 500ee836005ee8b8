//! What a data set is made of.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Serialize;

use super::identical::{Origin, Seen};
use super::left_aside::LeftAside;
use super::stored::Stored;
use crate::model::weights::NONE;
use crate::pixels::Pixels;

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
    pub image: Stored,
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

/// Labelled pictures, in memory or [on disk](Stored).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The names of the classes, in the order of the labels. The folders of a user are sorted by
    /// name, and all that are called `none_…` are the class `none`; CIFAR-10 keeps its own order.
    pub classes: Vec<String>,
    /// The examples to train on, never empty.
    pub train: Vec<Example>,
    /// The examples to validate on, where the source has a folder for them; otherwise empty, and some of those to
    /// train on are [held out](super::split()).
    pub validation: Vec<Example>,
    /// The examples held back for the one final measurement; empty where the source has none.
    pub test: Vec<Example>,
    /// What was read, in one line for the model card: the name and the checksum or the counts.
    pub source: String,
    /// Pictures that were found and not used, sorted by path: broken ones (at most one in twenty,
    /// see [`super::DatasetError::TooManyBad`]) and ones that lie in no class. Tell the user.
    pub skipped: Vec<Skipped>,
    /// The files that are not pictures, by their ending. Hidden files and the `__MACOSX` folders of macOS are not
    /// counted.
    pub ignored: LeftAside,
    /// What the examples were read from: those to train on, to validate on and to test on, in their order. Empty for
    /// CIFAR-10, whose records are no files.
    pub origins: Vec<Origin>,
}

impl Dataset {
    /// The same examples, all of them of the one class 'none of these'.
    pub(super) fn into_none(mut self) -> Self {
        self.classes = vec![NONE.to_owned()];
        for example in self.examples_mut() {
            example.label = 0;
        }
        self
    }

    /// All examples: those to train on, to validate on and to test on.
    pub(super) fn examples_mut(&mut self) -> impl Iterator<Item = &mut Example> {
        self.train.iter_mut().chain(&mut self.validation).chain(&mut self.test)
    }

    /// The pictures of all examples, to look for [identical](super::Identical) ones.
    pub fn seen(&self) -> impl Iterator<Item = Seen<'_>> {
        let examples = self.train.iter().chain(&self.validation).chain(&self.test);
        self.origins.iter().zip(examples).enumerate().map(|(place, (origin, example))| Seen {
            path: &origin.path,
            digest: origin.digest,
            class: &self.classes[example.label],
            learnt: place < self.train.len(),
        })
    }

    /// How many pictures of each part there are, in words.
    pub(super) fn counts(&self) -> String {
        let [train, validation, test] =
            [&self.train, &self.validation, &self.test].map(|examples| examples.len());
        match validation {
            0 => format!("{train} training and {test} test pictures"),
            _ => format!(
                "{train} training, {validation} validation and {test} test pictures, each in folders of their own"
            ),
        }
    }
}

/// The caller's [`Dataset::load`] functions, as they are handed on.
pub(super) type Fit<'a> = &'a (dyn Fn(&Pixels) -> Vec<u8> + Sync);
pub(super) type Report<'a> = &'a (dyn Fn(Progress) + Sync);

/// The last part of a path, as it is shown to people.
pub(super) fn name_of(path: &Path) -> String {
    // `.` and `..` have no name of their own until they are resolved.
    let resolved = path.canonicalize();
    let named = path.file_name().or_else(|| resolved.as_ref().ok()?.file_name());
    named.unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_cifar10_or_a_path() {
        assert_eq!("cifar10".parse(), Ok(Source::Cifar10));
        assert_eq!("./cifar10".parse(), Ok(Source::Path("./cifar10".into())));
        let none = Source::NoneOfThese(Box::new(Source::Path("cups".into())));
        assert_eq!(Source::none_of_these("cups"), Ok(none));
    }

    #[test]
    fn a_name_is_found_for_the_current_folder() {
        assert_ne!(name_of(Path::new(".")), ".");
        assert_eq!(name_of(Path::new("/a/b.tar")), "b.tar");
    }
}
