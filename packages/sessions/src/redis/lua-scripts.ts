import { createHash } from 'node:crypto';

/** Lua that Redis runs as one step. */
export type Script = { lua: string; sha1: string };

const PRELUDE = `
local state, lines, ids, entries, receipts, refused, refused_order, owners, lines_of_owner, line = unpack(KEYS)

-- A line has begun or ceased to wait.
local function begin(name)
  redis.call('ZADD', lines, redis.call('HINCRBY', state, 'turn', 1), name)
  redis.call('SADD', lines_of_owner, name)
end
local function cease(name)
  redis.call('ZREM', lines, name)
  redis.call('SREM', lines_of_owner, name)
end

-- Undoes what accepting did, but for the line; returns the receipt. A broken one can undo little.
local function undo(name, entry_id)
  local is_read, about = pcall(cjson.decode, redis.call('HGET', receipts, name .. ' ' .. entry_id))
  if not (is_read and type(about) == 'table' and about.ids and about.digest and about.bytes and about.sessions) then
    about = {ids = {}, bytes = 0, sessions = 0}
  end
  if about.owner then
    redis.call('HINCRBY', owners, 'bytes ' .. about.owner, 0 - about.bytes)
    if redis.call('HINCRBY', owners, 'entries ' .. about.owner, -1) <= 0 then
      redis.call('HDEL', owners, 'entries ' .. about.owner, 'bytes ' .. about.owner)
    end
  end
  redis.call('HDEL', entries, name .. ' ' .. entry_id)
  redis.call('HDEL', receipts, name .. ' ' .. entry_id)
  redis.call('HINCRBY', state, 'entries', -1)
  redis.call('HINCRBY', state, 'bytes', 0 - about.bytes)
  redis.call('HINCRBY', state, 'sessions', 0 - about.sessions)
  for _, id in ipairs(about.ids) do redis.call('HDEL', ids, id) end
  return about
end
`;

const script = (body: string): Script => {
  const lua = `${PRELUDE}${body}`;
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
};

/**
 * Holds an entry. Answers `new` or, where it was there, `held` with the journal's name, `taken` or `full`.
 *
 * The name is a random one that is lost with the data, and that of the server's run: a restart or a promoted replica
 * may have brought back data that lacks what was accepted last.
 */
export const ACCEPT = script(`
local name, entry_id, entry, receipt, most_entries, most_bytes, own_entries, own_bytes, fresh_name = unpack(ARGV)
local about = cjson.decode(receipt)
local is_held = false
for _, id in ipairs(about.ids) do
  local found = redis.call('HGET', ids, id)
  if found and found ~= about.digest then return {'taken', ''} end
  if found then is_held = true end
end
if not is_held then
  local total = redis.call('HMGET', state, 'entries', 'bytes')
  if (tonumber(total[1]) or 0) + 1 > tonumber(most_entries)
    or (tonumber(total[2]) or 0) + about.bytes > tonumber(most_bytes) then return {'full', ''} end
  local of_owner = redis.call('HMGET', owners, 'entries ' .. about.owner, 'bytes ' .. about.owner)
  if (tonumber(of_owner[1]) or 0) + 1 > tonumber(own_entries)
    or (tonumber(of_owner[2]) or 0) + about.bytes > tonumber(own_bytes) then return {'full', ''} end
  redis.call('HINCRBY', owners, 'entries ' .. about.owner, 1)
  redis.call('HINCRBY', owners, 'bytes ' .. about.owner, about.bytes)
  for _, id in ipairs(about.ids) do redis.call('HSET', ids, id, about.digest) end
  redis.call('HSET', entries, name .. ' ' .. entry_id, entry)
  redis.call('HSET', receipts, name .. ' ' .. entry_id, receipt)
  if redis.call(about.sessions == 1 and 'LPUSH' or 'RPUSH', line, entry_id) == 1 then begin(name) end
  redis.call('HINCRBY', state, 'entries', 1)
  redis.call('HINCRBY', state, 'bytes', about.bytes)
  redis.call('HINCRBY', state, 'sessions', about.sessions)
end
redis.call('HSETNX', state, 'name', fresh_name)
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return {is_held and 'held' or 'new', redis.call('HGET', state, 'name') .. ' ' .. run}
`);

/** The first id of a line and its entry, if there is one; a line without any is forgotten. */
export const NEXT = script(`
local entry_id = redis.call('LINDEX', line, 0)
if not entry_id then
  cease(ARGV[1])
  return false
end
return {entry_id, redis.call('HGET', entries, ARGV[1] .. ' ' .. entry_id)}
`);

/** The ids of a line, each with its entry. */
export const PENDING = script(`
local found = {}
for position, entry_id in ipairs(redis.call('LRANGE', line, 0, -1)) do
  found[position] = {entry_id, redis.call('HGET', entries, ARGV[1] .. ' ' .. entry_id)}
end
return found
`);

/** Takes an id off its line if it is the first, and with it all that is known of it. With a reason it is remembered as refused. */
export const REMOVE = script(`
local name, entry_id, reason, most_refused = unpack(ARGV)
if redis.call('LINDEX', line, 0) ~= entry_id then return 0 end
redis.call('LPOP', line)
if redis.call('EXISTS', line) == 0 then cease(name) end
local about = undo(name, entry_id)
if reason ~= '' and about.digest then
  redis.call('HSET', refused, about.digest, reason)
  redis.call('ZADD', refused_order, redis.call('HINCRBY', state, 'turn', 1), about.digest)
end
while redis.call('ZCARD', refused_order) > tonumber(most_refused) do
  redis.call('HDEL', refused, redis.call('ZPOPMIN', refused_order)[1])
end
return 1
`);

/** Takes all lines of an owner away; how many entries were on them. Their keys are in the slot of the others. */
export const REMOVE_OWNER = script(`
local owner, prefix = unpack(ARGV)
local count = 0
for _, name in ipairs(redis.call('SMEMBERS', lines_of_owner)) do
  for _, entry_id in ipairs(redis.call('LRANGE', prefix .. name, 0, -1)) do
    undo(name, entry_id)
    count = count + 1
  end
  redis.call('DEL', prefix .. name)
  cease(name)
end
-- Broken receipts leave their share.
redis.call('HDEL', owners, 'entries ' .. owner, 'bytes ' .. owner)
return count
`);
