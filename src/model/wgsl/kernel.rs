//! The kernels: which there are, and their text.

use std::fmt::Write;

use super::template::Counts;
use crate::model::packed::{Activation, gelu};

/// So many invocations work together.
pub const WORKGROUP: usize = 64;
/// So many workgroups are side by side. More of them, of which WebGPU takes no more than 65,535, go into the next row.
pub const ROW: usize = 32_768;
/// Pixels that an invocation computes, of a convolution of single pixels and of a depthwise one. The photo network's maps
/// have multiples of seven pixels.
pub const POINTWISE_PIXELS: usize = 7;
pub const DEPTHWISE_PIXELS: usize = 4;

/// A kernel. Shapes are not part of it: one serves many layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// A convolution of single pixels, to which maps of the same size may be added.
    Pointwise { activation: Activation, shortcut: bool },
    /// A convolution of each channel with a filter of its own.
    Depthwise { kernel: usize, stride: usize, activation: Activation },
    /// A convolution in which every output sees every input channel, and so many of its columns an invocation stores; with
    /// `pool` each is the largest of 2×2.
    Dense { kernel: usize, stride: usize, columns: usize, pool: bool, activation: Activation },
    /// A dense layer of a single pixel.
    Vector { activation: Activation },
    /// The mean over all pixels.
    Mean,
    /// The largest of all pixels.
    Max,
}

impl Kernel {
    /// What is compiled.
    pub fn source(self) -> String {
        let one = Counts { pixels: 1, rows: 1, kernel: 1, stride: 1, shortcut: false };
        let (text, counts, activation, words): (_, _, _, &[_]) = match self {
            Self::Pointwise { activation, shortcut } => (
                include_str!("pointwise.wgsl"),
                Counts { pixels: POINTWISE_PIXELS, shortcut, ..one },
                Some(activation),
                &[(
                    "PLUS_SHORTCUT",
                    if shortcut { "+ shortcut0[place{p} * outputs + group]" } else { "" },
                )],
            ),
            Self::Depthwise { kernel, stride, activation } => (
                include_str!("depthwise.wgsl"),
                Counts { pixels: DEPTHWISE_PIXELS, kernel, stride, ..one },
                Some(activation),
                &[],
            ),
            Self::Dense { kernel, stride, columns, pool, activation } => {
                let rows = if pool { 2 } else { 1 };
                (
                    include_str!("dense.wgsl"),
                    Counts { pixels: columns * rows, rows, kernel, stride, ..one },
                    Some(activation),
                    if pool {
                        &[("RESULT", "max(max(sum0_{a}, sum0_{b}), max(sum1_{a}, sum1_{b}))")]
                    } else {
                        &[("RESULT", "sum0_{o}")]
                    },
                )
            }
            Self::Vector { activation } => {
                (include_str!("vector.wgsl"), one, Some(activation), &[])
            }
            Self::Mean => (
                include_str!("reduce.wgsl"),
                one,
                None,
                &[("WITH_X", "whole + x"), ("DIVISOR", "f32(shape.pixels)")],
            ),
            Self::Max => (
                include_str!("reduce.wgsl"),
                one,
                None,
                &[("WITH_X", "max(whole, x)"), ("DIVISOR", "1.0")],
            ),
        };
        let mut source = String::new();
        let mut constant = |name: &str, value: usize| {
            writeln!(source, "const {name}: u32 = {value}u;").expect("a string takes everything");
        };
        constant("WORKGROUP", WORKGROUP);
        constant("FOLD", WORKGROUP * ROW);
        constant("PIXELS", counts.pixels);
        constant("ROWS", counts.rows);
        constant("KERNEL", counts.kernel);
        constant("STRIDE", counts.stride);
        let mut text = text.to_owned();
        if let Some(activation) = activation {
            text = text.replace("ACTIVATION", name(activation));
            source.push_str(&function(activation));
        }
        for (word, meaning) in words {
            text = text.replace(word, meaning);
        }
        source.push_str(&counts.write_out(&text));
        source
    }
}

fn name(activation: Activation) -> &'static str {
    match activation {
        Activation::None => "",
        Activation::Relu => "relu",
        Activation::Relu6 => "relu6",
        Activation::Gelu => "gelu",
    }
}

/// The function of that name.
fn function(activation: Activation) -> String {
    match activation {
        Activation::None => String::new(),
        Activation::Relu => "fn relu(x: vec4f) -> vec4f { return max(x, vec4f()); }\n".to_owned(),
        Activation::Relu6 => {
            "fn relu6(x: vec4f) -> vec4f { return clamp(x, vec4f(), vec4f(6.0)); }\n".to_owned()
        }
        Activation::Gelu => {
            let polynomial = |coefficients: [f32; 6]| {
                let [a, b, c, d, e, f] = coefficients;
                format!(
                    "((((({f:?} * s + {e:?}) * s + {d:?}) * s + {c:?}) * s + {b:?}) * s + {a:?})"
                )
            };
            let (p, q, reach) = (polynomial(gelu::P), polynomial(gelu::Q), gelu::REACH);
            format!(
                "fn gelu(x: vec4f) -> vec4f {{
    let near = clamp(x, vec4f(-{reach:?}), vec4f({reach:?}));
    let s = near * near;
    return x * (near * {p} / {q} + 0.5);
}}
"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_and_counter_of_a_text_is_replaced() {
        use Activation::{Gelu, None, Relu, Relu6};
        let dense = |kernel, stride, columns, pool, activation| Kernel::Dense {
            kernel,
            stride,
            columns,
            pool,
            activation,
        };
        for kernel in [
            Kernel::Pointwise { activation: Relu6, shortcut: false },
            Kernel::Pointwise { activation: None, shortcut: true },
            Kernel::Depthwise { kernel: 5, stride: 2, activation: Relu6 },
            dense(3, 2, 8, false, Relu6),
            dense(3, 1, 2, true, Gelu),
            dense(2, 1, 8, false, Gelu),
            Kernel::Vector { activation: Relu },
            Kernel::Mean,
            Kernel::Max,
        ] {
            let source = kernel.source();
            for word in
                ["ACTIVATION", "RESULT", "PLUS_SHORTCUT", "WITH_X", "DIVISOR", "repeat", "//end"]
            {
                assert!(!source.contains(word), "{kernel:?}: {word}");
            }
            assert!(!source.as_bytes().windows(3).any(|window| matches!(window, [b'{', _, b'}'])));
            assert_eq!(source.matches('{').count(), source.matches('}').count(), "{kernel:?}");
            assert!(source.contains("fn main("));
            assert_eq!(
                source.contains("shortcut0"),
                matches!(kernel, Kernel::Pointwise { shortcut: true, .. })
            );
        }
    }
}
