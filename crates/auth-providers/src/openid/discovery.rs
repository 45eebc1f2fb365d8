//! The discovery document (OpenID Connect Discovery 1.0).

use serde::Deserialize;
use url::Url;

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// What is read of a discovery document.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Option<String>,
    pub(crate) token_endpoint: Option<String>,
    pub(crate) userinfo_endpoint: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) introspection_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) code_challenge_methods_supported: Vec<String>,
    pub(crate) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub(crate) id_token_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

/// The document's address, and the issuer that it must name: the address without its end, but for
/// a slash that some issuers end with (Discovery section 4.3).
pub(crate) fn well_known(configured: &Url) -> (Url, String) {
    let mut document = configured.clone();
    let path = configured.path().trim_end_matches('/');
    let base = path.strip_suffix(WELL_KNOWN).unwrap_or(path).trim_end_matches('/').to_owned();
    document.set_path(&format!("{base}{WELL_KNOWN}"));
    let mut issuer = configured.clone();
    issuer.set_path(&base);
    issuer.set_query(None);
    let issuer = issuer.as_str().trim_end_matches('/').to_owned();
    (document, issuer)
}

impl Document {
    /// Whether it is by the issuer at whose place it was found.
    pub(crate) fn is_by(&self, issuer: &str) -> bool {
        self.issuer.strip_suffix('/').unwrap_or(&self.issuer) == issuer
    }

    pub(crate) fn takes_s256(&self) -> bool {
        self.code_challenge_methods_supported.iter().any(|method| method == "S256")
    }

    /// Whether the client's secret goes into a header, and not into the form.
    pub(crate) fn wants_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let lists = |method: &str| methods.iter().any(|it| it == method);
        lists("client_secret_basic") && !lists("client_secret_post")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_follows_from_the_documents_place() {
        for (configured, document, issuer) in [
            (
                "https://a.example",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example",
            ),
            (
                "https://a.example/",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example",
            ),
            (
                "https://a.example/realms/r/.well-known/openid-configuration",
                "https://a.example/realms/r/.well-known/openid-configuration",
                "https://a.example/realms/r",
            ),
            (
                "https://a.example/oauth/",
                "https://a.example/oauth/.well-known/openid-configuration",
                "https://a.example/oauth",
            ),
        ] {
            let (found, by) = well_known(&Url::parse(configured).unwrap());
            assert_eq!((found.as_str(), by.as_str()), (document, issuer));
        }
    }
}
