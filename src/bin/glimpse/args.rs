//! What the command line may say.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use glimpse::model::Architecture;
use glimpse::model::weights::Precision;
use glimpse::train::compare::{Method, TableFormat};
use glimpse::train::dataset::Source;
use glimpse::train::hyperparameters::{Hyperparameters, Optimiser};
use glimpse::train::import::NOTICE;
use glimpse::train::schedule::Schedule;

/// An image classifier for the browser: trains, evaluates and uses its networks.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant)] // one value lives per program
pub enum Command {
    /// Train a network and write its weights file and model card
    Train(TrainArguments),
    /// Make a weights file of a pretrained EfficientNet-Lite0 (a PyTorch state dict or safetensors)
    Import(ImportArguments),
    /// Measure a weights file on labelled pictures: accuracy, coverage, precision, recall, F1, confusion matrix
    Evaluate(EvaluateArguments),
    /// Train networks and classical methods on the same pictures, and put into one table how they do
    Compare(CompareArguments),
    /// Say what is in pictures
    Classify(ClassifyArguments),
    /// Show where the network looked in a picture: what each place adds to the answer
    Explain(ExplainArguments),
    /// Write what the backbone makes of pictures: 1,280 numbers each
    Embed(EmbedArguments),
    /// Teach a head with a few pictures of each class, and write its weights file
    Teach(TeachArguments),
    /// Put pictures together that look alike, without labels
    Group(GroupArguments),
}

/// What computes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BackendName {
    /// The CPU, with AVX-512 where it has that
    Flex,
    /// LibTorch on the CPU
    #[cfg(feature = "tch")]
    Tch,
    /// LibTorch on the CPU with convolutions in bfloat16, quick where the processor has AMX
    #[cfg(feature = "tch")]
    TchBf16,
    /// Any GPU, through Vulkan, Metal, DirectX or OpenGL
    #[cfg(feature = "wgpu")]
    Wgpu,
    /// An NVIDIA GPU
    #[cfg(feature = "cuda")]
    Cuda,
}

impl BackendName {
    /// Whether images pass through the network in half precision.
    pub fn half(self) -> bool {
        match self {
            #[cfg(feature = "tch")]
            Self::TchBf16 => true,
            _ => false,
        }
    }
}

#[derive(Args)]
#[command(args_override_self = true)]
pub struct TrainArguments {
    /// Take these options from a file, too: TOML with the names that they have here, `epochs = 40` or
    /// `keep-best = true`. What the command line says comes first
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// `cifar10` (downloaded once), or a folder or .tar.gz of train/<class>/*.jpg and test/<class>/*.jpg, or
    /// an archive in the format of cifar-10-binary.tar.gz. May be given several times: classes of the same name
    /// are one class, and a small source comes more often than a large one. A class called `none`, or `none_` and
    /// something, stands for 'none of these'
    #[arg(long, default_value = "cifar10")]
    pub data: Vec<Source>,
    /// As --data, but all of it is 'none of these', whatever its folders are called. May be given several times
    #[arg(long, value_name = "DATA", value_parser = Source::none_of_these)]
    pub none: Vec<Source>,
    /// Hold no pictures in memory: read those of each batch from their files when it is their turn. The result is the
    /// same. Folders alone can be streamed, not archives
    #[arg(long)]
    pub stream: bool,
    /// How much memory the decoded pictures may take. Folders are streamed, as with --stream, where all of theirs would
    /// take more
    #[arg(long, value_name = "SIZE", default_value = "4GB", value_parser = memory)]
    pub memory: u64,
    /// Start from these weights: their backbone is frozen, and a new head learns the classes of the data
    #[arg(long, value_name = "WEIGHTS")]
    pub init: Option<PathBuf>,
    /// Train all layers of --init further, instead of a new head alone
    #[arg(long, requires = "init")]
    pub unfreeze: bool,
    /// Keep the classes of --init as a second answer from the same forward pass
    #[arg(long, requires = "init", conflicts_with = "unfreeze")]
    pub keep_classes: bool,
    /// Train with each --data and --none left out in turn, too, and measure on it: temperature, threshold and the
    /// figures of the model card then come from pictures of sources that were not trained on
    #[arg(long, requires = "keep_classes")]
    pub leave_one_out: bool,
    /// Views of every picture for a new head: one as it is, the others with random changes. Of pictures that are much
    /// smaller than the network's input there is only one
    #[arg(long, requires = "init", conflicts_with = "unfreeze", default_value_t = Hyperparameters::VIEWS)]
    pub views: usize,
    /// Where the features of --init are kept for the next run [default: `features` in the
    /// folder where CIFAR-10 is kept, too: $GLIMPSE_CACHE or ~/.cache/glimpse]
    #[arg(long, requires = "init", conflicts_with = "unfreeze")]
    pub features: Option<PathBuf>,
    /// Where the weights file goes; beside it go the model card, in Markdown and as JSON, and a
    /// table with the figures of each epoch
    #[arg(long, default_value = "glimpse.safetensors")]
    pub output: PathBuf,
    /// The network [default: convnet, or that of --init]
    #[arg(long, value_parser = architectures(), conflicts_with = "init")]
    pub architecture: Option<Architecture>,
    /// Side of the network's square input, in pixels; with --unfreeze, a convnet or an EfficientNet-Lite0 may get
    /// another than that of --init [default: 32, or that of --init]
    #[arg(long)]
    pub input_size: Option<usize>,
    /// Passes over the training images [default: 10 for convnet, 20 for vgg, 30 for plain and efficientnet-lite0, 30 for
    /// a new head or 10 from 10,000 images on, 5 with --unfreeze]
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Images per step [default: 1024, 128 for vgg and plain, 256 for efficientnet-lite0, 512 for a new head, less for
    /// few or large images]
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// The optimiser [default: sgd for convnet, adam for the others]
    #[arg(long, value_enum)]
    pub optimiser: Option<Optimiser>,
    /// Highest learning rate [default: 1.5 per 1024 images with sgd, 0.001 with adam and adamw, a tenth of these with --unfreeze,
    /// 0.002 for a new head]
    #[arg(long)]
    pub learning_rate: Option<f64>,
    /// How the learning rate changes meanwhile [default: triangle]
    #[arg(long, value_enum)]
    pub schedule: Option<Schedule>,
    /// L2 penalty on the weights [default: 0.00133 with sgd, 0.0001 with adam, 0.01 with adamw, 0.0013 for a new head]
    #[arg(long)]
    pub weight_decay: Option<f32>,
    /// Let images of rare classes count more, so that all classes count alike
    #[arg(long)]
    pub class_weights: bool,
    /// Keep a moving average of the weights, of which each step keeps this share, 0.999 for instance
    #[arg(long, value_name = "SHARE")]
    pub ema: Option<f64>,
    /// Keep the weights of the epoch that was best on the validation images, instead of the last ones
    #[arg(long)]
    pub keep_best: bool,
    /// End when so many epochs were no better than the best one, and keep that
    #[arg(long, value_name = "EPOCHS")]
    pub patience: Option<usize>,
    /// Share of the target that is spread over all classes
    #[arg(long)]
    pub label_smoothing: Option<f32>,
    /// Learn from what a trained network of the same classes says of the training images, too, which it sees without random
    /// changes. May be given several times: their answers are averaged
    #[arg(long, value_name = "WEIGHTS")]
    pub teacher: Vec<PathBuf>,
    /// The share of the target that is the teachers' answer; the rest is the label's
    #[arg(long, value_name = "SHARE", requires = "teacher", default_value_t = 0.5)]
    pub teacher_share: f32,
    /// Share of the training images held out for validation
    #[arg(long, default_value_t = Hyperparameters::VALIDATION)]
    pub validation: f64,
    /// Seed of initial weights, split, order, augmentation and dropout
    #[arg(long, default_value_t = Hyperparameters::SEED)]
    pub seed: u64,
    /// Stretch pictures to a square instead of cropping their centre
    #[arg(long, alias = "squash")]
    pub stretch: bool,
    /// Look at every picture twice, at its centre and stretched to a square, and average what the backbone of --init
    /// makes of the two: somewhat more often right, in twice the time
    #[arg(long, requires = "init", conflicts_with_all = ["unfreeze", "stretch"])]
    pub second_view: bool,
    /// Stretch the contrast of every picture, in training and ever after
    #[arg(long)]
    pub enhance_contrast: bool,
    /// Balance the colours of every picture, in training and ever after
    #[arg(long)]
    pub balance_colour: bool,
    /// Remove noise from every picture, in training and ever after
    #[arg(long)]
    pub denoise: bool,
    /// Do not mirror training images
    #[arg(long)]
    pub no_flip: bool,
    /// Shift training images by up to this share of the side
    #[arg(long)]
    pub shift: Option<f32>,
    /// Change the contrast of training images by up to this share
    #[arg(long)]
    pub jitter_contrast: Option<f32>,
    /// Change the colour balance of training images by up to this share
    #[arg(long)]
    pub jitter_colour: Option<f32>,
    /// Paint over a square of this share of the side in training images
    #[arg(long)]
    pub cutout: Option<f32>,
    /// Cut up to this share of the area away from training images, and enlarge what is left
    #[arg(long)]
    pub crop: Option<f32>,
    /// Mix training images with each other (MixUp): 0.2 for instance, 1 for strongly
    #[arg(long, value_name = "ALPHA")]
    pub mixup: Option<f32>,
    /// Store this share of the training images as JPEG in between
    #[arg(long, value_name = "SHARE")]
    pub jpeg: Option<f32>,
    /// How weights are stored
    #[arg(long, value_parser = precisions(), default_value_t = Precision::Int8)]
    pub precision: Precision,
    /// What computes
    #[arg(long, value_enum, default_value_t = BackendName::Flex)]
    pub backend: BackendName,
    /// Something about the data that belongs into the model card
    #[arg(long)]
    pub note: Option<String>,
    /// Show Burn's dashboard instead of a progress bar
    #[arg(long)]
    pub tui: bool,
    /// Go on from the checkpoint that an interrupted run left
    #[arg(long)]
    pub resume: bool,
    /// Where the checkpoint goes [default: the output with the ending `checkpoint`]
    #[arg(long)]
    pub checkpoint: Option<PathBuf>,
    /// Seconds between two checkpoints; tests want more of them
    #[arg(long, hide = true, default_value_t = 60.0)]
    pub checkpoint_seconds: f64,
}

#[derive(Args)]
pub struct ImportArguments {
    /// The pretrained weights: a PyTorch state dict (.pth) or a .safetensors file
    pub pretrained: PathBuf,
    /// Where the weights file goes
    #[arg(long, default_value = "efficientnet-lite0.safetensors")]
    pub output: PathBuf,
    /// A text file with the name of each output on a line of its own [default: the thousand classes of ImageNet]
    #[arg(long)]
    pub classes: Option<PathBuf>,
    /// How weights are stored
    #[arg(long, value_parser = precisions(), default_value_t = Precision::Int8)]
    pub precision: Precision,
    /// Who made the weights and under which licence; it stands in every file and model card made of them
    #[arg(long, default_value = NOTICE, hide_default_value = true)]
    pub notice: String,
}

/// Where the backbone is of weights files that hold a head only.
#[derive(Args)]
pub struct BackboneArgument {
    /// Where --weights holds a head only, as `glimpse teach --head-only` and the page write it: a weights file with the
    /// backbone that it needs
    #[arg(long, value_name = "WEIGHTS", default_value = "www/model/photo.safetensors")]
    pub backbone: PathBuf,
}

#[derive(Args)]
pub struct EvaluateArguments {
    /// `cifar10`, a folder or an archive, as for `train`, or class folders alone: the pictures in test/ are measured,
    /// and all where there is no such folder. May be given several times; then there is a table for each and one for
    /// all [default: cifar10, where there is neither --none nor --held-out]
    #[arg(long)]
    pub data: Vec<Source>,
    /// As --data, but all of it is 'none of these', whatever its folders are called. May be given several times
    #[arg(long, value_name = "DATA", value_parser = Source::none_of_these, conflicts_with = "names")]
    pub none: Vec<Source>,
    /// The weights file
    #[arg(long, default_value = "www/model/cifar10.safetensors")]
    pub weights: PathBuf,
    #[command(flatten)]
    pub backbone: BackboneArgument,
    /// Measure the thousand names of ImageNet instead of the classes. What a picture shows is said by the name of its
    /// file, which begins with WordNet's identifier (n01440764_tench.jpg); others are skipped
    #[arg(long)]
    pub names: bool,
    /// Measure, without any pictures, by the answers on pictures held out that the weights file keeps: all together, and
    /// each source of them
    #[arg(long, conflicts_with = "names")]
    pub held_out: bool,
    /// Write a line for each picture into this file: path, truth, answer, probability, sure
    #[arg(long, value_name = "CSV")]
    pub per_picture: Option<PathBuf>,
    /// Write a model card as JSON into this file, for card.html: what is measured here, and what the weights file knows of
    /// pictures held out. Of a card that is there and of the same weights, what else it knows is kept: how training went
    #[arg(long, value_name = "JSON", conflicts_with = "names")]
    pub card: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct CompareArguments {
    /// `cifar10`, a folder or an archive, as for `train`, with pictures in test/. All are made 32 × 32 pixels large
    #[arg(long, default_value = "cifar10")]
    pub data: Source,
    /// Learn from so many of the pictures, drawn by the seed, instead of all; a tenth of them is held out to choose by
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub pictures: Option<usize>,
    /// What to compare, in the order of the table [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    pub methods: Vec<Method>,
    /// Passes over the pictures for networks that are trained from nothing [default: 10 for convnet, 20 for vgg, 30 for
    /// plain]
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Seed of all that is drawn: pictures, split, initial weights, order, random features, trees
    #[arg(long, default_value_t = Hyperparameters::SEED)]
    pub seed: u64,
    /// What trains networks
    #[arg(long, value_enum, default_value_t = BackendName::Flex)]
    pub backend: BackendName,
    /// The weights file whose backbone makes the features of the method `photo`
    #[arg(long, value_name = "WEIGHTS", default_value = "www/model/photo.safetensors")]
    pub photo: PathBuf,
    /// Where the rows are kept, as JSON, each as soon as it is done: what is there already, with the same settings, is not
    /// computed again. The weights files of networks go beside it
    #[arg(long, value_name = "FILE", default_value = "compare.json")]
    pub output: PathBuf,
    /// How to print the table
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
    /// Print all rows of --output, and compute nothing
    #[arg(long, conflicts_with_all = ["data", "pictures", "methods", "epochs", "seed", "backend", "photo"])]
    pub show: bool,
}

#[derive(Args)]
pub struct ClassifyArguments {
    /// The pictures: files, folders with all that is in them, patterns such as 'photos/**/*.jpg', or - for one picture
    /// from standard input
    #[arg(required = true)]
    pub pictures: Vec<PathBuf>,
    /// The weights file
    #[arg(long, default_value = "www/model/photo.safetensors")]
    pub weights: PathBuf,
    #[command(flatten)]
    pub backbone: BackboneArgument,
    /// How many classes to print, as text and CSV
    #[arg(long, default_value_t = 3, value_parser = at_least_one)]
    pub top_k: usize,
    /// Ask whether it is this class, or one of several (cat,dog,bird), instead of what it is
    #[arg(long, value_name = "CLASS", value_delimiter = ',')]
    pub is: Vec<String>,
    /// From which probability on the answer to `--is` is yes: a number from 0 to 1, or, by the pictures held out that the
    /// weights file knows, `best-f1`, or `precision=0.95` for the lowest one with that precision
    #[arg(long, default_value = "0.5", requires = "is")]
    pub threshold: Threshold,
    /// How to print the answers
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

#[derive(Args)]
pub struct ExplainArguments {
    /// The picture
    pub picture: PathBuf,
    /// The weights file
    #[arg(long, default_value = "www/model/photo.safetensors")]
    pub weights: PathBuf,
    #[command(flatten)]
    pub backbone: BackboneArgument,
    /// The class that it is about; the most probable one where neither a class nor a name is given
    #[arg(long, value_name = "CLASS", conflicts_with = "name")]
    pub class: Option<String>,
    /// The name of the wider vocabulary that it is about
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Cover one place after the other with grey, instead of taking the answer apart: works for every network, and takes a
    /// few seconds
    #[arg(long)]
    pub occlusion: bool,
    /// Look so often, each time moved by a part of a cell, for finer places: 1, 4 or 9
    #[arg(long, default_value_t = 1, conflicts_with = "occlusion")]
    pub shifts: usize,
    /// Write the photo with its colours and their legend here, as PNG
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print all numbers as JSON
    #[arg(long)]
    pub json: bool,
}

/// How answers are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line or two for each picture, to be read
    Text,
    /// A line of JSON for each picture, with all classes
    Json,
    /// A table with a line for each picture
    Csv,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or("not a whole number from 1 up".to_owned())
}

/// A number of bytes, as in `500MB` or `2GB`.
fn memory(text: &str) -> Result<u64, String> {
    let units = [("TB", 12), ("GB", 9), ("MB", 6), ("kB", 3), ("", 0)];
    let read = |(unit, power): (&str, u32)| {
        let (number, end) = text.split_at_checked(text.len().checked_sub(unit.len())?)?;
        let number: f64 = number.trim().parse().ok().filter(|_| end.eq_ignore_ascii_case(unit))?;
        (number >= 0.0 && number.is_finite()).then_some((number * 10f64.powi(power as i32)) as u64)
    };
    units.into_iter().find_map(read).ok_or("not a size such as 500MB or 2GB".to_owned())
}

/// From which probability on an answer is yes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// This one, in `[0, 1]`.
    At(f32),
    /// The one with the largest F1.
    BestF1,
    /// The lowest one with this precision, in `[0, 1]`.
    Precision(f64),
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let share = |text: &str| text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
        match text.strip_prefix("precision=") {
            Some(wanted) => share(wanted).map(Self::Precision),
            None if text == "best-f1" => Some(Self::BestF1),
            None => share(text).map(|at| Self::At(at as f32)),
        }
        .ok_or("not a number from 0 to 1, best-f1, or precision= and such a number".to_owned())
    }
}

#[derive(Args)]
pub struct EmbedArguments {
    /// The folder with the pictures
    pub folder: PathBuf,
    /// The weights file
    #[arg(long, default_value = "www/model/photo.safetensors")]
    pub weights: PathBuf,
    /// Where to write: a .npy file, with the paths beside it in a .txt file, or a .csv file with the path first
    #[arg(long, short)]
    pub output: PathBuf,
    /// Write the features as the backbone makes them, instead of centring them and giving them the length 1
    #[arg(long)]
    pub raw: bool,
}

#[derive(Args)]
pub struct TeachArguments {
    /// A folder with a folder of pictures for each class, or with such folders in train/. A class called none stands
    /// for 'none of these'
    #[arg(long)]
    pub data: PathBuf,
    /// The weights file whose backbone is used
    #[arg(long, default_value = "www/model/photo.safetensors")]
    pub weights: PathBuf,
    /// The weights file to write
    #[arg(long, short, default_value = "taught.safetensors")]
    pub output: PathBuf,
    /// Write the head only, some kilobytes, which needs the same backbone wherever it is used
    #[arg(long)]
    pub head_only: bool,
    /// Do not answer 'none of these' to what is unlike all pictures
    #[arg(long)]
    pub no_none: bool,
    /// Write nothing, and say how good heads are that are taught with 1, 2, 5, 10 and 20 pictures of each of some
    /// classes: the mean of so many trials
    #[arg(long, value_name = "TRIALS", conflicts_with_all = ["json", "head_only"])]
    pub episodes: Option<u16>,
    /// Classes in each of these trials
    #[arg(long, default_value_t = 5, requires = "episodes", value_parser = clap::value_parser!(u16).range(2..))]
    pub ways: u16,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct GroupArguments {
    /// The folder with the pictures
    pub folder: PathBuf,
    /// The weights file
    #[arg(long, default_value = "www/model/photo.safetensors")]
    pub weights: PathBuf,
    /// How many groups [default: as many as separate best, by their silhouette]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub groups: Option<u16>,
    /// Copy the pictures into a folder for each group, in this folder
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
    /// With --into: make symbolic links instead of copies
    #[arg(long, requires = "into")]
    pub link: bool,
    /// Write a line for each picture into this file: path, group, name
    #[arg(long, value_name = "CSV")]
    pub csv: Option<PathBuf>,
    /// Group by the pixels of 32 × 32 pictures instead of what the network makes of them: to compare with
    #[arg(long)]
    pub pixels: bool,
    /// Say how well the groups agree with the folders that the pictures lie in, which are not looked at for grouping
    #[arg(long)]
    pub agreement: bool,
}

/// The names of the networks.
fn architectures() -> impl TypedValueParser<Value = Architecture> {
    let known = Architecture::ALL.map(|architecture| {
        PossibleValue::new(architecture.name()).help(match architecture {
            Architecture::ConvNet => {
                "A whitening stem and three blocks of two convolutions: small and quick to train"
            }
            Architecture::Vgg => {
                "Pairs of 3×3 convolutions between poolings, two dense layers: the style of VGG"
            }
            Architecture::Plain => {
                "Two convolutions, two poolings, two dense layers: the first network of many a tutorial"
            }
            Architecture::EfficientNetLite => {
                "Depthwise and pointwise convolutions, for photographs: meant to start from imported weights"
            }
        })
    });
    PossibleValuesParser::new(known).try_map(|name| name.parse::<Architecture>())
}

/// How weights can be stored.
fn precisions() -> impl TypedValueParser<Value = Precision> {
    let known = Precision::ALL.map(|precision| {
        PossibleValue::new(precision.name()).help(match precision {
            Precision::Int8 => "One byte and a scale per output channel",
            Precision::F16 => "Half precision",
            Precision::F32 => "Single precision: every bit of what was trained or imported",
        })
    });
    PossibleValuesParser::new(known).try_map(|name| name.parse::<Precision>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_units_of_thousands() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("50kB", 50_000),
            ("500 MB", 500_000_000),
            ("2gb", 2_000_000_000),
            ("1.5TB", 1_500_000_000_000),
        ] {
            assert_eq!(memory(text), Ok(bytes), "{text}");
        }
        for wrong in ["", "GB", "-1GB", "2GiB", "nan", "inf", "2 cups", "é"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }
}
