-- arm: record the intent to do an effect, or take it back, if the lane is still the owner's.
-- KEYS: 1 effect, 2 lease of its lane.
-- ARGV: 1 owner, 2 now in ms, 3 the status to leave, 4 the status to reach.
-- Result: the status found before, or "lost" when the lease is another's. Only the status to leave was changed.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 'lost' end
local status = redis.call('HGET', KEYS[1], 's')
if not status then return 'cancelled' end
if status == ARGV[3] then redis.call('HSET', KEYS[1], 's', ARGV[4], 'a', ARGV[2]) end
return status
