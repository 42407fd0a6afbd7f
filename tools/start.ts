import { type Suite, startSuite } from './emulators/suite.ts';
import { startLocalSchedules } from './schedules.ts';
import { build } from './support/build.ts';
import { onInterrupt } from './support/on-interrupt.ts';
import { runMain } from './support/run-main.ts';

const interrupted = onInterrupt();
await runMain(start);

async function start(): Promise<number> {
  console.log('Building the functions and the web page.');
  await build();
  console.log('Starting the emulators.');
  const suite = await startSuite({ ports: 'configured', log: showWhatFunctionsSay });
  printAddresses(suite);
  const schedules = await startLocalSchedules(suite, console.log);
  for (const { name, cron } of schedules.schedules) console.log(`${name} runs at ${cron}.`);
  console.log('Press Ctrl-C to stop.');

  const end = await Promise.race([interrupted, suite.ended]);
  schedules.stop();
  if (typeof end !== 'string') {
    console.error(end?.message ?? 'The emulators ended.');
    return 1;
  }
  console.log('Stopping the emulators.');
  await suite.stop();
  console.log('Stopped.');
  return 0;
}

function printAddresses(suite: Suite): void {
  const rows = [
    ['Web page', `http://${suite.hosting}`],
    ['Functions', `http://${suite.functions}`],
    ['Firestore', suite.firestore],
    ['Auth', `http://${suite.auth}`],
    ['Project', suite.projectId],
  ] as const;
  console.log(`Ready after ${(suite.readyMs / 1000).toFixed(1)} s.`);
  for (const [what, where] of rows) console.log(`  ${what.padEnd(10)} ${where}`);
}

// firebase-tools marks what a function printed with ">" and its own warnings with a sign.
function showWhatFunctionsSay(line: string): void {
  if (/^>|functions: .*[Ff]ailed/.test(line)) console.log(line);
}
