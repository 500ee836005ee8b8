//! `glimpse compare`: networks and classical methods on one split, in one table.

use std::process::ExitCode;

use burn::tensor::backend::Backend;
use clap::ValueEnum;
use glimpse::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};
use glimpse::train::compare::{
    Comparison, Method, Record, Row, SIDE, TableFormat, compare, table, told,
};
use glimpse::train::files;
use glimpse::train::report::Bar;

use super::args::CompareArguments;
use super::backend::OnBackend;
use super::terminal::{Failure, interrupted, load};

pub fn run(arguments: &CompareArguments) -> Result<ExitCode, Failure> {
    if arguments.show {
        print(&Record::read(&arguments.output)?.rows, arguments.format);
        return Ok(ExitCode::SUCCESS);
    }
    let inputs: Vec<_> =
        arguments.data.path().into_iter().chain([arguments.photo.as_path()]).collect();
    files::keep_apart(&[arguments.output.as_path()], &inputs)?;
    // Damage to the record shows before hours of work do.
    Record::read(&arguments.output)?;
    arguments.backend.run(Task(arguments))
}

struct Task<'a>(&'a CompareArguments);

impl OnBackend for Task<'_> {
    type Output = Result<ExitCode, Failure>;

    fn run<B: Backend>(self, device: B::Device) -> Self::Output {
        let Self(arguments) = self;
        let backend = arguments.backend.to_possible_value();
        let preprocessing = Preprocessing {
            input_size: SIDE,
            framing: Framing::CentreCrop { fraction: 1.0 },
            second_framing: None,
            filter: Filter::Triangle,
            enhance: Enhance::default(),
            normalisation: Normalisation::IDENTITY,
        };
        let dataset =
            load(&arguments.data, false, |pixels| preprocessing.fit(pixels).to_rgb8_planar())?;
        let methods = match &arguments.methods[..] {
            [] => &Method::ALL[..],
            some => some,
        };
        let comparison = Comparison {
            methods,
            pictures: arguments.pictures,
            epochs: arguments.epochs,
            seed: arguments.seed,
            backend: backend.as_ref().map_or("", |value| value.get_name()),
            half: arguments.backend.half(),
            photo: &arguments.photo,
            record: &arguments.output,
        };
        let mut report = Bar::new().aside().stopping_at(interrupted()?);
        let rows = compare::<B>(&comparison, dataset, &device, &mut report, |row| {
            eprintln!("{}", told(row));
        })?;
        let Some(rows) = rows else {
            eprintln!("stopped; the rows that are done are kept, and the same command goes on");
            return Ok(ExitCode::FAILURE);
        };
        print(&rows, arguments.format);
        Ok(ExitCode::SUCCESS)
    }
}

fn print(rows: &[Row], format: TableFormat) {
    println!("{}", table(rows, format));
}
