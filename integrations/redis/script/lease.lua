-- lease: take a lease, or keep it.
-- KEYS: 1 lease.
-- ARGV: 1 owner, 2 ms.
-- Result: 1 held by the owner, 0 held by another.
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
