//! From the shared dialect to PostgreSQL's, where a schema is created.

/// Gives every text column the collation `"C"`: texts are ids, digests and addresses, compared byte
/// by byte as in SQLite. The database's own collation would make comparisons slower, and would
/// let an update of the operating system's locales break the indexes.
pub(in crate::storage) fn to_postgres(sql: &str) -> String {
    let mut translated = String::with_capacity(sql.len() * 2);
    let mut rest = sql;
    while let Some((before, word, after)) = next_text_type(rest) {
        translated.push_str(before);
        translated.push_str(word);
        translated.push_str(" COLLATE \"C\"");
        rest = after;
    }
    translated.push_str(rest);
    translated
}

/// What comes before the next `TEXT` or `VARCHAR(n)`, the type, and what comes after.
fn next_text_type(sql: &str) -> Option<(&str, &str, &str)> {
    let text = sql.find(" TEXT").map(|at| (at, at + " TEXT".len()));
    let varchar = sql.find(" VARCHAR(").and_then(|at| {
        let end = sql.get(at..)?.find(')')?;
        Some((at, at + end + 1))
    });
    let (start, end) = [text, varchar].into_iter().flatten().min()?;
    Some((sql.get(..start)?, sql.get(start..end)?, sql.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::to_postgres;

    #[test]
    fn text_columns_get_a_collation_and_nothing_else_changes() {
        assert_eq!(
            to_postgres("CREATE TABLE t (\n a VARCHAR(64) NOT NULL,\n b TEXT,\n c BIGINT)"),
            "CREATE TABLE t (\n a VARCHAR(64) COLLATE \"C\" NOT NULL,\n b TEXT COLLATE \"C\",\n c \
             BIGINT)"
        );
        let index = "CREATE INDEX t_a ON t (a)";
        assert_eq!(to_postgres(index), index);
    }
}
