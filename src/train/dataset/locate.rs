//! Finds out what a source is: a folder, an archive of pictures, or CIFAR-10.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tar::EntryType;

use super::types::{Report, name_of};
use super::{DatasetError, LeftAside, Source, checksum, cifar, layout, tar_file};

/// A source that has been found.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    /// Of an archive.
    pub(super) md5: String,
    /// Whether all of it is 'none of these'.
    pub(super) none: bool,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A folder.
    Folder,
    /// An archive of picture files.
    Pictures,
    /// An archive of the binary records of CIFAR-10.
    Cifar,
}

/// What is said of a source that is all 'none of these'.
pub(super) fn none_suffix(none: bool) -> &'static str {
    if none { ", all none of these" } else { "" }
}

/// Finds a source, and downloads it if need be.
pub(super) fn locate(source: &Source, progress: Report<'_>) -> Result<Place, DatasetError> {
    let path = match source {
        Source::NoneOfThese(source) => {
            return Ok(Place { none: true, ..locate(source, progress)? });
        }
        Source::Cifar10 => {
            let (path, md5) = (cifar::official(progress)?, cifar::OFFICIAL_MD5.to_owned());
            return Ok(Place { path, kind: Kind::Cifar, md5, none: false });
        }
        Source::Path(path) => path.clone(),
    };
    let about = std::fs::metadata(&path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => DatasetError::NotFound(path.clone()),
        _ => DatasetError::read(&path, cause),
    })?;
    let (kind, md5) = if about.is_dir() {
        (Kind::Folder, String::new())
    } else {
        (recognise(&path)?, checksum::md5(&path)?)
    };
    Ok(Place { path, kind, md5, none: false })
}

/// Looks into an archive, up to the first file that tells.
fn recognise(path: &Path) -> Result<Kind, DatasetError> {
    let mut kind = None;
    let mut ignored = LeftAside::default();
    tar_file::read(path, |file, entry| {
        if entry.header().entry_type() == EntryType::Directory {
            return Ok(ControlFlow::Continue(()));
        }
        if cifar::is_member(file) {
            kind = Some(Kind::Cifar);
        } else if layout::is_picture(file) {
            kind = Some(Kind::Pictures);
        } else {
            ignored.note(file);
            return Ok(ControlFlow::Continue(()));
        }
        Ok(ControlFlow::Break(()))
    })?;
    kind.ok_or_else(|| DatasetError::NoPictures { from: name_of(path), ignored })
}
