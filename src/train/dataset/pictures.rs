//! From encoded picture files to a data set: the same rules for folders and archives.
//!
//! A few broken files among thousands are usual and no reason to stop, so they are left out and
//! listed. Many broken files, or a class without a picture, mean that something else is wrong, and
//! a network trained on the rest would look well and be useless: then the loading fails.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::identical::{Digest, Origin, digest};
use super::layout::{self, Layout, Naming, Part};
use super::picture_file::decode;
use super::stored::Stored;
use super::types::{Fit, Report};
use super::{Dataset, DatasetError, Example, LeftAside, Progress, Skipped};

/// A broken picture in how many is too many.
const TOLERATED: usize = 20;

/// A picture file as it was read, or why it could not be.
pub(super) struct Encoded {
    pub(super) path: String,
    /// Its place in the source, to tell apart two files of the same path in one archive.
    pub(super) order: usize,
    /// The file to read it from again, where what `fit` makes of it isn't held in memory.
    pub(super) again: Option<PathBuf>,
    pub(super) bytes: Result<Vec<u8>, String>,
}

/// A picture after decoding and fitting, or why there is none.
pub(super) struct Decoded {
    path: String,
    order: usize,
    image: Result<(Stored, Digest), String>,
}

/// What else was seen beside the pictures.
#[derive(Default)]
pub(super) struct Surroundings {
    /// Every folder, so that a class without pictures is noticed.
    pub(super) folders: BTreeSet<String>,
    /// Files that are not pictures.
    pub(super) ignored: LeftAside,
}

impl Surroundings {
    /// Notes a file and says whether it is a picture.
    pub(super) fn note(&mut self, file: &str) -> bool {
        if let Some((folder, _)) = file.rsplit_once('/')
            && !self.folders.contains(folder)
        {
            self.folders.insert(folder.to_owned());
        }
        let picture = layout::is_picture(file);
        if !picture {
            self.ignored.note(file);
        }
        picture
    }
}

/// Decodes, fits and counts pictures; shared by the threads that do so.
pub(super) struct Decoder<'a> {
    fit: Fit<'a>,
    progress: Report<'a>,
    total: Option<usize>,
    done: AtomicUsize,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(fit: Fit<'a>, progress: Report<'a>, total: Option<usize>) -> Self {
        Self { fit, progress, total, done: AtomicUsize::new(0) }
    }

    pub(super) fn decode(&self, file: Encoded) -> Decoded {
        let Encoded { path, order, again, bytes } = file;
        let image = decode(bytes).map(|pixels| {
            let image = (self.fit)(&pixels);
            let image = match again {
                Some(file) => Stored::on_disk(file, &image),
                None => Stored::Memory(image),
            };
            (image, digest(&pixels))
        });
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(Progress::Reading { done, total: self.total });
        Decoded { path, order, image }
    }
}

/// A path that comes twice in an archive was updated: the later one counts.
pub(super) fn latest<P>(pictures: &mut Vec<P>, of: impl Fn(&P) -> (&str, usize)) {
    pictures.sort_unstable_by(|a, b| {
        let ((a, earlier), (b, later)) = (of(a), of(b));
        (a, later).cmp(&(b, earlier))
    });
    pictures.dedup_by(|a, b| of(a).0 == of(b).0);
}

impl Decoded {
    /// Its path and its place in the source.
    pub(super) fn place(&self) -> (&str, usize) {
        (&self.path, self.order)
    }
}

/// Sorts the pictures into parts and classes. `from` names the source in errors and on the card.
pub(super) fn assemble(
    from: &str,
    naming: Naming,
    mut pictures: Vec<Decoded>,
    surroundings: &Surroundings,
) -> Result<Dataset, DatasetError> {
    let ignored = surroundings.ignored.clone();
    let from = || from.to_owned();
    if pictures.is_empty() {
        return Err(DatasetError::NoPictures { from: from(), ignored });
    }
    pictures.sort_unstable_by(|a, b| (&a.path, a.order).cmp(&(&b.path, b.order)));

    let layout = Layout::of(pictures.iter().map(|picture| picture.path.as_str()), naming);
    let classes = classes(&from, &layout, &pictures, surroundings)?;

    // Each with what it was read from.
    let [mut train, mut validation, mut test] = [const { Vec::new() }; 3];
    let mut skipped = Vec::new();
    let mut bad = Vec::new();
    for Decoded { path, image, .. } in pictures {
        let (part, class) = match layout.place(&path) {
            Ok(place) => place,
            Err(why) => {
                skipped.push(Skipped { path, why: why.to_owned() });
                continue;
            }
        };
        let Ok(label) = classes.binary_search_by(|known| known.as_str().cmp(class)) else {
            return Err(DatasetError::TestOnlyClass { from: from(), class: class.to_owned() });
        };
        match image {
            Ok((image, digest)) => {
                let part = match part {
                    Part::Train => &mut train,
                    Part::Validation => &mut validation,
                    Part::Test => &mut test,
                };
                part.push((Example { image, label }, Origin { path, digest }));
            }
            Err(why) => bad.push(Skipped { path, why }),
        }
    }

    let of = train.len() + validation.len() + test.len() + bad.len();
    if let Some(first) = bad.first()
        && bad.len() * TOLERATED > of
    {
        let (path, why) = (first.path.clone(), first.why.clone());
        return Err(DatasetError::TooManyBad { from: from(), bad: bad.len(), of, path, why });
    }
    let mut counts = vec![0usize; classes.len()];
    for (example, _) in &train {
        counts[example.label] += 1;
    }
    // A source that only tests has no folder to learn from.
    let teaches = |folder| matches!(layout.place_folder(folder), Some((Part::Train, _)));
    let teaches = surroundings.folders.iter().any(|folder| teaches(folder));
    if let Some(empty) = counts.iter().position(|&count| count == 0)
        && (teaches || !train.is_empty())
    {
        return Err(DatasetError::EmptyClass { from: from(), class: classes[empty].clone() });
    }
    skipped.extend(bad);
    skipped.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut origins = Vec::new();
    let [train, validation, test] = [train, validation, test].map(|part| {
        let (examples, from): (Vec<_>, Vec<_>) = part.into_iter().unzip();
        origins.extend(from);
        examples
    });
    let source = from();
    Ok(Dataset { classes, train, validation, test, source, skipped, ignored, origins })
}

/// The names of the classes to train, sorted; where nothing is to be trained on, of those to test.
fn classes(
    from: &dyn Fn() -> String,
    layout: &Layout,
    pictures: &[Decoded],
    surroundings: &Surroundings,
) -> Result<Vec<String>, DatasetError> {
    let placed = pictures.iter().filter_map(|picture| layout.place(&picture.path).ok());
    let (train, test): (Vec<_>, Vec<_>) = placed.partition(|(part, _)| *part == Part::Train);
    let mut train: BTreeSet<&str> = train.into_iter().map(|(_, class)| class).collect();
    // An empty class folder is a class that somebody meant to teach: it must not vanish.
    for folder in &surroundings.folders {
        if let Some((Part::Train, class)) = layout.place_folder(folder) {
            train.insert(class);
        }
    }
    let classes =
        if train.is_empty() { test.into_iter().map(|(_, class)| class).collect() } else { train };
    if classes.is_empty() {
        return Err(DatasetError::NoClasses { from: from() });
    }
    Ok(classes.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Identical;
    use super::super::testing::*;
    use super::*;

    fn load_files(files: &Files) -> Result<Dataset, DatasetError> {
        load(write_folder(files).path())
    }

    /// `count` pictures of a cat and of a dog.
    fn many(count: usize) -> Files {
        let paths = (0..count).flat_map(|n| [format!("cat/{n:03}.png"), format!("dog/{n:03}.png")]);
        paths.map(|path| (path, png(7))).collect()
    }

    #[test]
    fn one_broken_picture_in_twenty_is_left_out_and_listed() {
        let mut files = many(10);
        files[4].1.truncate(20);
        let dataset = load_files(&files).unwrap();
        assert_eq!(dataset.train.len(), 19);
        assert_eq!(dataset.skipped.len(), 1);
        assert_eq!(dataset.skipped[0].path, "cat/002.png");
        assert!(!dataset.skipped[0].why.is_empty());
    }

    #[test]
    fn more_broken_pictures_are_an_error_that_names_one() {
        let mut files = many(10);
        files[4].1.clear();
        files[7].1.clear();
        let error = load_files(&files).unwrap_err();
        assert!(error.to_string().starts_with("2 of the 20 pictures"), "{error}");
        assert!(error.to_string().contains("cat/002.png: "), "{error}");
    }

    #[test]
    fn a_class_without_a_readable_picture_is_an_error() {
        let mut broken = many(20);
        broken.push(("bird/1.png".to_owned(), Vec::new()));
        let mut foreign = many(2);
        foreign.push(("bird/1.heic".to_owned(), Vec::new()));
        let mut bare = many(2);
        bare.push(("bird/".to_owned(), Vec::new()));
        for files in [broken, foreign, bare] {
            let error = load_files(&files).unwrap_err();
            let empty = matches!(&error, DatasetError::EmptyClass { class, .. } if class == "bird");
            assert!(empty, "{error}");
        }
    }

    #[test]
    fn one_class_is_a_part_of_a_choice_and_no_class_is_not() {
        let dataset = load_files(&pngs(&["cat/1.png", "cat/2.png"])).unwrap();
        assert_eq!((dataset.classes, dataset.train.len()), (vec!["cat".to_owned()], 2));
        let error = load_files(&pngs(&["1.png", "2.png"])).unwrap_err();
        assert!(matches!(error, DatasetError::NoClasses { .. }), "{error}");
    }

    #[test]
    fn the_test_part_may_not_know_more_than_the_training_part() {
        let paths = ["train/cat/1.png", "train/dog/1.png", "test/bird/1.png"];
        let error = load_files(&pngs(&paths)).unwrap_err();
        let only = matches!(&error, DatasetError::TestOnlyClass { class, .. } if class == "bird");
        assert!(only, "{error}");
    }

    #[test]
    fn a_source_may_test_what_another_one_teaches() {
        let dataset = load_files(&pngs(&["test/cat/1.png", "val/dog/2.png"])).unwrap();
        let counts = [&dataset.train, &dataset.validation, &dataset.test].map(Vec::len);
        assert_eq!(
            (dataset.classes, counts),
            (vec!["cat".to_owned(), "dog".to_owned()], [0, 1, 1])
        );

        let mut bare = pngs(&["test/cat/1.png"]);
        bare.push(("train/cat/".to_owned(), Vec::new()));
        let error = load_files(&bare).unwrap_err();
        assert!(matches!(error, DatasetError::EmptyClass { .. }), "{error}");
    }

    #[test]
    fn whatever_is_called_none_is_one_class() {
        let paths = ["train/cat/1.png", "train/none_cup/1.png", "train/none_face/2.png"];
        let dataset = load_files(&pngs(&[&paths[..], &["test/none_lamp/1.png"]].concat())).unwrap();
        assert_eq!(dataset.classes, ["cat", "none"]);
        let labels = |examples: &[Example]| examples.iter().map(|e| e.label).collect::<Vec<_>>();
        assert_eq!((labels(&dataset.train), labels(&dataset.test)), (vec![0, 1, 1], vec![1]));
    }

    #[test]
    fn pictures_outside_the_classes_are_listed_and_not_counted_as_broken() {
        let paths =
            ["train/cat/1.png", "train/dog/1.png", "more/cat/2.png", "train/3.png", "4.png"];
        let dataset = load_files(&pngs(&paths)).unwrap();
        assert_eq!(dataset.train.len(), 2);
        let skipped: Vec<_> = dataset.skipped.iter().map(|s| s.path.as_str()).collect();
        assert_eq!(skipped, ["4.png", "more/cat/2.png", "train/3.png"]);
    }

    #[test]
    fn a_folder_for_validation_is_one() {
        let paths = ["train/cat/1.png", "train/dog/1.png", "val/dog/2.png", "test/cat/3.png"];
        let dataset = load_files(&pngs(&paths)).unwrap();
        let labels = |examples: &[Example]| examples.iter().map(|e| e.label).collect::<Vec<_>>();
        assert_eq!(labels(&dataset.validation), [1]);
        assert_eq!((dataset.train.len(), labels(&dataset.test)), (2, vec![0]));
        let counts = "2 training, 1 validation and 1 test pictures, each in folders of their own)";
        assert!(dataset.source.ends_with(counts), "{}", dataset.source);
        let error = load_files(&pngs(&["train/cat/1.png", "valid/dog/1.png"])).unwrap_err();
        assert!(matches!(error, DatasetError::TestOnlyClass { .. }), "{error}");
    }

    #[test]
    fn the_same_picture_in_two_parts_or_classes_is_found_whatever_its_format() {
        let paths = ["train/cat/1.png", "train/dog/2.png", "test/cat/3.bmp", "test/dog/4.png"];
        let mut files = pngs(&paths);
        let image = image::RgbImage::from_pixel(3, 2, image::Rgb([0; 3]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Bmp).unwrap();
        files[2].1 = bytes.into_inner();
        files[3].1 = files[0].1.clone();
        let found = Identical::among(load_files(&files).unwrap().seen());
        let pairs = [["test/cat/3.bmp", "train/cat/1.png"], ["test/dog/4.png", "train/cat/1.png"]];
        assert_eq!(found.held_out_and_learnt, pairs);
        assert_eq!(found.in_two_classes, [["test/dog/4.png", "train/cat/1.png"]]);
    }

    #[test]
    fn names_in_two_normal_forms_are_one_class() {
        let paths = ["train/caf\u{e9}/1.png", "train/dog/1.png", "test/cafe\u{301}/2.png"];
        let dataset = load_files(&pngs(&paths)).unwrap();
        assert_eq!(dataset.classes, ["caf\u{e9}", "dog"]);
        assert_eq!(dataset.test[0].label, 0);
    }
}
