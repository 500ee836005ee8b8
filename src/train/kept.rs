//! Which weights a run keeps: those of its last step, their moving average, or those of its best epoch.

use burn::module::{AutodiffModule, Module};
use burn::record::Record;
use burn::tensor::backend::AutodiffBackend;
use serde::{Deserialize, Serialize};

use super::average::{averaged, copy};
use super::history::Epoch;
use super::hyperparameters::Hyperparameters;
use crate::model::Network;

/// The best epoch so far, by its validation images: the one that named most of them rightly, of several such the one with
/// the least loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Its number, from 1.
    pub epoch: usize,
    accuracy: f64,
    loss: f64,
}

/// Beside the network that is trained, what may be kept in its place.
pub(super) struct Kept<B: AutodiffBackend> {
    average: Option<Network<B::InnerBackend>>,
    best: Option<(Best, Network<B::InnerBackend>)>,
}

/// The tensors of a [`Kept`] as they stand in a checkpoint.
pub(super) type Tensors<B> =
    (Option<<Network<B> as Module<B>>::Record>, Option<<Network<B> as Module<B>>::Record>);

impl<B: AutodiffBackend> Kept<B> {
    /// At the start of a run.
    pub fn new(hyperparameters: &Hyperparameters, network: &Network<B>) -> Self {
        Self { average: (hyperparameters.ema > 0.0).then(|| network.valid()), best: None }
    }

    /// As it was when a checkpoint was written; `fresh` is a network of the same kind.
    pub fn load(fresh: &Network<B>, best: Option<Best>, (average, kept): Tensors<B>) -> Self {
        // What is loaded into a clone is in `fresh`, too, as far as batch norms go; `valid` takes it out.
        let network = |record| fresh.clone().load_record(record).valid();
        Self { average: average.map(network), best: best.zip(kept.map(network)) }
    }

    /// What a checkpoint has to hold, beside [`Self::best`].
    pub fn tensors(&self) -> Tensors<B>
    where
        <Network<B> as Module<B>>::Record: Record<B>,
    {
        let record = |network: &Network<B::InnerBackend>| {
            Network::<B>::from_inner(network.clone()).into_record()
        };
        (self.average.as_ref().map(record), self.best.as_ref().map(|(_, network)| record(network)))
    }

    /// The best epoch, where it is asked for and there was one.
    pub fn best(&self) -> Option<Best> {
        self.best.as_ref().map(|(best, _)| *best)
    }

    /// After a step, whose number counts from 0.
    pub fn step(&mut self, hyperparameters: &Hyperparameters, network: &Network<B>, step: usize) {
        self.average = self
            .average
            .take()
            .map(|average| averaged(average, &network.valid(), hyperparameters.ema, step));
    }

    /// The network that answers at this moment: the average, where there is one.
    pub fn current(&self, network: &Network<B>) -> Network<B::InnerBackend> {
        self.average.as_ref().map_or_else(|| network.valid(), copy::<B>)
    }

    /// After an epoch.
    pub fn epoch(
        &mut self,
        hyperparameters: &Hyperparameters,
        network: &Network<B>,
        ended: &Epoch,
    ) {
        let (Some(accuracy), Some(loss)) = (ended.validation_accuracy, ended.validation_loss)
        else {
            return;
        };
        let better = |before: Best| {
            accuracy > before.accuracy || (accuracy == before.accuracy && loss < before.loss)
        };
        if hyperparameters.keeps_best() && self.best().is_none_or(better) {
            let best = Best { epoch: ended.epoch, accuracy, loss };
            self.best = Some((best, self.current(network)));
        }
    }

    /// Whether so many epochs have passed since the best one that nothing is to be hoped for.
    pub fn patience_is_over(&self, hyperparameters: &Hyperparameters, epochs: usize) -> bool {
        let best = self.best().map_or(0, |best| best.epoch);
        hyperparameters.patience.is_some_and(|patience| best > 0 && epochs >= best + patience)
    }

    /// What a run leaves in the end.
    pub fn into_network(self, network: &Network<B>) -> Network<B::InnerBackend> {
        match self.best {
            Some((_, best)) => best,
            None => self.current(network),
        }
    }
}
