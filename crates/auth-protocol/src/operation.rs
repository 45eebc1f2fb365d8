//! What every operation has in common.

use serde::{Serialize, de::DeserializeOwned};

use crate::CdiVersion;

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`: the request's fields travel in the query string.
    Get,
    /// `POST`: the request's fields travel as a JSON object.
    Post,
    /// `PUT`: the request's fields travel as a JSON object.
    Put,
    /// `DELETE`: the request's fields travel in the query string.
    Delete,
}

impl Method {
    /// The method as it stands in an HTTP request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether the request's fields travel in the query string; else they are a JSON object.
    pub const fn has_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// Which part of the data an operation works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The whole app; a tenant in the path is accepted and ignored.
    App,
    /// The whole app; a tenant other than `public` in the path is refused.
    AppPublicTenantOnly,
    /// The tenant in the path.
    Tenant,
    /// The tenant in the path, or the whole app when the request asks for all tenants.
    TenantOrApp,
}

/// One operation of the Core Driver Interface: the request type implements it.
pub trait Operation: Serialize + DeserializeOwned + Send + 'static {
    /// The operation's name in snake case, for logs and metrics.
    const NAME: &'static str;
    /// The HTTP method.
    const METHOD: Method;
    /// The path below the core's base path, app and tenant.
    const PATH: &'static str;
    /// Which data the operation works on.
    const SCOPE: Scope;
    /// The `rid` header that tells apart operations sharing one path, where they do.
    const RID: Option<&'static str> = None;
    /// The fields that may be `null` on the wire; everywhere else `null` is no value.
    const NULLABLE: &'static [&'static str] = &[];

    /// The answer.
    type Response: Serialize + DeserializeOwned + Send + 'static;

    /// Gives the request the version in which its caller speaks, where its meaning depends on it.
    fn set_cdi_version(&mut self, _version: CdiVersion) {}

    /// Whether the operation is refused when a tenant other than `public` is in the path.
    fn refuses_tenant(&self, version: CdiVersion) -> bool {
        Self::SCOPE == Scope::AppPublicTenantOnly && version >= CdiVersion::V5_0
    }
}

/// Writes the [`Operation`] implementation of a request type.
///
/// `operation!(SignUp => SignUpResponse, "sign_up", Post "/recipe/signup", Tenant);` expands to
/// `impl Operation for SignUp` with those five constants and the response type. `, rid = "..."` may
/// follow for operations that share a path, and then `, { ... }` with more items of the
/// implementation.
macro_rules! operation {
    ($request:ty => $response:ty, $name:literal, $method:ident $path:literal, $scope:ident
     $(, rid = $rid:literal)? $(, { $($item:tt)* })?) => {
        impl $crate::Operation for $request {
            const NAME: &'static str = $name;
            const METHOD: $crate::Method = $crate::Method::$method;
            const PATH: &'static str = $path;
            const SCOPE: $crate::Scope = $crate::Scope::$scope;
            $(const RID: Option<&'static str> = Some($rid);)?
            type Response = $response;
            $($($item)*)?
        }
    };
}
pub(crate) use operation;
