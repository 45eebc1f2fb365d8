//! Fields of a JSON object.

use std::marker::PhantomData;

use serde::{
    Deserializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
    forward_to_deserialize_any,
};
use serde_json::Value;

use super::{
    FieldError,
    fields::{self, Form},
    scalar::{visit_variant, without_sign},
};

/// A JSON object, some of whose fields may be `null`.
#[derive(Clone, Copy)]
pub(super) struct Json<'v> {
    pub(super) nullable: &'static [&'static str],
    pub(super) of: PhantomData<&'v Value>,
}

impl<'v> Form for Json<'v> {
    type Value = &'v Value;

    fn missing(field: &str) -> FieldError {
        FieldError::in_json(field)
    }

    fn read<'de, S: DeserializeSeed<'de>>(
        self,
        name: &str,
        value: &'v Value,
        seed: S,
    ) -> Result<S::Value, FieldError> {
        let field = Field { name, value, nullable: self.nullable.contains(&name) };
        // Some values are refused by the reference in words of their own.
        seed.deserialize(field).map_err(|error| error.or(|| FieldError::in_json(name)))
    }
}

/// The list of ids whose elements have to be texts themselves.
const ONLY_TEXTS: &str = "userIds";

/// The words in which the reference refuses an element of a list.
fn wrong_element(name: &str) -> FieldError {
    match name {
        ONLY_TEXTS => FieldError::Text("userIds array must contain only strings".to_owned()),
        _ => FieldError::in_json(name),
    }
}

/// One field's value. `null` is a value only where the field may be `null`.
#[derive(Clone, Copy)]
struct Field<'v> {
    name: &'v str,
    value: &'v Value,
    nullable: bool,
}

/// A value, or the only element of a list: the reference reads the one as the other, but where it
/// wants a list or an object.
fn alone(mut value: &Value) -> &Value {
    while let Value::Array(elements) = value
        && let [only] = elements.as_slice()
    {
        value = only;
    }
    value
}

/// A value that is a text.
pub(super) fn text(value: &Value) -> Option<&str> {
    alone(value).as_str()
}

impl<'v> Field<'v> {
    fn text(self) -> Result<&'v str, FieldError> {
        text(self.value).ok_or(FieldError::Invalid)
    }

    /// A whole number, the whole part of another one, or a text that is a whole number.
    fn number(self) -> Result<i64, FieldError> {
        let number = match alone(self.value) {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.ok_or(FieldError::Invalid)
    }
}

/// The whole part of a number that fits.
#[allow(clippy::cast_possible_truncation)] // what doesn't fit isn't cast
fn whole(number: f64) -> Option<i64> {
    // Every whole number below this is exact in both types.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    (number.abs() < LARGEST).then_some(number.trunc() as i64)
}

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        self.value.clone().deserialize_any(visitor).map_err(|_| FieldError::Invalid)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_str(self.text()?)
    }

    /// The reference takes numbers, too; none of them is true.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match alone(self.value) {
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(_) => visitor.visit_bool(false),
            _ => Err(FieldError::Invalid),
        }
    }

    /// An object whose fields are read as those of the request are.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        declared: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        let Value::Object(object) = self.value else { return Err(FieldError::Invalid) };
        let form = Json { nullable: &[], of: PhantomData };
        let sent: Vec<_> = object.iter().map(|(name, value)| (name.as_str(), value)).collect();
        fields::read_object(form, &sent, name, declared, visitor)
    }

    /// An object of any content; a `null` isn't an empty one.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.value {
            Value::Object(_) => self.deserialize_any(visitor),
            _ => Err(FieldError::Invalid),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.value {
            Value::Null if self.nullable => visitor.visit_none(),
            Value::Null => Err(FieldError::Invalid),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_i64(self.number()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_u64(without_sign(self.name, self.number()?)?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.value {
            Value::Array(elements) => {
                visitor.visit_seq(Elements { name: self.name, rest: elements.iter() })
            }
            _ => Err(FieldError::Invalid),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visit_variant(name, self.text()?, variants, visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Elements<'v> {
    name: &'v str,
    rest: std::slice::Iter<'v, Value>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let Some(value) = self.rest.next() else { return Ok(None) };
        if self.name == ONLY_TEXTS && !value.is_string() {
            return Err(wrong_element(self.name));
        }
        seed.deserialize(Field { name: self.name, value, nullable: false })
            .map(Some)
            .map_err(|error| error.or(|| wrong_element(self.name)))
    }
}
