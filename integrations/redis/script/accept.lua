-- accept: put an item into its lane unless it was accepted before.
-- KEYS: 1 lane, 2 seq, then the dedupe keys.
-- ARGV: 1 item, 2 ms to remember.
-- Result: {1, seq} accepted, {0, 0} seen before.
for i = 3, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then return {0, 0} end
end
for i = 3, #KEYS do
  redis.call('SET', KEYS[i], '1', 'PX', ARGV[2])
end
redis.call('XADD', KEYS[1], '*', 'i', ARGV[1])
return {1, redis.call('INCR', KEYS[2])}
