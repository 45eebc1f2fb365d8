//! What stands in the mails.

use std::fmt::{self, Write as _};

use auth_protocol::Secret;
use html_escape::{encode_double_quoted_attribute, encode_safe};

use super::super::{Email, lifetime};

/// A mail, ready to be sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailContent {
    /// The subject.
    pub subject: String,
    /// The address.
    pub to_email: String,
    /// The body for readers without HTML.
    pub text_body: String,
    /// The body as HTML, where there is one.
    pub html_body: Option<String>,
}

impl EmailContent {
    /// A mail without HTML.
    pub fn new(
        to_email: impl Into<String>,
        subject: impl Into<String>,
        text_body: impl Into<String>,
    ) -> Self {
        Self {
            subject: subject.into(),
            to_email: to_email.into(),
            text_body: text_body.into(),
            html_body: None,
        }
    }

    /// The same as HTML.
    #[must_use]
    pub fn html_body(mut self, html: impl Into<String>) -> Self {
        self.html_body = Some(html.into());
        self
    }
}

impl fmt::Debug for EmailContent {
    /// The subject only: the bodies hold codes and links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailContent").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// What a mail tells, before it becomes text and HTML.
struct Letter<'a> {
    app_name: &'a str,
    heading: String,
    opening: String,
    code: Option<&'a Secret>,
    link: Option<(&'static str, &'a Secret)>,
    closing: Vec<String>,
}

/// The mail of a recipe, with the subjects of the reference SDKs (FDI: delivery ingredients).
pub(super) fn content(app_name: &str, email: &Email) -> EmailContent {
    let sent_to = format!(
        "This mail was sent to {} because of a request at {app_name}. If it \
        wasn't yours, you can ignore it.",
        email.to()
    );
    let (subject, letter) = match email {
        Email::PasswordReset(mail) => (
            "Password reset instructions",
            Letter {
                app_name,
                heading: "Reset your password".to_owned(),
                opening: format!("Follow the link to choose a new password for {app_name}."),
                code: None,
                link: email.link().map(|link| ("Reset password", link)),
                closing: vec![
                    format!("The link works once, for {}.", lifetime::in_words(mail.link_lifetime)),
                    sent_to,
                ],
            },
        ),
        Email::PasswordlessLogin(mail) => {
            let (code, link) = (email.user_input_code(), email.link());
            let opening = match (code.is_some(), link.is_some()) {
                (true, true) => "Type this code in, or follow the link.",
                (true, false) => "Type this code in.",
                _ => "Follow the link to continue.",
            };
            let heading = match mail.login.is_first_factor {
                true => format!("Log in to {app_name}"),
                false => format!("Confirm your login to {app_name}"),
            };
            let mut validity =
                format!("Valid for {}.", lifetime::in_words(mail.login.code_lifetime));
            if code.is_some() {
                let _ = write!(validity, " Give the code to nobody: {app_name} never asks for it.");
            }
            (
                "Login to your account",
                Letter {
                    app_name,
                    heading,
                    opening: opening.to_owned(),
                    code,
                    link: link.map(|link| ("Log in", link)),
                    closing: vec![validity, sent_to],
                },
            )
        }
    };
    EmailContent::new(email.to(), subject, letter.to_text()).html_body(letter.to_html(subject))
}

/// The colours of mail programs that are dark. They stand in no attribute, because only a style sheet
/// can ask; programs that drop it show the light ones, which the attributes give.
const DARK: &str = "@media (prefers-color-scheme: dark) {\n\
    .page { background: #11131b !important; color: #eceef5 !important; }\n\
    .card { background: #1a1d29 !important; }\n\
    .muted { color: #a3aabf !important; }\n\
    .code { background: #2e3345 !important; }\n\
    .button { background: #a5b4fc !important; color: #11131b !important; }\n\
}\n";

// Writing to a string can't fail.
impl Letter<'_> {
    fn to_text(&self) -> String {
        let mut text = format!("{}\n\n{}\n", self.heading, self.opening);
        if let Some(code) = self.code {
            let _ = write!(text, "\n    {}\n", code.expose_secret());
        }
        if let Some((_, link)) = self.link {
            let _ = write!(text, "\n{}\n", link.expose_secret());
        }
        for line in &self.closing {
            let _ = write!(text, "\n{line}\n");
        }
        text
    }

    /// Tables and inline styles: what mail programs render alike. Their layout is fixed, so that a
    /// long name, code or link breaks instead of making the mail wider than the screen.
    fn to_html(&self, subject: &str) -> String {
        let mut rows = format!(
            "<tr><td class=\"muted\" style=\"font-size:14px;color:#5b6475\">{}</td></tr>\n\
             <tr><td style=\"font-size:22px;font-weight:600;padding-top:8px\">{}</td></tr>\n\
             <tr><td style=\"font-size:16px;line-height:24px;padding-top:16px\">{}</td></tr>\n",
            encode_safe(self.app_name),
            encode_safe(&self.heading),
            encode_safe(&self.opening),
        );
        if let Some(code) = self.code {
            let _ = writeln!(
                rows,
                "<tr><td style=\"padding-top:20px\"><div class=\"code\" style=\"font-family:Consolas,Menlo,\
                 monospace;font-size:30px;letter-spacing:6px;text-align:center;\
                 background:#eef1f6;border-radius:8px;padding:16px\">{}</div></td></tr>",
                encode_safe(code.expose_secret()),
            );
        }
        if let Some((label, link)) = self.link {
            let (label, link) = (encode_safe(label), link.expose_secret());
            let _ = writeln!(
                rows,
                "<tr><td style=\"padding-top:20px\"><a class=\"button\" href=\"{}\" style=\"display:inline-block;\
                 background:#1f5eff;color:#ffffff;text-decoration:none;border-radius:8px;\
                 padding:12px 24px;font-size:16px\">{label}</a></td></tr>\n\
                 <tr><td class=\"muted\" style=\"font-size:13px;line-height:20px;color:#5b6475;\
                 padding-top:16px;word-break:break-all\">Or open this address:<br>{}</td></tr>",
                encode_double_quoted_attribute(link),
                encode_safe(link),
            );
        }
        for line in &self.closing {
            let _ = writeln!(
                rows,
                "<tr><td class=\"muted\" style=\"font-size:13px;line-height:20px;color:#5b6475;\
                 padding-top:16px\">{}</td></tr>",
                encode_safe(line),
            );
        }
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
             <title>{}</title>\n<style>\n{DARK}</style>\n</head>\n\
             <body class=\"page\" style=\"margin:0;background:#f4f5f7;color:#1f2430;\
             font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"table-layout:fixed\"><tr><td align=\"center\" style=\"padding:32px 16px\">\n\
             <table class=\"card\" role=\"presentation\" width=\"480\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"table-layout:fixed;overflow-wrap:break-word;word-break:break-word;\
             max-width:480px;width:100%;background:#ffffff;border-radius:12px;padding:32px\">\n\
             {rows}</table>\n</td></tr></table>\n</body>\n</html>\n",
            encode_safe(subject),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::delivery::{LoginCode, PasswordlessLoginEmail};

    fn login(code: Option<&str>, link: Option<&str>) -> EmailContent {
        let mut login = LoginCode::new("public".into(), "id", Duration::from_secs(900));
        login.user_input_code = code.map(Secret::from);
        login.url_with_link_code = link.map(Secret::from);
        let mail = PasswordlessLoginEmail::new("ada@example.com", login);
        content("Tom & <Jerry>", &Email::PasswordlessLogin(mail))
    }

    #[test]
    fn both_parts_tell_app_code_link_lifetime_and_recipient() {
        let mail = login(Some("123456"), Some("https://example.com/verify?a=1&b=2#c"));
        assert_eq!(mail.subject, "Login to your account");
        let html = mail.html_body.clone().expect("HTML");
        for part in [&mail.text_body, &html] {
            for text in ["123456", "15 minutes", "ada@example.com"] {
                assert!(part.contains(text), "{text} in {part}");
            }
        }
        assert!(mail.text_body.contains("https://example.com/verify?a=1&b=2#c"));
        assert!(mail.text_body.contains("Tom & <Jerry>"));
        assert!(html.contains("Tom &amp; &lt;Jerry&gt;") && !html.contains("<Jerry>"));
        assert!(html.contains("href=\"https://example.com/verify?a=1&amp;b=2#c\""), "{html}");
    }

    #[test]
    fn what_would_be_markup_is_text() {
        let mail = login(Some("<b>&\"'"), Some("https://example.com/\"><script>"));
        let html = mail.html_body.clone().expect("HTML");
        assert!(!html.contains("<b>") && !html.contains("<script>"), "{html}");
        assert!(html.contains("&lt;b&gt;"));
        let only_link = login(None, Some("https://example.com"));
        assert!(!only_link.text_body.contains("code"), "{}", only_link.text_body);
    }

    #[test]
    fn a_second_factor_confirms_a_login() {
        let login = LoginCode::new("public".into(), "id", Duration::from_secs(90));
        for (login, heading) in [
            (login.clone(), "Log in to App\n"),
            (login.second_factor(), "Confirm your login to App\n"),
        ] {
            let login = login.user_input_code("123456");
            let mail = PasswordlessLoginEmail::new("ada@example.com", login);
            let text = content("App", &Email::PasswordlessLogin(mail)).text_body;
            assert!(text.starts_with(heading), "{text}");
            assert!(text.contains("\n    123456\n") && text.contains("1 minute."), "{text}");
        }
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let mail = format!("{:?}", login(Some("123456"), Some("https://example.com")));
        assert!(!mail.contains("123456") && !mail.contains("https"), "{mail}");
    }
}
