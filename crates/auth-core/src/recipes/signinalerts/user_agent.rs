//! Which program and system a request says that it comes from, in words of ours.
//!
//! Whoever sends a request chooses its `User-Agent`, and the words go into a mail that is believed:
//! nothing of it is repeated but the name of a program that isn't in the list, if it looks like one.

/// By the part that only this program has. Those that stand on another one's engine come first.
const PROGRAMS: [(&str, &str); 13] = [
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// In the order in which they name each other: iPhones call themselves like a Mac, Android is a Linux.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Darwin/", "an Apple system"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
];

/// Longer headers aren't read further.
const LONGEST: usize = 512;

/// Longer names of programs aren't repeated.
const LONGEST_NAME: usize = 32;

/// Such as `Firefox on Windows`; `None` where nothing is said that can be told.
pub(super) fn in_words(user_agent: &str) -> Option<String> {
    let text = user_agent.get(..LONGEST).unwrap_or(user_agent);
    let text: String = text.chars().take(LONGEST).collect();
    let found = |list: &[(&str, &'static str)]| {
        list.iter().find(|(part, _)| text.contains(part)).map(|(_, name)| *name)
    };
    let program = found(&PROGRAMS).map(str::to_owned).or_else(|| name_of(&text));
    match (program, found(&SYSTEMS)) {
        (Some(program), Some(system)) => Some(format!("{program} on {system}")),
        (Some(one), None) => Some(one),
        (None, system) => system.map(str::to_owned),
    }
}

/// The name of the first product (RFC 9110 section 10.1.5), where it looks like one.
fn name_of(text: &str) -> Option<String> {
    let name = text.split(['/', ' ']).next()?;
    let is_name = (1..=LONGEST_NAME).contains(&name.len())
        && name != "Mozilla"
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn programs_and_systems_are_told_by_their_names() {
        for (user_agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like \
                 Gecko) Version/18.0 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
                "Chrome on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            ("curl/8.9.1", "curl"),
            ("Example-App/3.1 (Android 15)", "Example-App on Android"),
            ("Mozilla/5.0 (Linux)", "Linux"),
        ] {
            assert_eq!(in_words(user_agent).as_deref(), Some(words), "{user_agent}");
        }
    }

    #[test]
    fn nothing_else_that_a_client_writes_is_repeated() {
        let long = "x".repeat(33);
        for user_agent in [
            "",
            " ",
            "Mozilla/5.0",
            "<a href=https://evil.example>here</a>",
            "https://evil.example/ 1",
            "your.bank.example is safe",
            "Ünïcode/1",
            long.as_str(),
        ] {
            assert_eq!(in_words(user_agent), None, "{user_agent}");
        }
        let hidden = format!("{}{}", "é".repeat(600), "Firefox/1");
        assert_eq!(in_words(&hidden), None);
    }
}
