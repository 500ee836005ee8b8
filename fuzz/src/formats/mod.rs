//! The five formats that come from outside, for the fuzz targets and for `tests/malformed.rs`: small files that are
//! whole, what is done with a file, and checksums made right again so that damage gets past them.

mod seal;
mod seeds;

use std::path::PathBuf;

use glimpse::train::dataset::{Dataset, Source};
use glimpse::train::features::Cache;
use glimpse::{Classifier, Pixels};
use tempfile::TempDir;

/// A kind of file that comes from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The weights file.
    Weights,
    /// JPEG, PNG, GIF, WebP and BMP.
    Picture,
    /// A tar archive of pictures in folders, packed or not.
    Archive,
    /// What an archive of CIFAR-10 holds: the names of the classes, a zero byte, and records.
    Cifar,
    /// The file that remembers features.
    Cache,
}

impl Format {
    /// Files of this format that are whole, and small.
    pub fn seeds(self) -> Vec<Vec<u8>> {
        match self {
            Self::Weights => seeds::weights(),
            Self::Picture => seeds::pictures(),
            Self::Archive => seeds::archives(),
            Self::Cifar => seeds::cifar(),
            Self::Cache => seeds::caches(),
        }
    }

    /// Reads a file as the project does. Whether it was accepted.
    ///
    /// # Panics
    ///
    /// If there is a fault in what reads it.
    pub fn open(self, bytes: &[u8]) -> bool {
        match self {
            // As it is, and as somebody could have written it on purpose.
            Self::Weights => weights(bytes) || weights(&seal::weights(bytes)),
            Self::Picture => Pixels::decode(bytes).is_ok(),
            Self::Archive => archive(bytes) || archive(&seal::archive(bytes)),
            Self::Cifar => cifar(bytes),
            Self::Cache => cache(bytes) | cache(&seal::cache(bytes)),
        }
    }
}

fn weights(bytes: &[u8]) -> bool {
    Classifier::load(bytes).is_ok()
}

fn archive(bytes: &[u8]) -> bool {
    let (_folder, path) = file(bytes);
    // What is kept of a picture is the caller's choice; its size shows that it was decoded.
    let fit = |pixels: &Pixels| vec![pixels.width() as u8, pixels.height() as u8];
    Dataset::load(&Source::Path(path), fit, |_| ()).is_ok()
}

/// In an archive of its own, because damage to that is the other format's business.
fn cifar(bytes: &[u8]) -> bool {
    let zero = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (names, records) = bytes.split_at(zero);
    archive(&seeds::cifar_archive(names, records.get(1..).unwrap_or_default()))
}

/// Every record that it may hold is asked for, and a new one has to be found again, by the next to open the file, too.
fn cache(bytes: &[u8]) -> bool {
    let (_folder, path) = file(bytes);
    let Ok(cache) = Cache::open(&path) else { return false };
    for head in seal::heads(bytes) {
        if let Some(digest) = bytes[head..].get(4..20) {
            let digest = digest.try_into().expect("16 bytes");
            cache.get(&digest).expect("a file that was just opened can be read");
        }
    }
    cache.put([7; 16], b"new").expect("a file that was just opened can be written");
    let records = cache.len();
    drop(cache);
    let cache = Cache::open(&path).expect("it was opened before");
    assert_eq!(cache.get(&[7; 16]).expect("it can be read").as_deref(), Some(&b"new"[..]));
    assert_eq!(cache.len(), records, "records were lost or came from nowhere");
    true
}

/// A file that lives as long as the folder.
fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is a folder for files that don't last");
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).expect("there is room for a file");
    (folder, path)
}
