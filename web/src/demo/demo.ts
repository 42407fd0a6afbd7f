import { type Auth, signInWithEmailAndPassword } from 'firebase/auth';
import { createSessionsClient, type SessionsClient } from 'kb-sessions-client';
import { connectSecondUser } from '../firebase.ts';
import type { Emulators, FirebaseConfig } from '../firebase-config.ts';
import { answerTo } from './answers.ts';
import { EMULATOR_PASSWORD, type EmulatorUser, ensureEmulatorUser } from './emulator-users.ts';

/** Completes the page on a developer's machine, where it runs against emulators. */
export type Demo = {
  /** The names of the demo users. */
  people: string[];
  signIn(auth: Auth, name: string): Promise<void>;
  /** Answers a user's question in that user's session. */
  answer(turn: { session_id: string; user_id: string; question: string }): Promise<void>;
};

const PEOPLE: readonly EmulatorUser[] = [
  { email: 'thandi@demo.example', displayName: 'Thandi' },
  { email: 'pieter@demo.example', displayName: 'Pieter' },
  { email: 'amina@demo.example', displayName: 'Amina' },
];
const AGENT = { email: 'agent@demo.example', displayName: 'Demo agent', claims: { agent: true } };

/**
 * Creates the sign-in provider and the agent that a real deployment has elsewhere. The agent is a second user with the
 * claim `agent`, and answers from a small table.
 */
export const createDemo = (config: FirebaseConfig & { emulators: Emulators }): Demo => {
  const signInAs = async (auth: Auth, user: EmulatorUser): Promise<void> => {
    await ensureEmulatorUser(config.emulators.auth, config.options.projectId ?? '', user);
    await signInWithEmailAndPassword(auth, user.email, EMULATOR_PASSWORD);
  };

  let connected: SessionsClient | null = null;
  const asAgent = async (): Promise<SessionsClient> => {
    if (connected) return connected;
    const { auth, functions } = connectSecondUser('demo-agent', config);
    await signInAs(auth, AGENT);
    connected = createSessionsClient(functions);
    return connected;
  };

  return {
    people: PEOPLE.map(({ displayName }) => displayName),
    signIn: async (auth, name) => {
      const person = PEOPLE.find(({ displayName }) => displayName === name);
      if (person) await signInAs(auth, person);
    },
    answer: async ({ session_id, user_id, question }) => {
      const { content, ...metadata } = answerTo(question);
      const client = await asAgent();
      await client.addMessage({ session_id, user_id, role: 'assistant', content, metadata });
    },
  };
};
