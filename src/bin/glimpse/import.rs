//! `glimpse import`: a weights file of pretrained weights from other programs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::backend::Flex;
use glimpse::model::network_file;
use glimpse::train::import::import;
use glimpse::train::{TrainError, files};

use super::args::ImportArguments;
use super::terminal::{Failure, read};

pub fn run(arguments: &ImportArguments) -> Result<ExitCode, Failure> {
    let inputs = [Some(&arguments.pretrained), arguments.classes.as_ref()];
    let inputs: Vec<&Path> = inputs.into_iter().flatten().map(PathBuf::as_path).collect();
    files::keep_apart(&[&arguments.output], &inputs)?;
    let classes = match &arguments.classes {
        Some(path) => {
            let text = String::from_utf8(read(path)?)?;
            Some(text.lines().map(|line| line.trim().to_owned()).collect())
        }
        None => None,
    };
    let device = Default::default();
    let (network, mut header) = import::<Flex>(&arguments.pretrained, classes, &device)?;
    header.provenance.notice = Some(arguments.notice.clone());
    let bytes = network_file::write(&network, &header, arguments.precision)?;
    files::write(&arguments.output, &[&bytes])
        .map_err(|why| TrainError::File { path: arguments.output.clone(), why })?;
    eprintln!("{}: {} bytes", arguments.output.display(), bytes.len());
    Ok(ExitCode::SUCCESS)
}
