// What every front end has to be able to do with the server.

import assert from "node:assert/strict";
import { browserTests } from "./browser.mjs";
import { accessToken, spoilAccessToken, tokensKept } from "./tokens.mjs";
import { until } from "./until.mjs";

const PASSWORD = "correct horse 1";

let count = 0;
const newEmail = () => `user-${++count}@example.com`;

export function cases(group, app, ...serverFlags) {
  const browserTest = browserTests(group, ...serverFlags);

  async function signedUp({ tab, refreshes }) {
    const page = await tab();
    const email = newEmail();
    await app.openSignUp(page);
    await app.submitCredentials(page, email, PASSWORD);
    const session = await app.session(page);
    // Before there is a session, a front end may ask for one; what counts comes after.
    refreshes.length = 0;
    return { page, email, session };
  }

  browserTest("a new user signs up and is signed in", async (world) => {
    const { session } = await signedUp(world);
    assert.notEqual(session.user, "");
    assert.notEqual(session.handle, "");
  });

  browserTest("an email that is taken is refused at its field", async (world) => {
    const { page, email } = await signedUp(world);
    await app.signOut(page);
    await app.signedOut(page);
    await app.openSignUp(page);
    await app.submitCredentials(page, email, PASSWORD);
    assert.match(await app.fieldErrors(page), /email already exists/i);
  });

  browserTest("a wrong password is refused, the right one signs the same user in", async (world) => {
    const { page, email, session } = await signedUp(world);
    await app.signOut(page);
    await app.signedOut(page);
    await app.openSignIn(page);
    await app.submitCredentials(page, email, "wrong horse 1");
    assert.match(await app.formError(page), /wrong|incorrect/i);
    await app.submitCredentials(page, email, PASSWORD);
    const again = await app.session(page);
    assert.equal(again.user, session.user);
    assert.notEqual(again.handle, session.handle);
  });

  browserTest("the session survives a reload and shows in a second tab", async (world) => {
    const { page, session } = await signedUp(world);
    await page.reload();
    assert.deepEqual(await app.session(page), session);
    const second = await world.tab();
    await app.openHome(second);
    assert.deepEqual(await app.session(second), session);
  });

  browserTest("a call with a spoilt access token refreshes the session and succeeds", async (world) => {
    const { page, session } = await signedUp(world);
    const spoilt = await spoilAccessToken(world.profile, app.transfer);
    assert.equal(await app.ask(page), 200);
    assert.deepEqual(world.refreshes, [200]);
    assert.notEqual(await accessToken(world.profile, app.transfer), spoilt);
    await app.openHome(page);
    assert.deepEqual(await app.session(page), session);
  });

  browserTest("two tabs that refresh at once both keep working, again and again", async (world) => {
    const { page: first, session } = await signedUp(world);
    const second = await world.tab();
    await app.openHome(second);
    await app.session(second);
    for (let round = 0; round < 3; round += 1) {
      await spoilAccessToken(world.profile, app.transfer);
      assert.deepEqual(await Promise.all([app.ask(first), app.ask(second)]), [200, 200]);
    }
    assert.ok(world.refreshes.length >= 3, `refreshes: ${world.refreshes}`);
    assert.ok(world.refreshes.every((status) => status === 200), `refreshes: ${world.refreshes}`);
    await app.openHome(second);
    assert.deepEqual(await app.session(second), session);
  });

  browserTest("signing out in one tab signs the other one out", async (world) => {
    const { page: first } = await signedUp(world);
    const second = await world.tab();
    await app.openHome(second);
    await app.session(second);
    await app.signOut(first);
    await app.signedOut(first);
    // A page may notice by itself; one that doesn't has to at its next call.
    await Promise.race([app.press(second).catch(() => {}), app.signedOut(second)]);
    await app.signedOut(second);
    const left = await tokensKept(world.profile);
    assert.deepEqual(left, []);
  });

  browserTest("a mailed link changes the password, once", async (world) => {
    const { page, email, session } = await signedUp(world);
    await app.signOut(page);
    await app.signedOut(page);
    await app.askForReset(page, email);
    const { link } = await world.server.message("PASSWORD_RESET", email);
    await app.choosePassword(page, link, "another horse 2");
    await app.passwordChosen(page);
    await app.openSignIn(page);
    await app.submitCredentials(page, email, PASSWORD);
    await app.formError(page);
    await app.submitCredentials(page, email, "another horse 2");
    assert.equal((await app.session(page)).user, session.user);

    const second = await world.tab();
    await app.choosePassword(second, link, "a third horse 3");
    await app.linkRefused(second);
  });

  browserTest("the routes stay closed until the second factor is completed", async (world) => {
    const { page } = await signedUp(world);
    await app.routesAreClosed(page);
    const phone = `+1202555${String(1000 + ++count)}`;
    await app.askForCode(page, phone);
    const { userInputCode } = await world.server.message("PASSWORDLESS_LOGIN", phone);
    await app.confirmCode(page, userInputCode === "000000" ? "111111" : "000000");
    await app.wrongCode(page);
    await app.confirmCode(page, userInputCode);
    await app.routesAreOpen(page);

    await spoilAccessToken(world.profile, app.transfer);
    await app.openHome(page);
    await until("the refresh to keep the claim", async () => world.refreshes.includes(200));
    await page.locator("#route-protected").getByText("open", { exact: true }).waitFor();
  });
}
