//! Where a network looked: what each place of a photo adds to the score of a class or a name.
//!
//! ```text
//! photo ─ views ─▶ last maps ─ pooling ─▶ features ─ dense layers ─▶ outputs ─ evidence ─▶ logits ─▶ score
//!                      │                                                                     (log-odds)
//!                      └─ cells: what each adds to the score ─▶ grid over the photo
//! ```
//!
//! [`Method::Cells`] takes the score apart in the same forward pass that answers: [`split`](Split) makes it a weighted
//! sum of outputs and a constant, [`cells`] makes that a sum over cells, [`grid`] lays the cells over the photo. Nothing
//! is estimated: the grid's numbers and the constant add up to the score. (Zhou et al., "Learning deep features for
//! discriminative localization", arXiv:1512.04150, did so for one class's weights; here it is the whole answer.)
//!
//! [`Method::Occlusion`] needs to know nothing of the network: it covers one place after the other with grey, and notes
//! how much lower the score is for it (Zeiler and Fergus, "Visualizing and understanding convolutional networks",
//! arXiv:1311.2901).
//!
//! Work of several forward passes is done step by step, so that whoever waits can be told how far it is, and can end it:
//! [`Explaining`].

pub mod cells;
pub mod colours;
pub mod grid;
#[cfg(feature = "decode")]
pub mod picture;
mod split;

use serde::{Deserialize, Serialize};

use self::grid::Part;
pub use self::split::{Split, Target};
use crate::classifier::{Classifier, ClassifyError, Options};
use crate::model::Architecture;
use crate::model::engine::Engine;
use crate::model::weights::Header;
use crate::pixels::Pixels;
use crate::prediction::argmax;
use crate::preprocess::{Prepared, Rectangle, cover, moved};

/// How it is found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The score is taken apart: exactly, at no price to speak of.
    #[default]
    Cells,
    /// Places are covered with grey, one after the other.
    Occlusion,
}

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    /// The class whose score it is. Without a class and a name: the most probable class.
    pub class: Option<String>,
    /// The name, of the wider vocabulary.
    pub name: Option<String>,
    /// How it is found out.
    pub method: Method,
    /// How often the photo is looked at, each time moved by a part of a cell: 1, 4 or 9 times. The mean of the maps has
    /// finer places. For [`Method::Cells`]; 0 is 1.
    pub shifts: usize,
}

/// Why there is no map.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The features of the network are not made of a map each.
    #[error(
        "A {0} network has no map for each feature. Cover places instead, which works for every network."
    )]
    NoMaps(Architecture),
    /// There is no such class.
    #[error("The network knows no {0}.")]
    Unknown(String),
    /// See [`Request::shifts`].
    #[error("A photo is looked at 1, 4 or 9 times, not {0}.")]
    Shifts(usize),
    /// The network could not answer.
    #[error(transparent)]
    Classify(#[from] ClassifyError),
}

/// Where the network looked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Map {
    /// How that was found out.
    pub method: Method,
    /// `class` or `name`.
    pub of: &'static str,
    /// What it is called.
    pub label: String,
    /// The log-odds: of a class against the other classes, of a name against the other names, of 'none of these' against
    /// all classes. At temperature 1; moved photos ([`Request::shifts`]) have the mean of theirs.
    pub score: f64,
    /// What belongs to no place. With it, `values` add up to the score; they don't for [`Method::Occlusion`], which has
    /// no such number.
    pub constant: Option<f64>,
    /// Squares of the grid from left to right.
    pub columns: usize,
    /// Squares of the grid from top to bottom.
    pub rows: usize,
    /// What each square of the photo adds to the score, or how much lower it is without it. `[rows, columns]`
    pub values: Vec<f32>,
    /// The cells that the network really has, of each of its views; none for [`Method::Occlusion`].
    pub cells: Vec<Part>,
}

impl Map {
    /// The size of the largest number: where the colours end.
    pub fn limit(&self) -> f32 {
        self.values.iter().fold(0.0, |largest, value| value.abs().max(largest))
    }
}

/// Squares that cover the photo for [`Method::Occlusion`]: their side, as a share of the photo's shorter one, and how
/// many steps it takes to move one by its own length.
const PATCH: f64 = 0.25;
const STEPS_OF_PATCH: usize = 2;
/// At most so many of them from one end of a long photo to the other.
const MOST_PATCHES: usize = 40;
/// So many of them are answered at once.
const BATCH: usize = 4;

/// The work on a map, which may take several steps.
#[derive(Debug)]
pub struct Explaining {
    request: Request,
    /// The photo's, in pixels.
    size: (u32, u32),
    views: Vec<Prepared>,
    /// What each view sees.
    seen: Vec<Rectangle>,
    /// What the first step has found.
    answered: Option<Answered>,
    /// How far each step moves the photo, in cells.
    shifts: &'static [(f64, f64)],
    parts: Vec<Part>,
    scores: f64,
    constants: f64,
    patches: Vec<Rectangle>,
    /// How much lower the score is without each of them.
    drops: Vec<f64>,
    done: usize,
}

#[derive(Debug)]
struct Answered {
    logits: Vec<f32>,
    target: Target,
    label: String,
}

const ONCE: [(f64, f64); 1] = [(0.0, 0.0)];
const HALVES: [(f64, f64); 4] = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)];
const T: f64 = 1.0 / 3.0;
const THIRDS: [(f64, f64); 9] =
    [(0.0, 0.0), (-T, 0.0), (T, 0.0), (0.0, -T), (-T, -T), (T, -T), (0.0, T), (-T, T), (T, T)];

impl Explaining {
    /// How many steps have been done, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let steps = match self.request.method {
            Method::Cells => self.shifts.len(),
            Method::Occlusion => 1 + self.patches.len().div_ceil(BATCH),
        };
        (self.done, steps)
    }

    /// Whether all steps have been done.
    pub fn is_complete(&self) -> bool {
        let (done, steps) = self.progress();
        done == steps
    }

    /// The views of the photo, prepared.
    pub fn views(&self) -> &[Prepared] {
        &self.views
    }

    /// The network's outputs for the photo as it is, once the first step is done: what `Classifier::answer` takes.
    pub fn logits(&self) -> Option<&[f32]> {
        self.answered.as_ref().map(|answered| answered.logits.as_slice())
    }

    /// The map, once all steps are done.
    pub fn map(&self) -> Option<Map> {
        let Answered { target, label, .. } =
            self.answered.as_ref().filter(|_| self.is_complete())?;
        let (columns, rows) = grid::size(self.size.0, self.size.1);
        let (values, score, constant) = match self.request.method {
            Method::Cells => {
                let steps = self.shifts.len() as f64;
                let values = grid::spread(&self.parts, columns, rows);
                (values, self.scores / steps, Some(self.constants / steps))
            }
            Method::Occlusion => (self.drops_on_grid(columns, rows), self.scores, None),
        };
        Some(Map {
            method: self.request.method,
            of: match target {
                Target::Class(_) => "class",
                Target::Name(_) => "name",
            },
            label: label.clone(),
            score,
            constant,
            columns,
            rows,
            values: values.into_iter().map(|value| value as f32).collect(),
            cells: self.parts.clone(),
        })
    }

    /// For each square of the grid, the mean drop of the patches that have covered its middle.
    fn drops_on_grid(&self, columns: usize, rows: usize) -> Vec<f64> {
        let middle = |at: usize, count: usize| (at as f64 + 0.5) / count as f64;
        let squares = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
        let mean = |(x, y)| {
            let (x, y) = (middle(x, columns), middle(y, rows));
            let over = |(patch, _): &(&Rectangle, &f64)| {
                (patch.x..=patch.x + patch.width).contains(&x)
                    && (patch.y..=patch.y + patch.height).contains(&y)
            };
            let drops = self.patches.iter().zip(&self.drops).filter(over);
            let (sum, count) =
                drops.fold((0.0, 0), |(sum, count), (_, drop)| (sum + drop, count + 1));
            sum / f64::from(count.max(1))
        };
        squares.map(mean).collect()
    }
}

impl<E: Engine> Classifier<E> {
    /// Begins to find out where the network looks in a photo. [`Classifier::explain_step`] goes on with it.
    ///
    /// # Errors
    ///
    /// If the network can't be asked so, or knows no such class.
    pub fn explaining(
        &self,
        pixels: &Pixels,
        options: &Options,
        request: Request,
    ) -> Result<Explaining, ExplainError> {
        let header = self.header();
        let shifts: &[_] = match (request.method, request.shifts) {
            (Method::Occlusion, _) | (Method::Cells, 0 | 1) => &ONCE,
            (Method::Cells, 4) => &HALVES,
            (Method::Cells, 9) => &THIRDS,
            (Method::Cells, other) => return Err(ExplainError::Shifts(other)),
        };
        if request.method == Method::Cells && header.architecture.pooling().is_none() {
            return Err(ExplainError::NoMaps(header.architecture));
        }
        asked(header, &request)?;
        let size = (pixels.width(), pixels.height());
        Ok(Explaining {
            views: self.views(pixels, options),
            seen: self.seen(pixels, options),
            patches: match request.method {
                Method::Cells => Vec::new(),
                Method::Occlusion => patches(size),
            },
            request,
            size,
            answered: None,
            shifts,
            parts: Vec::new(),
            scores: 0.0,
            constants: 0.0,
            drops: Vec::new(),
            done: 0,
        })
    }

    /// Does the next step: a forward pass, or a few.
    ///
    /// # Errors
    ///
    /// If the device is lost, or computes nonsense.
    pub async fn explain_step(&self, work: &mut Explaining) -> Result<(), ExplainError> {
        match work.request.method {
            _ if work.is_complete() => return Ok(()),
            Method::Cells => self.cells_step(work).await?,
            Method::Occlusion if work.done == 0 => {
                let logits = self.logits_of_views(&work.views).await?;
                let answered = self.target(work, logits)?;
                work.scores = self.score(&answered.logits, answered.target);
                work.answered = Some(answered);
            }
            Method::Occlusion => self.occlusion_step(work).await?,
        }
        work.done += 1;
        Ok(())
    }

    /// All steps: where the network looks in a photo.
    ///
    /// # Errors
    ///
    /// As [`Classifier::explaining`] and [`Classifier::explain_step`].
    pub async fn explain(
        &self,
        pixels: &Pixels,
        options: &Options,
        request: Request,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Map, ExplainError> {
        let mut work = self.explaining(pixels, options, request)?;
        loop {
            self.explain_step(&mut work).await?;
            let (done, steps) = work.progress();
            progress(done, steps);
            if let Some(map) = work.map() {
                return Ok(map);
            }
        }
    }

    /// The log-odds of a class or a name, which [`Map`] is about, from a picture's logits.
    pub fn score(&self, logits: &[f32], target: Target) -> f64 {
        Split::new(self.header(), logits, target).score(logits)
    }

    async fn cells_step(&self, work: &mut Explaining) -> Result<(), ExplainError> {
        let side = self.header().preprocessing.input_size;
        let header = self.header();
        let pooling = header.architecture.pooling();
        let pooling = pooling.ok_or(ExplainError::NoMaps(header.architecture))?;
        let cells = work.parts.first().map_or(1, |part| part.columns);
        let pixels = |cells_moved: f64| (cells_moved * side as f64 / cells as f64).round() as isize;
        let (right, down) = work.shifts[work.done];
        let (right, down) = (pixels(right), pixels(down));
        let (logits, maps) = if (right, down) == (0, 0) {
            let tensors: Vec<&[f32]> = work.views.iter().map(|view| &view.tensor[..]).collect();
            self.logits_with_maps(&tensors).await?
        } else {
            let of = |view: &Prepared| moved(&view.tensor, side, right, down);
            let tensors: Vec<Vec<f32>> = work.views.iter().map(of).collect();
            let tensors: Vec<&[f32]> = tensors.iter().map(Vec::as_slice).collect();
            self.logits_with_maps(&tensors).await?
        }
        .ok_or(ExplainError::NoMaps(header.architecture))?;
        let answered = match work.answered.take() {
            Some(answered) => answered,
            None => self.target(work, logits.clone())?,
        };
        let split = Split::new(header, &logits, answered.target);
        work.answered = Some(answered);
        let shares = cells::shares(&maps, pooling, self.heads(), &split);
        work.scores += split.score(&logits);
        work.constants += shares.constant;
        let steps = work.shifts.len() as f64;
        let moved = |by: isize| by as f64 / side as f64;
        for (seen, shares) in work.seen.iter().zip(shares.cells.chunks(maps.rows * maps.columns)) {
            work.parts.push(Part {
                seen: *seen,
                cells: Rectangle {
                    x: seen.x + seen.width * moved(right),
                    y: seen.y + seen.height * moved(down),
                    ..*seen
                },
                columns: maps.columns,
                rows: maps.rows,
                shares: shares.iter().map(|share| share / steps).collect(),
            });
        }
        Ok(())
    }

    async fn occlusion_step(&self, work: &mut Explaining) -> Result<(), ExplainError> {
        let preprocessing = &self.header().preprocessing;
        let side = preprocessing.input_size;
        let grey = preprocessing.normalisation.colour([0.5; 3]);
        let patches = work.patches.iter().skip(work.drops.len()).take(BATCH);
        let covered = patches.flat_map(|patch| {
            work.views.iter().zip(&work.seen).map(|(view, seen)| {
                let mut tensor = view.tensor.clone();
                // Where the patch begins and ends in the view's own pixels.
                let within = |at: f64, from: f64, length: f64| {
                    (((at - from) / length * side as f64).round().max(0.0)) as usize
                };
                let columns = within(patch.x, seen.x, seen.width)
                    ..within(patch.x + patch.width, seen.x, seen.width);
                let rows = within(patch.y, seen.y, seen.height)
                    ..within(patch.y + patch.height, seen.y, seen.height);
                cover(&mut tensor, side, columns, rows, grey);
                tensor
            })
        });
        let tensors: Vec<Vec<f32>> = covered.collect();
        let tensors: Vec<&[f32]> = tensors.iter().map(Vec::as_slice).collect();
        let views = work.views.len();
        let features = self.features(&tensors).await?;
        let means: Vec<Vec<f32>> = features.chunks(views).map(mean).collect();
        let means: Vec<&[f32]> = means.iter().map(Vec::as_slice).collect();
        let Some(target) = work.answered.as_ref().map(|answered| answered.target) else {
            return Ok(());
        };
        for logits in self.logits_of_features(&means)? {
            work.drops.push(work.scores - self.score(&logits, target));
        }
        Ok(())
    }

    /// What the map is of, once the logits are known.
    fn target(&self, work: &Explaining, logits: Vec<f32>) -> Result<Answered, ExplainError> {
        let header = self.header();
        let target = match asked(header, &work.request)? {
            Some(target) => target,
            None => Target::Class(argmax(&self.class_logits(&logits))),
        };
        let names = header.vocabulary.as_ref().map_or(&[][..], |names| &names.classes);
        let label = match target {
            Target::Class(class) => &header.classes[class],
            Target::Name(name) => &names[name],
        };
        Ok(Answered { logits, target, label: label.clone() })
    }
}

/// The place of what is asked for; nothing where it is the most probable class.
fn asked(header: &Header, request: &Request) -> Result<Option<Target>, ExplainError> {
    let place = |known: &[String], label: &String| {
        let found = known.iter().position(|each| each == label);
        found.ok_or_else(|| ExplainError::Unknown(label.clone()))
    };
    Ok(match (&request.class, &request.name) {
        (Some(class), _) => Some(Target::Class(place(&header.classes, class)?)),
        (None, Some(name)) => {
            let names = header.vocabulary.as_ref().map_or(&[][..], |names| &names.classes);
            Some(Target::Name(place(names, name)?))
        }
        (None, None) => None,
    })
}

/// Squares that cover a photo of this size, each half over the next, from border to border.
fn patches((width, height): (u32, u32)) -> Vec<Rectangle> {
    let (width, height) = (f64::from(width), f64::from(height));
    let side = PATCH * width.min(height);
    let starts = |whole: f64| -> Vec<f64> {
        let free = (whole - side) / whole;
        let steps = ((whole - side) / side * STEPS_OF_PATCH as f64).ceil();
        let steps = (steps as usize).clamp(1, MOST_PATCHES);
        (0..=steps).map(|step| free * step as f64 / steps as f64).collect()
    };
    let across = starts(width);
    let place = |y: f64| {
        let place =
            move |x: &f64| Rectangle { x: *x, y, width: side / width, height: side / height };
        across.iter().map(place).collect::<Vec<_>>()
    };
    starts(height).into_iter().flat_map(place).collect()
}

fn mean(rows: &[Vec<f32>]) -> Vec<f32> {
    let wide = rows.first().map_or(0, Vec::len);
    let sum = |at: usize| rows.iter().map(|row| row[at]).sum::<f32>();
    (0..wide).map(|at| sum(at) / rows.len() as f32).collect()
}

#[cfg(all(test, feature = "flex"))]
mod tests;
