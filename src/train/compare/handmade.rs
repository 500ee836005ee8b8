//! The methods from before deep networks, on pictures.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::time::Instant;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::measured::{Measured, confusion, milliseconds, on_one_thread};
use super::method::Method;
use super::subject::{SIDE, Subject, labels};
use crate::classical::forest::Forest;
use crate::classical::fourier::Fourier;
use crate::classical::linear_svm::{Blocks, LinearSvm, Options, Waves};
use crate::classical::majority::majority;
use crate::classical::nearest::Nearest;
use crate::classical::pca::Pca;
use crate::classical::standardise::Standardise;
use crate::classical::{Rows, colour, hog, tree};
use crate::prediction::first_largest;
use crate::train::dataset::Example;

/// From how many neighbours on is chosen.
const NEIGHBOURS: [usize; 8] = [1, 3, 5, 7, 9, 13, 17, 25];
/// Principal components, and how many pictures tell where they lie.
const COMPONENTS: usize = 64;
const COMPONENTS_FROM: usize = 10_000;
/// What an error may cost a linear machine, on standardised features.
const LINEAR_COSTS: [f64; 5] = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];
/// The same with a radial kernel.
const RBF_COSTS: [f64; 3] = [0.3, 1.0, 3.0];
/// How narrow the kernel may be: γ times the number of features.
const RBF_WIDTHS: [f32; 3] = [0.5, 1.0, 2.0];
/// Random features of the kernel, at most; with few pictures four for each.
const WAVES: usize = 4096;
/// Cost and width of the kernel are chosen with so many pictures and random features at most.
const CHOOSE_FROM: usize = 5000;
const CHOOSE_WAVES: usize = 2048;
/// Random features of so many pictures are held at once.
const BLOCK: usize = 4096;
/// The descent ends after so many passes, or when no condition is violated by more.
const PASSES: usize = 40;
const TOLERANCE: f64 = 0.1;
/// How deep a single tree may grow, and how many pictures there are in a leaf at least.
const DEPTH: usize = 24;
const LEAF: usize = 5;
/// Trees in a forest.
const TREES: usize = 200;
/// Bytes of a number in the file that there would be.
const NUMBER: usize = 4;

/// The pictures of a comparison, and what is made of them by hand when that is first needed.
pub struct Handmade<'a> {
    subject: &'a Subject<'a>,
    held_out: Vec<&'a Example>,
    features: OnceCell<Features>,
}

/// Gradients and colours, on one scale.
struct Features {
    learnt: Rows,
    held_out: Rows,
    test: Rows,
    scale: Standardise,
    /// That they took, those of the test pictures aside.
    seconds: f64,
}

/// A method that has learnt.
struct Learnt<'a> {
    chosen: String,
    /// Of the test pictures.
    answers: Vec<usize>,
    parameters: usize,
    multiply_adds: u64,
    /// The class of a picture.
    classify: Box<dyn Fn(&Example) -> usize + Send + Sync + 'a>,
    /// That learning took, without what happened before.
    seconds: f64,
}

impl<'a> Handmade<'a> {
    /// Prepares nothing yet.
    pub fn new(subject: &'a Subject<'a>) -> Self {
        Self { subject, held_out: subject.held_out(), features: OnceCell::new() }
    }

    /// Learns and measures a method; nothing where it is none of those here.
    pub fn measure(&self, method: Method) -> Option<Measured> {
        let learnt = match method {
            Method::Majority => self.majority(),
            Method::Nearest => self.nearest(),
            Method::NearestPca => self.nearest_pca(),
            Method::LinearSvm => self.linear_svm(),
            Method::RbfSvm => self.rbf_svm(),
            Method::Tree => self.tree(),
            Method::Forest => self.forest(),
            Method::Plain | Method::Vgg | Method::Convnet | Method::Photo => return None,
        };
        let Learnt { chosen, answers, parameters, multiply_adds, classify, seconds } = learnt;
        let test = self.subject.test;
        let Ok(milliseconds) = on_one_thread(|| {
            milliseconds(test, |example| {
                std::hint::black_box(classify(example));
                Ok::<_, Infallible>(())
            })
        });
        Some(Measured {
            confusion: confusion(test, &answers, self.subject.classes.len()),
            chosen,
            parameters,
            multiply_adds,
            bytes: NUMBER * parameters,
            milliseconds,
            seconds,
        })
    }

    fn classes(&self) -> usize {
        self.subject.classes.len()
    }

    fn labels(&self) -> Vec<usize> {
        labels(self.subject.learnt())
    }

    /// The share of the pictures held out that are called what they are.
    fn score(&self, answers: &[usize]) -> f64 {
        let pairs = self.held_out.iter().zip(answers);
        let right = pairs.filter(|(example, answer)| example.label == **answer).count();
        right as f64 / self.held_out.len().max(1) as f64
    }

    fn majority(&self) -> Learnt<'a> {
        let start = Instant::now();
        let class = majority(&self.labels(), self.classes());
        Learnt {
            chosen: String::new(),
            answers: vec![class; self.subject.test.len()],
            parameters: 1,
            multiply_adds: 0,
            classify: Box::new(move |_| class),
            seconds: start.elapsed().as_secs_f64(),
        }
    }

    fn nearest(&self) -> Learnt<'a> {
        let start = Instant::now();
        let of_example = |example: &Example| Rows::new(pixels(example), 3 * SIDE * SIDE);
        self.neighbours(start, rows(self.subject.learnt(), pixels), of_example, 0)
    }

    fn nearest_pca(&self) -> Learnt<'a> {
        let start = Instant::now();
        let learnt = rows(self.subject.learnt(), pixels);
        let every = learnt.len().div_ceil(COMPONENTS_FROM).max(1);
        let pca = Pca::fit(&learnt.select((0..learnt.len()).step_by(every)), COMPONENTS);
        let learnt = pca.apply(&learnt);
        let parameters = pca.parameters();
        let of_example =
            move |example: &Example| pca.apply(&Rows::new(pixels(example), 3 * SIDE * SIDE));
        self.neighbours(start, learnt, of_example, parameters)
    }

    /// Nearest neighbours among rows, of which each is made of a picture by `of_example`, which takes so many numbers and as
    /// many multiplications.
    fn neighbours(
        &self,
        start: Instant,
        learnt: Rows,
        of_example: impl Fn(&Example) -> Rows + Send + Sync + 'a,
        before: usize,
    ) -> Learnt<'a> {
        let columns = learnt.columns();
        let nearest = Nearest::new(learnt, &self.labels(), self.classes());
        let most = NEIGHBOURS[NEIGHBOURS.len() - 1];
        let all = |examples: &[&Example]| {
            let rows: Vec<Rows> = examples.par_iter().map(|example| of_example(example)).collect();
            let values = rows.iter().flat_map(|rows| rows.values()).copied().collect();
            nearest.neighbours(&Rows::new(values, columns), most)
        };
        let vote = |found: &[Vec<usize>], k| -> Vec<usize> {
            found.iter().map(|neighbours| nearest.vote(neighbours, k)).collect()
        };
        let found = all(&self.held_out);
        let k = NEIGHBOURS[first_largest(&NEIGHBOURS.map(|k| self.score(&vote(&found, k))))];
        let seconds = start.elapsed().as_secs_f64();
        let answers = vote(&all(self.subject.test), k);
        let parameters = before + nearest.parameters();
        let classify = move |example: &Example| {
            let found = nearest.neighbours(&of_example(example), k);
            nearest.vote(&found[0], k)
        };
        Learnt {
            chosen: format!("k = {k}"),
            answers,
            parameters,
            multiply_adds: parameters as u64,
            classify: Box::new(classify),
            seconds,
        }
    }

    fn features(&self) -> &Features {
        self.features.get_or_init(|| {
            let start = Instant::now();
            let raw = rows(self.subject.learnt(), describe);
            let scale = Standardise::fit(&raw);
            let learnt = scale.apply(&raw);
            let held_out = scale.apply(&rows(&self.held_out, describe));
            let seconds = start.elapsed().as_secs_f64();
            let test = scale.apply(&rows(self.subject.test, describe));
            Features { learnt, held_out, test, scale, seconds }
        })
    }

    /// A method on features made by hand: what it answers to rows of them, and how many numbers and multiplications it
    /// consists of behind them.
    fn on_features(
        &self,
        start: Instant,
        chosen: String,
        answer: impl Fn(&Rows) -> Vec<usize> + Send + Sync + 'a,
        parameters: usize,
        multiply_adds: usize,
    ) -> Learnt<'a> {
        let Features { test, scale, seconds, .. } = self.features();
        let seconds = seconds + start.elapsed().as_secs_f64();
        let answers = answer(test);
        let scale = scale.clone();
        let columns = test.columns();
        let before = 3 * SIDE * SIDE + hog::multiply_adds(SIDE, SIDE) + columns;
        let parameters = parameters + scale.parameters();
        let classify = move |example: &Example| {
            answer(&Rows::new(scale.apply_to_row(&describe(example)), columns))[0]
        };
        Learnt {
            chosen,
            answers,
            parameters,
            multiply_adds: (before + multiply_adds) as u64,
            classify: Box::new(classify),
            seconds,
        }
    }

    fn machine(&self, rows: &impl Blocks, labels: &[usize], cost: f64) -> LinearSvm {
        let options =
            Options { cost, passes: PASSES, tolerance: TOLERANCE, seed: self.subject.seed };
        LinearSvm::fit(rows, labels, self.classes(), options)
    }

    fn linear_svm(&self) -> Learnt<'a> {
        let Features { learnt, held_out, .. } = self.features();
        let start = Instant::now();
        let labels = self.labels();
        let mut machines = LINEAR_COSTS.map(|cost| self.machine(learnt, &labels, cost)).to_vec();
        let scores: Vec<f64> =
            machines.iter().map(|machine| self.score(&machine.classify(held_out))).collect();
        let best = first_largest(&scores);
        let machine = machines.swap_remove(best);
        let (parameters, products) = (machine.parameters(), learnt.columns() * self.classes());
        let chosen = format!("C = {}", LINEAR_COSTS[best]);
        self.on_features(start, chosen, move |rows| machine.classify(rows), parameters, products)
    }

    fn rbf_svm(&self) -> Learnt<'a> {
        let Features { learnt, held_out, .. } = self.features();
        let start = Instant::now();
        let labels = self.labels();
        let columns = learnt.columns();
        let waves = |most: usize, pictures: usize| most.min(4 * pictures);

        // Cost and width, by a machine on fewer pictures and fewer random features.
        let every = learnt.len().div_ceil(CHOOSE_FROM).max(1);
        let some: Vec<usize> = (0..learnt.len()).step_by(every).collect();
        let few = learnt.select(some.iter().copied());
        let few_labels: Vec<usize> = some.iter().map(|&index| labels[index]).collect();
        let mut tried = Vec::new();
        for width in RBF_WIDTHS {
            let count = waves(CHOOSE_WAVES, few.len());
            let fourier = Fourier::new(columns, count, width / columns as f32, self.subject.seed);
            let (few, held_out) = (fourier.apply(&few), fourier.apply(held_out));
            for cost in RBF_COSTS {
                let machine = self.machine(&few, &few_labels, cost);
                tried.push((self.score(&machine.classify(&held_out)), width, cost));
            }
        }
        let scores: Vec<f64> = tried.iter().map(|(score, ..)| *score).collect();
        let (_, width, cost) = tried[first_largest(&scores)];

        let count = waves(WAVES, learnt.len());
        let fourier = Fourier::new(columns, count, width / columns as f32, self.subject.seed);
        let machine = if learnt.len() > 2 * BLOCK {
            // They come class by class, and a block of one class would pull all planes its way.
            let mut order: Vec<usize> = (0..learnt.len()).collect();
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(self.subject.seed));
            let mixed = learnt.select(order.iter().copied());
            let labels: Vec<usize> = order.iter().map(|&index| labels[index]).collect();
            let waves = Waves { fourier: &fourier, rows: &mixed, size: BLOCK };
            self.machine(&waves, &labels, cost)
        } else {
            self.machine(&fourier.apply(learnt), &labels, cost)
        };
        let parameters = fourier.parameters() + machine.parameters();
        let products = columns * count + count * self.classes();
        let answer = move |rows: &Rows| {
            let starts = (0..rows.len()).step_by(BLOCK);
            let block = |start| fourier.apply_to_values(rows.block(start, BLOCK));
            starts.flat_map(|start| machine.classify(&block(start))).collect()
        };
        let chosen = format!("γ = {width}/{columns}, C = {cost}");
        self.on_features(start, chosen, answer, parameters, products)
    }

    fn tree(&self) -> Learnt<'a> {
        let Features { learnt, held_out, .. } = self.features();
        let start = Instant::now();
        let options = tree::Options { depth: DEPTH, leaf: LEAF, columns: None };
        let mut random = ChaCha8Rng::seed_from_u64(self.subject.seed);
        let tree = tree::grow(learnt, &self.labels(), self.classes(), options, &mut random);
        let at = |rows: &Rows, depth: usize| -> Vec<usize> {
            rows.iter().map(|row| tree.classify(row, depth)).collect()
        };
        let scores: Vec<f64> = (0..=DEPTH).map(|depth| self.score(&at(held_out, depth))).collect();
        let depth = first_largest(&scores);
        let parameters = tree.parameters(depth);
        let answer = move |rows: &Rows| rows.iter().map(|row| tree.classify(row, depth)).collect();
        self.on_features(start, format!("depth {depth}"), answer, parameters, 0)
    }

    fn forest(&self) -> Learnt<'a> {
        let Features { learnt, .. } = self.features();
        let start = Instant::now();
        let forest = Forest::grow(learnt, &self.labels(), self.classes(), TREES, self.subject.seed);
        let parameters = forest.parameters();
        let answer = move |rows: &Rows| rows.iter().map(|row| forest.classify(row)).collect();
        self.on_features(start, format!("{TREES} trees"), answer, parameters, 0)
    }
}

/// What a function makes of each picture, as rows.
fn rows(examples: &[&Example], of: impl Fn(&Example) -> Vec<f32> + Sync) -> Rows {
    let rows: Vec<Vec<f32>> = examples.par_iter().map(|example| of(example)).collect();
    let columns = rows.first().map_or(1, Vec::len);
    Rows::new(rows.concat(), columns)
}

/// The values of a picture, in `[-0.5, 0.5]`: distances lose fewer digits around zero.
fn pixels(example: &Example) -> Vec<f32> {
    example.image.held().iter().map(|&value| f32::from(value) / 255.0 - 0.5).collect()
}

/// Gradients and colours of a picture.
fn describe(example: &Example) -> Vec<f32> {
    let planes: Vec<f32> =
        example.image.held().iter().map(|&value| f32::from(value) / 255.0).collect();
    let [red, green, blue] = [0, 1, 2].map(|plane| &planes[plane * SIDE * SIDE..][..SIDE * SIDE]);
    // As bright as the eye finds them (ITU-R BT.601).
    let grey: Vec<f32> = red
        .iter()
        .zip(green)
        .zip(blue)
        .map(|((red, green), blue)| 0.299 * red + 0.587 * green + 0.114 * blue)
        .collect();
    let mut features = hog::hog(&grey, SIDE, SIDE);
    features.extend(colour::histogram(&planes, SIDE, SIDE));
    features
}
