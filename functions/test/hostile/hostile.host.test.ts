import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { testSize } from 'kb-sessions/internal/testing/test-size';
import { type CallName, contract } from 'kb-sessions-contract';
import { createUser, type Host, runningSuite, type SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { handlers } from '../../src/callables/handlers.ts';
import { cpuMsOf } from '../support/cpu-time.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { callsIn, linesIn } from '../support/log-lines.ts';
import { type Attack, payload } from './attack.ts';
import { badTokens } from './bad-tokens.ts';
import { corpus, manyValues } from './corpus.ts';
import { anyJson, changedInput, type HostilePayload } from './hostile-payload.ts';
import { leakIn } from './leaks.ts';
import { overreaches } from './overreaches.ts';
import { rawRequests, unreadable } from './raw-requests.ts';
import { type Answer, Sender } from './sender.ts';
import { CANARIES, validInputs } from './valid-inputs.ts';

const AT_LEAST = testSize({ test: 2000, soak: 10_000 });
const CHANGED_INPUTS = testSize({ test: 500, soak: 2500 });
const ANY_JSON = testSize({ test: 100, soak: 500 });
const SEED = Number(process.env.HOSTILE_SEED ?? randomInt(2 ** 31));
/** The CPU time of one request, in milliseconds: the instance serves nobody else meanwhile. */
const MAX_CPU_MS = 1000;
/** Calls to measure the speed with, one after another. */
const CALLS = 200;

const names = Object.keys(contract).filter((name): name is CallName => name in handlers);
const served = names.filter((name) => handlers[name].deployment !== 'single');

describe('the functions, given hostile requests,', function () {
  this.timeout(300_000);
  let hosted: Hosted;
  let attacked: Host;
  let leftAlone: Host;
  let admin: SignedInUser;
  let owner: SignedInUser;
  let inputs: ReturnType<typeof validInputs>;
  let secrets: string[];
  let sent = 0;
  let instance: string;
  let speedBefore: number[];

  const instanceId = async () => (await hosted.call(admin, 'getMetrics', {})).instance_id;

  /** Median milliseconds of a getSession on each host, asked in turns: whatever else the machine does slows both. */
  const medians = async (): Promise<number[]> => {
    const times = hosted.hosts.map((): number[] => []);
    const json = JSON.stringify({ session_id: inputs.getSession.session_id });
    const request = payload(admin, { title: 'one', call: 'getSession', json, expected: 'OK' });
    const senders = [new Sender(attacked), new Sender(leftAlone)];
    for (let call = 0; call < CALLS; call += 1) {
      for (const [index, one] of senders.entries()) {
        const before = performance.now();
        const { status, text } = await one.send(request);
        times[index]?.push(performance.now() - before);
        assert.equal(status, 200, text);
      }
    }
    for (const sender of senders) sender.close();
    return times.map((ofOne) => ofOne.toSorted((a, b) => a - b)[CALLS / 2] ?? Number.NaN);
  };

  before(async () => {
    console.log(`      HOSTILE_SEED=${SEED}`);
    hosted = await startHosted({ hosts: 2 });
    const [first, second] = hosted.hosts;
    assert.ok(first && second);
    attacked = first;
    leftAlone = second;
    admin = await hosted.signIn({ agent: true, admin: true });
    owner = await hosted.signIn();
    const { session_id } = await hosted.call(admin, 'createSession', {});
    const { message_id } = await hosted.call(admin, 'addMessage', {
      session_id,
      role: 'user',
      content: 'hello',
    });
    inputs = validInputs(session_id, message_id);
    secrets = [
      session_id,
      message_id,
      ...[admin, owner].flatMap(({ uid, idToken }) => [uid, idToken]),
      attacked.projectId,
      hosted.database,
    ];
    await medians();
    speedBefore = await medians();
    instance = await instanceId();
  });
  after(() => hosted.stop());

  const check = ({ title, call, expected, body }: Attack, { status, text }: Answer): void => {
    const about = `${call}, ${title}: ${body.toString().slice(0, 500)}\nanswered ${status} ${text.slice(0, 500)}`;
    if (typeof expected === 'number') {
      assert.equal(status, expected, about);
      return;
    }
    const answer: { error?: { status: string } } = JSON.parse(text);
    assert.equal(answer.error?.status, expected, about);
    assert.equal(leakIn(text, secrets), undefined, about);
  };

  /**
   * Sends the requests and checks each answer, and that no request reached Firestore. Returns what the instance has logged.
   * A line may arrive later than its answer: awaits as many `calls`, and the line of a last call that is not an attack.
   */
  const attack = async (attacks: readonly Attack[], calls = 0): Promise<string> => {
    const logged = attacked.output().length;
    const wrong: unknown[] = [];
    const sender = new Sender(attacked);
    const { cost } = await hosted.proxy.meter.measure(() =>
      sender.sendAll(attacks, (one, answer) => {
        try {
          check(one, answer);
        } catch (error) {
          wrong.push(error);
        }
      }),
    );
    sender.close();
    sent += attacks.length;
    assert.equal(wrong.length, 0, `${wrong.length} of ${attacks.length}, the first of them ${wrong[0]}`);
    // An instance asks now and then who has been erased, whoever calls.
    const { RunQuery: _, ...rpcs } = cost.rpcs;
    assert.deepEqual([rpcs, cost.writes, cost.deletes], [{}, 0, 0]);
    await instanceId();
    const isOwn = (line: string): boolean =>
      callsIn(`${line}\n`).some(({ call, outcome }) => call === 'getMetrics' && outcome === 'ok');
    const lines = await eventually(
      () => attacked.output().slice(logged).split('\n'),
      (found) => found.some(isOwn) && callsIn(found.join('\n')).length > calls,
    );
    return lines.filter((line) => !isOwn(line)).join('\n');
  };

  /** As {@link attack}, and the instance logs one line for each that says neither who nor what; all of them. */
  const attackCalls = async (attacks: readonly Attack[]): Promise<string> => {
    const log = await attack(attacks, attacks.length);
    assert.equal(callsIn(log).length, attacks.length);
    assert.equal(linesIn(log).length, log.trim().split('\n').length, 'every line is JSON');
    assert.equal(leakIn(log, secrets), undefined);
    return log;
  };

  const byAdmin = (payloads: readonly HostilePayload[]): Attack[] =>
    payloads.map((one) =>
      payload(admin, { ...one, expected: served.includes(one.call) ? 'INVALID_ARGUMENT' : 'UNIMPLEMENTED' }),
    );

  it('accept the valid inputs that the requests vary', () => {
    for (const name of names) contract[name].input.parse(inputs[name]);
  });

  it('refuse the corpus for every call', async () => {
    await attackCalls(byAdmin(corpus(inputs, names)));
  });

  it('refuse valid inputs with one to three changes', () =>
    attackCalls(byAdmin(fc.sample(changedInput(inputs, served), { numRuns: CHANGED_INPUTS, seed: SEED }))));

  it(`refuse payloads with the maximum number of values in less than ${MAX_CPU_MS} ms of CPU time each`, async () => {
    const before = cpuMsOf(attacked);
    const log = await attackCalls(byAdmin(manyValues(inputs)));
    const calls = callsIn(log);
    console.log(`      the slowest of ${calls.length} took ${Math.max(...calls.map(({ ms }) => ms))} ms`);
    const used = cpuMsOf(attacked) - before;
    if (Number.isNaN(used)) console.log('      CPU time is only checked on Linux.');
    else assert.ok(used < MAX_CPU_MS * calls.length, `${used} ms of CPU time for ${calls.length}`);
  });

  it('refuse random JSON', () =>
    attackCalls(byAdmin(fc.sample(anyJson(served), { numRuns: ANY_JSON, seed: SEED }))));

  it('refuse calls of admins and trusted callers from an owner and from users with similar claims', async () => {
    const { auth, projectId } = runningSuite();
    const nearly = await Promise.all(
      ['true', 1, [true], {}].map((claim) =>
        createUser({ auth, projectId, claims: { admin: claim, agent: claim } }),
      ),
    );
    const payloads = overreaches(inputs, served, inputs.getSession.session_id);
    await attackCalls(
      [owner, ...nearly].flatMap((user) =>
        payloads.map((one) => payload(user, { ...one, expected: 'PERMISSION_DENIED' })),
      ),
    );
  });

  it('refuse valid inputs with invalid tokens', async () => {
    const log = await attack(badTokens(inputs, served, admin, attacked.projectId));
    // Without a token the call itself refuses, with one the framework does.
    for (const { outcome } of callsIn(log)) assert.equal(outcome, 'unauthenticated');
    // The framework prints where in itself a token failed, and the project that it is not of.
    for (const secret of [...Object.values(CANARIES), admin.idToken, admin.uid]) {
      assert.ok(!log.includes(secret), secret);
    }
  });

  it('refuse requests that are not calls', async () => {
    const log = await attack(rawRequests(admin));
    for (const secret of [...Object.values(CANARIES), ...secrets]) assert.ok(!log.includes(secret), secret);
  });

  it('refuse unreadable requests', async () => {
    const log = await attack(unreadable(admin));
    assert.deepEqual(callsIn(log), []);
    assert.match(log, /unreadable request/);
    for (const secret of [...Object.values(CANARIES), ...secrets]) assert.ok(!log.includes(secret), secret);
  });

  it(`answer as fast after at least ${AT_LEAST} requests as an instance without any`, async () => {
    const speed = (found: number[]) =>
      found.map((ms) => `${ms.toFixed(2)} ms`).join(', on a host left alone ');
    const now = await eventually(
      medians,
      ([ms = Number.NaN, withoutAttack = Number.NaN]) => ms <= 1.5 * withoutAttack + 2,
    );
    console.log(`      ${sent} hostile requests: none reached Firestore, none was an internal error`);
    console.log(`      median of getSession before: ${speed(speedBefore)}`);
    console.log(`      median of getSession after: ${speed(now)}`);
    assert.ok(sent >= AT_LEAST, `${sent} sent`);
    const [ms = Number.NaN, withoutAttack = Number.NaN] = now;
    assert.ok(ms <= 1.5 * withoutAttack + 2, `${speed(now)}`);
    assert.equal(await instanceId(), instance);
    assert.doesNotMatch(attacked.output(), /Uncaught exception|Unhandled rejection/);
  });
});
