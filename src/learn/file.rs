//! A taught head as a weights file, which page, widget and terminal read like any other.

use super::head::{Head, NOT_SURE_BELOW, Taught};
use crate::model::splice::{Dense, with_head};
use crate::model::weights::{Header, NONE, Provenance, WeightsError};

/// The weights file of what was taught: whole, or the head only, which needs the same backbone wherever it is used.
///
/// # Arguments
///
/// - `weights`: the weights file whose backbone made the embeddings
/// - `date`: the day, as `YYYY-MM-DD`
///
/// # Errors
///
/// If `weights` is no weights file or knows no embeddings, or the names of the classes make no sense.
pub fn write(
    weights: &[u8],
    taught: &Taught,
    classes: &[String],
    whole: bool,
    date: String,
) -> Result<Vec<u8>, WeightsError> {
    let Taught { head, left_out, .. } = taught;
    let mut names = classes.to_vec();
    names.extend(head.none.map(|_| NONE.to_owned()));
    with_head(weights, &dense(head), whole, |old| Header {
        none: names.iter().find(|name| *name == NONE).cloned(),
        temperature: head.temperature,
        not_sure_below: NOT_SURE_BELOW,
        provenance: Provenance {
            data: format!("{} pictures of {} classes", left_out.len(), classes.len()),
            trained: date,
            notice: old.provenance.notice.clone(),
            ..Provenance::default()
        },
        classes: names,
        ..old
    })
}

/// The layer that gives a network's logits: 'none of these' is a constant, and two classes have a single logit, by
/// which the second is ahead of the first.
fn dense(head: &Head) -> Dense {
    let classes = head.bias.len();
    let row = |row: &[f32]| -> Vec<f32> {
        match (row, head.none) {
            ([first, second], None) => vec![second - first],
            (row, Some(_)) => row.iter().copied().chain([0.0]).collect(),
            (row, None) => row.to_vec(),
        }
    };
    let mut bias = row(&head.bias);
    if let (Some(limit), Some(last)) = (head.none, bias.last_mut()) {
        *last = limit;
    }
    Dense { weight: head.weight.chunks_exact(classes).flat_map(row).collect(), bias }
}
