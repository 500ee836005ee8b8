//! The companion binary, run as a person runs it, on small pictures made here.
#![cfg(feature = "train")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use burn::backend::Flex;
use glimpse::model::network_file;
use glimpse::model::weights::Precision;
use serde_json::Value;
use tempfile::TempDir;

fn glimpse(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_glimpse"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs")
}

fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = glimpse(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "glimpse {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn fail(folder: &Path, arguments: &[&str]) -> String {
    let output = glimpse(folder, arguments);
    assert!(!output.status.success(), "glimpse {arguments:?} should have failed");
    String::from_utf8(output.stderr).expect("UTF-8")
}

/// Pictures of stripes: across, down, or along a diagonal, in changing colours, widths and brightness.
fn stripes(class: usize, number: u32) -> image::RgbImage {
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(class as u32 * 977) | 1;
    let mut random = move |below: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % below
    };
    let (width, phase) = (2 + random(3), random(8));
    let colours: [[u32; 3]; 2] = std::array::from_fn(|i| {
        std::array::from_fn(|_| if i == 0 { random(110) } else { 130 + random(110) })
    });
    image::RgbImage::from_fn(40, 30, |x, y| {
        let along = [x, y, x + y][class];
        let colour = colours[((along + phase) / width % 2) as usize];
        image::Rgb(colour.map(|value| (value + random(16)).min(255) as u8))
    })
}

/// The same network in a file that knows nothing of pictures held out.
fn without_held_out(file: &Path, to: &Path) {
    let bytes = fs::read(file).expect("a file");
    let (network, mut header) =
        network_file::read::<Flex>(&bytes, &Default::default()).expect("weights");
    assert!(!header.held_out.is_empty());
    header.held_out.clear();
    let bytes = network_file::write(&network, &header, Precision::Int8).expect("a file's bytes");
    fs::write(to, bytes).expect("a file");
}

/// `train/` and `test/` with the first classes of `stripes`.
fn pictures(folder: &Path, names: &[&str], each: u32) {
    for (part, numbers) in [("train", 0..each), ("test", each..each + 20)] {
        for (class, name) in names.iter().enumerate() {
            let folder = folder.join("data").join(part).join(name);
            fs::create_dir_all(&folder).expect("a folder");
            for number in numbers.clone() {
                let path = folder.join(format!("{number:03}.png"));
                stripes(class, number).save(path).expect("a picture");
            }
        }
    }
}

const SMALL: [&str; 9] = [
    "train",
    "--data",
    "data",
    "--architecture",
    "plain",
    "--input-size",
    "24",
    "--output",
    "weights.safetensors",
];

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&SMALL[..], more].concat()
}

#[test]
fn a_folder_of_pictures_becomes_a_network_that_knows_them() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["down", "over", "slant"], 60);
    let report = succeed(folder, &arguments(&["--epochs", "12", "--validation", "0.1"]));
    assert!(report.contains("epoch 12/12"), "{report}");

    let metrics = succeed(
        folder,
        &["evaluate", "--data", "data", "--weights", "weights.safetensors", "--json"],
    );
    let report: Value = serde_json::from_str(&metrics).expect("JSON");
    let metrics = &report["all"];
    assert_eq!(report["collections"][0]["metrics"], *metrics, "there is only one");
    let accuracy = metrics["accuracy"].as_f64().expect("an accuracy");
    assert!(accuracy > 0.9, "accuracy {accuracy}");
    assert_eq!(metrics["images"], 60);
    let counted: u64 = metrics["confusion"]
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(|row| row.as_array().expect("a row"))
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(counted, 60);
    let table =
        succeed(folder, &["evaluate", "--data", "data", "--weights", "weights.safetensors"]);
    assert!(table.contains("| slant ") && table.contains("precision"), "{table}");

    let card = fs::read_to_string(folder.join("weights.md")).expect("a model card");
    assert!(card.contains("down, over, slant") && card.contains("Test images"), "{card}");
    // As JSON it is bound to the file, and made anew it keeps what else it knows.
    let card_file = || -> Value {
        let text = fs::read(folder.join("weights.json")).expect("a model card");
        serde_json::from_slice(&text).expect("JSON")
    };
    let written = card_file();
    let bytes = fs::metadata(folder.join("weights.safetensors")).expect("weights").len();
    assert_eq!(written["weights"]["bytes"], bytes);
    assert_eq!(written["epochs"].as_array().map(Vec::len), Some(12));
    let on = |card: &Value| -> Vec<Value> {
        card["measured"].as_array().expect("measured").iter().map(|one| one["on"].clone()).collect()
    };
    assert_eq!(on(&written), ["test", "validation"]);
    assert_eq!(written["measured"][0]["metrics"]["confusion"], metrics["confusion"]);
    let evaluate = ["evaluate", "--data", "data", "--weights", "weights.safetensors"];
    succeed(folder, &[&evaluate[..], &["--card", "weights.json"]].concat());
    let again = card_file();
    assert_eq!((&again["weights"], &again["epochs"]), (&written["weights"], &written["epochs"]));
    assert_eq!(on(&again), ["held-out", "test", "test", "validation"]);
    let validation = |card: &Value, at: usize| card["measured"][at]["metrics"]["confusion"].clone();
    assert_eq!(validation(&again, 0), validation(&again, 3), "by a byte for each answer, too");
    let kept = ["evaluate", "--held-out", "--weights", "weights.safetensors", "--json"];
    let kept: Value = serde_json::from_str(&succeed(folder, &kept)).expect("JSON");
    assert_eq!(kept["held_out"][0]["metrics"], again["measured"][0]["metrics"]);
    assert_eq!(kept["collections"], serde_json::json!([]));
    let refusal = fail(folder, &[&evaluate[..], &["--card", "weights.safetensors"]].concat());
    assert!(refusal.contains("weights.safetensors"), "{refusal}");

    // A network that it alone teaches learns what it says, where the labels say something else: two of them are swapped.
    pictures(&folder.join("swapped"), &["over", "down", "slant"], 60);
    let mut pupil = arguments(&["--epochs", "12", "--validation", "0.1"]);
    for (word, instead) in [("data", "swapped/data"), ("weights.safetensors", "pupil.safetensors")]
    {
        let at = pupil.iter().position(|found| *found == word).expect("it is among them");
        pupil[at] = instead;
    }
    pupil.extend(["--teacher", "weights.safetensors", "--teacher-share", "1"]);
    succeed(folder, &pupil);
    let card = fs::read_to_string(folder.join("pupil.md")).expect("a model card");
    let taught = "a share of 1 of the targets the answers of weights.safetensors";
    assert!(card.contains(taught), "{card}");
    let pupil = ["evaluate", "--data", "data", "--weights", "pupil.safetensors", "--json"];
    let pupil: Value = serde_json::from_str(&succeed(folder, &pupil)).expect("JSON");
    let accuracy = pupil["all"]["accuracy"].as_f64().expect("an accuracy");
    assert!(accuracy > 0.85, "accuracy {accuracy}");

    assert!(!folder.join("weights.checkpoint").exists(), "a finished run leaves no checkpoint");
    let table = fs::read_to_string(folder.join("weights.epochs.csv")).expect("a table");
    assert_eq!(table.lines().count(), 13, "{table}");

    let answer = succeed(
        folder,
        &[
            "classify",
            "data/test/over/065.png",
            "data/test/down/066.png",
            "--weights",
            "weights.safetensors",
            "--json",
        ],
    );
    let lines: Vec<Value> =
        answer.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    for (line, class) in lines.iter().zip(["over", "down"]) {
        assert_eq!(line["prediction"]["ranked"][0]["label"], class, "{line}");
    }

    // One picture that is none keeps no other from its answer.
    fs::write(folder.join("none.jpg"), "not a picture").expect("a file");
    let output = glimpse(
        folder,
        &["classify", "none.jpg", "data/test/down/066.png", "--weights", "weights.safetensors"],
    );
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("none.jpg"), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("down"), "{output:?}");

    let unknown = fail(
        folder,
        &[
            "classify",
            "data/test/down/066.png",
            "--weights",
            "weights.safetensors",
            "--is",
            "zebra",
        ],
    );
    assert!(unknown.contains("down, over, slant"), "{unknown}");
}

#[test]
fn what_is_odd_about_a_folder_is_said_and_its_own_validation_pictures_are_used() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    // The same name in its two normal forms.
    pictures(folder, &["caf\u{e9}", "over"], 8);
    let data = folder.join("data");
    fs::rename(data.join("test/caf\u{e9}"), data.join("test/cafe\u{301}")).expect("a folder");
    for (class, name) in ["caf\u{e9}", "over"].iter().enumerate() {
        fs::create_dir_all(data.join("valid").join(name)).expect("a folder");
        let path = data.join("valid").join(name).join("100.png");
        stripes(class, 100).save(path).expect("a picture");
    }
    fs::copy(data.join("train/over/003.png"), data.join("test/over/copy.png")).expect("a picture");
    fs::copy(data.join("train/over/004.png"), data.join("train/caf\u{e9}/copy.png")).expect("one");
    fs::write(data.join("train/over/1.HEIC"), "").expect("a file");
    let output = glimpse(folder, &arguments(&["--epochs", "1"]));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{said}");
    let counts = "2 classes, 17 images to train on, 2 to validate, 41 to test";
    assert!(said.contains(counts), "{said}");
    assert!(said.contains("1 other file: 1 .heic, of which pictures have to be"), "{said}");
    let pairs =
        ["test/over/copy.png = train/over/003.png\n", "over/004.png = train/caf\u{e9}/copy.png\n"];
    assert!(pairs.iter().all(|pair| said.contains(pair)), "{said}");
    let card = fs::read_to_string(folder.join("weights.md")).expect("a model card");
    let counts = "17 training, 2 validation and 41 test pictures, each in folders of their own";
    assert!(card.contains(counts) && card.contains("## Validation images"), "{card}");

    let evaluate = ["evaluate", "--data", "data", "--weights", "weights.safetensors", "--json"];
    let report: Value = serde_json::from_str(&succeed(folder, &evaluate)).expect("JSON");
    let collection = &report["collections"][0];
    let pair = ["data/test/over/copy.png", "data/train/over/003.png"];
    assert_eq!(collection["identical"]["held_out_and_learnt"], serde_json::json!([pair]));
    assert_eq!(collection["left_aside"], serde_json::json!({ "heic": 1 }));
}

#[test]
fn pictures_that_are_streamed_from_disk_make_the_same_network() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["down", "over"], 12);
    fs::copy(folder.join("data/train/over/003.png"), folder.join("data/test/over/copy.png"))
        .expect("a picture");
    let run = |output: &str, more: &[&str]| {
        let last = [&["--output", output, "--epochs", "2", "--validation", "0.2"], more].concat();
        let output = glimpse(folder, &arguments(&last));
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let said = run("held.safetensors", &[]);
    assert!(!said.contains("streamed"), "{said}");
    let [small, asked] =
        [("small.safetensors", &["--memory", "50kB"][..]), ("asked.safetensors", &["--stream"])]
            .map(|(output, more)| run(output, more));
    // 65 pictures of 24 × 24 pixels.
    assert!(small.contains("would take 112.32 kB of memory, and may take 50.00 kB"), "{small}");
    assert!(asked.contains("test/over/copy.png = train/over/003.png"), "{asked}");
    // All but the seconds.
    let epochs = |name: &str| -> Vec<String> {
        let table = fs::read_to_string(folder.join(name)).expect("a table");
        table.lines().filter_map(|line| Some(line.rsplit_once(',')?.0.to_owned())).collect()
    };
    for name in ["small", "asked"] {
        let [held, streamed] = ["held", name].map(|name| folder.join(name));
        let [a, b] = [&held, &streamed].map(|path| tensors(&path.with_extension("safetensors")));
        assert!(a == b, "another network");
        assert_eq!(epochs(&format!("{name}.epochs.csv")), epochs("held.epochs.csv"));
    }
    let packed = Command::new("tar").args(["-cf", "data.tar", "data"]).current_dir(folder).status();
    assert!(packed.expect("tar runs").success());
    let refused =
        fail(folder, &["train", "--data", "data.tar", "--output", "x.safetensors", "--stream"]);
    assert!(refused.contains("Unpack it and give the folder"), "{refused}");
}

#[test]
fn two_classes_make_a_question_of_yes_or_no() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["down", "over"], 60);
    succeed(folder, &arguments(&["--epochs", "8", "--validation", "0.2"]));
    let ask = |picture: &str, threshold: &str| {
        let weights =
            ["--weights", "weights.safetensors", "--is", "over", "--threshold", threshold];
        succeed(folder, &[&["classify", picture][..], &weights].concat())
    };
    assert!(ask("data/test/over/070.png", "0.5").contains(": yes"));
    assert!(ask("data/test/down/070.png", "0.5").contains(": no"));
    assert!(
        ask("data/test/down/070.png", "0").contains(": yes"),
        "everything reaches a threshold of zero"
    );

    // The weights file knows the pictures held out, so that thresholds may be found instead of guessed.
    let ask = |threshold: &'static str, classes: &'static str| {
        let question = ["--is", classes, "--threshold", threshold, "--json"];
        let weights = ["classify", "data/test/over/070.png", "--weights", "weights.safetensors"];
        let line = succeed(folder, &[&weights[..], &question].concat());
        serde_json::from_str::<Value>(line.lines().next().expect("a line")).expect("JSON")
    };
    for threshold in ["best-f1", "precision=0.9"] {
        let answer = ask(threshold, "over");
        let figures = &answer["at_threshold"];
        assert!(figures["precision"].as_f64() >= Some(0.9), "{answer}");
        assert!(figures["recall"].as_f64() > Some(0.5), "{answer}");
        assert_eq!(answer["answer"]["yes"], true, "{answer}");
    }
    let both = ask("0.5", "over,down");
    assert_eq!(both["answer"]["label"], "over, down");
    let (all, positives) = (&both["at_threshold"]["pictures"], &both["at_threshold"]["positives"]);
    assert!(all.as_u64() > Some(0) && positives == all, "of every picture it is true: {both}");
    let wrong = ["classify", "x.png", "--weights", "weights.safetensors", "--is", "over"];
    let refusal = fail(folder, &[&wrong[..], &["--threshold", "precision"]].concat());
    assert!(refusal.contains("not a number from 0 to 1, best-f1"), "{refusal}");
}

#[test]
fn methods_are_compared_on_the_same_pictures_and_no_row_is_computed_twice() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["down", "over", "slant"], 60);
    let compare = |methods: &'static str, more: &[&'static str]| {
        let fixed = ["compare", "--data", "data", "--epochs", "6", "--methods", methods];
        [&fixed[..], more].concat()
    };
    let json = ["--pictures", "150", "--format", "json"];
    let classical = "majority,nearest,nearest-pca,linear-svm,rbf-svm,tree,forest,plain";
    let printed = succeed(folder, &compare(classical, &json));
    let record: Value = serde_json::from_str(&printed).expect("JSON alone");
    let rows = record["rows"].as_array().expect("rows");
    let names: Vec<&str> = rows.iter().map(|row| row["method"].as_str().expect("a name")).collect();
    assert_eq!(names.join(","), classical);
    let accuracy = |method: &str| {
        let row = rows.iter().find(|row| row["method"] == method).expect("a row");
        let settings = &row["settings"];
        let counts = [&settings["learnt"], &settings["held_out"], &row["images"]];
        assert_eq!(counts.map(Value::as_u64), [135, 15, 60].map(Some), "{row}");
        assert!(
            row["parameters"].as_u64() > Some(0) && row["seconds"].as_f64() > Some(0.0),
            "{row}"
        );
        let accuracy = row["accuracy"].as_f64().expect("an accuracy");
        let ends = [0, 1].map(|end| row["accuracy_interval"][end].as_f64().expect("an end"));
        assert!(ends[0] <= accuracy && accuracy <= ends[1] + 1e-9, "{row}");
        accuracy
    };
    assert!((accuracy("majority") - 20.0 / 60.0).abs() < 1e-5);
    for method in ["nearest", "nearest-pca", "linear-svm", "rbf-svm", "tree", "forest", "plain"] {
        assert!(accuracy(method) > accuracy("majority") + 0.2, "{method}: {printed}");
    }
    // Which way stripes run is what gradients say.
    for method in ["linear-svm", "rbf-svm", "forest"] {
        assert!(accuracy(method) > 0.95, "{method}: {printed}");
    }
    assert!(accuracy("rbf-svm") > accuracy("linear-svm") - 0.05, "{printed}");
    assert!(accuracy("forest") >= accuracy("tree"), "{printed}");

    // The same rows, to the last digit of their times; with another seed they are others.
    assert_eq!(succeed(folder, &compare(classical, &json)), printed);
    let other = succeed(folder, &compare("majority,tree", &[&json[..], &["--seed", "2"]].concat()));
    assert!(!other.contains("\"seed\": 1,"), "{other}");
    // On the body of the network that was just trained, a new head; and all rows as they are printed for people.
    let photo = ["--pictures", "150", "--photo", "compare.plain.safetensors"];
    let table = succeed(folder, &compare("photo", &photo));
    assert!(table.contains("photo network's features, linear head"), "{table}");
    let shown = succeed(folder, &["compare", "--show", "--format", "markdown"]);
    assert_eq!(shown.lines().filter(|line| line.starts_with("| ")).count(), 9 + 2 + 2, "{shown}");
    assert!(shown.contains("Learnt from 135 pictures of 32 × 32 pixels"), "{shown}");

    let refusal = fail(folder, &compare("tree", &["--pictures", "181"]));
    assert!(refusal.contains("There are 180 pictures to learn from"), "{refusal}");
    fs::remove_dir_all(folder.join("data/test")).expect("a folder");
    let refusal = fail(folder, &compare("tree", &["--output", "other.json"]));
    assert!(refusal.contains("There are no test pictures"), "{refusal}");
    fs::write(folder.join("compare.json"), "no JSON").expect("a file");
    let refusal = fail(folder, &compare("tree", &[]));
    assert!(refusal.contains("is no record of a comparison"), "{refusal}");
}

/// Whether a checkpoint is there and has seen a part of its epoch's images.
fn middle_of_an_epoch(checkpoint: &Path) -> bool {
    let Ok(bytes) = fs::read(checkpoint) else { return false };
    let (length, rest) = bytes.split_first_chunk::<8>().expect("a length");
    let length = u64::from_le_bytes(*length) as usize;
    let position: Value = serde_json::from_slice(&rest[..length]).expect("a position");
    position["seen"].as_u64().expect("a number") > 0
}

/// The bytes of a weights file without the day in it, which may have changed between two runs.
fn tensors(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).expect("weights");
    let (length, rest) = bytes.split_first_chunk::<8>().expect("a length");
    rest[u64::from_le_bytes(*length) as usize..].to_vec()
}

#[test]
fn an_interrupted_run_goes_on_where_it_was() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["down", "over", "slant"], 40);
    let weights = |name: &str| tensors(&folder.join(name));
    fs::write(
        folder.join("run.toml"),
        "ema = 0.9\noptimiser = \"adamw\"\nmixup = 0.4\ncrop = 0.3\n",
    )
    .expect("a file");
    // With dropout (plain), batch norms (vgg) and the whitening stem (convnet), a moving average, the best epoch so far: all
    // that has a state of its own. Two take seconds for an epoch; the third must not be over before it is interrupted.
    for (architecture, epochs, more, signal) in [
        ("plain", "6", &["--config", "run.toml"][..], "KILL"),
        ("vgg", "3", &["--keep-best", "--schedule", "one-cycle"], "KILL"),
        ("convnet", "3", &["--ema", "0.9", "--patience", "5"], "INT"),
    ] {
        let with = |output: &'static str, last: &[&'static str]| {
            let fixed = [
                "train",
                "--data",
                "data",
                "--input-size",
                "24",
                "--epochs",
                epochs,
                "--architecture",
                architecture,
            ];
            [&fixed[..], more, &["--output", output], last].concat()
        };
        succeed(folder, &with("whole.safetensors", &[]));

        // A checkpoint after every step, and the end comes in the middle of an epoch.
        let checkpoint: PathBuf = folder.join("broken.checkpoint");
        let mut run = Command::new(env!("CARGO_BIN_EXE_glimpse"))
            .args(with("broken.safetensors", &["--checkpoint-seconds", "0"]))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let patience = Instant::now();
        while !middle_of_an_epoch(&checkpoint) {
            assert!(patience.elapsed() < Duration::from_secs(300), "no checkpoint was written");
            assert!(
                run.try_wait().expect("a child").is_none(),
                "the run ended before it could be killed"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        let id = run.id().to_string();
        Command::new("kill").args(["-s", signal, &id]).status().expect("a signal");
        run.wait().expect("a child");
        assert!(
            !folder.join("broken.safetensors").exists(),
            "the run was too quick to be interrupted"
        );

        let refusal = fail(folder, &with("broken.safetensors", &[]));
        assert!(refusal.contains("--resume"), "{refusal}");
        let refusal = fail(folder, &with("broken.safetensors", &["--resume", "--seed", "2"]));
        assert!(refusal.contains("other hyperparameters"), "{refusal}");
        // As many pictures as before, but one pixel of one of them is another.
        let picture = folder.join("data/train/over/007.png");
        let untouched = fs::read(&picture).expect("a picture");
        let mut changed = stripes(1, 7);
        changed.get_pixel_mut(20, 15).0[0] ^= 0x80;
        changed.save(&picture).expect("a picture");
        let refusal = fail(folder, &with("broken.safetensors", &["--resume"]));
        assert!(refusal.contains("other pictures"), "{refusal}");
        fs::write(&picture, untouched).expect("a picture");
        succeed(folder, &with("broken.safetensors", &["--resume"]));
        assert!(
            weights("whole.safetensors") == weights("broken.safetensors"),
            "{architecture}: other weights"
        );
        fs::remove_file(folder.join("broken.safetensors")).expect("a file");
    }
}

#[test]
fn a_trained_body_gets_a_new_head_and_its_features_are_kept() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    // The first is called as 'none of these' is.
    pictures(folder, &["none", "over", "slant"], 60);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/model/cifar10.safetensors");
    fs::copy(shipped, folder.join("backbone.safetensors")).expect("the shipped weights");
    let with = |more: &[&'static str]| {
        let fixed = ["train", "--data", "data", "--init", "backbone.safetensors"];
        let files = ["--features", "head.features", "--output", "head.safetensors"];
        [&fixed[..], &files, more].concat()
    };
    succeed(folder, &with(&["--epochs", "20"]));
    let measure = || {
        let evaluate = ["evaluate", "--data", "data", "--weights", "head.safetensors", "--json"];
        let report: Value = serde_json::from_str(&succeed(folder, &evaluate)).expect("JSON");
        let figure = |name: &str| report["all"][name].as_f64().expect("a figure");
        (figure("accuracy"), figure("none_auroc"))
    };
    let (accuracy, auroc) = measure();
    assert!(accuracy > 0.9 && auroc > 0.95, "accuracy {accuracy}, AUROC {auroc}");
    let card = fs::read_to_string(folder.join("head.md")).expect("a model card");
    assert!(card.contains("frozen features of 3 views"), "{card}");
    assert!(card.contains(&format!("{:.2} %", accuracy * 100.0)), "measured otherwise: {card}");
    let answer = ["classify", "data/test/none/066.png", "--weights", "head.safetensors", "--json"];
    let answer: Value = serde_json::from_str(&succeed(folder, &answer)).expect("JSON");
    assert_eq!(answer["prediction"]["none"], true, "{answer}");

    // The pictures are the same: nothing is added to the features, and the same run gives the same weights.
    let features = fs::read(folder.join("head.features")).expect("features");
    let first = tensors(&folder.join("head.safetensors"));
    succeed(folder, &with(&["--epochs", "20"]));
    assert!(first == tensors(&folder.join("head.safetensors")), "other weights");
    assert!(features == fs::read(folder.join("head.features")).expect("features"));
    // A new picture is.
    let more = folder.join("data/train/over/new.png");
    stripes(1, 999).save(more).expect("a picture");
    succeed(folder, &with(&["--epochs", "1"]));
    let grown = fs::read(folder.join("head.features")).expect("features");
    assert!(grown.len() > features.len() && grown.starts_with(&features));

    // All layers, from the head that was just trained.
    let unfreeze = ["train", "--data", "data", "--init", "head.safetensors", "--unfreeze"];
    let more = ["--epochs", "2", "--output", "tuned.safetensors"];
    succeed(folder, &[&unfreeze[..], &more].concat());
    let tuned = fs::read_to_string(folder.join("tuned.md")).expect("a model card");
    assert!(tuned.contains("all layers trained further"), "{tuned}");
    let sgd = ["--optimiser", "sgd", "--epochs", "1", "--output", "sgd.safetensors"];
    succeed(folder, &[&unfreeze[..], &sgd, &["--batch-size", "64"]].concat());
    let card = fs::read_to_string(folder.join("sgd.md")).expect("a model card");
    // A tenth of 1.5 for 1,024 pictures, and not what is right with Adam.
    assert!(card.contains("Sgd, highest learning rate 0.009375, "), "{card}");
    assert!(card.contains("weight decay 0.00133 "), "{card}");
    assert!(tensors(&folder.join("tuned.safetensors")).len() == first.len());

    let refusal = fail(folder, &with(&["--keep-classes"]));
    assert!(refusal.contains("has no place for a second answer"), "{refusal}");
    let refusal = fail(folder, &with(&["--architecture", "vgg"]));
    assert!(refusal.contains("cannot be used with"), "{refusal}");
    for what in [
        &["--optimiser", "sgd"][..],
        &["--resume"],
        &["--checkpoint", "x"],
        &["--ema", "0.9"],
        &["--input-size", "40"],
    ] {
        let refusal = fail(folder, &with(what));
        assert!(refusal.contains("is for training all layers"), "{what:?}: {refusal}");
    }
    let larger = ["--input-size", "40", "--epochs", "1", "--output", "larger.safetensors"];
    succeed(folder, &[&unfreeze[..], &larger].concat());
    let larger = fs::read_to_string(folder.join("larger.md")).expect("a model card");
    assert!(larger.contains("40 × 40"), "{larger}");
    let mine = ["train", "--data", "data", "--init", "head.safetensors"];
    let more = ["--output", "mine.safetensors", "--features", "head.md"];
    let refusal = fail(folder, &[&mine[..], &more].concat());
    assert!(refusal.contains("was not written by glimpse"), "{refusal}");
    // Whatever it is called, and the model card and the checkpoint, too.
    #[cfg(unix)]
    std::os::unix::fs::symlink("head.safetensors", folder.join("link.safetensors"))
        .expect("a link");
    #[cfg(unix)]
    std::os::unix::fs::symlink("head.safetensors", folder.join("card.md")).expect("a link");
    let before = fs::read(folder.join("head.safetensors")).expect("weights");
    for output in [
        &["--output", "head.safetensors"][..],
        &["--output", "data/../head.safetensors"],
        #[cfg(unix)]
        &["--output", "link.safetensors"],
        #[cfg(unix)]
        &["--output", "card.safetensors"],
        &["--output", "new.safetensors", "--unfreeze", "--checkpoint", "head.safetensors"],
        // The checkpoint is deleted at the end.
        &["--output", "new.safetensors", "--unfreeze", "--checkpoint", "new.safetensors"],
    ] {
        let refusal = fail(folder, &[&mine[..], output].concat());
        assert!(refusal.contains("would replace"), "{output:?}: {refusal}");
    }
    for output in ["head.safetensors", "data/../head.safetensors"] {
        let refusal = fail(folder, &["import", "head.safetensors", "--output", output]);
        assert!(refusal.contains("would replace"), "{refusal}");
    }
    assert!(before == fs::read(folder.join("head.safetensors")).expect("weights"));
}

/// The pretrained network, with a head for a few classes beside its thousand names.
#[test]
fn the_old_names_stay_as_a_second_answer_and_as_evidence() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    // Stripes are none of the pretrained network's names; here they are called cats, dogs and none of these.
    pictures(folder, &["cat", "dog", "none"], 8);
    for (part, kept) in [("train", 8), ("test", 3)] {
        for class in ["cat", "dog", "none"] {
            let files = fs::read_dir(folder.join("data").join(part).join(class)).expect("pictures");
            for file in files.skip(kept) {
                fs::remove_file(file.expect("a file").path()).expect("a file");
            }
        }
    }
    // A photo among them, so that there are sharp and coarse views, too.
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reference/dog.png");
    fs::copy(photo, folder.join("data/train/none/photo.png")).expect("a photo");

    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or(Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let pretrained = target.join("pretrained/efficientnet-lite0-57934424.pth");
    let pretrained = pretrained.to_str().expect("UTF-8");
    succeed(
        folder,
        &["import", pretrained, "--precision", "f32", "--output", "backbone.safetensors"],
    );
    let run = ["train", "--data", "data", "--init", "backbone.safetensors", "--keep-classes"];
    let more = ["--features", "x.features", "--output", "names.safetensors", "--validation", "0"];
    succeed(folder, &[&run[..], &more].concat());

    let weights = fs::read(folder.join("names.safetensors")).expect("weights");
    assert!(weights.len() < 5_000_000, "one byte per weight, though it started from four");
    let length = u64::from_le_bytes(*weights.first_chunk::<8>().expect("a length")) as usize;
    let file: Value = serde_json::from_slice(&weights[8..8 + length]).expect("JSON");
    let entry = file["__metadata__"]["glimpse"].as_str().expect("an entry");
    let header: Value = serde_json::from_str(entry).expect("JSON");
    let header = &header["header"];
    assert_eq!(header["none"], "none");
    assert!(header["provenance"]["notice"].as_str().expect("a notice").contains("Apache"));
    let vocabulary = &header["vocabulary"];
    assert_eq!(vocabulary["classes"][0], "tench");
    let class_of = vocabulary["evidence"]["class_of"].as_array().expect("evidence");
    // A tench is none of these, a tabby is a cat, a beagle a dog.
    assert_eq!([&class_of[0], &class_of[281], &class_of[162]], [2, 0, 1]);

    let card = fs::read_to_string(folder.join("names.md")).expect("a model card");
    assert!(card.contains("names 1,000 things"), "{card}");
    let all = ["evaluate", "--data", "data", "--weights", "names.safetensors", "--json"];
    let report: Value = serde_json::from_str(&succeed(folder, &all)).expect("JSON");
    let accuracy = report["all"]["accuracy"].as_f64().expect("a figure");
    // What the page's path finds is what the trainer found on features that it had kept in half precision.
    assert!(card.contains(&format!("{:.2} %", accuracy * 100.0)), "{accuracy}: {card}");
    let picture =
        ["classify", "data/train/none/photo.png", "--weights", "names.safetensors", "--json"];
    let answer: Value = serde_json::from_str(&succeed(folder, &picture)).expect("JSON");
    let names = answer["prediction"]["vocabulary"].as_array().expect("names");
    assert_eq!(names.len(), 10);

    // Each source left out once; the features are known.
    fs::create_dir_all(folder.join("things/cup")).expect("a folder");
    for place in [0, 1] {
        let file = folder.join("things/cup").join(format!("{place}.png"));
        // As large as photos: a source of small pictures is never left out.
        let large = image::imageops::FilterType::Triangle;
        let picture = image::imageops::resize(&stripes(2, 900 + place), 160, 120, large);
        picture.save(file).expect("a picture");
    }
    let out = ["--none", "things", "--leave-one-out", "--output", "out.safetensors"];
    let more = ["--features", "x.features", "--validation", "0"];
    let said = succeed(folder, &[&run[..], &out, &more].concat());
    assert!(said.contains("left out: data ") && said.contains("left out: things "), "{said}");
    let card = fs::read_to_string(folder.join("out.md")).expect("a model card");
    let row = |source: &str| card.lines().find(|line| line.starts_with(source)).map(str::to_owned);
    let data = row("| data (").expect("a row for the source left out");
    assert!(data.contains("| all | 25 |"), "{data}");
    assert!(row("| things (").is_some_and(|row| row.contains("| all | 2 |")), "{card}");
    assert!(card.contains("softmax and logistic regression"), "{card}");
    let alone = ["--leave-one-out", "--output", "out.safetensors"];
    let refusal = fail(folder, &[&run[..], &alone, &more].concat());
    assert!(refusal.contains("there is none to leave out"), "{refusal}");

    // All its layers, for pictures as small as these; then it teaches a network that sees them at another size.
    let tune = ["train", "--data", "data", "--init", "backbone.safetensors", "--unfreeze"];
    let small = ["--input-size", "72", "--epochs", "1", "--output", "small.safetensors"];
    succeed(folder, &[&tune[..], &small, &["--validation", "0"]].concat());
    let card = fs::read_to_string(folder.join("small.md")).expect("a model card");
    assert!(card.contains("72 × 72"), "{card}");
    let pupil = ["train", "--data", "data", "--architecture", "plain", "--input-size", "24"];
    let taught =
        ["--teacher", "small.safetensors", "--epochs", "1", "--output", "pupil.safetensors"];
    succeed(folder, &[&pupil[..], &taught].concat());
    // What that one has learnt is bound to its size.
    let tune = ["train", "--data", "data", "--init", "pupil.safetensors", "--unfreeze"];
    let refusal = fail(folder, &[&tune[..], &["--input-size", "40"]].concat());
    assert!(refusal.contains("fit an input of 24 pixels alone"), "{refusal}");
}

#[test]
fn several_sources_are_one_data_set() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["down", "over"], 30);
    fs::rename(folder.join("data"), folder.join("one")).expect("a folder");
    pictures(folder, &["down", "over", "slant"], 10);
    let run = ["train", "--data", "one", "--data", "data", "--architecture", "plain"];
    let more = ["--input-size", "24", "--epochs", "1", "--output", "both.safetensors"];
    // Without git: the commit is that of the binary, wherever it runs and whatever has been committed since.
    let trained = Command::new(env!("CARGO_BIN_EXE_glimpse"))
        .args([&run[..], &more].concat())
        .current_dir(folder)
        .env("PATH", "")
        .output()
        .expect("the binary runs");
    assert!(trained.status.success(), "{trained:?}");
    let card = fs::read_to_string(folder.join("both.md")).expect("a model card");
    assert!(card.contains(concat!("| commit | ", env!("GLIMPSE_COMMIT"), " |")), "{card}");
    assert!(card.contains("down, over, slant"), "{card}");
    assert!(card.contains("Test images of one") && card.contains("Test images of data"), "{card}");
}

/// Stripes in the given places, and the shipped weights that one command or the other takes.
fn beside(weights: &str, places: &[&str]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/model").join(weights);
    fs::copy(shipped, folder.path().join("w.safetensors")).expect("the shipped weights");
    for (number, place) in places.iter().enumerate() {
        let path = folder.path().join(place);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        stripes(number % 3, number as u32).save(path).expect("a picture");
    }
    folder
}

#[test]
fn an_evaluation_takes_whatever_folders_there_are() {
    let folder = beside(
        "cifar10.safetensors",
        &[
            // Only a test part is measured where there is one.
            "one/train/cat/1.png",
            "one/test/cat/2.png",
            "one/test/dog/3.png",
            // There may be nothing else.
            "two/test/ship/1.png",
            // Or one class alone.
            "three/frog/1.png",
            "three/none_cup/2.png",
            "three/stray.png",
            "cups/red/1.png",
            "cups/2.png",
        ],
    );
    let folder = folder.path();
    // If it were read, it would be skipped.
    fs::write(folder.join("one/train/cat/1.png"), "no picture").expect("a file");
    fs::write(folder.join("three/frog/broken, \"or so\".png"), "no picture").expect("a file");
    fs::write(folder.join("three/frog/notes.txt"), "").expect("a file");
    let all = ["--data", "one", "--data", "two", "--data", "three", "--none", "cups"];
    let run = ["evaluate", "--weights", "w.safetensors", "--per-picture", "lines.csv"];
    let all = [&run[..], &all].concat();
    let report: Value =
        serde_json::from_str(&succeed(folder, &[&all[..], &["--json"]].concat())).expect("JSON");
    let collections = report["collections"].as_array().expect("collections");
    let images =
        |metrics: &Value| (metrics["images"].as_u64(), metrics["unknown"]["images"].as_u64());
    let found: Vec<_> = collections.iter().map(|one| images(&one["metrics"])).collect();
    let expected = [(2, None), (1, None), (1, Some(1)), (0, Some(2))];
    assert_eq!(found, expected.map(|(images, unknown)| (Some(images), unknown)));
    assert_eq!(images(&report["all"]), (Some(4), Some(3)));
    assert!(collections[3]["source"].as_str().expect("text").ends_with("all none of these"));
    let skipped: Vec<_> =
        collections[2]["skipped"].as_array().expect("skipped").iter().map(|s| &s["path"]).collect();
    assert_eq!(skipped, ["three/stray.png", "three/frog/broken, \"or so\".png"]);
    assert_eq!(collections[2]["ignored"], 1);
    assert_eq!(collections[2]["left_aside"]["txt"], 1);
    let (low, high) = (&report["all"]["accuracy_interval"]["low"], &report["all"]["accuracy"]);
    assert!(low.as_f64() <= high.as_f64(), "{report}");

    let lines = fs::read_to_string(folder.join("lines.csv")).expect("lines");
    let lines: Vec<Vec<&str>> = lines.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], ["path", "truth", "answer", "probability", "sure"]);
    let found: Vec<_> = lines[1..].iter().map(|line| (line[0], line[1])).collect();
    let expected = [
        ("one/test/cat/2.png", "cat"),
        ("one/test/dog/3.png", "dog"),
        ("two/test/ship/1.png", "ship"),
        ("three/frog/1.png", "frog"),
        ("three/none_cup/2.png", "none"),
        ("cups/2.png", "none"),
        ("cups/red/1.png", "none"),
    ];
    assert_eq!(found, expected);
    // The lines tell the same as the figures.
    let right = lines[1..].iter().filter(|line| line[1] == line[2]).count();
    assert_eq!(report["all"]["accuracy"].as_f64(), Some(right as f64 / 4.0));
    let probability: f32 = lines[1][3].parse().expect("a number");
    assert!(probability > 0.0 && probability <= 1.0 && ["true", "false"].contains(&lines[1][4]));

    let tables = succeed(folder, &all);
    assert!(tables.contains("one (folder; 2 pictures):"), "{tables}");
    assert!(tables.contains("2 pictures skipped\n1 files that are no pictures"), "{tables}");
    assert!(tables.contains("all 4 collections:\naccuracy"), "{tables}");

    let refused = beside("cifar10.safetensors", &["zebra/1.png", "cat/1.png"]);
    let refusal = fail(refused.path(), &["evaluate", "--weights", "w.safetensors", "--data", "."]);
    assert!(refusal.contains("automobile") && refusal.contains("cat, zebra"), "{refusal}");
    without_held_out(&folder.join("w.safetensors"), &folder.join("bare.safetensors"));
    let refusal = fail(folder, &["evaluate", "--weights", "bare.safetensors", "--held-out"]);
    assert!(refusal.contains("keeps no answers"), "{refusal}");
    let refusal = fail(folder, &["evaluate", "--weights", "w.safetensors", "--names"]);
    assert!(refusal.contains("leave --names out"), "{refusal}");
}

#[test]
fn the_thousand_names_are_measured_by_the_names_of_files() {
    let folder = beside("photo.safetensors", &["flat/n01440764_tench.png", "flat/unnamed.png"]);
    let folder = folder.path();
    let run = ["evaluate", "--weights", "w.safetensors", "--names", "--data", "flat"];
    let report: Value =
        serde_json::from_str(&succeed(folder, &[&run[..], &["--json"]].concat())).expect("JSON");
    let all = &report["all"];
    assert_eq!((all["images"].as_u64(), all["names"].as_u64()), (Some(1), Some(1000)), "{report}");
    assert!(all["negative_log_likelihood"].as_f64().expect("a figure") > 0.0);
    let skipped = &report["collections"][0]["skipped"];
    assert_eq!(skipped[0]["path"], "flat/unnamed.png");
    let table = succeed(folder, &run);
    assert!(table.contains("top-5 accuracy") && table.contains("1 pictures skipped"), "{table}");
}

#[test]
fn pictures_come_from_files_folders_patterns_and_standard_input() {
    let folder = beside(
        "cifar10.safetensors",
        &["in/b.png", "in/deep/c.png", "in/a, \"quoted\".png", "other/d.png", "[e].png"],
    );
    let folder = folder.path();
    fs::write(folder.join("in/notes.txt"), "").expect("a file");
    let run = |arguments: &[&str]| {
        let fixed = ["classify", "--weights", "w.safetensors"];
        let output = glimpse(folder, &[&fixed[..], arguments].concat());
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    let names = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.map(|line| line["picture"].as_str().expect("a path").to_owned()).collect()
    };
    let all = ["in/a, \"quoted\".png", "in/b.png", "in/deep/c.png"];
    let (success, answers, said) = run(&["in", "other/*.png", "[e].png", "--json"]);
    assert!(success && said.contains("names: 1 other file: 1 .txt"), "{said}");
    assert_eq!(names(&answers), [&all[..], &["other/d.png", "[e].png"]].concat());
    let (_, again, _) = run(&["in", "other/*.png", "[e].png", "--format", "json"]);
    assert_eq!(answers, again);
    let (success, answers, said) = run(&["in/**/*.png", "nothing*.png", "--format", "json"]);
    assert!(!success && said.contains("nothing*.png: "), "{said}");
    assert_eq!(names(&answers), all);

    let (success, table, _) = run(&["in", "--format", "csv", "--top-k", "2"]);
    let lines: Vec<&str> = table.lines().collect();
    let titles = "picture,sure,class_1,probability_1,class_2,probability_2";
    assert!(success && lines.len() == 4 && lines[0] == titles, "{table}");
    assert!(lines[1].starts_with("\"in/a, \"\"quoted\"\".png\","), "{table}");
    let (_, table, _) = run(&["other", "--format", "csv", "--is", "cat"]);
    assert!(table.starts_with("picture,class,probability,yes\nother/d.png,cat,"), "{table}");
    let (_, text, _) = run(&["other", "--top-k", "1"]);
    assert!(text.starts_with("other/d.png: ") && text.ends_with(" %\n"), "{text}");
    assert_eq!(text.matches('%').count(), 1, "{text}");

    let mut piped = Command::new(env!("CARGO_BIN_EXE_glimpse"))
        .args(["classify", "-", "--json", "--weights", "w.safetensors"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let picture = fs::read(folder.join("in/b.png")).expect("a picture");
    piped.stdin.take().expect("a pipe").write_all(&picture).expect("it reads");
    let output = piped.wait_with_output().expect("a child");
    assert!(output.status.success());
    let piped: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let (_, filed, _) = run(&["in/b.png", "--json"]);
    let filed: Value = serde_json::from_str(&filed).expect("JSON");
    assert_eq!((&piped["picture"], &piped["prediction"]), (&"-".into(), &filed["prediction"]));
}

#[test]
fn whoever_has_read_enough_may_close_the_pipe() {
    let places: Vec<String> = (0..200).map(|number| format!("in/{number:03}.png")).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let folder = beside("cifar10.safetensors", &places);
    for format in ["text", "json", "csv"] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_glimpse"))
            .args(["classify", "in", "--weights", "w.safetensors", "--format", format])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut answers = BufReader::new(run.stdout.take().expect("a pipe"));
        let mut line = String::new();
        answers.read_line(&mut line).expect("a line");
        assert!(!line.is_empty());
        drop(answers);
        let output = run.wait_with_output().expect("a child");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{format}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn paths_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = beside("cifar10.safetensors", &["in/cat/a.png", "in/cat/b.png"]);
    let folder = folder.path();
    // As text, the two would be one.
    let names = [b"in/cat/\xff.png".as_slice(), b"in/cat/\xfe.png"].map(OsStr::from_bytes);
    for (name, from) in names.iter().zip(["a", "b"]) {
        fs::rename(folder.join(format!("in/cat/{from}.png")), folder.join(name)).expect("a file");
    }
    let run = |arguments: &[&OsStr]| {
        let output = Command::new(env!("CARGO_BIN_EXE_glimpse"))
            .args(arguments)
            .args(["--weights", "w.safetensors"])
            .current_dir(folder)
            .output()
            .expect("the binary runs");
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let [classify, evaluate, format, csv] =
        ["classify", "evaluate", "--format", "csv"].map(OsStr::new);
    let table = run(&[classify, names[0], OsStr::new("in"), format, csv]);
    let lines: Vec<&[u8]> = table.split(|byte| *byte == b'\n').collect();
    let expected: [&[u8]; 3] = [b"in/cat/\xff.png,", b"in/cat/\xfe.png,", b"in/cat/\xff.png,"];
    for (line, expected) in lines[1..].iter().zip(expected) {
        assert!(line.starts_with(expected), "{}", String::from_utf8_lossy(line));
    }
    for format in ["text", "json"] {
        run(&[classify, names[0], OsStr::new("--format"), OsStr::new(format)]);
    }
    let lines = ["--data", "in", "--per-picture", "lines.csv"].map(OsStr::new);
    run(&[&[evaluate][..], &lines].concat());
    let lines = fs::read(folder.join("lines.csv")).expect("lines");
    let lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').collect();
    assert_eq!(lines.len(), 4, "titles, two pictures and the end");
    assert!(lines[1].starts_with(b"in/cat/\xfe.png,cat,"));
}

#[test]
fn one_class_and_none_of_these_make_a_choice() {
    let mut places = Vec::new();
    for number in 0..12 {
        places.push(format!("cats/cat/{number}.png"));
        places.push(format!("cups/train/red/{number}.png"));
    }
    places.push("cups/test/red/1.png".to_owned());
    places.push("cats/none_hat/1.png".to_owned());
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let folder = beside("cifar10.safetensors", &places);
    let folder = folder.path();
    let run = ["train", "--architecture", "plain", "--input-size", "24", "--epochs", "1"];
    let output = ["--output", "new.safetensors"];
    let alone = fail(folder, &[&run[..], &output, &["--data", "cups/train"]].concat());
    assert!(alone.contains("only the class 'red'"), "{alone}");
    let all = ["--data", "cats", "--none", "cups"];
    succeed(folder, &[&run[..], &output, &all].concat());
    let card = fs::read_to_string(folder.join("new.md")).expect("a model card");
    assert!(card.contains("apart: cat, none |"), "{card}");
    assert!(card.contains("all none of these"), "{card}");
}

#[test]
fn what_can_not_be_done_is_said() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    let nowhere = fail(folder, &["train", "--data", "nowhere"]);
    assert!(nowhere.contains("nowhere"), "{nowhere}");
    for (argument, value, said) in [
        ("--input-size", "8", "at least 17 pixels"),
        ("--input-size", "2000", "--input-size must be"),
        ("--epochs", "0", "--epochs must be"),
        ("--batch-size", "0", "--batch-size must be"),
        ("--learning-rate", "NaN", "--learning-rate must be"),
        ("--weight-decay", "inf", "--weight-decay must be"),
        ("--label-smoothing", "1.5", "--label-smoothing must be"),
        ("--shift", "1", "--shift must be"),
        ("--seed", "9007199254740992", "--seed must be"),
        ("--jitter-contrast", "7", "--jitter-contrast must be"),
        ("--output", "weights.md", "must end in .safetensors"),
    ] {
        let refusal = fail(folder, &["train", "--data", "nowhere", argument, value]);
        assert!(refusal.contains(said), "{argument} {value}: {refusal}");
    }
    let tui = fail(folder, &["train", "--data", "nowhere", "--tui"]);
    assert!(tui.contains("needs a terminal"), "{tui}");
    let threshold = fail(folder, &["classify", "a.png", "--is", "cat", "--threshold", "7"]);
    assert!(threshold.contains("from 0 to 1"), "{threshold}");
    fs::write(folder.join("weights.safetensors"), b"short").expect("a file");
    fs::write(folder.join("a.png"), b"short").expect("a file");
    let weights = fail(folder, &["classify", "a.png", "--weights", "weights.safetensors"]);
    assert!(weights.contains("not a whole weights file"), "{weights}");
    fs::write(folder.join("broken.checkpoint"), b"short").expect("a file");
    pictures(folder, &["down", "over"], 10);
    let damaged =
        fail(folder, &["train", "--data", "data", "--output", "broken.safetensors", "--resume"]);
    let share = ["train", "--data", "data", "--teacher-share", "0.5"];
    assert!(fail(folder, &share).contains("--teacher"));
    assert!(damaged.contains("is damaged"), "{damaged}");
}

/// A breed where the photo network is sure of it, and the class behind it.
#[test]
fn the_most_specific_name_that_is_sure_comes_first() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample = |name: &str| root.join("www/samples").join(name).display().to_string();
    let said =
        succeed(root, &["classify", &sample("dog.jpg"), &sample("bird.jpg"), "--top-k", "1"]);
    let (dog, bird) = said.split_once('\n').expect("two answers");
    assert!(dog.contains("dog.jpg: German shepherd ") && dog.ends_with(" %)"), "{dog}");
    assert!(dog.contains(" % (dog "), "{dog}");
    // A kingfisher, of which the names know nothing.
    assert!(bird.contains("bird.jpg: bird "), "{bird}");
}

#[test]
fn a_head_is_taught_with_a_few_pictures_and_answers_alone_and_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["across", "down", "diagonal"], 3);
    fs::write(folder.join("data/train/readme.txt"), "no picture").expect("a file");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/model");
    let photo = root.join("photo.safetensors");
    let photo = photo.to_str().expect("UTF-8");
    let teach = ["teach", "--data", "data", "--weights", photo];
    let report = succeed(folder, &[&teach[..], &["--output", "whole.safetensors"]].concat());
    assert!(report.contains("9 pictures of 3 classes"), "{report}");
    let head = ["--head-only", "--json", "--output", "head.safetensors"];
    let report: Value =
        serde_json::from_str(&succeed(folder, &[&teach[..], &head].concat())).expect("JSON");
    assert_eq!(report["confusion"].as_array().map(Vec::len), Some(3));
    let size = |name: &str| fs::metadata(folder.join(name)).expect("a file").len();
    assert!(size("head.safetensors") < 50_000 && size("whole.safetensors") > 3_000_000);

    let test = "data/test/down/003.png";
    let classify = ["classify", test, "--format", "json", "--weights"];
    let whole = succeed(folder, &[&classify[..], &["whole.safetensors"]].concat());
    let alone = ["head.safetensors", "--backbone", photo];
    assert_eq!(succeed(folder, &[&classify[..], &alone].concat()), whole);
    assert!(whole.contains("\"diagonal\"") && whole.contains("\"none\""), "{whole}");
    let evaluate = ["evaluate", "--json", "--data", "data", "--weights"];
    let found: Value =
        serde_json::from_str(&succeed(folder, &[&evaluate[..], &alone].concat())).expect("JSON");
    assert_eq!(found["all"]["images"], 60);
    assert!(found["all"]["accuracy"].as_f64().expect("a number") > 0.6, "{found}");

    let cifar10 = root.join("cifar10.safetensors");
    let other = ["head.safetensors", "--backbone", cifar10.to_str().expect("UTF-8")];
    let refusal = fail(folder, &[&classify[..], &other].concat());
    assert!(refusal.contains("belongs to the backbone"), "{refusal}");
}

#[test]
fn pictures_are_grouped_and_embedded() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    pictures(folder, &["across", "down"], 3);
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/model/photo.safetensors");
    let weights = ["--weights", photo.to_str().expect("UTF-8")];
    let group = ["group", "data/train", "--groups", "2", "--agreement", "--csv", "groups.csv"];
    let said = succeed(folder, &[&group[..], &["--into", "sorted"], &weights].concat());
    assert!(said.contains("purity"), "{said}");
    let by_pixels = succeed(folder, &[&group[..5], &["--pixels"], &weights].concat());
    assert!(by_pixels.contains("purity"), "{by_pixels}");
    assert_ne!(by_pixels, said, "to pixels, other pictures are alike");
    let table = fs::read_to_string(folder.join("groups.csv")).expect("a table");
    assert_eq!(table.lines().count(), 7);
    let sorted: Vec<PathBuf> = fs::read_dir(folder.join("sorted"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(sorted.len(), 2);
    let pictures = sorted.iter().map(|group| fs::read_dir(group).expect("a folder").count());
    assert_eq!(pictures.sum::<usize>(), 6, "pictures of the same name, too");

    succeed(folder, &[&["embed", "data/train", "--output", "rows.npy"][..], &weights].concat());
    let rows = fs::read(folder.join("rows.npy")).expect("a file");
    assert!(rows.starts_with(b"\x93NUMPY\x01\x00") && rows.len().is_multiple_of(64));
    let length = usize::from(u16::from_le_bytes([rows[8], rows[9]]));
    assert_eq!(rows.len() - 10 - length, 6 * 1280 * 4);
    let (numbers, _) = rows[10 + length..][..1280 * 4].as_chunks::<4>();
    let squares: f32 = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes).powi(2)).sum();
    assert!((squares - 1.0).abs() < 1e-4, "{squares}");
    let refusal =
        fail(folder, &[&["embed", "data/train", "--output", "rows.txt"][..], &weights].concat());
    assert!(refusal.contains(".npy or .csv"), "{refusal}");
}

#[test]
fn explains_where_it_looked_as_a_picture_and_as_numbers() {
    let folder = TempDir::new().expect("a folder");
    let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/www/samples/dog.jpg");
    let weights = concat!(env!("CARGO_MANIFEST_DIR"), "/www/model/photo.safetensors");
    let printed = succeed(
        folder.path(),
        &["explain", photo, "--weights", weights, "--class", "dog", "--out", "map.png", "--json"],
    );
    let map: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!((&map["of"], &map["label"]), (&Value::from("class"), &Value::from("dog")));
    let number = |value: &Value| value.as_f64().expect("a number");
    let values: f64 = map["values"].as_array().expect("numbers").iter().map(number).sum();
    assert!((values + number(&map["constant"]) - number(&map["score"])).abs() < 1e-4);
    let picture = image::open(folder.path().join("map.png")).expect("a picture");
    assert_eq!(picture.width(), 400);
    assert!(picture.height() > 300, "the legend stands below the photo");

    let words = succeed(
        folder.path(),
        &["explain", photo, "--weights", weights, "--name", "German shepherd"],
    );
    assert!(words.starts_with("German shepherd: log-odds +"), "{words}");
    let errors =
        fail(folder.path(), &["explain", photo, "--weights", weights, "--class", "unicorn"]);
    assert!(errors.contains("The network knows no unicorn."), "{errors}");
}
