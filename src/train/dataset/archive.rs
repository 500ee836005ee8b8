//! `.tar` and `.tar.gz` archives, read as a stream: nothing is unpacked to the disk.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use flate2::read::MultiGzDecoder;
use md5::{Digest, Md5};
use rayon::prelude::*;
use tar::{Archive, Entry, EntryType};

use super::layout::Naming;
use super::pictures::{Decoded, Decoder, Encoded, Surroundings, assemble, check_size, latest};
use super::{Dataset, DatasetError, Fit, Kind, Report, cifar, layout, name_of};

/// Looks into an archive, up to the first file that tells.
pub(super) fn recognise(path: &Path) -> Result<Kind, DatasetError> {
    let mut kind = None;
    let mut ignored = 0;
    read(path, |file, entry| {
        if entry.header().entry_type() == EntryType::Directory {
            return Ok(ControlFlow::Continue(()));
        }
        if cifar::is_member(file) {
            kind = Some(Kind::Cifar);
        } else if layout::is_picture(file) {
            kind = Some(Kind::Pictures);
        } else {
            ignored += 1;
            return Ok(ControlFlow::Continue(()));
        }
        Ok(ControlFlow::Break(()))
    })?;
    kind.ok_or_else(|| DatasetError::NoPictures { from: name_of(path), ignored })
}

/// Reads an archive of pictures. One thread unpacks while the others decode; between them wait only
/// a few pictures, so that the memory holds what `fit` keeps and hardly more.
pub(super) fn load(
    path: &Path,
    naming: Naming,
    md5: &str,
    fit: Fit<'_>,
    progress: Report<'_>,
) -> Result<Dataset, DatasetError> {
    let decoder = Decoder::new(fit, progress, None);
    let (sender, receiver) = mpsc::sync_channel(4 * rayon::current_num_threads());
    let (unpacked, decoded) = thread::scope(|scope| {
        let unpacking = scope.spawn(move || unpack(path, &|_| true, &sender));
        let pictures = receiver.into_iter().par_bridge();
        let decoded = pictures.map(|file| decoder.decode(file)).collect();
        (unpacking.join(), decoded)
    });
    let surroundings = unpacked.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let mut decoded: Vec<Decoded> = decoded;
    latest(&mut decoded, Decoded::place);
    let mut dataset = assemble(&name_of(path), naming, decoded, &surroundings)?;
    dataset.source = format!(
        "{} (MD5 {md5}; {} training and {} test pictures)",
        name_of(path),
        dataset.train.len(),
        dataset.test.len(),
    );
    Ok(dataset)
}

/// Reads those pictures of an archive that are wanted, by their number among all of them.
pub(super) fn unpack(
    path: &Path,
    wanted: &(dyn Fn(usize) -> bool + Sync),
    pictures: &mpsc::SyncSender<Encoded>,
) -> Result<Surroundings, DatasetError> {
    see_pictures(path, |file, order, entry| {
        if wanted(order) {
            let bytes = contents(entry)?;
            let picture = Encoded { path: file.to_owned(), order, bytes };
            if pictures.send(picture).is_err() {
                // Nobody decodes any more: they have failed or panicked, and will say so.
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The paths of the pictures in an archive, in their order.
pub(super) fn list(path: &Path) -> Result<(Vec<String>, Surroundings), DatasetError> {
    let mut pictures = Vec::new();
    let surroundings = see_pictures(path, |file, _, _| {
        pictures.push(file.to_owned());
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((pictures, surroundings))
}

/// Shows every picture of an archive to `see`, with its number among them, until it breaks off.
fn see_pictures(
    path: &Path,
    mut see: impl FnMut(&str, usize, &mut Entry<'_, Box<dyn Read>>) -> io::Result<ControlFlow<()>>,
) -> Result<Surroundings, DatasetError> {
    let mut surroundings = Surroundings::default();
    let mut order = 0;
    read(path, |file, entry| {
        if entry.header().entry_type() == EntryType::Directory {
            surroundings.folders.insert(file.to_owned());
        } else if surroundings.see(file) {
            order += 1;
            return see(file, order - 1, entry);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(surroundings)
}

/// The contents of a file in an archive: outside, an archive that cannot be read any further;
/// inside, why this one file cannot be used.
pub(super) fn contents(entry: &mut Entry<'_, impl Read>) -> io::Result<Result<Vec<u8>, String>> {
    if !entry.header().entry_type().is_file() {
        return Ok(Err("it is a link inside the archive; pack the file itself".to_owned()));
    }
    let length = entry.size();
    if let Err(why) = check_size(length) {
        return Ok(Err(why));
    }
    // What a damaged archive says of a file is no reason to set so much memory aside.
    let mut bytes = Vec::with_capacity(length.min(1 << 20) as usize);
    entry.read_to_end(&mut bytes)?;
    Ok(Ok(bytes))
}

/// Shows every file and folder of an archive to `see`, with its visible path, until it breaks off.
pub(super) fn read(
    path: &Path,
    mut see: impl FnMut(&str, &mut Entry<'_, Box<dyn Read>>) -> io::Result<ControlFlow<()>>,
) -> Result<(), DatasetError> {
    let damaged = |cause| DatasetError::damaged(path, cause);
    let allowance = Rc::new(Cell::new(LARGEST_HEADERS));
    let from: Box<dyn Read> =
        Box::new(Allowed { from: open(path)?, allowance: Rc::clone(&allowance) });
    let mut archive = Archive::new(from);
    for (index, entry) in archive.entries().map_err(damaged)?.enumerate() {
        // A file that fails at its first header never was an archive.
        let mut entry = entry.map_err(|cause| match index {
            0 if cause.kind() == io::ErrorKind::Other => {
                DatasetError::NotAnArchive(path.to_owned())
            }
            _ => damaged(cause),
        })?;
        // Before the next one, all of this is read or skipped. A sparse file has another size than what is stored of it.
        let stored = match entry.header().entry_type().is_gnu_sparse() {
            true => entry.header().entry_size().map_err(damaged)?,
            false => entry.size(),
        };
        allowance.set(stored.saturating_add(LARGEST_HEADERS));
        let inside = entry.path().map_err(damaged)?.into_owned();
        if let Some(file) = layout::visible(&inside)
            && see(&file, &mut entry).map_err(damaged)?.is_break()
        {
            return Ok(());
        }
    }
    allowance.set(u64::MAX);
    // The checksum of a gzip file stands at its end, behind what a tar reader reads.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(())
}

/// The most bytes of headers, long names among them, that may stand before a file. The reader of tar keeps them all, and a
/// gigabyte of zeros is a megabyte in a gzip file.
const LARGEST_HEADERS: u64 = 1 << 20;

/// A stream from which only so many bytes may be read until the allowance is renewed.
struct Allowed<R> {
    from: R,
    allowance: Rc<Cell<u64>>,
}

impl<R: Read> Read for Allowed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.allowance.get();
        if left == 0 && !buffer.is_empty() {
            let why = "the headers before a file are larger than 1 MiB";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let length = self.from.read(&mut buffer[..most])?;
        self.allowance.set(left - length as u64);
        Ok(length)
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>, DatasetError> {
    let failed = |cause| DatasetError::read(path, cause);
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
    let start = io::BufRead::fill_buf(&mut file).map_err(failed)?;
    Ok(match start {
        [0x1f, 0x8b, ..] => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))),
        _ => Box::new(file),
    })
}

/// The MD5 of a file in hexadecimal: a name for exactly these bytes, not a proof of their origin.
pub(super) fn md5(path: &Path) -> Result<String, DatasetError> {
    let failed = |cause| DatasetError::read(path, cause);
    let mut hash = Md5::new();
    io::copy(&mut File::open(path).map_err(failed)?, &mut hash).map_err(failed)?;
    Ok(hexadecimal(hash))
}

/// Finishes a checksum.
pub(super) fn hexadecimal(hash: Md5) -> String {
    format!("{:x}", hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn load_bytes(bytes: &[u8]) -> Result<Dataset, DatasetError> {
        let (_guard, path) = write_file("pets.tar.gz", bytes);
        super::super::testing::load(&path)
    }

    #[test]
    fn packed_or_not_and_in_a_folder_or_not() {
        let files = two_classes();
        let wrapped = files.iter().map(|(path, bytes)| (format!("pets/{path}"), bytes.clone()));
        let plain = load_bytes(&tar(&files)).unwrap();
        let packed = load_bytes(&gzip(&tar(&wrapped.collect()))).unwrap();
        assert_eq!((plain.train.len(), plain.test.len()), (3, 1));
        assert_eq!((plain.classes, plain.train), (packed.classes, packed.train));
        assert!(packed.source.starts_with("pets.tar.gz (MD5 "), "{}", packed.source);
    }

    #[test]
    fn the_later_of_two_files_of_one_path_counts() {
        let mut files = two_classes();
        files.push((files[0].0.clone(), png(99)));
        let dataset = load_bytes(&tar(&files)).unwrap();
        assert_eq!(dataset.train.len(), 3);
        assert_eq!(dataset.train[2].image[2], 99);
    }

    #[test]
    fn links_in_an_archive_hold_no_picture_and_say_so() {
        let mut files = two_classes();
        files.extend((0..20).map(|n| (format!("train/cat/more{n}.png"), png(1))));
        let mut bytes = tar(&files);
        // The two empty blocks at the end of an archive give way to one more entry.
        bytes.truncate(bytes.len() - 1024);
        let mut tar = tar::Builder::new(bytes);
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(EntryType::Link);
        header.set_size(0);
        tar.append_link(&mut header, "train/dog/2.png", "train/dog/1.png").unwrap();
        let dataset = load_bytes(&tar.into_inner().unwrap()).unwrap();
        assert_eq!(dataset.skipped[0].path, "train/dog/2.png");
        assert!(dataset.skipped[0].why.contains("link"));
    }

    #[test]
    fn an_empty_class_folder_is_noticed() {
        let mut files = two_classes();
        files.push(("train/bird/".to_owned(), Vec::new()));
        let error = load_bytes(&tar(&files)).unwrap_err();
        assert!(matches!(error, DatasetError::EmptyClass { .. }), "{error}");
    }

    #[test]
    fn a_name_that_would_fill_the_memory_is_damage_and_a_long_one_is_not() {
        let files = tar(&two_classes());
        let named = |length: usize| {
            // In the place of the first picture's own name.
            let name = format!("train/dog/{}.png", "a".repeat(length));
            let mut tar = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(EntryType::GNULongName);
            header.set_size(name.len() as u64);
            header.set_cksum();
            tar.append(&header, name.as_bytes()).unwrap();
            let bytes = tar.into_inner().unwrap();
            // The end of one archive is two empty blocks, and the other one goes on.
            gzip(&[&bytes[..bytes.len() - 1024], &files].concat())
        };
        assert_eq!(load_bytes(&named(100_000)).unwrap().train.len(), 3);
        let error = load_bytes(&named(2 << 20)).unwrap_err();
        assert!(error.to_string().contains("larger than 1 MiB"), "{error}");
    }

    #[test]
    fn a_file_that_breaks_off_anywhere_is_damaged() {
        let whole = gzip(&tar(&two_classes()));
        for length in [whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let error = load_bytes(&whole[..length]).unwrap_err();
            assert!(matches!(error, DatasetError::Damaged { .. }), "{length}: {error}");
        }
        let plain = tar(&two_classes());
        let error = load_bytes(&plain[..550]).unwrap_err();
        assert!(matches!(error, DatasetError::Damaged { .. }), "{error}");
    }

    #[test]
    fn a_changed_byte_is_found_by_the_checksum_at_the_end() {
        let mut bytes = gzip(&tar(&two_classes()));
        let checksum = bytes.len() - 8;
        bytes[checksum] ^= 1;
        let error = load_bytes(&bytes).unwrap_err();
        assert!(matches!(error, DatasetError::Damaged { .. }), "{error}");
    }

    #[test]
    fn other_files_are_no_archives() {
        let long = [b"PK\x03\x04".as_slice(), &[7; 4096]].concat();
        for bytes in [png(1), b"hello".to_vec(), gzip(b"hello"), long.clone(), gzip(&long)] {
            let error = load_bytes(&bytes).unwrap_err();
            assert!(matches!(error, DatasetError::NotAnArchive(_)), "{error}");
        }
    }

    #[test]
    fn an_archive_without_pictures_says_so() {
        for files in [vec![], vec![("a/readme.txt".to_owned(), Vec::new())]] {
            let error = load_bytes(&gzip(&tar(&files))).unwrap_err();
            assert!(matches!(error, DatasetError::NoPictures { .. }), "{error}");
        }
    }
}
