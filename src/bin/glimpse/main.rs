//! The companion binary: trains, evaluates and uses the networks that the page runs.
//!
//! Arguments only; what they ask for is done in the library.

mod args;
mod backend;
mod classify;
mod compare;
mod config;
mod embed;
mod evaluate;
mod explain;
mod group;
mod import;
mod question;
mod teach;
mod terminal;
mod train;

use std::process::ExitCode;

use clap::Parser;
use glimpse::with_causes;

use args::{Cli, Command};
use terminal::Failure;

fn main() -> ExitCode {
    let words = match config::expand(std::env::args_os().collect()) {
        Ok(words) => words,
        Err(failure) => {
            eprintln!("{}", with_causes(failure.as_ref()));
            return ExitCode::FAILURE;
        }
    };
    let result = match Cli::parse_from(words).command {
        Command::Train(arguments) => train::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Classify(arguments) => classify::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Embed(arguments) => embed::run(&arguments),
        Command::Teach(arguments) => teach::run(&arguments),
        Command::Group(arguments) => group::run(&arguments),
    };
    match result {
        Ok(code) => code,
        // Whoever read the answers has seen enough, as `head` does.
        Err(failure) if is_closed_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", with_causes(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(failure: &Failure) -> bool {
    let failure = failure.downcast_ref::<std::io::Error>();
    failure.is_some_and(|failure| failure.kind() == std::io::ErrorKind::BrokenPipe)
}
