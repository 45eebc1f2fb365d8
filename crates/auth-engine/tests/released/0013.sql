-- A network that Ada signs in from, and an alert about a sign-in from another one.
INSERT INTO sign_in_networks (app_id, user_id, network, last_used_at) VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff',
     '5f2b51ca2fdc5baa31ec02e002f69aec3b9a24e4ae0bd5a5ba35c2f0ab5c6a11', 1767225601000);
INSERT INTO sign_in_alerts (app_id, tenant_id, token, user_id, network, expires_at) VALUES
    ('public', 'public', '66804fbd8d7bda8a8a2a8b0d8c4c5d7fe10d396b9ce375ee87ce78f357579ba5',
     'e8dd943d-366c-4ae7-beb7-06c6ae668eff',
     '5f2b51ca2fdc5baa31ec02e002f69aec3b9a24e4ae0bd5a5ba35c2f0ab5c6a11', 1767312001000);
