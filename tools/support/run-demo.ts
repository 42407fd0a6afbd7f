import { type Suite, startSuite } from '../emulators/suite.ts';
import { build } from './build.ts';
import { interruptedCode, onInterrupt } from './on-interrupt.ts';
import { runMain } from './run-main.ts';

/**
 * Builds all, starts a suite on free ports, lets `play` use it and stops it. What `play` returns is the exit code;
 * `stopped` resolves with the one to return when the user, or the suite's own end, cuts it short.
 */
export async function runDemo(
  params: Readonly<Record<string, string>>,
  play: (suite: Suite, stopped: Promise<number>) => Promise<number>,
): Promise<void> {
  const interrupted = onInterrupt();
  await runMain(async () => {
    console.log('Building the functions and the web page.');
    await build();
    console.log('Starting the emulators.');
    const suite = await startSuite({ ports: 'free', params, log: () => {} });
    console.log(`The emulators were ready after ${(suite.readyMs / 1000).toFixed(1)} s.`);
    try {
      return await play(
        suite,
        Promise.race([interrupted, suite.ended]).then(() => interruptedCode),
      );
    } finally {
      await suite.stop();
    }
  });
}
