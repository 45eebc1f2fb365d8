//! HTTP/1.1 by hand, so that nothing is tidied on its way: duplicate header lines stay, and
//! malformed bytes can be sent.

use serde_json::Value;

use super::Cookie;

/// A request.
#[derive(Clone, Debug)]
pub struct Req {
    /// The method.
    pub method: String,
    /// The path and query.
    pub target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The header lines in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, put together where it came in chunks.
    pub body: Vec<u8>,
}

impl Req {
    /// A request with any method.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// `GET`.
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// `POST`.
    pub fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    /// Adds a header line.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets a JSON body with its content type.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// Adds an access or refresh token by header.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Adds a `Cookie` line.
    #[must_use]
    pub fn cookie(self, line: impl Into<Vec<u8>>) -> Self {
        self.header("cookie", line)
    }

    /// Whether a header is there already.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// The header lines, without those that frame the message.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// The body; empty where none was set.
    pub fn body_bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// The request as HTTP/1.1 has it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        if !self.has_header("host") {
            bytes.extend_from_slice(b"host: api.example.com\r\n");
        }
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        if let Some(body) = &self.body {
            bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
        } else if self.method == "POST" {
            bytes.extend_from_slice(b"content-length: 0\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(self.body_bytes());
        bytes
    }
}

impl Reply {
    /// The one value of a header; more than one line fails the case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let values = self.header_values(name);
        assert!(values.len() <= 1, "{name} came {} times: {values:?}", values.len());
        values.first().copied()
    }

    /// Every line of a header.
    pub fn header_values(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(other, _)| other == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body)
            .unwrap_or_else(|error| panic!("no text ({error}): {self:?}"))
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Every `Set-Cookie` line, taken apart.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.header_values("set-cookie").into_iter().map(Cookie::parse).collect()
    }

    /// The one `Set-Cookie` line of this name.
    pub fn cookie(&self, name: &str) -> Cookie {
        let mut found: Vec<Cookie> =
            self.cookies().into_iter().filter(|cookie| cookie.name == name).collect();
        assert_eq!(found.len(), 1, "{name} is set {} times: {self:?}", found.len());
        found.remove(0)
    }

    /// The names in `Access-Control-Expose-Headers`, in order.
    pub fn exposed(&self) -> Vec<&str> {
        self.header("access-control-expose-headers")
            .map_or_else(Vec::new, |list| list.split(", ").collect())
    }

    /// Fails the case unless status and JSON body are these.
    #[track_caller]
    pub fn expect(&self, status: u16, body: &Value) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(&self.json(), body);
        let content_type = self.header("content-type");
        assert_eq!(content_type, Some("application/json; charset=utf-8"));
    }

    /// Fails the case unless this is `{"message": …}` with this status.
    #[track_caller]
    pub fn expect_message(&self, status: u16, message: &str) {
        self.expect(status, &serde_json::json!({ "message": message }));
    }

    /// Fails the case unless the response clears the session in both ways of transfer, with cookies
    /// under their default names and paths.
    #[track_caller]
    pub fn expect_cleared_in_both_ways(&self) {
        for (name, path) in [("sAccessToken", "/"), ("sRefreshToken", "/auth/session/refresh")] {
            let cookie = self.cookie(name);
            assert!(cookie.is_cleared() && cookie.path.as_deref() == Some(path), "{self:?}");
        }
        assert_eq!(self.header("st-access-token"), Some(""), "{self:?}");
        assert_eq!(self.header("st-refresh-token"), Some(""), "{self:?}");
        assert_eq!(self.header("front-token"), Some("remove"), "{self:?}");
        assert_eq!(self.header("anti-csrf"), None, "{self:?}");
        for name in ["front-token", "st-access-token", "st-refresh-token"] {
            assert!(self.exposed().contains(&name), "{self:?}");
        }
    }

    /// Fails the case if the response touches any token.
    #[track_caller]
    pub fn expect_tokens_untouched(&self) {
        let cookies = self.cookies().into_iter().filter(|cookie| cookie.name != "sKnownDevice");
        assert_eq!(cookies.count(), 0, "cookies were set: {self:?}");
        for name in ["st-access-token", "st-refresh-token", "front-token", "anti-csrf"] {
            assert_eq!(self.header(name), None, "{name} was set");
        }
        // A device's token is none of a session.
        let exposed = self.header("access-control-expose-headers");
        assert!(matches!(exposed, None | Some("st-known-device")), "{exposed:?}");
    }
}
