//! Reading a request's body (FDI §5.3).

use std::io::Read;

use auth_protocol::JsonObject;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use http::header;
use serde_json::Value;

use super::Request;
use crate::{Error, Result, Route};

const INVALID_JSON: &str =
    "API input error: Please make sure to pass a valid JSON input in the request body";
/// In UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// What a compressed body may grow to.
const INFLATED_LIMIT_BYTES: usize = Route::DEFAULT_BODY_LIMIT_BYTES;

impl Request {
    /// The body as a JSON object; an empty body is an empty object, and so is JSON that is no
    /// object, whose members are all missing. `gzip` and `deflate` are inflated.
    ///
    /// # Errors
    /// [`Error::BadInput`] where the body is no JSON in UTF-8 or compressed in another way;
    /// [`Error::BodyTooLarge`] where it inflates to more than 64 KiB.
    pub fn json_object(&self) -> Result<JsonObject> {
        if !self.is_utf8() {
            return Err(Error::bad_input(INVALID_JSON));
        }
        let inflated = self.inflated_body()?;
        // Some editors and .NET clients put a byte-order mark first, which is none of the JSON.
        let body = inflated.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&inflated);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(JsonObject::new());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Ok(JsonObject::new()),
            Err(_) => Err(Error::bad_input(INVALID_JSON)),
        }
    }

    /// Whether the content type names UTF-8, or no charset at all.
    fn is_utf8(&self) -> bool {
        self.header(header::CONTENT_TYPE.as_str())
            .into_iter()
            .flat_map(|value| value.split(';').skip(1))
            .filter_map(|parameter| parameter.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .all(|(_, charset)| {
                let charset = charset.trim().trim_matches('"');
                charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
            })
    }

    fn inflated_body(&self) -> Result<Bytes> {
        let encoding = self.header(header::CONTENT_ENCODING.as_str()).unwrap_or("identity").trim();
        let body: &[u8] = self.body();
        let inflated = match encoding.to_ascii_lowercase().as_str() {
            "" | "identity" => return Ok(self.body().clone()),
            "gzip" | "x-gzip" => read_bounded(GzDecoder::new(body)),
            // Some clients send the bare stream without the zlib wrapper (RFC 9110 section
            // 8.4.1.2); the wrapper's first byte tells them apart.
            "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) => {
                read_bounded(ZlibDecoder::new(body))
            }
            "deflate" => read_bounded(DeflateDecoder::new(body)),
            _ => None,
        }
        .ok_or_else(|| Error::bad_input(INVALID_JSON))?;
        if inflated.len() > INFLATED_LIMIT_BYTES {
            return Err(Error::BodyTooLarge { limit_bytes: INFLATED_LIMIT_BYTES });
        }
        Ok(inflated.into())
    }
}

/// Reads one byte more than the limit, so that the caller can tell.
fn read_bounded(reader: impl Read) -> Option<Vec<u8>> {
    let mut inflated = Vec::new();
    reader.take(INFLATED_LIMIT_BYTES as u64 + 1).read_to_end(&mut inflated).ok()?;
    Some(inflated)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };
    use http::{HeaderMap, HeaderName, HeaderValue, Method};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn request(header: Option<(HeaderName, &'static str)>, body: impl Into<Bytes>) -> Request {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        Request::new(Method::POST, "/auth/signin", &headers).with_body(body)
    }

    fn is_invalid_json(request: &Request) -> bool {
        matches!(request.json_object(), Err(Error::BadInput(text)) if text == INVALID_JSON)
    }

    #[test]
    fn an_empty_body_and_json_that_is_no_object_have_no_members() {
        for body in ["", "  \n", "null", "5", "\"text\"", "[{\"formFields\":[]}]"] {
            assert!(request(None, body).json_object().expect("readable").is_empty(), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for body in ["{", "{'a':1}", "a=b", "{\"a\":1}}"] {
            assert!(is_invalid_json(&request(None, body)), "{body}");
        }
        assert!(is_invalid_json(&request(None, &b"{\"a\":\"\xff\"}"[..])), "invalid UTF-8");
        assert!(is_invalid_json(&request(None, "[".repeat(60_000))), "too deep");
    }

    #[test]
    fn a_byte_order_mark_is_none_of_the_json() {
        let object = |body: &'static [u8]| request(None, body).json_object();
        assert_eq!(object(b"\xef\xbb\xbf{\"a\":1}").expect("JSON")["a"], 1);
        assert!(object(b"\xef\xbb\xbf").expect("empty").is_empty());
        for body in [&b"\xef\xbb\xbf\xef\xbb\xbf{}"[..], b"{\xef\xbb\xbf}", b"\xef\xbb{}"] {
            assert!(is_invalid_json(&request(None, body)), "{body:?}");
        }
    }

    #[test]
    fn brotli_and_unknown_encodings_are_refused() {
        for encoding in ["br", "zstd", "gzip, gzip"] {
            let request = request(Some((header::CONTENT_ENCODING, encoding)), "{}");
            assert!(is_invalid_json(&request), "{encoding}");
        }
        assert!(is_invalid_json(&request(Some((header::CONTENT_ENCODING, "gzip")), "{}")));
    }

    #[test]
    fn charsets_other_than_utf_8_are_refused() {
        let of = |value| request(Some((header::CONTENT_TYPE, value)), "{}");
        assert!(of("application/json; charset=UTF-8").json_object().is_ok());
        assert!(of("application/json; charset=\"utf-8\"").json_object().is_ok());
        assert!(is_invalid_json(&of("application/json; charset=latin1")));
    }

    #[test]
    fn gzip_and_both_kinds_of_deflate_are_inflated() {
        let body = br#"{"a":1}"#;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(body).expect("in memory");
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(body).expect("in memory");
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(body).expect("in memory");
        for (encoding, compressed) in [
            ("gzip", gzip.finish().expect("in memory")),
            ("deflate", zlib.finish().expect("in memory")),
            ("deflate", bare.finish().expect("in memory")),
        ] {
            let request = request(Some((header::CONTENT_ENCODING, encoding)), compressed);
            let object = request.json_object().expect("inflated");
            assert_eq!(Value::Object(object), json!({ "a": 1 }), "{encoding}");
        }
    }

    #[test]
    fn a_small_body_that_inflates_to_a_large_one_is_refused() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&vec![b' '; 4 * 1024 * 1024]).expect("in memory");
        let bomb = gzip.finish().expect("in memory");
        assert!(bomb.len() < INFLATED_LIMIT_BYTES);
        let request = request(Some((header::CONTENT_ENCODING, "gzip")), bomb);
        assert!(matches!(request.json_object(), Err(Error::BodyTooLarge { .. })));
    }

    proptest! {
        #[test]
        fn any_body_is_answered(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            encoding in prop_oneof![Just("gzip"), Just("deflate"), Just("identity")],
        ) {
            drop(request(Some((header::CONTENT_ENCODING, encoding)), body).json_object());
        }
    }
}
