import {
  collection,
  type DocumentData,
  doc,
  type Firestore,
  getDoc,
  getDocs,
  query,
  where,
} from 'firebase/firestore';

/** The messages of a session as its owner reads them from Firestore itself, by their numbers. */
export async function storedMessages(
  firestore: Firestore,
  uid: string,
  session_id: string,
): Promise<DocumentData[]> {
  const own = query(collection(firestore, 'kb_messages'), where('user_id', '==', uid));
  const messages = (await getDocs(own)).docs.map((message) => message.data());
  return messages
    .filter((message) => message.session_id === session_id)
    .sort((one, other) => one.seq - other.seq);
}

export async function storedSession(
  firestore: Firestore,
  session_id: string,
): Promise<DocumentData | undefined> {
  return (await getDoc(doc(firestore, 'kb_sessions', session_id))).data();
}

/** A counter of some days, its shards added up, as admins read it. */
export async function counted(
  firestore: Firestore,
  days: ReadonlySet<string>,
  counter: string,
): Promise<number> {
  let sum = 0;
  for (const day of days)
    for (const shard of (await getDocs(collection(firestore, 'kb_analytics', day, 'shards'))).docs)
      sum += shard.data()[counter] ?? 0;
  return sum;
}
