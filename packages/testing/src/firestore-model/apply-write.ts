import { compareValues, isSameType, numberOf } from './compare.ts';
import { valueAt, withValueAt } from './fields.ts';
import { RpcError, STATUS, unsupportedError } from './rpc-error.ts';
import { microsOf } from './times.ts';
import type { Fields, StoredDocument, Value, WireTime, Write } from './wire.ts';

/** Returns the name of the document that a write changes. */
export const documentName = (write: Write): string => {
  const name = write.update?.name ?? write.delete;
  if (name === undefined) throw unsupportedError('write without a document');
  return name;
};

/**
 * Applies a write to a document.
 * @param before the stored document; undefined if there is none
 * @returns the new document; undefined if the write deletes it
 * @throws RpcError if the precondition of the write fails
 */
export const applyWrite = (
  before: StoredDocument | undefined,
  write: Write,
  now: WireTime,
): StoredDocument | undefined => {
  checkPrecondition(before, write);
  if (!write.update) return undefined;
  const fields = applyTransforms(applyUpdate(before?.fields ?? {}, write), write, now);
  // A write without a change keeps the update time.
  if (before && isSame(before.fields, fields)) return before;
  return { name: write.update.name, fields, createTime: before?.createTime ?? now, updateTime: now };
};

const checkPrecondition = (before: StoredDocument | undefined, { currentDocument }: Write): void => {
  if (!currentDocument) return;
  const { exists, updateTime } = currentDocument;
  if (exists === false && before) throw new RpcError(STATUS.alreadyExists, 'document exists already');
  if (exists === true && !before) throw new RpcError(STATUS.notFound, 'no document to update');
  if (!updateTime || (before && microsOf(before.updateTime) === microsOf(updateTime))) return;
  throw new RpcError(STATUS.failedPrecondition, 'document was changed since the time that was required');
};

const applyUpdate = (before: Fields, { update, updateMask }: Write): Fields => {
  const newFields = update?.fields ?? {};
  if (!updateMask) return newFields;
  return (updateMask.fieldPaths ?? []).reduce(
    (fields, fieldPath) => withValueAt(fields, fieldPath, valueAt(newFields, fieldPath)),
    before,
  );
};

const applyTransforms = (fields: Fields, { updateTransforms = [] }: Write, now: WireTime): Fields =>
  updateTransforms.reduce((result, { fieldPath, increment, setToServerValue }) => {
    if (increment) return withValueAt(result, fieldPath, incremented(valueAt(result, fieldPath), increment));
    if (setToServerValue !== 'REQUEST_TIME')
      throw unsupportedError(`transform of ${fieldPath} other than an increment and the time`);
    return withValueAt(result, fieldPath, { timestampValue: now });
  }, fields);

/** A value that is not a number counts as absent. */
const incremented = (value: Value | undefined, by: Value): Value => {
  if (!value || !isSameType(value, by)) return by;
  const total = numberOf(value) + numberOf(by);
  const isComplete = value.integerValue !== undefined && by.integerValue !== undefined;
  return isComplete ? { integerValue: total } : { doubleValue: total };
};

const isSame = (before: Fields, after: Fields): boolean =>
  compareValues({ mapValue: { fields: before } }, { mapValue: { fields: after } }) === 0;
