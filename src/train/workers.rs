//! The same work on many things, on all cores, with the results in the order of the things.
//!
//! A network that looks at one picture has little to share out among threads; pictures have much. So all threads share
//! one network, its weights once in memory, and each takes one picture after the other; what the network would do in
//! parallel happens on that one thread.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// So many things for each thread may be on their way: enough that a slow one keeps nobody waiting.
const AHEAD: usize = 4;

/// Does `work` on all `items` and gives the results to `take`, in the order of the items and on the calling thread.
///
/// However many items there are, only a few for each thread are held at any time. A result is given as soon as those of
/// all items before it have been.
///
/// # Errors
///
/// The first error of `work` or `take` ends everything.
///
/// # Panics
///
/// If one of them does.
pub fn in_order<I, T, E>(
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E>
where
    I: Send,
    T: Send,
    E: Send,
{
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (allow, allowed) = mpsc::channel();
    for _ in 0..AHEAD * threads {
        // It fails only where the receiver below is gone.
        let _ = allow.send(());
    }
    let items = Mutex::new((items.enumerate(), allowed));
    let next = || {
        let (items, allowed) = &mut *items.lock().unwrap_or_else(PoisonError::into_inner);
        // An error is the end: whoever gives permission has gone.
        allowed.recv().ok()?;
        items.next()
    };
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                // Without a pool of its own, a thread that waits for a part of its picture would begin another one, and
                // hold both.
                let alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
                let _pool = alone.build().ok();
                while let Some((index, item)) = next() {
                    let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                    if sender.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        // Inside the scope, so that the threads are told to end however this ends.
        let (allow, results) = (allow, results);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        for (index, result) in &results {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&turn) {
                take(result.unwrap_or_else(|panic| resume_unwind(panic))?)?;
                turn += 1;
                // It fails only when all is done.
                let _ = allow.send(());
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_and_few_things_are_held() {
        let (begun, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let most = AtomicUsize::new(0);
        let items = (0..500usize).inspect(|_| {
            let held = begun.fetch_add(1, Ordering::SeqCst) + 1 - taken.load(Ordering::SeqCst);
            most.fetch_max(held, Ordering::SeqCst);
        });
        let mut seen = Vec::new();
        let work = |item: usize| {
            // The first is the slowest.
            std::thread::sleep(Duration::from_millis(if item == 0 { 50 } else { 0 }));
            Ok::<_, ()>(item)
        };
        let take = |item| {
            seen.push(item);
            taken.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        in_order(items, work, take).unwrap();
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
        let threads = thread::available_parallelism().map_or(1, usize::from);
        assert!(most.into_inner() <= AHEAD * threads, "too many were held");
    }

    #[test]
    fn an_error_of_anyone_ends_it() {
        let run = |worked: i32, taken: i32| {
            let work = |item| if item == worked { Err(1) } else { Ok(item) };
            let take = |item| if item == taken { Err(2) } else { Ok(()) };
            in_order(0..1_000_000, work, take)
        };
        assert_eq!(run(70, -1), Err(1));
        assert_eq!(run(-1, 70), Err(2));
    }

    #[test]
    #[should_panic(expected = "at the seventh")]
    fn a_panic_is_passed_on() {
        let work = |item: usize| {
            assert!(item != 7, "at the seventh");
            Ok::<_, ()>(())
        };
        let _ = in_order(0..1_000_000, work, |()| Ok(()));
    }

    #[test]
    fn work_within_work_stays_on_its_thread() {
        let work = |()| Ok::<_, ()>(rayon::current_num_threads());
        let take = |threads| if threads == 1 { Ok(()) } else { Err(()) };
        assert_eq!(in_order(std::iter::repeat_n((), 20), work, take), Ok(()));
    }
}
