//! Whether a text is an email address, as far as an application has no rule of its own
//! (FDI §10).

use auth_protocol::{normalise_email, parse_email};

/// What a core keeps of an address; mail systems deliver to 254 octets (RFC 5321, section 4.5.3.1).
const LONGEST_EMAIL: usize = 256;

/// Why an address of any form can't be kept; `None` where it can.
pub(crate) fn length_problem(email: &str) -> Option<&'static str> {
    (normalise_email(email).chars().count() > LONGEST_EMAIL).then_some("Email is invalid")
}

/// Why the text is no email address; `None` where it is one. An internationalised domain is judged
/// as the network knows it.
pub(crate) fn email_problem(email: &str) -> Option<&'static str> {
    // What surrounds it is taken away where forms are read.
    let read = parse_email(email).filter(|_| email.trim() == email);
    // No domain holds an `@`; what stands before the last one may, between quotes.
    let is_right = read
        .as_deref()
        .and_then(|email| email.rsplit_once('@'))
        .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
    (!is_right).then_some("Email is invalid")
}

/// Words with dots between them, or anything on one line between quotes.
fn is_local_part(text: &str) -> bool {
    let is_quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .is_some_and(|text| !text.is_empty() && !text.contains('\n'));
    let is_plain = |c: char| !c.is_whitespace() && !r#"<>()[]\.,;:@""#.contains(c);
    is_quoted || text.split('.').all(|word| !word.is_empty() && word.chars().all(is_plain))
}

/// An IPv4 address in brackets, or a name whose last label is two or more letters.
fn is_domain(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let is_byte = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        return address.split('.').count() == 4 && address.split('.').all(is_byte);
    }
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
    };
    text.rsplit_once('.').is_some_and(|(labels, last)| {
        let is_word = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
        // Those of other scripts, as the network knows them.
        let is_encoded = last.len() > 4 && last.starts_with("xn--") && is_label(last);
        (is_word || is_encoded) && labels.split('.').all(is_label)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for email in [
            "ada@example.com",
            "Ada.Lovelace+test@sub.example.co.uk",
            "\"a b\"@example.com",
            "ada@[127.0.0.1]",
            "ünï@example.com",
            "a@b-c.de",
            "ada@bücher.example",
            "ada@пример.испытание",
        ] {
            assert_eq!(email_problem(email), None, "{email}");
        }
        for email in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@example.c",
            "a b@example.com",
            "ada@@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "ada@example.com\n",
            "ada@exam_ple.com",
            "a,b@example.com",
            "a\u{200b}da@example.com",
            "ada@example.com\u{200e}",
            "\u{202e}ada@example.com",
            "\"a\u{0}\"@example.com",
            "ada@bü cher.example",
        ] {
            assert_eq!(email_problem(email), Some("Email is invalid"), "{email}");
        }
    }

    /// The expression of the reference (FDI §10), with top level domains of other
    /// scripts.
    fn expression() -> Regex {
        Regex::new(concat!(
            r#"^(([^<>()\[\]\\.,;:\s@"]+(\.[^<>()\[\]\\.,;:\s@"]+)*)|(".+"))"#,
            r"@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\])",
            r"|(([a-zA-Z\-0-9]+\.)+([a-zA-Z]{2,}|xn--[a-zA-Z\-0-9]+)))$",
        ))
        .unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn addresses_are_judged_as_by_the_reference_s_expression(
            local in r#"("|.|[a-z.@" ]{1,3}|\P{M}){0,3}"?"#,
            at in "@{0,2}",
            domain in r"(\[?([0-9]{1,4}\.?){3,5}\]?)|([a-zé0-9_-]{0,2}\.?){1,3}[a-zA-Z0-9]{0,3}\n?",
        ) {
            let email = format!("{local}{at}{domain}");
            // But for what can't be seen, and for domains of other scripts.
            let normal = parse_email(&email).filter(|_| email.trim() == email);
            let is_right = normal.is_some_and(|normal| expression().is_match(&normal));
            prop_assert_eq!(email_problem(&email).is_none(), is_right);
        }

        #[test]
        fn any_text_is_judged(text in ".{0,120}") {
            let _ = (email_problem(&text), length_problem(&text));
        }
    }
}
