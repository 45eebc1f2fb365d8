-- Of a device's codes the newest can be typed in. The earlier ones stay, so that they can be told
-- from wrong ones, their links go on working, and none of them is given out again.
ALTER TABLE passwordless_codes ADD COLUMN is_replaced BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE passwordless_codes SET is_replaced = TRUE WHERE EXISTS
    (SELECT 1 FROM passwordless_codes newer
     WHERE newer.app_id = passwordless_codes.app_id
        AND newer.tenant_id = passwordless_codes.tenant_id
        AND newer.device_id_hash = passwordless_codes.device_id_hash
        AND (newer.created_at > passwordless_codes.created_at
            OR (newer.created_at = passwordless_codes.created_at
                AND newer.code_id > passwordless_codes.code_id)));
CREATE UNIQUE INDEX passwordless_codes_good
    ON passwordless_codes (app_id, tenant_id, device_id_hash) WHERE NOT is_replaced;

-- What an address or number has used of the codes that it may be sent and of the wrong ones that
-- may be typed in for it: the time at which all of it will be there again. Taking one moves the
-- time on, in one guarded statement; a row whose time has come says nothing any more.
CREATE TABLE passwordless_budgets (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    budget VARCHAR(16) NOT NULL,
    account_info_type VARCHAR(8) NOT NULL,
    account_info_value TEXT NOT NULL,
    full_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, budget, account_info_type, account_info_value),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    CHECK (budget IN ('sent', 'wrong')),
    CHECK (account_info_type IN ('email', 'phone'))
);
CREATE INDEX passwordless_budgets_full ON passwordless_budgets (full_at);
