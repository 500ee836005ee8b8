//! What training makes small, and what an answer is: loss and argmax.

pub(super) use crate::prediction::argmax;
use burn::tensor::activation::{log_sigmoid, log_softmax};
use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};

/// What a network should say of the images of a batch.
///
/// A target is a row with the share of each output. That of an image is 1 for its class and 0 for the others; of a
/// single output, 1 for the second class and 0 for the first. Smoothing and mixing move shares between outputs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Targets {
    outputs: usize,
    shares: Vec<f32>,
    weights: Vec<f32>,
}

impl Targets {
    /// Those of images with one label each.
    ///
    /// - `smoothing`: the share of a target that is spread over all classes, in `[0, 1)`
    /// - `class_weights`: how much an image of each class counts; all the same where there are none
    pub fn new(
        labels: &[usize],
        outputs: usize,
        smoothing: f32,
        class_weights: Option<&[f32]>,
    ) -> Self {
        let classes = outputs.max(2) as f32;
        let share = |right: bool| f32::from(right) * (1.0 - smoothing) + smoothing / classes;
        let shares = labels
            .iter()
            .flat_map(|&label| {
                let first = if outputs == 1 { 1 } else { 0 };
                (first..first + outputs).map(move |class| share(class == label))
            })
            .collect();
        let weight = |&label: &usize| class_weights.map_or(1.0, |weights| weights[label]);
        Self { outputs, shares, weights: labels.iter().map(weight).collect() }
    }

    /// The same, but `share` of each target is what teachers say.
    ///
    /// # Shapes
    ///
    /// - `answers`: a row for each image, with a share for each output
    pub fn taught(mut self, answers: &[f32], share: f32) -> Self {
        for (own, taught) in self.shares.iter_mut().zip(answers) {
            *own += share * (taught - *own);
        }
        self
    }

    /// Those of images into which the images of another order were mixed: `share` of each image is its own.
    pub fn mix(mut self, order: impl Fn(usize) -> usize, share: f32) -> Self {
        let before = self.clone();
        let mixed = |own: f32, other: f32| share * own + (1.0 - share) * other;
        for (index, row) in self.shares.chunks_exact_mut(self.outputs).enumerate() {
            let other = &before.shares[order(index) * self.outputs..];
            row.iter_mut().zip(other).for_each(|(own, &other)| *own = mixed(*own, other));
            self.weights[index] = mixed(before.weights[index], before.weights[order(index)]);
        }
        self
    }
}

/// Mean cross-entropy of a batch; of a single logit, binary cross-entropy.
///
/// # Shapes
///
/// - `logits`: `[batch, outputs]`
pub(super) fn loss<B: Backend>(
    logits: Tensor<B, 2>,
    targets: &Targets,
    device: &B::Device,
) -> Tensor<B, 1> {
    let [batch, outputs] = logits.dims();
    let shares = TensorData::new(targets.shares.clone(), [batch, outputs]);
    let shares = Tensor::<B, 2>::from_data(shares, device);
    let agreement = if outputs == 1 {
        shares.clone() * log_sigmoid(logits.clone()) + (1.0 - shares) * log_sigmoid(-logits)
    } else {
        (shares * log_softmax(logits, 1)).sum_dim(1)
    };
    let total: f32 = targets.weights.iter().sum();
    let weights = TensorData::new(targets.weights.clone(), [batch, 1]);
    -(agreement * Tensor::from_data(weights, device)).sum() / total
}

/// How much an image of each class has to count so that every class counts alike, however many images it has; 1 on
/// average over the images. A class without images counts as 1.
pub(super) fn balanced(labels: impl Iterator<Item = usize>, classes: usize) -> Vec<f32> {
    let mut images = vec![0usize; classes];
    labels.for_each(|label| images[label] += 1);
    let all: usize = images.iter().sum();
    let present = images.iter().filter(|&&count| count > 0).count();
    let weight = |&count: &usize| match count {
        0 => 1.0,
        count => all as f32 / (present * count) as f32,
    };
    images.iter().map(weight).collect()
}

/// The value of a tensor that has only one.
pub(super) fn scalar<B: Backend>(tensor: Tensor<B, 1>) -> f32 {
    tensor.into_data().iter::<f32>().next().unwrap_or(f32::NAN)
}

/// How many of the images are given their own class.
pub(super) fn count_right<B: Backend>(logits: Tensor<B, 2>, labels: &[usize]) -> usize {
    let [_, outputs] = logits.dims();
    let values: Vec<f32> = logits.into_data().iter::<f32>().collect();
    values.chunks(outputs).zip(labels).filter(|(logits, label)| argmax(logits) == **label).count()
}

#[cfg(test)]
mod tests {
    use burn::backend::Flex;
    use burn::nn::loss::{BinaryCrossEntropyLossConfig, CrossEntropyLossConfig};
    use burn::tensor::Int;

    use super::*;

    const LABELS: [usize; 4] = [1, 0, 1, 1];

    fn logits(outputs: usize) -> Tensor<Flex, 2> {
        let values = (0..4 * outputs).map(|at| 3.0 * (at as f32).sin()).collect();
        Tensor::from_data(TensorData::new(values, [4, outputs]), &Default::default())
    }

    fn ours(outputs: usize, targets: &Targets) -> f32 {
        scalar(loss(logits(outputs), targets, &Default::default()))
    }

    #[test]
    fn the_loss_of_labels_is_that_of_burn() {
        let device = Default::default();
        let labels = || Tensor::<Flex, 1, Int>::from_data([1i64, 0, 1, 1], &device);
        for smoothing in [None, Some(0.2)] {
            let targets = |outputs| Targets::new(&LABELS, outputs, smoothing.unwrap_or(0.0), None);
            let config = CrossEntropyLossConfig::new().with_smoothing(smoothing);
            let theirs = scalar(config.init(&device).forward(logits(3), labels()));
            assert!((ours(3, &targets(3)) - theirs).abs() < 1e-5);
            let config = BinaryCrossEntropyLossConfig::new().with_logits(true);
            let config = config.with_smoothing(smoothing).init(&device);
            let theirs = scalar(config.forward(logits(1).flatten(0, 1), labels()));
            assert!((ours(1, &targets(1)) - theirs).abs() < 1e-5);
        }
    }

    #[test]
    fn images_of_a_class_that_counts_twice_count_twice() {
        let values = logits(3).into_data().to_vec::<f32>().unwrap();
        // The second image, the only one of its class, again.
        let repeated: Vec<f32> = [&values[..6], &values[3..]].concat();
        let labels = [LABELS[0], LABELS[1], LABELS[1], LABELS[2], LABELS[3]];
        let repeated =
            Tensor::<Flex, 2>::from_data(TensorData::new(repeated, [5, 3]), &Default::default());
        let expected =
            scalar(loss(repeated, &Targets::new(&labels, 3, 0.0, None), &Default::default()));
        let weighted = ours(3, &Targets::new(&LABELS, 3, 0.0, Some(&[2.0, 1.0, 1.0])));
        assert!((weighted - expected).abs() < 1e-5, "{weighted} {expected}");
    }

    #[test]
    fn the_loss_of_a_mixture_is_a_mixture_of_losses() {
        let of = |labels: &[usize]| ours(3, &Targets::new(labels, 3, 0.1, None));
        let reversed: Vec<usize> = LABELS.iter().rev().copied().collect();
        let mixed = Targets::new(&LABELS, 3, 0.1, None).mix(|index| 3 - index, 0.7);
        let expected = 0.7 * of(&LABELS) + 0.3 * of(&reversed);
        assert!((ours(3, &mixed) - expected).abs() < 1e-5);
    }

    #[test]
    fn what_teachers_say_is_a_share_of_the_target() {
        let label = |outputs| Targets::new(&LABELS, outputs, 0.0, None);
        // Teachers who are sure of the next class, and of the other one.
        let next: Vec<usize> = LABELS.iter().map(|label| (label + 1) % 3).collect();
        for (outputs, sure) in [
            (3, Targets::new(&next, 3, 0.0, None)),
            (1, Targets::new(&LABELS.map(|label| 1 - label), 1, 0.0, None)),
        ] {
            let taught = |share| ours(outputs, &label(outputs).taught(&sure.shares, share));
            assert_eq!(taught(0.0), ours(outputs, &label(outputs)));
            assert!((taught(1.0) - ours(outputs, &sure)).abs() < 1e-5);
            let expected = 0.25 * taught(0.0) + 0.75 * taught(1.0);
            assert!((taught(0.75) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn balanced_classes_count_alike() {
        let weights = balanced([0, 0, 0, 2].into_iter(), 3);
        assert_eq!(weights, [4.0 / 6.0, 1.0, 2.0]);
        assert!((3.0 * weights[0] - weights[2]).abs() < 1e-6);
    }
}
