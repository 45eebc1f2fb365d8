// The mails of the SMTP service, in a browser: none is wider than its screen, and all that the
// application or a user named is text. `MAILS_BIN` prints them (`tests/delivery/examples/mails.rs`).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { launchOptions, results } from "./lib/browser.mjs";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const binary = process.env.MAILS_BIN ?? `${repository}target/debug/examples/mails`;
const mails = execFileSync(binary, { encoding: "utf8" })
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

let browser;
before(async () => {
  browser = await chromium.launch(launchOptions);
});
after(() => browser?.close());

/** What a mail may be made of; anything else came out of a name, a code or a link. */
const ELEMENTS = ["html", "head", "meta", "title", "body", "table", "tbody", "tr", "td", "div", "a", "br"];

/** The boxes of text that a reader can't see as a whole without scrolling sideways. */
function overflowing() {
  const width = document.documentElement.clientWidth;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const cell = node.parentElement.getBoundingClientRect();
    for (const { left, right } of range.getClientRects()) {
      const limit = Math.min(width, cell.right + 1);
      if (left < 0 || right > limit) found.push(`${node.data.trim().slice(0, 40)}: ${left} to ${right} of ${limit}`);
    }
  }
  if (document.scrollingElement.scrollWidth > width) found.push(`the page: ${document.scrollingElement.scrollWidth}`);
  return found;
}

test("there are mails with and without codes and links", () => {
  assert(mails.some(({ code, link }) => code && link));
  assert(mails.some(({ code, link }) => code && !link));
  assert(mails.some(({ code, link }) => !code && link));
});

for (const [index, mail] of mails.entries()) {
  test(`mail ${index + 1}, "${mail.subject}": fits every width and shows names, codes and links as text`, async () => {
    const page = await browser.newPage();
    try {
      page.on("dialog", (dialog) => assert.fail(`A script ran: ${dialog.message()}`));
      const requests = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.setContent(mail.html);
      for (const width of [320, 375, 414, 600, 800, 1200]) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await page.evaluate(overflowing), [], `at ${width} pixels`);
      }
      const elements = await page.evaluate(() => [...document.querySelectorAll("*")].map((one) => one.localName));
      assert.deepEqual(elements.filter((name) => !ELEMENTS.includes(name)), []);
      assert.deepEqual(requests, [], "a mail loads nothing");
      assert.equal(await page.title(), mail.subject);
      const text = await page.locator("body").innerText();
      const links = await page.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
      for (const part of [mail.appName, mail.to, mail.code, mail.link].filter(Boolean)) {
        assert(text.includes(part), `${part} in the HTML's ${text}`);
        assert(mail.text.includes(part), `${part} in the text ${mail.text}`);
      }
      assert.deepEqual(links, mail.link ? [mail.link] : []);
    } catch (error) {
      await mkdir(results, { recursive: true });
      await page.screenshot({ path: `${results}mail-${index + 1}.png`, fullPage: true });
      throw error;
    } finally {
      await page.close();
    }
  });
}
