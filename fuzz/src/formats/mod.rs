//! The five formats that come from outside, for the fuzz targets and for `tests/malformed.rs`: small files that are
//! whole, what is done with a file, and checksums made right again so that damage gets past them.

mod seal;
mod seeds;

use std::path::PathBuf;

use glimpse::classifier::Options;
use glimpse::layers::Layers;
use glimpse::layers::plan::Layer;
use glimpse::train::dataset::{Dataset, Source};
use glimpse::train::features::Cache;
use glimpse::{Classifier, Pixels};
use tempfile::TempDir;

/// How often networks look at a picture that is looked into.
const LOOKS: usize = 2;
/// Larger networks are read and not run: an input should not take long.
const MOST_MULTIPLY_ADDS: u64 = 50_000_000;

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

/// What is accepted has to work, too: a network that answers, and that can be looked into.
fn weights(bytes: &[u8]) -> bool {
    let classifier = Classifier::load(bytes);
    let layers = Layers::read(bytes, LOOKS);
    if let (Ok(classifier), Ok(layers)) = (&classifier, layers)
        && layers.layers().iter().map(Layer::multiply_adds).sum::<u64>() < MOST_MULTIPLY_ADDS
    {
        let pixels = Pixels::from_rgb(2, 1, &[0, 128, 255, 255, 128, 0]).expect("two pixels");
        // Damaged weights may give what is not a number, and say so.
        let _ = pollster::block_on(classifier.classify(&pixels, &Options::default()));
        look_inside(layers, classifier.header().preprocessing.input_size);
    }
    classifier.is_ok()
}

/// Computes every layer, and asks for all that can be seen of it.
fn look_inside(mut layers: Layers, side: usize) {
    let views = vec![0.5; LOOKS * 3 * side * side];
    layers.begin(&views).expect("as many numbers as the network reads");
    while layers.step() {}
    layers.filters();
    for at in 0..layers.layers().len() {
        let [height, width, channels] = layers.layers()[at].shape;
        layers.channels(at, 4).expect("what was computed");
        for (row, column) in [(0, 0), (height - 1, width - 1)] {
            layers.pixel(at, channels - 1, row, column).expect("what was computed");
        }
        layers.pixel(at, channels, 0, 0).expect_err("one channel too many");
    }
    layers.shares().expect("what was computed");
    layers.evidence_of_classes().expect("what was computed");
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
