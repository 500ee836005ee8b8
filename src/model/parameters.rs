//! Walking over a network's parameters by name.
//!
//! A name is the path of the fields that lead to a parameter, joined by dots: `blocks.0.first.conv.weight`. Those
//! names stand in weights files, and everything that looks for a parameter looks here.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};

/// A parameter taken out of a network.
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its size along each axis.
    pub shape: Vec<usize>,
    /// Its values, the last axis running fastest.
    pub values: Vec<f32>,
}

/// All parameters of a module, statistics of batch norms included.
pub fn read<B: Backend>(module: &impl Module<B>) -> Vec<Parameter> {
    struct Reader(Path, Vec<Parameter>);
    impl<B: Backend> ModuleVisitor<B> for Reader {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.0.enter(name);
        }
        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.0.exit();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
            let data = param.val().into_data().convert::<f32>();
            let shape = data.shape.to_vec();
            let values = data.into_vec().expect("just converted to f32");
            self.1.push(Parameter { name: self.0.name(), shape, values });
        }
    }
    let mut reader = Reader(Path::default(), Vec::new());
    module.visit(&mut reader);
    reader.1
}

/// The identities of the parameters whose name fulfils a condition.
pub fn identities<B: Backend>(
    module: &impl Module<B>,
    condition: impl Fn(&str) -> bool,
) -> Vec<ParamId> {
    struct Finder<F>(Path, F, Vec<ParamId>);
    impl<B: Backend, F: Fn(&str) -> bool> ModuleVisitor<B> for Finder<F> {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.0.enter(name);
        }
        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.0.exit();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
            if (self.1)(&self.0.name()) {
                self.2.push(param.id);
            }
        }
    }
    let mut finder = Finder(Path::default(), condition, Vec::new());
    module.visit(&mut finder);
    finder.2
}

/// Gives every parameter of a module the values that `values` finds for its name and shape.
///
/// # Errors
///
/// The first error of `values`.
pub fn write<B: Backend, M: Module<B>, E>(
    module: M,
    device: &B::Device,
    values: impl FnMut(&str, &[usize]) -> Result<Vec<f32>, E>,
) -> Result<M, E> {
    struct Writer<'a, B: Backend, F, E> {
        path: Path,
        values: F,
        error: Option<E>,
        device: &'a B::Device,
    }
    impl<B: Backend, E, F> ModuleMapper<B> for Writer<'_, B, F, E>
    where
        F: FnMut(&str, &[usize]) -> Result<Vec<f32>, E>,
    {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.path.exit();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
            if self.error.is_some() {
                return param;
            }
            let shape = param.lazy_shape().to_vec();
            match (self.values)(&self.path.name(), &shape) {
                Ok(values) => {
                    let data = TensorData::new(values, shape);
                    Param::initialized(param.id, Tensor::from_data(data, self.device))
                }
                Err(error) => {
                    self.error = Some(error);
                    param
                }
            }
        }
    }
    let mut writer = Writer::<B, _, _> { path: Path::default(), values, error: None, device };
    let module = module.map(&mut writer);
    match writer.error {
        Some(error) => Err(error),
        None => Ok(module),
    }
}

/// The fields that were entered and not left yet.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn enter(&mut self, field: &str) {
        self.0.push(field.to_owned());
    }

    fn exit(&mut self) {
        self.0.pop();
    }

    fn name(&self) -> String {
        self.0.join(".")
    }
}
