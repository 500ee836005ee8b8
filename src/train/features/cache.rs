//! A file that remembers features, so that a picture goes through the backbone of a network once.
//!
//! Computing them is nearly all the time that transfer learning takes; with them on disk, another try with other
//! settings takes seconds, and an interrupted run goes on where it was. A record is found by a digest of everything
//! that its features depend on, so the file may serve any number of runs, one after the other, and nothing in it can
//! be out of date.
//!
//! ```text
//! magic, then records of: head · content
//! head: mark (4 bytes) · digest (16) · length (4) · CRC-32 of the content (4) · CRC-32 of the head before it (4)
//! ```
//!
//! Records are only ever appended. What a crash left half written at the end is cut off when the file is opened. Damage
//! costs the record that it is in: a head that is whole says where the next one is, and where it is not, the next one is
//! looked for.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::crc32;
use crate::train::TrainError;

const MAGIC: &[u8; 19] = b"glimpse features 2\n";
/// What an earlier version wrote, in which one damaged record cost all that came after it.
const EARLIER: &[u8; 19] = b"glimpse features 1\n";
/// What a record begins with.
const MARK: [u8; 4] = *b"\xf7gf\n";
/// Mark, digest, length and two checksums.
const HEAD: usize = 4 + 16 + 4 + 4 + 4;

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

/// What stands before the content of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Head {
    digest: Digest,
    length: u32,
    checksum: u32,
}

impl Head {
    fn to_bytes(self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..4].copy_from_slice(&MARK);
        bytes[4..20].copy_from_slice(&self.digest);
        bytes[20..24].copy_from_slice(&self.length.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.checksum.to_le_bytes());
        let checksum = crc32::of(&bytes[..28]);
        bytes[28..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// `None` of bytes that are no head, or a damaged one.
    fn from_bytes(bytes: &[u8; HEAD]) -> Option<Self> {
        let (mark, rest) = bytes.split_first_chunk()?;
        let (digest, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let checksum = u32::from_le_bytes(*rest.first_chunk()?);
        let head = Self { digest: *digest, length: u32::from_le_bytes(*length), checksum };
        (*mark == MARK && head.to_bytes() == *bytes).then_some(head)
    }
}

/// The features of pictures that were seen before, in a file: see the head of this source file.
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
    /// Opens a cache, or begins one. One of an earlier version is begun anew.
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
        let mut magic = *MAGIC;
        if length > 0 && file.read_exact(&mut magic).is_err() {
            return Err(TrainError::NotACache { path: path.to_owned() });
        }
        let (records, end) = match &magic {
            MAGIC if length > 0 => scan(&file, length).map_err(io)?,
            MAGIC | EARLIER => {
                file.rewind().and_then(|()| file.write_all(MAGIC)).map_err(io)?;
                (Records::new(), MAGIC.len() as u64)
            }
            _ => return Err(TrainError::NotACache { path: path.to_owned() }),
        };
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
        Ok((crc32::of(&content) == place.checksum).then_some(content))
    }

    /// Remembers a content.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub fn put(&self, digest: Digest, content: &[u8]) -> Result<(), TrainError> {
        let (length, checksum) = (content.len() as u32, crc32::of(content));
        let record = [&Head { digest, length, checksum }.to_bytes()[..], content].concat();
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

/// Finds the whole records of a file of this length, and the end of the last one.
fn scan(file: &File, length: u64) -> io::Result<(Records, u64)> {
    let mut reader = BufReader::new(file);
    let mut place = MAGIC.len() as u64;
    let mut end = place;
    let mut records = Records::new();
    let mut content = Vec::new();
    while let Some((head, start)) = next_head(&mut reader, place, length)? {
        place = start + u64::from(head.length);
        if place > length {
            // The last record was not written to its end.
            break;
        }
        content.resize(head.length as usize, 0);
        reader.read_exact(&mut content)?;
        if crc32::of(&content) == head.checksum {
            let Head { digest, length, checksum } = head;
            records.insert(digest, Place { start, length, checksum });
            end = place;
        }
    }
    Ok((records, end))
}

/// The first whole head from a place on, and where the content after it starts. The reader then stands there.
///
/// Where no record is damaged, that is the head at the place itself, and nothing is read twice.
fn next_head(
    reader: &mut BufReader<&File>,
    place: u64,
    length: u64,
) -> io::Result<Option<(Head, u64)>> {
    /// As many bytes as are looked through at a time.
    const BLOCK: usize = 1 << 16;
    let mut window = vec![0; HEAD];
    let mut place = place;
    while place + HEAD as u64 <= length {
        go_to(reader, place)?;
        reader.read_exact(&mut window)?;
        let found = window.windows(HEAD).enumerate().find_map(|(at, bytes)| {
            Some((Head::from_bytes(bytes.first_chunk()?)?, place + (at + HEAD) as u64))
        });
        if let Some((head, start)) = found {
            go_to(reader, start)?;
            return Ok(Some((head, start)));
        }
        // A head may begin in the last bytes of one block and end in the next.
        place += (window.len() - HEAD + 1) as u64;
        let left = length.saturating_sub(place).min(BLOCK as u64);
        window.resize((left as usize).max(HEAD), 0);
    }
    Ok(None)
}

/// Keeps what the reader has in its buffer where it can.
fn go_to(reader: &mut BufReader<&File>, place: u64) -> io::Result<()> {
    let here = reader.stream_position()?;
    reader.seek_relative(place as i64 - here as i64)
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

    /// Three records, the second of so many bytes; and where it begins.
    fn three(path: &Path, size: usize) -> (Vec<u8>, usize) {
        let cache = Cache::open(path).unwrap();
        cache.put([1; 16], b"one").unwrap();
        let begin = std::fs::metadata(path).unwrap().len() as usize;
        // Much of it looks like the beginning of a record.
        let second: Vec<u8> = MARK.into_iter().cycle().take(size).collect();
        cache.put([2; 16], &second).unwrap();
        cache.put([3; 16], b"three").unwrap();
        (std::fs::read(path).unwrap(), begin)
    }

    #[test]
    fn damage_costs_the_record_that_it_is_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.features");
        let size = 50;
        let (whole, begin) = three(&path, size);
        for place in begin..begin + HEAD + size {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x10;
            std::fs::write(&path, &damaged).unwrap();
            let cache = Cache::open(&path).unwrap();
            assert_eq!(cache.get(&[1; 16]).unwrap().as_deref(), Some(&b"one"[..]));
            assert_eq!(cache.get(&[2; 16]).unwrap(), None, "byte {place}");
            assert_eq!(
                cache.get(&[3; 16]).unwrap().as_deref(),
                Some(&b"three"[..]),
                "byte {place}"
            );
            assert_eq!(cache.len(), 2);
            // It is computed again, and found the next time.
            cache.put([2; 16], b"two").unwrap();
            drop(cache);
            let cache = Cache::open(&path).unwrap();
            assert_eq!(cache.get(&[2; 16]).unwrap().as_deref(), Some(&b"two"[..]));
            assert_eq!(cache.len(), 3);
        }
    }

    #[test]
    fn a_record_is_found_behind_a_damaged_one_of_any_size() {
        let folder = tempfile::tempdir().unwrap();
        // The head that is looked for lies in one block, in another, or in two.
        for size in ((1 << 16) - 3 * HEAD..(1 << 16) + HEAD).step_by(3).chain([300_000]) {
            let path = folder.path().join(format!("{size}.features"));
            let (mut bytes, begin) = three(&path, size);
            bytes[begin] ^= 1;
            std::fs::write(&path, &bytes).unwrap();
            let cache = Cache::open(&path).unwrap();
            assert_eq!(cache.get(&[3; 16]).unwrap().as_deref(), Some(&b"three"[..]), "{size}");
            assert_eq!(cache.len(), 2);
            drop(cache);
            std::fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn what_an_earlier_version_wrote_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.features");
        std::fs::write(&path, [&EARLIER[..], b"records of another form"].concat()).unwrap();
        let cache = Cache::open(&path).unwrap();
        assert!(cache.is_empty());
        cache.put([1; 16], b"one").unwrap();
        drop(cache);
        let cache = Cache::open(&path).unwrap();
        assert_eq!(cache.get(&[1; 16]).unwrap().as_deref(), Some(&b"one"[..]));
        drop(cache);
        // A later version knows what it has written.
        std::fs::write(&path, b"glimpse features 3\n").unwrap();
        assert!(matches!(Cache::open(&path), Err(TrainError::NotACache { .. })));
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
