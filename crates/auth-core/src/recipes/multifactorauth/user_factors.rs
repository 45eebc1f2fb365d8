//! The factors that a user has set up, and those required of it (FDI §6.4, 6.7).

use auth_protocol::{JsonObject, User, UserId};
use serde_json::{Value, json};

use super::{
    FactorId,
    factors::{offered_secondary, providers, stand_ins},
};
use crate::{Context, Result};

/// The root key of a user's metadata that SDKs keep their own data under.
const METADATA_KEY: &str = "_supertokens";
const REQUIRED_KEY: &str = "requiredSecondaryFactors";

/// The factors that a user has set up, of those that the recipes in use offer or could verify: by
/// login methods, then beside them, and last what stands in for others.
pub(super) async fn set_up(cx: &Context, user: &User) -> Result<Vec<FactorId>> {
    let mut ids = Vec::new();
    for method in &user.login_methods {
        for id in providers(cx).flat_map(|factors| factors.set_up_by(method)) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    // Third parties are no second factor, and what no recipe offers can't be completed.
    let offered = offered_secondary(cx);
    ids.retain(|id| offered.contains(id));
    let stand_ins = stand_ins(cx);
    let mut last = Vec::new();
    for factors in providers(cx) {
        for id in factors.set_up_for(cx, user).await? {
            if stand_ins.contains(&id) {
                last.push(id);
            } else {
                ids.push(id);
            }
        }
    }
    ids.append(&mut last);
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
