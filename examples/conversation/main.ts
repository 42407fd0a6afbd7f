import type { Suite } from '../../tools/emulators/suite.ts';
import { runDemo } from '../../tools/support/run-demo.ts';
import { TEST_PARAMS } from '../../tools/support/test-params.ts';
import { playConversation } from './conversation.ts';
import { playLeave } from './export-and-delete.ts';
import { openIdle, playAdmin, playIdle, playRollOver } from './lifecycle.ts';
import { Report } from './report.ts';
import { type Actor, enter } from './stage.ts';
import { playWriters } from './writers.ts';

// npm run demo: a conversation of real clients with the real emulators. Exits with 0 only if all of it was seen.

/** Short enough to wait for, long enough that the other scenes do not meet it. */
const IDLE_SECONDS = 30;

const params = { ...TEST_PARAMS, IDLE_TIMEOUT_SECONDS: String(IDLE_SECONDS) };
await runDemo(params, (suite, stopped) => Promise.race([play(suite), stopped]));

async function play(suite: Suite): Promise<number> {
  const report = new Report();
  const startedAt = new Date();
  const actors: Actor[] = [];
  const invite = async (claims?: Readonly<Record<string, boolean>>): Promise<Actor> => {
    const actor = await enter(suite, claims);
    actors.push(actor);
    return actor;
  };
  try {
    const owner = await invite();
    const agent = await invite({ agent: true });
    const admin = await invite({ admin: true });
    const stranger = await invite();

    const session_id = await playConversation(report, owner, agent);
    await playWriters(report, owner, stranger, session_id);
    const idle = await openIdle(owner);
    await playRollOver(report, owner);
    await playIdle(report, suite, owner, idle);
    await playAdmin(report, suite, admin, owner, startedAt);
    await playLeave(report, owner, admin);
    return report.close();
  } finally {
    for (const actor of actors) await actor.close();
  }
}
