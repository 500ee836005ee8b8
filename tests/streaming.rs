//! `glimpse classify` and `glimpse evaluate` on more pictures than there are cores or memory: all cores are used, answers come
//! while others are still to be read, and what has been answered is forgotten.
//!
//! Named pipes stand among the pictures. Such a file ends when the test says so, so that nothing here depends on how fast
//! anything is; the one limit of time is for a program that will never come to an end.
#![cfg(all(feature = "train", unix))]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Whoever has not come by then won't.
const NEVER: Duration = Duration::from_secs(120);

/// The commands by what they are called, and the arguments that make each write a line for every picture.
const COMMANDS: [&[&str]; 2] = [
    &["classify", "data/test/cat", "--format", "csv"],
    &["evaluate", "--data", "data", "--per-picture", "/dev/stdout"],
];

/// A folder with the small network and with pictures of one class, in the order of their names.
struct Stage {
    folder: TempDir,
    picture: Vec<u8>,
}

impl Stage {
    fn new(width: u32, height: u32) -> Self {
        let folder = TempDir::new().expect("a folder");
        let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/model/cifar10.safetensors");
        fs::copy(weights, folder.path().join("w.safetensors")).expect("the shipped weights");
        fs::create_dir_all(folder.path().join("data/test/cat")).expect("a folder");
        let path = folder.path().join("picture.png");
        image::RgbImage::from_pixel(width, height, image::Rgb([90, 150, 230]))
            .save(&path)
            .expect("a picture");
        let picture = fs::read(path).expect("a picture");
        Self { folder, picture }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data/test/cat").join(name)
    }

    fn file(&self, name: &str) {
        fs::write(self.path(name), &self.picture).expect("a picture");
    }

    fn pipe(&self, name: &str) {
        let made = Command::new("mkfifo").arg(self.path(name)).status();
        assert!(made.expect("mkfifo").success());
    }

    fn run(&self, command: &[&str]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_glimpse"))
            .args(command)
            .args(["--weights", "w.safetensors"])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let (sender, lines) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        thread::spawn(move || {
            out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut run = Run { child, lines };
        assert!(run.line().starts_with("p"), "the titles come first");
        run
    }

    /// What a pipe is written to, as soon as the program reads it.
    fn open(&self, name: &str) -> File {
        let path = self.path(name);
        let (sender, opened) = mpsc::channel();
        thread::spawn(move || sender.send(File::options().write(true).open(path)));
        let opened = opened.recv_timeout(NEVER);
        opened.unwrap_or_else(|_| panic!("{name} is not read beside the others")).expect("a pipe")
    }

    fn feed(&self, mut pipe: File) {
        pipe.write_all(&self.picture).expect("it is read");
    }
}

/// The program at work. It ends with the test.
struct Run {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Run {
    fn line(&mut self) -> String {
        self.lines.recv_timeout(NEVER).expect("a line")
    }

    /// The name of the picture that is answered next.
    fn answered(&mut self) -> String {
        let line = self.line();
        let path = line.split(',').next().expect("a path");
        Path::new(path).file_name().expect("a file").to_string_lossy().into_owned()
    }

    /// The most memory that it has had at a time, in bytes.
    #[cfg(target_os = "linux")]
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kilobytes = line.trim_end_matches("kB").trim();
        kilobytes.parse::<u64>().expect("a number") * 1024
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn all_cores_read_at_once_and_answers_wait_for_no_later_picture() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let stage = Stage::new(40, 30);
    let before = ["a-0.png", "a-1.png", "a-2.png"];
    let pipes: Vec<String> = (0..cores).map(|core| format!("b-{core:03}.png")).collect();
    before.iter().for_each(|name| stage.file(name));
    pipes.iter().for_each(|name| stage.pipe(name));
    stage.file("c.png");
    for command in COMMANDS {
        let mut run = stage.run(command);
        assert_eq!(before.map(|_| run.answered()), before, "while all others are still to come");
        // None of them ends before all have begun, for which every core has to read one.
        let open: Vec<File> = pipes.iter().map(|name| stage.open(name)).collect();
        for pipe in open.into_iter().rev() {
            stage.feed(pipe);
        }
        let rest: Vec<String> = pipes.iter().map(|_| run.answered()).collect();
        assert_eq!(rest, pipes, "in the order of their names, whichever was read first");
        assert_eq!(run.answered(), "c.png");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn pictures_that_were_answered_take_no_memory() {
    const PICTURES: usize = 200;
    let (width, height) = (800, 600);
    let stage = Stage::new(width, height);
    stage.file("a.png");
    stage.pipe("b.png");
    (0..PICTURES).for_each(|number| stage.file(&format!("c-{number:03}.png")));
    stage.pipe("d.png");
    for command in COMMANDS {
        let mut run = stage.run(command);
        assert_eq!(run.answered(), "a.png");
        let pipe = stage.open("b.png");
        let before = run.peak();
        stage.feed(pipe);
        (0..=PICTURES).for_each(|_| assert_ne!(run.answered(), "d.png"));
        let grown = run.peak() - before;
        stage.feed(stage.open("d.png"));
        assert_eq!(run.answered(), "d.png");
        let all = PICTURES as u64 * u64::from(width * height) * 4;
        assert!(grown < all / 4, "{command:?}: {grown} bytes more for pictures of {all}");
    }
}
