import { runDemo } from '../../tools/support/run-demo.ts';
import { TEST_PARAMS } from '../../tools/support/test-params.ts';
import { Report } from '../conversation/report.ts';
import { Chat } from './chat.ts';
import { check } from './check.ts';
import { playCalm, playKill, playOutage, playReturn } from './scenes.ts';
import { Stage } from './stage.ts';

// npm run demo:outage: a chat goes on while Firestore is gone. Exits with 0 only if all of it was seen.

await runDemo(TEST_PARAMS, async (suite, stopped) => {
  const over = new AbortController();
  const stage = await Stage.set(suite, over.signal);
  void stopped.then(() => over.abort());
  try {
    return await Promise.race([play(stage), stopped]);
  } finally {
    await stage.clear();
  }
});

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
