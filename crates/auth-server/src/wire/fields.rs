//! What reading the fields of a JSON object and those of a query string have in common.

use serde::{
    Deserializer,
    de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor},
    forward_to_deserialize_any,
};

use super::FieldError;

/// One of the two forms in which fields are written.
pub(super) trait Form {
    /// A field's value as it is written.
    type Value;

    /// The words for a field that is missing.
    fn missing(field: &str) -> FieldError;

    /// Reads a value; an error has its words.
    fn read<'de, S: DeserializeSeed<'de>>(
        &self,
        name: &str,
        value: Self::Value,
        seed: S,
    ) -> Result<S::Value, FieldError>;
}

/// Fields, each of which is named when it is wrong.
pub(super) struct Fields<F: Form> {
    form: F,
    rest: std::vec::IntoIter<(String, F::Value)>,
    next: Option<(String, F::Value)>,
}

impl<F: Form> Fields<F> {
    pub(super) fn new(form: F, fields: impl IntoIterator<Item = (String, F::Value)>) -> Self {
        let fields: Vec<_> = fields.into_iter().collect();
        Self { form, rest: fields.into_iter(), next: None }
    }
}

impl<'de, F: Form> Deserializer<'de> for Fields<F> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_map(self).map_err(|error| match error {
            FieldError::Missing(field) => F::missing(field),
            other => other,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'de, F: Form> MapAccess<'de> for Fields<F> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FieldError> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        let key = seed.deserialize(name.as_str().into_deserializer())?;
        self.next = Some((name, value));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FieldError> {
        let (name, value) = self.next.take().ok_or(FieldError::Invalid)?;
        self.form.read(&name, value, seed)
    }
}
