//! TLS to the server, by libpq's rules for `sslmode`.

use std::{error::Error as _, io, path::Path, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
    client::{
        WantsClientCert, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    ConfigError, PostgresUrl,
    postgres_url::{ClientCertificate, TlsMode},
};

/// Makes encrypted connections; only fails where a file is needed and can't be read.
pub(super) fn connector(url: &PostgresUrl) -> Result<MakeRustlsConnect, ConfigError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(format!("TLS can't be used ({error})")))?;
    let builder = match url.tls {
        TlsMode::VerifyFull => builder.with_webpki_verifier(web_pki(url, provider)?),
        mode => {
            let authorities = match mode {
                TlsMode::VerifyCa => Some(web_pki(url, Arc::clone(&provider))?),
                _ => None,
            };
            let verifier = AnyHost { provider, authorities };
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
    };
    let config = match &url.client_certificate {
        Some(files) => with_certificate(builder, files)?,
        None => builder.with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

/// Shows a certificate to a server that asks for one.
fn with_certificate(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    files: &ClientCertificate,
) -> Result<ClientConfig, ConfigError> {
    let refused = |problem| {
        let expected = "`sslcert` and `sslkey` in its URL to name PEM files of a certificate and \
                        of its private key, which isn't encrypted";
        ConfigError::new("database", problem, expected)
    };
    let chain = certificates(&files.certificate)
        .map_err(|reason| refused(unusable("sslcert", &files.certificate, &reason)))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| refused(unusable("sslkey", &files.key, &error.to_string())))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| {
        let reason = format!("it and the certificate don't fit ({error})");
        refused(unusable("sslkey", &files.key, &reason))
    })
}

fn unusable(parameter: &str, path: &Path, reason: &str) -> String {
    format!("the file of its `{parameter}`, {}, can't be used: {reason}", path.display())
}

/// The certificates in a file, of which there is one at least.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    let certificates: Vec<_> =
        certificates.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    match certificates.is_empty() {
        true => Err("it holds no certificate".to_owned()),
        false => Ok(certificates),
    }
}

fn web_pki(
    url: &PostgresUrl,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, ConfigError> {
    let roots = Arc::new(roots(url)?);
    WebPkiServerVerifier::builder_with_provider(roots, provider)
        .build()
        .map_err(|error| wrong(format!("no certificate can be checked ({error})")))
}

fn roots(url: &PostgresUrl) -> Result<RootCertStore, ConfigError> {
    let mut roots = RootCertStore::empty();
    let Some(path) = &url.root_certificates else {
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            return Err(wrong("the system has no certificates of authorities"));
        }
        return Ok(roots);
    };
    let unreadable = |reason: String| wrong(unusable("sslrootcert", path, &reason));
    for certificate in certificates(path).map_err(unreadable)? {
        roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    Ok(roots)
}

/// What to do where a connection failed for TLS's sake; `None` where it failed for another reason.
pub(super) fn explain(error: &tokio_postgres::Error, url: &PostgresUrl) -> Option<ConfigError> {
    const REFUSED: &str = "error performing TLS handshake";
    let servers = url.servers();
    let refused = |problem, expected| Some(ConfigError::new("database", problem, expected));
    let source = error.source()?;
    let from_tls = source
        .downcast_ref::<io::Error>()
        .and_then(|error| error.get_ref()?.downcast_ref::<Error>());
    match from_tls {
        Some(Error::InvalidCertificate(error)) => refused(
            format!("the certificate of the server at {servers} is refused ({error})"),
            match error {
                CertificateError::UnknownIssuer => {
                    "`sslrootcert` in its URL to name a PEM file with the authority that signed it"
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => {
                    "a host in its URL that the certificate names, or `sslmode=verify-ca`"
                }
                _ => "a server with a valid certificate that an authority has signed for it",
            },
        ),
        Some(error @ Error::AlertReceived(_)) if url.client_certificate.is_some() => refused(
            format!("the server at {servers} refuses the connection ({error})"),
            "a certificate in the file of its `sslcert` that the server trusts",
        ),
        Some(error) => refused(
            format!("no encrypted connection to {servers} ({error})"),
            "a server that speaks TLS 1.2 or 1.3, or another `sslmode` in its URL",
        ),
        None if error.to_string() == REFUSED => refused(
            format!("no encrypted connection to {servers} ({source})"),
            "a server with `ssl = on`, or another `sslmode` in its URL",
        ),
        None => None,
    }
}

fn wrong(problem: impl Into<String>) -> ConfigError {
    ConfigError::new(
        "database",
        problem,
        "`sslrootcert` in its URL to name a PEM file of authorities, or another `sslmode`",
    )
}

/// The check of a server's certificate for every mode but `verify-full`.
#[derive(Debug)]
struct AnyHost {
    provider: Arc<CryptoProvider>,
    /// Who must have signed it for `verify-ca`; `None` for `prefer` and `require`, which are
    /// encrypted, whoever the server is.
    authorities: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for AnyHost {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authorities) = &self.authorities else {
            return Ok(ServerCertVerified::assertion());
        };
        let verdict = authorities.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verdict {
            // The name is checked last, after the chain and the times.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
