-- accept: put items into their lanes, each unless it was accepted before.
-- KEYS: 1 seq, then of each item its lane and its dedupe keys.
-- ARGV: 1 ms to remember, 2 when whoever brought them has given up (ms, 0 never), then of each item its text and how
-- many dedupe keys it has.
-- Result: {1 accepted or 0 seen before, of each item; last the number of the last change, 0 if none}; {} if it is too late.
local gone = tonumber(ARGV[2])
if gone > 0 then
  local now = redis.call('TIME')
  if now[1] * 1000 + now[2] / 1000 > gone then return {} end
end
local result, fresh, at = {}, 0, 2
for i = 3, #ARGV, 2 do
  local lane, first, last = KEYS[at], at + 1, at + tonumber(ARGV[i + 1])
  at = last + 1
  local seen = last > first and redis.call('EXISTS', unpack(KEYS, first + 1, last)) > 0
  if seen or last >= first and not redis.call('SET', KEYS[first], '1', 'PX', ARGV[1], 'NX') then
    result[#result + 1] = 0
  else
    for k = first + 1, last do redis.call('SET', KEYS[k], '1', 'PX', ARGV[1]) end
    redis.call('XADD', lane, '*', 'i', ARGV[i])
    result[#result + 1] = 1
    fresh = fresh + 1
  end
end
result[#result + 1] = fresh > 0 and redis.call('INCRBY', KEYS[1], fresh) or 0
return result
