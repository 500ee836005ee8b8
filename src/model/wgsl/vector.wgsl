// A dense layer of a single pixel: each workgroup gives four outputs, to which its invocations add a part each.

struct Shape {
    inputs: u32,
    outputs: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> output: array<vec4f>;

var<workgroup> parts: array<vec4f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) part: u32) {
    let group = id.x;
    let outputs = shape.outputs;
    var sum = vec4f();
    for (var c = part; c < shape.inputs; c += WORKGROUP) {
        let row = (1u + 4u * c) * outputs + group;
        let x = input[id.z * shape.inputs + c];
        sum = fma(vec4f(x.x), weights[row], sum);
        sum = fma(vec4f(x.y), weights[row + outputs], sum);
        sum = fma(vec4f(x.z), weights[row + 2u * outputs], sum);
        sum = fma(vec4f(x.w), weights[row + 3u * outputs], sum);
    }
    parts[part] = sum;
    for (var others = WORKGROUP / 2u; others > 0u; others /= 2u) {
        workgroupBarrier();
        if (part < others) {
            parts[part] += parts[part + others];
        }
    }
    if (part == 0u) {
        output[id.z * outputs + group] = ACTIVATION(weights[group] + parts[0]);
    }
}
