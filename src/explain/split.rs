//! A score as a sum over the network's outputs: what each of them adds to it at this one picture.
//!
//! The **score** of a class or a name is its log-odds, the logarithm of how much more probable it is than everything else
//! that it could be: `l − log Σ exp(others)`. For a class that is against the other classes without 'none of these', for
//! a name against the other names, and for 'none of these' against all classes together; each is what the
//! classifier's own logits give, at temperature 1.
//!
//! A score is made of logarithms of sums of exponentials of the outputs `z` of the network's dense layers. Such a
//! logarithm is, at the picture that is looked at, exactly
//!
//! ```text
//! log Σ exp zᵢ = Σ qᵢ·zᵢ + H(q)        q = softmax(z), H its entropy
//! ```
//!
//! so every score is `Σ aᵢ·zᵢ + constant` with weights `a` and a constant that are numbers once the picture has been
//! answered. The outputs are linear in what the network saw where, which `cells` goes on with.

use crate::evidence::{Evidence, FLOOR, NoneOfThese, logsumexp};
use crate::model::weights::Header;

/// What a score is of: a place among the classes, or among the names of the wider vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A class.
    Class(usize),
    /// A name.
    Name(usize),
}

/// A score as a weighted sum of the outputs, and a constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// One for each output: of the classes' head, then of the names'.
    pub weights: Vec<f64>,
    /// What is added.
    pub constant: f64,
}

impl Split {
    /// Takes a score apart, at the outputs that a picture has.
    ///
    /// # Shapes
    ///
    /// - `outputs`: the logits of the head, then those of the vocabulary
    pub fn new(header: &Header, outputs: &[f32], target: Target) -> Self {
        let classes = header.shape().outputs;
        let z: Vec<f64> = outputs.iter().map(|&output| output.into()).collect();
        let mut split = Self { weights: vec![0.0; z.len()], constant: 0.0 };
        let evidence = header.vocabulary.as_ref().and_then(|names| names.evidence.as_ref());
        match (target, evidence) {
            (Target::Name(name), _) => split.odds(&z, classes..z.len(), classes + name),
            (Target::Class(class), Some(evidence)) => {
                let none = evidence.none.zip(header.place_of_none());
                Weighed::new(evidence, &z, classes).split(&mut split, class, none);
            }
            // The only output of two classes is the log-odds of the second.
            (Target::Class(class), None) if classes == 1 => {
                split.weights[0] = if class == 1 { 1.0 } else { -1.0 };
            }
            (Target::Class(class), None) => split.odds(&z, 0..classes, class),
        }
        split
    }

    /// The score itself.
    pub fn score(&self, outputs: &[f32]) -> f64 {
        let products = self.weights.iter().zip(outputs).map(|(weight, &z)| weight * f64::from(z));
        self.constant + products.sum::<f64>()
    }

    /// Adds the log-odds of one output against the others of a range.
    fn odds(&mut self, z: &[f64], range: std::ops::Range<usize>, of: usize) {
        self.weights[of] += 1.0;
        self.logsumexp(z, range.filter(|&other| other != of), -1.0);
    }

    /// Adds `weight · log Σ exp z` over some outputs; nothing for none of them.
    fn logsumexp(&mut self, z: &[f64], which: impl Iterator<Item = usize> + Clone, weight: f64) {
        let (shares, entropy) = mixture(which.clone().map(|at| z[at]));
        for (at, share) in which.zip(shares) {
            self.weights[at] += weight * share;
        }
        self.constant += weight * entropy;
    }
}

/// How evidence makes logits of outputs: the steps of [`Evidence::weigh`].
struct Weighed<'a> {
    evidence: &'a Evidence,
    z: &'a [f64],
    classes: usize,
    /// Log-probabilities of the names of each class, and whether the floor has replaced them.
    of_names: Vec<(f64, bool)>,
}

impl<'a> Weighed<'a> {
    fn new(evidence: &'a Evidence, z: &'a [f64], classes: usize) -> Self {
        let all = logsumexp(z[classes..].iter().copied());
        let mut weighed = Self { evidence, z, classes, of_names: Vec::new() };
        let of_class = |class| {
            let own = logsumexp(weighed.names_of(class).map(|at| z[at])) - all;
            let floor = f64::from(FLOOR);
            (own.max(floor), own < floor)
        };
        weighed.of_names = (0..classes).map(of_class).collect();
        weighed
    }

    fn names_of(&self, class: usize) -> impl Iterator<Item = usize> + Clone {
        let of = self.evidence.class_of.iter().enumerate();
        let classes = self.classes;
        of.filter(move |(_, of)| **of == Some(class)).map(move |(at, _)| classes + at)
    }

    /// What the head and the names say for a class, before it is made a probability.
    fn said(&self, class: usize) -> f64 {
        self.z[class] + self.of_names[class].0
    }

    fn split(&self, into: &mut Split, class: usize, none: Option<(NoneOfThese, usize)>) {
        let others: Vec<usize> = (0..self.classes)
            .filter(|&other| other != class && none.is_none_or(|(_, place)| other != place))
            .collect();
        match none {
            Some((model, place)) if place == class => self.none(into, model, place, &others),
            _ => {
                self.add_said(into, class, 1.0);
                self.add_all_said(into, &others, -1.0);
            }
        }
    }

    /// The logit of 'none of these', which is its log-odds: all classes together have the logarithm 0.
    fn none(&self, into: &mut Split, model: NoneOfThese, place: usize, classes: &[usize]) {
        let NoneOfThese { others, kinds, clearness, bias } = model;
        self.add_names(into, place, others.into());

        let (shares, entropy) = mixture(classes.iter().map(|&class| self.of_names[class].0));
        for (&class, share) in classes.iter().zip(shares) {
            self.add_names(into, class, f64::from(kinds) * share);
        }
        into.constant += f64::from(kinds) * entropy;

        let best = classes.iter().copied().max_by(|&a, &b| self.said(a).total_cmp(&self.said(b)));
        if let Some(best) = best {
            self.add_said(into, best, clearness.into());
            self.add_all_said(into, classes, -f64::from(clearness));
        }
        into.constant += f64::from(bias);
    }

    fn add_said(&self, into: &mut Split, class: usize, weight: f64) {
        into.weights[class] += weight;
        self.add_names(into, class, weight);
    }

    /// The logarithm of the sum of what is said for several classes.
    fn add_all_said(&self, into: &mut Split, classes: &[usize], weight: f64) {
        let (shares, entropy) = mixture(classes.iter().map(|&class| self.said(class)));
        for (&class, share) in classes.iter().zip(shares) {
            self.add_said(into, class, weight * share);
        }
        into.constant += weight * entropy;
    }

    /// The log-probability of the names of a class.
    fn add_names(&self, into: &mut Split, class: usize, weight: f64) {
        let (value, floored) = self.of_names[class];
        if floored {
            into.constant += weight * value;
        } else {
            into.logsumexp(self.z, self.names_of(class), weight);
            into.logsumexp(self.z, self.classes..self.z.len(), -weight);
        }
    }
}

/// The softmax of values, and its entropy: the shares and the rest of [`logsumexp`].
fn mixture(values: impl Iterator<Item = f64> + Clone) -> (Vec<f64>, f64) {
    let all = logsumexp(values.clone());
    let shares: Vec<f64> = values.clone().map(|value| (value - all).exp()).collect();
    let of_shares: f64 = shares.iter().zip(values).map(|(share, value)| share * value).sum();
    (shares, if all.is_finite() { all - of_shares } else { 0.0 })
}
