//! An error in words, with what caused it.

use std::error::Error;

/// The message of an error and of everything that caused it, in one line that ends with a full stop.
///
/// A message that does not end with a full stop is completed by its cause. One that does is a sentence, and often says
/// what to do: its cause comes behind.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += if text.ends_with('.') { " Cause: " } else { ": " };
        text += &error.to_string();
        cause = error.source();
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("The file could not be read")]
        Open(#[source] Inner),
        #[error("The file could not be read. Read it again.")]
        Whole(#[source] Inner),
        #[error(transparent)]
        Handed(#[from] Inner),
    }

    #[derive(Debug, thiserror::Error)]
    #[error("no bytes")]
    struct Inner(#[source] Option<std::fmt::Error>);

    #[test]
    fn a_cause_completes_a_message_or_comes_behind_a_sentence() {
        let text = |error: Outer| with_causes(&error);
        assert_eq!(text(Outer::Open(Inner(None))), "The file could not be read: no bytes.");
        let whole = "The file could not be read. Read it again. Cause: no bytes.";
        assert_eq!(text(Outer::Whole(Inner(None))), whole);
        assert_eq!(text(Outer::Handed(Inner(None))), "no bytes.");
    }

    #[test]
    fn every_cause_is_said() {
        let deepest = std::fmt::Error;
        let expected = format!("The file could not be read: no bytes: {deepest}.");
        assert_eq!(with_causes(&Outer::Open(Inner(Some(deepest)))), expected);
    }
}
