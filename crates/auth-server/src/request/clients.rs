//! Which client addresses may call (CDI §9.5).

use std::net::IpAddr;

use regex::Regex;

/// Rules about the addresses of clients. A rule has to match the whole address.
#[derive(Clone, Debug, Default)]
pub struct ClientRules {
    allow: Option<Regex>,
    deny: Option<Regex>,
}

impl ClientRules {
    /// Takes only clients whose address matches `allow`, if there is such a rule, and none whose
    /// address matches `deny`.
    pub fn new(allow: Option<&str>, deny: Option<&str>) -> Result<Self, regex::Error> {
        let rule = |text: Option<&str>| {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            text.map(|text| Regex::new(&format!("^(?:{text})$"))).transpose()
        };
        Ok(Self { allow: rule(allow)?, deny: rule(deny)? })
    }

    /// The same rules; where one of the two isn't set, that of others.
    pub(crate) fn or(mut self, others: &Self) -> Self {
        self.allow = self.allow.or_else(|| others.allow.clone());
        self.deny = self.deny.or_else(|| others.deny.clone());
        self
    }

    /// Whether a client may call. One whose address isn't known may only where there is no rule.
    pub(crate) fn admit(&self, client: Option<IpAddr>) -> bool {
        if self.allow.is_none() && self.deny.is_none() {
            return true;
        }
        let Some(client) = client.map(|client| client.to_canonical().to_string()) else {
            return false;
        };
        let matches = |rule: &Option<Regex>| rule.as_ref().map(|rule| rule.is_match(&client));
        matches(&self.deny) != Some(true) && matches(&self.allow) != Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdi_9_5_a_denial_wins_and_a_rule_matches_the_whole_address() {
        let rules = ClientRules::new(Some(r"10\.0\.0\.\d+"), Some(r"10\.0\.0\.9")).unwrap();
        let admits = |address: &str| rules.admit(Some(address.parse().unwrap()));
        assert!(admits("10.0.0.1"));
        assert!(admits("10.0.0.99"));
        assert!(admits("::ffff:10.0.0.1"));
        assert!(!admits("10.0.0.9"));
        assert!(!admits("110.0.0.1"));
        assert!(!rules.admit(None));
    }

    #[test]
    fn cdi_7_a_blank_rule_is_none() {
        let rules = ClientRules::new(Some(" "), None).unwrap();
        assert!(rules.admit(None));
    }
}
