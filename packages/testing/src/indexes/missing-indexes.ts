import { compositeIndexAdvice, fieldIndexAdvice } from './index-advice.ts';
import { fieldIndexes, type IndexFile } from './index-file.ts';
import { type Index, isServedBy } from './index-match.ts';
import { type IndexRequirement, indexRequirements } from './index-requirement.ts';
import type { QueryShape } from './query-shape.ts';

/**
 * Checks whether production serves queries with the indexes of a firestore.indexes.json; the emulator does not check it.
 * If the documentation is unclear, the index counts as required. Vector searches are ignored.
 * @returns one sentence with the JSON to add for each missing index
 */
export const missingIndexes = (queries: readonly QueryShape[], file: IndexFile): string[] => {
  const sentences = queries.flatMap((query) =>
    indexRequirements(query).flatMap((requirement) => adviceFor(query, requirement, file)),
  );
  return [...new Set(sentences)];
};

const adviceFor = (query: QueryShape, requirement: IndexRequirement, file: IndexFile): readonly string[] => {
  // Queries over all collections can only use the order of names, which always exists.
  if (query.collection === '') return [];
  const indexes = indexesFor(query, requirement, file);
  if (isServedBy(requirement, indexes)) return [];
  const parts = singleFieldRequirements(requirement);
  if (!parts) return [compositeIndexAdvice(query, requirement)];
  return parts
    .filter((part) => !isServedBy(part, indexes))
    .map((part) => fieldIndexAdvice(query, part, file));
};

const indexesFor = (
  { collection, scope }: QueryShape,
  requirement: IndexRequirement,
  file: IndexFile,
): readonly Index[] => {
  const composite = file.indexes
    .filter(({ collectionGroup, queryScope }) => collectionGroup === collection && queryScope === scope)
    .map(({ fields }) => ({ fields, single: false }));
  const fields = [
    ...requirement.equal,
    ...requirement.contains,
    ...requirement.order.map(({ field }) => field),
  ];
  const single = fields.flatMap((fieldPath) =>
    fieldIndexes(file, collection, fieldPath)
      .indexes.filter(({ queryScope }) => queryScope === scope)
      .map((mode) => ({ fields: [{ ...mode, fieldPath }], single: true })),
  );
  return [...composite, ...single];
};

/** Splits a requirement into requirements on one field each, if single-field indexes can serve it; otherwise undefined. */
const singleFieldRequirements = (requirement: IndexRequirement): readonly IndexRequirement[] | undefined => {
  const { equal, contains, order, name } = requirement;
  const [first, ...more] = order;
  if (first) {
    const alone = equal.length + contains.length + more.length === 0 && first.direction === name;
    return alone ? [requirement] : undefined;
  }
  if (name === 'DESCENDING') return undefined;
  return [
    ...equal.map((field) => ({ ...requirement, equal: [field], contains: [] })),
    ...contains.map((field) => ({ ...requirement, equal: [], contains: [field] })),
  ];
};
