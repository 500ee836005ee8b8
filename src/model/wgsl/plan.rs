//! From a network's steps to calls of kernels: what each reads and writes, made once, without a device.

use super::kernel::{DEPTHWISE_PIXELS, Kernel, POINTWISE_PIXELS, ROW, WORKGROUP};
use crate::model::packed::{Axis, Border, Convolution, InvertedResidual, Step};

/// Channels that the kernels take at a time.
pub const FOUR: usize = 4;
/// Columns that an invocation stores of a convolution: of one with a maximum, of one that reads the image, whose few inputs
/// leave little to do for each column, and of any other. More of them would be a little quicker where the kernel is large, and
/// take twice as long to compile.
const POOLED_COLUMNS: usize = 2;
const IMAGE_COLUMNS: usize = 8;
const COLUMNS: usize = 4;

/// Memory for the maps of a step, by number. Several maps that are never needed at the same time share one.
pub type Slot = usize;

/// The call of a kernel.
#[derive(Debug)]
pub struct Call<'a> {
    pub kernel: Kernel,
    /// What the kernel's `Shape` holds.
    pub shape: Vec<u32>,
    /// The layer, where there are weights, and how many channels of its input there are.
    pub layer: Option<(&'a Convolution, usize)>,
    pub from: Slot,
    /// What is added to the output.
    pub shortcut: Option<Slot>,
    pub to: Slot,
    /// Workgroups in a row, and rows.
    pub workgroups: [u32; 2],
}

/// Maps: channels last, and their channels in fours.
#[derive(Debug, Clone, Copy)]
pub struct Map {
    pub slot: Slot,
    pub side: usize,
    pub channels: usize,
}

impl Map {
    /// How many numbers there are.
    pub fn values(&self) -> usize {
        self.side * self.side * self.channels
    }
}

/// See the [module](self).
#[derive(Debug)]
pub struct Plan<'a> {
    pub calls: Vec<Call<'a>>,
    /// How many numbers each slot holds for one image. The image itself is in the first, and nothing else.
    pub slots: Vec<usize>,
    pub features: Map,
    /// What the features are the means or the largest of, if they are.
    pub maps: Option<Map>,
    free: Vec<Slot>,
}

impl<'a> Plan<'a> {
    /// The plan for square images.
    ///
    /// # Panics
    ///
    /// Where a number of channels is not a multiple of four, or a map is smaller than a kernel.
    pub fn new(steps: &'a [Step], side: usize) -> Self {
        let image = Map { slot: 0, side, channels: FOUR };
        let slots = vec![image.values()];
        let mut plan =
            Self { calls: Vec::new(), slots, features: image, maps: None, free: Vec::new() };
        for step in steps {
            plan.maps = None;
            match step {
                Step::Convolution(layer) => plan.convolution(layer),
                Step::InvertedResidual(block) => plan.block(block),
                Step::Mean => plan.whole(Kernel::Mean),
                Step::Max => plan.whole(Kernel::Max),
            }
        }
        plan
    }

    fn convolution(&mut self, layer: &'a Convolution) {
        let from = self.features;
        let whole = layer.border == Border::Valid && layer.kernel == from.side;
        if layer.pool || layer.stride > 1 || (layer.kernel > 1 && !whole) {
            self.dense(layer);
        } else if whole || from.side == 1 {
            self.vector(layer);
        } else {
            self.pointwise(layer, None);
        }
        self.release(from);
    }

    fn block(&mut self, block: &'a InvertedResidual) {
        let input = self.features;
        if let Some(expand) = &block.expand {
            self.pointwise(expand, None);
        }
        let wide = self.features;
        self.depthwise(&block.depthwise);
        if block.expand.is_some() {
            self.release(wide);
        }
        let filtered = self.features;
        let same = filtered.side == input.side && block.project.bias.len() == input.channels;
        let shortcut = (same && block.expand.is_some()).then_some(input.slot);
        self.pointwise(&block.project, shortcut);
        self.release(filtered);
        self.release(input);
    }

    fn pointwise(&mut self, layer: &'a Convolution, shortcut: Option<Slot>) {
        let from = self.features;
        let to = Map { slot: 0, side: from.side, channels: layer.bias.len() };
        let pixels = from.side * from.side;
        self.call(
            Kernel::Pointwise { activation: layer.activation, shortcut: shortcut.is_some() },
            &[pixels, fours(from.channels), fours(to.channels)],
            Some((layer, from.channels)),
            shortcut,
            to,
            threads(pixels.div_ceil(POINTWISE_PIXELS) * fours(to.channels)),
        );
    }

    fn depthwise(&mut self, layer: &'a Convolution) {
        let Convolution { kernel, stride, activation, .. } = *layer;
        let from = self.features;
        let axis = Axis::new(from.side, kernel, stride, layer.border);
        let channels = fours(from.channels);
        self.call(
            Kernel::Depthwise { kernel, stride, activation },
            &[channels, from.side, from.side, axis.before, axis.out, axis.out],
            Some((layer, 1)),
            None,
            Map { slot: 0, side: axis.out, channels: from.channels },
            threads(axis.out.div_ceil(DEPTHWISE_PIXELS) * axis.out * channels),
        );
    }

    fn dense(&mut self, layer: &'a Convolution) {
        let Convolution { kernel, stride, pool, activation, .. } = *layer;
        let from = self.features;
        let axis = Axis::new(from.side, kernel, stride, layer.border);
        let side = if pool { axis.out / 2 } else { axis.out };
        assert!(side > 0, "a map of {} pixels has nothing to pool", from.side);
        let columns = match from.channels {
            _ if pool => POOLED_COLUMNS,
            FOUR => IMAGE_COLUMNS,
            _ => COLUMNS,
        };
        let to = Map { slot: 0, side, channels: layer.bias.len() };
        let (inputs, outputs) = (fours(from.channels), fours(to.channels));
        self.call(
            Kernel::Dense { kernel, stride, columns, pool, activation },
            &[inputs, outputs, from.side, from.side, axis.before, side, side],
            Some((layer, from.channels)),
            None,
            to,
            threads(side.div_ceil(columns) * side * outputs),
        );
    }

    fn vector(&mut self, layer: &'a Convolution) {
        let from = self.features;
        let to = Map { slot: 0, side: 1, channels: layer.bias.len() };
        let outputs = fours(to.channels);
        self.call(
            Kernel::Vector { activation: layer.activation },
            &[fours(from.values()), outputs],
            Some((layer, from.channels)),
            None,
            to,
            [outputs as u32, 1],
        );
    }

    fn whole(&mut self, kernel: Kernel) {
        let from = self.features;
        let channels = fours(from.channels);
        let to = Map { slot: 0, side: 1, ..from };
        self.call(kernel, &[from.side * from.side, channels], None, None, to, threads(channels));
        // What it is made of stays where it is, if nothing comes after it.
        self.maps = Some(from);
    }

    fn call(
        &mut self,
        kernel: Kernel,
        shape: &[usize],
        layer: Option<(&'a Convolution, usize)>,
        shortcut: Option<Slot>,
        to: Map,
        workgroups: [u32; 2],
    ) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(0);
            self.slots.len() - 1
        });
        self.slots[slot] = self.slots[slot].max(to.values());
        let shape = shape.iter().map(|&size| size as u32).collect();
        let from = self.features.slot;
        self.calls.push(Call { kernel, shape, layer, from, shortcut, to: slot, workgroups });
        self.features = Map { slot, ..to };
    }

    /// Gives the memory of maps to others.
    fn release(&mut self, map: Map) {
        if map.slot > 0 {
            self.free.push(map.slot);
        }
    }
}

/// Workgroups for so many invocations.
fn threads(invocations: usize) -> [u32; 2] {
    let workgroups = invocations.div_ceil(WORKGROUP);
    [workgroups.min(ROW) as u32, workgroups.div_ceil(ROW) as u32]
}

fn fours(channels: usize) -> usize {
    assert!(channels.is_multiple_of(FOUR), "{channels} channels are not a multiple of four");
    channels / FOUR
}

/// The bias of a layer and its weights in the order in which the kernels read them: all outputs for the first input of the
/// first place of the kernel, then for the next input, and so on. Inputs that the layer doesn't have weigh nothing.
pub fn rows(layer: &Convolution, inputs: usize) -> Vec<f32> {
    let (outputs, places) = (layer.bias.len(), layer.kernel * layer.kernel);
    let known = layer.weights.len() / (outputs * places);
    let mut rows = vec![0.0; (1 + places * inputs) * outputs];
    let (bias, weights) = rows.split_at_mut(outputs);
    bias.copy_from_slice(&layer.bias);
    for (output, of_output) in layer.weights.chunks_exact(known * places).enumerate() {
        for (input, of_input) in of_output.chunks_exact(places).enumerate() {
            for (place, &weight) in of_input.iter().enumerate() {
                weights[(place * inputs + input) * outputs + output] = weight;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::steps;

    fn shipped(name: &str) -> (Vec<Step>, usize) {
        let file = std::fs::read(format!("www/model/{name}.safetensors")).unwrap();
        let opened = steps::read(&file).unwrap();
        (opened.steps, opened.header.preprocessing.input_size)
    }

    #[test]
    fn a_picture_takes_few_dispatches() {
        let calls = |name| {
            let (steps, side) = shipped(name);
            Plan::new(&steps, side).calls.len()
        };
        assert_eq!((calls("cifar10"), calls("photo")), (8, 50));
    }

    #[test]
    fn no_call_writes_to_what_is_still_read() {
        for (name, sides) in [("cifar10", [19, 32, 33]), ("photo", [65, 75, 224])] {
            let (steps, _) = shipped(name);
            for side in sides {
                let plan = Plan::new(&steps, side);
                // What is in each slot: the number of the call that wrote it, and the image before all of them.
                let mut holds = vec![None; plan.slots.len()];
                holds[0] = Some(0);
                let mut before = 0;
                for (index, call) in plan.calls.iter().enumerate() {
                    assert_eq!(
                        holds[call.from],
                        Some(before),
                        "it reads what the last call has written"
                    );
                    assert_ne!(call.to, call.from);
                    assert_ne!(call.to, 0, "the image stays");
                    if let Some(shortcut) = call.shortcut {
                        assert_ne!(shortcut, call.to);
                        // Over expansion, filter and projection.
                        assert_eq!(holds[shortcut], Some(index - 2));
                    }
                    before = index + 1;
                    holds[call.to] = Some(before);
                }
                assert_eq!(holds[plan.features.slot], Some(before));
                let maps = plan.maps.expect("both are made of maps");
                assert_eq!(
                    holds[maps.slot],
                    Some(before - 1),
                    "the maps are still there at the end"
                );
                assert!(plan.slots[maps.slot] >= maps.values());
            }
        }
    }

    #[test]
    fn a_network_needs_few_kernels_and_the_same_for_every_side() {
        for (name, most, sides) in [("cifar10", 4, [32, 19, 64]), ("photo", 11, [224, 75, 256])] {
            let (steps, _) = shipped(name);
            let [first, others @ ..] = sides.map(|side| {
                let plan = Plan::new(&steps, side);
                plan.calls.iter().map(|call| call.kernel).collect::<std::collections::HashSet<_>>()
            });
            assert!(first.len() <= most, "{first:?}");
            assert!(others.iter().all(|other| *other == first), "{others:?}");
        }
    }

    #[test]
    fn rows_are_the_bias_and_then_every_input_of_every_place() {
        // Two outputs, one input, which is laid out as two, and four places.
        let layer = Convolution {
            weights: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
            bias: vec![0.5, 0.25],
            kernel: 2,
            stride: 1,
            border: Border::Valid,
            activation: crate::model::packed::Activation::None,
            pool: false,
        };
        let expected = [
            [0.5, 0.25],
            [1.0, 5.0],
            [0.0, 0.0],
            [2.0, 6.0],
            [0.0, 0.0],
            [3.0, 7.0],
            [0.0, 0.0],
            [4.0, 8.0],
            [0.0, 0.0],
        ];
        assert_eq!(rows(&layer, 2), expected.concat());
    }

    #[test]
    #[should_panic(expected = "nothing to pool")]
    fn a_map_that_is_too_small_is_refused() {
        let (steps, _) = shipped("cifar10");
        Plan::new(&steps, 4);
    }
}
