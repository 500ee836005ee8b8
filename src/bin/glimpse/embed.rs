//! `glimpse embed`: what the backbone of a network makes of pictures, as numbers for other programs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use glimpse::learn::Space;
use glimpse::model::splice;
use glimpse::model::weights::WeightsError;
use glimpse::train::embed::{Embeddings, embed};
use indicatif::ProgressBar;

use super::args::EmbedArguments;
use super::terminal::{Failure, bar_style, count, io_error, read, say_left_aside};

pub fn run(arguments: &EmbedArguments) -> Result<ExitCode, Failure> {
    let ending = arguments.output.extension().and_then(|ending| ending.to_str());
    if !matches!(ending, Some("npy" | "csv")) {
        return Err("The output must end in .npy or .csv.".into());
    }
    let weights = read(&arguments.weights)?;
    let space = if arguments.raw { None } else { Some(space(&weights)?) };
    let found = embedded(&weights, &arguments.folder)?;
    let rows: Vec<Vec<f32>> = match &space {
        Some(space) => {
            found.pictures.iter().map(|p| space.embed(&p.features)).collect::<Result<_, _>>()?
        }
        None => found.pictures.iter().map(|picture| picture.features.clone()).collect(),
    };
    let paths: Vec<&Path> = found.pictures.iter().map(|p| p.path.as_path()).collect();
    if ending == Some("npy") {
        write_npy(&arguments.output, &rows)?;
        let mut names = BufWriter::new(File::create(arguments.output.with_extension("txt"))?);
        for path in &paths {
            writeln!(names, "{}", path.display())?;
        }
        names.flush()?;
    } else {
        write_csv(&arguments.output, &paths, &rows)?;
    }
    eprintln!("{}: {} pictures", arguments.output.display(), count(rows.len()));
    Ok(ExitCode::SUCCESS)
}

/// The space that the embeddings of a weights file lie in.
pub fn space(weights: &[u8]) -> Result<Space, WeightsError> {
    Ok(Space::new(splice::centre(weights)?))
}

/// The features of all pictures in a folder, with a bar, and a word about what was left out.
pub fn embedded(weights: &[u8], folder: &Path) -> Result<Embeddings, Failure> {
    let bar = ProgressBar::new(0);
    bar.set_style(bar_style());
    let found = embed(weights, folder, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let found = found?;
    for skipped in &found.skipped {
        eprintln!("skipped {}: {}", skipped.path, skipped.why);
    }
    say_left_aside(&found.ignored);
    Ok(found)
}

/// NumPy's format, version 1.0: `float32`, one row for each picture.
fn write_npy(path: &Path, rows: &[Vec<f32>]) -> std::io::Result<()> {
    let width = rows.first().map_or(0, Vec::len);
    let shape = format!("({}, {width})", rows.len());
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    // The numbers begin at a multiple of 64 bytes; the header ends with a new line.
    const BEFORE: usize = 10;
    while !(BEFORE + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(std::io::Error::other)?;
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for value in rows.iter().flatten() {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

fn write_csv(path: &Path, paths: &[&Path], rows: &[Vec<f32>]) -> Result<(), Failure> {
    let mut file = csv::Writer::from_path(path).map_err(io_error)?;
    for (path, row) in paths.iter().zip(rows) {
        let numbers = row.iter().map(f32::to_string);
        let record = std::iter::once(path.to_string_lossy().into_owned()).chain(numbers);
        file.write_record(record).map_err(io_error)?;
    }
    file.flush()?;
    Ok(())
}
