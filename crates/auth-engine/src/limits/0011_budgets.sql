-- What was taken of the budgets of whatever can be guessed or costs something: the time at which all
-- of a budget will be there again. Taking moves the time on, in one guarded statement; a row whose
-- time has come says nothing any more. The subject is a digest. A refusal is told once until the
-- budget gives again.
CREATE TABLE budgets (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    name VARCHAR(48) NOT NULL,
    subject VARCHAR(64) NOT NULL,
    full_at BIGINT NOT NULL,
    is_told BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (app_id, tenant_id, name, subject),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX budgets_full ON budgets (full_at);

-- Those of addresses and numbers are among them from here on, and begin full.
DROP TABLE passwordless_budgets;
