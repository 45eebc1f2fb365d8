//! The same statements through tokio-postgres alone: what the engine's transactions are held
//! against.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio_postgres::{Client, Error, NoTls, Statement, types::ToSql};

type Outcome<T> = Result<T, Error>;

const SESSION: &str = "SELECT user_id, refresh_token_hash_2, session_data, expires_at, \
    created_at_time, jwt_user_payload, use_static_key, prev_refresh_token_hash_2, \
    refresh_token_rotated_at FROM session_info \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";

const USER: &str = "SELECT u.user_id, u.primary_or_recipe_user_id, \
    COALESCE(m.external_user_id, u.user_id), \
    COALESCE(p.external_user_id, u.primary_or_recipe_user_id) FROM app_id_to_user_id u \
    LEFT JOIN userid_mapping m ON m.app_id = u.app_id AND m.supertokens_user_id = u.user_id \
    LEFT JOIN userid_mapping p ON p.app_id = u.app_id \
        AND p.supertokens_user_id = u.primary_or_recipe_user_id \
    WHERE u.app_id = $1 AND u.user_id = $2";

const ROTATE: &str = "UPDATE session_info SET refresh_token_hash_2 = $4, \
    prev_refresh_token_hash_2 = $5, refresh_token_rotated_at = $6, expires_at = $7 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";

const TENANT: &str = "SELECT 1 FROM tenants WHERE app_id = $1 AND tenant_id = $2";

const BY_EMAIL: &str = "SELECT e.user_id, e.password_hash FROM recipe_user_tenants t \
    JOIN emailpassword_users e ON e.app_id = t.app_id AND e.user_id = t.recipe_user_id \
    WHERE t.app_id = $1 AND t.tenant_id = $2 AND t.recipe_id = 'emailpassword' \
        AND t.account_info_type = 'email' AND t.third_party_id = '' \
        AND t.third_party_user_id = '' AND t.account_info_value = $3";

const INSERT_USER: &str = "INSERT INTO app_id_to_user_id VALUES \
    ($1, $2, 'emailpassword', $2, FALSE, $3, $3, 1)";

const RESERVE: &str = "INSERT INTO recipe_user_tenants VALUES \
    ($1, $2, $3, 'emailpassword', 'email', $4, '', '') ON CONFLICT DO NOTHING";

const INSERT_INFO: &str = "INSERT INTO recipe_user_account_infos VALUES \
    ($1, $2, 'emailpassword', 'email', $3, '', '', NULL)";

const INSERT_INTO_TENANT: &str = "INSERT INTO tenant_users \
    (app_id, user_id, tenant_id, recipes, time_joined) VALUES ($1, $2, $3, 1, $4)";

const COUNT: &str = "INSERT INTO user_counts VALUES \
    ($1, '', NULL, 1, $3, 1), ($1, $2, $2, 1, $3, 1) \
    ON CONFLICT (app_id, scope, recipes, slot) DO UPDATE \
    SET number = user_counts.number + excluded.number";

const INSERT_HASH: &str = "INSERT INTO emailpassword_users VALUES ($1, $2, $3, $4, $5)";

const SEEN: &str = "INSERT INTO user_last_active VALUES ($1, $2, $3) \
    ON CONFLICT (app_id, user_id) DO UPDATE SET last_active_time = excluded.last_active_time";

const TENANTS_OF_USER: &str = "SELECT DISTINCT t.recipe_user_id, t.tenant_id \
    FROM app_id_to_user_id u \
    JOIN recipe_user_tenants t ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
    ORDER BY t.recipe_user_id, t.tenant_id";

const METHODS_OF_USER: &str = "SELECT u.primary_or_recipe_user_id, \
    u.is_linked_or_is_a_primary_user, u.user_id, u.recipe_id, u.time_joined, \
    i.account_info_type, i.account_info_value, i.third_party_id, i.third_party_user_id, \
    v.email IS NOT NULL, m.external_user_id FROM app_id_to_user_id u \
    LEFT JOIN userid_mapping m ON m.app_id = u.app_id AND m.supertokens_user_id = u.user_id \
    LEFT JOIN recipe_user_account_infos i \
        ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
    LEFT JOIN emailverification_verified_emails v \
        ON v.app_id = u.app_id AND v.user_id = u.user_id AND v.email = i.account_info_value \
        AND i.account_info_type = 'email' \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2";

const PUBLIC: &str = "public";
const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Counts users on.
static USERS: AtomicU64 = AtomicU64::new(0);

/// A connection with its statements prepared.
pub(super) struct Bare {
    client: Client,
    session: Statement,
    locked_session: Statement,
    user: Statement,
    rotate: Statement,
    sign_up: [Statement; 12],
}

impl Bare {
    pub(super) async fn connect(url: &str) -> Outcome<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        // Ends with the client.
        tokio::spawn(connection);
        let prepare = |sql| client.prepare(sql);
        let sign_up = [
            prepare(TENANT).await?,
            prepare(BY_EMAIL).await?,
            prepare(INSERT_USER).await?,
            prepare(RESERVE).await?,
            prepare(INSERT_INFO).await?,
            prepare(INSERT_INTO_TENANT).await?,
            prepare(COUNT).await?,
            prepare(INSERT_HASH).await?,
            prepare(SEEN).await?,
            prepare(USER).await?,
            prepare(TENANTS_OF_USER).await?,
            prepare(METHODS_OF_USER).await?,
        ];
        Ok(Self {
            session: client.prepare(SESSION).await?,
            locked_session: client.prepare(&format!("{SESSION} FOR UPDATE")).await?,
            user: client.prepare(USER).await?,
            rotate: client.prepare(ROTATE).await?,
            sign_up,
            client,
        })
    }

    /// What a session check that asks the database reads.
    pub(super) async fn check(&self, handle: &str) -> Outcome<()> {
        self.client.query_one(&self.session, &[&PUBLIC, &PUBLIC, &handle]).await?;
        Ok(())
    }

    /// What a refresh reads and writes.
    pub(super) async fn refresh(&mut self, handle: &str) -> Outcome<()> {
        let transaction = self.client.transaction().await?;
        let row = transaction.query_one(&self.locked_session, &[&PUBLIC, &PUBLIC, &handle]).await?;
        let user: &str = row.try_get(0)?;
        transaction.query_opt(&self.user, &[&PUBLIC, &user]).await?;
        let changes: [&(dyn ToSql + Sync); 7] =
            [&PUBLIC, &PUBLIC, &handle, &DIGEST, &DIGEST, &1_i64, &9_000_000_000_000_i64];
        transaction.execute(&self.rotate, &changes).await?;
        transaction.commit().await
    }

    /// What a sign-up reads and writes.
    pub(super) async fn sign_up(&mut self) -> Outcome<()> {
        let number = USERS.fetch_add(1, Ordering::Relaxed);
        let user = format!("{number:08x}-0000-4000-8000-000000000000");
        let email = format!("bare-{number}@example.com");
        let (user, email, now) = (user.as_str(), email.as_str(), 1_800_000_000_000_i64);
        let slot = i64::try_from(number % 16).unwrap_or_default();
        let [
            tenant,
            by_email,
            insert_user,
            reserve,
            info,
            in_tenant,
            counted,
            hash,
            seen,
            id,
            tenants,
            methods,
        ] = &self.sign_up;
        let reading = self.client.build_transaction().read_only(true).start().await?;
        reading.query_opt(tenant, &[&PUBLIC, &PUBLIC]).await?;
        reading.query_opt(by_email, &[&PUBLIC, &PUBLIC, &email]).await?;
        reading.commit().await?;
        let writing = self.client.transaction().await?;
        writing.execute(insert_user, &[&PUBLIC, &user, &now]).await?;
        writing.execute(reserve, &[&PUBLIC, &PUBLIC, &user, &email]).await?;
        writing.execute(info, &[&PUBLIC, &user, &email]).await?;
        writing.execute(in_tenant, &[&PUBLIC, &user, &PUBLIC, &now]).await?;
        writing.execute(counted, &[&PUBLIC, &PUBLIC, &slot]).await?;
        writing.execute(hash, &[&PUBLIC, &user, &email, &HASH, &now]).await?;
        writing.execute(seen, &[&PUBLIC, &user, &now]).await?;
        writing.query_opt(id, &[&PUBLIC, &user]).await?;
        writing.query(tenants, &[&PUBLIC, &user]).await?;
        writing.query(methods, &[&PUBLIC, &user]).await?;
        writing.commit().await
    }
}
