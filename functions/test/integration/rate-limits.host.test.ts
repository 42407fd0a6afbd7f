import assert from 'node:assert/strict';
import { type SignedInUser, startRedis } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { needRedis } from '../../../packages/sessions/test/support/redis-server.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

describe('the rate limits of hosts', () => {
  let hosted: Hosted;
  afterEach(() => hosted.stop());

  it('answer 429 with a Retry-After that pages can read, for every value of X-Forwarded-For', async () => {
    hosted = await startHosted({ params: { USER_CALLS_PER_MINUTE: '3', ADDRESS_CALLS_PER_MINUTE: '8' } });
    const [ann, bob] = await Promise.all([hosted.signIn(), hosted.signIn()]);
    let sent = 0;
    const call = async (user: SignedInUser | null) => {
      sent += 1;
      const headers = { 'x-forwarded-for': `10.0.0.${sent}, 203.0.113.9` };
      const { status, text, headers: answered } = await hosted.post('createSession', { user, headers });
      return { status, error: JSON.parse(text).error, answered };
    };
    for (const expected of [200, 200, 200, 429]) assert.equal((await call(ann)).status, expected);
    assert.equal((await call(bob)).status, 200);
    for (let turn = 0; turn < 3; turn += 1) assert.equal((await call(null)).status, 401);
    for (const user of [ann, bob, null]) {
      const { status, error, answered } = await call(user);
      assert.deepEqual([status, error.status, error.details.reason], [429, 'RESOURCE_EXHAUSTED', 'rate']);
      const seconds = Number(answered.get('retry-after'));
      assert.equal(seconds, Math.ceil(error.details.retry_after_ms / 1000));
      assert.ok(seconds > 0 && seconds <= 60, `${seconds} s`);
      assert.equal(answered.get('access-control-expose-headers'), 'Retry-After');
    }
  });

  describe('that share a Redis server', () => {
    needRedis();

    it('hold for all hosts together, and for each host without Redis', async () => {
      const redis = await startRedis();
      hosted = await startHosted({ hosts: 2, params: { REDIS_URL: redis.url, USER_CALLS_PER_MINUTE: '4' } });
      const allowed = async (user: SignedInUser, host: number, calls: number): Promise<number> => {
        let count = 0;
        for (let call = 0; call < calls; call += 1) {
          const { status } = await hosted.post('listSessions', { user, host });
          assert.ok(status === 200 || status === 429, `${status}`);
          if (status === 200) count += 1;
        }
        return count;
      };
      try {
        // Until a host is connected to Redis it counts in its memory.
        const counts = await eventually(
          async () => {
            const user = await hosted.signIn();
            return [await allowed(user, 0, 2), await allowed(user, 1, 4), await allowed(user, 0, 1)];
          },
          ([, ofTheOther]) => ofTheOther === 2,
        );
        assert.deepEqual(counts, [2, 2, 0]);
      } finally {
        await redis.stop();
      }
      const late = await hosted.signIn();
      for (const host of [0, 1]) assert.equal(await allowed(late, host, 8), 4);
    });
  });
});
