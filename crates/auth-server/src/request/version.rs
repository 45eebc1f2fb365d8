//! The version that a request speaks (CDI §0.3).

use auth_protocol::CdiVersion;

use crate::{answer::CdiError, server::Versions};

/// The version of a request by its `cdi-version` header; the newest where it has none.
pub(crate) fn negotiate(header: Option<&str>, versions: Versions) -> Result<CdiVersion, CdiError> {
    let refuse = |text: String| Err(CdiError::BadRequest(text));
    let newest = versions.max.unwrap_or(CdiVersion::LATEST);
    let Some(text) = header else { return Ok(newest) };
    let Some(parsed) = parse(text) else {
        return refuse("cdi-version header is invalid".to_owned());
    };
    let not_supported = || refuse(format!("cdi-version {text} not supported"));
    let Some(version) = parsed else { return not_supported() };
    if version > newest {
        return not_supported();
    }
    if let Some(min) = versions.min.filter(|min| version < *min) {
        let text = format!("cdi-version {text} is lower than the minimum allowed version {min}");
        return refuse(text);
    }
    if version.is_supported() { Ok(version) } else { not_supported() }
}

/// Reads numbers with dots between them: `None` where the text is anything else, `Some(None)` where
/// they are no version of the interface.
#[allow(clippy::option_option)] // three outcomes with three texts
fn parse(text: &str) -> Option<Option<CdiVersion>> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split('.').all(is_number).then(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(header: Option<&str>, min: Option<&str>, max: Option<&str>) -> String {
        let read = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        match negotiate(header, Versions { min: read(min), max: read(max) }) {
            Ok(version) => version.to_string(),
            Err(error) => format!("{} {}", error.status().as_u16(), error.text()),
        }
    }

    #[test]
    fn cdi_0_3_a_request_without_the_header_speaks_the_newest_version() {
        assert_eq!(answer(None, None, None), "5.6");
        assert_eq!(answer(None, None, Some("5.4")), "5.4");
        assert_eq!(answer(Some("3.0"), None, None), "3.0");
    }

    #[test]
    fn cdi_0_3_versions_are_refused_in_the_words_of_the_reference() {
        assert_eq!(answer(Some("x"), None, None), "400 cdi-version header is invalid");
        assert_eq!(answer(Some("5.4 "), None, None), "400 cdi-version header is invalid");
        assert_eq!(answer(Some("5.7"), None, None), "400 cdi-version 5.7 not supported");
        assert_eq!(answer(Some("5"), None, None), "400 cdi-version 5 not supported");
        assert_eq!(answer(Some("2.21"), None, None), "2.21");
        assert_eq!(answer(Some("2.20"), None, None), "400 cdi-version 2.20 not supported");
        assert_eq!(answer(Some("5.5"), None, Some("5.4")), "400 cdi-version 5.5 not supported");
        assert_eq!(
            answer(Some("4.0"), Some("5.0"), None),
            "400 cdi-version 4.0 is lower than the minimum allowed version 5.0"
        );
    }
}
