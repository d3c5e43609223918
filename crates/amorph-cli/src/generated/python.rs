//! Typed Python: a frozen dataclass and a function per method, a module per method, a package per family.

mod docstring;
mod signature;
mod types;

use amorph::method::{DynMethod, registry};

use signature::Signature;

const HEAD: &str = "# Generated from the registry of methods by `amorph generate`; change the method's folder instead.\n";

/// Path and text of every generated module.
pub fn modules() -> Vec<(String, String)> {
    let families = families();
    let mut modules = vec![("python/amorph/methods/__init__.py".to_owned(), package(&families))];
    for family in families {
        let methods = of_family(family);
        modules.push((format!("python/amorph/methods/{family}/__init__.py"), family_package(&methods)));
        let path = |signature: &Signature| format!("python/amorph/methods/{family}/{}.py", module_name(signature));
        modules.extend(methods.iter().map(|(signature, method)| (path(signature), module(signature, *method))));
    }
    modules
}

fn of_family(family: &str) -> Vec<(Signature, &'static dyn DynMethod)> {
    let of_family = registry().iter().copied().filter(|method| method.info().family == family);
    of_family.map(|method| (Signature::of(method), method)).collect()
}

/// Private, so that the function of the same name is all that a family shows.
fn module_name(signature: &Signature) -> String {
    format!("_{}", signature.function)
}

/// The families, in alphabetical order.
fn families() -> Vec<&'static str> {
    let mut families: Vec<&str> = registry().iter().map(|method| method.info().family).collect();
    families.sort_unstable();
    families.dedup();
    families
}

fn package(families: &[&str]) -> String {
    let imports: String = families.iter().map(|family| format!("from . import {family} as {family}\n")).collect();
    let names: Vec<String> = families.iter().map(|family| format!("\"{family}\"")).collect();
    format!("{HEAD}\"\"\"The methods, one module per family.\"\"\"\n\n{imports}\n__all__ = [{}]\n", names.join(", "))
}

fn family_package(methods: &[(Signature, &dyn DynMethod)]) -> String {
    let title = methods.first().map(|(_, method)| title(*method)).unwrap_or_default();
    let names = |(signature, _): &(Signature, &dyn DynMethod)| [signature.class.clone(), signature.function.clone()];
    let import = |method: &(Signature, &dyn DynMethod)| {
        format!("from .{} import {}\n", module_name(&method.0), names(method).join(", "))
    };
    let imports: String = methods.iter().map(import).collect();
    let exported: String = methods.iter().flat_map(names).map(|name| format!("    \"{name}\",\n")).collect();
    format!("{HEAD}\"\"\"{title}\"\"\"\n\n{imports}\n__all__ = [\n{exported}]\n")
}

fn module(signature: &Signature, method: &dyn DynMethod) -> String {
    let body = class(signature, method) + &function(signature, method);
    let (id, title) = (method.info().id, method.info().title);
    format!("{HEAD}\"\"\"{title} (`{id}`).\"\"\"\n\n{}{body}", imports(&body))
}

/// The technique that the family belongs to, for the first line of the module.
fn title(method: &dyn DynMethod) -> String {
    match amorph::method::technique(method.info().technique) {
        Some(technique) => format!("{}.", technique.title),
        None => "Comparisons over a whole study.".to_owned(),
    }
}

/// Only what the module uses.
fn imports(body: &str) -> String {
    let uses = |word: &&str| body.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found == *word);
    let line = |module: &str, known: &[&str]| {
        let used: Vec<&str> = known.iter().copied().filter(|word| uses(word)).collect();
        if used.is_empty() { String::new() } else { format!("from {module} import {}\n", used.join(", ")) }
    };
    [
        "from __future__ import annotations\n\n".to_owned(),
        line("collections.abc", &["Mapping", "Sequence"]),
        line("dataclasses", &["dataclass"]),
        line("typing", &["ClassVar", "Literal"]),
        "\n".to_owned(),
        line("..._method", &["Method"]),
        line("..._types", &["After", "Alloys", "Channels", "Data", "FilePath", "Quantity", "Results", "StudyResults", "Truth"]),
        line("...results", &["Result"]),
    ]
    .concat()
}

fn class(signature: &Signature, method: &dyn DynMethod) -> String {
    let info = method.info();
    let fields: String = signature
        .parameters
        .iter()
        .map(|parameter| format!("    {}: {} = {}\n", parameter.name, parameter.kind.annotation, parameter.default))
        .collect();
    format!(
        "\n\n@dataclass(frozen=True, kw_only=True)\nclass {class}(Method):\n{doc}\n    ID: ClassVar[str] = \"{id}\"\n\n{fields}{gap}\
         \x20   def run(\n        self,\n{arguments}    ) -> Result:\n        \"\"\"Runs the method; see `{function}` for the arguments.\"\"\"\n\
         \x20       return self._run(\n{call}        )\n",
        class = signature.class,
        doc = docstring::of_class(signature, info),
        id = info.id,
        gap = if fields.is_empty() { "" } else { "\n" },
        arguments = signature.run_arguments("        "),
        function = signature.function,
        call = signature.run_call("            "),
    )
}

fn function(signature: &Signature, method: &dyn DynMethod) -> String {
    format!(
        "\n\ndef {function}(\n{arguments}) -> Result:\n{doc}\n    return {class}({fields}).run(\n{call}    )\n",
        function = signature.function,
        arguments = signature.function_arguments("    "),
        doc = docstring::of_function(signature, method.info()),
        class = signature.class,
        fields = signature.field_call(),
        call = signature.forward_call("        "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_has_a_python_type() {
        for method in registry() {
            for parameter in Signature::of(*method).parameters {
                let annotation = parameter.kind.annotation;
                assert!(!annotation.contains(types::UNKNOWN), "{}: {} has no Python type", method.info().id, parameter.name);
            }
        }
    }

    #[test]
    fn the_arguments_of_a_method_have_different_names() {
        for method in registry() {
            let signature = Signature::of(*method);
            let mut names: Vec<String> = signature.parameters.iter().map(|parameter| parameter.name.clone()).collect();
            names.extend(signature.constants.iter().map(|constant| constant.key.to_owned()));
            names.extend(signature.surroundings().map(|argument| argument.name.to_owned()));
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{}", method.info().id);
        }
    }

    #[test]
    fn the_names_in_a_family_differ() {
        for family in families() {
            let methods = of_family(family).into_iter();
            let mut names: Vec<String> = methods.flat_map(|(signature, _)| [signature.class, signature.function]).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{family}");
        }
    }
}
