import type { Suite } from './emulators/suite.ts';
import { startLocalSchedules } from './schedules.ts';
import { onInterrupt } from './support/on-interrupt.ts';
import { runMain } from './support/run-main.ts';
import { startProject } from './support/start-project.ts';

// npm start: serves the project on the emulators until Ctrl-C. bootstrap.cjs has made sure that the ports are free.

const printAddresses = (suite: Suite): void => {
  const rows = [
    ['Web page', `http://${suite.hosting}`],
    ['Functions', `http://${suite.functions}`],
    ['Firestore', suite.firestore],
    ['Auth', `http://${suite.auth}`],
    ['Project', suite.projectId],
  ] as const;
  for (const [name, address] of rows) console.log(`  ${name.padEnd(10)} ${address}`);
};

// firebase-tools marks the output of the functions with ">".
const showOutputOfFunctions = (line: string): void => {
  if (/^>|functions: .*[Ff]ailed/.test(line)) console.log(line);
};

const interrupted = onInterrupt();
await runMain(async () => {
  const suite = await startProject({ ports: 'configured', log: showOutputOfFunctions, interrupted });
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
});
