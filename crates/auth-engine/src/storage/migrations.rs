//! The schema, as a sequence of numbered steps that only go forward.

/// One step of the schema.
pub(super) struct Migration {
    /// Its number: greater than that of the step before.
    pub(super) version: i64,
    /// What it is for.
    pub(super) name: &'static str,
    /// Its statements, in what SQLite and PostgreSQL have in common.
    pub(super) sql: &'static str,
}

/// Every step, in order. Steps that have been released are never changed.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "users, passwords, sessions, keys and metadata",
        sql: include_str!("migrations/0001_first.sql"),
    },
    Migration {
        version: 3,
        name: "passwordless devices and codes",
        sql: include_str!("migrations/0003_passwordless.sql"),
    },
    Migration {
        version: 4,
        name: "one-time passwords and recovery codes",
        sql: include_str!("migrations/0004_second_factors.sql"),
    },
    Migration {
        version: 5,
        name: "roles and permissions",
        sql: include_str!("migrations/0005_user_roles.sql"),
    },
    Migration {
        version: 6,
        name: "user ids of other systems",
        sql: include_str!("migrations/0006_user_id_mapping.sql"),
    },
    Migration {
        version: 7,
        name: "one good code of a device, and what a contact has used of its budgets",
        sql: include_str!("migrations/0007_code_budgets.sql"),
    },
    Migration {
        version: 8,
        name: "signing keys that are withdrawn",
        sql: include_str!("migrations/0008_withdrawn_keys.sql"),
    },
];

/// The newest version that this program knows.
pub(super) fn newest_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_only_go_up() {
        let versions: Vec<i64> = super::MIGRATIONS.iter().map(|step| step.version).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        assert_eq!(versions.first(), Some(&1));
        assert_eq!(Some(&super::newest_version()), versions.last());
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn of_codes_from_before_the_newest_of_each_device_is_good() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        let (before, after) = super::MIGRATIONS.split_at_checked(5).unwrap();
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
