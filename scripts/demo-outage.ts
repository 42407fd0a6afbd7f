import { Report } from './demo/report.ts';
import { Chat } from './demo-outage/chat.ts';
import { check } from './demo-outage/check.ts';
import { playCalm, playKill, playOutage, playReturn } from './demo-outage/scenes.ts';
import { Stage } from './demo-outage/stage.ts';
import { type Suite, startSuite } from './suite.ts';
import { build } from './support/build.ts';
import { interruptedCode, interruption } from './support/interruption.ts';
import { patience } from './support/patience.ts';
import { runMain } from './support/run-main.ts';

// npm run demo:outage: a chat goes on while Firestore is gone. Exits with 0 only if all of it was seen.

const interrupted = interruption();
await runMain(demo);

async function demo(): Promise<number> {
  console.log('Building the functions and the web page.');
  await build();
  console.log('Starting the emulators.');
  const suite = await startSuite({ ports: 'free', params: patience, log: () => {} });
  console.log(`The emulators were ready after ${(suite.readyMs / 1000).toFixed(1)} s.`);
  try {
    return await perform(suite);
  } finally {
    await suite.stop();
  }
}

async function perform(suite: Suite): Promise<number> {
  const over = new AbortController();
  const stage = await Stage.set(suite, over.signal);
  const stopped = Promise.race([interrupted, suite.ended]).then(() => {
    over.abort();
    return interruptedCode;
  });
  try {
    return await Promise.race([play(stage), stopped]);
  } finally {
    await stage.clear();
  }
}

async function play(stage: Stage): Promise<number> {
  const report = new Report();
  const startedAt = new Date();
  const owner = await stage.enter();
  const admin = await stage.enter({ admin: true });
  const page = owner.openPage();
  const chat = new Chat(report, page, (await page.createSession()).session_id);

  await playCalm(report, chat);
  const outage = await playOutage(report, stage, chat, admin);
  const born = await playKill(report, stage, chat, owner, admin);
  await playReturn(report, stage, chat, owner, outage);
  await check(report, chat, { owner, admin, born, startedAt });
  return report.close();
}
