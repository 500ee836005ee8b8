//! Pictures to measure a network with. They are listed when the set is opened, so that a wrong name or an empty folder
//! is noticed before hours of work, and read one after the other when they are visited: none of them is kept.
//!
//! Which pictures are measured is told by their folders: those in `test/` where there is one, otherwise those for
//! validation, and otherwise all.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use super::identical::{Digest, digest_of};
use super::layout::{Layout, Naming, Part};
use super::locate::{Kind, Place, locate, none_suffix};
use super::picture_file::{decode, read};
use super::pictures::{Encoded, latest};
use super::types::name_of;
use super::{DatasetError, LeftAside, Progress, Skipped, Source, archive, cifar, folder};
use crate::model::weights::NONE;
use crate::pixels::Pixels;
use crate::train::workers;

/// What says of a picture what it shows.
#[derive(Debug, Clone, Copy)]
pub enum Truth {
    /// The folder that it lies in, as for training.
    Folders,
    /// The name of its file, by this function; pictures for which it knows nothing are skipped.
    Files(fn(&str) -> Option<&'static str>),
}

/// A picture of a [`TestSet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it is: its path, or that of its archive with its path inside.
    pub path: PathBuf,
    /// The index of its class in [`TestSet::classes`].
    pub label: usize,
    /// Its number in its archive.
    order: usize,
}

/// The pictures of a source that are to be measured.
#[derive(Debug)]
pub struct TestSet {
    /// What is measured, in one line: the name and the checksum or the counts.
    pub source: String,
    /// The names of the classes that there are pictures of, sorted; CIFAR-10 keeps its own order.
    pub classes: Vec<String>,
    /// Pictures that are not measured, sorted by path, and why: they lie in no class, or their names say nothing.
    pub skipped: Vec<Skipped>,
    /// The files that are not pictures, by their ending.
    pub ignored: LeftAside,
    /// The files of pictures to train on, where those to measure lie beside them in a folder.
    learnt: Vec<PathBuf>,
    listed: Vec<Listed>,
    place: Place,
}

impl TestSet {
    /// Finds the pictures of a source. `progress` is told how a download goes.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] when the source cannot be read, is damaged or holds no picture that can be measured.
    pub fn open(
        source: &Source,
        truth: Truth,
        progress: impl Fn(Progress) + Sync,
    ) -> Result<Self, DatasetError> {
        let place = locate(source, &progress)?;
        let naming = match truth {
            Truth::Folders if place.none => Naming::None,
            Truth::Folders => Naming::Folders,
            Truth::Files(class_of) => Naming::Files(class_of),
        };
        match place.kind {
            Kind::Folder => {
                let (pictures, surroundings) = folder::list(&place.path)?;
                let pictures = pictures.into_iter().enumerate();
                let pictures = pictures.map(|(order, (path, inside))| (inside, order, path));
                Self::of_files(place, naming, pictures.collect(), surroundings.ignored)
            }
            Kind::Pictures => {
                let (pictures, surroundings) = archive::list(&place.path)?;
                let pictures = pictures.into_iter().enumerate();
                let pictures =
                    pictures.map(|(order, path)| (path.clone(), order, place.path.join(path)));
                let mut pictures: Vec<_> = pictures.collect();
                latest(&mut pictures, |(path, order, _)| (path, *order));
                Self::of_files(place, naming, pictures, surroundings.ignored)
            }
            Kind::Cifar => Self::of_records(place, naming),
        }
    }

    /// The files of a folder or an archive: path inside it, number in it, path for people.
    fn of_files(
        place: Place,
        naming: Naming,
        files: Vec<(String, usize, PathBuf)>,
        ignored: LeftAside,
    ) -> Result<Self, DatasetError> {
        let from = name_of(&place.path);
        if files.is_empty() {
            return Err(DatasetError::NoPictures { from, ignored });
        }
        let layout = Layout::of(files.iter().map(|(inside, ..)| inside.as_str()), naming);
        let mut placed = Vec::new();
        let mut skipped = Vec::new();
        for (inside, order, path) in &files {
            match layout.place(inside) {
                Ok((part, class)) => placed.push((part, class, *order, path)),
                Err(why) => {
                    let path = path.to_string_lossy().into_owned();
                    skipped.push(Skipped { path, why: why.to_owned() });
                }
            }
        }
        let mut learnt = Vec::new();
        let there = |wanted: &Part| placed.iter().any(|(part, ..)| part == wanted);
        if let Some(measured) = [Part::Test, Part::Validation].into_iter().find(there) {
            if place.kind == Kind::Folder {
                let training = placed.iter().filter(|(part, ..)| *part == Part::Train);
                learnt.extend(training.map(|(.., path)| (*path).clone()));
            }
            placed.retain(|(part, ..)| *part == measured);
        }
        if placed.is_empty() {
            return Err(match naming {
                Naming::Files(_) => DatasetError::NoNames { from, pictures: files.len() },
                Naming::Folders | Naming::None => DatasetError::NoClasses { from },
            });
        }
        let classes: BTreeSet<&str> = placed.iter().map(|(_, class, ..)| *class).collect();
        let classes: Vec<String> = classes.into_iter().map(str::to_owned).collect();
        let mut listed: Vec<Listed> = placed
            .into_iter()
            .filter_map(|(_, class, order, path)| {
                let label = classes.binary_search_by(|known| known.as_str().cmp(class)).ok()?;
                Some(Listed { path: path.clone(), label, order })
            })
            .collect();
        let about = match place.kind {
            Kind::Folder => {
                listed.sort_unstable_by(|a, b| a.path.cmp(&b.path));
                "folder".to_owned()
            }
            // In the order in which they are unpacked.
            Kind::Pictures | Kind::Cifar => {
                listed.sort_unstable_by_key(|picture| picture.order);
                format!("MD5 {}", place.md5)
            }
        };
        skipped.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let source =
            format!("{from} ({about}; {} pictures){}", listed.len(), none_suffix(place.none));
        Ok(Self { source, classes, skipped, ignored, learnt, listed, place })
    }

    fn of_records(place: Place, naming: Naming) -> Result<Self, DatasetError> {
        let from = name_of(&place.path);
        if let Naming::Files(_) = naming {
            return Err(DatasetError::NoFiles { from });
        }
        let (mut records, classes) = cifar::list(&place.path)?;
        let all = records.len();
        let tests = records.iter().any(cifar::Record::is_test);
        let listed = records.drain(..).enumerate();
        let listed = listed.filter(|(_, record)| !tests || record.is_test());
        let listed: Vec<Listed> = listed
            .map(|(order, record)| Listed {
                path: place.path.join(&record.batch).join(record.number.to_string()),
                label: if place.none { 0 } else { record.label },
                order,
            })
            .collect();
        if all == 0 {
            return Err(DatasetError::NoPictures { from, ignored: LeftAside::default() });
        }
        let counts = format!("{} pictures", listed.len());
        let source = cifar::source(&place.path, &place.md5, &counts) + none_suffix(place.none);
        let classes = if place.none { vec![NONE.to_owned()] } else { classes };
        Ok(Self {
            source,
            classes,
            skipped: Vec::new(),
            ignored: LeftAside::default(),
            learnt: Vec::new(),
            listed,
            place,
        })
    }

    /// The pictures that are measured: at least one.
    pub fn pictures(&self) -> &[Listed] {
        &self.listed
    }

    /// Pairs of a picture that is measured and one to train on beside it whose files are the same, byte by byte. (The
    /// latter are not decoded: that would take as long as measuring them.)
    pub fn copies_of_learnt(&self) -> Vec<[String; 2]> {
        if self.learnt.is_empty() {
            return Vec::new();
        }
        let length = |path: &PathBuf| Some(std::fs::metadata(path).ok()?.len());
        let lengths = |paths: &mut dyn Iterator<Item = &PathBuf>| -> HashSet<u64> {
            paths.filter_map(length).collect()
        };
        let both =
            &lengths(&mut self.learnt.iter()) & &lengths(&mut self.listed.iter().map(|p| &p.path));
        // What can't be read says so when it is measured.
        let content = |path: &PathBuf| {
            let known = length(path).is_some_and(|length| both.contains(&length));
            let bytes = known.then(|| read(path))?.ok()?;
            Some(digest_of(&[&bytes]))
        };
        let learnt: HashMap<Digest, &PathBuf> =
            self.learnt.iter().rev().filter_map(|path| Some((content(path)?, path))).collect();
        let pair = |picture: &Listed| {
            let other = learnt.get(&content(&picture.path)?)?;
            Some([&picture.path, *other].map(|path| path.to_string_lossy().into_owned()))
        };
        self.listed.iter().filter_map(pair).collect()
    }

    /// Reads every picture and works on it, on all cores. What `work` makes of each goes to `take`, in the order of
    /// [`Self::pictures`] and on the calling thread; of one that can't be read goes why.
    ///
    /// # Errors
    ///
    /// The first error of either, or of an archive that was damaged after it was opened, ends it.
    pub fn visit<T: Send, E: From<DatasetError> + Send>(
        &self,
        work: impl Fn(&Pixels) -> Result<T, E> + Sync,
        mut take: impl FnMut(&Listed, Result<T, String>) -> Result<(), E>,
    ) -> Result<(), E> {
        let work = |pixels: Result<Pixels, String>| -> Result<Result<T, String>, E> {
            Ok(match pixels {
                Ok(pixels) => Ok(work(&pixels)?),
                Err(why) => Err(why),
            })
        };
        let mut coming = self.listed.iter();
        let take = |found| match coming.next() {
            Some(picture) => take(picture, found),
            None => Ok(()),
        };
        let path = &self.place.path;
        let wanted: BTreeSet<usize> = self.listed.iter().map(|picture| picture.order).collect();
        let wanted = |order: usize| wanted.contains(&order);
        match self.place.kind {
            Kind::Folder => workers::in_order(
                self.listed.iter(),
                |picture| work(decode(read(&picture.path))),
                take,
            ),
            Kind::Pictures => {
                let on_file = |file: Encoded| work(decode(file.bytes));
                unpacking(
                    |sender| archive::unpack(path, &wanted, sender).map(drop),
                    |items| workers::in_order(items, on_file, take),
                )
            }
            Kind::Cifar => unpacking(
                |sender| cifar::unpack(path, &wanted, sender),
                |items| workers::in_order(items, |pixels| work(Ok(pixels)), take),
            ),
        }
    }
}

/// Works on what another thread unpacks. Between them wait only a few pictures.
fn unpacking<I: Send, E: From<DatasetError>>(
    unpack: impl FnOnce(&mpsc::SyncSender<I>) -> Result<(), DatasetError> + Send,
    work: impl FnOnce(mpsc::IntoIter<I>) -> Result<(), E>,
) -> Result<(), E> {
    let (sender, receiver) = mpsc::sync_channel(4 * rayon::current_num_threads());
    thread::scope(|scope| -> Result<(), E> {
        let unpacking = scope.spawn(move || unpack(&sender));
        // What it ends with comes first: once nobody works, the unpacking ends early and well.
        work(receiver.into_iter())?;
        let unpacked = unpacking.join();
        Ok(unpacked.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::testing::*;
    use super::*;

    /// The class of a picture, and its shade or what is wrong with it.
    type Seen = (String, Result<u8, String>);

    fn visit(source: &Source, truth: Truth) -> Result<Vec<Seen>, DatasetError> {
        let set = TestSet::open(source, truth, |_| ())?;
        let mut seen = Vec::new();
        let shade = |pixels: &Pixels| Ok::<_, DatasetError>(pixels.rgba()[0]);
        set.visit(shade, |picture, found| {
            seen.push((set.classes[picture.label].clone(), found));
            Ok(())
        })?;
        Ok(seen)
    }

    /// The same of a folder and of its archive.
    fn measured(files: &Files, none: bool) -> Vec<(String, u8)> {
        let folder = write_folder(files);
        let (_guard, packed) = write_file("set.tar.gz", &gzip(&tar(files)));
        let [one, two] = [folder.path().to_owned(), packed].map(|path| {
            let source = Source::Path(path);
            let source = if none { Source::NoneOfThese(Box::new(source)) } else { source };
            let seen = visit(&source, Truth::Folders).unwrap();
            let mut seen: Vec<_> = seen.into_iter().map(|(c, shade)| (c, shade.unwrap())).collect();
            seen.sort();
            seen
        });
        assert_eq!(one, two);
        one
    }

    fn named(pairs: &[(&str, u8)]) -> Vec<(String, u8)> {
        pairs.iter().map(|(class, shade)| ((*class).to_owned(), *shade)).collect()
    }

    #[test]
    fn only_the_test_part_is_measured_where_there_is_one() {
        assert_eq!(measured(&two_classes(), false), named(&[("dog", 3)]));
        // What can't be read is not read: the training pictures are no pictures.
        let mut files = two_classes();
        files[0].1.clear();
        assert_eq!(measured(&files, false), named(&[("dog", 3)]));
        let only = pngs(&["test/cat/1.png", "test/none_cup/1.png"]);
        assert_eq!(measured(&only, false), named(&[("cat", 0), ("none", 1)]));
    }

    #[test]
    fn class_folders_alone_are_measured_whole() {
        let files = pngs(&["cat/1.png", "dog/1.png"]);
        assert_eq!(measured(&files, false), named(&[("cat", 0), ("dog", 1)]));
        assert_eq!(measured(&pngs(&["cat/1.png"]), false), named(&[("cat", 0)]));
        assert_eq!(measured(&files, true), named(&[("none", 0), ("none", 1)]));
        assert_eq!(measured(&pngs(&["1.png"]), true), named(&[("none", 0)]));
    }

    #[test]
    fn the_later_of_two_files_of_one_path_is_measured_and_broken_ones_say_why() {
        let mut files = pngs(&["cat/1.png", "cat/2.png"]);
        files.push((files[0].0.clone(), png(99)));
        files[1].1.truncate(20);
        let (_guard, path) = write_file("set.tar", &tar(&files));
        let seen = visit(&Source::Path(path), Truth::Folders).unwrap();
        assert_eq!(seen.len(), 2);
        assert!(seen[0].1.as_ref().is_err_and(|why| !why.is_empty()));
        assert_eq!(seen[1].1, Ok(99));
    }

    #[test]
    fn what_lies_outside_is_listed() {
        let folder = write_folder(&pngs(&["test/cat/1.png", "more/cat/2.png", "test/3.png"]));
        let source = Source::Path(folder.path().to_owned());
        let set = TestSet::open(&source, Truth::Folders, |_| ()).unwrap();
        let skipped: Vec<_> = set.skipped.iter().map(|s| Path::new(&s.path)).collect();
        let expected = ["more/cat/2.png", "test/3.png"].map(|path| folder.path().join(path));
        assert_eq!((set.pictures().len(), skipped), (1, expected.iter().map(|p| &**p).collect()));
        assert!(set.source.ends_with("(folder; 1 pictures)"), "{}", set.source);
        let flat = write_folder(&pngs(&["1.png"]));
        let error = visit(&Source::Path(flat.path().to_owned()), Truth::Folders).unwrap_err();
        assert!(matches!(error, DatasetError::NoClasses { .. }), "{error}");
    }

    #[test]
    fn without_test_pictures_those_for_validation_are_measured() {
        let files = pngs(&["train/cat/1.png", "val/cat/2.png", "train/dog/3.png"]);
        assert_eq!(measured(&files, false), named(&[("cat", 1)]));
    }

    #[test]
    fn copies_of_training_pictures_are_found_by_their_bytes() {
        let mut files =
            pngs(&["train/cat/1.png", "train/cat/2.png", "test/cat/3.png", "test/cat/4.png"]);
        files[3].1 = files[1].1.clone();
        let folder = write_folder(&files);
        let source = Source::Path(folder.path().to_owned());
        let set = TestSet::open(&source, Truth::Folders, |_| ()).unwrap();
        let pair = ["test/cat/4.png", "train/cat/2.png"].map(|path| folder.path().join(path));
        assert_eq!(set.copies_of_learnt(), [pair.map(|path| path.to_string_lossy().into_owned())]);
    }

    #[test]
    fn names_of_files_may_say_what_they_are() {
        let truth = Truth::Files(|name| name.starts_with("n1_").then_some("tench"));
        let folder = write_folder(&pngs(&["n1_a.png", "b.png"]));
        let source = Source::Path(folder.path().to_owned());
        assert_eq!(visit(&source, truth).unwrap(), [("tench".to_owned(), Ok(0))]);
        let folder = write_folder(&pngs(&["b.png"]));
        let error = visit(&Source::Path(folder.path().to_owned()), truth).unwrap_err();
        assert!(matches!(error, DatasetError::NoNames { pictures: 1, .. }), "{error}");
    }

    #[test]
    fn records_of_cifar_are_measured_as_they_come() {
        let record = |label: u8, shade: u8| [vec![label], vec![shade; 3072]].concat();
        let file = |name: &str, bytes: Vec<u8>| (format!("cifar/{name}"), bytes);
        let names = || file("batches.meta.txt", b"cat\ndog\n".to_vec());
        let train = || file("data_batch_1.bin", record(0, 1));
        let test = file("test_batch.bin", [record(1, 2), record(0, 3)].concat());
        let measured = |files: Files, none: bool| {
            let (_guard, path) = write_file("small.tar.gz", &gzip(&tar(&files)));
            let source = Source::Path(path);
            let source = if none { Source::NoneOfThese(Box::new(source)) } else { source };
            let seen = visit(&source, Truth::Folders).unwrap();
            seen.into_iter().map(|(class, shade)| (class, shade.unwrap())).collect::<Vec<_>>()
        };
        // The names come last.
        let both = vec![test.clone(), train(), names()];
        assert_eq!(measured(both.clone(), false), named(&[("dog", 2), ("cat", 3)]));
        assert_eq!(measured(both, true), named(&[("none", 2), ("none", 3)]));
        assert_eq!(measured(vec![names(), train()], false), named(&[("cat", 1)]));
        assert_eq!(measured(vec![names(), test], false), named(&[("dog", 2), ("cat", 3)]));
    }
}
