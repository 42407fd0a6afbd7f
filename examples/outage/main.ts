import { runDemo } from '../../tools/support/run-demo.ts';
import { TEST_PARAMS } from '../../tools/support/test-params.ts';
import { Transcript } from '../shared/transcript.ts';
import { Chat } from './chat.ts';
import { compareWithFirestore } from './compare-with-firestore.ts';
import { OutageDeployment } from './deployment.ts';
import { playHealthyChat, playInstanceKill, playOutage, playRecovery } from './scenes.ts';

// npm run demo:outage: a chat goes on while Firestore is unavailable. Exits with 0 only if it kept every promise.

const play = async (deployment: OutageDeployment): Promise<number> => {
  const transcript = new Transcript();
  const startedAt = new Date();
  const owner = await deployment.createParticipant();
  const admin = await deployment.createParticipant({ admin: true });
  const page = owner.openPage();
  const chat = new Chat(transcript, page, (await page.createSession()).session_id);

  const demo = { transcript, deployment, chat, owner, admin };
  await playHealthyChat(demo);
  const outage = await playOutage(demo);
  const degradedSession = await playInstanceKill(demo);
  await playRecovery(demo, outage);
  await compareWithFirestore(demo, { degradedSession, startedAt });
  return transcript.finish();
};

await runDemo(TEST_PARAMS, async (suite, stopped) => {
  const interrupted = new AbortController();
  void stopped.then(() => interrupted.abort());
  const deployment = await OutageDeployment.start(suite, interrupted.signal);
  try {
    return await Promise.race([play(deployment), stopped]);
  } finally {
    await deployment.stop();
  }
});
