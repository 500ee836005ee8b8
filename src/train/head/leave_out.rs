//! A head beside the old names, and one for each source that has not seen it.

use burn::backend::Flex;
use burn::nn::Linear;

use super::beside_names::{self, Head, Task};
use super::dense::score;
use super::run::HeadRun;
use crate::model::weights::NONE;
use crate::train::TrainError;
use crate::train::dataset::Example;
use crate::train::report::{Finished, Report, Running};
use crate::train::splits::Sample;
use crate::train::trained::LeftOut;

/// What was learnt with the old names as evidence.
pub struct Learnt {
    pub head: Head,
    pub left_out: Vec<LeftOut>,
}

/// Trains a head beside the old names, before that one for each source without it, if asked for.
pub fn train(
    run: &HeadRun<'_>,
    old: &Linear<Flex>,
    class_of: &[Option<usize>],
    report: &mut dyn Report,
) -> Result<Option<Learnt>, TrainError> {
    let none = run.classes.iter().position(|class| class == NONE);
    let task = Task { names: old, class_of, classes: run.classes.len(), none };
    // How small pictures are called says nothing about photos: what consists of them isn't left out.
    let [width, _] = old.weight.dims();
    let large = |sample: &Sample<'_>| sample.example.image.held().len() > 2 * width;
    let any_large = run.samples.iter().any(large);
    let photos = |source: usize| {
        let mut samples = run.samples.iter().filter(|sample| sample.source == source);
        samples.any(|sample| large(sample) || !any_large)
    };
    let places: Vec<usize> =
        (0..run.sources.len()).filter(|&source| run.leave_one_out && photos(source)).collect();
    if run.leave_one_out && run.sources.len() < 2 {
        return Err(TrainError::NothingToLeaveOut);
    }
    let epochs = places.len() + 1;
    let mut report_head = |epoch, training: &[Sample<'_>], head: &Head, held_out: &[&Example]| {
        let (loss, accuracy) = score(&head.logits(&task, &of(training)), &of(training));
        let images = training.len();
        let running = Running { epoch, epochs, seen: images, images, loss, accuracy };
        report.step(running);
        let logits = head.logits(&task, held_out);
        let held = (!held_out.is_empty()).then(|| score(&logits, held_out));
        let (validation_loss, validation_accuracy) = held.unzip();
        report.epoch(Finished { running, validation_loss, validation_accuracy });
        (logits, report.stop())
    };
    let mut left_out = Vec::new();
    for (epoch, &place) in places.iter().enumerate() {
        let (held, rest): (Vec<_>, Vec<_>) =
            run.samples.iter().copied().partition(|sample| sample.source == place);
        let held = of(&held);
        let head = beside_names::train(&task, &rest)?;
        let (logits, stop) = report_head(epoch, &rest, &head, &held);
        if stop {
            return Ok(None);
        }
        let labels = held.iter().map(|example| example.label).collect();
        left_out.push(LeftOut { source: run.sources[place].clone(), logits, labels });
    }
    let head = beside_names::train(&task, run.samples)?;
    report_head(places.len(), run.samples, &head, run.validation);
    Ok(Some(Learnt { head, left_out }))
}

fn of<'a>(samples: &[Sample<'a>]) -> Vec<&'a Example> {
    samples.iter().map(|sample| sample.example).collect()
}
