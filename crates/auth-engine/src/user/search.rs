//! Users searched by the start of an identity (CDI §5.2).
//!
//! An index has the identities of each recipe in order, in small letters, and another one the domains
//! of addresses. A search reads the run that begins with what is sought, and no more than a thousand
//! rows of it: where more begin so, the first in that order are found.

use std::collections::HashMap;

use auth_protocol::{LoginMethod, RecipeId, TenantScope, User, UserId, user::ListUsers};

use super::{IdentityKind, load::load, page::PageStart, recipes::Wanted};
use crate::{
    EngineError,
    storage::{Tx, params},
};

/// How many login methods of a recipe are looked at for one tag.
const MOST: usize = 1000;

/// The most values that one tag may have.
const MOST_VALUES: usize = 50;

/// The last character that there is: behind all that begins with a text, and before all else that
/// comes after that text.
const LAST: char = char::MAX;

macro_rules! find {
    ($of:literal) => {
        concat!(
            "SELECT u.primary_or_recipe_user_id, u.primary_or_recipe_user_time_joined \
             FROM recipe_user_tenants t \
             JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
             WHERE t.app_id = $1 AND t.tenant_id = $2 AND t.recipe_id = $3 \
                AND t.account_info_type = $4 AND ",
            $of,
            " >= $5 AND ",
            $of,
            " < $6 ORDER BY ",
            $of,
            " LIMIT $7"
        )
    };
}

const BY_VALUE: &str = find!("LOWER(t.account_info_value)");

/// As the index has it: what comes after the last `@`.
const BY_DOMAIN: &str = find!(
    "LOWER(SUBSTR(t.account_info_value, LENGTH(RTRIM(t.account_info_value, \
     REPLACE(t.account_info_value, '@', ''))) + 1))"
);

/// What is searched for: the values of a tag are alternatives, the tags must all match.
#[derive(Clone, Debug)]
pub(super) struct Tags {
    /// The one that is looked up.
    first: Tag,
    /// Those that are then asked of the users found.
    others: Vec<Tag>,
}

#[derive(Clone, Debug)]
struct Tag {
    kind: IdentityKind,
    /// In small letters.
    values: Vec<String>,
}

impl Tags {
    /// The tags of a request; `None` where it has none and is a plain list.
    pub(super) fn of(operation: &ListUsers) -> Option<Self> {
        // What the fewest users have in common comes first.
        let mut tags = [
            (IdentityKind::Phone, operation.phone.as_deref()),
            (IdentityKind::Email, operation.email.as_deref()),
            (IdentityKind::ThirdParty, operation.provider.as_deref()),
        ]
        .into_iter()
        .filter_map(|(kind, text)| Some(Tag { kind, values: values(text?) }))
        .filter(|tag| !tag.values.is_empty());
        Some(Self { first: tags.next()?, others: tags.collect() })
    }
}

fn values(text: &str) -> Vec<String> {
    let values = text.split(';').map(|value| value.trim().to_lowercase());
    values.filter(|value| !value.is_empty()).take(MOST_VALUES).collect()
}

impl Tag {
    /// Whether a login method's identity begins with one of the values, or its address's domain does.
    fn matches(&self, method: &LoginMethod) -> bool {
        match self.kind {
            IdentityKind::Email => method.email.as_deref().is_some_and(|email| {
                let email = email.to_lowercase();
                let domain = email.rsplit_once('@').map_or(email.as_str(), |(_, domain)| domain);
                self.starts(&email) || self.starts(domain)
            }),
            IdentityKind::Phone => method
                .phone_number
                .as_deref()
                .is_some_and(|phone| self.starts(&phone.to_lowercase())),
            IdentityKind::ThirdParty => method.third_party.as_ref().is_some_and(|account| {
                self.starts(&format!("{}::{}", account.id, account.user_id).to_lowercase())
            }),
        }
    }

    fn starts(&self, text: &str) -> bool {
        self.values.iter().any(|value| text.starts_with(value))
    }

    /// The statements that find its values.
    fn statements(&self) -> &'static [&'static str] {
        match self.kind {
            // An address is also found by the start of its domain.
            IdentityKind::Email => &[BY_VALUE, BY_DOMAIN],
            IdentityKind::Phone | IdentityKind::ThirdParty => &[BY_VALUE],
        }
    }

    /// The users, by their own ids and with the time when they joined, of whom a login method of a
    /// recipe matches.
    async fn find(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        recipe: RecipeId,
        found: &mut HashMap<UserId, i64>,
    ) -> Result<(), EngineError> {
        let TenantScope { app, tenant } = scope;
        let mut left = MOST;
        for value in &self.values {
            for sql in self.statements() {
                if left == 0 {
                    return Ok(());
                }
                let end = format!("{value}{LAST}");
                let most = i64::try_from(left).unwrap_or(i64::MAX);
                let parameters = params![app, tenant, recipe, self.kind, value, end, most];
                let rows = tx.query(sql, parameters).await?;
                left = left.saturating_sub(rows.len());
                for row in rows {
                    found.insert(
                        row.get("primary_or_recipe_user_id")?,
                        row.get("primary_or_recipe_user_time_joined")?,
                    );
                }
            }
        }
        Ok(())
    }
}

/// The users that match every tag, in the order asked for.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    operation: &ListUsers,
    tags: &Tags,
) -> Result<Vec<User>, EngineError> {
    let wanted = Wanted::new(operation.include_recipe_ids.as_deref());
    let mut found = HashMap::new();
    for login in wanted.login_methods() {
        if login.identities.contains(&tags.first.kind) {
            tags.first.find(tx, scope, login.recipe, &mut found).await?;
        }
    }
    let found = found.into_iter().map(|(user_id, time_joined)| PageStart { user_id, time_joined });
    let mut found: Vec<PageStart> = found.collect();
    found.sort_by(|a, b| a.compare(b, operation.time_joined_order));
    let ids: Vec<UserId> = found.into_iter().map(|user| user.user_id).collect();
    let mut users = load(tx, &scope.app, &ids).await?;
    // By any of a user's login methods, whichever the first tag has found.
    let has = |user: &User, tag: &Tag| {
        let mut methods = user.login_methods.iter();
        methods.any(|method| {
            method.tenant_ids.contains(&scope.tenant)
                && wanted.has(method.recipe_id)
                && tag.matches(method)
        })
    };
    users.retain(|user| tags.others.iter().all(|tag| has(user, tag)));
    Ok(users)
}
