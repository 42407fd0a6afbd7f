import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type CallName, contract } from 'kb-sessions-contract';
import type { SignedInUser } from 'kb-sessions-testing';
import { handlers } from '../../src/callables/handlers.ts';
import * as exported from '../../src/index.ts';
import { validInputs } from '../hostile/valid-inputs.ts';
import { type Endpoint, endpoints, type HostedEndpoints, startEndpoints } from '../support/endpoints.ts';

const titled = ({ deployed, name }: Endpoint): string => (deployed === 'group' ? `sessions/${name}` : name);

describe('every callable', () => {
  let hosted: HostedEndpoints;
  let users: { owner: SignedInUser; admin: SignedInUser; pretenders: SignedInUser[] };

  before(async () => {
    hosted = await startEndpoints();
    const { signIn } = hosted.group;
    const pretenders = [
      {},
      { agent: true },
      { admin: 'true' },
      { admin: 1 },
      { admin: {} },
      { admin: [true] },
    ];
    users = {
      owner: await signIn(),
      admin: await signIn({ admin: true }),
      pretenders: await Promise.all(pretenders.map((claims) => signIn(claims))),
    };
  });
  after(() => hosted.stop());

  const userFor = (name: CallName): SignedInUser =>
    handlers[name].access === 'admin' ? users.admin : users.owner;

  it('is tested below, in the group and as a single function, as are the deployed functions', () => {
    const callables = Object.entries(exported).flatMap(([name, { __endpoint }]) =>
      'callableTrigger' in __endpoint && __endpoint.callableTrigger ? [name] : [],
    );
    const singles = endpoints.flatMap(({ deployed, name }) => (deployed === 'single' ? [name] : []));
    for (const name of callables)
      assert.ok(name === 'sessions' || singles.some((single) => single === name), name);
    const reached = new Set(endpoints.map(({ name }) => name));
    assert.deepEqual([...reached].toSorted(), Object.keys(contract).toSorted());
  });

  for (const endpoint of endpoints) {
    const { deployed, name } = endpoint;
    const refused = (user: SignedInUser | null, data: unknown) => hosted[deployed].refused(user, name, data);
    const valid = () => validInputs(randomUUID(), randomUUID())[name];

    it(`${titled(endpoint)} is unauthenticated without a sign-in or with a bad token, at no cost`, async () => {
      const forged = { uid: 'ann', idToken: 'e30.e30.' };
      const { result, cost } = await hosted[deployed].proxy.meter.measure(async () => [
        await refused(null, valid()),
        await refused(forged, valid()),
      ]);
      for (const { error, status } of result) {
        assert.deepEqual([error.status, status], ['UNAUTHENTICATED', 401]);
      }
      assert.deepEqual([cost.reads, cost.writes], [0, 0]);
    });

    it(`${titled(endpoint)} refuses an unknown field, at no cost`, async () => {
      for (const field of ['message_count', 'trusted', 'auth']) {
        const { result, cost } = await hosted[deployed].proxy.meter.measure(() =>
          refused(userFor(name), { ...valid(), [field]: true }),
        );
        assert.deepEqual([result.error.status, result.error.details], ['INVALID_ARGUMENT', { field }]);
        assert.deepEqual([cost.reads, cost.writes], [0, 0]);
      }
    });

    it(`${titled(endpoint)} refuses data that is no object, and fields beside the data`, async () => {
      for (const data of ['text', 7, true, [valid()]]) {
        const { error } = await refused(userFor(name), data);
        assert.equal(error.status, 'INVALID_ARGUMENT', JSON.stringify(data));
      }
    });

    if (handlers[name].access === 'user') continue;
    it(`${titled(endpoint)} requires the claim admin with the value true`, async () => {
      for (const user of users.pretenders) {
        const { error, status } = await refused(user, valid());
        assert.deepEqual([error.status, status], ['PERMISSION_DENIED', 403]);
      }
    });
  }

  it('that consumes App Check tokens is not in the group', async () => {
    const single = Object.keys(contract).filter(
      (name) => !endpoints.some((each) => each.deployed === 'group' && each.name === name),
    );
    assert.deepEqual(single, ['exportMyData', 'exportUserData', 'deleteMyData', 'deleteUserData']);
    for (const name of single) {
      assert.equal((await hosted.group.refused(users.admin, name, {})).error.status, 'UNIMPLEMENTED');
    }
  });
});
