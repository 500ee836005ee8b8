//! What computes in this module: WebGPU or the CPU.

#[cfg(not(feature = "webgpu"))]
pub use cpu::{Backend, NAME, device, when_lost};
#[cfg(feature = "webgpu")]
pub use gpu::{Backend, NAME, device, when_lost};

#[cfg(feature = "webgpu")]
mod gpu {
    use std::cell::{Cell, RefCell};

    use burn_wgpu::graphics::AutoGraphicsApi;
    use burn_wgpu::{CubeBackend, RuntimeOptions, WgpuDevice, WgpuRuntime, init_setup_async};
    use js_sys::Function;
    use wasm_bindgen::JsValue;

    pub const NAME: &str = "webgpu";
    // No fusion and no autotuning: both cost more to download than they gain on small networks.
    pub type Backend = CubeBackend<WgpuRuntime, f32, i32, u32>;

    thread_local! {
        static READY: Cell<bool> = const { Cell::new(false) };
        static WHEN_LOST: RefCell<Option<Function>> = const { RefCell::new(None) };
    }

    /// Asks the browser for an adapter and a device, once. The page has made sure that there is one.
    pub async fn device() -> WgpuDevice {
        let device = WgpuDevice::default();
        if !READY.get() {
            let setup =
                init_setup_async::<AutoGraphicsApi>(&device, RuntimeOptions::default()).await;
            // It must be `Send`, which a JavaScript function is not, so it finds that one in its thread.
            setup.device.set_device_lost_callback(|_, message| call_when_lost(&message));
            READY.set(true);
        }
        device
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
    pub const NAME: &str = "cpu";
    pub type Backend = burn::backend::Flex;

    pub async fn device() -> burn::tensor::Device<Backend> {
        Default::default()
    }

    /// There is no device that could be lost.
    pub fn when_lost(_: js_sys::Function) {}
}
