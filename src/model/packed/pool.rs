//! Several threads at one picture.
//!
//! A layer's work is cut into ranges of rows, pixels or channels. The thread that runs the network hands them out, takes part itself,
//! and goes on when all are done. Ranges are taken one by one, so that a thread that the system holds up takes fewer. What is
//! computed for an output doesn't depend on who computes it or with which others, so an answer has the same bits however many
//! threads there are.
//!
//! Threads are not made here: one that is to help calls [`Pool::help`]. In the browser those are workers that share the module's
//! memory (`www/engine/helpers.js`), where the page is isolated from others; without any, all is done by the one thread there is.
//!
//! A photo has some hundred such cuts, each of a tenth of a millisecond. So who waits looks again and again before it sleeps,
//! because being woken takes longer than that; and a little longer still, as one picture is often followed by the next.

use std::cell::UnsafeCell;
use std::fmt;
use std::hint::spin_loop;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The most threads that work on one picture. With more, what can't be split takes most of the time.
pub const MOST_THREADS: usize = 8;

/// So many ranges there are for each thread: with more, a thread that is held up holds others up less.
const RANGES: usize = 4;

/// The least work that is worth a range, in products of numbers: some microseconds.
const WORTH: usize = 1 << 17;

/// How often somebody who waits looks before it sleeps: about a millisecond.
const LOOKS: usize = 1 << 19;

/// Does a range of a job, by the thread of a number.
type Work<'a> = dyn Fn(Range<usize>, usize) + Sync + 'a;

/// A job that is under way.
#[derive(Clone, Copy)]
struct Job {
    work: *const Work<'static>,
    count: usize,
    ranges: usize,
}

/// Threads that share work.
pub struct Pool {
    /// Held by the thread whose job it is.
    owner: Mutex<()>,
    /// Written by the owner while nobody has a range, read by those that have one.
    job: UnsafeCell<Option<Job>>,
    /// Ranges of the job that nobody has taken.
    left: AtomicUsize,
    /// Ranges of the job that are not done.
    pending: AtomicUsize,
    /// Threads that have come to help.
    helpers: AtomicUsize,
    /// A bit for each thread that has done a range since [`Pool::took_part`] was asked.
    busy: AtomicUsize,
    /// A thread has panicked with a range.
    failed: AtomicBool,
    /// A thread has gone with a range.
    lost: AtomicBool,
    closed: AtomicBool,
    work: Bell,
    done: Bell,
}

// SAFETY: all but `job` is shared by itself. That is written by the owner alone, when no range of the last job is pending, and before
// `left` says that there is one of the next; and it is read only by who has taken one from `left`, while that is pending.
// The work it points to may be called by any thread, because it is `Sync`.
unsafe impl Sync for Pool {}
// SAFETY: as above; between jobs the pointer is not used.
unsafe impl Send for Pool {}

/// The threads that run networks, and those that help them.
pub fn shared() -> &'static Pool {
    static POOL: Pool = Pool::new();
    &POOL
}

impl Pool {
    /// Without helpers.
    pub const fn new() -> Self {
        Self {
            owner: Mutex::new(()),
            job: UnsafeCell::new(None),
            left: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            helpers: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            work: Bell::new(),
            done: Bell::new(),
        }
    }

    /// How many threads there are: whoever has a job, and those that help.
    pub fn threads(&self) -> usize {
        1 + self.helpers.load(SeqCst)
    }

    /// How many threads have worked since this was asked the last time, whoever asks included.
    pub fn took_part(&self) -> usize {
        (self.busy.swap(0, SeqCst) | 1).count_ones() as usize
    }

    /// Calls `work` for ranges that make up `0..count`, each with a scratch that no other has meanwhile, and returns when all is done. By
    /// how many threads, and in which order, is not said.
    ///
    /// - `cost`: of one of them, about, in products of numbers
    ///
    /// # Panics
    ///
    /// If `work` does.
    #[inline(always)]
    pub fn share<S: Send>(
        &self,
        count: usize,
        cost: usize,
        scratch: &mut [S; MOST_THREADS],
        work: impl Fn(Range<usize>, &mut S) + Sync,
    ) {
        let scratch = Scattered::new(scratch);
        self.split(count, cost, &|range, thread| {
            // SAFETY: a thread does one range at a time, and every thread has a number of its own.
            let scratch = unsafe { scratch.slice(thread, 1) };
            work(range, &mut scratch[0]);
        });
    }

    fn split(&self, count: usize, cost: usize, work: &Work<'_>) {
        let worth = count.saturating_mul(cost) / WORTH;
        let ranges = (self.threads() * RANGES).min(count).min(worth);
        // Somebody else's job is under way, or this is a part of one: then it's done without help.
        let owner =
            (self.threads() > 1 && ranges > 1).then(|| self.owner.try_lock().ok()).flatten();
        let Some(_owner) = owner else { return work(0..count, 0) };

        // SAFETY: the lifetime is only left out. Nobody calls it after this function, which waits until no range is pending, even
        // where it panics.
        let work = unsafe { std::mem::transmute::<*const Work<'_>, *const Work<'static>>(work) };
        // SAFETY: whoever owns the pool may write it: no range is left or pending.
        unsafe { *self.job.get() = Some(Job { work, count, ranges }) };
        self.failed.store(false, SeqCst);
        self.pending.store(ranges, SeqCst);
        self.left.store(ranges, SeqCst);
        self.work.ring();
        let end = End(self);
        while self.take(0) {}
        drop(end);
        assert!(!self.failed.load(SeqCst), "a thread that helped has panicked");
    }

    /// Does a range, where one is left.
    fn take(&self, thread: usize) -> bool {
        let less = |left: usize| left.checked_sub(1);
        let Ok(left) = self.left.fetch_update(SeqCst, SeqCst, less) else { return false };
        let at = left - 1;
        let done = Done(self);
        // SAFETY: the range is pending until `done` is dropped, so the job stays, and what it points to is borrowed.
        let Job { work, count, ranges } = unsafe { *self.job.get() }.expect("there is a job");
        // SAFETY: as above.
        let work = unsafe { &*work };
        self.busy.fetch_or(1 << thread, SeqCst);
        work(at * count / ranges..(at + 1) * count / ranges, thread);
        drop(done);
        true
    }

    /// Helps those that have jobs, until the pool is closed.
    pub fn help(&self) {
        let enough = |helpers: usize| (helpers + 1 < MOST_THREADS).then_some(helpers + 1);
        let Ok(before) = self.helpers.fetch_update(SeqCst, SeqCst, enough) else { return };
        while !self.closed.load(SeqCst) {
            if !self.take(before + 1) {
                let idle = || self.left.load(SeqCst) == 0 && !self.closed.load(SeqCst);
                self.work.wait_while(idle);
            }
        }
    }

    /// A thread that helped has gone without notice, perhaps with a range: who waits for that panics. Only where a panic unwinds
    /// nothing may this be said, because other threads may still be at work.
    #[cfg(target_arch = "wasm32")]
    pub fn lose_helper(&self) {
        self.lost.store(true, SeqCst);
        self.done.ring();
    }

    /// Lets all go that help.
    #[cfg(test)]
    pub fn close(&self) {
        self.closed.store(true, SeqCst);
        self.work.ring();
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool of {} threads", self.threads())
    }
}

/// The end of a range, be it a panic.
struct Done<'a>(&'a Pool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        let Self(pool) = self;
        if std::thread::panicking() {
            pool.failed.store(true, SeqCst);
        }
        if pool.pending.fetch_sub(1, SeqCst) == 1 {
            pool.done.ring();
        }
    }
}

/// The end of a job, be it a panic: nobody begins anything more of it, and nothing is under way.
struct End<'a>(&'a Pool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let Self(pool) = self;
        pool.pending.fetch_sub(pool.left.swap(0, SeqCst), SeqCst);
        pool.done.wait_while(|| {
            let pending = pool.pending.load(SeqCst) > 0;
            // Who has gone can't be waited for.
            assert!(!(pending && pool.lost.load(SeqCst)), "a thread that helped has gone");
            pending
        });
    }
}

/// What threads wait at.
struct Bell {
    /// Whether somebody may have fallen asleep since it was rung.
    sleepers: AtomicBool,
    guard: Mutex<()>,
    bell: Condvar,
}

impl Bell {
    const fn new() -> Self {
        Self { sleepers: AtomicBool::new(false), guard: Mutex::new(()), bell: Condvar::new() }
    }

    /// Waits until something isn't any longer of which everybody who changes it rings afterwards.
    fn wait_while(&self, waiting: impl Fn() -> bool) {
        for _ in 0..LOOKS {
            if !waiting() {
                return;
            }
            spin_loop();
        }
        let mut guard = self.lock();
        loop {
            // Said before the last look: whoever changes something after that look sees a sleeper, and waits for the guard.
            self.sleepers.store(true, SeqCst);
            if !waiting() {
                return;
            }
            guard = self.bell.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Wakes those that sleep, once: they may take a while to come, in which nobody has to call them again.
    fn ring(&self) {
        if self.sleepers.load(SeqCst) && self.sleepers.swap(false, SeqCst) {
            drop(self.lock());
            self.bell.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Values that several threads write, each in places of its own.
pub struct Scattered<'a, T> {
    first: *mut T,
    count: usize,
    borrowed: PhantomData<&'a mut [T]>,
}

// SAFETY: it gives values out only to who promises that no other thread has them.
unsafe impl<T: Send> Sync for Scattered<'_, T> {}

impl<'a, T> Scattered<'a, T> {
    pub fn new(values: &'a mut [T]) -> Self {
        Self { first: values.as_mut_ptr(), count: values.len(), borrowed: PhantomData }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// The first of them, for who writes pointers. The promise is that of [`Scattered::slice`].
    pub fn as_mut_ptr(&self) -> *mut T {
        self.first
    }

    /// # Safety
    ///
    /// As long as the slice lives nobody else has any of its values.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    #[inline(always)]
    pub unsafe fn slice(&self, from: usize, count: usize) -> &'a mut [T] {
        assert!(from <= self.count && count <= self.count - from, "values that there are");
        // SAFETY: they are borrowed exclusively, and of that the caller's promise is a part.
        unsafe { std::slice::from_raw_parts_mut(self.first.add(from), count) }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// Runs something with a pool that so many others help.
    fn with_helpers<T>(helpers: usize, what: impl FnOnce(&Pool) -> T) -> T {
        let pool = AssertUnwindSafe(Pool::new());
        let pool = &pool;
        thread::scope(|scope| {
            for _ in 0..helpers {
                // After a panic, which is not its own, it helps on.
                scope.spawn(|| while catch_unwind(|| pool.help()).is_err() {});
            }
            while pool.threads() <= helpers {
                thread::yield_now();
            }
            let result = catch_unwind(AssertUnwindSafe(|| what(pool)));
            pool.close();
            result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Every value is visited once, however many there are, at once and after all have fallen asleep.
    #[test]
    fn everything_is_done_once() {
        for helpers in [0, 1, 3] {
            with_helpers(helpers, |pool| {
                for round in 0..400 {
                    if round % 100 == 0 {
                        thread::sleep(Duration::from_millis(20));
                    }
                    let count = round * 7 % 97;
                    let mut values = vec![0; count];
                    let scattered = Scattered::new(&mut values);
                    let mut seen = [0; MOST_THREADS];
                    pool.share(count, WORTH, &mut seen, |range, seen| {
                        // SAFETY: every range is given out once.
                        for value in unsafe { scattered.slice(range.start, range.len()) } {
                            *value += 1;
                            *seen += 1;
                        }
                    });
                    assert_eq!(values, vec![1; count]);
                    assert_eq!(seen.iter().sum::<usize>(), count);
                }
            });
        }
    }

    #[test]
    fn others_take_part() {
        with_helpers(2, |pool| {
            pool.took_part();
            assert_eq!(pool.took_part(), 1, "nobody but who asks");
            for _ in 0..1000 {
                pool.share(12, WORTH, &mut [(); MOST_THREADS], |_, ()| {
                    thread::sleep(Duration::from_millis(1))
                });
                if pool.took_part() == 3 {
                    return;
                }
            }
            panic!("some thread never had a range");
        });
    }

    #[test]
    fn what_is_little_is_not_split() {
        with_helpers(1, |pool| {
            pool.share(100, WORTH / 100, &mut [(); MOST_THREADS], |range, ()| {
                assert_eq!(range, 0..100)
            });
        });
    }

    #[test]
    fn jobs_within_jobs_and_of_others_are_done_too() {
        with_helpers(2, |pool| {
            let total = AtomicUsize::new(0);
            let job = || {
                pool.share(8, WORTH, &mut [(); MOST_THREADS], |outer, ()| {
                    pool.share(8, WORTH, &mut [(); MOST_THREADS], |inner, ()| {
                        total.fetch_add(outer.len() * inner.len(), SeqCst);
                    });
                });
            };
            thread::scope(|scope| {
                let other = scope.spawn(job);
                job();
                other.join().unwrap();
            });
            assert_eq!(total.load(SeqCst), 128);
        });
    }

    /// A panic of any thread reaches the one whose job it is, after all others are done, and the next job is done.
    #[test]
    fn a_panic_is_told() {
        with_helpers(2, |pool| {
            for bad in 0..8 {
                let others = AtomicUsize::new(0);
                let job = || {
                    pool.share(8, WORTH, &mut [(); MOST_THREADS], |range, ()| {
                        assert!(!range.contains(&bad), "as told");
                        thread::sleep(Duration::from_millis(1));
                        others.fetch_add(1, SeqCst);
                    });
                };
                assert!(catch_unwind(AssertUnwindSafe(job)).is_err(), "{bad}");
                let after = others.load(SeqCst);
                thread::sleep(Duration::from_millis(5));
                assert_eq!(others.load(SeqCst), after, "nothing is under way");
                let done = AtomicUsize::new(0);
                pool.share(8, WORTH, &mut [(); MOST_THREADS], |range, ()| {
                    done.fetch_add(range.len(), SeqCst);
                });
                assert_eq!(done.load(SeqCst), 8);
            }
        });
    }
}
