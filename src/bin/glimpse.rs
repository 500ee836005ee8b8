//! The companion binary: trains, evaluates and uses the networks that the page runs.
//!
//! Arguments only; what they ask for is done in the library.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::backend::{Autodiff, Flex};
use burn::tensor::backend::Backend;
use clap::{Args, Parser, Subcommand, ValueEnum};
use glimpse::classifier::{Classifier, Options};
use glimpse::model::Architecture;
use glimpse::model::weights::Precision;
use glimpse::pixels::Pixels;
use glimpse::preprocess::{Enhance, Framing, Normalisation};
use glimpse::train::dataset::{Dataset, Example, Progress, Source, split};
use glimpse::train::metrics::Metrics;
use glimpse::train::publish::{Publication, publish};
use glimpse::train::recipe::{Augmentation, Optimiser, Recipe, default_decay, default_rate};
use glimpse::train::report::{Bar, Dashboard, Report};
use glimpse::train::{TrainError, evaluate, trainer};
use indicatif::{ProgressBar, ProgressStyle};

/// An image classifier for the browser: trains, evaluates and uses its networks.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train a network and write its weights file and model card
    Train(TrainArguments),
    /// Measure a weights file on labelled test images: accuracy, precision, recall, F1, confusion matrix
    Evaluate(EvaluateArguments),
    /// Say what is in pictures
    Classify(ClassifyArguments),
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
    /// an archive in the format of cifar-10-binary.tar.gz
    #[arg(long, default_value = "cifar10")]
    data: Source,
    /// Where the weights file goes; the model card goes beside it
    #[arg(long, default_value = "glimpse.safetensors")]
    output: PathBuf,
    /// The network
    #[arg(long, value_enum, default_value_t = Architecture::ConvNet)]
    architecture: Architecture,
    /// Side of the network's square input, in pixels
    #[arg(long, default_value_t = 32)]
    input_size: usize,
    /// Passes over the training images [default: 10, 20 for vgg, 30 for plain]
    #[arg(long)]
    epochs: Option<usize>,
    /// Images per step [default: 1024, 128 for vgg and plain, less for few or large images]
    #[arg(long)]
    batch_size: Option<usize>,
    /// The optimiser [default: sgd, adam for vgg and plain]
    #[arg(long, value_enum)]
    optimiser: Option<Optimiser>,
    /// Highest learning rate [default: 1.5 per 1024 images with sgd, 0.001 with adam]
    #[arg(long)]
    learning_rate: Option<f64>,
    /// L2 penalty on the weights
    #[arg(long)]
    weight_decay: Option<f32>,
    /// Share of the target that is spread over all classes
    #[arg(long)]
    label_smoothing: Option<f32>,
    /// Share of the training images held out for validation
    #[arg(long, default_value_t = 0.05)]
    validation: f64,
    /// Seed of initial weights, split, order, augmentation and dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Squash pictures to a square instead of cropping their centre
    #[arg(long)]
    squash: bool,
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
struct EvaluateArguments {
    /// As for `train`; its test images are measured
    #[arg(long, default_value = "cifar10")]
    data: Source,
    /// The weights file
    #[arg(long, default_value = "www/model/cifar10.safetensors")]
    weights: PathBuf,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct ClassifyArguments {
    /// The pictures
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// The weights file
    #[arg(long, default_value = "www/model/cifar10.safetensors")]
    weights: PathBuf,
    /// How many classes to print
    #[arg(long, default_value_t = 3, value_parser = at_least_one)]
    top_k: usize,
    /// Ask whether it is this class, instead of what it is
    #[arg(long, value_name = "CLASS")]
    is: Option<String>,
    /// From which probability on the answer to `--is` is yes
    #[arg(long, default_value_t = 0.5, requires = "is", value_parser = probability)]
    threshold: f32,
    /// Print a line of JSON for each picture
    #[arg(long)]
    json: bool,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or("not a whole number from 1 up".to_owned())
}

fn probability(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or("not a number from 0 to 1".to_owned())
}

/// Whatever ended the program early, as a sentence.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Train(arguments) => train(&arguments),
        Command::Evaluate(arguments) => evaluate_command(&arguments),
        Command::Classify(arguments) => classify(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
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
    if checkpoint.exists() && !arguments.resume {
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

    // What the command line says is checked before the pictures are read, and completed when their number is known.
    let recipe = recipe(arguments, 0);
    recipe.validate()?;
    let preprocessing = recipe.preprocessing(Normalisation::IDENTITY);
    let fit = |pixels: &Pixels| preprocessing.fit(pixels).to_rgb8_planar();
    let dataset = load(&arguments.data, fit)?;
    let (training, validation) = split(&dataset.train, arguments.validation, arguments.seed)?;
    let choose = |indices: Vec<usize>| -> Vec<&Example> {
        indices.into_iter().map(|index| &dataset.train[index]).collect()
    };
    let (training, validation) = (choose(training), choose(validation));
    let test: Vec<&Example> = dataset.test.iter().collect();
    let recipe = self::recipe(arguments, training.len());

    let data = match &arguments.note {
        Some(note) => format!("{}; {note}", dataset.source),
        None => dataset.source.clone(),
    };
    eprintln!("data: {data}");
    eprintln!(
        "{} classes, {} images to train on, {} to validate, {} to test",
        dataset.classes.len(),
        training.len(),
        validation.len(),
        test.len()
    );
    let backend = arguments.backend.to_possible_value();
    let backend = backend.map_or_else(String::new, |value| value.get_name().to_owned());
    let run = trainer::Run {
        recipe: &recipe,
        classes: &dataset.classes,
        data: &data,
        training: &training,
        validation: &validation,
        backend: &backend,
        checkpoint: &checkpoint,
        checkpoint_seconds: arguments.checkpoint_seconds,
        resume: arguments.resume,
    };
    let publication = Publication {
        recipe: &recipe,
        classes: &dataset.classes,
        data: &data,
        backend: &backend,
        training_images: training.len(),
        validation: &validation,
        test: &test,
        precision: arguments.precision,
        output: &arguments.output,
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

/// The recipe that the command line asks for, for so many training images.
fn recipe(arguments: &TrainArguments, training_images: usize) -> Recipe {
    let defaults = Recipe::new(arguments.architecture, arguments.input_size, training_images);
    let optimiser = arguments.optimiser.unwrap_or(defaults.optimiser);
    let batch_size = arguments.batch_size.unwrap_or(defaults.batch_size);
    let augmentation = defaults.augmentation;
    Recipe {
        framing: if arguments.squash { Framing::Squash } else { defaults.framing },
        enhance: Enhance {
            denoise: arguments.denoise,
            contrast: arguments.enhance_contrast,
            colour_balance: arguments.balance_colour,
        },
        epochs: arguments.epochs.unwrap_or(defaults.epochs),
        batch_size,
        optimiser,
        learning_rate: arguments
            .learning_rate
            .unwrap_or_else(|| default_rate(optimiser, batch_size)),
        weight_decay: arguments.weight_decay.unwrap_or_else(|| default_decay(optimiser)),
        label_smoothing: arguments.label_smoothing.unwrap_or(defaults.label_smoothing),
        validation: arguments.validation,
        augmentation: Augmentation {
            flip: !arguments.no_flip,
            shift: arguments.shift.unwrap_or(augmentation.shift),
            contrast: arguments.jitter_contrast.unwrap_or(augmentation.contrast),
            colour: arguments.jitter_colour.unwrap_or(augmentation.colour),
        },
        seed: arguments.seed,
        ..defaults
    }
}

fn train_on<B: Backend>(
    run: &trainer::Run<'_>,
    publication: &Publication<'_>,
    device: B::Device,
    tui: bool,
) -> Result<ExitCode, Failure> {
    let mut report: Box<dyn Report> = match tui {
        true => Box::new(Dashboard::new(run.resume.then_some(1))),
        false => Box::new(Bar::new()),
    };
    let trained = trainer::train::<Autodiff<B>>(run, &device, report.as_mut())?;
    drop(report);
    let Some(trained) = trained else {
        eprintln!("stopped; go on with --resume");
        return Ok(ExitCode::FAILURE);
    };
    let published = publish(publication, trained)?;
    if let Some(metrics) = published.test.as_ref().or(published.validation.as_ref()) {
        println!("{metrics}");
    }
    eprintln!("{}: {} bytes", publication.output.display(), published.bytes);
    // The run is done: its checkpoint would only be in the way of the next.
    std::fs::remove_file(run.checkpoint)
        .map_err(|why| TrainError::File { path: run.checkpoint.to_owned(), why })?;
    Ok(ExitCode::SUCCESS)
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
    let dataset = Dataset::load(source, fit, |progress| {
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
    })?;
    bar.finish_and_clear();
    for skipped in &dataset.skipped {
        eprintln!("skipped {}: {}", skipped.path, skipped.why);
    }
    Ok(dataset)
}

fn read_classifier(weights: &Path) -> Result<Classifier<Flex>, Failure> {
    let bytes =
        std::fs::read(weights).map_err(|why| TrainError::File { path: weights.to_owned(), why })?;
    Ok(Classifier::load(&bytes, Default::default())?)
}

fn evaluate_command(arguments: &EvaluateArguments) -> Result<ExitCode, Failure> {
    let classifier = read_classifier(&arguments.weights)?;
    let metrics: Metrics = evaluate::evaluate(&classifier, |fit| load(&arguments.data, fit))?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&metrics)?);
    } else {
        println!("{metrics}");
    }
    Ok(ExitCode::SUCCESS)
}

fn classify(arguments: &ClassifyArguments) -> Result<ExitCode, Failure> {
    let classifier = read_classifier(&arguments.weights)?;
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.pictures {
        if let Err(failure) = classify_one(&classifier, path, arguments) {
            // One bad picture does not keep the others from their answers.
            eprintln!("{}: {failure}", path.display());
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

fn classify_one(
    classifier: &Classifier<Flex>,
    path: &Path,
    arguments: &ClassifyArguments,
) -> Result<(), Failure> {
    let pixels = Pixels::decode(&std::fs::read(path)?)?;
    let prediction = pollster::block_on(classifier.classify(&pixels, &Options::default()))?;
    let name = path.display();
    if let Some(class) = &arguments.is {
        let answer = prediction.is(class, arguments.threshold).ok_or_else(|| {
            format!(
                "The network knows no {class}, only {}.",
                classifier.header().classes.join(", ")
            )
        })?;
        if arguments.json {
            println!("{}", serde_json::json!({ "picture": path, "answer": answer }));
        } else {
            let yes = if answer.yes { "yes" } else { "no" };
            println!("{name}: {yes}, {class} {:.1} %", answer.probability * 100.0);
        }
        return Ok(());
    }
    if arguments.json {
        println!("{}", serde_json::json!({ "picture": path, "prediction": prediction }));
        return Ok(());
    }
    let ranked: Vec<String> = prediction
        .ranked
        .iter()
        .take(arguments.top_k)
        .map(|class| format!("{} {:.1} %", class.label, class.probability * 100.0))
        .collect();
    let doubt = if prediction.sure { "" } else { "not sure: " };
    println!("{name}: {doubt}{}", ranked.join(", "));
    Ok(())
}
