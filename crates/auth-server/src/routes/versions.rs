//! Requests of older versions (CDI: what changes per version).

use auth_engine::Handle;
use auth_protocol::{
    CdiVersion, Operation, RecipeId, UserId,
    emailpassword::{CreatePasswordResetToken, UpdateEmailOrPassword},
    passwordless::UpdatePasswordlessUser,
    session::{CreateSession, RefreshSession},
    user::{GetUserById, GetUserByIdResponse},
};
use serde_json::{Map, Value};

use crate::{answer::CdiError, request::Call, server::Inner, wire::FieldError};

/// Brings a request's fields into the form of the newest version.
pub(super) async fn upgrade<O: Operation>(
    server: &Inner,
    call: &Call,
    mut fields: Map<String, Value>,
) -> Result<Map<String, Value>, CdiError> {
    let version = call.version;
    match O::NAME {
        CreateSession::NAME | RefreshSession::NAME if version < CdiVersion::V5_6 => {
            fields.remove("accessTokenValidity");
        }
        UpdateEmailOrPassword::NAME | UpdatePasswordlessUser::NAME
            if version < CdiVersion::V4_0 =>
        {
            fields.remove("recipeUserId");
            rename(&mut fields, "userId", "recipeUserId")?;
        }
        CreatePasswordResetToken::NAME if version < CdiVersion::V4_0 => {
            let email = own_email(server, call, &fields).await?;
            fields.insert("email".to_owned(), email.into());
        }
        _ => {}
    }
    if O::NAME == RefreshSession::NAME && version >= CdiVersion::V5_0 {
        let field = "useDynamicSigningKey";
        if !fields.contains_key(field) {
            return Err(FieldError::in_json(field).into());
        }
    }
    Ok(fields)
}

/// Gives a field its newer name. The caller is told of the name that it knows.
fn rename(fields: &mut Map<String, Value>, old: &str, new: &str) -> Result<(), CdiError> {
    match fields.remove(old) {
        Some(Value::String(text)) => {
            fields.insert(new.to_owned(), text.into());
            Ok(())
        }
        _ => Err(FieldError::in_json(old).into()),
    }
}

/// The address of a password's user, which callers didn't name before 4.0. Where there is no such
/// user it doesn't matter which address is asked for.
async fn own_email(
    server: &Inner,
    call: &Call,
    fields: &Map<String, Value>,
) -> Result<String, CdiError> {
    let Some(id) = fields.get("userId").and_then(Value::as_str) else {
        return Err(FieldError::in_json("userId").into());
    };
    let request = GetUserById { user_id: UserId::new(id) };
    let GetUserByIdResponse::Ok { user } = server.engine.handle(&call.scope, request).await? else {
        return Ok(String::new());
    };
    let method = user
        .login_methods
        .into_iter()
        .find(|method| method.recipe_id == RecipeId::EmailPassword && method.recipe_user_id == *id);
    Ok(method.and_then(|method| method.email).unwrap_or_default())
}
