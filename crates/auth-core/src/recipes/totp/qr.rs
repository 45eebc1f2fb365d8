//! What an authenticator app scans.

use auth_protocol::Secret;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use qrcode::{QrCode, render::svg};

use crate::{Error, Result};

/// What `encodeURI` of ECMAScript encodes, by which front ends and authenticators know these texts
/// (FDI §1.7); besides, what would end the part of the text that it stands in, and `+`, which some
/// read as a blank.
const URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'#')
    .add(b'&')
    .add(b'+')
    .add(b'/')
    .add(b'?');

/// The text in the QR code: `otpauth://totp/<issuer>[:<identifier>]?secret=…`.
pub(super) fn qr_code_string(
    issuer: &str,
    identifier: Option<&str>,
    secret: &Secret,
    period_secs: u32,
) -> Secret {
    let encode = |text: &str| utf8_percent_encode(&without_colons(text), URI).to_string();
    let issuer = encode(issuer);
    let identifier = identifier.map(|it| format!(":{}", encode(it))).unwrap_or_default();
    Secret::from(format!(
        "otpauth://totp/{issuer}{identifier}?secret={}&issuer={issuer}&digits=6&period={period_secs}",
        secret.expose_secret(),
    ))
}

/// Authenticators part the issuer from the account at the first colon, encoded or not, and some
/// refuse a second one: neither of the two can have one.
fn without_colons(text: &str) -> String {
    let text = text.replace(':', " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Draws the text as a QR code: an SVG picture, black on white with a quiet zone.
///
/// # Errors
/// [`Error::Other`] where the text is too long for a QR code: more than about 2900 characters.
///
/// ```
/// let svg = auth_core::recipes::totp::qr_code_svg("otpauth://totp/Example?secret=A").unwrap();
/// assert!(svg.contains("<svg"));
/// ```
pub fn qr_code_svg(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(Error::other)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_issuer_and_account_and_is_encoded_as_a_uri() {
        let string = |issuer, identifier| {
            let text = qr_code_string(issuer, identifier, &"ABC".into(), 30);
            text.expose_secret().to_owned()
        };
        assert_eq!(
            string("My App", Some("ada@example.com")),
            "otpauth://totp/My%20App:ada@example.com?secret=ABC&issuer=My%20App&digits=6&period=30"
        );
        assert_eq!(
            string("Acme: Dev+Ops", Some("+4917012345")),
            "otpauth://totp/Acme%20Dev%2BOps:%2B4917012345?secret=ABC&issuer=Acme%20Dev%2BOps\
             &digits=6&period=30"
        );
        assert_eq!(
            string("a/b", Some("x:y")),
            "otpauth://totp/a%2Fb:x%20y?secret=ABC&issuer=a%2Fb&digits=6&period=30"
        );
        assert_eq!(string("A", None), "otpauth://totp/A?secret=ABC&issuer=A&digits=6&period=30");
    }

    #[test]
    fn a_name_cannot_add_parameters_of_its_own() {
        let text = qr_code_string("A?secret=X&digits=8#", None, &"ABC".into(), 30);
        assert_eq!(
            text.expose_secret(),
            "otpauth://totp/A%3Fsecret=X%26digits=8%23?secret=ABC\
             &issuer=A%3Fsecret=X%26digits=8%23&digits=6&period=30"
        );
    }

    #[test]
    fn a_text_that_is_too_long_is_an_error() {
        assert!(qr_code_svg(&"a".repeat(10_000)).is_err());
    }
}
