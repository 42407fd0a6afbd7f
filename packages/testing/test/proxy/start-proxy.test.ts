import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import { type FirestoreProxy, startProxy } from '../../src/index.ts';

const LISTEN = '/google.firestore.v1.Firestore/Listen';
const COMMIT = '/google.firestore.v1.Firestore/Commit';
type Stream = ServerDuplexStream<Buffer, Buffer>;
const asIs = (message: Buffer) => message;

/** A message of one field that Listen does not know, so that the meter can read it. */
function unknownField(length: number): Buffer {
  const tag = 0x7a;
  return Buffer.from([
    tag,
    0x80 | (length & 0x7f),
    0x80 | ((length >> 7) & 0x7f),
    length >> 14,
    ...Buffer.alloc(length),
  ]);
}

describe('startProxy(), in front of a scripted server,', () => {
  let server: Server;
  let script: (call: Stream) => void;
  let proxy: FirestoreProxy;
  let client: Client;

  beforeEach(async () => {
    server = new Server();
    for (const path of [LISTEN, COMMIT]) {
      server.register(path, (call: Stream) => script(call), asIs, asIs, 'bidi');
    }
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    proxy = await startProxy({ target: `127.0.0.1:${port}` });
    client = new Client(proxy.address, credentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    await proxy.stop();
    server.forceShutdown();
  });

  function open(metadata = new Metadata(), deadline = Number.POSITIVE_INFINITY, path = LISTEN) {
    const call = client.makeBidiStreamRequest(path, asIs, asIs, metadata, { deadline });
    // What a failed call throws is its status, which the tests look at.
    call.on('error', () => {});
    const outcome = new Promise<StatusObject>((resolve) => call.on('status', resolve));
    return { call, outcome };
  }

  /** The next call as it arrives at the server. */
  function arrival(): Promise<Stream> {
    return new Promise((resolve) => {
      script = resolve;
    });
  }

  it('forwards request metadata, and response metadata, trailers and status details', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer owner');
    metadata.set('google-cloud-resource-prefix', 'projects/p/databases/(default)');
    metadata.set('x-goog-request-params', 'database=projects%2Fp');
    const arrived = arrival();
    const { call, outcome } = open(metadata);
    call.resume();
    const incoming = await arrived;
    assert.deepEqual({ ...incoming.metadata.getMap(), ...metadata.getMap() }, incoming.metadata.getMap());

    const initial = new Metadata();
    initial.set('x-initial', '1');
    incoming.sendMetadata(initial);
    const received = await new Promise<Metadata>((resolve) => call.on('metadata', resolve));
    assert.deepEqual(received.get('x-initial'), ['1']);

    const trailers = new Metadata();
    trailers.set('grpc-status-details-bin', Buffer.from([8, 9, 0, 255]));
    const failure = { code: status.FAILED_PRECONDITION, details: 'stale: é', metadata: trailers };
    incoming.emit('error', Object.assign(new Error(), failure));
    const { code, details, metadata: end } = await outcome;
    assert.deepEqual({ code, details }, { code: failure.code, details: failure.details });
    assert.deepEqual(end.get('grpc-status-details-bin'), [Buffer.from([8, 9, 0, 255])]);
  });

  it('forwards messages in both directions in order, and the end of the requests', async () => {
    script = (incoming) => {
      incoming.on('data', (message: Buffer) => incoming.write(Buffer.concat([message, message])));
      incoming.on('end', () => incoming.end());
    };
    const { call, outcome } = open();
    const received: Buffer[] = [];
    call.on('data', (message: Buffer) => received.push(message));
    const sent = [unknownField(1), unknownField(2), Buffer.alloc(0)];
    for (const message of sent) call.write(message);
    call.end();
    assert.equal((await outcome).code, status.OK);
    assert.deepEqual(
      received,
      sent.map((message) => Buffer.concat([message, message])),
    );
    const { rpcs, bytesUp, bytesDown } = proxy.meter.take();
    assert.deepEqual({ rpcs, bytesUp, bytesDown }, { rpcs: { Listen: 1 }, bytesUp: 11, bytesDown: 22 });
  });

  it('forwards a cancellation', async () => {
    const arrived = arrival();
    const { call } = open();
    const incoming = await arrived;
    call.cancel();
    await once(incoming, 'cancelled');
  });

  it('forwards the deadline', async () => {
    const arrived = arrival();
    const deadline = Date.now() + 60_000;
    const { call } = open(new Metadata(), deadline);
    const passed = Number((await arrived).getDeadline());
    call.cancel();
    assert.ok(Math.abs(passed - deadline) < 5_000, `${passed - deadline} ms apart`);
  });

  it('does not forward a call that is cancelled during its delay', async () => {
    const arrivals: string[] = [];
    script = (incoming) => {
      arrivals.push(String(incoming.metadata.get('x-call')));
      incoming.end();
    };
    const named = (name: string) => {
      const metadata = new Metadata();
      metadata.set('x-call', name);
      const opened = open(metadata);
      opened.call.resume();
      return opened;
    };
    proxy.setDelay(60_000);
    const { call, outcome } = named('cancelled');
    // Until it has reached the proxy.
    while (proxy.meter.take().trips === 0) await setImmediate();
    call.cancel();
    await outcome;
    proxy.setDelay(0);
    await named('next').outcome;
    assert.deepEqual(arrivals, ['next']);
  });

  it('returns an answer unchanged that a fault has held', async () => {
    const initial = new Metadata();
    initial.set('x-initial', '1');
    const trailers = new Metadata();
    trailers.set('x-trailer', '2');
    script = (incoming) => {
      incoming.sendMetadata(initial);
      incoming.write(unknownField(3));
      const failure = { code: status.ABORTED, details: 'stale', metadata: trailers };
      incoming.emit('error', Object.assign(new Error(), failure));
    };
    proxy.faults.add({ when: 'after', effect: { kind: 'delay', ms: 1 } });
    const { call, outcome } = open(new Metadata(), Number.POSITIVE_INFINITY, COMMIT);
    const received = new Promise<Metadata>((resolve) => call.on('metadata', resolve));
    const messages: Buffer[] = [];
    call.on('data', (message: Buffer) => messages.push(message));
    call.end(unknownField(1));
    assert.deepEqual((await received).get('x-initial'), ['1']);
    const { code, details, metadata } = await outcome;
    assert.deepEqual(
      { code, details, trailer: metadata.get('x-trailer'), messages },
      { code: status.ABORTED, details: 'stale', trailer: ['2'], messages: [unknownField(3)] },
    );
  });
});
