-- Bob is a customer of another system.
INSERT INTO userid_mapping
    (app_id, supertokens_user_id, external_user_id, external_user_id_info)
VALUES
    ('public', '811df171-d767-4f80-8552-0c19761f9082', 'customer-7', NULL);
