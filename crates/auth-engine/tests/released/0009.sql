-- Ada is about to prove another address, and Grace signs in by her account at a third party.
INSERT INTO emailverification_tokens VALUES
    ('public', 'public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'ada@example.com', '8fe5e00f4060c53de98d65c0e8664c7af20e15b5c2a87fa1e77ca56dfaae37ea', 1767312001000);
INSERT INTO app_id_to_user_id VALUES
    ('public', '5a0c3f5e-6a3f-4f0e-9a53-0a8f4a7b9c11', 'thirdparty', '5a0c3f5e-6a3f-4f0e-9a53-0a8f4a7b9c11', FALSE, 1767225601000, 1767225601000);
INSERT INTO recipe_user_tenants VALUES
    ('public', 'public', '5a0c3f5e-6a3f-4f0e-9a53-0a8f4a7b9c11', 'thirdparty', 'tparty', 'google::1081', 'google', '1081'),
    ('public', 'public', '5a0c3f5e-6a3f-4f0e-9a53-0a8f4a7b9c11', 'thirdparty', 'email', 'grace@example.com', 'google', '1081');
INSERT INTO recipe_user_account_infos VALUES
    ('public', '5a0c3f5e-6a3f-4f0e-9a53-0a8f4a7b9c11', 'thirdparty', 'tparty', 'google::1081', 'google', '1081', NULL),
    ('public', '5a0c3f5e-6a3f-4f0e-9a53-0a8f4a7b9c11', 'thirdparty', 'email', 'grace@example.com', 'google', '1081', NULL);
