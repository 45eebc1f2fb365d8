-- An address that was guessed at, and whose budget is empty for another hour.
INSERT INTO budgets (app_id, tenant_id, name, subject, full_at) VALUES
    ('public', 'public', 'signIn/account',
     '1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014', 1767229260000);
