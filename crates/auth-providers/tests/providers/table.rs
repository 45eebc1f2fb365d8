//! The table in the documentation says what the rows say.

use std::fmt::Write;

use auth_providers::description::{ClientAuth, Description, Pkce};

const PAGE: &str = include_str!("../../docs/providers.md");

#[test]
fn the_table_is_that_of_the_rows() {
    let wanted = table();
    let start = PAGE.find("| id |").unwrap_or_default();
    let end = PAGE[start..].find("\n\n").map_or(PAGE.len(), |end| start + end);
    assert!(
        PAGE[start..end].trim() == wanted.trim(),
        "the table in docs/providers.md isn't that of the rows, which is:\n\n{wanted}"
    );
}

fn table() -> String {
    let mut text = "| id | scopes | PKCE | client | additionalConfig | e-mail | |\n".to_owned();
    text.push_str("|---|---|---|---|---|---|---|\n");
    for row in Description::all() {
        let pkce = match row.pkce {
            Pkce::Required => "always",
            Pkce::Accepted => "yes",
            Pkce::IfDiscovered => "as discovery says",
            Pkce::Unknown => "no",
        };
        let client = match row.client_auth {
            ClientAuth::Basic => "header",
            ClientAuth::Post => "form",
            ClientAuth::Discovered => "as discovery says",
        };
        let fields: Vec<String> = row
            .placeholders
            .iter()
            .map(|it| match it.default {
                Some(default) => format!("`{}` (`{default}`)", it.name),
                None => format!("`{}`", it.name),
            })
            .collect();
        let emails: Vec<_> = row.in_id_token.emails.iter().chain(row.in_user_info.emails).collect();
        let has_flag = emails.iter().any(|place| !place.verified.is_empty());
        let email = match (row.requires_email, row.id) {
            (_, "microsoft" | "active-directory") => "rarely verified",
            (false, "x") => "not for all",
            (false, _) => "none",
            (true, _) if has_flag => "with its flag",
            (true, _) => "unverified",
        };
        let scopes = row.scopes.join(row.scope_separator);
        let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
        let (id, note) = (row.id, row.note);
        let (scopes, fields) = (code(&scopes), fields.join(", "));
        let line = [scopes.as_str(), pkce, client, &fields, email, note].join(" | ");
        writeln!(text, "| `{id}` | {line} |").unwrap();
    }
    text
}
