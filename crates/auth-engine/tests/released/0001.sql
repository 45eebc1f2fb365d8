-- Ada with two login methods, Bob, and Carol, whose address was made up; a session of Ada's, a reset token, metadata.
INSERT INTO apps
    (app_id, created_at_time)
VALUES
    ('public', 1767225600000);
INSERT INTO tenants
    (app_id, tenant_id, created_at_time)
VALUES
    ('public', 'public', 1767225600000);
INSERT INTO key_value
    (app_id, tenant_id, name, value, created_at_time)
VALUES
    ('public', 'public', 'refresh_token_key', 'W4SLpHyr+XS+au9oabz9Ia6ciKzc/hbRnyTHV7WasXrVsCg5wt+DUM1bdTvwSsaQvwfoyiI5OwqNK53wfSN5ig==', 1767225601000);
INSERT INTO app_id_to_user_id
    (app_id, user_id, recipe_id, primary_or_recipe_user_id, is_linked_or_is_a_primary_user, time_joined, primary_or_recipe_user_time_joined)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'emailpassword', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', TRUE, 1767225600000, 1767225600000),
    ('public', '8d91efc5-106f-43a3-9c7e-5449c4bbe05a', 'emailpassword', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', TRUE, 1767225601000, 1767225600000),
    ('public', '811df171-d767-4f80-8552-0c19761f9082', 'emailpassword', '811df171-d767-4f80-8552-0c19761f9082', FALSE, 1767225601000, 1767225601000),
    ('public', '5b022195-276a-4a53-b287-488a71c9dfe5', 'emailpassword', '5b022195-276a-4a53-b287-488a71c9dfe5', FALSE, 1767225601000, 1767225601000);
INSERT INTO recipe_user_account_infos
    (app_id, recipe_user_id, recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id, primary_user_id)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'emailpassword', 'email', 'ada@example.com', '', '', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff'),
    ('public', '8d91efc5-106f-43a3-9c7e-5449c4bbe05a', 'emailpassword', 'email', 'ada@work.example', '', '', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff'),
    ('public', '811df171-d767-4f80-8552-0c19761f9082', 'emailpassword', 'email', 'bob@example.com', '', '', NULL),
    ('public', '5b022195-276a-4a53-b287-488a71c9dfe5', 'emailpassword', 'email', 'carol@stfakeemail.supertokens.com', '', '', NULL);
INSERT INTO recipe_user_tenants
    (app_id, tenant_id, recipe_user_id, recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id)
VALUES
    ('public', 'public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'emailpassword', 'email', 'ada@example.com', '', ''),
    ('public', 'public', '8d91efc5-106f-43a3-9c7e-5449c4bbe05a', 'emailpassword', 'email', 'ada@work.example', '', ''),
    ('public', 'public', '811df171-d767-4f80-8552-0c19761f9082', 'emailpassword', 'email', 'bob@example.com', '', ''),
    ('public', 'public', '5b022195-276a-4a53-b287-488a71c9dfe5', 'emailpassword', 'email', 'carol@stfakeemail.supertokens.com', '', '');
INSERT INTO primary_user_tenants
    (app_id, tenant_id, account_info_type, account_info_value, primary_user_id)
VALUES
    ('public', 'public', 'email', 'ada@example.com', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff'),
    ('public', 'public', 'email', 'ada@work.example', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff');
INSERT INTO emailpassword_users
    (app_id, user_id, email, password_hash, time_joined)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'ada@example.com', '$argon2id$v=19$m=8,t=1,p=1$T/GQtMLFc+yZnY23XyBkRw$1qOnyvhkTPG5H7JgByF51PTXQkeggmZ0rtlVOfOQZYU', 1767225600000),
    ('public', '8d91efc5-106f-43a3-9c7e-5449c4bbe05a', 'ada@work.example', '$argon2id$v=19$m=8,t=1,p=1$QljSH6iwiXdeJZqp/r/ZYA$Ly043AmEjpzXJe49MPUS6m2VS+jglExZta3dmh2yo54', 1767225601000),
    ('public', '811df171-d767-4f80-8552-0c19761f9082', 'bob@example.com', '$argon2id$v=19$m=8,t=1,p=1$zkVhYgQm0EySGKYXFQT9Gg$u1u/f2pUSxKXOJwEH8qfhND9wLqjqww43LtsWJoqWFc', 1767225601000),
    ('public', '5b022195-276a-4a53-b287-488a71c9dfe5', 'carol@stfakeemail.supertokens.com', '$argon2id$v=19$m=8,t=1,p=1$KtpAHdXdP4so6JyJzEVVUg$yNAmZ8nw69q5rfUbfKGscsPrKAdlxhJs2UIDBQiI040', 1767225601000);
INSERT INTO emailpassword_pswd_reset_tokens
    (app_id, user_id, token, email, token_expiry)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'daf3e35c224f37a8f9772596fa706c7452c9c03eb136d66e4c9f4fa6458c25af', 'ada@example.com', 1767229201000);
INSERT INTO emailverification_verified_emails
    (app_id, user_id, email)
VALUES
    ('public', '5b022195-276a-4a53-b287-488a71c9dfe5', 'carol@stfakeemail.supertokens.com');
INSERT INTO session_info
    (app_id, tenant_id, session_handle, user_id, refresh_token_hash_2, session_data, expires_at, created_at_time, jwt_user_payload, use_static_key, prev_refresh_token_hash_2, refresh_token_rotated_at)
VALUES
    ('public', 'public', 'ca75ca05-9c37-4ce2-b8e3-ddef820f32df', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '14a6b7a88c3a9608d6e7820a10b2ada1cc9a433094f2f6bb9381ab471d757b42', '{"cart":3}', 1775865601000, 1767225601000, '{"role":"editor"}', FALSE, NULL, NULL);
INSERT INTO session_access_token_signing_keys
    (app_id, created_at_time, value, algorithm)
VALUES
    ('public', 1767225601000, 'MC4CAQAwBQYDK2VwBCIEICHP+5V3Ru9xe1pmWxAQ84Qv9Rmt3cfrrlEjM5DlKHED', 'EdDSA');
INSERT INTO jwt_signing_keys
    (app_id, key_id, key_string, algorithm, created_at)
VALUES
    ('public', 's-894e18f7-ca31-4dcf-8266-bb09fe27d4b2', 'MC4CAQAwBQYDK2VwBCIEICtvKtlidEEBEczkYMNqGAMNNOGulYzQP2U0N2XTewig', 'EdDSA', 1767225601000);
INSERT INTO user_metadata
    (app_id, user_id, user_metadata)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '{"theme":"dark"}');
INSERT INTO user_last_active
    (app_id, user_id, last_active_time)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 1767225600000),
    ('public', '8d91efc5-106f-43a3-9c7e-5449c4bbe05a', 1767225601000),
    ('public', '811df171-d767-4f80-8552-0c19761f9082', 1767225601000),
    ('public', '5b022195-276a-4a53-b287-488a71c9dfe5', 1767225601000);
