//! A head from features alone: softmax regression, by Adam in small steps.

use burn::backend::{Autodiff, Flex};
use burn::module::AutodiffModule;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams, Optimizer};
use burn::tensor::{Tensor, TensorData};

use super::dense::{dense, score};
use super::run::HeadRun;
use crate::model::Shape;
use crate::train::TrainError;
use crate::train::features::features_of_view;
use crate::train::objective::{Targets, count_right, loss, scalar};
use crate::train::random::order_of_epoch;
use crate::train::report::{Finished, Report, Running};
use crate::train::scaling::Scaling;

type Learning = Autodiff<Flex>;

/// Trains a head on `width` features of each view, with a bias or without. `None` if the person at the terminal stopped
/// it.
pub fn train(
    run: &HeadRun<'_>,
    width: usize,
    bias: bool,
    report: &mut dyn Report,
) -> Result<Option<Linear<Flex>>, TrainError> {
    let HeadRun { hyperparameters, training, .. } = *run;
    // Every view of every example, and its label.
    let draws: Vec<(usize, usize)> = (0..training.len())
        .flat_map(|index| {
            (0..training[index].image.held().len() / (2 * width)).map(move |v| (index, v))
        })
        .collect();
    let row = |&(example, of): &(usize, usize)| {
        features_of_view(training[example].image.held(), of, width)
    };
    let scaling = Scaling::each(draws.iter().map(row), width, bias);

    let device = Default::default();
    let outputs = Shape::outputs_for(run.classes.len());
    let config = LinearConfig::new(width, outputs)
        .with_bias(bias)
        // From zero: the problem has one minimum, and no symmetry to break.
        .with_initializer(Initializer::Zeros);
    let mut head: Linear<Learning> = config.init(&device);
    let decay = WeightDecayConfig::new(hyperparameters.weight_decay);
    let mut optimiser = AdamConfig::new().with_weight_decay(Some(decay)).init();

    let per_epoch = draws.len().div_ceil(hyperparameters.batch_size);
    let steps = per_epoch * hyperparameters.epochs;
    for epoch in 0..hyperparameters.epochs {
        let order = order_of_epoch(draws.len(), hyperparameters.seed, epoch);
        let mut running = Running {
            epoch,
            epochs: hyperparameters.epochs,
            seen: 0,
            images: draws.len(),
            loss: 0.0,
            accuracy: 0.0,
        };
        let (mut loss_sum, mut right) = (0.0, 0);
        for (within, indices) in order.chunks(hyperparameters.batch_size).enumerate() {
            let step = epoch * per_epoch + within;
            let rows = indices.iter().flat_map(|&index| scaling.apply(row(&draws[index])));
            let input = TensorData::new(rows.collect::<Vec<f32>>(), [indices.len(), width]);
            let logits = head.forward(Tensor::<Learning, 2>::from_data(input, &device));
            let labels: Vec<usize> =
                indices.iter().map(|&index| training[draws[index].0].label).collect();
            right += count_right(logits.clone().inner(), &labels);
            let targets = Targets::new(&labels, outputs, hyperparameters.label_smoothing, None);
            let loss = loss(logits, &targets, &device);
            let value = f64::from(scalar(loss.clone().inner()));
            if !value.is_finite() {
                return Err(TrainError::Diverged { step });
            }
            let gradients = GradientsParams::from_grads(loss.backward(), &head);
            head = optimiser.step(hyperparameters.rate(step, steps), head, gradients);
            loss_sum += value * indices.len() as f64;
            running.seen += indices.len();
            running.loss = loss_sum / running.seen as f64;
            running.accuracy = right as f64 / running.seen as f64;
            report.step(running);
            if report.stop() {
                return Ok(None);
            }
        }
        let unscaled = scaling.undo(head.valid());
        let (validation_loss, validation_accuracy) = validate(run, &unscaled, width).unzip();
        report.epoch(Finished { running, validation_loss, validation_accuracy });
    }
    Ok(Some(scaling.undo(head.valid())))
}

/// Mean loss and share of right answers of the pictures as they are.
fn validate(run: &HeadRun<'_>, head: &Linear<Flex>, width: usize) -> Option<(f64, f64)> {
    if run.validation.is_empty() {
        return None;
    }
    let rows: Vec<Vec<f32>> =
        run.validation.iter().map(|e| features_of_view(e.image.held(), 0, width)).collect();
    Some(score(&dense(head, &rows), run.validation))
}
