import { createHash } from 'node:crypto';

/** A Lua script, which Redis runs as one atomic step. */
export type Script = { lua: string; sha1: string };

const PRELUDE = `
local state, sessions, ids, entries, receipts, refused, refused_order, owners, owner_sessions, entry_list = unpack(KEYS)

-- A session key has got its first entry.
local function add_session(name)
  redis.call('ZADD', sessions, redis.call('HINCRBY', state, 'turn', 1), name)
  redis.call('SADD', owner_sessions, name)
end

-- A session key has lost its last entry.
local function remove_session(name)
  redis.call('ZREM', sessions, name)
  redis.call('SREM', owner_sessions, name)
end

-- Reverses what accepting an entry did, except for the list of its session key. Returns the receipt. A broken receipt
-- reverses little.
local function undo(name, entry_id)
  local is_json, receipt = pcall(cjson.decode, redis.call('HGET', receipts, name .. ' ' .. entry_id))
  local is_valid = is_json and type(receipt) == 'table'
    and receipt.ids and receipt.digest and receipt.bytes and receipt.sessions
  if not is_valid then receipt = {ids = {}, bytes = 0, sessions = 0} end
  if receipt.owner then
    redis.call('HINCRBY', owners, 'bytes ' .. receipt.owner, 0 - receipt.bytes)
    if redis.call('HINCRBY', owners, 'entries ' .. receipt.owner, -1) <= 0 then
      redis.call('HDEL', owners, 'entries ' .. receipt.owner, 'bytes ' .. receipt.owner)
    end
  end
  redis.call('HDEL', entries, name .. ' ' .. entry_id)
  redis.call('HDEL', receipts, name .. ' ' .. entry_id)
  redis.call('HINCRBY', state, 'entries', -1)
  redis.call('HINCRBY', state, 'bytes', 0 - receipt.bytes)
  redis.call('HINCRBY', state, 'sessions', 0 - receipt.sessions)
  for _, id in ipairs(receipt.ids) do redis.call('HDEL', ids, id) end
  return receipt
end
`;

const script = (body: string): Script => {
  const lua = `${PRELUDE}${body}`;
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
};

/**
 * Holds an entry. Returns `new` or, if the journal held it before, `held`, with the name of the journal; otherwise `taken`
 * or `full`.
 *
 * The name has two parts: a random one that is lost with the data, and the run id of the server. A restart or a promoted
 * replica may have restored data without the latest entries.
 */
export const ACCEPT = script(`
local name, entry_id, entry, receipt_json, max_entries, max_bytes, max_owner_entries, max_owner_bytes, new_name = unpack(ARGV)
local receipt = cjson.decode(receipt_json)
local is_held = false
for _, id in ipairs(receipt.ids) do
  local digest = redis.call('HGET', ids, id)
  if digest and digest ~= receipt.digest then return {'taken', ''} end
  if digest then is_held = true end
end
if not is_held then
  local total = redis.call('HMGET', state, 'entries', 'bytes')
  if (tonumber(total[1]) or 0) + 1 > tonumber(max_entries)
    or (tonumber(total[2]) or 0) + receipt.bytes > tonumber(max_bytes) then return {'full', ''} end
  local of_owner = redis.call('HMGET', owners, 'entries ' .. receipt.owner, 'bytes ' .. receipt.owner)
  if (tonumber(of_owner[1]) or 0) + 1 > tonumber(max_owner_entries)
    or (tonumber(of_owner[2]) or 0) + receipt.bytes > tonumber(max_owner_bytes) then return {'full', ''} end
  redis.call('HINCRBY', owners, 'entries ' .. receipt.owner, 1)
  redis.call('HINCRBY', owners, 'bytes ' .. receipt.owner, receipt.bytes)
  for _, id in ipairs(receipt.ids) do redis.call('HSET', ids, id, receipt.digest) end
  redis.call('HSET', entries, name .. ' ' .. entry_id, entry)
  redis.call('HSET', receipts, name .. ' ' .. entry_id, receipt_json)
  if redis.call(receipt.sessions == 1 and 'LPUSH' or 'RPUSH', entry_list, entry_id) == 1 then add_session(name) end
  redis.call('HINCRBY', state, 'entries', 1)
  redis.call('HINCRBY', state, 'bytes', receipt.bytes)
  redis.call('HINCRBY', state, 'sessions', receipt.sessions)
end
redis.call('HSETNX', state, 'name', new_name)
local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return {is_held and 'held' or 'new', redis.call('HGET', state, 'name') .. ' ' .. run_id}
`);

/** Returns the first entry_id of a session key and its entry. A session key without entries is removed. */
export const NEXT = script(`
local entry_id = redis.call('LINDEX', entry_list, 0)
if not entry_id then
  remove_session(ARGV[1])
  return false
end
return {entry_id, redis.call('HGET', entries, ARGV[1] .. ' ' .. entry_id)}
`);

/** Returns the entry_ids of a session key, each with its entry. */
export const PENDING = script(`
local pending = {}
for position, entry_id in ipairs(redis.call('LRANGE', entry_list, 0, -1)) do
  pending[position] = {entry_id, redis.call('HGET', entries, ARGV[1] .. ' ' .. entry_id)}
end
return pending
`);

/** Removes an entry if it is the first of its session key. Returns 1 if it was. A reason adds a refusal. */
export const REMOVE = script(`
local name, entry_id, reason, max_refusals = unpack(ARGV)
if redis.call('LINDEX', entry_list, 0) ~= entry_id then return 0 end
redis.call('LPOP', entry_list)
if redis.call('EXISTS', entry_list) == 0 then remove_session(name) end
local receipt = undo(name, entry_id)
if reason ~= '' and receipt.digest then
  redis.call('HSET', refused, receipt.digest, reason)
  redis.call('ZADD', refused_order, redis.call('HINCRBY', state, 'turn', 1), receipt.digest)
end
while redis.call('ZCARD', refused_order) > tonumber(max_refusals) do
  redis.call('HDEL', refused, redis.call('ZPOPMIN', refused_order)[1])
end
return 1
`);

/** Removes all entries of an owner. Returns how many. Their lists are in the same slot as the other keys. */
export const REMOVE_OWNER = script(`
local owner, entry_list_prefix = unpack(ARGV)
local count = 0
for _, name in ipairs(redis.call('SMEMBERS', owner_sessions)) do
  for _, entry_id in ipairs(redis.call('LRANGE', entry_list_prefix .. name, 0, -1)) do
    undo(name, entry_id)
    count = count + 1
  end
  redis.call('DEL', entry_list_prefix .. name)
  remove_session(name)
end
-- Entries with a broken receipt still count for the owner.
redis.call('HDEL', owners, 'entries ' .. owner, 'bytes ' .. owner)
return count
`);
