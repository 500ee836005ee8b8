//! Where the image of an example is: in memory, or on disk, in the file that it is made of anew whenever it is needed.
//!
//! What the trainer asks of all images before it begins is computed when they are read first, so that those on disk
//! need not be read once more for it.

use std::borrow::Cow;
use std::path::PathBuf;

use md5::{Digest as _, Md5};

use super::DatasetError;
use super::picture_file::{decode, read};
use crate::pixels::Pixels;

/// The MD5 of the bytes of an image.
pub type Md5Digest = [u8; 16];

/// What `fit` made of a picture: in memory, or to be made again of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// In memory.
    Memory(Vec<u8>),
    /// On disk.
    Disk(Box<OnDisk>),
}

/// An image that is not held, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDisk {
    path: PathBuf,
    md5: Md5Digest,
    sums: Sums,
}

/// Sums over the pixels of a planar RGB image, from which mean and deviation of many follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Pixels.
    pub count: u64,
    /// The sum of each channel's values, from 0 to 255 each.
    pub values: [u64; 3],
    /// The sum of their squares.
    pub squares: [u64; 3],
}

impl From<Vec<u8>> for Stored {
    fn from(image: Vec<u8>) -> Self {
        Self::Memory(image)
    }
}

impl Stored {
    /// An image that the picture in a file becomes, and is to become again.
    pub(super) fn on_disk(path: PathBuf, image: &[u8]) -> Self {
        Self::Disk(Box::new(OnDisk { path, md5: md5(image), sums: Sums::of(image) }))
    }

    /// The bytes, where they are in memory; features of pictures always are. Otherwise nothing.
    pub fn held(&self) -> &[u8] {
        match self {
            Self::Memory(image) => image,
            Self::Disk(_) => &[],
        }
    }

    /// The bytes. `fit` is that with which the data set was read.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Lost`] where the file can't be read any more, or holds another picture than it did.
    pub fn read(
        &self,
        fit: impl FnOnce(&Pixels) -> Vec<u8>,
    ) -> Result<Cow<'_, [u8]>, DatasetError> {
        match self {
            Self::Memory(image) => Ok(Cow::Borrowed(image)),
            Self::Disk(on_disk) => {
                let OnDisk { path, md5: expected, .. } = &**on_disk;
                let lost = |why| DatasetError::Lost { path: path.clone(), why };
                let image = fit(&decode(read(path)).map_err(lost)?);
                if md5(&image) != *expected {
                    return Err(lost("it holds another picture now".to_owned()));
                }
                Ok(Cow::Owned(image))
            }
        }
    }

    /// The MD5 of the bytes.
    pub fn md5(&self) -> Md5Digest {
        match self {
            Self::Memory(image) => md5(image),
            Self::Disk(on_disk) => on_disk.md5,
        }
    }

    /// Sums over the pixels.
    pub fn sums(&self) -> Sums {
        match self {
            Self::Memory(image) => Sums::of(image),
            Self::Disk(on_disk) => on_disk.sums,
        }
    }
}

impl Sums {
    fn of(image: &[u8]) -> Self {
        let plane = image.len() / 3;
        let mut sums = Self { count: plane as u64, ..Self::default() };
        for (channel, values) in image.chunks_exact(plane.max(1)).take(3).enumerate() {
            sums.values[channel] = values.iter().map(|&v| u64::from(v)).sum();
            sums.squares[channel] = values.iter().map(|&v| u64::from(v) * u64::from(v)).sum();
        }
        sums
    }
}

fn md5(image: &[u8]) -> Md5Digest {
    Md5::digest(image).into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::*;
    use super::super::{Dataset, Example, Source};
    use super::*;

    fn fit(pixels: &Pixels) -> Vec<u8> {
        pixels.rgba()[..6].to_vec()
    }

    #[test]
    fn a_folder_on_disk_is_the_same_as_in_memory() {
        let mut files = two_classes();
        // One picture in two classes, one broken, one that is no picture: all are found without keeping any.
        files.push(("train/dog/3.png".to_owned(), files[1].1.clone()));
        files.extend((4..30).map(|n| (format!("train/dog/{n}.png"), png(n))));
        files.push(("train/cat/9.png".to_owned(), b"broken".to_vec()));
        files.push(("train/cat/1.heic".to_owned(), Vec::new()));
        let folder = write_folder(&files);
        let source = Source::Path(folder.path().to_owned());
        let held = Dataset::load(&source, fit, |_| ()).unwrap();
        let streamed = Dataset::stream(&source, fit, |_| ()).unwrap();
        assert!(streamed.train.iter().all(|example| example.image.held().is_empty()));
        for (of_held, of_streamed) in [(&held.train, &streamed.train), (&held.test, &streamed.test)]
        {
            assert_eq!(of_held.len(), of_streamed.len());
            for (a, b) in of_held.iter().zip(of_streamed) {
                assert_eq!(a.label, b.label);
                assert_eq!(b.image.read(fit).unwrap(), a.image.held());
                assert_eq!((a.image.md5(), a.image.sums()), (b.image.md5(), b.image.sums()));
            }
        }
        assert_eq!((&held.origins, &held.skipped), (&streamed.origins, &streamed.skipped));
        assert_eq!((&held.ignored, &held.source), (&streamed.ignored, &streamed.source));
        assert_eq!(held.skipped.len(), 1);
    }

    #[test]
    fn a_picture_that_is_gone_or_another_one_is_named() {
        let folder = write_folder(&two_classes());
        let source = Source::Path(folder.path().to_owned());
        let dataset = Dataset::stream(&source, fit, |_| ()).unwrap();
        let Example { image, .. } = &dataset.train[0];
        let path = folder.path().join("train/cat/1.png");
        let lost = |expected: &str| {
            let error = image.read(fit).unwrap_err();
            let named = matches!(&error, DatasetError::Lost { path: lost, .. } if *lost == path);
            assert!(named && error.to_string().contains(expected), "{error}");
        };
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..20]).unwrap();
        lost("train/cat/1.png");
        fs::write(&path, png(99)).unwrap();
        lost("another picture");
        fs::remove_file(&path).unwrap();
        lost("--resume");
        fs::write(&path, whole).unwrap();
        assert!(image.read(fit).is_ok());
    }

    #[test]
    fn archives_are_not_streamed() {
        let (_guard, path) = write_file("pets.tar", &tar(&two_classes()));
        let error = Dataset::stream(&Source::Path(path), fit, |_| ()).unwrap_err();
        assert!(matches!(error, DatasetError::NotStreamed(_)), "{error}");
    }
}
