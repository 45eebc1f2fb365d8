//! Requests of older versions (CDI §0.4).

use auth_protocol::{
    CdiVersion, Operation, UserId,
    emailpassword::{
        CreatePasswordResetToken, GetEmailPasswordUser, GetEmailPasswordUserResponse,
        UpdateEmailOrPassword,
    },
    multitenancy::{AssociateUserToTenant, DisassociateUserFromTenant},
    passwordless::{RemoveCode, UpdatePasswordlessUser},
    session::{CreateSession, RefreshSession},
    thirdparty::ThirdPartySignInUp,
    user::{GetUserById, GetUserByIdResponse},
    user_id_mapping::{GetUserIdMapping, GetUserIdMappingResponse, UserIdType},
};
use serde_json::{Map, Value};

use crate::{
    answer::CdiError,
    request::Call,
    server::Inner,
    wire::{self, FieldError},
};

/// What becomes of a request's fields.
pub(super) enum Upgraded {
    /// They are in the form of the newest version.
    Fields(Map<String, Value>),
    /// The rest of them isn't looked at: there is no user of the id.
    UnknownUser,
}

/// Brings a request's fields into the form of the newest version.
pub(super) async fn upgrade<O: Operation>(
    server: &Inner,
    call: &Call,
    mut fields: Map<String, Value>,
) -> Result<Upgraded, CdiError> {
    let version = call.version;
    if matches!(O::NAME, CreateSession::NAME | RefreshSession::NAME) && version < CdiVersion::V5_6 {
        fields.remove("accessTokenValidity");
    }
    match O::NAME {
        RefreshSession::NAME if version < CdiVersion::V3_0 => {
            fields.remove("useDynamicSigningKey");
        }
        UpdateEmailOrPassword::NAME | UpdatePasswordlessUser::NAME
            if version < CdiVersion::V4_0 =>
        {
            fields.remove("recipeUserId");
            rename(&mut fields, "userId", "recipeUserId")?;
        }
        RemoveCode::NAME if version < CdiVersion::V5_0 => {
            fields.remove("preAuthSessionId");
            text_of(&fields, "codeId")?;
        }
        AssociateUserToTenant::NAME | DisassociateUserFromTenant::NAME
            if version < CdiVersion::V4_0 =>
        {
            fields.remove("recipeUserId");
            rename(&mut fields, "userId", "recipeUserId")?;
        }
        CreatePasswordResetToken::NAME => return with_email(server, call, fields).await,
        _ => {}
    }
    Ok(Upgraded::Fields(fields))
}

/// Refuses what lacks a field that became mandatory.
pub(super) fn require_newer<O: Operation>(
    version: CdiVersion,
    fields: &Map<String, Value>,
) -> Result<(), CdiError> {
    let (field, is_there, since) = match O::NAME {
        RefreshSession::NAME => {
            let field = "useDynamicSigningKey";
            (field, fields.contains_key(field), CdiVersion::V5_0)
        }
        ThirdPartySignInUp::NAME => {
            let (field, email) = ("isVerified", fields.get("email"));
            (field, email.is_some_and(|email| email.get(field).is_some()), CdiVersion::V4_0)
        }
        _ => return Ok(()),
    };
    if version >= since && !is_there {
        return Err(FieldError::in_json(field).into());
    }
    Ok(())
}

/// Before 4.0 a token is for a password's user, and for its own address, which callers don't name.
/// Since then it is for any user, and the address is looked at where there is one.
async fn with_email(
    server: &Inner,
    call: &Call,
    mut fields: Map<String, Value>,
) -> Result<Upgraded, CdiError> {
    let id = UserId::new(text_of(&fields, "userId")?);
    if call.version < CdiVersion::V4_0 {
        let Some(email) = own_email(server, call, &id).await? else {
            return Ok(Upgraded::UnknownUser);
        };
        fields.insert("email".to_owned(), email.into());
    } else if text_of(&fields, "email").is_err() {
        let found = server.engine.handle(&call.scope, GetUserById { user_id: id }).await?;
        if matches!(found, GetUserByIdResponse::UnknownUserIdError) {
            return Ok(Upgraded::UnknownUser);
        }
    }
    Ok(Upgraded::Fields(fields))
}

/// Gives a field its newer name. The caller is told of the name that it knows.
fn rename(fields: &mut Map<String, Value>, old: &str, new: &str) -> Result<(), CdiError> {
    let text = text_of(fields, old)?;
    fields.remove(old);
    fields.insert(new.to_owned(), text.into());
    Ok(())
}

fn text_of(fields: &Map<String, Value>, name: &str) -> Result<String, CdiError> {
    wire::text(fields, name).map(str::to_owned).ok_or_else(|| FieldError::in_json(name).into())
}

/// The address of a password's user; `None` where there is no such user.
async fn own_email(server: &Inner, call: &Call, id: &UserId) -> Result<Option<String>, CdiError> {
    let ask = GetEmailPasswordUser { user_id: Some(id.clone()), email: None };
    let answer = server.engine.handle(&call.scope, ask).await?;
    let GetEmailPasswordUserResponse::Ok { user } = answer else { return Ok(None) };
    // The caller may know the login method by either of its ids, but the user by one of them only.
    let ask = GetUserIdMapping { user_id: id.clone(), user_id_type: Some(UserIdType::SuperTokens) };
    let id = match server.engine.handle(&call.scope, ask).await? {
        GetUserIdMappingResponse::Ok(mapping) => mapping.external_user_id,
        GetUserIdMappingResponse::UnknownMappingError => id.clone(),
    };
    Ok(user.login_method(&id.into()).and_then(|method| method.email.clone()))
}
