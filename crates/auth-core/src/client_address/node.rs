//! What a proxy says of who connected to it.

use std::{
    net::{IpAddr, Ipv6Addr},
    str,
};

/// What a proxy says of who connected to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hop {
    /// The address, never a version 4 one in version 6.
    Address(IpAddr),
    /// It won't say, or doesn't know (RFC 7239 sections 6.2 and 6.3).
    Hidden,
    /// Nothing that can be read: whoever wrote it is no proxy that was meant.
    Nonsense,
}

impl Hop {
    /// An element of `X-Forwarded-For`: a node by itself.
    pub(super) fn of_node(element: &[u8]) -> Self {
        str::from_utf8(element).map_or(Self::Nonsense, node)
    }

    /// An element of `Forwarded` (RFC 7239 section 4): pairs, of which `for` names the node.
    pub(super) fn of_element(element: &[u8]) -> Self {
        let read = |element| {
            let mut found = None;
            for pair in pairs(element).filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.split_once('=')?;
                let value = unquoted(value.trim())?;
                if name.trim().eq_ignore_ascii_case("for") && found.replace(value).is_some() {
                    return None;
                }
            }
            Some(found.map_or(Self::Hidden, |value| node(&value)))
        };
        str::from_utf8(element).ok().and_then(read).unwrap_or(Self::Nonsense)
    }
}

/// An address with or without a port, a name that says nothing, or `unknown` (RFC 7239 section 6).
/// Addresses of version 6 are taken without their brackets as well.
fn node(text: &str) -> Hop {
    let address = |address: IpAddr| Hop::Address(address.to_canonical());
    if let Ok(found) = text.parse() {
        return address(found);
    }
    if let Some((inner, port)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let has_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return match inner.parse::<Ipv6Addr>() {
            Ok(found) if has_port => address(found.into()),
            _ => Hop::Nonsense,
        };
    }
    let name = match text.split_once(':') {
        Some((name, port)) if is_port(port) => name,
        Some(_) => return Hop::Nonsense,
        None => text,
    };
    if name.eq_ignore_ascii_case("unknown") || is_obfuscated(name) {
        return Hop::Hidden;
    }
    name.parse().map_or(Hop::Nonsense, address)
}

fn is_port(text: &str) -> bool {
    is_obfuscated(text) || (text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok())
}

fn is_obfuscated(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.strip_prefix('_').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_allowed))
}

/// What stands between semicolons that aren't in quotation marks.
fn pairs(element: &str) -> impl Iterator<Item = &str> {
    let (mut in_quotes, mut is_escaped) = (false, false);
    let parts = element.split(move |character: char| {
        let was_escaped = std::mem::replace(&mut is_escaped, false);
        match character {
            '\\' if in_quotes => is_escaped = !was_escaped,
            '"' if !was_escaped => in_quotes = !in_quotes,
            ';' => return !in_quotes,
            _ => {}
        }
        false
    });
    parts.map(str::trim)
}

/// A value without its quotation marks and what escapes them; `None` where those don't match.
fn unquoted(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(text),
            '\\' => text.push(characters.next()?),
            character => text.push(character),
        }
    }
}
