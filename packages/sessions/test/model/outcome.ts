import { SessionError } from '../../src/index.ts';
import { Refusal } from './refusal.ts';

/** What came of an operation, in the form that stores and model are compared in. */
export type Outcome<Answer> = { answer: Answer } | { refused: { code: string; details: object } };

const refused = (error: unknown) => {
  if (error instanceof SessionError || error instanceof Refusal) {
    return { refused: { code: error.code, details: error.details } };
  }
  throw error;
};

export const outcomeOf = async <Answer>(work: () => Answer | Promise<Answer>): Promise<Outcome<Answer>> => {
  try {
    return { answer: await work() };
  } catch (error) {
    return refused(error);
  }
};
