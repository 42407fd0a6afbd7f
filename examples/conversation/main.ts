import type { Suite } from '../../tools/emulators/suite.ts';
import { runDemo } from '../../tools/support/run-demo.ts';
import { TEST_PARAMS } from '../../tools/support/test-params.ts';
import { Transcript } from '../shared/transcript.ts';
import { playAdmin } from './admin.ts';
import { playConcurrentWriters } from './concurrent-writers.ts';
import { playConversation } from './conversation.ts';
import { playExportAndDelete } from './export-and-delete.ts';
import { createIdleSession, playIdleSession, playRollOver } from './lifecycle.ts';
import { createParticipant, type Participant } from './participants.ts';

// npm run demo: a conversation of clients with the emulators. Exits with 0 only if it kept every promise.

/** Short enough to wait for, and long enough that no other scene meets it. */
const IDLE_SECONDS = 30;

const play = async (suite: Suite): Promise<number> => {
  const transcript = new Transcript();
  const startedAt = new Date();
  const participants: Participant[] = [];
  const invite = async (claims?: Readonly<Record<string, boolean>>): Promise<Participant> => {
    const participant = await createParticipant(suite, claims);
    participants.push(participant);
    return participant;
  };
  try {
    const owner = await invite();
    const agent = await invite({ agent: true });
    const admin = await invite({ admin: true });
    const stranger = await invite();

    const session_id = await playConversation(transcript, owner, agent);
    await playConcurrentWriters(transcript, owner, stranger, session_id);
    const idle = await createIdleSession(owner);
    await playRollOver(transcript, owner);
    await playIdleSession(transcript, suite, owner, idle);
    await playAdmin(transcript, suite, { admin, owner, startedAt });
    await playExportAndDelete(transcript, owner, admin);
    return transcript.finish();
  } finally {
    for (const participant of participants) await participant.close();
  }
};

const params = { ...TEST_PARAMS, IDLE_TIMEOUT_SECONDS: String(IDLE_SECONDS) };
await runDemo(params, (suite, stopped) => Promise.race([play(suite), stopped]));
