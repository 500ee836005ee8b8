//! What stands between a [`Classifier`](crate::Classifier) and whatever computes: plain numbers in, plain numbers out.
//!
//! An engine makes features of pictures. What makes logits of these, the dense layers at the end, is a thousandth of the
//! work, and the same plain loops for every engine: see [`Heads`](super::heads::Heads). So no engine has to bring weights
//! back from its device for those who take a logit apart, and a picture takes one way to a device and one back.

use super::heads::Maps;
use super::packed::Packed;

/// A network before its last dense layers, on a device.
pub trait Engine {
    /// The features of pictures, row by row.
    ///
    /// # Shapes
    ///
    /// - each of `images`: `[3, side, side]`
    /// - output: `[images, features]`
    ///
    /// # Errors
    ///
    /// If the device is lost.
    ///
    /// # Panics
    ///
    /// If an image has another size.
    fn features(
        &self,
        images: &[&[f32]],
        side: usize,
    ) -> impl Future<Output = Result<Vec<f32>, EngineError>>;

    /// As [`Engine::features`], with the maps that the features are the means or the largest of, from the same forward
    /// pass; nothing for a network whose features are something else.
    ///
    /// # Errors
    ///
    /// As [`Engine::features`].
    fn features_with_maps(
        &self,
        images: &[&[f32]],
        side: usize,
    ) -> impl Future<Output = Result<Option<(Vec<f32>, Maps)>, EngineError>>;
}

/// Why an engine gave nothing back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The device did not finish: {0}.")]
pub struct EngineError(pub String);

impl Engine for Packed {
    async fn features(&self, images: &[&[f32]], side: usize) -> Result<Vec<f32>, EngineError> {
        let mut features = Vec::new();
        for image in images {
            features.extend(self.forward(image, side, side));
        }
        Ok(features)
    }

    async fn features_with_maps(
        &self,
        images: &[&[f32]],
        side: usize,
    ) -> Result<Option<(Vec<f32>, Maps)>, EngineError> {
        let (mut features, mut values, mut size) = (Vec::new(), Vec::new(), [0; 2]);
        for image in images {
            let Some((of_image, maps, found)) = self.forward_with_maps(image, side, side) else {
                return Ok(None);
            };
            features.extend(of_image);
            values.extend(maps);
            size = found;
        }
        let [rows, columns] = size;
        let views = images.len();
        let wide = features.len() / views.max(1);
        Ok(Some((features, Maps { values, views, features: wide, rows, columns })))
    }
}
