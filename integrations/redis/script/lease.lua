-- lease: take a lease, or keep it.
-- KEYS: 1 lease; and, to keep what is leased with it, 2 its data, 3 the set of IDs.
-- ARGV: 1 owner, 2 ms; 3 data, 4 how long in ms, 5 ID.
-- Result: 1 held by the owner, 0 held by another.
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if KEYS[2] then
  redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
  redis.call('SADD', KEYS[3], ARGV[5])
end
return 1
