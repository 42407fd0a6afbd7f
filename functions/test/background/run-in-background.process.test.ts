import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseEnv, promisify } from 'node:util';
import { linesIn } from '../support/log-lines.ts';

/** Where nothing listens; the driver's text has it, and it is in no other line. */
const AWAY = '127.0.0.1:1';
const SECRET = 'uid-of-thandi';

const committed = parseEnv(await readFile(new URL('../../.env', import.meta.url), 'utf8'));
const environment = {
  ...process.env,
  ...committed,
  RPC_DEADLINE_MS: '200',
  FIRESTORE_EMULATOR_HOST: AWAY,
  GCLOUD_PROJECT: `demo-${SECRET}`,
};

/** Runs every function that no caller waits for, with Firestore away, and a job a part of which fails, and prints what the platform would log. */
const script = `
  import * as functions from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
  import { defineJob } from ${JSON.stringify(new URL('../../src/background/define-job.ts', import.meta.url).href)};
  import { Timestamp } from 'firebase-admin/firestore';
  const stamp = Timestamp.fromMillis(Date.now());
  const message = ${JSON.stringify({ message_id: SECRET, content: SECRET })};
  const event = {
    time: new Date().toISOString(),
    data: { uid: ${JSON.stringify(SECRET)}, updateTime: stamp, data: () => message },
  };
  const inPart = defineJob({
    name: 'inPart',
    schedule: '0 0 * * *',
    message: 'part.done',
    run: async ({ context }) => ({ done: 3, deadlineMs: context.deadlineMs, failure: new Error(message.content) }),
  });
  const fail = async ([name, { run }]) => {
    const failure = await run(event).then(() => 'none', (error) => error);
    console.log(JSON.stringify({ severity: 'INFO', message: 'thrown', job: name, stack: failure.stack }));
  };
  const all = Object.entries({ ...functions, inPart });
  await Promise.all(all.filter(([, { __endpoint }]) => !__endpoint.callableTrigger).map(fail));
  process.exit();
`;

describe('a failed background function', () => {
  let output: string;
  before(async () => {
    const run = promisify(execFile);
    const flags = ['--input-type=module', '--eval', script];
    const { stdout, stderr } = await run(process.execPath, flags, {
      env: environment,
      cwd: new URL('../..', import.meta.url),
    });
    output = `${stdout}${stderr}`;
  });

  const jobs = [
    'expireSessions',
    'finishErasures',
    'inPart',
    'onMessageCreated',
    'onUserDeleted',
    'reconcileCounters',
  ];
  const linesOf = (message: string): Record<string, unknown>[] =>
    linesIn(output).flatMap((line) => (line.message === message ? [{ ...line }] : []));

  it('logs an error with the kind and the place, for each function', () => {
    const failed = linesOf('job.failed');
    assert.deepEqual(failed.map(({ job }) => job).toSorted(), jobs);
    for (const { severity, error } of failed) {
      assert.equal(severity, 'ERROR');
      assert.equal(typeof Object(error).kind, 'string');
      assert.ok(Object(error).at.length > 0);
    }
  });

  it('fails after a partial failure and first logs the results of the other parts', () => {
    const [line] = linesOf('part.done');
    assert.deepEqual([line?.severity, line?.done], ['INFO', 3]);
  });

  it('waits longer for a page than a call waits for a document', () => {
    assert.equal(linesOf('part.done')[0]?.deadlineMs, 10_000);
  });

  it('throws an error without details, so that the platform retries', () => {
    const thrown = linesOf('thrown');
    assert.deepEqual(thrown.map(({ job }) => job).toSorted(), jobs);
    for (const { job, stack } of thrown) {
      assert.ok(
        `${stack}`.startsWith(`Error: ${job} failed, see job.failed in the log\n    at `),
        `${stack}`,
      );
    }
  });

  it('logs no driver text and no id', () => {
    for (const secret of [AWAY, 'ECONNREFUSED', 'No connection', SECRET]) {
      assert.equal(output.includes(secret), false, `found ${secret} in ${output}`);
    }
  });
});
