//! What the pages must say: every setting of a recipe on the page of that recipe, and no snippet
//! that isn't compiled.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{run::root, tidy};

const PAGES: &str = "crates/auth-core/docs";
const RECIPES: &str = "crates/auth-core/src/recipes";
/// Where the pages' snippets are doc tests.
const TESTED: &[&str] = &["crates/auth-axum/src/lib.rs", "tests/plugin/src/lib.rs"];
/// The recipe whose settings stand on another one's page.
const SHARED: &[(&str, &str)] = &[("openid", "jwt")];

/// The setters that a macro writes for the settings that it names.
const BY_MACRO: &[(&str, &[&str])] = &[
    ("override_methods!(", &["override_functions"]),
    ("email_delivery_methods!(", &["email_delivery", "override_email_delivery"]),
];
/// Those that the first of them adds where it names an interface of APIs, too.
const OF_APIS: &[&str] = &["override_apis", "disable_api"];

/// Every page.
pub(crate) fn all() -> io::Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    let mut folders = vec![root().join(PAGES)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match path.is_dir() {
                true => folders.push(path),
                false => pages.push(path),
            }
        }
    }
    pages.sort();
    Ok(pages)
}

/// Finds settings that no page names, and pages whose snippets nobody compiles.
pub(crate) fn problems() -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    for entry in fs::read_dir(root().join(RECIPES))? {
        let folder = entry?.path();
        if folder.is_dir() {
            problems.extend(problems_of(&folder)?);
        }
    }
    let tested = TESTED.iter().map(|file| fs::read_to_string(root().join(file)));
    let tested = tested.collect::<io::Result<String>>()?;
    for page in all()? {
        let name = page.strip_prefix(root().join(PAGES)).unwrap_or(&page).display().to_string();
        let has_snippets =
            fs::read_to_string(&page)?.lines().any(|line| line.starts_with("```rust"));
        if has_snippets && !tested.contains(&format!("/docs/{name}\"")) {
            problems.push(format!("{name}: its snippets aren't among the doc tests of {TESTED:?}"));
        }
    }
    Ok(problems)
}

fn problems_of(recipe: &Path) -> io::Result<Vec<String>> {
    let mut settings = BTreeSet::new();
    for file in tidy::rust_files(recipe)? {
        settings.extend(setters(&fs::read_to_string(file)?));
    }
    if settings.is_empty() {
        return Ok(Vec::new());
    }
    let name = recipe.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shared = SHARED.iter().find(|(shared, _)| *shared == name);
    let page = format!("recipes/{}.md", shared.map_or(&*name, |(_, page)| page));
    let Ok(text) = fs::read_to_string(root().join(PAGES).join(&page)) else {
        return Ok(vec![format!("{name}: the recipe has settings and no page {page}")]);
    };
    let missing = settings.into_iter().filter(|setting| !text.contains(&format!("`{setting}`")));
    Ok(missing.map(|setting| format!("{page}: it doesn't name the setting `{setting}`")).collect())
}

/// The names of the setters that a file gives to a recipe's settings.
fn setters(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_inside = false;
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(of) = line.strip_prefix("impl ").and_then(|rest| rest.strip_suffix(" {")) {
            is_inside = of.ends_with("Recipe") && !of.contains(' ');
        } else if line == "}" {
            is_inside = false;
        }
        let name = line.trim_start().strip_prefix("pub fn ").filter(|_| is_inside);
        if let Some((name, arguments)) = name.and_then(|rest| rest.split_once(['(', '<'])) {
            // The arguments may begin a line further down.
            let next = lines.peek().map(|line| line.trim_start()).unwrap_or_default();
            if format!("{arguments} {next}").contains("mut self") {
                found.push(name.to_owned());
            }
        }
        for (start, names) in BY_MACRO {
            let Some(arguments) = line.strip_prefix(start) else { continue };
            found.extend(names.iter().map(|name| (*name).to_owned()));
            let next = lines.peek().copied().unwrap_or_default();
            if start.starts_with("override") && format!("{arguments}{next}").contains("Apis") {
                found.extend(OF_APIS.iter().map(|name| (*name).to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::setters;

    #[test]
    fn setters_are_those_of_the_settings_and_of_macros() {
        let source = "impl GreetingRecipe {\n    pub fn new() -> Self {\n    }\n\
            \x20   pub fn name(mut self, name: &str) -> Self {\n    }\n\
            \x20   pub fn decide<F, Fut>(mut self, decide: F) -> Self\n    where\n    {\n    }\n\
            \x20   pub fn choose(\n        mut self,\n        name: &str,\n    ) -> Self {\n    }\n}\n\
            impl Other {\n    pub fn no(mut self) -> Self {\n    }\n}\n\
            impl RecipeConfig for GreetingRecipe {\n    pub fn no(mut self) {}\n}\n\
            email_delivery_methods!(GreetingRecipe);\n\
            override_methods!(\n    GreetingRecipe: GreetingOverride, GreetingApisOverride, GreetingApi\n);\n";
        assert_eq!(
            setters(source),
            [
                "name",
                "decide",
                "choose",
                "email_delivery",
                "override_email_delivery",
                "override_functions",
                "override_apis",
                "disable_api"
            ]
        );
        assert_eq!(setters("override_methods!(A: AOverride);"), ["override_functions"]);
    }
}
