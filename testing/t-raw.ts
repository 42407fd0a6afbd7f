import { startProxy } from './src/index.ts';
import { firestoreAt } from './test/support/firestore-at.ts';
import { encode } from './test/support/encode.ts';
import { Client, credentials } from '@grpc/grpc-js';
const target = process.env.FIRESTORE_EMULATOR_HOST!;
const proxy = await startProxy({ target });
const db = firestoreAt(proxy.address, 'demo-raw');
for (const id of 'abcdef') await db.doc('c/'+id).set({n:2, text: 'x'.repeat(Number(process.argv[2]))});
const asIs = (b: Buffer) => b;
const counts: Record<string,number> = {};
for (let i=0;i<200;i++){
  const client = new Client(proxy.address, credentials.createInsecure());
  const f = proxy.faults.add(i%2 ? {methods:['RunQuery'],when:'after',effect:{kind:'cut',afterMessages:3}}: {when:'before', effect:{kind:'drop'}});
  const call = client.makeServerStreamRequest('/google.firestore.v1.Firestore/RunQuery', asIs, asIs, Buffer.from(encode('RunQueryRequest', {parent:'projects/demo-raw/databases/(default)/documents', structuredQuery:{from:[{collectionId:'c'}]}})));
  let n=0; call.on('data',()=>n++);
  const e: any = await new Promise(r=>call.on('error',r));
  const k = `${i%2?'cut':'drop'} ${n} ${e.code} ${e.details}`; counts[k]=(counts[k]??0)+1;
  f.remove(); client.close();
}
console.log(counts);
await db.terminate(); await proxy.stop();
