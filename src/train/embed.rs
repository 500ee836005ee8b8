//! What a backbone makes of the pictures in a folder: their features, for teaching and grouping.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::TrainError;
use super::dataset::{Found, LeftAside, Skipped, Walk, digest, read_picture};
use super::names::composed;
use super::workers;
use crate::Classifier;
use crate::classifier::Options;

/// A picture and what the backbone makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// Its file.
    pub path: PathBuf,
    /// The same for the same pixels, and hardly ever for others.
    pub digest: u64,
    /// The features of the backbone, the mean of the network's views.
    pub features: Vec<f32>,
    /// The most probable name of the network's vocabulary, where it has one.
    pub name: Option<String>,
}

impl Embedded {
    /// The folder below `root` that the picture lies in, with all folders in between; empty in `root` itself.
    pub fn folder(&self, root: &Path) -> String {
        let below = self.path.strip_prefix(root).unwrap_or(&self.path);
        composed(&below.parent().unwrap_or(Path::new("")).to_string_lossy().replace('\\', "/"))
    }
}

/// The pictures of a folder, and what is no picture after all.
#[derive(Debug, Default)]
pub struct Embeddings {
    /// In the order of their names.
    pub pictures: Vec<Embedded>,
    /// Files that could not be read as pictures, and why.
    pub skipped: Vec<Skipped>,
    /// The files that are no pictures by their names.
    pub ignored: LeftAside,
}

/// The features of all pictures in a folder and in those below it, on all cores. `progress` is told how many are done,
/// and of how many.
///
/// # Errors
///
/// If the folder can't be listed, the weights can't be read or the device fails.
pub fn embed(
    weights: &[u8],
    folder: &Path,
    mut progress: impl FnMut(usize, usize),
) -> Result<Embeddings, TrainError> {
    let mut found = Embeddings::default();
    let mut paths = Vec::new();
    for entry in Walk::new(folder)? {
        match entry? {
            Found::Picture(path) => paths.push(path),
            Found::Other(path) => found.ignored.note(path),
            Found::Folder(_) => {}
        }
    }
    let (total, mut done) = (paths.len(), 0);
    let classifier = Classifier::load(weights)?;
    workers::in_order(
        paths.into_iter(),
        |path| {
            let pixels = File::open(&path).map_err(|why| why.to_string()).and_then(read_picture);
            let pixels = match pixels {
                Ok(pixels) => pixels,
                Err(why) => return Ok::<_, TrainError>(Err((path, why))),
            };
            let views = classifier.views(&pixels, &Options::default());
            let features = pollster::block_on(classifier.features_of_views(&views))?;
            let logits = classifier.logits_of_features(&[&features])?.concat();
            let names = classifier.answer(&logits).vocabulary;
            let name = names.and_then(|names| names.into_iter().next()).map(|name| name.label);
            Ok(Ok(Embedded { path, digest: digest(&pixels), features, name }))
        },
        |result| {
            match result {
                Ok(picture) => found.pictures.push(picture),
                Err((path, why)) => {
                    found.skipped.push(Skipped { path: path.to_string_lossy().into_owned(), why });
                }
            }
            done += 1;
            progress(done, total);
            Ok(())
        },
    )?;
    Ok(found)
}
