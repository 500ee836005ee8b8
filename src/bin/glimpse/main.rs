//! The companion binary: trains, evaluates and uses the networks that the page runs.
//!
//! Arguments only; what they ask for is done in the library.

mod classify;
mod embed;
mod evaluate;
mod group;
mod teach;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use burn::backend::{Autodiff, Flex};
use burn::tensor::backend::Backend;
use clap::{Args, Parser, Subcommand, ValueEnum};
use glimpse::model::Architecture;
use glimpse::model::weights::{self, Precision};
use glimpse::pixels::Pixels;
use glimpse::preprocess::{Enhance, Framing, Normalisation};
use glimpse::train::cache::Cache;
use glimpse::train::dataset::{Dataset, Example, Progress, Source, cache_file, unite};
use glimpse::train::evaluate::Contents;
use glimpse::train::hyperparameters::{Choices, Hyperparameters, Optimiser};
use glimpse::train::import::{NOTICE, import};
use glimpse::train::pretrained::Start;
use glimpse::train::publish::{Publication, publish};
use glimpse::train::report::{Bar, Dashboard, Report};
use glimpse::train::splits::Splits;
use glimpse::train::transfer::{self, Backbone, HeadRun};
use glimpse::train::{TrainError, Trained, files, trainer};
use glimpse::with_causes;
use indicatif::{ProgressBar, ProgressStyle};

use classify::ClassifyArguments;
use embed::EmbedArguments;
use evaluate::EvaluateArguments;
use group::GroupArguments;
use teach::TeachArguments;

/// An image classifier for the browser: trains, evaluates and uses its networks.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant)] // one value lives per program
enum Command {
    /// Train a network and write its weights file and model card
    Train(TrainArguments),
    /// Make a weights file of a pretrained EfficientNet-Lite0 (a PyTorch state dict or safetensors)
    Import(ImportArguments),
    /// Measure a weights file on labelled pictures: accuracy, coverage, precision, recall, F1, confusion matrix
    Evaluate(EvaluateArguments),
    /// Say what is in pictures
    Classify(ClassifyArguments),
    /// Write what the backbone makes of pictures: 1,280 numbers each
    Embed(EmbedArguments),
    /// Teach a head with a few pictures of each class, and write its weights file
    Teach(TeachArguments),
    /// Put pictures together that look alike, without labels
    Group(GroupArguments),
}

/// What computes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BackendName {
    /// The CPU, with AVX-512 where it has that
    Flex,
    /// LibTorch on the CPU
    #[cfg(feature = "tch")]
    Tch,
    /// Any GPU, through Vulkan, Metal, DirectX or OpenGL
    #[cfg(feature = "wgpu")]
    Wgpu,
    /// An NVIDIA GPU
    #[cfg(feature = "cuda")]
    Cuda,
}

#[derive(Args)]
struct TrainArguments {
    /// `cifar10` (downloaded once), or a folder or .tar.gz of train/<class>/*.jpg and test/<class>/*.jpg, or
    /// an archive in the format of cifar-10-binary.tar.gz. May be given several times: classes of the same name
    /// are one class, and a small source comes more often than a large one. A class called `none`, or `none_` and
    /// something, stands for 'none of these'
    #[arg(long, default_value = "cifar10")]
    data: Vec<Source>,
    /// As --data, but all of it is 'none of these', whatever its folders are called. May be given several times
    #[arg(long, value_name = "DATA", value_parser = Source::none_of_these)]
    none: Vec<Source>,
    /// Start from these weights: their backbone is frozen, and a new head learns the classes of the data
    #[arg(long, value_name = "WEIGHTS")]
    init: Option<PathBuf>,
    /// Train all layers of --init further, instead of a new head alone
    #[arg(long, requires = "init")]
    unfreeze: bool,
    /// Keep the classes of --init as a second answer from the same forward pass
    #[arg(long, requires = "init", conflicts_with = "unfreeze")]
    keep_classes: bool,
    /// Train with each --data and --none left out in turn, too, and measure on it: temperature, threshold and the
    /// figures of the model card then come from pictures of sources that were not trained on
    #[arg(long, requires = "keep_classes")]
    leave_one_out: bool,
    /// Views of every picture for a new head: one as it is, the others with random changes. Of pictures that are much
    /// smaller than the network's input there is only one
    #[arg(long, requires = "init", conflicts_with = "unfreeze", default_value_t = 3)]
    views: usize,
    /// Where the features of --init are kept for the next run [default: `features` in the
    /// folder where CIFAR-10 is kept, too: $GLIMPSE_CACHE or ~/.cache/glimpse]
    #[arg(long, requires = "init", conflicts_with = "unfreeze")]
    features: Option<PathBuf>,
    /// Where the weights file goes; the model card goes beside it
    #[arg(long, default_value = "glimpse.safetensors")]
    output: PathBuf,
    /// The network [default: convnet, or that of --init]
    #[arg(long, value_enum, conflicts_with = "init")]
    architecture: Option<Architecture>,
    /// Side of the network's square input, in pixels [default: 32, or that of --init]
    #[arg(long, conflicts_with = "init")]
    input_size: Option<usize>,
    /// Passes over the training images [default: 10 for convnet, 20 for vgg, 30 for plain and efficientnet-lite0, 30 for
    /// a new head or 10 from 10,000 images on, 5 with --unfreeze]
    #[arg(long)]
    epochs: Option<usize>,
    /// Images per step [default: 1024, 128 for vgg and plain, 256 for efficientnet-lite0, 512 for a new head, less for
    /// few or large images]
    #[arg(long)]
    batch_size: Option<usize>,
    /// The optimiser [default: sgd for convnet, adam for the others]
    #[arg(long, value_enum)]
    optimiser: Option<Optimiser>,
    /// Highest learning rate [default: 1.5 per 1024 images with sgd, 0.001 with adam, a tenth of these with --unfreeze,
    /// 0.002 for a new head]
    #[arg(long)]
    learning_rate: Option<f64>,
    /// L2 penalty on the weights [default: 0.00133 with sgd, 0.0001 with adam, 0.0013 for a new head]
    #[arg(long)]
    weight_decay: Option<f32>,
    /// Share of the target that is spread over all classes
    #[arg(long)]
    label_smoothing: Option<f32>,
    /// Share of the training images held out for validation
    #[arg(long, default_value_t = Hyperparameters::VALIDATION)]
    validation: f64,
    /// Seed of initial weights, split, order, augmentation and dropout
    #[arg(long, default_value_t = Hyperparameters::SEED)]
    seed: u64,
    /// Stretch pictures to a square instead of cropping their centre
    #[arg(long, alias = "squash")]
    stretch: bool,
    /// Look at every picture twice, at its centre and stretched to a square, and average what the backbone of --init makes of
    /// the two: somewhat more often right, in twice the time
    #[arg(long, requires = "init", conflicts_with_all = ["unfreeze", "stretch"])]
    second_view: bool,
    /// Stretch the contrast of every picture, in training and ever after
    #[arg(long)]
    enhance_contrast: bool,
    /// Balance the colours of every picture, in training and ever after
    #[arg(long)]
    balance_colour: bool,
    /// Remove noise from every picture, in training and ever after
    #[arg(long)]
    denoise: bool,
    /// Do not mirror training images
    #[arg(long)]
    no_flip: bool,
    /// Shift training images by up to this share of the side
    #[arg(long)]
    shift: Option<f32>,
    /// Change the contrast of training images by up to this share
    #[arg(long)]
    jitter_contrast: Option<f32>,
    /// Change the colour balance of training images by up to this share
    #[arg(long)]
    jitter_colour: Option<f32>,
    /// Paint over a square of this share of the side in training images
    #[arg(long)]
    cutout: Option<f32>,
    /// How weights are stored
    #[arg(long, value_enum, default_value_t = Precision::Int8)]
    precision: Precision,
    /// What computes
    #[arg(long, value_enum, default_value_t = BackendName::Flex)]
    backend: BackendName,
    /// Something about the data that belongs into the model card
    #[arg(long)]
    note: Option<String>,
    /// Show Burn's dashboard instead of a progress bar
    #[arg(long)]
    tui: bool,
    /// Go on from the checkpoint that an interrupted run left
    #[arg(long)]
    resume: bool,
    /// Where the checkpoint goes [default: the output with the ending `checkpoint`]
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Seconds between two checkpoints; tests want more of them
    #[arg(long, hide = true, default_value_t = 60.0)]
    checkpoint_seconds: f64,
}

#[derive(Args)]
struct ImportArguments {
    /// The pretrained weights: a PyTorch state dict (.pth) or a .safetensors file
    pretrained: PathBuf,
    /// Where the weights file goes
    #[arg(long, default_value = "efficientnet-lite0.safetensors")]
    output: PathBuf,
    /// A text file with the name of each output on a line of its own [default: the thousand classes of ImageNet]
    #[arg(long)]
    classes: Option<PathBuf>,
    /// How weights are stored
    #[arg(long, value_enum, default_value_t = Precision::Int8)]
    precision: Precision,
    /// Who made the weights and under which licence; it stands in every file and model card made of them
    #[arg(long, default_value = NOTICE, hide_default_value = true)]
    notice: String,
}

/// Where there is no terminal for a spinner, a log gets a line after so many pictures.
const LOGGED_EVERY: usize = 5_000;

/// Whatever ended the program early, as a sentence.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Train(arguments) => train(&arguments),
        Command::Import(arguments) => import_command(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Classify(arguments) => classify::run(&arguments),
        Command::Embed(arguments) => embed::run(&arguments),
        Command::Teach(arguments) => teach::run(&arguments),
        Command::Group(arguments) => group::run(&arguments),
    };
    match result {
        Ok(code) => code,
        // Whoever read the answers has seen enough, as `head` does.
        Err(failure) if is_closed_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", with_causes(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(failure: &Failure) -> bool {
    let failure = failure.downcast_ref::<std::io::Error>();
    failure.is_some_and(|failure| failure.kind() == std::io::ErrorKind::BrokenPipe)
}

/// What the system said where a CSV file could not be written.
fn io_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

fn train(arguments: &TrainArguments) -> Result<ExitCode, Failure> {
    let checkpoint = arguments
        .checkpoint
        .clone()
        .unwrap_or_else(|| arguments.output.with_extension("checkpoint"));
    if arguments.output.extension().is_none_or(|ending| ending != "safetensors") {
        return Err(
            "The output must end in .safetensors: the model card and the checkpoint go beside it."
                .into(),
        );
    }
    let pictures = arguments.data.iter().chain(&arguments.none).filter_map(Source::path);
    let inputs: Vec<&Path> = arguments.init.as_deref().into_iter().chain(pictures).collect();
    let card = arguments.output.with_extension("md");
    let mut outputs = vec![arguments.output.as_path(), &card, &checkpoint];
    outputs.extend(arguments.features.as_deref());
    files::keep_apart(&outputs, &inputs)?;
    let frozen = arguments.init.is_some() && !arguments.unfreeze;
    if frozen {
        what_a_head_has_not(arguments)?;
    }
    if checkpoint.exists() && !arguments.resume && !frozen {
        return Err(TrainError::Unfinished { path: checkpoint }.into());
    }
    if arguments.tui && !std::io::stdout().is_terminal() {
        return Err("The dashboard needs a terminal: leave --tui out.".into());
    }
    for path in [&arguments.output, &checkpoint] {
        let folder = path.parent().unwrap_or(Path::new(""));
        std::fs::create_dir_all(folder)
            .map_err(|why| TrainError::File { path: folder.to_owned(), why })?;
    }

    let start = match &arguments.init {
        Some(path) => {
            let bytes = read(path)?;
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Some(Start::new(file, bytes, frozen.then_some(arguments.precision))?)
        }
        None => None,
    };
    if let Some(start) = start.as_ref().filter(|_| arguments.keep_classes) {
        let architecture = start.header.architecture;
        if architecture != Architecture::EfficientNetLite {
            return Err(format!(
                "A {architecture} network has no place for a second answer: leave --keep-classes out."
            )
            .into());
        }
        if start.header.vocabulary.is_none() && start.header.classes.len() == 2 {
            return Err("Two classes have a single output, which is no second answer: leave --keep-classes out.".into());
        }
    }
    // What the command line says is checked before the pictures are read, and completed when their number is known.
    let hyperparameters = hyperparameters(arguments, start.as_ref(), 0);
    hyperparameters.validate()?;
    let frozen = start.as_ref().filter(|_| frozen);
    let cache = match (frozen, &arguments.features) {
        (None, _) => None,
        (Some(_), Some(path)) => Some(Cache::open(path)?),
        (Some(_), None) => Some(Cache::open(&cache_file("features")?)?),
    };
    let backbone = match (frozen, &cache) {
        (Some(start), Some(cache)) => {
            Some(Backbone::new(start, &hyperparameters, arguments.views, cache))
        }
        _ => None,
    };
    let mut datasets = Vec::new();
    for source in arguments.data.iter().chain(&arguments.none) {
        datasets.push(match &backbone {
            Some(backbone) => load_features(source, backbone)?,
            None => {
                let preprocessing = hyperparameters.preprocessing(Normalisation::IDENTITY);
                load(source, |pixels| preprocessing.fit(pixels).to_rgb8_planar())?
            }
        });
    }
    let classes = unite(&mut datasets)?;
    let splits = Splits::new(&datasets, arguments.validation, arguments.seed)?;
    let hyperparameters = self::hyperparameters(arguments, start.as_ref(), splits.training.len());

    let sources: Vec<&str> = datasets.iter().map(|dataset| dataset.source.as_str()).collect();
    let mut data = sources.join("; ");
    if let Some(note) = &arguments.note {
        data = format!("{data}; {note}");
    }
    eprintln!("data: {data}");
    eprintln!(
        "{} classes, {} images to train on, {} to validate, {} to test",
        classes.len(),
        splits.samples.len(),
        splits.validation.len(),
        splits.tests.iter().map(|(_, examples)| examples.len()).sum::<usize>()
    );
    let held_out: Vec<&Example> = splits.validation.iter().map(|sample| sample.example).collect();
    let backend = arguments.backend.to_possible_value();
    let backend = backend.map_or_else(String::new, |value| value.get_name().to_owned());
    let publication = Publication {
        hyperparameters: &hyperparameters,
        classes: &classes,
        data: &data,
        backend: &backend,
        training_images: splits.samples.len(),
        validation: &splits.validation,
        tests: &splits.tests,
        contents: match frozen {
            Some(start) => Contents::Features { width: start.width },
            None => Contents::Pixels,
        },
        precision: arguments.precision,
        output: &arguments.output,
    };
    if let Some(start) = frozen {
        let run = HeadRun {
            start,
            hyperparameters: &hyperparameters,
            classes: &classes,
            training: &splits.training,
            validation: &held_out,
            keep_classes: arguments.keep_classes,
            samples: &splits.samples,
            sources: &splits.sources,
            leave_one_out: arguments.leave_one_out,
        };
        let trained = transfer::train_head(&run, reporter(arguments.tui, None).as_mut())?;
        return finish(trained, &publication, None);
    }
    let run = trainer::Run {
        hyperparameters: &hyperparameters,
        classes: &classes,
        data: &data,
        training: &splits.training,
        validation: &held_out,
        backend: &backend,
        checkpoint: &checkpoint,
        checkpoint_seconds: arguments.checkpoint_seconds,
        resume: arguments.resume,
        start: start.as_ref(),
    };
    let tui = arguments.tui;
    match arguments.backend {
        BackendName::Flex => train_on::<Flex>(&run, &publication, Default::default(), tui),
        #[cfg(feature = "tch")]
        BackendName::Tch => {
            let device = burn::backend::libtorch::LibTorchDevice::Cpu;
            train_on::<burn::backend::LibTorch>(&run, &publication, device, tui)
        }
        #[cfg(feature = "wgpu")]
        BackendName::Wgpu => {
            train_on::<burn::backend::Wgpu>(&run, &publication, Default::default(), tui)
        }
        #[cfg(feature = "cuda")]
        BackendName::Cuda => {
            train_on::<burn::backend::Cuda>(&run, &publication, Default::default(), tui)
        }
    }
}

/// Refuses what only a run of all layers has, so that nobody believes that it was heeded.
fn what_a_head_has_not(arguments: &TrainArguments) -> Result<(), Failure> {
    let asked = [
        ("--backend", arguments.backend != BackendName::Flex),
        ("--optimiser", arguments.optimiser.is_some()),
        ("--resume", arguments.resume),
        ("--checkpoint", arguments.checkpoint.is_some()),
    ];
    match asked.iter().find(|(_, asked)| *asked) {
        Some((what, _)) => Err(format!(
            "{what} is for training all layers, with --unfreeze. A new head is trained with Adam on the CPU; its \
            features are kept by themselves, so an interrupted run goes on when it is started again."
        )
        .into()),
        None => Ok(()),
    }
}

/// The hyperparameters that the command line asks for, for so many training images.
fn hyperparameters(
    arguments: &TrainArguments,
    start: Option<&Start>,
    training_images: usize,
) -> Hyperparameters {
    let defaults = match start {
        None => Hyperparameters::new(
            arguments.architecture.unwrap_or(Architecture::ConvNet),
            arguments.input_size.unwrap_or(32),
            training_images,
        ),
        Some(start) => {
            Hyperparameters::from(start, arguments.unfreeze, arguments.views, training_images)
        }
    };
    defaults.choosing(&Choices {
        framing: arguments.stretch.then_some(Framing::Stretch),
        second_framing: arguments.second_view.then_some(Framing::Stretch),
        enhance: Enhance {
            denoise: arguments.denoise,
            contrast: arguments.enhance_contrast,
            colour_balance: arguments.balance_colour,
        },
        epochs: arguments.epochs,
        batch_size: arguments.batch_size,
        optimiser: arguments.optimiser,
        learning_rate: arguments.learning_rate,
        weight_decay: arguments.weight_decay,
        label_smoothing: arguments.label_smoothing,
        validation: Some(arguments.validation),
        flip: arguments.no_flip.then_some(false),
        shift: arguments.shift,
        contrast: arguments.jitter_contrast,
        colour: arguments.jitter_colour,
        cutout: arguments.cutout,
        seed: Some(arguments.seed),
    })
}

fn train_on<B: Backend>(
    run: &trainer::Run<'_>,
    publication: &Publication<'_>,
    device: B::Device,
    tui: bool,
) -> Result<ExitCode, Failure> {
    let mut report = reporter(tui, run.resume.then_some(1));
    let trained = trainer::train::<Autodiff<B>>(run, &device, report.as_mut())?;
    drop(report);
    finish(trained, publication, Some(run.checkpoint))
}

fn reporter(tui: bool, checkpoint: Option<usize>) -> Box<dyn Report> {
    if tui { Box::new(Dashboard::new(checkpoint)) } else { Box::new(Bar::new()) }
}

/// Publishes what was trained, and says how good it is.
fn finish<B: Backend>(
    trained: Option<Trained<B>>,
    publication: &Publication<'_>,
    checkpoint: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let Some(trained) = trained else {
        match checkpoint {
            Some(_) => eprintln!("stopped; go on with --resume"),
            None => eprintln!("stopped; the features are kept for the next run"),
        }
        return Ok(ExitCode::FAILURE);
    };
    let published = publish(publication, trained)?;
    for (source, metrics) in &published.tests {
        println!("{source}:\n{metrics}\n");
    }
    for (source, metrics) in &published.left_out {
        println!("left out: {source}:\n{metrics}\n");
    }
    if let (true, Some(metrics)) = (published.tests.is_empty(), &published.validation) {
        println!("{metrics}");
    }
    eprintln!("{}: {} bytes", publication.output.display(), published.bytes);
    if let Some(path) = checkpoint {
        // The run is done: its checkpoint would only be in the way of the next.
        std::fs::remove_file(path)
            .map_err(|why| TrainError::File { path: path.to_owned(), why })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn import_command(arguments: &ImportArguments) -> Result<ExitCode, Failure> {
    let inputs = [Some(&arguments.pretrained), arguments.classes.as_ref()];
    let inputs: Vec<&Path> = inputs.into_iter().flatten().map(PathBuf::as_path).collect();
    files::keep_apart(&[&arguments.output], &inputs)?;
    let classes = match &arguments.classes {
        Some(path) => {
            let text = String::from_utf8(read(path)?)?;
            Some(text.lines().map(|line| line.trim().to_owned()).collect())
        }
        None => None,
    };
    let device = Default::default();
    let (network, mut header) = import::<Flex>(&arguments.pretrained, classes, &device)?;
    header.provenance.notice = Some(arguments.notice.clone());
    let bytes = weights::write(&network, &header, arguments.precision)?;
    files::write(&arguments.output, &[&bytes])
        .map_err(|why| TrainError::File { path: arguments.output.clone(), why })?;
    eprintln!("{}: {} bytes", arguments.output.display(), bytes.len());
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Vec<u8>, TrainError> {
    std::fs::read(path).map_err(|why| TrainError::File { path: path.to_owned(), why })
}

/// Reads a source, keeping the features of its pictures.
fn load_features(source: &Source, backbone: &Backbone<'_>) -> Result<Dataset, Failure> {
    let failure = Mutex::new(None);
    let dataset = load(source, |pixels| {
        // After a failure nothing is to be gained by looking at the rest.
        if failure.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Vec::new();
        }
        backbone.extract_features(pixels).unwrap_or_else(|error| {
            failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            Vec::new()
        })
    })?;
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error.into()),
        None => Ok(dataset),
    }
}

fn load(source: &Source, fit: impl Fn(&Pixels) -> Vec<u8> + Sync) -> Result<Dataset, Failure> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    // A log has no spinner, and downloading or reading may take a while.
    if bar.is_hidden() {
        eprintln!("reading the data");
    }
    let dataset = Dataset::load(source, fit, |progress| show_progress(&bar, progress))?;
    bar.finish_and_clear();
    for skipped in &dataset.skipped {
        eprintln!("skipped {}: {}", skipped.path, skipped.why);
    }
    Ok(dataset)
}

/// Says how far the reading has come.
fn show_progress(bar: &ProgressBar, progress: Progress) {
    if let (true, Progress::Reading { done, .. }) = (bar.is_hidden(), progress)
        && done.is_multiple_of(LOGGED_EVERY)
    {
        eprintln!("{done} pictures");
    }
    bar.set_message(match progress {
        Progress::Downloading { done, total: Some(total) } => {
            format!("downloading: {} of {} MB", done / 1_000_000, total / 1_000_000)
        }
        Progress::Downloading { done, total: None } => {
            format!("downloading: {} MB", done / 1_000_000)
        }
        Progress::Reading { done, total: Some(total) } => {
            format!("reading: {done} of {total} pictures")
        }
        Progress::Reading { done, total: None } => format!("reading: {done} pictures"),
    });
}
