//! The layers of a network that is trained with LibTorch, differentiated by LibTorch itself.
//!
//! Burn's autodiff puts a layer together from small operations: a batch norm in training is some twenty passes over its
//! maps, and the gradient of a convolution's weights a convolution whose kernel is as large as the image, for which
//! LibTorch has no quick code. LibTorch has kernels of its own for all of it. Here a whole layer is one operation of Burn's,
//! whose gradient is what LibTorch's autograd finds: a step takes a third of the time.

use std::any::Any;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::libtorch::TchTensor;
use burn::backend::{Autodiff, LibTorch};
use burn::module::RunningState;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, PaddingConfig2d};
use burn::tensor::backend::Backend;
use burn::tensor::ops::FloatTensor;
use burn::tensor::{Tensor, TensorPrimitive};

use super::packed::{Activation, Axis, Border};

type Training = Autodiff<LibTorch>;

/// The output of a layer (see [`Layer`](super::conv::Layer)), or the input where this is not for it: with another backend,
/// or outside of training.
///
/// # Shapes
///
/// As `Layer::forward`.
pub(super) fn layer<B: Backend>(
    conv: &Conv2d<B>,
    pool: bool,
    norm: Option<&BatchNorm<B>>,
    activation: Activation,
    input: Tensor<B, 4>,
) -> Result<Tensor<B, 4>, Tensor<B, 4>> {
    let (Some(x), Some(conv)) = (same::<_, Tensor<Training, 4>>(&input), same(conv)) else {
        return Err(input);
    };
    let norm = norm.and_then(same::<_, BatchNorm<Training>>);
    let output = forward(x.clone(), conv, norm, pool, activation);
    same(&output).cloned().ok_or(input)
}

/// The value as what it is, where that is known of its type only here.
fn same<A: Any, C: Any>(value: &A) -> Option<&C> {
    (value as &dyn Any).downcast_ref()
}

/// Zeros around the maps, to the left and right, above and below.
fn borders(conv: &Conv2d<Training>, [height, width]: [usize; 2]) -> [i64; 4] {
    let border = match conv.padding {
        PaddingConfig2d::Same => Border::Same,
        PaddingConfig2d::Valid => Border::Valid,
        PaddingConfig2d::Explicit(..) => unreachable!("our layers have no such border"),
    };
    let around = |size, axis: usize| {
        let Axis { before, padded, .. } =
            Axis::new(size, conv.kernel_size[axis], conv.stride[axis], border);
        [before, padded - size - before].map(|zeros| zeros as i64)
    };
    let ([above, below], [left, right]) = (around(height, 0), around(width, 1));
    [left, right, above, below]
}

fn forward(
    input: Tensor<Training, 4>,
    conv: &Conv2d<Training>,
    norm: Option<&BatchNorm<Training>>,
    pool: bool,
    activation: Activation,
) -> Tensor<Training, 4> {
    let whole = |numbers: [usize; 2]| numbers.map(|number| number as i64);
    let (stride, dilation, groups) = (whole(conv.stride), whole(conv.dilation), conv.groups as i64);
    let [_, _, height, width] = input.dims();
    let borders = borders(conv, [height, width]);
    let [left, right, above, below] = borders;
    let even = left == right && above == below;
    let convolved = |x: &tch::Tensor, weight: &tch::Tensor, bias: Option<&tch::Tensor>| {
        // Weights stay in single precision, where small steps add up.
        let kind = x.kind();
        let bias = bias.map(|bias| bias.to_kind(kind));
        // LibTorch's convolutions put as many zeros on one side as on the other.
        let (x, padding) = match even {
            true => (x.shallow_clone(), [above, left]),
            false => (x.constant_pad_nd(borders), [0; 2]),
        };
        let maps = x.conv2d(&weight.to_kind(kind), bias, stride, padding, dilation, groups);
        match pool {
            true => maps.max_pool2d([2, 2], [2, 2], [0, 0], [1, 1], false),
            false => maps,
        }
    };
    let activated = |maps: tch::Tensor| match activation {
        Activation::None => maps,
        Activation::Relu => maps.relu(),
        Activation::Relu6 => maps.clamp(0.0, 6.0),
        Activation::Gelu => maps.gelu("none"),
    };
    let (x, weight) = (primitive(input), primitive(conv.weight.val()));
    match (norm, &conv.bias) {
        (Some(norm), None) => {
            let [mean, variance] = [&norm.running_mean, &norm.running_var].map(statistic);
            let (gamma, beta) = (primitive(norm.gamma.val()), primitive(norm.beta.val()));
            let output = differentiated([x, weight, gamma, beta], |[x, weight, gamma, beta]| {
                activated(convolved(x, weight, None).batch_norm(
                    Some(gamma),
                    Some(beta),
                    Some(&mean),
                    Some(&variance),
                    true,
                    norm.momentum,
                    norm.epsilon,
                    false,
                ))
            });
            // LibTorch has changed them in place.
            norm.running_mean.update(from_torch(mean));
            norm.running_var.update(from_torch(variance));
            output
        }
        (None, Some(bias)) => {
            differentiated([x, weight, primitive(bias.val())], |[x, weight, bias]| {
                activated(convolved(x, weight, Some(bias)))
            })
        }
        (None, None) => {
            differentiated([x, weight], |[x, weight]| activated(convolved(x, weight, None)))
        }
        (Some(_), Some(_)) => unreachable!("a convolution before a norm has no bias"),
    }
}

fn primitive<const D: usize>(tensor: Tensor<Training, D>) -> FloatTensor<Training> {
    tensor.into_primitive().tensor()
}

/// What `compute` makes of the arguments, as one operation.
fn differentiated<const N: usize>(
    arguments: [FloatTensor<Training>; N],
    compute: impl FnOnce(&[tch::Tensor; N]) -> tch::Tensor,
) -> Tensor<Training, 4> {
    // LibTorch's graph begins at these and ends at the output: what lies before and after is Burn's.
    let leaves = arguments.each_ref().map(|argument| {
        let leaf = argument.primitive.tensor.detach();
        leaf.set_requires_grad(!argument.node.requirement.is_none())
    });
    let end = compute(&leaves);
    let output = TchTensor::new(end.detach());
    let prepared = Layers
        .prepare::<NoCheckpointing>(arguments.each_ref().map(|argument| argument.node.clone()))
        .compute_bound()
        .stateful();
    let output = match prepared {
        OpsKind::Tracked(prepared) => {
            // Each with its storage, so that Burn knows that somebody still needs what is in there.
            let mut leaves = leaves.into_iter();
            let leaves = arguments.map(|argument| {
                let leaf = leaves.next().expect("a leaf for each argument");
                TchTensor { tensor: leaf, storage: argument.primitive.storage }
            });
            let end = TchTensor { tensor: end, storage: output.storage.clone() };
            prepared.finish(Graph { leaves, end }, output)
        }
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    Tensor::from_primitive(TensorPrimitive::Float(output))
}

/// What LibTorch remembers of an operation.
#[derive(Debug, Clone)]
struct Graph<const N: usize> {
    leaves: [TchTensor; N],
    end: TchTensor,
}

#[derive(Debug)]
struct Layers;

impl<const N: usize> Backward<LibTorch, N> for Layers {
    type State = Graph<N>;

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<LibTorch>(&ops.node);
        let Graph { leaves, end } = ops.state;
        let asked: Vec<_> = ops
            .parents
            .iter()
            .zip(&leaves)
            .filter_map(|(node, leaf)| Some((node.as_ref()?, &leaf.tensor)))
            .collect();
        // LibTorch's bindings start at a number. This one's gradient with respect to the output is the one given.
        let start = (&end.tensor * &gradient.tensor).sum(None);
        let inputs: Vec<&tch::Tensor> = asked.iter().map(|(_, leaf)| *leaf).collect();
        let found = tch::Tensor::run_backward(&[start], &inputs, false, false);
        for ((node, _), gradient) in asked.into_iter().zip(found) {
            gradients.register::<LibTorch>(node.id, TchTensor::new(gradient));
        }
    }
}

/// A copy, which LibTorch may write into.
fn statistic(state: &RunningState<Tensor<Training, 1>>) -> tch::Tensor {
    state.value_sync().inner().into_primitive().tensor().tensor.copy()
}

fn from_torch<const D: usize>(tensor: tch::Tensor) -> Tensor<Training, D> {
    Tensor::from_inner(Tensor::from_primitive(TensorPrimitive::Float(TchTensor::new(tensor))))
}
