//! A stored provider over the one in the program (FDI §1.2: provider resolution).

use super::{ProviderConfig, UserInfoFields, UserInfoMap};

impl ProviderConfig {
    /// What a core stores about a provider, over what the program says about it. A stored value
    /// wins; a stored client replaces that of the same `clientType`; paths are merged one by one.
    /// What only a program can say, its functions, stays.
    pub fn with_stored(&self, stored: &Self) -> Self {
        let mut merged = self.clone();
        merged.third_party_id.clone_from(&stored.third_party_id);
        for (mine, theirs) in [
            (&mut merged.third_party_implementation, &stored.third_party_implementation),
            (&mut merged.name, &stored.name),
            (&mut merged.authorization_endpoint, &stored.authorization_endpoint),
            (&mut merged.token_endpoint, &stored.token_endpoint),
            (&mut merged.user_info_endpoint, &stored.user_info_endpoint),
            (&mut merged.jwks_uri, &stored.jwks_uri),
            (&mut merged.oidc_discovery_endpoint, &stored.oidc_discovery_endpoint),
        ] {
            replace(mine, theirs.as_ref());
        }
        for (mine, theirs) in [
            (
                &mut merged.authorization_endpoint_query_params,
                &stored.authorization_endpoint_query_params,
            ),
            (&mut merged.token_endpoint_body_params, &stored.token_endpoint_body_params),
            (&mut merged.user_info_endpoint_query_params, &stored.user_info_endpoint_query_params),
            (&mut merged.user_info_endpoint_headers, &stored.user_info_endpoint_headers),
        ] {
            if !theirs.is_empty() {
                mine.clone_from(theirs);
            }
        }
        for client in &stored.clients {
            let mut mine = merged.clients.iter_mut();
            match mine.find(|mine| mine.client_type == client.client_type) {
                Some(mine) => mine.clone_from(client),
                None => merged.clients.push(client.clone()),
            }
        }
        merged.user_info_map = self.user_info_map.over(&stored.user_info_map);
        replace(&mut merged.require_email, stored.require_email.as_ref());
        let methods = stored.code_challenge_methods_supported.as_ref();
        replace(&mut merged.code_challenge_methods_supported, methods);
        merged
    }

    /// Whether it names an address, or a provider with addresses of its own.
    pub(crate) fn leads_elsewhere(&self) -> bool {
        [
            &self.third_party_implementation,
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.user_info_endpoint,
            &self.jwks_uri,
            &self.oidc_discovery_endpoint,
        ]
        .into_iter()
        .any(Option::is_some)
    }
}

impl UserInfoMap {
    fn over(&self, stored: &Self) -> Self {
        Self {
            from_id_token_payload: self.from_id_token_payload.over(&stored.from_id_token_payload),
            from_user_info_api: self.from_user_info_api.over(&stored.from_user_info_api),
        }
    }
}

impl UserInfoFields {
    fn over(&self, stored: &Self) -> Self {
        let mut merged = self.clone();
        replace(&mut merged.user_id, stored.user_id.as_ref());
        replace(&mut merged.email, stored.email.as_ref());
        replace(&mut merged.email_verified, stored.email_verified.as_ref());
        merged
    }
}

fn replace<T: Clone>(mine: &mut Option<T>, theirs: Option<&T>) {
    if let Some(theirs) = theirs {
        *mine = Some(theirs.clone());
    }
}
