// A convolution of each channel with a filter of its own: each invocation gives four channels of PIXELS pixels of a row.

struct Shape {
    channels: u32,
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
    let channels = shape.channels;
    let blocks = (shape.columns + PIXELS - 1u) / PIXELS;
    let group = at % channels;
    let block = at / channels;
    let column = block % blocks * PIXELS;
    let y = block / blocks;
    if (y >= shape.rows) {
        return;
    }
    let first = column * STRIDE - shape.border;
    let near{c} = min(first + {c}u, shape.width - 1u);
    let seen{c} = first + {c}u < shape.width;
    var sum{p} = weights[group];
    //repeat h
    // Before the first row, and left of the first column, the number wraps round and is too large, too.
    let across{h} = y * STRIDE + {h}u - shape.border;
    let inside{h} = across{h} < shape.height;
    let start{h} = (id.z * shape.height + min(across{h}, shape.height - 1u)) * shape.width;
    let w{h}_{k} = weights[(1u + {h}u * KERNEL + {k}u) * channels + group];
    let x{h}_{c} = select(vec4f(), input[(start{h} + near{c}) * channels + group], inside{h} && seen{c});
    sum{p} = fma(x{h}_{i}, w{h}_{k}, sum{p});
    //end
    let to = ((id.z * shape.rows + y) * shape.columns + column) * channels + group;
    if (column + {p}u < shape.columns) { output[to + {p}u * channels] = ACTIVATION(sum{p}); }
}
