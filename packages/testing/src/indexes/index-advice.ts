import {
  type CompositeIndex,
  type FieldOverride,
  fieldIndexes,
  type IndexedField,
  type IndexFile,
} from './index-file.ts';
import { DOCUMENT_NAME, type IndexRequirement } from './index-requirement.ts';
import type { QueryShape } from './query-shape.ts';

/** Returns a sentence with the composite index that serves the requirement alone. */
export const compositeIndexAdvice = (
  { collection, scope }: QueryShape,
  requirement: IndexRequirement,
): string => {
  const fields = indexedFields(requirement);
  const byDefault = requirement.order.at(-1)?.direction ?? 'ASCENDING';
  if (requirement.name !== byDefault) fields.push({ fieldPath: DOCUMENT_NAME, order: requirement.name });
  const index: CompositeIndex = { collectionGroup: collection, queryScope: scope, fields };
  return `${describeQuery(collection, requirement)} needs in "indexes": ${JSON.stringify(index)}`;
};

/** Returns a sentence with the single-field index of a requirement on one field, beside the indexes that the field has. */
export const fieldIndexAdvice = (
  { collection, scope }: QueryShape,
  requirement: IndexRequirement,
  file: IndexFile,
): string => {
  const [field] = indexedFields(requirement);
  if (!field) throw new Error('a requirement on one field has no field');
  const { fieldPath, ...mode } = field;
  const current = fieldIndexes(file, collection, fieldPath);
  const override: FieldOverride = {
    ...current,
    indexes: [...current.indexes, { ...mode, queryScope: scope }],
  };
  const exempt = current.indexes.length === 0 ? ', which is exempt' : '';
  return `${describeQuery(collection, requirement)} relies on an index of ${fieldPath}${exempt}, and needs in "fieldOverrides": ${JSON.stringify(override)}`;
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
