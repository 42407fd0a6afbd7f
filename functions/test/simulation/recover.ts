import { PROBE_AFTER_MS } from './instance.ts';
import type { Scenario } from './scenario.ts';
import type { SimulatedDeployment } from './simulated-deployment.ts';

const NOBODY = { user_id: 'nobody', trusted: false, email: null, name: null };
/** 10 minutes: what is at fault by itself is given up after five. */
const MAX_ROUNDS = 120;

/**
 * No more faults. Then what stays comes back until nothing waits anywhere: every device that is not gone offers its
 * queue, and every instance gets calls. Returns what did not come to rest.
 */
export const recover = async (
  world: SimulatedDeployment,
  { devices, shared }: Scenario,
): Promise<string[]> => {
  await world.heal();
  const left = devices.flatMap(({ gone }, device) =>
    gone ? [] : [world.openTab(`tab after all of device ${device}`, device, [0, 1, 2])],
  );
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (const { client } of left) await client.flush();
    for (const instance of world.instances) await instance.answer('listSessions', NOBODY, {}).catch(() => {});
    if ((await restless(world)).length === 0 && (await pendingOf(left)) === 0) break;
    await world.time.sleep(PROBE_AFTER_MS);
  }
  const pending = await pendingOf(left);
  await world.erase();
  await world.finish();
  return [
    ...(await restless(world)),
    ...(world.history.unanswered > 0 ? [`${world.history.unanswered} requests are not answered`] : []),
    ...(pending > 0 ? [`${pending} operations are still pending at clients`] : []),
    // What one accepts into a shared journal another may replay.
    ...(shared ? [] : (await Promise.all(world.instances.map(checkCounts))).flat()),
  ];
};

type Left = ReturnType<SimulatedDeployment['openTab']>[];

const pendingOf = async (left: Left): Promise<number> => {
  const counts = await Promise.all(left.map(({ client }) => client.pending()));
  return counts.reduce((sum, count) => sum + count, 0);
};

const restless = async ({ instances }: SimulatedDeployment): Promise<string[]> => {
  const found: string[] = [];
  for (const { name, primary, store } of instances) {
    const { entries } = (await store.state()).journal;
    if (primary.state !== 'closed') found.push(`the breaker of ${name} is ${primary.state}`);
    if (entries > 0) found.push(`${entries} entries still wait in ${name}`);
  }
  return found;
};

const checkCounts = async ({ name, store }: SimulatedDeployment['instances'][number]): Promise<string[]> => {
  const { journal, counts } = await store.state();
  const { accepted, replayed, refused } = counts;
  if (accepted === replayed + refused + journal.entries) return [];
  return [`${name} accepted ${accepted}, replayed ${replayed}, refused ${refused}, holds ${journal.entries}`];
};
