-- commit: one atomic step. Everything is checked before the first write.
-- KEYS: 1 cause, 2 seq, 3 due set, 4 due items, 5 audit stream, then whatever ARGV[1] points at.
-- ARGV: 1 the step as JSON; k in it are positions in KEYS, numbers are strings:
--   keep   ms to remember the cause      result  to keep with it
--   guards [[k, rev]]                    writes  [[k, rev, data, keep, how]]  how: "" put, "d" delete, "b" put blindly
--   marks  [[k, member, score]]          score "" takes the member out
--   audit  [entry]                       effects [[k effect, k lane, id, json, item]]
--   dues   [[key, ms, lane, item]]       ms "" cancels
--   items  [[k lane, item]]              receipt [k effect, status, json, keep]
--   ack    [k lane, entry]               high    the highest number that the process saw
-- Result: {0, seq} done; {1, seq, result} the cause was done before; {2, k} the record at k is not as read;
--   {3} the receipt is of an effect that is not kept; {4} Redis shows less than the process saw; {5} the entry is not
--   in its lane: Redis lost it, and what it held is lost too or comes again.
local step = cjson.decode(ARGV[1])
local group = 'g'

local function ack()
  if step.ack then
    local lane = KEYS[tonumber(step.ack[1])]
    redis.call('XACK', lane, group, step.ack[2])
    redis.call('XDEL', lane, step.ack[2])
  end
end

local done = redis.call('GET', KEYS[1])
if done then
  ack()
  local seq, result = string.match(done, '^(%d+):(.*)$')
  return {1, tonumber(seq), result}
end

if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(step.high) then return {4} end

local function stale(k, rev)
  local now = redis.call('HGET', KEYS[tonumber(k)], 'v') or '0'
  return now ~= rev
end
for _, g in ipairs(step.guards or {}) do
  if stale(g[1], g[2]) then return {2, tonumber(g[1])} end
end
for _, w in ipairs(step.writes or {}) do
  if w[5] ~= 'b' and stale(w[1], w[2]) then return {2, tonumber(w[1])} end
end

if step.receipt and redis.call('HEXISTS', KEYS[tonumber(step.receipt[1])], 'd') == 0 then return {3} end
if step.ack and #redis.call('XRANGE', KEYS[tonumber(step.ack[1])], step.ack[2], step.ack[2]) == 0 then return {5} end

local seq = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], seq .. ':' .. (step.result or ''), 'PX', step.keep)
for _, w in ipairs(step.writes or {}) do
  local key = KEYS[tonumber(w[1])]
  if w[5] == 'd' then
    redis.call('DEL', key)
  else
    redis.call('HSET', key, 'v', seq, 'd', w[3])
    if w[4] ~= '0' then redis.call('PEXPIRE', key, w[4]) else redis.call('PERSIST', key) end
  end
end
for _, m in ipairs(step.marks or {}) do
  local key = KEYS[tonumber(m[1])]
  if m[3] == '' then redis.call('ZREM', key, m[2]) else redis.call('ZADD', key, m[3], m[2]) end
end
for _, entry in ipairs(step.audit or {}) do
  redis.call('XADD', KEYS[5], '*', 's', seq, 'e', entry)
end
for _, e in ipairs(step.effects or {}) do
  redis.call('HSET', KEYS[tonumber(e[1])], 's', 'waiting', 'd', e[4])
  redis.call('XADD', KEYS[tonumber(e[2])], '*', 'i', e[5])
end
for _, d in ipairs(step.dues or {}) do
  if d[2] == '' then
    redis.call('ZREM', KEYS[3], d[1])
    redis.call('HDEL', KEYS[4], d[1])
  else
    redis.call('ZADD', KEYS[3], d[2], d[1])
    redis.call('HSET', KEYS[4], d[1], d[3] .. '|' .. d[4])
  end
end
for _, item in ipairs(step.items or {}) do
  redis.call('XADD', KEYS[tonumber(item[1])], '*', 'i', item[2])
end
if step.receipt then
  local key = KEYS[tonumber(step.receipt[1])]
  redis.call('HSET', key, 's', step.receipt[2], 'r', step.receipt[3])
  redis.call('PEXPIRE', key, step.receipt[4])
end
ack()
return {0, seq}
