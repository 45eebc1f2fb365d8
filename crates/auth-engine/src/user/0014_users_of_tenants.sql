-- The users of each tenant: who has a login method there, with the recipes of those login methods as
-- bits (1 emailpassword, 2 thirdparty, 4 passwordless, 8 webauthn), and when the user joined.
CREATE TABLE tenant_users (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    recipes BIGINT NOT NULL,
    time_joined BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, tenant_id),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    FOREIGN KEY (app_id, user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE,
    CHECK (recipes > 0)
);

-- The same of all tenants, and of none: set where the row is a user's own.
ALTER TABLE app_id_to_user_id ADD COLUMN recipes BIGINT NOT NULL DEFAULT 0;

-- How many users have these recipes in a tenant, and in the app where the scope is empty. What is
-- counted of a user is always in the slot of its id: who signs up at the same time waits for few others.
-- The sum of the slots is the number; one of them alone may be below zero.
CREATE TABLE user_counts (
    app_id VARCHAR(64) NOT NULL,
    scope VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64),
    recipes BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (app_id, scope, recipes, slot),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE,
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    CHECK (scope = COALESCE(tenant_id, ''))
);
CREATE INDEX user_counts_tenant ON user_counts (app_id, tenant_id);

INSERT INTO tenant_users (app_id, user_id, tenant_id, recipes, time_joined)
    SELECT u.app_id, u.primary_or_recipe_user_id, t.tenant_id,
        SUM(DISTINCT CASE u.recipe_id WHEN 'emailpassword' THEN 1 WHEN 'thirdparty' THEN 2
            WHEN 'passwordless' THEN 4 ELSE 8 END),
        MIN(u.primary_or_recipe_user_time_joined)
    FROM recipe_user_tenants t
    JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id
    GROUP BY u.app_id, u.primary_or_recipe_user_id, t.tenant_id;

UPDATE app_id_to_user_id SET recipes = COALESCE(
    (SELECT SUM(DISTINCT CASE m.recipe_id WHEN 'emailpassword' THEN 1 WHEN 'thirdparty' THEN 2
        WHEN 'passwordless' THEN 4 ELSE 8 END)
     FROM app_id_to_user_id m
     WHERE m.app_id = app_id_to_user_id.app_id
        AND m.primary_or_recipe_user_id = app_id_to_user_id.user_id
        AND EXISTS (SELECT 1 FROM recipe_user_account_infos i
            WHERE i.app_id = m.app_id AND i.recipe_user_id = m.user_id)), 0);

INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number)
    SELECT app_id, tenant_id, tenant_id, recipes, 0, COUNT(*) FROM tenant_users
    GROUP BY app_id, tenant_id, recipes;
INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number)
    SELECT app_id, '', NULL, recipes, 0, COUNT(*) FROM app_id_to_user_id WHERE recipes > 0
    GROUP BY app_id, recipes;

-- A page is read from these, one run for each set of recipes.
CREATE INDEX tenant_users_oldest_first
    ON tenant_users (app_id, tenant_id, recipes, time_joined ASC, user_id DESC);
CREATE INDEX tenant_users_newest_first
    ON tenant_users (app_id, tenant_id, recipes, time_joined DESC, user_id DESC);
DROP INDEX app_id_to_user_id_oldest_first;
DROP INDEX app_id_to_user_id_newest_first;

-- A search finds the start of an identity, or of an address's domain: what comes after its last `@`.
CREATE INDEX recipe_user_tenants_search
    ON recipe_user_tenants (app_id, tenant_id, recipe_id, account_info_type, LOWER(account_info_value));
CREATE INDEX recipe_user_tenants_search_domain
    ON recipe_user_tenants (app_id, tenant_id, recipe_id, account_info_type,
        LOWER(SUBSTR(account_info_value, LENGTH(RTRIM(account_info_value,
            REPLACE(account_info_value, '@', ''))) + 1)));
