//! The audit keeps who did what, per server, latest first.

use marquee::domain::audit::{Act, AuditEntry};

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(lines_come_latest_first_page_by_page);

async fn lines_come_latest_first_page_by_page(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let line = |number: u32| AuditEntry {
        at: NOW + i64::from(number / 2),
        by: (number > 0).then(|| member(u64::from(number))),
        act: Act::RoundStarted { number },
    };
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for number in 0..5 {
        tx.insert_audit(i64::from(number), GUILD, &line(number))
            .await
            .expect("written");
    }
    let elsewhere = tx.insert_audit(9, OTHER_GUILD, &line(9)).await;
    elsewhere.expect("written");
    tx.commit().await.expect("a commit");

    let page = async |offset| {
        let page = scene.store.list_audit(GUILD, 2, offset).await;
        let page = page.expect("a page");
        (page.total, page.entries)
    };
    assert_eq!(page(0).await, (5, vec![line(4), line(3)]));
    assert_eq!(page(4).await, (5, vec![line(0)]));
    assert_eq!(page(5).await, (0, vec![]));
    let other = scene.store.list_audit(OTHER_GUILD, 10, 0).await.expect("a page");
    assert_eq!(other.entries, [line(9)]);
}
