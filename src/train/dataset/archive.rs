//! Pictures in a `.tar` or `.tar.gz` archive.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use tar::{Entry, EntryType};

use super::layout::Naming;
use super::pictures::{Decoded, Decoder, Encoded, Surroundings, assemble, latest};
use super::tar_file::{contents, read};
use super::types::{Fit, Report, name_of};
use super::{Dataset, DatasetError};

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
    dataset.source = format!("{} (MD5 {md5}; {})", name_of(path), dataset.counts(),);
    Ok(dataset)
}

/// Reads those pictures of an archive that are wanted, by their number among all of them.
pub(super) fn unpack(
    path: &Path,
    wanted: &(dyn Fn(usize) -> bool + Sync),
    pictures: &mpsc::SyncSender<Encoded>,
) -> Result<Surroundings, DatasetError> {
    visit_pictures(path, |file, order, entry| {
        if wanted(order) {
            let bytes = contents(entry)?;
            let picture = Encoded { path: file.to_owned(), order, again: None, bytes };
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
    let surroundings = visit_pictures(path, |file, _, _| {
        pictures.push(file.to_owned());
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((pictures, surroundings))
}

/// Gives every picture of an archive to `visit`, with its number among them, until it breaks off.
fn visit_pictures(
    path: &Path,
    mut visit: impl FnMut(&str, usize, &mut Entry<'_, Box<dyn Read>>) -> io::Result<ControlFlow<()>>,
) -> Result<Surroundings, DatasetError> {
    let mut surroundings = Surroundings::default();
    let mut order = 0;
    read(path, |file, entry| {
        if entry.header().entry_type() == EntryType::Directory {
            surroundings.folders.insert(file.to_owned());
        } else if surroundings.note(file) {
            order += 1;
            return visit(file, order - 1, entry);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(surroundings)
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
        assert_eq!(dataset.train[2].image.held()[2], 99);
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
        assert!(crate::with_causes(&error).contains("larger than 1 MiB"), "{error}");
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
