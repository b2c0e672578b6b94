-- arm: record the intent to do an effect, or take it back, if the lane is still the owner's.
-- KEYS: 1 effect, 2 lease of its lane, 3 seq, 4 gap.
-- ARGV: 1 owner, 2 now in ms, 3 the status to leave, 4 the status to reach, 5 the highest number seen,
--   6 when the effect was due in ms, "" for one that may be done twice, 7 a name of this call.
-- Result: the status found before; "lost" when the lease is another's; "behind" when Redis shows less than was seen.
--   Only the status to leave was changed. What was due when Redis lost something counts as armed before, until an
--   intent taken back says that it is not there (field g: the gap after which it was looked for).
--   The same call resent, because its reply was lost, gets the same result (field c: its name).
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 'lost' end
if tonumber(redis.call('GET', KEYS[3]) or '0') < tonumber(ARGV[5]) then return 'behind' end
local status = redis.call('HGET', KEYS[1], 's')
if not status then return 'cancelled' end
if status == ARGV[4] and redis.call('HGET', KEYS[1], 'c') == ARGV[7] then status = ARGV[3] end
if status ~= ARGV[3] then return status end
local gap = redis.call('GET', KEYS[4]) or ''
redis.call('HSET', KEYS[1], 's', ARGV[4], 'a', ARGV[2], 'c', ARGV[7])
if ARGV[4] == 'waiting' then
  redis.call('HSET', KEYS[1], 'g', gap)
elseif gap ~= '' and ARGV[6] ~= '' and tonumber(ARGV[6]) <= tonumber(gap) and redis.call('HGET', KEYS[1], 'g') ~= gap then
  return ARGV[4]
end
return status
