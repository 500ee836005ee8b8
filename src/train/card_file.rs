//! The model card as JSON, for programs: the figures of [`card`](super::card), and those of each epoch, bound to the
//! weights file by its SHA-256. `card.html` draws it.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::history::Epoch;
use super::metrics::{Choice, Metrics, Outcome};
use crate::held_out::HeldOut;
use crate::model::Architecture;
use crate::model::weights::{Header, Provenance};
use crate::preprocess::Preprocessing;

/// The version of the format, which goes up when what reads it would misunderstand it.
pub const FORMAT_VERSION: u32 = 1;

/// See the [module](self).
#[derive(Debug, Clone, Serialize)]
pub struct CardFile {
    /// [`FORMAT_VERSION`].
    pub format: u32,
    /// The day, as `YYYY-MM-DD`.
    pub written: String,
    /// The file that the card is of, and of no other.
    pub weights: WeightsFile,
    /// What the network is.
    pub network: NetworkFacts,
    /// How good it is on which pictures.
    pub measured: Vec<Measured>,
    /// What the epochs of its training were like; none where that isn't known.
    pub epochs: Vec<Epoch>,
    /// The epoch whose weights these are, from 1, where it isn't the last.
    pub best_epoch: Option<usize>,
}

/// Exactly one weights file.
#[derive(Debug, Clone, Serialize)]
pub struct WeightsFile {
    /// What it is called.
    pub file: String,
    /// Its size.
    pub bytes: usize,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What a weights file says of its network.
#[derive(Debug, Clone, Serialize)]
pub struct NetworkFacts {
    /// Its kind.
    pub architecture: Architecture,
    /// Weights and biases.
    pub parameters: usize,
    /// What is done to a picture before the network sees it.
    pub preprocessing: Preprocessing,
    /// Names of the classes, in the order of the rows and columns of all confusion matrices.
    pub classes: Vec<String>,
    /// Which of them is 'none of these'.
    pub none: Option<String>,
    /// The logits are divided by this.
    pub temperature: f32,
    /// The lowest probability of an answer that is sure, in `[0, 1]`.
    pub not_sure_below: f32,
    /// Where the weights come from.
    pub provenance: Provenance,
}

/// Which pictures something was measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// Pictures that nothing was chosen by.
    Test,
    /// Pictures that were not learnt from, and that temperature and threshold were fitted on.
    Validation,
    /// Sources that the head measured had not seen, because it was trained on all others.
    LeftOut,
    /// Pictures that were not learnt from, by the answers that the weights file keeps, each a byte: see [`HeldOut`].
    HeldOut,
}

/// One measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// On which pictures.
    pub on: On,
    /// Where they come from; nothing where they are of several sources.
    pub source: Option<String>,
    /// What was found.
    pub metrics: Metrics,
}

impl CardFile {
    /// A card on which nothing is measured yet.
    ///
    /// - `bytes`: the weights file at `path`, as it lies there
    pub fn new(path: &Path, bytes: &[u8], header: &Header, parameters: usize) -> Self {
        Self {
            format: FORMAT_VERSION,
            written: jiff::Zoned::now().date().to_string(),
            weights: WeightsFile {
                file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                bytes: bytes.len(),
                sha256: format!("{:x}", Sha256::digest(bytes)),
            },
            network: NetworkFacts {
                architecture: header.architecture,
                parameters,
                preprocessing: header.preprocessing.clone(),
                classes: header.classes.clone(),
                none: header.none.clone(),
                temperature: header.temperature,
                not_sure_below: header.not_sure_below,
                provenance: header.provenance.clone(),
            },
            measured: Vec::new(),
            epochs: Vec::new(),
            best_epoch: None,
        }
    }

    /// Takes down a measurement.
    pub fn add(&mut self, on: On, source: Option<&String>, metrics: Metrics) {
        self.measured.push(Measured { on, source: source.cloned(), metrics });
    }

    /// Takes down how the pictures held out were answered that the weights file knows: all together, and each source by
    /// itself where there are several.
    pub fn add_held_out(&mut self, header: &Header, held_out: &HeldOut) {
        let choice = Choice::classes(header);
        let outcomes: Vec<(usize, Outcome)> = held_out
            .each()
            .map(|picture| {
                // The softmax gives the probabilities back, and makes those that were rounded add up to one again.
                let logit = |probability: &f32| probability.ln() * header.temperature;
                let logits = picture.probabilities.iter().map(logit).collect();
                (picture.source, Outcome::new(&choice, logits, Some(picture.label)))
            })
            .collect();
        let all = outcomes.iter().map(|(_, outcome)| outcome);
        let sources = held_out.sources();
        let together = if let [only] = sources { Some(only) } else { None };
        self.add(On::HeldOut, together, Metrics::of(&choice, all));
        if together.is_some() {
            return;
        }
        for (place, source) in sources.iter().enumerate() {
            let of = outcomes.iter().filter(|(of, _)| *of == place).map(|(_, outcome)| outcome);
            self.add(On::HeldOut, Some(source), Metrics::of(&choice, of));
        }
    }

    /// The file's contents. Of an earlier card of exactly the same weights, what this one doesn't know is kept: the epochs,
    /// and what was measured on other pictures.
    pub fn json(&self, earlier: Option<&Value>) -> Value {
        let mut card = json!(self);
        let same = |earlier: &&Value| {
            earlier["format"] == card["format"]
                && earlier["weights"]["sha256"] == card["weights"]["sha256"]
        };
        let Some(earlier) = earlier.filter(same) else {
            return card;
        };
        if self.epochs.is_empty() {
            card["epochs"] = earlier["epochs"].clone();
            card["best_epoch"] = earlier["best_epoch"].clone();
        }
        if let (Some(before), Some(now)) =
            (earlier["measured"].as_array(), card["measured"].as_array_mut())
        {
            let is_of = |a: &Value, b: &Value| a["on"] == b["on"] && a["source"] == b["source"];
            let other = |old: &&Value| !now.iter().any(|new| is_of(new, old));
            let kept: Vec<Value> = before.iter().filter(other).cloned().collect();
            now.extend(kept);
        }
        card
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held_out::Picture;
    use crate::model::Embedding;
    use crate::preprocess::Normalisation;
    use crate::train::hyperparameters::Hyperparameters;

    fn header() -> Header {
        Header {
            architecture: Architecture::Plain,
            classes: ["a", "b", "c"].map(str::to_owned).to_vec(),
            preprocessing: Hyperparameters::new(Architecture::Plain, 32, 1)
                .preprocessing(Normalisation::IDENTITY),
            temperature: 0.5,
            not_sure_below: 0.6,
            none: Some("c".to_owned()),
            vocabulary: None,
            embedding: Embedding::None,
            backbone: None,
            held_out: Vec::new(),
            provenance: Provenance::default(),
        }
    }

    fn card(bytes: &[u8]) -> CardFile {
        CardFile::new(Path::new("folder/net.safetensors"), bytes, &header(), 7)
    }

    fn epoch() -> Epoch {
        Epoch {
            epoch: 1,
            learning_rate: 0.1,
            loss: 2.0,
            accuracy: 0.25,
            validation_loss: Some(1.5),
            validation_accuracy: None,
            seconds: 3.0,
        }
    }

    #[test]
    fn it_is_bound_to_the_bytes_of_the_file() {
        let card = card(b"abc").json(None);
        assert_eq!(card["weights"]["file"], "net.safetensors");
        assert_eq!(card["weights"]["bytes"], 3);
        // The example of FIPS 180-4.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(card["weights"]["sha256"], digest);
        assert_eq!(card["network"]["classes"], json!(["a", "b", "c"]));
        assert_eq!((&card["format"], &card["network"]["parameters"]), (&json!(1), &json!(7)));
        assert_eq!(card["epochs"], json!([]));
    }

    #[test]
    fn what_the_file_knows_of_pictures_held_out_is_measured() {
        let sources = ["one", "two"].map(str::to_owned).to_vec();
        let picture = |source, label, probabilities: [f32; 3]| Picture {
            source,
            label,
            probabilities: probabilities.to_vec(),
        };
        let pictures = [
            picture(0, 0, [0.9, 0.05, 0.05]),
            picture(0, 1, [0.5, 0.3, 0.2]),
            picture(1, 2, [0.1, 0.1, 0.8]),
        ];
        let held_out = HeldOut::new(sources, 3, &pictures).unwrap();
        let mut card = card(b"");
        card.add_held_out(&header(), &held_out);
        let found: Vec<_> = card
            .measured
            .iter()
            .map(|one| (one.source.as_deref(), one.metrics.images, one.metrics.accuracy))
            .collect();
        assert_eq!(found, [(None, 3, 2.0 / 3.0), (Some("one"), 2, 0.5), (Some("two"), 1, 1.0)]);
        let Measured { metrics, on, .. } = &card.measured[0];
        assert_eq!(*on, On::HeldOut);
        assert_eq!(metrics.confusion, [[1, 0, 0], [1, 0, 0], [0, 0, 1]]);
        assert_eq!((metrics.sure, metrics.sure_and_wrong), (2, 0), "0.5 is less than 0.6");
        let probabilities: f64 = metrics.reliability.iter().map(|bin| bin.probability).sum();
        assert!((probabilities - 2.2).abs() < 0.02, "{:?}", metrics.reliability);
        assert_eq!(card.json(None)["measured"][0]["on"], "held-out");
    }

    #[test]
    fn a_card_made_anew_keeps_what_it_knew_of_the_same_file_alone() {
        let nothing = || Metrics::of(&Choice::classes(&header()), []);
        let (tests, more) = ("tests".to_owned(), "more".to_owned());
        let mut first = card(b"abc");
        first.epochs.push(epoch());
        first.best_epoch = Some(1);
        first.add(On::Test, Some(&tests), nothing());
        first.add(On::Validation, None, nothing());
        let first = first.json(None);

        let mut again = card(b"abc");
        again.add(On::Test, Some(&more), nothing());
        again.add(On::Test, Some(&tests), nothing());
        let both = again.json(Some(&first));
        assert_eq!((&both["epochs"], &both["best_epoch"]), (&first["epochs"], &json!(1)));
        let measured = both["measured"].as_array().unwrap();
        let found: Vec<_> = measured.iter().map(|one| (&one["on"], &one["source"])).collect();
        let (test, validation) = (json!("test"), json!("validation"));
        let (tests, more) = (json!(tests), json!(more));
        assert_eq!(found, [(&test, &more), (&test, &tests), (&validation, &Value::Null)]);

        let other = card(b"abd").json(Some(&first));
        assert_eq!((&other["epochs"], &other["measured"]), (&json!([]), &json!([])));
        assert_eq!(card(b"abc").json(Some(&json!("no card")))["epochs"], json!([]));
    }
}
