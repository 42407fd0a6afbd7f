import type { Mutant } from './mutant.ts';
import { changes, ifThere, isOf, mutateClient, mutateClientWrites } from './mutate-client.ts';

/** Mistakes in what is written to Firestore. */
export const WRITE_MUTANTS: Record<string, Mutant> = {
  'a session is written although another write has changed it since it was read': {
    variant: mutateClientWrites((write) => (isOf('kb_sessions', write) ? ifThere(write) : write)),
    shows: /message_seq of .* (is|went back)/,
    run: 33,
  },
  'a touch revives an ended session': {
    variant: mutateClientWrites((write) =>
      changes('last_activity', write) && !changes('message_seq', write) && !changes('status', write)
        ? ifThere(write)
        : write,
    ),
    shows: /was changed after its end/,
    run: 82,
  },
  'a sweep expires a session that was touched after the sweep read it': {
    variant: mutateClientWrites(ifThere, 'batchWrite'),
    shows: /expired before its time/,
    run: 20,
  },
  'a message is counted twice': {
    variant: mutateClientWrites((write) => (isOf('kb_messages', write) ? ifThere(write) : write)),
    shows: /message_count of .* is/,
    run: 1,
  },
  'a creation overwrites an existing document': {
    variant: mutateClientWrites(({ currentDocument, ...write }) =>
      currentDocument?.exists === false ? write : { ...write, currentDocument: currentDocument ?? null },
    ),
    shows: /message_seq of .* (is|went back)|stored twice|is not there/,
    run: 4,
  },
  'counters are incremented in a commit of their own': {
    variant: mutateClient((send) => async (request) => {
      const counts = (write: (typeof request.writes)[number]) =>
        !write.currentDocument?.updateTime && write.updateTransforms;
      const counting = request.writes.filter(counts);
      if (counting.length > 0) await send({ ...request, writes: counting });
      return send({ ...request, writes: request.writes.filter((write) => !counts(write)) });
    }),
    shows: /message_count of .* is/,
    run: 1,
  },
  'a commit is not atomic': {
    variant: mutateClient((send) => async (request) => {
      const answers: object[] = [];
      for (const write of request.writes) answers.push(await send({ ...request, writes: [write] }));
      const writeResults = answers.flatMap((answer) => ('writeResults' in answer ? answer.writeResults : []));
      return { ...answers.at(-1), writeResults };
    }),
    shows: /message_seq of .* is/,
    run: 1,
  },
  'a commit without an answer is taken for done': {
    variant: mutateClient((send) => async (request) => {
      try {
        return await send(request);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 14) return { writeResults: [] };
        throw error;
      }
    }),
    shows: /is not (there|stored)/,
    run: 54,
  },
};
