//! The gradient of a convolution's weights as matrix products, for training in half precision with LibTorch.
//!
//! Burn's autodiff writes that gradient as a convolution whose kernel is as large as the image, for which LibTorch has no
//! quick code: it took half the time of a step. Of a 3×3 convolution it is also nine matrix products, one for each place
//! in the kernel, of the output's gradient and the input shifted to that place; matrix products are what the processor's
//! AMX unit does best.

use std::any::Any;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::{Autodiff, LibTorch};
use burn::tensor::backend::Backend;
use burn::tensor::ops::{ConvOptions, FloatTensor};
use burn::tensor::{Tensor, TensorPrimitive};

type Training = Autodiff<LibTorch>;

/// A convolution that keeps the size of its input, with steps of one.
///
/// Gives the input back where the backend is not the one for which this is quicker.
///
/// # Shapes
///
/// - `input`: `[batch, channels_in, height, width]`
/// - `weight`: `[channels_out, channels_in, side, side]`, of an odd side
/// - output: `[batch, channels_out, height, width]`
pub(super) fn conv2d<B: Backend>(
    input: Tensor<B, 4>,
    weight: Tensor<B, 4>,
) -> Result<Tensor<B, 4>, Tensor<B, 4>> {
    let (x, w): (Option<&Tensor<Training, 4>>, Option<&Tensor<Training, 4>>) =
        (same(&input), same(&weight));
    let (Some(x), Some(w)) = (x, w) else { return Err(input) };
    let output = tracked(x.clone(), w.clone());
    same(&output).cloned().ok_or(input)
}

/// The value as what it is, where that is known of its type only here.
fn same<A: Any, C: Any>(value: &A) -> Option<&C> {
    (value as &dyn Any).downcast_ref()
}

fn options(side: usize) -> ConvOptions<2> {
    ConvOptions::new([1; 2], [side / 2; 2], [1; 2], 1)
}

fn tracked<B: Backend>(
    x: Tensor<Autodiff<B>, 4>,
    w: Tensor<Autodiff<B>, 4>,
) -> Tensor<Autodiff<B>, 4> {
    let [.., side] = w.dims();
    let (x, w) = (x.into_primitive().tensor(), w.into_primitive().tensor());
    let prepared = Conv
        .prepare::<NoCheckpointing>([x.node.clone(), w.node.clone()])
        .compute_bound()
        .stateful();
    let output = B::conv2d(x.primitive.clone(), w.primitive.clone(), None, options(side));
    let output = match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((x.primitive, w.primitive), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    Tensor::from_primitive(TensorPrimitive::Float(output))
}

#[derive(Debug)]
struct Conv;

impl<B: Backend> Backward<B, 2> for Conv {
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [node_x, node_w] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        let (x, w) = ops.state;
        let of = |primitive| Tensor::<B, 4>::from_primitive(TensorPrimitive::Float(primitive));
        let [.., side] = of(w.clone()).dims();
        if let Some(node) = node_x {
            let gradient = B::conv2d_x_backward(x.clone(), w, gradient.clone(), options(side));
            gradients.register::<B>(node.id, gradient);
        }
        if let Some(node) = node_w {
            let gradient = weight_gradient(of(x), of(gradient), side);
            gradients.register::<B>(node.id, gradient.into_primitive().tensor());
        }
    }
}

/// # Shapes
///
/// - `x`: `[batch, channels_in, height, width]`
/// - `gradient`: `[batch, channels_out, height, width]`
/// - output: `[channels_out, channels_in, side, side]`
fn weight_gradient<B: Backend>(
    x: Tensor<B, 4>,
    gradient: Tensor<B, 4>,
    side: usize,
) -> Tensor<B, 4> {
    let [batch, inputs, height, width] = x.dims();
    let outputs = gradient.dims()[1];
    let border = side / 2;
    let rows = batch * height * width;
    let gradient = gradient.permute([0, 2, 3, 1]).reshape([rows, outputs]).transpose();
    let padded = [batch, height + 2 * border, width + 2 * border, inputs];
    let padded = Tensor::zeros(padded, (&x.device(), x.dtype())).slice_assign(
        [0..batch, border..border + height, border..border + width, 0..inputs],
        x.permute([0, 2, 3, 1]),
    );
    let places = (0..side * side).map(|place| {
        let (down, right) = (place / side, place % side);
        let shifted = padded
            .clone()
            .slice([0..batch, down..down + height, right..right + width, 0..inputs])
            .reshape([rows, inputs]);
        gradient.clone().matmul(shifted)
    });
    Tensor::stack::<3>(places.collect(), 2).reshape([outputs, inputs, side, side])
}

#[cfg(test)]
mod tests {
    use burn::backend::Flex;
    use burn::tensor::TensorData;

    use super::*;

    /// The gradients of some sum of the outputs, with respect to the input and to the weights.
    fn gradients(
        convolve: impl Fn(
            Tensor<Autodiff<Flex>, 4>,
            Tensor<Autodiff<Flex>, 4>,
        ) -> Tensor<Autodiff<Flex>, 4>,
    ) -> [Vec<f32>; 2] {
        let device = Default::default();
        // Not the backend's own random numbers: those of other tests that run meanwhile come from the same generator.
        let values = |shape: [usize; 4], step: f32| -> Tensor<Autodiff<Flex>, 4> {
            let values = (0..shape.iter().product()).map(|at| (at as f32 * step).sin()).collect();
            Tensor::from_data(TensorData::new(values, shape), &device)
        };
        let x = values([2, 3, 5, 4], 0.7).require_grad();
        let w = values([6, 3, 3, 3], 1.3).require_grad();
        let weights = values([2, 6, 5, 4], 2.9);
        let found = (convolve(x.clone(), w.clone()) * weights).sum().backward();
        [&x, &w].map(|of| of.grad(&found).unwrap().into_data().to_vec().unwrap())
    }

    #[test]
    fn the_gradients_are_those_of_burn() {
        let ours = gradients(tracked);
        let theirs = gradients(|x, w| burn::tensor::module::conv2d(x, w, None, options(3)));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let far = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(ours.len() == theirs.len() && far < 1e-4, "{far}");
        }
    }
}
