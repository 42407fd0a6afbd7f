import {
  type CompositeIndex,
  type FieldOverride,
  fieldIndexes,
  type IndexedField,
  type IndexFile,
} from './index-file.ts';
import { DOCUMENT_NAME, type IndexRequirement } from './index-requirement.ts';
import type { QueryShape } from './query-shape.ts';

/** Asks for the composite index that would serve a demand alone. */
export const compositeIndexAdvice = ({ collection, scope }: QueryShape, demand: IndexRequirement): string => {
  const fields = indexedFields(demand);
  const byDefault = demand.order.at(-1)?.direction ?? 'ASCENDING';
  if (demand.name !== byDefault) fields.push({ fieldPath: DOCUMENT_NAME, order: demand.name });
  const index: CompositeIndex = { collectionGroup: collection, queryScope: scope, fields };
  return `${describeQuery(collection, demand)} needs in "indexes": ${JSON.stringify(index)}`;
};

/** Asks for the single-field index that a demand on one field relies on, beside those that the field has. */
export const fieldIndexAdvice = (
  { collection, scope }: QueryShape,
  demand: IndexRequirement,
  file: IndexFile,
): string => {
  const [wanted] = indexedFields(demand);
  if (!wanted) throw new Error('a demand on one field names none');
  const { fieldPath, ...mode } = wanted;
  const now = fieldIndexes(file, collection, fieldPath);
  const override: FieldOverride = { ...now, indexes: [...now.indexes, { ...mode, queryScope: scope }] };
  const exempt = now.indexes.length === 0 ? ', which is exempt' : '';
  return `${describeQuery(collection, demand)} relies on an index of ${fieldPath}${exempt}, and needs in "fieldOverrides": ${JSON.stringify(override)}`;
};

const indexedFields = ({ equal, contains, order }: IndexRequirement): IndexedField[] => [
  ...equal.map((fieldPath): IndexedField => ({ fieldPath, order: 'ASCENDING' })),
  ...contains.map((fieldPath): IndexedField => ({ fieldPath, arrayConfig: 'CONTAINS' })),
  ...order.map(({ field, direction }): IndexedField => ({ fieldPath: field, order: direction })),
];

const describeQuery = (collection: string, { equal, contains, order, name }: IndexRequirement): string => {
  const parts = [
    ...equal.map((field) => `${field} == …`),
    ...contains.map((field) => `${field} contains …`),
    ...[...order, { field: DOCUMENT_NAME, direction: name }].map(
      ({ field, direction }) => `by ${field} ${direction}`,
    ),
  ];
  return `A query of ${collection} (${parts.join(', ')})`;
};
