-- movedue: what is due enters its lane.
-- KEYS: 1 due set, 2 due items, 3.. the In lanes in their order.
-- ARGV: 1 now in ms, 2 how many at most.
-- Result: {moved, ms of the next one, or -1}.
local keys = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, key in ipairs(keys) do
  local value = redis.call('HGET', KEYS[2], key)
  if value then
    local lane, item = string.match(value, '^(%d+)|(.*)$')
    redis.call('XADD', KEYS[tonumber(lane) + 3], '*', 'i', item)
  end
  redis.call('ZREM', KEYS[1], key)
  redis.call('HDEL', KEYS[2], key)
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #first == 0 then return {#keys, -1} end
return {#keys, tonumber(first[2])}
