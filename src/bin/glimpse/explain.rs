//! `glimpse explain`: where the network looked in a picture.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use glimpse::classifier::{Classifier, Options};
use glimpse::explain::picture::png;
use glimpse::explain::{Map, Method, Request};
use glimpse::train::dataset::read_picture;
use glimpse::train::names::composed;
use indicatif::ProgressBar;

use super::args::ExplainArguments;
use super::terminal::{Failure, bar_style, read_weights};

/// How much of the photo the colours cover, where they are strongest.
const OPACITY: f32 = 0.85;

pub fn run(arguments: &ExplainArguments) -> Result<ExitCode, Failure> {
    let weights = read_weights(&arguments.weights, &arguments.backbone)?;
    let classifier = Classifier::load(&weights)?;
    let file = File::open(&arguments.picture)
        .map_err(|why| format!("{}: {why}", arguments.picture.display()))?;
    let pixels =
        read_picture(file).map_err(|why| format!("{}: {why}", arguments.picture.display()))?;
    let header = classifier.header();
    let names = header.vocabulary.as_ref().map_or(&[][..], |names| &names.classes);
    let known = |wanted: &Option<String>, known: &[String]| {
        // As the file writes it, where it knows it: a terminal may compose its letters in another way.
        let found = |wanted: &String| {
            known.iter().find(|each| composed(each) == composed(wanted)).unwrap_or(wanted).clone()
        };
        wanted.as_ref().map(found)
    };
    let request = Request {
        class: known(&arguments.class, &header.classes),
        name: known(&arguments.name, names),
        method: if arguments.occlusion { Method::Occlusion } else { Method::Cells },
        shifts: arguments.shifts,
    };
    let bar = if io::stderr().is_terminal() && (arguments.occlusion || arguments.shifts > 1) {
        ProgressBar::no_length().with_style(bar_style())
    } else {
        ProgressBar::hidden()
    };
    let map = pollster::block_on(classifier.explain(
        &pixels,
        &Options::default(),
        request,
        |done, steps| {
            bar.set_length(steps as u64);
            bar.set_position(done as u64);
        },
    ))?;
    bar.finish_and_clear();
    if let Some(path) = &arguments.out {
        std::fs::write(path, png(&pixels, &map, OPACITY)?)
            .map_err(|why| format!("{}: {why}", path.display()))?;
    }
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string(&map)?)?;
    } else {
        writeln!(out, "{}", in_words(&map))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What the map adds up to.
fn in_words(map: &Map) -> String {
    let sum = |keep: fn(&f32) -> bool| {
        map.values.iter().filter(|value| keep(value)).map(|&value| f64::from(value)).sum::<f64>()
    };
    let Map { label, score, .. } = map;
    match map.constant {
        Some(constant) => format!(
            "{label}: log-odds {score:+.3} = {:+.3} from places that speak for it {:+.3} from places that speak against \
             it {constant:+.3} from no place",
            sum(|value| *value > 0.0),
            sum(|value| *value < 0.0),
        ),
        None => format!(
            "{label}: log-odds {score:+.3}; {:+.3} on average where its most important place is covered",
            score - map.values.iter().copied().map(f64::from).fold(0.0, f64::max),
        ),
    }
}
