//! Values that go into and come out of SQL statements.

use std::{borrow::Cow, fmt};

use auth_protocol::{AppId, RecipeId, RecipeUserId, Secret, SessionHandle, TenantId, UserId};

/// A parameter or a column. Its contents don't show in `Debug`, by which tokio-postgres logs what
/// it sends: they may be keys, digests or addresses.
#[derive(Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Integer(i64),
    Boolean(bool),
    Text(Cow<'a, str>),
    Blob(Cow<'a, [u8]>),
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Integer(_) => f.write_str("Integer"),
            Self::Boolean(_) => f.write_str("Boolean"),
            Self::Text(text) => write!(f, "Text of {} bytes", text.len()),
            Self::Blob(bytes) => write!(f, "Blob of {} bytes", bytes.len()),
        }
    }
}

/// What can be a statement's parameter.
pub(crate) trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

/// The parameters of a statement, in the order of `$1`, `$2`, ...:
/// `params![scope.app, email, now]` is `&[scope.app.to_value(), email.to_value(), now.to_value()]`.
macro_rules! params {
    ($($parameter:expr),* $(,)?) => {
        &[$($crate::storage::ToValue::to_value(&$parameter)),*]
    };
}
pub(crate) use params;

impl ToValue for i64 {
    fn to_value(&self) -> Value<'_> {
        Value::Integer(*self)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Boolean(*self)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        T::to_value(self)
    }
}

macro_rules! text_to_value {
    ($($type:ty: $as_str:expr,)*) => {
        $(impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                let as_str: fn(&$type) -> &str = $as_str;
                Value::Text(Cow::Borrowed(as_str(self)))
            }
        })*
    };
}

text_to_value! {
    str: |text| text,
    String: String::as_str,
    AppId: AppId::as_str,
    TenantId: TenantId::as_str,
    UserId: UserId::as_str,
    RecipeUserId: RecipeUserId::as_str,
    SessionHandle: SessionHandle::as_str,
    RecipeId: |id| id.as_str(),
    Secret: Secret::expose_secret,
}

/// How many ids one statement asks for.
const CHUNK: usize = 16;

/// The parameters of statements about an app, `$1`, and many ids: each asks for up to sixteen, `$2`
/// to `$17`, of which the last may be missing.
pub(crate) fn app_and_ids<'a>(
    app: &'a AppId,
    ids: &'a [UserId],
) -> impl Iterator<Item = Vec<Value<'a>>> {
    ids.chunks(CHUNK).map(move |chunk| {
        let mut parameters = vec![app.to_value()];
        parameters.extend(chunk.iter().map(ToValue::to_value));
        parameters.resize(CHUNK + 1, Value::Null);
        parameters
    })
}

/// What a column can be read as.
pub(crate) trait FromValue: Sized {
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Boolean(truth) => Some(truth),
            // SQLite has no booleans of its own.
            Value::Integer(number) => Some(number != 0),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            _ => T::from_value(value).map(Some),
        }
    }
}

macro_rules! text_from_value {
    ($($type:ty),*) => {
        $(impl FromValue for $type {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Text(text) => Some(Self::from(text.as_ref())),
                    _ => None,
                }
            }
        })*
    };
}

text_from_value!(AppId, TenantId, UserId, RecipeUserId, SessionHandle, Secret);

impl FromValue for RecipeId {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ToValue, Value};

    #[test]
    fn absent_options_become_null() {
        assert_eq!(None::<i64>.to_value(), Value::Null);
        assert_eq!(Some("a").to_value(), Value::Text("a".into()));
    }
}
