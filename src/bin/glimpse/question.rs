//! A question of yes or no, and how good its answers are by the pictures held out that the weights file knows.

use glimpse::Classifier;
use glimpse::held_out::{AtThreshold, Curve};
use glimpse::metrics::percent;
use glimpse::prediction::{Prediction, YesNo};

use super::args::Threshold;
use super::terminal::count;

/// See the [module](self).
pub struct Question {
    classes: Vec<String>,
    threshold: f32,
    figures: Option<AtThreshold>,
}

/// Why there is no such threshold.
#[derive(Debug, thiserror::Error)]
pub enum NoThreshold {
    #[error("The weights file knows no pictures held out, from which a threshold could be taken.")]
    NothingHeldOut,
    #[error("Of no picture held out it is true.")]
    NoPositives,
    #[error("At no threshold the precision is {0} or more.")]
    Precision(f64),
}

impl Question {
    /// The question whether a picture shows one of these classes, all of which the network knows.
    pub fn new(
        classifier: &Classifier,
        classes: Vec<String>,
        wanted: Threshold,
    ) -> Result<Self, NoThreshold> {
        let known = &classifier.header().classes;
        let place = |class: &String| known.iter().position(|other| other == class);
        let group: Vec<usize> = classes.iter().filter_map(place).collect();
        let curve = classifier.held_out().map(|held_out| held_out.curve(&group, None));
        let (threshold, figures) = match (wanted, curve) {
            (Threshold::At(at), curve) => (at, curve.map(|curve| curve.at(at))),
            (_, None) => return Err(NoThreshold::NothingHeldOut),
            (wanted, Some(curve)) => {
                let figures = find(wanted, &curve)?;
                (figures.threshold, Some(figures))
            }
        };
        Ok(Self { classes, threshold, figures })
    }

    /// The answer for a picture.
    pub fn answer(&self, prediction: &Prediction) -> Option<YesNo> {
        prediction.is(&self.classes, self.threshold)
    }

    /// How good the answers are, where the file knows it.
    pub fn figures(&self) -> Option<&AtThreshold> {
        self.figures.as_ref()
    }

    /// The same in a sentence.
    pub fn in_words(&self) -> Option<String> {
        let AtThreshold { threshold, precision, recall, f1, positives, pictures, .. } =
            self.figures()?;
        Some(format!(
            "yes from {} on: precision {}, recall {}, F1 {} on {} pictures held out, {} of them positive",
            percent(f64::from(*threshold)),
            percent(*precision),
            percent(*recall),
            percent(*f1),
            count(*pictures),
            count(*positives),
        ))
    }
}

fn find(wanted: Threshold, curve: &Curve) -> Result<AtThreshold, NoThreshold> {
    match wanted {
        Threshold::At(at) => Ok(curve.at(at)),
        Threshold::BestF1 => curve.best_f1().ok_or(NoThreshold::NoPositives),
        Threshold::Precision(wanted) => {
            curve.with_precision(wanted).ok_or(NoThreshold::Precision(wanted))
        }
    }
}
