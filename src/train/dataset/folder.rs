//! A folder of pictures on this machine.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::layout::{self, Naming};
use super::picture_file::read;
use super::pictures::{Decoder, Encoded, Surroundings, assemble};
use super::types::{Fit, Report, name_of};
use super::walk::{Found, Walk};
use super::{Dataset, DatasetError};

/// Reads the folder. Where it is streamed, what `fit` makes of the pictures is not held.
pub(super) fn load(
    root: &Path,
    naming: Naming,
    streamed: bool,
    fit: Fit<'_>,
    progress: Report<'_>,
) -> Result<Dataset, DatasetError> {
    let (pictures, surroundings) = list(root)?;
    let decoder = Decoder::new(fit, progress, Some(pictures.len()));
    let pictures = pictures.into_par_iter().enumerate();
    let decoded = pictures
        .map(|(order, (file, path))| {
            let bytes = read(&file);
            decoder.decode(Encoded { path, order, again: streamed.then_some(file), bytes })
        })
        .collect();
    let mut dataset = assemble(&name_of(root), naming, decoded, &surroundings)?;
    dataset.source = format!("{} (folder; {})", name_of(root), dataset.counts(),);
    Ok(dataset)
}

/// All pictures in a folder: where each is, and what it is called inside the data set.
pub(super) fn list(root: &Path) -> Result<(Vec<(PathBuf, String)>, Surroundings), DatasetError> {
    let mut surroundings = Surroundings::default();
    let mut pictures = Vec::new();
    for found in Walk::new(root)? {
        let found = found?;
        let (Found::Folder(file) | Found::Picture(file) | Found::Other(file)) = &found;
        let inside = file.strip_prefix(root).unwrap_or(file);
        let Some(path) = layout::visible(inside) else {
            continue;
        };
        match found {
            Found::Folder(_) => drop(surroundings.folders.insert(path)),
            Found::Other(_) => drop(surroundings.note(&path)),
            Found::Picture(file) => {
                surroundings.note(&path);
                pictures.push((file, path));
            }
        }
    }
    Ok((pictures, surroundings))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::super::{Dataset, DatasetError, Progress, Source};
    use std::path::Path;
    use std::sync::Mutex;

    #[test]
    fn pictures_get_the_label_of_their_folder_in_the_order_of_their_paths() {
        let folder = write_folder(&two_classes());
        let dataset = load(folder.path()).unwrap();
        assert_eq!(dataset.classes, ["cat", "dog"]);
        // `two_classes` gives them the shades 2, 1 and 0, in the order of their paths.
        let seen: Vec<_> =
            dataset.train.iter().map(|e| (e.label, e.image.held().to_vec())).collect();
        let expected = [(0, 2), (0, 1), (1, 0)];
        assert_eq!(
            seen,
            expected.map(|(label, shade)| (label, vec![3, 2, shade, shade, shade, 255]))
        );
        assert_eq!(dataset.test.len(), 1);
        assert!(dataset.source.ends_with("(folder; 3 training and 1 test pictures)"));
    }

    #[test]
    fn every_format_is_read_and_other_files_are_counted() {
        use image::ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
        let mut files = Vec::new();
        for (ending, format) in [
            ("jpg", Jpeg),
            ("JPEG", Jpeg),
            ("jfif", Jpeg),
            ("png", Png),
            ("gif", Gif),
            ("webp", WebP),
            ("bmp", Bmp),
        ] {
            let mut bytes = std::io::Cursor::new(Vec::new());
            image::RgbImage::new(3, 2).write_to(&mut bytes, format).unwrap();
            files.push((format!("cat/1.{ending}"), bytes.get_ref().clone()));
            files.push((format!("dog/1.{ending}"), bytes.into_inner()));
        }
        for other in ["cat/notes.txt", "LICENSE", ".DS_Store", "cat/._1.jpg", "__MACOSX/cat/1.jpg"]
        {
            files.push((other.to_owned(), b"not a picture".to_vec()));
        }
        let folder = write_folder(&files);
        let dataset = load(folder.path()).unwrap();
        assert_eq!(dataset.train.len(), 14);
        assert_eq!((dataset.ignored.total(), dataset.skipped.len()), (2, 0));
        assert_eq!(dataset.ignored.to_string(), "2 other files: 1 without an ending, 1 .txt");
    }

    #[test]
    fn progress_ends_at_the_total() {
        let folder = write_folder(&two_classes());
        let source = Source::Path(folder.path().to_owned());
        let reports = Mutex::new(Vec::new());
        Dataset::load(&source, |_| Vec::new(), |step| reports.lock().unwrap().push(step)).unwrap();
        let mut reports = reports.into_inner().unwrap();
        reports.sort_by_key(|step| match step {
            Progress::Reading { done, .. } => *done,
            Progress::Downloading { .. } => unreachable!("nothing is downloaded"),
        });
        let expected = (1..=4).map(|done| Progress::Reading { done, total: Some(4) });
        assert_eq!(reports, expected.collect::<Vec<_>>());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_but_not_in_circles() {
        let pictures = write_folder(&pngs(&["1.png", "2.png"]));
        let folder = write_folder(&pngs(&["cat/1.png"]));
        let link =
            |to: &Path, name| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
        link(pictures.path(), "dog");
        link(folder.path(), "cat/circle");
        let dataset = load(folder.path()).unwrap();
        assert_eq!(dataset.classes, ["cat", "dog"]);
        assert_eq!(dataset.train.len(), 3);
    }

    #[test]
    fn a_folder_without_pictures_says_what_to_put_there() {
        let folder = write_folder(&vec![("readme.txt".to_owned(), Vec::new())]);
        let error = load(folder.path()).unwrap_err();
        assert!(matches!(error, DatasetError::NoPictures { .. }), "{error}");
        assert!(error.to_string().contains("(1 other file: 1 .txt)"), "{error}");
    }
}
