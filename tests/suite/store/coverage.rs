//! The contract is whole: no function of the store goes untested.

use std::fs;
use std::path::Path;

/// Every source file below a directory of this package.
fn sources(directory: &str) -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let entries = fs::read_dir(&directory)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path());
    entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| fs::read_to_string(path).expect("a source file"))
        .collect()
}

#[test]
fn every_store_function_is_in_the_contract() {
    let stories = sources("tests/suite/store").concat();
    let functions: Vec<String> = sources("src/store")
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.trim_start().strip_prefix("pub async fn "))
        .filter_map(|rest| rest.split('(').next().map(str::to_owned))
        .collect();
    assert!(functions.len() > 30, "only {functions:?} were found");
    let untested: Vec<_> = functions
        .iter()
        .filter(|name| !stories.contains(&format!(".{name}(")) && !stories.contains(&format!("::{name}(")))
        .collect();
    assert!(untested.is_empty(), "not in the contract: {untested:?}");
}
