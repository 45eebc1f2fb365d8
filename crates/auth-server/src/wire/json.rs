//! Fields of a JSON object.

use serde::{
    Deserializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

use super::{
    FieldError,
    fields::{Fields, Form},
    scalar::{visit_variant, without_sign},
};

/// The fields of a JSON object, some of which may be `null`.
pub(super) fn fields(
    fields: Map<String, Value>,
    nullable: &'static [&'static str],
) -> Fields<Json> {
    Fields::new(Json { nullable }, fields)
}

pub(super) struct Json {
    nullable: &'static [&'static str],
}

impl Form for Json {
    type Value = Value;

    fn missing(field: &str) -> FieldError {
        FieldError::in_json(field)
    }

    fn read<'de, S: DeserializeSeed<'de>>(
        &self,
        name: &str,
        value: Value,
        seed: S,
    ) -> Result<S::Value, FieldError> {
        let field = Field { name, value, nullable: self.nullable.contains(&name) };
        // Some values are refused by the reference in words of their own.
        seed.deserialize(field).map_err(|error| error.or(|| FieldError::in_json(name)))
    }
}

/// The words in which the reference refuses an element of a list.
fn wrong_element(name: &str) -> FieldError {
    match name {
        "userIds" => FieldError::Text("userIds array must contain only strings".to_owned()),
        _ => FieldError::in_json(name),
    }
}

/// One field's value. `null` is a value only where the field may be `null`.
struct Field<'n> {
    name: &'n str,
    value: Value,
    nullable: bool,
}

impl Field<'_> {
    /// A number, or a text that is one.
    fn number(&self) -> Result<i64, FieldError> {
        let number = match &self.value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.ok_or(FieldError::Invalid)
    }
}

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        self.value.deserialize_any(visitor).map_err(|_| FieldError::Invalid)
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
                visitor.visit_seq(Elements { name: self.name, rest: elements.into_iter() })
            }
            _ => Err(FieldError::Invalid),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        match self.value {
            Value::Object(fields) => self::fields(fields, &[]).deserialize_any(visitor),
            _ => Err(FieldError::Invalid),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        match self.value {
            Value::String(text) => visit_variant(name, &text, variants, visitor),
            _ => Err(FieldError::Invalid),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map identifier ignored_any
    }
}

struct Elements<'n> {
    name: &'n str,
    rest: std::vec::IntoIter<Value>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let Some(value) = self.rest.next() else { return Ok(None) };
        seed.deserialize(Field { name: self.name, value, nullable: false })
            .map(Some)
            .map_err(|error| error.or(|| wrong_element(self.name)))
    }
}
