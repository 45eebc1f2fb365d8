//! What the pages show of files that are run.

use std::{collections::HashSet, fs, io, path::Path};

use crate::{pages, run::root};

/// Finds the lines of the pages' snippets that aren't those of the file which the comment above
/// the snippet names: `<!-- tests/clients/node/sdk.mjs -->`. Comments in a snippet are the page's
/// own.
pub(crate) fn problems() -> io::Result<Vec<String>> {
    let mut problems = problems_of(&root().join("README.md"))?;
    for page in pages::all()? {
        problems.extend(problems_of(&page)?);
    }
    Ok(problems)
}

fn problems_of(page: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(page)?;
    let page = page.file_name().unwrap_or_default().to_string_lossy();
    let mut problems = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let name = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let Some(name) = name else { continue };
        let source = fs::read_to_string(root().join(name))?;
        let known: HashSet<&str> = source.lines().map(str::trim).collect();
        let snippet = lines.by_ref().skip_while(|line| !line.starts_with("```")).skip(1);
        for line in snippet.take_while(|line| !line.starts_with("```")).map(str::trim) {
            let is_comment = line.is_empty() || line.starts_with("//") || line.starts_with('#');
            if !is_comment && !known.contains(line) {
                problems.push(format!("{page}: `{line}` isn't in {name}"));
            }
        }
    }
    Ok(problems)
}
