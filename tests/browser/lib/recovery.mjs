// Recovery codes, as both example pages show them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

/** Copies and downloads the codes that a page shows, compares, and answers them. */
export async function keepCodes(page, download) {
  const shown = await page.locator("#recovery-codes li").allInnerTexts();
  assert.equal(shown.length, 10);
  const text = shown.map((code) => `${code}\n`).join("");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy the codes" }).click();
  await page.getByText("The codes are copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  const saved = page.waitForEvent("download");
  await download.click();
  const file = await saved;
  assert.equal(file.suggestedFilename(), "recovery-codes.txt");
  assert.equal(await readFile(await file.path(), "utf8"), text);
  return shown;
}
