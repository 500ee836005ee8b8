//! What is measured of a method, and how long a picture takes it.

use std::time::{Duration, Instant};

use crate::train::dataset::Example;

/// No more pictures than that are timed.
const TIMED: usize = 200;
/// Nor for longer than that.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is measured of a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// `confusion[is][called]`, of the test pictures.
    pub confusion: Vec<Vec<usize>>,
    /// What was chosen on the pictures held out, in words; empty where there was no choice.
    pub chosen: String,
    /// How many numbers it consists of.
    pub parameters: usize,
    /// Multiplications, each with an addition, for one picture.
    pub multiply_adds: u64,
    /// Bytes of its file.
    pub bytes: usize,
    /// For one picture on one thread: the median.
    pub milliseconds: f64,
    /// Of training, the features of the pictures and all choices included.
    pub seconds: f64,
}

/// Does something on one thread, whatever would be shared out among several.
pub fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// The median time of a picture, in milliseconds; 0 of no pictures.
///
/// # Errors
///
/// The first error of `classify`.
pub fn milliseconds<E>(
    pictures: &[&Example],
    mut classify: impl FnMut(&Example) -> Result<(), E>,
) -> Result<f64, E> {
    let start = Instant::now();
    let mut times = Vec::new();
    let every = pictures.len().div_ceil(TIMED).max(1);
    // The first is not counted: it finds memory unprepared.
    for example in pictures.iter().take(1).chain(pictures.iter().step_by(every)) {
        let begun = Instant::now();
        classify(example)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        if start.elapsed() > PATIENCE {
            break;
        }
    }
    let counted = if times.len() > 1 { &mut times[1..] } else { &mut times };
    counted.sort_by(f64::total_cmp);
    Ok(counted.get(counted.len() / 2).copied().unwrap_or(0.0))
}

/// How many pictures of a class were called what.
pub fn confusion(examples: &[&Example], answers: &[usize], classes: usize) -> Vec<Vec<usize>> {
    let mut confusion = vec![vec![0; classes]; classes];
    for (example, &answer) in examples.iter().zip(answers) {
        confusion[example.label][answer] += 1;
    }
    confusion
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_a_median_and_work_stays_on_its_thread() {
        let example = Example { image: Vec::new().into(), label: 0 };
        let pictures = vec![&example; 5];
        let time = |pictures: &[&Example], sleeps: &[u64]| {
            let mut sleeps = sleeps.iter();
            let time = milliseconds(pictures, |_| {
                let sleep = sleeps.next().expect("each picture once, and the first before");
                std::thread::sleep(Duration::from_millis(*sleep));
                Ok::<_, ()>(())
            });
            assert_eq!(sleeps.len(), 0);
            time.unwrap()
        };
        // The mean would be at least 120, and with the first counted the median of two were that.
        let median = time(&pictures, &[1, 1, 600, 1, 1, 1]);
        assert!((1.0..120.0).contains(&median), "{median}");
        let second = time(&pictures[..1], &[600, 1]);
        assert!((1.0..300.0).contains(&second), "{second}");
        assert_eq!(milliseconds(&pictures, |_| Err(7)), Err(7));
        assert_eq!(milliseconds(&[], |_| Ok::<_, ()>(())), Ok(0.0));
        assert_eq!(on_one_thread(rayon::current_num_threads), 1);
    }
}
