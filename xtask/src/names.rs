//! What is said of a name that nothing has.

use std::process::Stdio;

use crate::run::{BY_NAME, cargo_on_workspace};

/// How many tests are named at most.
const MOST: usize = 8;

/// Names the groups, and the tests whose names are the most like the one that was asked for.
pub(crate) fn unknown(filter: &str, groups: &[&str]) -> String {
    let mut text = format!("no group and no test is called `{filter}`");
    text.push_str("\ngroups: ");
    text.push_str(&groups.join(", "));
    for name in alike(filter, &all_tests()) {
        text.push_str("\ntest: ");
        text.push_str(name);
    }
    text
}

/// Every test of the workspace; none where they can't be listed.
fn all_tests() -> Vec<String> {
    let targets = [&["--lib", "--bins", "--tests"], BY_NAME];
    let texts = targets.iter().map(|targets| {
        let mut list = cargo_on_workspace("test");
        list.args(*targets).args(["--quiet", "--", "--list", "--format", "terse"]);
        let output = list.stderr(Stdio::null()).output();
        let text = output.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    });
    let texts: Vec<String> = texts.collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// The names that have the most of a text's words, whatever their case.
fn alike<'n>(text: &str, names: &'n [String]) -> Vec<&'n str> {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).collect();
    let count = |name: &str| {
        let name = name.to_lowercase();
        words.iter().filter(|word| name.contains(**word)).count()
    };
    let most = names.iter().map(|name| count(name)).max().unwrap_or(0);
    let found = names.iter().filter(|name| most > 0 && count(name) == most);
    found.map(String::as_str).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn the_names_with_the_most_of_the_words_are_alike() {
        let names = ["reads::a_user_is_found", "a_user_is_lost", "nothing"].map(str::to_owned);
        assert_eq!(alike("A_User_Is_Found", &names), ["reads::a_user_is_found"]);
        assert_eq!(alike("a user", &names), ["reads::a_user_is_found", "a_user_is_lost"]);
        assert!(alike("zz", &names).is_empty());
        assert!(alike("other", &names).is_empty());
    }
}
