//! Which folders are classes: paths in, parts and class names out. No file is touched here.
//!
//! People lay their pictures out as `train/<class>/…` with or without `test/<class>/…`, or simply
//! as `<class>/…`; archives often wrap either in one more folder with the name of the set. Which of
//! them it is can be told from the paths of the pictures alone.

use std::path::{Component, Path};

/// The two parts of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Train,
    Test,
}

impl Part {
    fn named(folder: &str) -> Option<Self> {
        if folder.eq_ignore_ascii_case("train") {
            Some(Self::Train)
        } else if folder.eq_ignore_ascii_case("test") {
            Some(Self::Test)
        } else {
            None
        }
    }
}

/// How the folders of one data set are to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The folders that wrap the whole set and mean nothing.
    wrapping: Vec<String>,
    /// Whether `train/` and `test/` stand above the classes.
    parted: bool,
}

impl Layout {
    /// Recognises the layout from the paths of all pictures, with `/` between their parts.
    pub(super) fn of<'a>(pictures: impl Iterator<Item = &'a str>) -> Self {
        // A stray picture at the very top (a preview, a logo) says nothing about the folders.
        let folders: Vec<Vec<&str>> = pictures.map(folders_of).filter(|f| !f.is_empty()).collect();
        let Some(first) = folders.first() else {
            return Self { wrapping: Vec::new(), parted: false };
        };
        let shared = folders.iter().fold(first.len(), |shared, other| {
            shared.min(first.iter().zip(other).take_while(|(a, b)| a == b).count())
        });
        let wrapping = |depth: usize| first[..depth].iter().map(ToString::to_string).collect();

        // A class may itself be called 'train' (as in bus, car, train): it is the part only when a
        // class folder follows.
        let parted = |depth: &usize| {
            folders.iter().any(|f| f.len() > depth + 1 && Part::named(f[*depth]).is_some())
        };
        if let Some(depth) = (0..=shared).find(parted) {
            return Self { wrapping: wrapping(depth), parted: true };
        }
        // Where every picture lies in the same folder, that folder is the (only) class.
        let deepest = folders.iter().map(Vec::len).max().unwrap_or(0);
        Self { wrapping: wrapping(shared.min(deepest.saturating_sub(1))), parted: false }
    }

    /// The part and the class that a picture belongs to, or why it belongs to none.
    pub(super) fn place<'a>(&self, picture: &'a str) -> Result<(Part, &'a str), &'static str> {
        self.place_folders(&folders_of(picture))
    }

    /// The part and the class of a folder, if it is a class folder or lies in one.
    pub(super) fn place_folder<'a>(&self, folder: &'a str) -> Option<(Part, &'a str)> {
        self.place_folders(&folder.split('/').collect::<Vec<_>>()).ok()
    }

    fn place_folders<'a>(&self, folders: &[&'a str]) -> Result<(Part, &'a str), &'static str> {
        let outside = "it lies in no class folder";
        if folders.len() < self.wrapping.len()
            || self.wrapping.iter().zip(folders).any(|(wrap, folder)| wrap != folder)
        {
            return Err(outside);
        }
        match &folders[self.wrapping.len()..] {
            [part, rest @ ..] if self.parted => {
                let part = Part::named(part).ok_or("it lies neither in train/ nor in test/")?;
                Ok((part, rest.first().ok_or(outside)?))
            }
            [class, ..] if !self.parted => Ok((Part::Train, class)),
            _ => Err(outside),
        }
    }
}

fn folders_of(file: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    parts
}

/// A path inside a data set with `/` between its parts, or nothing for what is not part of the set:
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
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Whether a file is taken for a picture, by its ending.
pub(super) fn is_picture(path: &str) -> bool {
    const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "gif", "webp", "bmp"];
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(all: &[&'a str]) -> Vec<Option<(Part, &'a str)>> {
        let layout = Layout::of(all.iter().copied());
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
    fn other_parts_are_named_as_such() {
        let layout = Layout::of(["train/cat/1.jpg", "val/cat/2.jpg"].into_iter());
        assert_eq!(layout.place("val/cat/2.jpg"), Err("it lies neither in train/ nor in test/"));
        assert_eq!(layout.place("train/3.jpg"), Err("it lies in no class folder"));
        assert_eq!(layout.place_folder("train/bird"), Some((Part::Train, "bird")));
        assert_eq!(layout.place_folder("train"), None);
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
            ["a.jpg", "a/b.JPEG", "a.b.png", "a.WebP", "a.gif", "a.bmp"]
                .into_iter()
                .all(is_picture)
        );
        assert!(!["a.txt", "jpg", "a/jpg", "a.jpg/b", "a.heic"].into_iter().any(is_picture));
    }
}
