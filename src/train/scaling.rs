//! Features in the scale that suits their training, which is put into the trained layer afterwards.

use burn::backend::Flex;
use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData};

/// Added to the deviation of each feature before dividing by it: some are zero nearly everywhere.
const SMALLEST_DEVIATION: f64 = 0.02;

/// What is taken off each feature, and what it is then divided by.
pub struct Scaling {
    mean: Vec<f32>,
    divisor: Vec<f32>,
}

impl Scaling {
    /// Each feature relative to its own mean and deviation, so that one learning rate suits them all.
    ///
    /// `centred` says whether the mean is taken off, which only a layer with a bias can make good again.
    pub fn each(rows: impl Iterator<Item = Vec<f32>>, width: usize, centred: bool) -> Self {
        let (mut sums, mut squares, mut count) = (vec![0.0f64; width], vec![0.0f64; width], 0usize);
        for row in rows {
            count += 1;
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(row) {
                *sum += f64::from(value);
                *square += f64::from(value) * f64::from(value);
            }
        }
        let count = count.max(1) as f64;
        let mean = sums.iter().map(|sum| if centred { sum / count } else { 0.0 });
        let mean: Vec<f64> = mean.collect();
        let divisor = squares.iter().zip(&mean).map(|(square, mean)| {
            ((square / count - mean * mean).max(0.0).sqrt() + SMALLEST_DEVIATION) as f32
        });
        Self { divisor: divisor.collect(), mean: mean.iter().map(|&mean| mean as f32).collect() }
    }

    /// All features around their means and divided by the mean length of a row, so that a penalty on the weights means
    /// the same for every backbone and leaves their proportions as they are.
    pub fn together<'a>(rows: impl Iterator<Item = &'a [f32]>, width: usize) -> Self {
        let (mut sums, mut lengths, mut count) = (vec![0.0f64; width], 0.0, 0usize);
        for row in rows {
            count += 1;
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
            lengths += row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        }
        let count = count.max(1) as f64;
        // Features of nothing but zeros stay zeros.
        let length = if lengths > 0.0 { lengths / count } else { 1.0 };
        Self {
            mean: sums.iter().map(|sum| (sum / count) as f32).collect(),
            divisor: vec![length as f32; width],
        }
    }

    /// A row of features, scaled.
    pub fn apply(&self, mut row: Vec<f32>) -> Vec<f32> {
        for ((value, mean), divisor) in row.iter_mut().zip(&self.mean).zip(&self.divisor) {
            *value = (*value - mean) / divisor;
        }
        row
    }

    /// The layer that does for features what the given one does for scaled features.
    pub fn undo(&self, mut layer: Linear<Flex>) -> Linear<Flex> {
        let [width, outputs] = layer.weight.dims();
        let device = layer.weight.device();
        let column = |values: &[f32]| {
            Tensor::<Flex, 2>::from_data(TensorData::new(values.to_vec(), [width, 1]), &device)
        };
        let weight = layer.weight.val() / column(&self.divisor);
        let offset = (weight.clone() * column(&self.mean)).sum_dim(0).reshape([outputs]);
        layer.weight = Param::from_tensor(weight);
        layer.bias = layer.bias.map(|bias| Param::from_tensor(bias.val() - offset));
        layer
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::LinearConfig;

    use super::super::head::dense;
    use super::*;

    const ROWS: [[f32; 3]; 3] = [[1.0, 10.0, 0.0], [3.0, 30.0, 0.0], [2.0, 50.0, 0.0]];

    fn scalings() -> [(Scaling, bool); 3] {
        let each = |centred| Scaling::each(ROWS.iter().map(|row| row.to_vec()), 3, centred);
        let together = Scaling::together(ROWS.iter().map(|row| row.as_slice()), 3);
        [(each(true), true), (each(false), false), (together, true)]
    }

    #[test]
    fn means_are_taken_off() {
        for (scaling, _) in scalings().into_iter().filter(|(_, centred)| *centred) {
            let scaled = ROWS.map(|row| scaling.apply(row.to_vec()));
            for feature in 0..3 {
                let mean = scaled.iter().map(|row| row[feature]).sum::<f32>() / 3.0;
                assert!(mean.abs() < 1e-5, "{scaled:?}");
            }
        }
    }

    #[test]
    fn scaling_is_undone_in_the_layer() {
        for (scaling, bias) in scalings() {
            let scaled = ROWS.map(|row| scaling.apply(row.to_vec()));
            let layer = LinearConfig::new(3, 4).with_bias(bias).init(&Default::default());
            let expected = dense(&layer, &scaled).concat();
            let found = dense(&scaling.undo(layer), &ROWS.map(|row| row.to_vec())).concat();
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4, "{found}, not {expected}");
            }
        }
    }
}
