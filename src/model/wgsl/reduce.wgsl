// All pixels of a map in one: each invocation gives four channels.

struct Shape {
    pixels: u32,
    channels: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let channels = shape.channels;
    if (id.x >= channels) {
        return;
    }
    let first = id.z * shape.pixels * channels + id.x;
    var whole = input[first];
    for (var pixel = 1u; pixel < shape.pixels; pixel++) {
        let x = input[first + pixel * channels];
        whole = WITH_X;
    }
    output[id.z * channels + id.x] = whole / DIVISOR;
}
