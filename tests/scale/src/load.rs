//! A million users in a minute: rows are made by the database itself.

use std::path::Path;

use test_postgres::Server;

use crate::{Outcome, measure::ROUNDS};

/// Sessions for each user.
pub(crate) const SESSIONS: u32 = 3;

/// Sessions that expire before each round: as many at every size, so that their deletion can be
/// compared.
pub(crate) const EXPIRED: u32 = 500;

/// A tenant that has few users, however many the app has.
pub(crate) const SMALL_TENANT: &str = "small";

/// How many those are, spread over all times at which users joined.
pub(crate) const OF_SMALL_TENANT: u32 = 100;

/// When the measurement begins, by the engine's clock. Each round is an hour later than the one
/// before.
pub(crate) const NOW_MS: i64 = 1_800_000_000_000;

/// When the first user joined; each further one a second later. As much before the measurement each
/// was last seen.
pub(crate) const START_MS: i64 = 1_700_000_000_000;

/// The id of a user by its number.
pub(crate) fn user_id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-{number:012}")
}

/// The id of a session by its number.
pub(crate) fn session_handle(number: u32) -> String {
    format!("{number:08x}-0000-4000-9000-{number:012}")
}

/// What is written differently in the two databases.
struct Dialect {
    /// The rows `n` from 1 to `{}`.
    numbers: &'static str,
    /// The user's id, of `{n}`.
    user: &'static str,
    /// The session's handle, of `{n}`.
    session: &'static str,
}

const SQLITE: Dialect = Dialect {
    numbers: "(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers \
              WHERE n < {}) SELECT n FROM numbers)",
    user: "printf('%08x-0000-4000-8000-%012d', {n}, {n})",
    session: "printf('%08x-0000-4000-9000-%012d', {n}, {n})",
};

const POSTGRES: Dialect = Dialect {
    numbers: "(SELECT n FROM generate_series(1, {}) AS numbers(n)) AS all_numbers",
    user: "lpad(to_hex({n}), 8, '0') || '-0000-4000-8000-' || lpad(({n})::TEXT, 12, '0')",
    session: "lpad(to_hex({n}), 8, '0') || '-0000-4000-9000-' || lpad(({n})::TEXT, 12, '0')",
};

impl Dialect {
    fn statements(&self, users: u32) -> Vec<String> {
        let numbers = |count: u32| self.numbers.replace("{}", &count.to_string());
        let all_users = numbers(users);
        let user = self.user.replace("{n}", "n");
        let joined = format!("{START_MS} + n * 1000");
        let email = "'user-' || n || '@example.com'";
        let owner = self.user.replace("{n}", &format!("(n - 1) / {SESSIONS} + 1"));
        let session = self.session.replace("{n}", "n");
        let in_small_tenant = format!("{all_users} WHERE n % {} = 0", users / OF_SMALL_TENANT);
        let expires = format!(
            "CASE WHEN n <= {all} THEN {NOW_MS} + 3600000 * ((n - 1) / {EXPIRED}) + 1800000 \
             ELSE 9000000000000 END",
            all = EXPIRED * ROUNDS,
        );
        let all_sessions = numbers(users * SESSIONS);
        vec![
            format!(
                "INSERT INTO app_id_to_user_id SELECT 'public', {user}, 'emailpassword', {user}, \
                 FALSE, {joined}, {joined}, 1 FROM {all_users}"
            ),
            format!(
                "INSERT INTO recipe_user_account_infos SELECT 'public', {user}, 'emailpassword', \
                 'email', {email}, '', '', NULL FROM {all_users}"
            ),
            format!(
                "INSERT INTO recipe_user_tenants SELECT 'public', 'public', {user}, \
                 'emailpassword', 'email', {email}, '', '' FROM {all_users}"
            ),
            format!(
                "INSERT INTO emailpassword_users SELECT 'public', {user}, {email}, 'none', \
                 {joined} FROM {all_users}"
            ),
            format!("INSERT INTO tenants VALUES ('public', '{SMALL_TENANT}', 0)"),
            format!(
                "INSERT INTO recipe_user_tenants SELECT 'public', '{SMALL_TENANT}', {user}, \
                 'emailpassword', 'email', {email}, '', '' FROM {in_small_tenant}"
            ),
            format!(
                "INSERT INTO tenant_users (app_id, user_id, tenant_id, recipes, time_joined) \
                 SELECT 'public', {user}, 'public', 1, {joined} FROM {all_users}"
            ),
            format!(
                "INSERT INTO tenant_users (app_id, user_id, tenant_id, recipes, time_joined) \
                 SELECT 'public', {user}, '{SMALL_TENANT}', 1, {joined} FROM {in_small_tenant}"
            ),
            format!(
                "INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number) VALUES \
                 ('public', '', NULL, 1, 0, {users}), ('public', 'public', 'public', 1, 0, {users}), \
                 ('public', '{SMALL_TENANT}', '{SMALL_TENANT}', 1, 0, {OF_SMALL_TENANT})"
            ),
            format!(
                "INSERT INTO user_last_active (app_id, user_id, last_active_time) \
                 SELECT 'public', {user}, {NOW_MS} - n * 1000 FROM {all_users}"
            ),
            // In one slot, and of the widths that the engine has.
            "INSERT INTO user_activity_counts (app_id, width, span, slot, number) \
             SELECT a.app_id, w.width, a.last_active_time / w.length, 0, COUNT(*) \
             FROM user_last_active a CROSS JOIN (\
                SELECT 0 AS width, CAST(65536 AS BIGINT) AS length \
                UNION ALL SELECT 1, CAST(4194304 AS BIGINT) \
                UNION ALL SELECT 2, CAST(268435456 AS BIGINT) \
                UNION ALL SELECT 3, CAST(17179869184 AS BIGINT)) w \
             GROUP BY a.app_id, w.width, a.last_active_time / w.length"
                .to_owned(),
            format!(
                "INSERT INTO session_info (app_id, tenant_id, session_handle, user_id, \
                 refresh_token_hash_2, session_data, expires_at, created_at_time, \
                 jwt_user_payload, use_static_key) SELECT 'public', 'public', {session}, {owner}, \
                 'none', '{{}}', {expires}, {START_MS}, '{{}}', FALSE FROM {all_sessions}"
            ),
        ]
    }
}

/// Fills a SQLite file that has its schema.
pub(crate) fn sqlite(path: &Path, users: u32) -> Outcome<()> {
    let connection = rusqlite::Connection::open(path)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN")?;
    for statement in SQLITE.statements(users) {
        connection.execute_batch(&statement)?;
    }
    Ok(connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?)
}

/// Fills a database of a server that has its schema.
pub(crate) fn postgres(server: &Server, database: &str, users: u32) {
    // The rows are right by the way they are made.
    let foreign_keys = "SET session_replication_role = replica";
    for statement in POSTGRES.statements(users) {
        server.psql(database, &format!("{foreign_keys}; {statement}"));
    }
    server.psql(database, "VACUUM ANALYZE");
}
