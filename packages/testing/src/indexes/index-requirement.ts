import type { Condition, Direction, Order, QueryShape, Relation } from './query-shape.ts';

export const DOCUMENT_NAME = '__name__';

/** The requirement of one alternative of a query on indexes. */
export type IndexRequirement = {
  /** Fields with an equality filter. */
  equal: readonly string[];
  /** Fields with an array filter. */
  contains: readonly string[];
  /** The sort order of the results, without the document name. It includes all fields with a range filter. */
  order: readonly Order[];
  /** The direction of the document name, which is always the last sort key. */
  name: Direction;
};

type Filter = { field: string; relation: Relation };

/**
 * Returns the requirement of each alternative of a query. Firestore serves the alternatives one by one, each with its full
 * order: the query's own, then the other fields with a range filter, by name, then the document name, in the direction of
 * the last given order (see `order_by` in
 * https://github.com/googleapis/googleapis/blob/master/google/firestore/v1/query.proto).
 */
export const indexRequirements = (query: QueryShape): readonly IndexRequirement[] =>
  alternatives(query.where).map((filters) => indexRequirement(filters, query));

const indexRequirement = (
  filters: readonly Filter[],
  { orderBy, aggregated }: QueryShape,
): IndexRequirement => {
  const nameIndex = orderBy.findIndex(({ field }) => field === DOCUMENT_NAME);
  // The name is unique, so later orders have no effect.
  const ownOrder = nameIndex === -1 ? orderBy : orderBy.slice(0, nameIndex);
  const last = orderBy.at(-1)?.direction ?? 'ASCENDING';
  const isSorted = (field: string) => ownOrder.some((order) => order.field === field);
  const fieldsOf = (predicate: (filter: Filter) => boolean) =>
    [...new Set(filters.filter(predicate).map(({ field }) => field))].toSorted();

  const equal = fieldsOf(
    ({ field, relation }) => relation === 'equality' || (relation === 'oneOf' && !isSorted(field)),
  );
  // A sum is computed from the index, which must contain its field.
  const appended = [...fieldsOf(({ relation }) => relation === 'range'), ...aggregated].filter(
    (field, index, all) =>
      all.indexOf(field) === index && ![DOCUMENT_NAME, ...equal].includes(field) && !isSorted(field),
  );
  return {
    equal: equal.filter((field) => field !== DOCUMENT_NAME),
    contains: fieldsOf(({ relation }) => relation === 'contains'),
    order: [
      // A field with one value does not affect the order.
      ...ownOrder.filter(({ field }) => !equal.includes(field)),
      ...appended.map((field) => ({ field, direction: last })),
    ],
    name: orderBy[nameIndex]?.direction ?? last,
  };
};

/** Converts a condition to its disjunctive normal form. */
const alternatives = (condition: Condition): readonly (readonly Filter[])[] => {
  if ('some' in condition) return condition.some.flatMap(alternatives);
  if (!('every' in condition)) return [[condition]];
  return condition.every
    .map(alternatives)
    .reduce((all, more) => all.flatMap((filters) => more.map((others) => [...filters, ...others])), [[]]);
};
