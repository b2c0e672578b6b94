-- accept: put an item into its lane unless it was accepted before.
-- KEYS: 1 lane, then the dedupe keys.
-- ARGV: 1 item, 2 ms to remember.
-- Result: 1 accepted, 0 seen before.
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], '1', 'PX', ARGV[2])
end
redis.call('XADD', KEYS[1], '*', 'i', ARGV[1])
return 1
