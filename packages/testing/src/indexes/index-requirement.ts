import type { Condition, Direction, Order, QueryShape, Relation } from './query-shape.ts';

export const DOCUMENT_NAME = '__name__';

/** What one alternative of a query asks of indexes. */
export type IndexRequirement = {
  /** Fields held to a value. */
  equal: readonly string[];
  /** Arrays that hold a value. */
  contains: readonly string[];
  /** The fields that the results are sorted by, which all fields with a range are among, without the name. */
  order: readonly Order[];
  /** The direction of the name, by which every result is sorted last. */
  name: Direction;
};

type Filter = { field: string; relation: Relation };

/**
 * The alternatives of a query, which Firestore serves one by one, each with its full order: the fields with a range that
 * the order leaves out are appended to it by name, then the document's name, in the direction of the last order given
 * (see `order_by` in https://github.com/googleapis/googleapis/blob/master/google/firestore/v1/query.proto).
 */
export const indexRequirements = (query: QueryShape): readonly IndexRequirement[] =>
  alternatives(query.where).map((filters) => indexRequirement(filters, query));

const indexRequirement = (
  filters: readonly Filter[],
  { orderBy, aggregated }: QueryShape,
): IndexRequirement => {
  const byName = orderBy.findIndex(({ field }) => field === DOCUMENT_NAME);
  // Nothing sorts after the name.
  const given = byName === -1 ? orderBy : orderBy.slice(0, byName);
  const last = orderBy.at(-1)?.direction ?? 'ASCENDING';
  const sorts = (field: string) => given.some((order) => order.field === field);
  const fieldsOf = (wanted: (filter: Filter) => boolean) =>
    [...new Set(filters.filter(wanted).map(({ field }) => field))].toSorted();

  const equal = fieldsOf(
    ({ field, relation }) => relation === 'equality' || (relation === 'oneOf' && !sorts(field)),
  );
  // A sum is computed from the index, so its field has to be in there too.
  const appended = [...fieldsOf(({ relation }) => relation === 'range'), ...aggregated].filter(
    (field, index, all) =>
      all.indexOf(field) === index && ![DOCUMENT_NAME, ...equal].includes(field) && !sorts(field),
  );
  return {
    equal: equal.filter((field) => field !== DOCUMENT_NAME),
    contains: fieldsOf(({ relation }) => relation === 'contains'),
    order: [
      // A field held to one value does not sort.
      ...given.filter(({ field }) => !equal.includes(field)),
      ...appended.map((field) => ({ field, direction: last })),
    ],
    name: orderBy[byName]?.direction ?? last,
  };
};

/** A condition as alternatives, in each of which all filters hold. */
const alternatives = (condition: Condition): readonly (readonly Filter[])[] => {
  if ('some' in condition) return condition.some.flatMap(alternatives);
  if (!('every' in condition)) return [[condition]];
  return condition.every
    .map(alternatives)
    .reduce((all, more) => all.flatMap((filters) => more.map((others) => [...filters, ...others])), [[]]);
};
