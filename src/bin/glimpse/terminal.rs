//! What the commands have in common: how they end, read files and show how far they are.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use glimpse::model::splice;
use glimpse::pixels::Pixels;
use glimpse::train::TrainError;
use glimpse::train::dataset::{Dataset, Identical, LeftAside, Progress, Source};
use indicatif::{DecimalBytes, HumanCount, ProgressBar, ProgressStyle};

use super::args::BackboneArgument;

/// Whatever ended the program early, as a sentence.
pub type Failure = Box<dyn std::error::Error>;

/// Where there is no terminal for a spinner, a log gets a line after so many pictures.
const LOGGED_EVERY: usize = 5_000;

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, TrainError> {
    std::fs::read(path).map_err(|why| TrainError::File { path: path.to_owned(), why })
}

/// The bytes of a weights file, whole: where it holds a head only, joined with the backbone in another file.
pub fn read_weights(path: &Path, backbone: &BackboneArgument) -> Result<Vec<u8>, TrainError> {
    let bytes = read(path)?;
    Ok(match splice::backbone_needed(&bytes)? {
        Some(_) => splice::join(&bytes, &read(&backbone.backbone)?)?,
        None => bytes,
    })
}

/// What the system said where a CSV file could not be written.
pub fn io_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

/// A number with its thousands apart.
pub fn count(number: usize) -> HumanCount {
    HumanCount(number as u64)
}

/// Says which files are no pictures by their names.
pub fn say_left_aside(files: &LeftAside) {
    if !files.is_empty() {
        eprintln!("left aside, because they are no pictures by their names: {files}");
    }
}

/// Says which pictures are the same and should not be.
pub fn say_identical(pictures: &Identical) {
    eprint!("{pictures}");
}

/// A value that becomes true when the person at the terminal interrupts the program, so that it can end in order. To
/// interrupt it a second time ends it at once.
///
/// # Errors
///
/// If the system does not say when that happens.
pub fn interrupted() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    const EXIT_CODE: i32 = 130; // as shells say it: 128, and 2 for SIGINT
    let asked = Arc::new(AtomicBool::new(false));
    let flag = asked.clone();
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(EXIT_CODE);
        }
        eprintln!("stopping after this step; interrupt it again to end it at once");
    })?;
    Ok(asked)
}

/// How the progress of pictures is shown.
pub fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template(
        "{wide_bar:.cyan/dim} {human_pos} of {human_len}, {per_sec}, {eta} left",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Says how far the reading has come.
pub fn show_progress(bar: &ProgressBar, progress: Progress) {
    if let (true, Progress::Reading { done, .. }) = (bar.is_hidden(), progress)
        && done.is_multiple_of(LOGGED_EVERY)
    {
        eprintln!("{} pictures", count(done));
    }
    bar.set_message(match progress {
        Progress::Downloading { done, total: Some(total) } => {
            format!("downloading: {} of {}", DecimalBytes(done), DecimalBytes(total))
        }
        Progress::Downloading { done, total: None } => {
            format!("downloading: {}", DecimalBytes(done))
        }
        Progress::Reading { done, total: Some(total) } => {
            format!("reading: {} of {} pictures", count(done), count(total))
        }
        Progress::Reading { done, total: None } => format!("reading: {} pictures", count(done)),
    });
}

/// Reads a source into memory, or, where it is to be streamed, looks at its pictures; says what was left out.
///
/// # Errors
///
/// As [`Dataset::load`] and [`Dataset::stream`].
pub fn load(
    source: &Source,
    streamed: bool,
    fit: impl Fn(&Pixels) -> Vec<u8> + Sync,
) -> Result<Dataset, Failure> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    // A log has no spinner, and downloading or reading may take a while.
    if bar.is_hidden() {
        eprintln!("reading the data");
    }
    let progress = |progress| show_progress(&bar, progress);
    let dataset = match streamed {
        true => Dataset::stream(source, fit, progress)?,
        false => Dataset::load(source, fit, progress)?,
    };
    bar.finish_and_clear();
    for skipped in &dataset.skipped {
        eprintln!("skipped {}: {}", skipped.path, skipped.why);
    }
    say_left_aside(&dataset.ignored);
    Ok(dataset)
}
