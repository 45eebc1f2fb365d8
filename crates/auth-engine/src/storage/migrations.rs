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
}
