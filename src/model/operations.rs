//! A network of Burn's operations as an [`Engine`], on any of Burn's backends.

use burn::tensor::backend::{Backend, ExecutionError};
use burn::tensor::{Tensor, TensorData};

use super::engine::{Engine, EngineError};
use super::heads::Maps;
use super::network::Network;

/// See the [module](self).
#[derive(Debug)]
pub struct Operations<B: Backend> {
    network: Network<B>,
    device: B::Device,
}

impl<B: Backend> Operations<B> {
    /// A folded network that lies on a device.
    pub fn new(network: Network<B>, device: B::Device) -> Self {
        Self { network, device }
    }

    fn batch(&self, images: &[&[f32]], side: usize) -> Tensor<B, 4> {
        let data = TensorData::new(images.concat(), [images.len(), 3, side, side]);
        Tensor::from_data(data, &self.device)
    }
}

impl<B: Backend> Engine for Operations<B> {
    async fn features(&self, images: &[&[f32]], side: usize) -> Result<Vec<f32>, EngineError> {
        numbers(self.network.features(self.batch(images, side)).flatten::<1>(0, 1)).await
    }

    async fn features_with_maps(
        &self,
        images: &[&[f32]],
        side: usize,
    ) -> Result<Option<(Vec<f32>, Maps)>, EngineError> {
        let found = self.network.features_with_maps(self.batch(images, side));
        let Some((features, maps)) = found else { return Ok(None) };
        let [views, wide, rows, columns] = maps.dims();
        // One way back from the device for both: each takes longer than what it carries.
        let both = Tensor::cat(vec![features.flatten::<1>(0, 1), maps.flatten(0, 3)], 0);
        let mut features = numbers(both).await?;
        let values = features.split_off(views * wide);
        Ok(Some((features, Maps { values, views, features: wide, rows, columns })))
    }
}

async fn numbers<B: Backend>(tensor: Tensor<B, 1>) -> Result<Vec<f32>, EngineError> {
    let lost = |error: ExecutionError| EngineError(format!("{error:?}"));
    // Awaited, because in the browser nothing else keeps a queue of submissions from growing.
    Ok(tensor.into_data_async().await.map_err(lost)?.iter::<f32>().collect())
}
