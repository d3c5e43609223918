//! The native half of `import amorph`: arrays in, arrays and JSON out.
//!
//! Everything a user sees is Python (`python/amorph`); this module only carries data across. Long work runs without the
//! interpreter lock and stops on Ctrl-C.
#![forbid(unsafe_code)]

mod dataset;
mod errors;
mod figures;
mod file;
mod interrupt;
mod methods;
mod outcome;
mod registry;
mod study;
mod synthesis;
mod theory;
mod units;

#[pyo3::pymodule]
mod _amorph {
    #[pymodule_export]
    use crate::figures::{figure_png, figure_svg};
    #[pymodule_export]
    use crate::file::{NativeFile, open};
    #[pymodule_export]
    use crate::methods::{canonical, run_method};
    #[pymodule_export]
    use crate::registry::registry;
    #[pymodule_export]
    use crate::study::{report, run_study};
    #[pymodule_export]
    use crate::synthesis::{card, literature};
    #[pymodule_export]
    use crate::theory::{theory_evaluate, theory_propagate, theory_read};
    #[pymodule_export]
    use crate::units::{convert, convert_array, show};
}
