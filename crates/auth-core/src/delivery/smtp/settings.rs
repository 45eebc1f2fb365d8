//! How mails reach the mail server.

use std::time::Duration;

use auth_protocol::Secret;
use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

use super::super::retry::DEFAULT_DELAYS;
use crate::ConfigError;

/// How long one try may take, connecting included.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    StartTls,
    Implicit,
    None,
}

/// The mail server and the sender's address.
///
/// ```
/// use auth_core::delivery::smtp::{SmtpDelivery, SmtpSettings};
///
/// let settings = SmtpSettings::new("smtp.example.com", "Example", "noreply@example.com")
///     .credentials("noreply@example.com", "secret");
/// let delivery = SmtpDelivery::new(settings)?;
/// # Ok::<(), auth_core::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SmtpSettings {
    host: String,
    port: Option<u16>,
    from_name: String,
    from_email: String,
    encryption: Encryption,
    credentials: Option<(String, Secret)>,
    root_certificate_pem: Option<Vec<u8>>,
    retry_delays: Vec<Duration>,
}

/// The settings, checked.
pub(super) struct Checked {
    pub(super) transport: AsyncSmtpTransport<Tokio1Executor>,
    pub(super) from: Mailbox,
    pub(super) retry_delays: Vec<Duration>,
}

impl SmtpSettings {
    /// A server on port 587 that must offer STARTTLS (RFC 3207), and the sender's name and
    /// address.
    pub fn new(
        host: impl Into<String>,
        from_name: impl Into<String>,
        from_email: impl Into<String>,
    ) -> Self {
        Self {
            host: host.into(),
            port: None,
            from_name: from_name.into(),
            from_email: from_email.into(),
            encryption: Encryption::StartTls,
            credentials: None,
            root_certificate_pem: None,
            retry_delays: DEFAULT_DELAYS.into(),
        }
    }

    /// The port, where it isn't the usual one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Encrypts from the first byte on (RFC 8314), on port 465 unless another one is set.
    pub fn implicit_tls(mut self) -> Self {
        self.encryption = Encryption::Implicit;
        self
    }

    /// Sends in clear, on port 25 unless another one is set: whoever sees the traffic can use the
    /// codes and links. For a mail catcher on the same machine.
    pub fn dangerous_without_encryption(mut self) -> Self {
        self.encryption = Encryption::None;
        self
    }

    /// Signs in at the server.
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// Trusts the certificates of one more authority, in PEM form, besides those that the system
    /// trusts.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificate_pem = Some(pem.into());
        self
    }

    /// How long to wait before each further try after a failure that may pass; 1 s and 5 s unless
    /// set. All tries of a mail end within a minute.
    pub fn retry_delays(mut self, delays: impl Into<Vec<Duration>>) -> Self {
        self.retry_delays = delays.into();
        self
    }

    pub(super) fn check(self) -> Result<Checked, ConfigError> {
        check_host(&self.host)?;
        if self.port == Some(0) {
            return Err(ConfigError::new("smtp.port", "it is 0", "1 to 65535, such as 587"));
        }
        if self.from_name.chars().any(char::is_control) {
            let problem = "it contains control characters";
            return Err(ConfigError::new("smtp.from_name", problem, "the sender's name"));
        }
        if self.credentials.as_ref().is_some_and(|(user, _)| user.is_empty()) {
            let expected = "the name that the mail server knows";
            return Err(ConfigError::new("smtp.credentials", "the name is empty", expected));
        }
        let address = self.from_email.parse().map_err(|_| {
            let problem = format!("`{}` is no email address", self.from_email);
            ConfigError::new("smtp.from_email", problem, "an address such as `noreply@example.com`")
        })?;
        let name = Some(self.from_name).filter(|name| !name.is_empty());
        let from = Mailbox::new(name, address);
        let usual_port = match self.encryption {
            Encryption::StartTls => 587,
            Encryption::Implicit => 465,
            Encryption::None => 25,
        };
        let tls = match self.encryption {
            Encryption::None => Tls::None,
            Encryption::StartTls => Tls::Required(tls(&self.host, self.root_certificate_pem)?),
            Encryption::Implicit => Tls::Wrapper(tls(&self.host, self.root_certificate_pem)?),
        };
        // The name means that it encrypts only as the next line says.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(self.host)
            .tls(tls)
            .port(self.port.unwrap_or(usual_port))
            .timeout(Some(TIME_LIMIT));
        if let Some((user, password)) = self.credentials {
            builder = builder.credentials(Credentials::new(user, password.into_exposed()));
        }
        Ok(Checked { transport: builder.build(), from, retry_delays: self.retry_delays })
    }
}

/// A name or an address alone.
fn check_host(host: &str) -> Result<(), ConfigError> {
    let problem = if host.trim().is_empty() {
        "it is empty".to_owned()
    } else if host.contains("://") {
        format!("`{host}` has a scheme")
    } else if host.parse::<std::net::IpAddr>().is_err() && host.contains(':') {
        format!("`{host}` has a port, which is a setting of its own")
    } else if host.chars().any(|c| c.is_whitespace() || c.is_control() || "/@?#".contains(c)) {
        format!("`{}` is no name", host.escape_debug())
    } else {
        return Ok(());
    };
    let expected = "the mail server's name, such as `smtp.example.com`";
    Err(ConfigError::new("smtp.host", problem, expected))
}

fn tls(host: &str, root_certificate_pem: Option<Vec<u8>>) -> Result<TlsParameters, ConfigError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = root_certificate_pem {
        let refuse = |problem: String| {
            let expected = "a certificate in PEM form";
            ConfigError::new("smtp.root_certificate_pem", problem, expected)
        };
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(refuse("there is none in it".to_owned()));
        }
        let certificate = Certificate::from_pem(&pem).map_err(|error| refuse(error.to_string()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| {
        let expected = "a host name, and certificates that the system trusts";
        ConfigError::new("smtp.host", error.to_string(), expected)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_settings_are_named() {
        let good = || SmtpSettings::new("localhost", "App", "app@example.com");
        assert!(good().check().is_ok());
        assert!(SmtpSettings::new("::1", "App", "a@example.com").check().is_ok());
        for (settings, field) in [
            (SmtpSettings::new(" ", "App", "app@example.com"), "smtp.host"),
            (SmtpSettings::new("smtp.example.com:587", "App", "app@example.com"), "smtp.host"),
            (SmtpSettings::new("smtp://example.com", "App", "app@example.com"), "smtp.host"),
            (SmtpSettings::new("example.com/x", "App", "app@example.com"), "smtp.host"),
            (SmtpSettings::new("localhost", "App", "app"), "smtp.from_email"),
            (SmtpSettings::new("localhost", "A\r\nB: c", "app@example.com"), "smtp.from_name"),
            (good().port(0), "smtp.port"),
            (good().credentials("", "secret"), "smtp.credentials"),
            (good().root_certificate_pem("no certificate"), "smtp.root_certificate_pem"),
        ] {
            let error = settings.check().err().expect("refused");
            assert_eq!(error.field(), field);
        }
    }

    #[test]
    fn debug_output_shows_no_password() {
        let settings = SmtpSettings::new("h", "n", "e").credentials("user", "open sesame");
        assert!(!format!("{settings:?}").contains("sesame"));
    }
}
