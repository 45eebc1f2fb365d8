//! From the shared dialect to SQLite's.

/// Rewrites `$1` to `?1` (SQLite takes `$1` for a name, not for a number) and leaves out
/// `FOR UPDATE`, as there is only one writer. Statements hold no literal with a `$`.
pub(super) fn to_sqlite(sql: &str) -> String {
    sql.replace(" FOR UPDATE", "").replace('$', "?")
}

#[cfg(test)]
mod tests {
    use super::to_sqlite;

    #[test]
    fn parameters_become_numbers_and_row_locks_go() {
        assert_eq!(
            to_sqlite("SELECT a FROM t WHERE b = $2 AND c = $1 FOR UPDATE"),
            "SELECT a FROM t WHERE b = ?2 AND c = ?1"
        );
    }
}
