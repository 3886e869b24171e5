-- wrk's script for all scenarios: optional pipelining, optional pause between the requests of a
-- connection, and one line of JSON at the end. Arguments: depth, mean pause in milliseconds, and a JSON body to POST.

local depth, pause = 1, 0
local batch

function init(arguments)
  depth = tonumber(arguments[1] or "1")
  pause = tonumber(arguments[2] or "0")
  if pause == 0 then delay = nil end
  if arguments[3] then
    wrk.method, wrk.body = "POST", arguments[3]
    wrk.headers["Content-Type"] = "application/json"
  end
  local requests = {}
  for index = 1, depth do requests[index] = wrk.format() end
  batch = table.concat(requests)
end

function request() return batch end

-- Spread evenly around the mean, so that connections do not fall into step.
function delay() return math.floor(math.random() * 2 * pause + 0.5) end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nJSON {"requests":%d,"seconds":%.6f,"failed":%d,"not_2xx":%d,"p50_us":%d,"p99_us":%d,"p999_us":%d,"max_us":%d}\n',
    summary.requests, summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.timeout,
    errors.status, latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
end
