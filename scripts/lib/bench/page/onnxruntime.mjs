// onnxruntime-web, as it comes from npm.

/**
 * @param {string} network
 * @param {{ threads: number, provider: 'wasm' | 'webgpu' }} options
 */
export async function load(network, { threads, provider }) {
  if (threads > 1 && !crossOriginIsolated) throw new Error('The page is not cross-origin isolated, so that there are no threads.');
  const files = Promise.all([
    fetch(`/networks/${network}.json`).then((response) => response.json()),
    fetch(`/networks/${network}.onnx`).then((response) => response.arrayBuffer()),
  ]);
  const onnxruntime = await import(`/peers/ort.${provider}.bundle.min.mjs`);
  onnxruntime.env.wasm.wasmPaths = '/peers/';
  onnxruntime.env.wasm.numThreads = threads;
  const [{ side }, model] = await files;
  const session = await onnxruntime.InferenceSession.create(new Uint8Array(model), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // There is nothing to compute in bytes: so the weights become single precision once, and not at each answer.
    extra: { session: { disable_quant_qdq: '1' } },
  });

  return {
    /** It takes arrays of its own frame only. @param {Float32Array} tensor channel, row, column, as it is wanted */
    input: (tensor) => Float32Array.from(tensor),
    /** @param {Float32Array} input */
    async infer(input) {
      const start = performance.now();
      const { logits } = await session.run({ input: new onnxruntime.Tensor('float32', input, [1, 3, side, side]) });
      const values = await logits.getData();
      return { milliseconds: performance.now() - start, logits: values };
    },
  };
}
