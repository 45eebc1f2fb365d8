//! How users are reached, and what they are sent.

use auth_protocol::{
    normalise_email, normalise_phone_number, parse_email,
    passwordless::{ConsumedDevice, Device},
};

/// An email address or a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// An address.
    Email(String),
    /// A phone number.
    PhoneNumber(String),
}

impl Contact {
    /// The address or number.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(value) | Self::PhoneNumber(value) => value,
        }
    }

    /// The contact in the form in which it is stored, compared and sent to.
    ///
    /// ```
    /// use auth_core::recipes::passwordless::Contact;
    ///
    /// let written = Contact::Email("Vic\u{212a}@Bücher.example".to_owned());
    /// assert_eq!(written.normalised().as_str(), "vick@xn--bcher-kva.example");
    /// ```
    #[must_use]
    pub fn normalised(&self) -> Self {
        match self {
            Self::Email(address) => Self::Email(normalise_email(address)),
            Self::PhoneNumber(number) => Self::PhoneNumber(normalise_phone_number(number)),
        }
    }

    /// Whether there is nothing in it that no store takes.
    pub(super) fn is_readable(&self) -> bool {
        match self {
            Self::Email(address) => parse_email(address).is_some(),
            Self::PhoneNumber(number) => !number.chars().any(char::is_control),
        }
    }

    fn from_parts(email: Option<&String>, phone_number: Option<&String>) -> Option<Self> {
        email
            .map(|email| Self::Email(email.clone()))
            .or_else(|| phone_number.map(|number| Self::PhoneNumber(number.clone())))
    }

    /// Whom a device's codes are for.
    pub(super) fn of_device(device: &Device) -> Option<Self> {
        Self::from_parts(device.email.as_ref(), device.phone_number.as_ref())
    }

    /// Whom a consumed device's codes were for.
    #[must_use]
    pub fn of_consumed(device: &ConsumedDevice) -> Option<Self> {
        Self::from_parts(device.email.as_ref(), device.phone_number.as_ref())
    }
}

/// Which contacts users may sign in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContactMethod {
    /// `EMAIL`
    Email,
    /// `PHONE`
    Phone,
    /// `EMAIL_OR_PHONE`: the user's choice.
    EmailOrPhone,
}

impl ContactMethod {
    /// Whether users may sign in by this contact.
    pub fn accepts(self, contact: &Contact) -> bool {
        match self {
            Self::Email => matches!(contact, Contact::Email(_)),
            Self::Phone => matches!(contact, Contact::PhoneNumber(_)),
            Self::EmailOrPhone => true,
        }
    }
}

/// What users are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlowType {
    /// `USER_INPUT_CODE`: a code to type in.
    UserInputCode,
    /// `MAGIC_LINK`: a link to follow.
    MagicLink,
    /// `USER_INPUT_CODE_AND_MAGIC_LINK`: both, in one mail or message.
    UserInputCodeAndMagicLink,
}

impl FlowType {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserInputCode => "USER_INPUT_CODE",
            Self::MagicLink => "MAGIC_LINK",
            Self::UserInputCodeAndMagicLink => "USER_INPUT_CODE_AND_MAGIC_LINK",
        }
    }

    /// Whether there is a code to type in.
    pub const fn has_user_input_code(self) -> bool {
        matches!(self, Self::UserInputCode | Self::UserInputCodeAndMagicLink)
    }

    /// Whether there is a link.
    pub const fn has_link(self) -> bool {
        matches!(self, Self::MagicLink | Self::UserInputCodeAndMagicLink)
    }
}
