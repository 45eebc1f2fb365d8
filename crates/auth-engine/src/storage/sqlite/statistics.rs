//! What SQLite's planner is told about the tables.

use super::connection::SqliteConnection;
use crate::{EngineError, StorageError, storage::value::params};

/// Columns that have one value for nearly all rows: an index that begins with them finds nothing by
/// them alone.
const WIDE: [&str; 7] = [
    "app_id",
    "tenant_id",
    "recipe_id",
    "recipes",
    "account_info_type",
    "third_party_id",
    "third_party_user_id",
];

/// The size of table that plans are made for. Small ones are quick by any plan.
const ROWS: u32 = 1_000_000;

/// How many rows a value of any other column has.
const FEW: u32 = 10;

/// An expression has no name.
const INDEX_COLUMNS: &str = "SELECT t.name AS \"table\", l.name AS \"index\", \
    l.\"unique\" AS is_unique, COALESCE(c.name, '') AS \"column\" \
    FROM sqlite_schema t JOIN pragma_index_list(t.name) l JOIN pragma_index_info(l.name) c \
    WHERE t.type = 'table' ORDER BY t.name, l.name, c.seqno";

/// Describes every index as it will be once there are many users.
///
/// Without statistics SQLite takes the rows of one app for few and may walk through all of them,
/// and `ANALYZE` would find the empty tables of a new database. These are written whenever the
/// schema has changed, so that every statement has the same plan at any size.
pub(super) fn write(connection: &mut SqliteConnection) -> Result<(), EngineError> {
    // Creates the table of statistics, and reads nothing.
    connection.batch("ANALYZE sqlite_schema; DELETE FROM sqlite_stat1")?;
    let mut indexes: Vec<(String, String, bool, Vec<String>)> = Vec::new();
    for row in connection.query(INDEX_COLUMNS, params![])? {
        let (table, index, column): (String, String, String) =
            (row.get("table")?, row.get("index")?, row.get("column")?);
        match indexes.last_mut() {
            Some((_, last, _, columns)) if *last == index => columns.push(column),
            _ => indexes.push((table, index, row.get("is_unique")?, vec![column])),
        }
    }
    for (table, index, is_unique, columns) in indexes {
        let statistics = describe(&columns, is_unique);
        connection.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)",
            params![table, index, statistics],
        )?;
    }
    // Read again by this connection; others read them when they are opened.
    Ok(connection.batch("ANALYZE sqlite_schema")?)
}

/// Whether a database has none so far.
pub(super) fn are_missing(connection: &mut SqliteConnection) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    Ok(connection.query(SQL, params![])?.is_empty())
}

/// The form of `sqlite_stat1`: the number of rows, and for each further column how many have the
/// same values up to it.
fn describe(columns: &[String], is_unique: bool) -> String {
    let mut text = ROWS.to_string();
    let mut is_wide = true;
    for (place, column) in columns.iter().enumerate() {
        is_wide &= WIDE.contains(&column.as_str());
        let same = match () {
            () if is_wide => ROWS,
            () if is_unique && place + 1 == columns.len() => 1,
            () => FEW,
        };
        text.push(' ');
        text.push_str(&same.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn an_app_has_many_rows_and_a_user_has_few() {
        let columns = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let key = columns(&["app_id", "user_id"]);
        assert_eq!(describe(&key, true), "1000000 1000000 1");
        let index = columns(&["app_id", "tenant_id", "email", "user_id"]);
        assert_eq!(describe(&index, false), "1000000 1000000 1000000 10 10");
    }
}
