"""Passkeys: made, used, added, removed and recovered, by the SDK's functions."""

from authenticator import EDDSA, ES256, ES384, PAGE, RS256, SITE, Authenticator
from supertokens_python.recipe import webauthn
from supertokens_python.recipe.multitenancy import syncio as tenancy
from supertokens_python.recipe.multitenancy.interfaces import TenantConfigCreateOrUpdate
from supertokens_python.recipe.webauthn.functions import update_user_email
from supertokens_python.recipe.webauthn.interfaces.recipe import (
    AuthenticationPayload,
    RegistrationPayload,
)
from supertokens_python.recipe.webauthn.types.base import WebauthnInfoInput
from supertokens_python.syncio import get_user, list_users_by_account_info
from supertokens_python.types.base import AccountInfoInput

from .application import Application, new_email

HERE = {"relying_party_id": SITE, "relying_party_name": "Clients", "origin": PAGE}
ASKED = {"user_verification": "preferred", "user_presence": True, "timeout": 60_000}


def register_options(tenant_id="public", algorithms=(EDDSA, ES256), **whom):
    """Options for a new passkey; whom they are for is an address or a token. With what a browser is
    told by them."""
    options = webauthn.register_options.sync(
        **HERE,
        **ASKED,
        **whom,
        tenant_id=tenant_id,
        attestation="none",
        resident_key="required",
        supported_algorithm_ids=list(algorithms),
    )
    assert options.status == "OK", options
    return options, options.to_json()


def sign_in_options(tenant_id="public"):
    options = webauthn.sign_in_options.sync(**HERE, **ASKED, tenant_id=tenant_id)
    assert options.status == "OK", options
    return options, options.to_json()


def made(options, credential):
    credential = RegistrationPayload.from_json(credential)
    options_id = options.webauthn_generated_options_id
    return {"webauthn_generated_options_id": options_id, "credential": credential}


def used(options, credential):
    credential = AuthenticationPayload.from_json(credential)
    options_id = options.webauthn_generated_options_id
    return {"webauthn_generated_options_id": options_id, "credential": credential}


def sign_up(authenticator, **more):
    """A new user with a passkey: the address, and what the SDK says."""
    email = new_email()
    options, told = register_options(email=email, **more)
    answer = made(options, authenticator.create(told))
    return email, webauthn.sign_up.sync(**answer, tenant_id=more.get("tenant_id", "public"))


def sign_in(authenticator, tenant_id="public", change=None, origin=PAGE):
    """`change` is what the browser is told otherwise than it was answered."""
    options, told = sign_in_options(tenant_id)
    credential = authenticator.get({**told, **(change or {})}, origin)
    return webauthn.sign_in.sync(**used(options, credential), tenant_id=tenant_id)


def ids_of(recipe_user_id):
    listed = webauthn.list_credentials.sync(recipe_user_id=recipe_user_id.get_as_string())
    return sorted(one.webauthn_credential_id for one in listed.credentials)


class Passkeys(Application):
    def test_a_passkey_of_each_algorithm_signs_up_and_in(self):
        for algorithm in [ES256, EDDSA, ES384, RS256]:
            with self.subTest(algorithm):
                authenticator = Authenticator(algorithm, counts=True)
                email, joined = sign_up(authenticator, algorithms=[algorithm])
                [method] = joined.user.login_methods
                self.assertEqual((method.recipe_id, method.email), ("webauthn", email))
                self.assertEqual(method.webauthn.credential_ids, [authenticator.credential_id])
                for _ in range(2):
                    signed_in = sign_in(authenticator)
                    self.assertEqual(signed_in.status, "OK", signed_in)
                    self.assertEqual(signed_in.user.id, joined.user.id)
                passkey = WebauthnInfoInput(credential_id=authenticator.credential_id)
                account = AccountInfoInput(webauthn=passkey)
                [found] = list_users_by_account_info("public", account)
                self.assertEqual(found.id, joined.user.id)

    def test_a_passkey_s_answer_may_be_verified_before_it_signs_in_and_signs_in_once(self):
        authenticator = Authenticator(EDDSA, counts=True)
        _, joined = sign_up(authenticator)
        options, told = sign_in_options()
        answer = used(options, authenticator.get(told))
        self.assertEqual(webauthn.verify_credentials.sync(**answer).status, "OK")
        self.assertEqual(webauthn.sign_in.sync(**answer).user.id, joined.user.id)
        replayed = webauthn.sign_in.sync(**answer)
        self.assertEqual(replayed.status, "OPTIONS_NOT_FOUND_ERROR")

    def test_options_of_a_passkey_are_read_and_taken_back(self):
        email = new_email()
        options, _ = register_options(email=email)
        asked = {"webauthn_generated_options_id": options.webauthn_generated_options_id}
        read = webauthn.get_generated_options.sync(**asked)
        self.assertEqual((read.email, read.challenge), (email, options.challenge))
        self.assertEqual((read.origin, read.relying_party_id), (PAGE, SITE))
        self.assertEqual(webauthn.remove_generated_options.sync(**asked).status, "OK")
        for ask in [webauthn.remove_generated_options, webauthn.get_generated_options]:
            self.assertEqual(ask.sync(**asked).status, "OPTIONS_NOT_FOUND_ERROR")
        elsewhere = {**HERE, **ASKED, "origin": "http://example.org"}
        refused = webauthn.sign_in_options.sync(**elsewhere)
        self.assertEqual(refused.status, "INVALID_OPTIONS_ERROR")

    def test_a_second_passkey_is_added_found_and_removed(self):
        first, second = Authenticator(ES256), Authenticator(EDDSA)
        email, joined = sign_up(first)
        own_id = joined.recipe_user_id.get_as_string()

        def add(authenticator, whom):
            options, told = register_options(email=whom)
            answer = made(options, authenticator.create(told))
            return webauthn.register_credential.sync(**answer, recipe_user_id=own_id).status

        self.assertEqual(add(second, email), "OK")
        self.assertEqual(add(Authenticator(), new_email()), "INVALID_OPTIONS_ERROR")
        ids = sorted([first.credential_id, second.credential_id])
        self.assertEqual(ids_of(joined.recipe_user_id), ids)
        self.assertEqual(sign_in(second).user.id, joined.user.id)
        asked = {"webauthn_credential_id": first.credential_id, "recipe_user_id": own_id}
        read = webauthn.get_credential.sync(**asked)
        self.assertEqual(read.relying_party_id, SITE)
        self.assertEqual(read.recipe_user_id.get_as_string(), own_id)
        self.assertEqual(webauthn.remove_credential.sync(**asked).status, "OK")
        for ask in [webauthn.remove_credential, webauthn.get_credential]:
            self.assertEqual(ask.sync(**asked).status, "CREDENTIAL_NOT_FOUND_ERROR")
        self.assertEqual(sign_in(first).status, "CREDENTIAL_NOT_FOUND_ERROR")
        self.assertEqual(ids_of(joined.recipe_user_id), [second.credential_id])

    def test_a_lost_passkey_is_replaced_by_a_token_that_works_once(self):
        lost, found = Authenticator(), Authenticator(EDDSA)
        email, joined = sign_up(lost)
        whom = {"user_id": joined.user.id, "email": email}
        token = webauthn.generate_recover_account_token.sync(**whom).token
        owner = webauthn.get_user_from_recover_account_token.sync(token=token)
        self.assertEqual(owner.user.id, joined.user.id)
        options, told = register_options(recover_account_token=token)
        self.assertEqual(options.user.name, email)
        answer = made(options, found.create(told))
        self.assertEqual(webauthn.recover_account.sync(**answer, token=token).status, "OK")
        invalid = "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"
        again = webauthn.recover_account.sync(**answer, token=token)
        self.assertEqual(again.status, invalid)
        for ask in [
            webauthn.consume_recover_account_token,
            webauthn.get_user_from_recover_account_token,
        ]:
            self.assertEqual(ask.sync(token=token).status, invalid)
        self.assertEqual(sign_in(found).user.id, joined.user.id)
        self.assertEqual(len(ids_of(joined.recipe_user_id)), 2)
        nobody = webauthn.generate_recover_account_token.sync(user_id="nobody", email=email)
        self.assertEqual(nobody.status, "UNKNOWN_USER_ID_ERROR")

    def test_the_address_of_a_passkey_is_changed_where_nobody_has_it(self):
        authenticator = Authenticator()
        _, joined = sign_up(authenticator)
        taken, _ = sign_up(Authenticator())
        own_id, email = joined.recipe_user_id.get_as_string(), new_email()

        def change(email):
            return update_user_email.sync(email=email, recipe_user_id=own_id).status

        self.assertEqual(change(email), "OK")
        self.assertEqual(change(taken), "EMAIL_ALREADY_EXISTS_ERROR")
        self.assertEqual(get_user(joined.user.id).emails, [email])
        self.assertEqual(sign_in(authenticator).user.id, joined.user.id)

    def test_what_a_passkey_has_not_answered_to_these_options_here_and_now_is_refused(self):
        authenticator = Authenticator(counts=True)
        email, _ = sign_up(authenticator)
        refused = "INVALID_AUTHENTICATOR_ERROR"
        _, others = sign_in_options()
        others = {"challenge": others["challenge"]}
        for change, origin in [
            (others, PAGE),
            ({}, "https://localhost"),
            ({}, "http://localhost:3001"),
            ({"rpId": "example.com"}, PAGE),
        ]:
            answer = sign_in(authenticator, change=change, origin=origin)
            self.assertEqual(answer.status, refused, (change, origin))
        for change, origin in [
            (others, PAGE),
            ({}, "http://localhost:3001"),
            ({"rp": {"id": "example.com"}}, PAGE),
        ]:
            options, told = register_options(email=new_email())
            credential = Authenticator().create({**told, **change}, origin)
            answer = webauthn.sign_up.sync(**made(options, credential))
            self.assertEqual(answer.status, refused, (change, origin))

        # Another's signature, and a use that went uncounted.
        forger = Authenticator()
        forger.id, forger.handle, forger.uses = authenticator.id, authenticator.handle, 9
        self.assertEqual(sign_in(forger).status, refused)
        self.assertEqual(sign_in(authenticator).status, "OK")
        authenticator.uses -= 1
        self.assertEqual(sign_in(authenticator).status, refused)

        options, told = register_options(email=email)
        taken = webauthn.sign_up.sync(**made(options, Authenticator().create(told)))
        self.assertEqual(taken.status, "EMAIL_ALREADY_EXISTS_ERROR")

    def test_a_passkey_and_its_options_are_their_tenant_s(self):
        here, there = "passkeys-here", "passkeys-there"
        for tenant_id in [here, there]:
            config = TenantConfigCreateOrUpdate(first_factors=["webauthn"])
            tenancy.create_or_update_tenant(tenant_id, config)
        authenticator = Authenticator()
        email, joined = sign_up(authenticator, tenant_id=here)
        self.assertEqual(joined.user.tenant_ids, [here])
        self.assertEqual(sign_in(authenticator, here).user.id, joined.user.id)
        self.assertEqual(sign_in(authenticator, there).status, "UNKNOWN_USER_ID_ERROR")
        options, told = sign_in_options(here)
        answer = used(options, authenticator.get(told))
        elsewhere = webauthn.sign_in.sync(**answer, tenant_id=there)
        self.assertEqual(elsewhere.status, "OPTIONS_NOT_FOUND_ERROR")
        whom = {"user_id": joined.user.id, "email": email}
        token = webauthn.generate_recover_account_token.sync(**whom, tenant_id=here).token
        foreign = webauthn.consume_recover_account_token.sync(token=token, tenant_id=there)
        self.assertEqual(foreign.status, "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR")
