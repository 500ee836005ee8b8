//! The last maps and the dense layers of a network as plain numbers, for whoever takes a logit apart.

use burn::nn::Linear;
use burn::tensor::Tensor;
use burn::tensor::backend::{Backend, ExecutionError};

/// The last maps of the views of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps {
    /// `[views, features, rows, columns]`
    pub values: Vec<f32>,
    /// How many views there are.
    pub views: usize,
    /// How many features, and so maps of a view.
    pub features: usize,
    /// Cells from top to bottom.
    pub rows: usize,
    /// Cells from left to right.
    pub columns: usize,
}

/// A dense layer.
#[derive(Debug, Clone)]
pub struct Dense {
    /// `[inputs, outputs]`, row by row.
    pub weights: Vec<f32>,
    /// One for each output.
    pub bias: Vec<f32>,
}

/// What stands behind the features of a network.
#[derive(Debug, Clone)]
pub struct Heads {
    /// The head of the classes.
    pub classes: Dense,
    /// That of the wider vocabulary, where there is one.
    pub names: Option<Dense>,
    /// The mean that is subtracted from what the head of the classes reads, if it reads embeddings.
    pub centre: Option<Vec<f32>>,
}

impl Heads {
    /// Brings them from their device.
    ///
    /// # Errors
    ///
    /// If the device is lost.
    pub async fn read<B: Backend>(
        classes: &Linear<B>,
        names: Option<&Linear<B>>,
        centre: Option<Tensor<B, 1>>,
    ) -> Result<Self, ExecutionError> {
        let names = match names {
            Some(names) => Some(dense(names).await?),
            None => None,
        };
        let centre = match centre {
            Some(centre) => Some(numbers(centre).await?),
            None => None,
        };
        Ok(Self { classes: dense(classes).await?, names, centre })
    }
}

async fn dense<B: Backend>(layer: &Linear<B>) -> Result<Dense, ExecutionError> {
    let weights = numbers(layer.weight.val()).await?;
    let [_, outputs] = layer.weight.dims();
    let bias = match &layer.bias {
        Some(bias) => numbers(bias.val()).await?,
        None => vec![0.0; outputs],
    };
    Ok(Dense { weights, bias })
}

async fn numbers<B: Backend, const D: usize>(
    tensor: Tensor<B, D>,
) -> Result<Vec<f32>, ExecutionError> {
    Ok(tensor.into_data_async().await?.iter::<f32>().collect())
}
