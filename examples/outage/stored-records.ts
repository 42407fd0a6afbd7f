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

/** The messages of a session by their numbers, as its owner reads them from Firestore. */
export const storedMessages = async (
  firestore: Firestore,
  uid: string,
  session_id: string,
): Promise<DocumentData[]> => {
  const own = query(collection(firestore, 'kb_messages'), where('user_id', '==', uid));
  const messages = (await getDocs(own)).docs.map((message) => message.data());
  return messages
    .filter((message) => message.session_id === session_id)
    .sort((one, other) => one.seq - other.seq);
};

export const storedSession = async (
  firestore: Firestore,
  session_id: string,
): Promise<DocumentData | undefined> => (await getDoc(doc(firestore, 'kb_sessions', session_id))).data();

/** The sum of a counter over the shards of some days, as an admin reads it. */
export const sumOfDays = async (
  firestore: Firestore,
  days: ReadonlySet<string>,
  counter: string,
): Promise<number> => {
  let sum = 0;
  for (const day of days)
    for (const shard of (await getDocs(collection(firestore, 'kb_analytics', day, 'shards'))).docs)
      sum += shard.data()[counter] ?? 0;
  return sum;
};
