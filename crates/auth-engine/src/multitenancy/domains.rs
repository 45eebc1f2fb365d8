//! Where an app's website and API are, as its SDK tells (CDI §1.1).

use auth_protocol::AppId;

use crate::{
    Engine, EngineError,
    storage::{in_tx, params},
    tenancy::require_app,
};

/// A host's name has 253 characters at most; the rest is for the scheme, a port and a path.
const LONGEST_BYTES: usize = 512;

/// A value that is there already isn't written again.
const SAVE: &str = "INSERT INTO key_value (app_id, tenant_id, name, value, created_at_time) \
    VALUES ($1, 'public', $2, $3, $4) \
    ON CONFLICT (app_id, tenant_id, name) DO UPDATE \
    SET value = excluded.value, created_at_time = excluded.created_at_time \
    WHERE key_value.value <> excluded.value";

impl Engine {
    /// Keeps the addresses of an app's website and API, the last ones that were told. What is empty
    /// or longer than 512 bytes is no address and isn't kept.
    ///
    /// # Errors
    /// Those of any operation.
    pub async fn save_domains(
        &self,
        app: &AppId,
        website: Option<&str>,
        api: Option<&str>,
    ) -> Result<(), EngineError> {
        let told = [("websiteDomain", website), ("apiDomain", api)];
        let rows: Vec<(&str, String)> = told
            .into_iter()
            .filter_map(|(name, domain)| Some((name, domain?)))
            .filter(|(_, domain)| (1..=LONGEST_BYTES).contains(&domain.len()))
            .map(|(name, domain)| (name, domain.to_owned()))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let (app, now_ms) = (app.clone(), self.clock().now_ms());
        let body = in_tx!(app, rows, |tx| {
            require_app(tx, &app).await?;
            for (name, domain) in &rows {
                tx.execute(SAVE, params![app, *name, domain, now_ms]).await?;
            }
            Ok(())
        });
        self.store().write(body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EngineConfig;

    async fn kept(engine: &Engine) -> Vec<(String, String)> {
        let body = in_tx!(|tx| {
            let sql = "SELECT name, value FROM key_value \
                WHERE name IN ('apiDomain', 'websiteDomain') ORDER BY name";
            let rows = tx.query(sql, params![]).await?;
            rows.iter().map(|row| Ok((row.get("name")?, row.get("value")?))).collect()
        });
        engine.store().read(body).await.unwrap()
    }

    #[tokio::test]
    async fn cdi_0_3_the_last_domains_are_kept_where_they_can_be_some() {
        let url = test_postgres::url_for_this_test();
        let engine = Engine::open(EngineConfig::new(url.parse().unwrap())).await.unwrap();
        let app = AppId::default();
        let longest = "x".repeat(512);
        for (website, api, expected) in [
            (None, None, vec![]),
            (Some("a"), None, vec![("websiteDomain", "a")]),
            (Some(""), Some(""), vec![("websiteDomain", "a")]),
            (Some("a"), Some("b"), vec![("apiDomain", "b"), ("websiteDomain", "a")]),
            (Some("c"), None, vec![("apiDomain", "b"), ("websiteDomain", "c")]),
            (Some(&*longest), None, vec![("apiDomain", "b"), ("websiteDomain", &*longest)]),
            (
                Some(&*format!("{longest}y")),
                Some("d"),
                vec![("apiDomain", "d"), ("websiteDomain", &*longest)],
            ),
        ] {
            engine.save_domains(&app, website, api).await.unwrap();
            let found = kept(&engine).await;
            let found: Vec<_> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(found, expected);
        }
        let refused = engine.save_domains(&"nowhere".into(), Some("a"), None).await.unwrap_err();
        assert!(matches!(refused, EngineError::TenantOrAppNotFound(_)), "{refused}");
    }
}
