//! The rows that are done, in a file, so that none is computed twice.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::CompareError;
use super::measured::Measured;
use super::method::Method;
use crate::metrics::{Interval, class_metrics, share};
use crate::train::{TrainError, files};

/// Everything that a row depends on, but for the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The data, in words.
    pub data: String,
    /// Pictures learnt from.
    pub learnt: usize,
    /// Pictures that choices were made by.
    pub held_out: usize,
    /// Decides all that is drawn.
    pub seed: u64,
    /// Of a network that is trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epochs: Option<usize>,
    /// What trained it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// CRC-32 of the file whose backbone made the features.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<u32>,
}

/// How a method did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The method.
    pub method: Method,
    /// What it depends on.
    pub settings: Settings,
    /// What was chosen on the pictures held out, in words.
    pub chosen: String,
    /// Test pictures.
    pub images: usize,
    /// Share named rightly, in `[0, 1]`.
    pub accuracy: f64,
    /// The ends of its 95 % interval (Wilson's).
    pub accuracy_interval: [f64; 2],
    /// Mean F1 of the classes that there are pictures of, in `[0, 1]`.
    pub f1: f64,
    /// How many numbers it consists of.
    pub parameters: usize,
    /// Multiplications, each with an addition, for one picture.
    pub multiply_adds: u64,
    /// Bytes of its file; of a classical method, four for each number.
    pub bytes: usize,
    /// For one picture on one thread: the median.
    pub milliseconds: f64,
    /// Seconds of training, choices included.
    pub seconds: f64,
    /// The day on which it was measured.
    pub date: String,
}

impl Row {
    /// The row of a method, of which this was measured today.
    pub fn new(method: Method, settings: Settings, classes: &[String], measured: Measured) -> Self {
        let Measured { confusion, chosen, parameters, multiply_adds, bytes, milliseconds, seconds } =
            measured;
        let right: usize = (0..classes.len()).map(|class| confusion[class][class]).sum();
        let images: usize = confusion.iter().flatten().sum();
        let found = class_metrics(&confusion, classes);
        let shown = found.iter().filter(|class| class.images > 0);
        let Interval { low, high } = Interval::wilson(right, images);
        Self {
            method,
            settings,
            chosen,
            images,
            accuracy: rounded(share(right, images)),
            accuracy_interval: [rounded(low), rounded(high)],
            f1: rounded(
                shown.clone().map(|class| class.f1).sum::<f64>() / shown.count().max(1) as f64,
            ),
            parameters,
            multiply_adds,
            bytes,
            milliseconds: rounded(milliseconds),
            seconds: rounded(seconds),
            date: jiff::Zoned::now().date().to_string(),
        }
    }
}

/// To six decimals: so a number that is read from JSON is to the last bit the one that was written.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// All rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// In the order in which they were computed.
    pub rows: Vec<Row>,
}

impl Record {
    /// Reads a record; an empty one where there is no file.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or is no record.
    pub fn read(path: &Path) -> Result<Self, CompareError> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|why| CompareError::NotARecord { path: path.to_owned(), why }),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(why) => Err(TrainError::File { path: path.to_owned(), why }.into()),
        }
    }

    /// The row of a method with these settings.
    pub fn find(&self, method: Method, settings: &Settings) -> Option<&Row> {
        self.rows.iter().find(|row| row.method == method && row.settings == *settings)
    }

    /// Adds a row to what the file holds by now, which another comparison may have added to, and writes it anew. Of two
    /// that do so in the same instant, one waits: a file beside the record, `.compare.json.lock` beside `compare.json`, is
    /// locked meanwhile. (The record itself is replaced, and a lock on it would be one on what it was.)
    ///
    /// # Errors
    ///
    /// If the file can't be read, locked or written.
    pub fn add(&mut self, path: &Path, row: Row) -> Result<(), CompareError> {
        let failed = |why| TrainError::File { path: path.to_owned(), why };
        let _held = lock_beside(path).map_err(failed)?;
        *self = Self::read(path)?;
        self.rows.push(row);
        let text = serde_json::to_string_pretty(self).map_err(|why| failed(why.into()))?;
        Ok(files::write(path, &[text.as_bytes(), b"\n"]).map_err(failed)?)
    }
}

/// Waits for the lock beside a file. It is held until what is given back is dropped.
fn lock_beside(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".lock");
    let file = File::options().create(true).append(true).open(path.with_file_name(name))?;
    file.lock()?;
    Ok(file)
}

#[cfg(test)]
pub mod testing {
    use super::*;

    /// A row with round figures.
    pub fn row(method: Method, learnt: usize) -> Row {
        let settings = Settings {
            data: "folder stripes".to_owned(),
            learnt,
            held_out: 20,
            seed: 1,
            epochs: None,
            backend: None,
            weights: None,
        };
        let measured = Measured {
            confusion: vec![vec![6, 2], vec![1, 1]],
            chosen: "k = 3".to_owned(),
            parameters: 1234,
            multiply_adds: 118_200_000,
            bytes: 4936,
            milliseconds: 0.5,
            seconds: 200.0,
        };
        Row::new(method, settings, &["a".to_owned(), "b".to_owned()], measured)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::row;
    use super::*;

    #[test]
    fn a_row_has_the_figures_of_its_confusion() {
        let row = row(Method::Tree, 100);
        assert_eq!((row.images, row.accuracy), (10, 0.7));
        let Interval { low, high } = Interval::wilson(7, 10);
        assert_eq!(row.accuracy_interval, [low, high].map(rounded));
        // 2 · 6 / (6 + 2 + 6 + 1) and 2 · 1 / (1 + 2 + 1 + 1).
        assert!((row.f1 - (0.8 + 0.4) / 2.0).abs() < 1e-12, "{}", row.f1);
    }

    #[test]
    fn what_was_added_is_found_again_by_its_settings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.json");
        let mut record = Record::read(&path).unwrap();
        assert!(record.rows.is_empty());
        record.add(&path, row(Method::Tree, 100)).unwrap();
        record.add(&path, row(Method::Forest, 200)).unwrap();
        let again = Record::read(&path).unwrap();
        assert_eq!((&again, again.rows.len()), (&record, 2));
        // What another comparison has added since the record was read stays.
        let mut beside = again.clone();
        record.add(&path, row(Method::Plain, 100)).unwrap();
        beside.add(&path, row(Method::Vgg, 100)).unwrap();
        assert_eq!(beside.rows.len(), 4);
        let settings = row(Method::Tree, 100).settings;
        assert!(again.find(Method::Tree, &settings).is_some());
        assert!(again.find(Method::Forest, &settings).is_none());
        std::fs::write(&path, "[]").unwrap();
        assert!(matches!(Record::read(&path), Err(CompareError::NotARecord { .. })));
    }

    #[test]
    fn of_many_that_add_in_the_same_instant_no_row_is_lost() {
        const COUNT: usize = 16;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.json");
        let start = std::sync::Barrier::new(COUNT);
        std::thread::scope(|scope| {
            for learnt in 1..=COUNT {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    Record::default().add(path, row(Method::Tree, learnt)).unwrap();
                });
            }
        });
        let mut learnt: Vec<_> =
            Record::read(&path).unwrap().rows.iter().map(|row| row.settings.learnt).collect();
        learnt.sort_unstable();
        assert_eq!(learnt, (1..=COUNT).collect::<Vec<_>>());
    }
}
