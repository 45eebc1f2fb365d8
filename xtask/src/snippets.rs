//! What the README shows of files that are run.

use std::{collections::HashSet, fs, io};

use crate::run::root;

/// Finds the lines of the README's snippets that aren't those of the file which the comment above
/// the snippet names: `<!-- tests/clients/node/sdk.mjs -->`. Comments in a snippet are the README's
/// own.
pub(crate) fn problems() -> io::Result<Vec<String>> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let mut problems = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        let name = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let Some(name) = name else { continue };
        let source = fs::read_to_string(root().join(name))?;
        let known: HashSet<&str> = source.lines().map(str::trim).collect();
        let snippet = lines.by_ref().skip_while(|line| !line.starts_with("```")).skip(1);
        for line in snippet.take_while(|line| !line.starts_with("```")).map(str::trim) {
            let is_comment = line.is_empty() || line.starts_with("//") || line.starts_with('#');
            if !is_comment && !known.contains(line) {
                problems.push(format!("README.md: `{line}` isn't in {name}"));
            }
        }
    }
    Ok(problems)
}
