//! Providers as data: a provider is one row. What a row can't say is a [`Quirk`], whose code stands
//! with the rest of the client.

mod openid;
mod plain;
mod reference;

/// Names and values of a query, a form, or headers. A value may hold placeholders: of the row, or
/// `{access_token}`, `{client_id}` and `{client_secret}` where a call has them.
pub type Params = &'static [(&'static str, &'static str)];

/// What is known of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The id that chooses it; also its default `thirdPartyId`.
    pub id: &'static str,
    /// What its button says.
    pub name: &'static str,
    /// What the configuration fills in, by `additionalConfig`.
    pub placeholders: &'static [Placeholder],
    /// The discovery document.
    pub discovery: Option<&'static str>,
    /// Where the browser goes. Like the other endpoints, by discovery where it is missing.
    pub authorization: Option<&'static str>,
    /// Where a code is exchanged.
    pub token: Option<&'static str>,
    /// Who may have issued an id token.
    pub issuer: Issuer,
    /// By which keys id tokens are signed.
    pub id_token_keys: IdTokenKeys,
    /// Scopes that are asked for unless the client's configuration names others.
    pub scopes: &'static [&'static str],
    /// What stands between two scopes.
    pub scope_separator: &'static str,
    /// Whether a challenge is sent (RFC 7636).
    pub pkce: Pkce,
    /// How the client proves itself at the token endpoint.
    pub client_auth: ClientAuth,
    /// What the client's id is called.
    pub client_id_name: &'static str,
    /// More of the authorization URL's query.
    pub authorization_params: Params,
    /// Parameters of the browser's return that the token endpoint wants, too.
    pub token_params_from_return: &'static [&'static str],
    /// How the user is asked for; `None` leaves it to discovery or the id token.
    pub user_info: Option<Call>,
    /// More answers about the user, each put beside the first one.
    pub more_user_info: &'static [MoreUserInfo],
    /// A path into the answer, and the text there that says it is one.
    pub success: Option<(&'static str, &'static str)>,
    /// Where values stand in an id token's claims.
    pub in_id_token: Places,
    /// Where values stand in user info.
    pub in_user_info: Places,
    /// Whether a user without an address can't sign in, unless the configuration says otherwise.
    pub requires_email: bool,
    /// How to ask whose an access token is, which a client brought.
    pub token_check: Option<TokenCheck>,
    /// What needs code.
    pub quirk: Quirk,
    /// What is worth knowing, for the documentation.
    pub note: &'static str,
}

/// A part of endpoints that differs between the provider's customers.
#[derive(Clone, Copy, Debug)]
pub struct Placeholder {
    /// Its name, in braces in endpoints, and in `additionalConfig`.
    pub name: &'static str,
    /// What it is unless configured; required where there is none.
    pub default: Option<&'static str>,
    /// Whether it is a whole address, `https` unless it says otherwise, or a word.
    pub is_address: bool,
}

/// Who may have issued an id token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// Whoever discovery names, which is the discovery document's own place.
    Discovered,
    /// This one exactly.
    Exactly(&'static str),
    /// Microsoft: that of the token's own tenant.
    OfTenant,
}

/// By which keys id tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokenKeys {
    /// By those that discovery or the configuration names.
    Published,
    /// By the client's secret, with HS256 and nothing else.
    ClientSecret,
    /// Id tokens aren't read.
    Unread,
}

/// Whether a challenge is sent (RFC 7636).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkce {
    /// The provider refuses without.
    Required,
    /// The provider takes it.
    Accepted,
    /// Where discovery lists S256, the client has no secret, or the configuration forces it.
    IfDiscovered,
    /// The provider doesn't know it. Sent only where the configuration forces it.
    Unknown,
}

/// How the client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// Id and secret in a header (RFC 6749 section 2.3.1).
    Basic,
    /// Id and secret in the form.
    Post,
    /// In the form, unless discovery lists the header alone.
    Discovered,
}

/// A call for JSON.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Method and form of the parameters.
    pub kind: CallKind,
    /// Where; may hold placeholders.
    pub url: &'static str,
    /// The parameters.
    pub params: Params,
    /// Headers beside `Accept` and `Authorization`.
    pub headers: Params,
    /// What stands in `Authorization`.
    pub auth: CallAuth,
}

/// Method and form of a call's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// GET, parameters in the query.
    Get,
    /// POST, parameters in the query, no body.
    Post,
    /// POST, parameters as a form.
    PostForm,
    /// POST, parameters as a JSON object of strings.
    PostJson,
}

/// What stands in a call's `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallAuth {
    /// `Bearer` and the access token.
    Bearer,
    /// `OAuth` and the access token.
    OAuth,
    /// The client's id and secret.
    Client,
    /// Nothing; the header is missing.
    Nothing,
}

/// One more answer about the user.
#[derive(Clone, Copy, Debug)]
pub struct MoreUserInfo {
    /// The call.
    pub call: Call,
    /// The member of user info that its answer becomes.
    pub member: &'static str,
    /// Whether signing in goes on where it fails.
    pub is_optional: bool,
}

/// Where values stand.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The user's id; empty where it isn't there.
    pub user_id: &'static str,
    /// Addresses, of which the first that is there counts.
    pub emails: &'static [EmailPlace],
}

impl Places {
    /// The answer isn't asked for.
    const NOWHERE: Self = Self { user_id: "", emails: &[] };
}

/// Where an address stands.
#[derive(Clone, Copy, Debug)]
pub struct EmailPlace {
    /// The address.
    pub address: &'static str,
    /// What must all be true for it to count as verified; it never does where there are none.
    pub verified: &'static [&'static str],
}

/// How to ask whose an access token is.
#[derive(Clone, Copy, Debug)]
pub struct TokenCheck {
    /// The call.
    pub call: Call,
    /// Where the client's id stands in the answer. One of them must be ours.
    pub client_id: &'static [&'static str],
}

/// What needs code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quirk {
    /// Nothing.
    None,
    /// The client's secret is a token signed by the developer's key; the user's name comes with the
    /// browser's return.
    Apple,
    /// The issuer is the user's own tenant, the user is known by `oid` and `tid`, and an address
    /// counts as verified only where Microsoft itself says so.
    Microsoft,
    /// The account must be of the configured domain.
    HostedDomain,
    /// The fields of user info follow from the scopes.
    Facebook,
}

const SUB: Places = Places { user_id: "sub", emails: &[STANDARD_EMAIL] };

/// OpenID Connect Core section 5.1.
const STANDARD_EMAIL: EmailPlace = EmailPlace { address: "email", verified: &["email_verified"] };

const GET: Call =
    Call { kind: CallKind::Get, url: "", params: &[], headers: &[], auth: CallAuth::Bearer };

impl Description {
    /// Any provider that speaks OpenID Connect, or OAuth 2 with user info; the start of every row.
    pub const CUSTOM: Self = Self {
        id: "custom",
        name: "",
        placeholders: &[],
        discovery: None,
        authorization: None,
        token: None,
        issuer: Issuer::Discovered,
        id_token_keys: IdTokenKeys::Published,
        scopes: &[],
        scope_separator: " ",
        pkce: Pkce::IfDiscovered,
        client_auth: ClientAuth::Discovered,
        client_id_name: "client_id",
        authorization_params: &[],
        token_params_from_return: &[],
        user_info: None,
        more_user_info: &[],
        success: None,
        in_id_token: SUB,
        in_user_info: SUB,
        requires_email: true,
        token_check: None,
        quirk: Quirk::None,
        note: "",
    };

    /// The start of a row without OpenID Connect.
    const PLAIN: Self = Self {
        id_token_keys: IdTokenKeys::Unread,
        in_id_token: Places::NOWHERE,
        pkce: Pkce::Unknown,
        client_auth: ClientAuth::Post,
        ..Self::CUSTOM
    };

    /// Every built-in provider. Those of the reference come first, in the order in which the
    /// beginning of an id chooses one (FDI §1.2).
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [reference::ROWS, openid::ROWS, plain::ROWS].into_iter().flatten()
    }

    /// The row for a `thirdPartyImplementation`, or a `thirdPartyId` where there is none. The
    /// reference's are chosen by the beginning of the id (FDI §1.2), so that `google-2` is Google;
    /// the others by all of it, so that an own provider `x-corp` isn't X. [`Self::CUSTOM`] where
    /// there is none.
    pub fn of(id: &str) -> &'static Self {
        const CUSTOM: &Description = &Description::CUSTOM;
        let by_beginning = reference::ROWS.iter().find(|row| id.starts_with(row.id));
        by_beginning.or_else(|| Self::all().find(|row| row.id == id)).unwrap_or(CUSTOM)
    }

    /// Whether it is [`Self::CUSTOM`].
    pub fn is_custom(&self) -> bool {
        self.id == Self::CUSTOM.id
    }
}
