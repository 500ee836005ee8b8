//! The exponential moving average of a network's weights (Polyak and Juditsky 1992): steadier than any of the networks
//! that it is made of.

use std::collections::HashMap;

use burn::module::{AutodiffModule, Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::backend::{AutodiffBackend, Backend};
use burn::tensor::{Tensor, TensorPrimitive};

use crate::model::Network;

/// The average after one more step, whose number counts from 0: `average + (1 − decay) · (network − average)`. In the
/// first steps the decay is less, `(1 + step) / (10 + step)`, so that what a network was at random is forgotten.
///
/// Statistics of batch norms are averaged as weights are.
pub(super) fn averaged<B: Backend, M: Module<B>>(
    average: M,
    network: &M,
    decay: f64,
    step: usize,
) -> M {
    struct Reader<B: Backend>(HashMap<ParamId, TensorPrimitive<B>>);
    impl<B: Backend> ModuleVisitor<B> for Reader<B> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
            self.0.insert(param.id, param.val().into_primitive());
        }
    }
    struct Mixer<B: Backend> {
        values: HashMap<ParamId, TensorPrimitive<B>>,
        share: f64,
    }
    impl<B: Backend> ModuleMapper<B> for Mixer<B> {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
            let Some(value) = self.values.remove(&param.id) else { return param };
            let share = self.share;
            param.map(|average| {
                let value = Tensor::<B, D>::from_primitive(value);
                average.clone() + (value - average) * share
            })
        }
    }
    let mut reader = Reader(HashMap::new());
    network.visit(&mut reader);
    let decay = decay.min((1 + step) as f64 / (10 + step) as f64);
    average.map(&mut Mixer { values: reader.0, share: 1.0 - decay })
}

/// A copy that shares nothing: clones share the statistics of their batch norms, and `averaged` writes into them.
pub(super) fn copy<B: AutodiffBackend>(
    network: &Network<B::InnerBackend>,
) -> Network<B::InnerBackend> {
    Network::<B>::from_inner(network.clone()).valid()
}

#[cfg(test)]
mod tests {
    use burn::backend::{Autodiff, Flex};

    use super::*;
    use crate::model::{Architecture, Embedding, Form, Shape, parameters};

    #[test]
    fn every_parameter_is_averaged_the_statistics_of_batch_norms_included() {
        let shape = Shape {
            architecture: Architecture::ConvNet,
            input_size: 32,
            outputs: 3,
            vocabulary: 0,
            embedding: Embedding::None,
        };
        let device = Default::default();
        let network: Network<Flex> = Network::new(shape, Form::Trainable, &device);
        let filled = |value: f32| {
            let values =
                |_: &str, shape: &[usize]| Ok::<_, ()>(vec![value; shape.iter().product()]);
            parameters::write(copy::<Autodiff<Flex>>(&network), &device, values).unwrap()
        };
        let all_are = |network: &Network<Flex>, value: f32| {
            let parameters = parameters::read(network);
            assert!(parameters.iter().any(|parameter| parameter.name.ends_with("running_var")));
            for parameter in parameters {
                let far = |found: &f32| (found - value).abs() > 1e-6;
                assert!(!parameter.values.iter().any(far), "{}", parameter.name);
            }
        };
        all_are(&averaged(filled(1.0), &filled(3.0), 0.75, 1_000), 1.5);
        // At first nearly all of it is the newest.
        all_are(&averaged(filled(1.0), &filled(3.0), 0.75, 0), 2.8);
    }
}
