//! The schema, as a sequence of numbered steps that only go forward. Each is a part's.

use crate::parts::PARTS;

/// One step of the schema. Once it is released it is never changed.
pub(crate) struct Migration {
    /// Its number: greater than that of every step before, whichever part has that.
    pub(crate) version: i64,
    /// What it is for.
    pub(crate) name: &'static str,
    /// Its statements, in what SQLite and PostgreSQL have in common.
    pub(crate) sql: &'static str,
}

/// Every step of every part, in order.
pub(super) fn migrations() -> Vec<&'static Migration> {
    let mut steps: Vec<_> = PARTS.iter().flat_map(|part| part.migrations).collect();
    steps.sort_by_key(|step| step.version);
    steps
}

/// The newest version that this program knows.
pub(super) fn newest_version() -> i64 {
    migrations().last().map_or(0, |step| step.version)
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_only_go_up() {
        let versions: Vec<i64> = super::migrations().iter().map(|step| step.version).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        assert_eq!(versions.first(), Some(&1));
        assert_eq!(Some(&super::newest_version()), versions.last());
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn of_codes_from_before_the_newest_of_each_device_is_good() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        let steps = super::migrations();
        let (before, after) = steps.split_at_checked(5).unwrap();
        for step in before {
            database.execute_batch(step.sql).unwrap();
        }
        let rows = "INSERT INTO apps VALUES ('public', 0); \
            INSERT INTO tenants VALUES ('public', 'public', 0); \
            INSERT INTO passwordless_devices VALUES \
                ('public', 'public', 'one', 'email', 'a@b.c', 's', 0, 5, 9), \
                ('public', 'public', 'two', 'email', 'a@b.c', 's', 0, 5, 9); \
            INSERT INTO passwordless_codes VALUES \
                ('public', 'public', 'a', 'one', 'a', 1, 9), \
                ('public', 'public', 'c', 'one', 'c', 2, 9), \
                ('public', 'public', 'b', 'one', 'b', 2, 9), \
                ('public', 'public', 'd', 'two', 'd', 1, 9)";
        database.execute_batch(rows).unwrap();
        for step in after {
            database.execute_batch(step.sql).unwrap();
        }
        let sql = "SELECT code_id FROM passwordless_codes WHERE NOT is_replaced ORDER BY code_id";
        let mut good = database.prepare(sql).unwrap();
        let good: Vec<String> =
            good.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(good, ["c", "d"]);
    }
}
