//! A network on a GPU.

use std::sync::{Mutex, PoisonError};

use burn_wgpu::graphics::AutoGraphicsApi;
use burn_wgpu::{
    CubeDim, MemoryConfiguration, RuntimeOptions, WgpuDevice, WgpuRuntime, WgpuSetup,
    init_setup_async,
};
use cubecl::bytes::Bytes;
use cubecl::client::ComputeClient;
use cubecl::ir::{ElemType, StorageType, UIntKind};
use cubecl::prelude::{CompiledKernel, KernelId, KernelMetadata};
use cubecl::server::{Handle, KernelArguments, ServerError};
use cubecl::{CompilationError, Compiler, CubeCount, CubeTask, ExecutionMode, Runtime};

use super::kernel::{Kernel, WORKGROUP};
use super::plan::{Call, FOUR, Map, Plan, Slot, rows};
use crate::model::engine::{Engine, EngineError};
use crate::model::heads::Maps;
use crate::model::packed::Step;

/// So many images are computed at a time. Each takes its own memory for all its maps.
const BATCH: usize = 4;
/// So many calls and writes are collected before they are sent to the device: all of a picture.
const TASKS: usize = 256;

/// Asks for an adapter and a device, and starts the runtime on it. Once for each device.
///
/// # Panics
///
/// If there is none, or it was started before.
pub async fn start(device: &WgpuDevice) -> WgpuSetup {
    // With a buffer for each tensor: a dispatch may not read from the buffer that it writes to.
    let memory_config = MemoryConfiguration::ExclusivePages;
    let options = RuntimeOptions { tasks_max: TASKS, memory_config };
    init_setup_async::<AutoGraphicsApi>(device, options).await
}

/// A network on a GPU. See the [module](super).
pub struct Wgsl {
    client: ComputeClient<WgpuRuntime>,
    side: usize,
    calls: Vec<Ready>,
    slots: Vec<usize>,
    features: Map,
    maps: Option<Map>,
    room: Mutex<Room>,
}

/// A call, its layer on the device.
struct Ready {
    kernel: Kernel,
    shape: Handle,
    weights: Option<Handle>,
    from: Slot,
    shortcut: Option<Slot>,
    to: Slot,
    workgroups: [u32; 2],
}

/// Memory for the maps of some images.
#[derive(Default)]
struct Room {
    images: usize,
    slots: Vec<Handle>,
}

impl Wgsl {
    /// Brings a network to a device on which the runtime was [started](start), for square images of one size.
    ///
    /// # Panics
    ///
    /// Where a number of channels is not a multiple of four, or a map is smaller than a kernel.
    pub fn new(steps: &[Step], side: usize, device: &WgpuDevice) -> Self {
        let client = WgpuRuntime::client(device);
        let Plan { calls, slots, features, maps, .. } = Plan::new(steps, side);
        let ready = |call: Call<'_>| Ready {
            kernel: call.kernel,
            shape: client.create(Bytes::from_elems(call.shape)),
            weights: call.layer.map(|(layer, inputs)| {
                let weights = client.create(Bytes::from_elems(rows(layer, inputs)));
                // Sent at once, or all of them would be in memory twice. Errors stay in the queue for whoever reads.
                let _ = client.flush();
                weights
            }),
            from: call.from,
            shortcut: call.shortcut,
            to: call.to,
            workgroups: call.workgroups,
        };
        let calls = calls.into_iter().map(ready).collect();
        Self { client, side, calls, slots, features, maps, room: Mutex::default() }
    }

    /// Computes some images, at most [`BATCH`], and brings what is in `wanted` back, each of them for all images.
    async fn run(&self, images: &[&[f32]], wanted: &[Map]) -> Result<Vec<Vec<f32>>, EngineError> {
        let batch = images.len();
        let handles = self.enqueue(images);
        let wanted = wanted.iter().map(|map| {
            let handle = handles[map.slot].clone();
            let bytes = (batch * map.values() * size_of::<f32>()) as u64;
            let rest = handle.size_in_used() - bytes;
            handle.offset_end(rest)
        });
        // Awaited, because in the browser nothing else keeps a queue of submissions from growing.
        let read = self.client.read_async(wanted.collect()).await;
        let read = read.map_err(|error: ServerError| EngineError(error.to_string()))?;
        let numbers = |bytes: Bytes| {
            let (fours, _) = bytes.as_chunks::<{ size_of::<f32>() }>();
            fours.iter().map(|four| f32::from_le_bytes(*four)).collect()
        };
        Ok(read.into_iter().map(numbers).collect())
    }

    /// Sends images through the network, and says where everything will be.
    fn enqueue(&self, images: &[&[f32]]) -> Vec<Handle> {
        let pixels = self.side * self.side;
        let mut lain = vec![0.0; images.len() * pixels * FOUR];
        for (image, to) in images.iter().zip(lain.chunks_exact_mut(pixels * FOUR)) {
            assert_eq!(image.len(), 3 * pixels, "an image of that size");
            for (channel, plane) in image.chunks_exact(pixels).enumerate() {
                for (to, value) in to[channel..].iter_mut().step_by(FOUR).zip(plane) {
                    *to = *value;
                }
            }
        }
        let mut slots = vec![self.client.create(Bytes::from_elems(lain))];
        slots.extend_from_slice(&self.room_for(images.len()));

        for call in &self.calls {
            let buffers = [Some(&call.shape), call.weights.as_ref()].into_iter().flatten();
            let maps = [Some(call.from), Some(call.to), call.shortcut];
            let buffers = buffers.chain(maps.into_iter().flatten().map(|slot| &slots[slot]));
            let buffers = buffers.map(|handle| handle.clone().binding()).collect();
            let [across, down] = call.workgroups;
            self.client.launch(
                Box::new(call.kernel),
                CubeCount::Static(across, down, images.len() as u32),
                KernelArguments::new().with_buffers(buffers),
            );
        }
        slots
    }

    /// All slots but the first, for that many images.
    fn room_for(&self, images: usize) -> Vec<Handle> {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        if room.images < images {
            // The old ones first, whose memory may do for the new ones.
            room.slots.clear();
            let bytes = |values: &usize| images * values * size_of::<f32>();
            let slots = self.slots[1..].iter().map(|values| self.client.empty(bytes(values)));
            *room = Room { images, slots: slots.collect() };
        }
        room.slots.clone()
    }
}

impl Engine for Wgsl {
    async fn features(&self, images: &[&[f32]], side: usize) -> Result<Vec<f32>, EngineError> {
        assert_eq!(side, self.side, "an image of that size");
        let mut features = Vec::new();
        for images in images.chunks(BATCH) {
            features.extend(self.run(images, &[self.features]).await?.concat());
        }
        Ok(features)
    }

    async fn features_with_maps(
        &self,
        images: &[&[f32]],
        side: usize,
    ) -> Result<Option<(Vec<f32>, Maps)>, EngineError> {
        assert_eq!(side, self.side, "an image of that size");
        let Some(map) = self.maps else { return Ok(None) };
        let Map { side, channels, .. } = map;
        let (mut features, mut values) = (Vec::new(), Vec::new());
        for images in images.chunks(BATCH) {
            let mut read = self.run(images, &[self.features, map]).await?.into_iter();
            features.extend(read.next().into_iter().flatten());
            for maps in read.next().iter().flat_map(|maps| maps.chunks_exact(map.values())) {
                for channel in 0..channels {
                    values.extend(maps[channel..].iter().step_by(channels));
                }
            }
        }
        let views = images.len();
        let maps = Maps { values, views, features: channels, rows: side, columns: side };
        Ok(Some((features, maps)))
    }
}

impl KernelMetadata for Kernel {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(*self).cube_dim(CubeDim::new_1d(WORKGROUP as u32))
    }

    fn address_type(&self) -> StorageType {
        StorageType::Scalar(ElemType::UInt(UIntKind::U32))
    }
}

impl<C: Compiler> CubeTask<C> for Kernel {
    fn compile(
        &self,
        _: &mut C,
        _: &C::CompilationOptions,
        _: ExecutionMode,
        _: StorageType,
    ) -> Result<CompiledKernel<C>, CompilationError> {
        Ok(CompiledKernel {
            entrypoint_name: "main".to_owned(),
            debug_name: None,
            source: self.source(),
            repr: None,
            cube_dim: CubeDim::new_1d(WORKGROUP as u32),
            debug_info: None,
        })
    }
}
