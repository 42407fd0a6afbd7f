import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** `CHROMIUM_PATH`, or the first on the PATH; null where there is none. */
const findChromium = (): string | null => {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const folders = (env.PATH ?? '').split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
};

/**
 * A Chromium of this machine, without a sandbox, which containers do not allow, and without traffic of its own. Where
 * there is none the suite whose hook asks is skipped, except in CI.
 */
export const launchChromium = (hook: Mocha.Context): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === null) {
    const message =
      'No Chromium was found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH.';
    if (env.CI) throw new Error(message);
    console.log(message);
    return hook.skip();
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};
