import type { Suite } from '../emulators/suite.ts';
import { interruptedCode, onInterrupt } from './on-interrupt.ts';
import { runMain } from './run-main.ts';
import { startProject } from './start-project.ts';

/**
 * Starts the project on free ports, plays a demo on it and stops it. The exit code is the result of `play`, which gets a
 * promise that resolves with the exit code when the user interrupts it, or when the suite ends by itself.
 */
export const runDemo = async (
  params: Readonly<Record<string, string>>,
  play: (suite: Suite, stopped: Promise<number>) => Promise<number>,
): Promise<void> => {
  const interrupted = onInterrupt();
  let isStopped = false;
  await runMain(async () => {
    const suite = await startProject({ ports: 'free', params, interrupted });
    const stopped = Promise.race([interrupted, suite.ended]).then(() => {
      isStopped = true;
      return interruptedCode;
    });
    try {
      return await play(suite, stopped);
    } finally {
      await suite.stop();
    }
  });
  // A scene may still wait for something that does not come any more.
  if (isStopped) process.exit();
};
