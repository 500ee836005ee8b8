//! A file that remembers features, so that a picture goes through the body of a network once.
//!
//! Computing them is nearly all the time that transfer learning takes; with them on disk, another try with other
//! settings takes seconds, and an interrupted run goes on where it was. A record is found by a digest of everything
//! that its features depend on, so the file may serve any number of runs, one after the other, and nothing in it can
//! be out of date.
//!
//! ```text
//! magic, then records of: digest (16 bytes) · length (4) · CRC-32 of the content (4) · content
//! ```
//!
//! Records are only ever appended. What a crash left half written at the end is cut off when the file is opened.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::TrainError;

const MAGIC: &[u8; 19] = b"glimpse features 1\n";
/// Digest, length and checksum.
const HEAD: usize = 16 + 4 + 4;

/// What a record is found by.
pub type Digest = [u8; 16];

/// The records that are there.
type Records = HashMap<Digest, Place>;

/// Where the content of a record is.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u64,
    length: u32,
    checksum: u32,
}

/// See the [module](self).
#[derive(Debug)]
pub struct Cache {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    records: Records,
    end: u64,
}

impl Cache {
    /// Opens a cache, or begins one.
    ///
    /// # Errors
    ///
    /// If the file can't be read or written, is something else, or another run has it open.
    pub fn open(path: &Path) -> Result<Self, TrainError> {
        let io = |why| TrainError::File { path: path.to_owned(), why };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => TrainError::CacheInUse { path: path.to_owned() },
            TryLockError::Error(why) => io(why),
        })?;
        let length = file.metadata().map_err(io)?.len();
        if length == 0 {
            file.write_all(MAGIC).map_err(io)?;
        } else {
            let mut magic = [0; MAGIC.len()];
            if file.read_exact(&mut magic).is_err() || magic != *MAGIC {
                return Err(TrainError::NotACache { path: path.to_owned() });
            }
        }
        let (records, end) = scan(&file, length).map_err(io)?;
        file.set_len(end).map_err(io)?;
        Ok(Self { path: path.to_owned(), inner: Mutex::new(Inner { file, records, end }) })
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.lock().records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The content of a record; nothing if it was damaged since the file was opened.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, TrainError> {
        let mut inner = self.lock();
        let Some(&place) = inner.records.get(digest) else { return Ok(None) };
        let mut content = vec![0; place.length as usize];
        let read = inner
            .file
            .seek(SeekFrom::Start(place.start))
            .and_then(|_| inner.file.read_exact(&mut content));
        read.map_err(|why| TrainError::File { path: self.path.clone(), why })?;
        Ok((crc32fast::hash(&content) == place.checksum).then_some(content))
    }

    /// Remembers a content.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub fn put(&self, digest: Digest, content: &[u8]) -> Result<(), TrainError> {
        let (length, checksum) = (content.len() as u32, crc32fast::hash(content));
        let mut record = Vec::with_capacity(HEAD + content.len());
        record.extend(digest);
        record.extend(length.to_le_bytes());
        record.extend(checksum.to_le_bytes());
        record.extend(content);
        let mut inner = self.lock();
        let end = inner.end;
        // In one call, so that an interruption leaves at most one broken record, the last.
        let written =
            inner.file.seek(SeekFrom::Start(end)).and_then(|_| inner.file.write_all(&record));
        written.map_err(|why| TrainError::File { path: self.path.clone(), why })?;
        inner.records.insert(digest, Place { start: end + HEAD as u64, length, checksum });
        inner.end = end + record.len() as u64;
        Ok(())
    }

    /// A thread that panicked while holding the lock leaves at most a record that nobody knows of.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Finds the whole records of a file, and where the last of them ends.
fn scan(file: &File, length: u64) -> std::io::Result<(Records, u64)> {
    let mut reader = BufReader::new(file);
    let mut end = reader.seek(SeekFrom::Start(MAGIC.len() as u64))?;
    let mut records = HashMap::new();
    let mut content = Vec::new();
    while end + HEAD as u64 <= length {
        let mut digest = [0; 16];
        let mut four = [[0; 4]; 2];
        reader.read_exact(&mut digest)?;
        reader.read_exact(&mut four[0])?;
        reader.read_exact(&mut four[1])?;
        let [size, checksum] = four.map(u32::from_le_bytes);
        let start = end + HEAD as u64;
        if start + u64::from(size) > length {
            break;
        }
        content.resize(size as usize, 0);
        reader.read_exact(&mut content)?;
        if crc32fast::hash(&content) != checksum {
            break;
        }
        records.insert(digest, Place { start, length: size, checksum });
        end = start + u64::from(size);
    }
    Ok((records, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_found_again_and_a_broken_end_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.features");
        let cache = Cache::open(&path).unwrap();
        assert_eq!(cache.get(&[1; 16]).unwrap(), None);
        cache.put([1; 16], b"one").unwrap();
        cache.put([2; 16], b"two").unwrap();
        drop(cache);

        let whole = std::fs::read(&path).unwrap();
        for cut in 1..HEAD + 3 {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            let cache = Cache::open(&path).unwrap();
            assert_eq!(cache.get(&[1; 16]).unwrap().as_deref(), Some(&b"one"[..]));
            assert_eq!(cache.get(&[2; 16]).unwrap(), None, "{cut} bytes are missing");
            cache.put([2; 16], b"two").unwrap();
            drop(cache);
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
        let mut damaged = whole.clone();
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        assert_eq!(Cache::open(&path).unwrap().len(), 1);
    }

    #[test]
    fn one_run_has_it_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.features");
        let cache = Cache::open(&path).unwrap();
        assert!(matches!(Cache::open(&path), Err(TrainError::CacheInUse { .. })));
        cache.put([1; 16], b"one").unwrap();
        // Somebody else wrote into it all the same.
        let mut bytes = std::fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(cache.get(&[1; 16]).unwrap(), None);
        drop(cache);
        Cache::open(&path).unwrap();
    }

    #[test]
    fn another_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        std::fs::write(&path, b"something that matters").unwrap();
        assert!(matches!(Cache::open(&path), Err(TrainError::NotACache { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"something that matters");
    }
}
