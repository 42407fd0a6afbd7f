// The part of google.firestore.v1 that the client library sends and receives, as plain objects.

/** Seconds are a number or its digits. A field with the value 0 may be absent. */
export type WireTime = { seconds?: number | string; nanos?: number };

/** Exactly one of these is set. */
export type Value = {
  nullValue?: unknown;
  booleanValue?: boolean;
  integerValue?: number | string;
  doubleValue?: number;
  timestampValue?: WireTime;
  stringValue?: string;
  referenceValue?: string;
  arrayValue?: { values?: Value[] };
  mapValue?: { fields?: Fields };
};

export type Fields = { [name: string]: Value };

/** A stored document. It is never changed in place. */
export type StoredDocument = { name: string; fields: Fields; createTime: WireTime; updateTime: WireTime };

export type Write = {
  update?: { name: string; fields?: Fields };
  delete?: string;
  /** Absent: the write replaces the document. */
  updateMask?: { fieldPaths?: string[] } | null;
  updateTransforms?: { fieldPath: string; increment?: Value; setToServerValue?: string }[];
  currentDocument?: { exists?: boolean; updateTime?: WireTime } | null;
};

export type Filter = {
  compositeFilter?: { op: string; filters: Filter[] };
  fieldFilter?: { field: { fieldPath: string }; op: string; value: Value };
};

export type Order = { field: { fieldPath: string }; direction: string };

export type StructuredQuery = {
  from: { collectionId: string; allDescendants?: boolean }[];
  where?: Filter;
  orderBy?: Order[];
  startAt?: { values: Value[]; before?: boolean };
  limit?: { value: number };
  select?: { fields: { fieldPath: string }[] };
};

export type QueryRequest = { parent: string; structuredQuery: StructuredQuery };
export type AggregationRequest = {
  parent: string;
  structuredAggregationQuery: {
    structuredQuery: StructuredQuery;
    aggregations: { alias: string; count?: object }[];
  };
};
export type GetRequest = { documents: string[] };
export type CommitRequest = { writes: Write[] };
