/** The session that each user had open on this device. */
export type LastSession = {
  get(uid: string): string | null;
  set(uid: string, session_id: string): void;
  forget(uid: string): void;
};

export const createLastSession = (storage: Storage): LastSession => ({
  get: (uid) => storage.getItem(keyOf(uid)),
  set: (uid, session_id) => storage.setItem(keyOf(uid), session_id),
  forget: (uid) => storage.removeItem(keyOf(uid)),
});

const keyOf = (uid: string): string => `kb-sessions.current.${uid}`;
