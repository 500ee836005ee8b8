//! What dense layers make of features, and how good that is.

use burn::backend::Flex;
use burn::nn::Linear;
use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};

use crate::train::dataset::Example;
use crate::train::metrics::negative_log_likelihood;
use crate::train::objective::argmax;

/// A matrix on the CPU.
pub fn matrix<B: Backend>(values: Vec<f32>, [rows, columns]: [usize; 2]) -> Tensor<B, 2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), &Default::default())
}

/// The outputs of a dense layer for each row.
pub fn dense(layer: &Linear<Flex>, rows: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let [width, outputs] = layer.weight.dims();
    let mut all = Vec::with_capacity(rows.len());
    // So many at a time that their outputs fit into memory.
    for rows in rows.chunks(2048) {
        let output = layer.forward(matrix::<Flex>(rows.concat(), [rows.len(), width]));
        let values: Vec<f32> = output.into_data().iter::<f32>().collect();
        all.extend(values.chunks(outputs).map(<[f32]>::to_vec));
    }
    all
}

/// Mean loss, in nats, and share of right answers.
pub fn score(logits: &[Vec<f32>], examples: &[&Example]) -> (f64, f64) {
    let labels: Vec<usize> = examples.iter().map(|example| example.label).collect();
    let right = logits.iter().zip(&labels).filter(|(row, label)| argmax(row) == **label).count();
    let loss = negative_log_likelihood(logits, &labels, &vec![1.0; labels.len()], 1.0);
    (loss, right as f64 / labels.len().max(1) as f64)
}
