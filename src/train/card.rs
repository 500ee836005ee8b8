//! The model card: what a network is for, where it comes from and how good it is, on one page that is
//! written by the program that measured it.

use std::path::Path;

use indicatif::HumanCount;

use super::calibrate;
use super::hyperparameters::{Distillation, Hyperparameters};
use super::metrics::{ClassMetrics, Metrics, percent};
use crate::model::weights::{Header, Precision};

/// What the card tells of the run.
#[derive(Debug, Clone, Copy)]
pub struct RunSummary<'a> {
    /// How the network was trained.
    pub hyperparameters: &'a Hyperparameters,
    /// Which backend trained it.
    pub backend: &'a str,
    /// How many images it was trained on.
    pub training_images: usize,
    /// How weights are stored.
    pub precision: Precision,
    /// Where the weights file lies.
    pub output: &'a Path,
}

/// What the card tells of.
pub struct Card<'a> {
    /// The run that it comes from.
    pub run: RunSummary<'a>,
    /// What stands in the weights file.
    pub header: &'a Header,
    /// Weights and biases.
    pub parameters: usize,
    /// See [`Network::multiply_adds`](crate::model::Network::multiply_adds).
    pub multiply_adds: u64,
    /// Size of the weights file.
    pub bytes: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Epochs that it had, which are fewer than asked for where it ended early.
    pub epochs: usize,
    /// The epoch whose weights these are, where it isn't the last.
    pub best_epoch: Option<usize>,
    /// How the validation images went.
    pub validation: Option<&'a Metrics>,
    /// On how many images temperature and threshold were fitted, or would have been.
    pub calibrated_on: usize,
    /// How each source went by a head that had not seen it.
    pub left_out: &'a [(String, Metrics)],
    /// All of those together.
    pub all_left_out: Option<&'a Metrics>,
    /// How the test images of each source went.
    pub tests: &'a [(String, Metrics)],
}

/// The card, in Markdown.
pub fn markdown(card: &Card<'_>) -> String {
    let Card { run, header, .. } = card;
    let hyperparameters = run.hyperparameters;
    let provenance = &header.provenance;
    let name = run.output.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let precision = match run.precision {
        Precision::Int8 => "one byte per weight, one scale per output channel",
        Precision::F16 => "half precision",
        Precision::F32 => "single precision",
    };
    let augmentation = hyperparameters.augmentation;
    let fitted = match (card.calibrated_on, card.left_out.is_empty()) {
        (..calibrate::ENOUGH, _) => ", not fitted: there were too few images for that",
        (_, true) => {
            ", fitted on the validation images (the threshold so that 95 % of the answers given are right)"
        }
        (_, false) => {
            ", fitted on the sources left out (the threshold so that of each source 95 % of the answers given are right, \
            but at most 95 %)"
        }
    };
    let evidence = header.vocabulary.as_ref().and_then(|vocabulary| vocabulary.evidence.as_ref());
    let learning = match evidence {
        Some(_) => "softmax and logistic regression, solved to the end by L-BFGS".to_owned(),
        None => format!(
            "{} epochs in steps of {}, {:?}, highest learning rate {}{}, label smoothing {}, weight decay {}{}",
            hyperparameters.epochs,
            hyperparameters.batch_size,
            hyperparameters.optimiser,
            hyperparameters.learning_rate,
            if hyperparameters.schedule.is_usual() {
                String::new()
            } else {
                format!(" ({:?} schedule)", hyperparameters.schedule)
            },
            hyperparameters.label_smoothing,
            hyperparameters.weight_decay,
            unusual(hyperparameters, card.best_epoch),
        ),
    };
    let frozen = hyperparameters.init.as_ref().is_some_and(|init| !init.unfreeze);
    let start = match &hyperparameters.init {
        None => String::new(),
        Some(init) => {
            let learnt = if init.unfreeze {
                "all layers trained further".to_owned()
            } else {
                format!(
                    "a new head on frozen features of {} views of each large picture, and of one of each small picture, \
                    without changes",
                    init.views,
                )
            };
            let twice = match hyperparameters.second_framing {
                Some(_) => {
                    "; each seen twice, at its centre and whole in another framing, whose features are averaged \
                    (live pictures once, at the centre)"
                }
                None => "",
            };
            format!(
                "| started from | {} (CRC-32 {:08x}): {learnt}{twice} |\n",
                init.file, init.checksum
            )
        }
    };
    let more_changes = [
        (augmentation.cutout, ", a square of # of the side painted over"),
        (augmentation.crop, ", up to # of the area cut away"),
        (augmentation.mixup, ", mixed with each other (MixUp, α = #)"),
        (augmentation.jpeg, ", a share of # stored as JPEG in between"),
    ];
    let more_changes: String = more_changes
        .iter()
        .filter(|(share, _)| *share > 0.0)
        .map(|(share, text)| text.replace('#', &share.to_string()))
        .collect();
    let mut text = format!(
        "# Model card: {}\n\n\
        Written by `glimpse train` on {}; every figure below was measured by it, on the file that it \
        wrote{}, through the code that the page runs.\n\n\
        | | |\n|---|---|\n\
        | task | tell pictures of these apart: {} |\n\
        | network | {}, {} parameters, input {size} × {size} pixels |\n\
        | file | {} bytes: {precision}; batch norms folded in |\n\
        | data | {} |\n{}\
        | training | {} images, {} |\n\
        | augmentation | {}, shifts up to {} of the side, contrast ± {}, colour ± {}{} |\n\
        | seed | {} |\n\
        | commit | {} |\n\
        | time | {}{} on {} |\n\
        | temperature | {:.3}{fitted} |\n\
        | not sure below | {:.0} %{fitted} |\n",
        name.unwrap_or_default(),
        provenance.trained,
        if frozen { " and on features of its backbone in half precision" } else { "" },
        header.classes.join(", "),
        header.architecture,
        count(card.parameters),
        count(card.bytes),
        provenance.data,
        start,
        count(run.training_images),
        learning,
        if augmentation.flip { "mirrored" } else { "not mirrored" },
        augmentation.shift,
        augmentation.contrast,
        augmentation.colour,
        more_changes,
        provenance.seed,
        provenance.commit,
        duration(card.seconds),
        match frozen {
            true => " for the head, the features not counted,".to_owned(),
            false => cost(card.multiply_adds, card.epochs * run.training_images, card.seconds),
        },
        hardware(run.backend),
        header.temperature,
        header.not_sure_below * 100.0,
        size = hyperparameters.input_size,
    );
    text += &match &header.none {
        Some(_) => "\nWhat is in none of these classes should be called none. How often that fails stands below.\n".to_owned(),
        None => "\nThe network knows nothing but these classes: what is in none of them gets one of their names.\n".to_owned(),
    };
    if let Some(vocabulary) = &header.vocabulary {
        text += &format!(
            "\nA second answer, from the same forward pass, names {} things in the order of their \
            probability: the classes that its backbone was trained on before.\n",
            count(vocabulary.classes.len())
        );
    }
    if let Some(notice) = &provenance.notice {
        text += &format!("\n{notice}\n");
    }
    let mut section = |title: &str, metrics: &Metrics| {
        text += &format!("\n## {title}: {}\n\n{metrics}\n", percent(metrics.accuracy));
    };
    for (source, metrics) in card.tests {
        let of = if card.tests.len() > 1 { format!(" of {source}") } else { String::new() };
        section(&format!("Test images{of} (looked at once, after training)"), metrics);
    }
    if let Some(metrics) = card.validation {
        let used = if card.left_out.is_empty() {
            " (temperature and threshold were fitted on them)"
        } else {
            ""
        };
        section(&format!("Validation images{used}"), metrics);
    }
    if let Some(metrics) = card.all_left_out {
        section(
            "Sources left out: each measured by a head that was trained on all others",
            metrics,
        );
        text += &left_out(card.left_out);
    }
    text
}

/// What most runs don't have.
fn unusual(hyperparameters: &Hyperparameters, best_epoch: Option<usize>) -> String {
    let mut text = String::new();
    if let Some(Distillation { teachers, share }) = &hyperparameters.distillation {
        let teachers =
            teachers.iter().map(|of| format!("{} (CRC-32 {:08x})", of.file, of.checksum));
        let teachers = teachers.collect::<Vec<_>>().join(" and ");
        text += &format!(
            ", a share of {share} of the targets the answers of {teachers} on images without changes"
        );
    }
    if hyperparameters.class_weights {
        text += ", all classes counting alike";
    }
    if hyperparameters.ema > 0.0 {
        text += &format!(", moving average of the weights with {}", hyperparameters.ema);
    }
    if let Some(patience) = hyperparameters.patience {
        text += &format!(", to end after {patience} epochs that were no better");
    }
    if let Some(epoch) = best_epoch {
        text += &format!(", weights of epoch {epoch}, the best on the validation images");
    }
    text
}

/// A number with its thousands apart.
fn count(number: usize) -> HumanCount {
    HumanCount(number as u64)
}

/// A row for every source that was left out, and for each of its classes.
fn left_out(sources: &[(String, Metrics)]) -> String {
    let mut text =
        "\n| left out | class | images | named rightly | 95 % interval | sure | sure and wrong |\n\
        |---|---|---:|---:|---|---:|---:|\n"
            .to_owned();
    for (source, metrics) in sources {
        text += &format!(
            "| {source} | all | {} | {} | {} | {} | {} |\n",
            metrics.images,
            percent(metrics.accuracy),
            metrics.accuracy_interval,
            percent(metrics.coverage),
            metrics.sure_and_wrong,
        );
        for class in metrics.classes.iter().filter(|class| class.images > 0) {
            let ClassMetrics { label, recall, recall_interval, images, .. } = class;
            text += &format!(
                "| | {label} | {images} | {} | {recall_interval} | | |\n",
                percent(*recall)
            );
        }
    }
    text
}

/// Not indicatif's `HumanDuration`, which says '2 hours' of ninety minutes and of two hours and a half.
fn duration(seconds: f64) -> String {
    match seconds.round() as u64 {
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    }
}

/// How quick training was and what it took. A pass backward takes twice what one forward takes: for the gradients of the
/// inputs, and of the weights (Kaplan and others, arXiv:2001.08361, section 2.1).
fn cost(multiply_adds: u64, images: usize, seconds: f64) -> String {
    let operations = 6.0 * multiply_adds as f64 * images as f64;
    format!(
        ", {:.0} images a second, {:.3} PFLOP (six for each multiplication and addition of a pass forward),",
        images as f64 / seconds.max(1e-3),
        operations / 1e15,
    )
}

/// What the training ran on, as far as the system tells.
fn hardware(backend: &str) -> String {
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let processor = processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{processor}, {cores} cores, backend {backend}")
}
