//! Requests of older versions (CDI: what changes per version).

use auth_engine::Handle;
use auth_protocol::{
    CdiVersion, Operation, UserId,
    emailpassword::{
        CreatePasswordResetToken, GetEmailPasswordUser, GetEmailPasswordUserResponse,
        UpdateEmailOrPassword,
    },
    passwordless::UpdatePasswordlessUser,
    session::{CreateSession, RefreshSession},
    useridmapping::{GetUserIdMapping, GetUserIdMappingResponse, UserIdType},
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
    let ask = GetEmailPasswordUser { user_id: Some(UserId::new(id)), email: None };
    let answer = server.engine.handle(&call.scope, ask).await?;
    let GetEmailPasswordUserResponse::Ok { user } = answer else { return Ok(String::new()) };
    // The caller may know the login method by either of its ids, but the user by one of them only.
    let ask =
        GetUserIdMapping { user_id: UserId::new(id), user_id_type: Some(UserIdType::SuperTokens) };
    let id = match server.engine.handle(&call.scope, ask).await? {
        GetUserIdMappingResponse::Ok(mapping) => mapping.external_user_id,
        GetUserIdMappingResponse::UnknownMappingError => UserId::new(id),
    };
    let method = user.login_method(&id.into()).and_then(|method| method.email.clone());
    Ok(method.unwrap_or_default())
}
