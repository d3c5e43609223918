/// Typed Python modules of the methods.
pub fn modules() -> Vec<(String, String)> {
    Vec::new()
}
