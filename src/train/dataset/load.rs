//! Reads a source into memory, whatever it is.

use super::layout::Naming;
use super::locate::{Kind, Place, locate, none_suffix};
use super::types::{Fit, Report, name_of};
use super::{Dataset, DatasetError, Progress, Source, archive, cifar, folder};
use crate::pixels::Pixels;

impl Dataset {
    /// Reads a source into memory.
    ///
    /// `fit` turns a decoded picture into the bytes of [`Example::image`](super::Example::image). `progress` is told after
    /// every picture and every block of a download. Both are called from several threads at once,
    /// so the counts may arrive slightly out of order.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] when the source cannot be read or would train a network that means
    /// nothing: a class without pictures, classes that only the test part knows, more than one
    /// broken picture in twenty, or a damaged archive. (Whether there are classes enough shows when
    /// all data sets are [united](super::unite).)
    pub fn load(
        source: &Source,
        fit: impl Fn(&Pixels) -> Vec<u8> + Sync,
        progress: impl Fn(Progress) + Sync,
    ) -> Result<Self, DatasetError> {
        Self::read(source, false, &fit, &progress)
    }

    /// Looks at all pictures of a folder as [`Dataset::load`] does, and holds none of them: each is read and decoded
    /// again whenever it is [needed](super::Stored::read). Of a picture less than half a kilobyte is kept.
    ///
    /// # Errors
    ///
    /// As [`Dataset::load`], and [`DatasetError::NotStreamed`] for an archive, which can only be read from its beginning.
    pub fn stream(
        source: &Source,
        fit: impl Fn(&Pixels) -> Vec<u8> + Sync,
        progress: impl Fn(Progress) + Sync,
    ) -> Result<Self, DatasetError> {
        Self::read(source, true, &fit, &progress)
    }

    fn read(
        source: &Source,
        streamed: bool,
        fit: Fit<'_>,
        progress: Report<'_>,
    ) -> Result<Self, DatasetError> {
        let Place { path, kind, md5, none } = &locate(source, progress)?;
        let naming = if *none { Naming::None } else { Naming::Folders };
        let mut dataset = match kind {
            Kind::Folder => folder::load(path, naming, streamed, fit, progress)?,
            Kind::Pictures | Kind::Cifar if streamed => {
                return Err(DatasetError::NotStreamed(name_of(path)));
            }
            Kind::Pictures => archive::load(path, naming, md5, fit, progress)?,
            Kind::Cifar if *none => cifar::load(path, md5, fit, progress)?.into_none(),
            Kind::Cifar => cifar::load(path, md5, fit, progress)?,
        };
        dataset.source += none_suffix(*none);
        Ok(dataset)
    }
}

/// How many pictures there are in a source that can be [streamed](Dataset::stream); 0 where it can't.
///
/// # Errors
///
/// If a folder can't be listed.
pub fn pictures_to_stream(source: &Source) -> Result<usize, DatasetError> {
    match source.path() {
        Some(path) if path.is_dir() => Ok(folder::list(path)?.0.len()),
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

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
}
