//! Small data sets for the tests of this folder.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::{Dataset, DatasetError, Source};

/// Files by path; a path that ends with `/` is an empty folder.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// Loads a path; the image of each example becomes width, height and the first pixel.
pub(super) fn load(path: impl AsRef<Path>) -> Result<Dataset, DatasetError> {
    let fit = |pixels: &crate::pixels::Pixels| {
        let mut image = vec![pixels.width() as u8, pixels.height() as u8];
        image.extend(&pixels.rgba()[..4]);
        image
    };
    Dataset::load(&Source::Path(path.as_ref().to_owned()), fit, |_| ())
}

/// A PNG of 3×2 pixels in one shade.
pub(super) fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(3, 2, image::Rgb([shade; 3]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A PNG for every path.
pub(super) fn pngs(paths: &[&str]) -> Files {
    paths.iter().zip(0..).map(|(path, shade)| (path.to_string(), png(shade))).collect()
}

/// Cats and dogs, with a test part.
pub(super) fn two_classes() -> Files {
    pngs(&["train/dog/1.png", "train/cat/2.png", "train/cat/1.png", "test/dog/1.png"])
}

pub(super) fn tar(files: &Files) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if path.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
        }
        tar.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// The files in a folder that lives as long as the returned value.
pub(super) fn write_folder(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        if path.to_string_lossy().ends_with('/') {
            std::fs::create_dir_all(path).unwrap();
        } else {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    folder
}

/// One file in a folder that lives as long as the returned value.
pub(super) fn write_file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}
