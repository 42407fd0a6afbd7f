import type { Mutant } from './mutant.ts';
import { changes, ifThere, isOf, mutateClient, mutateClientWrites } from './mutate-client.ts';

/** Mistakes in what is written to Firestore. */
export const WRITE_MUTANTS: Record<string, Mutant> = {
  'a session is written whatever became of it since it was read': {
    variant: mutateClientWrites((write) => (isOf('kb_sessions', write) ? ifThere(write) : write)),
    shows: /message_seq of .* (is|went back)/,
  },
  'a touch revives what was over': {
    variant: mutateClientWrites((write) =>
      changes('last_activity', write) && !changes('message_seq', write) && !changes('status', write)
        ? ifThere(write)
        : write,
    ),
    shows: /was changed after its end/,
  },
  'a sweep expires what was touched since it was read': {
    variant: mutateClientWrites(ifThere, 'batchWrite'),
    shows: /expired before its time/,
  },
  'a message is counted whatever is counted of it already': {
    variant: mutateClientWrites((write) => (isOf('kb_messages', write) ? ifThere(write) : write)),
    shows: /message_count of .* is/,
  },
  'what is to be created is set': {
    variant: mutateClientWrites(({ currentDocument, ...write }) =>
      currentDocument?.exists === false ? write : { ...write, currentDocument: currentDocument ?? null },
    ),
    shows: /message_seq of .* (is|went back)|stored twice|is not there/,
  },
  'counters are bare increments': {
    variant: mutateClient((send) => async (request) => {
      const counts = (write: (typeof request.writes)[number]) =>
        !write.currentDocument?.updateTime && write.updateTransforms;
      const counting = request.writes.filter(counts);
      if (counting.length > 0) await send({ ...request, writes: counting });
      return send({ ...request, writes: request.writes.filter((write) => !counts(write)) });
    }),
    shows: /message_count of .* is/,
  },
  'a commit is written piece by piece': {
    variant: mutateClient((send) => async (request) => {
      const answers: object[] = [];
      for (const write of request.writes) answers.push(await send({ ...request, writes: [write] }));
      const writeResults = answers.flatMap((answer) => ('writeResults' in answer ? answer.writeResults : []));
      return { ...answers.at(-1), writeResults };
    }),
    shows: /message_seq of .* is/,
  },
  'an unclear commit is taken for done': {
    variant: mutateClient((send) => async (request) => {
      try {
        return await send(request);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 14) return { writeResults: [] };
        throw error;
      }
    }),
    shows: /is not (there|stored)/,
  },
};
