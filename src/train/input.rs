//! From examples to what a network takes, made ahead on another thread: wherever the images are, the loops are the same.

use std::borrow::Cow;
use std::sync::mpsc;
use std::thread;

use super::TrainError;
use super::dataset::{DatasetError, Example};
use crate::preprocess::{Image, Preprocessing};

/// So many things are made ahead.
const AHEAD: usize = 2;

/// The image of an example that was [fitted](Preprocessing::fit): planar RGB in bytes.
///
/// # Errors
///
/// [`DatasetError::Lost`], where it is read from disk.
pub fn fitted<'a>(
    example: &'a Example,
    preprocessing: &Preprocessing,
) -> Result<Cow<'a, [u8]>, DatasetError> {
    example.image.read(|pixels| preprocessing.fit(pixels).to_rgb8_planar())
}

/// What the network takes for an example, without random changes: normalised planes.
///
/// # Errors
///
/// As [`fitted`].
pub fn planes(example: &Example, preprocessing: &Preprocessing) -> Result<Vec<f32>, DatasetError> {
    let bytes = fitted(example, preprocessing)?;
    let mut image = Image::from_rgb8_planar(preprocessing.input_size, &bytes);
    Ok(preprocessing.finish(&mut image))
}

/// Gives `work` what `things` makes, in order. It is made on another thread, two things ahead, while `work` goes on here.
/// Things that `work` doesn't take are not made.
///
/// # Errors
///
/// That of `work`; [`TrainError::Preparation`] where the other thread panicked, and said why.
pub fn ahead<T: Send, R>(
    things: impl Iterator<Item = T> + Send,
    work: impl FnOnce(&mut dyn Iterator<Item = T>) -> Result<R, TrainError>,
) -> Result<R, TrainError> {
    let (sender, made) = mpsc::sync_channel(AHEAD);
    thread::scope(|scope| {
        let making = scope.spawn(move || {
            for thing in things {
                // Nobody takes any more when the work has ended early.
                if sender.send(thing).is_err() {
                    break;
                }
            }
        });
        // The receiver is gone with the end of this line, so that the thread ends whichever way the work did.
        let result = work(&mut made.into_iter());
        // Joined here, so that the scope does not panic in its turn.
        making.join().map_err(|_| TrainError::Preparation)?;
        result
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn things_come_in_order_and_few_are_made_ahead() {
        let made = AtomicUsize::new(0);
        let things = (0..1_000).inspect(|_| {
            made.fetch_add(1, Ordering::SeqCst);
        });
        let taken = ahead(things, |things| Ok(things.take(5).collect::<Vec<_>>()));
        assert_eq!(taken.unwrap(), [0, 1, 2, 3, 4]);
        // Those in the queue, one that waits to get in, and one that is refused.
        assert!(made.into_inner() <= 5 + AHEAD + 2);
    }

    #[test]
    fn a_thread_that_panics_is_an_error_and_not_the_end() {
        let things = (0..10).inspect(|thing| assert!(*thing != 3, "at the third"));
        let all = ahead(things, |things| Ok(things.count()));
        assert!(matches!(all, Err(TrainError::Preparation)), "{all:?}");
    }
}
