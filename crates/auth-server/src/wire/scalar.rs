//! What JSON and query strings have in common.

use serde::de::{IntoDeserializer, Visitor};

use super::FieldError;

/// Reads a text as one of an enum's variants, whatever its case.
pub(super) fn visit_variant<'de, V: Visitor<'de>>(
    name: &str,
    text: &str,
    variants: &'static [&'static str],
    visitor: V,
) -> Result<V::Value, FieldError> {
    let known = variants.iter().find(|variant| variant.eq_ignore_ascii_case(text.trim()));
    let known = known.ok_or_else(|| match name {
        // The one enum whose variants the reference names, wherever it stands.
        "UserIdType" => {
            let text = "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or \
                        'ANY'";
            FieldError::Text(text.to_owned())
        }
        _ => FieldError::Invalid,
    });
    visitor.visit_enum(known?.into_deserializer())
}

/// Reads a number of a type without a sign. The least that any such field takes is 1, so that what
/// is below zero is read as 0 and refused where the rule is.
pub(super) fn without_sign(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
