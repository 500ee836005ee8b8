//! How well a head is taught with so many pictures of each class: many short trials on pictures whose classes are known.

use rand::seq::SliceRandom;

use super::random::generator;
use crate::learn::{LearnError, Lesson};

/// What trials with so many pictures of each class came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shots {
    /// Pictures of each class that were taught.
    pub shots: usize,
    /// Mean share of the other pictures that were named rightly, in `[0, 1]`.
    pub accuracy: f64,
    /// Half the width of the 95 % interval of that mean, over the trials.
    pub interval: f64,
    /// How many trials.
    pub episodes: usize,
}

/// Pictures of each class that are asked about.
const QUERIES: usize = 15;

/// Runs trials: of each, some classes and some pictures of them are drawn (`ways` classes, 2 or more, where there are as many), and others
/// of the same classes are asked about. Classes with too few pictures are left out; there is nothing where fewer than two are left.
///
/// # Errors
///
/// As [`Lesson::teach`].
pub fn run(
    embeddings: &[&[f32]],
    labels: &[usize],
    ways: usize,
    shots: usize,
    episodes: usize,
    seed: u64,
) -> Result<Option<Shots>, LearnError> {
    let classes = labels.iter().max().map_or(0, |most| most + 1);
    let members: Vec<Vec<usize>> = (0..classes)
        .map(|class| (0..labels.len()).filter(|&picture| labels[picture] == class).collect())
        .filter(|members: &Vec<usize>| members.len() > shots)
        .collect();
    if members.len() < 2 {
        return Ok(None);
    }
    let ways = ways.clamp(2, members.len());
    let names: Vec<String> = (0..ways).map(|class| class.to_string()).collect();
    let mut accuracies = Vec::with_capacity(episodes);
    for episode in 0..episodes {
        let mut random = generator(seed, shots as u64, episode as u64);
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.shuffle(&mut random);
        let (mut taught, mut asked) = (Vec::new(), Vec::new());
        for (label, &class) in order[..ways].iter().enumerate() {
            let mut pictures = members[class].clone();
            pictures.shuffle(&mut random);
            let (of_lesson, rest) = pictures.split_at(shots);
            taught.extend(of_lesson.iter().map(|&picture| (picture, label)));
            asked.extend(rest.iter().take(QUERIES).map(|&picture| (picture, label)));
        }
        let rows: Vec<&[f32]> = taught.iter().map(|&(picture, _)| embeddings[picture]).collect();
        let of_rows: Vec<usize> = taught.iter().map(|&(_, label)| label).collect();
        let lesson = Lesson { embeddings: &rows, labels: &of_rows, classes: &names, none: false };
        let head = lesson.teach()?.head;
        let right = |&&(picture, label): &&(usize, usize)| {
            head.rank(&head.logits(embeddings[picture]), &names)[0].index == label
        };
        accuracies.push(asked.iter().filter(right).count() as f64 / asked.len() as f64);
    }
    let count = accuracies.len().max(1) as f64;
    let accuracy = accuracies.iter().sum::<f64>() / count;
    let variance = accuracies.iter().map(|value| (value - accuracy).powi(2)).sum::<f64>() / count;
    Ok(Some(Shots { shots, accuracy, interval: 1.96 * (variance / count).sqrt(), episodes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_pictures_are_better_and_the_same_seed_says_the_same() {
        let row = |picture: usize| -> Vec<f32> {
            let mut random = generator(7, 0, picture as u64);
            let class = picture % 4;
            let noise = |axis: usize| {
                let value: f32 = rand::Rng::random_range(&mut random, -1.0..1.0);
                0.9 * value + if axis == class { 1.0 } else { 0.0 }
            };
            let row: Vec<f32> = (0..12).map(noise).collect();
            let length = row.iter().map(|v| v * v).sum::<f32>().sqrt();
            row.into_iter().map(|v| v / length).collect()
        };
        let rows: Vec<Vec<f32>> = (0..80).map(row).collect();
        let embeddings: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let labels: Vec<usize> = (0..80).map(|picture| picture % 4).collect();
        let go = |shots| run(&embeddings, &labels, 4, shots, 30, 1).unwrap().unwrap();
        let (one, ten) = (go(1), go(10));
        assert!(ten.accuracy > one.accuracy + 0.1, "{one:?}, {ten:?}");
        assert!(one.interval > 0.0 && one.interval < 0.2);
        assert_eq!(one, go(1));
        assert_eq!(
            run(&embeddings, &labels, 4, 20, 30, 1),
            Ok(None),
            "nothing is left to ask about"
        );
    }
}
