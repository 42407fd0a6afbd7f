import { argv } from 'node:process';
import { startProxy } from 'kb-sessions-testing';
import type { Reply, Request } from './messages.ts';

// A process of its own, so that what the proxy computes is no part of what the clients take.

const target = argv[2];
if (target === undefined) throw new Error('the address of a Firestore emulator is needed, found nothing');

const proxy = await startProxy({ target });
process.on('message', (request: Request) => {
  if (request.kind === 'take') return reply({ kind: 'taken', cost: proxy.meter.take() });
  proxy.setDelay(request.ms);
  reply({ kind: 'delayed' });
});
process.on('disconnect', () => void proxy.stop());
reply({ kind: 'ready', address: proxy.address });

function reply(message: Reply): void {
  process.send?.(message);
}
