import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pipeMessages } from '../../src/proxy/pipe-messages.ts';

describe('pipeMessages()', () => {
  it('waits for a full sink and reports each message in order', async () => {
    const messages = [1, 2, 3, 4].map((byte) => Buffer.of(byte));
    const source = Readable.from(messages);
    const sink = new PassThrough({ objectMode: true, highWaterMark: 2 });
    const seen: Buffer[] = [];
    pipeMessages(source, sink, (message) => seen.push(message));
    await once(source, 'pause');
    assert.ok(seen.length < messages.length, `${seen.length} messages passed to a sink that nobody reads`);

    const received: Buffer[] = [];
    sink.on('data', (message: Buffer) => received.push(message));
    await once(source, 'end');
    assert.deepEqual(seen, messages);
    assert.deepEqual(received, messages);
  });
});
