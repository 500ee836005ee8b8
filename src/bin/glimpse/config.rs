//! Options of `glimpse train` from a file.
//!
//! The file is TOML, and its keys are the options by their long names. They are put before what the command line says,
//! which therefore wins; of options that may be given several times all count.

use std::ffi::OsString;
use std::path::Path;

use clap::{ArgAction, CommandFactory};
use glimpse::train::TrainError;
use toml::{Table, Value};

use super::args::Cli;
use super::terminal::Failure;

const COMMAND: &str = "train";
const OPTION: &str = "--config";

/// The words of the command line, with those of the file that they name.
///
/// # Errors
///
/// If the file can't be read, is no TOML, or names an option or a value that there isn't.
pub fn expand(words: Vec<OsString>) -> Result<Vec<OsString>, Failure> {
    let Some(path) = named(&words) else { return Ok(words) };
    let path = Path::new(&path);
    let text = std::fs::read_to_string(path)
        .map_err(|why| TrainError::File { path: path.to_owned(), why })?;
    let options = options(&text).map_err(|why| format!("{}: {why}", path.display()))?;
    // Behind the program and the command.
    let (first, rest) = words.split_at(2);
    Ok([first, &options, rest].concat())
}

/// The file that is named, where the command is the one that takes options from a file.
fn named(words: &[OsString]) -> Option<OsString> {
    if words.get(1)? != COMMAND {
        return None;
    }
    words.iter().enumerate().skip(2).find_map(|(index, word)| {
        let word = word.to_str()?;
        match word.strip_prefix(OPTION)? {
            "" => words.get(index + 1).cloned(),
            rest => rest.strip_prefix('=').map(OsString::from),
        }
    })
}

fn options(text: &str) -> Result<Vec<OsString>, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let cli = Cli::command();
    let command = cli.find_subcommand(COMMAND).ok_or("there is no such command")?;
    let mut words = Vec::new();
    for (key, value) in table {
        let option = format!("--{key}");
        let argument = command
            .get_arguments()
            .find(|argument| argument.get_long() == Some(&key) && option != OPTION)
            .ok_or_else(|| format!("there is no option {option}"))?;
        let flag = matches!(argument.get_action(), ArgAction::SetTrue);
        let values = match value {
            Value::Array(values) => values,
            value => vec![value],
        };
        for value in values {
            let text = match value {
                Value::Boolean(true) if flag => None,
                Value::Boolean(false) if flag => continue,
                Value::String(text) if !flag => Some(text),
                Value::Integer(number) if !flag => Some(number.to_string()),
                Value::Float(number) if !flag => Some(number.to_string()),
                _ if flag => return Err(format!("{key} is true or false")),
                _ => return Err(format!("{key} is a text or a number")),
            };
            words.push(OsString::from(match text {
                // In one word, so that a value may begin with a dash.
                Some(text) => format!("{option}={text}"),
                None => option.clone(),
            }));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Command, TrainArguments};

    fn parse(file: &str, more: &[&str]) -> Result<TrainArguments, Failure> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("run.toml");
        std::fs::write(&path, file)?;
        let mut words = ["glimpse", COMMAND].map(OsString::from).to_vec();
        words.extend(more.iter().map(OsString::from));
        words.extend([OPTION.into(), path.into()]);
        match Cli::try_parse_from(expand(words)?)?.command {
            Command::Train(arguments) => Ok(arguments),
            _ => unreachable!("the command is {COMMAND}"),
        }
    }

    #[test]
    fn options_come_from_a_file_and_the_command_line_wins() {
        let file = "epochs = 7\nema = 0.99\nkeep-best = true\ntui = false\ndata = [\"a\", \"b\"]\nnote = \"-5\"";
        let arguments = parse(file, &["--epochs", "9"]).unwrap();
        assert_eq!((arguments.epochs, arguments.ema), (Some(9), Some(0.99)));
        assert!(arguments.keep_best && !arguments.tui);
        assert_eq!((arguments.data.len(), arguments.note.as_deref()), (2, Some("-5")));
    }

    #[test]
    fn what_a_file_says_wrongly_is_named() {
        for (file, expected) in [
            ("epoch = 7", "there is no option --epoch"),
            ("config = \"other.toml\"", "there is no option --config"),
            ("keep-best = 1", "keep-best is true or false"),
            ("epochs = true", "epochs is a text or a number"),
            ("epochs = \"many\"", "invalid value 'many' for '--epochs <EPOCHS>'"),
            ("epochs", "TOML parse error"),
        ] {
            let failure = parse(file, &[]).err().map(|failure| failure.to_string());
            assert!(failure.as_ref().is_some_and(|said| said.contains(expected)), "{failure:?}");
        }
    }
}
