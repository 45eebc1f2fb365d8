// One Chromium for a test file, one fresh profile for each test.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startServer, startServerWithProvider } from "./server.mjs";

/** The folder for screenshots of what failed. */
export const results = fileURLToPath(new URL("../results/", import.meta.url));

export const launchOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/**
 * Answers a function that registers a test. The test gets a world: the server, a browser profile,
 * `tab()` to open a page in it, and `otherBrowser()` for a page in a profile of its own. A failure
 * leaves a screenshot of every open tab in `results`.
 */
export const browserTests = (group, ...serverFlags) => testsWith(() => startServer(...serverFlags), group);

/** The same, where the server knows a provider: `server.provider`. */
export const providerTests = (group, ...serverFlags) =>
  testsWith(() => startServerWithProvider(...serverFlags), group);

function testsWith(start, group) {
  let browser;
  let server;

  before(async () => {
    server = await start();
    browser = await chromium.launch(launchOptions);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  return (name, run) =>
    test(`${group}: ${name}`, { timeout: 120_000 }, async (t) => {
      const profiles = [];
      const newProfile = async () => {
        const profile = await browser.newContext({ baseURL: server.origin });
        // Above the ten seconds that a front end may wait for a lock which a page left behind when it was closed.
        profile.setDefaultTimeout(20_000);
        profiles.push(profile);
        return profile;
      };
      const refreshes = [];
      const profile = await newProfile();
      const tab = async (owner = profile) => {
        const page = await owner.newPage();
        page.on("console", (line) => line.type() === "error" && t.diagnostic(`console: ${line.text()}`));
        page.on("pageerror", (error) => t.diagnostic(`page error: ${error.message}`));
        page.on("response", (response) => {
          if (response.url().endsWith("/auth/session/refresh")) refreshes.push(response.status());
        });
        return page;
      };
      try {
        await run({ server, profile, tab: () => tab(), otherBrowser: async () => tab(await newProfile()), refreshes });
      } catch (error) {
        await keepScreenshots(`${group} ${name}`, profiles.flatMap((one) => one.pages()));
        for (const line of server.log.slice(-20)) t.diagnostic(`server: ${line}`);
        throw error;
      } finally {
        await Promise.all(profiles.map((one) => one.close()));
      }
    });
}

async function keepScreenshots(name, pages) {
  await mkdir(results, { recursive: true });
  const stem = name.replaceAll(/[^a-z0-9]+/gi, "-");
  for (const [index, page] of pages.entries()) {
    const path = join(results, `${stem}-${index + 1}.png`);
    await page.screenshot({ path, fullPage: true }).catch(() => {});
  }
}
