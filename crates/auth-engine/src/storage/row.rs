//! Rows of a query's result, whatever the database.

#[cfg(feature = "sqlite")]
use std::sync::Arc;

#[cfg(feature = "postgres")]
use super::postgres;
use super::value::FromValue;
#[cfg(feature = "sqlite")]
use super::value::Value;
use crate::EngineError;

/// One row. Its columns are read by their names: what a statement calls them, or the table does.
pub(crate) struct Row(Form);

enum Form {
    #[cfg(feature = "sqlite")]
    Sqlite { names: ColumnNames, values: Vec<Value<'static>> },
    #[cfg(feature = "postgres")]
    Postgres(tokio_postgres::Row),
}

/// The names of a statement's columns, which all its rows share.
#[cfg(feature = "sqlite")]
pub(super) type ColumnNames = Arc<[Box<str>]>;

impl Row {
    #[cfg(feature = "sqlite")]
    pub(super) fn sqlite(names: &ColumnNames, values: Vec<Value<'static>>) -> Self {
        Self(Form::Sqlite { names: Arc::clone(names), values })
    }

    #[cfg(feature = "postgres")]
    pub(super) fn postgres(row: tokio_postgres::Row) -> Self {
        Self(Form::Postgres(row))
    }

    /// The column with a name.
    ///
    /// # Errors
    /// There is none, or what is in it isn't of the type. Its contents don't show in the text.
    pub(crate) fn get<T: FromValue>(&self, column: &str) -> Result<T, EngineError> {
        let read = match &self.0 {
            #[cfg(feature = "sqlite")]
            Form::Sqlite { names, values } => names
                .iter()
                .position(|name| **name == *column)
                .and_then(|index| values.get(index))
                .and_then(|value| T::from_value(value.as_borrowed())),
            #[cfg(feature = "postgres")]
            Form::Postgres(row) => postgres::column(row, column).and_then(T::from_value),
        };
        read.ok_or_else(|| {
            let wanted = std::any::type_name::<T>();
            EngineError::Internal(format!("the column {column} can't be read as {wanted}"))
        })
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::{Row, Value};

    #[test]
    fn a_column_reads_only_by_its_own_name_and_as_its_own_type() {
        let names = ["number", "nothing", "text"].map(Box::from).into();
        let row =
            Row::sqlite(&names, vec![Value::Integer(1), Value::Null, Value::Text("a".into())]);
        assert_eq!(row.get::<i64>("number").unwrap(), 1);
        assert!(row.get::<bool>("number").unwrap());
        assert_eq!(row.get::<Option<String>>("nothing").unwrap(), None);
        assert_eq!(row.get::<String>("text").unwrap(), "a");
        assert!(row.get::<String>("number").is_err());
        assert!(row.get::<i64>("nothing").is_err());
        for unknown in ["", "numbers", "NUMBER"] {
            assert!(row.get::<Option<i64>>(unknown).is_err());
        }
    }
}
