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
const ELEMENTS = ["html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "div", "a", "br"];

/** How well each text stands out from what is behind it (WCAG 2.2, section 1.4.3), and how bright that is. */
function contrasts() {
  const channels = (color) => color.match(/[0-9.]+/g).map(Number);
  const brightness = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const color = channels(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? behind(element.parentElement) : color;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    const back = brightness(behind(node.parentElement));
    const front = brightness(channels(getComputedStyle(node.parentElement).color));
    const ratio = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    found.push({ text: node.data.trim().slice(0, 30), ratio, back, isButton: node.parentElement.matches(".button") });
  }
  return found;
}

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
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const { text, ratio, back, isButton } of await page.evaluate(contrasts)) {
          assert.ok(ratio >= 4.5, `${text} in ${colorScheme}: ${ratio}`);
          if (!isButton) assert.equal(back < 0.2, colorScheme === "dark", `behind ${text} in ${colorScheme}: ${back}`);
        }
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
