//! How a network is trained: every choice in one value, which stands in the checkpoint, so that a resumed run
//! can't drift from the one it continues.

use serde::{Deserialize, Serialize};

use super::TrainError;
use super::pretrained::Start;
use super::schedule::Schedule;
use crate::model::weights::Provenance;
use crate::model::{Architecture, Embedding, Shape};
use crate::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};

/// The rule by which gradients become steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Stochastic gradient descent with Nesterov momentum.
    Sgd,
    /// Adam (Kingma and Ba, arXiv:1412.6980).
    Adam,
    /// Adam with weight decay apart from the gradients (Loshchilov and Hutter, arXiv:1711.05101).
    #[value(name = "adamw")]
    AdamW,
}

/// Random changes made to every training image, anew in every epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Augmentation {
    /// Mirror left and right.
    pub flip: bool,
    /// Shift by up to this share of the side, in `[0, 1)`; what comes in at the edge is mirrored.
    pub shift: f32,
    /// Contrast is multiplied by a factor in `1 ± contrast`.
    pub contrast: f32,
    /// Each colour channel is multiplied by a factor in `1 ± colour`.
    pub colour: f32,
    /// Side of a square that is painted over with the image's mean colour, as a share of the side, in `[0, 1)` (cutout:
    /// DeVries and Taylor, arXiv:1708.04552). Its centre may lie anywhere, so that it is often cut off at the edge.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cutout: f32,
    /// How much of the area may be cut away, in `[0, 1)`: a random part of the image, up to a third wider or narrower than
    /// it, is enlarged to the whole side (random resized crop: Szegedy et al., arXiv:1409.4842).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub crop: f32,
    /// How much images of a batch are mixed with each other, 0 for not at all: the parameter α of the Beta distribution
    /// that the share of the second image is drawn from (MixUp: Zhang et al., arXiv:1710.09412).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mixup: f32,
    /// The share of images that are stored as JPEG in between, in `[0, 1]`, after all other changes: what JPEG takes away
    /// depends on where its blocks of pixels lie, so that stored once and shifted then they are not what a JPEG looks like.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub jpeg: f32,
}

/// Left out where it is not used, so that what was stored before there was one is still what it was.
fn is_zero<N: Default + PartialEq>(share: &N) -> bool {
    *share == N::default()
}

/// Trained weights that a run starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Init {
    /// The name of their file.
    pub file: String,
    /// CRC-32 of the file.
    pub checksum: u32,
    /// What their network's input is normalised by.
    pub normalisation: Normalisation,
    /// Whether all layers are trained; otherwise only a new head is.
    pub unfreeze: bool,
    /// Sharp views of every large picture from which a head learns: one as it is, the others with random changes.
    pub views: usize,
}

/// That a run learns from teachers, and from which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    /// The files of the teachers, whose answers are averaged.
    pub teachers: Vec<Taught>,
    /// The share of a target that is the teachers' answer, in `[0, 1]`; the rest is the label's.
    pub share: f32,
}

/// The file of a network that teaches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taught {
    /// Its name.
    pub file: String,
    /// CRC-32 of it.
    pub checksum: u32,
}

/// What a person asks for. What is left open gets the usual value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choices {
    /// The network; where training starts from other weights, it is theirs.
    pub architecture: Option<Architecture>,
    /// Side of its square input, in pixels; where training starts from other weights, it is usually theirs.
    pub input_size: Option<usize>,
    /// See [`Init::unfreeze`].
    pub unfreeze: bool,
    /// See [`Init::views`].
    pub views: Option<usize>,
    /// How pictures are made square.
    pub framing: Option<Framing>,
    /// How they are made square in a second view.
    pub second_framing: Option<Framing>,
    /// What is done to pictures beyond what is done to them anyway.
    pub enhance: Enhance,
    /// Passes over the training images.
    pub epochs: Option<usize>,
    /// Images per step.
    pub batch_size: Option<usize>,
    /// The optimiser.
    pub optimiser: Option<Optimiser>,
    /// Its highest learning rate.
    pub learning_rate: Option<f64>,
    /// L2 penalty.
    pub weight_decay: Option<f32>,
    /// Share of the target that is spread over all classes.
    pub label_smoothing: Option<f32>,
    /// Share of the training images held out.
    pub validation: Option<f64>,
    /// Whether training images are mirrored.
    pub flip: Option<bool>,
    /// See [`Augmentation::shift`].
    pub shift: Option<f32>,
    /// See [`Augmentation::contrast`].
    pub contrast: Option<f32>,
    /// See [`Augmentation::colour`].
    pub colour: Option<f32>,
    /// See [`Augmentation::cutout`].
    pub cutout: Option<f32>,
    /// See [`Augmentation::crop`].
    pub crop: Option<f32>,
    /// See [`Augmentation::mixup`].
    pub mixup: Option<f32>,
    /// See [`Augmentation::jpeg`].
    pub jpeg: Option<f32>,
    /// See [`Hyperparameters::schedule`].
    pub schedule: Option<Schedule>,
    /// See [`Hyperparameters::distillation`].
    pub distillation: Option<Distillation>,
    /// See [`Hyperparameters::class_weights`].
    pub class_weights: bool,
    /// See [`Hyperparameters::ema`].
    pub ema: Option<f64>,
    /// See [`Hyperparameters::keep_best`].
    pub keep_best: bool,
    /// See [`Hyperparameters::patience`].
    pub patience: Option<usize>,
    /// The seed.
    pub seed: Option<u64>,
}

/// See the [module](self).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hyperparameters {
    /// The network.
    pub architecture: Architecture,
    /// Side of its square input, in pixels.
    pub input_size: usize,
    /// How pictures are made square.
    pub framing: Framing,
    /// How they are made square in a second view, where a frozen backbone gets one.
    pub second_framing: Option<Framing>,
    /// How pictures are resampled.
    pub filter: Filter,
    /// What is done to pictures, in training and ever after.
    pub enhance: Enhance,
    /// What training starts from, if not from random weights.
    pub init: Option<Init>,
    /// Passes over the training images.
    pub epochs: usize,
    /// Images per step.
    pub batch_size: usize,
    /// The optimiser.
    pub optimiser: Optimiser,
    /// Its highest learning rate, for the mean loss of a batch.
    pub learning_rate: f64,
    /// How the rate changes meanwhile.
    #[serde(default, skip_serializing_if = "Schedule::is_usual")]
    pub schedule: Schedule,
    /// L2 penalty, added to the gradients; with [`Optimiser::AdamW`] the share of the rate by which weights become smaller.
    pub weight_decay: f32,
    /// Share of the target that is spread over all classes, in `[0, 1)`.
    pub label_smoothing: f32,
    /// The networks from whose answers it is learnt, beside the labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distillation: Option<Distillation>,
    /// Whether images of rare classes count more, so that all classes count alike.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub class_weights: bool,
    /// How slowly the moving average of the weights follows them, in `[0, 1)`; without an average 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ema: f64,
    /// Whether the weights of the epoch that was best on the validation images are kept, instead of the last ones.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub keep_best: bool,
    /// After how many epochs that are no better than the best one training ends early; the best one is kept then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// Share of the training images held out for validation, in `[0, 1)`.
    pub validation: f64,
    /// Random changes to training images.
    pub augmentation: Augmentation,
    /// Seed of initial weights, split, order, augmentation and dropout. At most [`Provenance::LARGEST_SEED`].
    pub seed: u64,
}

/// The momentum of [`Optimiser::Sgd`].
pub const MOMENTUM: f64 = 0.85;
/// The biases of the convnet's batch norms learn faster by this factor with SGD, and decay slower by it: airbench's
/// 'bias scaler'.
const NORM_BIAS_SCALE: f64 = 64.0;

impl Hyperparameters {
    /// The usual share of training images that are held out.
    pub const VALIDATION: f64 = 0.05;
    /// The usual seed.
    pub const SEED: u64 = 1;
    /// The usual number of views from which a new head learns: see [`Init::views`].
    pub const VIEWS: usize = 3;

    /// What a person's choices come to, for so many training images: what was chosen, and else what is usual for the
    /// network, or for the weights that training starts from.
    pub fn chosen(choices: &Choices, start: Option<&Start>, training_images: usize) -> Self {
        let usual = match start {
            None => Self::new(
                choices.architecture.unwrap_or(Architecture::ConvNet),
                choices.input_size.unwrap_or(32),
                training_images,
            ),
            Some(start) => {
                let views = choices.views.unwrap_or(Self::VIEWS);
                Self::from(start, choices.input_size, choices.unfreeze, views, training_images)
            }
        };
        usual.choosing(choices)
    }

    /// What is a good start for an architecture and a number of training images.
    ///
    /// For the convnet it is airbench94's (arXiv:2404.00498), its rate for a sum of losses over 1,024 images
    /// restated for the mean: 11.5 / (1 + 1 / (1 − 0.85)) = 1.5. The other two have Adam with its usual rate.
    pub fn new(architecture: Architecture, input_size: usize, training_images: usize) -> Self {
        let (optimiser, largest_batch, epochs) = match architecture {
            Architecture::ConvNet => (Optimiser::Sgd, 1024, 10),
            Architecture::Vgg => (Optimiser::Adam, 128, 20),
            Architecture::Plain => (Optimiser::Adam, 128, 30),
            Architecture::EfficientNetLite => (Optimiser::Adam, 256, 30),
        };
        // A small data set still gets a dozen steps an epoch, and large pictures still fit into memory.
        let largest_batch =
            (largest_batch * 32 * 32 / (input_size * input_size).max(1)).clamp(4, largest_batch);
        let batch_size = (training_images / 12).clamp(4, largest_batch);
        let (learning_rate, weight_decay) = usual(optimiser, batch_size, None);
        Self {
            architecture,
            input_size,
            framing: Framing::CentreCrop { fraction: 1.0 },
            second_framing: None,
            filter: Filter::Triangle,
            enhance: Enhance::default(),
            init: None,
            epochs,
            batch_size,
            optimiser,
            learning_rate,
            schedule: Schedule::default(),
            weight_decay,
            label_smoothing: if architecture == Architecture::ConvNet { 0.2 } else { 0.1 },
            distillation: None,
            class_weights: false,
            ema: 0.0,
            keep_best: false,
            patience: None,
            validation: Self::VALIDATION,
            augmentation: Augmentation {
                flip: true,
                shift: 0.0625,
                contrast: 0.1,
                colour: 0.05,
                cutout: 0.0,
                crop: 0.0,
                mixup: 0.0,
                jpeg: 0.0,
            },
            seed: Self::SEED,
        }
    }

    /// What is a good start for training that starts from other weights.
    fn from(
        start: &Start,
        side: Option<usize>,
        unfreeze: bool,
        views: usize,
        training_images: usize,
    ) -> Self {
        let header = &start.header;
        let Preprocessing { input_size, framing, second_framing, filter, enhance, normalisation } =
            header.preprocessing.clone();
        let input_size = side.unwrap_or(input_size);
        let fresh = Self::new(header.architecture, input_size, training_images);
        let init = Init {
            file: start.file.clone(),
            checksum: start.checksum,
            normalisation,
            unfreeze,
            views,
        };
        // A head is so small that any number of its inputs fits into memory.
        let batch_size =
            if unfreeze { fresh.batch_size } else { (training_images / 12).clamp(4, 512) };
        let optimiser = Optimiser::Adam;
        let (learning_rate, weight_decay) = usual(optimiser, batch_size, Some(&init));
        Self {
            framing,
            // What all layers are trained on is one view.
            second_framing: second_framing.filter(|_| !unfreeze),
            filter,
            enhance,
            init: Some(init),
            epochs: match training_images {
                _ if unfreeze => 5,
                0..10_000 => 30,
                _ => 10,
            },
            batch_size,
            optimiser,
            learning_rate,
            weight_decay,
            label_smoothing: 0.0,
            ..fresh
        }
    }

    /// The same with a person's choices. Learning rate and weight decay, where they are left open, are those of the
    /// optimiser that was chosen, and of the batch.
    fn choosing(self, choices: &Choices) -> Self {
        let optimiser = choices.optimiser.unwrap_or(self.optimiser);
        let batch_size = choices.batch_size.unwrap_or(self.batch_size);
        let (learning_rate, weight_decay) = usual(optimiser, batch_size, self.init.as_ref());
        let Augmentation { flip, shift, contrast, colour, cutout, crop, mixup, jpeg } =
            self.augmentation;
        Self {
            framing: choices.framing.unwrap_or(self.framing),
            second_framing: choices.second_framing.or(self.second_framing),
            enhance: Enhance {
                denoise: choices.enhance.denoise || self.enhance.denoise,
                contrast: choices.enhance.contrast || self.enhance.contrast,
                colour_balance: choices.enhance.colour_balance || self.enhance.colour_balance,
            },
            epochs: choices.epochs.unwrap_or(self.epochs),
            batch_size,
            optimiser,
            learning_rate: choices.learning_rate.unwrap_or(learning_rate),
            schedule: choices.schedule.unwrap_or(self.schedule),
            weight_decay: choices.weight_decay.unwrap_or(weight_decay),
            label_smoothing: choices.label_smoothing.unwrap_or(self.label_smoothing),
            distillation: choices.distillation.clone().or(self.distillation),
            class_weights: choices.class_weights || self.class_weights,
            ema: choices.ema.unwrap_or(self.ema),
            keep_best: choices.keep_best || self.keep_best,
            patience: choices.patience.or(self.patience),
            validation: choices.validation.unwrap_or(self.validation),
            augmentation: Augmentation {
                flip: choices.flip.unwrap_or(flip),
                shift: choices.shift.unwrap_or(shift),
                contrast: choices.contrast.unwrap_or(contrast),
                colour: choices.colour.unwrap_or(colour),
                cutout: choices.cutout.unwrap_or(cutout),
                crop: choices.crop.unwrap_or(crop),
                mixup: choices.mixup.unwrap_or(mixup),
                jpeg: choices.jpeg.unwrap_or(jpeg),
            },
            seed: choices.seed.unwrap_or(self.seed),
            ..self
        }
    }

    /// Checks what a person could get wrong on the command line.
    ///
    /// # Errors
    ///
    /// [`TrainError::OutOfRange`] or [`TrainError::InputTooSmall`].
    pub fn validate(&self) -> Result<(), TrainError> {
        let Augmentation { shift, contrast, colour, cutout, crop, mixup, jpeg, .. } =
            self.augmentation;
        let share = |value: f32| (0.0..1.0).contains(&value);
        let checks = [
            (self.epochs > 0, "--epochs", "1 or more"),
            (self.batch_size > 0, "--batch-size", "1 or more"),
            (
                self.learning_rate.is_finite() && self.learning_rate > 0.0,
                "--learning-rate",
                "above 0",
            ),
            (
                self.weight_decay.is_finite() && self.weight_decay >= 0.0,
                "--weight-decay",
                "0 or more",
            ),
            (share(self.label_smoothing), "--label-smoothing", "at least 0 and below 1"),
            (
                self.distillation.as_ref().is_none_or(|of| (0.0..=1.0).contains(&of.share)),
                "--teacher-share",
                "at least 0 and at most 1",
            ),
            (self.init.as_ref().is_none_or(|init| init.views > 0), "--views", "1 or more"),
            ((0.0..1.0).contains(&self.validation), "--validation", "at least 0 and below 1"),
            (share(shift), "--shift", "at least 0 and below 1"),
            (share(cutout), "--cutout", "at least 0 and below 1"),
            (share(crop), "--crop", "at least 0 and below 1"),
            (mixup.is_finite() && mixup >= 0.0, "--mixup", "0 or more"),
            ((0.0..=1.0).contains(&jpeg), "--jpeg", "at least 0 and at most 1"),
            ((0.0..1.0).contains(&self.ema), "--ema", "at least 0 and below 1"),
            (self.patience != Some(0), "--patience", "1 or more"),
            (share(contrast), "--jitter-contrast", "at least 0 and below 1"),
            (share(colour), "--jitter-colour", "at least 0 and below 1"),
            (self.input_size <= Preprocessing::MAX_INPUT_SIZE, "--input-size", "1024 or less"),
            (
                self.seed <= Provenance::LARGEST_SEED,
                "--seed",
                "at most 9007199254740991, which is 2^53 − 1",
            ),
        ];
        if let Some(&(_, what, range)) = checks.iter().find(|(fine, ..)| !fine) {
            return Err(TrainError::OutOfRange { what, range });
        }
        let smallest = Shape::smallest_input(self.architecture);
        if self.input_size < smallest {
            return Err(TrainError::InputTooSmall { architecture: self.architecture, smallest });
        }
        Ok(())
    }

    /// Images per forward pass where nothing has to be kept for gradients, so that they fit into memory.
    pub fn evaluation_batch(input_size: usize) -> usize {
        (256 * 32 * 32 / (input_size * input_size).max(1)).clamp(1, 256)
    }

    /// By how much the biases of batch norms learn faster than the weights.
    pub fn norm_bias_scale(&self) -> f64 {
        match (self.architecture, self.optimiser) {
            (Architecture::ConvNet, Optimiser::Sgd) => NORM_BIAS_SCALE,
            _ => 1.0,
        }
    }

    /// The network's shape for so many classes.
    pub fn shape(&self, classes: usize) -> Shape {
        Shape {
            architecture: self.architecture,
            input_size: self.input_size,
            outputs: Shape::outputs_for(classes),
            vocabulary: 0,
            embedding: Embedding::None,
        }
    }

    /// The preprocessing that they ask for.
    pub fn preprocessing(&self, normalisation: Normalisation) -> Preprocessing {
        Preprocessing {
            input_size: self.input_size,
            framing: self.framing,
            second_framing: self.second_framing,
            filter: self.filter,
            enhance: self.enhance,
            normalisation,
        }
    }

    /// The learning rate of a step.
    pub fn rate(&self, step: usize, steps: usize) -> f64 {
        self.learning_rate * self.schedule.share(step as f64 / steps.max(1) as f64)
    }

    /// Whether the best epoch is kept instead of the last.
    pub fn keeps_best(&self) -> bool {
        self.keep_best || self.patience.is_some()
    }
}

/// The usual highest learning rate and L2 penalty of an optimiser. The rate of SGD grows with the batch.
fn usual(optimiser: Optimiser, batch_size: usize, init: Option<&Init>) -> (f64, f32) {
    let (rate, decay) = match optimiser {
        Optimiser::Sgd => (1.5 * batch_size as f64 / 1024.0, 1.33e-3),
        Optimiser::Adam => (1e-3, 1e-4),
        Optimiser::AdamW => (1e-3, 1e-2),
    };
    match init {
        None => (rate, decay),
        // Trained weights are to be kept by and large.
        Some(Init { unfreeze: true, .. }) => (rate / 10.0, decay),
        // A head is one layer, which is always trained with Adam, on features that don't change.
        Some(Init { unfreeze: false, .. }) => (2e-3, 1.3e-3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pictures_come_in_small_batches() {
        let batch = |size| Hyperparameters::new(Architecture::ConvNet, size, 50_000).batch_size;
        assert_eq!((batch(32), batch(64), batch(224)), (1024, 256, 20));
        assert_eq!(
            (Hyperparameters::evaluation_batch(32), Hyperparameters::evaluation_batch(224)),
            (256, 5)
        );
    }

    fn starting_from(unfreeze: bool) -> Hyperparameters {
        let init = Init {
            file: "backbone.safetensors".to_owned(),
            checksum: 0,
            normalisation: Normalisation::IDENTITY,
            unfreeze,
            views: 3,
        };
        // Of a network that is trained with SGD when it starts from nothing, which is not how it is trained here.
        let fresh = Hyperparameters::new(Architecture::ConvNet, 32, 12_288);
        Hyperparameters { init: Some(init), optimiser: Optimiser::Adam, ..fresh }
    }

    #[test]
    fn every_optimiser_has_its_own_rate_and_decay() {
        let choosing = |hyperparameters: Hyperparameters, optimiser| {
            let choices = Choices { optimiser, ..Choices::default() };
            let Hyperparameters { optimiser, learning_rate, weight_decay, .. } =
                hyperparameters.choosing(&choices);
            (optimiser, (learning_rate, weight_decay))
        };
        let (sgd, adam) = (Optimiser::Sgd, Optimiser::Adam);
        let fresh = || Hyperparameters::new(Architecture::ConvNet, 32, 12_288);
        assert_eq!(choosing(fresh(), None), (sgd, (1.5, 1.33e-3)));
        assert_eq!(choosing(fresh(), Some(adam)), (adam, (1e-3, 1e-4)));
        assert_eq!(choosing(starting_from(true), None), (adam, (1e-4, 1e-4)));
        assert_eq!(choosing(starting_from(true), Some(sgd)), (sgd, (0.15, 1.33e-3)));
        assert_eq!(choosing(starting_from(false), None), (adam, (2e-3, 1.3e-3)));
    }

    #[test]
    fn what_was_chosen_stays_and_the_rate_follows_the_batch() {
        let hyperparameters = Hyperparameters::new(Architecture::ConvNet, 32, 50_000);
        let choices = Choices { batch_size: Some(256), ..Choices::default() };
        assert_eq!(hyperparameters.clone().choosing(&choices).learning_rate, 1.5 / 4.0);
        let choices = Choices {
            optimiser: Some(Optimiser::Adam),
            learning_rate: Some(0.25),
            weight_decay: Some(0.5),
            flip: Some(false),
            seed: Some(7),
            ..choices
        };
        let chosen = hyperparameters.clone().choosing(&choices);
        assert_eq!((chosen.learning_rate, chosen.weight_decay, chosen.seed), (0.25, 0.5, 7));
        assert_eq!(
            chosen.augmentation,
            Augmentation { flip: false, ..hyperparameters.augmentation }
        );
        assert_eq!(hyperparameters.clone().choosing(&Choices::default()), hyperparameters);
    }

    #[test]
    fn a_seed_is_a_number_that_a_browser_can_read() {
        let with = |seed| {
            Hyperparameters { seed, ..Hyperparameters::new(Architecture::ConvNet, 32, 1) }
                .validate()
        };
        with((1 << 53) - 1).unwrap();
        assert!(matches!(with(1 << 53), Err(TrainError::OutOfRange { what: "--seed", .. })));
    }
}
