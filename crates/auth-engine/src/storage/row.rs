//! Rows of a query's result, whatever the database.

#[cfg(feature = "sqlite")]
use std::{borrow::Cow, ops::Range, sync::Arc};

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
    Sqlite { names: ColumnNames, values: Values },
    #[cfg(feature = "postgres")]
    Postgres(tokio_postgres::Row),
}

/// The names of a statement's columns, which all its rows share.
#[cfg(feature = "sqlite")]
pub(super) type ColumnNames = Arc<[Box<str>]>;

/// The values of a row of SQLite. Their texts stand in one, so that a row costs one allocation for
/// them all.
#[cfg(feature = "sqlite")]
pub(super) struct Values {
    values: Vec<Stored>,
    texts: String,
}

#[cfg(feature = "sqlite")]
enum Stored {
    Null,
    Integer(i64),
    Text(Range<usize>),
    Blob(Box<[u8]>),
}

/// Most rows have no more text than this.
#[cfg(feature = "sqlite")]
const USUAL_TEXT: usize = 256;

#[cfg(feature = "sqlite")]
impl Values {
    pub(super) fn with_capacity(columns: usize) -> Self {
        Self { values: Vec::with_capacity(columns), texts: String::with_capacity(USUAL_TEXT) }
    }

    pub(super) fn push(&mut self, value: &Value<'_>) {
        self.values.push(match value {
            Value::Null => Stored::Null,
            Value::Integer(number) => Stored::Integer(*number),
            Value::Boolean(truth) => Stored::Integer(i64::from(*truth)),
            Value::Text(text) => {
                let start = self.texts.len();
                self.texts.push_str(text);
                Stored::Text(start..self.texts.len())
            }
            Value::Blob(bytes) => Stored::Blob(bytes.as_ref().into()),
        });
    }

    fn get(&self, index: usize) -> Option<Value<'_>> {
        Some(match self.values.get(index)? {
            Stored::Null => Value::Null,
            Stored::Integer(number) => Value::Integer(*number),
            Stored::Text(range) => Value::Text(Cow::Borrowed(self.texts.get(range.clone())?)),
            Stored::Blob(bytes) => Value::Blob(Cow::Borrowed(bytes)),
        })
    }
}

impl Row {
    #[cfg(feature = "sqlite")]
    pub(super) fn sqlite(names: &ColumnNames, values: Values) -> Self {
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
                .and_then(T::from_value),
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
    use super::{Row, Value, Values};

    #[test]
    fn a_column_reads_only_by_its_own_name_and_as_its_own_type() {
        let names = ["number", "nothing", "text"].map(Box::from).into();
        let mut values = Values::with_capacity(3);
        for value in [Value::Integer(1), Value::Null, Value::Text("a".into())] {
            values.push(&value);
        }
        let row = Row::sqlite(&names, values);
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
