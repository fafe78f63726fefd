-- Asks the questions of a file one after the other: wrk -s walk.lua ADDRESS -- FILE START
-- A line is a path, or a path, a tab and an ETag for If-None-Match. START says how many were asked before.
local asked, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, etag = line:match("^(.-)\t(.*)$")
    local headers = { Host = wrk.headers["Host"] }
    if etag then headers["If-None-Match"] = etag end
    asked[#asked + 1] = wrk.format("GET", path or line, headers)
  end
  at = tonumber(args[2])
end

function request()
  at = at + 1
  return asked[(at - 1) % #asked + 1]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"broken":%d,"refused":%d,"median_us":%d,"p95_us":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(95)))
end
