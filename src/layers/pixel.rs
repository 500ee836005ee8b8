//! One number of a layer, taken apart.

use super::plan::Kind;
use super::{Layers, LayersError, length, order};

/// What a number of a layer is made of.
#[derive(Debug, Default, PartialEq)]
pub struct Pixel {
    /// Rows and columns of the patch that it sees.
    pub patch: [usize; 2],
    /// The patch's first row and column, which may lie outside of the picture: there are zeros.
    pub corner: [isize; 2],
    /// The channels of the patch; in a convolution that which adds most (or takes most away) first.
    pub channels: Vec<u32>,
    /// The numbers that go in: `[channels, rows, columns]` of the patch.
    pub inputs: Vec<f32>,
    /// What each of them is multiplied by; nothing where that isn't what is done.
    pub weights: Vec<f32>,
    /// What comes of each channel: the sum of its products.
    pub sums: Vec<f32>,
    /// What is added to these.
    pub bias: f32,
    /// What comes out.
    pub output: f32,
}

impl Layers {
    /// Takes apart what comes out of a layer at a pixel of a channel.
    ///
    /// # Errors
    ///
    /// [`LayersError::Nowhere`].
    pub fn pixel(
        &self,
        at: usize,
        channel: usize,
        row: usize,
        column: usize,
    ) -> Result<Pixel, LayersError> {
        let (layer, values) = self.seen(at)?;
        let [height, width, channels] = layer.shape;
        if row >= height || column >= width || channel >= channels {
            return Err(LayersError::Nowhere);
        }
        let place = (row * width + column) * channels + channel;
        let output = values[place];
        let input = self.output(layer.from);
        let own = vec![channel as u32];
        let single = |inputs: Vec<f32>| Pixel {
            patch: [1, inputs.len()],
            corner: [row as isize, column as isize],
            channels: own.clone(),
            inputs,
            output,
            ..Pixel::default()
        };
        let window = |patch: [usize; 2]| {
            let corner = [row * patch[0], column * patch[1]].map(|at| at as isize);
            let inputs = self.patch(layer.from, &input, channel, patch, corner);
            Pixel { patch, corner, ..single(inputs) }
        };
        let [before_height, before_width, deep] = self.layers[layer.from].shape;
        Ok(match &layer.kind {
            Kind::Picture => single(vec![output]),
            Kind::Activation(_) => single(vec![input[place]]),
            Kind::Add(other) => single(vec![input[place], self.output(*other)[place]]),
            Kind::Pool => window([2, 2]),
            Kind::Mean | Kind::Max => window([before_height, before_width]),
            Kind::Looks => {
                let others = self.features.iter().rev().map(|look| look[channel]);
                single([input[channel]].into_iter().chain(others).collect())
            }
            Kind::Embedding(centre) => {
                single(vec![input[channel], centre[channel], length(&input, centre)])
            }
            Kind::Evidence(_) | Kind::Softmax => single(input.to_vec()),
            Kind::Convolution(conv) | Kind::Dense(conv) | Kind::Depthwise(conv) => {
                let patch = [conv.kernel; 2];
                let corner =
                    [conv.first_seen(before_height, row), conv.first_seen(before_width, column)];
                let seen = match layer.kind {
                    Kind::Depthwise(_) => channel..channel + 1,
                    _ => 0..deep,
                };
                let places = conv.kernel * conv.kernel;
                let weights = conv.weights.chunks_exact(places * seen.len()).nth(channel);
                let weights = weights.unwrap_or_default();
                let take = |channel| self.patch(layer.from, &input, channel, patch, corner);
                let inputs: Vec<f32> = seen.clone().flat_map(take).collect();
                let sum = |at: usize| {
                    let part = at * places..(at + 1) * places;
                    let products = inputs[part.clone()].iter().zip(&weights[part]);
                    products.map(|(value, weight)| value * weight).sum::<f32>()
                };
                let sums: Vec<f32> = (0..seen.len()).map(sum).collect();
                let sizes: Vec<f32> = sums.iter().map(|sum| sum.abs()).collect();
                // In a picture the colours stay in their order.
                let order = if layer.from == 0 { seen.clone().collect() } else { order(&sizes) };
                let sorted = |of: &[f32]| -> Vec<f32> {
                    order
                        .iter()
                        .flat_map(|&at| &of[at * places..(at + 1) * places])
                        .copied()
                        .collect()
                };
                Pixel {
                    patch,
                    corner,
                    channels: order.iter().map(|&at| (seen.start + at) as u32).collect(),
                    inputs: sorted(&inputs),
                    weights: sorted(weights),
                    sums: order.iter().map(|&at| sums[at]).collect(),
                    bias: conv.bias[channel],
                    output,
                }
            }
        })
    }

    /// A patch of a channel of what comes out of a layer, with zeros around the picture.
    fn patch(
        &self,
        at: usize,
        values: &[f32],
        channel: usize,
        [rows, columns]: [usize; 2],
        [top, left]: [isize; 2],
    ) -> Vec<f32> {
        let [height, width, channels] = self.layers[at].shape;
        let inside = |at: isize, size: usize| usize::try_from(at).ok().filter(|at| *at < size);
        let value = |row: isize, column: isize| {
            let place = inside(row, height)? * width + inside(column, width)?;
            values.get(place * channels + channel).copied()
        };
        (0..rows * columns)
            .map(|at| value(top + (at / columns) as isize, left + (at % columns) as isize))
            .map(Option::unwrap_or_default)
            .collect()
    }

    /// How the shares of the classes come about, the largest first: for each class its place, its logit, that divided by the
    /// temperature, e to the power of how far that is below the largest, and its share.
    ///
    /// # Shapes
    ///
    /// - `[classes, 5]`
    ///
    /// # Errors
    ///
    /// [`LayersError::Nowhere`] before all is computed.
    pub fn shares(&self) -> Result<Vec<f32>, LayersError> {
        let last = self.layers.len() - 1;
        let (layer, shares) = self.seen(last)?;
        let logits = match &*self.output(layer.from) {
            // Of two classes the first has the logit 0.
            [logit] => vec![0.0, *logit],
            logits => logits.to_vec(),
        };
        let scaled: Vec<f32> = logits.iter().map(|logit| logit / self.header.temperature).collect();
        let most = scaled.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let row =
            |at: usize| [at as f32, logits[at], scaled[at], (scaled[at] - most).exp(), shares[at]];
        Ok(order(&shares).into_iter().flat_map(row).collect())
    }

    /// What the head, and then the names, say of each class, and what comes of both: its place, the head's logit, the
    /// log-probability of its names, and its logit. Nothing where names don't count.
    ///
    /// # Shapes
    ///
    /// - `[classes, 4]`
    ///
    /// # Errors
    ///
    /// [`LayersError::Nowhere`] before all is computed.
    pub fn evidence_of_classes(&self) -> Result<Vec<f32>, LayersError> {
        let (layer, logits) = self.seen(self.layers.len().saturating_sub(2))?;
        let (Kind::Evidence(names), Some(evidence)) = (&layer.kind, self.evidence()) else {
            return Ok(Vec::new());
        };
        let own = self.output(layer.from);
        let of_names = evidence.log_probabilities(&self.output(*names), own.len());
        let row = |at: usize| [at as f32, own[at], of_names[at], logits[at]];
        Ok(order(&logits).into_iter().flat_map(row).collect())
    }

    /// What the logits of the classes are divided by before the softmax.
    pub fn temperature(&self) -> f32 {
        self.header.temperature
    }
}
