import { argv } from 'node:process';
import { type Cost, startProxy } from 'kb-sessions-testing';

// The proxy runs in a process of its own, so that its work does not slow the clients down. It answers requests in order.

export type Request = { kind: 'delay'; ms: number } | { kind: 'take' };
export type Reply = { kind: 'ready'; address: string } | { kind: 'delayed' } | { kind: 'taken'; cost: Cost };

const reply = (message: Reply): void => void process.send?.(message);

const target = argv[2];
if (target === undefined) throw new Error('the address of a Firestore emulator is required, found none');

const proxy = await startProxy({ target });
process.on('message', (request: Request) => {
  if (request.kind === 'take') return reply({ kind: 'taken', cost: proxy.meter.take() });
  proxy.setDelay(request.ms);
  reply({ kind: 'delayed' });
});
process.on('disconnect', () => void proxy.stop());
reply({ kind: 'ready', address: proxy.address });
