import { collection, getDocs, query, where } from 'firebase/firestore';
import { paginate } from 'kb-sessions-client';
import { failedWith } from '../shared/failure.ts';
import type { Transcript } from '../shared/transcript.ts';
import type { Participant } from './participants.ts';

/** The owner exports all data and deletes it. The counters of the day stay as they are. */
export const playExportAndDelete = async (
  transcript: Transcript,
  owner: Participant,
  admin: Participant,
): Promise<void> => {
  transcript.scene('The owner leaves');
  const day = new Date().toISOString().slice(0, 10);
  const messagesOfDay = async (): Promise<number> => {
    const { docs } = await getDocs(collection(admin.firestore, 'kb_analytics', day, 'shards'));
    return docs.reduce((sum, shard) => sum + (shard.data().message_count ?? 0), 0);
  };
  const before = await messagesOfDay();
  const { ended, more } = await owner.sessions.endMySessions();
  transcript.say('Owner', `ends ${ended} open sessions`);
  const { sessions } = await owner.sessions.listSessions({ limit: 50, status: 'active' });
  transcript.shows('no session is open any more', [more, sessions.length], [false, 0]);

  let counted = 0;
  let exported = { sessions: 0, messages: 0 };
  for await (const page of paginate(owner.sessions.exportMyData, { limit: 100 })) {
    counted += (page.sessions ?? []).reduce((sum, session) => sum + session.message_count, 0);
    exported = {
      sessions: exported.sessions + (page.sessions?.length ?? 0),
      messages: exported.messages + (page.messages?.length ?? 0),
    };
  }
  transcript.say('Owner', `exports ${exported.sessions} sessions and ${exported.messages} messages`);
  transcript.shows('the export has every message that the sessions count', exported.messages, counted);

  const receipt = await owner.sessions.deleteMyData();
  transcript.say('Owner', `deletes them: ${JSON.stringify(receipt.firestore)}, ${receipt.status}`);
  transcript.shows('the receipt counts the exported records', receipt.firestore, exported);
  transcript.shows('and waits for its second sweep', receipt.status, 'waiting');
  const left = await getDocs(
    query(collection(owner.firestore, 'kb_messages'), where('user_id', '==', owner.uid)),
  );
  transcript.shows('no message is left', left.size, 0);
  const refused = await failedWith('reason', owner.sessions.createSession());
  transcript.shows('the owner can create no session', refused, 'erased');
  transcript.shows('the totals of the day stay', await messagesOfDay(), before);
};
