//! Citations of the book of rules: each names a section that is there.

use std::{collections::BTreeSet, fs, io, path::Path};

use crate::run::root;

const BOOKS: &[&str] = &["fdi", "cdi"];

/// The sections of a book, as its headings name them: `2.4`, `7`.
struct Book {
    name: &'static str,
    sections: BTreeSet<String>,
}

impl Book {
    fn read(name: &'static str) -> io::Result<Self> {
        let page = root().join("crates/auth-protocol/docs").join(name).with_extension("md");
        Ok(Self { name, sections: sections(&fs::read_to_string(page)?) })
    }

    /// Whether numbers name a section, or an item of one.
    fn has(&self, numbers: &[&str]) -> bool {
        let Some(first) = numbers.first() else { return true };
        let is_divided = self.sections.iter().any(|it| it.starts_with(&format!("{first}.")));
        match numbers.get(1) {
            Some(second) if is_divided => self.sections.contains(&format!("{first}.{second}")),
            _ => self.sections.contains(*first),
        }
    }
}

fn sections(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
    let titles = headings.flat_map(|heading| heading.trim_start_matches('#').split(" / "));
    let words = titles.filter_map(|title| title.split_whitespace().next());
    let words = words.map(|word| word.trim_end_matches('.'));
    words.filter(|word| is_number(word)).map(str::to_owned).collect()
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.split('.').all(|part| part.parse::<u16>().is_ok())
}

/// Finds what the files cite that isn't there: by the names of tests (`fdi_2_4_…`), the rules of
/// the suite (`"fdi-2.4-8"`) and in comments (`FDI §2.4`); and what might be a citation and isn't
/// marked as one.
pub(crate) fn problems<'a>(files: impl Iterator<Item = &'a Path>) -> io::Result<Vec<String>> {
    let books = BOOKS.iter().map(|name| Book::read(name)).collect::<io::Result<Vec<_>>>()?;
    let mut problems = Vec::new();
    for file in files {
        let mut before = "";
        let text = fs::read_to_string(file)?;
        for (number, line) in text.lines().enumerate() {
            let place = || format!("{}:{}", file.display(), number + 1);
            for book in &books {
                let name = book.name.to_uppercase();
                for citation in cited(line, book.name) {
                    let numbers: Vec<_> = citation.split(['.', '_', '-']).collect();
                    if !book.has(&numbers) {
                        problems.push(format!("{}: {name} has no section {citation}", place()));
                    }
                }
                for citation in unmarked(before, line, &name) {
                    let form = format!("a section is cited as `{name} §2.4`");
                    problems.push(format!(
                        "{}: {form}, a version as `since {name} {citation}`",
                        place()
                    ));
                }
            }
            before = line;
        }
    }
    Ok(problems)
}

/// What stands before the number of a version, or behind it: `since CDI 5.6`, `CDI 5.5 and older`.
const BEFORE_VERSIONS: &[&str] =
    &["before", "concerns", "from", "since", "speak", "speaks", "until"];
const BEHIND_VERSIONS: &[&str] = &["and older", "and newer", "or older", "or newer"];

/// What is behind a book's name, for each place of a line that names it and is neither a citation
/// nor a version: `FDI 2.4` might be either, and `FDI: claims` can't be looked up.
fn unmarked<'a>(line_before: &str, line: &'a str, name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (start, _) in line.match_indices(name) {
        let (ahead, rest) = (&line[..start], &line[start + name.len()..]);
        if ahead.ends_with(|it: char| it.is_alphanumeric() || "_\"`'".contains(it)) {
            continue;
        }
        if rest.starts_with(": ") || rest == ":" {
            found.push(rest.trim());
        }
        let Some(rest) = rest.strip_prefix(' ') else { continue };
        let length = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at(length);
        let number = number.trim_end_matches('.');
        let is_first = ahead.trim().chars().all(|it| it == '/' || it == '!');
        let ahead = if is_first { line_before } else { ahead }.trim_end();
        let word = ahead.rsplit(|it: char| !it.is_alphabetic()).next();
        let is_version = word.is_some_and(|word| BEFORE_VERSIONS.contains(&word))
            || BEHIND_VERSIONS.iter().any(|words| behind.trim_start().starts_with(words));
        if !number.is_empty() && !is_version {
            found.push(number);
        }
    }
    found
}

/// The numbers behind a book's name, for each place of a line that cites it.
fn cited<'a>(line: &'a str, book: &str) -> Vec<&'a str> {
    let upper = book.to_uppercase();
    let marks =
        [(format!("{book}_"), '_'), (format!("\"{book}-"), '.'), (format!("{upper} §"), '.')];
    let mut found = Vec::new();
    for (mark, separator) in &marks {
        for (start, _) in line.match_indices(mark.as_str()) {
            let is_inner = line[..start].ends_with(|it: char| it.is_alphanumeric());
            let rest = &line[start + mark.len()..];
            // `FDI §6.4, 6.7` cites two.
            for part in rest.split(", ") {
                let length = part
                    .find(|it: char| !it.is_ascii_digit() && it != *separator)
                    .unwrap_or(part.len());
                let numbers = part[..length].trim_end_matches(*separator);
                if is_inner || numbers.is_empty() {
                    break;
                }
                found.push(numbers);
                if length < part.len() || *separator == '_' {
                    break;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_is_found_in_each_of_its_forms() {
        assert_eq!(cited("fn fdi_2_4_8_a_token() {", "fdi"), ["2_4_8"]);
        assert_eq!(cited("rows: &[\"fdi-2.4-8\", \"fdi-10-email\"]", "fdi"), ["2.4", "10"]);
        assert_eq!(cited("//! Factors (FDI §6.4, 6.7).", "fdi"), ["6.4", "6.7"]);
        assert_eq!(cited("before FDI 3.1, and my_fdi_version", "fdi"), Vec::<&str>::new());
    }

    #[test]
    fn a_number_without_a_mark_is_a_version_by_the_words_around_it_or_a_problem() {
        let none = Vec::<&str>::new();
        for version in [
            "// A front end before BOOK 3.1 sends it.",
            "//! Callers of BOOK 4.0 and newer; (since BOOK 5.6).",
            "/// The BOOK is a wire.",
            "//! Factors (BOOK §6.4, 6.7).",
        ] {
            assert_eq!(unmarked("", version, "BOOK"), none, "{version}");
        }
        assert_eq!(unmarked("/// front ends before", "    /// BOOK 3.1.", "BOOK"), none);
        for (old, told) in [
            ("//! `POST /user/password/reset/token` (BOOK 7.4)", "7.4"),
            ("//! BOOK 1.7: TOTP.", "1.7"),
            ("/// by the formulas of BOOK 4.3.", "4.3"),
            ("//! The check (BOOK: claims).", ": claims)."),
            ("/// how long they are valid (BOOK:", ":"),
        ] {
            assert_eq!(unmarked("", old, "BOOK"), [told], "{old}");
        }
    }

    #[test]
    fn a_section_that_a_book_has_not_is_a_problem() {
        let page = "# The book\n## 2. Session\n### 2.4 Check\n### 1.14 a / 1.15 b\n## 10. Fields";
        let book = Book { name: "fdi", sections: sections(page) };
        for there in [&["2", "4"][..], &["2", "4", "8"], &["2"], &["1", "15"], &["10", "3"]] {
            assert!(book.has(there), "{there:?}");
        }
        for missing in [&["2", "5"][..], &["3"], &["1", "1"]] {
            assert!(!book.has(missing), "{missing:?}");
        }
    }
}
