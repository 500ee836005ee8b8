//! Pictures that are the same, pixel by pixel: copies of a file, or the same picture saved in two formats.
//!
//! A test picture that was learnt from says nothing, and a picture in two classes teaches nothing. Both happen when
//! folders are sorted by hand, so they are counted and named.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::hash::Hasher;

use serde::Serialize;

use crate::pixels::Pixels;

/// What is the same for the same pixels, and hardly ever for others.
pub type Digest = u64;

/// The digest of a decoded picture: of its size and all pixels.
pub fn digest(pixels: &Pixels) -> Digest {
    digest_of(&[&pixels.width().to_le_bytes(), pixels.rgba()])
}

/// The digest of bytes, one part after the other.
pub(super) fn digest_of(parts: &[&[u8]]) -> Digest {
    // Of the standard library and keyed by zeros: quick, and the same in every run.
    let mut hasher = std::hash::DefaultHasher::new();
    parts.iter().for_each(|part| hasher.write(part));
    hasher.finish()
}

/// A picture that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its path inside the source.
    pub path: String,
    /// Of its pixels.
    pub digest: Digest,
}

/// A picture, and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Its path.
    pub path: &'a str,
    /// Of its pixels.
    pub digest: Digest,
    /// Its class.
    pub class: &'a str,
    /// Whether it is learnt from; if not, it is for testing or validation.
    pub learnt: bool,
}

/// Pairs of pictures that are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Identical {
    /// A picture for testing or validation, and one that is learnt from.
    pub held_out_and_learnt: Vec<[String; 2]>,
    /// Two pictures of different classes.
    pub in_two_classes: Vec<[String; 2]>,
}

impl Identical {
    /// Finds them. Each picture is named once at most in either list.
    pub fn among<'a>(pictures: impl IntoIterator<Item = Seen<'a>>) -> Self {
        let pictures: Vec<Seen<'_>> = pictures.into_iter().collect();
        let mut found = Self::default();
        let mut learnt = HashMap::new();
        for picture in pictures.iter().filter(|picture| picture.learnt) {
            learnt.entry(picture.digest).or_insert(picture);
        }
        let mut first: HashMap<Digest, &Seen<'_>> = HashMap::new();
        let pair = |a: &Seen<'_>, b: &Seen<'_>| [a.path.to_owned(), b.path.to_owned()];
        for picture in &pictures {
            if let (false, Some(other)) = (picture.learnt, learnt.get(&picture.digest)) {
                found.held_out_and_learnt.push(pair(picture, other));
            }
            let other = first.entry(picture.digest).or_insert(picture);
            if other.class != picture.class {
                found.in_two_classes.push(pair(picture, other));
            }
        }
        found
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held_out_and_learnt.is_empty() && self.in_two_classes.is_empty()
    }
}

/// A line for each kind of pairs that there are, with the first few of them.
impl Display for Identical {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const NAMED: usize = 3;
        let mut line = |pairs: &[[String; 2]], what: [&str; 2]| {
            if pairs.is_empty() {
                return Ok(());
            }
            let named = pairs.iter().take(NAMED).map(|[a, b]| format!("{a} = {b}"));
            let named = named.collect::<Vec<_>>().join(", ");
            let more = match pairs.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            writeln!(f, "{} {}: {named}{more}", pairs.len(), what[usize::from(pairs.len() > 1)])
        };
        line(
            &self.held_out_and_learnt,
            [
                "picture for testing or validation is a training picture, too, which flatters the figures",
                "pictures for testing or validation are training pictures, too, which flatters the figures",
            ],
        )?;
        line(&self.in_two_classes, ["picture is in two classes", "pictures are in two classes"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_counted_and_named() {
        let seen = |path: &'static str, digest, learnt| {
            let class = path.split('/').next().unwrap();
            Seen { path, digest, class, learnt }
        };
        let found = Identical::among([
            seen("cat/1", 1, true),
            seen("cat/2", 2, true),
            // Twice in one class and one part is no fault.
            seen("cat/3", 1, true),
            seen("dog/4", 2, true),
            seen("cat/5", 1, false),
            seen("dog/6", 6, false),
            seen("dog/7", 6, false),
        ]);
        assert_eq!(found.held_out_and_learnt, [["cat/5", "cat/1"]]);
        assert_eq!(found.in_two_classes, [["dog/4", "cat/2"]]);
        let text = found.to_string();
        assert!(text.contains("1 picture for testing") && text.contains(": cat/5 = cat/1\n"));
        assert!(text.ends_with("1 picture is in two classes: dog/4 = cat/2\n"), "{text}");
        assert!(Identical::among([seen("cat/1", 1, true), seen("dog/2", 2, false)]).is_empty());
        let pairs = (0..5).map(|n| [n.to_string(), "x".to_owned()]).collect();
        let many = Identical { held_out_and_learnt: pairs, ..Default::default() };
        assert!(many.to_string().ends_with(": 0 = x, 1 = x, 2 = x, and 2 more\n"), "{many}");
    }

    #[test]
    fn the_same_pixels_in_another_shape_are_another_picture() {
        let picture = |width, height| Pixels::from_rgb(width, height, &[7; 18]).unwrap();
        assert_eq!(digest(&picture(3, 2)), digest(&picture(3, 2)));
        assert_ne!(digest(&picture(3, 2)), digest(&picture(2, 3)));
    }
}
