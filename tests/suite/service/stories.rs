//! Stories that chance makes up, told one after the other in one database, each in a server of its own.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestRunner};

use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::store::scene::Scene;

/// Tells so many stories, each with its number, and looks at what they left behind in the end. One that fails is
/// told again, ever shorter.
pub fn tell<S: Strategy>(
    stories: u32,
    strategy: &S,
    story: &impl AsyncFn(&Scene, &FakeFilms, u64, S::Value) -> TestCaseResult,
    in_the_end: impl AsyncFnOnce(&Scene),
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let _inside = runtime.enter();
    let films = FakeFilms::start();
    let scene = runtime.block_on(Scene::open(TestDatabase::sqlite()));
    let told = AtomicU64::new(0);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: stories,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(strategy, |chance| {
        let number = told.fetch_add(1, Ordering::Relaxed);
        runtime.block_on(story(&scene, &films, number, chance))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(in_the_end(&scene));
}
