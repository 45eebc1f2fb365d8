//! The values of a form, read and validated (FDI §10).

use std::fmt;

use auth_protocol::{JsonObject, Secret, TenantId, normalise_email, parse_email};
use serde_json::Value;

use super::config::Field;
use crate::{Context, Error, FormFieldError, Result};

pub(super) const EMAIL: &str = "email";
pub(super) const PASSWORD: &str = "password";

/// A field that the client filled in.
#[derive(Clone)]
#[non_exhaustive]
pub struct FieldValue {
    /// The field.
    pub id: String,
    /// The value; a text for `email` and `password`.
    pub value: Value,
}

impl fmt::Debug for FieldValue {
    /// Without the value, which may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldValue").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The fields that the client filled in, in its order. Fields that aren't configured are kept.
#[derive(Clone, Debug, Default)]
pub struct FormFields(Vec<FieldValue>);

impl FormFields {
    /// The value of a field.
    pub fn get(&self, id: &str) -> Option<&Value> {
        self.0.iter().find(|field| field.id == id).map(|field| &field.value)
    }

    /// The value of a field that is a text.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.get(id).and_then(Value::as_str)
    }

    /// The fields, in the client's order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldValue> {
        self.0.iter()
    }

    /// The address; empty where the form has none.
    pub fn email(&self) -> &str {
        self.text(EMAIL).unwrap_or_default()
    }

    /// The password; empty where the form has none.
    pub fn password(&self) -> Secret {
        Secret::from(self.text(PASSWORD).unwrap_or_default())
    }

    /// Reads the `formFields` of a body. What is malformed is [`Error::BadInput`].
    pub(super) fn read(body: &JsonObject) -> Result<Self> {
        let list = body
            .get("formFields")
            .ok_or_else(|| Error::bad_input("Missing input param: formFields"))?
            .as_array()
            .ok_or_else(|| Error::bad_input("formFields must be an array"))?;
        list.iter().map(read_field).collect::<Result<_>>().map(Self)
    }

    /// Checks the values against the configured fields: every one that fails is in
    /// [`Error::Fields`], in the configured order.
    pub(super) async fn validate(
        &self,
        cx: &Context,
        configured: &[Field],
        tenant_id: &TenantId,
    ) -> Result<()> {
        if self.0.len() > configured.len() {
            return Err(Error::bad_input("Are you sending too many formFields?"));
        }
        let mut errors = Vec::new();
        // What no store takes, whatever the application's own rule says.
        let is_readable = parse_email(self.email()).is_some();
        let email = is_readable.then(|| self.email());
        for field in configured {
            let filled = self.get(&field.id).filter(|value| is_filled(value));
            let error = match filled {
                Some(_) if field.id == EMAIL && !is_readable => Some("Email is invalid".to_owned()),
                Some(value) => field.problem(cx, value, email, tenant_id).await?,
                None if field.optional => None,
                None => Some("Field is not optional".to_owned()),
            };
            if let Some(error) = error {
                errors.push(FormFieldError { error, id: field.id.clone() });
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Fields(errors)) }
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

fn read_field(field: &Value) -> Result<FieldValue> {
    let empty = JsonObject::new();
    let field = match field {
        Value::Object(field) => field,
        // An array is an object to the reference: one without an id.
        Value::Array(_) => &empty,
        _ => return Err(Error::bad_input("All elements of formFields must be an object")),
    };
    let (Some(Value::String(id)), Some(value)) = (field.get("id"), field.get("value")) else {
        return Err(Error::bad_input(
            "All elements of formFields must contain an 'id' and 'value' field",
        ));
    };
    let value = match (id.as_str(), value) {
        // Addresses of ASCII are validated, and given to overrides, as they were written.
        (EMAIL, Value::String(email)) if email.is_ascii() => Value::from(email.trim()),
        (EMAIL, Value::String(email)) => Value::from(normalise_email(email)),
        (PASSWORD, Value::String(_)) => value.clone(),
        (EMAIL | PASSWORD, _) => {
            return Err(Error::bad_input(format!("{id} value must be a string")));
        }
        _ => value.clone(),
    };
    Ok(FieldValue { id: id.clone(), value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<FormFields> {
        FormFields::read(body.as_object().expect("an object"))
    }

    #[test]
    fn malformed_fields_are_refused_with_the_documented_texts() {
        let element = "All elements of formFields must be an object";
        let members = "All elements of formFields must contain an 'id' and 'value' field";
        for (body, text) in [
            (json!({}), "Missing input param: formFields"),
            (json!({ "formFields": null }), "formFields must be an array"),
            (json!({ "formFields": {} }), "formFields must be an array"),
            (json!({ "formFields": "email" }), "formFields must be an array"),
            (json!({ "formFields": [null] }), element),
            (json!({ "formFields": ["email"] }), element),
            (json!({ "formFields": [1] }), element),
            (json!({ "formFields": [[]] }), members),
            (json!({ "formFields": [{}] }), members),
            (json!({ "formFields": [{ "id": "email" }] }), members),
            (json!({ "formFields": [{ "value": "x" }] }), members),
            (json!({ "formFields": [{ "id": 1, "value": "x" }] }), members),
            (
                json!({ "formFields": [{ "id": "email", "value": 1 }] }),
                "email value must be a string",
            ),
            (
                json!({ "formFields": [{ "id": "email", "value": null }] }),
                "email value must be a string",
            ),
            (
                json!({ "formFields": [{ "id": "password", "value": {} }] }),
                "password value must be a string",
            ),
        ] {
            match read(&body) {
                Err(Error::BadInput(message)) => assert_eq!(message, text, "{body}"),
                other => panic!("{body}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_address_is_trimmed_but_not_lower_cased_and_the_password_is_kept() {
        let fields = read(&json!({ "formFields": [
            { "id": "email", "value": " Ada@Example.com " },
            { "id": "password", "value": " secret1 " },
            { "id": "age", "value": null },
        ] }))
        .expect("well-formed");
        assert_eq!(fields.email(), "Ada@Example.com");
        assert_eq!(fields.password().expose_secret(), " secret1 ");
        assert_eq!(fields.get("age"), Some(&Value::Null));
        assert!(!format!("{fields:?}").contains("secret1"));
        let fields =
            read(&json!({ "formFields": [{ "id": "email", "value": "Ada@Bücher.example" }] }))
                .expect("well-formed");
        assert_eq!(fields.email(), "ada@xn--bcher-kva.example");
    }

    proptest! {
        #[test]
        fn any_list_of_fields_is_answered(
            id in "email|password|[a-z]{0,3}",
            value in prop_oneof![Just(json!(null)), Just(json!(1)), Just(json!([])), Just(json!("x"))],
        ) {
            drop(read(&json!({ "formFields": [{ "id": id, "value": value }] })));
        }
    }
}
