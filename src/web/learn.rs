//! The browser's door to [`crate::learn`]: embeddings come in as typed arrays, reports go out as plain objects.

use std::collections::BTreeMap;

use js_sys::{Float32Array, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Failure, to_js};
use crate::learn::groups::Silhouette;
use crate::learn::head::{NOT_SURE_BELOW, Taught};
use crate::learn::{Groups, LearnError, Lesson, Report, Space, file, map};
use crate::model::splice;
use crate::prediction::Ranked;

/// Learns from embeddings. Pictures have the caller's numbers.
#[wasm_bindgen]
pub struct Learner {
    space: Space,
    embeddings: BTreeMap<u32, Vec<f32>>,
    taught: Option<(Taught, Vec<String>)>,
    groups: Option<(Groups, Vec<u32>)>,
}

/// What [`Learner::answer`] gives.
#[derive(Serialize)]
struct Answer {
    ranked: Vec<Ranked>,
    sure: bool,
    none: bool,
}

/// What [`Learner::group`] gives.
#[derive(Serialize)]
struct Found<'a> {
    suggested: usize,
    most: usize,
    silhouettes: &'a [Silhouette],
}

#[wasm_bindgen]
impl Learner {
    /// Begins with no pictures. The weights file (a `Uint8Array`) is that of the network whose features come in.
    #[wasm_bindgen(constructor)]
    pub fn new(weights: &[u8]) -> Result<Learner, Failure> {
        let space = Space::new(splice::centre(weights)?);
        Ok(Self { space, embeddings: BTreeMap::new(), taught: None, groups: None })
    }

    /// Adds a picture by its features, or replaces it.
    pub fn set(&mut self, id: u32, features: &[f32]) -> Result<(), Failure> {
        self.embeddings.insert(id, self.space.embed(features)?);
        Ok(())
    }

    /// Forgets a picture; says whether it was there.
    pub fn remove(&mut self, id: u32) -> bool {
        self.embeddings.remove(&id).is_some()
    }

    /// Teaches a head with these pictures, whose labels are places in `classes`, and says how good it is.
    pub fn teach(
        &mut self,
        ids: &[u32],
        labels: &[u32],
        classes: Vec<String>,
        none: bool,
    ) -> Result<JsValue, Failure> {
        let embeddings = self.embeddings_of(ids)?;
        let labels: Vec<usize> = labels.iter().map(|&label| label as usize).collect();
        let lesson = Lesson { embeddings: &embeddings, labels: &labels, classes: &classes, none };
        let taught = lesson.teach()?;
        let report = to_js(&Report::new(&lesson, &taught))?;
        self.taught = Some((taught, classes));
        Ok(report)
    }

    /// What the head that was taught last says of features.
    pub fn answer(&self, features: &[f32]) -> Result<JsValue, Failure> {
        let (taught, classes) = self.taught()?;
        let head = &taught.head;
        let ranked = head.rank(&head.logits(&self.space.embed(features)?), classes);
        let (sure, none) =
            (ranked[0].probability >= NOT_SURE_BELOW, ranked[0].index == classes.len());
        to_js(&Answer { ranked, sure, none })
    }

    /// Finds groups among these pictures.
    pub fn group(&mut self, ids: &[u32]) -> Result<JsValue, Failure> {
        let rows = self.embeddings_of(ids)?.into_iter().map(<[f32]>::to_vec).collect();
        let groups = Groups::new(rows)?;
        let (suggested, most) = (groups.suggested(), groups.pictures());
        let found = to_js(&Found { suggested, most, silhouettes: groups.silhouettes() })?;
        self.groups = Some((groups, ids.to_vec()));
        Ok(found)
    }

    /// The group of each picture that was grouped last, for so many groups.
    pub fn cut(&self, groups: u32) -> Result<Uint32Array, Failure> {
        let (found, _) = self.groups()?;
        let cut: Vec<u32> =
            found.cut(groups as usize).into_iter().map(|group| group as u32).collect();
        Ok(Uint32Array::from(cut.as_slice()))
    }

    /// The place of each picture that was grouped last on a map: x and y in `[0, 1]`, one after the other.
    pub fn map(&self) -> Result<Float32Array, Failure> {
        let (_, ids) = self.groups()?;
        let rows: Vec<Vec<f32>> =
            self.embeddings_of(ids)?.into_iter().map(<[f32]>::to_vec).collect();
        let places: Vec<f32> = map::map(&rows)?.into_iter().flatten().collect();
        Ok(Float32Array::from(places.as_slice()))
    }

    /// The head that was taught last as a weights file, whole or the head only, made of the weights file (a
    /// `Uint8Array`) whose features it was taught with. `date` is today's, as `YYYY-MM-DD`.
    pub fn export(&self, weights: &[u8], whole: bool, date: String) -> Result<Uint8Array, Failure> {
        let (taught, classes) = self.taught()?;
        let bytes = file::write(weights, taught, classes, whole, date)?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    fn embeddings_of(&self, ids: &[u32]) -> Result<Vec<&[f32]>, LearnError> {
        let embedding =
            |id: &u32| self.embeddings.get(id).map(Vec::as_slice).ok_or(LearnError::Unknown(*id));
        ids.iter().map(embedding).collect()
    }

    fn taught(&self) -> Result<(&Taught, &[String]), LearnError> {
        self.taught
            .as_ref()
            .map(|(taught, classes)| (taught, classes.as_slice()))
            .ok_or(LearnError::OneClass)
    }

    fn groups(&self) -> Result<(&Groups, &[u32]), LearnError> {
        self.groups.as_ref().map(|(groups, ids)| (groups, ids.as_slice())).ok_or(LearnError::TooFew)
    }
}

/// The checksum of the backbone that a weights file lacks, where it is a head only.
#[wasm_bindgen]
pub fn backbone_needed(weights: &[u8]) -> Result<Option<u32>, Failure> {
    Ok(splice::backbone_needed(weights)?)
}

/// The whole file of a head only and of a file with its backbone.
#[wasm_bindgen]
pub fn join(head: &[u8], weights: &[u8]) -> Result<Uint8Array, Failure> {
    Ok(Uint8Array::from(splice::join(head, weights)?.as_slice()))
}
