-- seal: put links after the head of the chain and take off the entries that they hold.
-- KEYS: 1 audit stream, 2 chain.
-- ARGV: 1 hash of the head, "" for none; 2 links as JSON: [[id, link, hash]]; 3.. entries to take off.
-- Result: 1 done, 0 the head is another by now and nothing was written.
local head = ''
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
if #last > 0 then
  local fields = last[1][2]
  for i = 1, #fields, 2 do
    if fields[i] == 'h' then head = fields[i + 1] end
  end
end
if head ~= ARGV[1] then return 0 end
for _, link in ipairs(cjson.decode(ARGV[2])) do
  redis.call('XADD', KEYS[2], link[1], 'l', link[2], 'h', link[3])
end
for i = 3, #ARGV do
  redis.call('XDEL', KEYS[1], ARGV[i])
end
return 1
