//! The binary version of CIFAR-10: 60,000 pictures of 32×32 pixels in ten classes.
//!
//! Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", technical report,
//! University of Toronto, 2009; the format is described at
//! <https://www.cs.toronto.edu/~kriz/cifar.html>. The archive holds `data_batch_1.bin` to
//! `data_batch_5.bin` for training and `test_batch.bin`, each a row of records of one label byte and
//! 3072 colour bytes (32 rows of 32 red values, then green, then blue), and `batches.meta.txt`
//! with the names of the classes, one a line.
//!
//! Smaller archives in the same format are read too: they make quick trials and tests.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use rayon::prelude::*;

use crate::pixels::Pixels;

use super::download::Remote;
use super::types::{Fit, Report, name_of};
use super::{Dataset, DatasetError, Example, Progress, tar_file};

/// The side of a picture, in pixels.
const SIDE: usize = 32;
/// The bytes of one colour of a picture.
const PLANE: usize = SIDE * SIDE;
/// The bytes of a record: the label and three colours.
const RECORD: usize = 1 + 3 * PLANE;
/// The pictures in the official archive.
const OFFICIAL: usize = 60_000;

/// The checksum of the official archive, as its author's page states it:
/// <https://www.cs.toronto.edu/~kriz/cifar.html>.
pub(super) const OFFICIAL_MD5: &str = "c32a1d4ab5d03f1284b67883e8d87530";

/// The official archive.
const ARCHIVE: Remote<'static> =
    Remote { url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", md5: OFFICIAL_MD5 };

const NAMES: &str = "batches.meta.txt";
const TEST: &str = "test_batch.bin";

/// The official archive on this machine, after downloading it if need be.
pub(super) fn official(progress: Report<'_>) -> Result<PathBuf, DatasetError> {
    ARCHIVE.cached("cifar-10-binary.tar.gz", progress)
}

/// Whether a file in an archive belongs to CIFAR-10.
pub(super) fn is_member(path: &str) -> bool {
    let name = file_name(path);
    name == NAMES || is_batch(name)
}

fn is_batch(name: &str) -> bool {
    let number = name.strip_prefix("data_batch_").and_then(|rest| rest.strip_suffix(".bin"));
    name == TEST || number.is_some_and(|number| number.parse::<u32>().is_ok())
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Reads an archive of CIFAR-10 whose checksum is `md5`.
pub(super) fn load(
    path: &Path,
    md5: &str,
    fit: Fit<'_>,
    progress: Report<'_>,
) -> Result<Dataset, DatasetError> {
    let from = name_of(path);
    let total = (md5 == OFFICIAL_MD5).then_some(OFFICIAL);
    let done = AtomicUsize::new(0);
    let fit = |record: &[u8]| {
        let image = fit(&picture(record)?).into();
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Progress::Reading { done, total });
        Some(Example { image, label: usize::from(record[0]) })
    };

    let mut batches = Vec::new();
    let classes = read(path, |name, bytes| {
        let examples: Vec<_> = bytes.par_chunks_exact(RECORD).filter_map(fit).collect();
        batches.push((name.to_owned(), examples));
        ControlFlow::Continue(())
    })?;

    // The official archive keeps its files in no particular order.
    batches.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for (file, examples) in batches {
        check_labels(&from, &file, examples.iter().map(|example| example.label), classes.len())?;
        if file == TEST { test.extend(examples) } else { train.extend(examples) }
    }
    if train.is_empty() {
        return Err(DatasetError::NoTraining { from });
    }
    let counts = format!("{} training and {} test pictures", train.len(), test.len());
    let source = source(path, md5, &counts);
    Ok(Dataset {
        classes,
        train,
        validation: Vec::new(),
        test,
        source,
        skipped: Vec::new(),
        ignored: Default::default(),
        origins: Vec::new(),
    })
}

/// What was read, in one line.
pub(super) fn source(path: &Path, md5: &str, counts: &str) -> String {
    let official =
        if md5 == OFFICIAL_MD5 { "the official archive" } else { "not the official archive" };
    let from = name_of(path);
    format!("{from} (CIFAR-10, Krizhevsky 2009; MD5 {md5}, {official}; {counts})")
}

/// Gives the batches of an archive to `visit`, each with its name; and the names of the classes to the caller.
fn read(
    path: &Path,
    mut visit: impl FnMut(&str, &[u8]) -> ControlFlow<()>,
) -> Result<Vec<String>, DatasetError> {
    let from = || name_of(path);
    let mut classes = Vec::new();
    let mut truncated = None;
    tar_file::read(path, |file, entry| {
        let name = file_name(file);
        if !is_member(name) {
            return Ok(ControlFlow::Continue(()));
        }
        let bytes = tar_file::contents(entry)?.map_err(std::io::Error::other)?;
        if name == NAMES {
            let text = String::from_utf8_lossy(&bytes);
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            classes = lines.map(str::to_owned).collect();
        } else if bytes.len().is_multiple_of(RECORD) {
            return Ok(visit(name, &bytes));
        } else {
            truncated = Some((name.to_owned(), bytes.len()));
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if let Some((file, bytes)) = truncated {
        return Err(DatasetError::TruncatedRecord { from: from(), file, bytes, record: RECORD });
    }
    if classes.len() < 2 {
        return Err(DatasetError::NoClassNames { from: from() });
    }
    Ok(classes)
}

/// A record of the archive, by its batch, its number in that, and its label.
pub(super) struct Record {
    pub(super) batch: String,
    pub(super) number: usize,
    pub(super) label: usize,
}

impl Record {
    /// Whether it is held back for measuring.
    pub(super) fn is_test(&self) -> bool {
        self.batch == TEST
    }
}

/// The records of an archive in their order, and the names of the classes.
pub(super) fn list(path: &Path) -> Result<(Vec<Record>, Vec<String>), DatasetError> {
    let mut records = Vec::new();
    let classes = read(path, |batch, bytes| {
        let labels = bytes.chunks_exact(RECORD).map(|record| usize::from(record[0]));
        let record = |(number, label)| Record { batch: batch.to_owned(), number, label };
        records.extend(labels.enumerate().map(record));
        ControlFlow::Continue(())
    })?;
    for batch in records.chunk_by(|a, b| a.batch == b.batch) {
        let labels = batch.iter().map(|record| record.label);
        check_labels(&name_of(path), &batch[0].batch, labels, classes.len())?;
    }
    Ok((records, classes))
}

/// Sends those records of an archive that are wanted, by their number among all of them.
pub(super) fn unpack(
    path: &Path,
    wanted: &(dyn Fn(usize) -> bool + Sync),
    pictures: &mpsc::SyncSender<Pixels>,
) -> Result<(), DatasetError> {
    let mut order = 0;
    read(path, |_, bytes| {
        for record in bytes.chunks_exact(RECORD) {
            let picture = wanted(order).then(|| picture(record)).flatten();
            if let Some(picture) = picture
                && pictures.send(picture).is_err()
            {
                // Nobody looks any more: they have failed or panicked, and will say so.
                return ControlFlow::Break(());
            }
            order += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}

fn check_labels(
    from: &str,
    file: &str,
    mut labels: impl Iterator<Item = usize>,
    classes: usize,
) -> Result<(), DatasetError> {
    let wrong = labels.by_ref().enumerate().find(|(_, label)| *label >= classes);
    match wrong {
        Some((record, label)) => Err(DatasetError::LabelOutOfRange {
            from: from.to_owned(),
            file: file.to_owned(),
            record,
            label,
            classes,
        }),
        None => Ok(()),
    }
}

/// The picture of a record; `None` cannot happen for a whole record.
fn picture(record: &[u8]) -> Option<Pixels> {
    let (red, rest) = record.get(1..)?.split_at_checked(PLANE)?;
    let (green, blue) = rest.split_at_checked(PLANE)?;
    let colours = red.iter().zip(green).zip(blue);
    let rgba = colours.flat_map(|((&red, &green), &blue)| [red, green, blue, u8::MAX]).collect();
    Pixels::new(SIDE as u32, SIDE as u32, rgba).ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gzip, load, tar, write_file};
    use super::*;

    /// A record whose red, green and blue are each of one value.
    fn record(label: u8, [red, green, blue]: [u8; 3]) -> Vec<u8> {
        [vec![label], vec![red; PLANE], vec![green; PLANE], vec![blue; PLANE]].concat()
    }

    fn load_archive(files: &[(&str, Vec<u8>)]) -> Result<Dataset, DatasetError> {
        let inside = |name: &str| format!("cifar-10-batches-bin/{name}");
        let files = files.iter().map(|(name, bytes)| (inside(name), bytes.clone())).collect();
        let (_guard, path) = write_file("small.tar.gz", &gzip(&tar(&files)));
        load(path)
    }

    fn names() -> (&'static str, Vec<u8>) {
        (NAMES, b"airplane\nautomobile\nbird\n\n".to_vec())
    }

    #[test]
    fn batches_are_read_in_their_order_and_colours_in_theirs() {
        let dataset = load_archive(&[
            ("readme.html", b"<html>".to_vec()),
            ("data_batch_2.bin", record(1, [7, 8, 9])),
            names(),
            (TEST, record(0, [4, 5, 6])),
            ("data_batch_1.bin", [record(2, [1, 2, 3]), record(0, [0, 0, 0])].concat()),
        ])
        .unwrap();
        assert_eq!(dataset.classes, ["airplane", "automobile", "bird"]);
        let example = |label, [red, green, blue]: [u8; 3]| {
            let image = vec![32, 32, red, green, blue, 255];
            Example { image: image.into(), label }
        };
        let train = [example(2, [1, 2, 3]), example(0, [0, 0, 0]), example(1, [7, 8, 9])];
        assert_eq!(dataset.train, train);
        assert_eq!(dataset.test, [example(0, [4, 5, 6])]);
        assert!(dataset.source.contains("not the official archive"), "{}", dataset.source);
    }

    #[test]
    fn pixels_keep_their_places() {
        let mut bytes = record(0, [0, 0, 0]);
        // The label, the red plane, then one row and one pixel into the green one.
        bytes[1 + PLANE + SIDE + 1] = 200;
        let pixels = picture(&bytes).unwrap();
        let at = (SIDE + 1) * 4;
        assert_eq!(pixels.rgba()[at..at + 4], [0, 200, 0, 255]);
        assert_eq!(pixels.rgba().iter().filter(|&&value| value == 200).count(), 1);
    }

    #[test]
    fn half_a_picture_is_an_error() {
        let mut bytes = record(0, [0; 3]);
        bytes.pop();
        let error = load_archive(&[names(), ("data_batch_1.bin", bytes)]).unwrap_err();
        let truncated = matches!(error, DatasetError::TruncatedRecord { bytes: 3072, .. });
        assert!(truncated, "{error}");
        assert!(error.to_string().contains("multiple of 3073"), "{error}");
    }

    #[test]
    fn a_label_without_a_name_is_an_error() {
        let bytes = [record(2, [0; 3]), record(3, [0; 3])].concat();
        let error = load_archive(&[names(), ("data_batch_1.bin", bytes)]).unwrap_err();
        let expected = "Record 1 of data_batch_1.bin in small.tar.gz has the label 3";
        assert!(matches!(error, DatasetError::LabelOutOfRange { .. }));
        assert!(error.to_string().starts_with(expected), "{error}");
    }

    #[test]
    fn names_are_needed() {
        let batch = ("data_batch_1.bin", record(0, [0; 3]));
        for files in [vec![batch.clone()], vec![batch, (NAMES, b"\n".to_vec())]] {
            let error = load_archive(&files).unwrap_err();
            assert!(matches!(error, DatasetError::NoClassNames { .. }), "{error}");
        }
    }

    #[test]
    fn test_records_alone_teach_nothing() {
        let error = load_archive(&[names(), (TEST, record(0, [0; 3]))]).unwrap_err();
        assert!(matches!(error, DatasetError::NoTraining { .. }), "{error}");
    }

    #[test]
    fn only_the_files_of_the_format_belong_to_it() {
        assert!(is_member("cifar-10-batches-bin/data_batch_1.bin") && is_member(TEST));
        for other in ["data_batch_.bin", "data_batch_1.png", "readme.html", "batches.meta"] {
            assert!(!is_member(other), "{other}");
        }
    }
}
