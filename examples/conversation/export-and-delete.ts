import { collection, getDocs, query, where } from 'firebase/firestore';
import { paginate } from 'kb-sessions-client';
import { failureOf, type Report } from './report.ts';
import type { Actor } from './stage.ts';

/** The owner takes all its data along and has it deleted; the counters of the day stay as they are. */
export async function playLeave(report: Report, owner: Actor, admin: Actor): Promise<void> {
  report.scene('The owner leaves');
  const day = new Date().toISOString().slice(0, 10);
  const total = async (): Promise<number> => {
    const { docs } = await getDocs(collection(admin.firestore, 'kb_analytics', day, 'shards'));
    return docs.reduce((sum, shard) => sum + (shard.data().message_count ?? 0), 0);
  };
  const before = await total();
  const { ended, more } = await owner.sessions.endMySessions();
  report.say('Owner', `ends ${ended} open sessions`);
  const { sessions } = await owner.sessions.listSessions({ limit: 50, status: 'active' });
  report.shows('none is open any more', [more, sessions.length], [false, 0]);

  let counted = 0;
  let exported = { sessions: 0, messages: 0 };
  for await (const page of paginate(owner.sessions.exportMyData, { limit: 100 })) {
    counted += (page.sessions ?? []).reduce((sum, session) => sum + session.message_count, 0);
    exported = {
      sessions: exported.sessions + (page.sessions?.length ?? 0),
      messages: exported.messages + (page.messages?.length ?? 0),
    };
  }
  report.say('Owner', `exports ${exported.sessions} sessions and ${exported.messages} messages`);
  report.shows('as many messages as the sessions count', exported.messages, counted);

  const receipt = await owner.sessions.deleteMyData();
  report.say('Owner', `deletes them: ${JSON.stringify(receipt.firestore)}, ${receipt.status}`);
  report.shows('the receipt counts what was exported', receipt.firestore, exported);
  report.shows('and waits for its second sweep', receipt.status, 'waiting');
  const left = await getDocs(
    query(collection(owner.firestore, 'kb_messages'), where('user_id', '==', owner.uid)),
  );
  report.shows('nothing is left', left.size, 0);
  const refused = await failureOf(owner.sessions.createSession());
  report.shows('nothing comes back', refused && 'reason' in refused && refused.reason, 'erased');
  report.shows('the totals of the day stay', await total(), before);
}
