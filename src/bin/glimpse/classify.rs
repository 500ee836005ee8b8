//! `glimpse classify`: what is in pictures, one line after the other, however many they are.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use glimpse::classifier::{Answer, Classifier, Options};
use glimpse::prediction::{Ranked, YesNo};
use glimpse::train::dataset::{DatasetError, Found, LeftAside, Walk, read_picture};
use glimpse::train::names::composed;
use glimpse::train::workers;
use glimpse::with_causes;
use indicatif::ProgressBar;
use serde_json::json;

use super::args::{ClassifyArguments, Format};
use super::question::Question;
use super::terminal::{Failure, bar_style, io_error, read_weights, say_left_aside};

pub fn run(arguments: &ClassifyArguments) -> Result<ExitCode, Failure> {
    let weights = read_weights(&arguments.weights, &arguments.backbone)?;
    let classifier = Classifier::load(&weights)?;
    let classes = &classifier.header().classes;
    let known =
        |class: &String| {
            classes.iter().find(|known| composed(known) == composed(class)).cloned().ok_or_else(
                || format!("The network knows no {class}, only {}.", classes.join(", ")),
            )
        };
    let is = arguments.is.iter().map(known).collect::<Result<Vec<String>, String>>()?;
    let question = match &is[..] {
        [] => None,
        _ => Some(Question::new(&classifier, is, arguments.threshold)?),
    };
    if let Some(words) = question.as_ref().and_then(Question::in_words) {
        eprintln!("{words}");
    }
    let out = io::stdout();
    let mut printer = Printer::new(arguments, question, classes.len(), out.lock());
    let bar = bar(&arguments.pictures);
    let others = Mutex::default();
    let mut code = ExitCode::SUCCESS;
    let ended = workers::in_order(
        pictures(&arguments.pictures, &others),
        |picture| Ok(answer(&classifier, picture)),
        |(name, answer)| {
            bar.inc(1);
            match answer {
                Ok(answer) => bar.suspend(|| printer.print(&name, &answer)),
                Err(why) => {
                    // One bad picture does not keep the others from their answers.
                    bar.suspend(|| eprintln!("{}: {why}", name.display()));
                    code = ExitCode::FAILURE;
                    Ok(())
                }
            }
        },
    );
    bar.finish_and_clear();
    ended?;
    say_left_aside(&others.into_inner().unwrap_or_else(PoisonError::into_inner));
    Ok(code)
}

/// A bar where there are several pictures and somebody who looks at it.
fn bar(arguments: &[PathBuf]) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    match pictures(arguments, &Mutex::default()).count() {
        ..2 => ProgressBar::hidden(),
        count => {
            let bar = ProgressBar::new(count as u64);
            bar.set_style(bar_style());
            bar
        }
    }
}

/// Where a picture comes from, or why there is none.
enum Picture {
    File(PathBuf),
    Input,
    Missing(PathBuf, String),
}

type Pictures<'a> = Box<dyn Iterator<Item = Picture> + Send + 'a>;

/// The pictures that arguments stand for, found while they are used. Files in folders that are none are counted.
fn pictures<'a>(
    arguments: &'a [PathBuf],
    others: &'a Mutex<LeftAside>,
) -> impl Iterator<Item = Picture> + Send + 'a {
    arguments.iter().flat_map(|argument| -> Pictures<'a> {
        if argument.as_os_str() == "-" {
            return Box::new(std::iter::once(Picture::Input));
        }
        // Shells that know no patterns hand them on. A file may be called like one.
        match argument.to_str() {
            Some(pattern) if pattern.contains(['*', '?', '[']) && !argument.exists() => {
                matching(pattern, others)
            }
            _ => file_or_folder(argument.clone(), others),
        }
    })
}

fn file_or_folder(path: PathBuf, others: &Mutex<LeftAside>) -> Pictures<'_> {
    if !path.is_dir() {
        return Box::new(std::iter::once(Picture::File(path)));
    }
    let walk = match Walk::new(&path) {
        Ok(walk) => walk,
        Err(error) => return missing(path, with_causes(&error)),
    };
    let picture = {
        let path = path.clone();
        move |found: Result<Found, DatasetError>| match found {
            Ok(Found::Picture(path)) => Some(Picture::File(path)),
            Ok(Found::Folder(_)) => None,
            Ok(Found::Other(path)) => {
                others.lock().unwrap_or_else(PoisonError::into_inner).note(path);
                None
            }
            Err(error) => Some(Picture::Missing(path.clone(), with_causes(&error))),
        }
    };
    or_missing(walk.filter_map(picture), path, "The folder holds no pictures.")
}

fn matching<'a>(pattern: &str, others: &'a Mutex<LeftAside>) -> Pictures<'a> {
    let name = PathBuf::from(pattern);
    match glob::glob(pattern) {
        Ok(paths) => {
            let found = paths.flat_map(move |path| match path {
                Ok(path) => file_or_folder(path, others),
                Err(error) => missing(error.path().to_owned(), error.error().to_string()),
            });
            or_missing(found, name, "There is no such file, and nothing fits the pattern.")
        }
        Err(error) => missing(name, format!("The pattern makes no sense: {error}.")),
    }
}

/// All that comes, or the one complaint where nothing does.
fn or_missing<'a>(
    pictures: impl Iterator<Item = Picture> + Send + 'a,
    name: PathBuf,
    why: &'static str,
) -> Pictures<'a> {
    let mut pictures = pictures.peekable();
    match pictures.peek() {
        Some(_) => Box::new(pictures),
        None => missing(name, why.to_owned()),
    }
}

fn missing<'a>(name: PathBuf, why: String) -> Pictures<'a> {
    Box::new(std::iter::once(Picture::Missing(name, why)))
}

/// What the picture is called, and what is in it or why nobody can say.
fn answer(classifier: &Classifier, picture: Picture) -> (PathBuf, Result<Answer, String>) {
    let (name, pixels) = match picture {
        Picture::Missing(name, why) => return (name, Err(why)),
        Picture::Input => (PathBuf::from("-"), read_picture(io::stdin().lock())),
        Picture::File(path) => {
            let pixels = File::open(&path).map_err(|why| why.to_string()).and_then(read_picture);
            (path, pixels)
        }
    };
    let answer = pixels.and_then(|pixels| {
        let answer = pollster::block_on(classifier.classify(&pixels, &Options::default()));
        answer.map_err(|error| with_causes(&error))
    });
    (name, answer)
}

/// Prints answers as they come.
struct Printer<W: Write> {
    /// What is asked instead of what it is.
    question: Option<Question>,
    /// How many classes of each answer are printed.
    top_k: usize,
    out: Out<W>,
}

#[allow(clippy::large_enum_variant)] // one value lives per program
enum Out<W: Write> {
    Text(W),
    Json(W),
    /// Whether the titles have been printed: they depend on what the network answers.
    Csv(csv::Writer<W>, bool),
}

impl<W: Write> Printer<W> {
    fn new(
        arguments: &ClassifyArguments,
        question: Option<Question>,
        classes: usize,
        out: W,
    ) -> Self {
        let format = if arguments.json { Format::Json } else { arguments.format };
        let out = match format {
            Format::Text => Out::Text(out),
            Format::Json => Out::Json(out),
            Format::Csv => Out::Csv(csv::Writer::from_writer(out), false),
        };
        Self { question, top_k: arguments.top_k.min(classes), out }
    }

    fn print(&mut self, name: &Path, answer: &Answer) -> io::Result<()> {
        let yes_no = self
            .question
            .as_ref()
            .and_then(|question| Some((question.answer(&answer.prediction)?, question)));
        match &mut self.out {
            Out::Text(out) => match &yes_no {
                Some((yes_no, _)) => writeln!(out, "{}", yes_no_text(name, yes_no))?,
                None => writeln!(out, "{}", text(name, answer, self.top_k))?,
            },
            Out::Json(out) => {
                let name = name.to_string_lossy();
                let line = match &yes_no {
                    Some((yes_no, question)) => json!({
                        "picture": name, "answer": yes_no, "at_threshold": question.figures(),
                    }),
                    None => json!({ "picture": name, "prediction": answer }),
                };
                writeln!(out, "{line}")?;
            }
            Out::Csv(out, titled) => {
                let columns = match &yes_no {
                    Some((yes_no, _)) => yes_no_columns(yes_no),
                    None => columns(answer, self.top_k),
                };
                if !*titled {
                    *titled = true;
                    let titles = columns.iter().map(|(title, _)| title.as_str());
                    out.write_record(["picture"].into_iter().chain(titles)).map_err(io_error)?;
                }
                // A path need not be text.
                let name = name.as_os_str().as_encoded_bytes();
                let values = columns.iter().map(|(_, value)| value.as_bytes());
                out.write_record([name].into_iter().chain(values)).map_err(io_error)?;
                // Each line at once, for whoever waits for it.
                out.flush()?;
            }
        }
        Ok(())
    }
}

/// An answer in words.
fn text(name: &Path, answer: &Answer, top_k: usize) -> String {
    let list = |ranked: &[Ranked]| {
        let best = ranked.iter().take(top_k);
        let one = |class: &Ranked| format!("{} {:.1} %", class.label, class.probability * 100.0);
        best.map(one).collect::<Vec<_>>().join(", ")
    };
    let prediction = &answer.prediction;
    let doubt = if prediction.sure { "" } else { "not sure: " };
    // The most specific name that is sure comes first, and what it is a kind of behind it.
    let classes = match &answer.specific {
        Some(name) => {
            format!("{} ({})", list(std::slice::from_ref(name)), list(&prediction.ranked))
        }
        None => list(&prediction.ranked),
    };
    let mut text = format!("{}: {doubt}{classes}", name.display());
    if let Some(vocabulary) = &answer.vocabulary {
        text += &format!("\n    in other words: {}", list(vocabulary));
    }
    text
}

fn yes_no_text(name: &Path, answer: &YesNo) -> String {
    let yes = if answer.yes { "yes" } else { "no" };
    format!("{}: {yes}, {} {:.1} %", name.display(), answer.label, answer.probability * 100.0)
}

/// An answer in columns, each with its title: the classes, the best first, then the names of the wider vocabulary.
fn columns(answer: &Answer, top_k: usize) -> Vec<(String, String)> {
    let mut columns = vec![("sure".to_owned(), answer.prediction.sure.to_string())];
    let mut list = |what: &str, ranked: &[Ranked]| {
        for (place, class) in ranked.iter().take(top_k).enumerate() {
            let place = place + 1;
            columns.push((format!("{what}_{place}"), class.label.clone()));
            let title = match what {
                "class" => format!("probability_{place}"),
                what => format!("{what}_probability_{place}"),
            };
            columns.push((title, class.probability.to_string()));
        }
    };
    list("class", &answer.prediction.ranked);
    list("name", answer.vocabulary.as_deref().unwrap_or_default());
    columns
}

fn yes_no_columns(answer: &YesNo) -> Vec<(String, String)> {
    [
        ("class", answer.label.clone()),
        ("probability", answer.probability.to_string()),
        ("yes", answer.yes.to_string()),
    ]
    .map(|(title, value)| (title.to_owned(), value))
    .into()
}
