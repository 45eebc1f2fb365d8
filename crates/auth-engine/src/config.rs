//! What an application may set, with defaults and checks.

#[cfg(feature = "sqlite")]
use std::path::PathBuf;
use std::{num::NonZero, thread, time::Duration};

use auth_protocol::Secret;

use crate::{Clock, Database, Random};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A setting that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}; expected {expected}")]
#[non_exhaustive]
pub struct ConfigError {
    /// The setting's name.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
    /// What would be right.
    pub expected: String,
}

impl ConfigError {
    pub(crate) fn new(
        field: &'static str,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { field, problem: problem.into(), expected: expected.into() }
    }
}

/// The algorithm by which access tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    /// RSA with SHA-256: what every SuperTokens SDK understands. Keys have 2048 bits.
    #[default]
    Rs256,
    /// ECDSA on P-256: small tokens, quick to sign.
    Es256,
    /// Ed25519 (RFC 8037): small tokens, quickest to sign.
    EdDsa,
}

impl SigningAlgorithm {
    /// The name in a JWT's header (RFC 7518, RFC 8037).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// How the use of a refresh token whose grace period is just over is reported. The session ends
/// either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenReuseBehaviour {
    /// As the theft of the token.
    #[default]
    TokenTheft,
    /// As an unauthorised request.
    Unauthorised,
}

/// What happens where a user would have more sessions than
/// [`EngineConfig::max_sessions_per_user`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TooManySessions {
    /// The oldest ones end.
    #[default]
    EndOldest,
    /// The new one is refused.
    RefuseNew,
}

/// The cost of a new password hash (Argon2id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordHashingConfig {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// How many passwords are hashed at the same time; the others wait, for
    /// [`EngineConfig::password_hashing_longest_wait`] at most.
    pub concurrency: usize,
}

impl Default for PasswordHashingConfig {
    /// The OWASP recommendation: 19 MiB, two passes, one lane; one hash for each processor.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
            concurrency: thread::available_parallelism().map_or(1, NonZero::get),
        }
    }
}

/// The settings of an [`Engine`](crate::Engine); [`Engine::open`](crate::Engine::open) checks them.
///
/// ```
/// use std::time::Duration;
/// use auth_engine::EngineConfig;
///
/// let config = EngineConfig::sqlite_file("auth.db")
///     .access_token_validity(Duration::from_secs(600))
///     .password_reset_token_lifetime(Duration::from_secs(1800));
/// # let _ = config;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct EngineConfig {
    pub(crate) database: Database,
    pub(crate) database_busy_timeout: Duration,
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    pub(crate) database_size_limit_bytes: Option<u64>,
    pub(crate) database_pool_size: usize,
    pub(crate) database_operation_timeout: Duration,
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    pub(crate) tenant_databases_max_connections: usize,
    pub(crate) access_token_validity: Duration,
    pub(crate) access_token_validity_jitter: f64,
    pub(crate) refresh_token_validity: Duration,
    pub(crate) session_absolute_lifetime: Option<Duration>,
    pub(crate) max_sessions_per_user: Option<u32>,
    pub(crate) too_many_sessions: TooManySessions,
    pub(crate) refresh_token_rotation_grace_period: Duration,
    pub(crate) recent_token_reuse_behaviour: TokenReuseBehaviour,
    pub(crate) signing_key_rotation_interval: Duration,
    pub(crate) signing_algorithm: SigningAlgorithm,
    pub(crate) password_reset_token_lifetime: Duration,
    pub(crate) email_verification_token_lifetime: Duration,
    pub(crate) passkey_recovery_token_lifetime: Duration,
    pub(crate) passwordless_max_code_input_attempts: u32,
    pub(crate) passwordless_code_lifetime: Duration,
    pub(crate) passwordless_max_codes_per_contact: u32,
    pub(crate) passwordless_code_refill_interval: Duration,
    pub(crate) passwordless_max_wrong_codes_per_contact: u32,
    pub(crate) passwordless_wrong_code_refill_interval: Duration,
    pub(crate) totp_max_attempts: u32,
    pub(crate) totp_rate_limit_cooldown: Duration,
    pub(crate) password_hashing: PasswordHashingConfig,
    pub(crate) password_hashing_longest_wait: Duration,
    pub(crate) firebase_password_hashing_signer_key: Option<Secret>,
    pub(crate) audit_log: bool,
    pub(crate) audit_log_retention: Duration,
    pub(crate) audit_log_max_entries: u64,
    pub(crate) audit_log_checkpoint_interval: Duration,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
}

/// Writes the setters: each takes the setting's value and gives the configuration back.
macro_rules! setters {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        $(
            $(#[$doc])*
            pub fn $field(mut self, $field: $type) -> Self {
                self.$field = $field;
                self
            }
        )*
    };
}

impl EngineConfig {
    /// The defaults, on a database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            database_busy_timeout: Duration::from_secs(5),
            database_size_limit_bytes: None,
            database_pool_size: 16,
            database_operation_timeout: Duration::from_secs(15),
            tenant_databases_max_connections: 64,
            access_token_validity: HOUR,
            access_token_validity_jitter: 0.05,
            refresh_token_validity: 100 * DAY,
            session_absolute_lifetime: None,
            max_sessions_per_user: None,
            too_many_sessions: TooManySessions::default(),
            refresh_token_rotation_grace_period: Duration::from_secs(30),
            recent_token_reuse_behaviour: TokenReuseBehaviour::TokenTheft,
            signing_key_rotation_interval: 168 * HOUR,
            signing_algorithm: SigningAlgorithm::Rs256,
            password_reset_token_lifetime: HOUR,
            email_verification_token_lifetime: DAY,
            passkey_recovery_token_lifetime: HOUR,
            passwordless_max_code_input_attempts: 5,
            passwordless_code_lifetime: Duration::from_secs(10 * 60),
            passwordless_max_codes_per_contact: 10,
            passwordless_code_refill_interval: Duration::from_secs(10 * 60),
            passwordless_max_wrong_codes_per_contact: 10,
            passwordless_wrong_code_refill_interval: HOUR,
            totp_max_attempts: 5,
            totp_rate_limit_cooldown: Duration::from_secs(15 * 60),
            password_hashing: PasswordHashingConfig::default(),
            password_hashing_longest_wait: Duration::from_secs(5),
            firebase_password_hashing_signer_key: None,
            audit_log: true,
            audit_log_retention: 400 * DAY,
            audit_log_max_entries: 1_000_000,
            audit_log_checkpoint_interval: Duration::from_secs(60),
            clock: Clock::system(),
            random: Random::system(),
        }
    }

    /// The defaults, on a SQLite file.
    #[cfg(feature = "sqlite")]
    pub fn sqlite_file(path: impl Into<PathBuf>) -> Self {
        Self::new(Database::SqliteFile(path.into()))
    }

    /// The defaults, on a database in memory.
    #[cfg(feature = "sqlite")]
    pub fn in_memory() -> Self {
        Self::new(Database::InMemory)
    }

    setters! {
        /// How long to wait for another process's lock, and for a free connection of the pool;
        /// 5 s unless set, 1 hour at most.
        database_busy_timeout: Duration,
        /// The size that the database may grow to, in bytes; unlimited unless set. Beyond it,
        /// writes fail with [`StorageError::DiskFull`](crate::StorageError::DiskFull). Only on
        /// SQLite.
        database_size_limit_bytes: Option<u64>,
        /// How many connections to PostgreSQL are open at most; 16 unless set, from 1 to 1000. The
        /// server's `max_connections` must suffice for all processes together.
        database_pool_size: usize,
        /// How long one transaction on PostgreSQL may take, with its retries and the wait for a
        /// connection; 15 s unless set, from 10 ms to 1 hour. Beyond it the operation fails with
        /// [`StorageError::Unavailable`](crate::StorageError::Unavailable).
        database_operation_timeout: Duration,
        /// How many connections are open at most to all databases of tenants together, beside those
        /// to the engine's own; 64 unless set, from 1 to 10,000. Each has its own bound, too
        /// (`postgresql_connection_pool_size` of its tenants, 10 unless set). Where all are in use,
        /// idle ones of other databases are closed.
        tenant_databases_max_connections: usize,
        /// How long an access token is valid; 1 hour unless set. From 1 s to 86 400 000 s.
        access_token_validity: Duration,
        /// The part of the validity by which an access token may randomly be shorter, so that not
        /// every client refreshes at once; 0.05 unless set. From 0 to 0.25.
        access_token_validity_jitter: f64,
        /// How long a session lives without a refresh; 100 days unless set. Longer than
        /// `access_token_validity`.
        refresh_token_validity: Duration,
        /// How long a session lives at most, however often it is refreshed; without an end unless
        /// set. Counted from the sign-in; sessions that run already are judged by it, too. Access
        /// tokens expire with their session. From 1 s to 100 years.
        session_absolute_lifetime: Option<Duration>,
        /// How many sessions a user may have at once, by all login methods and in all tenants of
        /// the app; any number unless set, from 1 to 10,000. Judged where a session starts:
        /// those that run already end then.
        max_sessions_per_user: Option<u32>,
        /// Which sessions give way to that; the oldest unless set.
        too_many_sessions: TooManySessions,
        /// How long after its use a refresh token may be used again, for requests that race: they
        /// all get the same next one. 30 s unless set, 300 s at most.
        refresh_token_rotation_grace_period: Duration,
        /// How the use of a refresh token is reported once that time is over.
        recent_token_reuse_behaviour: TokenReuseBehaviour,
        /// How often the key that signs access tokens changes; 168 hours unless set, 1 hour at
        /// least.
        signing_key_rotation_interval: Duration,
        /// How access tokens are signed.
        signing_algorithm: SigningAlgorithm,
        /// How long a password reset token is valid; 1 hour unless set.
        password_reset_token_lifetime: Duration,
        /// How long a token that proves an address is valid; 1 day unless set.
        email_verification_token_lifetime: Duration,
        /// How long a token by which a lost passkey is replaced is valid; 1 hour unless set, 1 ms at
        /// least.
        passkey_recovery_token_lifetime: Duration,
        /// How many codes may be typed in at a device until one is right; 5 unless set, 1 at
        /// least. The last wrong one ends the device.
        passwordless_max_code_input_attempts: u32,
        /// How long a one-time code and its link are valid; 10 minutes unless set, 1 ms at least.
        passwordless_code_lifetime: Duration,
        /// How many one-time codes and links an address or phone number is sent at once, further
        /// ones for a device included; 10 unless set, from 1 to 1000. Who signs in by one has all
        /// of them again; otherwise they come back one by one.
        passwordless_max_codes_per_contact: u32,
        /// After how long one of these comes back; 10 minutes unless set, from 1 s to 30 days. It
        /// bounds how often a code can be guessed at, too: a day has 24 h ÷ this many first tries.
        passwordless_code_refill_interval: Duration,
        /// How many wrong one-time codes may be typed in for an address or phone number, at all
        /// its devices together; 10 unless set, from 1 to 1000. Beyond it, a device's first try is
        /// judged and no further one, so that who has a fresh code gets in whatever others try.
        passwordless_max_wrong_codes_per_contact: u32,
        /// After how long one more may be wrong; 1 hour unless set, from 1 s to 30 days.
        passwordless_wrong_code_refill_interval: Duration,
        /// How many TOTP and recovery codes, and one-time codes within the user's sessions, may be
        /// wrong in a row; 5 unless set, from 1 to 1000.
        totp_max_attempts: u32,
        /// How long codes are refused after that many wrong ones; 15 minutes unless set, from 1 s
        /// to 30 days.
        totp_rate_limit_cooldown: Duration,
        /// The cost of password hashes.
        password_hashing: PasswordHashingConfig,
        /// How long a password may wait until it is hashed; 5 s unless set, 10 minutes at most.
        /// One that would wait longer is refused at once with
        /// [`EngineError::Overloaded`](crate::EngineError::Overloaded), which an application answers
        /// with 503 and `Retry-After`. People and proxies give up on what takes much longer; the
        /// processors would then work for nobody. Zero refuses what no thread is free for.
        password_hashing_longest_wait: Duration,
        /// The `base64_signer_key` of the Firebase project whose password hashes are imported; none
        /// unless set. Users whose hash was imported and who haven't signed in since need it.
        firebase_password_hashing_signer_key: Option<Secret>,
        /// Whether what happens is written down in the audit log; it is unless set.
        audit_log: bool,
        /// How long entries of the audit log are kept; 400 days unless set, from 1 day to 100 years.
        audit_log_retention: Duration,
        /// How many entries a chain of the audit log has at most; 1 000 000 unless set, 1000 at
        /// least. The oldest go, within an hour.
        audit_log_max_entries: u64,
        /// How often the ends of chains that have grown are signed; each minute unless set, from 1 s
        /// to 1 day. What was written since can be cut off unseen.
        audit_log_checkpoint_interval: Duration,
        /// Where the time comes from.
        clock: Clock,
        /// Where random bytes come from.
        random: Random,
    }

    /// Finds the first setting that can't be used.
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        check_duration("database_busy_timeout", self.database_busy_timeout, Duration::ZERO, HOUR)?;
        check_duration(
            "database_operation_timeout",
            self.database_operation_timeout,
            Duration::from_millis(10),
            HOUR,
        )?;
        check_count("database_pool_size", self.database_pool_size, 1000)?;
        let most = self.tenant_databases_max_connections;
        check_count("tenant_databases_max_connections", most, 10_000)?;
        let second = Duration::from_secs(1);
        let longest = Duration::from_secs(86_400_000);
        check_duration("access_token_validity", self.access_token_validity, second, longest)?;
        if !(0.0..=0.25).contains(&self.access_token_validity_jitter) {
            return Err(ConfigError::new(
                "access_token_validity_jitter",
                format!("{} is out of range", self.access_token_validity_jitter),
                "a number from 0 to 0.25",
            ));
        }
        if self.refresh_token_validity <= self.access_token_validity {
            return Err(ConfigError::new(
                "refresh_token_validity",
                format!("{:?} is too short", self.refresh_token_validity),
                format!("more than `access_token_validity` ({:?})", self.access_token_validity),
            ));
        }
        let century = 36_500 * DAY;
        check_duration("refresh_token_validity", self.refresh_token_validity, second, century)?;
        if let Some(lifetime) = self.session_absolute_lifetime {
            check_duration("session_absolute_lifetime", lifetime, second, century)?;
        }
        if let Some(most) = self.max_sessions_per_user
            && !(1..=10_000).contains(&most)
        {
            let problem = format!("{most} is out of range");
            return Err(ConfigError::new("max_sessions_per_user", problem, "1 to 10,000, or none"));
        }
        check_duration(
            "refresh_token_rotation_grace_period",
            self.refresh_token_rotation_grace_period,
            Duration::ZERO,
            Duration::from_secs(300),
        )?;
        let rotation = self.signing_key_rotation_interval;
        check_duration("signing_key_rotation_interval", rotation, HOUR, century)?;
        check_duration("audit_log_retention", self.audit_log_retention, DAY, century)?;
        let interval = self.audit_log_checkpoint_interval;
        check_duration("audit_log_checkpoint_interval", interval, second, DAY)?;
        if self.audit_log_max_entries < 1000 {
            return Err(ConfigError::new(
                "audit_log_max_entries",
                format!("{} is out of range", self.audit_log_max_entries),
                "1000 or more",
            ));
        }
        let lifetime = self.password_reset_token_lifetime;
        check_duration("password_reset_token_lifetime", lifetime, Duration::ZERO, century)?;
        if self.passwordless_max_code_input_attempts == 0 {
            return Err(ConfigError::new(
                "passwordless_max_code_input_attempts",
                "it is 0",
                "1 or more",
            ));
        }
        let lifetime = self.passwordless_code_lifetime;
        let least = Duration::from_millis(1);
        check_duration("passwordless_code_lifetime", lifetime, least, century)?;
        let lifetime = self.passkey_recovery_token_lifetime;
        check_duration("passkey_recovery_token_lifetime", lifetime, least, century)?;
        for (field, found) in [
            ("passwordless_max_codes_per_contact", self.passwordless_max_codes_per_contact),
            (
                "passwordless_max_wrong_codes_per_contact",
                self.passwordless_max_wrong_codes_per_contact,
            ),
            ("totp_max_attempts", self.totp_max_attempts),
        ] {
            if !(1..=1000).contains(&found) {
                let problem = format!("{found} is out of range");
                return Err(ConfigError::new(field, problem, "1 to 1000"));
            }
        }
        for (field, interval) in [
            ("passwordless_code_refill_interval", self.passwordless_code_refill_interval),
            (
                "passwordless_wrong_code_refill_interval",
                self.passwordless_wrong_code_refill_interval,
            ),
        ] {
            check_duration(field, interval, second, 30 * DAY)?;
        }
        let wait = self.password_hashing_longest_wait;
        let most = Duration::from_secs(10 * 60);
        check_duration("password_hashing_longest_wait", wait, Duration::ZERO, most)?;
        let cooldown = self.totp_rate_limit_cooldown;
        check_duration("totp_rate_limit_cooldown", cooldown, second, 30 * DAY)?;
        self.password_hashing.validate()
    }
}

impl PasswordHashingConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        let field = "password_hashing";
        let wrong = |name: &str, found: usize, expected: String| {
            Err(ConfigError::new(field, format!("`{name}` is {found}"), expected))
        };
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        if !(1..=255).contains(&self.parallelism) {
            let found = size(self.parallelism);
            return wrong("parallelism", found, "1 to 255".to_owned());
        }
        // RFC 9106, section 3.1: at least eight blocks of 1 KiB for each lane.
        let least = 8 * self.parallelism;
        if !(least..=4 * 1024 * 1024).contains(&self.memory_kib) {
            let found = size(self.memory_kib);
            return wrong("memory_kib", found, format!("{least} to 4194304 (4 GiB)"));
        }
        if !(1..=1_000).contains(&self.iterations) {
            return wrong("iterations", size(self.iterations), "1 to 1000".to_owned());
        }
        if !(1..=1_024).contains(&self.concurrency) {
            return wrong("concurrency", self.concurrency, "1 to 1024".to_owned());
        }
        Ok(())
    }
}

fn check_duration(
    field: &'static str,
    found: Duration,
    least: Duration,
    most: Duration,
) -> Result<(), ConfigError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    let problem = format!("{found:?} is out of range");
    Err(ConfigError::new(field, problem, format!("{least:?} to {most:?}")))
}

fn check_count(field: &'static str, found: usize, most: usize) -> Result<(), ConfigError> {
    if (1..=most).contains(&found) {
        return Ok(());
    }
    Err(ConfigError::new(field, format!("{found} is out of range"), format!("1 to {most}")))
}
