//! What reading the fields of a JSON object and those of a query string have in common.

use std::cell::Cell;

use serde::{
    Deserializer,
    de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor},
    forward_to_deserialize_any,
};

use super::FieldError;

/// One of the two forms in which fields are written.
pub(super) trait Form: Copy {
    /// A field's value as it is written.
    type Value: Copy;

    /// The words for a field that is missing.
    fn missing(field: &str) -> FieldError;

    /// Reads a value; an error has its words.
    fn read<'de, S: DeserializeSeed<'de>>(
        self,
        name: &str,
        value: Self::Value,
        seed: S,
    ) -> Result<S::Value, FieldError>;
}

/// Reads fields. Of several that are wrong or missing, the first is told of, in the order in which
/// the operation declares them: the reference reads them one after the other.
pub(super) fn read<'f, F: Form, T>(
    form: F,
    sent: &[(&'f str, F::Value)],
    deserialize: impl Fn(Fields<'_, 'f, F>) -> Result<T, FieldError>,
) -> Result<T, FieldError> {
    let wrong = Cell::new(None);
    let error = match deserialize(Fields { form, sent, before: None, wrong: &wrong }) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    let Some(before) = wrong.take() else { return Err(error) };
    // One that is missing is seen only at the end: it may stand before the one that is wrong.
    match deserialize(Fields { form, sent, before: Some(before), wrong: &wrong }) {
        Err(FieldError::Text(earlier)) => Err(FieldError::Text(earlier)),
        _ => Err(error),
    }
}

/// Reads the fields of an object within a request.
pub(super) fn read_object<'de, F: Form, V: Visitor<'de>>(
    form: F,
    sent: &[(&str, F::Value)],
    name: &'static str,
    declared: &'static [&'static str],
    visitor: V,
) -> Result<V::Value, FieldError> {
    let fields = Fields { form, sent, before: None, wrong: &Cell::new(None) };
    fields.deserialize_struct(name, declared, visitor)
}

/// Fields, each of which is named when it is wrong.
pub(super) struct Fields<'r, 'f, F: Form> {
    form: F,
    sent: &'r [(&'f str, F::Value)],
    /// Where the fields end, if not after the last.
    before: Option<&'static str>,
    /// The field that is wrong.
    wrong: &'r Cell<Option<&'static str>>,
}

impl<'de, F: Form> Deserializer<'de> for Fields<'_, '_, F> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        declared: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        let end = declared.iter().position(|field| Some(*field) == self.before);
        let declared = declared.get(..end.unwrap_or(declared.len())).unwrap_or(declared);
        let fields = InOrder { of: &self, rest: declared.iter(), next: None };
        visitor.visit_map(fields).map_err(|error| match error {
            FieldError::Missing(field) if end.is_none() || declared.contains(&field) => {
                F::missing(field)
            }
            other => other,
        })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The fields that an operation declares, as far as they are there.
struct InOrder<'o, 'r, 'f, F: Form> {
    of: &'o Fields<'r, 'f, F>,
    rest: std::slice::Iter<'static, &'static str>,
    next: Option<(&'static str, F::Value)>,
}

impl<'de, F: Form> MapAccess<'de> for InOrder<'_, '_, '_, F> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FieldError> {
        let sent = |name: &'static str| {
            let field = self.of.sent.iter().find(|(sent, _)| *sent == name);
            field.map(|(_, value)| (name, *value))
        };
        self.next = self.rest.by_ref().find_map(|name| sent(name));
        self.next.map(|(name, _)| seed.deserialize(name.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FieldError> {
        let (name, value) = self.next.take().ok_or(FieldError::Invalid)?;
        self.of.form.read(name, value, seed).inspect_err(|_| self.of.wrong.set(Some(name)))
    }
}
