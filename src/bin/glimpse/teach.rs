//! `glimpse teach`: a head from a few pictures of each class, as the page teaches it.

use std::path::Path;
use std::process::ExitCode;

use glimpse::learn::{Lesson, Report, file};
use glimpse::metrics::percent;
use glimpse::model::weights::NONE;
use glimpse::train::dataset::{Identical, Seen};
use glimpse::train::episodes::{self, Shots};
use glimpse::train::hyperparameters::Hyperparameters;
use glimpse::train::{TrainError, files};

use super::args::TeachArguments;
use super::embed::{embedded, space};
use super::terminal::{Failure, read, say_identical};

pub fn run(arguments: &TeachArguments) -> Result<ExitCode, Failure> {
    files::keep_apart(&[&arguments.output], &[&arguments.data, &arguments.weights])?;
    let weights = read(&arguments.weights)?;
    let space = space(&weights)?;
    let train = arguments.data.join("train");
    let root = if train.is_dir() { train } else { arguments.data.clone() };
    let found = embedded(&weights, &root)?;
    let mut classes: Vec<String> = Vec::new();
    let mut labels = Vec::new();
    let mut pictures = Vec::new();
    for picture in &found.pictures {
        // What lies beside the classes' folders is of no class.
        let folder = picture.folder(&root);
        let Some(class) = folder.split('/').next().filter(|class| !class.is_empty()) else {
            eprintln!("skipped {}: it lies in no class's folder", picture.path.display());
            continue;
        };
        let known = classes.iter().position(|known| known == class);
        labels.push(known.unwrap_or_else(|| {
            classes.push(class.to_owned());
            classes.len() - 1
        }));
        pictures.push(picture);
    }
    let paths: Vec<_> = pictures.iter().map(|picture| picture.path.to_string_lossy()).collect();
    say_identical(&Identical::among((0..pictures.len()).map(|place| Seen {
        path: &paths[place],
        digest: pictures[place].digest,
        class: &classes[labels[place]],
        learnt: true,
    })));
    let rows = pictures.iter().map(|picture| space.embed(&picture.features));
    let rows: Vec<Vec<f32>> = rows.collect::<Result<_, _>>()?;
    let embeddings: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    if let Some(trials) = arguments.episodes {
        return measure(&embeddings, &labels, usize::from(arguments.ways), usize::from(trials));
    }
    let none = !arguments.no_none && !classes.iter().any(|class| class == NONE);
    let lesson = Lesson { embeddings: &embeddings, labels: &labels, classes: &classes, none };
    let taught = lesson.teach()?;
    let report = Report::new(&lesson, &taught);
    let date = jiff::Zoned::now().date().to_string();
    let bytes = file::write(&weights, &taught, &classes, !arguments.head_only, date)?;
    files::write(&arguments.output, &[&bytes])
        .map_err(|why| TrainError::File { path: arguments.output.clone(), why })?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        let paths: Vec<&Path> = pictures.iter().map(|p| p.path.as_path()).collect();
        print(&report, &classes, &paths);
    }
    eprintln!("{}: {} bytes", arguments.output.display(), bytes.len());
    Ok(ExitCode::SUCCESS)
}

/// Prints how good heads are that are taught with so many pictures of each class.
fn measure(
    embeddings: &[&[f32]],
    labels: &[usize],
    ways: usize,
    trials: usize,
) -> Result<ExitCode, Failure> {
    println!("| pictures of each class | named rightly | trials |\n|---:|---:|---:|");
    for shots in [1, 2, 5, 10, 20] {
        let found = episodes::run(embeddings, labels, ways, shots, trials, Hyperparameters::SEED)?;
        let Some(Shots { accuracy, interval, .. }) = found else { continue };
        println!("| {shots} | {:.1} % ± {:.1} | {trials} |", 100.0 * accuracy, 100.0 * interval);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(report: &Report, classes: &[String], paths: &[&Path]) {
    let Report { pictures, copies, measured, interval, .. } = report;
    println!(
        "{pictures} pictures of {} classes, {copies} of them near-copies of others",
        classes.len()
    );
    match report.accuracy {
        Some(accuracy) => println!(
            "left out and asked for again: {} of {measured} right (95 % interval {interval})",
            percent(accuracy)
        ),
        None => println!("no class has two different pictures: nothing can be measured"),
    }
    println!("\n| class | pictures | precision | recall | F1 |\n|---|---:|---:|---:|---:|");
    for class in &report.classes {
        let [precision, recall, f1] = [class.precision, class.recall, class.f1].map(percent);
        println!("| {} | {} | {precision} | {recall} | {f1} |", class.label, class.images);
    }
    println!("\nanother picture would help most of: {}", classes[report.helps]);
    for [a, b] in &report.alike {
        println!("{} and {} hold the same pictures", classes[*a], classes[*b]);
    }
    for &picture in &report.suspicious {
        println!("perhaps in the wrong class: {}", paths[picture].display());
    }
}
