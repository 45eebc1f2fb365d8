//! What a response is held against.

/// What both ceremonies expect of a response.
///
/// Everything is refused that isn't allowed here: another origin, a page within another's, a user who
/// didn't touch the authenticator.
///
/// ```
/// use auth_webauthn::Expected;
///
/// let challenge = [7; 32];
/// let expected = Expected::new(&challenge, "example.com", "https://example.com")
///     .origin("https://shop.example.com")
///     .require_user_verification();
/// ```
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    pub(crate) challenge: &'a [u8],
    pub(crate) rp_id: &'a str,
    pub(crate) origins: Vec<&'a str>,
    /// `None` where the page must be the outermost one.
    pub(crate) top_origins: Option<Vec<&'a str>>,
    pub(crate) user_presence: bool,
    pub(crate) user_verification: bool,
    pub(crate) counter_may_go_back: bool,
}

impl<'a> Expected<'a> {
    /// The challenge that was given out, the relying party's id (a domain) and the origin of its page,
    /// such as `https://example.com`. Origins are compared as they are, with no wildcard.
    ///
    /// A challenge is at least 16 random bytes, is good for one ceremony and ends soon; to see to that
    /// is up to who keeps it.
    pub fn new(challenge: &'a [u8], rp_id: &'a str, origin: &'a str) -> Self {
        Self {
            challenge,
            rp_id,
            origins: vec![origin],
            top_origins: None,
            user_presence: true,
            user_verification: false,
            counter_may_go_back: false,
        }
    }

    /// Allows another origin: of a subdomain, of an app (`android:apk-key-hash:…`), or a related one.
    #[must_use]
    pub fn origin(mut self, origin: &'a str) -> Self {
        self.origins.push(origin);
        self
    }

    /// Allows the page to stand within pages of other origins. Clients that name the outermost one
    /// must name one of these; older ones don't tell.
    #[must_use]
    pub fn embedded_in(mut self, top_origins: &[&'a str]) -> Self {
        self.top_origins.get_or_insert_default().extend_from_slice(top_origins);
        self
    }

    /// Demands that the authenticator asked for a PIN, a fingerprint or the like.
    #[must_use]
    pub fn require_user_verification(mut self) -> Self {
        self.user_verification = true;
        self
    }

    /// Lets a response pass that came without a touch, as it may when a credential is made while the
    /// user signs in by other means (conditional creation, section 7.1 step 15).
    #[must_use]
    pub fn without_user_presence(mut self) -> Self {
        self.user_presence = false;
        self
    }

    /// Lets a counter pass that went back, for callers that judge it otherwise: it is told in
    /// [`Authenticated::counter_went_back`](crate::Authenticated::counter_went_back).
    #[must_use]
    pub fn accept_counter_going_back(mut self) -> Self {
        self.counter_may_go_back = true;
        self
    }
}
