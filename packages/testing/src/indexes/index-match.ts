import type { IndexedField } from './index-file.ts';
import { DOCUMENT_NAME, type IndexRequirement } from './index-requirement.ts';
import type { Direction } from './query-shape.ts';

/** An index of the queried collection and scope. */
export type Index = {
  fields: readonly IndexedField[];
  /** Whether it is a single-field index. */
  single: boolean;
};

/**
 * Whether indexes serve a requirement. Firestore reads the results from one index or merges several
 * (https://firebase.google.com/docs/firestore/query-data/index-overview#taking_advantage_of_index_merging). Each index
 * begins with some of the equality and array filters, in any order and direction, followed by the whole order of the
 * results in exactly its directions, because Firestore never reads an index backwards.
 */
export const isServedBy = (requirement: IndexRequirement, indexes: readonly Index[]): boolean => {
  const filters = [...requirement.equal, ...requirement.contains];
  // Documents are stored in the order of their names.
  if (filters.length + requirement.order.length === 0 && requirement.name === 'ASCENDING') return true;
  const usable = indexes.filter((index) => isUsable(requirement, index));
  const covered = new Set(usable.flatMap(({ fields }) => fields.map(({ fieldPath }) => fieldPath)));
  return usable.length > 0 && filters.every((field) => covered.has(field));
};

const isUsable = (requirement: IndexRequirement, { fields, single }: Index): boolean => {
  const endsWithName = fields.at(-1)?.fieldPath === DOCUMENT_NAME;
  const ownFields = endsWithName ? fields.slice(0, -1) : fields;
  const prefix = ownFields.slice(0, ownFields.length - requirement.order.length);
  const suffix = ownFields.slice(prefix.length);
  // It is not documented whether production reads a descending single-field index for an equality. It asks for a composite
  // index in this case, so the single-field index does not count.
  if (single && requirement.order.length === 0 && requirement.name === 'DESCENDING') return false;
  return (
    prefix.every((field) =>
      ('order' in field ? requirement.equal : requirement.contains).includes(field.fieldPath),
    ) &&
    suffix.length === requirement.order.length &&
    requirement.order.every(({ field, direction }, index) => {
      const indexed = suffix[index];
      return indexed?.fieldPath === field && 'order' in indexed && indexed.order === direction;
    }) &&
    nameDirection(fields) === requirement.name
  );
};

/** An index ends with the document name, by default in the direction of the previous field; ascending after an array. */
const nameDirection = (fields: readonly IndexedField[]): Direction => {
  const last = fields.at(-1);
  return last && 'order' in last ? last.order : 'ASCENDING';
};
