-- Apps of another connection URI domain than the default one are known by another name than they
-- have in paths.
ALTER TABLE apps ADD COLUMN connection_uri_domain VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE apps ADD COLUMN outside_id VARCHAR(64);
CREATE INDEX apps_domain ON apps (connection_uri_domain);

-- What is set for a tenant. Without a row, and where a list of factors is null, the application
-- decides. The lists and the settings are JSON.
CREATE TABLE tenant_configs (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    core_config TEXT NOT NULL,
    first_factors TEXT,
    required_secondary_factors TEXT,
    email_password_enabled BOOLEAN NOT NULL,
    third_party_enabled BOOLEAN NOT NULL,
    passwordless_enabled BOOLEAN NOT NULL,
    PRIMARY KEY (app_id, tenant_id),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);

-- The third parties of a tenant, each as JSON.
CREATE TABLE tenant_third_parties (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    third_party_id VARCHAR(28) NOT NULL,
    config TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, third_party_id),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);

-- Counts the changes of all of these, so that who keeps a copy knows when it is old. Who changes
-- something holds its only row.
CREATE TABLE tenant_changes (
    id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK (id = 0)
);
INSERT INTO tenant_changes (id, generation) VALUES (0, 0);
