// Reads a QR code as a phone's camera sees it: from the pixels of the screen.

import jsQR from "jsqr";
import { PNG } from "pngjs";

/** The text of the one QR code that a page shows. Light on dark isn't tried: not every reader does. */
export async function qrCodeOn(page, locator) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  // With what is around it, as it has to stand out from that.
  const margin = 40;
  const clip = {
    x: Math.max(0, box.x - margin),
    y: Math.max(0, box.y - margin),
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
  const { data, width, height } = PNG.sync.read(await page.screenshot({ clip }));
  return jsQR(new Uint8ClampedArray(data), width, height, { inversionAttempts: "dontInvert" })?.data;
}
