//! A head on frozen features, with the names of a vocabulary as evidence: see [`crate::evidence`] for the model.
//!
//! Two convex problems, each solved to its end by L-BFGS (Liu and Nocedal, "On the limited memory BFGS method for large
//! scale optimization", Mathematical Programming 45, 1989), so that nothing depends on an order or a learning rate:
//!
//! 1. which class it is: softmax regression on features, added to the log-probability of each class's names, from the
//!    pictures of classes alone. It starts from no weights and is drawn back to none, so a class of few pictures, or of
//!    none, is still known by its names.
//! 2. whether it is any of them: logistic regression on three numbers, see [`none_inputs`].
//!
//! What was chosen here (which inputs, how strongly they are held back, how much small pictures count) was chosen by
//! leaving whole collections out, never by a random split: photos of one collection are too much alike.

use burn::backend::{Autodiff, Flex};
use burn::module::AutodiffModule;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{GradientsParams, LBFGSConfig, LineSearchFn};
use burn::tensor::activation::{log_sigmoid, log_softmax};
use burn::tensor::{Int, Tensor, TensorData};

use super::dense::{dense, matrix};
use crate::evidence::{Evidence, NoneOfThese, none_inputs};
use crate::train::TrainError;
use crate::train::dataset::Example;
use crate::train::features::features_of_view;
use crate::train::scaling::Scaling;
use crate::train::splits::Sample;

/// Penalty on the squared weights of features, which are scaled to a mean length of one.
const FEATURE_PENALTY: f32 = 1e-3;
/// Penalty on squared biases.
const BIAS_PENALTY: f32 = 1e-3;
/// Penalty on the squared distance of the weights of 'none of these' from what they start from.
const NONE_PENALTY: f32 = 1e-4;
/// Log-probabilities are divided by this, so that they are about as large as the other inputs.
const NAME_SCALE: f32 = 4.0;
/// Small pictures, all together, count this much of what the large ones count, in the choice of the class.
const SMALL_SHARE: f64 = 0.5;
/// The same for 'none of these': that a picture is blurred says nothing about what it shows.
const SMALL_SHARE_OF_NONE: f64 = 0.2;
/// Pictures of the classes, all together, count this much where 'none of these' is learnt, those of none the rest. So
/// that, of collections left out, as large a share of the ones is named wrongly as of the others: half and half left
/// 7.7 % of the ten classes wrong and 5.7 % of none.
const SHARE_OF_CLASSES: f64 = 0.65;
/// More steps change nothing that shows.
const STEPS: usize = 80;

type Learning = Autodiff<Flex>;

/// What is learnt, and from what.
pub struct Task<'a> {
    /// The dense layer of the names.
    pub names: &'a Linear<Flex>,
    /// For each name, the class that it is a kind of.
    pub class_of: &'a [Option<usize>],
    /// How many classes there are.
    pub classes: usize,
    /// Which of them is 'none of these'.
    pub none: Option<usize>,
}

/// A trained head.
#[derive(Debug, Clone)]
pub struct Head {
    /// From features to what [`Evidence::weigh`] takes of the classes.
    pub dense: Linear<Flex>,
    /// What it takes of the names.
    pub evidence: Evidence,
}

impl Head {
    /// The logits of the classes for the picture as it is.
    pub fn logits(&self, task: &Task<'_>, examples: &[&Example]) -> Vec<Vec<f32>> {
        let width = task.names.weight.dims()[0];
        let rows: Vec<Vec<f32>> =
            examples.iter().map(|e| features_of_view(e.image.held(), 0, width)).collect();
        let pairs = dense(&self.dense, &rows).into_iter().zip(dense(task.names, &rows));
        pairs.map(|(own, names)| self.evidence.weigh(&own, &names, task.none)).collect()
    }
}

/// One view of a picture.
struct Row {
    features: Vec<f32>,
    of_names: Vec<f32>,
    label: usize,
    source: usize,
    small: bool,
    /// How many views the picture has.
    views: usize,
}

/// Trains a head.
///
/// # Errors
///
/// If the loss is no longer a number.
pub fn train(task: &Task<'_>, samples: &[Sample<'_>]) -> Result<Head, TrainError> {
    let [width, _] = task.names.weight.dims();
    let untrained = Evidence { class_of: task.class_of.to_vec(), none: None };
    let mut rows = Vec::new();
    for sample in samples {
        let Example { image, label } = sample.example;
        let image = image.held();
        let views = image.len() / (2 * width);
        let features: Vec<Vec<f32>> =
            (0..views).map(|index| features_of_view(image, index, width)).collect();
        for (features, names) in features.iter().zip(dense(task.names, &features)) {
            rows.push(Row {
                features: features.clone(),
                of_names: untrained.log_probabilities(&names, task.classes),
                label: *label,
                source: sample.source,
                small: views == 1,
                views,
            });
        }
    }
    let dense = which_class(task, &rows)?;
    let mut evidence = untrained;
    if let Some(none) = task.none {
        evidence.none = Some(none_of_these(&rows, &dense, &evidence, none)?);
    }
    Ok(Head { dense, evidence })
}

/// The weights of rows: each class of a collection counts as the square root of its pictures, so that a large
/// collection doesn't drown a small one; small pictures count `small_share` of what the large ones do.
fn weigh(rows: &[&Row], small_share: f64) -> Vec<f64> {
    let mut cells = std::collections::BTreeMap::<_, f64>::new();
    let cell = |row: &Row| (row.source, row.label, row.small);
    let pictures = |row: &Row| 1.0 / row.views as f64;
    for row in rows {
        *cells.entry(cell(row)).or_default() += pictures(row);
    }
    let mut weights: Vec<f64> =
        rows.iter().map(|row| pictures(row) / cells[&cell(row)].sqrt()).collect();
    let sum = |small: bool| -> f64 {
        rows.iter().zip(&weights).filter(|(row, _)| row.small == small).map(|(_, w)| w).sum()
    };
    let (small, large) = (sum(true), sum(false));
    if small > 0.0 && large > 0.0 {
        for (row, weight) in rows.iter().zip(&mut weights) {
            if row.small {
                *weight *= small_share * large / small;
            }
        }
    }
    scaled(weights, 1.0)
}

/// Weights that add up to a sum.
fn scaled(mut weights: Vec<f64>, sum: f64) -> Vec<f64> {
    let all: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight *= sum / all.max(f64::MIN_POSITIVE));
    weights
}

/// The dense layer from features to classes.
fn which_class(task: &Task<'_>, rows: &[Row]) -> Result<Linear<Flex>, TrainError> {
    let device = Default::default();
    let rows: Vec<&Row> = rows.iter().filter(|row| Some(row.label) != task.none).collect();
    let (count, classes) = (rows.len(), task.classes);
    let [width, _] = task.names.weight.dims();
    let config = LinearConfig::new(width, classes).with_initializer(Initializer::Zeros);
    let layer: Linear<Learning> = config.init(&device);
    if rows.is_empty() {
        // The names alone say which class it is.
        return Ok(layer.valid());
    }
    let scaling = Scaling::together(rows.iter().map(|row| row.features.as_slice()), width);

    let features = rows.iter().flat_map(|row| scaling.apply(row.features.clone())).collect();
    let features = matrix::<Learning>(features, [count, width]);
    // 'None of these' is not chosen here: its logit is out of reach.
    let start = rows.iter().flat_map(|row| {
        let known =
            |(class, value): (usize, &f32)| if Some(class) == task.none { -1e4 } else { *value };
        row.of_names.iter().enumerate().map(known).collect::<Vec<f32>>()
    });
    let start = matrix::<Learning>(start.collect(), [count, classes]);
    let targets: Vec<i64> = rows.iter().map(|row| row.label as i64).collect();
    let targets =
        Tensor::<Learning, 2, Int>::from_data(TensorData::new(targets, [count, 1]), &device);
    let weights: Vec<f32> = weigh(&rows, SMALL_SHARE).iter().map(|&weight| weight as f32).collect();
    let weights = matrix::<Learning>(weights, [count, 1]);

    let layer = minimise(layer, |layer| {
        let logits = layer.forward(features.clone()) + start.clone();
        let likelihood = log_softmax(logits, 1).gather(1, targets.clone()) * weights.clone();
        let penalty = |weights: Tensor<Learning, 2>| (weights.clone() * weights).sum();
        let bias = layer.bias.as_ref().map(|bias| penalty(bias.val().unsqueeze()));
        -likelihood.sum()
            + penalty(layer.weight.val()) * FEATURE_PENALTY
            + bias.unwrap_or_else(|| Tensor::zeros([1], &device)) * BIAS_PENALTY
    })?;
    Ok(scaling.undo(layer.valid()))
}

/// How 'none of these' is told from the classes.
fn none_of_these(
    rows: &[Row],
    head: &Linear<Flex>,
    evidence: &Evidence,
    none: usize,
) -> Result<NoneOfThese, TrainError> {
    let names_alone = NoneOfThese { others: 1.0, kinds: -1.0, clearness: 0.0, bias: 0.0 };
    let of_none = rows.iter().filter(|row| row.label == none).count();
    if of_none == 0 || of_none == rows.len() {
        // There is nothing to tell them from.
        return Ok(names_alone);
    }
    let device = Default::default();
    let features: Vec<Vec<f32>> = rows.iter().map(|row| row.features.clone()).collect();
    let inputs = dense(head, &features).into_iter().zip(rows).flat_map(|(own, row)| {
        let which = evidence.which(&own, &row.of_names, Some(none));
        let [others, kinds, clearness] = none_inputs(&row.of_names, &which, none);
        [others / NAME_SCALE, kinds / NAME_SCALE, clearness]
    });
    let inputs: Vec<f32> = inputs.collect();
    // What the names say by themselves.
    let start = inputs.chunks(3).map(|input| NAME_SCALE * (input[0] - input[1])).collect();
    let start = matrix::<Learning>(start, [rows.len(), 1]);
    let inputs = matrix::<Learning>(inputs, [rows.len(), 3]);
    let signs = rows.iter().map(|row| if row.label == none { 1.0 } else { -1.0 });
    let signs = matrix::<Learning>(signs.collect(), [rows.len(), 1]);
    // However many pictures each side has.
    let side = |of_none: bool| {
        let (places, rows): (Vec<usize>, Vec<&Row>) =
            rows.iter().enumerate().filter(|(_, row)| (row.label == none) == of_none).unzip();
        let share = if of_none { 1.0 - SHARE_OF_CLASSES } else { SHARE_OF_CLASSES };
        let weights = scaled(weigh(&rows, SMALL_SHARE_OF_NONE), share);
        places.into_iter().zip(weights).collect::<Vec<_>>()
    };
    let mut weights = vec![0.0; rows.len()];
    for (place, weight) in side(true).into_iter().chain(side(false)) {
        weights[place] = weight as f32;
    }
    let weights = matrix::<Learning>(weights, [rows.len(), 1]);

    let config = LinearConfig::new(3, 1).with_initializer(Initializer::Zeros);
    let model = minimise(config.init::<Learning>(&device), |model| {
        let logits = model.forward(inputs.clone()) + start.clone();
        let (weight, bias) = (model.weight.val(), model.bias.as_ref().map(|bias| bias.val()));
        let square = bias.map_or_else(|| Tensor::zeros([1], &device), |bias| bias.clone() * bias);
        -(log_sigmoid(logits * signs.clone()) * weights.clone()).sum()
            + ((weight.clone() * weight).sum() + square) * NONE_PENALTY
    })?;
    let values = |tensor: TensorData| tensor.iter::<f32>().collect::<Vec<f32>>();
    let learnt = values(model.weight.val().into_data());
    let bias = model.bias.map_or(0.0, |bias| values(bias.val().into_data())[0]);
    let [others, kinds, clearness] = learnt[..] else { unreachable!("three inputs") };
    Ok(NoneOfThese {
        others: names_alone.others + others / NAME_SCALE,
        kinds: names_alone.kinds + kinds / NAME_SCALE,
        clearness,
        bias,
    })
}

/// The module with the lowest loss.
fn minimise<M: AutodiffModule<Learning> + Clone>(
    module: M,
    loss: impl Fn(&M) -> Tensor<Learning, 1>,
) -> Result<M, TrainError> {
    let mut optimiser = LBFGSConfig::new()
        .with_max_iter(STEPS)
        .with_max_eval(Some(2 * STEPS))
        .with_history_size(20)
        .with_line_search_fn(LineSearchFn::StrongWolfe)
        .init::<Learning>();
    let (module, loss) = optimiser.step(1.0, module, |module: M| {
        let loss = loss(&module);
        let value = loss.clone().into_scalar();
        (f64::from(value), GradientsParams::from_grads(loss.backward(), &module))
    });
    if loss.is_finite() { Ok(module) } else { Err(TrainError::Diverged { step: STEPS }) }
}

#[cfg(test)]
mod tests {
    use burn::module::Param;
    use half::f16;

    use super::*;

    /// Four features, of which the first says 'first class', the second 'second class', the others nothing.
    fn example(features: [f32; 4], label: usize) -> Example {
        let image: Vec<u8> =
            features.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect();
        Example { image: image.into(), label }
    }

    /// Names: of the first class, of the second, of neither; the last two features tell the third name.
    fn names() -> Linear<Flex> {
        let mut layer: Linear<Flex> = LinearConfig::new(4, 3).init(&Default::default());
        let weight = [[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, 3.0]];
        layer.weight = Param::from_tensor(matrix(weight.concat(), [4, 3]));
        layer.bias = Some(Param::from_tensor(Tensor::zeros([3], &Default::default())));
        layer
    }

    #[test]
    fn it_learns_which_class_and_whether_it_is_any() {
        let noise = |n: usize| (n * 37 % 11) as f32 / 40.0;
        let examples: Vec<Example> = (0..90)
            .map(|n| match n % 3 {
                0 => example([1.0, noise(n), noise(n + 1), noise(n + 2)], 0),
                1 => example([noise(n), 1.0, noise(n + 1), noise(n + 2)], 1),
                _ => example([noise(n), noise(n + 1), 1.0, noise(n + 2)], 2),
            })
            .collect();
        let names = names();
        let class_of = [Some(0), Some(1), Some(2)];
        let task = Task { names: &names, class_of: &class_of, classes: 3, none: Some(2) };
        let samples: Vec<Sample<'_>> =
            examples.iter().map(|example| Sample { example, source: 0 }).collect();
        let head = train(&task, &samples).unwrap();
        head.evidence.validate(3, 3, Some(2)).unwrap();
        let all: Vec<&Example> = examples.iter().collect();
        for (logits, example) in head.logits(&task, &all).iter().zip(&examples) {
            assert_eq!(crate::train::objective::argmax(logits), example.label, "{logits:?}");
        }
        // The same from the same.
        let again = train(&task, &samples).unwrap();
        assert_eq!(head.evidence, again.evidence);

        // A class without pictures is known by its names.
        let known: Vec<Sample<'_>> =
            samples.iter().copied().filter(|sample| sample.example.label != 1).collect();
        let head = train(&task, &known).unwrap();
        let logits = head.logits(&task, &[&example([0.0, 2.0, 0.0, 0.0], 1)]);
        assert_eq!(crate::train::objective::argmax(&logits[0]), 1, "{logits:?}");
    }

    #[test]
    fn where_pictures_of_one_side_are_missing_the_names_decide() {
        let names = names();
        let class_of = [Some(0), Some(1), Some(2)];
        let task = Task { names: &names, class_of: &class_of, classes: 3, none: Some(2) };
        for label in [0, 2] {
            let only = example([0.5, 0.1, 0.2, 0.0], label);
            let head = train(&task, &[Sample { example: &only, source: 0 }]).unwrap();
            head.evidence.validate(3, 3, Some(2)).unwrap();
            let found = head.logits(&task, &[&example([0.0, 0.0, 2.0, 0.0], 2)]);
            assert_eq!(crate::train::objective::argmax(&found[0]), 2, "{found:?}");
        }
    }

    #[test]
    fn collections_count_by_the_square_root_and_small_pictures_less() {
        let row = |source, small, views| Row {
            features: vec![],
            of_names: vec![],
            label: 0,
            source,
            small,
            views,
        };
        let rows: Vec<Row> = (0..9)
            .map(|_| row(0, false, 1))
            .chain([row(1, false, 1)])
            .chain((0..4).map(|_| row(2, true, 1)))
            .collect();
        let weights = weigh(&rows.iter().collect::<Vec<_>>(), 0.5);
        let sums = [0..9, 9..10, 10..14].map(|range| weights[range].iter().sum::<f64>());
        for (found, expected) in sums.into_iter().zip([3.0 / 6.0, 1.0 / 6.0, 2.0 / 6.0]) {
            assert!((found - expected).abs() < 1e-9, "{sums:?}");
        }
    }
}
