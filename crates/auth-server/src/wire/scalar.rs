//! What JSON and query strings have in common.

use serde::de::{IntoDeserializer, Visitor};

use super::FieldError;

/// The enums that are written in upper case only.
const EXACT: [&str; 2] = ["UserIdType", "TimeJoinedOrder"];

/// Reads a text as one of an enum's variants, most of them in any case.
pub(super) fn visit_variant<'de, V: Visitor<'de>>(
    name: &str,
    text: &str,
    variants: &'static [&'static str],
    visitor: V,
) -> Result<V::Value, FieldError> {
    let is_meant = |variant: &&&str| match EXACT.contains(&name) {
        true => **variant == text,
        false => variant.eq_ignore_ascii_case(text.trim()),
    };
    let known = variants.iter().find(is_meant);
    let known = known.ok_or_else(|| match name {
        // The enums for which the reference has words of its own, wherever they stand.
        "UserIdType" => {
            let text = "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or \
                        'ANY'";
            FieldError::Text(text.to_owned())
        }
        "HashingAlgorithm" if text.trim().is_empty() => {
            FieldError::Text("Hashing Algorithm cannot be an empty string".to_owned())
        }
        "HashingAlgorithm" => FieldError::Text("Unsupported password hashing algorithm".to_owned()),
        _ => FieldError::Invalid,
    });
    visitor.visit_enum(known?.into_deserializer())
}

/// Reads a number of a type without a sign. The least that such a field takes is 1, so that what is
/// below zero is read as 0 and refused where the rule is; but for the one that takes 0.
pub(super) fn without_sign(name: &str, number: i64) -> Result<u64, FieldError> {
    match u64::try_from(number) {
        Ok(number) => Ok(number),
        Err(_) if name == "skew" => Err(FieldError::Text("skew must be >= 0".to_owned())),
        Err(_) => Ok(0),
    }
}
