import { compositeIndexAdvice, fieldIndexAdvice } from './index-advice.ts';
import { fieldIndexes, type IndexFile } from './index-file.ts';
import { type Index, isServedBy } from './index-match.ts';
import { type IndexRequirement, indexRequirements } from './index-requirement.ts';
import type { QueryShape } from './query-shape.ts';

/**
 * Decides for each query whether production would serve it with the indexes of a firestore.indexes.json, which the
 * emulator does not. Returns a sentence with the JSON to add for each index that is missing, none where all is well.
 * Where the documentation leaves a doubt it asks for the index. Vector searches are not looked at.
 */
export const missingIndexes = (queries: readonly QueryShape[], file: IndexFile): string[] => {
  const sentences = queries.flatMap((query) =>
    indexRequirements(query).flatMap((demand) => adviceFor(query, demand, file)),
  );
  return [...new Set(sentences)];
};

const adviceFor = (query: QueryShape, demand: IndexRequirement, file: IndexFile): readonly string[] => {
  // Documents of all collections are kept by name, and nothing else can be asked of them together.
  if (query.collection === '') return [];
  const indexes = indexesFor(query, demand, file);
  if (isServedBy(demand, indexes)) return [];
  const parts = singleFieldRequirements(demand);
  if (!parts) return [compositeIndexAdvice(query, demand)];
  return parts
    .filter((part) => !isServedBy(part, indexes))
    .map((part) => fieldIndexAdvice(query, part, file));
};

const indexesFor = (
  { collection, scope }: QueryShape,
  demand: IndexRequirement,
  file: IndexFile,
): readonly Index[] => {
  const composite = file.indexes
    .filter(({ collectionGroup, queryScope }) => collectionGroup === collection && queryScope === scope)
    .map(({ fields }) => ({ fields, single: false }));
  const fields = [...demand.equal, ...demand.contains, ...demand.order.map(({ field }) => field)];
  const single = fields.flatMap((fieldPath) =>
    fieldIndexes(file, collection, fieldPath)
      .indexes.filter(({ queryScope }) => queryScope === scope)
      .map((mode) => ({ fields: [{ ...mode, fieldPath }], single: true })),
  );
  return [...composite, ...single];
};

/** The demands on one field each that a demand amounts to, where single-field indexes can serve it. */
const singleFieldRequirements = (demand: IndexRequirement): readonly IndexRequirement[] | undefined => {
  const { equal, contains, order, name } = demand;
  const [first, ...more] = order;
  if (first) {
    const alone = equal.length + contains.length + more.length === 0 && first.direction === name;
    return alone ? [demand] : undefined;
  }
  if (name === 'DESCENDING') return undefined;
  return [
    ...equal.map((field) => ({ ...demand, equal: [field], contains: [] })),
    ...contains.map((field) => ({ ...demand, equal: [], contains: [field] })),
  ];
};
