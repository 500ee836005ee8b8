//! A network of glimpse as one of the contestants of `scripts/bench-native --beside`: what it is asked comes as a line of JSON
//! on standard input, what it answers goes to standard output, so that it takes turns with programs in other languages.
//! `scripts/lib/bench-native/contestant.py` does the same with the libraries of others, and says what each question means.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use divan::black_box;
use glimpse::classifier::Options;
use glimpse::{Classifier, Pixels};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// What it is asked.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
enum Question {
    /// Reads a weights file.
    Load { weights: PathBuf },
    /// Writes the first view of each photo, one after the other, as numbers that every contestant can read.
    Prepare { photos: Vec<PathBuf>, to: PathBuf },
    /// The logits of each image of such a file, and, with `photos`, those of photos that it prepares itself.
    Logits { images: PathBuf, photos: Vec<PathBuf> },
    /// How long so many take, in seconds, as often as fits: images of a file, or copies of a photo.
    Time {
        images: PathBuf,
        photo: Option<PathBuf>,
        count: usize,
        /// All at once on all cores, or one after the other on one.
        all_cores: bool,
        seconds: f64,
    },
}

fn main() -> Result<(), Failure> {
    let input = io::stdin();
    if input.is_terminal() {
        eprintln!("This one answers scripts/bench-native: run that instead.");
        return Ok(());
    }
    let mut classifier = None;
    for line in input.lock().lines() {
        let answer = match serde_json::from_str(&line?)? {
            Question::Load { weights } => {
                classifier = Some(Classifier::load(&std::fs::read(weights)?)?);
                json!({ "name": "glimpse" })
            }
            question => {
                let network = classifier.as_ref().ok_or("No network has been loaded.")?;
                answer(network, question)?
            }
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(classifier: &Classifier, question: Question) -> Result<Value, Failure> {
    Ok(match question {
        Question::Load { .. } => Value::Null,
        Question::Prepare { photos, to } => {
            let mut bytes = Vec::new();
            for path in photos {
                let prepared = classifier.prepare(&photo(&path)?, &Options::default());
                bytes.extend(prepared.tensor.iter().flat_map(|value| value.to_le_bytes()));
            }
            std::fs::write(to, bytes)?;
            json!({})
        }
        Question::Logits { images, photos } => {
            let images = read(classifier, &images)?;
            let of_images = images.iter().map(|image| logits_of_image(classifier, image));
            let photos = photos.iter().map(|path| photo(path)).collect::<Result<Vec<_>, _>>()?;
            let of_photos = photos.iter().map(|photo| logits_of_photo(classifier, photo));
            json!({
                "images": of_images.collect::<Result<Vec<_>, _>>()?,
                "photos": of_photos.collect::<Result<Vec<_>, _>>()?,
            })
        }
        Question::Time { images, photo: None, count, all_cores, seconds } => {
            let images = read(classifier, &images)?;
            time(count, all_cores, seconds, |index| {
                logits_of_image(classifier, &images[index % images.len()])
            })?
        }
        Question::Time { photo: Some(path), count, all_cores, seconds, .. } => {
            let photo = photo(&path)?;
            time(count, all_cores, seconds, |_| logits_of_photo(classifier, &photo))?
        }
    })
}

fn photo(path: &PathBuf) -> Result<Pixels, Failure> {
    Ok(Pixels::decode(&std::fs::read(path)?)?)
}

/// The images of a file that `prepare` has written.
fn read(classifier: &Classifier, path: &PathBuf) -> Result<Vec<Vec<f32>>, Failure> {
    let side = classifier.header().preprocessing.input_size;
    let bytes = std::fs::read(path)?;
    let (values, _) = bytes.as_chunks();
    let values: Vec<f32> = values.iter().map(|value| f32::from_le_bytes(*value)).collect();
    Ok(values.chunks_exact(3 * side * side).map(<[f32]>::to_vec).collect())
}

/// Of the vocabulary, where there is one: that is what the exported network answers, too.
fn logits_of_image(classifier: &Classifier, image: &[f32]) -> Result<Vec<f32>, String> {
    let logits = pollster::block_on(classifier.logits(&[image])).map_err(|why| why.to_string())?;
    let names = classifier.header().vocabulary.as_ref().map_or(0, |names| names.classes.len());
    let logits = logits.concat();
    let from = if names > 0 { logits.len() - names } else { 0 };
    Ok(logits[from..].to_vec())
}

/// Of one view: the libraries of others know no second one.
fn logits_of_photo(classifier: &Classifier, photo: &Pixels) -> Result<Vec<f32>, String> {
    logits_of_image(classifier, &classifier.prepare(photo, &Options::default()).tensor)
}

fn time(
    count: usize,
    all_cores: bool,
    seconds: f64,
    one: impl Fn(usize) -> Result<Vec<f32>, String> + Sync,
) -> Result<Value, String> {
    let run = || -> Result<Duration, String> {
        let start = Instant::now();
        let answers: Result<Vec<_>, _> = if all_cores {
            (0..count).into_par_iter().map(&one).collect()
        } else {
            (0..count).map(&one).collect()
        };
        black_box(answers?);
        Ok(start.elapsed())
    };
    // One that doesn't count: others have had the caches.
    run()?;
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut times = vec![run()?.as_secs_f64()];
    while Instant::now() < end {
        times.push(run()?.as_secs_f64());
    }
    Ok(json!({ "times": times }))
}
