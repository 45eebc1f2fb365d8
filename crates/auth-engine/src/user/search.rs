//! Users searched by the start of an identity.

use std::collections::HashMap;

use auth_protocol::{
    TenantScope, UserId,
    user::{ListUsers, TimeJoinedOrder},
};

use super::{IdentityKind, count::recipe_filter};
use crate::{
    EngineError,
    storage::{Tx, params},
};

/// How many users a tag finds at most.
const MOST: i64 = 1000;

/// The most values that one tag may have, so that one request can't cost thousands of scans.
const MOST_VALUES: usize = 50;

const SQL: &str = "SELECT DISTINCT u.primary_or_recipe_user_time_joined, \
    u.primary_or_recipe_user_id FROM recipe_user_tenants t \
    JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
    WHERE t.app_id = $1 AND t.tenant_id = $2 AND t.recipe_id IN ($3, $4, $5, $6) \
        AND t.account_info_type = $7 \
        AND (LOWER(t.account_info_value) LIKE $8 ESCAPE '\\' \
            OR LOWER(t.account_info_value) LIKE $9 ESCAPE '\\') \
    ORDER BY u.primary_or_recipe_user_time_joined, u.primary_or_recipe_user_id DESC LIMIT $10";

/// What is searched for: the values of a tag are alternatives, the tags must all match.
#[derive(Clone, Debug)]
pub(super) struct Tags(Vec<(IdentityKind, Vec<String>)>);

impl Tags {
    /// The tags of a request; `None` where it has none and is a plain list.
    pub(super) fn of(operation: &ListUsers) -> Option<Self> {
        let tags: Vec<_> = [
            (IdentityKind::Email, operation.email.as_deref()),
            (IdentityKind::Phone, operation.phone.as_deref()),
            (IdentityKind::ThirdParty, operation.provider.as_deref()),
        ]
        .into_iter()
        .filter_map(|(kind, text)| Some((kind, values(text?))))
        .filter(|(_, values)| !values.is_empty())
        .collect();
        (!tags.is_empty()).then_some(Self(tags))
    }
}

fn values(text: &str) -> Vec<String> {
    let values = text.split(';').map(|value| value.trim().to_lowercase());
    values.filter(|value| !value.is_empty()).take(MOST_VALUES).collect()
}

/// The users that match every tag, in the order asked for.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    operation: &ListUsers,
    tags: &Tags,
) -> Result<Vec<UserId>, EngineError> {
    let [a, b, c, d] = recipe_filter(operation.include_recipe_ids.as_deref());
    let TenantScope { app, tenant } = scope;
    let mut matching: Option<HashMap<UserId, i64>> = None;
    for (kind, values) in &tags.0 {
        let mut found = HashMap::new();
        for value in values {
            let start = format!("{}%", escape(value));
            // An address is also found by the start of its domain.
            let domain = match kind {
                IdentityKind::Email => format!("%@{start}"),
                IdentityKind::Phone | IdentityKind::ThirdParty => start.clone(),
            };
            let parameters = params![app, tenant, a, b, c, d, kind, start, domain, MOST];
            for row in tx.query(SQL, parameters).await? {
                found.insert(
                    row.get("primary_or_recipe_user_id")?,
                    row.get("primary_or_recipe_user_time_joined")?,
                );
            }
        }
        matching = Some(match matching {
            None => found,
            Some(known) => known.into_iter().filter(|(id, _)| found.contains_key(id)).collect(),
        });
    }
    let mut users: Vec<(i64, UserId)> =
        matching.unwrap_or_default().into_iter().map(|(id, time)| (time, id)).collect();
    let newest_first = operation.time_joined_order == TimeJoinedOrder::Desc;
    users.sort_by(|(time_a, a), (time_b, b)| {
        let by_time = time_a.cmp(time_b);
        (if newest_first { by_time.reverse() } else { by_time }).then_with(|| b.cmp(a))
    });
    Ok(users.into_iter().map(|(_, id)| id).collect())
}

/// Takes the meaning from the characters that `LIKE` gives one.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
