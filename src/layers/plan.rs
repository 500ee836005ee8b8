//! The layers of a network in their order, each as small as it can be taken: a convolution, its pooling and its activation are
//! three.

use crate::model::packed::{Activation, Border, Convolution, Step};
use crate::model::steps::Opened;

/// What a layer does.
#[derive(Debug)]
pub enum Kind {
    /// The numbers of the picture come in.
    Picture,
    /// Each output sees all channels of its patch.
    Convolution(Convolution),
    /// Each output sees its own channel of its patch.
    Depthwise(Convolution),
    /// One output for each channel, which sees all there is.
    Dense(Convolution),
    /// The largest of two by two.
    Pool,
    /// A function of each number.
    Activation(Activation),
    /// The sum with what came out of a layer before.
    Add(usize),
    /// The mean of each channel.
    Mean,
    /// The largest number of each channel.
    Max,
    /// The mean over the looks at the picture.
    Looks,
    /// The features less this mean, divided by how far they are from it.
    Embedding(Vec<f32>),
    /// With what the names of this layer say about the classes.
    Evidence(usize),
    /// Shares of the classes.
    Softmax,
}

/// A layer.
#[derive(Debug)]
pub struct Layer {
    /// What it does.
    pub kind: Kind,
    /// The layer whose output it reads; the picture reads itself.
    pub from: usize,
    /// Which of the inverted residuals it belongs to, from 1 on; 0 for none.
    pub block: usize,
    /// `[height, width, channels]` of what comes out.
    pub shape: [usize; 3],
}

impl Layer {
    /// What the kind is called, for programs.
    pub fn name(&self) -> &'static str {
        match &self.kind {
            Kind::Picture => "picture",
            Kind::Convolution(_) => "convolution",
            Kind::Depthwise(_) => "depthwise",
            Kind::Dense(_) => "dense",
            Kind::Pool => "pool",
            Kind::Activation(Activation::Relu) => "relu",
            Kind::Activation(Activation::Relu6) => "relu6",
            Kind::Activation(Activation::Gelu) => "gelu",
            Kind::Activation(Activation::None) => "identity",
            Kind::Add(_) => "add",
            Kind::Mean => "mean",
            Kind::Max => "max",
            Kind::Looks => "looks",
            Kind::Embedding(_) => "embedding",
            Kind::Evidence(_) => "evidence",
            Kind::Softmax => "softmax",
        }
    }

    /// The convolution that it is.
    pub fn convolution(&self) -> Option<&Convolution> {
        match &self.kind {
            Kind::Convolution(conv) | Kind::Depthwise(conv) | Kind::Dense(conv) => Some(conv),
            _ => None,
        }
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> usize {
        match (&self.kind, self.convolution()) {
            (Kind::Embedding(centre), _) => centre.len(),
            (_, Some(conv)) => conv.weights.len() + conv.bias.len(),
            (_, None) => 0,
        }
    }

    /// Multiplications, each with an addition, of the convolutions.
    pub fn multiply_adds(&self) -> u64 {
        let [height, width, _] = self.shape.map(|side| side as u64);
        self.convolution().map_or(0, |conv| height * width * conv.weights.len() as u64)
    }
}

/// The layers of a network, for pictures that are looked at so many times.
pub fn layers(opened: &Opened, looks: usize) -> Vec<Layer> {
    let side = opened.header.preprocessing.input_size;
    let picture = Layer { kind: Kind::Picture, from: 0, block: 0, shape: [side, side, 3] };
    let mut plan = Plan { layers: vec![picture], block: 0 };
    let mut blocks = 0;
    for step in &opened.steps {
        match step {
            Step::Convolution(conv) => plan.convolution(conv, false),
            Step::InvertedResidual(block) => {
                blocks += 1;
                plan.block = blocks;
                let before = plan.last();
                if let Some(expand) = &block.expand {
                    plan.convolution(expand, false);
                }
                plan.convolution(&block.depthwise, true);
                plan.convolution(&block.project, false);
                let same = plan.shape(before) == plan.shape(plan.last());
                if block.expand.is_some() && block.depthwise.stride == 1 && same {
                    plan.push(Kind::Add(before), plan.shape(before));
                }
                plan.block = 0;
            }
            Step::Mean => plan.push(Kind::Mean, [1, 1, plan.channels()]),
            Step::Max => plan.push(Kind::Max, [1, 1, plan.channels()]),
        }
    }
    if looks > 1 {
        plan.push(Kind::Looks, [1, 1, plan.channels()]);
    }
    let (features, heads) = (plan.last(), &opened.heads);
    let classes = heads.classes.to_convolution();
    let names = heads.names.as_ref().map(|names| {
        plan.convolution(&names.to_convolution(), false);
        plan.last()
    });
    if let Some(centre) = &heads.centre {
        plan.push_after(features, Kind::Embedding(centre.clone()), [1, 1, centre.len()]);
        plan.convolution(&classes, false);
    } else {
        let shape = [1, 1, classes.bias.len()];
        plan.push_after(features, Kind::Dense(classes), shape);
    }
    let vocabulary = opened.header.vocabulary.as_ref();
    let weighed = vocabulary.is_some_and(|vocabulary| vocabulary.evidence.is_some());
    if let Some(names) = names.filter(|_| weighed) {
        plan.push(Kind::Evidence(names), [1, 1, plan.channels()]);
    }
    plan.push(Kind::Softmax, [1, 1, opened.header.classes.len()]);
    plan.layers
}

struct Plan {
    layers: Vec<Layer>,
    block: usize,
}

impl Plan {
    fn last(&self) -> usize {
        self.layers.len() - 1
    }

    fn shape(&self, at: usize) -> [usize; 3] {
        self.layers[at].shape
    }

    fn channels(&self) -> usize {
        let [.., channels] = self.shape(self.last());
        channels
    }

    fn push_after(&mut self, from: usize, kind: Kind, shape: [usize; 3]) {
        self.layers.push(Layer { kind, from, block: self.block, shape });
    }

    fn push(&mut self, kind: Kind, shape: [usize; 3]) {
        self.push_after(self.last(), kind, shape);
    }

    /// With its pooling and its activation, where it has them.
    fn convolution(&mut self, conv: &Convolution, depthwise: bool) {
        let [height, width, _] = self.shape(self.last());
        let [height, width] = [height, width].map(|size| conv.outputs(size));
        let channels = conv.bias.len();
        let whole = conv.border == Border::Valid && (height, width) == (1, 1);
        let kind = match conv.clone() {
            conv if depthwise => Kind::Depthwise(conv),
            conv if whole => Kind::Dense(conv),
            conv => Kind::Convolution(conv),
        };
        self.push(kind, [height, width, channels]);
        if conv.pool {
            self.push(Kind::Pool, [height / 2, width / 2, channels]);
        }
        if conv.activation != Activation::None {
            self.push(Kind::Activation(conv.activation), self.shape(self.last()));
        }
    }
}
