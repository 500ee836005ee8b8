//! The channels of a layer as pictures, the strongest first.

use super::{Layers, LayersError, order};

/// Channels as pictures of a byte for each pixel: black for the lowest number of the channel, white for the highest.
#[derive(Debug)]
pub struct Channels {
    /// Their places.
    pub places: Vec<u32>,
    /// The lowest number of each.
    pub low: Vec<f32>,
    /// The highest number of each.
    pub high: Vec<f32>,
    /// `[channels, height, width]`
    pub pictures: Vec<u8>,
}

impl Layers {
    /// The channels of a layer that differ most from place to place (the standard deviation of their numbers); where each is
    /// a single number, the largest. At most so many.
    ///
    /// # Errors
    ///
    /// [`LayersError::Nowhere`].
    pub fn channels(&self, at: usize, most: usize) -> Result<Channels, LayersError> {
        let (layer, values) = self.seen(at)?;
        let [height, width, channels] = layer.shape;
        let pixels = (height * width) as f32;
        let of = |channel: usize| values.iter().skip(channel).step_by(channels);
        let strength = |channel: usize| {
            let mean = of(channel).sum::<f32>() / pixels;
            if height * width == 1 {
                return mean;
            }
            of(channel).map(|value| (value - mean).powi(2)).sum::<f32>() / pixels
        };
        let mut places = order(&(0..channels).map(strength).collect::<Vec<_>>());
        places.truncate(most);
        let mut found = Channels {
            places: places.iter().map(|place| *place as u32).collect(),
            low: Vec::new(),
            high: Vec::new(),
            pictures: Vec::with_capacity(places.len() * height * width),
        };
        for channel in places {
            let low = of(channel).copied().fold(f32::INFINITY, f32::min);
            let high = of(channel).copied().fold(f32::NEG_INFINITY, f32::max);
            let scale = if high > low { 255.0 / (high - low) } else { 0.0 };
            found.pictures.extend(of(channel).map(|value| ((value - low) * scale).round() as u8));
            found.low.push(low);
            found.high.push(high);
        }
        Ok(found)
    }

    /// The filters of the first layer, which see the colours of the picture, in colour: RGBA, grey where a weight is 0. With the
    /// size of the largest weight of each, where its colours end.
    ///
    /// # Shapes
    ///
    /// - `[filters, kernel, kernel, 4]`, and `[filters]`
    pub fn filters(&self) -> (Vec<u8>, Vec<f32>) {
        let (mut pictures, mut limits) = (Vec::new(), Vec::new());
        let Some(conv) = self.layers.get(1).and_then(|layer| layer.convolution()) else {
            return (pictures, limits);
        };
        let places = conv.kernel * conv.kernel;
        for filter in conv.weights.chunks_exact(3 * places) {
            let limit =
                filter.iter().fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
            for place in 0..places {
                let colour = |channel: usize| {
                    (127.5 + 127.5 * filter[channel * places + place] / limit).round() as u8
                };
                pictures.extend([colour(0), colour(1), colour(2), 255]);
            }
            limits.push(limit);
        }
        (pictures, limits)
    }
}
