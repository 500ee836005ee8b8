//! What a person sees of a run: a progress bar, or Burn's dashboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use burn::data::dataloader::Progress;
use burn::train::Interrupter;
use burn::train::metric::{
    MetricAttributes, MetricDefinition, MetricEntry, MetricId, NumericAttributes, NumericEntry,
    SerializedEntry,
};
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::renderer::{
    MetricState, MetricsRenderer, MetricsRendererTraining, TrainingProgress,
};
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};

/// How the running epoch goes.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    /// The epoch, from zero.
    pub epoch: usize,
    /// Epochs in all.
    pub epochs: usize,
    /// Images of this epoch seen so far.
    pub seen: usize,
    /// Images of an epoch.
    pub images: usize,
    /// Mean loss of the epoch so far.
    pub loss: f64,
    /// Share of the epoch's images named rightly so far, in `[0, 1]`.
    pub accuracy: f64,
}

/// How an epoch ended.
#[derive(Debug, Clone, Copy)]
pub struct Finished {
    /// How the training images went.
    pub running: Running,
    /// Mean loss of the validation images, if there are any.
    pub validation_loss: Option<f64>,
    /// Share of the validation images named rightly, in `[0, 1]`, if there are any.
    pub validation_accuracy: Option<f64>,
}

/// Something that shows a run to a person.
pub trait Report {
    /// A step was done.
    fn step(&mut self, running: Running);
    /// An epoch ended.
    fn epoch(&mut self, finished: Finished);
    /// Whether the person asked to stop; the run then ends after the step, with a checkpoint.
    fn stop(&self) -> bool {
        false
    }
}

/// Where there is no terminal for a bar, a log gets a line this often.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// A progress bar, and a line for each epoch.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    start: Instant,
    /// Images seen before this process started, which say nothing about its speed.
    before: Option<usize>,
    /// When the last line was printed where there is no terminal.
    printed: Instant,
    /// True as soon as the run is to stop.
    stop: Arc<AtomicBool>,
    /// Whether lines go where errors go, because something else is printed.
    aside: bool,
}

impl Bar {
    /// A bar that has not started.
    pub fn new() -> Self {
        let style = "epoch {prefix} {wide_bar:.cyan/dim} {msg}";
        let bar = ProgressBar::no_length();
        bar.set_style(
            ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let stop = Arc::default();
        Self {
            bar,
            start: Instant::now(),
            before: None,
            printed: Instant::now(),
            stop,
            aside: false,
        }
    }

    /// One that stops the run as soon as a value becomes true.
    pub fn stopping_at(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// One whose lines go to standard error, where standard output is for something else.
    pub fn aside(self) -> Self {
        Self { aside: true, ..self }
    }

    fn say(&self, line: &str) {
        if self.aside {
            eprintln!("{line}");
        } else {
            println!("{line}");
        }
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Report for Bar {
    fn step(&mut self, running: Running) {
        let total = running.epochs * running.images;
        let done = running.epoch * running.images + running.seen;
        let before = *self.before.get_or_insert_with(|| {
            self.start = Instant::now();
            done
        });
        let rate = (done - before) as f64 / self.start.elapsed().as_secs_f64().max(1e-9);
        let left = match rate {
            // Of some years at most, so that it is a duration.
            rate if rate > 0.0 => {
                let seconds = ((total - done) as f64 / rate).min(1e9);
                HumanDuration(Duration::from_secs_f64(seconds)).to_string()
            }
            _ => "…".to_owned(),
        };
        let epoch = format!("{}/{}", running.epoch + 1, running.epochs);
        let message = format!(
            "loss {:.3} · accuracy {:.1} % · {} images/s · {left} left",
            running.loss,
            running.accuracy * 100.0,
            HumanCount(rate.round() as u64),
        );
        if self.bar.is_hidden() && self.printed.elapsed() > LOG_INTERVAL {
            self.printed = Instant::now();
            self.say(&format!("epoch {epoch}, {} of {}: {message}", running.seen, running.images));
        }
        self.bar.set_length(running.images as u64);
        self.bar.set_position(running.seen as u64);
        self.bar.set_prefix(epoch);
        self.bar.set_message(message);
    }

    fn epoch(&mut self, finished: Finished) {
        let Running { epoch, epochs, loss, accuracy, .. } = finished.running;
        let mut line = format!(
            "epoch {}/{epochs}: loss {loss:.3}, accuracy {:.2} %",
            epoch + 1,
            accuracy * 100.0
        );
        if let (Some(loss), Some(accuracy)) =
            (finished.validation_loss, finished.validation_accuracy)
        {
            line += &format!(" · validation: loss {loss:.3}, accuracy {:.2} %", accuracy * 100.0);
        }
        // `println` of a hidden bar (no terminal: a log file) would print nothing.
        if self.bar.is_hidden() {
            self.say(&line);
        } else {
            self.bar.println(line);
        }
        if epoch + 1 == epochs {
            self.bar.finish_and_clear();
            // Another run may follow, which begins from nothing.
            self.before = None;
        }
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Burn's dashboard in the terminal, with curves of loss and accuracy; `q` stops the run.
pub struct Dashboard {
    renderer: TuiMetricsRendererWrapper,
    interrupter: Interrupter,
    loss: MetricId,
    accuracy: MetricId,
}

impl Dashboard {
    /// Opens the dashboard over the terminal.
    pub fn new(resumed_at_epoch: Option<usize>) -> Self {
        let interrupter = Interrupter::new();
        let mut renderer = TuiMetricsRendererWrapper::new(interrupter.clone(), resumed_at_epoch);
        let mut register = |name: &str, unit: Option<&str>, higher_is_better| {
            let metric_id = MetricId::new(Arc::new(name.to_owned()));
            renderer.register_metric(MetricDefinition {
                metric_id: metric_id.clone(),
                name: name.to_owned(),
                description: None,
                attributes: MetricAttributes::Numeric(NumericAttributes {
                    unit: unit.map(str::to_owned),
                    higher_is_better,
                }),
            });
            metric_id
        };
        let loss = register("Loss", None, false);
        let accuracy = register("Accuracy", Some("%"), true);
        Self { renderer, interrupter, loss, accuracy }
    }

    fn state(id: &MetricId, value: f64) -> MetricState {
        let entry = SerializedEntry::new(format!("{value:.4}"), value.to_string());
        MetricState::Numeric(MetricEntry::new(id.clone(), entry), NumericEntry::Value(value))
    }

    fn progress(running: Running) -> TrainingProgress {
        TrainingProgress {
            progress: Some(Progress::new(running.seen, running.images)),
            global_progress: Progress::new(running.epoch + 1, running.epochs),
            iteration: Some(running.seen),
        }
    }
}

impl Report for Dashboard {
    fn step(&mut self, running: Running) {
        self.renderer.update_train(Self::state(&self.loss, running.loss));
        self.renderer.update_train(Self::state(&self.accuracy, running.accuracy * 100.0));
        self.renderer.render_train(Self::progress(running), Vec::new());
    }

    fn epoch(&mut self, finished: Finished) {
        if let (Some(loss), Some(accuracy)) =
            (finished.validation_loss, finished.validation_accuracy)
        {
            self.renderer.update_valid(Self::state(&self.loss, loss));
            self.renderer.update_valid(Self::state(&self.accuracy, accuracy * 100.0));
            self.renderer.render_valid(Self::progress(finished.running), Vec::new());
        }
    }

    fn stop(&self) -> bool {
        self.interrupter.should_stop()
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        // Gives the terminal back; there is no summary of Burn's own training loop to print.
        if let Err(error) = self.renderer.on_train_end(None) {
            eprintln!("the dashboard could not be closed: {error}");
        }
    }
}
