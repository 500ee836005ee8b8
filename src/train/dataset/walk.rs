//! What lies in a folder and in the folders below it, one after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::vec;

use super::{DatasetError, layout};

/// Something in a folder.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A folder; what lies in it comes next.
    Folder(PathBuf),
    /// A file that looks like a picture by its ending.
    Picture(PathBuf),
    /// Another file.
    Other(PathBuf),
}

/// Walks through a folder, each one's files in the order of their names. Hidden files and what macOS adds to archives
/// are left out. Links are followed, because people link their pictures instead of copying them, but not in circles.
/// Only the folders that are open are held in memory.
pub struct Walk {
    open: Vec<Level>,
}

struct Level {
    /// Where the folder really is, against links in a circle.
    resolved: PathBuf,
    rest: vec::IntoIter<PathBuf>,
}

impl Walk {
    /// Begins at a folder.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Read`] if it can't be listed.
    pub fn new(root: &Path) -> Result<Self, DatasetError> {
        let mut walk = Self { open: Vec::new() };
        walk.enter(root)?;
        Ok(walk)
    }

    fn enter(&mut self, folder: &Path) -> Result<(), DatasetError> {
        let failed = |cause| DatasetError::read(folder, cause);
        let resolved = folder.canonicalize().map_err(failed)?;
        if self.open.iter().any(|level| level.resolved == resolved) {
            return Ok(());
        }
        let entries = fs::read_dir(folder).map_err(failed)?;
        let paths = entries.map(|entry| Ok(entry.map_err(failed)?.path()));
        let mut paths = paths.collect::<Result<Vec<_>, DatasetError>>()?;
        paths.sort_unstable();
        self.open.push(Level { resolved, rest: paths.into_iter() });
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Result<Found, DatasetError>;

    /// An error is about one folder; the walk goes on behind it.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(path) = self.open.last_mut()?.rest.next() else {
                self.open.pop();
                continue;
            };
            let Some(name) = path.file_name().and_then(|name| layout::visible(Path::new(name)))
            else {
                continue;
            };
            if path.is_dir() {
                return Some(self.enter(&path).map(|()| Found::Folder(path)));
            }
            let picture = layout::is_picture(&name);
            return Some(Ok(if picture { Found::Picture(path) } else { Found::Other(path) }));
        }
    }
}
