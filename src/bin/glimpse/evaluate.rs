//! `glimpse evaluate`: how good a network is, in tables, JSON or a line for each picture.

use std::fmt::Display;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use glimpse::model::weights::NONE;
use glimpse::train::card_file::{self, CardFile, On};
use glimpse::train::dataset::{Identical, LeftAside, Progress, Skipped, Source};
use glimpse::train::evaluate::{Collection, Evaluation, Evaluator, Question};
use glimpse::train::metrics::{Choice, Metrics, NameMetrics, Outcome};
use glimpse::train::{TrainError, files};
use indicatif::ProgressBar;
use serde::Serialize;

use super::args::EvaluateArguments;
use super::terminal::{
    Failure, bar_style, io_error, read, read_weights, say_identical, say_left_aside, show_progress,
};

/// What is printed as JSON.
#[derive(Serialize)]
struct Report<M> {
    collections: Vec<Measured<M>>,
    /// All collections together.
    all: M,
    /// By the answers that the weights file keeps, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held_out: Vec<card_file::Measured>,
}

/// One collection.
#[derive(Serialize)]
struct Measured<M> {
    source: String,
    metrics: M,
    /// Pictures that were not measured.
    skipped: Vec<Skipped>,
    /// How many files are no pictures, and of which endings.
    ignored: usize,
    left_aside: LeftAside,
    /// Pictures that are the same and should not be.
    identical: Identical,
}

pub fn run(arguments: &EvaluateArguments) -> Result<ExitCode, Failure> {
    let weights = read_weights(&arguments.weights, &arguments.backbone)?;
    let question = if arguments.names { Question::Names } else { Question::Classes };
    let evaluator = Evaluator::new(&weights, question)?;
    if let Some(card) = &arguments.card {
        let pictures = arguments.data.iter().chain(&arguments.none).filter_map(Source::path);
        let inputs: Vec<&Path> = pictures.chain([arguments.weights.as_path()]).collect();
        let lines = arguments.per_picture.as_deref();
        let outputs: Vec<&Path> = lines.into_iter().chain([card.as_path()]).collect();
        files::keep_apart(&outputs, &inputs)?;
    }
    let mut sources: Vec<&Source> = arguments.data.iter().chain(&arguments.none).collect();
    if sources.is_empty() && !arguments.held_out {
        sources.push(&Source::Cifar10);
    }
    let card = match question {
        // Of a head alone, the card is bound to the file of the head.
        Question::Classes if arguments.held_out || arguments.card.is_some() => {
            Some(evaluator.card(&arguments.weights, &read(&arguments.weights)?))
        }
        _ => None,
    };
    if arguments.held_out && card.as_ref().is_some_and(|card| card.measured.is_empty()) {
        return Err("The weights file keeps no answers on pictures held out.".into());
    }
    // What is wrong with any of them is said before the first is measured.
    let collections = sources.into_iter().map(|source| open(&evaluator, source));
    let collections = collections.collect::<Result<Vec<_>, _>>()?;
    let mut lines = match &arguments.per_picture {
        Some(path) => Some(Lines::create(path, evaluator.choice())?),
        None => None,
    };
    let mut evaluations = Vec::new();
    for collection in &collections {
        evaluations.push(measure(&evaluator, collection, lines.as_mut())?);
    }
    let choice = evaluator.choice();
    match question {
        Question::Classes => {
            let mut report =
                report(&collections, evaluations, |outcomes| Metrics::of(&choice, outcomes));
            if let Some(card) = card {
                if arguments.held_out {
                    report.held_out = card.measured.clone();
                }
                if let Some(path) = &arguments.card {
                    write_card(path, card, &report)?;
                }
            }
            print(arguments.json, report)
        }
        Question::Names => print(
            arguments.json,
            report(&collections, evaluations, |outcomes| NameMetrics::of(&choice, outcomes)),
        ),
    }
}

/// Writes the model card as JSON, or writes it anew.
fn write_card(path: &Path, mut card: CardFile, report: &Report<Metrics>) -> Result<(), Failure> {
    for Measured { source, metrics, .. } in &report.collections {
        card.add(On::Test, Some(source), metrics.clone());
    }
    if report.collections.len() > 1 {
        card.add(On::Test, None, report.all.clone());
    }
    let earlier = if path.exists() { serde_json::from_slice(&read(path)?).ok() } else { None };
    let text = card.json(earlier.as_ref()).to_string();
    files::write(path, &[text.as_bytes()])
        .map_err(|why| TrainError::File { path: path.to_owned(), why })?;
    Ok(())
}

fn open(evaluator: &Evaluator, source: &Source) -> Result<Collection, TrainError> {
    let bar = ProgressBar::new_spinner();
    let collection = evaluator.open(source, |progress| show_progress(&bar, progress));
    bar.finish_and_clear();
    collection
}

fn measure(
    evaluator: &Evaluator,
    collection: &Collection,
    mut lines: Option<&mut Lines<'_>>,
) -> Result<Evaluation, TrainError> {
    let bar = ProgressBar::new(collection.set.pictures().len() as u64);
    bar.set_style(bar_style());
    let progress = |progress| {
        show_progress(&bar, progress);
        if let Progress::Reading { done, .. } = progress {
            bar.set_position(done as u64);
        }
    };
    let evaluation = evaluator.measure(collection, progress, |path, outcome| match &mut lines {
        Some(lines) => lines.add(path, outcome),
        None => Ok(()),
    });
    bar.finish_and_clear();
    let evaluation = evaluation?;
    for skipped in &evaluation.skipped {
        eprintln!("skipped {}: {}", skipped.path, skipped.why);
    }
    say_left_aside(&collection.set.ignored);
    say_identical(&evaluation.identical);
    Ok(evaluation)
}

fn report<M>(
    collections: &[Collection],
    evaluations: Vec<Evaluation>,
    metrics: impl Fn(&mut dyn Iterator<Item = &Outcome>) -> M,
) -> Report<M> {
    let all = metrics(&mut evaluations.iter().flat_map(|evaluation| &evaluation.outcomes));
    let measured = |(collection, evaluation): (&Collection, Evaluation)| Measured {
        source: collection.set.source.clone(),
        metrics: metrics(&mut evaluation.outcomes.iter()),
        skipped: evaluation.skipped,
        ignored: collection.set.ignored.total(),
        left_aside: collection.set.ignored.clone(),
        identical: evaluation.identical,
    };
    let collections = collections.iter().zip(evaluations).map(measured).collect();
    Report { collections, all, held_out: Vec::new() }
}

fn print<M: Display + Serialize>(json: bool, report: Report<M>) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    for Measured { source, metrics, skipped, ignored, .. } in &report.collections {
        writeln!(out, "{source}:")?;
        if !skipped.is_empty() {
            writeln!(out, "{} pictures skipped", skipped.len())?;
        }
        if *ignored > 0 {
            writeln!(out, "{ignored} files that are no pictures")?;
        }
        writeln!(out, "{metrics}\n")?;
    }
    for card_file::Measured { source, metrics, .. } in &report.held_out {
        let of = source.as_deref().unwrap_or("all sources");
        writeln!(out, "held out, {of}:\n{metrics}\n")?;
    }
    if report.collections.len() > 1 {
        writeln!(out, "all {} collections:\n{}\n", report.collections.len(), report.all)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A CSV file with a line for each picture.
struct Lines<'a> {
    path: &'a Path,
    choice: Choice<'a>,
    writer: csv::Writer<File>,
}

impl<'a> Lines<'a> {
    fn create(path: &'a Path, choice: Choice<'a>) -> Result<Self, TrainError> {
        let file = File::create(path).map_err(|why| TrainError::File { path: path.into(), why })?;
        let mut lines = Self { path, choice, writer: csv::Writer::from_writer(file) };
        lines.write([&b"path"[..], b"truth", b"answer", b"probability", b"sure"])?;
        Ok(lines)
    }

    fn add(&mut self, path: &Path, outcome: &Outcome) -> Result<(), TrainError> {
        let class = |class: usize| self.choice.classes[class].as_bytes();
        let record: [&[u8]; 5] = [
            // A path need not be text.
            path.as_os_str().as_encoded_bytes(),
            outcome.label.map_or(NONE.as_bytes(), class),
            class(outcome.answer),
            &outcome.probability.to_string().into_bytes(),
            &outcome.sure.to_string().into_bytes(),
        ];
        self.write(record)
    }

    /// Writes a line at once, for whoever follows the file.
    fn write(&mut self, record: [&[u8]; 5]) -> Result<(), TrainError> {
        let written = self.writer.write_record(record).map_err(io_error);
        let written = written.and_then(|()| self.writer.flush());
        written.map_err(|why| TrainError::File { path: self.path.to_owned(), why })
    }
}
