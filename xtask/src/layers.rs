//! Who may import whom in `auth-core`: nothing imports upwards, so that there are no circles.
//!
//! The floors, from below: the ground (everything that is no recipe), the recipes in the order of
//! [`FLOORS`], all other recipes above them, and the roof that puts them together. A recipe that
//! others need says what they need through the traits `Recipe` and `Factors`; they ask every recipe
//! in use, and import none. A call through the context (`cx.jwt()?`) is no import: which recipe answers
//! is found out when it is made.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    ItemMod, ItemUse, UseTree,
    visit::{self, Visit},
};

/// The recipes that others stand on, from below; each may import those below it. A recipe that isn't
/// here stands on top and is imported by nobody, so that a new one needs no line.
const FLOORS: &[&[&str]] = &[
    &["jwt", "usermetadata"],
    &["openid"],
    &["session"],
    &["accountlinking", "userroles"],
    &["multifactorauth", "emailverification"],
    &["sign_in", "recovery"],
];

/// What the ground floor imports from a recipe all the same. It is one recipe: a session is part of
/// the words that every recipe is told in, as a request is.
const FROM_THE_GROUND: &[(&str, &str)] = &[
    // Its list of recipes keeps the one that every check of a session asks for several times, and
    // its validators.
    ("auth", "session"),
    // A refused session is an error, and is answered with cookies cleared.
    ("error", "session"),
    ("error_handler", "session"),
    // The contacts of a factor depend on how the user is signed in.
    ("factors", "session"),
    // Only what carries a session in cookies can be forged.
    ("forgery", "session"),
    // A device is made known as a session is, in its cookies or headers and by the core's keys.
    ("limits", "session"),
    // Recipes add claims to sessions, and validators to their checks.
    ("recipe", "session"),
];

/// What puts everything together, and is imported by nothing.
const ROOF: &[&str] = &["builder", "docs", "lib"];

/// Finds imports that go upwards.
pub(crate) fn problems(sources: &Path) -> io::Result<Vec<String>> {
    let mut problems = BTreeSet::new();
    let mut used = BTreeSet::new();
    for file in super::tidy::rust_files(sources)? {
        let text = fs::read_to_string(&file)?;
        let module = module_of(file.strip_prefix(sources).unwrap_or(&file));
        let parsed = syn::parse_file(&text)
            .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
        for import in imports(module.clone(), &parsed) {
            match judge(&module, &import) {
                Judgement::Fine => {}
                Judgement::Listed(row) => drop(used.insert(row)),
                Judgement::Upwards(problem) => {
                    problems.insert(format!("{}: {problem}", file.display()));
                }
            }
        }
    }
    for row in FROM_THE_GROUND.iter().filter(|row| !used.contains(row)) {
        problems.insert(format!("xtask/src/layers.rs: {row:?} is listed and not imported"));
    }
    Ok(problems.into_iter().collect())
}

enum Judgement {
    Fine,
    /// Permitted by a row of [`FROM_THE_GROUND`].
    Listed((&'static str, &'static str)),
    Upwards(String),
}

/// Where a module stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place<'a> {
    Ground(&'a str),
    Recipe(&'a str),
    /// The list of all recipes.
    Recipes,
    Roof(&'a str),
}

impl<'a> Place<'a> {
    fn of(module: &'a [String]) -> Self {
        match module {
            [first, recipe, ..] if first == "recipes" => Self::Recipe(recipe),
            [first] if first == "recipes" => Self::Recipes,
            [first, ..] if ROOF.contains(&first.as_str()) => Self::Roof(first),
            [first, ..] => Self::Ground(first),
            [] => Self::Roof("lib"),
        }
    }
}

fn floor(recipe: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&recipe)).unwrap_or(FLOORS.len())
}

fn judge(from: &[String], to: &[String]) -> Judgement {
    let upwards = |from: &str, to: &str| Judgement::Upwards(format!("{from} imports {to}"));
    match (Place::of(from), Place::of(to)) {
        // A path of the crate's root is what is re-exported there.
        (Place::Roof(_) | Place::Recipes, _) | (_, Place::Ground(_) | Place::Roof("lib")) => {
            Judgement::Fine
        }
        (Place::Ground(from) | Place::Recipe(from), Place::Recipes) => upwards(from, "all recipes"),
        (Place::Ground(from), Place::Recipe(to)) => {
            let row = FROM_THE_GROUND.iter().find(|row| row.0 == from && row.1 == to);
            row.map_or_else(|| upwards(from, to), |row| Judgement::Listed(*row))
        }
        (Place::Recipe(from), Place::Recipe(to)) if from == to || floor(to) < floor(from) => {
            Judgement::Fine
        }
        (Place::Ground(from) | Place::Recipe(from), Place::Roof(to))
        | (Place::Recipe(from), Place::Recipe(to)) => upwards(from, to),
    }
}

/// `recipes/totp/api/mod.rs` is the module `recipes::totp::api`.
fn module_of(file: &Path) -> Vec<String> {
    let stem = file.with_extension("");
    let mut names: Vec<String> =
        stem.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod" || name == "lib") {
        names.pop();
    }
    names
}

/// The modules of this crate that a file names, with what stands in them.
fn imports(module: Vec<String>, file: &syn::File) -> BTreeSet<Vec<String>> {
    let mut finder = Finder { module, found: BTreeSet::new() };
    finder.visit_file(file);
    finder.found
}

struct Finder {
    module: Vec<String>,
    found: BTreeSet<Vec<String>>,
}

impl Finder {
    /// Notes a path that starts at the crate, or at a module around this one. Others start at what
    /// was imported.
    fn note(&mut self, path: &[String]) {
        let Some(first) = path.first() else { return };
        let absolute = match first.as_str() {
            "crate" => path[1..].to_vec(),
            "self" | "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let here = self.module.len().saturating_sub(ups);
                let rest = path.iter().skip_while(|name| *name == "super" || *name == "self");
                self.module[..here].iter().chain(rest).cloned().collect()
            }
            _ => return,
        };
        self.found.insert(absolute);
    }

    fn note_tree(&mut self, before: &[String], tree: &UseTree) {
        let mut path = before.to_vec();
        match tree {
            UseTree::Path(it) => {
                path.push(it.ident.to_string());
                self.note_tree(&path, &it.tree);
            }
            UseTree::Name(it) if it.ident == "self" => self.note(&path),
            UseTree::Name(it) => {
                path.push(it.ident.to_string());
                self.note(&path);
            }
            UseTree::Rename(it) => {
                path.push(it.ident.to_string());
                self.note(&path);
            }
            UseTree::Glob(_) => self.note(&path),
            UseTree::Group(it) => it.items.iter().for_each(|tree| self.note_tree(&path, tree)),
        }
    }

    /// The paths in a macro's input, which is no syntax yet.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let mut path = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Ident(name) => {
                    // After one colon stands a type, after two the next part of a path.
                    if colons != 2 {
                        self.note(&std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                other => {
                    self.note(&std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.note_tokens(group.stream());
                    }
                }
            }
        }
        self.note(&path);
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.note_tree(&[], &item.tree);
    }

    /// `pub(in …)` names who may see it.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
        self.note(&names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.note_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

/// Where the sources of `auth-core` are.
pub(crate) fn sources() -> PathBuf {
    super::run::root().join("crates/auth-core/src")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "these are tests")]

    use super::*;

    /// The upward imports of a file.
    fn upwards(file: &str, text: &str) -> Vec<String> {
        let module = module_of(Path::new(file));
        let parsed = syn::parse_file(text).unwrap();
        let judged = imports(module.clone(), &parsed).into_iter().map(|to| judge(&module, &to));
        let is_upwards = |it| if let Judgement::Upwards(text) = it { Some(text) } else { None };
        judged.filter_map(is_upwards).collect()
    }

    #[test]
    fn imports_that_go_up_are_named_with_both_modules() {
        for (file, text, problem) in [
            ("auth.rs", "use crate::recipes::totp::Totp;", "auth imports totp"),
            ("http/body.rs", "use crate::{Error, recipes::{totp, jwt}};", "http imports jwt"),
            ("recipes/jwt/mod.rs", "use super::openid::X;", "jwt imports openid"),
            ("recipes/jwt/api/mod.rs", "use super::super::totp;", "jwt imports totp"),
            (
                "recipes/totp/mod.rs",
                "use crate::recipes::passwordless;",
                "totp imports passwordless",
            ),
            (
                "recipes/totp/mod.rs",
                "fn f() { crate::recipes::passwordless::f() }",
                "totp imports passwordless",
            ),
            (
                "recipes/totp/mod.rs",
                "wrap! { fn f(x: crate::recipes::passwordless::X); }",
                "totp imports passwordless",
            ),
            (
                "recipes/totp/mod.rs",
                "mod inner { use super::super::passwordless; }",
                "totp imports passwordless",
            ),
            ("recipes/totp/mod.rs", "use crate::builder::AuthBuilder;", "totp imports builder"),
            ("auth.rs", "use crate::recipes::*;", "auth imports all recipes"),
        ] {
            let found = upwards(file, text);
            assert!(found.iter().any(|it| it == problem), "{text}: {found:?}");
        }
    }

    #[test]
    fn imports_that_go_down_or_stay_are_fine() {
        for (file, text) in [
            ("builder.rs", "use crate::recipes::totp::Totp;"),
            ("recipes/mod.rs", "pub use self::totp::Totp; mod totp;"),
            (
                "recipes/totp/api/mod.rs",
                "pub(in crate::recipes) fn f() {} use super::{X, api}; use crate::recipes::session::Y;",
            ),
            ("recipes/sign_in/mod.rs", "use crate::{AuthBuilder, recipes::multifactorauth};"),
            ("recipes/session/mod.rs", "use auth_protocol::totp; use std::recipes::x;"),
            ("error.rs", "use crate::recipes::session::SessionError;"),
        ] {
            assert_eq!(upwards(file, text), Vec::<String>::new(), "{text}");
        }
    }
}
