//! The training loop.
//!
//! Every random choice is drawn from the seed and the position in the schedule alone, and everything else is in
//! the checkpoint: a resumed run takes the very steps that the interrupted one would have taken.

use std::path::Path;
use std::time::Instant;

use burn::module::{Module, ParamId};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, Optimizer, SgdConfig};
use burn::tensor::backend::AutodiffBackend;
use burn::tensor::{DType, Tensor, TensorData};
use rayon::prelude::*;

use super::TrainError;
use super::augment::augment;
use super::checkpoint::{self, Position};
use super::dataset::{DatasetError, Example, Sums};
use super::features::Digest;
use super::history::{self, Epoch};
use super::hyperparameters::{Distillation, Hyperparameters, MOMENTUM, Optimiser};
use super::input;
use super::kept::Kept;
use super::objective::{Targets, balanced, count_right, loss, scalar};
use super::pretrained::{self, Start};
use super::random::{order_of_epoch, share_of_mixture};
use super::report::{Finished, Report, Running};
use super::teacher::{Answers, Teacher};
use super::trained::{Trained, commit};
use super::whiten;
use crate::model::{Form, Network, parameters};
use crate::preprocess::{Normalisation, Preprocessing};

/// How many of the training images tell the whitening filters their directions.
const WHITENING_IMAGES: usize = 5_000;
/// So many of them are in memory at a time, where they are read from disk.
const WHITENING_BATCH: usize = 64;
/// What a run is made of.
pub struct Run<'a> {
    /// How to train.
    pub hyperparameters: &'a Hyperparameters,
    /// Names of the classes.
    pub classes: &'a [String],
    /// What the images are, in words.
    pub data: &'a str,
    /// The images to learn from.
    pub training: &'a [&'a Example],
    /// The images held out.
    pub validation: &'a [&'a Example],
    /// What computes.
    pub backend: &'a str,
    /// Whether images pass through the network in half precision (bfloat16), as its convolutions then do.
    pub half: bool,
    /// Where the run's checkpoint lies.
    pub checkpoint: &'a Path,
    /// Seconds between two checkpoints; there is one after every epoch, too.
    pub checkpoint_seconds: f64,
    /// Whether to go on from that checkpoint.
    pub resume: bool,
    /// Where a table with the figures of each epoch goes, if anywhere.
    pub history: Option<&'a Path>,
    /// The weights that training starts from, if not random ones.
    pub start: Option<&'a Start>,
    /// The networks from whose answers it learns, too: those of [`Hyperparameters::distillation`].
    pub teachers: &'a [Teacher],
}

/// Trains a network, or goes on training it. `None` if the person at the terminal stopped it; a
/// checkpoint is written then, too.
///
/// # Errors
///
/// If a checkpoint can't be read or written, or belongs to another run; if the loss is no longer a number. If a picture
/// that is read from disk is lost: there is a checkpoint then, from which the run goes on when it is back.
pub fn train<B: AutodiffBackend>(
    run: &Run<'_>,
    device: &B::Device,
    report: &mut dyn Report,
) -> Result<Option<Trained<B::InnerBackend>>, TrainError> {
    let decay = |penalty: f32| Some(WeightDecayConfig::new(penalty));
    let penalty = run.hyperparameters.weight_decay;
    match run.hyperparameters.optimiser {
        Optimiser::Sgd => {
            let momentum = MomentumConfig::new()
                .with_momentum(MOMENTUM)
                .with_dampening(0.0)
                .with_nesterov(true);
            let sgd = SgdConfig::new().with_momentum(Some(momentum));
            let norm_bias_scale = run.hyperparameters.norm_bias_scale();
            let norm_penalty = penalty / norm_bias_scale as f32;
            let optimisers = Optimisers {
                weights: sgd.clone().with_weight_decay(decay(penalty)).init::<B, Network<B>>(),
                norm_biases: sgd.with_weight_decay(decay(norm_penalty)).init(),
                norm_bias_scale,
            };
            Loop { run, device, optimisers }.run(report)
        }
        Optimiser::Adam => {
            let adam = AdamConfig::new();
            let optimisers = Optimisers {
                weights: adam.clone().with_weight_decay(decay(penalty)).init::<B, Network<B>>(),
                norm_biases: adam.init(),
                norm_bias_scale: 1.0,
            };
            Loop { run, device, optimisers }.run(report)
        }
        Optimiser::AdamW => {
            let adamw = AdamWConfig::new();
            let optimisers = Optimisers {
                weights: adamw.clone().with_weight_decay(penalty).init::<B, Network<B>>(),
                norm_biases: adamw.with_weight_decay(0.0).init(),
                norm_bias_scale: 1.0,
            };
            Loop { run, device, optimisers }.run(report)
        }
    }
}

/// Mean and standard deviation of the channels of the training images.
pub fn normalisation(images: &[&Example]) -> Normalisation {
    let mut sums = [0u64; 3];
    let mut squares = [0u64; 3];
    let mut count = 0u64;
    for example in images {
        let Sums { count: pixels, values, squares: of_squares } = example.image.sums();
        count += pixels;
        for channel in 0..3 {
            sums[channel] += values[channel];
            squares[channel] += of_squares[channel];
        }
    }
    let count = count.max(1) as f64;
    let mean: [f64; 3] = sums.map(|sum| sum as f64 / count / 255.0);
    let std = std::array::from_fn(|channel| {
        let square: f64 = squares[channel] as f64 / count / 255.0 / 255.0;
        // Images of a single colour have no deviation to divide by.
        (square - mean[channel] * mean[channel]).max(0.0).sqrt().max(0.01) as f32
    });
    Normalisation { mean: mean.map(|value| value as f32), std }
}

struct Optimisers<O> {
    weights: O,
    norm_biases: O,
    norm_bias_scale: f64,
}

struct Loop<'a, B: AutodiffBackend, O> {
    run: &'a Run<'a>,
    device: &'a B::Device,
    optimisers: Optimisers<O>,
}

/// Preprocessed images, as batch, row, column, channel, and their labels, ready for the device.
struct Batch {
    images: TensorData,
    labels: Vec<usize>,
    /// Their places among the images to learn from, of which those held out have none.
    indices: Vec<usize>,
    /// The share of each image that is its own; the rest is that of the image as far from the end as it is from the start.
    own: f32,
}

/// What beside the labels says what an image teaches.
struct Lessons {
    /// How much an image of each class counts.
    class_weights: Option<Vec<f32>>,
    /// What teachers say of every image, and the share of a target that it makes up.
    taught: Option<(Answers, f32)>,
}

impl<B: AutodiffBackend, O: Optimizer<Network<B>, B>> Loop<'_, B, O> {
    fn run(
        mut self,
        report: &mut dyn Report,
    ) -> Result<Option<Trained<B::InnerBackend>>, TrainError> {
        let Run { hyperparameters, classes, data, training, validation, .. } = *self.run;
        let pictures = checkpoint::pictures(training, validation);
        let size = hyperparameters.batch_size.min(training.len());
        let steps_per_epoch = (training.len() / hyperparameters.batch_size).max(1);
        let steps = steps_per_epoch * hyperparameters.epochs;
        let (mut network, mut position, mut kept) = if self.run.resume {
            self.resume(pictures)?
        } else {
            let normalisation = match self.run.start {
                Some(start) => start.header.preprocessing.normalisation,
                None => normalisation(training),
            };
            let position = Position {
                hyperparameters: hyperparameters.clone(),
                data: data.to_owned(),
                pictures,
                classes: classes.to_vec(),
                normalisation,
                commit: commit(),
                backend: self.run.backend.to_owned(),
                step: 0,
                loss_sum: 0.0,
                right: 0,
                seen: 0,
                seconds: 0.0,
                best: None,
                history: Vec::new(),
            };
            let network = self.start(&normalisation)?;
            let kept = Kept::new(hyperparameters, &network);
            (network, position, kept)
        };
        let class_weights = hyperparameters
            .class_weights
            .then(|| balanced(training.iter().map(|example| example.label), classes.len()));
        let preprocessing = hyperparameters.preprocessing(position.normalisation);
        let norm_biases = parameters::identities(&network, |name| name.ends_with(".beta"));
        let taught = match &hyperparameters.distillation {
            Some(Distillation { share, .. }) => {
                let teachers = self.run.teachers;
                let answers =
                    Answers::of(teachers, training, classes, hyperparameters, &preprocessing)?;
                Some((answers, *share))
            }
            None => None,
        };
        let lessons = Lessons { class_weights, taught };

        let start = Instant::now();
        let before = position.seconds;
        let mut saved = Instant::now();
        let preprocessing = &preprocessing;
        let mut order = Vec::new();
        let batches = (position.step..steps).map(move |step| {
            let (epoch, within) = (step / steps_per_epoch, step % steps_per_epoch);
            if order.is_empty() || within == 0 {
                order = order_of_epoch(training.len(), hyperparameters.seed, epoch);
            }
            let indices = &order[within * size..][..size];
            training_batch(training, indices, hyperparameters, preprocessing, epoch)
        });
        input::ahead(batches, |batches| {
            while position.seen > 0
                || position.step < steps
                    && !kept.patience_is_over(hyperparameters, position.history.len())
            {
                // Where a picture was lost while the epoch was measured, the run goes on with measuring it.
                let unmeasured = position.seen > 0 && position.step.is_multiple_of(steps_per_epoch);
                if !unmeasured {
                    let batch = batches.next().ok_or(TrainError::Preparation)?;
                    let batch = batch.map_err(|lost| {
                        self.keep_what_was_learnt(&network, &kept, &position, lost.into())
                    })?;
                    let rate = hyperparameters.rate(position.step, steps);
                    let (trained, loss, right) =
                        self.step(network, batch, rate, &norm_biases, &lessons, position.step)?;
                    network = trained;
                    kept.step(hyperparameters, &network, position.step);
                    position.step += 1;
                    position.seen += size;
                    position.loss_sum += loss * size as f64;
                    position.right += right;
                    position.seconds = before + start.elapsed().as_secs_f64();
                }

                let epoch = (position.step - 1) / steps_per_epoch;
                let running = Running {
                    epoch,
                    epochs: hyperparameters.epochs,
                    seen: position.seen,
                    images: steps_per_epoch * size,
                    loss: position.loss_sum / position.seen as f64,
                    accuracy: position.right as f64 / position.seen as f64,
                };
                report.step(running);
                let epoch_ended = position.step.is_multiple_of(steps_per_epoch);
                if epoch_ended {
                    let validation =
                        self.validate(&kept.current(&network), preprocessing).map_err(|lost| {
                            self.keep_what_was_learnt(&network, &kept, &position, lost)
                        })?;
                    let (validation_loss, validation_accuracy) = validation.unzip();
                    report.epoch(Finished { running, validation_loss, validation_accuracy });
                    let ended = Epoch {
                        epoch: epoch + 1,
                        learning_rate: hyperparameters.rate(position.step - 1, steps),
                        loss: running.loss,
                        accuracy: running.accuracy,
                        validation_loss,
                        validation_accuracy,
                        seconds: position.seconds,
                    };
                    kept.epoch(hyperparameters, &network, &ended);
                    position.best = kept.best();
                    position.history.push(ended);
                    if let Some(path) = self.run.history {
                        history::write(path, &position.history)?;
                    }
                    (position.loss_sum, position.right, position.seen) = (0.0, 0, 0);
                }
                let stop = report.stop();
                if epoch_ended
                    || stop
                    || saved.elapsed().as_secs_f64() > self.run.checkpoint_seconds
                {
                    self.save(&network, &kept, &position)?;
                    saved = Instant::now();
                }
                if stop && position.step < steps {
                    return Ok(None);
                }
            }
            Ok(Some(Trained {
                network: kept.into_network(&network),
                normalisation: position.normalisation,
                commit: position.commit,
                seconds: position.seconds,
                history: position.history,
                best_epoch: position.best.map(|best| best.epoch),
                vocabulary: None,
                left_out: Vec::new(),
                notice: self.run.start.and_then(|start| start.header.provenance.notice.clone()),
            }))
        })
    }

    fn start(&self, normalisation: &Normalisation) -> Result<Network<B>, TrainError> {
        let Run { hyperparameters, classes, training, .. } = *self.run;
        B::seed(self.device, hyperparameters.seed);
        if let Some(start) = self.run.start {
            return Ok(pretrained::network(start, classes, self.device)?);
        }
        Ok(match Network::new(hyperparameters.shape(classes.len()), Form::Trainable, self.device) {
            Network::ConvNet(network) => {
                // From all over the data set: it comes class by class.
                let every = training.len().div_ceil(WHITENING_IMAGES).max(1);
                let some: Vec<&Example> = training.iter().copied().step_by(every).collect();
                let preprocessing = hyperparameters.preprocessing(*normalisation);
                let images = some.chunks(WHITENING_BATCH).flat_map(|batch| {
                    let images = batch.par_iter().map(|e| input::fitted(e, &preprocessing));
                    images.collect::<Vec<_>>()
                });
                let filters = whiten::filters(images, hyperparameters.input_size, normalisation)?;
                Network::ConvNet(network.start(&filters))
            }
            other => other,
        })
    }

    fn save(
        &self,
        network: &Network<B>,
        kept: &Kept<B>,
        position: &Position,
    ) -> Result<(), TrainError> {
        let trained = (
            network.clone().into_record(),
            self.optimisers.weights.to_record(),
            self.optimisers.norm_biases.to_record(),
        );
        let tensors = (trained, kept.tensors());
        checkpoint::save::<B>(self.run.checkpoint, position, tensors)
    }

    /// Writes a checkpoint when a picture was lost, so that the run can go on when it is back; gives the error to end with.
    fn keep_what_was_learnt(
        &self,
        network: &Network<B>,
        kept: &Kept<B>,
        position: &Position,
        lost: TrainError,
    ) -> TrainError {
        self.save(network, kept, position).err().unwrap_or(lost)
    }

    fn resume(&mut self, pictures: Digest) -> Result<(Network<B>, Position, Kept<B>), TrainError> {
        let Run { hyperparameters, classes, data, checkpoint: path, .. } = *self.run;
        let saved = checkpoint::read(path)?;
        let position = saved.position.clone();
        let other =
            |what: &str| TrainError::OtherRun { path: path.to_owned(), what: what.to_owned() };
        if position.hyperparameters != *hyperparameters {
            return Err(other("other hyperparameters"));
        }
        if position.data != data || position.classes != classes {
            return Err(other("other data"));
        }
        if position.pictures != pictures {
            return Err(other("other pictures"));
        }
        if position.backend != self.run.backend {
            return Err(other("another backend"));
        }
        let ((network, weights, norm_biases), kept) = saved.tensors::<B, _>(path, self.device)?;
        self.optimisers.weights = self.optimisers.weights.clone().load_record(weights);
        self.optimisers.norm_biases = self.optimisers.norm_biases.clone().load_record(norm_biases);
        let fresh = self.start(&position.normalisation)?;
        let kept = Kept::load(&fresh, position.best, kept);
        Ok((fresh.load_record(network), position, kept))
    }

    /// One step; gives the new network, the mean loss and how many images were named rightly.
    fn step(
        &mut self,
        network: Network<B>,
        batch: Batch,
        rate: f64,
        norm_biases: &[ParamId],
        lessons: &Lessons,
        step: usize,
    ) -> Result<(Network<B>, f64, usize), TrainError> {
        // Dropout draws from the backend's generator: seeded for every step, it does not matter what came before.
        B::seed(self.device, self.run.hyperparameters.seed ^ ((step as u64 + 1) << 20));
        // With the channels of a pixel side by side in memory, which is how the quickest convolutions want them.
        let images = Tensor::<B, 4>::from_data(batch.images, self.device).permute([0, 3, 1, 2]);
        let images = match self.run.half {
            true => images.cast(DType::BF16),
            false => images,
        };
        let logits = network.forward(images);
        let right = count_right(logits.clone().inner(), &batch.labels);
        let [last, outputs] = [batch.labels.len() - 1, logits.dims()[1]];
        let smoothing = self.run.hyperparameters.label_smoothing;
        let class_weights = lessons.class_weights.as_deref();
        let mut targets = Targets::new(&batch.labels, outputs, smoothing, class_weights);
        if let Some((answers, share)) = &lessons.taught {
            targets = targets.taught(&answers.rows(&batch.indices, outputs), *share);
        }
        let targets = targets.mix(|index| last - index, batch.own);
        let loss = loss(logits, &targets, self.device);
        let value = f64::from(scalar(loss.clone().inner()));
        if !value.is_finite() {
            return Err(TrainError::Diverged { step });
        }
        let mut gradients = loss.backward();
        let slow = GradientsParams::from_params(&mut gradients, &network, norm_biases);
        let rest = GradientsParams::from_grads(gradients, &network);
        let network = self.optimisers.weights.step(rate, network, rest);
        let network =
            self.optimisers.norm_biases.step(rate * self.optimisers.norm_bias_scale, network, slow);
        Ok((network, value, right))
    }

    /// Mean loss and share of right answers on the validation images, if there are any.
    fn validate(
        &self,
        network: &Network<B::InnerBackend>,
        preprocessing: &Preprocessing,
    ) -> Result<Option<(f64, f64)>, TrainError> {
        let validation = self.run.validation;
        if validation.is_empty() {
            return Ok(None);
        }
        let batches = validation
            .chunks(Hyperparameters::evaluation_batch(preprocessing.input_size))
            .map(|examples| plain_batch(examples, preprocessing));
        input::ahead(batches, |batches| {
            let (mut loss_sum, mut right) = (0.0, 0);
            for batch in batches {
                let batch = batch?;
                let images = Tensor::from_data(batch.images, self.device).permute([0, 3, 1, 2]);
                let logits = network.forward(images);
                right += count_right(logits.clone(), &batch.labels);
                let targets = Targets::new(&batch.labels, logits.dims()[1], 0.0, None);
                let loss = loss(logits, &targets, self.device);
                loss_sum += f64::from(scalar(loss)) * batch.labels.len() as f64;
            }
            let count = validation.len() as f64;
            Ok(Some((loss_sum / count, right as f64 / count)))
        })
    }
}

fn training_batch(
    examples: &[&Example],
    indices: &[usize],
    hyperparameters: &Hyperparameters,
    preprocessing: &Preprocessing,
    epoch: usize,
) -> Result<Batch, DatasetError> {
    let side = hyperparameters.input_size;
    let planes = |&index: &usize| {
        let mut image = augment(
            &input::fitted(examples[index], preprocessing)?,
            side,
            &hyperparameters.augmentation,
            hyperparameters.seed,
            epoch,
            index,
        );
        Ok(preprocessing.finish(&mut image))
    };
    let labels = indices.iter().map(|&index| examples[index].label);
    let plain = batch(indices.par_iter().map(planes), labels, side)?;
    let plain = Batch { indices: indices.to_vec(), ..plain };
    Ok(match hyperparameters.augmentation.mixup {
        0.0 => plain,
        // The first image of a batch is another one in every epoch, and tells batches apart.
        alpha => plain.mix(share_of_mixture(alpha, hyperparameters.seed, epoch, indices[0])),
    })
}

impl Batch {
    /// Every image becomes a mixture with the one as far from the end as it is from the start.
    fn mix(self, own: f32) -> Self {
        let shape = self.images.shape.to_vec();
        let values = self.images.to_vec::<f32>().unwrap_or_default();
        let size = values.len() / self.labels.len();
        let mixed = values.chunks_exact(size).zip(values.chunks_exact(size).rev());
        let mixed = mixed.flat_map(|(image, other)| {
            image.iter().zip(other).map(|(image, other)| own * image + (1.0 - own) * other)
        });
        Self { images: TensorData::new(mixed.collect(), shape), own, ..self }
    }
}

fn plain_batch(
    examples: &[&Example],
    preprocessing: &Preprocessing,
) -> Result<Batch, DatasetError> {
    let tensors = examples.par_iter().map(|example| input::planes(example, preprocessing));
    let labels = examples.iter().map(|example| example.label);
    batch(tensors, labels, preprocessing.input_size)
}

fn batch(
    tensors: impl IndexedParallelIterator<Item = Result<Vec<f32>, DatasetError>>,
    labels: impl Iterator<Item = usize>,
    side: usize,
) -> Result<Batch, DatasetError> {
    let tensors: Vec<Vec<f32>> = tensors.collect::<Result<_, _>>()?;
    let shape = [tensors.len(), side, side, 3];
    let plane = side * side;
    let pixels = tensors.iter().flat_map(|planes| {
        (0..plane).flat_map(move |pixel| [0, 1, 2].map(|channel| planes[channel * plane + pixel]))
    });
    let images = TensorData::new(pixels.collect(), shape);
    Ok(Batch { images, labels: labels.collect(), indices: Vec::new(), own: 1.0 })
}

#[cfg(test)]
mod tests {
    use burn::backend::{Autodiff, Flex};

    use super::*;
    use crate::model::Architecture;
    use crate::train::dataset::{Dataset, Source};
    use crate::train::hyperparameters::Augmentation;

    /// Stops after so many steps.
    struct Stop(usize);

    impl Report for Stop {
        fn step(&mut self, _: Running) {
            self.0 = self.0.saturating_sub(1);
        }
        fn epoch(&mut self, _: Finished) {}
        fn stop(&self) -> bool {
            self.0 == 0
        }
    }

    const SIDE: usize = 24;

    /// Grey pictures of three classes, all of which are learnt, or none of them.
    fn examples(count: usize, learnable: bool) -> Vec<Example> {
        let label = |i: usize| if learnable { i % 3 } else { i * i / 3 % 3 };
        let shade = |i: usize| if learnable { 80 * (i % 3) } else { i * 97 % 256 };
        (0..count)
            .map(|i| {
                let image = vec![shade(i) as u8; 3 * SIDE * SIDE];
                Example { image: image.into(), label: label(i) }
            })
            .collect()
    }

    fn classes() -> [String; 3] {
        ["a", "b", "c"].map(str::to_owned)
    }

    #[test]
    fn a_run_that_becomes_no_better_ends_early_and_keeps_its_best_epoch() {
        let folder = tempfile::tempdir().unwrap();
        let [checkpoint, table] = ["x.checkpoint", "x.csv"].map(|name| folder.path().join(name));
        let hyperparameters = Hyperparameters {
            epochs: 60,
            batch_size: 8,
            ema: 0.5,
            patience: Some(2),
            class_weights: true,
            // With batch norms, whose statistics are kept as well.
            ..Hyperparameters::new(Architecture::ConvNet, SIDE, 24)
        };
        let (all, classes) = (examples(36, false), classes());
        let all: Vec<&Example> = all.iter().collect();
        let (training, validation) = all.split_at(24);
        let run = Run {
            hyperparameters: &hyperparameters,
            classes: &classes,
            data: "data",
            training,
            validation,
            backend: "flex",
            half: false,
            checkpoint: &checkpoint,
            checkpoint_seconds: 60.0,
            resume: false,
            history: Some(&table),
            start: None,
            teachers: &[],
        };
        let device = Default::default();
        let report = &mut Stop(usize::MAX);
        let trained = train::<Autodiff<Flex>>(&run, &device, report).unwrap().unwrap();
        let epochs = trained.history.len();
        let best = trained.best_epoch.unwrap();
        assert_eq!(best + 2, epochs, "of sixty");
        let score =
            |epoch: &Epoch| (epoch.validation_accuracy.unwrap(), -epoch.validation_loss.unwrap());
        let kept = score(&trained.history[best - 1]);
        assert!(trained.history.iter().all(|epoch| score(epoch) <= kept));
        // These are its weights.
        let preprocessing = hyperparameters.preprocessing(trained.normalisation);
        let images = plain_batch(validation, &preprocessing).unwrap().images;
        let images = Tensor::from_data(images, &device).permute([0, 3, 1, 2]);
        let labels: Vec<usize> = validation.iter().map(|example| example.label).collect();
        let logits = trained.network.forward(images);
        let loss = loss(logits, &Targets::new(&labels, 3, 0.0, None), &device);
        assert!((f64::from(scalar(loss)) + kept.1).abs() < 1e-5);

        let rows = std::fs::read_to_string(&table).unwrap();
        assert_eq!(rows.lines().count(), epochs + 1, "{rows}");
        assert!(rows.starts_with("epoch,learning_rate,loss,accuracy,validation_loss,"), "{rows}");
    }

    /// Removes a file after the first step.
    struct Remove<'a>(&'a Path);

    impl Report for Remove<'_> {
        fn step(&mut self, _: Running) {
            // It is there once only.
            let _ = std::fs::remove_file(self.0);
        }
        fn epoch(&mut self, _: Finished) {}
        fn stop(&self) -> bool {
            false
        }
    }

    #[test]
    fn pictures_on_disk_train_the_same_network_and_a_lost_one_costs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (data, checkpoint) = (folder.path().join("data"), folder.path().join("x.checkpoint"));
        for (class, name) in classes().iter().enumerate() {
            std::fs::create_dir_all(data.join(name)).unwrap();
            for number in 0..12u8 {
                let at = |x: u32, y: u32| [x as u8 * 3, y as u8 * 5, number * 20 + class as u8];
                let picture = image::RgbImage::from_fn(40, 30, |x, y| image::Rgb(at(x, y)));
                picture.save(data.join(name).join(format!("{number:02}.png"))).unwrap();
            }
        }
        let hyperparameters = Hyperparameters {
            epochs: 3,
            batch_size: 8,
            // With whitening, which looks at pictures, too, and a moving average, which is what is measured.
            ema: 0.5,
            ..Hyperparameters::new(Architecture::ConvNet, SIDE, 24)
        };
        let preprocessing = hyperparameters.preprocessing(Normalisation::IDENTITY);
        let fit = |pixels: &_| preprocessing.fit(pixels).to_rgb8_planar();
        let source = Source::Path(data.clone());
        let held = Dataset::load(&source, fit, |_| ()).unwrap();
        let streamed = Dataset::stream(&source, fit, |_| ()).unwrap();
        let go = |dataset: &Dataset, resume: bool, report: &mut dyn Report| {
            let parts = |validation: bool| -> Vec<&Example> {
                let examples = dataset.train.iter().enumerate();
                let part = examples.filter(|(index, _)| (index % 3 == 0) == validation);
                part.map(|(_, example)| example).collect()
            };
            let run = Run {
                hyperparameters: &hyperparameters,
                classes: &classes(),
                data: "data",
                training: &parts(false),
                validation: &parts(true),
                backend: "flex",
                half: false,
                checkpoint: &checkpoint,
                checkpoint_seconds: 60.0,
                resume,
                history: None,
                start: None,
                teachers: &[],
            };
            let trained = train::<Autodiff<Flex>>(&run, &Default::default(), report)?.unwrap();
            let images = plain_batch(run.validation, &preprocessing)?.images;
            let images = Tensor::from_data(images, &Default::default()).permute([0, 3, 1, 2]);
            let logits = trained.network.forward(images).into_data().to_vec::<f32>().unwrap();
            let epochs = trained.history.into_iter();
            let epochs: Vec<[f64; 4]> = epochs
                .map(|e| {
                    [e.loss, e.accuracy, e.validation_loss.unwrap(), e.validation_accuracy.unwrap()]
                })
                .collect();
            Ok::<_, TrainError>((trained.normalisation, logits, epochs))
        };
        let expected = go(&held, false, &mut Stop(usize::MAX)).unwrap();
        assert_eq!(expected.2.len(), 3);
        assert_eq!(go(&streamed, false, &mut Stop(usize::MAX)).unwrap(), expected);

        // One to learn from, and one that is measured at the end of an epoch. Put back, the run goes on: as it was, or
        // with all pictures in memory.
        for (name, resumed_with) in [("a/01.png", &streamed), ("b/06.png", &held)] {
            let path = data.join(name);
            let picture = std::fs::read(&path).unwrap();
            let error = go(&streamed, false, &mut Remove(&path)).unwrap_err();
            let named = matches!(
                &error, TrainError::Dataset(DatasetError::Lost { path: lost, .. }) if *lost == path
            );
            assert!(named, "{error}");
            std::fs::write(&path, picture).unwrap();
            let (_, logits, epochs) = go(resumed_with, true, &mut Stop(usize::MAX)).unwrap();
            assert_eq!(logits, expected.1, "{name}");
            // What was counted before went through a checkpoint, whose decimal numbers may be off in the last bit.
            for (epoch, expected) in epochs.as_flattened().iter().zip(expected.2.as_flattened()) {
                assert!((epoch - expected).abs() < 1e-12, "{name}: {epoch} {expected}");
            }
            assert_eq!(epochs.len(), 3);
        }
    }

    #[test]
    fn images_are_mixed_with_their_labels() {
        let hyperparameters = |mixup| {
            let usual = Hyperparameters::new(Architecture::Plain, SIDE, 12);
            let augmentation = Augmentation { mixup, ..usual.augmentation };
            Hyperparameters { augmentation, ..usual }
        };
        let examples = examples(6, true);
        let examples: Vec<&Example> = examples.iter().collect();
        let preprocessing = hyperparameters(0.0).preprocessing(Normalisation::IDENTITY);
        let batch = |mixup| {
            let all = [0, 1, 2, 3, 4, 5];
            training_batch(&examples, &all, &hyperparameters(mixup), &preprocessing, 0).unwrap()
        };
        let (plain, mixed) = (batch(0.0), batch(1.0));
        assert!(plain.own == 1.0 && (0.5..1.0).contains(&mixed.own), "{}", mixed.own);
        assert_eq!((plain.labels, mixed.labels.len()), (vec![0, 1, 2, 0, 1, 2], 6));
        let [plain, images] =
            [plain.images, mixed.images].map(|images| images.to_vec::<f32>().unwrap());
        let size = 3 * SIDE * SIDE;
        for at in [0, size / 2, size - 1] {
            let expected = mixed.own * plain[at] + (1.0 - mixed.own) * plain[5 * size + at];
            assert!((images[at] - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn a_run_goes_on_with_the_pictures_that_it_began_with_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = folder.path().join("x.checkpoint");
        let hyperparameters = Hyperparameters {
            epochs: 2,
            batch_size: 4,
            ..Hyperparameters::new(Architecture::Plain, SIDE, 12)
        };
        let (examples, classes) = (examples(12, true), classes());
        let go = |examples: &[Example], resume: bool, steps: usize| {
            let (training, validation) = examples.split_at(8);
            let run = Run {
                hyperparameters: &hyperparameters,
                classes: &classes,
                data: "data",
                training: &training.iter().collect::<Vec<_>>(),
                validation: &validation.iter().collect::<Vec<_>>(),
                backend: "flex",
                half: false,
                checkpoint: &checkpoint,
                checkpoint_seconds: 60.0,
                resume,
                history: None,
                start: None,
                teachers: &[],
            };
            train::<Autodiff<Flex>>(&run, &Default::default(), &mut Stop(steps))
        };
        assert!(go(&examples, false, 1).unwrap().is_none());
        let refused = |change: &dyn Fn(&mut [Example])| {
            let mut others = examples.clone();
            change(&mut others);
            matches!(go(&others, true, 100), Err(TrainError::OtherRun { .. }))
        };
        let changed = |example: &mut Example| {
            let mut image = example.image.held().to_vec();
            image[77] ^= 1;
            example.image = image.into();
        };
        assert!(refused(&|others| changed(&mut others[3])), "a pixel");
        assert!(refused(&|others| others[3].label = 1), "a label");
        assert!(refused(&|others| others.swap(0, 1)), "the order");
        assert!(refused(&|others| changed(&mut others[10])), "a pixel held out");
        assert!(go(&examples, true, 100).unwrap().is_some());
    }
}
