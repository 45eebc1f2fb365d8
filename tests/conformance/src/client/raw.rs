//! HTTP/1.1 by hand, so that nothing is tidied on its way: duplicate header lines stay, and
//! malformed bytes can be sent.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

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

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        bytes.extend_from_slice(b"host: api.example.com\r\nconnection: close\r\n");
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
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default());
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

    /// Fails the case if the response touches any token.
    #[track_caller]
    pub fn expect_tokens_untouched(&self) {
        assert_eq!(self.cookies(), [], "cookies were set");
        for name in ["st-access-token", "st-refresh-token", "front-token", "anti-csrf"] {
            assert_eq!(self.header(name), None, "{name} was set");
        }
        assert_eq!(self.header("access-control-expose-headers"), None);
    }
}

/// Sends a request on a connection of its own and reads until the server closes it.
pub async fn exchange(address: SocketAddr, request: Req) -> Reply {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    // A server may refuse a large body before all of it is sent; its answer is read all the same.
    let _ = stream.write_all(&request.bytes()).await;
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 16 * 1024];
    loop {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
    parse(&bytes).unwrap_or_else(|| {
        panic!("{} {}: no response in {:?}", request.method, request.target, bytes)
    })
}

fn parse(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 4..]);
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let is_chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value.eq_ignore_ascii_case("chunked"));
    let body = if is_chunked { join_chunks(body)? } else { body.to_vec() };
    Some(Reply { status, headers, body })
}

fn join_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let start = end + 2;
        body.extend_from_slice(rest.get(start..start + size)?);
        rest = rest.get(start + size + 2..)?;
    }
}
