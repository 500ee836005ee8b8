// A convolution of single pixels: each invocation gives four channels of PIXELS pixels.

struct Shape {
    pixels: u32,
    inputs: u32,
    outputs: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut{s}: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = id.x + id.y * FOLD;
    let outputs = shape.outputs;
    let inputs = shape.inputs;
    let group = at % outputs;
    let pixel = at / outputs * PIXELS;
    if (pixel >= shape.pixels) {
        return;
    }
    let last = shape.pixels - 1u;
    let before = id.z * shape.pixels;
    let bias = weights[group];
    // Past the last pixel the last one is computed again, and not stored.
    let place{p} = before + min(pixel + {p}u, last);
    var sum{p} = bias;
    var row = outputs + group;
    for (var c = 0u; c < inputs; c++) {
        let w0 = weights[row];
        let w1 = weights[row + outputs];
        let w2 = weights[row + 2u * outputs];
        let w3 = weights[row + 3u * outputs];
        row += 4u * outputs;
        let x{p} = input[place{p} * inputs + c];
        sum{p} = fma(vec4f(x{p}.x), w0, fma(vec4f(x{p}.y), w1, fma(vec4f(x{p}.z), w2, fma(vec4f(x{p}.w), w3, sum{p}))));
    }
    let result{p} = ACTIVATION(sum{p}) PLUS_SHORTCUT;
    if (pixel + {p}u <= last) { output[place{p} * outputs + group] = result{p}; }
}
