//! The versions of the interface.

use std::{fmt, str::FromStr};

/// A version of the Core Driver Interface, such as 5.4.
///
/// An operation exists in every version; what differs is the form of some fields, and how sessions
/// are refreshed.
///
/// ```
/// use auth_protocol::CdiVersion;
///
/// let version: CdiVersion = "5.4".parse().unwrap();
/// assert!(version < CdiVersion::LATEST);
/// assert!(version.is_supported());
/// assert!("5".parse::<CdiVersion>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CdiVersion {
    major: u16,
    minor: u16,
}

impl CdiVersion {
    /// Sessions as they are since: access tokens of version 3, whose keys callers find by their ids.
    pub const V2_21: Self = Self::new(2, 21);
    /// Apps and tenants in the path, access tokens of version 4.
    pub const V3_0: Self = Self::new(3, 0);
    /// Account linking: users have login methods, access tokens version 5.
    pub const V4_0: Self = Self::new(4, 0);
    /// Operations of the app are refused to tenants.
    pub const V5_0: Self = Self::new(5, 0);
    /// Tenants are set up by lists of factors.
    pub const V5_1: Self = Self::new(5, 1);
    /// Passkeys.
    pub const V5_3: Self = Self::new(5, 3);
    /// What version 24 of the reference's SDK for Node.js speaks.
    pub const V5_4: Self = Self::new(5, 4);
    /// The options of a passkey's sign-in are used up.
    pub const V5_5: Self = Self::new(5, 5);
    /// Refresh tokens rotate at each use, and verifying a session writes nothing.
    pub const V5_6: Self = Self::new(5, 6);
    /// The newest version.
    pub const LATEST: Self = Self::V5_6;
    /// Every version that these types can be spoken in, oldest first.
    pub const SUPPORTED: [Self; 11] = [
        Self::V2_21,
        Self::V3_0,
        Self::new(3, 1),
        Self::V4_0,
        Self::V5_0,
        Self::V5_1,
        Self::new(5, 2),
        Self::V5_3,
        Self::V5_4,
        Self::V5_5,
        Self::V5_6,
    ];

    const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Whether these types can be spoken in this version.
    pub fn is_supported(self) -> bool {
        Self::SUPPORTED.contains(&self)
    }
}

impl Default for CdiVersion {
    fn default() -> Self {
        Self::LATEST
    }
}

impl FromStr for CdiVersion {
    type Err = NotAVersion;

    /// Reads two numbers with a dot between them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse().map_err(|_| NotAVersion),
            false => Err(NotAVersion),
        };
        let (major, minor) = text.split_once('.').ok_or(NotAVersion)?;
        Ok(Self::new(number(major)?, number(minor)?))
    }
}

impl fmt::Display for CdiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The text names no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAVersion;

impl fmt::Display for NotAVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a version: two numbers with a dot between them, such as 5.4")
    }
}

impl std::error::Error for NotAVersion {}

#[cfg(test)]
mod tests {
    use super::{CdiVersion, NotAVersion};

    #[test]
    fn versions_are_ordered_by_number_and_read_back_as_they_are_written() {
        let texts = CdiVersion::SUPPORTED.map(|version| version.to_string());
        let read = texts.each_ref().map(|text| text.parse().unwrap());
        assert_eq!(read, CdiVersion::SUPPORTED);
        assert!(read.is_sorted());
        assert_eq!(read.last(), Some(&CdiVersion::LATEST));
        assert!("5.10".parse::<CdiVersion>().unwrap() > CdiVersion::LATEST);
    }

    #[test]
    fn what_is_not_two_numbers_is_no_version() {
        for text in ["", "5", "5.", ".4", "v5.4", "5.4.1", "+5.4", "5.-4", " 5.4", "99999.0"] {
            assert_eq!(text.parse::<CdiVersion>(), Err(NotAVersion), "{text:?}");
        }
    }
}
