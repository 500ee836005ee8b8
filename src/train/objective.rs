//! What training makes small, and what an answer is: loss and argmax.

pub(super) use crate::prediction::argmax;
use burn::nn::loss::{BinaryCrossEntropyLossConfig, CrossEntropyLossConfig};
use burn::tensor::backend::Backend;
use burn::tensor::{Int, Tensor, TensorData};

/// Cross-entropy with smoothed labels; of a single logit, binary cross-entropy.
///
/// # Shapes
///
/// - `logits`: `[batch, outputs]`
pub(super) fn loss<B: Backend>(
    logits: Tensor<B, 2>,
    labels: &[usize],
    smoothing: f32,
    device: &B::Device,
) -> Tensor<B, 1> {
    let smoothing = (smoothing > 0.0).then_some(smoothing);
    let labels: Vec<i64> = labels.iter().map(|&label| label as i64).collect();
    let targets = Tensor::<B, 1, Int>::from_data(TensorData::from(labels.as_slice()), device);
    let [_, outputs] = logits.dims();
    if outputs == 1 {
        let loss = BinaryCrossEntropyLossConfig::new().with_logits(true).with_smoothing(smoothing);
        loss.init(device).forward(logits.flatten::<1>(0, 1), targets)
    } else {
        CrossEntropyLossConfig::new()
            .with_smoothing(smoothing)
            .init(device)
            .forward(logits, targets)
    }
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
