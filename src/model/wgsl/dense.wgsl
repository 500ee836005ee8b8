// A convolution in which every output sees every input channel: each invocation gives four channels of PIXELS pixels of
// ROWS rows, or the largest of every 2×2 of these.

struct Shape {
    inputs: u32,
    outputs: u32,
    // Of the input.
    height: u32,
    width: u32,
    // Rows and columns of zeros before the input.
    border: u32,
    // Of the output.
    rows: u32,
    columns: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> output: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = id.x + id.y * FOLD;
    let inputs = shape.inputs;
    let outputs = shape.outputs;
    let stored = PIXELS / ROWS;
    let blocks = (shape.columns + stored - 1u) / stored;
    let group = at % outputs;
    let block = at / outputs;
    let column = block % blocks * stored;
    let y = block / blocks;
    if (y >= shape.rows) {
        return;
    }
    let first = column * ROWS * STRIDE - shape.border;
    let bias = weights[group];
    var sum{r}_{p} = bias;
    // Left of the first column, and above the first row, the number wraps round and is too large, too.
    let near{c} = min(first + {c}u, shape.width - 1u) * inputs;
    let seen{c} = first + {c}u < shape.width;
    let across{h} = y * ROWS * STRIDE + {h}u - shape.border;
    let inside{h} = across{h} < shape.height;
    let start{h} = (id.z * shape.height + min(across{h}, shape.height - 1u)) * shape.width * inputs;
    let tap = inputs * 4u * outputs;
    for (var c = 0u; c < inputs; c++) {
        let row = (1u + c * 4u) * outputs + group;
        //repeat h
        let w{y}_{k}_0 = weights[row + ({y}u * KERNEL + {k}u) * tap];
        let w{y}_{k}_1 = weights[row + ({y}u * KERNEL + {k}u) * tap + outputs];
        let w{y}_{k}_2 = weights[row + ({y}u * KERNEL + {k}u) * tap + 2u * outputs];
        let w{y}_{k}_3 = weights[row + ({y}u * KERNEL + {k}u) * tap + 3u * outputs];
        let x{h}_{c} = select(vec4f(), input[start{h} + near{c} + c], inside{h} && seen{c});
        sum{r}_{p} = fma(vec4f(x{h}_{i}.x), w{y}_{k}_0, fma(vec4f(x{h}_{i}.y), w{y}_{k}_1, fma(vec4f(x{h}_{i}.z), w{y}_{k}_2, fma(vec4f(x{h}_{i}.w), w{y}_{k}_3, sum{r}_{p}))));
        //end
    }
    let to = ((id.z * shape.rows + y) * shape.columns + column) * outputs + group;
    if (column + {o}u < shape.columns) { output[to + {o}u * outputs] = ACTIVATION(RESULT); }
}
