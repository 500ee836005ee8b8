//! What computes in this module: WebGPU or the CPU.

#[cfg(not(feature = "webgpu"))]
pub use cpu::{Engine, NAME, load, threads, when_lost};
#[cfg(feature = "webgpu")]
pub use gpu::{Engine, NAME, load, threads, when_lost};

#[cfg(feature = "webgpu")]
mod gpu {
    use std::cell::{Cell, RefCell};

    use burn_wgpu::WgpuDevice;
    use js_sys::Function;
    use wasm_bindgen::JsValue;

    use crate::Classifier;
    use crate::model::steps;
    use crate::model::weights::WeightsError;
    use crate::model::wgsl::{self, Wgsl};

    pub const NAME: &str = "webgpu";
    pub type Engine = Wgsl;

    thread_local! {
        static READY: Cell<bool> = const { Cell::new(false) };
        static WHEN_LOST: RefCell<Option<Function>> = const { RefCell::new(None) };
    }

    /// Reads a weights file onto the GPU.
    pub async fn load(weights: &[u8]) -> Result<Classifier<Engine>, WeightsError> {
        let file = steps::read(weights)?;
        let device = device().await;
        let engine = Wgsl::new(&file.steps, file.header.preprocessing.input_size, &device);
        Ok(Classifier::new(engine, file))
    }

    /// Asks the browser for an adapter and a device, once. The page has made sure that there is one.
    async fn device() -> WgpuDevice {
        let device = WgpuDevice::default();
        if !READY.get() {
            let setup = wgsl::start(&device).await;
            // It must be `Send`, which a JavaScript function is not, so it finds that one in its thread.
            setup.device.set_device_lost_callback(|_, message| call_when_lost(&message));
            READY.set(true);
        }
        device
    }

    /// How many threads of the CPU have worked since this was asked the last time.
    pub fn threads() -> usize {
        1
    }

    pub fn when_lost(callback: Function) {
        WHEN_LOST.set(Some(callback));
    }

    fn call_when_lost(message: &str) {
        // Taken out before the call, which may end in another one. What a callback throws is its own affair.
        if let Some(callback) = WHEN_LOST.take() {
            let _ = callback.call1(&JsValue::NULL, &JsValue::from_str(message));
        }
    }
}

#[cfg(not(feature = "webgpu"))]
mod cpu {
    use crate::Classifier;
    use crate::model::packed::shared_pool;
    use crate::model::weights::WeightsError;

    pub const NAME: &str = "cpu";
    pub type Engine = crate::model::packed::Packed;

    /// Reads a weights file.
    pub async fn load(weights: &[u8]) -> Result<Classifier, WeightsError> {
        Classifier::load(weights)
    }

    /// How many threads have worked since this was asked the last time.
    pub fn threads() -> usize {
        shared_pool().took_part()
    }

    /// There is no device that could be lost.
    pub fn when_lost(_: js_sys::Function) {}
}
