//! `glimpse train`: from labelled pictures to a weights file and its model card.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use burn::backend::Autodiff;
use burn::tensor::backend::Backend;
use clap::ValueEnum;
use glimpse::pixels::Pixels;
use glimpse::preprocess::{Enhance, Framing, Normalisation};
use glimpse::train::dataset::{
    Dataset, Example, Identical, Source, cache_file, pictures_to_stream, unite,
};
use glimpse::train::evaluate::Contents;
use glimpse::train::features::{Backbone, Cache};
use glimpse::train::head::{HeadRun, train_head};
use glimpse::train::hyperparameters::{Choices, Distillation, Hyperparameters, Taught};
use glimpse::train::pretrained::Start;
use glimpse::train::publish::{Publication, publish};
use glimpse::train::report::{Bar, Dashboard, Report};
use glimpse::train::splits::Splits;
use glimpse::train::teacher::Teacher;
use glimpse::train::{TrainError, Trained, files, trainer};
use indicatif::DecimalBytes;

use super::args::{BackendName, TrainArguments};
use super::backend::OnBackend;
use super::terminal::{Failure, count, interrupted, load, read, say_identical};

pub fn run(arguments: &TrainArguments) -> Result<ExitCode, Failure> {
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
    let networks = arguments.init.iter().chain(&arguments.teacher).map(PathBuf::as_path);
    let inputs: Vec<&Path> = networks.chain(pictures).collect();
    let card = arguments.output.with_extension("md");
    let card_file = arguments.output.with_extension("json");
    let history = arguments.output.with_extension("epochs.csv");
    let mut outputs = vec![arguments.output.as_path(), &card, &card_file, &history, &checkpoint];
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
            Some(Start::new(file_name(path), bytes, frozen.then_some(arguments.precision))?)
        }
        None => None,
    };
    if let Some(start) = start.as_ref().filter(|_| arguments.keep_classes) {
        start.check_second_answer()?;
    }
    if let Some((start, size)) = start.as_ref().zip(arguments.input_size) {
        start.check_input_size(size)?;
    }
    // What the command line says is checked before the pictures are read, and completed when their number is known.
    let teachers: Vec<Teacher> = arguments
        .teacher
        .iter()
        .map(|path| Ok(Teacher::new(file_name(path), &read(path)?)?))
        .collect::<Result<_, Failure>>()?;
    let choices = choices(arguments, &teachers);
    let hyperparameters = Hyperparameters::chosen(&choices, start.as_ref(), 0);
    hyperparameters.validate()?;
    let frozen = start.as_ref().filter(|_| frozen);
    let cache = match (frozen, &arguments.features) {
        (None, _) => None,
        (Some(_), Some(path)) => Some(Cache::open(path)?),
        (Some(_), None) => Some(Cache::open(&cache_file("features")?)?),
    };
    let backbone = match (frozen, &cache) {
        (Some(start), Some(cache)) => Some(Backbone::new(start, &hyperparameters, cache)),
        _ => None,
    };
    let sources: Vec<&Source> = arguments.data.iter().chain(&arguments.none).collect();
    let mut datasets = Vec::new();
    match &backbone {
        Some(backbone) => {
            for source in sources {
                datasets.push(load_features(source, backbone)?);
            }
        }
        None => {
            let large =
                !arguments.stream && too_large(&sources, &hyperparameters, arguments.memory)?;
            let preprocessing = hyperparameters.preprocessing(Normalisation::IDENTITY);
            for source in sources {
                // Archives are held where nobody has said otherwise: they can't be streamed.
                let streamed = arguments.stream || large && source.path().is_some_and(Path::is_dir);
                let fit = |pixels: &Pixels| preprocessing.fit(pixels).to_rgb8_planar();
                datasets.push(load(source, streamed, fit)?);
            }
        }
    }
    let classes = unite(&mut datasets)?;
    say_identical(&Identical::among(datasets.iter().flat_map(Dataset::seen)));
    let splits = Splits::new(&datasets, arguments.validation, arguments.seed)?;
    let hyperparameters = Hyperparameters::chosen(&choices, start.as_ref(), splits.training.len());

    let sources: Vec<&str> = datasets.iter().map(|dataset| dataset.source.as_str()).collect();
    let mut data = sources.join("; ");
    if let Some(note) = &arguments.note {
        data = format!("{data}; {note}");
    }
    eprintln!("data: {data}");
    eprintln!(
        "{} classes, {} images to train on, {} to validate, {} to test",
        classes.len(),
        count(splits.samples.len()),
        count(splits.validation.len()),
        count(splits.tests.iter().map(|(_, examples)| examples.len()).sum())
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
        sources: &splits.sources,
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
        let trained = train_head(&run, reporter(arguments.tui, None)?.as_mut())?;
        return finish(trained, &publication, None);
    }
    let run = trainer::Run {
        hyperparameters: &hyperparameters,
        classes: &classes,
        data: &data,
        training: &splits.training,
        validation: &held_out,
        backend: &backend,
        half: arguments.backend.half(),
        checkpoint: &checkpoint,
        checkpoint_seconds: arguments.checkpoint_seconds,
        resume: arguments.resume,
        history: Some(&history),
        start: start.as_ref(),
        teachers: &teachers,
    };
    if !teachers.is_empty() {
        eprintln!("what the teachers say of {} images comes first", count(splits.training.len()));
    }
    let task = TrainOn { run: &run, publication: &publication, tui: arguments.tui };
    arguments.backend.run(task)
}

/// Refuses what only a run of all layers has, so that nobody believes that it was heeded.
fn what_a_head_has_not(arguments: &TrainArguments) -> Result<(), Failure> {
    let asked = [
        ("--backend", arguments.backend != BackendName::Flex),
        ("--optimiser", arguments.optimiser.is_some()),
        ("--input-size", arguments.input_size.is_some()),
        ("--resume", arguments.resume),
        ("--checkpoint", arguments.checkpoint.is_some()),
        ("--class-weights", arguments.class_weights),
        ("--ema", arguments.ema.is_some()),
        ("--keep-best", arguments.keep_best),
        ("--patience", arguments.patience.is_some()),
        ("--mixup", arguments.mixup.is_some()),
        ("--teacher", !arguments.teacher.is_empty()),
        ("--stream", arguments.stream),
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

/// Whether the pictures in folders would take more memory than they may; says so.
fn too_large(
    sources: &[&Source],
    hyperparameters: &Hyperparameters,
    memory: u64,
) -> Result<bool, Failure> {
    let mut pictures = 0;
    for source in sources {
        pictures += pictures_to_stream(source)?;
    }
    let bytes = (pictures * 3 * hyperparameters.input_size.pow(2)) as u64;
    let large = bytes > memory;
    if large {
        let [bytes, memory] = [bytes, memory].map(DecimalBytes);
        eprintln!(
            "The pictures would take {bytes} of memory, and may take {memory} (--memory): they are streamed from disk."
        );
    }
    Ok(large)
}

/// What the command line asks for.
fn choices(arguments: &TrainArguments, teachers: &[Teacher]) -> Choices {
    let taught: Vec<Taught> = teachers.iter().map(|teacher| teacher.source.clone()).collect();
    Choices {
        architecture: arguments.architecture,
        input_size: arguments.input_size,
        unfreeze: arguments.unfreeze,
        views: Some(arguments.views),
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
        schedule: arguments.schedule,
        weight_decay: arguments.weight_decay,
        distillation: (!taught.is_empty())
            .then_some(Distillation { teachers: taught, share: arguments.teacher_share }),
        class_weights: arguments.class_weights,
        ema: arguments.ema,
        keep_best: arguments.keep_best,
        patience: arguments.patience,
        label_smoothing: arguments.label_smoothing,
        validation: Some(arguments.validation),
        flip: arguments.no_flip.then_some(false),
        shift: arguments.shift,
        contrast: arguments.jitter_contrast,
        colour: arguments.jitter_colour,
        cutout: arguments.cutout,
        crop: arguments.crop,
        mixup: arguments.mixup,
        jpeg: arguments.jpeg,
        seed: Some(arguments.seed),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A run of all layers.
struct TrainOn<'a> {
    run: &'a trainer::Run<'a>,
    publication: &'a Publication<'a>,
    tui: bool,
}

impl OnBackend for TrainOn<'_> {
    type Output = Result<ExitCode, Failure>;

    fn run<B: Backend>(self, device: B::Device) -> Self::Output {
        let Self { run, publication, tui } = self;
        let mut report = reporter(tui, run.resume.then_some(1))?;
        let trained = trainer::train::<Autodiff<B>>(run, &device, report.as_mut())?;
        drop(report);
        finish(trained, publication, Some(run.checkpoint))
    }
}

fn reporter(tui: bool, checkpoint: Option<usize>) -> Result<Box<dyn Report>, Failure> {
    Ok(if tui {
        Box::new(Dashboard::new(checkpoint))
    } else {
        Box::new(Bar::new().stopping_at(interrupted()?))
    })
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

/// Reads a source, keeping the features of its pictures.
fn load_features(source: &Source, backbone: &Backbone<'_>) -> Result<Dataset, Failure> {
    let failure = Mutex::new(None);
    let dataset = load(source, false, |pixels| {
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
