//! How the learning rate changes while a network is trained.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The course of the learning rate over a run, as a share of the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Up and down in straight lines, as airbench does (Jordan, arXiv:2404.00498): a fifth of the highest rate at the
    /// start, the highest after 23 % of the steps, 7 % of it at the end.
    #[default]
    Triangle,
    /// Up and down in halves of a cosine (Smith and Topin, arXiv:1708.07120): a 25th of the highest rate at the start,
    /// the highest after 30 % of the steps, next to nothing at the end.
    OneCycle,
    /// Up in a straight line for 5 % of the steps, then down to nothing along half a cosine (Loshchilov and Hutter,
    /// arXiv:1608.03983).
    Cosine,
    /// The highest rate all the time.
    Constant,
}

impl Schedule {
    /// Whether it is the usual one.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The share of the highest rate, in `[0, 1]`, at a part of the run in `[0, 1)`.
    pub fn share(self, progress: f64) -> f64 {
        let line = |from: f64, to: f64, part: f64| from + (to - from) * part;
        let cosine =
            |from: f64, to: f64, part: f64| line(to, from, (1.0 + (PI * part).cos()) / 2.0);
        let (start, peak, end) = match self {
            Self::Triangle => (0.2, 0.23, 0.07),
            Self::OneCycle => (1.0 / 25.0, 0.3, 1.0 / 250_000.0),
            Self::Cosine => (0.0, 0.05, 0.0),
            Self::Constant => return 1.0,
        };
        let (rise, fall) = (progress / peak, (progress - peak) / (1.0 - peak));
        match self {
            Self::Triangle if progress < peak => line(start, 1.0, rise),
            Self::Triangle => line(1.0, end, fall),
            Self::OneCycle if progress < peak => cosine(start, 1.0, rise),
            Self::Cosine if progress < peak => line(start, 1.0, rise),
            _ => cosine(1.0, end, fall),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_rise_and_fall() {
        for (schedule, start, peak, end) in [
            (Schedule::Triangle, 0.2, 230, 0.07),
            (Schedule::OneCycle, 0.04, 300, 0.0),
            (Schedule::Cosine, 0.0, 50, 0.0),
        ] {
            let shares: Vec<f64> =
                (0..1000).map(|step| schedule.share(step as f64 / 1e3)).collect();
            assert!((shares[0] - start).abs() < 1e-9, "{schedule:?}");
            assert!((shares[peak] - 1.0).abs() < 1e-6, "{schedule:?}");
            assert!(shares[..=peak].is_sorted(), "{schedule:?}");
            assert!(shares[peak..].is_sorted_by(|a, b| a >= b), "{schedule:?}");
            assert!((shares[999] - end).abs() < 5e-3, "{schedule:?}");
        }
        assert!((0..9).all(|step| Schedule::Constant.share(f64::from(step) / 9.0) == 1.0));
    }
}
