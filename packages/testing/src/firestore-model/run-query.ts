import { compareValues, isSameType } from './compare.ts';
import { valueAt } from './fields.ts';
import { rejectUnknownFields, unsupportedError } from './rpc-error.ts';
import type { Filter, Order, QueryRequest, StoredDocument, StructuredQuery, Value } from './wire.ts';

const NAME = '__name__';

const COMPARISONS: Record<string, (order: number) => boolean> = {
  LESS_THAN: (order) => order < 0,
  LESS_THAN_OR_EQUAL: (order) => order <= 0,
  GREATER_THAN: (order) => order > 0,
  GREATER_THAN_OR_EQUAL: (order) => order >= 0,
};

/** Returns the documents of a query, in its order, with the selected fields. */
export const runQuery = (
  documents: Iterable<StoredDocument>,
  { parent, structuredQuery }: QueryRequest,
): StoredDocument[] => {
  rejectUnknownFields(structuredQuery, ['from', 'where', 'orderBy', 'startAt', 'limit', 'select']);
  const { from, where, startAt, limit, select } = structuredQuery;
  const [source, ...others] = from;
  if (!source || others.length > 0 || source.allDescendants)
    throw unsupportedError('query over collection groups');
  const prefix = `${parent}/${source.collectionId}/`;
  const orders = effectiveOrders(structuredQuery);
  const found = [...documents]
    .filter(({ name }) => name.startsWith(prefix) && !name.includes('/', prefix.length))
    .filter((document) => orders.every(({ field }) => fieldOf(document, field.fieldPath)))
    .filter((document) => !where || matchesFilter(document, where))
    .toSorted((a, b) => compareBy(orders, a, (path) => fieldOf(b, path)))
    .filter((document) => !startAt || isAfterStart(document, orders, startAt));
  return found.slice(0, limit?.value).map((document) => project(document, select));
};

const fieldOf = (document: StoredDocument, path: string): Value | undefined =>
  path === NAME ? { referenceValue: document.name } : valueAt(document.fields, path);

const matchesFilter = (document: StoredDocument, filter: Filter): boolean => {
  if (filter.compositeFilter) {
    if (filter.compositeFilter.op !== 'AND') throw unsupportedError(`filter ${filter.compositeFilter.op}`);
    return filter.compositeFilter.filters.every((part) => matchesFilter(document, part));
  }
  if (!filter.fieldFilter) throw unsupportedError(`filter like ${JSON.stringify(filter)}`);
  const { field, op, value } = filter.fieldFilter;
  const found = fieldOf(document, field.fieldPath);
  if (!found) return false;
  if (op === 'EQUAL') return compareValues(found, value) === 0;
  if (op === 'IN') return (value.arrayValue?.values ?? []).some((one) => compareValues(found, one) === 0);
  const accepts = COMPARISONS[op];
  if (!accepts) throw unsupportedError(`filter ${op}`);
  return isSameType(found, value) && accepts(compareValues(found, value));
};

const inequalityIn = (filter: Filter | undefined): string | undefined => {
  if (filter?.compositeFilter) return filter.compositeFilter.filters.map(inequalityIn).find((path) => path);
  const { field, op } = filter?.fieldFilter ?? {};
  return op !== undefined && op in COMPARISONS ? field?.fieldPath : undefined;
};

/** A query without an order is sorted by its inequality. The document name is always the last sort key. */
const effectiveOrders = ({ orderBy, where }: StructuredQuery): Order[] => {
  const inequality = inequalityIn(where);
  const implied = inequality ? [{ field: { fieldPath: inequality }, direction: 'ASCENDING' }] : [];
  const orders = orderBy?.length ? orderBy : implied;
  if (orders.some(({ field }) => field.fieldPath === NAME)) return orders;
  return [...orders, { field: { fieldPath: NAME }, direction: orders.at(-1)?.direction ?? 'ASCENDING' }];
};

const compareBy = (
  orders: Order[],
  document: StoredDocument,
  other: (path: string, index: number) => Value | undefined,
): number => {
  for (const [index, { field, direction }] of orders.entries()) {
    const [left, right] = [fieldOf(document, field.fieldPath), other(field.fieldPath, index)];
    const order = left && right ? compareValues(left, right) : 0;
    if (order !== 0) return direction === 'DESCENDING' ? -order : order;
  }
  return 0;
};

const isAfterStart = (
  document: StoredDocument,
  orders: Order[],
  { values, before }: { values: Value[]; before?: boolean },
): boolean => {
  const order = compareBy(orders, document, (_, index) => values[index]);
  return before ? order >= 0 : order > 0;
};

const project = (document: StoredDocument, select: StructuredQuery['select']): StoredDocument => {
  if (!select) return document;
  const paths = select.fields.map(({ fieldPath }) => fieldPath).filter((path) => path !== NAME);
  const fields = paths.flatMap((path) => {
    const value = valueAt(document.fields, path);
    return value ? [[path, value] as const] : [];
  });
  return { ...document, fields: Object.fromEntries(fields) };
};
