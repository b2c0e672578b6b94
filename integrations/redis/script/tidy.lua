-- tidy: take out of an index what has no record any more.
-- KEYS: 1 index, then the record of each member.
-- ARGV: the members, in the order of their records.
-- Result: how many were taken out.
local gone = 0
for i, member in ipairs(ARGV) do
  if redis.call('EXISTS', KEYS[i + 1]) == 0 then gone = gone + redis.call('ZREM', KEYS[1], member) end
end
return gone
