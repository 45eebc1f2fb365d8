//! The words of a mail, before they become text and HTML.

use std::borrow::Cow;

/// The words of a mail. A delivery writes them as text and as HTML, with the code and the link below
/// the opening, and says at the end whom the mail was sent to and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Letter {
    /// The subject.
    pub subject: Cow<'static, str>,
    /// The first line.
    pub heading: String,
    /// What to do.
    pub opening: String,
    /// What stands on the link.
    pub link_label: Cow<'static, str>,
    /// Further lines, below the code and the link.
    pub closing: Vec<String>,
    /// Whether it tells of something that happened, rather than that somebody asked for it: who didn't
    /// do it mustn't ignore it.
    pub is_notice: bool,
}

impl Letter {
    /// A letter with a subject, a first line, and what to do.
    pub fn new(
        subject: impl Into<Cow<'static, str>>,
        heading: impl Into<String>,
        opening: impl Into<String>,
    ) -> Self {
        Self {
            subject: subject.into(),
            heading: heading.into(),
            opening: opening.into(),
            link_label: Cow::Borrowed("Open"),
            closing: Vec::new(),
            is_notice: false,
        }
    }

    /// It tells of something that happened.
    #[must_use]
    pub fn notice(mut self) -> Self {
        self.is_notice = true;
        self
    }

    /// What stands on the link; `Open` by default.
    #[must_use]
    pub fn link_label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.link_label = label.into();
        self
    }

    /// One more line, below the code and the link.
    #[must_use]
    pub fn closing(mut self, line: impl Into<String>) -> Self {
        self.closing.push(line.into());
        self
    }
}
