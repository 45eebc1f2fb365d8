//! Ids as types of their own, so that two of them can't be swapped.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// Declares a string id: a cheap-to-clone newtype that reads as the string on the wire.
macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an id.
            pub fn new(id: impl AsRef<str>) -> Self {
                Self(Arc::from(id.as_ref()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(Arc::from(id))
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::new(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

string_id! {
    /// The app that data belongs to; `public` unless the application says otherwise.
    AppId
}
string_id! {
    /// The tenant within an app; `public` unless the application says otherwise.
    TenantId
}
string_id! {
    /// A user: the primary user's id where accounts are linked, else the recipe user's id.
    UserId
}
string_id! {
    /// One login method's own id (*recipe user id* on the wire).
    RecipeUserId
}
string_id! {
    /// The id of one session's row; ends in `_<tenant>` for tenants other than `public`.
    SessionHandle
}

impl Default for AppId {
    fn default() -> Self {
        Self::new("public")
    }
}

impl Default for TenantId {
    fn default() -> Self {
        Self::new("public")
    }
}

impl AppId {
    /// Whether this is the default app, `public`.
    pub fn is_public(&self) -> bool {
        self == "public"
    }
}

impl TenantId {
    /// Whether this is the default tenant, `public`.
    pub fn is_public(&self) -> bool {
        self == "public"
    }
}

impl SessionHandle {
    /// The tenant that the handle names after its first `_`, or `public`. Neither the random id
    /// before it nor a tenant's name holds another one.
    pub fn tenant_id(&self) -> TenantId {
        self.as_str()
            .split_once('_')
            .map_or_else(TenantId::default, |(_, tenant)| TenantId::new(tenant))
    }
}

impl From<RecipeUserId> for UserId {
    fn from(id: RecipeUserId) -> Self {
        Self(id.0)
    }
}

impl From<UserId> for RecipeUserId {
    fn from(id: UserId) -> Self {
        Self(id.0)
    }
}

/// The app and tenant that an operation is addressed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TenantScope {
    /// The app.
    pub app: AppId,
    /// The tenant within the app.
    pub tenant: TenantId,
}

impl TenantScope {
    /// Addresses a tenant of an app.
    pub fn new(app: AppId, tenant: TenantId) -> Self {
        Self { app, tenant }
    }
}

#[cfg(test)]
mod tests {
    use super::SessionHandle;

    #[test]
    fn cdi_2_4_a_handle_s_tenant_stands_after_its_first_underscore() {
        let id = "2a6a6b1c-5d0d-4c5e-9c0a-0d8a4f0b9f11";
        for (handle, tenant) in [
            (id.to_owned(), "public"),
            (format!("{id}_t1"), "t1"),
            // No tenant's name has one; an odd handle names none that exists.
            (format!("{id}_t1_t2"), "t1_t2"),
        ] {
            assert_eq!(SessionHandle::from(handle).tenant_id(), tenant);
        }
    }
}
