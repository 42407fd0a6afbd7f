import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { isSessionsError } from '../../src/index.ts';
import { fakeServer, type Mode } from './fake-server.ts';
import type { Reply } from './tab.ts';

/** Serves `tab.ts` in a bundle. */
export const serveTabs = async (): Promise<{ url: string; close(): void }> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: fileURLToPath(new URL('tab.ts', import.meta.url)), formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  assert(Array.isArray(built));
  const [chunk] = built.flatMap(({ output }) => output);
  assert(chunk?.type === 'chunk');
  const server = createServer(({ url }, response) => {
    const script = url === '/tab.js';
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
    response.end(script ? chunk.code : '<!doctype html><script type="module" src="/tab.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
};

/** A person's browser, whose tabs talk to a server whose primary is as `state.mode` says. */
export const openBrowser = async (browser: Browser, url: string) => {
  const context: BrowserContext = await browser.newContext();
  const state: { mode: Mode; hold: Promise<void> | null } = { mode: 'volatile', hold: null };
  const server = fakeServer(() => state.mode);
  const transport = server.transport('thandi');
  await context.exposeFunction(
    'serve',
    async (name: 'addMessage', data: unknown): Promise<Reply | object> => {
      try {
        const answer = await transport(name, data);
        await state.hold;
        return { answer };
      } catch (error) {
        if (!isSessionsError(error)) throw error;
        return { refusal: { code: error.code, message: error.message } };
      }
    },
  );
  /** `script` runs in the tab before anything else does. */
  const open = async (script: () => void = () => {}): Promise<Page> => {
    const page = await context.newPage();
    await page.addInitScript(script);
    await page.goto(url);
    await page.waitForFunction(() => 'tab' in window);
    return page;
  };
  return { context, state, server, open };
};
