//! Networks of tensors from weights files, and into them: what the trainer does with the [format](super::weights).

use std::collections::BTreeMap;

use burn::tensor::backend::Backend;
use half::f16;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::parameters::Parameter;
use super::weights::{
    Header, Precision, SCALE_SUFFIX, Stored, WeightsError, little_endian, name_in_file, open,
    output_axis, serialise,
};
use super::{Form, Network};

/// Reads a weights file onto a device.
///
/// # Errors
///
/// Every way in which a file from outside can be wrong: see [`WeightsError`].
pub fn read<B: Backend>(
    bytes: &[u8],
    device: &B::Device,
) -> Result<(Network<B>, Header), WeightsError> {
    let contents = open(bytes)?;
    let mut file = Stored::new(&contents)?;
    let network = Network::new(contents.header.shape(), Form::Folded, device)
        .with_parameters(device, |name, shape| file.values(&name_in_file(name), shape))?;
    file.finish()?;
    Ok((network, contents.header))
}

/// Writes a weights file for a folded network.
///
/// # Errors
///
/// If the header makes no sense, a weight is no number, or the header can't be written as JSON.
pub fn write<B: Backend>(
    network: &Network<B>,
    header: &Header,
    precision: Precision,
) -> Result<Vec<u8>, WeightsError> {
    header.validate()?;
    let mut stored: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = BTreeMap::new();
    for Parameter { name, shape, values } in network.parameters() {
        let name = name_in_file(&name);
        // Also what would become infinite in half precision.
        if let Some(value) = values.iter().find(|v| v.is_nan() || v.abs() > f16::MAX.to_f32()) {
            return Err(WeightsError::Nonsense(format!("the tensor {name} holds {value}")));
        }
        match (output_axis(shape.len()), precision) {
            (None, _) | (Some(_), Precision::F32) => {
                stored.insert(name, (Dtype::F32, shape, little_endian(&values)));
            }
            (Some(_), Precision::F16) => {
                let bytes = values.iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect();
                stored.insert(name, (Dtype::F16, shape, bytes));
            }
            (Some(axis), Precision::Int8) => {
                let (bytes, scales) = quantise(&values, &shape, axis);
                let scale = (Dtype::F32, vec![scales.len()], little_endian(&scales));
                stored.insert(format!("{name}{SCALE_SUFFIX}"), scale);
                stored.insert(name, (Dtype::I8, shape, bytes));
            }
        }
    }
    let views: Result<BTreeMap<String, TensorView<'_>>, _> = stored
        .iter()
        .map(|(name, (dtype, shape, bytes))| {
            TensorView::new(*dtype, shape.clone(), bytes).map(|view| (name.clone(), view))
        })
        .collect();
    serialise(header, views.map_err(WeightsError::Malformed)?)
}

/// Which output channel each value of a tensor belongs to.
fn channels_of(shape: &[usize], axis: usize) -> impl Fn(usize) -> usize {
    let inner: usize = shape[axis + 1..].iter().product();
    let channels = shape[axis];
    move |index| index / inner % channels
}

/// Symmetric bytes: `value ≈ byte · scale[channel]`, with the largest value of each channel at ±127.
fn quantise(values: &[f32], shape: &[usize], axis: usize) -> (Vec<u8>, Vec<f32>) {
    let channel = channels_of(shape, axis);
    let mut scales = vec![0.0f32; shape[axis]];
    for (index, value) in values.iter().enumerate() {
        let scale = &mut scales[channel(index)];
        *scale = scale.max(value.abs() / 127.0);
    }
    let byte = |(index, value): (usize, &f32)| {
        let scale = scales[channel(index)];
        let rounded = if scale > 0.0 { (value / scale).round().clamp(-127.0, 127.0) } else { 0.0 };
        rounded as i8 as u8
    };
    (values.iter().enumerate().map(byte).collect(), scales)
}
