//! What stands in the mails.

use std::fmt::{self, Write as _};

use auth_protocol::Secret;
use html_escape::{encode_double_quoted_attribute, encode_safe};

use super::super::{Email, Letter};

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

/// A mail as it will be written.
struct Page<'a> {
    app_name: &'a str,
    letter: Letter,
    code: Option<&'a Secret>,
    link: Option<&'a Secret>,
}

/// The mail of a recipe, with the recipe's words (FDI §9).
pub(super) fn content(app_name: &str, email: &Email) -> EmailContent {
    let letter = email.letter(app_name);
    let why = match letter.is_notice {
        true => format!("because it is the address of your account at {app_name}."),
        false => {
            format!("because of a request at {app_name}. If it wasn't yours, you can ignore it.")
        }
    };
    let letter = letter.closing(format!("This mail was sent to {} {why}", email.to()));
    let page = Page { app_name, letter, code: email.user_input_code(), link: email.link() };
    let (text, html) = (page.to_text(), page.to_html());
    EmailContent::new(email.to(), page.letter.subject, text).html_body(html)
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
impl Page<'_> {
    fn to_text(&self) -> String {
        let mut text = format!("{}\n\n{}\n", self.letter.heading, self.letter.opening);
        if let Some(code) = self.code {
            let _ = write!(text, "\n    {}\n", code.expose_secret());
        }
        if let Some(link) = self.link {
            let _ = write!(text, "\n{}\n", link.expose_secret());
        }
        for line in &self.letter.closing {
            let _ = write!(text, "\n{line}\n");
        }
        text
    }

    /// Tables and inline styles: what mail programs render alike. Their layout is fixed, so that a
    /// long name, code or link breaks instead of making the mail wider than the screen.
    fn to_html(&self) -> String {
        let mut rows = format!(
            "<tr><td class=\"muted\" style=\"font-size:14px;color:#5b6475\">{}</td></tr>\n\
             <tr><td style=\"font-size:22px;font-weight:600;padding-top:8px\">{}</td></tr>\n\
             <tr><td style=\"font-size:16px;line-height:24px;padding-top:16px\">{}</td></tr>\n",
            encode_safe(self.app_name),
            encode_safe(&self.letter.heading),
            encode_safe(&self.letter.opening),
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
        if let Some(link) = self.link {
            let (label, link) = (encode_safe(&self.letter.link_label), link.expose_secret());
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
        for line in &self.letter.closing {
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
            encode_safe(&self.letter.subject),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Mail;

    #[derive(Debug, Default)]
    struct Greeting {
        code: Option<Secret>,
        link: Option<Secret>,
    }

    impl Mail for Greeting {
        fn type_name(&self) -> &'static str {
            "GREETING"
        }

        fn to(&self) -> &'static str {
            "ada@example.com"
        }

        fn link(&self) -> Option<&Secret> {
            self.link.as_ref()
        }

        fn user_input_code(&self) -> Option<&Secret> {
            self.code.as_ref()
        }

        fn letter(&self, app_name: &str) -> Letter {
            Letter::new("Hello", format!("Hello from {app_name}"), "Do as you like.")
                .link_label("Go <there>")
                .closing("For 15 minutes.")
        }
    }

    fn greeting(code: Option<&str>, link: Option<&str>) -> EmailContent {
        let mail = Greeting { code: code.map(Secret::from), link: link.map(Secret::from) };
        content("Tom & <Jerry>", &Email::new(mail))
    }

    #[test]
    fn both_parts_tell_words_code_link_and_recipient() {
        let mail = greeting(Some("123456"), Some("https://example.com/verify?a=1&b=2#c"));
        assert_eq!((&*mail.subject, &*mail.to_email), ("Hello", "ada@example.com"));
        let html = mail.html_body.clone().expect("HTML");
        for part in [&mail.text_body, &html] {
            for text in ["123456", "Do as you like.", "For 15 minutes.", "ada@example.com"] {
                assert!(part.contains(text), "{text} in {part}");
            }
        }
        assert!(mail.text_body.starts_with("Hello from Tom & <Jerry>\n"), "{}", mail.text_body);
        assert!(mail.text_body.contains("\n    123456\n"), "{}", mail.text_body);
        assert!(mail.text_body.contains("https://example.com/verify?a=1&b=2#c"));
        assert!(html.contains("Tom &amp; &lt;Jerry&gt;") && !html.contains("<Jerry>"));
        assert!(html.contains("Go &lt;there&gt;"), "{html}");
        assert!(html.contains("href=\"https://example.com/verify?a=1&amp;b=2#c\""), "{html}");
    }

    #[test]
    fn what_would_be_markup_is_text() {
        let mail = greeting(Some("<b>&\"'"), Some("https://example.com/\"><script>"));
        let html = mail.html_body.clone().expect("HTML");
        assert!(!html.contains("<b>") && !html.contains("<script>"), "{html}");
        assert!(html.contains("&lt;b&gt;"));
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let mail = format!("{:?}", greeting(Some("123456"), Some("https://example.com")));
        assert!(!mail.contains("123456") && !mail.contains("https"), "{mail}");
    }
}
