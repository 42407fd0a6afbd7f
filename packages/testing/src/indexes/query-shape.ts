import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';

type StructuredQuery = google.firestore.v1.IStructuredQuery;
type Filter = google.firestore.v1.StructuredQuery.IFilter;

export type Direction = 'ASCENDING' | 'DESCENDING';
export type Scope = 'COLLECTION' | 'COLLECTION_GROUP';

/** The kind of a filter. `oneOf` means several equalities. Filters on one or on several values of an array are alike. */
export type Relation = 'equality' | 'oneOf' | 'contains' | 'range';

export type Condition =
  | { every: readonly Condition[] }
  | { some: readonly Condition[] }
  | { field: string; relation: Relation };

export type Order = {
  field: string;
  direction: Direction;
};

/** A query without its values, limits and cursors, which do not affect the required indexes. */
export type QueryShape = {
  /** Empty for a query over all collections below a document. */
  collection: string;
  scope: Scope;
  where: Condition;
  orderBy: readonly Order[];
  /** Fields with a sum or an average. */
  aggregated: readonly string[];
};

/** Returns the shape of a query, or of the query inside an aggregation. */
export const queryShape = (
  query: StructuredQuery,
  aggregations: readonly google.firestore.v1.StructuredAggregationQuery.IAggregation[] = [],
): QueryShape => {
  const from = query.from?.[0];
  const aggregated = aggregations.flatMap(({ sum, avg }) => (sum ?? avg)?.field?.fieldPath ?? []);
  return {
    collection: from?.collectionId ?? '',
    scope: from?.allDescendants ? 'COLLECTION_GROUP' : 'COLLECTION',
    where: query.where ? condition(query.where) : { every: [] },
    orderBy: (query.orderBy ?? []).map(({ field, direction }) => ({
      field: field?.fieldPath ?? '',
      direction: direction === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING',
    })),
    aggregated: [...new Set(aggregated)].toSorted(),
  };
};

const condition = ({ compositeFilter, fieldFilter, unaryFilter }: Filter): Condition => {
  if (compositeFilter) {
    const conditions = (compositeFilter.filters ?? []).map(condition);
    return compositeFilter.op === 'OR' ? { some: conditions } : { every: conditions };
  }
  const filter = fieldFilter ?? unaryFilter;
  return { field: filter?.field?.fieldPath ?? '', relation: relationOf(filter?.op) };
};

const relationOf = (operator: string | null | undefined): Relation => {
  switch (operator) {
    case 'EQUAL':
    case 'IS_NULL':
    case 'IS_NAN':
      return 'equality';
    case 'IN':
      return 'oneOf';
    case 'ARRAY_CONTAINS':
    case 'ARRAY_CONTAINS_ANY':
      return 'contains';
    default:
      return 'range';
  }
};
