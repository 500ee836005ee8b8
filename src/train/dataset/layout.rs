//! Which folders are classes: paths in, parts and class names out. No file is touched here.
//!
//! People lay their pictures out as `train/<class>/…` with or without `test/<class>/…`, or simply
//! as `<class>/…`; archives often wrap either in one more folder with the name of the set. Which of
//! them it is can be told from the paths of the pictures alone.

use std::path::{Component, Path};

use crate::model::weights::NONE;
use crate::train::names::composed;

/// What says which class a picture is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Naming {
    /// The folder that it lies in. Whatever is called `none_…` is 'none of these'.
    Folders,
    /// Nothing: all pictures are 'none of these', whatever their folders are called.
    None,
    /// The name of its file, by this function.
    Files(fn(&str) -> Option<&'static str>),
}

/// The parts of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Train,
    Validation,
    Test,
}

/// What people call the folder of the pictures for validation.
const VALIDATION: [&str; 3] = ["val", "valid", "validation"];

impl Part {
    fn named(folder: &str) -> Option<Self> {
        if folder.eq_ignore_ascii_case("train") {
            Some(Self::Train)
        } else if folder.eq_ignore_ascii_case("test") {
            Some(Self::Test)
        } else if VALIDATION.iter().any(|name| folder.eq_ignore_ascii_case(name)) {
            Some(Self::Validation)
        } else {
            None
        }
    }
}

/// How the folders of one data set are to be read.
#[derive(Debug)]
pub(super) struct Layout {
    naming: Naming,
    /// The folders that wrap the whole set and mean nothing.
    wrapping: Vec<String>,
    /// Whether `train/`, `test/` and the like stand above the classes.
    parted: bool,
}

impl Layout {
    /// Recognises the layout from the paths of all pictures, with `/` between their parts.
    pub(super) fn of<'a>(pictures: impl Iterator<Item = &'a str>, naming: Naming) -> Self {
        // A stray picture at the very top (a preview, a logo) says nothing about the folders.
        let folders: Vec<Vec<&str>> = pictures.map(folders_of).filter(|f| !f.is_empty()).collect();
        let Some(first) = folders.first() else {
            return Self { naming, wrapping: Vec::new(), parted: false };
        };
        let shared = folders.iter().fold(first.len(), |shared, other| {
            shared.min(first.iter().zip(other).take_while(|(a, b)| a == b).count())
        });
        let wrapping = |depth: usize| first[..depth].iter().map(ToString::to_string).collect();

        // A class may itself be called 'train' (as in bus, car, train): it is the part only when a
        // class folder follows, or, where no folder is a class, when there is nothing but parts.
        let classless = !matches!(naming, Naming::Folders);
        let part = |folders: &[&str], depth: usize| Part::named(folders.get(depth)?);
        // Pictures for validation alone make no set: where nothing else is, 'val' is a class.
        let is_part = |folders: &[&str], depth: usize| {
            matches!(part(folders, depth), Some(Part::Train | Part::Test))
        };
        let parted = |&depth: &usize| {
            folders.iter().any(|f| f.len() > depth + 1 && is_part(f, depth))
                || classless
                    && folders.iter().all(|f| part(f, depth).is_some())
                    && folders.iter().any(|f| is_part(f, depth))
        };
        if let Some(depth) = (0..=shared).find(parted) {
            return Self { naming, wrapping: wrapping(depth), parted: true };
        }
        // Where every picture lies in the same folder, that folder is the (only) class.
        let deepest = folders.iter().map(Vec::len).max().unwrap_or(0);
        let wrapping = wrapping(shared.min(deepest.saturating_sub(1)));
        Self { naming, wrapping, parted: false }
    }

    /// The part and the class that a picture belongs to, or why it belongs to none.
    pub(super) fn place<'a>(&self, picture: &'a str) -> Result<(Part, &'a str), &'static str> {
        let (part, class) = self.place_folders(&folders_of(picture))?;
        match self.naming {
            Naming::Folders | Naming::None => Ok((part, class)),
            Naming::Files(class_of) => {
                let name = picture.rsplit_once('/').map_or(picture, |(_, name)| name);
                Ok((part, class_of(name).ok_or("its name does not say what it is")?))
            }
        }
    }

    /// The part and the class of a folder, if it is a class folder or lies in one.
    pub(super) fn place_folder<'a>(&self, folder: &'a str) -> Option<(Part, &'a str)> {
        self.place_folders(&folder.split('/').collect::<Vec<_>>()).ok()
    }

    fn place_folders<'a>(&self, folders: &[&'a str]) -> Result<(Part, &'a str), &'static str> {
        let outside = "it lies in no class folder";
        let in_no_part = "it lies neither in train/ nor in val/ or test/";
        let inside = folders.len() >= self.wrapping.len()
            && self.wrapping.iter().zip(folders).all(|(wrap, folder)| wrap == folder);
        let inside = inside.then(|| &folders[self.wrapping.len()..]);
        let named = |part: &str| Part::named(part).ok_or(in_no_part);
        match (self.naming, inside) {
            (Naming::Folders, Some([part, rest @ ..])) if self.parted => {
                let part = named(part)?;
                Ok((part, class_of(rest.first().ok_or(outside)?)))
            }
            (Naming::Folders, Some([class, ..])) if !self.parted => {
                Ok((Part::Train, class_of(class)))
            }
            (Naming::Folders, _) => Err(outside),
            (_, Some([part, ..])) if self.parted => Ok((named(part)?, NONE)),
            (_, _) if self.parted => Err(in_no_part),
            _ => Ok((Part::Train, NONE)),
        }
    }
}

/// The class that a folder stands for.
fn class_of(folder: &str) -> &str {
    match folder.strip_prefix(NONE) {
        Some(rest) if rest.starts_with('_') => NONE,
        _ => folder,
    }
}

fn folders_of(file: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    parts
}

/// A path inside a data set with `/` between its parts, in Unicode's composed form, or nothing for what is not part of the set:
/// hidden files and folders, and what macOS adds to archives.
pub(super) fn visible(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        // `./`, a leading `/` and `..` can stand in archives; nothing is unpacked, so they are
        // only noise in front of the names.
        if let Component::Normal(part) = component {
            let part = part.to_string_lossy();
            if part.starts_with('.') || part == "__MACOSX" {
                return None;
            }
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| composed(&parts.join("/")))
}

/// Whether a file is taken for a picture, by its ending.
pub(super) fn is_picture(path: &str) -> bool {
    const ENDINGS: [&str; 13] = [
        "jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp", "png", "apng", "gif", "webp", "bmp",
        "dib",
    ];
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(all: &[&'a str]) -> Vec<Option<(Part, &'a str)>> {
        place_by(Naming::Folders, all)
    }

    fn place_by<'a>(naming: Naming, all: &[&'a str]) -> Vec<Option<(Part, &'a str)>> {
        let layout = Layout::of(all.iter().copied(), naming);
        all.iter().map(|picture| layout.place(picture).ok()).collect()
    }

    #[test]
    fn parts_with_classes() {
        let placed = place(&["train/cat/1.jpg", "train/dog/1.jpg", "test/cat/2.jpg", "1.jpg"]);
        assert_eq!(placed[0], Some((Part::Train, "cat")));
        assert_eq!(placed[1], Some((Part::Train, "dog")));
        assert_eq!(placed[2], Some((Part::Test, "cat")));
        assert_eq!(placed[3], None);
    }

    #[test]
    fn a_folder_around_the_parts_means_nothing() {
        let placed =
            place(&["pets/v1/Train/cat/1.jpg", "pets/v1/TEST/dog/1.jpg", "pets/v1/logo.png"]);
        assert_eq!(placed, [Some((Part::Train, "cat")), Some((Part::Test, "dog")), None]);
    }

    #[test]
    fn training_alone_is_still_a_part() {
        let placed = place(&["train/cat/1.jpg", "train/dog/1.jpg"]);
        assert_eq!(placed, [Some((Part::Train, "cat")), Some((Part::Train, "dog"))]);
    }

    #[test]
    fn testing_alone_is_not_taken_for_training() {
        let placed = place(&["test/cat/1.jpg", "test/dog/1.jpg"]);
        assert_eq!(placed, [Some((Part::Test, "cat")), Some((Part::Test, "dog"))]);
    }

    #[test]
    fn classes_alone_are_for_training() {
        for around in ["", "pets/"] {
            let all = [format!("{around}cat/1.jpg"), format!("{around}dog/deep/1.jpg")];
            let placed = place(&[&all[0], &all[1]]);
            assert_eq!(placed, [Some((Part::Train, "cat")), Some((Part::Train, "dog"))]);
        }
    }

    #[test]
    fn a_class_may_be_called_train() {
        let placed = place(&["bus/1.jpg", "train/1.jpg"]);
        assert_eq!(placed, [Some((Part::Train, "bus")), Some((Part::Train, "train"))]);
    }

    #[test]
    fn a_single_class_keeps_its_name() {
        assert_eq!(place(&["pets/cat/1.jpg"]), [Some((Part::Train, "cat"))]);
        assert_eq!(place(&["1.jpg"]), [None]);
        assert_eq!(place(&[]), []);
    }

    #[test]
    fn folders_of_nothing_in_particular_are_none() {
        let placed = place(&["cat/1.jpg", "none/1.jpg", "none_cup/1.jpg", "nonesuch/1.jpg"]);
        let classes: Vec<_> = placed.iter().map(|place| place.map(|(_, class)| class)).collect();
        assert_eq!(classes, [Some("cat"), Some("none"), Some("none"), Some("nonesuch")]);
    }

    #[test]
    fn a_source_of_none_needs_no_classes() {
        let (train, test) = (Some((Part::Train, NONE)), Some((Part::Test, NONE)));
        let none = |all: &[&'static str]| place_by(Naming::None, all);
        assert_eq!(none(&["1.jpg", "apple/2.jpg"]), [train, train]);
        assert_eq!(none(&["apple/1.jpg", "none/1.jpg"]), [train, train]);
        assert_eq!(none(&["train/apple/1.jpg", "test/apple/1.jpg"]), [train, test]);
        assert_eq!(none(&["x/train/1.jpg", "x/test/1.jpg"]), [train, test]);
        assert_eq!(none(&["bus/1.jpg", "train/1.jpg"]), [train, train], "a class, not a part");
        assert_eq!(none(&["train/apple/1.jpg", "more/apple/1.jpg"]), [train, None]);
        assert_eq!(none(&["val/1.jpg", "val/2.jpg"]), [train, train]);
        let validation = Some((Part::Validation, NONE));
        assert_eq!(none(&["train/1.jpg", "val/1.jpg"]), [train, validation]);
    }

    #[test]
    fn the_name_of_a_file_may_say_what_it_is() {
        let naming = Naming::Files(|name| name.starts_with("n1_").then_some("tench"));
        let (train, test) = (Some((Part::Train, "tench")), Some((Part::Test, "tench")));
        assert_eq!(place_by(naming, &["n1_a.jpg", "x.jpg", "deep/n1_b.jpg"]), [train, None, train]);
        assert_eq!(place_by(naming, &["train/n1_a.jpg", "test/n1_b.jpg"]), [train, test]);
    }

    #[test]
    fn other_parts_are_named_as_such() {
        let layout = Layout::of(["train/cat/1.jpg", "more/cat/2.jpg"].into_iter(), Naming::Folders);
        assert_eq!(
            layout.place("more/cat/2.jpg"),
            Err("it lies neither in train/ nor in val/ or test/")
        );
        assert_eq!(layout.place("train/3.jpg"), Err("it lies in no class folder"));
        assert_eq!(layout.place_folder("train/bird"), Some((Part::Train, "bird")));
        assert_eq!(layout.place_folder("train"), None);
    }

    #[test]
    fn pictures_for_validation_have_many_names_and_need_others_beside_them() {
        let (train, validation) = (Some((Part::Train, "cat")), Some((Part::Validation, "cat")));
        for name in ["val", "Valid", "validation"] {
            let path = format!("pets/{name}/cat/2.jpg");
            assert_eq!(place(&["pets/train/cat/1.jpg", &path]), [train, validation]);
        }
        let placed = place(&["val/deep/1.jpg", "dog/1.jpg"]);
        assert_eq!(placed, [Some((Part::Train, "val")), Some((Part::Train, "dog"))]);
    }

    #[test]
    fn names_in_two_spellings_are_one() {
        let [macos, linux] =
            ["cafe\u{301}/1.jpg", "caf\u{e9}/1.jpg"].map(|p| visible(Path::new(p)));
        assert_eq!(macos, linux);
        assert_eq!(linux.as_deref(), Some("caf\u{e9}/1.jpg"));
    }

    #[test]
    fn hidden_files_are_not_part_of_the_set() {
        assert_eq!(visible(Path::new("./a/b.jpg")).as_deref(), Some("a/b.jpg"));
        assert_eq!(visible(Path::new("/../a/b.jpg")).as_deref(), Some("a/b.jpg"));
        for hidden in ["a/.DS_Store", "__MACOSX/a/b.jpg", "a/._b.jpg", ".git/b.jpg", "./", ""] {
            assert_eq!(visible(Path::new(hidden)), None, "{hidden}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_ending() {
        assert!(
            ["a.jpg", "a/b.JPEG", "a.b.png", "a.WebP", "a.gif", "a.bmp", "a.jfif", "a.jpe"]
                .into_iter()
                .all(is_picture)
        );
        assert!(!["a.txt", "jpg", "a/jpg", "a.jpg/b", "a.heic"].into_iter().any(is_picture));
    }
}
