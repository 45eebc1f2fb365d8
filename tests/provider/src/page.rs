//! The page by which somebody signs in.

use html_escape::{encode_double_quoted_attribute, encode_text};

/// Asks for an address. The form is sent to the address of the page itself, with its query.
pub(crate) fn sign_in(client_id: &str, query: &str) -> String {
    let (client_id, query) = (encode_text(client_id), encode_double_quoted_attribute(query));
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Local provider</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem }}
  input[type=email] {{ display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit }}
  button {{ padding: .5rem 1rem; font: inherit }}
</style>
<h1>Local provider</h1>
<p><b>{client_id}</b> wants to know who you are. Anybody will do: this provider is for development.</p>
<form method="post" action="?{query}">
  <p><label>Email address <input type="email" name="email" required autofocus></label>
  <p><label><input type="checkbox" name="verified" value="yes" checked> it is verified</label>
  <p><button name="answer" value="yes">Sign in</button>
     <button name="answer" value="no" formnovalidate>Cancel</button>
</form>
"#
    )
}
