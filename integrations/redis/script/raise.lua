-- raise: go on after Redis lost changes that it had confirmed.
-- KEYS: 1 seq, 2 gap.
-- ARGV: 1 the highest number that was seen, 2 ms until when public effects may have left unknown to Redis, or "".
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2]) end
return 0
