//! The steps of the schema: their texts, their order, and databases that have some of them.

mod released;

use std::collections::BTreeMap;

use super::{Applied, migrations, newest_version, plan};
use crate::{
    Engine, EngineError, StorageError,
    common::{Test, TestStorage, two_engines},
};

/// The steps that have been released, as they ran on the databases that are out there. Whoever adds
/// a step adds its line; none is ever changed.
const RELEASED: [(i64, &str); 17] = [
    (1, "ff351855b62ffa7308b248aac0ce2584f61530f9b4528805f241eee0ce2b4896"),
    (3, "79a4df95593de5261efaf03c0d7c81bdb4f1333c368271fce3319b6c51969fbe"),
    (4, "c9edcecbfbf62542e96cf4654f0f527ae26a96c7317f55eb4f4b5bcc740d7d50"),
    (5, "c79cd3be84b2d5f8b75cc0432ac92113fc7b36c1cc13e50f34e6de025ca01c78"),
    (6, "cd7b69ab2a89ef0f906ef52eef779ae306f8e8503d10a5a404d5541ee0b09905"),
    (7, "dcc4bacd25e8f7db4e2a23acc6dc9c7c7707fee1572587e594ee256501db6cae"),
    (8, "d5632f0f0acb111be05306ddc5070328beccd3af81c8257feadff20709319a25"),
    (9, "7f6bd208c0469037717676e24f2dbbc323dc777e92ce6a6d9fb08cc923cdad30"),
    (10, "789fc5b1499241d8789a4ad4fcedcc3a63fce52d056094748ea06e5b257a0ec9"),
    (11, "66204e9d4952a76723e9fb1c2195e12a66449dfb13a4a73b00b3fe1fa85cd802"),
    (12, "e0c432797414e9e7f50f89e8efba882cf5b965af9ef0c0c96aafaddbefede615"),
    (13, "ef7d437cfa343013bde16a029c1f1c12b290e56e3093196036a065bae323147b"),
    (14, "256998d1824adca388320ed489a88eee9f654bb789363b4cf0e65b010bf67a13"),
    (15, "7c104eaf073093a02c5cb3489a8739527ffa5a0d3d1fc9f9492be55a1383c5be"),
    (16, "6c24fe8a95360331fd356843aac367c55225a8dfdbe2fe1a0a1b1d51a207c305"),
    (17, "9ab5163855eb0f1c0949cc8af6d57dbb549425ecdf5b56420ae6e5e9d7dbbafe"),
    (18, "35769a6026306198162eee3d805f81433f5d2e36b354d344f236275849abe1a9"),
];

#[test]
fn released_steps_stay_as_they_ran() {
    let known: Vec<_> = migrations().iter().map(|step| (step.version, step.checksum())).collect();
    let known: Vec<_> = known.iter().map(|(version, sum)| (*version, sum.as_str())).collect();
    assert_eq!(known, RELEASED);
    assert!(known.is_sorted_by(|(one, _), (next, _)| one < next), "two have one number");
    assert_eq!(newest_version(), RELEASED.last().unwrap().0);
}

#[test]
fn a_checksum_is_the_same_wherever_the_program_is_built() {
    let steps = migrations();
    for step in &steps {
        let sql = String::from(step.sql).replace('\n', "\r\n").leak();
        assert_eq!(super::Migration { sql, ..**step }.checksum(), step.checksum());
    }
}

#[test]
fn a_step_that_is_missing_among_others_is_not_run_behind_them() {
    let applied = |version| Applied { version, checksum: None };
    let Err(StorageError::MissedMigration { version: 4, found: 5 }) =
        plan(&[1, 3, 5].map(applied)).map(|_| ())
    else {
        panic!("refused with both numbers")
    };
    let plan = plan(&[1, 3].map(applied)).unwrap();
    let versions =
        |steps: &[&super::Migration]| steps.iter().map(|step| step.version).collect::<Vec<_>>();
    assert_eq!(versions(&plan.adopt), [1, 3]);
    assert_eq!(versions(&plan.run), [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
}

/// What is written down of each step.
fn checksums(storage: &TestStorage) -> BTreeMap<String, String> {
    let rows = storage.lines(
        "SELECT 'step ' || version || ' ' || COALESCE(checksum, 'none') FROM schema_migrations",
    );
    let row = |row: &String| {
        let (version, checksum) = row.rsplit_once(' ').unwrap();
        (version.to_owned(), checksum.to_owned())
    };
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn a_step_that_was_changed_after_it_had_run_is_refused_with_its_number() {
    let storage = TestStorage::new();
    Test::with(storage.config()).await.engine.shutdown().await;
    let before = checksums(&storage);
    assert!(before.values().all(|checksum| checksum.len() == 64), "{before:?}");
    storage.execute("UPDATE schema_migrations SET checksum = 'other' WHERE version = 5");
    let error = Engine::open(storage.config()).await.unwrap_err();
    assert!(error.to_string().contains("add a new step"), "{error}");
    let EngineError::Storage(StorageError::ChangedMigration { version: 5 }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(checksums(&storage).get("step 5").map(String::as_str), Some("other"));
    let own = format!(
        "UPDATE schema_migrations SET checksum = '{}' WHERE version = 5",
        before.get("step 5").unwrap()
    );
    storage.execute(&own);
    Test::with(storage.config()).await.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_from_before_checksums_gets_them_once_however_many_open_it() {
    let storage = TestStorage::new();
    Test::with(storage.config()).await.engine.shutdown().await;
    let expected = checksums(&storage);
    storage.execute("ALTER TABLE schema_migrations DROP COLUMN checksum");
    for engine in two_engines(&storage).await {
        engine.shutdown().await;
    }
    assert_eq!(checksums(&storage), expected);
}
