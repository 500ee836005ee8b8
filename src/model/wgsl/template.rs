//! From the text of a kernel to the text that is compiled: loops whose length is known are written out.
//!
//! A compiler of shaders keeps sums in registers where each has a name of its own, which an array with an index that changes
//! may not give it. So a line that names a counter is repeated for each of its values: `sum{p} = bias;` for every pixel `p`.
//! Lines between `//repeat h` and `//end` are repeated together. What the letters count is in [`Counts::of`].

use std::fmt::Write;

/// How often what is repeated.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// Pixels of a row that one invocation computes.
    pub pixels: usize,
    /// Rows of these.
    pub rows: usize,
    /// Side of the convolution's kernel.
    pub kernel: usize,
    /// Its step.
    pub stride: usize,
    /// Whether something is added to the result.
    pub shortcut: bool,
}

/// The counters, in the order in which a line with several of them is repeated.
const COUNTERS: &[u8] = b"shrpkco";

impl Counts {
    fn of(&self, counter: u8) -> usize {
        let span = |outputs: usize| (outputs - 1) * self.stride + self.kernel;
        match counter {
            b'p' => self.pixels,
            b'r' => self.rows,
            // Columns of the kernel.
            b'k' => self.kernel,
            // Rows and columns of the input.
            b'h' => span(self.rows),
            b'c' => span(self.pixels),
            // Pixels that are stored.
            b'o' => self.pixels / self.rows,
            b's' => usize::from(self.shortcut),
            _ => unreachable!("not among the counters"),
        }
    }

    /// The text with every loop written out.
    pub fn write_out(&self, text: &str) -> String {
        let mut out = String::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            match line.trim_start().strip_prefix("//repeat ") {
                Some(counter) => {
                    let counter = counter.as_bytes()[0];
                    let block: Vec<&str> =
                        lines.by_ref().take_while(|line| line.trim_start() != "//end").collect();
                    for value in 0..self.of(counter) {
                        let mut known = Known::default();
                        known.set(counter, value);
                        block.iter().for_each(|line| self.line(line, known, &mut out));
                    }
                }
                None => self.line(line, Known::default(), &mut out),
            }
        }
        out
    }

    /// Repeats a line for the first counter in it that has no value yet, or writes it.
    fn line(&self, line: &str, known: Known, out: &mut String) {
        let unknown = |counter: &&u8| known.of(**counter).is_none() && names(line, **counter);
        if let Some(&counter) = COUNTERS.iter().find(unknown) {
            for value in 0..self.of(counter) {
                let mut known = known;
                known.set(counter, value);
                self.line(line, known, out);
            }
            return;
        }
        let start = out.len();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            // A letter and a closing bracket; anything else is a bracket of the language.
            match after.as_bytes() {
                [letter, b'}', ..] => {
                    let Some(value) = self.value(*letter, known) else {
                        out.truncate(start);
                        return;
                    };
                    write!(out, "{value}").expect("a string takes everything");
                    rest = &after[2..];
                }
                _ => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out.push('\n');
    }

    /// What a letter stands for; nothing where a row of the input meets no row of the kernel.
    fn value(&self, letter: u8, known: Known) -> Option<usize> {
        let of = |counter| known.of(counter).unwrap_or(0);
        match letter {
            // The column of the input under a column of the kernel, and the row of the kernel over one of the input.
            b'i' => Some(of(b'p') * self.stride + of(b'k')),
            b'y' => of(b'h').checked_sub(of(b'r') * self.stride).filter(|&y| y < self.kernel),
            // The two columns of which the larger is stored.
            b'a' => Some(2 * of(b'o')),
            b'b' => Some(2 * of(b'o') + 1),
            counter => known.of(counter),
        }
    }
}

/// Whether a line has to be repeated for a counter.
fn names(line: &str, counter: u8) -> bool {
    line.as_bytes().windows(3).any(|window| match window {
        [b'{', letter, b'}'] => {
            *letter == counter
                || match letter {
                    b'i' => counter == b'p' || counter == b'k',
                    b'a' | b'b' => counter == b'o',
                    _ => false,
                }
        }
        _ => false,
    })
}

/// The values of counters.
#[derive(Debug, Clone, Copy, Default)]
struct Known([Option<usize>; COUNTERS.len()]);

impl Known {
    fn place(counter: u8) -> Option<usize> {
        COUNTERS.iter().position(|&other| other == counter)
    }

    fn of(&self, counter: u8) -> Option<usize> {
        self.0[Self::place(counter)?]
    }

    fn set(&mut self, counter: u8, value: usize) {
        if let Some(place) = Self::place(counter) {
            self.0[place] = Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_repeated_for_every_value_of_their_counters() {
        let counts = Counts { pixels: 2, rows: 2, kernel: 2, stride: 1, shortcut: false };
        let found = counts.write_out(
            "fn main() { return; }\nlet sum{r}_{p} = x{i};\n//repeat h\nw{y}_{k} = {h};\nu{y}{r};\n//end\nmax({a}, {b});\n+ {s};",
        );
        let expected = [
            "fn main() { return; }",
            "let sum0_0 = x0;",
            "let sum0_0 = x1;",
            "let sum0_1 = x1;",
            "let sum0_1 = x2;",
            "let sum1_0 = x0;",
            "let sum1_0 = x1;",
            "let sum1_1 = x1;",
            "let sum1_1 = x2;",
            "w0_0 = 0;",
            "w0_1 = 0;",
            "u00;",
            "w1_0 = 1;",
            "w1_1 = 1;",
            "u10;",
            "u01;",
            "u11;",
            "max(0, 1);",
        ];
        assert_eq!(found.lines().collect::<Vec<_>>(), expected);
    }
}
