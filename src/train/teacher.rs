//! Trained networks from whose answers another one learns beside the labels: distillation (Hinton, Vinyals and Dean,
//! arXiv:1503.02531).
//!
//! A teacher sees each training image as it is and mirrored, without the random changes that the network in training has
//! to cope with, and once for the whole run: an answer costs an evaluation of each image, not of each step.

use super::dataset::Example;
use super::hyperparameters::{Hyperparameters, Taught};
use super::{TrainError, input, workers};
use crate::Classifier;
use crate::model::crc32;
use crate::pixels::Pixels;
use crate::prediction::probabilities;
use crate::preprocess::{Image, Preprocessing};

/// A trained network from whose answers another one learns.
pub struct Teacher {
    /// Its file.
    pub source: Taught,
    classifier: Classifier,
}

impl Teacher {
    /// Reads a weights file.
    ///
    /// # Errors
    ///
    /// If it is not one, or damaged.
    pub fn new(file: String, bytes: &[u8]) -> Result<Self, TrainError> {
        let source = Taught { file, checksum: crc32::of(bytes) };
        Ok(Self { source, classifier: Classifier::load(bytes)? })
    }

    /// For each of the classes of a run, its place among the teacher's.
    ///
    /// # Errors
    ///
    /// [`TrainError::OtherTeacher`] where it has other classes.
    fn places(&self, classes: &[String]) -> Result<Vec<usize>, TrainError> {
        let header = self.classifier.header();
        let other = || TrainError::OtherTeacher { teacher: self.source.file.clone() };
        let place = |class| header.classes.iter().position(|known| known == class);
        let places: Option<Vec<usize>> = classes.iter().map(place).collect();
        places.filter(|_| header.classes.len() == classes.len()).ok_or_else(other)
    }

    /// The probabilities of its classes, at temperature 1, the mean over an image and its mirror image. An image of
    /// another size than that of its input is resampled.
    fn answer(&self, [own, mirrored]: &[Pixels; 2]) -> Result<Vec<f32>, TrainError> {
        let preprocessing = &self.classifier.header().preprocessing;
        let [own, mirrored] = [own, mirrored].map(|pixels| preprocessing.apply(pixels).tensor);
        let logits = pollster::block_on(self.classifier.logits(&[&own, &mirrored]))?;
        let answers =
            logits.iter().map(|row| probabilities(&self.classifier.class_logits(row), 1.0));
        Ok(mean(answers))
    }
}

/// What teachers say of the training images: a row for each, with the probability of each class of the run.
pub(super) struct Answers {
    classes: usize,
    rows: Vec<f32>,
}

impl Answers {
    /// Asks the teachers, on all cores.
    ///
    /// # Errors
    ///
    /// If they are not those of the hyperparameters; if one has other classes; if a picture that is read from disk is lost.
    pub fn of(
        teachers: &[Teacher],
        examples: &[&Example],
        classes: &[String],
        hyperparameters: &Hyperparameters,
        preprocessing: &Preprocessing,
    ) -> Result<Self, TrainError> {
        let named = hyperparameters.distillation.iter().flat_map(|of| &of.teachers);
        if teachers.is_empty() || !named.eq(teachers.iter().map(|teacher| &teacher.source)) {
            return Err(TrainError::OtherTeachers);
        }
        let places = teachers.iter().map(|teacher| teacher.places(classes));
        let places: Vec<Vec<usize>> = places.collect::<Result<_, _>>()?;
        let mut rows = Vec::with_capacity(examples.len() * classes.len());
        workers::in_order(
            examples.iter(),
            |example| {
                let bytes = input::fitted(example, preprocessing)?;
                let views = views(preprocessing.input_size, &bytes);
                let answers: Vec<Vec<f32>> = teachers
                    .iter()
                    .zip(&places)
                    .map(|(teacher, places)| {
                        let answer = teacher.answer(&views)?;
                        Ok(places.iter().map(|&place| answer[place]).collect())
                    })
                    .collect::<Result<_, TrainError>>()?;
                Ok(mean(answers.into_iter()))
            },
            |row| {
                rows.extend(row);
                Ok::<_, TrainError>(())
            },
        )?;
        Ok(Self { classes: classes.len(), rows })
    }

    /// What they say of these images, as rows of `outputs` shares; a single output has the share of the second class.
    pub fn rows(&self, indices: &[usize], outputs: usize) -> Vec<f32> {
        indices
            .iter()
            .flat_map(|index| {
                &self.rows[index * self.classes..][self.classes - outputs..self.classes]
            })
            .copied()
            .collect()
    }
}

/// An image and its mirror image.
///
/// # Shapes
///
/// - `bytes`: planar RGB, `3 × side × side` bytes
fn views(side: usize, bytes: &[u8]) -> [Pixels; 2] {
    let mirrored: Vec<u8> =
        bytes.chunks_exact(side).flat_map(|row| row.iter().rev()).copied().collect();
    [bytes, &mirrored].map(|bytes| {
        let rgba = Image::from_rgb8_planar(side, bytes).to_rgba8();
        Pixels::new(side as u32, side as u32, rgba).expect("four bytes for each pixel of a square")
    })
}

/// The mean of rows of one length; of no rows none.
fn mean(rows: impl Iterator<Item = Vec<f32>>) -> Vec<f32> {
    let (mut sum, mut count) = (Vec::new(), 0.0);
    for row in rows {
        if sum.is_empty() {
            sum = row;
        } else {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        count += 1.0;
    }
    sum.iter_mut().for_each(|sum: &mut f32| *sum /= count);
    sum
}

#[cfg(test)]
mod tests {
    use burn::backend::Flex;

    use super::*;
    use crate::model::weights::Precision;
    use crate::model::{Architecture, Form, Network, network_file};
    use crate::preprocess::Normalisation;
    use crate::train::hyperparameters::Distillation;
    use crate::train::pretrained::tests::header_of;

    const SIDE: usize = 32;

    fn teacher(classes: &[&str], seed: u64) -> Teacher {
        let header = header_of(classes);
        let device = Default::default();
        <Flex as burn::tensor::backend::Backend>::seed(&device, seed);
        let network = Network::<Flex>::new(header.shape(), Form::Folded, &device);
        let file = network_file::write(&network, &header, Precision::F32).unwrap();
        Teacher::new(format!("{seed}.safetensors"), &file).unwrap()
    }

    /// Pictures without any symmetry.
    fn examples(side: usize) -> Vec<Example> {
        let byte = |at: usize, number: usize| (at * at / 7 + 31 * number + at / side * 5) as u8;
        let image = |number| (0..3 * side * side).map(|at| byte(at, number)).collect::<Vec<_>>();
        (0..9).map(|number| Example { image: image(number).into(), label: 0 }).collect()
    }

    fn ask(teachers: &[Teacher], classes: &[&str], side: usize) -> Result<Answers, TrainError> {
        let named = teachers.iter().map(|teacher| teacher.source.clone()).collect();
        ask_those(named, teachers, classes, side)
    }

    fn ask_those(
        named: Vec<Taught>,
        teachers: &[Teacher],
        classes: &[&str],
        side: usize,
    ) -> Result<Answers, TrainError> {
        let hyperparameters = Hyperparameters {
            distillation: Some(Distillation { teachers: named, share: 1.0 }),
            ..Hyperparameters::new(Architecture::Plain, side, 9)
        };
        let preprocessing = hyperparameters.preprocessing(Normalisation::IDENTITY);
        let classes: Vec<String> = classes.iter().map(|&class| class.to_owned()).collect();
        let examples = examples(side);
        let examples: Vec<&Example> = examples.iter().collect();
        Answers::of(teachers, &examples, &classes, &hyperparameters, &preprocessing)
    }

    #[test]
    fn teachers_are_averaged_over_networks_and_mirror_images_whatever_the_order_of_their_classes() {
        let teachers = [teacher(&["a", "b", "c"], 1), teacher(&["c", "a", "b"], 2)];
        let answers = ask(&teachers, &["a", "b", "c"], SIDE).unwrap();
        let examples = examples(SIDE);
        for (number, example) in examples.iter().enumerate() {
            let planes: Vec<f32> =
                example.image.held().iter().map(|&byte| f32::from(byte) / 255.0).collect();
            let mirrored: Vec<f32> = (0..planes.len())
                .map(|at| planes[at / SIDE * SIDE + SIDE - 1 - at % SIDE])
                .collect();
            let mut expected = [0.0; 3];
            for (teacher, places) in teachers.iter().zip([[0, 1, 2], [1, 2, 0]]) {
                for view in [&planes, &mirrored] {
                    let logits = pollster::block_on(teacher.classifier.logits(&[view])).unwrap();
                    let said = probabilities(&logits[0], 1.0);
                    for (share, place) in expected.iter_mut().zip(places) {
                        *share += said[place] / 4.0;
                    }
                }
            }
            let row = answers.rows(&[number], 3);
            let far = row.iter().zip(expected).map(|(row, share)| (row - share).abs());
            assert!(far.fold(0.0, f32::max) < 1e-5, "{row:?} {expected:?}");
        }
        // Those of a batch stand in its order.
        let batch = [answers.rows(&[7], 3), answers.rows(&[2], 3)].concat();
        assert_eq!(answers.rows(&[7, 2], 3), batch);
        assert_ne!(answers.rows(&[7], 3), answers.rows(&[2], 3));
    }

    #[test]
    fn of_two_classes_a_teacher_gives_the_share_of_the_second() {
        let there = ask(&[teacher(&["no", "yes"], 3)], &["no", "yes"], SIDE).unwrap();
        let back = ask(&[teacher(&["no", "yes"], 3)], &["yes", "no"], SIDE).unwrap();
        let [yes, no] = [there, back].map(|answers| answers.rows(&[4], 1));
        assert!(yes.len() == 1 && (yes[0] + no[0] - 1.0).abs() < 1e-6, "{yes:?} {no:?}");
    }

    #[test]
    fn who_knows_other_classes_teaches_nothing() {
        let refused = |known: &[&str], classes: &[&str]| {
            let answers = ask(&[teacher(known, 4)], classes, SIDE);
            matches!(answers, Err(TrainError::OtherTeacher { teacher, .. }) if teacher == "4.safetensors")
        };
        assert!(refused(&["a", "b", "c"], &["a", "b", "d"]));
        assert!(refused(&["a", "b", "c"], &["a", "b"]));
    }

    #[test]
    fn a_teacher_sees_images_at_its_own_size() {
        let classes = ["a", "b", "c"];
        let answers = ask(&[teacher(&classes, 7)], &classes, SIDE / 2);
        let pixels = |image: &[u8], mirrored: bool| {
            let place = |x| if mirrored { SIDE / 2 - 1 - x } else { x };
            let rgb: Vec<u8> = (0..SIDE * SIDE / 4)
                .map(|at| at / (SIDE / 2) * (SIDE / 2) + place(at % (SIDE / 2)))
                .flat_map(|at| [0, 1, 2].map(|plane| image[plane * SIDE * SIDE / 4 + at]))
                .collect();
            Pixels::from_rgb(SIDE as u32 / 2, SIDE as u32 / 2, &rgb).unwrap()
        };
        let teacher = teacher(&classes, 7);
        for (number, example) in examples(SIDE / 2).iter().enumerate() {
            let said = [false, true].map(|mirrored| {
                let seen = pixels(example.image.held(), mirrored);
                let seen = teacher.classifier.header().preprocessing.apply(&seen).tensor;
                let logits = pollster::block_on(teacher.classifier.logits(&[&seen])).unwrap();
                probabilities(&logits[0], 1.0)
            });
            let row = answers.as_ref().unwrap().rows(&[number], 3);
            for (place, share) in row.iter().enumerate() {
                let expected = (said[0][place] + said[1][place]) / 2.0;
                assert!((share - expected).abs() < 1e-6, "{row:?} {said:?}");
            }
        }
    }

    #[test]
    fn none_teaches_but_those_that_are_named() {
        let classes = ["a", "b"];
        let [one, other] = [5, 6].map(|seed| teacher(&classes, seed));
        let named = vec![one.source.clone()];
        let asked = |teachers: &[Teacher]| ask_those(named.clone(), teachers, &classes, SIDE);
        assert!(matches!(asked(&[]), Err(TrainError::OtherTeachers)));
        assert!(matches!(asked(&[other]), Err(TrainError::OtherTeachers)));
        assert!(asked(&[one]).is_ok());
        assert!(matches!(ask(&[], &classes, SIDE), Err(TrainError::OtherTeachers)));
    }
}
