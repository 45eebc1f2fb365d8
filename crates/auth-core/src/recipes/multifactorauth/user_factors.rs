//! The factors that a user has set up, and those required of it (FDI 6.4, 6.7).

use auth_protocol::{JsonObject, RecipeId, User, UserId};
use serde_json::{Value, json};

use super::FactorId;
use crate::{
    Context, Result,
    recipes::{recoverycode::RecoveryCodeInstance, sign_in::is_fake_email, totp::TotpInstance},
};

/// The root key of a user's metadata that SDKs keep their own data under.
const METADATA_KEY: &str = "_supertokens";
const REQUIRED_KEY: &str = "requiredSecondaryFactors";

/// The factors that a user has set up, of those that the recipes in use offer or could verify.
pub(super) async fn set_up(cx: &Context, user: &User) -> Result<Vec<FactorId>> {
    let mut ids = Vec::new();
    let mut add = |id: FactorId| {
        if !ids.contains(&id) {
            ids.push(id);
        }
    };
    for method in &user.login_methods {
        match method.recipe_id {
            RecipeId::EmailPassword => add(FactorId::EMAIL_PASSWORD),
            RecipeId::ThirdParty => add(FactorId::THIRD_PARTY),
            RecipeId::Webauthn => add(FactorId::WEBAUTHN),
            RecipeId::Passwordless => {
                if method.email.as_deref().is_some_and(|email| !is_fake_email(email)) {
                    add(FactorId::OTP_EMAIL);
                    add(FactorId::LINK_EMAIL);
                }
                if method.phone_number.is_some() {
                    add(FactorId::OTP_PHONE);
                    add(FactorId::LINK_PHONE);
                }
            }
        }
    }
    // Third parties are no second factor, and what no recipe offers can't be completed.
    let offered = super::factors::offered_secondary(cx);
    ids.retain(|id| offered.contains(id));
    if let Some(totp) = TotpInstance::find(cx) {
        let devices = totp.functions().list_devices(cx, user.id.clone()).await?;
        if devices.iter().any(|device| device.verified) {
            ids.push(FactorId::TOTP);
        }
    }
    if let Some(codes) = RecoveryCodeInstance::find(cx)
        && codes.functions().count_codes(cx, user.id.clone()).await? > 0
    {
        ids.push(FactorId::RECOVERY_CODE);
    }
    Ok(ids)
}

/// The factors of which one is required of a user, as its metadata has them.
pub(super) async fn required(cx: &Context, user_id: &UserId) -> Result<Vec<FactorId>> {
    let metadata = cx.usermetadata()?.get_user_metadata(user_id).await?;
    Ok(read_required(&metadata))
}

fn read_required(metadata: &JsonObject) -> Vec<FactorId> {
    let list = metadata.get(METADATA_KEY).and_then(|own| own.get(REQUIRED_KEY));
    let texts = list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    texts.map(|id| FactorId::new(id.to_owned())).collect()
}

/// Changes the factors of which one is required of a user; what else SDKs keep stays.
pub(super) async fn change_required(
    cx: &Context,
    user_id: &UserId,
    change: impl FnOnce(&mut Vec<FactorId>) + Send,
) -> Result<()> {
    let metadata = cx.usermetadata()?;
    let current = metadata.get_user_metadata(user_id).await?;
    let mut ids = read_required(&current);
    change(&mut ids);
    let mut own = match current.get(METADATA_KEY) {
        Some(Value::Object(own)) => own.clone(),
        _ => JsonObject::new(),
    };
    own.insert(REQUIRED_KEY.to_owned(), json!(ids));
    metadata.set_value(user_id, METADATA_KEY, own).await
}
