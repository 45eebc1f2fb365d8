//! Fields of a query string.

use std::marker::PhantomData;

use serde::{
    Deserializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

use super::{
    FieldError,
    fields::Form,
    scalar::{visit_variant, without_sign},
};

/// A query string.
#[derive(Clone, Copy)]
pub(super) struct Query<'q>(pub(super) PhantomData<&'q str>);

impl<'q> Form for Query<'q> {
    type Value = &'q str;

    fn missing(field: &str) -> FieldError {
        FieldError::not_in_query(field)
    }

    fn read<'de, S: DeserializeSeed<'de>>(
        self,
        name: &str,
        text: &'q str,
        seed: S,
    ) -> Result<S::Value, FieldError> {
        seed.deserialize(Parameter { name, text })
            .map_err(|error| error.or(|| FieldError::Text(wrong_value(name, text))))
    }
}

/// The words in which the reference refuses a value that is none of those permitted.
fn wrong_value(name: &str, text: &str) -> String {
    match name {
        "timeJoinedOrder" => "timeJoinedOrder can be either ASC OR DESC".to_owned(),
        "doUnionOfAccountInfo" => {
            "'doUnionOfAccountInfo' should be either 'true' or 'false'".to_owned()
        }
        "includeRecipeIds" => format!("Unknown recipe ID: {text}"),
        _ => format!("Field name '{name}' is invalid in GET request"),
    }
}

/// One field's value.
#[derive(Clone, Copy)]
struct Parameter<'q> {
    name: &'q str,
    text: &'q str,
}

impl Parameter<'_> {
    fn must_be(self, what: &str) -> FieldError {
        FieldError::Text(format!("Field name '{}' must be {what} in the GET request", self.name))
    }

    fn int(self) -> Result<i32, FieldError> {
        self.text.parse().map_err(|_| self.must_be("an int"))
    }

    fn long(self) -> Result<i64, FieldError> {
        self.text.parse().map_err(|_| self.must_be("a long"))
    }
}

impl<'de> Deserializer<'de> for Parameter<'_> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_str(self.text)
    }

    /// Only the text `true` is true, and nothing is an error; but for one field.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        if self.name == "doUnionOfAccountInfo" && !matches!(self.text, "true" | "false") {
            return Err(FieldError::Invalid);
        }
        visitor.visit_bool(self.text.eq_ignore_ascii_case("true"))
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_i32(self.int()?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_u64(without_sign(self.name, self.int()?.into())?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_i64(self.long()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_u64(without_sign(self.name, self.long()?)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_newtype_struct(self)
    }

    /// A list is written with commas; what is empty between them is dropped.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_seq(Elements { name: self.name, rest: self.text.split(',') })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visit_variant(name, self.text, variants, visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Elements<'q> {
    name: &'q str,
    rest: std::str::Split<'q, char>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let Some(text) = self.rest.by_ref().map(str::trim).find(|text| !text.is_empty()) else {
            return Ok(None);
        };
        seed.deserialize(Parameter { name: self.name, text })
            .map(Some)
            .map_err(|error| error.or(|| FieldError::Text(wrong_value(self.name, text))))
    }
}
