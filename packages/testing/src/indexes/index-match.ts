import type { IndexedField } from './index-file.ts';
import { DOCUMENT_NAME, type IndexRequirement } from './index-requirement.ts';
import type { Direction } from './query-shape.ts';

/** An index of the queried collection and scope. */
export type Index = {
  fields: readonly IndexedField[];
  /** Whether it is one of the single-field indexes. */
  single: boolean;
};

/**
 * Whether indexes serve a demand. Firestore reads the results from one index or merges several
 * (https://firebase.google.com/docs/firestore/query-data/index-overview#taking_advantage_of_index_merging): each begins
 * with some of the equality and array filters, in any order and direction, and goes on with the whole order of the
 * results in exactly its directions, because an index is never read backwards.
 */
export const isServedBy = (demand: IndexRequirement, indexes: readonly Index[]): boolean => {
  const filters = [...demand.equal, ...demand.contains];
  // Documents are kept in the order of their names.
  if (filters.length + demand.order.length === 0 && demand.name === 'ASCENDING') return true;
  const usable = indexes.filter((index) => isUsable(demand, index));
  const covered = new Set(usable.flatMap(({ fields }) => fields.map(({ fieldPath }) => fieldPath)));
  return usable.length > 0 && filters.every((field) => covered.has(field));
};

const isUsable = (demand: IndexRequirement, { fields, single }: Index): boolean => {
  const named = fields.at(-1)?.fieldPath === DOCUMENT_NAME;
  const own = named ? fields.slice(0, -1) : fields;
  const prefix = own.slice(0, own.length - demand.order.length);
  const suffix = own.slice(prefix.length);
  // Whether production reads a descending single-field index for an equality is not documented; it asks for a
  // composite index there, so this one does not count.
  if (single && demand.order.length === 0 && demand.name === 'DESCENDING') return false;
  return (
    prefix.every((field) => ('order' in field ? demand.equal : demand.contains).includes(field.fieldPath)) &&
    suffix.length === demand.order.length &&
    demand.order.every(({ field, direction }, index) => {
      const indexed = suffix[index];
      return indexed?.fieldPath === field && 'order' in indexed && indexed.order === direction;
    }) &&
    nameDirection(fields) === demand.name
  );
};

/** An index ends with the name, by default in the direction of the field before it, ascending after an array. */
const nameDirection = (fields: readonly IndexedField[]): Direction => {
  const last = fields.at(-1);
  return last && 'order' in last ? last.order : 'ASCENDING';
};
